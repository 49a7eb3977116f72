# Monthly reports
bulletin-listing = Monthly reports
bulletin-listing-about = A proposal of each month is there at once, with figures, maps and words in both languages. Managers edit the words; a final report stays as it is.
bulletin-title = Monthly report
bulletin-head = Monthly report on hazards: { $place }
bulletin-all = All months
bulletin-month = Month
bulletin-state = State
bulletin-edited = Last edited
bulletin-is-final = final
bulletin-is-draft = draft
bulletin-is-proposed = proposal, not saved
bulletin-pdf-both = PDF in both languages
bulletin-days = { $first } to { $last }
bulletin-counted = counted { $at }
bulletin-final-by = final by { $who }, { $at }
bulletin-draft-of = draft, version { $version }, last edited by { $who }
bulletin-proposed = proposal, not edited yet
bulletin-summary = Summary
bulletin-figures = Figures
bulletin-value = Value
bulletin-former = The days before
bulletin-reported = Reported
bulletin-open-now = Open when counted
bulletin-overdue-now = Overdue when counted
bulletin-grids = Grids
bulletin-plans = What comes next
bulletin-map-overdue = Overdue cases by grid, when counted
bulletin-map-reported = Hazards reported in the month by grid
bulletin-untold = nothing is told: fewer than five households, or next to such
bulletin-left-out = Communities with fewer than five households are not in these sums.
bulletin-words = Words
bulletin-words-about = A line break begins a new paragraph. Figures are counted, not written.
bulletin-save = Save the draft
bulletin-finish = Make it final
bulletin-finish-about = Words, figures and maps then stay as they are now, whatever comes after.
bulletin-drafted-moved = { NUMBER($reported) } hazards were reported, { NUMBER($filed) } of them filed; { NUMBER($closed) } cases were closed.
bulletin-drafted-open = { NUMBER($open) } cases are open, { NUMBER($overdue) } of them overdue.
bulletin-drafted-on-time = { $rate } % were closed on time ({ NUMBER($part) } of { NUMBER($whole) } due).
bulletin-drafted-before = In the days before it was { $rate } %.
bulletin-drafted-median = Half of the closed cases took no longer than { $days } days.
bulletin-drafted-kinds = Most open: { $kinds }.
bulletin-drafted-named = { $name } { NUMBER($n) }
bulletin-drafted-grid = { $grid } ({ NUMBER($n) })
bulletin-bar-km = { $km } km
bulletin-drafted-none-overdue = No grid has an overdue case.
bulletin-drafted-worst = Most overdue cases: { $grids }.
bulletin-drafted-vacant = { $n ->
    [one] 1 grid in force has no coordinator.
   *[other] { NUMBER($n) } grids in force have no coordinator.
}
bulletin-drafted-plans = { $overdue ->
    [0] Keep to the deadlines of open cases.
   *[other] Settle the { NUMBER($overdue) } overdue cases first, the oldest before all others.
}
