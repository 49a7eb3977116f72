"""Drawn drafts in the database, for tests of editing: letters are grids, capitals in the western community.

Every plot with households has a house of its own, named by the number of the plot as the drawing is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from geoalchemy2.shape import from_shape
from pyproj import CRS
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.geo.crs import to_lonlat
from app.geo.plots import Band
from app.models import Building, Edit, Person, Place, Plan, Role
from app.services.editing import Saved, Wanted, save
from app.services.plan_rows import measured, read_known, write_grids
from app.services.plot_tables import read_plots, write_plots
from tests.geo.drawing import draw_plots

SRID = 4546
ORIGIN_M = np.array([500_000.0, 4_006_000.0])
SIDE_M = 80.0
DISTRICT, WEST, EAST = "140496", "140496001001", "140496001002"
BAND = Band(300, 270, 330)


@dataclass
class Draft:
    """Ids by what is drawn: plots in reading order, grids by letter."""

    plan: int
    place: int
    plots: list[int]
    grids: dict[str, int]
    codes: dict[str, str] = field(default_factory=dict)

    def moves(self, to: str | int, *numbers: int, source: str) -> dict[int, tuple[int, int | str]]:
        """Plots by number from one grid to another; `to` may name a new grid."""
        target = self.grids.get(to, to) if isinstance(to, str) else to
        return {self.plots[number]: (self.grids[source], target) for number in numbers}


def given_drawn(session: Session, drawing: str, households: Any = 75, district: str = DISTRICT) -> Draft:
    """A district whose draft is as drawn."""
    drawn = draw_plots(drawing, households, SIDE_M)
    crs = CRS.from_epsg(SRID)
    polygons = to_lonlat(shapely.transform(drawn.polygons, lambda xy: xy + ORIGIN_M), crs)
    eastern = np.array([drawn.names[number].islower() for number in drawn.grid])
    codes = {False: f"{district}{WEST[6:]}", True: f"{district}{EAST[6:]}"}
    whole = {district: np.ones(len(polygons), bool), codes[False]: ~eastern, codes[True]: eastern}
    places = {
        code: _place(session, code, shapely.coverage_union_all(polygons[inside]))
        for code, inside in whole.items()
        if inside.any()
    }
    community = np.array([places[codes[bool(one)]] for one in eastern], np.int64)
    _houses(session, places[district], polygons, drawn.table.households)
    one_each = (drawn.table.households > 0).astype(np.int64)
    written = write_plots(session, places[district], polygons, drawn.table, one_each, community)
    plots = read_plots(session, written.tessellation_id)
    plan = Plan(
        place_id=places[district],
        tessellation_id=written.tessellation_id,
        name="Drawn",
        version=1,
        target=BAND.target,
        least=BAND.least,
        most=BAND.most,
    )
    session.add(plan)
    session.flush()
    grids = measured(plots, drawn.grid, BAND, {}, read_known(session, plots))
    named = dict(places)
    listed = [f"{_code_of(named, int(own))}{k + 1:03d}" for k, own in enumerate(grids.community)]
    ids = write_grids(session, plan.id, plots, drawn.grid, grids, listed)
    session.add(Edit(plan_id=plan.id, version=1, base_version=0, kind="split", moves={}))
    session.flush()
    by_letter = dict(zip(drawn.names, ids.tolist(), strict=True))
    return Draft(
        plan.id, plan.place_id, written.ids.tolist(), by_letter, dict(zip(drawn.names, listed, strict=True))
    )


def _code_of(named: dict[str, int], place_id: int) -> str:
    return next(code for code, own in named.items() if own == place_id)


def _place(session: Session, code: str, outline: shapely.Geometry) -> int:
    path = code if len(code) == 6 else f"{code[:6]}.{code}"
    place = Place(
        level="district" if len(code) == 6 else "community",
        code=code,
        name=f"地方{code}",
        path=path,
        srid=SRID,
        outline=from_shape(shapely.multipolygons(shapely.get_parts(outline)), srid=4326),
    )
    session.add(place)
    session.flush()
    return place.id


def _houses(session: Session, place_id: int, polygons: np.ndarray, households: np.ndarray) -> None:
    for number, (polygon, count) in enumerate(zip(polygons, households.tolist(), strict=True)):
        if count == 0:  # open ground
            continue
        house = shapely.affinity.scale(polygon, 0.4, 0.4)
        session.add(
            Building(
                place_id=place_id,
                code=f"B{number}",
                name=f"{number}号楼",
                households=count,
                households_source="register",
                geometry=from_shape(shapely.multipolygons([house]), srid=4326),
                position=from_shape(house.centroid, srid=4326),
            )
        )
    session.flush()


def given_coordinator(session: Session, draft: Draft, account: str = "liu") -> int:
    """Somebody who may be planned for its grids."""
    person = Person(account=account, name=f"Person {account}")
    session.add(person)
    session.flush()
    session.add(Role(person_id=person.id, kind="coordinator", place_id=draft.place))
    session.flush()
    return person.id


def moved(session: Session, draft: Draft, base: int, moves: Any, kind: str = "move", **more: Any) -> Saved:
    """Save an edit."""
    return save(session, draft.plan, base, Wanted(kind, moves, **more))


def as_drawn(session: Session, draft: Draft) -> str:
    """The letters of all plots in reading order; `?` for grids without one."""
    letters = {grid: letter for letter, grid in draft.grids.items()}
    rows = session.execute(
        text("SELECT plot_id, grid_id FROM grid_plot WHERE plan_id = :p"), {"p": draft.plan}
    )
    of_plot = {row.plot_id: letters.get(row.grid_id, "?") for row in rows}
    return "".join(of_plot[plot] for plot in draft.plots)


def stored(session: Session, draft: Draft) -> tuple[list[Any], list[Any]]:
    """Rows plot → grid, and the bytes of every outline: what undoing brings back."""
    session.flush()
    rows = session.execute(
        text(
            "SELECT plot_id, grid_id, tessellation_id, community_id FROM grid_plot"
            " WHERE plan_id = :p ORDER BY plot_id"
        ),
        {"p": draft.plan},
    )
    outlines = session.execute(
        text(
            "SELECT id, code, name, kind, planned_id, community_id, ST_AsEWKB(outline) AS outline FROM grid"
            " WHERE plan_id = :p ORDER BY id"
        ),
        {"p": draft.plan},
    )
    return [tuple(row) for row in rows], [(*row[:-1], bytes(row.outline)) for row in outlines]
