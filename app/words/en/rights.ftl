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
field-until-home = the dwelling is no more; it is no entry about a person
field-until-rental = { $months } months after the letting ended
field-until-employer = { $months } months after the employer left
field-until-letter = { $months } months after it expired or what it is about ended
field-until-visit = { $months } months after the visit; a promise not before it is kept
field-until-need = the day the resident agreed to
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
rights-chain-checked = Checked
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

## Requests, retention, reads
rights-requests = Requests
rights-requests-open = Open the list
rights-waiting = Waiting for an answer
rights-late = Late
rights-second-factor-off = Managers and administrators sign in with a password alone. Turn the second factor on before real people are registered here.
rights-requests-about = What residents ask for about their own data. An answer is due within 30 days, to a deletion within 15.
requests-open = Waiting
requests-answered = Answered
requests-all = All
requests-none = No request
requests-none-about = Residents ask on their own page, with the code their coordinator hands out.
request-request = Request
request-place = Community
request-made = Made
request-due = Due
request-clock = Clock
request-answered = answered
request-left =
    { $n ->
        [one] { $n } day left
       *[other] { $n } days left
    }
request-late =
    { $n ->
        [one] { $n } day late
       *[other] { $n } days late
    }
request-kind-correct = Correction
request-kind-object = Objection
request-kind-delete = Deletion
request-kind-copy = Copy
request-state-open = waiting
request-state-granted = granted
request-state-refused = refused
request-dates = made { $made }, due { $due }
request-of = household { $household }
request-words = What the resident says
request-no-words = Nothing but the request itself.
request-answer = Answer
request-decision = Decision
decision-grant = Grant
decision-refuse = Refuse, for the reason below
decision-delete-all = Remove everything held about the household, now
decision-delete-optional = Remove what was given freely: phones, preferred hour, needs, promises
request-answer-words = What the resident reads
request-answer-about = What was done, or why not and where to complain.
request-answer-act = Send the answer
answer-removed = Everything held about this household was removed.
rights-retention = Retention
rights-retention-about = What is over is removed every day, and leaves a mark without any of what it said.
retention-dry-run = What would be removed today
retention-rule = Rule
retention-until = Ended by
retention-by = By
retention-by-itself = on its own day
retention-by-months = { $months } months
retention-by-since = since { $day }
retention-by-shipped = as shipped
retention-rows = Rows
retention-removed = Removed
retention-sum = In all
retention-about = The removal asks the same questions as this list.
retention-run = Remove them now
retention-done =
    { $n ->
        [one] { $n } row was removed.
       *[other] { $n } rows were removed.
    }
retention-rule-need = Needs whose day has come
retention-rule-promise = Promises kept, and what was only asked
retention-rule-visit = Visits with no promise open
retention-rule-stay = Stays that ended
retention-rule-resident = Residents who have moved out
retention-rule-letter = Letters that expired, or whose rental or employer ended
retention-rule-tenancy = Tenancies that ended
retention-rule-rental = Rentals that ended
retention-rule-landlord = Landlords who let nothing any more
retention-rule-employer = Employers who have left
retention-rule-household = Households that have ended
retention-rule-request = Requests answered
retention-rule-code = Codes out of date
retention-rule-sign-in = Sign-ins of staff
rights-reads = Read log
rights-reads-about = Who was shown whose data, for what and when: views, searches, exports and prints.
reads-who = Who
reads-household = Household number
reads-act = How
reads-all = All
reads-since = From
reads-until = To
reads-search = Search
reads-exports = Exports only
reads-when = When
reads-about = What was asked for
reads-totals = Sums: { $name }
reads-object = { $kind ->
    [pack] What a phone takes along
    [due] What is due at doors
    [needs] List of needs
    [household] Household { $rest }
    [resident] Resident { $rest }
    [need] Need { $rest }
    [employer] Employer { $rest }
    [employers] Employers of building { $n }
    [helpers] Heads of building { $n }
    [building] Building { $rest }
    [rental] Rental { $rest }
    [letter] Letter { $rest }
    [grid] Grid { $rest }
    [request] Request { $rest }
    [exchange] Exchange file { $rest }
   *[other] { $kind } { $rest }
  }
