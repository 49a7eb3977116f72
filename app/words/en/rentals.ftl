### Rentals, the letters signed for them, service needs, and following a need by its code.

## Rentals
rentals-title = Rentals
rentals-about = Let dwellings and rental compounds: who lets them, who lives there, and what was signed.
rentals-attention = Needs attention
rentals-all = All
rentals-count =
    { $n ->
        [one] { $n } rental
       *[other] { $n } rentals
    }
rentals-more = Show more
rentals-fine = Nothing is missing
rentals-fine-about = Every rental has its contract and a safety letter that is good for more than a month.
rentals-none = No rental yet
rentals-none-about = Open a building on the map, choose a dwelling and register it as let.
rental-title-one = Rental
rental-none = This dwelling is not registered as let.
rental-open = Open
rental-register = Register a rental
rental-register-act = Register
rental-back = Back
rental-building = Building
rental-where = Where
rental-whole-compound = whole compound
rental-since = let since { $day }
rental-ended = cancelled { $day }
rental-landlord = Landlord
rental-landlord-about = The same name with the same telephone is the same landlord, for all rentals.
rental-name = Name
rental-phone = Telephone
rental-others =
    { $n ->
        [one] lets { $n } other
       *[other] lets { $n } others
    }
rental-begun = Let since
rental-purpose = Let for
rental-purpose-living = Living
rental-purpose-storing = Storing
rental-purpose-trade = Trade
rental-rooms = Rooms
rental-area = Area (m²)
rental-tenants = Tenancies
rental-correct = Correct
rental-save = Save
rental-cancel = Cancel the rental
rental-cancel-about = It is let no more. The dwelling stays, and so does what was signed.
rental-cancel-on = Let until
rental-cancel-act = Cancel the rental
tenancies-title = Tenants
tenancies-none = Nobody is known to rent here yet.
tenancy-add = Add tenants
tenancy-add-act = Add
tenancy-tenants = Who moves in
tenancy-household = A household
tenancy-unregistered = Tenants not registered yet
tenancy-from = since { $from }
tenancy-from-until = { $from } to { $until }
tenancy-begins = From
tenancy-agreed = Agreed until
tenancy-ended = moved out
tenancy-overdue = agreed day is past
tenancy-end = Say they moved out
tenancy-end-about = A look at the dwelling is due within 7 days. Register the departure of residents on the household's page.
tenancy-end-act = They have moved out
tenancy-left-on = Moved out on
move-out-title = To look at after tenants left
move-out-about = A visit to the door settles it.
move-out-left = left { $day }
move-out-due = by { $day }

## Letters
letters-title-one = Letters
letters-expiring = Letters running out
letters-about = Expired, or good for less than 30 days more.
letters-count =
    { $n ->
        [one] { $n } letter
       *[other] { $n } letters
    }
letters-none = Nothing runs out soon
letters-none-about = Letters that expire within 30 days are listed here.
letter-contract = Contract
letter-safety-letter = Safety letter
letter-duty-statement = Duty statement
letter-missing = missing
letter-valid = valid
letter-soon = until { $day }
letter-expired = expired { $day }
letter-until = until { $day }
letter-signed-on = signed { $day }
letter-kind = Letter
letter-signed = Signed on
letter-expires = Good until
letter-of-tenancy = With whom
letter-of-all = The rental as a whole
letter-add = Add a letter that was signed
letter-sign = Add
letter-more = More
letter-scan = Scan
letter-scan-choose = Scan or photo
letter-scan-about = JPEG, PNG or PDF, 5 MB at most. Of photos, where and by what they were taken is removed.
letter-scan-add = Add the scan
letter-strike = Entered by mistake: remove
letter-print = Print
letter-print-about = To print, read through together and sign. Then add it here as signed.
letter-print-contract = Contract
letter-print-safety = Safety letter
letter-print-duty = Duty statement

