## Certificate of a plan, on screen and on paper

certificate-title = Certificate
certificate-about = What geometry alone says of this plan, examined anew after every change of the plan or its ground. Print it, or keep the JSON: the command verify holds grids against it.
certificate-json = JSON
certificate-print = Print
certificate-link = Certificate
certificate-head = Certificate of the grids of { $place }
certificate-plan = { $name }, version { $version }, { $state }
certificate-times = Divided { $made } · examined { $certified }
certificate-map = Map of the grids
certificate-bar = { $metres } m
certificate-few = fewer than { $least } households
certificate-many = more than { $most } households
certificate-checks = What geometry says
certificate-fine = as it should be
certificate-wrong = wrong
certificate-areas = Areas add up
certificate-areas-said = grids { $grids } m², outline { $outline } m²; rounding may take up to { $rounding } m²
certificate-gaps = Ground in no grid
certificate-overlaps = Ground in two grids
certificate-outside = Ground beyond the outline
certificate-pieces = Grids in one piece
certificate-cut = Buildings cut
certificate-cut-said = { $cut } of { $all }
certificate-divided = { $n ->
    [one] One building a manager marked is divided by its entrances.
   *[other] { $n } buildings a manager marked are divided by their entrances.
}
certificate-counted = Households counted anew
certificate-counted-said = { $n } in the buildings of the grids, { $all } in all buildings
certificate-not-counted = Not counted: the ground was imported again since, and these plots are not the newest.
certificate-faults = What is wrong ({ $n })
certificate-fault-untold = A count of households is not right; it is not told here.
certificate-sizes = Households per grid
certificate-band = in band ({ $least }–{ $most })
certificate-special = ({ $n ->
    [one] one of them special
   *[other] { $n } of them special
})
certificate-counted-in = The band is held against the formula { $formula }, not against households.
certificate-min = fewest
certificate-median = median
certificate-max = most
certificate-out = Out of band ({ $n })
certificate-code = Grid
certificate-off = off { $target }
certificate-why = Why, and what would help
certificate-parameters = How it was made
certificate-target = Households wanted
certificate-target-said = { $target } per grid, { $least } to { $most }
certificate-seed = Seed
certificate-edits = Changes since the split
certificate-ground = Plots
certificate-ground-said = version { $version }{ $newest ->
    [yes] , the newest
   *[no] , followed by a newer one
}
certificate-software = Software, mark of its engine
certificate-crs = Metres in
certificate-hash = Fingerprint (SHA-256)
certificate-canonical = The fingerprint covers the code, households and outline of every grid, in an order and form the JSON describes. Any change of a corner, a count or a code gives another.
certificate-grids = Every grid
certificate-grids-many = { $n } grids are too many to list; the JSON has them all.
certificate-foot = { $place } · plan { $plan }, version { $version } · { $day } · { $hash }
