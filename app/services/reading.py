"""What the map shows in numbers: places, plans, grids, and one grid with all that belongs to it.

Everything is cut to a scope: the paths of the places whose rows may be read, None for all of them.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.bands import class_ranges, class_starts
from app.geo.plots import Band
from app.reasons import REASONS, REMEDIES, sentences
from app.services import plan_guard, rule_packs
from app.services.access import ADMINISTRATOR, LEADER, MANAGER, STAFF, Actor, beneath, require
from app.services.lookup import OF_BUILDING_HERE, STANDING_IN, in_scope
from app.services.plan_rows import CLASS, IS_LOCKED, LOAD, OUT_OF_BAND, PLACE_LOCK, SPECIAL
from app.services.plot_tables import ON_NEWEST_GROUND
from app.services.review import last_reviews
from app.services.tiles import plan_source

Scope = tuple[str, ...] | None
SOURCES = ("register", "estimate", "imported")
READERS_OF_DRAFTS = frozenset({ADMINISTRATOR, MANAGER, LEADER})
PAGE, LARGEST_PAGE = 100, 500
BY_NUMBER = ("households", "floors")
SORTS = {
    "code": "building.code",
    "name": "coalesce(building.name, '') COLLATE pinyin",
    "address": "coalesce(building.address, '') COLLATE pinyin",
    "households": "building.here",
    "floors": "coalesce(building.floors, 0)",
}


def draft_scope(actor: Actor) -> Scope:
    """The places whose drafts a person may read; an empty scope for who only walks the grids in force."""
    return replace(actor, roles=tuple(role for role in actor.roles if role.kind in READERS_OF_DRAFTS)).scope


def plan_scope(session: Session, plan_id: int, actor: Actor) -> Scope:
    """What a person may read of a plan; refused with `not_found`, and `not_allowed` for others' drafts.

    A plan that was ever in force may be read by all; a draft, by who decides about it.
    """
    plan = session.execute(OPENNESS, {"plan": plan_id}).first()
    if plan is None:
        raise Refusal("not_found")
    if plan.published_at is not None:
        return actor.scope
    if not actor.touches(READERS_OF_DRAFTS, plan.path):
        raise Refusal("not_allowed")
    return draft_scope(actor)


def plan_told(session: Session, plan_id: int, actor: Actor) -> tuple[Scope, plan_guard.Told]:
    """What a person may read of a plan, and is told of its households; refused as `plan_scope` is."""
    scope = plan_scope(session, plan_id, actor)
    return scope, plan_guard.told_of_plan(session, plan_id, actor, scope)


def places(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """The tree of places a person may read, parents first, with what lies above it for its names."""
    rows = session.execute(PLACES, in_scope(actor.scope)).all()
    counted = {row.community_id: row for row in session.execute(COUNTED)}
    in_force = {row.path: row for row in session.execute(IN_FORCE)}
    drafted: dict[str, int] = {row.path: row.drafts for row in session.execute(DRAFTED)}
    size_of = rule_packs.sizes_today(session)
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    lived_in: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.id in counted and covers(actor.scope, row.path):
            for above in _ancestors(row.path):
                totals[above][0] += counted[row.id].households
                lived_in[above] += [row.path] * (counted[row.id].households > 0)
                totals[above][1] += counted[row.id].buildings
    return [
        {
            "code": row.code,
            "level": row.level,
            "name": row.name,
            "name_pinyin": row.name_pinyin,
            "parent": row.parent,
            "scope": "all" if covers(actor.scope, row.path) else "part",
            "bbox": _bbox(row),
            "households": plan_guard.place_told(
                session, actor, row.path, totals[row.path][0], lived_in[row.path]
            ),
            "buildings": totals[row.path][1],
            "size": asdict(size_of(row.path)),
            "plan": _in_force(in_force, row.path),
            "drafts": drafted.get(row.path, 0) if actor.touches(READERS_OF_DRAFTS, row.path) else 0,
            "tiles": f"/tiles/ground/{row.code}/{row.ground}/{{z}}/{{x}}/{{y}}.mvt",
            "attribution": row.attribution,
        }
        for row in rows
    ]


def place_names(session: Session, actor: Actor) -> Sequence[Row[Any]]:
    """The same tree to choose from: code, level, name, name_pinyin and path. Nothing is counted."""
    return session.execute(PLACE_NAMES, in_scope(actor.scope)).all()


def place_chosen(
    session: Session, actor: Actor, code: str | None
) -> tuple[Sequence[Row[Any]], str | None, str]:
    """`place_names`, and code and path of the place that is asked for, else of the first there is.

    No code, and an empty path, where there is none. Refused with `not_found` and `not_in_scope`.
    """
    names = place_names(session, actor)
    code = code or (names[0].code if names else None)
    if code is None:
        return names, None, ""
    path = path_of(session, code)
    require(actor, STAFF, [path], "touches")
    return names, code, path


def place(session: Session, code: str, actor: Actor) -> dict[str, Any]:
    """One place, with its version of plots and the places above it; `not_found` where there is none."""
    every = {found["code"]: found for found in places(session, actor)}
    if code not in every:
        raise Refusal("not_found")
    above: list[dict[str, Any]] = []
    upper = every[code]["parent"]
    while upper is not None:
        above.insert(0, {name: every[upper][name] for name in ("code", "name", "name_pinyin", "level")})
        upper = every[upper]["parent"]
    more = session.execute(PLACE, {"code": code}).one()
    newest = {"id": more.tessellation_id, "version": more.version, "made_at": _moment(more.made_at)}
    return {
        **every[code],
        "srid": more.srid,
        "tessellation": newest if more.tessellation_id is not None else None,
        "ancestors": above,
    }


def path_of(session: Session, code: str) -> str:
    """Where a place stands in the tree; `not_found` where there is none."""
    path: str | None = session.scalar(PATH, {"code": code})
    if path is None:
        raise Refusal("not_found")
    return path


def plans(session: Session, code: str, actor: Actor) -> list[dict[str, Any]]:
    """Plans of a place and of the places above it that a person may read: in force, drafts, retired."""
    found = session.scalars(PLANS_HERE, {"path": path_of(session, code)})
    deciding = draft_scope(actor)
    readable = _readable(session, found.all(), actor)
    return [
        plan(
            session,
            row,
            scope,
            deciding=deciding,
            told=plan_guard.told_of_plan(session, row, actor, scope),
        )
        for row, scope in readable
    ]


def plan(
    session: Session,
    plan_id: int,
    scope: Scope,
    *,
    deciding: Scope = (),
    told: plan_guard.Told = plan_guard.ALL,
) -> dict[str, Any]:
    """A plan with what its grids in scope come to; `not_found` where there is none.

    told: what the reader is told of its households.

    deciding: where the person manages, administers or leads. What a split was asked for names locks, seeds
    and special grids anywhere in the place, so it is told only where they do so for the whole of it; so are
    its newest review that was not withdrawn, and how many comments are open.
    """
    row = session.execute(PLAN, {"plan": plan_id, **in_scope(scope)}).first()
    if row is None:
        raise Refusal("not_found")
    source = plan_source(session, plan_id, scope)
    decides = covers(deciding, row.place_path)
    return {
        "id": row.id,
        "place": {"code": row.place_code, "name": row.place_name, "name_pinyin": row.place_pinyin},
        "name": row.name,
        "state": row.state,
        "version": row.version,
        "target": row.target,
        "least": row.least,
        "most": row.most,
        "weights": row.weights,
        "slot": row.slot,
        "parameters": row.parameters if decides else None,
        "review": last_reviews(session, [row.id]).get(row.id) if decides else None,
        "open_comments": row.open_comments if decides else 0,
        "made_at": _moment(row.made_at),
        "made_by": row.made_by,
        "published_at": _moment(row.published_at),
        "retired_at": _moment(row.retired_at),
        "tessellation": row.tessellation_id,
        "current_ground": row.current_ground,
        "from_layer": row.from_layer,
        "grids": row.grids,
        "households": told.of(row.households),
        "in_fives": not told.is_all,
        "buildings": row.buildings,
        "out_of_band": row.out_of_band,
        "special": row.special,
        "micro_grids": row.micro_grids,
        "vacant": row.vacant if row.state == "published" else 0,
        "bbox": _bbox(row) if row.grids else None,
        "classes": class_ranges(Band(row.target, row.least, row.most)),
        "tiles": f"/tiles/plan/{row.id}/{row.version}-{source.version}/{{z}}/{{x}}/{{y}}.mvt",
    }


def grids_mark(
    session: Session,
    plan_id: int,
    scope: Scope,
    when: datetime | None = None,
    told: plan_guard.Told = plan_guard.ALL,
) -> str:
    """One word for the list of grids that is the same as long as the list is. when, told: as for the list."""
    source = plan_source(session, plan_id, scope)
    staff = session.scalar(STAFFED, {"plan": plan_id})
    locked = session.scalars(LOCKED, {"plan": plan_id}).all()
    said = repr((when, source.version, source.seen_by, staff, locked, told.mark(), REASONS, REMEDIES))
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def grids(
    session: Session,
    plan_id: int,
    scope: Scope,
    when: datetime | None = None,
    told: plan_guard.Told = plan_guard.ALL,
) -> dict[str, Any]:
    """All grids of a plan in scope, by code.

    when: the moment whose coordinators and vacancies are told, those of a plan that was in force then; None:
    now. told: what the reader is told of households; None stands for what is not.
    """
    of_plan = session.execute(BAND, {"plan": plan_id, "when": when}).first()
    if of_plan is None:
        raise Refusal("not_found")
    rows = session.execute(GRIDS, _asked(of_plan, scope, when)).all()
    return {
        "plan": plan_id,
        "version": of_plan.version,
        "grids": [_listed(row, of_plan, told) for row in rows],
    }


def some_grids(session: Session, plan_id: int, grid_ids: Sequence[int]) -> list[dict[str, Any]]:
    """Some grids of a plan as `grids` has them, by code."""
    of_plan = session.execute(BAND, {"plan": plan_id, "when": None}).one()
    rows = session.execute(SOME_GRIDS, {**_asked(of_plan, None), "grids": list(grid_ids)})
    return [_listed(row, of_plan) for row in rows]


def inner_border(session: Session, plan_id: int, scope: Scope) -> dict[str, float]:
    """Length of what divides the grids of a plan in scope, and the shares (0–1) of what runs along it."""
    rows = session.execute(INNER_BORDER, {"plan": plan_id, **in_scope(scope)}).all()
    return {kind: share for kind, share in _border(rows, 0.0).items() if kind != "outline"}


def grid(session: Session, grid_id: int, actor: Actor, when: datetime | None = None) -> dict[str, Any]:
    """A grid with its neighbours, compounds, border and staff; `not_found` where there is none.

    when: the moment whose staff is told, as in lists; buildings, compounds and streets are those of today.
    """
    plan_id = grid_open(session, grid_id, actor)
    of_plan = session.execute(BAND, {"plan": plan_id, "when": when}).one()
    scope, told = plan_told(session, plan_id, actor)
    asked = {**_asked(of_plan, scope, when), "grid": grid_id}
    row = session.execute(GRID, asked).one()
    standing = session.execute(STANDING, asked).one()
    staff = [member for member in session.execute(ON_DUTY, asked) if of_plan.in_force]
    on_duty = [
        {
            "kind": member.kind,
            "name": member.name,
            "office_phone": member.office_phone,
            "since": _moment(member.since),
        }
        for member in staff
    ]
    primary = next((member for member in on_duty if member["kind"] == "primary"), None)
    lines = session.execute(BORDER, asked).all()
    return {
        **_grid(row, of_plan, told),
        "plan": plan_id,
        "plan_state": of_plan.state,
        "version": of_plan.version,
        "target": of_plan.target,
        "least": of_plan.least,
        "most": of_plan.most,
        "community": {"code": row.community, "name": row.community_name, "name_pinyin": row.community_pinyin},
        "sources": {name: getattr(standing, name) for name in SOURCES} if told.knows(grid_id) else {},
        "coordinator": primary and {name: primary[name] for name in ("name", "office_phone", "since")},
        "deputies": [
            {name: member[name] for name in ("name", "office_phone", "since")}
            for member in on_duty
            if member["kind"] == "deputy"
        ],
        "neighbours": _neighbours(session, lines, asked, told),
        "compounds": [dict(found._mapping) for found in session.execute(COMPOUNDS, asked)],
        "micro_grids": [
            {
                "id": found.id,
                "number": found.number,
                "households": found.households if told.knows(grid_id) else None,
                "buildings": found.buildings,
                "area_m2": round(found.area_m2, 1),
                "bbox": _bbox(found),
                "label": [found.lon, found.lat],
            }
            for found in session.execute(MICRO_GRIDS, asked)
        ],
        "border": _border(lines, session.scalar(OUTER, asked) or 0.0),
    }


def grid_open(session: Session, grid_id: int, actor: Actor) -> int:
    """The plan of a grid; refused a draft's to who may not read drafts there, and outside the own scope."""
    found = session.execute(PATH_OF_GRID, {"grid": grid_id}).first()
    if found is None:
        raise Refusal("not_found")
    if not covers(plan_scope(session, found.plan_id, actor), found.path):
        raise Refusal("not_in_scope")
    plan_id: int = found.plan_id
    return plan_id


