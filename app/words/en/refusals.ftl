### What a person in the browser reads when something is refused: what is wrong with which object, and the remedy.
### One message for every code of app/errors.py (`_` written `-`), with the same facts.

## Commands and files to write
refusal-same-file = { $file } is named twice: what is written there would destroy the other. Choose another name.
refusal-not-a-geopackage-name = { $file } does not end in .gpkg, but a GeoPackage is what is written. Rename it.
refusal-plots-do-not-match = { $count } plot borders could not be fitted together. This is a fault of ours: please report it with the file.
refusal-level-unknown = The district has no administrative areas of level “{ $level }” (found: { $found }). Choose one of these.
refusal-folder-missing = There is no folder { $folder } to write { $file } in. Have the administrator make it, or choose another folder.
refusal-path-is-folder = { $file } is a folder, not a file. Choose a file name.
refusal-not-writable = { $file } cannot be written: { $why }. Choose a folder where writing is allowed. Nothing was changed.
refusal-disk-full = The server's disk is full: { $file } could not be written. Have the administrator make room, then try again. Nothing was changed.
refusal-leaflet-missing = The map library is missing at { $folder }. The administrator fetches it by running the set-up once.
refusal-pages-not-built = The page's file { $file } is not built yet. The administrator builds it by running the set-up once.

## Files sent
refusal-layer-missing =
    { $file } has no layer “{ $layer }” (found: { $found }). { $role ->
        [buildings] Say which layer holds the buildings
        [streets] Say which layer holds the streets
        [boundary] Say which layer holds the boundary
        [water] Say which layer holds the water
        [railways] Say which layer holds the railways
        [compounds] Say which layer holds the compounds
        [green] Say which layer holds the green areas
        [entrances] Say which layer holds the entrances
       *[admin] Say which layer holds the administrative areas
    }, or send them as a file of their own.
refusal-grids-column-missing = { $file }, layer grids, has no column “{ $column }” (found: { $found }). Give every grid its code and its households.
refusal-grids-count-unreadable = { $file }, layer grids, row { $row }: its households are { $found }, no whole number. Correct it there.
refusal-grids-crs-unknown = { $file } does not say in which coordinate system its grids are, or in one that does not fit them. Export it with its coordinate system.
refusal-certificate-unreadable = { $file } is no certificate of this software, or a damaged one. Take it as it was written.
refusal-file-missing = { $file } is not there any more. Choose the file again.
refusal-file-unreadable = { $file } may not be read. Have its owner allow it, or send a copy.
refusal-file-empty = { $file } is empty. Export it again.
refusal-file-open-elsewhere = { $file } has changes that are not in it yet: it was open in another program when it was sent. Close it there and send it again.
refusal-file-too-large = { $file } has { $size_mb } MB; at most { $most_mb } MB are allowed. Send the area in parts.
refusal-format-unknown = { $file } is of no format that is read here ({ $allowed }). Export it in one of them.
refusal-format-mismatch = The name of { $file } says { $named }, but its content does not{ $looks }. Give it the name of what it is, or export it again.
refusal-file-damaged = { $file } is damaged: { $what }. Export it again.
refusal-file-unsafe = { $file } asks for what no data file may: { $what }. Export it without that.
refusal-file-not-understood = { $file } is not understood: { $what }. Export it again as a plain file of polygons with attributes.
refusal-too-deep = { $file } is nested deeper than { $most } levels. Export it again as a plain file.
refusal-archive-too-large = { $file } unpacks to { $what }, more than the { $most } allowed. Send only what belongs to it, or split it.
refusal-archive-encrypted = { $file } is encrypted. Send it without a password.
refusal-member-missing = { $file } lacks { $member }. Zip the .shp, .dbf and .prj together and send it again.
refusal-encoding-wrong = The text of { $file } is not { $encoding }. Choose the right encoding and send it again.
refusal-encoding-unknown = { $file } does not say how its text is encoded, and it fits neither UTF-8 nor GB18030. Choose the encoding and send it again.
refusal-not-utf8 = { $file } must be UTF-8 and is not, from byte { $byte } on{ $looks }. Save it as UTF-8, or choose its encoding.
refusal-crs-missing = { $file }, layer “{ $layer }”, does not say in which coordinate system it is. Name it, for example EPSG:4490.
refusal-crs-unreadable = { $file }: the coordinate system { $crs } is not understood. Name it, for example EPSG:4547.
refusal-crs-contradicts = { $file }: its coordinates cannot be { $crs }, as { $said_by } says. Name the coordinate system they are in.
refusal-layer-ambiguous =
    { $file } has several layers ({ $found }), and no name tells which one holds { $role ->
        [buildings] the buildings
        [streets] the streets
        [boundary] the boundary
        [water] the water
        [railways] the railways
        [compounds] the compounds
        [green] the green areas
        [entrances] the entrances
       *[admin] the administrative areas
    }. Say which.
refusal-layer-empty = { $file }, layer “{ $layer }”, has no rows. Check the export.
refusal-layer-not-a-table = { $file }: layer “{ $layer }” is a view or computed table. Export it as a plain table.
refusal-no-layers = { $file } holds no layer of features. Check the export.
refusal-too-many-layers = { $file } has { $layers } layers, more than the { $most } allowed. Export only what is needed.
refusal-too-many-rows = { $file }, layer “{ $layer }”, has { $rows } rows, more than the { $most } allowed. Send it in parts.
refusal-too-many-columns = { $file }, layer “{ $layer }”, has { $columns } columns, more than the { $most } allowed. Export only those needed.
refusal-column-missing =
    { $file } has no column “{ $column }” for the { $field ->
        [households] households
        [code] building code
        [name] name
        [floors] floors
        [address] address
       *[other] { $field }
    } (found: { $found }). Choose one of those.
refusal-column-ambiguous =
    { $file }: columns { $columns } could all hold the { $field ->
        [households] households
       *[code] building code
    } and differ. Say which one is right.
