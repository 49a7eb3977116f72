"""A district that was read becomes rows: places, buildings, base map, and a version of its plots.

`cut_ground` does the long work and needs no database; `store_district` writes everything in the caller's
transaction. A place imported again keeps what did not change: plots by their ground, buildings by their
code and the ground they stand on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import numpy as np
import shapely
from geopandas import GeoDataFrame
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.crs import Geometries, round_degrees, to_lonlat, to_metres
from app.geo.district import District
from app.geo.matching import matched
from app.geo.plots import IntArray, LineClass
from app.geo.tessellate import GroundCache, Tessellation, tessellate
from app.models import Base, Building, Compound, Green, Place, Railway, Street, Water
from app.models.ground import COMPOUND_KINDS
from app.services import alerts, entrances
from app.services.bulk import SRID, copy_rows, hex_of, many, new_ids, update_rows
from app.services.compounds import drawn_compounds, let_compounds
from app.services.drafts import MovedDraft, carry_drafts
from app.services.latin import latin
from app.services.plot_tables import (
    Progress,
    StoredPlots,
    Written,
    current,
    nothing_told,
    read_plots,
    stored_polygons,
    union_of,
    write_plots,
)

LEVELS = {6: "district", 9: "subdistrict", 12: "community"}  # by the digits of a code
CODE = re.compile(r"\d{6}|\d{9}|\d{12}", re.ASCII)
MOST_HOUSEHOLDS = 330  # a compound with more may be divided between its buildings
OVERLAP_SHARE = 0.02  # outlines drawn by hand overlap a little
INSIDE_SHARE = 0.5  # of a place's ground at least lies in its parent, and where it was before
BEYOND_M = 2_000.0  # the base map reaches as far beyond the place
ROWS_TOLD = 1_000
OSM_ENDINGS = (".osm", ".pbf")
OSM_CONTRIBUTORS = "© OpenStreetMap contributors"  # as the licence of its data asks for
BASE_MAP: tuple[type[Base], ...] = (Street, Water, Railway, Green)
COMPOUND_WORDS = {
    **{kind: kind for kind in COMPOUND_KINDS},
    **dict.fromkeys(("出租大院", "大院"), "rental compound"),
    "城中村": "urban village",
    **dict.fromkeys(("花园小区", "住宅小区", "小区"), "estate"),
    **dict.fromkeys(("单位大院", "家属院"), "work-unit compound"),
    **dict.fromkeys(("工业园", "工业园区"), "industrial park"),
}


@dataclass(frozen=True)
class NewPlace:
    """A place that is not there yet. parent: code of the place above; None: it is looked for by code."""

    code: str
    name: str
    parent: str | None = None


@dataclass(frozen=True)
class Ground:
    """A district cut into plots for one place.

    code: of that place. polygons: the plots in lon/lat as they will be stored. area: code of the smallest
    place each plot lies in, that of the whole place where its file knows none. names: of the places below,
    by code.
    """

    district: District
    code: str
    tessellation: Tessellation
    polygons: Geometries
    area: list[str]
    names: dict[str, str]


@dataclass(frozen=True)
class Changes:
    """What an import found other than before, as data for a report.

    buildings: how many are `new`, `changed`, `gone`, `same`. matched: how many of those that were known
    before were found by their `code`, how many by the `ground` they stand on. households: `before` and
    `after`. plots: `carried`, `new`, `dropped`. new_version: whether the plots are another version; if not,
    they are what they were, and drafts stay as they are but for those divided by entrances that are others
    now. drafts: what became of each that moved. places_gone: codes of places below that the files no longer
    have. rows: single buildings, the first thousand.
    entrances_dropped: those known before, of buildings that changed, where the files have none.
    """

    buildings: dict[str, int]
    matched: dict[str, int]
    households: dict[str, int]
    plots: dict[str, int]
    new_version: bool
    drafts: list[MovedDraft] = field(default_factory=list)
    places_gone: list[str] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    entrances_dropped: int = 0


@dataclass(frozen=True)
class Stored:
    """What was stored. counts: rows by table. changes: None where the place had no plots before."""

    place_id: int
    place_code: str
    tessellation_id: int
    version: int
    counts: dict[str, int]
    changes: Changes | None


def cut_ground(
    district: District,
    code: str,
    *,
    most: int = MOST_HOUSEHOLDS,
    workers: int = 1,
    progress: Progress = nothing_told,
    cache: GroundCache | None = None,
) -> Ground:
    """Cut a district into plots, within the places below whose codes its file knows. Needs no database.

    code: of the place it is, 6, 9 or 12 digits; refused with `place_code_malformed`.
    most: a compound with more households than this may be divided between its buildings.
    cache: where cut blocks are kept.
    """
    if not CODE.fullmatch(code):
        raise Refusal("place_code_malformed", place=code)
    names, rows = _places_below(district.admin, code)
    level = None
    if rows:
        level = LEVELS[len(str(district.admin["code"].iloc[rows[0]]))]
        district = replace(
            district, admin=district.admin.iloc[rows].assign(level=level).reset_index(drop=True)
        )
    tessellation = tessellate(
        district, most=most, within=level, workers=workers, progress=progress, cache=cache
    )
    codes = [*district.admin["code"].astype(str), code] if rows else [code]
    area = [codes[row] for row in tessellation.area_of_plot.tolist()]  # -1, for none, is the last
    polygons = stored_polygons(tessellation.polygons, district.crs)
    return Ground(district, code, tessellation, polygons, area, names)


def _places_below(admin: GeoDataFrame, code: str) -> tuple[dict[str, str], list[int]]:
    """Names of the places below by code, and the rows of the smallest of them."""
    names: dict[str, str] = {}
    rows: dict[int, list[int]] = {}
    for row, (own, name) in enumerate(zip(admin["code"], admin["name"], strict=True)):
        own = str(own or "")
        if CODE.fullmatch(own) and own.startswith(code) and len(own) > len(code):
            names.setdefault(own, str(name or own))
            rows.setdefault(len(own), []).append(row)
    return names, rows[max(rows)] if rows else []


def store_district(
    session: Session,
    district: District | Ground,
    place: NewPlace | str,
    actor_id: int | None = None,
    progress: Progress = nothing_told,
    *,
    workers: int = 1,
    attribution: str | None = None,
) -> Stored:
    """Write a district as a new place, or as what a place looks like now (its code).

    district: as read, or already cut by `cut_ground`, which takes long and needs no open transaction.
    place: of an existing one everything that is not in the files any more is retired or replaced; its plan
    in force keeps its version, its drafts are moved to the new one. attribution: whose data it is.
    """
    code = place if isinstance(place, str) else place.code
    if isinstance(district, District):
        ground = cut_ground(district, code, workers=workers, progress=lambda share: progress(0.7 * share))
    else:
        ground = district
    own = _own_place(session, place, ground)
    own.attribution = attribution
    below, gone = _store_places_below(session, own, ground)
    community = np.array([below[area] for area in ground.area], np.int64)
    progress(0.72)
    counts = _store_base_map(session, own, ground.district)
    compounds = _store_compounds(session, own, ground.district)
    progress(0.78)
    former = _former_plots(session, own)
    before = _households(session, own)
    buildings, how, rows, standing = _store_buildings(session, own, ground, compounds)
    doors = entrances.store_entrances(session, own.id, ground.district)
    session.flush()
    session.execute(_RESEAT, {"path": str(own.path)})  # whoever lives there goes along with the borders
    progress(0.88)
    table = ground.tessellation.table
    written = write_plots(
        session, own.id, ground.polygons, table, ground.tessellation.buildings, community, former
    )
    progress(0.97)
    session.flush()
    counts |= {
        "place": len(below),
        "compound": len(compounds[0]),
        "building": standing,
        "entrance": doors.kept,
        "plot": len(ground.polygons),
        "plot_edge": len(table.edges),
    }
    changes = None
    if former is not None:
        drafts = _carried(session, former, written, actor_id)
        changes = Changes(
            buildings,
            how,
            {"before": before, "after": int(table.households.sum())},
            {"carried": written.carried, "new": written.new, "dropped": written.dropped},
            written.is_new,
            drafts,
            gone,
            rows,
            doors.dropped,
        )
        alerts.look(session, own.id)
    progress(1.0)
    return Stored(own.id, own.code, written.tessellation_id, written.version, counts, changes)


def _carried(
    session: Session, former: StoredPlots, written: Written, actor_id: int | None
) -> list[MovedDraft]:
    """Drafts moved to the new plots: those with buildings divided by entrance to plots where they still are.

    The plan in force has such plots made too, for its households are counted on them. Where the plots are
    what they were, other entrances still move the drafts that are divided by them. What was cut by hand lasts
    as long as the plots it was cut from.
    """
    moved = carry_drafts(session, former, written.tessellation_id, actor_id) if written.is_new else []
    plain = None
    versions = entrances.versions_in_use(session, former.place_id, drafts=not written.is_new)
    if written.is_new:
        versions += entrances.cut_versions_in_use(session, former.place_id)
    for version, buildings in versions:
        plain = plain or read_plots(session, written.tessellation_id)
        before = read_plots(session, version)
        now = entrances.divided_version(session, plain, buildings, before)
        if now.tessellation_id != version:
            moved += carry_drafts(session, before, now.tessellation_id, actor_id)
    return moved


def expected_place(
    session: Session, code: str, name: str | None = None, parent: str | None = None
) -> NewPlace | str:
    """What `store_district` is to be told: the code of a place that is there, or the new place.

    Refused before the long work where it would be refused after it: for the code, for a place that is not
    there and has no name, and where its ground was imported with another place.
    """
    if not CODE.fullmatch(code):
        raise Refusal("place_code_malformed", place=code)
    found = session.scalars(select(Place).where(Place.code == code)).first()
    if found is not None:
        _refuse_second_import(session, code)
        return code
    if not (name or "").strip():
        raise Refusal("place_name_missing", place=code)
    new = NewPlace(code, name or "", parent)
    _parent(session, new)
    _refuse_second_import(session, code)
    return new


def attribution_of(files: Iterable[str], given: str | None = None) -> str | None:
    """Whose data files of these names are, as the map says it; OpenStreetMap's own files always say it.

    >>> attribution_of(["town.osm.pbf"]), attribution_of(["town.gpkg"], " 长治市 ")
    ('© OpenStreetMap contributors', '长治市')
    """
    said = (given or "").strip()
    is_osm = any(name.lower().endswith(OSM_ENDINGS) for name in files)
    if is_osm and "openstreetmap" not in said.lower():
        said = f"{said} · {OSM_CONTRIBUTORS}" if said else OSM_CONTRIBUTORS
    return said or None


# --- Places ----------------------------------------------------------------------------------------------


def _own_place(session: Session, place: NewPlace | str, ground: Ground) -> Place:
    """The place's row, locked: made if it is new, with its outline as the plots have it now."""
    outline = _multipolygon(shapely.coverage_union_all(ground.polygons))
    code = place if isinstance(place, str) else place.code
    if code != ground.code:
        raise ValueError(f"the plots were cut for {ground.code}, not for {code}")
    session.execute(_ONE_AT_A_TIME)
    found = session.scalars(select(Place).where(Place.code == code).with_for_update(key_share=True)).first()
    if isinstance(place, NewPlace):
        if found is not None:
            raise Refusal("place_exists", place=code, name=found.name)
        return _new_place(session, place, outline, ground)
    if found is None:
        raise Refusal("place_unknown", place=code)
    _refuse_second_import(session, code)
    if current(session, found.id) is not None and _share_within(session, outline, found.id) < INSIDE_SHARE:
        raise Refusal("place_elsewhere", place=f"{found.name} ({code})")
    found.outline = _element(outline)
    found.srid = ground.district.crs.to_epsg() or found.srid
    session.flush()
    return found


