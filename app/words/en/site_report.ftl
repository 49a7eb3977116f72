### The report of a place by anybody, what waits for staff to look, and following it by a code.

site-report-title = Report a place
site-report-about = Something at a place is dangerous or a nuisance? Tell us which place, and what is wrong there. Please write about the place, not about persons: names, phones and plates are taken out.
site-report-back = To the map
site-report-where = Where
site-report-point = The point you chose
site-report-no-place = Choose the building or touch the place on the map first.
site-report-not-found = Your position could not be found. Choose the place on the map.
site-report-choose = Choose the place
site-report-here = I am there
site-report-site = Where exactly
site-report-site-about = For instance: entrance 2, third floor, by the electric meters
site-report-kind = What is wrong
site-report-words = In your words
site-report-words-about = About the place only. No names, no phone numbers.
site-report-photo = Photos, at most { $most }
site-report-photo-about = Of the place, without people. Nobody sees a photo before staff have looked at it.
site-report-danger = Fire or gas? Do not wait: leave, then call 119.
site-report-send = Send
site-report-taken = Thank you: it is written down
site-report-goes = { $grid ->
    [none] It goes to the office of the place.
   *[other] It goes to the coordinator of grid { $grid }.
}
site-report-code-about = With this code you see each step of what becomes of it. It is shown only now; write it down or print it.
site-report-waits = Staff first look at words that may name somebody, and at photos.
site-report-print = Print the code

held-title = Words and photos to look at
held-about = What the public sent and nobody has been shown yet. Take out what names somebody; show the rest.
held-none = Nothing waits
held-none-about = Words that may name somebody and photos of the public come here first.
held-as-sent = As it was sent; seen by you alone, and that you looked is written down:
held-proposed = As it will be shown
held-show = Show these words
held-drop = Show no words
held-photo = Photo sent in by the public
held-photo-show = Show with the case
held-photo-drop = Show to nobody

follow-hazard-at = Reported { $day }
follow-step = { $act ->
    [report] Your report was written down.
    [accept] The office has taken it up.
    [call] Emergency help was called.
    [refuse] The office does not take it up.
    [duplicate] It was known already; the earlier report goes on.
    [file] It was put on file.
    [meet] The community set a day to talk about it.
    [dispatch] It was handed to who puts it right.
    [hand_up] It was handed to the office above.
    [begin] Work has begun.
    [claim] The work is said to be done.
    [answer] The office above has answered.
    [tell] There is news.
    [verify] Somebody looked: it is done.
    [fail] Somebody looked: it is not done yet, and goes on.
    [on_the_spot] It was put right on the spot.
    [close] It is closed.
    [pend] It has to wait.
    [resume] It goes on.
    [reopen] It was opened again.
   *[other] There was a step.
}
frame-held = Held
