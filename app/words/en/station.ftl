# A station: tasks, six haves, meetings, notices, corrections, mediation
station-title = Station
station-about = The work that comes again, what the station has, what was said, what hangs on the board, and what is to be put right.
station-tab-calendar = Calendar
station-tab-tasks = Five duties
station-tab-haves = Six haves
station-tab-meetings = Meetings
station-tab-notices = Notices
station-tab-corrections = Corrections
station-tab-mediation = Mediation

station-duty-wishes = Know what residents wish
station-duty-services = Run all services
station-duty-help = Daily help for those who asked
station-duty-organise = Employers and volunteers
station-duty-culture = Culture and activities
station-every-week = every week
station-every-month = every month
station-every-quarter = every quarter
station-idle = resting since { $day }
station-never = never done
station-last = last on { $day }
station-done = done on { $day }
station-done-act = Done
station-no-grid = No grid is yours now
station-no-grid-about = In how many grids each task is done in this week, month or quarter. It is written down by who answers for the grid.
station-no-grids-about = No grid of this place is in force. Publish a plan; the tasks of the five duties then appear for each grid.
station-done-in = done in { $n } of { $grids ->
    [one] { $grids } grid
   *[other] { $grids } grids
  }

station-haves-about = As somebody saw it last. What nobody looked at is not measured, which is not the same as missing.
station-have-sign = Sign
station-have-place = Place
station-have-organisation = Organisation
station-have-network = Network
station-have-team = Team
station-have-system = Rules
station-there = There
station-yes = there
station-no = missing
station-photo = photo
station-not-looked = not looked at
station-what = What
station-is-there = Is it there?
station-photo-send = Photo (JPEG or PNG)
station-photo-about = Of the thing, with no person in it. What the camera wrote beside the picture is left out.
station-look-act = Write down what I saw

station-meeting-meeting = Meeting
station-meeting-feedback-day = Feedback day
station-meeting-kind = Kind
station-minutes = Minutes
station-meeting-keep = Keep minutes
station-no-meetings = No minutes yet.

station-hangs-from = from { $day }
station-hangs-until = until { $day }
station-in-languages = { $both ->
    [yes] Chinese and English
   *[no] Chinese only
}
station-notice-sheet = Sheet for the board
station-notice-head = Notice
station-notice-by = Put up by { $by }
station-notice-until = Hangs until { $day }
station-take-down = Take down
station-no-notices = Nothing hangs on the board.
station-for-grid = Grid code (empty: all grids)
station-title-zh = Title in Chinese
station-text-zh = Text in Chinese
station-title-en = Title in English
station-text-en = Text in English
station-hang = Hang notice

station-corrections-about = Tell the office that holds it what is not right about a building or place. No names: who someone is, is corrected in the rights centre. The clock runs in work days.
station-answered = answered { $day }
station-overdue = overdue since { $day }
station-due = due { $day }
station-answer = What the office answered
station-answer-act = Keep answer
station-no-corrections = No correction was sent.
station-office = To which office
station-wrong = What is held
station-better = What should be held
station-correct = Send correction

station-mediation-about = These are your own files. Nobody else can open them, they are on no map and in no export. Parties by their initials alone.
station-outcome-settled = settled
station-outcome-not-settled = not settled
station-outcome-handed-on = handed on
station-no-files = You have no file.
station-parties = Parties, by initials (L W)
station-dispute = What it is about
station-take-on = Open file

calendar-of = { $place }: { $month }
calendar-months = Other months
calendar-about = What has its day at the station, counted; it names nobody. It is put together from tasks, minutes, inspections, corrections and notices: enter them there. What is due at doors is on the list of the day.
calendar-holiday = Holiday: { $what }
calendar-worked = Work day instead: { $what }
calendar-feedback = Feedback day
calendar-feedback-kept = Feedback day held: { $n ->
    [one] minutes kept
   *[other] { $n } minutes kept
  }
calendar-meeting = { $n ->
    [one] Meeting held
   *[other] { $n } meetings held
  }
calendar-tasks = { $what ->
    [week] Tasks of the week: { $n } of { $whole } done
    [month] Tasks of the month: { $n } of { $whole } done
   *[other] Tasks of the quarter: { $n } of { $whole } done
  }
calendar-tasks-ahead = { $what ->
    [week] Tasks of the week end: { $whole }
    [month] Tasks of the month end: { $whole }
   *[other] Tasks of the quarter end: { $whole }
  }
calendar-zero-from = Zero reports for { $month } can be filed from now on
calendar-zero-until = Zero reports for { $month }: last day in time, { $n } of { $whole } filed
calendar-verification = { $n ->
    [one] The month’s verification ends
    [3] The quarter’s verification ends
   *[other] Verification of { $n } months ends
  }
calendar-inspections = { $what }: { $n } to inspect
calendar-inspections-late = { $what }: { $n } overdue for inspection
calendar-inspections-done = { $what }: { $n } inspected
calendar-corrections = { $n ->
    [one] An office’s answer to a correction is due
   *[other] Answers to { $n } corrections are due
  }
calendar-corrections-late = { $n ->
    [one] An office’s answer to a correction is overdue
   *[other] Answers to { $n } corrections are overdue
  }
calendar-notice = { $n ->
    [one] Notice to hang
   *[other] { $n } notices to hang
  }
calendar-notice-ends = { $n ->
    [one] Notice: last day
   *[other] { $n } notices: last day
  }
