# Open hazards on the map
hazards-map-layer = Hazards, open ones
hazards-map-mark = { $kind ->
    [fire] F
    [gas] G
    [stove] C
    [electric] W
    [e_bike] E
    [exit] X
    [structure] B
    [building_site] S
    [street] R
    [waste] T
    [noise] N
    [other] O
   *[unnamed] -
  }
hazards-map-legend = Open hazards
hazards-map-ring = ring: overdue
hazards-map-many = several
hazards-map-late-count = overdue
hazards-map-here = { $n ->
    [one] Open hazard
   *[other] { $n } open hazards here
  }
hazards-map-point = Point on the map
hazards-map-due = due { $at }
hazards-map-late-since = overdue since { $at }
hazards-map-open = Open the case
hazards-map-back = Back
