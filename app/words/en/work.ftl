### Work in the background, and the manager's path: import, split, plans, compare, publish.

## Jobs
work-cancel = Cancel
work-waiting = Waiting for its turn
work-leave-page = You may leave this page; the work goes on, and you find it here again.
work-step = { $step ->
    [reading] Reading the files
    [reporting] Writing the report
    [cutting] Cutting plots, block by block
    [preparing] Fetching plots
    [snapping] Snapping to plots
    [dividing] Dividing into grids
    [balancing] Looking for few moves
    [storing] Storing
   *[starting] Starting
  }
work-left-seconds = { $n ->
    [one] about 1 second left
   *[other] about { $n } seconds left
  }
work-left-minutes = { $n ->
    [one] about 1 minute left
   *[other] about { $n } minutes left
  }

## Import: choosing files
import-title = Import
import-about = Bring in a district's buildings and streets. You see what was read before anything is stored.
import-choose = Choose files, or drop them here
import-formats = GeoPackage, OpenStreetMap extract (.osm.pbf, .osm), GeoJSON, zipped shapefile, KML or KMZ; up to { $mb } MB each
import-layers = Needed are the buildings; streets make good borders. One file may hold all layers, or send a file for each: buildings, streets, boundary, water, railways, compounds, administrative areas, green, entrances of large buildings.
import-sending = Sending the files …
import-waiting = Waiting for you
import-waiting-about = Files that were read but neither imported nor discarded. They are removed after a day.
import-state = { $state ->
    [received] being read
    [read] read, not imported yet
   *[refused] could not be read
  }
import-too-large = { $file } is larger than { $mb } MB. Send the area in parts, or have it imported at the server.
import-too-many = More than { $most } files were chosen. Send one file for each layer.
import-megabytes = { $n } MB
import-step-files = Files
import-step-report = Report
import-step-place = Area
import-step-done = Import
import-reading = Reading your files
import-importing = Importing
import-cancelled = The work was cancelled. Nothing was stored.
import-not-read = The files have not been read yet.
import-refused-title = These files cannot be used as they are
import-refused-about = Nothing was stored. Mend the files and send them again, or read them otherwise below.
import-other-files = Choose other files
import-discard = Discard
import-gone = These files were removed
import-layer = { $layer ->
    [buildings] Buildings
    [streets] Streets
    [boundary] Boundary
    [water] Water
    [railways] Railways
    [compounds] Compounds
    [admin] Administrative areas
    [entrances] Entrances
   *[green] Green
  }

## Import: the report
report-title = What was read
report-nothing-stored = Nothing is stored yet. Look at it, then say where it shall go.
report-buildings = Buildings
report-households = Households
report-area = Ground
report-outline = Outline
report-outline-from = { $source ->
    [file] from the file
    [named] found by name
    [extent] the box asked for
   *[derived] drawn around the buildings
  }
report-source = { $source ->
    [register] { NUMBER($households) } households from the register, in { NUMBER($buildings) } buildings
    [estimate] { NUMBER($households) } households estimated from floor area, in { NUMBER($buildings) } buildings
   *[imported] { NUMBER($households) } households as the file counts them, in { NUMBER($buildings) } buildings
  }
report-areas = { $level ->
    [district] { $n ->
        [one] 1 district
       *[other] { $n } districts
      }
    [subdistrict] { $n ->
        [one] 1 subdistrict
       *[other] { $n } subdistricts
      }
    [community] { $n ->
        [one] 1 community; no grid will cross its outline
       *[other] { $n } communities; no grid will cross their outlines
      }
   *[uncoded] { $n ->
        [one] 1 administrative area without a division code; grids may cross its outline
       *[other] { $n } administrative areas without division codes; grids may cross their outlines
      }
  }
report-no-areas = No communities in the files: grids are numbered through the whole area.
report-rows-said = { $mended ->
    [one] 1 row was mended
   *[other] { $mended } rows were mended
  } and { $refused } left out; each is listed below with the reason.
report-rows-sound = Every row was taken as it is.
report-drawing = How it looks
report-drawing-about = Buildings on streets or in water mean a shifted datum: read the files again with another one.
report-rows-title = Row by row
report-layer = Layer
report-column = { $name ->
    [rows] Rows
    [taken] Taken
    [mended] Mended
    [refused] Left out
   *[kept] Of use here
  }
