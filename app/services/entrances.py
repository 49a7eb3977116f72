"""Entrances as they are stored, and the versions of plots in which marked buildings are divided by them.

A split that asks for entrances gets a version of the plots of its own, in which the marked buildings' plots
are one for each entrance (`tessellation.plain_id` names the version where they are whole). All other plots
keep their ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.certificate import Doors
from app.geo.crs import to_lonlat, to_metres
from app.geo.district import District
from app.geo.entrances import DividedPlots, Standing, divided_by_entrances
from app.geo.plots import IntArray
from app.geo.tessellate.arrangement import lies_in
from app.models import Building, Place, Tessellation
from app.services.bulk import copy_rows, hex_of, shapes_of
from app.services.kinds import SPECIAL_KINDS
from app.services.plot_tables import StoredPlots, read_plots, stored_polygons, write_plots

# --- What is known ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stored:
    """Entrances of a place after an import: how many there are, and how many were dropped, for their
    building is gone or has other households."""

    kept: int
    dropped: int


def store_entrances(session: Session, place_id: int, district: District) -> Stored:
    """Write the entrances of files in place of those known; files without any leave those that still fit."""
    if "entrances" not in district.report.rows:
        dropped = len(session.execute(_DROP_UNFIT, {"place": place_id}).all())
        return Stored(int(session.scalar(_KNOWN, {"place": place_id}) or 0), dropped)
    known = district.entrances
    if known is None or len(known) == 0:
        session.execute(_DROP_ALL, {"place": place_id})
        return Stored(0, 0)
    standing = select(Building.code, Building.id).where(
        Building.place_id == place_id, Building.retired_at.is_(None)
    )
    ids = dict(session.execute(standing).all())
    codes = district.buildings["code"].to_numpy()[known["building"].to_numpy()]
    points = hex_of(to_lonlat(known.geometry.to_numpy(), district.crs))
    rows = [
        (ids[building], code, name or None, households, point)
        for building, code, name, households, point in zip(
            codes.tolist(), known["code"], known["name"], known["households"].tolist(), points, strict=True
        )
        if building in ids
    ]
    # An entrance of the same building and code stays the row it is: the doors behind it name it.
    columns = dict(
        zip(("ids", "codes", "names", "counts", "points"), map(list, zip(*rows, strict=True)), strict=True)
    )
    for act in (_DROP_GONE, _CHANGE, _ADD) if rows else (_DROP_ALL,):
        session.execute(act, {"place": place_id, **columns})
    return Stored(len(rows), 0)


_DROP_ALL = text("""
    DELETE FROM entrance USING building WHERE building.id = building_id AND building.place_id = :place
""")
_FRESH = """(
    SELECT * FROM unnest(
        CAST(:ids AS bigint[]), CAST(:codes AS text[]), CAST(:names AS text[]), CAST(:counts AS int[]),
        CAST(:points AS text[])
    ) AS given (building_id, code, name, households, position)
) AS fresh"""
_DROP_GONE = text(f"""
    DELETE FROM entrance USING building
    WHERE building.id = entrance.building_id AND building.place_id = :place
        AND NOT EXISTS (
            SELECT FROM {_FRESH}
            WHERE fresh.building_id = entrance.building_id AND fresh.code = entrance.code
        )
""")  # noqa: S608 (a constant)
_CHANGE = text(f"""
    UPDATE entrance
    SET name = fresh.name, households = fresh.households, position = CAST(fresh.position AS geometry)
    FROM {_FRESH}
    WHERE fresh.building_id = entrance.building_id AND fresh.code = entrance.code
""")  # noqa: S608 (a constant)
_ADD = text(f"""
    INSERT INTO entrance (building_id, code, name, households, position)
    SELECT building_id, code, name, households, CAST(position AS geometry) FROM {_FRESH}
    ON CONFLICT DO NOTHING
