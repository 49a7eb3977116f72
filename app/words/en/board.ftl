# The board of leaders and managers
board-title = Board
board-about = { $first } to { $last }; open and overdue as of { $at }. Every figure opens what it counts.
board-no-place = No place is open to you yet. An administrator gives roles.
board-print = Print
board-place = Area
board-from = From
board-to = to
board-show = Show
board-periods = Periods
board-period-days = { $days } days
board-period-month = This month
board-period-former-month = Last month
board-open = Open
board-open-about = cases now
board-overdue = Overdue
board-of-open = { $share } % of open cases
board-none-open = Nothing is open.
board-on-time = Closed on time
board-of-due = of those due
board-before = { $value } in the period before
board-closed = Closed
board-median = Median time to close
board-days = { $days } days
board-nothing-closed = nothing closed
board-filed = Filed
board-of-reported = of those reported
board-counting = counting…
board-not-counted = not counted just now
board-vacant = Vacant grids
board-of-grids = of { NUMBER($n) } grids in force
board-moved = Reported and closed by week
board-reported = reported
board-gone = closed, with refused ones
board-open-weeks = Open at the end of each week
board-on-time-weeks = Closed on time by week, % of those due
board-by-kind = Open by kind
board-kind = Kind
board-share = Share
board-worst = Ten grids with most overdue cases
board-none-overdue = Nothing is overdue.
board-oldest = Oldest due
board-why = Why: where they stand
board-no-grid = in no grid
board-not-in-force = no such grid is in force
board-stands = { $state ->
    [reported] not accepted
    [accepted] accepted, not filed
    [filed] filed, not dispatched
    [dispatched] dispatched, not begun
    [handling] being handled
    [returned] sent to the wrong office
    [rework] done anew after a check
   *[other] { $state }
} { NUMBER($n) }
board-weeks = Week by week
board-week = Week
board-defined = Closed on time: closed by the day they were due, of all that were due, refused ones and duplicates left out. What is due today counts tomorrow. Median: from report to closing, in days of the calendar.
