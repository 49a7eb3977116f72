### Pieces of sentences among the facts of refusals, remarks and mended rows: one for every code of `PARTS` in
### app/errors.py (`_` written `-`), with the same facts. `$said` is what another program says, in English only.

part-none = none
part-nothing = nothing
part-over = over { $n }
part-row = { $word } { $number }
part-torn-ground = Open ground
part-torn-buildings = { $names }
part-named = { $name }
part-row-named = { $word } { $number } ({ $name })
part-first-refused = {" "}(first { $row }: { $why })
part-parser-said = { $said }

## Formats, and what a file turns out to be
part-formats-read = GeoJSON, zipped shapefile, GeoPackage, KML, KMZ, .osm.pbf, .osm
part-zipped-shapefile = zipped shapefile
part-other-xml = XML of another kind
part-looks-like = {" "}(it looks like { $format })
part-maybe-gbk = {" "}(it may be GBK)
part-own-check-failed = the database in it fails its own check
part-geometry-columns = layer { $layer } has { $count } geometry columns
part-geometry-column-gone = layer { $layer } lacks its geometry column
part-not-json = not JSON: { $said } at line { $line }, column { $column }
part-member-twice = the member “{ $name }” stands twice in one object
part-no-json-number = { $word } is no JSON number
part-no-collection = the top of the file is no FeatureCollection
part-no-feature = feature { $number } is no GeoJSON feature
part-geometry-no-object = the geometry of feature { $number } is no object
part-not-xml = not XML: { $said }
part-not-kml = its first element is not kml
part-placemark-within = a Placemark within a Placemark
part-own-definitions = a document type with definitions of its own
part-link-elsewhere = a link to another document
part-crs-reads-file = a coordinate system that reads another file
part-block-cut-off = a block of it is cut off, or announces more than is there
part-no-pbf = it does not begin as an OpenStreetMap PBF
part-no-shp-header = the .shp has no shapefile header
part-shp-record-cut-off = record { $number } of the .shp claims more than is there
part-shapes-and-rows = { $shapes } shapes but { $rows } rows of attributes
part-no-dbf-header = the .dbf has no dBASE header
part-dbf-columns-wrong = the columns of the .dbf do not add up to a row
part-dbf-rows-wrong = the .dbf states { $stated } rows and holds { $there }
part-a-shp = a .shp
part-one-kml = a single .kml document
part-members = { $n } members
part-same-name-members = two members with the same name
part-member-outside = a member path outside its folder ({ $member })
part-member-link = a link or device ({ $member })
part-member-archive = an archive in an archive ({ $member })
part-member-packing = member { $member } is packed in an unusual way
part-member-broken = member { $member }: { $said }
part-member-size-wrong = member { $member } has not the size it states

## Who says so
part-the-file = the file
part-the-input = the input
part-the-input-first = The input
part-first-line = its first line
part-the-dbf = the .dbf
part-gpkg-standard = the GeoPackage standard
part-option-crs = your choice
part-encoding-by = { $encoding } ({ $said_by })
part-none-stated = none stated

## Shapes
part-a-polygon = a polygon
part-a-line = a line
part-a-point = a point
part-a-line-or-polygon = a line or polygon
part-unknown-type = shape of unknown type
part-mixed-types = { $said }
part-swapped-maybe = latitude and longitude may be swapped
part-metres-maybe = these may be metres; choose the coordinate system they are in
part-swapped = its latitude and longitude are swapped
part-check-crs = check its coordinate system and datum
part-no-area = no area
part-thinner-than-lattice = thinner than 1 cm
part-geos-self-intersection = it crosses itself at { $at }
part-geos-ring-self-intersection = its border touches itself at { $at }
part-geos-hole-outside = a hole lies outside it at { $at }
part-geos-nested-holes = a hole lies within a hole at { $at }
part-geos-nested-shells = a part lies within another at { $at }
part-geos-interior-cut = holes cut it in pieces at { $at }
part-geos-duplicate-rings = the same ring twice at { $at }
part-geos-too-few-points = too few points at { $at }
part-geos-other = { $said }
part-the-area = area { $name }
part-the-boundary = boundary
part-rail-of-kind = railway { $kind }
part-below-ground = { $kind } below ground

## Columns and households
part-column-found = { $field } from { $column }
part-formula = households = footprint m² × floors × { $net_share } ÷ { $household_m2 } m², rounded; at least 1 for a residential footprint of 35 m² or more, 0 for other uses; floors from the file, else height ÷ { $floor_m } m, else by footprint (below 150 m² 2, below 400 m² 3, else 6)

## Before and after, in a row that was mended
part-characters = { $n } characters
part-first-characters = the first { $n }
part-text-broken = broken text
part-text-garbled = garbled text
part-text-not-text = no text
part-digits-lost = digits lost
part-as-text = the text “{ $value }”
part-as-number = the number { $n }
part-estimated = { $n } (estimated)
part-missing = missing
part-in-order = read in the order of the records
part-bytes-stated = { $n } bytes stated
part-bytes-read = { $n } bytes read
part-not-closed = not closed
part-closed = closed
part-closed-line = closed line
part-area-within = the area within
part-hole-alone = drawn as a hole, but in no part
part-taken-as-part = taken as a part
part-three-dimensional = three-dimensional
part-two-dimensional = two-dimensional
part-invalid-on-lattice = not valid when rounded to the centimetre
part-repaired = repaired
part-repaired-with = repaired: { $type ->
    [Polygon] one polygon
   *[MultiPolygon] several polygons
  }, { $corners } corners
part-gaps = { $n ->
    [one] 1 gap
   *[other] { $n } gaps
  }, { $area_m2 } m²

## Requests
part-not-utf8 = it is not UTF-8
part-no-json-from = it is no JSON from line { $line }, column { $column } on
part-deeper-than = it is nested deeper than { $levels } levels
part-digits-too-many = a number has too many digits
part-no-number = { $word } is no number
part-key-twice = a key stands twice in one object
part-role-kind = { $kind }

## Cells of a register
part-no-sheet = there is no sheet in it
part-cell-wrong = row { $row }, { $column }: { $why }
part-cell-broken = holds a NUL or half a character
part-cell-garbled = was garbled before
part-cell-digits-lost = was stored as a rounded number and has lost digits: its precision is gone, export it as text
part-cell-no-telephone = is no telephone number
part-cell-id-malformed = is no ID number of 18 characters
part-cell-id-check = does not fit its own check digit
part-cell-birth-differs = is not the birth date in the ID number
part-cell-no-day = is no day; write 2026-03-01 or 2026/3/1
part-cell-days-turned = lies before the day it began
part-cell-day-ahead = lies ahead
part-cell-not-understood = is not understood
part-cell-missing = is missing
part-cell-too-long = is too long
