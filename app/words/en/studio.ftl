### The split studio: what is wished of a split, before and after on the map, and drafts A, B and C.

studio-map = Map, before and after
studio-map-named = { $side ->
    [before] Map before
   *[after] Map after
  }
studio-sheet = Settings or result
studio-wishes = Settings
studio-outcome = Result

## Size
studio-section-size = Size
studio-size = { $size ->
    [own] Own numbers
   *[coordinators] By coordinators
  }
studio-coordinators = Coordinators
studio-share = About { NUMBER($target) } households for each ({ NUMBER($least) }–{ NUMBER($most) })
studio-gauge = From { NUMBER($least) } to { NUMBER($most) } households
studio-gauge-now = { NUMBER($n) } of today’s { NUMBER($all) ->
    [one] 1 grid is in this band
   *[other] { NUMBER($all) } grids are in this band
  }

## What counts
studio-section-weights = What counts
studio-weights-label = Grids shall be equal in
studio-weights = { $name ->
    [households] Households
    [buildings] Households and buildings
    [area] Households and area
   *[own] A formula
  }
studio-formula = Formula
studio-formula-about = Numbers, + - * / and brackets, with: households, buildings, area_ha, min, max.
studio-weights-unit = Fewest and most are then counted in: { $formula }

## Lines
studio-section-lines = Lines
studio-lines-about = What the borders of grids do along each sort of line.
studio-lines-now = { NUMBER($n) ->
    [0] as usual
    [one] 1 changed
   *[other] { $n } changed
  }
studio-line = { $line ->
    [arterial] Main streets
    [secondary] Secondary streets
    [local] Side streets
    [river] Rivers
    [rail] Railways
    [compound] Compound walls
   *[administrative] Administrative lines
  }
studio-way = { $way ->
    [never] Never cross
    [follow] Follow
    [free] Free
    [avoid] Avoid
   *[usual] As usual
  }
studio-compounds = Keep compounds whole where a grid can hold them

## What is fixed
studio-section-fixed = Fixed
studio-fixed-now = { NUMBER($n) ->
    [0] nothing
   *[other] { $n }
  }
studio-fixed-none = Nothing is fixed. Press a grid on the map before to lock it, set seed points, or draw a special grid.
studio-locked = Keep locked grids and buildings
studio-locked-about = As they are in the plan in force.
studio-keep-special = Keep special grids of the plan in force
studio-seed-set = Set seed points
studio-seed-number = Seed point { $n }
studio-seed-how = Press where a grid of its own shall begin; several if you like.
studio-special-draw = Draw a special grid
studio-special-number = Special grid { $n }
studio-special-kind = Kind of special grid
studio-special-name = Name
grid-kind = { $kind ->
    [mall] Mall
    [market] Market
    [park] Park
   *[site] Building site
  }
studio-polygon-how = { NUMBER($corners) ->
    [0] Press its corners, one after the other.
    [one] 1 corner. Press the next.
    [2] 2 corners. One more at least.
   *[other] { $corners } corners. Press the first again, or Enter, to close.
  }
studio-polygon-fault = { $fault ->
    [corners] Three corners at least are needed.
    [crosses] Its sides cross. Take the last corner back.
   *[small] It is too small to hold anything. Set the corners farther apart.
  }
studio-here = Set here
studio-corner-back = Corner back
studio-close = Close it
studio-give-up = Give up
studio-ready = Done
studio-lock-grid = Lock this grid
studio-unlock-grid = Unlock this grid
studio-lock-building = Lock { $name }
studio-unlock = Unlock { $name }
studio-remove = Remove { $name }

## Micro-grids, more
studio-section-micro = Micro-grids
studio-micro-about = Smaller grids inside each grid, for building heads and volunteers.
studio-micro-make = Divide every grid once more
studio-micro-none = none
studio-seed-now = seed { $n }

## Starting it
studio-start = Split into { $slot }
studio-besides = Drafts without a slot
studio-replaces = { $plan } makes room in { $slot }; it stays among the retired plans.
studio-busy = A split of this area is running.
studio-other-runs = Other work on this area is running. Split it when that is done.
studio-fault = { $fault ->
    [coordinators] How many coordinators are there? At least one.
    [band] The target must lie between fewest and most, in whole numbers.
    [formula] Write a formula, or choose one above.
    [micro] Fewest must not be more than most, in whole numbers.
   *[seed] The seed is a whole number, 0 or more.
  }

## Before and after
studio-look-at = Look at
studio-both = Both
studio-divider = Divider between before and after
studio-divider-at = Before on the left { $percent } % of the map, after on the rest
studio-plots = no plan yet, plots only

## The result
studio-drafts = Drafts
studio-slot = { NUMBER($grids) ->
    [one] 1 grid
   *[other] { NUMBER($grids) } grids
  } · { $percent }
studio-slot-empty = empty
studio-slot-loading = …
studio-empty = Draft { $slot } is empty
studio-empty-beside = Choose settings and split. The result stands here, beside the plan in force.
studio-empty-first = { NUMBER($n) ->
    [one] No grids yet. Split this area into about 1 grid of { NUMBER($target) } households.
   *[other] No grids yet. Split this area into about { NUMBER($n) } grids of { NUMBER($target) } households.
  }
studio-was = before: { $value }
studio-of-grids = { NUMBER($n) } of { NUMBER($all) }
studio-street = On streets, rivers, rails
studio-round = Roundness
studio-worst = Worst five
studio-worst-in-band = All in band; farthest from the target
studio-hands = Changing hands
studio-hands-share = { $percent }, in { NUMBER($buildings) ->
    [one] 1 building
   *[other] { NUMBER($buildings) } buildings
  }
studio-flow = Moves
studio-beside = Beside each other
studio-in-force = Now
studio-moved = Households moved
studio-affected = Coordinators affected
studio-best = the best
studio-load = {" "}· load { $load }
studio-told = { $code ->
    [grids_forced] { $made } grids instead of { $wanted }: the connected parts of the ground allow no other number.
    [entrances_unmarked] No building was divided by its entrances: none is marked.
    [entrances_whole] { $count ->
        [one] 1 marked building could not be divided by its entrances: it is locked, they are not known any more, do not add up, or one would be cut off from its ground.
       *[other] { $count } marked buildings could not be divided by their entrances: they are locked, entrances are not known any more, do not add up, or one would be cut off from its ground.
      }
    [compounds_divided] { $count ->
        [one] 1 compound could not be kept whole: it holds more than a grid may, lies in pieces, or holds several seeds or locked grids.
       *[other] { $count } compounds could not be kept whole: they hold more than a grid may, lie in pieces, or hold several seeds or locked grids.
      }
   *[other] Not all could be had as wished ({ $code }).
  }
