"""Drawing compounds over HTTP."""

import pytest

from tests.views.world import HERE, NORTH, SIDE, WEST

COMPOUNDS = f"/api/places/{HERE}/compounds"


def box(column: float, row: float, side: float = 0.9) -> dict:
    west, north = WEST + column * SIDE, NORTH - row * SIDE
    east, south = west + side * SIDE, north - side * SIDE
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def test_a_manager_draws_lists_changes_and_removes_a_compound(as_manager):
    assert as_manager.get(COMPOUNDS).json == {"compounds": []}

    made = as_manager.post(COMPOUNDS, json={"name": "柳荫大院", "polygon": box(0.05, 0.05)})
    assert made.status_code == 201
    assert (made.json["kind"], made.json["buildings"], made.json["households"]) == ("rental compound", 1, 75)
    assert made.json["drawn_by"]["name"] == "Person manager"
    one = f"{COMPOUNDS}/{made.json['id']}"

    larger = as_manager.patch(one, json={"kind": "urban village", "polygon": box(0.05, 0.05, 1.9)})
    assert (larger.status_code, larger.json["buildings"], larger.json["kind"]) == (200, 4, "urban village")
    assert as_manager.get(COMPOUNDS).json == {"compounds": [larger.json]}

    assert as_manager.delete(one).status_code == 204
    assert as_manager.delete(one).status_code == 404
    assert as_manager.get(COMPOUNDS).json == {"compounds": []}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "院"}, 422),
        ({"name": "", "polygon": box(0, 0)}, 422),
        ({"name": "院", "kind": "castle", "polygon": box(0, 0)}, 422),
        ({"name": "院", "polygon": {"type": "Polygon", "coordinates": [[[1, 2]]]}}, 422),
        ({"name": "院", "polygon": box(50, 0)}, 422),
    ],
)
def test_what_cannot_be_drawn_is_a_problem(as_manager, body, status):
    answer = as_manager.post(COMPOUNDS, json=body)

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert as_manager.get(COMPOUNDS).json == {"compounds": []}
