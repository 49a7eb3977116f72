### Buildings with their doors, households, arrivals, visits, and what is due.

home-map = On the map
home-arrival = Register an arrival
home-grid = Grid { $code }
home-floors =
    { $n ->
        [one] { $n } floor
       *[other] { $n } floors
    }
home-not-yours = This building is in none of your grids. { $who } answers for it and keeps its register.
home-nobodys = This building is in none of your grids, and nobody answers for its own now. Tell your manager.
home-tally =
    { $households ->
        [one] { $households } household
       *[other] { $households } households
    }, { $residents ->
        [one] { $residents } resident
       *[other] { $residents } residents
    }, { $doors ->
        [one] { $doors } dwelling
       *[other] { $doors } dwellings
    }
home-tally-let =
    { $n ->
        [one] { $n } is let
       *[other] { $n } are let
    }
home-tally-never =
    { $n ->
        [one] { $n } door never visited
       *[other] { $n } doors never visited
    }
home-entrance = Entrance { $code }
home-no-entrance = Entrance not known
home-doors = Dwellings
home-floor = F{ $n }
home-floor-unknown = ?
home-let = let
home-who =
    { $more ->
        [0] { $name }
       *[other] { $name } +{ $more }
    }
home-nobody = Nobody is registered
home-missing =
    { $n ->
        [one] { $n } gap
       *[other] { $n } gaps
    }
home-never = never visited
home-no-doors = No dwellings here yet.
home-none = No dwellings yet
home-none-about =
    { $n ->
        [one] About { $n } household lives here by estimate. Add the doors, then register who lives behind them.
       *[other] About { $n } households live here by estimate. Add the doors, then register who lives behind them.
    }
home-logged = Names are shown to those who answer for them. That you looked is written down, and residents can see it.

home-state-verified = verified
home-state-due = due
home-state-overdue = overdue
home-state-empty = empty
home-state-other = not lived in

## Adding doors

home-add-doors = Add doors
home-add-about = Say the floors and how many doors each has, then correct the list if a number is missing.
home-add-from = From floor
home-add-to = To floor
home-add-each = Doors each
home-add-list = Doors
home-add-act = Add them
home-add-none = There is no door in the list. Write at least one number.
home-cancel = Cancel
home-save = Save

## A household

home-dwelling = Dwelling { $code }
home-visit = Visit
home-visit-at = Visit at { $code }
home-since = since { $day }
home-ended = The last resident left on { $day }. Nothing more is entered here.
home-verified-on = Verified on { $day }
home-verified-never = Nobody has gone through this entry yet.
home-residents =
    { $n ->
        [one] { $n } resident
       *[other] { $n } residents
    }
home-name = Name
home-phone = Phone
home-age-band = Age
home-age-under-14 = under 14
home-age-14-15 = 14 or 15
home-age-16-or-over = 16 or over
home-registered = Household register
home-registered-here = registered here
home-registered-elsewhere = registered elsewhere
home-hour = Best time to call
home-hour-day = in the daytime
home-hour-evening = in the evening
home-hour-weekend = at the weekend
home-missing-phone = phone not told
home-missing-age-band = age not told
home-missing-registered-here = register not told
home-source = Who told it
home-source-visit = told at the door
home-source-resident = came to the station
home-source-landlord = told by the landlord
home-source-employer = told by the employer
home-source-import = from a file
home-source-exchange = from an exchange file
home-correct = Correct
home-move = Moves
home-leave = Left
home-former =
    { $n ->
        [one] { $n } former resident. The entry goes when its time is over and is not shown.
       *[other] { $n } former residents. Their entries go when their time is over and are not shown.
    }
home-promises = Asked and promised
home-asked = Asked
home-promised = Promised
home-promised-day = Until
home-kept = kept { $day }
home-until = until { $day }
home-keep = Kept
home-visits = Visits
home-no-visits = Nobody has called yet.
home-verified = verified
home-late = entered late
home-result = At the door
home-result-met = met somebody
home-result-nobody-home = nobody home
home-result-refused = did not want to

home-leave-title = Who left, and when?
home-leave-day = Last day here
home-leave-all = All { $n } left
home-leave-about = They are on no current page from then on. What was held goes when its time is over.
home-leave-act = Register the departure
home-left =
    { $n ->
        [one] { $n } resident has left.
       *[other] { $n } residents have left.
    }
home-left-all =
    { $n ->
        [one] The resident has left; the household ended.
       *[other] All { $n } residents have left; the household ended.
    }