report-count = Rows
report-row = Which
report-why = Why
report-what = What
report-before = Before
report-after = After
report-file = The file
report-all-rows = all
report-refused-rows = { $n ->
    [one] 1 row left out
   *[other] { $n } rows left out
  }
report-mended-rows = { $n ->
    [one] 1 change made
   *[other] { $n } changes made
  }
report-notes = { $n ->
    [one] 1 thing found and decided
   *[other] { $n } things found and decided
  }
mend-what = { $what ->
    [shape] shape
    [code] code
    [name] name
    [level] level
    [households] households
    [encoding] encoding
    [datum] datum
    [heights] heights
    [ring] ring
    [geometry-type] kind of shape
    [coordinate-system] coordinate system
    [hairline-gaps] hairline gaps
    [shx-index] .shx index
    [shp-length] length of the .shp
   *[other] { $what }
  }

## Import: reading otherwise
reading-otherwise = Read the files otherwise
reading-again = Read again
reading-left-out = leave out
reading-several = several layers
reading-datum = Datum
reading-datum-about = The shifted datums are those of Chinese web maps.
reading-datum-name = { $name ->
    [wgs84] WGS-84
    [cgcs2000] CGCS2000
    [gcj02] GCJ-02, shifted
   *[bd09] BD-09, shifted
  }
reading-crs = Coordinate system
reading-crs-about = Only where the file names none or a wrong one, e.g. EPSG:4547
reading-encoding = Encoding
reading-encoding-about = Only where names are garbled, e.g. gb18030
reading-place = Named area
reading-place-about = Of an OpenStreetMap file: the area to take as the district
reading-column = Column of households
reading-column-about = Only where it was not found
reading-household-m2 = m² for a household
reading-household-m2-about = Where households must be estimated
reading-registered = The numbers of households come from the register

## Import: where to
place-title = Where to
place-known = An area that is there already
place-which = Area
place-same-ground = { $name } (same ground)
place-again-about = Buildings that are gone are retired, drafts are moved to the new ground. The plan in force stays as it is.
place-new = A new area
place-code = Division code
place-code-about = 6 digits for a district, 9 for a subdistrict, 12 for a community
place-name = Name
place-attribution = Whose data
place-attribution-about = Said on the map, for example the survey office. OpenStreetMap files say it themselves.
place-import = Import
place-none = You manage no area. Ask an administrator for the role of manager.

## Import: done
done-title = Imported
done-new = The area is stored, and its ground is cut into plots.
done-again = The area was brought up to date; this is version { $version } of its plots.
done-buildings = Buildings
done-plots = Plots
done-compounds = Compounds
done-places = Areas
done-split = Split into grids
done-manager = A manager divides it into grids. Give somebody the role of manager for this area.
done-map = Look at the map
changes-title = What moved
changes-new = New buildings
changes-changed = Changed
changes-gone = Gone
changes-same = As before
changes-households = Households
changes-plots = { NUMBER($carried) } plots stay as they were, { NUMBER($fresh) } are new, { NUMBER($dropped) } are gone.
changes-draft = Draft “{ $name }”: { $plots ->
    [one] 1 new plot
   *[other] { $plots } new plots
  } placed, { $grids ->
    [one] 1 grid changed
   *[other] { $grids } grids changed
  }.
changes-no-drafts = There was no draft to bring along.
changes-places-gone = The files no longer hold these areas: { $codes }. They stay, without new ground.
changes-rows = { $n ->
    [one] 1 building
   *[other] { $n } buildings
  } one by one
changes-building = Building
changes-what = What
changes-was = Households before
changes-is = Households now
changes-kind = { $kind ->
    [new] new
    [gone] gone
   *[changed] changed
  }

## Split
split-title = Split
split-nothing = No ground to split yet
split-nothing-about = Import a district first: its buildings and streets.
split-import-runs = This area is being imported. Split it when that is done.
split-place = Area
split-band-title = Households per grid
split-band = { $target } ({ $least }–{ $most })
split-target = Target
split-least = Fewest
split-most = Most
split-more = More
split-seed = Seed
split-seed-about = The same seed gives the same grids. Try another for another division.
split-expected = { $n ->
    [one] About 1 grid
   *[other] About { $n } grids
  } from { $households } households
