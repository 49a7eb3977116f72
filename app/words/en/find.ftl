### The page and screen on which residents find their grid, and what the public reads of an office.

find-title = Find your grid
find-everywhere = All communities
find-question = Which grid am I in?
find-label = Address, building, estate or landmark
find-hint = Also in pinyin or by first letters, as in “gcx”. Or touch the map.
find-search = Search
find-matches = What was found
find-keys = Letters and digits
find-key-delete = Delete
find-key-clear = Clear
find-map = Map of the grids
find-map-title = Map: touch where you live
find-more = More
find-big = Big type
find-follow = Follow a report
find-private = No name is asked, no cookie is set, and nobody is tracked.
find-more-time = More time
find-starts-over = Starts over in { $seconds } s
find-nothing = Nothing is called “{ $words }”. Try the number of the building, the name of the estate, or touch the map.
find-count = { $n ->
    [one] One place found
   *[other] { $n } places found
}
find-no-grid-here = No grid reaches this place. Touch a place inside the coloured ground.
find-offline = The network is gone. What you see was kept on { $day }; search and map still work.
find-offline-little = The network is gone, and this device has kept nothing of this place. Try again later or go to the office.
find-grid-number = Grid { $number }
find-your-coordinator = Your coordinator
find-deputy = Deputy
find-vacant = No coordinator has been named yet. Please call the office.
find-call = Call { $phone }
find-office = Office
find-hours = Office hours
find-address = Where
find-no-office = The office has not told its phone yet.
find-services = What the office helps with
find-complain = To complain
find-complain-phone = About how the work is done, call supervision: { $phone }.
find-complain-anyhow = The city’s hotline 12345 listens day and night.
find-notices = Notices
find-until = until { $day }
find-plan = Grid plan “{ $name }”, in force since { $day }, version { $version }
find-report = Report a place
find-print = Print a slip
find-start = Start over
find-kind = { $kind ->
    [building] Building
    [compound] Estate or compound
    [landmark] Landmark
   *[grid] Grid
}
find-slip-made = Printed { $day }

offices-title = Office, as the public reads it
offices-about = Phones, hours and address on the public page, the screens in lobbies and printed sheets. They hold for the place and all beneath it that has none of its own.
offices-place = Place
offices-show = Show
offices-kept = Kept. Screens show it within a minute.
offices-no-place = There is no place yet that you manage.
offices-from-above = This place has none of its own: what you see is that of { $code }.
offices-phone = Office phone
offices-supervision-phone = Supervision phone
offices-supervision-about = Who hears complaints about the work of coordinators.
offices-hours-zh = Hours, in Chinese
offices-hours-en = Hours, in English
offices-address-zh = Address, in Chinese
offices-address-en = Address, in English
offices-keep = Keep
offices-look = See the public page