_RESEAT = text("SELECT reseat_registers(CAST(:path AS ltree))")
# Whether a place may be stored depends on places that are not there yet: the one above, those beside it.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('gridkeeper import'))")


def _new_place(session: Session, place: NewPlace, outline: shapely.Geometry, ground: Ground) -> Place:
    if not place.name.strip():
        raise Refusal("place_name_missing", place=place.code)
    parent = _parent(session, place)
    if parent is not None and _share_within(session, outline, parent.id) < INSIDE_SHARE:
        raise Refusal(
            "place_outside_parent",
            place=f"{place.name} ({place.code})",
            parent=f"{parent.name} ({parent.code})",
        )
    _refuse_second_import(session, place.code)
    path = place.code if parent is None else f"{parent.path}.{place.code}"
    sibling = session.execute(
        _OVERLAPPING,
        {
            "parent": None if parent is None else parent.path,
            "outline": shapely.to_wkb(outline),
            "most": OVERLAP_SHARE,
        },
    ).first()
    if sibling is not None:
        raise Refusal(
            "place_overlaps",
            place=f"{place.name} ({place.code})",
            other=f"{sibling.name} ({sibling.code})",
            share=f"{sibling.share:.0%}",
        )
    made = _place_row(place.code, place.name.strip(), path, ground, outline)
    session.add(made)
    session.flush()
    return made


