"""What is over goes: rules for every register, the same questions for the dry run and for the removal.

A rule names the rows that are over by a question that does not depend on what other rules removed before it,
so that a dry run tells exactly what the removal then does. Each removed row leaves a tombstone: its
table, its number, the rule and the time. Where something is only unlinked (a visit from a household that is
gone) nothing is lost that could still be told.
"""

# ruff: noqa: S608 - questions are put together from the constants of this file; values are bound

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models import Tombstone
from app.services import audit, rule_packs
from app.services.months import months_on
from app.services.personal import Registers
from app.services.rules import Identity, Retention, from_json

CODE_DAYS = 30  # a code that was not used, or whose page is closed, is of no more use then


def periods_on(session: Session, day: date, household_id: int | None = None) -> Retention:
    """What the rules say that hold for a household on a day; without one, those that hold everywhere."""
    path = None if household_id is None else session.scalar(_PATH, {"household": household_id})
    return rule_packs.in_force(session, path, day).rules.retention


_PATH = text("""
    SELECT path::text FROM place JOIN household ON household.community_id = place.id
    WHERE household.id = :household
""")


@dataclass(frozen=True)
class Removed:
    """What one rule removes, or would, by the terms of one rule pack. until: the last day that is over.

    months: the term; None where it is no pack's: a need goes on its own day, a code after CODE_DAYS.
    place: whose pack it is, by name; None for the one that holds everywhere. pack: its code; from_on: since
    when it holds, None for what is shipped.
    """

    rule: str
    table: str
    rows: int
    until: date
    months: int | None = None
    place: str | None = None
    pack: str = ""
    from_on: date | None = None


@dataclass(frozen=True)
class Rule:
    """Rows of a table that are over. over: a condition on them; first: what lets go of them before.

    placed: each row is of a community, whose pack decides; else the one that holds everywhere.
    """

    name: str
    table: str
    over: str
    period: str
    first: tuple[str, ...] = ()
    placed: bool = True

    def ids(self, session: Session, days: Mapping[str, Any]) -> dict[int, int | None]:
        """The rows that are over: numbers, with their communities."""
        community = "community_id" if self.placed else "NULL::bigint"
        question = text(f"SELECT id, {community} FROM {self.table} WHERE {self.over} ORDER BY id")
        asked = {name: day for name, day in days.items() if f":{name}" in self.over}
        return {row.id: row[1] for row in session.execute(question, asked)}

    def remove(self, session: Session, ids: Sequence[int]) -> None:
        """Remove these rows, each for a tombstone."""
        for statement in self.first:
            session.execute(text(statement), {"ids": list(ids)})
        bury(session, self.table, ids, self.name)


@dataclass(frozen=True)
class Clearing(Rule):
    """Columns of rows that are over; a row of which nothing else would be left goes as a whole."""

    clears: tuple[str, ...] = ()

    def remove(self, session: Session, ids: Sequence[int]) -> None:
        """Empty the columns of these rows, each for a tombstone."""
        kept = [name for name in ("born_on", "number_hash") if name not in self.clears]
        left = f"num_nonnulls({', '.join(kept)}) > 0"
        question = text(f"SELECT id FROM {self.table} WHERE id = ANY (:ids) AND {left}")
        stay = list(session.scalars(question, {"ids": list(ids)}))
        emptied = ", ".join(f"{name} = NULL" for name in self.clears)
        session.execute(text(f"UPDATE {self.table} SET {emptied} WHERE id = ANY (:ids)"), {"ids": stay})
        session.add_all(Tombstone(kind=self.table, row_id=number, rule=self.name) for number in stay)
        bury(session, self.table, sorted(set(ids) - set(stay)), self.name)


def bury(session: Session, table: str, ids: Sequence[int], rule: str) -> None:
    """Remove rows of a personal table and leave a tombstone for each."""
    if not ids:
        return
    session.execute(text(f"DELETE FROM {table} WHERE id = ANY (:ids)"), {"ids": list(ids)})
    session.add_all(Tombstone(kind=table, row_id=number, rule=rule) for number in ids)
    session.flush()


@dataclass(frozen=True)
class _Term:
    """The retention of one pack and the days it comes to today. place: its name; None for everywhere."""

    periods: Retention
    identity: Identity
    told: tuple[tuple[str, date], ...]
    place: str | None = None
    pack: str = ""
    from_on: date | None = None

    @property
    def days(self) -> dict[str, date]:
        """Before which day what ended is over, by period."""
        return dict(self.told)


