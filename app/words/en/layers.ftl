### Grids as files: plans taken out, layers drawn elsewhere brought in, and what that took.

## Out
export-act = Export
export-as = Export { $name } as
export-format = { $format ->
    [gpkg] GeoPackage
    [qgis] GeoPackage for QGIS
    [shp] Shapefile (zip)
    [kml] KML
   *[geojson] GeoJSON
  }
export-format-about = { $format ->
    [gpkg] The grids, for any map programme
    [qgis] With plots, buildings, colours and labels
    [shp] For older programmes; names stay readable
    [kml] For map viewers, coloured as here
   *[geojson] For the web and for programs
  }

## In
layer-send = Grids drawn elsewhere
layer-send-about = Send a layer of grids and it becomes a draft: each polygon takes the plots it covers most of. Nothing that does not fit is lost; a report names it.
layer-file = File
layer-file-about = GeoPackage, zipped Shapefile, KML or GeoJSON, 20 MB at most
layer-target = Households per grid
layer-target-about = Empty: as in the plan in force, else as in the rules
layer-reading = How the file is to be read
layer-code-column = Column of codes
layer-name-column = Column of names
layer-act = Make a draft
layer-working = Snapping the layer

## The report
layer-title = Report of the layer
layer-of = Grids from { $file }
layer-took = What snapping took
layer-polygons = Polygons
layer-outside = { $n ->
    [one] 1 outside this area
   *[other] { $n } outside this area
  }
layer-moved = Ground now in another grid than drawn
layer-uncovered = In no polygon
layer-doubled = In two polygons
layer-datum = The polygons would fit this area far better if they were read as { $datum }. Send the file again with that datum.
layer-rows-out = { $n ->
    [one] 1 row of the file was left out: { $why }
   *[other] { $n } rows of the file were left out, the first because: { $why }
  }
layer-nothing = Everything fits: the grids are as they were drawn.
layer-kind = { $kind ->
    [cut] Buildings cut by a drawn line
    [uncovered] Ground in no polygon
    [doubled] Ground in two polygons
    [torn] Parts torn off their grid
    [divided] Polygons over several communities
    [lost] Polygons without a plot
   *[renumbered] Grids with another code
  } ({ $n })
layer-kind-about = { $kind ->
    [cut] Each is whole in one grid now: the one that covers most of its plot.
    [uncovered] It went to the neighbour with the longest common line; a community without any polygon is one grid.
    [doubled] Each plot went to the polygon that covers more of it.
    [torn] They lie apart from the rest of their polygon and joined a neighbour, or stand for themselves.
    [divided] No grid crosses communities: each part is a grid, or a strip that joined a neighbour.
    [lost] They cover most of no plot.
   *[renumbered] The file’s code is taken, or begins with another community.
  }
layer-cut-became = cut { $shares }, now whole in { $grids }
layer-divided-became = { $communities }: { $n ->
    [one] grid { $grids }
   *[other] grids { $grids }
  }{ NUMBER($strayed) ->
    [0] {""}
    [one] ; 1 plot joined a neighbour
   *[other] ; { $strayed } plots joined neighbours
  }
layer-lost-became = no grid was made of it
layer-doubled-strip = a strip: most of no plot lies in both
layer-now-in = now in { $grids }{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
  }
layer-made = now grid { $grids } of its own{ $more ->
    [0] {""}
   *[other] {" "}and { $more } more
  }
layer-and = {" "}and{" "}
layer-households = { $n ->
    [one] 1 household
   *[other] { $n } households
  }
layer-all = Show all { $n }
layer-more = and { $n } more that the report only counts

## Differences of two plans
difference-view = Differences
difference-buildings = Buildings that change hands
difference-building = Building
difference-from = From grid
difference-to = To grid
difference-total = { NUMBER($n) ->
    [0] No building changes hands.
    [one] 1 building with { $households } households
   *[other] { $n } buildings with { $households } households
  }
difference-total-untold = { NUMBER($n) ->
    [0] No building changes hands.
    [one] 1 building
   *[other] { $n } buildings
  }
difference-people = { $people ->
    [one] 1 resident
   *[other] { $people } residents
  }
difference-more = Show more ({ $n } left)
difference-print = Print all