split-no-plan = No plan is in force here yet.
split-running = Splitting { $place }
split-cancelled = Cancelled. Nothing was stored.
split-done = { $n ->
    [one] 1 grid is ready as a draft.
   *[other] { $n } grids are ready as a draft.
  }
split-map = On the map

## Plans
plans-title = Plans
plans-about = Drafts, the plan in force, and those it took the place of.
plans-new = New split
plans-no-place = No area yet
plans-no-place-about = A manager imports the first district.
plans-none = No plan yet
plans-none-manager = { $n ->
    [one] Split this area into about 1 grid of { $target } households.
   *[other] Split this area into about { $n } grids of { $target } households.
  }
plans-none-other = A manager will split this area, into about { $n } grids of { $target } households.
plans-name = Plan
plans-state = State
plans-made = Made
plans-pick = Choose { $name } to compare
plans-compare = Compare two
plans-compare-about = Tick two plans.
plans-old-ground = of an earlier import
plans-discard = Discard
plans-discarded = { $name } is discarded. It stays readable among the retired plans.
plan-named = { $name }, { $day }
plan-grids = Grids
plan-in-band = In band
plan-out-of-band = Out of band
plan-households = Households
plan-band = Target
plan-spread = Households per grid
plan-no-reason = no reason known
plan-reasons = { $n ->
    [one] Why 1 grid is out of band
   *[other] Why { $n } grids are out of band
  }

## Compare
compare-title = Before and after
compare-about = { $before } beside { $after }
compare-first = { $after }. No plan is in force here yet: this would be the first.
compare-alone = { $after }. There was no plan before it.
compare-before = Before
compare-after = After
compare-only = The plan
compare-figures = The plan in figures
compare-changes = What changes
compare-nothing = There is nothing to compare with: every grid is new.
compare-households-moved = Households changing hands
compare-buildings-moved = Buildings changing hands
compare-kept = Grids kept
compare-new = New
compare-void = Void
compare-other-ground = The ground was imported anew between the two plans: plots that changed are compared by where they lie.
compare-people = { $n ->
    [0] Nobody's grids change
    [one] 1 coordinator's grids change
   *[other] Grids of { $n } coordinators change
  }
compare-nobody = Every coordinator keeps the same households.
compare-person = Coordinator
compare-grids = Grids
compare-was = Before
compare-will = After
compare-ends = ends: { $codes }
compare-table = { $n ->
    [one] 1 grid changes
   *[other] { $n } grids change
  }
compare-grid = Grid
compare-gets = Gets
compare-gives = Gives
compare-flow = { $households } in { $buildings ->
    [one] 1 building
   *[other] { $buildings } buildings
  }
compare-flow-untold = { $buildings ->
    [one] 1 building
   *[other] { $buildings } buildings
  }, households not told
compare-coordinator = Coordinator until now
compare-state = { $state ->
    [new] new
    [void] void
   *[kept] kept
  }
compare-all = Show all { $n }

## Publish
publish-act = Publish
publish-sure = Publish this plan for { $place }?
publish-affects = { $households } households in { $buildings } buildings change hands; { $people ->
    [0] no coordinator's grids change.
    [one] 1 coordinator's grids change.
   *[other] grids of { $people } coordinators change.
  }
publish-first = { $grids ->
    [one] 1 grid
   *[other] { $grids } grids
  } with { $households } households will come into force, vacant until coordinators are assigned.
publish-for-good = A published plan cannot be taken back or changed; only a later plan takes its place.
publish-not = Not yet
publish-yes = Publish

## Remarks of an import report
remark-layer-read = { $file }: layer “{ $layer }” read as { $role ->
    [buildings] buildings
    [streets] streets
    [boundary] boundary
    [water] water
    [railways] railways
    [compounds] compounds
    [admin] administrative areas
    [entrances] entrances
   *[green] green
  }, { $rows ->
    [one] 1 row
   *[other] { $rows } rows
  }.
