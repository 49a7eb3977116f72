"""What the tests of views stand on: two districts side by side, with plans in force, buildings and staff.

A A B B C C . . E E      one square: a plot of 0.001 degrees with a building of 75 households
A A B B C C . . E E      A, B: communities of one subdistrict; C: of another; E: of another district
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models import (
    Building,
    Grid,
    GridPlot,
    Person,
    Place,
    Plan,
    Plot,
    Role,
    Street,
    Tessellation,
    TessellationPlot,
)
from app.services.passwords import Passwords

SIDE, WEST, NORTH = 0.001, 113.1, 36.2
HOUSEHOLDS = 75

HERE, ELSEWHERE = "140499", "140498"
EAST_STREET, WEST_STREET, FAR_STREET = "140499001", "140499002", "140498001"
A, B, C, E = "140499001001", "140499001002", "140499002001", "140498001001"
COLUMNS = {A: (0, 2), B: (2, 2), C: (4, 2), E: (8, 2), EAST_STREET: (0, 4), WEST_STREET: (4, 2)}
COLUMNS |= {FAR_STREET: (8, 2), HERE: (0, 6), ELSEWHERE: (8, 2)}
PLACES = (HERE, ELSEWHERE, EAST_STREET, WEST_STREET, FAR_STREET, A, B, C, E)
LEVELS = {6: "district", 9: "subdistrict", 12: "community"}

ROLES = {
    "administrator": ("administrator", None),
    "administrator.here": ("administrator", HERE),
    "manager": ("manager", HERE),
    "leader": ("leader", HERE),
    "coordinator": ("coordinator", A),
    "stranger": ("manager", ELSEWHERE),
}

Beings = dict[str, int]


@dataclass
class World:
    """Ids by name: places and plans by code of the place, grids by plan and community, and so on."""

    places: dict[str, int] = field(default_factory=dict)
    plans: dict[str, int] = field(default_factory=dict)
    grids: dict[tuple[str, str], int] = field(default_factory=dict)
    buildings: dict[str, int] = field(default_factory=dict)
    people: Beings = field(default_factory=dict)


def path_of(code: str) -> str:
    """Where a place stands in the tree: its code after those of the places above it."""
    return ".".join(code[:length] for length in (6, 9, 12) if length <= len(code))


def make_world(session: Session, hashing: Passwords, password: str, now: datetime) -> World:
    """Everything, once; the caller commits."""
    world = World()
    _make_places(session, world)
    plots = {code: _make_ground(session, world, code) for code in (A, B, C, E)}
    _make_people(session, world, hashing.hashed(password))
    for code in (HERE, EAST_STREET, ELSEWHERE):
        _make_plan(session, world, code, plots)
    for community, grid in ((A, (HERE, A)), (E, (ELSEWHERE, E))):
        person = world.people["coordinator" if community == A else "stranger"]
        during = f"[{now - timedelta(days=30):%Y-%m-%d},)"
        session.execute(
            text(
                "INSERT INTO duty (grid_id, person_id, kind, during)"
                " VALUES (:grid, :person, 'primary', CAST(:during AS tstzrange))"
            ),
            {"grid": world.grids[grid], "person": person, "during": during},
        )
    return world


def _box(column: float, columns: float, row: float = 0, rows: float = 2) -> shapely.Polygon:
    west, north = WEST + column * SIDE, NORTH - row * SIDE
    corners = (west, north - rows * SIDE, west + columns * SIDE, north)
    return shapely.box(*(round(corner, 8) for corner in corners))


def _stored(shape: shapely.Geometry, many: bool = True) -> object:
    return from_shape(shapely.multipolygons([shape]) if many else shape, srid=4326)


def _make_places(session: Session, world: World) -> None:
    for code in PLACES:
        place = Place(
            level=LEVELS[len(code)],
            code=code,
            name=f"地方{code}",
            name_pinyin=f"difang {code}",
            path=path_of(code),
            srid=4546,
            outline=_stored(_box(*COLUMNS[code])),
        )
        session.add(place)
        session.flush()
        world.places[code] = place.id


def _make_ground(session: Session, world: World, community: str) -> list[Plot]:
    column, columns = COLUMNS[community]
    district = world.places[community[:6]]
    plots = []
    for number in range(4):
        at, row = column + number % 2, number // 2
        plots.append(
            Plot(
                community_id=world.places[community],
                geometry=_stored(_box(at, 1, row, 1), many=False),
                area_m2=10_000,
                perimeter_m=400,
            )
        )
        house = _box(at + 0.3, 0.4, row + 0.3, 0.4)
        building = Building(
            place_id=district,
            code=f"{community}-{number}",
            name=f"{number}号楼",
            name_pinyin=f"{number} hao lou",
            address=f"长安路{number}号",
            floors=6,
            households=HOUSEHOLDS,
            households_source="register",
            geometry=_stored(house),
            position=from_shape(house.centroid, srid=4326),
        )
        session.add(building)
        session.flush()
        world.buildings[building.code] = building.id
    session.add(
        Street(
            place_id=district,
            kind="local",
            name="长安路",
            geometry=from_shape(
                shapely.LineString(
                    [(WEST + column * SIDE, NORTH - SIDE), (WEST + (column + columns) * SIDE, NORTH - SIDE)]
                ),
                srid=4326,
            ),
        )
    )
    session.add_all(plots)
    session.flush()
    return plots


def _make_people(session: Session, world: World, password_hash: str) -> None:
    for account, (kind, place) in ROLES.items():
        person = Person(account=account, name=f"Person {account}", password_hash=password_hash)
        session.add(person)
        session.flush()
        session.add(Role(person_id=person.id, kind=kind, place_id=place and world.places[place]))
        world.people[account] = person.id
    session.flush()


def _make_plan(session: Session, world: World, code: str, plots: dict[str, list[Plot]]) -> None:
    """A plan in force: one grid of four plots for each community."""
    tessellation = Tessellation(place_id=world.places[code], version=1)
    session.add(tessellation)
    session.flush()
    plan = Plan(
        place_id=world.places[code],
        tessellation_id=tessellation.id,
        name=f"Plan of {code}",
        target=300,
        least=270,
        most=330,
    )
    session.add(plan)
    session.flush()
    world.plans[code] = plan.id
    for community in (one for one in plots if one.startswith(code)):
        grid = Grid(
            plan_id=plan.id,
            community_id=world.places[community],
            code=f"{community}001",
            outline=_stored(_box(*COLUMNS[community])),
            households=4 * HOUSEHOLDS,
            buildings=4,
            area_m2=40_000,
        )
        session.add(grid)
        session.flush()
        world.grids[code, community] = grid.id
        for plot in plots[community]:
            session.add(
                TessellationPlot(
                    tessellation_id=tessellation.id, plot_id=plot.id, households=HOUSEHOLDS, buildings=1
                )
            )
            session.flush()
            session.add(
                GridPlot(
                    plan_id=plan.id,
                    plot_id=plot.id,
                    grid_id=grid.id,
                    tessellation_id=tessellation.id,
                    community_id=plot.community_id,
                )
            )
    session.flush()
    session.execute(
        text("UPDATE plan SET state = 'published', published_at = now() WHERE id = :plan"), {"plan": plan.id}
    )