_OVERLAPPING = text(f"""
    WITH new AS MATERIALIZED (SELECT ST_GeomFromWKB(:outline, {SRID}) AS outline)
    SELECT place.code, place.name, shared.share
    FROM place, new, LATERAL (
        SELECT ST_Area(ST_Intersection(place.outline, new.outline))
            / LEAST(ST_Area(place.outline), ST_Area(new.outline)) AS share
    ) AS shared
    WHERE place.parent_path IS NOT DISTINCT FROM CAST(:parent AS ltree)
      AND ST_Intersects(place.outline, new.outline) AND shared.share > :most
    ORDER BY shared.share DESC LIMIT 1
""")  # noqa: S608 (a constant)


def _parent(session: Session, place: NewPlace) -> Place | None:
    """The place above: the one named, else the nearest whose code the new code begins with."""
    if place.parent is not None:
        parent = session.scalars(select(Place).where(Place.code == place.parent)).first()
        if parent is None:
            raise Refusal("place_unknown", place=place.parent)
        if not place.code.startswith(parent.code) or place.code == parent.code:
            raise Refusal("place_code_not_below", place=place.code, parent=parent.code)
        return parent
    above = [place.code[:digits] for digits in LEVELS if digits < len(place.code)]
    nearest = select(Place).where(Place.code.in_(above)).order_by(func.length(Place.code).desc()).limit(1)
    return session.scalars(nearest).first()


