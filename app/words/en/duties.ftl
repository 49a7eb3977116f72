# Duties: who answers for which grid
duties-title = Duties
duties-about = One coordinator answers for each grid at any moment; deputies stand in. A grid without one is a vacancy and says since when.
duties-no-place = No place is open to you yet. An administrator gives roles.
duties-place = Area
duties-show = Show
duties-tab-roster = Roster
duties-tab-leave = Leave
duties-tab-staffing = Staffing
duties-tab-proposals = Proposals
duties-tab-training = Training
duties-grids = { $n ->
    [one] 1 grid
   *[other] { $n } grids
}
duties-vacancies = { $n ->
    [one] 1 vacancy
   *[other] { $n } vacancies
}
duties-grid = Grid
duties-coordinator = Coordinator
duties-since = Since
duties-deputies = Deputies
duties-households = Households
duties-buildings = Buildings
duties-away = away until { $day }
duties-vacant = vacant since { $day }
duties-assign = Assign
duties-no-grids = No grids are in force here. Publish a plan first.

duties-leave-about = Only the days are kept, never a reason.
duties-uncovered = no deputy: { $grids }
duties-leave-withdraw = Take back
duties-nobody-away = Nobody is away.
duties-first-day = First day
duties-last-day = Last day
duties-leave-add = Write down

duties-staffing-about = By the rules in force: one coordinator for each grid, and one for every { $n } residents registered elsewhere, whichever is more.
duties-grids-head = Grids
duties-floating = Floating population
duties-needed = Needed
duties-on-duty = On duty
duties-short = Missing
duties-total = Total

duties-proposals-about = Each is the best there is for what stands above it; what that leaves open is decided by the others. Walking is as the crow flies from the middle of the community to the grid.
duties-end-walking = Least walking
duties-end-buildings = Most buildings kept
duties-end-changes = Fewest changes
duties-walking = Walking, one way
duties-kept = Buildings kept
duties-changes = Changes
duties-left-vacant = Left vacant
duties-who-changes = Who takes what
duties-nobody = nobody
duties-accept = { $n ->
    [one] Make this change
   *[other] Make these { $n } changes
}
duties-no-changes = All stay as they are.
duties-no-proposals = There are no grids in force or no coordinators here.

duties-attendances-in-all = { $n ->
    [one] 1 attendance in all
   *[other] { $n } attendances in all
}
duties-course = Course
duties-course-kind = Kind
duties-course-pre-job = before starting
duties-course-in-post = in post
duties-course-special = special
duties-holds = Holds
duties-holds-months = Holds, months (empty: for good)
duties-months = { $n ->
    [one] 1 month
   *[other] { $n } months
}
duties-for-good = for good
duties-attendances = Attendances
duties-people = People
duties-last-held = Last held
duties-overdue = Overdue
duties-attend = Who took part
duties-held-on = Held on
duties-who-came = Coordinators
duties-attend-act = Write down
duties-no-courses = No course yet.
duties-course-new = Another course
duties-course-add = Add course

duties-grid-named = Grid { $code }
duties-has = { $households ->
    [one] 1 household
   *[other] { $households } households
} in { $buildings ->
    [one] 1 building
   *[other] { $buildings } buildings
}
duties-hand-over = Hand over
duties-answers-now = { $name } answers for it now. This is open:
duties-vacant-now = Nobody answers for it now
duties-takes-over = Who takes it over
duties-has-grids = { $n ->
    [one] 1 grid
   *[other] { $n } grids
}, { $households } households
duties-free = no grid yet
duties-note = Note
duties-note-about = Keys, agreements, what to look after. No names of residents.
duties-hand-over-act = { $n ->
    [0] Hand over now
    [one] Hand over now, with 1 open thing
   *[other] Hand over now, with { $n } open things
}
duties-deputy-until = until { $day }
duties-deputy-since = since { $day }, until ended
duties-deputy-end = End
duties-no-deputy = Nobody stands in.
duties-deputise = Add deputy
duties-history = Who answered
duties-who = Coordinator
duties-from = From
duties-to = To
duties-days = Days
duties-today = today
duties-vacant-span = vacant
duties-no-history = Nobody has answered for this grid yet.
duties-handovers = Handovers
duties-open-hazard = Hazards open
duties-open-inspection = Inspections due
duties-open-verification = Households to verify
duties-open-never = Doors nobody has called at
duties-open-promise = Promises to keep
duties-open-need = Needs open
duties-open-letter = Letters that expire
duties-open-move-out = Moved out, to be checked
duties-open-employer = Employers without a contact
duties-open-zero-report = Monthly reports missing
duties-open-appeal = Figures contested

handover-title = Handover of grid { $code }
handover-about = Every open thing of the grid, by door. No name of a resident stands on it; this look is written down.
handover-print = Print
handover-from = Gives: { $name }
handover-to = Takes: { $name }
handover-when = Handed over { $when } by { $by } · printed { $printed }
handover-then = Open at the handover
handover-letter = { $kind ->
    [contract] rental contract expires
    [safety-letter] safety letter expires
   *[other] duty statement expires
}
handover-nothing = Nothing is open now.
handover-signs-gives = Gives (signature, date)
handover-signs-takes = Takes (signature, date)
handover-signs-sees = Manager (signature, date)
handover-foot = Grid { $code } · { $n } open things at the time of printing · not for a wall
duties-tab-names = Public names
duties-names-about = What residents read on the public page, on screens and on printed sheets in place of the name. Left empty, the name itself is shown. Changes are on screens within a minute.
duties-names-of = Name of { $name } as the public reads it
duties-names-no-phone = no office phone
duties-names-keep = Keep
duties-names-nobody = No coordinator works here