refusal-buildings-stacked = { $file }: { $pairs } pairs of its { $rows } buildings overlap each other. Export each building once.
refusal-rows-refused = { $file } is refused whole: { $refused } of { $rows } rows cannot be taken. First { $row }: { $why }
refusal-place-missing = { $file } has no administrative area called “{ $place }” with a complete outline (complete ones: { $found }). Choose one of those, or send the boundary as a file.
refusal-boundary-unusable =
    { $rows ->
        [one] The one row of the boundary cannot serve as an outline{ $why }.
       *[other] None of the { $rows } rows of the boundary can serve as an outline{ $why }.
    } Correct the boundary, or leave it out to have one drawn around the buildings.
refusal-box-elsewhere = The box shares no ground with the { $outline }. Check its four numbers.
refusal-no-buildings-left = No building lies inside the outline. Check that boundary and buildings are of the same area and datum.
refusal-reading-took-too-long = { $file } could not be read within { $seconds } s. Send a smaller or simpler file.
refusal-reading-took-too-much-memory = { $file } needs more than { $memory_mb } MB to read. Send a smaller or simpler file.
refusal-reader-killed = { $file }: the server ran short of memory while reading. Try again later, or send the area in parts.
refusal-no-room-to-read = There is no room left on the server ({ $folder }) to read { $file }. Have the administrator make room, then try again.
refusal-reader-stopped = { $file } stopped the reader; it is probably damaged. Export it again, or in another format.

## Single rows: said after the row's name
refusal-geometry-missing = it has no geometry; draw it or leave the row out.
refusal-geometry-empty = its geometry is empty; draw it or leave the row out.
refusal-geometry-type =
    its geometry is a { $type ->
        [Point] point
        [MultiPoint] set of points
        [LineString] line
        [MultiLineString] set of lines
        [Polygon] polygon
        [MultiPolygon] set of polygons
        [GeometryCollection] mixture of shapes
        [MultiPatch] surface in space
       *[other] { $type }
    } where { $wanted } is needed.
refusal-geometry-unreadable = its geometry cannot be decoded; export the layer again.
refusal-geometry-other-crs = its geometry is in another coordinate system than its layer; export the layer again.
refusal-geometry-invalid = its outline is not valid ({ $reason }) and too large to be repaired here; correct it in the source.
refusal-geometry-collapsed = its outline encloses no ground ({ $reason }); draw it again.
refusal-ring-too-short = a ring has fewer than four positions; draw it again.
refusal-position-not-numbers = a position is not two or three numbers; export it again.
refusal-coordinate-not-a-number = a coordinate is not a finite number; export it again.
refusal-coordinate-out-of-range = its coordinates are no longitude and latitude: { $hint }.
refusal-too-many-vertices = it has { $vertices } corners, more than the { $most } allowed; simplify it.
refusal-too-many-rings = it has { $rings } parts and holes, more than the { $most } allowed; split it.
refusal-building-too-small = it covers { $area_m2 } m², less than the { $least } m² of the smallest building; check its units and shape.
refusal-building-too-large = it covers { $area_m2 } m², more than the { $most } m² of the largest building; check its units and shape.
refusal-outside-extent = it lies more than { $margin_m } m outside the area: { $hint }.
refusal-outside-outline = most of it lies outside the outline ({ $share } inside).
refusal-astride-outside = about half of it ({ $share }) lies inside the outline, but its inner point does not.
refusal-footprint-twice = it stands on the same footprint as { $other }; leave one of them out.
refusal-code-missing = it has no code in column { $column }; give it one.
refusal-code-twice = its code is that of { $other }; codes must differ.
refusal-entrance-without-building = it does not say of which building it is; fill in the building's code.
refusal-entrance-building-unknown = there is no building “{ $building }” among those taken; give it the code of a building.
refusal-entrance-far-off = it lies { $metres } m from its building { $building }, more than { $most } m; check its place and its building.
refusal-entrance-twice = it stands where { $other } of the same building stands; leave one of them out.
refusal-entrance-beside-refused = another entrance of building { $building } could not be read, and its households would fall to this one; correct that row.
refusal-entrances-miscounted = the entrances of building { $building } have { $entrances } households together, and the building has { $households }; correct one of the two, or leave the entrances' households empty.
refusal-households-missing = its number of households is missing; fill it in, 0 where nobody lives.
refusal-households-not-a-number = its number of households, { $value }, is no whole number.
refusal-households-out-of-range = its number of households, { $value }, is not between 0 and { $most }.
refusal-text-broken = its { $what ->
    [code] code
    [level] level
   *[name] name
  } holds characters that are no text; type it again.
refusal-text-garbled = its { $what ->
    [code] code
    [level] level
   *[name] name
  } was garbled before (�); export it again from the source.
refusal-text-not-text = its { $what ->
    [code] code
    [level] level
   *[name] name
  } is no text.
refusal-text-too-long = its { $what ->
    [code] code
    [level] level
   *[name] name
  } has { $characters } characters, more than the { $most } allowed.
refusal-digits-lost = its { $what ->
    [code] code
    [level] level
   *[name] name
  } was stored as a rounded number and has lost digits; store it as text.
refusal-nested-values = its attributes are nested too deep or too large; export plain columns.
refusal-not-a-street = a way of the kind “{ $kind }” bounds no ground.

## The database: what the administrator must know
refusal-postgres-missing = PostgreSQL { $wanted } with PostGIS is not installed on the server. The administrator runs the set-up, or names another PostGIS server.
refusal-extension-missing = The database lacks one of the extensions { $extensions }. Its administrator must create them once.
refusal-socket-path-too-long = The path of the database's socket, { $path }, has { $length } bytes, more than the { $most } possible. The administrator moves the database to a shorter path.
refusal-cluster-missing = There is no database in { $folder } yet. The administrator makes it by running the set-up once.
refusal-cluster-not-yours = The database in { $folder } belongs to another account of the server. The administrator starts Gridkeeper from that account.
refusal-cluster-version = The database in { $folder } was made by PostgreSQL { $found }, but { $wanted } is used. The administrator must move it over.
refusal-cluster-silent = The database did not answer within { $seconds } s. Try again in a minute; if it stays so, the administrator finds the reason at the end of { $log }.
refusal-cluster-failed = The database could not be made or started. Tell the administrator; nothing was lost.
refusal-database-url-malformed = The address of the database is not understood. The administrator must correct it.
refusal-database-unreachable = The database does not answer. Try again in a minute; if it stays so, tell the administrator.
refusal-database-lacks-right = The database does not allow this: { $what }. Its administrator must do it once.
refusal-schema-behind = The database's schema is { $found }, but this Gridkeeper needs { $wanted }. The administrator upgrades it, after a backup.
refusal-schema-ahead = The database's schema, { $found }, is newer than this Gridkeeper, which knows { $wanted }. The administrator starts the newer Gridkeeper.

