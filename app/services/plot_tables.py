"""Versions of plots in the database, and the same as the arrays that the engine reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS
from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.crs import Geometries, to_lonlat, to_metres
from app.geo.partition import plots_of
from app.geo.plots import Edges, FloatArray, IntArray, LineClass, PlotTable
from app.models import Tessellation
from app.services.bulk import copy_rows, hex_of, new_ids, shapes_of

CENTIMETRE = 0.01
KIND = {line.words: line for line in LineClass}


@dataclass(frozen=True)
class StoredPlots:
    """One version of a place's plots, in rising order of their ids.

    polygons: lon/lat as stored. community: `place.id` of each. buildings: how many stand on each.
    """

    tessellation_id: int
    place_id: int
    crs: CRS
    ids: IntArray
    community: IntArray
    polygons: Geometries
    buildings: IntArray
    table: PlotTable

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def metres(self) -> Geometries:
        """The polygons in metres, on the lattice they were cut on."""
        return to_metres(self.polygons, self.crs)

    def numbers_of(self, ids: IntArray) -> IntArray:
        """Positions of these plots, -1 for one that is not of this version."""
        if len(self.ids) == 0:
            return np.full(len(ids), -1, np.int64)
        place = np.searchsorted(self.ids, ids).clip(max=len(self.ids) - 1)
        return np.where(self.ids[place] == ids, place, -1).astype(np.int64)


def current(session: Session, place_id: int) -> Tessellation | None:
    """The newest version of a place's plots, all buildings whole."""
    newest = Tessellation.version.desc()
    return session.scalars(
        select(Tessellation)
        .where(Tessellation.place_id == place_id, Tessellation.plain_id.is_(None))
        .order_by(newest)
        .limit(1)
    ).first()


# Of `plan`: the newest version of plots that is as its own. One with buildings divided by entrances has that
# of them, among those of the newest plain version, which divides most of its buildings and no other. What was
# cut by hand stays as it is while the plain version is the newest; nobody else's cut version is as its own.
NEWEST_OF_PLAN = """(
    SELECT coalesce((
        SELECT alike.id FROM tessellation AS own JOIN tessellation AS alike ON alike.plain_id = plain.id
        WHERE own.id = plan.tessellation_id AND own.plain_id IS NOT NULL AND (
            (alike.id = own.id AND own.cut_from_id IS NOT NULL)
            OR alike.cut_from_id IS NULL
            AND EXISTS (SELECT FROM plot_entrance AS today WHERE today.tessellation_id = alike.id)
            AND NOT EXISTS (
                SELECT FROM plot_entrance AS today WHERE today.tessellation_id = alike.id
                    AND today.building_id NOT IN (
                        SELECT building_id FROM plot_entrance AS before WHERE before.tessellation_id = own.id
                    )
            )
        )
        ORDER BY alike.id = own.id DESC, (
            SELECT count(DISTINCT building_id) FROM plot_entrance AS before
            JOIN plot_entrance AS today USING (building_id)
            WHERE before.tessellation_id = own.id AND today.tessellation_id = alike.id
        ) DESC, alike.version DESC LIMIT 1
    ), plain.id)
    FROM tessellation AS plain WHERE plain.place_id = plan.place_id AND plain.plain_id IS NULL
    ORDER BY plain.version DESC LIMIT 1
)"""
# Whether the plots of `plan` are those of today.
ON_NEWEST_GROUND = """(
    SELECT coalesce(own.plain_id, own.id) = (
        SELECT id FROM tessellation WHERE place_id = plan.place_id AND plain_id IS NULL
        ORDER BY version DESC LIMIT 1
    ) FROM tessellation AS own WHERE own.id = plan.tessellation_id
)"""


def newest_of_plan(session: Session, plan_id: int) -> int:
    """Id of the newest version of plots that is as a plan's own: with buildings divided, where that has."""
    asked = text(f"SELECT {NEWEST_OF_PLAN} FROM plan WHERE id = :plan")  # noqa: S608 (a constant)
    return int(session.scalars(asked, {"plan": plan_id}).one())


