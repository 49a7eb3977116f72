### The panels around the map of the plan editor: grids, problems, history, the draft as a whole, and its dialogs.

editor-grids = Grids
editor-problems = Problems
editor-history = History
editor-review = Draft
editor-tab = { $tab ->
    [list] Grids
    [problems] Problems
    [history] History
   *[review] Draft
  }
editor-accept = Accept
editor-cancel = Cancel
editor-close = Close
editor-back = Back
editor-assign = Assign
editor-grid = Grid
editor-new-grid = new
editor-new-grid-title = New grid
editor-buildings = Buildings
editor-households = Households
editor-before = Before
editor-after = After
editor-in-band = In band?
editor-locked = locked
editor-note = Note
editor-note-about = Note, if you like: why?
editor-choose-first = Choose a grid first: press it on the map, or in the list.
editor-range = Legal range: { $least } to { $most } households
editor-band = { $side ->
    [few] too few
    [many] too many
    [gone] given up
   *[in] in band
  }
editor-kind = { $kind ->
    [residential] Residential
    [mixed] Mixed
    [mall] Mall
    [market] Market
    [park] Park
   *[site] Building site
  }
editor-now = { $side ->
    [few] { $grid } now { $households } households, too few.
    [many] { $grid } now { $households } households, too many.
    [in] { $grid } now { $households } households, in band.
   *[other] { $grid } now { $households } households.
  }
editor-sentences = {" "}
editor-hands = { $households ->
    [0] No household changes hands.
    [one] 1 household changes hands.
   *[other] { $households } households change hands.
  }
editor-hands-people = { $people ->
    [one] 1 resident
   *[other] { $people } residents
  }

## All grids, one grid, and what can be done to it

desk-filter = Filter by number, name or coordinator
desk-filter-of = { $filter ->
    [out] Out of band
    [locked] Locked
    [special] Special
   *[all] All
  }
desk-count = { $n ->
    [0] No grid like this.
    [one] 1 grid
   *[other] { $n } grids
  }
desk-borders = Borders with
desk-no-borders = No grid lies beside this one.
desk-shared = { $length } of common border
desk-acts = What to do
desk-no-coordinator = no coordinator planned
desk-option = { $number } · { $households } households
desk-preview = Preview
desk-save = Save
desk-asking = Working it out.
desk-give = Give buildings
desk-give-title = Give buildings of grid { $number } away
desk-give-to = To which neighbour?
desk-merge = Merge
desk-merge-with = Merge with grid { $number }
desk-merge-title = Merge grids { $one } and { $other }
desk-merge-title-one = Merge grid { $number } with a neighbour
desk-merge-choose = With which neighbour?
desk-divide = Split
desk-divide-title = Split grid { $number }
desk-new = New grid from it
desk-new-title = New grid from grid { $number }
desk-new-of = What becomes the new grid?
desk-new-way = { $way ->
    [outline] What lies within an outline
   *[buildings] Buildings
  }
desk-new-corners = Outline
desk-new-corners-about = One corner a line, longitude and latitude in degrees; or paste a GeoJSON polygon.
desk-new-exact = Exactly: open ground is cut along the outline, never a building
desk-new-fault = { $fault ->
    [none] Write the corners of the outline.
    [corners] An outline has three corners at least.
    [crosses] The sides of this outline cross.
    [small] This outline is too small.
   *[unread] This is no outline: one corner a line, as 116.3912 39.9051, or a GeoJSON polygon.
  }
editor-cuts = { $n ->
    [one] 1 plot of open ground is cut along the outline.
   *[other] { $n } plots of open ground are cut along the outline.
  }
