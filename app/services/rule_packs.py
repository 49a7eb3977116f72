"""Rule packs: which rules hold where on which day, what a change would do, and changing them from a day on.

Whoever needs a target, a clock or a term asks `in_force` for the place and the day the thing was done, so
that the past stays judged by its own rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Place, RulePack
from app.services import audit, permits
from app.services.access import ADMINISTRATORS, Actor, beneath, require
from app.services.fives import Fives, fives_of
from app.services.jobs import place_called
from app.services.months import months_on
from app.services.rules import SHIPPED, USUAL, Rules, Size, as_json, changed, differences, from_json
from app.services.tile_layers import FEW

FARTHEST_DAYS = 3 * 366  # how far ahead rules are made


@dataclass(frozen=True)
class InForce:
    """Rules and where they are from. id, from_on and place: None where nobody made any and the usual hold."""

    rules: Rules
    code: str = USUAL
    id: int | None = None
    from_on: date | None = None
    place: str | None = None


def in_force(session: Session, path: str | None, day: date) -> InForce:
    """The rules that hold for a place on a day: of the nearest place that has any, those that began last.

    path: `place.path`; None for what holds everywhere.
    """
    row = session.execute(_IN_FORCE, {"path": path, "day": day}).first()
    if row is None:
        return InForce(SHIPPED[USUAL])
    return InForce(from_json(row.settings), row.code, row.id, row.from_on, row.place)


def around(session: Session, paths: Collection[str] | None, day: date) -> InForce:
    """The rules of the smallest place that holds all these; None, or no such place: those of everywhere.

    paths: `place.path` values.
    """
    path = session.scalar(_AROUND, {"paths": list(paths)}) if paths else None
    return in_force(session, path, day)


def sizes_today(session: Session) -> Callable[[str], Size]:
    """The households per grid that hold today, as a function of `place.path`; today is the city's."""
    packs = [
        (row.path, from_json({"size": row.size}).size)
        for row in session.execute(_SIZES)  # the nearest and latest last
    ]

    def size_of(path: str) -> Size:
        held = (size for above, size in reversed(packs) if above is None or beneath(path, above))
        return next(held, SHIPPED[USUAL].size)

    return size_of


def size_today(session: Session, path: str) -> Size:
    """The households per grid that hold today for a place: what a split aims at unless told otherwise."""
    return sizes_today(session)(path)


def rules_of(session: Session, pack_id: int | None) -> InForce:
    """The rules something was made under, by the id that was kept with it."""
    pack = None if pack_id is None else session.get(RulePack, pack_id)
    if pack is None:
        return InForce(SHIPPED[USUAL])
    place = None if pack.place_id is None else session.get_one(Place, pack.place_id).code
    return InForce(from_json(pack.settings), pack.code, pack.id, pack.from_on, place)


def listing(session: Session, actor: Actor) -> list[Row[Any]]:
    """Every pack made for the actor's places, the last first: withdrawn ones too."""
    scope = None if actor.covers(ADMINISTRATORS, None) else list(actor.scope or ())
    return list(session.execute(_LISTING, {"everywhere": scope is None, "scope": scope or []}).all())


def wished(code: str, numbers: Mapping[str, int]) -> Rules:
    """A shipped pack with other numbers; refused with `rule_pack_unknown` and as `rules.from_json` says."""
    if code not in SHIPPED:
        raise Refusal("rule_pack_unknown", pack=code, known=", ".join(SHIPPED))
    return changed(SHIPPED[code], numbers)


def activate(
    session: Session,
    actor: Actor,
    code: str,
    place_code: str | None,
    rules: Rules,
    from_on: date,
    today: date,
) -> int:
    """Let rules hold for a place and all beneath from a day on; its id.

    place_code: None for everywhere. Refused with `rules_backdated` (the past keeps its rules),
    `rules_too_far` and `not_in_scope`.
    """
    if from_on < today:
        raise Refusal("rules_backdated", day=from_on.isoformat(), today=today.isoformat())
    if from_on > today + timedelta(days=FARTHEST_DAYS):
        raise Refusal("rules_too_far", day=from_on.isoformat())
    place = None if place_code is None else place_called(session, place_code)
    require(actor, ADMINISTRATORS, [None if place is None else place.path])
    pack = RulePack(
        place_id=None if place is None else place.id,
        code=code,
        from_on=from_on,
        settings=as_json(rules),
        made_by=actor.person_id,
    )
    session.add(pack)
    session.flush()
    facts = {"code": code, "place": place_code, "from_on": from_on.isoformat(), "settings": pack.settings}
    audit.record(session, actor.person_id, "rules.activated", f"rule_pack {pack.id}", facts)
    return pack.id