def read_plots(session: Session, tessellation_id: int) -> StoredPlots:
    """A version as arrays; the order of plots is that of their ids, so that same rows give same arrays."""
    asked = text("""
        SELECT place.id, place.srid FROM tessellation JOIN place ON place.id = tessellation.place_id
        WHERE tessellation.id = :id
    """)
    place_id, srid = session.execute(asked, {"id": tessellation_id}).one()
    rows = session.execute(_PLOTS, {"id": tessellation_id}).all()
    polygons = shapes_of(row.geometry for row in rows)
    ids = np.array([row.id for row in rows], np.int64)
    crs = CRS.from_epsg(srid)
    perimeter = np.array([row.perimeter_m for row in rows], np.float64)
    edges = _edges(session, tessellation_id, ids)
    inner = np.bincount(edges.i, edges.metres, len(ids)) + np.bincount(edges.j, edges.metres, len(ids))
    metres = to_metres(polygons, crs)
    table = PlotTable(
        households=np.array([row.households for row in rows], np.int64),
        area=np.array([row.area_m2 for row in rows], np.float64),
        perimeter=perimeter,
        outer=np.maximum(perimeter - inner, 0.0),
        xy=shapely.get_coordinates(shapely.centroid(metres)),
        edges=edges,
    )
    stored = StoredPlots(
        tessellation_id,
        place_id,
        crs,
        ids,
        np.array([row.community_id for row in rows], np.int64),
        polygons,
        np.array([row.buildings for row in rows], np.int64),
        table,
    )
    stored.__dict__["metres"] = metres  # already known
    return stored


_PLOTS = text("""
    SELECT plot.id, plot.community_id, plot.area_m2, plot.perimeter_m, counted.households, counted.buildings,
        ST_AsBinary(plot.geometry) AS geometry
    FROM tessellation_plot AS counted JOIN plot ON plot.id = counted.plot_id
    WHERE counted.tessellation_id = :id ORDER BY plot.id
""")


def _edges(session: Session, tessellation_id: int, ids: IntArray) -> Edges:
    asked = text("""
        SELECT plot_id, neighbour_id, kind, metres, wall FROM plot_edge WHERE tessellation_id = :id
    """)
    return edges_of(session.execute(asked, {"id": tessellation_id}).all(), ids)


def edges_of(lines: Sequence[Row[Any]], ids: IntArray) -> Edges:
    """Rows of `plot_edge` as arrays. ids: of the plots, in rising order; both ends of each line are there."""
    i = np.searchsorted(ids, np.array([row.plot_id for row in lines], np.int64)).astype(np.int64)
    j = np.searchsorted(ids, np.array([row.neighbour_id for row in lines], np.int64)).astype(np.int64)
    kind = np.array([KIND[row.kind] for row in lines], np.int8)
    metres = np.array([row.metres for row in lines], np.float64)
    wall = np.array([row.wall for row in lines], np.bool_)
    order = np.lexsort((wall, kind, j, i))
    return Edges(i[order], j[order], metres[order], kind[order], wall[order])


def lines_at(session: Session, tessellation_id: int, plot_ids: Sequence[int]) -> list[Row[Any]]:
    """Every line of a version with at least one end in these plots, once, in the order of its ends."""
    asked = {"tessellation": tessellation_id, "plots": list(plot_ids)}
    mine = {*plot_ids}
    rows = [
        *session.execute(_LINES_FROM, asked),
        *(row for row in session.execute(_LINES_TO, asked) if row.plot_id not in mine),
    ]
    return sorted(rows, key=lambda row: (row.plot_id, row.neighbour_id, row.kind, row.wall))


_LINE = "SELECT edge.plot_id, edge.neighbour_id, edge.kind, edge.metres, edge.wall"
_ASKED = "FROM unnest(CAST(:plots AS bigint[])) AS asked (plot_id) JOIN plot_edge AS edge"
_LINES_FROM = text(
    f"{_LINE} {_ASKED} ON edge.tessellation_id = :tessellation AND edge.plot_id = asked.plot_id"
)
_LINES_TO = text(
    f"{_LINE} {_ASKED} ON edge.tessellation_id = :tessellation AND edge.neighbour_id = asked.plot_id"
)


