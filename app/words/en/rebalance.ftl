### Re-balancing a plan, and grids that have left their band.

rebalance-title = Re-balance
rebalance-about = Households change. See how the plan can be put right so that few of them get another coordinator. Locked and special grids stay as they are.
rebalance-of = { $place }, { $plan }
rebalance-wish = What is to be done?
rebalance-mend = Mend
rebalance-mend-about = Bring grids that have left their band back into it.
rebalance-one-more = +1 coordinator
rebalance-one-more-about = One grid more, where most households are to spare.
rebalance-one-fewer = −1 coordinator
rebalance-one-fewer-about = One grid fewer, shared out where its neighbours have room.
rebalance-opens = An estate opens…
rebalance-opens-about = Say which buildings will have how many households; see the plan that day needs.
rebalance-search = Find a building
rebalance-search-about = Name, address or building code
rebalance-nothing-found = No building is called so here.
rebalance-will-have = households it will have
rebalance-remove = Take { $building } off the list
rebalance-opens-go = Show proposals
rebalance-running = Looking for proposals
rebalance-cancelled = Cancelled. Nothing was changed.
rebalance-how = Choose what is to be done. You will see several proposals beside each other before anything changes.
rebalance-nothing-moves = Nothing needs to move: every grid that can be helped is in its band.
rebalance-proposals = { $n ->
    [one] One proposal
   *[other] { $n } proposals
 }
rebalance-ranked = The fewest households that change hands come first.
rebalance-proposal = Proposal { $n }
rebalance-households = Households change hands
rebalance-people = Residents change hands
rebalance-buildings = Buildings
rebalance-coordinators = Grids affected
rebalance-in-band = Grids in band
rebalance-before-after = { $before } → { $after }
rebalance-times = { $times } × the least possible ({ $n })
rebalance-least-none = nothing must move
rebalance-grids = { $n } grids afterwards
rebalance-show = Show on the map
rebalance-accept = Make this a draft
rebalance-map = What would move
rebalance-map-about = Each colour is the grid a building moves to. Press a row to see where.
rebalance-moves = { $n ->
    [one] One move
   *[other] { $n } moves
 }
rebalance-from-to = { $from } → { $to }
rebalance-new-grid = new grid
rebalance-move-line = { $households ->
    [one] 1 household
   *[other] { $households } households
 }
rebalance-more-moves = … and { $n } more
rebalance-act = Re-balance

alert-notice = { $n ->
    [one] One grid has left its band
   *[other] { $n } grids have left their band
 }
alert-list = Which?
alert-line-untold = Grid { $code }: out of its band ({ $least }–{ $most })
alert-line = Grid { $code }: { $households } households (band { $least }–{ $most })

changes-micro-grids-dropped = { $n ->
    [one] Its one micro-grid was dropped; re-balance or split anew to have it made again.
   *[other] Its { $n } micro-grids were dropped; re-balance or split anew to have them made again.
 }