""")  # noqa: S608 (a constant)
_DROP_UNFIT = text("""
    DELETE FROM entrance WHERE building_id IN (
        SELECT building.id FROM building JOIN entrance ON entrance.building_id = building.id
        WHERE building.place_id = :place GROUP BY building.id
        HAVING building.retired_at IS NOT NULL OR sum(entrance.households) <> building.households
            OR NOT bool_and(ST_Covers(building.geometry, entrance.position))
    ) RETURNING id
""")
_KNOWN = text("""
    SELECT count(*) FROM entrance JOIN building ON building.id = building_id WHERE building.place_id = :place
""")


# --- Versions of plots -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """A version in which buildings are divided, or the plain one where none could be.

    divided: codes of the buildings that are. whole: how many marked ones are not.
    """

    tessellation_id: int
    divided: tuple[str, ...]
    whole: int


def version_of_marks(
    session: Session, plain_id: int, *, marks: bool, keep_locked: bool, kept: Sequence[Kept] = ()
) -> Version:
    """The version of the plots with buildings divided; made where there is none yet.

    marks: divide those that are marked. keep_locked: a building that is locked to its grid stays whole.
    kept: buildings that are divided in any case. Refused with `locked_grid_divided` where one of these no
    longer can be.
    """
    place_id = session.scalar(select(Tessellation.place_id).where(Tessellation.id == plain_id))
    session.scalars(select(Place).where(Place.id == place_id).with_for_update(key_share=True)).one()
    rows = session.execute(_MARKED, {"place": place_id}).all() if marks else []
    wanted = {row.building_id for row in rows if not (keep_locked and row.is_locked)}
    wanted |= {one.building_id for one in kept}
    if not wanted:
        return Version(plain_id, (), len(rows))
    found = divided_version(session, read_plots(session, plain_id), sorted(wanted))
    for one in kept:
        if one.code not in found.divided:
            raise Refusal("locked_grid_divided", grid=one.grid, building=one.code)
    return replace(found, whole=sum(row.code not in found.divided for row in rows))


_MARKED = text("""
    SELECT building_id, building.code,
        EXISTS (SELECT FROM lock WHERE lock.building_id = building.id) AS is_locked
    FROM entrance_mark JOIN building ON building.id = building_id
    WHERE entrance_mark.place_id = :place AND building.retired_at IS NULL ORDER BY building_id
""")


@dataclass(frozen=True)
class Kept:
    """A building that stays divided, and one of the grids that have a part of it."""

    building_id: int
    code: str
    grid: str


def kept_divided(
    session: Session, place_id: int, *, locked: bool, named: Sequence[str], special: bool
) -> list[Kept]:
    """Buildings that the plan in force has in several grids, where one of these, or the building, is to stay.

    locked: what the place has locked stays. named: codes of grids that stay. special: special grids stay.
    """
    asked = {"place": place_id, "locked": locked, "named": list(named), "special": special}
    rows = session.execute(_KEPT_DIVIDED, {**asked, "kinds": sorted(SPECIAL_KINDS)}).all()
    return [Kept(row.id, row.code, row.grid) for row in rows]


_KEPT_DIVIDED = text("""
    WITH behind AS (
        SELECT DISTINCT building.id, building.code, grid.code AS grid, grid.kind
        FROM plan JOIN plot_entrance AS door USING (tessellation_id)
        JOIN grid_plot ON grid_plot.plan_id = plan.id AND grid_plot.plot_id = door.plot_id
        JOIN grid ON grid.id = grid_plot.grid_id
        JOIN building ON building.id = door.building_id AND building.retired_at IS NULL
        WHERE plan.place_id = :place AND plan.state = 'published'
    )
    SELECT id, code, min(grid) AS grid FROM behind
    WHERE id IN (SELECT id FROM behind GROUP BY id HAVING count(DISTINCT grid) > 1) AND (
        grid = ANY(CAST(:named AS text[]))
        OR :special AND kind = ANY(CAST(:kinds AS text[]))
        OR :locked AND EXISTS (
            SELECT FROM lock WHERE lock.place_id = :place
                AND (lock.grid_code = behind.grid OR lock.building_id = behind.id)
        )
    )
    GROUP BY id, code ORDER BY id