def grid_buildings(
    session: Session,
    grid_id: int,
    *,
    sort: str = "code",
    descending: bool = False,
    limit: int = PAGE,
    after: tuple[Any, int] | None = None,
    is_told: bool = True,
) -> dict[str, Any]:
    """A page of the buildings that stand in a grid; of those divided by their entrances, what is in it.

    sort: a line of SORTS, not households where these are not told. after: what `next` of the page before
    said. is_told: whether households are.
    """
    key, order = SORTS[sort], "DESC" if descending else "ASC"
    asked: dict[str, Any] = {"grid": grid_id, "limit": limit + 1}
    beyond = ""
    if after is not None:
        beyond = f"AND ({key}, building.id) {'<' if descending else '>'} (:value, :id)"
        asked |= {"value": after[0], "id": after[1]}
    question = f"""
        SELECT {OF_BUILDING_HERE}, {key} AS sorted_by FROM {STANDING_IN} WHERE true {beyond}
        ORDER BY {key} {order}, building.id {order} LIMIT :limit
    """  # noqa: S608 (constants of this module)
    rows = session.execute(text(question), asked).all()
    whole = session.execute(STANDING, {"grid": grid_id}).one()
    page = rows[:limit]
    shares, plots = _shares(session, grid_id, [row.id for row in page])
    return {
        "count": whole.buildings,
        "households": whole.households if is_told else None,
        "buildings": [
            {
                **building(row, is_told=is_told),
                "divided": shares.get(row.id) if is_told else None,
                "plots": plots.get(row.id),
            }
            for row in page
        ],
        "next": [page[-1].sorted_by, page[-1].id] if len(rows) > limit else None,
    }


