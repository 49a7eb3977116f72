# The life of a plan: drafts, reviews, comments, the past
life-stage = { $stage ->
    [waiting] waiting for review
    [approved] approved
    [failed] not published
    [sent_back] sent back
    [published] in force
    [retired] retired
   *[draft] draft
}
life-drafts = Drafts
life-others = In force and former
life-slot = Draft { $slot }
life-slot-free = Slot { $slot } is free
life-slot-split = Split into { $slot }
life-draft-besides = Draft
plans-pick-short = compare
plans-in-force = { $to ->
    [none] since { $from }
   *[other] { $from } to { $to }
}
life-open-comments = { $n ->
    [one] 1 open comment
   *[other] { $n } open comments
}
life-waits-for-you = { $n ->
    [one] A plan waits for your decision
   *[other] { $n } plans wait for your decision
}

# what came of a review
life-waiting = Submitted { $when } by { $by }
life-approved = Approved by { $by }. It comes into force on { $day }.
life-approved-due = Approved by { $by } for { $day }. It is being published; reload in a minute.
life-sent-back = Sent back { $when } by { $by }
life-failed = It was to come into force on { $day } and could not be published
life-failed-remedy = Publish it by hand once that is put right, or withdraw it.
life-note = “{ $note }”
life-submission-lapsed = It was submitted: it is a draft again, to be submitted anew.
life-somebody = somebody

# acts
life-edit = Edit on the map
life-compare = Compare
life-review = Review
life-act-submit = Submit
life-act-withdraw = Withdraw
life-act-duplicate = Copy
life-act-discard = Discard
life-act-publish = Publish
life-approve = Approve
life-send-back = Send back

life-submit-title = Submit { $name } to the leaders?
life-submit-about = Until it is sent back or withdrawn nobody edits it.
life-submit-note = Note to the leaders (optional)
life-submitted = { $name } is submitted. Its leaders see it among the plans.
life-withdraw-title = Take { $name } back?
life-withdraw-about = It is a draft again and can be edited; to be published it must be submitted anew.
life-withdrawn = { $name } is a draft again.
life-duplicated = Copied into { $name }.
life-discard-title = Discard { $name }?
life-discard-about = It stays readable among the retired plans, but cannot be edited or published any more.
life-not = Not now

# settings
life-alone = Managers publish without a leader’s approval
life-alone-about = Without it, every plan of { $place } and of all beneath it must be approved.
life-alone-no = Plans here are published once a leader has approved them.
life-alone-changed = Managers publish alone now.
life-alone-ended = Plans need an approval now.

# the page of a review
life-review-title = Review of { $name }
life-review-about = { $place }: { $grids } grids, { $households } households, { $out } out of band
life-step-submitted = Submitted
life-step-decided = Decided
life-step-in-force = In force
life-step-not-yet = not yet
life-decision = Your decision
life-decision-about = It comes into force at the beginning of that day, also if nobody is at work.
life-effective = In force from
life-decision-note = Note to the managers
life-note-needed = Say what is to change: the managers read it beside their draft.
life-decided-approved = Approved for { $day }.
life-decided-sent-back = Sent back to the managers.
life-own = You submitted this plan yourself. Another leader has to decide.
life-never-submitted = This plan was not submitted.
life-map-title = { $name } with comments
life-changes-first = This would be the first plan here: every grid is new.
life-certificate = Certificate
life-former-reviews = Earlier reviews

# comments
life-comments = Comments
life-comments-none = No comments yet.
life-comments-none-about = Pin one to the map where something is to change.
life-comment-add = Comment
life-comment-words = What is to change here?
life-comment-hint = About ground and grids. Name no residents.
life-comment-pinning = Press the map where the comment belongs, or
life-comment-middle = pin to the middle of the map
life-comment-pinned = Pinned to { $where }
life-comment-unpin = Without a pin
life-comment-spot = a point outside all grids
life-comment-grid = grid { $code }
life-comment-send = Send
life-comment-settle = Settle
life-comment-settled = Settled by { $by }, { $when }
life-comment-by = { $by }, { $when }
life-comment-version = on version { $version }
life-comment-show = Show on the map
life-comment-number = Comment { $number }
life-comment-show-settled = { $n ->
    [one] 1 settled comment
   *[other] { $n } settled comments
}

# the past on the map
life-day = On the day
life-day-pick = Show the map as it was on a day
life-day-banner = As of { $day }
life-day-about = plan, coordinators and vacancies of that day; buildings and streets of today
life-day-back = Back to today
life-day-none = On { $day } no plan was in force for { $place }.
life-day-none-about = The first came into force on { $first }.
life-day-never = None has come into force yet.

# the same ground then and now
life-ground = The same ground, then and now
life-ground-about = What was counted at each time, summed on the grids of { $name }. New borders alone change nothing here.
life-ground-same = Both plans lie on the same plots and counts: nothing on the ground changed. Every difference between them is made by the borders.
life-ground-then = { $day }
life-ground-households = Households
life-ground-buildings = Buildings
life-ground-in-band = Grids in band
life-ground-change = Change
life-ground-grid = Grid
life-ground-grids = { $n ->
    [one] The grid that changed
   *[other] The { $n } grids that changed most
}
life-ground-astride = { $plots ->
    [one] 1 former plot reaches over a border
   *[other] { $plots } former plots reach over a border
} ({ $households } households): counted where most of its ground lies.
life-ground-astride-untold = { $plots ->
    [one] 1 former plot reaches over a border
   *[other] { $plots } former plots reach over a border
}: counted where most of its ground lies. How many households that is, is not told.
life-ground-outside-untold = { $plots ->
    [one] 1 former plot lies
   *[other] { $plots } former plots lie
} outside every grid and cannot be compared. How many households that is, is not told.
life-ground-outside = { $plots ->
    [one] 1 former plot lies
   *[other] { $plots } former plots lie
} outside every grid ({ $households } households) and cannot be compared.

# who answers for a grid in force
life-assign = Assign a coordinator
life-assign-other = Change the coordinator
life-assign-title = Who answers for { $grid }?
life-assign-about = From now on. Who answered until now stays on record.
life-assign-nobody = Nobody (vacant)
life-assign-load = { $name } · { $grids ->
    [0] no grid yet
    [one] 1 grid, { $households } households
   *[other] { $grids } grids, { $households } households
}
life-assign-save = Assign
life-assign-done = The coordinator of { $grid } has changed.