def _refuse_second_import(session: Session, code: str) -> None:
    """The same ground has plots once: with the place, with one above it or with ones below."""
    other = session.execute(
        text("""
            SELECT place.code, place.name FROM tessellation JOIN place ON place.id = tessellation.place_id
            WHERE (starts_with(place.code, :code) OR starts_with(:code, place.code)) AND place.code <> :code
            ORDER BY place.code LIMIT 1
        """),
        {"code": code},
    ).first()
    if other is not None:
        raise Refusal("place_imported_with", place=code, other=f"{other.name} ({other.code})")


def _share_within(session: Session, outline: shapely.Geometry, place_id: int) -> float:
    """How much of the outline (0–1) lies in a stored place."""
    asked = text(f"""
        SELECT ST_Area(ST_Intersection(outline, ST_GeomFromWKB(:outline, {SRID}))) FROM place WHERE id = :id
    """)  # noqa: S608 (a constant)
    shared = session.scalar(asked, {"outline": shapely.to_wkb(outline), "id": place_id})
    return float(shared or 0.0) / float(shapely.area(outline))


def _store_places_below(session: Session, own: Place, ground: Ground) -> tuple[dict[str, int], list[str]]:
    """The places below, made or brought up to date: id by code, the own one too; and codes no more there."""
    codes = sorted(set(ground.area))
    label = np.searchsorted(codes, ground.area).astype(np.int64)
    grounds = {codes[number]: shape for number, shape in union_of(ground.polygons, label).items()}
    for code in [
        code for code in codes if len(code) == 12 and len(own.code) == 6 and code[:9] in ground.names
    ]:
        upper = code[:9]
        parts = [grounds[upper]] if upper in grounds else []
        grounds[upper] = shapely.coverage_union_all([*parts, grounds[code]])
    grounds.pop(own.code, None)
    known = {
        found.code: found
        for found in session.scalars(select(Place).where(Place.path.op("<@")(own.path), Place.id != own.id))
    }
    paths = {own.code: own.path}
    for code in sorted(grounds, key=lambda code: (len(code), code)):
        above = paths[code[:9]] if code[:9] in paths and len(code) > 9 else own.path
        paths[code] = f"{above}.{code}"
        outline = _multipolygon(grounds[code])
        if code in known:
            known[code].outline, known[code].srid = _element(outline), own.srid
            known[code].name = ground.names[code]
            known[code].name_pinyin, known[code].name_initials = latin(ground.names[code])
        else:
            known[code] = _place_row(code, ground.names[code], paths[code], ground, outline)
            session.add(known[code])
            session.flush()
    gone = sorted(set(known) - set(grounds))
    session.flush()
    return {own.code: own.id, **{code: known[code].id for code in grounds}}, gone