""")


def divided_version(
    session: Session, plain: StoredPlots, buildings: Sequence[int], former: StoredPlots | None = None
) -> Version:
    """The version in which these buildings, by id, are divided where they can be.

    former: an older one, whose plots keep their ids where they are what they were. The place is locked by
    the caller.
    """
    found = _read(session, plain, buildings)
    done = divided_by_entrances(plain.metres, plain.table, found.standing, found.doors, found.wanted)
    divided = tuple(found.codes[k] for k in done.divided.tolist())
    if not divided:
        return Version(plain.tessellation_id, (), len(found.wanted))
    rows = _entrance_rows(found, done)
    known = _same(session, plain.tessellation_id, rows)
    if known is None:
        known = _write(session, plain, done, rows, former)
    return Version(known, divided, len(found.wanted) - len(divided))


@dataclass(frozen=True)
class _Found:
    """Buildings on the plots of some of them, and the entrances of these. wanted: their positions."""

    ids: list[int]
    codes: list[str]
    standing: Standing
    doors: Doors
    wanted: IntArray
    entrances: list[Any]


def _read(session: Session, plain: StoredPlots, buildings: Sequence[int]) -> _Found:
    rows = session.execute(_STANDING, {"place": plain.place_id}).all()
    spots = shapes_of(row.position for row in rows)
    plot = lies_in(spots, plain.polygons)
    ids = [row.id for row in rows]
    place = {id_: k for k, id_ in enumerate(ids)}
    wanted = np.array(sorted(place[one] for one in buildings if one in place), np.int64)
    near = np.flatnonzero(np.isin(plot, plot[wanted]) & (plot >= 0))
    footprints = np.full(len(rows), shapely.MultiPolygon(), object)
    shapes = session.execute(_FOOTPRINTS, {"ids": [ids[k] for k in near]}).all()
    drawn = to_metres(shapes_of(row.geometry for row in shapes), plain.crs)
    for row, shape in zip(shapes, drawn, strict=True):
        footprints[place[row.id]] = shape
    entrances = session.execute(_ENTRANCES, {"ids": [ids[k] for k in wanted]}).all()
    doors = Doors(
        to_metres(shapes_of(row.position for row in entrances), plain.crs),
        np.array([place[row.building_id] for row in entrances], np.int64),
        np.array([row.households for row in entrances], np.int64),
    )
    households = np.array([row.households for row in rows], np.int64)
    standing = Standing(footprints, to_metres(spots, plain.crs), plot, households)
    return _Found(ids, [row.code for row in rows], standing, doors, wanted, list(entrances))


_STANDING = text("""
    SELECT id, code, households, ST_AsBinary(position) AS position FROM building
    WHERE place_id = :place AND retired_at IS NULL ORDER BY id
""")
_FOOTPRINTS = text("SELECT id, ST_AsBinary(geometry) AS geometry FROM building WHERE id = ANY(:ids)")
_ENTRANCES = text("""
    SELECT building_id, code, name, households, ST_AsBinary(position) AS position
    FROM entrance WHERE building_id = ANY(:ids) ORDER BY building_id, code
""")


def _entrance_rows(found: _Found, done: DividedPlots) -> list[tuple[Any, ...]]:
    """Of each entrance of a divided building: building, code, name, households, point, number of its plot."""
    return [
        (row.building_id, row.code, row.name, row.households, bytes(row.position), plot)
        for row, plot in zip(found.entrances, done.plot_of_door.tolist(), strict=True)
        if plot >= 0
    ]


def _same(session: Session, plain_id: int, rows: list[tuple[Any, ...]]) -> int | None:
    """A version made of the same plain one by the same entrances: then its plots are the same too."""
    wanted = {row[:5] for row in rows}
    known: dict[int, set[tuple[Any, ...]]] = {}
    for row in session.execute(_OF_VERSIONS, {"plain": plain_id}):
        what = (row.building_id, row.code, row.name, row.households, bytes(row.position))
        known.setdefault(row.tessellation_id, set()).add(what)
    return max((version for version, entrances in known.items() if entrances == wanted), default=None)


_OF_VERSIONS = text("""
    SELECT tessellation_id, building_id, code, plot_entrance.name, households,
        ST_AsBinary(position) AS position
    FROM plot_entrance JOIN tessellation ON tessellation.id = tessellation_id
    WHERE plain_id = :plain AND cut_from_id IS NULL
