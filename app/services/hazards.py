"""Hazards at sites: reporting one, finding those that may be the same, listing them, and reading a case.

A hazard belongs to a building, a compound or a point, never to somebody who lives there. Managers,
coordinators and leaders read those of their places; whoever opens one is written down.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Hazard, Step
from app.models import hazards as model
from app.services import audit, case_clocks, reading
from app.services.access import BIGGEST_ID, MANAGERS, READERS_OF_CASES, REGISTRARS, Actor, require
from app.services.lookup import in_scope
from app.services.visits import AHEAD

STATES, MECHANISMS, SEVERITIES = model.STATES, model.MECHANISMS, model.SEVERITIES
OPEN_STATES = model.OPEN
NEAR_M, NEAR_DAYS = 50.0, 7
LONGEST_SITE, LONGEST_TEXT = 200, 2_000
PAGE = 50
# What is past its day and not done. `:now` is the moment that is asked about.
OVERDUE = f"({model.WAITING} AND hazard.due_at < :now)"
# How it stood at a moment, as app/services/heat.py has it (`meant`, `is_late`): what was closed after it was
# open at it. Of the past it is known when a case was due and closed, not how it stood in between.
OPEN_AT = "coalesce(hazard.closed_at >= :at, true)"
OVERDUE_AT = f"""(hazard.due_at < :at AND CASE WHEN hazard.closed_at IS NULL
    THEN {model.WAITING} ELSE hazard.closed_at >= :at END)"""
# What the steps tell whoever reported: all others are the office's own.
TELLING = (
    *("report", "accept", "call", "refuse", "duplicate", "file", "meet", "dispatch", "hand_up", "begin"),
    *("claim", "answer", "tell", "verify", "fail", "on_the_spot", "close", "pend", "resume", "reopen"),
)


@dataclass(frozen=True)
class Report:
    """What is wrong, and where: one of building_id, compound_id, and lon with lat (degrees).

    reported_at: when it was seen, in the zone of the city. client_id: made where it was reported.
    held: its words may name somebody. follow_hash: of the code its reporter follows it by.
    """

    kind: str
    reported_at: datetime
    severity: int = 1
    building_id: int | None = None
    compound_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    site: str = ""
    description: str = ""
    client_id: UUID | None = None
    mechanism: str = "ordinary"
    origin: str | None = None
    held: bool = False
    follow_hash: bytes | None = None


@dataclass(frozen=True)
class Reported:
    """A hazard that is written down. again: it had been sent before, and nothing more was written."""

    id: int
    version: int
    state: str
    due_at: datetime
    grid_code: str | None
    coordinator: str | None
    again: bool = False


@dataclass(frozen=True)
class Wanted:
    """Which hazards a list shows; what is empty leaves nothing out.

    place: a code. box: west, south, east, north in degrees. mine: in the grids one answers for, or handed to
    oneself. at: open, overdue or over as it stood at that moment, of what was reported until then; None: as
    it stands. after: id of the last one seen.
    """

    place: str | None = None
    grid: str | None = None
    states: Sequence[str] = ()
    kinds: Sequence[str] = ()
    severities: Sequence[int] = ()
    mechanism: str | None = None
    is_open: bool | None = None
    overdue: bool = False
    escalated: bool = False
    mine: bool = False
    building_id: int | None = None
    compound_id: int | None = None
    box: tuple[float, float, float, float] | None = None
    reported_from: datetime | None = None
    reported_until: datetime | None = None
    closed_from: datetime | None = None
    closed_until: datetime | None = None
    due_from: datetime | None = None
    due_until: datetime | None = None
    at: datetime | None = None
    after: int | None = None


@dataclass(frozen=True)
class Site:
    """Where a hazard is: what is written down with it."""

    lon: float
    lat: float
    community_id: int
    path: str
    building_id: int | None = None
    compound_id: int | None = None
    name: str | None = None
    community: str | None = None


@dataclass(frozen=True)
class Listed:
    """A page of a list. after: id to ask the next page with; None: this was the last."""

    hazards: list[dict[str, Any]] = field(default_factory=list)
    after: int | None = None


# --- Reporting --------------------------------------------------------------------------------------------


def report(session: Session, actor: Actor | None, wanted: Report, now: datetime) -> Reported:
    """Write a hazard down with its first step, and start its clocks. Sent again it stays one.

    actor: None for the public and for files. now: in the zone of the city; it is when it was entered.
    Refused with `hazard_kind_unknown`, `hazard_site_missing`, `hazard_outside`, `hazard_ahead`,
    `client_id_reused`, `fields_malformed`, `not_found`, `not_in_scope`.
    """
    _check(session, wanted, now)
    before = _sent_before(session, actor, wanted)
    if before is not None:
        return before
    site = site_of(session, wanted.building_id, wanted.compound_id, wanted.lon, wanted.lat)
    if actor is not None:
        require(actor, REGISTRARS, [site.path])
    duty = grid_of(session, site)
    hazard = _made(actor, wanted, site, duty)
    day = wanted.reported_at.date()
    clock = case_clocks.clock_of(session, site.path, wanted.kind, wanted.severity, hazard.mechanism, day)
    case_clocks.begin(hazard, clock, wanted.reported_at)
    session.add(hazard)
    session.flush()
    session.add(
        Step(
            hazard_id=hazard.id,
            number=1,
            act="report",
            to_state="reported",
            person_id=hazard.reported_by,
            at=wanted.reported_at,
            entered_at=now,
        )
    )
    facts = {"kind": wanted.kind, "severity": wanted.severity, "origin": hazard.origin}
    audit.record(session, hazard.reported_by, "hazard.reported", f"hazard {hazard.id}", facts)
    coordinator = None if duty is None else duty.coordinator
    return Reported(hazard.id, 1, "reported", hazard.due_at, hazard.grid_code, coordinator)


def site_of(
    session: Session,
    building_id: int | None = None,
    compound_id: int | None = None,
    lon: float | None = None,
    lat: float | None = None,
) -> Site:
    """Where a building, a compound or a point is, and of which community.

    Refused with `hazard_site_missing`, `not_found` and, for a point outside of all places, `hazard_outside`.
    """
    if building_id is not None and compound_id is None:
        row = session.execute(_BUILDING, {"building": _id(building_id)}).first()
    elif compound_id is not None and building_id is None:
        row = session.execute(_COMPOUND, {"compound": _id(compound_id)}).first()
    elif building_id is None and lon is not None and lat is not None:
        row = session.execute(_POINT, {"lon": round(lon, 8), "lat": round(lat, 8)}).first()
        if row is None:
            raise Refusal("hazard_outside")
    else:
        raise Refusal("hazard_site_missing")
    if row is None:
        raise Refusal("not_found")
    return Site(building_id=building_id, compound_id=compound_id, **row._mapping)


def grid_of(session: Session, site: Site) -> Row[Any] | None:
    """The grid in force at a site, with its coordinator of this moment; None where there is none."""
    asked = {"lon": site.lon, "lat": site.lat, "community": site.community_id}
    return session.execute(_GRID, asked).first()


def near(session: Session, actor: Actor, kind: str, site: Site, now: datetime) -> list[dict[str, Any]]:
    """Hazards of a kind within 50 m and 7 days that may be the same one, the nearest first."""
    require(actor, READERS_OF_CASES, [site.path])
    asked = {"lon": site.lon, "lat": site.lat, "kind": kind, "metres": NEAR_M}
    rows = session.execute(_NEAR, {**asked, "since": now - timedelta(days=NEAR_DAYS)})
    return [dict(row._mapping) for row in rows]


def hazard_sent(session: Session, actor: Actor, client_id: UUID) -> int:
    """The hazard one sent with this id; `not_found` where there is none."""
    found = session.scalar(_SENT, {"client": client_id, "person": actor.person_id})
    if found is None:
        raise Refusal("not_found")
    return int(found)


def path_of(session: Session, hazard_id: int) -> str:
    """Where the community of a hazard stands in the tree of places; `not_found` where there is none."""
    path: str | None = session.scalar(_PATH, {"hazard": _id(hazard_id)})
    if path is None:
        raise Refusal("not_found")
    return path


def _check(session: Session, wanted: Report, now: datetime) -> None:
    if wanted.reported_at > now + AHEAD:
        minutes = round((wanted.reported_at - now).total_seconds() / 60)
        raise Refusal("hazard_ahead", minutes=minutes)
    if session.scalar(_KIND, {"kind": wanted.kind, "public": wanted.origin == "public"}) is None:
        raise Refusal("hazard_kind_unknown", kind=wanted.kind)
    if wanted.severity not in SEVERITIES:
        raise Refusal("fields_malformed", fields="severity")
    if wanted.mechanism not in MECHANISMS:
        raise Refusal("fields_malformed", fields="mechanism")
    for name, longest in (("site", LONGEST_SITE), ("description", LONGEST_TEXT)):
        if len(getattr(wanted, name)) > longest:
            raise Refusal("fields_malformed", fields=name)


def _sent_before(session: Session, actor: Actor | None, wanted: Report) -> Reported | None:
    """The hazard that was sent with the same id; another one is refused with `client_id_reused`."""
    if wanted.client_id is None:
        return None
    session.execute(_ONE_AT_A_TIME, {"client": str(wanted.client_id)})
    row = session.execute(_BEFORE, {"client": wanted.client_id}).first()
    if row is None:
        return None
    person = None if actor is None else actor.person_id
    same = (person, wanted.kind, wanted.building_id) == (row.reported_by, row.first_kind, row.building_id)
    if not same:
        raise Refusal("client_id_reused")
    return Reported(row.id, row.version, row.state, row.due_at, row.grid_code, row.coordinator, again=True)


def _made(actor: Actor | None, wanted: Report, site: Site, duty: Row[Any] | None) -> Hazard:
    return Hazard(
        client_id=wanted.client_id,
        follow_hash=wanted.follow_hash,
        community_id=site.community_id,
        grid_code=None if duty is None else duty.code,
        coordinator_id=None if duty is None else duty.coordinator_id,
        building_id=site.building_id,
        compound_id=site.compound_id,
        position=f"SRID=4326;POINT({site.lon:.8f} {site.lat:.8f})",
        site=wanted.site.strip(),
        kind=wanted.kind,
        severity=wanted.severity,
        description=wanted.description.strip(),
        held=wanted.held,
        origin=wanted.origin or _origin(actor, site),
        mechanism=wanted.mechanism,
        reported_by=None if actor is None else actor.person_id,
        reported_at=wanted.reported_at,
        state="reported",
        state_since=wanted.reported_at,
        version=1,
    )


def _origin(actor: Actor | None, site: Site) -> str:
    if actor is None:
        return "public"
    return "manager" if actor.covers(MANAGERS, site.path) else "coordinator"


def _id(value: int) -> int:
    if not 0 <= value <= BIGGEST_ID:
        raise Refusal("not_found")
    return value


# --- Listing ----------------------------------------------------------------------------------------------


def kinds(session: Session, *, for_public: bool = False) -> list[dict[str, Any]]:
    """The kinds there are, in their order: code, names in both languages, weight in the heat."""
    return [dict(row) for row in session.execute(_KINDS, {"public": for_public}).mappings()]


def list_hazards(session: Session, actor: Actor, wanted: Wanted, now: datetime, most: int = PAGE) -> Listed:
    """Hazards of the actor's places: what is open by the day it is due, all else the newest first.

    So is what was open on a day of the past, for the index of reports begins there. Refused with `not_found`
    for a place there is not and `not_in_scope` for one that is another's.
    """
    where, asked = _conditions(session, actor, wanted, now)
    by_due = wanted.at is None and (wanted.is_open or wanted.overdue)
    order = "hazard.due_at, hazard.id" if by_due else "hazard.reported_at DESC, hazard.id DESC"
    if wanted.after is not None:
        columns = "due_at, id" if by_due else "reported_at, id"
        sign = ">" if by_due else "<"
        where.append(
            f"({'hazard.due_at' if by_due else 'hazard.reported_at'}, hazard.id) {sign} "  # noqa: S608
            f"(SELECT {columns} FROM hazard WHERE id = :after)"
        )
        asked["after"] = _id(wanted.after)
    question = f"""
        WITH page AS MATERIALIZED (
            SELECT hazard.id AS page_id FROM hazard
            WHERE {" AND ".join(where) or "true"} ORDER BY {order} LIMIT :most
        )
        SELECT {_SHOWN} WHERE hazard.id IN (SELECT page_id FROM page) ORDER BY {order}
    """  # noqa: S608 (conditions of ours)
    rows = session.execute(text(question), {**asked, "now": now, "most": most + 1}).all()
    shown = [_told(row, now) for row in rows[:most]]
    return Listed(shown, shown[-1]["id"] if len(rows) > most else None)


def count(session: Session, actor: Actor, wanted: Wanted, now: datetime, most: int) -> int:
    """How many hazards a list holds in all its pages; counting ends after `most`."""
    where, asked = conditions(session, actor, wanted, now)
    question = f"SELECT count(*) FROM (SELECT FROM hazard WHERE {where} LIMIT :most) AS counted"  # noqa: S608
    return int(session.scalar(text(question), {**asked, "most": most}) or 0)


def conditions(session: Session, actor: Actor, wanted: Wanted, now: datetime) -> tuple[str, dict[str, Any]]:
    """The hazards a list shows as a condition on `hazard` and what it is asked with, for counts and maps."""
    where, asked = _conditions(session, actor, wanted, now)
    return " AND ".join(where) or "true", {**asked, "now": now}


def _conditions(
    session: Session, actor: Actor, wanted: Wanted, now: datetime
) -> tuple[list[str], dict[str, Any]]:
    where: list[str] = []
    asked: dict[str, Any] = {}
    communities = _communities(session, actor, wanted.place)
    if communities is not None:
        where.append("hazard.community_id = ANY(:communities)")
        asked["communities"] = communities
    plain = {
        "hazard.grid_code = :grid": wanted.grid,
        "hazard.state = ANY(:states)": list(wanted.states) or None,
        "hazard.kind = ANY(:kinds)": list(wanted.kinds) or None,
        "hazard.severity = ANY(:severities)": list(wanted.severities) or None,
        "hazard.mechanism = :mechanism": wanted.mechanism,
        "hazard.building_id = :building": wanted.building_id,
        "hazard.compound_id = :compound": wanted.compound_id,
        "hazard.reported_at >= :reported_from": wanted.reported_from,
        "hazard.reported_at < :reported_until": wanted.reported_until,
        "hazard.closed_at >= :closed_from": wanted.closed_from,
        # What was closed before a day was reported before it: the index of reports begins there.
        "hazard.closed_at < :closed_until AND hazard.reported_at < :closed_until": wanted.closed_until,
        "hazard.due_at >= :due_from": wanted.due_from,
        # Likewise: a clock runs from the report on.
        "hazard.due_at < :due_until AND hazard.reported_at < :due_until"
        " AND hazard.state NOT IN ('refused', 'duplicate')": wanted.due_until,
    }
    for condition, value in plain.items():
        if value is not None:
            where.append(condition)
            asked[re.findall(r":(\w+)", condition)[0]] = value
    if wanted.at is not None:
        where += _as_it_stood(wanted)
        asked["at"] = wanted.at
    else:
        if wanted.is_open is not None:
            where.append(f"hazard.closed_at IS {'NULL' if wanted.is_open else 'NOT NULL'}")
        if wanted.overdue:
            where.append(OVERDUE)
    if wanted.escalated:
        where.append("hazard.closed_at IS NULL AND hazard.escalated_at IS NOT NULL")
    if wanted.box is not None:
        where.append("hazard.position && ST_MakeEnvelope(:west, :south, :east, :north, 4326)")
        asked.update(zip(("west", "south", "east", "north"), wanted.box, strict=True))
    if wanted.mine:
        where.append(_MINE)
        asked |= {"person": actor.person_id}
    return where, asked


def _as_it_stood(wanted: Wanted) -> list[str]:
    """Conditions of what is asked about a moment `:at`."""
    where = ["hazard.reported_at < :at", "hazard.state NOT IN ('refused', 'duplicate')"]
    if wanted.is_open is not None:
        where.append(OPEN_AT if wanted.is_open else f"NOT {OPEN_AT}")
    if wanted.overdue:
        where.append(OVERDUE_AT)
    return where


def _communities(session: Session, actor: Actor, place: str | None) -> list[int] | None:
    """Ids of the places whose hazards the actor reads, within one that is named; None: all there are."""
    scope = actor.scope_of(READERS_OF_CASES)
    if place is None and scope is None:
        return None
    asked = {**in_scope(scope), "within": None}
    if place is not None:
        within = reading.path_of(session, place)
        require(actor, READERS_OF_CASES, [within], "touches")
        asked["within"] = within
    return list(session.scalars(_PLACES, asked))


# --- Reading one ------------------------------------------------------------------------------------------


def read(session: Session, actor: Actor, hazard_id: int, now: datetime) -> dict[str, Any]:
    """A case with its steps, the times its clock stood, and its photos; who opened it is written down.

    Refused with `not_found` and `not_in_scope`.
    """
    row = session.execute(_ONE, {"hazard": _id(hazard_id), "now": now}).first()
    if row is None:
        raise Refusal("not_found")
    require(actor, READERS_OF_CASES, [row.path])
    asked = {"hazard": hazard_id}
    audit.record(session, actor.person_id, "hazard.read", f"hazard {hazard_id}")
    return {
        **_told(row, now),
        "steps": [dict(step._mapping) for step in session.execute(_STEPS, asked)],
        "stops": [dict(one._mapping) for one in session.execute(_STOPS, asked)],
        "photos": [dict(one._mapping) for one in session.execute(_PHOTOS, asked)],
    }


def _told(row: Row[Any], now: datetime) -> dict[str, Any]:
    """A row as lists show it: words that may name somebody are held back."""
    told = {**row._mapping, "clock": case_clocks.colour(row, now)}
    if row.held:
        told |= {"description": "", "site": ""}
    return told


# --- Following by a code ----------------------------------------------------------------------------------


def follow(session: Session, follow_hash: bytes) -> dict[str, Any] | None:
    """What became of the hazard whose code somebody holds, step by step; None where none has it.

    Steps that are the office's own are not among them; nobody is named. `told` is what was written for the
    reporter, often empty: each act has a sentence of its own (`follow-step` of the words).
    """
    row = session.execute(_FOLLOWED, {"hash": follow_hash}).first()
    if row is None:
        return None
    steps = session.execute(_STEPS, {"hazard": row.id})
    told = [{"act": step.act, "at": step.at, "told": step.told} for step in steps if step.act in TELLING]
    return {**row._mapping, "steps": told}


_KIND = text("""
    SELECT code FROM hazard_kind WHERE code = :kind AND retired_at IS NULL AND (by_public OR NOT :public)
