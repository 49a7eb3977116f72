# The app of who walks: what is there without signal, and what waits on the phone
phone-title = In the field
phone-report = Report
phone-needs-script = This page needs scripts to show what is on the phone.
phone-look = Look
phone-offline = No signal. What is due and the map of your grids are on this phone.
phone-unsent =
    { $n ->
        [one] 1 entry is being sent.
       *[other] { $n } entries are being sent.
    }
phone-unsent-offline =
    { $n ->
        [one] No signal. 1 entry is kept on this phone, sealed, and goes out by itself.
       *[other] No signal. { $n } entries are kept on this phone, sealed, and go out by themselves.
    }
phone-locked =
    { $n ->
        [one] You are signed out. 1 entry is kept on this phone, sealed; sign in to send it.
       *[other] You are signed out. { $n } entries are kept on this phone, sealed; sign in to send them.
    }
phone-refused =
    { $n ->
        [one] 1 entry was refused. Look why, and write it anew.
       *[other] { $n } entries were refused. Look why, and write them anew.
    }
phone-of-others =
    { $n ->
        [one] 1 entry of somebody else waits on this phone; it is theirs to send.
       *[other] { $n } entries of somebody else wait on this phone; they are theirs to send.
    }
phone-wiped = This phone was emptied because an administrator asked for it.
phone-kept = No signal. It is kept on this phone, sealed, and goes out by itself; you can go on with something else.
phone-kept-waiting = It is kept on this phone, sealed, and goes out by itself; you can go on with something else.
phone-kept-locked = It is kept on this phone, sealed. Sign in to send it.
phone-leave-title =
    { $n ->
        [one] 1 entry is not sent
       *[other] { $n } entries are not sent
    }
phone-leave-about = They stay on this phone, sealed. They can be sent only after you have signed in on this phone again.
phone-leave-stay = Stay and send them first
phone-leave-go = Sign out, keep them sealed

phone-nobody = Nobody is signed in on this phone
phone-nobody-about = Sign in once while there is signal. What is due then stays on the phone.
phone-no-pack = Nothing was taken along yet
phone-no-pack-about = Open Today once while there is signal.
phone-not-here = This page needs signal
phone-not-here-about = Here is what is on the phone.
phone-taken = As of { $when }
phone-find = Find a building
phone-find-about = Code, name, address, pinyin or its initials
phone-found-none = None of your buildings answers to this.
phone-nearest = Nearest first
phone-walk = { $n } stops, about { $metres } on foot
phone-skip = Skip
phone-skipped = Skipped; the walk is planned anew.
phone-unskip = Bring back
phone-nothing-due = Nothing is due
phone-due-n = { $n } due
phone-missing = Missing: { $fields }
phone-field-phone = phone
phone-field-age_band = age
phone-field-registered_here = where registered
phone-field-visit_hour = time for visits
phone-changed =
    { $joined ->
        [0] { $left ->
            [one] 1 building left your grid
           *[other] { $left } buildings left your grid
        }
       *[other] { $left ->
            [0] { $joined ->
                [one] 1 building joined your grid
               *[other] { $joined } buildings joined your grid
            }
           *[other] { $joined ->
                [one] 1 building joined your grid, { $left } left
               *[other] { $joined } buildings joined your grid, { $left } left
            }
        }
    }
phone-changed-about = Borders changed on { $day }. What is open moved with its building.
phone-joined-from = from { $who }, grid { $grid }
phone-left-to = to { $who }, grid { $grid }
phone-passed-nobody = nobody yet
phone-joined = Joined
phone-left = Left

phone-map = My grids
phone-map-about = { $buildings } buildings; those with something due are filled.
phone-closer = Closer
phone-farther = Farther
phone-whole = All of it
phone-where = Where am I
phone-where-about = Your position stays on this phone and is not recorded.

phone-visit = Visit
phone-visit-at = Visit at { $door }
phone-visit-result = Was anybody met?
phone-visit-verified = Went through what is held; it is right
phone-visit-people = Who lives here now and is not registered yet
phone-visit-name = Name
phone-visit-phone = Phone
phone-visit-consent = They were told what this is kept for and agree
phone-visit-asked = Asked
phone-visit-promised = Promised
phone-visit-until = Until
phone-save = Keep it
phone-not-kept = It could not be kept on this phone. Nothing is lost in the form; try again.
phone-photo-unreadable = The phone cannot read the photo { $name }, so nothing was kept. Take it away or choose another.
phone-arrival = Register an arrival
phone-arrival-door = Door
phone-arrival-on = Living here since

phone-hazard = Report a hazard
phone-hazard-kind = What is wrong
phone-hazard-severity = How bad
phone-hazard-severity-1 = General
phone-hazard-severity-2 = Serious
phone-hazard-severity-3 = Grave
phone-hazard-words = In a few words
phone-hazard-where = Where
phone-hazard-here = Where I stand
phone-hazard-photo = Photo
phone-hazard-no-place = Choose a building, or let the phone say where you stand.

phone-me = On this phone
phone-me-none = Nothing waits. All that was written here has arrived.
phone-kind-visit = Visit
phone-kind-arrival = Arrival
phone-kind-hazard = Hazard
phone-kind-photo = Photo
phone-kind-dropped = Let go of
phone-state-unsent = waits
phone-state-refused = refused
phone-state-done = arrived
phone-written = written { $when }
phone-read = Read
phone-drop = Let go of it
phone-drop-sure = Let go of this entry for good? Nobody will get it.
phone-send-now = Send now
phone-empty = Empty this phone
phone-empty-sure =
    { $n ->
        [0] Take everything of yours off this phone?
        [one] 1 entry is not sent and would be lost for good; that is written down. Empty this phone?
       *[other] { $n } entries are not sent and would be lost for good; that is written down. Empty this phone?
    }
phone-emptied = This phone is empty.
phone-read-needs = To read it back, sign in while there is signal.

phone-handsets = Phones
phone-handset-seen = last seen { $when }
phone-handset-unsent =
    { $n ->
        [0] nothing unsent
        [one] 1 entry unsent
       *[other] { $n } entries unsent
    }
phone-handset-wipe = Wipe
phone-handset-wipe-asked = to be wiped since { $when }
phone-handset-wiped =
    { $n ->
        [0] wiped { $when }; nothing was lost
        [one] wiped { $when }; 1 unsent entry was lost
       *[other] wiped { $when }; { $n } unsent entries were lost
    }
phone-handsets-about = A wiped phone loses entries that were not sent. How many is told here.
phone-consent-missing = Ask whether they agree and tick it, or take the names away.
phone-promise-day = A promise needs a day. Set until when.
phone-cancel = Cancel
phone-walk-and-find = Walk and find
phone-recheck = Hazards to re-check
phone-recheck-since = said to be done on { $day }; another person looks whether it is
phone-inspections = Inspections due
phone-scan = Scan a code
phone-scan-hold = Hold the code of the sheet or door before the camera. The picture is not kept.
phone-scan-none = This browser does not read codes by itself. Point the phone’s own camera at the code and open what it shows, or type the number printed beside it.
phone-scan-no-camera = The camera is not to be had. Allow it for this page, use the phone’s own camera, or type the number printed beside the code.
phone-scan-other = That code is not one of ours.
phone-scan-typed = Number beside the code
phone-scan-find = Find
phone-sheet-old = This sheet is older than the border of your grids, or is another grid’s. Ask for a new one.
phone-west = West
phone-north = North
phone-south = South
phone-east = East
