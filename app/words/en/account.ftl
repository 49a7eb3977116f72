### Signing in, one's own account, and the administration of staff.

## Signing in
sign-in-title = Sign in
sign-in-about = Grid plans, staff and hazards of your district.
sign-in-act = Sign in
sign-in-help = No account, or the password forgotten? An administrator of your district gives you a new one.
sign-out-act = Sign out
account-account = Account
account-password = Password

## When something is refused
problem-title-400 = That cannot be read
problem-title-401 = Please sign in
problem-title-403 = Not for you to do
problem-title-404 = Nothing here
problem-title-405 = Not possible here
problem-title-409 = That does not go together
problem-title-410 = Gone
problem-title-412 = Changed meanwhile
problem-title-413 = Too large
problem-title-415 = Of a kind not read here
problem-title-422 = That cannot be done
problem-title-428 = Which version?
problem-title-429 = Too many attempts
problem-title-500 = Our fault
problem-title-503 = Back in a moment
problem-title-507 = No room left
problem-title-other = That did not work
problem-again = Try again
problem-home = To the map

## Roles
role-manager = Manager
role-coordinator = Coordinator
role-leader = Leader
role-administrator = Administrator
role-kind = Role
role-place = Area
role-until = Until
role-until-about = Its last day; empty: until revoked
role-everywhere = everywhere
role-everywhere-choice = Everywhere (administrators only)
role-grant = Give this role
role-revoke = Revoke
role-ends = until { $day }
role-ended = ended { $day }

## Staff
people-title = Staff
people-about = Who may sign in, and what they may do where. People who leave are retired; what they did stays.
people-add = Add a person
people-add-about = You get a password to hand over. It lasts three days and is changed at the first sign-in.
people-back = Back
people-search = Name, account or phone
people-search-act = Search
people-count =
    { $n ->
        [one] { $n } person
       *[other] { $n } people
    }
people-none = Nobody in your areas yet
people-none-about = Add the first manager, coordinator or leader; they can sign in at once.
people-none-found = Nobody matches “{ $words }”
people-show-all = Show everybody
person-name = Name
person-phone = Office phone
person-phone-about = Shown to residents beside the grid.
person-roles = Roles
person-no-roles = none
person-no-roles-about = No role: this person can sign in but sees no area. Give a role below.
person-last-seen = Last seen
person-seen = last seen { $when }
person-never-seen = never signed in
person-retired = retired
person-details = Name and phone
person-save = Save
person-access = Access
person-access-about = A new password ends every session of this person. Retired people cannot sign in; they can be brought back at any time.
person-new-password = New password
person-sign-out = Sign out everywhere
person-deactivate = Retire
person-reactivate = Bring back
person-password-given = The first password has not been changed yet.
person-yourself = This is you. Another administrator changes your roles and access.
password-once-title = Password to hand over
password-once-about = Shown only now. It is good for three days and must be changed at the first sign-in.
account-about = 2 to 32 small letters, digits, dots or hyphens, for example wang.fang

## One's own account
me-title = My account
me-password = Password
me-password-given = This password was given to you. Choose your own to go on.
me-password-changed = The password is changed. You were signed out everywhere else.
me-password-present = Present password
me-password-wanted = New password
me-password-again = New password once more
me-password-about = At least { $least } characters. Several words that only you would put together are best.
me-password-act = Change password
me-no-roles = You have no role yet. An administrator gives you one.
me-sessions = Where you are signed in
me-session = Since { $begun }, last used { $seen }
me-sessions-about = A session ends after 30 minutes without use, and after 12 hours.
me-sign-out-everywhere = Sign out everywhere
