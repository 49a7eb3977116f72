"""Entrances held against their buildings: of a building all of them are taken, or none.

A building whose entrances do not add up could be divided wrongly in silence; so its entrances are refused by
name, and the building stays what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from app.errors import row_part
from app.geo.crs import Geometries, round_metres
from app.geo.plots import BoolArray, IntArray
from app.geo.readers.report import ImportReport

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

FAR_OFF_M = 10.0  # a door under a porch or at the edge of the pavement still is the building's
WITHIN_M = 0.5  # a point is put so far inside the footprint, where its wall is wide enough
SAME_SPOT_M = 0.5


def fitted(
    entrances: GeoDataFrame, rows: Sequence[str], buildings: GeoDataFrame, report: ImportReport
) -> GeoDataFrame:
    """The entrances that fit their buildings, with `building` as the position of the building.

    rows: what messages call each. Refused are entrances of unknown buildings (`entrance_building_unknown`),
    far from theirs (`entrance_far_off`), on the spot of another (`entrance_twice`); and then all of a
    building whose households they do not add up to (`entrances_miscounted`). Points are moved into the
    footprint. Households that the file leaves out for a whole building are shared out evenly.
    """
    place = {code: k for k, code in enumerate(buildings["code"])}
    building = np.array([place.get(code, -1) for code in entrances["building"]], np.int64)
    points = entrances.geometry.to_numpy().copy()
    keep = _near_theirs(entrances, building, points, rows, buildings, report)
    counts = entrances["households"].to_numpy().astype(np.int64)
    codes = list(entrances["code"])
    moved = shared_out = 0
    order = np.argsort(building, kind="stable")
    ends = np.flatnonzero(np.diff(building[order])) + 1
    for every in np.split(order, ends):
        own = every[keep[every]]
        if len(own) == 0:
            continue
        one = int(building[every[0]])
        points[own], beside = _within(points[own], buildings.geometry.iloc[one])
        own = _each_spot_once(points, own, rows, keep, report)
        is_whole = bool(keep[every].all())
        whole = int(buildings["households"].iloc[one])
        if is_whole and (counts[own] < 0).all():
            counts[own] = evenly(whole, len(own))
            shared_out += 1
        elif not is_whole or (counts[own] < 0).any() or counts[own].sum() != whole:
            facts = {"building": buildings["code"].iloc[one], "households": whole}
            facts["entrances"] = int(counts[own][counts[own] > 0].sum())
            for k in own.tolist():
                report.refuse("entrances", rows[k], "entrances_miscounted", **facts)
            keep[own] = False
            continue
        moved += int(beside.sum())
        for k, code in zip(own.tolist(), _each_once([codes[k] for k in own]), strict=True):
            codes[k] = code
    if moved:
        report.note("entrances_moved", count=moved, most_m=f"{FAR_OFF_M:g}")
    if shared_out:
        report.note("entrances_shared_out", count=shared_out)
    taken = entrances.assign(building=building, code=codes, households=counts).set_geometry(points)
    return taken.set_crs(entrances.crs, allow_override=True)[keep].reset_index(drop=True)


def _near_theirs(
    entrances: GeoDataFrame,
    building: IntArray,
    points: Geometries,
    rows: Sequence[str],
    buildings: GeoDataFrame,
    report: ImportReport,
) -> BoolArray:
    """Which entrances are of a known building (`building`: its position, -1 for none) and near to it."""
    keep = building >= 0
    away = np.zeros(len(keep))
    away[keep] = shapely.distance(points[keep], buildings.geometry.to_numpy()[building[keep]])
    for k, named in enumerate(entrances["building"]):
        if not keep[k]:
            report.refuse("entrances", rows[k], "entrance_building_unknown", building=named)
        elif away[k] > FAR_OFF_M:
            facts = {"building": named, "metres": f"{away[k]:.0f}", "most": f"{FAR_OFF_M:g}"}
            report.refuse("entrances", rows[k], "entrance_far_off", **facts)
            keep[k] = False
    return keep


def evenly(households: int, count: int) -> IntArray:
    """Households shared out to `count` entrances, the first ones a household more where it does not divide.

    >>> evenly(10, 3).tolist()
    [4, 3, 3]
    """
    return households // count + (np.arange(count) < households % count).astype(np.int64)


def _within(points: Geometries, footprint: shapely.Geometry) -> tuple[Geometries, BoolArray]:
    """The points inside the footprint, on the lattice; and which of them lay outside."""
    room = shapely.buffer(footprint, -WITHIN_M, join_style="mitre")
    if shapely.is_empty(room):
        room = shapely.point_on_surface(footprint)
    beside = ~shapely.intersects(footprint, points)
    near = shapely.get_point(shapely.shortest_line(room, points), 0)
    inside = np.where(shapely.intersects(room, points), points, near)
    return np.asarray(shapely.transform(inside, round_metres), dtype=object), beside


def _each_spot_once(
    points: Geometries, own: IntArray, rows: Sequence[str], keep: BoolArray, report: ImportReport
) -> IntArray:
    taken: list[int] = []
    for k in own.tolist():
        same = [other for other in taken if shapely.distance(points[k], points[other]) < SAME_SPOT_M]
        if same:
            report.refuse("entrances", rows[k], "entrance_twice", other=row_part(rows[same[0]]))
            keep[k] = False
        else:
            taken.append(k)
    return np.array(taken, np.int64)


def _each_once(codes: Sequence[str | None]) -> list[str]:
    """A code each: what is missing is numbered, a number is added to one that came before."""
    given: dict[str, None] = {}
    for number, code in enumerate(codes, 1):
        wanted = code or str(number)
        candidate, again = wanted, 2
        while candidate in given:
            candidate, again = f"{wanted}-{again}", again + 1
        given[candidate] = None
    return [*given]
