# The heat of hazards
heat-title = Heat of hazards
heat-side = Hazards
heat-place = Area
heat-view = Show
heat-view-named = { $view ->
    [heat] Heat
    [grid] Grids
    [community] Communities
   *[subdistrict] Subdistricts
  }
heat-kinds = Kind
heat-kinds-all = All kinds
heat-severity = Severity
heat-severity-named = { $severity ->
    [1] Minor
    [2] Serious
   *[3] Grave
  }
heat-state = Standing
heat-state-named = { $state ->
    [open] Open
    [overdue] Overdue
    [closed] Closed
   *[all] All
  }
heat-from = Reported from
heat-to = to
heat-days = Period
heat-days-named = { $days ->
    [0] All
    [30] 30 days
    [90] 90 days
   *[365] A year
  }
heat-more = More choices
heat-bandwidth = Reach of one hazard
heat-measure = Colour by
heat-measure-named = { $measure ->
    [count] Hazards
   *[rate] Hazards per 1,000 households
  }
heat-spots = Hot spots (Gi*)
heat-change = Difference from the period before
heat-change-needs = The difference needs a first day.
heat-meant = { $n ->
    [0] No hazard is like that
    [one] 1 hazard
   *[other] { NUMBER($n) } hazards
  }
heat-none-about = Choose other kinds, another standing or a longer period.
heat-hottest = Hottest
heat-hottest-one = Spot { $number }
heat-hottest-near = { $n ->
    [one] 1 hazard within { $reach }
   *[other] { NUMBER($n) } hazards within { $reach }
  }
heat-by-kind = Open now, by kind
heat-kind = Kind
heat-open = Open
heat-overdue = Overdue
heat-see = { $kind }: { $n } { $state ->
    [overdue] overdue
   *[open] open
  }
heat-sites = Sites
heat-sites-all = All sites
heat-sites-here = Sites within { $reach }
heat-sites-none = No hazard like that is here. Press where it is hotter.
heat-sites-more = { $n ->
    [one] 1 more hazard is not listed. Come closer on the map.
   *[other] { NUMBER($n) } more hazards are not listed. Come closer on the map.
  }
heat-site-point = A spot on the map
heat-case-late = overdue since { $day }
heat-case-due = due { $day }
heat-back = Back
heat-in-list = As a list of cases
heat-legend = Weight per hectare
heat-legend-about = kind × severity × lateness, over { $reach }
heat-legend-wider = drawn wider from this far
heat-legend-change = More or less weight per hectare than before
heat-legend-count = Hazards
heat-legend-rate = Hazards per 1,000 households
heat-legend-none = none
heat-legend-untold = fewer than 5 households, or none: not told
heat-legend-hot = Hot spot
heat-legend-cold = Cold spot
heat-legend-spots = At most 1 in 20 of them by chance (FDR)
heat-legend-same = as before
heat-legend-n = n = { NUMBER($n) }
heat-time = End of the period
heat-play = Play
heat-pause = Pause
heat-week = { $day }: { NUMBER($n) }
heat-no-place = No place is open to you yet. An administrator gives roles.
hazard-file-about = Hazards of { $place }, { $day }. Rows marked “withheld” lie where fewer than five households live, or where such could be reckoned from the rest: where is not told. Of communities with fewer than five households there are none.
hazard-file-making = Being made: { $share }. You may leave this page; the file waits here for you.
hazard-file-there = { NUMBER($n) } hazards, { $size } MB, here until { $until }