## Serving: what the administrator must know
refusal-port-taken = Port { $port } is in use by another program of the server. The administrator stops that, or chooses another port, for example { $other }.
refusal-port-not-allowed = This account may not listen at port { $port }. The administrator chooses one above 1023.
refusal-host-unknown = The server has no address { $host } to listen at. The administrator chooses another.

## Plans
refusal-plot-moved = Plot { $plot } is now in grid { $found }, not in { $expected }: it was moved meanwhile. Look at the plan again.
refusal-grid-in-pieces = { $torn } would be cut off: grid { $grid } would lie in { $pieces } pieces that do not join. Give what is cut off to the neighbour too, or keep the way to it.
refusal-community-crossed = Grid { $grid } would reach over the border of two communities. Keep each grid within one community.
refusal-grid-is-locked = Grid { $grid } is locked and stays as it is. Unlock it first, or leave it out.
refusal-building-is-locked = Building { $building } is locked to grid { $grid }. Unlock it first, or leave it where it is.
refusal-nothing-changes = Nothing would change, for all is there already. Choose something else.
refusal-building-in-the-way = The line runs through building { $building }. Lead it around the building; only open ground is cut.
refusal-cut-cuts-nothing = The line divides no plot. Draw it through open ground, from one border of a plot to another.
refusal-cut-too-long = The line touches { $plots } plots, more than the { $most } that can be cut at once. Draw a shorter one.
refusal-drawn-malformed = What was drawn is no sound { $kind ->
        [line] line
       *[polygon] area
    } in degrees. Draw it again, without crossing its own line.
refusal-drawn-holds-no-plot = What was drawn covers most of no plot, and plots are not divided. Draw it larger, or cut open ground along its border.
refusal-drawn-in-pieces = The plots under what was drawn are { $pieces } pieces that do not join. Draw it over ground that does.
refusal-drawn-across-communities = What was drawn reaches over the border of two communities. Draw a grid in each.
refusal-line-divides-nothing = The line leaves all plots of grid { $grid } on one side. Draw it from border to border, through its middle.
refusal-parts-too-many = Grid { $grid } cannot be divided into { $parts } parts: its plots make { $most } at most. Ask for fewer.
refusal-street-not-between = No border of grids { $grid } and { $other } can run along { $street }. Choose a street that lies between them.
refusal-nothing-to-repair = Grid { $grid } is in its band and in one piece: there is nothing to repair.
refusal-grids-apart = Grids { $grid } and { $other } have no border in common. Choose two that touch.
refusal-community-code-malformed = The community code “{ $community }” is not twelve digits. Correct it in the district file.
refusal-too-many-grids = Community { $community } would get { $grids } grids, but three digits number only { $most }. Raise the target of households, or divide the community first.

## Places, plots and plans
refusal-place-code-malformed = “{ $place }” is no division code. A district has 6 digits, a subdistrict 9, a community 12.
refusal-place-exists = { $name } already has the code { $place }. Import into that area, or give the new one another code.
refusal-place-code-not-below = The code { $place } does not begin with { $parent }, that of the area above. Correct one of the two.
refusal-place-outside-parent = Less than half of { $place } lies within { $parent }. Check the codes, the boundary and its datum.
refusal-place-overlaps = { $place } shares { $share } of its ground with { $other }, which stands beside it. Check the code, or import into that area.
refusal-place-elsewhere = The files show other ground than that of { $place }: less than half of it is where the area lies. Choose the right area, or check the boundary.
refusal-place-imported-with = The ground of { $place } was imported with { $other }. Import the whole of that area again.
refusal-place-without-plots = { $place } has no buildings and plots yet. Import its files first.
refusal-split-at-other-place = The plots of { $place } were imported with { $other }. Split that area; no grid crosses a community.
refusal-split-cancelled = The split of { $place } was cancelled. Nothing was stored.
refusal-plots-changed = { $place } was imported anew while it was being divided. Nothing was stored; start the split again.
refusal-plan-unknown = There is no plan { $plan }. Look at the plans of its area.
refusal-no-plan-in-force = { $place } has no plan in force. Publish a draft first, or choose a plan.
refusal-plan-by-formula = Plan { $plan } balances a formula, not households. Split the area anew with the same formula.
refusal-plan-is-retired = Plan { $plan } is retired. Re-balance the plan in force, or a draft.
refusal-building-not-here = { $count ->
    [one] One of the buildings stands
   *[other] { $count } of the buildings stand
 } on no plot of this plan (the first is number { $building }). Choose buildings of its area.
refusal-estate-empty = Choose the buildings that open, and how many households each will have.
refusal-no-grid-to-change = No grid can be added or given up here: all are locked, too small, or alone behind walls. Unlock some of them.
refusal-proposal-unknown = There is no proposal { $proposal } any more. Look for proposals again.
refusal-estate-file-malformed = { $file } is not a table with the columns building and households: row { $row } cannot be read. Mend it and choose it again.
refusal-estate-count-out-of-range = { $file }, row { $row }: a building cannot have { $households } households. Give a number from 0 to { $most }.
refusal-plan-elsewhere = Plan { $plan } is not one of { $place }. Choose a plan of this area.
refusal-plan-not-draft = Plan { $plan } is { $state ->
    [published] in force
   *[retired] retired
 }; only a draft can be changed or published. Make a new plan.
refusal-plan-submitted = Plan { $plan } is { $state ->
    [approved] approved
   *[waiting] waiting for its review
 } and is not changed meanwhile. Withdraw the submission first.
