### The map editor: grids drawn, dragged, divided and put together.

edit-title = Edit the plan
edit-open = Edit on the map
edit-back = Back to the plans
edit-undo = Undo
edit-redo = Redo
edit-help = Keys and gestures
edit-map = Map of the plan
edit-canvas = Map of the plan. Plus and minus zoom; Enter chooses the grid in the middle, arrow keys lead to the next. Letters choose tools: B border, P paint, T give, X divide, G merge, D draw. With a tool at work, arrow keys move its cursor, Enter accepts, Escape cancels.
edit-tools = Tools
edit-side = Grid, list, history and problems
edit-saving = { $state ->
    [saved] Saved · version { $version }
    [saving] Saving …
    [offline] { NUMBER($n) ->
        [one] 1 change kept here; it is sent when there is a connection
       *[other] { $n } changes kept here; they are sent when there is a connection
     }
   *[conflict] Somebody changed the same. Decide whose stands.
 }
edit-unkept = This browser keeps nothing across a reload (a private window?). Leave this page open until all is saved.
edit-tool = { $tool ->
    [select] Select
    [border] Border
    [paint] Paint
    [give] Give
    [split] Divide
    [run] Parts
    [merge] Merge
    [draw] Draw
    [street] Street
    [cut] Cut
    [compound] Compound
    [rename] Name
    [lock] Lock
    [assign] Assign
   *[find] Find
 }
edit-tool-about = { $tool ->
    [select] Select grids
    [border] Move the border of two grids
    [paint] Give plots to a grid by sweeping over them
    [give] Give a building to the grid beside it
    [split] Divide a grid along a line
    [run] Divide a grid into equal parts automatically
    [merge] Put two grids into one
    [draw] Draw a new grid
    [street] Move a border onto a street
    [cut] Cut open ground along a line
    [compound] Draw a rental compound
    [rename] Number, name and kind of a grid
    [lock] Lock the chosen grid, or take its lock off
    [assign] Plan who answers for the chosen grid
   *[find] Find a grid, building or address
 }
edit-accept = Accept
edit-cancel = Cancel
edit-save = Save
edit-new-grid = new
edit-this-plot = this plot
edit-grid-chip = { $grid } · { $households }
edit-chosen = Grid { $grid }: { $households } households, { $buildings } buildings
edit-grid-said = grid { $grid } { $households } households
edit-plot-said = Grid { $grid }, { NUMBER($households) ->
    [one] 1 household
   *[other] { $households } households
 } { $buildings }
edit-ground-coming = The ground of these grids is still being fetched. Try again in a moment.

edit-border-choose = Drag a border, or press one and use the arrow keys.
edit-border-how = Border of { $first } and { $second }: drag it, press plots, or push it with the arrows.
edit-border-of = Border of grid { $first } and grid { $second }
edit-border-next = Next border
edit-push = { $way ->
    [ArrowLeft] Push the border to the left
    [ArrowRight] Push the border to the right
    [ArrowUp] Push the border up
   *[ArrowDown] Push the border down
 }
edit-paint-choose = Press the grid that shall get plots.
edit-paint-how = { $way ->
    [lasso] Draw around the plots that grid { $grid } shall get.
   *[sweep] Sweep over the plots that grid { $grid } shall get, or press them one by one.
 }
edit-paint-way = How plots are chosen
edit-paint = { $way ->
    [lasso] Lasso
   *[sweep] Sweep
 }
edit-none = None
edit-give-choose = Press the building that shall change hands.
edit-give-how = { NUMBER($n) ->
    [0] { $what } lies in the middle of grid { $grid }: no other grid is beside it. Choose one at the border.
   *[other] Who gets { $what } of grid { $grid }? Press the grid, or choose it here.
 }
edit-give-to = { $what }: choose the grid that gets it.
edit-split-how = { NUMBER($points) ->
    [0] Press two points: the line through them divides the grid.
   *[other] Press the next point of the line.
 }