""")
_KINDS = text("""
    SELECT code, name_en, name_zh, weight, by_public FROM hazard_kind
    WHERE retired_at IS NULL AND (by_public OR NOT :public) ORDER BY position, code
""")
_BUILDING = text("""
    SELECT ST_X(position) AS lon, ST_Y(position) AS lat, place.id AS community_id, place.path::text AS path,
        coalesce(building.name, building.address, building.code) AS name, place.name AS community
    FROM building JOIN place ON place.id = building_community(building.id)
    WHERE building.id = :building AND building.retired_at IS NULL
""")
_SMALLEST = """
    JOIN LATERAL (
        SELECT id, path, name FROM place WHERE ST_Covers(place.outline, spot.point)
        ORDER BY nlevel(path) DESC, code LIMIT 1
    ) AS place ON true
"""
_COMPOUND = text(f"""
    SELECT ST_X(spot.point) AS lon, ST_Y(spot.point) AS lat, place.id AS community_id,
        place.path::text AS path, coalesce(spot.name, spot.code) AS name, place.name AS community
    FROM (
        SELECT name, code, ST_ReducePrecision(ST_PointOnSurface(geometry), 1e-8) AS point
        FROM compound WHERE id = :compound
    ) AS spot {_SMALLEST}
""")  # noqa: S608 (constants)
_POINT = text(f"""
    SELECT ST_X(spot.point) AS lon, ST_Y(spot.point) AS lat, place.id AS community_id,
        place.path::text AS path, CAST(NULL AS text) AS name,
        place.name AS community
    FROM (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS point) AS spot {_SMALLEST}