refusal-plan-not-submitted = Plan { $plan } is not submitted. Submit it first.
refusal-review-not-waiting = Plan { $plan } waits for no decision any more. Load the page anew to see what was decided.
refusal-approval-missing = Plan { $plan } needs the approval of a leader before it is published here. Submit it first.
refusal-approval-not-yet = Plan { $plan } is approved for { $day } and comes into force then by itself. To change that, withdraw the submission.
refusal-publication-cancelled = Publishing was cancelled. Publish the plan by hand, or withdraw it.
refusal-own-submission = You submitted plan { $plan } yourself. Let another leader approve it.
refusal-effective-in-past = { $day } is over: today is { $today }. Choose today or a later day.
refusal-effective-too-far = { $day } is more than { $days } days ahead. Choose an earlier day.
refusal-grid-unknown = The plan has no grid { $grid }. Choose one of its grids.
refusal-slot-taken = There is a draft { $slot } already. Choose another slot, or discard that draft first.
refusal-plan-not-in-force = Plan { $plan } is not in force. Assign coordinators to grids of the plan in force.
refusal-not-a-coordinator = This person is no coordinator for the area of grid { $grid }. Choose another, or have the role given first.
refusal-moment-to-come = { $when } is still to come. Choose a day up to today.
refusal-no-plan-at = No plan was in force at { $when }. Choose a later day.
refusal-too-many-times = { $count } times are too many to count at once; { $most } is the most. Choose fewer.
refusal-plan-unsound =
    Plan { $plan } cannot be published: { $count ->
        [one] 1 of its grids is not one piece of ground
       *[other] { $count } of its grids are not one piece of ground each
    } with the outline of its plots ({ $grids }). Look there first.
refusal-no-draft = { $place } has no draft to publish. Split it first.
refusal-plan-changed = Plan { $plan } is at version { $current } now, not at { $yours } any more: someone changed it. Look at it again.

## Requests
refusal-not-signed-in = You are not signed in. Sign in and try again.
refusal-not-allowed = Your role does not allow this. Ask an administrator for a role that does.
refusal-not-in-scope = This lies outside the areas of your role. Ask an administrator for a role there.
refusal-purpose-unknown = Registers are not opened for “{ $purpose }”. Name one of these purposes: { $known }.
refusal-not-found = There is nothing at this address. It may have been moved; begin again from the map.
refusal-tile-unknown = The map has no tile { $tile }. Reload the page.
refusal-method-not-allowed = This address does not take { $method }. It takes { $allowed }.
refusal-body-too-large = More was sent than the { $most_mb } MB allowed here. Send less.
refusal-body-malformed = What was sent cannot be read: { $what }. Correct it and send it again.
refusal-body-type-unknown = What was sent is of the type { $found }, but { $wanted } is read here. Send it as that.
refusal-fields-malformed = These fields are not as they must be: { $fields }. Correct them and send them again.
refusal-text-malformed = The address or the form holds characters that are no text. Write it again.
refusal-host-not-ours = This site does not answer to that host name. Use its own address.
refusal-request-malformed = The request cannot be read. Correct it and send it again.
refusal-form-expired = The form is out of date or came from another site. Reload the page and send it again.
refusal-too-many-requests = Too many requests in a short time. Try again in { $seconds } s.
refusal-internal = Something went wrong on our side. Nothing was saved by half; tell the administrator the number { $request }.
refusal-database-full = The disk of the database is full. Nothing was stored. Let an administrator make room on it, then try again.
refusal-database-busy = The database is too busy to answer now. Try again in a moment.
refusal-setting-malformed = The server's setting { $setting } is not understood. The administrator must give { $wanted }.

## Signing in, accounts and roles
refusal-sign-in-failed = Account and password do not match. Check both and try again.
refusal-sign-in-too-often = Too many wrong attempts. Try again in { $seconds } s.
refusal-password-must-change = This password was given to you by someone else. Choose your own first.
refusal-password-wrong = That is not your present password. Type it again.
refusal-password-too-short = The password has { $length } characters, fewer than { $least }. Use several words.
refusal-password-too-long = The password has { $length } characters; at most { $most } are possible. Shorten it.
refusal-password-common = This password is one of those that are tried first. Choose other words.
refusal-password-about-you = The password is hardly more than your name, your account or “Gridkeeper”. Use other words.
refusal-password-same = That is the password you had. Choose another one.
refusal-passwords-differ = The two new passwords are not the same. Type both again.
refusal-account-malformed = The account “{ $account }” is not possible. Use 2 to 32 small letters, digits, dots or hyphens, beginning with a letter.
refusal-account-taken = There is already an account “{ $account }”. Choose another one.
refusal-demo-account-taken = There is already an account “{ $account }” that is not the demo's. The demo goes into an empty database only.
refusal-account-unknown = There is no account “{ $account }”. Look for it in the list of staff.
refusal-person-name-malformed = The name must have 1 to 80 characters and no line breaks. Write it again.
refusal-phone-malformed = “{ $phone }” is no phone number. Use digits, spaces, + and -, at most 30.
refusal-role-unknown = There is no role “{ $role }”. Choose one of { $roles }.
refusal-role-needs-place =
    { $role ->
        [manager] A manager
        [coordinator] A coordinator
        [leader] A leader
       *[other] This role
    } needs an area. Choose one.
refusal-role-held = { $name } holds this role there already. Nothing was changed.
refusal-role-in-the-past = The role would end before today. Choose a later day, or leave it empty.
refusal-place-unknown = There is no area with the code { $place }. Check the code.
refusal-own-rights = Nobody changes their own roles or account. Ask another administrator to do it.
refusal-last-administrator = { $name } is the last administrator for all areas. Make someone else one first.
refusal-person-inactive = { $name } is retired. Bring the account back first.

## Uploads and jobs
refusal-job-over =
    This work has { $state ->
        [done] been done
        [failed] failed
        [cancelled] been cancelled
       *[other] ended
    } already. Reload the page.
