"""What is over goes: rules for every register, the same questions for the dry run and for the removal.

A rule names the rows that are over by a question that does not depend on what other rules removed before it,
so that a dry run tells exactly what the removal then does. Each removed row leaves a tombstone: its
table, its number, the rule and the time. Where something is only unlinked (a visit from a household that is
gone) nothing is lost that could still be told.
"""

# ruff: noqa: S608 - questions are put together from the constants of this file; values are bound

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models import Tombstone
from app.services import audit, rule_packs
from app.services.months import months_on
from app.services.personal import Registers
from app.services.rules import Retention

CODE_DAYS = 30  # a code that was not used, or whose page is closed, is of no more use then


def periods_on(session: Session, day: date) -> Retention:
    """What the rules say that hold everywhere on a day."""
    return rule_packs.in_force(session, None, day).rules.retention


@dataclass(frozen=True)
class Removed:
    """What one rule removes, or would. until: the last day that is over."""

    rule: str
    table: str
    rows: int
    until: date


@dataclass(frozen=True)
class Rule:
    """Rows of a table that are over. over: a condition on them; first: what lets go of them before."""

    name: str
    table: str
    over: str
    period: str
    first: tuple[str, ...] = ()

    def ids(self, session: Session, days: dict[str, date]) -> list[int]:
        """The rows that are over, by number."""
        question = text(f"SELECT id FROM {self.table} WHERE {self.over} ORDER BY id")
        return list(session.scalars(question, days))

    def remove(self, session: Session, ids: Sequence[int]) -> None:
        """Remove these rows, each for a tombstone."""
        for statement in self.first:
            session.execute(text(statement), {"ids": list(ids)})
        bury(session, self.table, ids, self.name)


def bury(session: Session, table: str, ids: Sequence[int], rule: str) -> None:
    """Remove rows of a personal table and leave a tombstone for each."""
    if not ids:
        return
    session.execute(text(f"DELETE FROM {table} WHERE id = ANY (:ids)"), {"ids": list(ids)})
    session.add_all(Tombstone(kind=table, row_id=number, rule=rule) for number in ids)
    session.flush()


_Over = tuple[Rule, list[int], Removed]

# Conditions that several rules name. `:stay`, `:visit` and `:today` are days: what ended before is over.
STAY_OVER = "(stay.until_on < :stay)"
HOUSEHOLD_OVER = "(household.ended_on < :stay)"
# One that nobody kept ends with the household it was made to.
PROMISE_OVER = (
    "(promise.kept_on < :promise OR promise.promised IS NULL AND EXISTS (SELECT FROM visit"
    " WHERE visit.id = promise.visit_id AND visit.happened_at < CAST(:visit AS date))"
    " OR EXISTS (SELECT FROM visit JOIN household ON household.id = visit.household_id"
    f" WHERE visit.id = promise.visit_id AND {HOUSEHOLD_OVER}))"
)
RENTAL_OVER = "(rental.ended_on < :stay)"
EMPLOYER_OVER = "(employer.ended_on < :stay)"
TENANCY_OVER = (
    "(tenancy.ended AND tenancy.until_on < :stay OR EXISTS (SELECT FROM rental"
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
    Rule("promise", "promise", PROMISE_OVER, "visit"),
    Rule(
        "visit",
        "visit",
        "visit.happened_at < CAST(:visit AS date) AND NOT EXISTS (SELECT FROM promise"
        f" WHERE promise.visit_id = visit.id AND NOT coalesce({PROMISE_OVER}, false))",
        "visit",
    ),
    Rule("stay", "stay", STAY_OVER, "stay"),
    # A resident goes with the last stay; the condition must not see that the stays went just before.
    Rule("resident", "resident", RESIDENT_OVER, "stay"),
    Rule(
        "letter",
        "letter",
        "letter.expires_on < :stay OR EXISTS (SELECT FROM rental WHERE rental.id = letter.rental_id"
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
    Rule("request", "subject_request", "answered_at < CAST(:stay AS date)", "stay"),
    Rule("code", "own_code", "greatest(expires_at, open_until) < CAST(:code AS date)", "code"),
    Rule("sign-in", "sign_in", "begun_at < CAST(:sign_in AS date)", "sign_in"),
)


def everywhere(session: Session) -> list[str]:
    """The places under which everything lies."""
    return list(session.scalars(text("SELECT path::text FROM place WHERE parent_path IS NULL")))


def dry_run(registers: Registers, today: date, periods: Retention | None = None) -> list[Removed]:
    """What `run` would remove today; nothing is changed."""
    return [removed for _, _, removed in _over(registers.session, today, periods)]


def run(registers: Registers, today: date, periods: Retention | None = None) -> list[Removed]:
    """Remove what is over, in one transaction; told in the audit by numbers of rows."""
    session, done = registers.session, []
    found = list(_over(session, today, periods))  # all of it before anything goes
    for rule, ids, removed in found:
        rule.remove(session, ids)
        done.append(removed)
    counts = {removed.rule: removed.rows for removed in done if removed.rows}
    if counts:
        audit.record(session, registers.person_id, "retention.run", f"day {today.isoformat()}", counts)
    return done


def _over(
    session: Session, today: date, periods: Retention | None
) -> Iterator[tuple[Rule, list[int], Removed]]:
    periods = periods or periods_on(session, today)
    days = {
        "today": today,
        "stay": months_on(today, -periods.stay_months),
        "visit": months_on(today, -periods.visit_months),
        "promise": months_on(today, -periods.promise_months),
        "sign_in": months_on(today, -periods.sign_in_months),
        "code": today - timedelta(days=CODE_DAYS),
    }
    for rule in RULES:
        ids = rule.ids(session, {name: day for name, day in days.items() if f":{name}" in rule.over})
        yield rule, ids, Removed(rule.name, rule.table, len(ids), days[rule.period] - timedelta(days=1))


# --- At somebody's request -------------------------------------------------------------------------------

EVERYTHING = "request"
OPTIONAL = "request, optional"


def forget(registers: Registers, household_id: int, *, everything: bool) -> dict[str, int]:
    """Remove what is held about a household because it asked for that.

    everything: all of it, also who lives there; else what was given freely: phones, the preferred hour, needs
    and promises. Returns how many rows of which table went.
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
_OPTIONAL = (*_NEEDS, _PROMISES)
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
