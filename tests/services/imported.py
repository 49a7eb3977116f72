"""A small town to import: 32 houses of 40 households in two communities, side by side, under one subdistrict.

. . . . | . . . .      a dot is a house; the border of the communities is a street
"""

from contextlib import nullcontext
from dataclasses import replace

import geopandas as gpd
import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.geo.district import District
from app.geo.plots import Band
from app.models import Place
from app.services.importing import NewPlace, Stored, store_district
from app.services.publishing import Published, publish
from app.services.splitting import split_place
from tests.geo.towns import PLACE, here, houses, town

DISTRICT, SUBDISTRICT = "140499", "140499001"
WEST, EAST = "140499001001", "140499001002"
WIDTH, HEIGHT = 240, 120
BAND = Band.around(160, 0.10)
NEW = NewPlace(DISTRICT, "锦原区")


def small_town(**more) -> District:
    """The town; `households` and other things of `town` may be given."""
    given = {"households": 40, "streets": [[(120, 0), (120, 120)]], **more}
    made = town(shapely.box(0, 0, WIDTH, HEIGHT), houses(8, 4), **given)
    return with_admin(made, {WEST: (0, 120), EAST: (120, 240)})


def with_admin(made: District, sides: dict[str, tuple[float, float]], name: str = "社区") -> District:
    """Areas from west to east, and the subdistrict that holds them."""
    shapes = [here(shapely.box(west, 0, east, HEIGHT)) for west, east in sides.values()]
    shapes.append(shapely.union_all(shapes))
    table = {
        "level": [*("8" for _ in sides), "7"],
        "code": [*sides, SUBDISTRICT],
        "name": [*(f"{code[-1]}{name}" for code in sides), "柳荫街道"],
    }
    return replace(made, admin=gpd.GeoDataFrame(table, geometry=shapes, crs=PLACE))


def without_codes(made: District) -> District:
    """As most files are: areas, but no codes that tell what they are."""
    return replace(made, admin=made.admin.assign(code=["a1", "a2", "a3"][: len(made.admin)]))


def without(made: District, *codes: str) -> District:
    """Some buildings pulled down."""
    left = ~made.buildings["code"].isin(codes)
    return replace(made, buildings=made.buildings[left].reset_index(drop=True))


def with_house(
    made: District, west: float, south: float, code: str = "new", households: int = 40
) -> District:
    """A house more."""
    row = made.buildings.iloc[[0]].assign(code=code, households=np.int64(households))
    row = row.set_geometry([here(shapely.box(west, south, west + 8, south + 8))], crs=PLACE)
    joined = gpd.GeoDataFrame(
        {
            name: np.append(made.buildings[name].to_numpy(), row[name].to_numpy())
            for name in made.buildings.columns.drop("geometry")
        },
        geometry=[*made.buildings.geometry, *row.geometry],
        crs=PLACE,
    )
    return replace(made, buildings=joined)


def given_town(session: Session, made: District | None = None) -> Stored:
    return store_district(session, made or small_town(), NEW)


def given_draft(session: Session, seed: int = 1, code: str = DISTRICT) -> int:
    return split_place(lambda: nullcontext(session), code, BAND, seed)


def given_plan_in_force(session: Session) -> Published:
    """The town, divided and published."""
    given_town(session)
    return publish(session, given_draft(session), 1)


def place(session: Session, code: str) -> Place:
    return session.scalars(select(Place).where(Place.code == code)).one()
