# What the visit form asks besides who lives there: help, and employers' details.
visit-needs = Help they ask for
visit-need-code = Code to follow it by:
visit-need-code-about = Write it down for them now; it is kept nowhere. At { $address } they see what became of it, or withdraw it.
visit-need-remove = Take out
visit-need-incomplete = A need lacks its service, what it is about, its day or the household's consent. Fill it in, or take it out: then nothing is written down.
visit-firms = { $n ->
    [one] Details missing of { $n } employer here
   *[other] Details missing of { $n } employers here
}
visit-firms-about = Only what nobody has told yet. Leave empty what you did not learn.
column-residents = Who live there, counted
column-floating = Registered elsewhere, counted
column-told = Told of residents, counted
column-promises = Open promises, counted
column-visited-at = Last visit
column-verified-at = Last gone through