refusal-job-stopped = The work stopped without saying why; nothing was stored. Start it again; if it happens twice, tell an administrator.
refusal-job-given-up = The work stopped { $attempts } times without saying why and was given up; nothing was stored. Tell an administrator.
refusal-too-many-streams = Too many pages follow their work just now. This page asks again by itself in a few seconds.
refusal-upload-empty = No file was sent. Choose at least one file.
refusal-upload-too-many-files = { $files } files were sent, more than the { $most } allowed. Send one file for each layer.
refusal-upload-twice =
    { $role ->
        [buildings] Two files were sent for the buildings.
        [streets] Two files were sent for the streets.
        [boundary] Two files were sent for the boundary.
        [water] Two files were sent for the water.
        [railways] Two files were sent for the railways.
        [compounds] Two files were sent for the compounds.
        [green] Two files were sent for the green areas.
        [entrances] Two files were sent for the entrances.
        [admin] Two files were sent for the administrative areas.
       *[other] Two files of several layers were sent.
    } Send one file for each layer.
refusal-upload-without-buildings = None of the files holds buildings. Send a GeoPackage or OpenStreetMap extract, or a file with the buildings.
refusal-upload-gone = The files of this upload were removed. Send them again.
refusal-upload-not-read = These files have not been read to the end. Wait for the import report first.
refusal-upload-changed = The files are not as they were read. Send them again.
refusal-uploads-full = There is no room for the files now. Discard uploads you no longer need.
refusal-place-name-missing = The new area has no name. Give it one.
refusal-place-not-new = You may import into the areas of your role. Ask an administrator to make the new one.

## Dividing, comparing and publishing
refusal-band-malformed = The target of { $target } is not between { $least } and { $most }. Correct the three numbers.
refusal-version-missing = Which version of the plan is meant was not said. Reload the page and try again.
refusal-plans-not-comparable = The two plans are not of the same area. Choose two of one area.

## What is wished of a split
refusal-band-missing = How large the grids should be was not said. Give target, least and most, or a number of coordinators.
refusal-formula-malformed = “{ $part }” cannot stand in the formula “{ $formula }”. Use { $columns }, numbers, + - * / ( ), min and max.
refusal-formula-without-value = The formula “{ $formula }” has no value on some plots: it divides by zero, or its numbers are too large. Change it.
refusal-formula-below-zero = The formula “{ $formula }” falls to { $least } on some plots, and no load is below 0. Change it, for example with max(0, …).
refusal-formula-column-unknown = Nobody has counted “{ $column }” here yet, so the formula “{ $formula }” has no value. Use { $columns }.
refusal-formula-without-load = The formula “{ $formula }” is 0 on every plot, so there is nothing to balance. Change it.
refusal-formula-too-small = By the formula “{ $formula }”, { $coordinators } coordinators would have { $mean } each, too little for a band in whole numbers. Multiply it, for example { $factor }*({ $formula }).
refusal-coordinators-too-few = { $coordinators } coordinators are fewer than the { $needed } grids that seeds, locked and special grids need. Ask for more, or take some of these away.
refusal-coordinators-too-many = { $coordinators } coordinators are more than the { $most } grids that this ground can be divided into. Ask for fewer.
refusal-seeds-too-many = { $starts } seed points and locked grids need a grid each, but their connected ground of { $households } households has room for { $most } grids. Take some away, or ask for smaller grids.
refusal-seeds-in-one-plot = Seed points { $first } and { $second } lie on one plot, which is never divided. Move one of them.
refusal-seeds-in-one-lock = Seed points { $first } and { $second } lie on ground whose buildings are locked to one grid. Move one of them, or unlock those buildings.
refusal-seed-outside = Seed point { $seed } ({ $lon }, { $lat }) lies outside the place. Move it inside.
refusal-seed-on-fixed = Seed point { $seed } lies in { $grid }, which is left alone. Move the seed, or unlock that grid.
refusal-locked-too-large = The buildings locked to grid { $grid } hold, with the way between them, { $households } households, more than { $most }. Unlock some of them.
refusal-locked-buildings-apart = The buildings locked to grid { $grid } cannot be joined within it: a line that is never to be crossed, or special ground, lies between. Unlock some of them, or let the line be crossed.
refusal-locked-grid-unknown = The plan in force has no grid { $grid }. Name one of its grids.
refusal-locked-grid-divided = Grid { $grid } is to stay as it is and has a part of building { $building }, which can no longer be divided by its entrances. Import its entrances again, or let the grid change.
refusal-locked-grid-in-pieces = Grid { $grid } is to stay as it is, but on today's plots it is no longer one piece of ground. Unlock it.
refusal-locked-building-unknown = The place has no building { $building } that stands. Choose one of its buildings.
refusal-entrances-unknown = Of building { $building } fewer than two entrances are known, so nothing could divide it. Import the entrances of the area (layer entrances), then mark it.
refusal-lock-of-one-thing = A lock is of one grid or of one building. Name one of the two.
refusal-layer-one-file = { $files } files were sent for one layer of grids. Send one; zip a Shapefile's members.
refusal-layer-elsewhere = None of the { $polygons } polygons in { $file } lies in { $place }; their middle is { $km } km away. Choose the place they show, or name their coordinate system.
refusal-layer-on-no-plot = No polygon in { $file } covers most of any plot of { $place }. Check that it holds grids, not lines or slivers.
refusal-compound-malformed = What was drawn for “{ $name }” is no sound polygon in degrees. Draw it again, without crossing its own border.
refusal-compound-too-wide = “{ $name }” reaches over more than { $most_degrees } degrees. Draw one compound, not a district.
refusal-compound-outside = Most of “{ $name }” lies outside { $place }. Draw it where its ground is.
refusal-compound-let = { $name } is registered as let, and the register keeps its rentals for a while after they end. Give it another outline or kind instead.
refusal-compound-imported = { $name } came with the files of its place and is changed by importing them. Draw a compound of your own instead.
refusal-special-malformed = What was drawn for “{ $name }” is no sound polygon in degrees. Draw it again, without crossing its own border.
refusal-special-named-twice = Two special grids are called “{ $name }”. Give each a name of its own.
refusal-special-holds-no-plot = “{ $name }” covers most of no plot, and plots are not divided. Draw it larger.
refusal-special-in-pieces = The plots under “{ $name }” are { $pieces } pieces that do not join. Draw it over ground that does, or draw { $pieces } special grids.
refusal-special-across-communities = “{ $name }” reaches over the border of two communities. Draw a special grid in each.
refusal-special-over-other = “{ $name }” lies over { $other }, which is left alone. Draw it beside, or unlock that grid.
refusal-micro-malformed = Micro-grids of { $least } to { $most } households cannot be. Give the smaller number first.
refusal-wish-file-unreadable = { $file } is no GeoJSON of { $kind } features in degrees. Export it so.
refusal-special-kind-unknown = “{ $name }” is of kind “{ $kind }”, which is none of { $kinds }. Give its property kind one of these.