desk-parts = Into how many grids?
desk-parts-about = { $households } households; the target is { $target } a grid.
desk-border-of = Border of grids { $one } and { $other }
desk-follow = Put the border onto a street
desk-follow-title = Border onto { $street }
desk-street-nameless = a street without a name
desk-no-streets = No street runs near this border.
desk-also = Or
desk-even = Even the two out
desk-even-title = Even out grids { $one } and { $other }
desk-details = Name, number, kind
desk-details-title = Grid { $number }: name, number, kind
desk-details-done = Grid { $number } is changed.
desk-name = Name
desk-name-about = For special grids and where people have a name for it; may stay empty.
desk-code = Number
desk-code-about = The last three digits of { $code }.
desk-code-wrong = Give a number from 1 to 999.
desk-kind = Kind
desk-kind-about = Special grids have no legal range of households.
desk-lock = Lock
desk-lock-as = { $lock ->
    [true] locked
    [false] open
   *[place] as the area has it
  }
desk-unlock = Unlock

picker-buildings = Buildings
picker-find = Find buildings by name, address or code
picker-all = Tick all found
picker-none = Tick at least one building.
picker-count = { $found } found, { $ticked } ticked, { $households } households

locks-lock-all = Lock all grids
locks-unlock-all = Unlock all grids
locks-all-locked = All grids are locked.
locks-all-unlocked = No grid is locked any more.

## A line without the map, open ground, compounds

line-how = How?
line-way = { $way ->
    [parts] Into equal parts
    [street] Along a street
    [between] Halfway between two buildings
    [middle] Across the middle
   *[written] Along a line that is written down
  }
line-streets = Streets within it
line-within = { $length } within it
line-halves = { $one } + { $other } households
line-no-streets = No street runs through this grid. Choose another way.
line-no-streets-divide = No street leaves homes or ground on both sides. Choose another way.
line-one = Between building
line-other = And building
line-middle = { $way ->
    [upright] A western and an eastern half
   *[level] A northern and a southern half
  }
line-corners = Line
line-corners-about = One corner a line, longitude and latitude in degrees; it goes on straight at both ends.
line-fault = { $fault ->
    [street] Choose a street.
    [same] Choose two buildings that stand apart.
    [none] Write the corners of the line.
    [corners] A line has two corners at least.
   *[unread] Not understood. Write a corner a line, such as 116.3912 39.9051.
  }
desk-ground = Give open ground
desk-ground-title = Give open ground of grid { $number } away
desk-cut = Cut ground
desk-cut-title = Cut ground of grid { $number }
desk-compound = Compounds
desk-compound-title = Compounds in grid { $number }
plots-list = Plots
plots-open = Open ground
plots-around = Ground of { $building }
plots-near = near { $building }
plots-beside = beside grid { $grids }
plots-count = { $found } plots, { $ticked } ticked, { $area }
plots-none = There is a building on every plot of this grid. Give buildings, or cut ground off first.
plots-none-ticked = Tick at least one plot.
cut-ground = Ground
cut-into = Becomes
cut-outcome = { $plots ->
    [one] 1 plot becomes { $pieces }. Its parts can go to different grids.
   *[other] { $plots } plots become { $pieces }. Their parts can go to different grids.
  }
compound-of = { $known ->
    [yes] Tick its buildings for another outline, or none to leave it.
   *[no] Tick its buildings. The outline is that of their plots together.
  }
compound-apart = { $building } does not touch the other buildings. Tick those between, too, or leave it out.
compound-holds = { $buildings } buildings, { $households } households.
compound-stays = The outline stays: { $buildings } buildings, { $households } households.
compound-keeps = A compound stays in one grid: from the next import on its plots move together.

## The card over the map

card-figure = { $name ->
    [deviation] Deviation
    [buildings] Buildings
    [walk-m] Mean way
   *[compactness] Compactness
  }
card-was = { $value } →
card-more = More figures

## Problems

problems-title = { $n ->
    [0] No problems
    [one] 1 problem
   *[other] { $n } problems
  }
problems-kinds = Kinds of problem
problems-all = All
problems-kind = { $kind ->
    [grid_in_pieces] In pieces
    [community_crossed] Crosses a community
    [compound_divided] Compound divided
    [out_of_band] Out of band
    [walk_too_far] Long ways
    [vacancy] Vacancy
    [code_missing] Number missing
   *[other] Other
  }