def _shares(
    session: Session, grid_id: int, buildings: list[int]
) -> tuple[dict[int, list[dict[str, Any]]], dict[int, list[int]]]:
    """Of buildings that a plan divides by their entrances: the households in each grid, where they are in
    several, and ids of the plots behind all entrances."""
    found: dict[int, list[dict[str, Any]]] = {}
    plots: dict[int, list[int]] = {}
    for row in session.execute(SHARED, {"grid": grid_id, "buildings": buildings}):
        share = {"grid": {"id": row.id, "code": row.code}, "households": row.households}
        found.setdefault(row.building_id, []).append(share)
        plots.setdefault(row.building_id, []).extend(row.plots)
    return {building_id: shares for building_id, shares in found.items() if len(shares) > 1}, plots


def building(row: Row[Any], *, is_told: bool = True) -> dict[str, Any]:
    """A building as lists show it. is_told: whether its households are."""
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "name_pinyin": row.name_pinyin,
        "address": row.address,
        "kind": row.kind,
        "floors": row.floors,
        "households": row.households if is_told else None,
        "source": row.source,
        "position": [row.lon, row.lat],
    }


def covers(scope: Scope, path: str) -> bool:
    """Whether all of a place lies in a scope."""
    return scope is None or any(beneath(path, above) for above in scope)