remark-columns-found = { $file }, layer “{ $layer }”: columns { $columns }.
remark-encoding-stated = { $file }: text read as { $encoding }, as { $said_by } says.
remark-encoding-found = { $file }: text read as { $encoding } ({ $stated } does not fit); check a few names.
remark-byte-order-mark = { $file } begins with a byte order mark, which was skipped.
remark-transformed = { $file }, layer “{ $layer }”: transformed from { $crs }.
remark-crs-replaced = { $file }, layer “{ $layer }”: read as { $named }, as you say, and not as { $stated }, as the file says.
remark-crs-kept = { $file }, layer “{ $layer }”: read as { $stated }, as the file says; its coordinates cannot be { $named }, as you say.
remark-datum-rough = { $file }: { $datum } is converted without local parameters and may be off by up to 100 m; ask the survey office for them.
remark-datum-converted = { $file }: shifted back from { $datum } to WGS-84, some hundred metres.
remark-zero-heights-dropped = { $file }, layer “{ $layer }”: heights of zero dropped.
remark-codes-made = { $file }, layer “{ $layer }”: no column of building codes; the rows were numbered.
remark-households-estimated = { $file }: households estimated: { $formula }.
remark-footprints-twice = { $file }: { $count ->
    [one] 1 building stands
   *[other] { $count } buildings stand
  } on the footprint of another, first { $row } on { $other }; both are kept.
remark-footprints-overlap = { $file }: { $pairs ->
    [one] 1 pair of buildings overlaps
   *[other] { $pairs } pairs of buildings overlap
  }; the two of a pair stay together.
remark-streets-without-kind = { $file }, layer “{ $layer }”: no column tells the kind of street; all were taken as local streets.
remark-street-kinds-unknown = { $file }: unknown kinds of street taken as local: { $kinds }.
remark-index-missing = { $file } has no .shx index; it was read in the order of the records.
remark-rows-deleted = { $file }: { $count ->
    [one] 1 row is
   *[other] { $count } rows are
  } marked as deleted and left out.
remark-members-ignored = { $file }: other members ignored: { $members }.
remark-boundary-overlaps = { $areas } boundary areas overlap by { $overlap_m2 } m²; they were united.
remark-boundary-derived = No boundary was given: one was drawn about { $margin_m } m around the buildings, closing gaps up to { $gap_m } m: { $area_ha } ha in { $parts ->
    [one] 1 part
   *[other] { $parts } parts
  }; outlying parts joined by strips: { $joined }. Better send the true boundary as a further file.
remark-shapes-incomplete = { $file }: { $count ->
    [one] 1 shape reaches beyond the file and is
   *[other] { $count } shapes reach beyond the file and are
  } left out.
remark-place-incomplete = { $file }: the outline of “{ $place }” is not complete in the file; it was united from the areas within it that are: { $parts }.
remark-buildings-astride = { $count ->
    [one] 1 building lies astride the outline; it belongs to the area because most of it lies inside, or about half with its inner point.
   *[other] { $count } buildings lie astride the outline; each belongs to the area because most of it lies inside, or about half with its inner point.
  }
remark-entrances-shared-out = { $count ->
    [one] 1 building: its households are shared out evenly to its entrances, for the file does not tell those of each.
   *[other] { $count } buildings: the households are shared out evenly to their entrances, for the file does not tell those of each.
  }
remark-entrances-moved = { $count ->
    [one] 1 entrance lay beside its building's footprint, at most { $most_m } m off, and was moved into it.
   *[other] { $count } entrances lay beside their building's footprint, at most { $most_m } m off, and were moved into it.
  }
remark-outline-cut = The outline was cut to the box asked for: { $left_ha } of { $whole_ha } ha are left.
remark-beyond-outline = { $count ->
    [one] 1 row
   *[other] { $count } rows
  } of { $layer ->
    [buildings] the buildings
    [streets] the streets
    [water] the water
    [railways] the railways
    [compounds] the compounds
    [admin] the administrative areas
    [entrances] the entrances
   *[green] the green
  } lie more than { $near_m } m beyond the outline and are left out.
remark-shift-likely = { NUMBER($crossed_share, style: "percent") } of the buildings lie on carriageways, and { NUMBER($crossed_share_after, style: "percent") } would if the { $layer ->
    [streets] streets
   *[buildings] buildings
  } were moved back from { $datum }: the two are probably in different datums. Read the files again with the right datum.
