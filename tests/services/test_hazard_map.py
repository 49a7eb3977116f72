"""Open hazards for the map: whose, which, and what becomes of too many."""

from datetime import timedelta

import pytest

from app.errors import Refusal
from app.services.hazard_map import cell_m, in_view
from tests.services.hazardous import REPORTED, given_hazard
from tests.services.mapped import DISTRICT, E, W
from tests.services.registered import given_registers, staff

WORLD = (-180.0, -90.0, 180.0, 90.0)
NOW = REPORTED + timedelta(days=6)
WORDS = "Mrs Wang of 301 hoards paper"


@pytest.fixture
def made(session):
    return given_registers(session).map


def seen(found):
    return [point["id"] for point in found.points]


@pytest.mark.parametrize("kind", ["manager", "coordinator", "leader"])
def test_hazards_of_another_community_are_not_there(session, made, kind):
    mine, other = given_hazard(session, made, "W1"), given_hazard(session, made, "E1")
    actor = staff(session, kind, W)

    assert seen(in_view(session, actor, DISTRICT, WORLD, NOW)) == [mine.id]
    with pytest.raises(Refusal) as refused:
        in_view(session, actor, E, WORLD, NOW)
    assert refused.value.code == "not_in_scope"
    assert seen(in_view(session, staff(session, kind, DISTRICT), E, WORLD, NOW)) == [other.id]


def test_who_reads_no_cases_is_refused(session, made):
    with pytest.raises(Refusal) as refused:
        in_view(session, staff(session, "administrator", DISTRICT), DISTRICT, WORLD, NOW)
    assert refused.value.code == "not_in_scope"


def test_what_is_closed_or_out_of_view_is_not_there(session, made):
    given_hazard(session, made, closed_days=2)
    standing = given_hazard(session, made)
    manager = staff(session, "manager", DISTRICT)

    assert seen(in_view(session, manager, DISTRICT, WORLD, NOW)) == [standing.id]
    assert seen(in_view(session, manager, DISTRICT, (0.0, 0.0, 1.0, 1.0), NOW)) == []


def test_a_point_says_kind_clock_and_building_and_no_words(session, made):
    given_hazard(session, made, severity=3, site=WORDS, description=WORDS, held=True)
    manager = staff(session, "manager", DISTRICT)

    found = in_view(session, manager, DISTRICT, WORLD, NOW)

    (point,) = found.points
    assert set(point) == {"id", "kind", "severity", "state", "due_at", "overdue", "lon", "lat", "site"}
    assert [point[name] for name in ("kind", "severity", "state")] == ["gas", 3, "handling"]
    assert point["overdue"]
    assert WORDS not in str(found)
    assert [kind["code"] for kind in found.kinds] == ["gas"]


def test_what_is_not_due_yet_or_waits_for_its_check_is_not_overdue(session, made):
    given_hazard(session, made, due_days=9)
    given_hazard(session, made, state="claimed done", due_days=1)
    manager = staff(session, "manager", DISTRICT)

    points = in_view(session, manager, DISTRICT, WORLD, NOW).points

    assert [point["overdue"] for point in points] == [False, False]


def test_too_many_for_points_are_counted_by_cells_of_the_ground(session, made):
    for severity, due_days in ((1, 5), (3, 9), (2, 9)):
        given_hazard(session, made, "W1", severity=severity, due_days=due_days)
    given_hazard(session, made, "E1")
    given_hazard(session, made, "E1", closed_days=1)
    manager = staff(session, "manager", DISTRICT)
    points = in_view(session, manager, DISTRICT, WORLD, NOW).points
    box = (
        *(min(point["lon"] for point in points) - 1e-4, min(point["lat"] for point in points) - 1e-4),
        *(max(point["lon"] for point in points) + 1e-4, max(point["lat"] for point in points) + 1e-4),
    )

    found = in_view(session, manager, DISTRICT, box, NOW, most=3)

    assert found.points == []
    assert found.cell_m == cell_m(box)
    counted = sorted((cell["hazards"], cell["worst"], cell["overdue"]) for cell in found.cells)
    assert counted == [(1, 1, 1), (3, 3, 1)]
    assert in_view(session, manager, DISTRICT, box, NOW, most=4).cells == []


@pytest.mark.parametrize(
    ("box", "metres"),
    [
        ((113.0, 36.0, 113.0, 36.0), 25.0),
        ((113.0, 36.0, 113.01, 36.008), 25.0),  # 900 m across
        ((113.0, 36.0, 113.04, 36.008), 100.0),  # 3,600 m across
        (WORLD, 25.0 * 2**16),  # 40,075 km across
    ],
)
def test_a_view_has_at_most_forty_cells_to_its_longer_side(box, metres):
    assert cell_m(box) == metres
