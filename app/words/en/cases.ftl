### Hazards and their cases: list, report, case, inspections, limits.
## What there is
case-state = { $state ->
    [reported] Reported
    [accepted] Accepted
    [refused] Refused
    [filed] Filed
    [dispatched] Dispatched
    [handling] Being handled
    [claimed_done] Done, to be checked
    [verified] Checked
    [closed] Closed
    [evaluated] Evaluated
    [returned] Returned
    [rework] Rework
    [pending] Pending list
   *[duplicate] Duplicate
  }
case-mechanism = { $mechanism ->
    [coordination] Coordination
    [emergency] Emergency
    [approval] Approval
   *[ordinary] Ordinary
  }
case-severity = { $severity ->
    [1] General
    [2] Serious
   *[3] Grave
  }
case-origin = { $origin ->
    [coordinator] A coordinator
    [manager] A manager
    [public] The public
    [inspection] An inspection
   *[import] A file
  }
case-act = { $act ->
    [report] Reported
    [accept] Accept
    [call] Call who must know
    [classify] Sort
    [refuse] Refuse
    [duplicate] Duplicate of another
    [on_the_spot] Done on the spot
    [file] File
    [meet] Community meeting
    [dispatch] Dispatch
    [hand_up] Hand up
    [begin] Begin
    [track] Track
    [return] Return: not ours
    [claim] Done
    [answer] Answer came
    [verify] Check passed
    [tell] Tell whoever reported
    [fail] Check failed
    [close] Close
    [evaluate] Evaluate
    [reopen] Reopen
    [pend] Put on the pending list
    [resume] Take up again
    [supervise] Supervise
   *[escalated] Told upwards: overdue
  }
case-act-about = { $act ->
    [accept] It is ours. The clock of filing and dispatch begins.
    [call] First call, then write: it is filed within an hour.
    [classify] Correct kind, severity or mechanism; its limits are reckoned anew from the report on.
    [refuse] It is no hazard, or not ours. Say why: whoever reported reads it.
    [duplicate] Another case is about the same thing.
    [on_the_spot] Put right at once, with a photo; it is filed and closed in one step.
    [file] Enter it as a case.
    [meet] The meeting of the community files it.
    [dispatch] Hand it to the office or person who handles it.
    [hand_up] Hand it to a higher office against a receipt.
    [begin] The work begins.
    [track] What the higher office says meanwhile.
    [return] Sent to the wrong office.
    [claim] The work is done; somebody checks it.
    [answer] The higher office has answered.
    [verify] You looked at the site: it is right.
    [tell] Tell the answer to whoever reported.
    [fail] You looked at the site: it is not right.
    [close] The case is over.
    [evaluate] How it went, for next time.
    [reopen] Within 30 days; later it is a new hazard.
    [pend] It cannot be done now. The clock stands, with a reason and a day on which it is looked at again.
    [resume] The clock runs again with the hours that were left.
   *[supervise] A note that everybody who opens the case reads.
  }
case-fact = { $fact ->
    [reason] Reason
    [called] Who was called
    [of] Number of the other case
    [met_on] Day of the meeting
    [decision] What was decided
    [office] Office
    [handler_id] Person
    [receipt] Number of the receipt
    [answer] Answer
    [told] For whoever reported
    [note] Note for staff
    [review_on] Look at it again on
    [kind] Kind
    [severity] Severity
    [mechanism] Mechanism
   *[photo] Photo after the work
  }
case-clock = { $clock ->
    [green] On time
    [amber] Soon due
    [red] Stage overdue
   *[stands] Clock stands
  }


## List
cases-title = Hazards and cases
cases-about = What is wrong at buildings and places, and how it is handled. Open ones by the day they are due.
cases-new = Report a hazard
cases-which = Which cases
cases-open = Open
cases-mine = Mine
cases-overdue = Overdue
cases-escalated = Stage overdue
cases-over = Closed
cases-all = All
cases-kind = Kind
cases-any-kind = Every kind
cases-severity = Severity
cases-any-severity = Every severity
cases-state = State
cases-any-state = Every state
cases-place = Area
cases-any-place = All my areas
cases-grid = Grid code
cases-narrow = Show
cases-at = As it stood at the end of { $day }.
cases-count =
    { $n ->
        [one] { $n } hazard
       *[other] { $n } hazards
    }
