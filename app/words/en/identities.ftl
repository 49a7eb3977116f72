# Birth date and identity number, where a rule pack has them
table-identity = Birth date and ID number
column-born-on = Birth date
column-number-tail = ID number, last four
column-number-hash = ID number, as a keyed hash
column-number-sealed = ID number, whole, encrypted
field-purpose-exchange = asked for by the file that is exchanged with other offices here; leaving it out is allowed
act-reveal = read the whole ID number
identity-born = born { $day }
identity-tail = ID number ending in { $tail }
identity-tail-short = … { $tail }
identity-number = ID number
identity-number-about = Kept are a hash and the last four characters. The number itself is not.
identity-number-whole = Kept encrypted, for the exchange file alone. Only the last four characters are shown.
identity-number-forget = Take the ID number out
identity-missing-birth-date = birth date?
identity-missing-number = ID number?
identity-at-page = Birth date and ID number are entered on the household's page, with signal: a phone does not keep them.
identity-reveal = Read the whole ID number
identity-reveal-about = It is shown once. When, by whom and why it was read stands in the audit and on the resident's own page.
identity-reason = Why you have to read it
identity-password = Your password
identity-reveal-act = Show it
identity-revealed-about = Do not write it down anywhere else. Leave this page when you have read it.
identity-back = To the household
rules-group-identity = Kept beside the nine fields
rules-identity-about = All off as shipped. Switch on only what a law or the exchange file of this place demands; what is switched off again is removed with the next retention.
rules-setting-identity-birth-date = Birth date
rules-setting-identity-id-number = ID number: hash and last four
rules-setting-identity-exchange-number = Whole ID number, encrypted, for the exchange file
rules-effect-residents-asked-birth = Residents whose birth date may be asked
rules-effect-births-to-remove = Birth dates to be removed
rules-effect-residents-asked-number = Residents whose ID number may be asked
rules-effect-numbers-to-remove = ID numbers to be removed
rules-effect-whole-numbers-to-remove = Whole ID numbers to be removed
retention-rule-identity = Birth dates and ID numbers of residents who have moved out
retention-rule-birth-date-off = Birth dates that the rules have no more
retention-rule-number-off = ID numbers that the rules have no more
retention-rule-whole-number-off = Whole ID numbers that the rules have no more
register-import-not-kept = { $n ->
    [one] One ID number was looked at and not kept: the rules of this place do not have ID numbers.
   *[other] { $n } ID numbers were looked at and not kept: the rules of this place do not have ID numbers.
}