problems-next = Next problem
problems-previous = Previous problem
problems-at = Problem { $at } of { $n }. { $sentence }
problems-earlier = Show earlier ones ({ $n })
problems-later = Show more ({ $n } left)
problems-none = No problems
problems-none-about = Every grid is in one piece and in band, no compound is divided, and somebody is planned for each.
problems-changed = { $mended } mended, { $fresh } new, { $left } left.
problems-mend = Propose a repair
problems-open-grid = Open the grid
problems-proposals = Proposals
problems-proposal = Proposal { $at } of { $n }
problems-moves = { $households ->
    [one] 1 household
   *[other] { $households } households
  }
problems-no-proposal = No repair found
problems-no-proposal-about = The engine finds no small change that helps. Unlock neighbours, or move the border by hand.

## History

history-kind = { $kind ->
    [split] Split by the engine
    [rebalance] Re-balanced
    [import] Imported
    [layer] Grid layer brought in
    [merge] Grids merged
    [divide] Grid split
    [draw] Grid drawn
    [cut] Plots cut
    [move] Border moved
   *[other] Changed
  }
history-change = { $attribute ->
    [name] Renamed
    [code] Renumbered
    [kind] Kind changed
    [planned] Coordinator planned
    [locked] Locked
    [unlocked] Unlocked
   *[other] Grid changed
  }
history-street = Border put onto { $street }
history-act = { $act ->
    [repair] Repaired by proposal
    [rebalance_pair] Two grids evened out
    [give] Buildings given
   *[follow_street] Border put onto a street
  }
history-undo = Undone
history-redo = Brought back
history-restore = Back to state { $version }
history-of = { $what }: { $of }
history-households = { $households ->
    [one] 1 household
   *[other] { $households } households
  }
history-undone = undone
history-now = now
history-compare = Compare two
history-choose-two = Choose two states to compare them.
history-state = State { $version }, beside now
history-state-said = State { $version }: { $moves ->
    [0] the same as now
    [one] 1 way of households differs from now
   *[other] { $moves } ways of households differ from now
  }.
history-jump = Go back to this state
history-jumped = The draft is again what it was at state { $version }. Undo brings back what you left.
history-between = State { $older } beside { $newer }
history-between-said = Between state { $older } and { $newer }: { $moves ->
    [0] the same
    [one] 1 way of households
   *[other] { $moves } ways of households
  }.
history-buildings = Which buildings?
history-moved = { $n ->
    [0] No building changes hands.
    [one] 1 building, { $households } households
   *[other] { $n } buildings, { $households } households
  }
history-moved-way = { $from } → { $to }
history-same = Both are the same.
history-way = From → to
history-to = to
history-none = none
history-plots = { $plots ->
    [one] 1 plot
   *[other] { $plots } plots
  }
history-changed = Grid { $grid }, { $attribute ->
    [name] name
    [code] number
    [kind] kind
    [own_lock] lock
   *[planned] coordinator
  }: { $was } → { $now }
history-recut = Ground was cut between the two. Which buildings changed hands there stands in the list.
history-next-note = Note for your next change
history-undo-what = Undo: { $what }
history-redo-what = Redo: { $what }

## Assigning

assign-title = Who shall answer for grid { $number }?
assign-about = { $households ->
    [one] 1 household
   *[other] { $households } households
  }. In force once the plan is published.
assign-find = Find a coordinator
assign-none = No coordinator of that name here.
assign-nobody = Nobody new
assign-stays = { $name } holds the grid of this number and goes on.
assign-nobody-about = The grid will be vacant.
assign-load = { $grids ->
    [0] no grid
    [one] 1 grid, { $households } households
   *[other] { $grids } grids, { $households } households
  }
assign-load-then = then { $households }
assign-save = Assign
assign-done = { $name } is planned for grid { $number }.
assign-done-nobody = Nobody is planned for grid { $number } any more.

## What colours mean

colour-by = Colour by
colour-way = { $way ->
    [load] Load
    [coordinator] Coordinator
    [vacancy] Vacancy
   *[compactness] Compactness
  }