# --- Rows as people see them -----------------------------------------------------------------------------


def _readable(session: Session, plan_ids: Sequence[int], actor: Actor) -> Sequence[tuple[int, Scope]]:
    found: list[tuple[int, Scope]] = []
    for plan_id in plan_ids:
        row = session.execute(OPENNESS, {"plan": plan_id}).one()
        if row.published_at is not None:
            found.append((plan_id, actor.scope))
        elif actor.touches(READERS_OF_DRAFTS, row.path):
            found.append((plan_id, draft_scope(actor)))
    return found


def _grid(row: Row[Any], of_plan: Row[Any], told: plan_guard.Told) -> dict[str, Any]:
    in_force = of_plan.in_force
    why = sentences(row.reason, row.told, row.households)
    return {
        "id": row.id,
        "code": row.code,
        "name": row.name,
        "community": row.community,
        "households": told.of_grid(row.id, row.households),
        "in_fives": not told.knows(row.id),
        "buildings": row.buildings,
        "area_m2": round(row.area_m2, 1),
        "kind": row.kind,
        "locked": row.locked,
        "load": row.load if row.load is None else told.held(row.id, row.load),
        "deviation": plan_guard.deviation_told(row.held, of_plan.target, told, row.id),
        "class": row.class_ - 3 if row.households and not row.special else None,
        "in_band": None if row.special else of_plan.least <= row.held <= of_plan.most,
        "compactness": row.compactness,
        **plan_guard.reason_told(why, told, row.id),
        "coordinator": {"name": row.coordinator} if in_force and row.coordinator else None,
        "vacant_since": _moment(row.vacant_since) if in_force and not row.coordinator else None,
        "bbox": _bbox(row),
        "label": [row.lon, row.lat],
    }