# editing a draft
refusal-edit-conflict = Others changed the same plots or grids meanwhile: the plan is at version { $current } now, and this began from { $base }. Look at both versions and decide.
refusal-edit-empty = This changes nothing. Move a plot, or change something of a grid.
refusal-edit-malformed = The edit cannot be read: { $what } is not as it should be. See how edits are described in the API.
refusal-edit-not-undoable = Version { $version } was made by the computer ({ $kind }) or lies on other plots, and cannot be taken back by itself. Go back to a later version, or split anew.
refusal-edit-undone-already = Version { $version } was undone already, by version { $by }. Undo that one to have it again.
refusal-state-unknown = What the plan was at version { $version } is not known: version { $since } did not keep what it replaced. Choose a later version.
refusal-plot-unknown = The plan has no plot with the id { $plot }. Look at the plan again.
refusal-ground-unknown = Plan { $plan } never lay on version { $ground } of the plots. Load the page anew.
refusal-new-grid-empty = No plot goes to the new grid “{ $grid }”, or nothing is said of it. Give it plots and a kind.
refusal-grid-code-taken = Another grid of the plan has the code { $grid }. Choose another code.
refusal-grid-code-malformed = “{ $grid }” is no code for this grid: it has digits only, fifteen at most, and begins as those of the other grids of its community do.
refusal-grid-name-malformed = A name of a grid has between 1 and { $most } characters. Shorten it, or leave it away.
refusal-grid-kind-unknown = “{ $kind }” is no kind of grid. Choose one of those offered.
refusal-grid-has-duty = Grid { $grid } has somebody on duty already and cannot be given up. End the duty first.
refusal-coordinator-unknown = Person { $person } is no coordinator of this place. Choose one of its coordinators.
refusal-codes-used-up = No number is left for another grid in community { $community }. Give the code yourself.
refusal-idempotency-key-malformed = An idempotency key has 1 to 100 printable characters. Choose another key.
refusal-idempotency-key-reused = This idempotency key was used for another request already. Choose a new key for a new edit.

## Rule packs
refusal-rule-pack-unknown = There is no rule pack “{ $pack }” (shipped: { $known }). Choose one of these.
refusal-rule-setting-unknown = A rule pack has no setting “{ $setting }”. Leave it out.
refusal-rule-setting-out-of-range = “{ $setting }” must be a whole number from { $least } to { $most }. Correct it.
refusal-rule-sizes-disordered = A grid of at least { $least }, about { $target } and at most { $most } households cannot be. Put the three numbers in order.
refusal-rule-stay-twice = The stay that a permit asks for is { $days } days and { $months } months. Give one of the two and 0 for the other.
refusal-rules-backdated = The rules of { $day } are those its work was done under and stay as they are. Let new ones begin on { $today } or later.
refusal-rules-too-far = { $day } is more than three years ahead. Choose a nearer day.
refusal-rules-in-force = These rules hold since { $day }. Let others follow them instead of taking them back.
## Rentals, letters and needs
refusal-telephone-malformed = That is no telephone number. Write 5 to 15 digits.
refusal-rental-registered-already = This is registered as let already. Open its rental and correct it there.
refusal-rental-has-tenants = Tenants are still in this rental. Say first when they moved out.
refusal-rental-cancelled = This rental was cancelled. Register it anew to let it again.
refusal-compound-not-rental = { $compound } is no rental compound. Register its dwellings one by one, or change its kind on the map.
refusal-compound-without-buildings = No building stands in { $compound }. Draw it around its buildings first.
refusal-household-elsewhere = That household does not live in this rental. Register where it lives first.
refusal-tenancy-open-already = That household rents here already. End the present tenancy first.
refusal-tenancy-over = These tenants have moved out already. Add a new tenancy if they are back.
refusal-tenancy-elsewhere = That tenancy is of another rental. Choose one of this rental.
refusal-day-before-another = { $day } lies before { $earlier }. Choose a later day.
refusal-day-in-future = { $day } is yet to come. Choose today or an earlier day.
refusal-letter-kind-wrong = A letter of that kind is not signed here. Choose one of the list.
refusal-scan-too-large = The scan is larger than { $most_mb } MB or 40 megapixels. Scan it with fewer dots.
refusal-scan-type-unknown = The scan is no JPEG, PNG or PDF. Save it as one of these.
refusal-scan-damaged = The scan is damaged. Scan or export it again.
refusal-scan-acts = The PDF holds a program or another file. Print it to a plain PDF first.
refusal-need-without-consent = A need is written down only with the household's consent. Ask first; who refuses is not written down.
refusal-objection-stops-nothing = A granted objection ends something. Say what: lists and searches, the exchange file, or both.
refusal-need-without-household = Help is written down for a household. Say in the same form who lives there, or leave it out.
refusal-need-code-taken = That code is in use already. Take the need out of the form and add it again.
refusal-need-kept-too-long = A need is kept until a day after today and { $last } at the latest. Choose such a day.
refusal-need-done = This need is settled. Add a new one.
refusal-service-unknown = The catalogue has no such service. Choose one of the list.
refusal-referral-answered = This referral was answered already. Refer the need anew.
refusal-follow-code-unknown = No need has this code. Compare it with your slip; a need that was withdrawn or is over is gone.