_Over = tuple[Rule, list[int], list[Removed]]


def _day(term: str, table: str) -> str:
    """The day before which what ended is over, by the pack of a row's community."""
    return f"coalesce((CAST(:{term}_of AS jsonb) ->> {table}.community_id::text)::date, :{term})"


def _has(switch: str) -> str:
    """Whether the pack of a row's community has something kept beside the nine fields."""
    of_community = f"(CAST(:{switch}_of AS jsonb) ->> identity.community_id::text)::boolean"
    return f"coalesce({of_community}, CAST(:{switch} AS boolean))"


# Conditions that several rules name. `:today` and `:code` are days: what ended before is over.
STAY_OVER = f"(stay.until_on < {_day('stay', 'stay')})"
HOUSEHOLD_OVER = f"(household.ended_on < {_day('stay', 'household')})"
VISIT_OVER = f"(visit.happened_at < {_day('visit', 'visit')})"
# One that nobody kept ends with the household it was made to.
PROMISE_OVER = (
    f"(promise.kept_on < {_day('promise', 'promise')}"
    " OR promise.promised IS NULL AND EXISTS (SELECT FROM visit"
    f" WHERE visit.id = promise.visit_id AND {VISIT_OVER})"
    " OR EXISTS (SELECT FROM visit JOIN household ON household.id = visit.household_id"
    f" WHERE visit.id = promise.visit_id AND {HOUSEHOLD_OVER}))"
)
RENTAL_OVER = f"(rental.ended_on < {_day('stay', 'rental')})"
EMPLOYER_OVER = f"(employer.ended_on < {_day('stay', 'employer')})"
TENANCY_OVER = (
    f"(tenancy.ended AND tenancy.until_on < {_day('stay', 'tenancy')} OR EXISTS (SELECT FROM rental"
    f" WHERE rental.id = tenancy.rental_id AND {RENTAL_OVER}))"
)
RESIDENT_OVER = (
    "(EXISTS (SELECT FROM stay WHERE stay.resident_id = resident.id)"
    " AND NOT EXISTS (SELECT FROM stay WHERE stay.resident_id = resident.id"
    f" AND NOT coalesce({STAY_OVER}, false)))"
)

RULES = (
    Rule(
        "need",
        "need",
        "need.until_on < :today OR EXISTS (SELECT FROM household WHERE household.id = need.household_id"
        f" AND {HOUSEHOLD_OVER})",
        "today",
        ("DELETE FROM referral WHERE need_id = ANY (:ids)",),
    ),
    Rule("promise", "promise", PROMISE_OVER, "promise"),
    Rule(
        "visit",
        "visit",
        f"{VISIT_OVER} AND NOT EXISTS (SELECT FROM promise"
        f" WHERE promise.visit_id = visit.id AND NOT coalesce({PROMISE_OVER}, false))",
        "visit",
    ),
    # What was kept while a pack had it goes once none has it; then what is left, with the resident.
    *(
        Clearing(name, "identity", f"{clears[0]} IS NOT NULL AND {over}", "today", clears=clears)
        for name, over, clears in (
            ("birth-date-off", f"NOT {_has('birth_date')}", ("born_on",)),
            (
                "number-off",
                f"NOT {_has('id_number')}",
                ("number_hash", "number_tail", "number_sealed"),
            ),
            (
                "whole-number-off",
                f"{_has('id_number')} AND NOT {_has('exchange_number')}",
                ("number_sealed",),
            ),
        )
    ),
    Rule(
        "identity",
        "identity",
        f"EXISTS (SELECT FROM resident WHERE resident.id = identity.resident_id AND {RESIDENT_OVER})",
        "stay",
    ),
    Rule("stay", "stay", STAY_OVER, "stay"),
    # A resident goes with the last stay; the condition must not see that the stays went just before.
    Rule("resident", "resident", RESIDENT_OVER, "stay"),
    Rule(
        "letter",
        "letter",
        f"letter.expires_on < {_day('stay', 'letter')}"
        " OR EXISTS (SELECT FROM rental WHERE rental.id = letter.rental_id"
        f" AND {RENTAL_OVER}) OR EXISTS (SELECT FROM employer WHERE employer.id = letter.employer_id"
        f" AND {EMPLOYER_OVER})",
        "stay",
    ),
    Rule(
        "tenancy",
        "tenancy",
        TENANCY_OVER,
        "stay",
        ("UPDATE letter SET tenancy_id = NULL WHERE tenancy_id = ANY (:ids)",),
    ),
    Rule("rental", "rental", RENTAL_OVER, "stay"),
    Rule(
        "landlord",
        "landlord",
        "EXISTS (SELECT FROM rental WHERE rental.landlord_id = landlord.id)"
        " AND NOT EXISTS (SELECT FROM rental"
        f" WHERE rental.landlord_id = landlord.id AND NOT coalesce({RENTAL_OVER}, false))",
        "stay",
    ),
    Rule("employer", "employer", EMPLOYER_OVER, "stay"),
    Rule("helper", "helper", f"helper.ended_on < {_day('stay', 'helper')}", "stay"),
    Rule(
        "household",
        "household",
        f"{HOUSEHOLD_OVER} AND NOT EXISTS (SELECT FROM resident WHERE resident.household_id = household.id"
        f" AND NOT coalesce({RESIDENT_OVER}, false))"
        " AND NOT EXISTS (SELECT FROM stay WHERE stay.household_id = household.id"
        f" AND NOT coalesce({STAY_OVER}, false))",
        "stay",
        (
            "UPDATE visit SET household_id = NULL WHERE household_id = ANY (:ids)",
            "UPDATE tenancy SET household_id = NULL WHERE household_id = ANY (:ids)",
            "DELETE FROM own_code WHERE household_id = ANY (:ids)",
            "UPDATE subject_request SET household_id = NULL, words = '', answer = 'removed'"
            " WHERE household_id = ANY (:ids)",
        ),
    ),
    Rule(
        "request",
        "subject_request",
        f"answered_at < {_day('stay', 'subject_request')}"
        # an objection in force stays
        " AND (stops IS NULL OR lifted_at IS NOT NULL OR household_id IS NULL)",
        "stay",
    ),
    Rule("code", "own_code", "greatest(expires_at, open_until) < CAST(:code AS date)", "code"),
    Rule("sign-in", "sign_in", "begun_at < CAST(:sign_in AS date)", "sign_in", placed=False),
)