def withdraw(session: Session, actor: Actor, pack_id: int, now: datetime, today: date) -> None:
    """Take back rules whose day has not come; refused with `rules_in_force` where it has."""
    pack = session.get(RulePack, pack_id, with_for_update=True)
    if pack is None or pack.withdrawn_at is not None:
        raise Refusal("not_found")
    place = None if pack.place_id is None else session.get_one(Place, pack.place_id)
    require(actor, ADMINISTRATORS, [None if place is None else place.path])
    if pack.from_on <= today:
        raise Refusal("rules_in_force", day=pack.from_on.isoformat())
    pack.withdrawn_by, pack.withdrawn_at = actor.person_id, now
    session.flush()
    audit.record(session, actor.person_id, "rules.withdrawn", f"rule_pack {pack_id}")


# --- What a change would do ------------------------------------------------------------------------------


SOME = "few"
Value = int | date | str | None


@dataclass(frozen=True)
class Effect:
    """A figure before and after. name: as worded. Days are dates, all else counts; SOME: one to four."""

    name: str
    before: Value
    after: Value


@dataclass(frozen=True)
class Preview:
    """settings: name, before, after. effects: figures, also those that stay."""

    from_on: date
    before: InForce
    settings: list[tuple[str, Any, Any]]
    effects: list[Effect]


def preview(session: Session, place_code: str | None, rules: Rules, from_on: date) -> Preview:
    """What is otherwise once rules hold for a place, counted on what is registered now.

    Counts keep to the places of `gridkeeper.scope`, and are told in fives: limits can be tried one after
    another, and what one day more or one household fewer makes of a count would tell of a few.
    """
    path = None if place_code is None else place_called(session, place_code).path
    before = in_force(session, path, from_on)
    fives = partial(_in_fives, fives_of(session), place_code or "")
    figures = [
        {
            **_sizes(session, path, one),
            **_people(session, path, one, from_on, fives),
            **_days(one, from_on),
            **{name: fives(count) for name, count in _identities(session, path, one).items()},
        }
        for one in (before.rules, rules)
    ]
    effects = [Effect(name, figures[0][name], figures[1][name]) for name in figures[0]]
    return Preview(from_on, before, differences(before.rules, rules), effects)


def _in_fives(fives: Fives, place: str, count: int) -> int | str:
    told = fives.told(count, place)
    return SOME if told is None else told


def _sizes(session: Session, path: str | None, rules: Rules) -> dict[str, Value]:
    size, fives = rules.size, fives_of(session)
    rows = session.execute(_HOUSEHOLDS, {"path": path})
    held = [fives.of(row.households, row.community) for row in rows]
    return {"grids_out_of_band": sum(not size.least <= households <= size.most for households in held)}


def _people(
    session: Session, path: str | None, rules: Rules, day: date, fives: Callable[[int], int | str]
) -> dict[str, Value]:
    """Counts of what is registered: staff needed, households to be verified, residents who may ask."""
    since = months_on(day, -rules.clocks.verification_months)
    counted = session.execute(_COUNTS, {"path": path, "since": since}).one()
    arrived = (
        day - timedelta(days=rules.permit.stay_days)
        if rules.permit.stay_days
        else months_on(day, -rules.permit.stay_months)
    )
    of_age = rules.permit.least_age_years >= permits.OF_AGE_YEARS
    asked = {
        "path": path,
        "since": arrived,
        "of_age": of_age,
        "before": months_on(day, -rules.retention.stay_months),
    }
    may_ask, over = session.execute(_FLOATING, asked).one()
    floating = fives(counted.floating)
    per_coordinator = rules.staffing.floating_per_coordinator
    return {
        "coordinators_needed": needed(FEW if isinstance(floating, str) else floating, per_coordinator),
        "households_to_verify": fives(counted.households - counted.verified),
        "residents_who_may_ask": fives(may_ask),
        "stays_to_remove": fives(over),
    }


