"""A district with people in it for the tests: `mapped` with two households in each grid, and who serves them.

Every name, phone and word of a person is a canary: found where it does not belong, somebody could read it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models import Building, Dwelling, Household, Landlord, Person, Rental, Resident, Role, Stay
from app.services.access import Actor, Grant
from app.services.personal import open_places
from tests.services.mapped import DISTRICT, HOUSEHOLDS, PATHS, Mapped, given_map
from tests.services.standing import where_it_stands

CANARY_NAMES = tuple(f"金丝雀{grid}{number}" for grid in HOUSEHOLDS for number in (1, 2))
CANARY_PHONES = tuple(f"1990077{number:04d}" for number in range(len(CANARY_NAMES)))
CANARY_LANDLORD = "房东金丝雀"
FIRST_DAY = date(2026, 1, 5)


@dataclass
class Registered:
    """Rows by grid: `W1` … `E3`."""

    map: Mapped
    dwellings: dict[str, list[Dwelling]] = field(default_factory=dict)
    households: dict[str, list[Household]] = field(default_factory=dict)
    residents: dict[str, list[Resident]] = field(default_factory=dict)

    def building(self, grid: str) -> Building:
        """The building in which both households of a grid live."""
        return self.map.buildings[grid][0]


def given_registers(session: Session) -> Registered:
    """Two households in the first building of each grid, one resident in each; the second one rents."""
    return where_it_stands(session, "registered", _make)


def _make(session: Session) -> Registered:
    made = Registered(given_map(session))
    open_places(session, [DISTRICT], "import")
    for grid in HOUSEHOLDS:
        building = made.building(grid)
        community = made.map.grids[grid].community_id
        seat = {"building_id": building.id, "community_id": community}
        made.dwellings[grid] = [
            Dwelling(building_id=building.id, code=f"{number}01", use="rental" if number == 2 else "home")
            for number in (1, 2)
        ]
        session.add_all(made.dwellings[grid])
        session.flush()
        made.households[grid] = [
            Household(dwelling_id=dwelling.id, begun_on=FIRST_DAY, **seat)
            for dwelling in made.dwellings[grid]
        ]
        session.add_all(made.households[grid])
        session.flush()
        made.residents[grid] = []
        for number, household in enumerate(made.households[grid], start=1):
            at = CANARY_NAMES.index(f"金丝雀{grid}{number}")
            resident = Resident(
                household_id=household.id,
                name=CANARY_NAMES[at],
                phone=CANARY_PHONES[at],
                age_band="16 or over",
                registered_here=number == 1,
                source="visit",
                purpose="registration",
                **seat,
            )
            session.add(resident)
            session.flush()
            made.residents[grid].append(resident)
            session.add(Stay(resident_id=resident.id, household_id=household.id, from_on=FIRST_DAY, **seat))
        landlord = Landlord(building_id=building.id, name=f"{CANARY_LANDLORD}{grid}", phone="19900880000")
        session.add(landlord)
        session.flush()
        session.add(
            Rental(
                dwelling_id=made.dwellings[grid][1].id,
                landlord_id=landlord.id,
                begun_on=FIRST_DAY,
                rooms=2,
                **seat,
            )
        )
    session.flush()
    close(session)
    return made


def close(session: Session) -> None:
    """See no personal row any more in this transaction."""
    session.execute(text("SELECT set_config('gridkeeper.purpose', '', true)"))


def staff(session: Session, kind: str, code: str = DISTRICT) -> Actor:
    """Somebody with a role for a place, as their requests know them."""
    person = Person(account=f"{kind}-{code}", name=f"{kind} of {code}")
    session.add(person)
    session.flush()
    session.add(Role(person_id=person.id, kind=kind, place_id=_place_id(session, code)))
    session.flush()
    return Actor(person.id, person.account, person.name, (Grant(kind, PATHS[code]),))


def _place_id(session: Session, code: str) -> int:
    return session.execute(text("SELECT id FROM place WHERE code = :code"), {"code": code}).scalar_one()


def on_duty(session: Session, actor: Actor, made: Registered, grid: str, kind: str = "primary") -> None:
    """Let somebody answer for a grid from the first day on, in place of who did.

    They are a coordinator of its community from then on.
    """
    session.execute(
        text("UPDATE duty SET during = tstzrange('2025-01-01', '2026-01-01') WHERE grid_id = :grid"),
        {"grid": made.map.grids[grid].id},
    )
    session.execute(
        text("""
            INSERT INTO duty (grid_id, person_id, kind, during)
            VALUES (:grid, :person, :kind, tstzrange('2026-01-01', NULL))
        """),
        {"grid": made.map.grids[grid].id, "person": actor.person_id, "kind": kind},
    )
    session.execute(
        text("""
            INSERT INTO role (person_id, kind, place_id) VALUES (:person, 'coordinator', :place)
            ON CONFLICT DO NOTHING
        """),
        {"person": actor.person_id, "place": made.map.grids[grid].community_id},
    )
