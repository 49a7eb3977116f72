"""Personal rows: opened for a purpose, within the places and grids of who asks, and told in the audit.

Nothing of the registers is seen by a transaction that has not been through here: `open_registers` says what
for and who, the database keeps to it (`guard_registers` of the migrations), and `Registers.seen` writes down
whose rows were shown. Services that read or write the registers take a `Registers`, not a session.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.models import Audit
from app.services import rule_packs
from app.services.access import ADMINISTRATOR, MANAGER, Actor
from app.services.duties import coordinates
from app.services.lookup import standing_in
from app.services.rules import Clocks
from app.services.visiting_hours import period_begins

# What registers are opened for; each has its words in both languages (`purpose-…` of registers.ftl).
PURPOSES = (
    *("visit", "registration", "rental", "employer", "need", "search", "ledger", "handover"),
    *("import", "exchange", "request", "retention", "own-data"),
)
ACTS = ("view", "search", "export", "print", "reveal")

Row = TypeVar("Row")


@dataclass(frozen=True)
class Registers:
    """A transaction that sees personal rows, and what for.

    person_id: who asked; None for the command line, the worker, and a resident reading about themselves.
    paths: the places opened, and the communities of the grids opened. buildings: where no place is opened but
    single buildings, their ids: questions that name them are answered by an index, for of what the policies
    look at the planner knows nothing.
    """

    session: Session
    purpose: str
    person_id: int | None
    paths: frozenset[str] = frozenset()
    buildings: tuple[int, ...] | None = None

    def clocks(self, day: date) -> Clocks:
        """The clocks in force on a day in the smallest place that holds all that is opened."""
        return rule_packs.around(self.session, self.paths, day).rules.clocks

    def find(self, kind: type[Row], row_id: int | None) -> Row:
        """A row by its id, asked of the database anew: `not_found` where it is not within what is opened."""
        found = None if row_id is None else self.session.get(kind, row_id, populate_existing=True)
        if found is None:
            raise Refusal("not_found")
        return found

    @contextmanager
    def asking(self, purpose: str) -> Iterator[None]:
        """Ask for another purpose meanwhile: what an objection hides from one is there for another."""
        self.session.execute(_PURPOSE, {"purpose": purpose})
        yield
        self.session.execute(_PURPOSE, {"purpose": self.purpose})

    def seen(
        self, act: str, about: str, households: Iterable[int], facts: Mapping[str, Any] | None = None
    ) -> None:
        """Write down a read, whoever asked having been shown rows of these households.

        act: one of ACTS. about: kind and key of what was asked for, as in `building 12`. facts: what more is
        to be known of it, never what stands in a row. A read that showed nobody's rows leaves no trace.
        """
        if act not in ACTS:
            raise ValueError(f"unknown act {act}")
        whose = sorted(set(households))
        if whose:
            self._write_down(act, about, whose, facts)

    def seen_of_none(self, act: str, about: str, facts: Mapping[str, Any] | None = None) -> None:
        """Write down a read that told of people but of no household: a contact, a search's count.

        act and about: as in `seen`. facts: which rows, never what stands in them.
        """
        if act not in ACTS:
            raise ValueError(f"unknown act {act}")
        self._write_down(act, about, [], facts)

    def _write_down(
        self, act: str, about: str, households: list[int], facts: Mapping[str, Any] | None = None
    ) -> None:
        self.session.add(
            Audit(
                person_id=self.person_id,
                act=f"registers.{act}",
                about=about,
                facts=dict(facts or {}),
                purpose=self.purpose,
                households=households,
            )
        )
        self.session.flush()


def verified_since(registers: Registers, now: datetime) -> datetime:
    """Since when a visit counts for the verification that is due now, by the rules in force."""
    return period_begins(now, registers.clocks(now.date()).verification_months)


def open_registers(session: Session, actor: Actor, purpose: str) -> Registers:
    """Let this transaction see the rows of the places somebody manages and the grids they answer for.

    Leaders see none: they read counts. Administrators see rows of their places to answer what residents ask
    for (`request`), to bring files in (`import`, `exchange`) and to remove what is over (`retention`).
    """
    kinds = {MANAGER, ADMINISTRATOR} if purpose in FOR_ADMINISTRATORS else {MANAGER}
    paths = [grant.path for grant in actor.roles if grant.kind in kinds]
    served = session.execute(_SERVED, {"person": actor.person_id}).all()
    if None in paths:
        paths = list(session.scalars(_ALL))
    places, buildings = [path for path in paths if path], tuple(row.id for row in served)
    opened = _open(session, purpose, actor.person_id, places, buildings)
    return replace(
        opened,
        paths=opened.paths | {row.path for row in served},
        buildings=None if places else buildings,
    )


def open_places(session: Session, paths: Collection[str], purpose: str) -> Registers:
    """Let this transaction see all rows of places: for the command line and the worker.

    paths: `place.path` values.
    """
    return _open(session, purpose, None, paths, ())


def open_own(session: Session, household_id: int) -> Registers:
    """Let this transaction see what is held about one household: for a resident who asks."""
    return _open(session, "own-data", None, (), (), household_id)


def open_code(session: Session, code_hash: bytes) -> None:
    """Let this transaction see the one code, or the page opened by it, that this is the hash of."""
    _open(session, "own-data", None, (), ())
    session.execute(text("SELECT set_config('gridkeeper.code', :hash, true)"), {"hash": code_hash.hex()})


def _open(
    session: Session,
    purpose: str,
    person_id: int | None,
    paths: Collection[str],
    buildings: Iterable[int],
    household_id: int | None = None,
) -> Registers:
    if purpose not in PURPOSES:
        raise Refusal("purpose_unknown", purpose=purpose, known=", ".join(PURPOSES))
    wanted = {
        "purpose": purpose,
        "staff": ",".join(sorted(set(paths))),
        "buildings": ",".join(map(str, buildings)),
        "household": "" if household_id is None else str(household_id),
    }
    session.execute(_SET, wanted)
    return Registers(session, purpose, person_id, frozenset(paths))


FOR_ADMINISTRATORS = ("request", "import", "exchange", "retention")
_SET = text("""
    SELECT set_config('gridkeeper.purpose', :purpose, true), set_config('gridkeeper.staff', :staff, true),
        set_config('gridkeeper.buildings', :buildings, true),
        set_config('gridkeeper.household', :household, true)
""")
_PURPOSE = text("SELECT set_config('gridkeeper.purpose', :purpose, true)")
_ALL = text("SELECT path::text FROM place WHERE parent_path IS NULL")
# Primary and deputies alike: who stands in for somebody needs the same sheets. A duty outlives a role that
# was revoked or has run out, until somebody else takes the grid over; it opens nothing then.
_SERVED = text(f"""
    SELECT DISTINCT building.id, place.path::text
    FROM duty
    JOIN grid AS served ON served.id = duty.grid_id
    JOIN place ON place.id = served.community_id
    JOIN plan ON plan.id = served.plan_id AND plan.state = 'published'
    CROSS JOIN LATERAL {standing_in("served.id")}
    WHERE duty.person_id = :person AND duty.during @> clock_timestamp()
        AND {coordinates("served")}
    ORDER BY building.id
""")  # noqa: S608 (constants)
