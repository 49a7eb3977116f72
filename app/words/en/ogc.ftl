### What other software reads of the public part (OGC API – Features), as people see it.

ogc-title = Published grids for other software
ogc-about = Grids in force, buildings and public duties by OGC API – Features. QGIS and GDAL open it with no plug-in. No household, no resident.
ogc-api = Description of the interface
ogc-conformance = Conformance classes
ogc-collections = Collections
ogc-this = This document
ogc-next = Next page
ogc-grids = Grids
ogc-about-grids = Grids in force with their borders, community and plan.
ogc-buildings = Buildings
ogc-about-buildings = Footprints with code, name, address, kind and floors.
ogc-duties = Duties
ogc-about-duties = Who answers for which grid today: work name and office phone, at a point inside the grid.