""")


def _write(
    session: Session,
    plain: StoredPlots,
    done: DividedPlots,
    rows: list[tuple[Any, ...]],
    former: StoredPlots | None,
) -> int:
    polygons = plain.polygons[done.origin].copy()
    changed = ~shapely.equals_exact(done.polygons, plain.metres[done.origin], tolerance=0.0)
    polygons[changed] = to_lonlat(done.polygons, plain.crs)[changed]
    if not shapely.is_valid(polygons).all():
        polygons = stored_polygons(done.polygons, plain.crs)
    if not shapely.is_empty(shapely.coverage_invalid_edges(polygons)).all():
        raise Refusal("plots_do_not_match", count=int(changed.sum()))
    written = write_plots(
        session,
        plain.place_id,
        polygons,
        done.table,
        done.buildings,
        plain.community[done.origin],
        plain,
        plain_id=plain.tessellation_id,
        also=[former] if former is not None else [],
    )
    points = hex_of(shapely.from_wkb([row[4] for row in rows]))
    columns = ["tessellation_id", "building_id", "code", "name", "households", "position", "plot_id"]
    copy_rows(
        session,
        "plot_entrance",
        columns,
        [
            (written.tessellation_id, *row[:4], point, int(written.ids[row[5]]))
            for row, point in zip(rows, points, strict=True)
        ],
    )
    return written.tessellation_id


def versions_in_use(session: Session, place_id: int, *, drafts: bool = False) -> list[tuple[int, list[int]]]:
    """The divided versions that a place's drafts or its plan in force have, that of the latter last, with the
    buildings divided in each. drafts: only those of drafts.

    They may be of any plain one: the plan in force stays on the plots it was made on.
    """
    rows = session.execute(_IN_USE, {"place": place_id, "drafts": drafts}).all()
    return [(row.id, list(row.buildings)) for row in rows]


_IN_USE = text("""
    SELECT tessellation.id, array_agg(DISTINCT plot_entrance.building_id) AS buildings
    FROM tessellation JOIN plan ON plan.tessellation_id = tessellation.id AND plan.state <> 'retired'
        AND (plan.state = 'draft' OR NOT :drafts)
    JOIN plot_entrance ON plot_entrance.tessellation_id = tessellation.id
    WHERE tessellation.place_id = :place AND tessellation.plain_id IS NOT NULL
        AND tessellation.cut_from_id IS NULL
    GROUP BY tessellation.id
    ORDER BY bool_or(plan.state = 'published'), tessellation.id
""")


def cut_versions_in_use(session: Session, place_id: int) -> list[tuple[int, list[int]]]:
    """The versions cut by hand that a place's drafts have, with the buildings divided in each."""
    rows = session.execute(_CUT_IN_USE, {"place": place_id})
    return [(row.id, list(row.buildings)) for row in rows]


_CUT_IN_USE = text("""
    SELECT tessellation.id, array(
        SELECT DISTINCT building_id FROM plot_entrance WHERE tessellation_id = tessellation.id ORDER BY 1
    ) AS buildings
    FROM tessellation WHERE place_id = :place AND cut_from_id IS NOT NULL AND EXISTS (
        SELECT FROM plan WHERE plan.tessellation_id = tessellation.id AND plan.state = 'draft'
    )
    ORDER BY tessellation.id
""")
