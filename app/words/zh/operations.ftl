### What is amiss with a plan, in the list of problems.

plan-problem-grid-in-pieces = 网格{ $grid }分成互不相连的{ $pieces }块。
plan-problem-compound-divided = 大院“{ $compound }”共{ $households }户，被分在网格{ $grids }中。
plan-problem-out-of-band = { $way ->
        [above] 网格{ $grid }{ $counted ->
            [households] 为{ $held }户，比规定的{ $least }至{ $most }户多{ $beyond }户。
           *[formula] 按公式为{ $held }，比规定的{ $least }至{ $most }多{ $beyond }。
        }
       *[below] 网格{ $grid }{ $counted ->
            [households] 为{ $held }户，比规定的{ $least }至{ $most }户少{ $beyond }户。
           *[formula] 按公式为{ $held }，比规定的{ $least }至{ $most }少{ $beyond }。
        }
    }
plan-problem-compound-divided-untold = 大院“{ $compound }”被分在网格{ $grids }中。
plan-problem-out-of-band-untold = { $way ->
        [above] 网格{ $grid }超出规定范围。
       *[below] 网格{ $grid }低于规定范围。
    }
plan-problem-vacancy = 网格{ $grid }没有协理员。
plan-problem-code-missing = 网格{ $grid }的编码不是所在社区{ $community }的编码。请改为以该社区编码开头。