def _place_row(code: str, name: str, path: str, ground: Ground, outline: shapely.Geometry) -> Place:
    pinyin, initials = latin(name)
    return Place(
        level=LEVELS[len(code)],
        code=code,
        name=name,
        name_pinyin=pinyin,
        name_initials=initials,
        path=path,
        srid=ground.district.crs.to_epsg(),
        outline=_element(outline),
    )


def _element(shape: shapely.Geometry) -> Any:
    from geoalchemy2.shape import from_shape

    return from_shape(shape, srid=SRID)


def _multipolygon(shape: shapely.Geometry) -> shapely.MultiPolygon:
    return shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])


# --- The base map ----------------------------------------------------------------------------------------


def _store_base_map(session: Session, own: Place, district: District) -> dict[str, int]:
    """Streets, water, railways and green, in place of what was there."""
    for table in BASE_MAP:
        session.execute(delete(table).where(table.__table__.c.place_id == own.id))
    near = shapely.box(*shapely.bounds(shapely.buffer(district.outline, BEYOND_M, quad_segs=1)))
    words = [line.words for line in LineClass]

    def write(table: str, rows: GeoDataFrame | None, columns: list[str], types: tuple[str, ...]) -> int:
        if rows is None or len(rows) == 0:
            return 0
        rows = rows.copy()
        if table == "street":
            rows["kind"] = [words[kind] for kind in rows["kind"]]
        for column, part in (("name_pinyin", 0), ("name_initials", 1)):
            rows[column] = [latin(_words(name))[part] for name in rows["name"]]
        shapes, origin = _drawn(rows.geometry.to_numpy(), district, near, types)
        values = [[_plain(value) for value in rows[column].to_numpy()[origin]] for column in columns]
        listed = zip(*values, hex_of(shapes), strict=True)
        copy_rows(session, table, ["place_id", *columns, "geometry"], ((own.id, *row) for row in listed))
        return len(shapes)

    lines, areas = ("LineString",), ("Polygon", "MultiPolygon")
    rail = ["kind", "name", "bridge", "tunnel", "layer"]
    street = ["kind", "highway", "name", "name_pinyin", "name_initials", "bridge", "tunnel", "layer"]
    return {
        "street": write("street", district.streets, street, lines),
        "railway": write("railway", district.railways, rail, lines),
        "water": write("water", district.water, ["kind", "name", "name_pinyin", "tunnel"], (*areas, *lines)),
        "green": write("green", district.green, ["kind", "name", "name_pinyin"], areas),
    }