cases-count-most = { $n } hazards or more
cases-period = { $first } to { $last }
cases-none = None here
cases-none-about = No hazard is as asked. Choose another list, or report one.
cases-more = Next { $n }
cases-due = due { $day }
cases-was-due = was due { $day }
cases-reported = reported { $day }
cases-closed-on = closed { $day }
cases-limits = Kinds and limits

## Report
hazard-title = Report a hazard
hazard-where-none = Where is it?
hazard-where-about = Open the building or the compound and report from there, or take the point where you stand.
hazard-here = Where I stand
hazard-locating = Finding where you are …
hazard-not-located = The phone could not find where it is. Open the building instead.
hazard-my-buildings = My buildings
hazard-on-map = Map
hazard-point = Point { $lat }, { $lon }
hazard-kind = What is wrong?
hazard-severity = How bad is it?
hazard-done-by = done by { $at }
hazard-site = Where exactly
hazard-site-hint = As in “stairwell 2, third floor”. No names of people.
hazard-description = What do you see?
hazard-description-hint = About the site, not about who lives there.
hazard-photo = Photo
hazard-photo-hint = JPEG or PNG, up to 8 MB. What the camera writes beside it is taken off.
hazard-emergency = Emergency: people must be called at once
hazard-goes-to = Goes to grid { $grid }, { $coordinator }
hazard-goes-vacant = Goes to grid { $grid }, which nobody answers for now
hazard-goes-community = Goes to { $community }; no plan is in force there
hazard-near-title = Already reported nearby
hazard-near-about = The same kind within 50 m in the last 7 days. Is it this one?
hazard-near-metres = { $n } m away
hazard-sure = It is another one
hazard-send = Report

## Case
case-title = Case { $id }
case-site-map = On the map
case-building = Building
case-stage-until = Stage until { $at }
case-due-until = Done by { $at }
case-stands-until = On the pending list; looked at again on { $day }
case-done-at = Done { $at }
case-closed-at = Closed { $at }
case-grid = Grid
case-coordinator = Coordinator then
case-handler = Handled by
case-reported-by = Reported by
case-held = The words wait for staff to look whether they name somebody.
case-photos-before = Before
case-photos-after = After
case-no-photos = No photo
case-photo-before = Photo of the site, { $n }
case-photo-after = Photo after the work, { $n }
case-next = Next
case-nothing-next = Nothing is for you to do here now.
case-history = History
case-clock-itself = The clock
case-stops = When the clock stood
case-stop = { $from } to { $until }: { $why }
case-stop-open = since { $from }: { $why }
case-within-an-hour = filed within an hour
case-not-within-an-hour = filed later than an hour after the report
case-told-line = Told: { $words }
case-counts = Reopened { $reopened }, reworked { $reworked }, returned { $returned } times
case-duplicate-of = Duplicate of case { $id }
case-logged = That you opened this case is written down.
case-handler-none = The office decides

## Inspections
inspections-title = Inspections
inspections-about = Rental compounds, markets and building sites, looked at again and again. What is due within a fortnight.
inspections-count = { $n ->
    [one] 1 due
   *[other] { $n } due
  }
inspections-none = Nothing to inspect
inspections-none-about = Nothing is due within a fortnight.
inspections-every = { $n ->
    [one] every month
   *[other] every { $n } months
  }
inspections-last = last { $day }
inspections-never = never yet
inspections-fine = Nothing wrong
inspections-found = Hazard found
inspections-end = Inspect no more
inspections-set-up = Set up inspections
inspections-set-up-about = Every rental compound is looked at each three months, every market and building site each month. What is on the list already stays as it is.
inspection-about-compound = Gas, wiring, exits, e-bikes
inspection-about-market = Exits, fire equipment, wiring
inspection-about-site = Fence, scaffolding, dormitories

## Kinds and limits
limits-about = Which hazards there are, and how long each stage of a case may take. A limit holds from its day on; cases reported before keep theirs.
limits-rules = Rules
limits-title = Time limits
limits-from = From
limits-stage = { $stage ->
    [accept] Accept, hours
    [dispatch] File and dispatch, hours
    [handle] Handle, hours
   *[verify] Check and close, hours
  }
limits-time = Counted in
limits-worked = Working hours
limits-wall = Hours of the clock
limits-every-kind = Every other kind
limits-add = Add a limit
limits-kinds = Kinds
limits-code = Code
limits-weight = Weight in the heat
limits-weighs = weight { $n }
limits-by-public = The public may report it
limits-retired = No longer reported
limits-keep = Save
limits-add-kind = Add a kind