@dataclass(frozen=True)
class Written:
    """What became of the plots of a version. ids: of each, in the order given.

    is_new: whether there is a version more; none is made of plots that are what they were.
    """

    tessellation_id: int
    version: int
    ids: IntArray
    carried: int
    new: int
    dropped: int
    is_new: bool = True


def write_plots(
    session: Session,
    place_id: int,
    polygons: Geometries,
    table: PlotTable,
    buildings: IntArray,
    community: IntArray,
    former: StoredPlots | None = None,
    note: str | None = None,
    *,
    plain_id: int | None = None,
    also: Sequence[StoredPlots] = (),
) -> Written:
    """Store a new version of a place's plots; those with the same ground as before keep their ids.

    polygons: lon/lat on the lattice. community: `place.id` of each. former: the version before, which stays
        the newest where plots, their figures and the lines between them are all as they were.
    plain_id: the version that this one is but for divided buildings. also: other versions whose plots keep
        their ids.
    """
    ids = _carried_ids(polygons, community, former)
    for other in also:
        ids = np.where(ids < 0, _carried_ids(polygons, community, other), ids)
    if former is not None:
        before = session.get_one(Tessellation, former.tessellation_id)
        if _is_same(former, ids, table, buildings):
            return Written(former.tessellation_id, before.version, ids, len(ids), 0, 0, is_new=False)
    newest = select(func.max(Tessellation.version)).where(Tessellation.place_id == place_id)
    version = (session.scalar(newest) or 0) + 1
    tessellation = Tessellation(place_id=place_id, version=version, note=note, plain_id=plain_id)
    session.add(tessellation)
    session.flush()
    fresh = np.flatnonzero(ids < 0)
    ids[fresh] = new_ids(session, "plot", len(fresh))
    copy_rows(
        session,
        "plot",
        ["id", "community_id", "geometry", "area_m2", "perimeter_m"],
        zip(
            ids[fresh].tolist(),
            community[fresh].tolist(),
            hex_of(polygons[fresh]),
            table.area[fresh].tolist(),
            table.perimeter[fresh].tolist(),
            strict=True,
        ),
    )
    copy_rows(
        session,
        "tessellation_plot",
        ["tessellation_id", "plot_id", "households", "buildings"],
        (
            (tessellation.id, plot, households, standing)
            for plot, households, standing in zip(
                ids.tolist(), table.households.tolist(), buildings.tolist(), strict=True
            )
        ),
    )
    _copy_edges(session, tessellation.id, ids, table.edges)
    carried = len(ids) - len(fresh)
    dropped = 0 if former is None else len(former) - carried
    return Written(tessellation.id, version, ids, carried, len(fresh), dropped)


def _is_same(former: StoredPlots, ids: IntArray, table: PlotTable, buildings: IntArray) -> bool:
    """Whether plots with these ids are the former version, with the same figures and lines between them."""
    order = np.argsort(ids)
    if not np.array_equal(ids[order], former.ids):
        return False
    counts = (table.households, former.table.households), (buildings, former.buildings)
    if not all(np.array_equal(now[order], before) for now, before in counts):
        return False
    (now, metres), (before, former_metres) = (
        _edge_rows(ids, table.edges),
        _edge_rows(former.ids, former.table.edges),
    )
    return np.array_equal(now, before) and np.allclose(metres, former_metres, atol=CENTIMETRE)


def _edge_rows(ids: IntArray, edges: Edges) -> tuple[IntArray, FloatArray]:
    """Lines by ids of the two plots, kind and wall, each once and in order; and the metres of each."""
    one, other = np.minimum(ids[edges.i], ids[edges.j]), np.maximum(ids[edges.i], ids[edges.j])
    keys = np.stack([one, other, edges.kind.astype(np.int64), edges.wall.astype(np.int64)], axis=1)
    rows, row = np.unique(keys, axis=0, return_inverse=True)
    return rows.astype(np.int64), np.bincount(row.ravel(), edges.metres, len(rows)).astype(np.float64)