""")  # noqa: S608 (constants)
_GRID = text("""
    SELECT grid.id, grid.code, grid.name, duty.person_id AS coordinator_id, person.name AS coordinator
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    LEFT JOIN duty ON duty.grid_id = grid.id AND duty.kind = 'primary'
        AND duty.during @> clock_timestamp()
    LEFT JOIN person ON person.id = duty.person_id
    WHERE grid.community_id = :community
        AND ST_Intersects(grid.outline, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
    ORDER BY grid.code LIMIT 1
""")
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('hazard ' || :client, 0))")
_BEFORE = text("""
    SELECT hazard.id, hazard.version, state, due_at, grid_code, building_id, reported_by, person.name AS
        coordinator, coalesce((SELECT facts ->> 'kind_before' FROM step WHERE hazard_id = hazard.id
            AND facts ? 'kind_before' ORDER BY number LIMIT 1), hazard.kind) AS first_kind
    FROM hazard LEFT JOIN person ON person.id = coordinator_id WHERE client_id = :client
""")
_SENT = text("SELECT id FROM hazard WHERE client_id = :client AND reported_by = :person")
_PATH = text("""
    SELECT place.path::text FROM hazard JOIN place ON place.id = community_id WHERE hazard.id = :hazard
""")
_NEAR = text("""
    SELECT hazard.id, hazard.kind, severity, state, reported_at, site, held,
        ST_Distance(hazard.position::geography, spot.point::geography) AS distance_m,
        coalesce(building.name, building.address, building.code) AS building
    FROM (SELECT ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) AS point) AS spot
    JOIN hazard ON hazard.position && ST_Expand(
        spot.point, :metres / (110000 * GREATEST(cos(radians(:lat)), 0.001)), :metres / 110000
    )
    LEFT JOIN building ON building.id = hazard.building_id
    WHERE hazard.kind = :kind AND reported_at >= :since AND state NOT IN ('refused', 'duplicate')
        AND ST_DWithin(hazard.position::geography, spot.point::geography, :metres)
    ORDER BY distance_m, hazard.id LIMIT 5
