"""The outline of a district: united from boundary polygons, or else derived from the buildings."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from app.errors import part
from app.geo.crs import Geometries, round_metres
from app.geo.plots import BoolArray
from app.geo.readers.report import ImportReport

HAIRLINE_M = 1.0  # gaps narrower than this between boundary polygons are drawing faults, not ground
GAP_M = 60.0  # half the width of the gaps that a derived outline closes
MARGIN_M = 20.0  # how far a derived outline stays from the outermost walls
JOIN_M = 1_000.0  # settlements no farther apart than this are joined by a strip
_MOST_SETTLEMENTS = 3_000
_FAR_M = 30_000.0


def unite(areas: Geometries, report: ImportReport) -> Polygon | MultiPolygon:
    """One outline of several areas.

    Holes, islands and exclaves stay; hairline gaps between neighbours close; overlaps merge.

    areas: valid polygons in metres.
    """
    whole = shapely.union_all(areas)
    if len(areas) > 1:
        closed = _buffered(_buffered(whole, HAIRLINE_M / 2), -HAIRLINE_M / 2)
        slivers = shapely.get_parts(shapely.difference(closed, whole))
        slivers = slivers[(shapely.area(slivers) > 1e-4) & (shapely.get_type_id(slivers) == 3)]
        if len(slivers):
            touched = shapely.STRtree(areas).query(shapely.buffer(slivers, 0.02), predicate="intersects")
            between = np.bincount(touched[0], minlength=len(slivers)) > 1
            if between.any():
                seams = slivers[between]
                whole = shapely.union_all([whole, *shapely.buffer(seams, 0.01, join_style="mitre")])
                report.mend(
                    "boundary",
                    None,
                    "hairline gaps",
                    part("gaps", n=len(seams), area_m2=f"{shapely.area(seams).sum():.1f}"),
                    part("closed"),
                )
        overlap = float(shapely.area(areas).sum() - shapely.area(shapely.union_all(areas)))
        if overlap > 1:
            report.note("boundary_overlaps", areas=len(areas), overlap_m2=f"{overlap:,.0f}")
    return on_lattice(whole)


def derive(buildings: Geometries, streets: Geometries, report: ImportReport) -> Polygon | MultiPolygon:
    """An outline drawn around the buildings: neighbourhoods grown together, with the streets among them.

    Gaps up to 120 m between buildings close, the outline runs about 20 m outside the outermost walls,
    whatever it goes around fills (a park, a lake, a building site: nobody else looks after it), and
    hamlets up to 1 km off are joined by a strip: the district is in few pieces.

    buildings, streets: in metres. Returns a polygon, or one per settlement.
    """
    near = shapely.union_all(shapely.buffer(shapely.envelope(buildings), GAP_M, quad_segs=2))
    shapely.prepare(near)
    within = streets[shapely.intersects(near, streets)] if len(streets) else streets
    among = shapely.intersection(within, near) if len(within) else within
    grown = shapely.union_all([near, shapely.union_all(shapely.buffer(among, MARGIN_M / 2, quad_segs=1))])
    drawn = shapely.buffer(grown, MARGIN_M - GAP_M, quad_segs=2)
    footing = shapely.union_all(shapely.buffer(shapely.envelope(buildings), 2.0, join_style="mitre"))
    settlements = shapely.get_parts(shapely.union_all([drawn, footing]))
    whole = shapely.simplify(shapely.union_all([*settlements, *_strips(settlements)]), 1.0)
    outline = on_lattice(
        shapely.union_all(shapely.polygons(shapely.get_exterior_ring(shapely.get_parts(whole))))
    )
    report.warn(
        "boundary_derived",
        parts=int(shapely.get_num_geometries(outline)),
        area_ha=f"{shapely.area(outline) / 10_000:,.1f}",
        margin_m=f"{MARGIN_M:g}",
        gap_m=f"{2 * GAP_M:g}",
        joined=len(settlements) - int(shapely.get_num_geometries(outline)),
    )
    return outline


def _strips(settlements: Geometries) -> Geometries:
    """Strips of ground that join settlements to their nearest ones, as few and short as will do."""
    if not 1 < len(settlements) <= _MOST_SETTLEMENTS:
        return np.empty(0, dtype=object)
    from scipy.sparse import csr_matrix  # here: the child process draws nothing
    from scipy.sparse.csgraph import minimum_spanning_tree

    simple = shapely.simplify(settlements, 5.0)
    pairs = shapely.STRtree(simple).query(simple, predicate="dwithin", distance=JOIN_M)
    first, second = pairs[:, pairs[0] < pairs[1]]
    metres = shapely.distance(simple[first], simple[second]) + 1e-3  # 0 would be no link
    links = csr_matrix((metres, (first, second)), shape=(len(simple), len(simple)))
    joined = minimum_spanning_tree(links).tocoo()
    lines = shapely.shortest_line(settlements[joined.row], settlements[joined.col])
    strips: Geometries = np.asarray(shapely.buffer(lines, MARGIN_M, cap_style="square"))
    return strips


def far_off(buildings: Geometries) -> BoolArray:
    """Buildings that must be misplaced: over 30 km from the rest, and 20 times the usual distance."""
    xy = shapely.get_coordinates(shapely.centroid(buildings))
    distance = np.hypot(*(xy - np.median(xy, axis=0)).T)
    far: BoolArray = distance > max(_FAR_M, 20 * float(np.median(distance)))
    return far


def on_lattice(outline: Any) -> Any:
    """Corners on the 1 cm lattice, still valid, polygons only."""
    snapped = shapely.set_precision(shapely.set_precision(outline, 0.01), 0)
    snapped = shapely.transform(snapped, round_metres)
    parts = shapely.get_parts(snapped)
    parts = parts[(shapely.get_type_id(parts) == 3) & (shapely.area(parts) > 0)]
    whole = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
    return (
        whole
        if shapely.is_valid(whole)
        else shapely.make_valid(whole, method="structure", keep_collapsed=False)
    )


def _buffered(geometry: Any, distance: float) -> Any:
    return shapely.buffer(geometry, distance, join_style="mitre", mitre_limit=2.0)