reads-households = Households
reads-by-household = The household itself
reads-by-system = By the system
reads-older = Older
reads-none = No read like that
reads-none-about = Change the search; without any, the latest are shown.
act-view = looked at
act-search = searched
act-export = exported
act-print = printed
purpose-visit = Visit
purpose-registration = Registering who lives where
purpose-rental = Safety of rented homes
purpose-employer = Safety of work places
purpose-need = Help that was asked for
purpose-search = Search
purpose-ledger = Keeping the ledgers
purpose-handover = Handing a grid over
purpose-import = Bringing files in
purpose-exchange = Exchange with another office
purpose-request = Answering a request
purpose-retention = Removing what is over
purpose-own-data = The household's own page
rights-impact = Impact assessment
rights-impact-about = What { $fields } fields in { $tables } registers mean for the people in them, and what is done about it.
rights-never = What is never kept
rights-never-about = Ethnicity, religion, politics, marriage and children, health, convictions, biometric marks, ways people went, and any score of a person. A test fails as soon as a column of that kind appears.
rights-risk = What may go wrong
rights-measure = What is done about it
risk-curiosity = Staff look up people they have no business with
measure-curiosity = Rows are seen by who serves the building or manages the place, for a stated purpose only; every read is in the log and on the resident's page.
risk-leak = A list of people leaves the house
measure-leak = Exports are numbered and logged; phones are masked in lists; no name stands in a tile, an address or a log of the server.
risk-profiling = Registers turn into profiles
measure-profiling = Nine fields at most, no score, no lists of kinds of people; hazards belong to places. Leaders see counts, never fewer than five.
risk-excess = More is asked than is needed
measure-excess = Identity numbers and birth dates are off. Phone, hour and needs are free to leave out, and refusing leaves no mark.
risk-stale = What is wrong or over stays
measure-stale = Residents read and correct their data; what is over is removed each day, and leaving starts the clock.
risk-tampering = The log is made to fit
measure-tampering = Its rows are sealed into a chain within a second; the application cannot alter them, and an altered row is found.
risk-gate = Services depend on being registered
measure-gate = The catalogue is open to everybody who lives here; no certificate is asked for.

## The resident's own page
own-title = My data
own-about = See what the grid office holds about your household, who looked at it, and ask for changes. You need the code your coordinator gave you.
own-code = Code
own-code-hint = Twelve letters and digits. It works once.
own-open = Open
own-intro = Everything the grid office holds about your household. The page closes by itself after 30 minutes.
own-copy = Take a copy
own-leave = Close
own-held = What is held
own-until = { $day }
own-reads = Who looked at it
own-reads-about = Every time somebody was shown data of your household: their office, what for, and when.
own-reader = Office
own-reader-you = You, with a code
own-requests = Your requests
own-asked = Your request has arrived. Come back with a new code to read the answer, or ask your coordinator.
own-ask = What would you like to ask for?
own-ask-correct = Something is wrong: correct it
own-ask-object = I object to something being kept or used
own-ask-delete = Delete my data
own-ask-words = What is it about?
own-ask-act = Send
own-code-title = Code for the household
own-code-about = With this code the household reads what is held about it and who looked at it.
own-code-make = Make a code
own-code-slip = See what we hold about your household
own-code-how = Go to { $address } and type in this code. It works once.
own-code-until = Good until { $until }
own-code-once = Shown only now. Print this page or copy the code onto a slip; making another ends this one.
own-code-back = To the household
table-subject-request = Request
table-own-code = Code for the household
field-until-code = a month after it was used or ran out
column-words = Words of the resident
column-answered-at = Answered
column-answered-by = Answered by
column-answer = Answer
column-token-hash = Fingerprint of the opened page
column-made-by = Made by
column-used-at = Used
column-open-until = Open until
column-expires-at = Good until
value-yes = yes
value-no = no
value-home = lived in
value-rental = let
value-empty = empty
value-other = other
value-under-14 = under 14
value-14-15 = 14 or 15
value-16-or-over = 16 or over
value-day = by day
value-evening = in the evening
value-weekend = at weekends
value-met = met
value-nobody-home = nobody home
value-refused = refused
value-open = open
value-referred = referred
value-done = done

## Second factor
second-factor-title = Second factor
second-factor-about = A code from an app on your phone, asked for after the password. Who knows the password alone does not get in.
second-factor-look = Set up or change
second-factor-needed = Your role needs a second factor. Set it up to go on.
second-factor-step-app = Open an authenticator app on your phone (any that knows TOTP).
second-factor-step-secret = Type this key into it:
second-factor-open-app = On the phone itself: open it in the app
second-factor-step-code = Type the six digits that it shows:
second-factor-code = Code
second-factor-confirm = Set up
second-factor-ask = Type the six digits that your authenticator app shows.
second-factor-or-recovery = Without your phone, a recovery code does as well.
second-factor-recovery = Recovery codes
second-factor-recovery-about = Each lets you in once without your phone. Keep them on paper; they are shown only now.
second-factor-since = Set up since { $day }; recovery codes left: { $left }.
second-factor-remove = Remove
person-remove-second-factor = Remove the second factor
