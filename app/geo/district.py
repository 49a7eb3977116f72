"""A district as the readers hand it over: everything in metres of one CRS, every layer there (if need be
empty).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:  # geopandas takes a second to import; the command line starts without it
    from geopandas import GeoDataFrame
    from pyproj import CRS
    from shapely import MultiPolygon, Polygon

    from app.geo.crs import Geometries
    from app.geo.readers.report import ImportReport


@dataclass(frozen=True)
class District:
    """The ground to divide, its buildings, and the lines a grid's border may follow.

    crs: projected, metres; corners lie on the 1 cm lattice.
    outline: valid, with holes, exclaves and islands as given.
    outline_source: `file` (a boundary layer) | `named` (found by name) | `extent` (a box asked for) |
        `derived` (from buildings).
    buildings: index 0..n-1; code (str, unique), name (str or None), households (int64, >= 0),
        households_source (register | estimate | imported), kind (residential, commercial …), address (str or
        None), floors (0 where unknown), geometry ((Multi)Polygon, valid).
    streets: carriageways that may bound ground: kind (int8 `LineClass` LOCAL, SECONDARY, ARTERIAL), highway
        (the source's tag), name, bridge, tunnel (bool), layer (int64, 0 on the ground), geometry
        (LineString).
    water: kind (river | stream | canal | lake …), name, tunnel (bool), geometry (Polygon, MultiPolygon or
        LineString).
    railways: kind (rail | light_rail …), name, bridge, tunnel, layer, geometry (LineString); tunnels are
        flagged, not dropped, but for subways below ground.
    compounds: code, name, kind, address, geometry. admin: level (str), code, name, geometry.
    entrances: building (position in buildings), code, name, households, geometry (Point within the building's
        footprint); of each building all or none are here, each with a code of its own, and their households
        are the building's.
    green: kind, name, geometry; parks and fields, for the base map only.
    report: what became of every row of every file.

    foreign: footprints that reach into the outline, of buildings that belong outside it: they are counted
        nowhere and cut nowhere.

    Buildings and lines that reach over the outline are kept whole.
    """

    crs: CRS
    outline: Polygon | MultiPolygon
    outline_source: str
    buildings: GeoDataFrame
    streets: GeoDataFrame
    water: GeoDataFrame
    railways: GeoDataFrame
    compounds: GeoDataFrame
    admin: GeoDataFrame
    report: ImportReport
    foreign: Geometries = field(default_factory=lambda: np.empty(0, dtype=object))
    green: GeoDataFrame | None = None
    entrances: GeoDataFrame | None = None