""")
_PLACES = text("""
    SELECT id FROM place
    WHERE (:everywhere OR path <@ ANY(CAST(:scope AS ltree[])))
        AND (CAST(:within AS ltree) IS NULL OR path <@ CAST(:within AS ltree))
""")
# What is handed to oneself, or stands in a grid one answers for today, whichever grid it was reported in.
_MINE = """(hazard.handler_id = :person OR EXISTS (
    SELECT FROM duty JOIN grid ON grid.id = duty.grid_id
    JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    WHERE duty.person_id = :person AND duty.during @> clock_timestamp()
        AND ST_Intersects(grid.outline, hazard.position)
))"""
_SHOWN = f"""
    hazard.id, hazard.client_id, hazard.kind, hazard.severity, hazard.state, hazard.state_since,
    hazard.mechanism, hazard.origin, hazard.version, hazard.site, hazard.description, hazard.held,
    hazard.grid_code, hazard.building_id, hazard.compound_id, hazard.reported_at, hazard.due_at,
    hazard.stage_due_at, hazard.amber_at, hazard.escalated_at, hazard.done_at, hazard.done_by,
    hazard.checked_by, hazard.closed_at, hazard.review_on, hazard.office, hazard.handler_id,
    hazard.duplicate_of, hazard.reopened, hazard.reworked, hazard.returned,
    {OVERDUE} AS overdue, ST_X(hazard.position) AS lon, ST_Y(hazard.position) AS lat,
    place.code AS community, place.name AS community_name, place.path::text AS path,
    coalesce(building.name, building.address, building.code) AS building,
    coalesce(compound.name, compound.code) AS compound,
    coordinator.name AS coordinator, handler.name AS handler, reporter.name AS reporter
    FROM hazard JOIN place ON place.id = hazard.community_id
    LEFT JOIN building ON building.id = hazard.building_id
    LEFT JOIN compound ON compound.id = hazard.compound_id
    LEFT JOIN person AS coordinator ON coordinator.id = hazard.coordinator_id
    LEFT JOIN person AS handler ON handler.id = hazard.handler_id
    LEFT JOIN person AS reporter ON reporter.id = hazard.reported_by
"""
_ONE = text(f"SELECT {_SHOWN} WHERE hazard.id = :hazard")
_STEPS = text("""
    SELECT step.id, number, act, from_state, to_state, person.name AS person, at, entered_at, note, told,
        facts
    FROM step LEFT JOIN person ON person.id = step.person_id WHERE hazard_id = :hazard ORDER BY number
""")
_STOPS = text("SELECT from_at, until_at, why FROM clock_stop WHERE hazard_id = :hazard ORDER BY id")
_PHOTOS = text("""
    SELECT id, shows, by_public, added_at FROM hazard_photo WHERE hazard_id = :hazard AND shown ORDER BY id
""")
_FOLLOWED = text("""
    SELECT hazard.id, hazard_kind.name_en, hazard_kind.name_zh, state, reported_at, due_at, closed_at
    FROM hazard JOIN hazard_kind ON hazard_kind.code = hazard.kind WHERE follow_hash = :hash
""")