def everywhere(session: Session) -> list[str]:
    """The places under which everything lies."""
    return list(session.scalars(text("SELECT path::text FROM place WHERE parent_path IS NULL")))


def dry_run(registers: Registers, today: date, periods: Retention | None = None) -> list[Removed]:
    """What `run` would remove today; nothing is changed."""
    return [one for _, _, removed in _over(registers.session, today, periods) for one in removed]


def run(registers: Registers, today: date, periods: Retention | None = None) -> list[Removed]:
    """Remove what is over, in one transaction; told in the audit by numbers of rows."""
    session, done = registers.session, list[Removed]()
    found = list(_over(session, today, periods))  # all of it before anything goes
    for rule, ids, removed in found:
        rule.remove(session, ids)
        done.extend(removed)
    counts: dict[str, int] = {}
    for one in done:
        counts |= {one.rule: counts.get(one.rule, 0) + one.rows} if one.rows else {}
    if counts:
        audit.record(session, registers.person_id, "retention.run", f"day {today.isoformat()}", counts)
    return done


def _over(session: Session, today: date, periods: Retention | None) -> Iterator[_Over]:
    """Each rule with the rows that are over, told by the pack that says so; with none, by the usual one.

    periods: to hold everywhere instead of what the packs say.
    """
    usual, of = _terms(session, today)
    if periods is not None:
        usual, of = _term(periods, usual.identity, today), {}
    days: dict[str, Any] = dict(usual.days)
    for name in SWITCHES:
        days[name] = getattr(usual.identity, name)
        told = {str(where): getattr(term.identity, name) for where, term in of.items()}
        days[f"{name}_of"] = json.dumps(told)
    for name in PERIODS:
        days[f"{name}_of"] = json.dumps({str(where): str(term.days[name]) for where, term in of.items()})
    for rule in RULES:
        found = rule.ids(session, days)
        counted = Counter(of.get(where or 0, usual) for where in found.values()) or Counter({usual: 0})
        yield rule, list(found), [_removed(rule, term, rows) for term, rows in counted.items()]


def _removed(rule: Rule, term: _Term, rows: int) -> Removed:
    months = PERIODS.get(rule.period)
    return Removed(
        rule.name,
        rule.table,
        rows,
        term.days[rule.period] - timedelta(days=1),
        None if months is None else getattr(term.periods, months),
        *(() if months is None else (term.place, term.pack, term.from_on)),
    )