edit-split-shown = Grid { $grid } is divided along this line. Set more points to bend it.
edit-run-choose = Press the grid that shall be divided.
edit-run-how = Divide grid { $grid } with its { $households } households into how many?
edit-run-act = Show
edit-parts = Parts
edit-merge-choose = Press the grid that shall grow.
edit-merge-how = Which grid joins grid { $grid }? Press it, or choose it here.
edit-draw-how = { NUMBER($corners) ->
    [0] Press the corners of the new grid, one after the other.
    [one] Press the next corner.
    [2] One more corner at least.
   *[other] Plots most of which lie within make up the new grid.
 }
edit-exact = Exactly
edit-exact-about = Open ground is cut along the line, never a building
edit-exact-how = { $waits ->
    [yes] Exactly what lies within makes up the new grid. Working out what that comes to …
   *[no] Exactly what lies within makes up the new grid.
 }
edit-exact-figures = { $cuts ->
    [0] The new grid: { $households } households, { $buildings } buildings. No ground needs to be cut.
    [one] The new grid: { $households } households, { $buildings } buildings. 1 plot of open ground is cut.
   *[other] The new grid: { $households } households, { $buildings } buildings. { $cuts } plots of open ground are cut.
 }
edit-exact-done = Grid { $grid } is drawn along the line.
edit-street-choose = Press the border that shall run along a street.
edit-street-how = { NUMBER($n) ->
    [-1] Looking for streets near the border of { $first } and { $second } …
    [0] No street runs near the border of { $first } and { $second }.
   *[other] Along which street shall the border of { $first } and { $second } run?
 }
edit-street-unnamed = street without a name
edit-cut-how = Set a line across open ground. What it crosses is cut there, but no building is.
edit-cut-act = Cut
edit-cut-done = The ground is cut. Its parts can go to different grids now.
edit-compound-how = { $act ->
    [known] Press a corner to take it up, or a side to put one there.
    [holding] Press where the corner shall be; Backspace removes it.
   *[new] { NUMBER($corners) ->
        [0] Press the corners of the rental compound.
       *[other] { $corners } corners set.
    }
 }
edit-compound-unnamed = Rental compound
edit-compound-act = { $known ->
    [yes] Save the compound
   *[no] Add the compound
 }
edit-compound-done = { $known ->
    [yes] The compound is changed. Plots follow at the next import.
   *[no] The rental compound is on the map. It survives the next import.
 }
edit-compound-which = Compound
edit-compound-new = A new one
edit-compound-remove = Take off
edit-compound-removed = “{ $name }” is taken off the map.
edit-rename-choose = Press the grid whose number, name or kind shall change.
edit-rename-how = Grid { $grid }
edit-number = Number
edit-name = Name
edit-kind = Kind
edit-kind-of = { $kind ->
    [residential] Homes
    [mixed] Mixed
    [mall] Mall
    [market] Market
    [park] Park
   *[site] Building site
 }
edit-space = Space
edit-lock-choose = Choose the grid first.
edit-lock-mark = locked
edit-locked = { $locked ->
    [yes] Grid { $grid } is locked: it stays as it is.
   *[no] The lock of grid { $grid } is off.
 }
edit-refusal = { $code ->
    [grid_in_pieces] { $named ->
        [yes] { $buildings } would be torn off grid { $grid }.
       *[no] Grid { $grid } would fall into { $pieces } pieces.
     }
    [community_crossed] This ground belongs to another community; grid { $grid } ends here.
    [grid_is_locked] Grid { $grid } is locked. Take its lock off first (L).
    [building_is_locked] { $building } is locked to its grid.
    [plot_moved] Somebody else moved this plot meanwhile.
    [grid_gone] Somebody else gave this grid up meanwhile.
    [line_divides_nothing] The line leaves all of grid { $grid } on one side.
    [ground_not_loaded] The ground of grid { $grid } is still being fetched.
   *[other] This cannot be done here.
 }