## Indicators
refusal-period-malformed = “{ $first }” to “{ $last }” is no period up to today, of three years at most. Write days as in 2026-03-01.
refusal-month-unknown = “{ $month }” is no month up to now. Name one as in 2026-10.
refusal-report-changed = Somebody else saved this report meanwhile (version { $current }, yours was { $yours }). Your words are still in the fields: reload the page in another window and put the two together.
refusal-report-final = The report of { $month } is final. What was handed in stays as it is.
refusal-report-month-not-over = { $month } is not over. A report is final once its month is.
refusal-report-not-saved = Nobody has saved the report of { $month } yet. Read it, save it, then it can be final.
refusal-report-too-few = So few households live in this place that a report would speak of single ones. Read the report of the place above it.
refusal-report-too-long = A part of a report has at most { $most } letters.
refusal-quarter-unknown = “{ $quarter }” is no quarter up to now. Name one as in 2026Q1.
refusal-not-your-grid = Only who answers for this grid may contest its figures. Ask its coordinator to do so.
refusal-appeal-without-words = Say in up to { $most } characters what is not right, or what was found.
refusal-appeal-open-already = This figure of grid { $grid } is contested already. Wait for the answer.
## Registers from tables
refusal-table-too-large = { $file } has more rows or columns than the { $most } allowed ({ $what }). Split it.
refusal-columns-twice = { $file } has the columns { $columns } twice. Keep one of each.
refusal-row-ragged = { $file }, row { $row }, has { $cells } cells where the head has { $columns }. Export it again.
refusal-register-columns-missing = { $file } lacks the columns { $columns }. Name them in the first row; a building is found by code, address or coordinates.
refusal-hazard-columns-missing = { $file } lacks the columns { $columns }. Name them in the first row: id, occurred_at, kind, lon and lat.
refusal-hazard-kinds-two-columns = { $file } has { $columns } columns. Give it two: what the file of hazards calls a kind, and our code.
refusal-register-rows-wrong = { $file }: { $count } cells are wrong, and nothing was stored: { $rows }. Correct them there.

## Duties
refusal-deputy-already = This person answers for grid { $grid } already, or is to. Choose another.
refusal-day-passed = { $day } has passed. Choose { $today } or a later day.
refusal-day-to-come = { $day } is still to come. Choose { $today } or an earlier day.
refusal-days-disordered = Leave from { $first } to { $last } cannot be. Give a first and a last day, not over a year apart, and not in the past.
refusal-leave-twice = Between { $first } and { $last } this person is away already. Take that back first.
refusal-handed-to-the-same = This person answers for the grid already. Choose who takes it over.
refusal-note-too-long = The note is longer than { $most } characters. Shorten it.
refusal-assignment-changed = Duties have changed since this proposal was made. Look at the proposals again and choose one.
## Homes and visits
refusal-building-not-served = Building { $building } stands in no grid you answer for. Tell its own coordinator, who writes it down.
refusal-grid-not-served = You do not answer for grid { $grid }. Choose one of your own grids.
refusal-dwelling-occupied =
    { $households ->
        [one] A household lives in dwelling { $dwelling }. Register first that it left.
       *[other] { $households } households live in dwelling { $dwelling }. Register first that they left.
    }
refusal-household-ended = Household { $household } ended on { $day }, when its last resident left. Begin a new one in its dwelling.
refusal-resident-unnamed = A resident has no name. Write the name, or take the line away.
refusal-door-missing = Where they live was not said. Choose a household or dwelling, or give a door number.
refusal-stay-over = They left already on { $day }. Load the page anew.
refusal-several-households = These residents live in several households. Register each household by itself.
refusal-departure-final = The departure of { $day } cannot be taken back any more. Register an arrival in the present dwelling.
refusal-zero-report-early = The report for { $month } can be filed from { $day } on, when the month is nearly over.
refusal-zero-report-filed = The report of grid { $grid } for { $month } is filed already and stays as it is.
refusal-moved-nowhere = They live in this household already. Choose another dwelling.
refusal-birth-date-off = The rules of this place do not have birth dates, so none is kept. Leave it empty; the age band is enough.
refusal-id-number-off = The rules of this place do not have ID numbers, so none is kept. Leave it empty.
refusal-id-number-malformed = That is no ID number of 18 characters with a day of birth in it. Read it from the card again.
refusal-id-number-check = This ID number does not fit its own check character, so one of its characters is wrong. Read it from the card again.
refusal-id-number-mangled = A spreadsheet has rounded this ID number: its last digits are lost. Type it from the card, or store the column as text.
refusal-birth-dates-differ = The birth date and the one in the ID number are not the same. Correct one of them.
refusal-born-ahead = { $day } lies ahead, so nobody was born then. Correct the day.
refusal-reason-missing = Say why the whole number has to be read, in { $least } characters at least. It stands in the audit.
refusal-reveals-too-often = You have read { $most } whole numbers within an hour. Wait, or use the exchange file.
refusal-number-not-whole = Only a hash and the last four characters of this number are kept. Ask its owner for the card.
refusal-number-unreadable = This number cannot be read with the key of this server. Have the administrator put back the identity key it was kept under.
refusal-numbers-not-exchanged = The rules of { $place } do not have whole ID numbers in the exchange file. Write the file without them.
refusal-identity-key-missing = This server has no key for identity numbers. Have the administrator set GRIDKEEPER_IDENTITY_KEY.
refusal-rule-number-unkept = The exchange file cannot have whole ID numbers where ID numbers are off. Switch both on, or neither.
refusal-consent-missing = Nothing of a person is written down without their consent. Ask for it and tick it, or leave it empty.
refusal-promise-without-day = A promise has no day. Say until when, or leave the promise empty.
refusal-visit-unmet = Nobody was met, so nothing can be verified or changed. Say that somebody was met, or take it out.
refusal-visit-ahead =
    { $minutes ->
        [one] The visit lies { $minutes } minute ahead of our clock. Set the clock of the phone.
       *[other] The visit lies { $minutes } minutes ahead of our clock. Set the clock of the phone.
    }
