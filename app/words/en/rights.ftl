### The rights centre, and what residents read about themselves.

## What a field is for
field-purpose-key = ties rows together; says nothing by itself
field-purpose-place = says which door is meant
field-purpose-order = keeps the register in order
field-purpose-who-lives-where = to know how many people live where: for help in an emergency, for letters, for services
field-purpose-services = to know which services somebody may ask for
field-purpose-reach = to reach somebody; leaving it out is allowed
field-purpose-visit-time = to come when it suits
field-purpose-rental-safety = to keep rented homes safe, and to know who sees to it
field-purpose-work-safety = to keep work places safe, and to know who sees to it
field-purpose-proof = shows what was agreed and signed
field-purpose-provenance = tells where an entry is from and who answers for it
field-purpose-promise = to keep what was promised
field-purpose-help = to bring help that somebody asked for
field-purpose-answer = to answer a request in time

## Until when
field-until-stay = { $months } months after moving out
field-until-home = as long as the dwelling stands; it is no entry about a person
field-until-rental = { $months } months after the letting ended
field-until-employer = { $months } months after the employer left
field-until-letter = { $months } months after it expired or what it is about ended
field-until-visit = { $months } months after the visit; a promise not before it is kept
field-until-need = until the day the resident agreed to
field-until-request = { $months } months after the answer

## Registers and their fields
table-dwelling = Dwelling
table-household = Household
table-resident = Resident
table-stay = Stay
table-landlord = Landlord
table-rental = Rental
table-tenancy = Tenancy
table-employer = Employer
table-letter = Letter
table-visit = Visit
table-promise = Promise
table-need = Need
table-referral = Referral
column-id = Number
column-building-id = Building
column-community-id = Community
column-entrance-id = Entrance
column-code = Door
column-floor = Floor
column-use = Use
column-made-at = Entered
column-retired-at = Retired
column-dwelling-id = Dwelling
column-household-id = Household
column-resident-id = Resident
column-compound-id = Rental compound
column-landlord-id = Landlord
column-rental-id = Rental
column-employer-id = Employer
column-tenancy-id = Tenancy
column-visit-id = Visit
column-need-id = Need
column-client-id = Number given on the phone
column-begun-on = Since
column-ended-on = Until
column-visit-hour = Preferred hour
column-name = Name
column-age-band = Age band
column-registered-here = Registered here
column-phone = Phone
column-source = Source
column-purpose = Purpose
column-entered-by = Entered by
column-entered-at = Entered
column-from-on = From
column-until-on = Until
column-rooms = Rooms
column-area-m2 = Area
column-ended = Moved out
column-kind = Kind
column-size = Size
column-contact-name = Safety contact
column-contact-phone = Phone of the safety contact
column-signed-on = Signed
column-expires-on = Expires
column-scan = Scan
column-scan-type = Kind of scan
column-person-id = Visitor
column-result = Result
column-verified = Gone through
column-happened-at = When
column-asked = Asked
column-promised = Promised
column-due-on = Due
column-kept-on = Kept
column-service-id = Service
column-consented-at = Agreed
column-owner-id = Who sees to it
column-state = State
column-code-hash = Fingerprint of the code to follow it by
column-office = Office
column-made-on = Handed over
column-result-on = Day of the result

## The rights centre
rights-title = Rights centre
rights-ways = Parts of the rights centre
rights-overview = Overview
rights-about = What is kept about people, why and until when; who read it; what residents ask for.
rights-chain = Audit
rights-chain-holds = The audit holds: { $rows } rows under { $seals } seals, none changed or removed.
rights-chain-broken =
    { $n ->
        [one] { $n } seal of the audit does not hold. Rows were changed or removed: keep the database as it is and compare it with the last backup.
       *[other] { $n } seals of the audit do not hold. Rows were changed or removed: keep the database as it is and compare it with the last backup.
    }
rights-chain-rows = Rows sealed
rights-chain-waiting = Waiting to be sealed
rights-chain-last = Last seal
rights-chain-head = Keep this line somewhere else. As long as the chain still holds it, nothing before it was altered.
rights-fields = Field register
rights-fields-about = Every field that says something about a person, what it is for and when it goes. There are no others.
rights-fields-others =
    { $n ->
        [one] { $n } more column that only keeps the register together
       *[other] { $n } more columns that only keep the register together
    }
rights-field = Field
rights-purpose = What for
rights-until = Kept until