## What letters say
letter-contract-head = Rental contract
letter-safety-letter-head = Safety letter for rented homes
letter-duty-statement-head = Duty statement of an employer
letter-party-landlord = Landlord
letter-party-employer = Employer
letter-contact = Safety contact
letter-phone = Telephone
letter-address = Address
letter-rooms = Rooms, area
letter-let-for = Let for
letter-tenants = Tenants
letter-term = From, until
letter-community = Community
letter-contract-1 = The landlord lets the rooms named above to the tenants for the time named above.
letter-contract-2 = Rent: ________ a month, paid on day ____ of the month. Deposit: ________, given back when the tenants leave and the rooms are in order.
letter-contract-3 = The landlord keeps the house, its wiring, gas and water in safe order and has faults mended within ____ days.
letter-contract-4 = The tenants use the rooms for what they are let for and do not change walls, wiring or gas pipes without agreement.
letter-contract-5 = The landlord tells the community when tenants move in or out; the tenants may see what is registered about them.
letter-contract-6 = Either side may end the contract with ____ days' notice in writing.
letter-safety-letter-1 = Ways out, stairs and doors are kept free. No windows or doors of escape are barred or locked from outside.
letter-safety-letter-2 = Wiring is laid by somebody qualified; no wires are strung privately and no electric bicycles or batteries are charged indoors.
letter-safety-letter-3 = Gas is used with hoses and valves that are in date; rooms with gas or coal stoves can be aired and have an alarm.
letter-safety-letter-4 = There is a fire extinguisher on every floor, and everybody knows where it is and how to use it.
letter-safety-letter-5 = Kitchens, garages, cellars and storerooms are not let as bedrooms; nobody stores what burns or explodes.
letter-safety-letter-6 = The landlord looks at the rooms once a month and has faults mended at once; tenants who see a danger say so.
letter-duty-statement-1 = The employer names a person who answers for safety and tells the community when that changes.
letter-duty-statement-2 = New workers are told about fire, electricity and machines before they begin.
letter-duty-statement-3 = Ways out are free, extinguishers in date; they are looked at every month.
letter-duty-statement-4 = Where workers are housed, the rooms are apart from workshops and stores and can be left in two ways.
letter-duty-statement-5 = Wages are paid in full and on the agreed day, and every worker has a written contract.
letter-duty-statement-6 = Accidents and dangers are reported at once; nobody is disadvantaged for reporting.
letter-kept = A copy of this letter is kept with the community's register of rentals and employers, for as long as it is in force and two years after. You may ask what is held and who has read it.
letter-signature-landlord = Landlord
letter-signature-tenants = Tenants
letter-signature-employer = For the employer
letter-signature-community = For the community
letter-signature-day = Day

## Service needs
needs-title = Service needs
needs-title-one = Service needs
needs-about = What households asked for, to whom it was handed, and what came of it.
needs-mine = Mine
needs-all = All I answer for
needs-count =
    { $n ->
        [one] { $n } open
       *[other] { $n } open
    }
needs-none = Nothing is open
needs-none-about = A need is added on the page of a household.
needs-none-here = Nothing was asked for.
need-open = open
need-referred = referred
need-done = done
need-overdue = answer overdue
need-at-office = at { $office }
need-add = Add a need
need-refusing = Asking for help is up to the household. Who does not want it is not written down anywhere.
need-service = Service
need-service-choose = Choose
need-for-whom = For whom
need-for-household = The household
need-purpose = What it is about
need-purpose-about = Only what the office needs to help. No illness, belief or past.
need-until = Kept until
need-until-about = Then the entry is removed, with all that came of it.
need-consent = The household was told what is written down, for what and until when, and agrees.
need-save = Save
need-owner = Who sees to it
need-consented = Agreed on
need-household = Household
need-code-title = Code to hand over
need-code-about = Shown only now. With it the household sees at { $address } what became of it, or withdraws it.
need-withdraw = Withdraw the need
need-withdraw-about = If the household wants it no more, the entry and its referrals are removed.
referrals-title = Referrals
referrals-none = Not handed to an office yet.
referral-office = Office
referral-other = Another office
referral-due-on = Answer by
referral-due-about = Empty: in { $n } days
referral-refer = Refer
referral-made = referred { $day }
referral-due = answer due { $day }
referral-late = answer overdue since { $day }
referral-result = What came of it
referral-result-about = The household reads this with its code.
referral-done = The need is settled
referral-answer = Save the answer

## Offices
office-employment = Employment service
office-labour = Labour inspection
office-legal-aid = Legal aid centre
office-mediation = Mediation committee
office-education = Education bureau
office-social-security = Social security centre
office-police-station = Police station
office-clinic = Community clinic
office-civil-affairs = Civil affairs office
office-housing = Housing bureau
office-culture = Culture centre

## Following a need
follow-title = What became of it
follow-about = Type the code your coordinator gave you. You need no account.
follow-code = Code
follow-code-about = Twelve letters and digits; dashes do not matter
follow-look = Look
follow-asked = asked { $day }
follow-kept = kept until { $day }
follow-not-referred = Your coordinator has it and has not handed it to an office yet.
follow-withdraw-about = If you want it no more, everything about it is removed at once.
follow-withdrawn = It is withdrawn. Nothing of it is kept.
follow-close = Close
