"""Which stated entrances `verify` believes."""

import pytest
import shapely

from app.geo.crs import to_lonlat
from app.services.certificates import certified_doors
from tests.geo.test_entrances import GROUND, HOUSE, SLAB
from tests.geo.towns import PLACE, here, town


def stated(*doors: tuple[float, float, int]) -> dict[str, object]:
    """A certificate that says the slab is divided by entrances at these spots, with these households."""
    points = to_lonlat([here(shapely.Point(x, y)) for x, y, _ in doors], PLACE)
    entrances = [
        {"grid": "1", "households": count, "position": [point.x, point.y]}
        for point, (_, _, count) in zip(points, doors, strict=True)
    ]
    return {"divided": [{"building": "B0", "entrances": entrances}]}


def test_stated_entrances_within_their_building_are_believed():
    district = town(GROUND, [SLAB, HOUSE], households=[90, 40])

    doors = certified_doors(district, stated((30, 41, 50), (90, 40.0, 40)))

    assert (doors.building.tolist(), doors.households.tolist()) == ([0, 0], [50, 40])


@pytest.mark.parametrize(
    "said",
    [
        stated((30, 41, 90)),
        stated((30, 41, 50), (10, 10, 40)),
        stated((30, 41, 50), (90, 39.8, 40)),
        stated((30, 41, 50), (90, 41, 50)),
        {"divided": [{"building": "B7", "entrances": []}]},
        {},
    ],
)
def test_one_alone_one_elsewhere_and_what_does_not_add_up_are_not(said):
    assert certified_doors(town(GROUND, [SLAB, HOUSE], households=[90, 40]), said) is None