def _copy_edges(session: Session, tessellation_id: int, ids: IntArray, edges: Edges) -> None:
    rows, metres = _edge_rows(ids, edges)
    words = [line.words for line in LineClass]
    copy_rows(
        session,
        "plot_edge",
        ["tessellation_id", "plot_id", "neighbour_id", "kind", "wall", "metres"],
        (
            (tessellation_id, i, j, words[kind], bool(wall), length)
            for (i, j, kind, wall), length in zip(rows.tolist(), metres.tolist(), strict=True)
        ),
    )


def _carried_ids(polygons: Geometries, community: IntArray, former: StoredPlots | None) -> IntArray:
    """The former id of each plot whose ground and community are what they were, else -1."""
    ids = np.full(len(polygons), -1, np.int64)
    if former is None or len(former) == 0:
        return ids
    known = {
        (ground, place): plot
        for ground, place, plot in zip(
            _fingerprints(former.polygons), former.community.tolist(), former.ids.tolist(), strict=True
        )
    }
    keys = zip(_fingerprints(polygons), community.tolist(), strict=True)
    ids[:] = [known.get(key, -1) for key in keys]
    return ids


def _fingerprints(polygons: Geometries) -> list[bytes]:
    """Equal for equal ground, wherever its ring begins."""
    return [bytes(ground) for ground in shapely.to_wkb(shapely.normalize(polygons))]


def stored_polygons(polygons: Geometries, crs: CRS) -> Geometries:
    """Plots as they are stored: lon/lat on the 1e-8 degree lattice, valid, and still without gap or overlap.

    A corner that lay a hair beside a line may come to lie beyond it. Then it is taken out of both plots
    that have it, which moves a border by less than that hair. Refused with `plots_do_not_match` where that
    does not help.
    """
    stored = to_lonlat(polygons, crs)
    for number in np.flatnonzero(~shapely.is_valid(stored)).tolist():
        if not shapely.is_valid(stored[number]) and not _without_a_corner(stored, number):
            raise Refusal("plots_do_not_match", count=1)
    return stored


def _without_a_corner(stored: Geometries, number: int) -> bool:
    """Take the one corner out whose leaving makes plot `number` valid and breaks no other."""
    box = shapely.box(*shapely.bounds(stored[number]))
    near = np.flatnonzero(shapely.intersects(shapely.box(*shapely.bounds(stored).T), box))
    for corner in np.unique(shapely.get_coordinates(stored[number]), axis=0):
        having = [
            k for k in near.tolist() if (shapely.get_coordinates(stored[k]) == corner).all(axis=1).any()
        ]
        if len(having) > 2:  # three plots meet here
            continue
        changed = _polygons_without(stored[having], corner)
        if changed is not None and shapely.is_valid(changed).all():
            stored[having] = changed
            return True
    return False


def _polygons_without(polygons: Geometries, corner: npt.NDArray[np.float64]) -> Geometries | None:
    changed = np.empty(len(polygons), dtype=object)
    for k, polygon in enumerate(polygons):
        rings = [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(polygon)]
        left = [ring[~(ring == corner).all(axis=1)] for ring in rings]
        if any(len(ring) < 3 for ring in left):
            return None
        changed[k] = shapely.Polygon(left[0], left[1:])
    return changed


def union_of(polygons: Geometries, label: IntArray) -> dict[int, shapely.Geometry]:
    """The common ground of the plots of each label, as exact as the plots are."""
    numbers, place = np.unique(label, return_inverse=True)
    return {
        int(numbers[k]): shapely.coverage_union_all(polygons[plots])
        for k, plots in enumerate(plots_of(place))
    }


Progress = Callable[[float], None]


def nothing_told(share: float) -> None:
    """For who does not want to know how far it is."""
