"""Entries of phones in any order and again: what tests and script/check-sent hold against in-order-once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.services import arrivals, handsets, sent, visits
from app.services.access import Actor
from app.services.arrivals import Where
from app.services.personal import open_registers
from app.services.sent import Act, Entry
from app.services.visits import Call
from tests.services.mapped import W
from tests.services.registered import given_registers, on_duty, staff

NOW = datetime(2026, 11, 26, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
KEY = b"a key for tests"
PUBLIC = {"kty": "EC", "crv": "P-256", "x": "x" * 43, "y": "y" * 43}
BANDS = ("under 14", "14-15", "16 or over")
MOST_SENT = 10  # times one entry is sent

Ends = tuple[Any, ...]


def given_handset(session: Session, actor: Actor) -> UUID:
    """A phone that is known."""
    return handsets.enrol(session, actor, uuid4(), PUBLIC, b"k" * 48, NOW).id


def written(number: int, kind: str = "visit", client_id: UUID | None = None, **body: Any) -> Entry:
    """An entry; a visit that corrects a resident where nothing else is said."""
    body = body or {"result": "met", "band": BANDS[number % 3]}
    return Entry(client_id or uuid4(), number, kind, body)


def six() -> list[Entry]:
    """Entries of which some change the same field, one is refused and one adds somebody."""
    return [
        written(1, result="met", band=BANDS[0]),
        written(2, "arrival", name="新来的"),
        written(3, result="met", band=BANDS[1]),
        written(4, result="nobody home", band=BANDS[2]),  # refused: nobody was met
        written(5, result="met", band=BANDS[2]),
        written(6, result="nobody home"),
    ]


def other_phone() -> list[Entry]:
    """What the same person wrote on another phone."""
    return [
        written(1, result="met", band=BANDS[0]),
        written(2, "arrival", name="另一位"),
        written(3, result="nobody home"),
        written(4, result="met", band=BANDS[1]),
    ]


@dataclass
class World:
    """A district whose coordinator sends entries about one household."""

    session: Session
    coordinator: Actor
    household: int
    resident: int

    @property
    def acts(self) -> dict[str, Act]:
        """What views wire up, without their schemas: visits that correct a resident, arrivals."""
        return {"visit": self._visit, "arrival": self._arrival}

    def _visit(self, session: Session, body: Mapping[str, Any]) -> dict[str, Any]:
        call = Call(
            body["client_id"],
            NOW,
            body["result"],
            household_id=self.household,
            consent=True,
            residents={self.resident: {"age_band": body["band"]}} if "band" in body else {},
        )
        registers = open_registers(session, self.coordinator, "visit")
        return {"visit_id": visits.visit(registers, call, NOW, KEY).visit_id}

    def _arrival(self, session: Session, body: Mapping[str, Any]) -> dict[str, Any]:
        registers = open_registers(session, self.coordinator, "registration")
        came = arrivals.arrive(
            registers,
            Where(household_id=self.household),
            [{"name": body["name"]}],
            NOW.date(),
            NOW.date(),
            client_id=body["client_id"],
            consent=True,
        )
        return {"household_id": came.household_id}

    def deliver(self, handset: UUID, entries: Iterable[Entry]) -> list[sent.Settled]:
        """Take entries as they come."""
        return [sent.take(self.session, self.coordinator, handset, one, self.acts, NOW) for one in entries]

    def ends(self) -> Ends:
        """What a later reader sees: fields, people, visits in the order in which they were written down."""
        registers = open_registers(self.session, self.coordinator, "visit")
        asked = {"household": self.household}
        return (
            registers.session.execute(
                text("SELECT name, age_band FROM resident WHERE household_id = :household ORDER BY id"), asked
            ).all(),
            registers.session.execute(
                text("SELECT client_id, result FROM visit WHERE household_id = :household ORDER BY id"), asked
            ).all(),
        )

    def attempt(self, entries: Sequence[Entry]) -> Ends:
        """How it ends, and what each entry was answered in the end; undone afterwards."""
        with self.session.begin_nested() as undone:
            handset = given_handset(self.session, self.coordinator)
            self.deliver(handset, entries)
            states = self._states(handset, entries)
            found = self.ends(), states
            undone.rollback()
        return found

    def attempt_two(self, sendings: Sequence[tuple[int, Entry]]) -> Ends:
        """The same of two phones, by what does not depend on which of them was heard first.

        Of each phone its visits in the order in which they were written down and what each entry was
        answered; who lives there now; whether the last of the visits is the one whose words hold.
        sendings: number of the phone and entry, as they come.
        """
        with self.session.begin_nested() as undone:
            phones = [given_handset(self.session, self.coordinator) for _ in range(2)]
            for phone, entry in sendings:
                self.deliver(phones[phone], [entry])
            people, calls = self.ends()
            entries = [{one.client_id: one for of, one in sendings if of == phone} for phone in range(2)]
            found = (
                *([call for call in calls if call.client_id in own] for own in entries),
                *(self._states(phones[phone], entries[phone].values()) for phone in range(2)),
                sorted(one.name for one in people),
                self._last_holds(people, calls, {**entries[0], **entries[1]}),
            )
            undone.rollback()
        return found

    def _states(self, handset: UUID, entries: Iterable[Entry]) -> dict[UUID, str]:
        _, became = sent.became(self.session, self.coordinator, handset, [one.client_id for one in entries])
        return {key: one.state for key, one in became.items()}

    def _last_holds(self, people: Sequence[Any], calls: Sequence[Any], entries: Mapping[UUID, Entry]) -> bool:
        """Whether the resident's band is that of the visit written down last of those that told one."""
        told = [entries[call.client_id].body.get("band") for call in calls if call.client_id in entries]
        return bool(people[0].age_band == [band for band in told if band][-1])


def given_world(session: Session) -> World:
    """The small district of tests/services/registered.py with its coordinator on duty."""
    made = given_registers(session)
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W2")
    return World(session, actor, made.households["W2"][0].id, made.residents["W2"][0].id)