def _drawn(
    shapes: Geometries, district: District, near: shapely.Geometry, types: tuple[str, ...]
) -> tuple[Geometries, IntArray]:
    """What is drawn of these shapes: in lon/lat, valid, cut off where it reaches far beyond the place.

    Answers single shapes, and the row each comes from.
    """
    cut = shapes.copy()
    far = ~shapely.covers(near, cut)
    cut[far] = shapely.intersection(cut[far], near)
    lonlat = to_lonlat(cut, district.crs)
    wrong = ~shapely.is_valid(lonlat)
    lonlat[wrong] = shapely.make_valid(lonlat[wrong], method="structure", keep_collapsed=False)
    parts, origin = shapely.get_parts(lonlat, return_index=True)  # a piece each, of whatever was cut
    parts, inner = shapely.get_parts(parts, return_index=True)
    origin = origin[inner]
    named = np.array([shape.geom_type for shape in parts], dtype=object)
    fit = np.isin(named, types) & ~shapely.is_empty(parts) & shapely.is_valid(parts)
    parts, origin = parts[fit], origin[fit]
    if "LineString" not in types:
        parts = many(parts)
    return parts, origin.astype(np.int64)


def _plain(value: Any) -> Any:
    """A cell as COPY writes it; what is missing is NULL, in whatever way pandas says so."""
    if value is None or value != value:
        return None
    return value


