### The four ledgers: on the screen, on paper, in files.

ledger-title = Ledgers
ledger-name = { $ledger ->
    [coordinators] Coordinators
    [employers] Employers and shops
    [needs] Service needs
   *[residents] Residents
  }
ledger-column = { $column ->
    [address] Address
    [door] Dwelling
    [names] Residents
    [residents] Persons
    [floating] Floating
    [let] Dwelling held
    [phone] Phone
    [since] Since
    [hour] Visit hour
    [visited] Last visit
    [state] This quarter
    [promises] Open promises
    [needs] Open needs
    [employer] Name
    [kind] Kind
    [size] Size
    [contact] Safety contact
    [contact_phone] Phone
    [statement] Duty statement
    [statement_until] Good until
    [service] Service
    [who] Resident
    [need_state] State
    [asked_on] Asked on
    [owner] Owner
    [office] Office
    [answer_due] Answer due
    [result] Result
    [kept_until] Kept until
    [grid] Grid
    [community] Community
    [coordinator] Coordinator
    [office_phone] Office phone
    [answers_since] Answers since
    [deputies] Deputies
    [planned] Households planned
    [households] Registered
    [rentals] Rentals
    [verified] Verified
   *[share] Share verified
  }
ledger-word = { $word ->
    [let] let
    [own] own
    [day] by day
    [evening] evening
    [weekend] weekend
    [verified] verified
    [due] due
    [never] never visited
    [employer] firm
    [shop] shop
    [market] market
    [site] building site
    [n1-9] 1 to 9
    [n10-49] 10 to 49
    [n50-299] 50 to 299
    [n300-or-more] 300 or more
    [valid] in force
    [expiring] ends within 30 days
    [expired] expired
    [none] none signed
    [open] open
    [referred] referred
   *[done] done
  }
ledger-vacant = vacant
ledger-number = No.
ledger-columns = Columns
ledger-columns-apply = Show these
ledger-print = Print
ledger-search = { $ledger ->
    [coordinators] Grid, community or coordinator
    [employers] Name, address or contact
   *[residents] Name, pinyin or address
  }
ledger-grid = Grid
ledger-all-grids = All my grids
ledger-show = Show
ledger-filter = { $filter ->
    [all] All
    [due] Visit due
    [verified] Verified
    [never] Never visited
    [let] Let
    [floating] Floating population
    [unclear] Something missing
    [promised] Promise open
    [employer] Firms
    [shop] Shops
    [market] Markets
    [site] Building sites
    [no-statement] No duty statement
    [expiring] Ends within 30 days
    [open] Open
    [referred] Referred
    [done] Done
    [late] Answer late
    [vacant] Vacant
   *[held] With a coordinator
  }
ledger-look = Look
ledger-rows = { $n } rows
ledger-none-found = No row fits
ledger-none-found-about = Take other words, or fewer filters.
ledger-show-all = Show all rows
ledger-none = Nothing is registered yet
ledger-none-about = Rows appear here with the first visit or import; nothing is typed twice.
ledger-logged = Each look at these rows is written down with your name and its purpose, and residents can see it.
ledger-signed-out = You are signed out. Sign in again to go on.
ledger-file-rows = { $n ->
    [one] 1 row.
   *[other] { $n } rows.
  }
ledger-file-by = Taken by { $name } ({ $account }), { $when }
ledger-file-mark = Mark { $mark }: the audit knows who took this copy and whose rows it holds.
ledger-sheet = Sheet { $at } of { $of }
ledger-sheet-sum = This sheet
ledger-running-sum = Up to here
ledger-signature = Signature: ____________________ Date: ____________
ledger-print-too-long = { $n } rows are too many for paper ({ $most } at most). Choose a grid or a filter, or export the ledger.

## The six clears
clears-title = Six clears
clears-about = What ought to be known of a grid or building, and how much of it is. Press a line for what is missing.
clears-building = The building
clears-ledger = Ledger of the grid
clears-map = On the map
clears-name = { $of ->
    [families] Families
    [persons] Kinds of persons
    [facilities] Facilities
    [hazards] Hazards and disputes
    [needs] Service needs
   *[hotspots] Hot spots
  }
clears-rule = { $of ->
    [families] Dwellings lived in, with a registered household
    [persons] Residents whose age band and registration are known
    [facilities] Rentals and employers with a letter in force
    [hazards] Households met at a visit this quarter
    [needs] Needs referred or done
   *[hotspots] Promises kept of those whose day has come
  }
clears-nothing = none asked
clears-left = { $n } missing
clears-missing = Missing: { $of ->
    [families] households not registered
    [persons] age band or registration not known
    [facilities] letters not in force
    [hazards] nobody met this quarter
    [needs] needs nobody has taken on
   *[hotspots] promises not kept
  }
clears-none-missing = Nothing is missing here
clears-first = The first { $n } are listed.

## Residents on the map
residents-title = Residents
residents-layer = Residents, as counts
residents-figure = { $name ->
    [households] Households
    [residents] Residents
    [floating] Floating
    [rentals] Rentals
   *[verified] Verified
  }
residents-few = few
residents-open = Open the ledger
residents-compounds = Rental compounds
residents-compound-about = { $letter ->
    [none] no safety letter
   *[until] safety letter until { $day }
  }
residents-visited = inspected { $day }
residents-building = Open the building
residents-label = { $households } hh · { $residents } p
residents-label-due = { $n } due
