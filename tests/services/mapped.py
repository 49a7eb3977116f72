"""A district with crooked plots for the tests of the map: two communities, six grids, people to be found out.

Plots are Voronoi cells around points of a seed; the western ones are community W, the eastern E. Grids are
bands of a community, from west to east.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import shapely
from geoalchemy2.shape import from_shape, to_shape
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models import (
    Building,
    Compound,
    Green,
    Grid,
    GridPlot,
    MicroGrid,
    Person,
    Place,
    Plan,
    Plot,
    PlotEdge,
    Street,
    Tessellation,
    TessellationPlot,
    Water,
)
from tests.services.standing import where_it_stands

DISTRICT, SUBDISTRICT, W, E = "140497", "140497001", "140497001001", "140497001002"
PATHS = {
    DISTRICT: DISTRICT,
    SUBDISTRICT: f"{DISTRICT}.{SUBDISTRICT}",
    W: f"{DISTRICT}.{SUBDISTRICT}.{W}",
    E: f"{DISTRICT}.{SUBDISTRICT}.{E}",
}
WEST, SOUTH, SIDE = 113.10, 36.18, 0.012
HOUSEHOLDS = {"W1": 300, "W2": 215, "W3": 3, "E1": 0, "E2": 331, "E3": 420}
CANARIES = ("Canary Wren", "canary.wren", "0355-7777777", "canarynote")


@dataclass
class Mapped:
    """Rows by name: places by code, grids and plots by `W1` … `E3`."""

    places: dict[str, Place]
    plan: Plan
    grids: dict[str, Grid] = field(default_factory=dict)
    plots: dict[str, list[Plot]] = field(default_factory=dict)
    buildings: dict[str, list[Building]] = field(default_factory=dict)
    coordinator: Person | None = None


def stored(shape, many=True):
    return from_shape(
        shapely.multipolygons([shape]) if many and shape.geom_type == "Polygon" else shape, 4326
    )


def cells(count: int = 120, seed: int = 7) -> np.ndarray:
    """Crooked plots that tile a square, corners on the lattice."""
    points = np.random.default_rng(seed).random((count, 2)) * SIDE + [WEST, SOUTH]
    square = shapely.box(WEST, SOUTH, WEST + SIDE, SOUTH + SIDE)
    found = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=square))
    return shapely.transform(shapely.intersection(found, square), lambda xy: np.round(xy, 8))


def given_map(
    session: Session, state: str = "published", households: Mapping[str, int] = HOUSEHOLDS
) -> Mapped:
    """The district with a plan; as most want it, it may stand ready."""
    if state == "published" and households is HOUSEHOLDS:
        return where_it_stands(session, "mapped", _make)
    return _make(session, state, households)


def _make(session: Session, state: str = "published", households: Mapping[str, int] = HOUSEHOLDS) -> Mapped:
    polygons = cells()
    middle = shapely.centroid(polygons)
    column = np.minimum((shapely.get_x(middle) - WEST) / SIDE * 6, 5.99).astype(int)
    name = np.array(["W1", "W2", "W3", "E1", "E2", "E3"])[column]
    community = np.where(column < 3, W, E)
    outline = {code: shapely.coverage_union_all(polygons[community == code]) for code in (W, E)}
    outline |= {code: shapely.coverage_union_all(polygons) for code in (DISTRICT, SUBDISTRICT)}
    places = {}
    for code, path in PATHS.items():
        level = {6: "district", 9: "subdistrict", 12: "community"}[len(code)]
        places[code] = Place(
            level=level,
            code=code,
            name={DISTRICT: "锦原区", SUBDISTRICT: "槐康街道", W: "柳阳社区", E: "文盛社区"}[code],
            name_pinyin={DISTRICT: "Jinyuanqu", W: "Liuyangshequ"}.get(code),
            name_initials={DISTRICT: "jyq", W: "lysq"}.get(code),
            path=path,
            srid=4546,
            outline=stored(outline[code]),
        )
        session.add(places[code])
        session.flush()
    tessellation = Tessellation(place_id=places[DISTRICT].id, version=1)
    session.add(tessellation)
    session.flush()
    plan = Plan(
        place_id=places[DISTRICT].id,
        tessellation_id=tessellation.id,
        name="First",
        target=300,
        least=270,
        most=330,
    )
    session.add(plan)
    session.flush()
    made = Mapped(places, plan)
    for number, (own, there) in enumerate(households.items(), start=1):
        code = W if own.startswith("W") else E
        mine = polygons[name == own]
        made.grids[own] = Grid(
            plan_id=plan.id,
            community_id=places[code].id,
            code=f"{code}{number:03d}",
            outline=stored(shapely.coverage_union_all(mine)),
            households=there,
            buildings=len(mine),
            area_m2=10_000 * len(mine),
            reason="component_too_small" if own == "W2" else None,
            measures={"compactness": 0.5, "reason_facts": {"component_households": 215, "least": 270}},
        )
        made.plots[own] = [
            Plot(
                community_id=places[code].id,
                geometry=stored(cell, many=False),
                area_m2=10_000,
                perimeter_m=400,
            )
            for cell in mine
        ]
        made.buildings[own] = [
            _building(places[DISTRICT].id, own, at, cell, there // len(mine)) for at, cell in enumerate(mine)
        ]
    session.add_all(made.grids.values())
    for own, plots in made.plots.items():
        session.add_all([*plots, *made.buildings[own]])
    session.flush()
    for plots in made.plots.values():
        session.add_all(
            TessellationPlot(tessellation_id=tessellation.id, plot_id=plot.id, households=7, buildings=1)
            for plot in plots
        )
    session.flush()
    for own, plots in made.plots.items():
        session.add_all(
            GridPlot(
                plan_id=plan.id,
                plot_id=plot.id,
                grid_id=made.grids[own].id,
                tessellation_id=tessellation.id,
                community_id=plot.community_id,
            )
            for plot in plots
        )
    _edges(session, tessellation, made)
    _ground(session, places[DISTRICT].id)
    made.coordinator = _staff(session, made)
    if state == "published":
        session.flush()
        session.execute(
            text("UPDATE plan SET state = 'published', published_at = :now WHERE id = :plan"),
            {"plan": plan.id, "now": datetime(2026, 1, 1, tzinfo=UTC)},
        )
    session.flush()
    session.expire_all()
    return made


def _building(place_id: int, own: str, at: int, cell: shapely.Polygon, households: int) -> Building:
    middle = cell.representative_point()
    return Building(
        place_id=place_id,
        code=f"{own}-{at:03d}",
        name=f"长兴路{at}号" if own == "W1" else None,
        name_pinyin=f"Changxinglu {at} Hao" if own == "W1" else None,
        name_initials=f"cxl{at}h" if own == "W1" else None,
        address=f"{'春平' if own[0] == 'W' else '光复'}路{at}号",
        kind="residential",
        floors=at % 6 + 1,
        households=households,
        households_source="estimate" if at % 2 else "register",
        geometry=stored(shapely.affinity.scale(cell, 0.4, 0.4, origin=middle)),
        position=stored(middle, many=False),
    )


def _edges(session: Session, tessellation: Tessellation, made: Mapped) -> None:
    """A hundred metres of street between W1 and W2, fifty inside blocks between W2 and W3."""
    for one, other, kind, metres in (("W1", "W2", "local", 100.0), ("W2", "W3", "inside block", 50.0)):
        pair = sorted([made.plots[one][0].id, made.plots[other][0].id])
        session.add(
            PlotEdge(
                tessellation_id=tessellation.id,
                plot_id=pair[0],
                neighbour_id=pair[1],
                kind=kind,
                metres=metres,
                wall=False,
            )
        )


def _ground(session: Session, place_id: int) -> None:
    across = shapely.LineString([(WEST, SOUTH + SIDE / 2), (WEST + SIDE, SOUTH + SIDE / 2)])
    pond = shapely.box(WEST + 0.003, SOUTH + 0.004, WEST + 0.006, SOUTH + 0.005)
    session.add_all(
        [
            Street(
                place_id=place_id,
                kind="arterial",
                name="长兴路",
                name_pinyin="Changxinglu",
                name_initials="cxl",
                geometry=from_shape(across, 4326),
            ),
            Street(
                place_id=place_id,
                kind="local",
                geometry=from_shape(shapely.affinity.translate(across, 0, 0.001), 4326),
            ),
            Water(place_id=place_id, kind="lake", name="泰宁湖", geometry=from_shape(pond, 4326)),
            Green(
                place_id=place_id,
                kind="park",
                name="泰宁公园",
                geometry=stored(shapely.affinity.translate(pond, 0.003)),
            ),
            Compound(
                place_id=place_id,
                code="C1",
                name="柳荫里小区",
                name_pinyin="Liuyinlixiaoqu",
                name_initials="lylxq",
                kind="estate",
                geometry=stored(shapely.box(WEST + 0.001, SOUTH + 0.001, WEST + 0.002, SOUTH + 0.002)),
            ),
        ]
    )


def _staff(session: Session, made: Mapped) -> Person:
    """Everybody's coordinator but W3's and E3's, with a name that must stand in no tile."""
    person = Person(account=CANARIES[1], name=CANARIES[0], office_phone=CANARIES[2])
    session.add(person)
    session.flush()
    session.execute(
        text(
            "INSERT INTO edit (plan_id, version, base_version, kind, moves, note, made_by)"
            " VALUES (:plan, 1, 0, 'split', '{}', :note, :person)"
        ),
        {"plan": made.plan.id, "note": CANARIES[3], "person": person.id},
    )
    for own in ("W1", "W2", "E1", "E2"):
        during = "[2026-02-01,)"
        session.execute(
            text(
                "INSERT INTO duty (grid_id, person_id, kind, during)"
                " VALUES (:grid, :person, 'primary', CAST(:during AS tstzrange))"
            ),
            {"grid": made.grids[own].id, "person": person.id, "during": during},
        )
    return person


def given_micro_grids(session: Session, made: Mapped, households: tuple[int, ...] = (62, 3)) -> None:
    """Divide W1 and E2 into micro-grids, from south to north, with these households each."""
    for own in ("W1", "E2"):
        cells = sorted(
            made.plots[own], key=lambda plot: shapely.get_y(shapely.centroid(to_shape(plot.geometry)))
        )
        for number, part in enumerate(
            np.array_split(np.array(cells, dtype=object), len(households)), start=1
        ):
            session.add(
                MicroGrid(
                    plan_id=made.plan.id,
                    grid_id=made.grids[own].id,
                    number=number,
                    outline=stored(shapely.coverage_union_all([to_shape(plot.geometry) for plot in part])),
                    households=households[number - 1],
                    buildings=len(part),
                    area_m2=10_000 * len(part),
                )
            )
    session.flush()