# Periods of rules by the setting of a pack.
PERIODS = {name: f"{name}_months" for name in ("stay", "visit", "promise", "sign_in")}
SWITCHES = ("birth_date", "id_number", "exchange_number")


def _terms(session: Session, today: date) -> tuple[_Term, dict[int, _Term]]:
    """What holds everywhere, and what holds instead in communities that a pack of a place is nearer to."""
    everywhere = rule_packs.in_force(session, None, today)
    held = everywhere.rules
    usual = _term(held.retention, held.identity, today, None, everywhere.code, everywhere.from_on)
    made: dict[int, _Term] = {}
    of = {}
    for row in session.execute(_PACKS, {"day": today}):
        if row.pack not in made:
            rules = from_json(row.settings)
            told = (today, row.place, row.code, row.from_on)
            made[row.pack] = _term(rules.retention, rules.identity, *told)
        of[row.community_id] = made[row.pack]
    return usual, of


def _term(
    periods: Retention,
    identity: Identity,
    today: date,
    place: str | None = None,
    pack: str = "",
    from_on: date | None = None,
) -> _Term:
    days = {name: months_on(today, -getattr(periods, months)) for name, months in PERIODS.items()}
    days |= {"today": today, "code": today - timedelta(days=CODE_DAYS)}
    return _Term(periods, identity, tuple(days.items()), place, pack, from_on)


# Of each place beneath one that has a pack of its own, the pack of the nearest.
_PACKS = text("""
    SELECT DISTINCT ON (beneath.id) beneath.id AS community_id, rule_pack.id AS pack, rule_pack.code,
        rule_pack.from_on, rule_pack.settings, place.name AS place
    FROM rule_pack JOIN place ON place.id = rule_pack.place_id JOIN place AS beneath
        ON beneath.path <@ place.path
    WHERE withdrawn_at IS NULL AND from_on <= :day
    ORDER BY beneath.id, nlevel(place.path) DESC, from_on DESC, rule_pack.id DESC
""")


# --- At somebody's request -------------------------------------------------------------------------------

EVERYTHING = "request"
OPTIONAL = "request, optional"


def forget(registers: Registers, household_id: int, *, everything: bool) -> dict[str, int]:
    """Remove what is held about a household because it asked for that.

    everything: all of it, also who lives there; else what was given freely: phones, the preferred hour, birth
    dates and numbers, needs and promises. Returns how many rows of which table went.
    """
    session, rule, asked = (
        registers.session,
        EVERYTHING if everything else OPTIONAL,
        {"household": household_id},
    )
    gone: dict[str, int] = {}
    for table, whose in _OF_HOUSEHOLD if everything else _OPTIONAL:
        ids = list(session.scalars(text(f"SELECT id FROM {table} WHERE {whose}"), asked))
        if table == "household":
            for statement in next(one for one in RULES if one.name == "household").first:
                session.execute(text(statement), {"ids": ids})
        bury(session, table, ids, rule)
        gone |= {table: len(ids)} if ids else {}
    if not everything:
        session.execute(text("UPDATE resident SET phone = NULL WHERE household_id = :household"), asked)
        session.execute(text("UPDATE household SET visit_hour = NULL WHERE id = :household"), asked)
    return gone


_NEEDS = (
    ("referral", "need_id IN (SELECT id FROM need WHERE household_id = :household)"),
    ("need", "household_id = :household"),
)
_PROMISES = ("promise", "visit_id IN (SELECT id FROM visit WHERE household_id = :household)")
_IDENTITIES = ("identity", "resident_id IN (SELECT id FROM resident WHERE household_id = :household)")
_OPTIONAL = (*_NEEDS, _PROMISES, _IDENTITIES)
_OF_HOUSEHOLD = (
    *_OPTIONAL,
    ("visit", "household_id = :household"),
    # Whoever lives here goes with the stays they had elsewhere before; who lives elsewhere now loses only
    # the stay in this household.
    (
        "stay",
        "household_id = :household OR resident_id IN (SELECT id FROM resident"
        " WHERE household_id = :household AND NOT EXISTS (SELECT FROM stay AS other WHERE"
        " other.resident_id = resident.id AND until_on IS NULL AND other.household_id <> :household))",
    ),
    (
        "resident",
        "household_id = :household"
        " AND NOT EXISTS (SELECT FROM stay WHERE resident_id = resident.id AND until_on IS NULL)",
    ),
    ("household", "id = :household AND NOT EXISTS (SELECT FROM resident WHERE household_id = household.id)"),
)
