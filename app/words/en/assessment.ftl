# How grids and offices see their cases through
assessment-title = Assessment
assessment-about = How grids and offices see cases through that were due in the quarter. How much was reported or closed is never a measure. Every figure opens the cases that count against it.
assessment-by = By grid or office
assessment-by-named = { $sort ->
    [office] by office
   *[grid] by grid
}
assessment-named = { $sort ->
    [office] Office
   *[grid] Grid
}
assessment-no-office = no office named
assessment-nothing = No case was due in this quarter, or none of yours.
assessment-appeals = Appeals of this area are answered under Figures.
assessment-behind = { $key }, { $quarter }: the cases that count against it.
assessment-case = Case
assessment-reported = Reported
assessment-due = Due
assessment-closed = Closed
assessment-open = still open
assessment-reworked = done anew { $n ->
    [one] once
   *[other] { NUMBER($n) } times
}
assessment-reopened = reopened { $n ->
    [one] once
   *[other] { NUMBER($n) } times
}
assessment-most = The first { NUMBER($n) } are shown.
assessment-none-behind = No case counts against it.
indicator-case-on-time = Cases closed on time
indicator-about-case-on-time = Cases closed by the day they were due, of those due; refused ones and duplicates left out.
indicator-case-closed = Cases closed
indicator-about-case-closed = Cases closed by now, of those due.
indicator-case-check-passed = Passed at the first check
indicator-about-case-check-passed = Cases whose work was not sent back by a check, of those that were checked.
indicator-case-stayed-closed = Stayed closed
indicator-about-case-stayed-closed = Cases that were not reopened, of those that were closed.