def _identities(session: Session, path: str | None, rules: Rules) -> dict[str, int]:
    """Of how many residents birth dates and numbers may be asked, and how many of what is kept goes."""
    kept, asked = session.execute(_KEPT, {"path": path}).one(), rules.identity
    return {
        "residents_asked_birth": kept.residents if asked.birth_date else 0,
        "births_to_remove": 0 if asked.birth_date else kept.births,
        "residents_asked_number": kept.residents if asked.id_number else 0,
        "numbers_to_remove": 0 if asked.id_number else kept.numbers,
        "whole_numbers_to_remove": 0 if asked.exchange_number else kept.whole,
    }


def _days(rules: Rules, day: date) -> dict[str, Value]:
    """Days of somebody who arrives and hands everything in on the day the rules begin."""
    next_one = permits.endorsement(rules.permit, day, day)
    return {
        "may_ask_on": permits.hint(rules.permit, day, day, of_age=True, ground="home").eligible_on,
        "issue_due_on": permits.issue_due(rules.permit, day),
        "holds_until": permits.holds_until(rules.permit, day),
        "endorsement_due_on": None if next_one is None else next_one.due_on,
    }


def needed(floating: int, per_coordinator: int) -> int:
    """Coordinators for so many residents registered elsewhere.

    >>> needed(6_000, 500), needed(10_000, 500), needed(501, 500), needed(0, 500)
    (12, 20, 2, 0)
    """
    return -(-floating // per_coordinator)


_AROUND = text("""
    SELECT path::text FROM place WHERE path @> ALL (CAST(:paths AS ltree[]))
    ORDER BY nlevel(path) DESC LIMIT 1
""")
_IN_FORCE = text("""
    SELECT rule_pack.id, rule_pack.code, from_on, settings, place.code AS place
    FROM rule_pack LEFT JOIN place ON place.id = rule_pack.place_id
    WHERE withdrawn_at IS NULL AND from_on <= :day
        AND (place_id IS NULL OR place.path @> CAST(:path AS ltree))
    ORDER BY coalesce(nlevel(place.path), 0) DESC, from_on DESC, rule_pack.id DESC LIMIT 1
""")
_SIZES = text("""
    SELECT place.path::text AS path, settings -> 'size' AS size
    FROM rule_pack LEFT JOIN place ON place.id = rule_pack.place_id
    WHERE withdrawn_at IS NULL AND from_on <= city_day(now())
    ORDER BY coalesce(nlevel(place.path), 0), from_on, rule_pack.id
""")
_LISTING = text("""
    SELECT rule_pack.id, rule_pack.code, from_on, settings, place.code AS place, place.name AS place_name,
        person.name AS made_by, rule_pack.made_at, withdrawn_at
    FROM rule_pack LEFT JOIN place ON place.id = rule_pack.place_id
    LEFT JOIN person ON person.id = rule_pack.made_by
    WHERE :everywhere OR place_id IS NULL OR place.path <@ ANY (CAST(:scope AS ltree[]))
        OR place.path @> ANY (CAST(:scope AS ltree[]))
    ORDER BY from_on DESC, rule_pack.id DESC
""")
_HOUSEHOLDS = text("""
    SELECT grid.households, place.code AS community
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place ON place.id = grid.community_id
    WHERE grid.kind IN ('residential', 'mixed')
        AND place.path <@ ANY (scope_paths())
        AND (CAST(:path AS ltree) IS NULL OR place.path <@ CAST(:path AS ltree))
""")
_COUNTS = text("""
    SELECT coalesce(sum(floating), 0)::int AS floating,
        coalesce(sum(counts.households), 0)::int AS households, coalesce(sum(verified), 0)::int AS verified
    FROM register_counts(CAST(:since AS timestamptz)) AS counts
    JOIN place ON place.id = counts.community_id
    WHERE CAST(:path AS ltree) IS NULL OR place.path <@ CAST(:path AS ltree)
""")
_KEPT = text("SELECT residents, births, numbers, whole FROM identities_kept(CAST(:path AS ltree))")
_FLOATING = text("""
    SELECT floating_since(CAST(:path AS ltree), :since, :of_age),
        stays_ended_before(CAST(:path AS ltree), :before)
""")