colour-said = The map is coloured by { $way ->
    [load] load
    [coordinator] coordinator
    [vacancy] vacancy
   *[compactness] compactness
  }.
colour-nobody = Nobody
colour-vacant = Vacant
colour-held = Has a coordinator
colour-grids = { $n ->
    [one] 1 grid
   *[other] { $n } grids
  }
colour-more = and { $n } more
colour-ribbon = ragged
colour-circle = round

## Two changed the same

conflict-title = Somebody else changed the same
conflict-about = { $people } changed what you changed, before your change was saved. Nothing is overwritten: choose which shall hold.
conflict-about-somebody = What you changed was changed before your change was saved. Nothing is overwritten: choose which shall hold.
conflict-on-map = On the map
conflict-version = { $version ->
    [theirs] Theirs
    [mine] Mine
   *[chosen] As chosen below
  }
conflict-pin = Piece { $number } that both changed
conflict-piece = { $n ->
    [one] 1 plot of grid { $from }, { $households } households
   *[other] { $n } plots of grid { $from }, { $households } households
  }
conflict-to = in grid { $number }
conflict-theirs-as = { $known ->
    [no] Theirs: { $what }
   *[yes] { $who }: { $what }
  }
conflict-mine-as = Mine: { $what }
conflict-attribute = Grid { $number }, { $attribute ->
    [name] name
    [code] number
    [kind] kind
    [own_lock] lock
   *[planned] coordinator
  }
conflict-grid-gone = Grid { $number }
conflict-stands = { $whose ->
    [theirs] as they left it
   *[yours] as I meant it
  }
conflict-go-to = Show piece { $number }
conflict-all-theirs = All theirs
conflict-all-mine = All mine
conflict-cannot = This choice cannot be: { $why }
conflict-hint = What is yours is done once more upon theirs; everybody can undo it.
conflict-settle = Let it be so
conflict-said = Conflict: { $n ->
    [one] one difference
   *[other] { $n } differences
  } between your change and somebody else’s.
conflict-settled = { $mine ->
    [0] Theirs holds; yours is given up.
   *[other] { $theirs ->
        [0] Your change is done again.
       *[other] Yours is done again in { $mine } of { $all } pieces, theirs holds in the others.
    }
  }

## In the head

state-people = Also here: { $names }
state-menu = More
state-locks = Locks
state-export = Export
state-export-as = { $format ->
    [gpkg] GeoPackage
    [qgis] GeoPackage with styles, for QGIS
    [shp] Shapefile
    [kml] KML
   *[geojson] GeoJSON
  }
find-went = The map shows { $what }.

## Keys

help-title = Keyboard
help-group = { $group ->
    [tools] Tools on the map
    [grids] The chosen grid
    [find] Finding
    [history] Taking back
   *[answer] Answering
  }
help-act = { $act ->
    [select] Select
    [border] Move a border
    [paint] Paint plots
    [draw] Draw a grid
    [split] Split by a line
    [give] Give a building
    [merge] Merge
    [lock] Lock or unlock
    [assign] Assign a coordinator
    [run] Split into several
    [find] Find
    [problem-next] Next problem
    [problem-previous] Previous problem
    [undo] Undo
    [redo] Redo
    [accept] Accept
    [cancel] Cancel
    [step] Move the border plot by plot
   *[help] This help
  }
help-singles = Single letters are shortcuts
help-singles-about = Switch them off if you dictate, or press keys by accident. Ctrl+Z, Enter and Escape stay.

## The draft as a whole

review-vacant = Without coordinator
review-title = Review
review-about = Ask the leaders to look at the draft. Until they have answered it is not changed.
review-open = Review page

## Why it cannot be changed

standing-no-draft = { $state ->
    [published] This plan is in force and is not changed. Work on a copy.
   *[retired] This plan was in force once and is not changed. Work on a copy.
  }
standing-submitted = { $stage ->
    [approved] The leaders approved this draft; it is not changed any more.
   *[waiting] The leaders look at this draft; it is not changed meanwhile.
  }
standing-copy = Copy into a draft