def _words(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


# --- Compounds and buildings -----------------------------------------------------------------------------


def _store_compounds(session: Session, own: Place, district: District) -> tuple[IntArray, Geometries]:
    """Compounds by code: ids and ground in metres.

    Those that are no more in the files are deleted, but for what was drawn by hand; one that the register of
    rentals names is left alone, with no building of its own.
    """
    rows = district.compounds
    former = dict(
        session.execute(select(Compound.code, Compound.id).where(Compound.place_id == own.id)).all()
    )
    drawn, drawn_ground = drawn_compounds(session, own.id)
    codes = _each_once(str(code) for code in rows["code"])
    shapes = many(_repaired(to_lonlat(rows.geometry.to_numpy(), district.crs)))
    left = {former[code] for code in codes if code in former}
    gone = [id_ for id_ in former.values() if id_ not in left and id_ not in drawn]
    if gone:
        session.execute(update(Building).where(Building.compound_id.in_(gone)).values(compound_id=None))
        unnamed = set(gone) - let_compounds(session, gone)
        session.execute(delete(Compound).where(Compound.id.in_(unnamed)))
    fresh = [code for code in codes if code not in former]
    ids = {**former, **dict(zip(fresh, new_ids(session, "compound", len(fresh)).tolist(), strict=True))}
    columns = [
        "id",
        "place_id",
        "code",
        "name",
        "name_pinyin",
        "name_initials",
        "kind",
        "address",
        "geometry",
    ]
    kinds = rows["kind"] if "kind" in rows else [None] * len(rows)
    addresses = rows["address"] if "address" in rows else [None] * len(rows)
    written = []
    for code, name, kind, address, shape in zip(
        codes, rows["name"], kinds, addresses, hex_of(shapes), strict=True
    ):
        called = _words(name)
        word = COMPOUND_WORDS.get(_words(kind) or "")
        written.append((ids[code], own.id, code, called, *latin(called), word, _words(address), shape))
    copy_rows(session, "compound", columns, [row for row in written if row[2] not in former])
    update_rows(session, "compound", columns, [row for row in written if row[2] in former])
    kept = [k for k, id_ in enumerate(drawn) if id_ not in left]
    ground = np.append(rows.geometry.to_numpy(), to_metres(drawn_ground[kept], district.crs))
    return np.array([*(ids[code] for code in codes), *(drawn[k] for k in kept)], np.int64), ground


BUILDING_COLUMNS = (
    *("id", "place_id", "code", "name", "name_pinyin", "name_initials", "address", "kind", "floors"),
    *("households", "households_source", "compound_id", "geometry", "position"),
)


def _store_buildings(
    session: Session, own: Place, ground: Ground, compounds: tuple[IntArray, Geometries]
) -> tuple[dict[str, int], dict[str, int], list[dict[str, Any]], int]:
    """What became of the buildings, counted; how they were matched; single ones; how many stand."""
    district, plot = ground.district, ground.tessellation.plot_of_building
    held = np.flatnonzero(plot >= 0)
    rows = district.buildings.iloc[held]
    shapes = many(_repaired(to_lonlat(rows.geometry.to_numpy(), district.crs)))
    positions = _positions(shapes, ground.polygons[plot[held]])
    compound = _compound_of(positions, district, compounds)
    codes = [str(code) for code in rows["code"]]
    former = _former_buildings(session, own)
    match = _matched(codes, shapes, former, district)
    floors = rows["floors"] if "floors" in rows else np.zeros(len(rows), int)
    addresses = rows["address"] if "address" in rows else [None] * len(rows)

    new, changed, told, recoded = [], [], [], []
    ids = iter(new_ids(session, "building", int((match < 0).sum())).tolist())
    for number, code, name, address, kind, storeys, households, source, inside, shape, position in zip(
        match.tolist(),
        codes,
        rows["name"],
        addresses,
        rows["kind"],
        floors,
        rows["households"].tolist(),
        rows["households_source"],
        compound,
        hex_of(shapes),
        hex_of(positions),
        strict=True,
    ):
        called = _words(name)
        facts = (called, _words(address), _words(kind), int(storeys) or None, households, str(source), inside)
        values = (own.id, code, called, *latin(called), *facts[1:], shape, position)
        if number < 0:
            new.append((next(ids), *values))
            told.append({"what": "new", "code": code, "households": [None, households]})
            continue
        before = former[number]
        seen = before.retired or (before.code, before.facts, before.shape) != (code, facts, shape)
        if seen or before.position != position:
            changed.append((before.id, *values))
        if seen:
            told.append({"what": "changed", "code": code, "households": [before.facts[4], households]})
        if before.code != code:
            told[-1]["former_code"] = before.code
            recoded.append(before.id)
    gone = [former[number] for number in sorted({*range(len(former))} - {*match.tolist()})]
    gone = [before for before in gone if not before.retired]
    told += [{"what": "gone", "code": before.code, "households": [before.facts[4], None]} for before in gone]
    # Codes that change hands are free in between.
    session.execute(_RETIRE, {"ids": [*recoded, *(before.id for before in gone)]})
    copy_rows(session, "building", BUILDING_COLUMNS, new)
    update_rows(session, "building", BUILDING_COLUMNS, changed, "retired_at = NULL, imported_at = now()")
    counts = Counter(row["what"] for row in told)
    figures = {what: counts[what] for what in ("new", "changed", "gone")}
    figures["same"] = len(codes) - counts["new"] - counts["changed"]
    known = int((match >= 0).sum())
    how = {"code": known - len(recoded), "ground": len(recoded)}
    told.sort(key=lambda row: ("changed", "gone", "new").index(row["what"]))
    return figures, how, told[:ROWS_TOLD], len(codes)


_RETIRE = text("UPDATE building SET retired_at = now() WHERE id = ANY (:ids) AND retired_at IS NULL")


def _matched(codes: list[str], shapes: Geometries, former: list[_Former], district: District) -> IntArray:
    """The former building each one is, -1 for a new one."""
    return matched(
        codes,
        shapes,
        [before.code for before in former],
        np.asarray(shapely.from_wkb([before.shape for before in former]), dtype=object),
        np.array([not before.retired for before in former], bool),
        codes_made=any(note.code == "codes_made" for note in district.report.notes),
    )


@dataclass(frozen=True)
class _Former:
    """A building as it is stored."""

    id: int
    code: str
    facts: tuple[str | None, str | None, str | None, int | None, int, str, int | None]
    shape: str
    position: str
    retired: bool


def _former_buildings(session: Session, own: Place) -> list[_Former]:
    rows = session.execute(
        text("""
            SELECT id, code, name, address, kind, floors, households, households_source, compound_id,
                upper(encode(ST_AsEWKB(geometry), 'hex')) AS shape,
                upper(encode(ST_AsEWKB(position), 'hex')) AS position,
                retired_at IS NOT NULL AS retired
            FROM building WHERE place_id = :place ORDER BY id
        """),
        {"place": own.id},
    )
    return [
        _Former(
            row.id,
            row.code,
            (
                *(row.name, row.address, row.kind, row.floors),
                *(row.households, row.households_source, row.compound_id),
            ),
            row.shape,
            row.position,
            row.retired,
        )
        for row in rows
    ]


def _positions(footprints: Geometries, plots: Geometries) -> Geometries:
    """A point well inside each footprint and inside its plot."""
    points = _rounded(shapely.point_on_surface(footprints))
    lost = np.flatnonzero(
        ~(shapely.contains_properly(plots, points) & shapely.intersects(footprints, points))
    )
    common = shapely.intersection(footprints[lost], plots[lost])
    parts, of = shapely.get_parts(common, return_index=True)
    order = np.lexsort((-shapely.area(parts), of))
    _, first = np.unique(of[order], return_index=True)
    best = shapely.point_on_surface(parts[order][first])
    rounded = _rounded(best)
    fits = shapely.contains_properly(plots[lost], rounded) & shapely.intersects(footprints[lost], rounded)
    points[lost] = np.where(fits, rounded, best)
    return points


def _rounded(points: Geometries) -> Geometries:
    return np.asarray(shapely.transform(points, round_degrees), dtype=object)


def _compound_of(
    positions: Geometries, district: District, compounds: tuple[IntArray, Geometries]
) -> list[int | None]:
    """The compound each building stands in, the smallest where they lie in each other."""
    ids, shapes = compounds
    found: list[int | None] = [None] * len(positions)
    if len(ids):
        ground = to_lonlat(shapes, district.crs)
        inside, where = shapely.STRtree(ground).query(positions, predicate="intersects")
        for k in np.argsort(-shapely.area(shapes)[where], kind="stable"):
            found[inside[k]] = int(ids[where[k]])
    return found


def _repaired(shapes: Geometries) -> Geometries:
    """Polygons on the lattice, those that rounding broke made valid again."""
    shapes = shapes.copy()
    for _ in range(3):
        wrong = np.flatnonzero(~shapely.is_valid(shapes))
        if len(wrong) == 0:
            return shapes
        mended = shapely.make_valid(shapes[wrong], method="structure", keep_collapsed=False)
        shapes[wrong] = np.asarray(shapely.transform(mended, round_degrees), dtype=object)
    shapes[wrong] = shapely.make_valid(shapes[wrong], method="structure", keep_collapsed=False)
    return shapes


def _each_once(codes: Iterable[str]) -> list[str]:
    """The codes, a number added to one that came before."""
    given: dict[str, None] = {}
    for code in codes:
        candidates = (f"{code}-{number}" if number > 1 else code for number in count(1))
        given[next(candidate for candidate in candidates if candidate not in given)] = None
    return [*given]


# --- Versions of plots -----------------------------------------------------------------------------------


def _former_plots(session: Session, own: Place) -> StoredPlots | None:
    newest = current(session, own.id)
    return None if newest is None else read_plots(session, newest.id)


def _households(session: Session, own: Place) -> int:
    counted = select(func.sum(Building.households)).where(
        Building.place_id == own.id, Building.retired_at.is_(None)
    )
    return int(session.scalar(counted) or 0)