refusal-visit-where = Where the visit was is not said. Name a household, a dwelling or a building.
refusal-number-taken = Entry { $number } of this phone came before, with other words; the next is { $next }. Send it as a new one.
refusal-entry-not-taken = This entry cannot be kept as it was written. Write it anew; if it is refused again, tell an administrator.
refusal-handset-unknown = This phone is not known to the server. Sign in on it again while it has signal.
refusal-handset-wiped = This phone is to be wiped. Ask an administrator why.
refusal-handsets-too-many = { $most } phones are known for this person already. Let an administrator wipe those not used any more.
refusal-client-id-reused = Another entry was sent under this number already. Load the page anew and write it down again.
## Rights of residents, and the second factor
refusal-own-code-unknown = This code is unknown, used or out of date. Ask your coordinator for a new one.
refusal-request-kind-unknown = “{ $kind }” is no request. Choose to correct, object, delete or have a copy.
refusal-request-needs-words = The request says nothing. Write what is wrong, or what you object to.
refusal-request-answered = Request { $request } was answered already. Reload the page.
refusal-request-decision-unknown = “{ $decision }” is no answer. Grant or refuse the request.
refusal-answer-missing = A refusal says why. Write the reason, and where to complain.
refusal-second-factor-missing = Your role needs a second factor. Set it up first.
refusal-second-factor-wrong = That code is not right, or was used already. Wait for the next one.
refusal-second-factor-there = A second factor is set up already. Remove it first.
refusal-second-factor-late = Setting up or signing in took too long. Begin again.

## Stations
refusal-not-your-duty = Only who answers for grid { $grid } writes down what was done there.
refusal-notice-days = A notice from { $first } to { $last } cannot be. Give a last day that has not passed, within a year of the first.
refusal-campaign-days = A campaign from { $first } to { $last } cannot be. Give a last day after the first, within a year of it, that has not passed.
refusal-parties-not-initials = Name two to six parties by their initials alone, with a space between them, as in “L W”.
refusal-heat-view-empty = The view has no ground in it. Come closer on the map and try again.
refusal-heat-kind-unknown = There is no kind of hazard “{ $kind }”. Choose one of the list.
refusal-heat-time-empty = The time ends before it begins. Choose an earlier first day or a later last day.

## What anybody may ask and report
refusal-search-too-short = Type at least { $least } letters, digits or characters of an address or name.
refusal-pack-too-large = Only a community with at most { $most } grids can be kept for a screen. Name one.
refusal-parameter-unknown = There is no parameter “{ $parameter }” here. /ogc/api names those there are.
refusal-parameter-malformed = The parameter “{ $parameter }” is not as /ogc/api wants it.
refusal-note-names-somebody = This may name or number somebody. Note only what is good to know of the site.
refusal-notes-too-many = There are { $most } notes of this building already. Strike those that hold no more.
refusal-words-not-held = These words were looked at already. Reload the list.
refusal-sheet-too-many = There is no grid in force there, or more than the { $most } that one sheet can show.
refusal-origin-foreign = This was sent from another site. Open the page itself and send it from there.

## Hazards and cases
refusal-hazard-kind-unknown = There is no kind of hazard “{ $kind }” that can be reported here. Choose another.
refusal-hazard-site-missing = Say where it is: one building, one compound, or one point on the map.
refusal-hazard-outside = This point lies in none of our places. Choose one within the district.
refusal-hazard-ahead = The report is dated { $minutes } minutes from now. Set the clock of the phone, or the time of the report.
refusal-hazard-limits-missing = No time limits were in force for severity { $severity } on { $day }. Ask an administrator to set them.
refusal-hazard-limits-long = The stages of a case take { $most } hours at most, all together. Give them fewer.
refusal-hazard-changed = Somebody did something with case { $hazard } meanwhile (you saw version { $yours }, it is { $current } now). Look at it again.
refusal-case-not-now = This cannot be done with a case that is { $state ->
    [reported] reported
    [accepted] accepted
    [refused] refused
    [filed] filed
    [dispatched] dispatched
    [handling] being handled
    [claimed_done] done and waiting for its check
    [verified] checked
    [closed] closed
    [evaluated] evaluated
    [returned] returned
    [rework] back for rework
    [pending] on the pending list
    [duplicate] a duplicate
   *[other] in this state
  }. Its page shows what can be.
refusal-case-mechanism = This is none of the steps of a case that { $mechanism ->
    [coordination] goes to the community
    [emergency] is an emergency
    [approval] is handed up for approval
   *[ordinary] goes the ordinary way
  }.
refusal-case-fact-missing = This step needs { $fact ->
    [reason] a reason
    [called] who was called
    [of] the case it is a duplicate of
    [met_on] the day of the meeting
    [decision] what the meeting decided
    [office] the office that handles it
    [receipt] the number of the receipt
    [answer] the answer
    [told] what whoever reported it is told
    [review_on] the day on which it is looked at again
   *[note] a note
  }. Fill it in.
refusal-case-photo-missing = Add a photo of the work done first; without one a case is not closed on the spot.
refusal-case-recheck-by-another = This hazard is grave: somebody who neither was handed it nor did the work must look again before it is closed.
refusal-case-grave-not-on-the-spot = This hazard is grave and not closed on the spot. Let it be handed out, and checked by somebody else.
refusal-case-reopened-late = A case is reopened within { $days } days. What is found later is a new hazard: report it.
refusal-case-review-past = { $day } is over or today. Choose a later day on which it is looked at again.
refusal-case-review-late = { $day } is too far: a pending case is looked at again within { $days } days.
refusal-case-call-first = Nobody was called yet. Call who must know and write it down; then it is filed.
refusal-case-duplicate-of = { $of } is no other open case, or this one has duplicates already. Name the open case that is handled.
refusal-sheet-too-small = { $rows } hazards are meant, and a sheet holds { $most }: choose CSV or GeoPackage, or a shorter time.
refusal-file-made-apart = { $rows } hazards are more than the { $most } that are written while you wait. Have the file made: it then waits a day for you.
refusal-files-too-many = { $most } files of yours are being made or wait to be taken. Ask again when the oldest has gone.
refusal-file-not-ready = The file is still being made. Ask again in a few seconds.
refusal-file-gone = The file is no longer there. Have it made anew.
refusal-photos-too-many = A hazard has at most { $most } photos.
refusal-rule-hours-disordered = The hours of the working day are not in order: { $hours }. Morning, noon, afternoon and evening follow each other.
