## The map page

map-title = Map of grids
map-canvas = Map. Arrow keys move it, plus and minus zoom, Enter chooses the grid in its middle; from then on arrow keys lead to the next grid, Escape back.
map-where = Choose area and plan
map-places = Areas
map-place-filter = Filter areas
map-place-none = No area of that name or code.
map-plans = Plans
map-no-place = No district yet
map-no-plan = No plan yet
map-plan-state = { $state ->
    [published] in force
    [draft] draft
   *[retired] retired
  }
plan-numbered = Plan { $number }
map-plan-about = { $grids ->
    [one] 1 grid
   *[other] { $grids } grids
  }, { $day }
map-status = { $plan }, { $state } · version { $version } · { $day }
map-level = { $level ->
    [district] district
    [subdistrict] subdistrict
   *[community] community
  }

## Tools

map-layers = Layers
map-layer = { $layer ->
    [grids] Grids, coloured by load
    [labels] Numbers and coordinators
    [buildings] Buildings
    [micro] Micro-grids
    [plots] Plots
    [compounds] Compounds
   *[names] Names of streets, water and areas
  }
map-layers-near = Buildings, plots, compounds and micro-grids appear from close up.
map-whole = Show the whole area
map-closer = Closer
map-farther = Farther
map-coordinates = Coordinates
map-scale = Scale: { $length }
map-side = Grids
map-side-width = Width of the panel
map-side-close = Put the panel away
map-side-wide = More or fewer columns
map-side-open = Grids
map-sheet = More or less of the panel

## Legend

map-legend = Households per grid
map-legend-band = Target { $target }, band { $least } to { $most }. Hatched: out of band.
map-range-open = { $fewest } +
map-range-below = to { $most }
map-in-band = in band
map-nobody = nobody lives there
map-nobody-short = nobody
map-rental-compound = rental compound
map-micro-grid = micro-grid: number · households
map-few = fewer than 5 households
households-untold = not told
households-untold-about = Fewer than five households live here: who manages the place sees how many.
job-refused = It could not be done. Who asked for it, and who manages the place, read why.
map-in-fives = Households in fives.
counts-in-fives = In fives: you are told the multiple of five just below or above each count, so that no two of them, subtracted, speak of fewer than five households. Who keeps the registers or divides the place sees the counts as they are.

## Search

map-search = Search grid, building, address
map-search-about = Search for a grid, building, address, compound, street or area. Press / to come here.
map-found = Found
map-found-kind = { $kind ->
    [grids] Grids
    [places] Areas
    [compounds] Compounds
    [buildings] Buildings
   *[streets] Streets
  }
map-found-nothing = Nothing is called “{ $words }” here. Try a part of the name, the street, or the last digits of the code.

## List of grids

map-grids = All grids
map-grid-count = { $n ->
    [one] 1 grid
   *[other] { $n } grids
  }
map-filter = Which grids
map-filter-of = { $filter ->
    [out] Out of band
    [vacant] Vacant
   *[all] All
  }
map-filter-range = { $from } to { $to } households
map-filter-words = Filter by code or coordinator
map-filter-nothing = { $filter ->
    [out] Every grid is in band.
    [vacant] Every grid has a coordinator.
   *[words] No grid has this code or coordinator.
  }
map-column = { $column ->
    [code] Grid
    [households] Households
    [deviation] Deviation
    [buildings] Buildings
    [area_m2] Area, ha
    [compactness] Compactness
   *[coordinator] Coordinator
  }
map-column-about = { $column ->
    [code] Sort by code
    [households] Sort by households
    [deviation] Sort by deviation from the target
    [buildings] Sort by number of buildings
    [area_m2] Sort by area
    [compactness] Sort by compactness: 1 is a circle, near 0 a ribbon
   *[coordinator] Sort by coordinator
  }

## Nothing here yet

map-empty-place = No district yet
map-empty-place-manager = Load the buildings and streets of your district, or have the administrator start the demo.
map-empty-place-other = A manager imports your district first. Ask the one responsible for your area.
map-import = Import a district
map-empty-plan = No plan yet
map-empty-plan-manager = { $grids ->
    [one] Make the first plan: all of { $place } as one grid of about { $target } households.
   *[other] Divide { $place } into about { $grids } grids of { $target } households. No building is cut, and nothing is in force until you publish.
  }
map-empty-plan-other = { $grids ->
    [one] { $place } would be one grid of about { $target } households. A manager of this area can make the plan.
   *[other] { $place } would have about { $grids } grids of { $target } households. A manager of this area can make the plan.
  }
map-split = { $grids ->
    [one] Make the grid
   *[other] Split into about { $grids } grids
  }

## When something does not come

map-again = Try again
map-tiles-late = The map is being drawn with delay: the server is busy. It goes on by itself.
map-tiles-refused = A part of this map is not open to you, or was removed. Choose another plan or area.

## One grid

grid-back = All grids
grid-link = Copy link
grid-link-copied = The link to this view is copied.
grid-title = Grid { $number }
grid-households = { $n ->
    [one] 1 household
   *[other] { $n } households
  }
grid-target = target { $target }
grid-out = { $side ->
    [few] too few
   *[many] too many
  }
grid-load = { $households } households; the band is { $least } to { $most }.
grid-histogram = { $grids } grids by number of households; the band is { $least } to { $most }.
grid-histogram-axis = Across: households in a grid. On each column: how many grids.
grid-histogram-former = Dashed: before
grid-histogram-step = { $grids ->
    [one] 1 grid
   *[other] { $grids } grids
  } with { $from } to { $to } households
grid-figure = { $name ->
    [buildings] Buildings
    [area] Area
   *[compactness] Compactness
  }
grid-unmeasured = not measured yet
grid-coordinator = Coordinator
grid-coordinator-draft = Coordinators are assigned once the plan is in force.
grid-vacant = vacant
grid-vacant-since = Vacant since { $day }. A manager assigns a coordinator.
grid-duty = { $kind ->
    [deputy] deputy since { $day }
   *[primary] since { $day }
  }
grid-no-phone = no office phone on record
grid-neighbours = Neighbours
grid-compounds = Compounds
grid-micro-grids = Micro-grids
grid-micro-title = Micro-grid { $number }
grid-micro-buildings = { $n ->
    [one] 1 building
   *[other] { $n } buildings
  }
grid-border-title = Border
grid-border = { $length }, { $share } on streets, water, railways and walls
grid-sources-title = Where the household count comes from
grid-source = { $source ->
    [register] { $n } from the register
    [estimate] { $n } estimated
   *[imported] { $n } as imported
  }
grid-buildings = Buildings
grid-order = Order
grid-order-by = { $column ->
    [address] by address
    [households] most households first
   *[code] by code
  }
grid-more = Show more
list-comma = {", "}

compound-kind = { $kind ->
    [rental-compound] rental compound
    [urban-village] urban village
    [estate] estate
    [work-unit-compound] work-unit compound
    [industrial-park] industrial park
   *[other] compound
  }