home-move-title = Move within this building
home-move-to = To dwelling
home-move-day = First day there
home-move-all = All { $n } move
home-move-about = To another building: register the departure here, and the arrival there.
home-move-act = Move
home-move-choose = Choose the dwelling they move to.
home-choose = Choose

## An arrival

home-joins =
    { $n ->
        [0] Nobody is registered in this household.
        [one] They join a household with { $n } resident.
       *[other] They join a household with { $n } residents.
    }
home-door = Door
home-door-about = The number on the door, as in 302. A new number is a new dwelling.
home-from = Living here since
home-who-came = Who came?
home-person-more = One more person
home-person-remove = Not this one
home-name-missing = A person has no name yet. Write it, or take the line away.
home-consent = They were told what this is kept for, and agree
home-consent-about = For registering who lives here, until two years after they leave. They may see it, correct it, object or have it deleted at any time. Without consent nothing is written; every service is open to them all the same.
home-arrival-act = Register

## A visit

home-when = When:
home-when-now = now
home-when-other = Earlier
home-when-about = A visit is entered within 24 hours; later it counts as late.
home-known =
    { $n ->
        [0] Nobody is registered
        [one] { $n } resident registered
       *[other] { $n } residents registered
    }
home-gone = does not live here any more
home-all-right = All of this is right
home-all-right-about = Gone through with somebody of the household. Nothing is typed twice.
home-also = Does anybody else live here?
home-who-lives = Who lives here?
home-who-lives-about = Nobody is registered behind this door. Leave it empty if nobody lives here.
home-said = Asked and promised
home-said-more = One more
home-sending-later = No signal. Keep this page open: it is sent by itself.

## Today

today-title = Today
today-nearest = Nearest first
today-deputy = deputy
today-no-grid = No grid is yours today
today-no-grid-about = What is due is listed here for who answers for a grid. Your manager assigns grids.
today-done = Nothing is due
today-done-about = Every household was verified this quarter, and no promise waits.
today-overdue = Overdue
today-now = Can be done now
today-buildings = Buildings
today-show = What is shown
today-show-now = At this hour
today-show-all = All
today-nothing-shown = Nothing of this sort is due.
today-overdue-n = { $n } overdue
today-house = House
today-later = not at this hour
today-no-position = The phone does not tell where it is. Allow it for this page, or follow the list.
due-promise = Promise
due-move-out = Look whether they moved out
due-verification = Verify the entry
due-never = Never visited
due-since = last verified { $day }
due-never-verified = not verified yet
due-until = until { $day }
due-was = was due { $day }

## The monthly report

monthly-title = Monthly report
monthly-figures =
    { $arrivals ->
        [one] { $arrivals } arrival
       *[other] { $arrivals } arrivals
    }, { $departures ->
        [one] { $departures } departure
       *[other] { $departures } departures
    }, { $visits ->
        [one] { $visits } visit
       *[other] { $visits } visits
    }
monthly-nothing = Nothing to report: no arrival, departure or visit
monthly-filed = filed { $day }
monthly-late = late
monthly-missing = missing
monthly-open = not over yet
monthly-file = File
monthly-file-zero = File as zero

## Employers

employer-title = Employers, shops and sites
employer-add = Add one
employer-none = None is registered in this building.
employer-complete = complete
employer-gap-contact = no safety contact
employer-gap-phone = no phone
employer-gap-size = size not told
employer-gap-statement = no duty statement
employer-name = Name
employer-kind = Kind
employer-kind-employer = firm
employer-kind-shop = shop
employer-kind-market = market
employer-kind-site = building site
employer-size = People who work there
employer-size-1-9 = 1–9
employer-size-10-49 = 10–49
employer-size-50-299 = 50–299
employer-size-300-or-more = 300 or more
employer-contact = Safety contact
employer-contact-phone = Phone of the contact
employer-begun = Here since
employer-gone = It is gone
employer-gone-act = It closed or moved away
employer-gone-about = It leaves the lists; its letters go when their time is over.
employer-ended = Gone since { $day }.
employer-facts = What is held
home-no-hazards = No hazard is open here.
notes-title = Good to know on the site
notes-new = New note
notes-about = A locked stair, a dog, what people call the building: it is found by that, too. No names, no numbers: notes go along on phones.
notes-keep = Keep
notes-strike = Holds no more
rental-landlords = Landlords
rental-landlords-about = The whole number stands in the rental’s file; that it was opened is written down.