def _listed(row: Row[Any], of_plan: Row[Any], told: plan_guard.Told = plan_guard.ALL) -> dict[str, Any]:
    """A grid as lists have it: with who is planned for it in a draft, and the length of its outline."""
    planned = {"id": row.planned_id, "name": row.planned} if row.planned_id is not None else None
    perimeter_m = None  # told by the roundness: 4πA/P²
    if row.compactness:
        perimeter_m = round(math.sqrt(4 * math.pi * row.area_m2 / row.compactness), 1)
    return {
        **_grid(row, of_plan, told),
        "planned": planned if of_plan.state == "draft" else None,
        "own_lock": row.own_lock,
        "place_lock": row.place_lock,
        "perimeter_m": perimeter_m,
    }


def _neighbours(
    session: Session, lines: Sequence[Row[Any]], asked: dict[str, Any], told: plan_guard.Told
) -> list[dict[str, Any]]:
    """Neighbours in scope, the longest common border first."""
    metres: dict[int, float] = defaultdict(float)
    for line in lines:
        metres[line.grid_id] += line.metres
    rows = session.execute(NEIGHBOURS, {**asked, "grids": list(metres)})
    found = [
        {
            "id": row.id,
            "code": row.code,
            "households": told.of_grid(row.id, row.households),
            "class": row.class_ - 3 if row.households and not row.special else None,
            "metres": round(metres[row.id], 1),
        }
        for row in rows
    ]
    return sorted(found, key=lambda one: (-one["metres"], one["code"]))


def _border(lines: Sequence[Row[Any]], outer_m: float) -> dict[str, float]:
    """Length of a grid's border, and the shares of what runs along it."""
    metres: dict[str, float] = defaultdict(float)
    for line in lines:
        metres["street" if line.kind in ("local", "secondary", "arterial") else line.kind] += line.metres
    metres["outline"] = max(outer_m, 0.0)
    whole = sum(metres.values())
    kinds: Collection[str] = (
        "street",
        "river",
        "rail",
        "compound",
        "administrative",
        "inside block",
        "outline",
    )
    return {
        "metres": round(whole, 1),
        **{kind: round(metres[kind] / whole, 4) if whole else 0.0 for kind in kinds},
    }


def _in_force(in_force: dict[str, Row[Any]], path: str) -> dict[str, Any] | None:
    """The plan in force for a place: its own, else that of the nearest place above."""
    row = next((in_force[above] for above in _ancestors(path) if above in in_force), None)
    if row is None:
        return None
    return {
        "id": row.id,
        "name": row.name,
        "version": row.version,
        "place": row.code,
        "published_at": _moment(row.published_at),
    }


def _ancestors(path: str) -> list[str]:
    """A path and those above it, the longest first.

    >>> _ancestors("140499.140499001")
    ['140499.140499001', '140499']
    """
    parts = path.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]


def _asked(of_plan: Row[Any], scope: Scope, when: datetime | None = None) -> dict[str, Any]:
    band = Band(of_plan.target, of_plan.least, of_plan.most)
    return {"plan": of_plan.id, "when": when, "class_starts": class_starts(band), **in_scope(scope)}


def _bbox(row: Row[Any]) -> list[float]:
    return [row.west, row.south, row.east, row.north]


def _moment(when: datetime | None) -> str | None:
    return None if when is None else when.isoformat()


# --- Questions -------------------------------------------------------------------------------------------

