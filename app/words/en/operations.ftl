### What is amiss with a plan, in the list of problems.

plan-problem-grid-in-pieces = Grid { $grid } lies in { $pieces } pieces that do not join.
plan-problem-compound-divided = Compound { $compound } with { $households ->
        [one] one household
       *[other] { $households } households
    } is divided between the grids { $grids }.
plan-problem-out-of-band = { $way ->
        [above] Grid { $grid } holds { $held } { $counted ->
            [households] households
           *[formula] by the formula
        }, which is { $beyond } more than the { $least } to { $most } it should.
       *[below] Grid { $grid } holds { $held } { $counted ->
            [households] households
           *[formula] by the formula
        }, which is { $beyond } fewer than the { $least } to { $most } it should.
    }
plan-problem-compound-divided-untold = Compound { $compound } is divided between the grids { $grids }.
plan-problem-out-of-band-untold = { $way ->
        [above] Grid { $grid } is over its band.
       *[below] Grid { $grid } is under its band.
    }
plan-problem-vacancy = Grid { $grid } has no coordinator.
plan-problem-code-missing = The code of grid { $grid } is none of its community { $community }. Give it one that begins so.
