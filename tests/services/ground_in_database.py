"""A small district in the database for the tests: two communities side by side, four plots in each.

0 1 | 4 5        north
2 3 | 6 7
east community on the right; every plot is a square of 0.001 degrees, and grids are named by letters.
"""

from dataclasses import dataclass, field

import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy.orm import Session

from app.models import Grid, GridPlot, Place, Plan, Plot, Tessellation, TessellationPlot

SIDE = 0.001
WEST, NORTH = 113.1, 36.2
DISTRICT, WEST_CODE, EAST_CODE = "140499", "140499001001", "140499001002"
ROWS = [[0, 1, 4, 5], [2, 3, 6, 7]]


def square(column: int, row: int, columns: int = 1, rows: int = 1) -> shapely.Polygon:
    west, north = WEST + column * SIDE, NORTH - row * SIDE
    return shapely.box(west, north - rows * SIDE, west + columns * SIDE, north)


def stored(shape: shapely.Geometry, many: bool = False):
    return from_shape(shapely.multipolygons([shape]) if many else shape, srid=4326)


@dataclass
class Ground:
    """The rows one may need: places by code, plots by number, grids by letter."""

    places: dict[str, Place]
    tessellation: Tessellation
    plots: list[Plot]
    plan: Plan | None = None
    grids: dict[str, Grid] = field(default_factory=dict)


def given_ground(session: Session) -> Ground:
    """Places and plots, and no plan yet."""
    shapes = {DISTRICT: square(0, 0, 4, 2), WEST_CODE: square(0, 0, 2, 2), EAST_CODE: square(2, 0, 2, 2)}
    places = {
        code: Place(
            level="community" if len(code) == 12 else "district",
            code=code,
            name=f"Place {code}",
            path=code if code == DISTRICT else f"{DISTRICT}.{code}",
            srid=4546,
            outline=stored(shape, many=True),
        )
        for code, shape in shapes.items()
    }
    session.add(places[DISTRICT])
    session.flush()
    session.add_all(places.values())
    session.flush()
    tessellation = Tessellation(place_id=places[DISTRICT].id, version=1)
    plots = [
        Plot(
            community_id=places[WEST_CODE if number < 4 else EAST_CODE].id,
            geometry=stored(square(column, row)),
            area_m2=10_000,
            perimeter_m=400,
        )
        for number, column, row in sorted(
            (number, column, row) for row, line in enumerate(ROWS) for column, number in enumerate(line)
        )
    ]
    session.add_all([tessellation, *plots])
    session.flush()
    session.add_all(
        TessellationPlot(tessellation_id=tessellation.id, plot_id=plot.id, households=75, buildings=1)
        for plot in plots
    )
    session.flush()
    return Ground(places, tessellation, plots)


def given_plan(
    session: Session,
    letters: str = "AABB CCCC",
    leave_out: tuple[int, ...] = (),
    ground: Ground | None = None,
) -> Ground:
    """A draft of the district: for each plot the letter of its grid; plots left out are in none."""
    ground = ground or given_ground(session)
    ground.plan = Plan(
        place_id=ground.places[DISTRICT].id,
        tessellation_id=ground.tessellation.id,
        name="First plan",
        target=300,
        least=270,
        most=330,
    )
    session.add(ground.plan)
    session.flush()
    of_plot = letters.replace(" ", "")
    for sequence, letter in enumerate(dict.fromkeys(of_plot), start=1):
        own = [plot for plot, name in zip(ground.plots, of_plot, strict=True) if name == letter]
        ground.grids[letter] = Grid(
            plan_id=ground.plan.id,
            community_id=own[0].community_id,
            code=f"{sequence}",
            outline=stored(square(sequence, 0), many=True),
            households=75 * len(own),
            buildings=len(own),
            area_m2=10_000 * len(own),
        )
    session.add_all(ground.grids.values())
    session.flush()
    session.add_all(
        GridPlot(
            plan_id=ground.plan.id,
            plot_id=plot.id,
            grid_id=ground.grids[letter].id,
            tessellation_id=ground.tessellation.id,
            community_id=plot.community_id,
        )
        for number, (plot, letter) in enumerate(zip(ground.plots, of_plot, strict=True))
        if number not in leave_out
    )
    session.flush()
    return ground