SEEN = "(:everywhere OR place.path <@ ANY(CAST(:scope AS ltree[])))"
IN_TREE = f"({SEEN} OR place.path @> ANY(CAST(:scope AS ltree[])))"
BOX = """ST_XMin({0}) AS west, ST_YMin({0}) AS south, ST_XMax({0}) AS east, ST_YMax({0}) AS north"""
PATH = text("SELECT path::text FROM place WHERE code = :code")
OPENNESS = text("""
    SELECT plan.published_at, place.path::text
    FROM plan JOIN place ON place.id = plan.place_id WHERE plan.id = :plan
""")
PLACES = text(f"""
    SELECT place.id, place.code, place.level, place.name, place.name_pinyin, place.path::text,
        upper.code AS parent, {BOX.format("place.outline")},
        (SELECT string_agg(DISTINCT other.attribution, ' · ') FROM place AS other
         WHERE other.attribution IS NOT NULL AND (other.path <@ place.path OR other.path @> place.path)
        ) AS attribution,
        (SELECT coalesce(sum(version), 0) FROM ground_version JOIN place AS other ON other.id = place_id
         WHERE other.path <@ subpath(place.path, 0, 1)) AS ground
    FROM place LEFT JOIN place AS upper ON upper.path = place.parent_path
    WHERE {IN_TREE}
    ORDER BY place.path
""")  # noqa: S608 (constants)
PLACE_NAMES = text(f"""
    SELECT code, level, name, name_pinyin, path::text AS path FROM place WHERE {IN_TREE} ORDER BY place.path
""")  # noqa: S608 (a constant)
# Where a community lies in several versions, of its own and of places above, the newest counts. The grids of
# any plan of a version come to the same as its plots, and are far fewer.
COUNTED = text("""
    WITH newest AS MATERIALIZED (
        SELECT DISTINCT ON (place_id) id,
            (SELECT min(plan.id) FROM plan WHERE tessellation_id = tessellation.id) AS plan_id
        FROM tessellation WHERE plain_id IS NULL ORDER BY place_id, version DESC
    )
    SELECT DISTINCT ON (community_id) community_id, households, buildings FROM (
        SELECT newest.id, community_id, sum(households)::int AS households, sum(buildings)::int AS buildings
        FROM newest JOIN grid USING (plan_id) GROUP BY newest.id, community_id
        UNION ALL
        SELECT newest.id, community_id, sum(households)::int, sum(buildings)::int
        FROM newest
        JOIN tessellation_plot ON tessellation_id = newest.id
        JOIN plot ON plot.id = plot_id
        WHERE newest.plan_id IS NULL GROUP BY newest.id, community_id
    ) AS of_version
    ORDER BY community_id, id DESC
""")
IN_FORCE = text("""
    SELECT plan.id, plan.name, plan.version, plan.published_at, place.code, place.path::text
    FROM plan JOIN place ON place.id = plan.place_id WHERE plan.state = 'published'
""")
DRAFTED = text("""
    SELECT place.path::text, count(*) AS drafts
    FROM plan JOIN place ON place.id = plan.place_id WHERE plan.state = 'draft' GROUP BY place.path
""")
PLACE = text("""
    SELECT place.srid, newest.id AS tessellation_id, newest.version, newest.made_at
    FROM place LEFT JOIN LATERAL (
        SELECT tessellation.id, version, made_at FROM tessellation
        JOIN place AS related ON related.id = tessellation.place_id AND related.path @> place.path
        WHERE tessellation.plain_id IS NULL
        ORDER BY nlevel(related.path) DESC, version DESC LIMIT 1
    ) AS newest ON true
    WHERE place.code = :code
""")
PLANS_HERE = text("""
    SELECT plan.id FROM plan JOIN place ON place.id = plan.place_id
    WHERE place.path @> CAST(:path AS ltree)
    ORDER BY array_position('{published,draft,retired}', plan.state), plan.made_at DESC, plan.id DESC
""")
# ST_Extent rounds to single precision: corners are taken one by one.
PLAN = text(f"""
    SELECT plan.*, maker.name AS made_by, place.code AS place_code, place.name AS place_name,
        place.path::text AS place_path,
        place.name_pinyin AS place_pinyin, sums.*,
        (
            SELECT parameters FROM edit WHERE plan_id = plan.id AND edit.kind = 'split'
            ORDER BY version LIMIT 1
        ),
        (SELECT count(*) FROM comment WHERE plan_id = plan.id AND settled_at IS NULL) AS open_comments,
        {ON_NEWEST_GROUND} AS current_ground,
        EXISTS (SELECT FROM layer_report WHERE plan_id = plan.id) AS from_layer
    FROM plan JOIN place ON place.id = plan.place_id LEFT JOIN person AS maker ON maker.id = plan.made_by,
        LATERAL (
            SELECT count(*) AS grids, coalesce(sum(households), 0)::int AS households,
                coalesce(sum(buildings), 0)::int AS buildings,
                count(*) FILTER (WHERE {OUT_OF_BAND}) AS out_of_band,
                count(*) FILTER (WHERE {SPECIAL}) AS special,
                coalesce(sum(micro.grids), 0)::int AS micro_grids,
                count(*) FILTER (WHERE NOT EXISTS (
                    SELECT FROM duty WHERE grid_id = grid.id AND duty.kind = 'primary' AND during @> now()
                )) AS vacant,
                min(ST_XMin(grid.outline)) AS west, min(ST_YMin(grid.outline)) AS south,
                max(ST_XMax(grid.outline)) AS east, max(ST_YMax(grid.outline)) AS north
            FROM grid JOIN place ON place.id = grid.community_id
            LEFT JOIN (
                SELECT grid_id, count(*) AS grids FROM micro_grid WHERE plan_id = :plan GROUP BY grid_id
            ) AS micro ON micro.grid_id = grid.id
            WHERE grid.plan_id = plan.id AND {SEEN}
        ) AS sums
    WHERE plan.id = :plan
""")  # noqa: S608 (constants)
# The moment that is asked about.
MOMENT = "coalesce(CAST(:when AS timestamptz), now())"
BAND = text("""
    SELECT id, state, version, target, least, most, CASE WHEN CAST(:when AS timestamptz) IS NULL
            THEN state = 'published'
            ELSE coalesce(published_at <= :when AND (retired_at > :when OR retired_at IS NULL), false)
        END AS in_force
    FROM plan WHERE id = :plan
""")
STAFFED = text("""
    SELECT sum(hashtextextended(concat_ws(' ', grid_id, person.name, during), 0))
    FROM duty JOIN grid ON grid.id = duty.grid_id JOIN person ON person.id = duty.person_id
    WHERE grid.plan_id = :plan AND duty.kind = 'primary' AND lower(during) <= now()
""")
LOCKED = text("""
    SELECT grid_code FROM lock JOIN plan ON plan.place_id = lock.place_id
    WHERE plan.id = :plan AND grid_code IS NOT NULL ORDER BY grid_code
""")
OF_GRID = f"""
    WITH staff AS MATERIALIZED (
        SELECT grid_id, max(person.name) FILTER (WHERE during @> {MOMENT}) AS coordinator,
            max(upper(during)) FILTER (WHERE upper(during) <= {MOMENT}) AS ended
        FROM duty JOIN grid ON grid.id = grid_id JOIN person ON person.id = person_id
        WHERE plan_id = :plan AND duty.kind = 'primary' GROUP BY grid_id
    )
    SELECT grid.id, grid.code, grid.name, place.code AS community, place.name AS community_name,
        place.name_pinyin AS community_pinyin, households, buildings, area_m2, reason,
        CAST(measures ->> 'compactness' AS float8) AS compactness,
        jsonb_build_object('reason_facts', measures -> 'reason_facts', 'remedy', measures -> 'remedy')
            AS told,
        grid.kind, grid.load, {LOAD} AS held, {SPECIAL} AS special,
        CAST(:when AS timestamptz) IS NULL AND {IS_LOCKED} AS locked,
        CASE WHEN plan.state = 'draft' THEN grid.own_lock END AS own_lock, {PLACE_LOCK} AS place_lock,
        {CLASS} AS class_,
        {BOX.format("grid.outline")}, ST_X(label) AS lon, ST_Y(label) AS lat,
        coordinator, coalesce(ended, plan.published_at) AS vacant_since,
        grid.planned_id, planned.name AS planned
    FROM grid JOIN place ON place.id = grid.community_id JOIN plan ON plan.id = grid.plan_id
    LEFT JOIN staff ON staff.grid_id = grid.id LEFT JOIN person AS planned ON planned.id = grid.planned_id
"""  # noqa: S608 (constants)
GRIDS = text(f"{OF_GRID} WHERE grid.plan_id = :plan AND {SEEN} ORDER BY grid.code")
SOME_GRIDS = text(
    f"{OF_GRID} WHERE grid.plan_id = :plan AND grid.id = ANY(CAST(:grids AS bigint[])) ORDER BY grid.code"
)
GRID = text(f"{OF_GRID} WHERE grid.id = :grid AND {SEEN}")
PATH_OF_GRID = text("""
    SELECT grid.plan_id, place.path::text
    FROM grid JOIN place ON place.id = grid.community_id WHERE grid.id = :grid
""")
STANDING = text(f"""
    SELECT count(*) AS buildings, coalesce(sum(households), 0)::int AS households, coalesce(
            sum(households) FILTER (WHERE households_source = 'register'), 0)::int AS register, coalesce(
            sum(households) FILTER (WHERE households_source = 'estimate'), 0)::int AS estimate, coalesce(
            sum(households) FILTER (WHERE households_source = 'imported'), 0)::int AS imported
    FROM (
        SELECT here AS households, households_source FROM {STANDING_IN}
    ) AS standing
""")  # noqa: S608 (a constant)
SHARED = text("""
    SELECT door.building_id, grid.id, grid.code, sum(door.households)::int AS households,
        array_agg(DISTINCT door.plot_id ORDER BY door.plot_id) AS plots
    FROM grid AS own JOIN plan ON plan.id = own.plan_id JOIN plot_entrance AS door USING (tessellation_id)
    JOIN grid_plot ON grid_plot.plan_id = plan.id AND grid_plot.plot_id = door.plot_id
    JOIN grid ON grid.id = grid_plot.grid_id
    WHERE own.id = :grid AND door.building_id = ANY(:buildings)
    GROUP BY door.building_id, grid.id ORDER BY door.building_id, grid.code
""")
ON_DUTY = text(f"""
    SELECT duty.kind, person.name, person.office_phone, lower(during) AS since
    FROM duty JOIN person ON person.id = duty.person_id
    WHERE grid_id = :grid AND during @> {MOMENT} ORDER BY duty.kind, person.name
""")  # noqa: S608 (a constant)
# Every metre of line between a plot of the grid and a plot of another.
BORDER = text("""
    WITH mine AS MATERIALIZED (SELECT tessellation_id, plot_id FROM grid_plot WHERE grid_id = :grid),
    line AS (
        SELECT edge.neighbour_id AS other, edge.kind, edge.metres
        FROM mine JOIN plot_edge AS edge USING (tessellation_id, plot_id)
        UNION ALL
        SELECT edge.plot_id, edge.kind, edge.metres FROM mine JOIN plot_edge AS edge
            ON edge.tessellation_id = mine.tessellation_id AND edge.neighbour_id = mine.plot_id
    )
    SELECT beyond.grid_id, line.kind, sum(line.metres) AS metres
    FROM line JOIN grid_plot AS beyond ON beyond.plan_id = :plan AND beyond.plot_id = line.other
    WHERE beyond.grid_id <> :grid
    GROUP BY beyond.grid_id, line.kind
""")
# Every metre of line between two grids, once; grids of both sides must be in scope.
INNER_BORDER = text(f"""
    WITH mine AS MATERIALIZED (
        SELECT grid_plot.tessellation_id, grid_plot.plot_id, grid_plot.grid_id
        FROM grid_plot JOIN grid ON grid.id = grid_plot.grid_id JOIN place ON place.id = grid.community_id
        WHERE grid_plot.plan_id = :plan AND {SEEN}
    )
    SELECT edge.kind, sum(edge.metres) AS metres
    FROM mine JOIN plot_edge AS edge USING (tessellation_id, plot_id)
    JOIN mine AS beyond ON beyond.plot_id = edge.neighbour_id
    WHERE beyond.grid_id <> mine.grid_id
    GROUP BY edge.kind
""")  # noqa: S608 (constants)
# What of the plots' perimeters is shared with no other plot lies on the outline of the place.
OUTER = text("""
    WITH mine AS MATERIALIZED (SELECT tessellation_id, plot_id FROM grid_plot WHERE grid_id = :grid)
    SELECT (SELECT sum(perimeter_m) FROM mine JOIN plot ON plot.id = mine.plot_id)
        - coalesce((SELECT sum(metres) FROM mine JOIN plot_edge USING (tessellation_id, plot_id)), 0)
        - coalesce((SELECT sum(metres) FROM mine JOIN plot_edge AS edge
            ON edge.tessellation_id = mine.tessellation_id AND edge.neighbour_id = mine.plot_id), 0)
""")
NEIGHBOURS = text(f"""
    SELECT grid.id, grid.code, households, {SPECIAL} AS special,
        {CLASS} AS class_
    FROM grid JOIN place ON place.id = grid.community_id WHERE grid.id = ANY(:grids) AND {SEEN}
""")  # noqa: S608 (constants)
MICRO_GRIDS = text(f"""
    SELECT id, number, households, buildings, area_m2, {BOX.format("outline")},
        ST_X(label) AS lon, ST_Y(label) AS lat
    FROM micro_grid, LATERAL ST_PointOnSurface(outline) AS label WHERE grid_id = :grid ORDER BY number
""")  # noqa: S608 (constants)
COMPOUNDS = text("""
    SELECT compound.id, compound.code, compound.name, compound.name_pinyin, compound.kind
    FROM grid JOIN compound ON compound.geometry && grid.outline
        AND ST_Contains(grid.outline, ST_PointOnSurface(compound.geometry))
    WHERE grid.id = :grid ORDER BY compound.code
""")
