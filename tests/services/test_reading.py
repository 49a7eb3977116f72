"""What the map shows in numbers, and to whom."""

import json

import pytest
from sqlalchemy import text

from app.errors import Refusal
from app.services import lookup, reading
from app.services.access import Actor, Grant
from app.services.fives import fives_of
from tests.services.mapped import (
    CANARIES,
    DISTRICT,
    PATHS,
    SIDE,
    SOUTH,
    SUBDISTRICT,
    WEST,
    E,
    W,
    given_map,
    given_micro_grids,
)


def who(kind, code=None):
    return Actor(1, kind, kind, (Grant(kind, code and PATHS[code]),))


ADMINISTRATOR = who("administrator")
MANAGER, COORDINATOR = who("manager", DISTRICT), who("coordinator", W)


@pytest.fixture
def mapped(session):
    return given_map(session)


def by_code(rows):
    return {row["code"]: row for row in rows}


# --- Places ----------------------------------------------------------------------------------------------


def test_places_come_parents_first_with_what_they_hold(session, mapped):
    found = reading.places(session, ADMINISTRATOR)
    ours = [place for place in found if place["code"] in PATHS]

    assert [place["code"] for place in ours] == [DISTRICT, SUBDISTRICT, W, E]
    assert [place["parent"] for place in ours] == [None, DISTRICT, SUBDISTRICT, SUBDISTRICT]
    fives = fives_of(session)
    assert [place["households"] for place in ours] == [
        *[fives.of(1269, SUBDISTRICT)] * 2, fives.of(518, W), fives.of(751, E)
    ]  # fmt: skip
    assert {place["plan"]["id"] for place in ours} == {mapped.plan.id}
    assert ours[0]["bbox"] == pytest.approx([WEST, SOUTH, WEST + SIDE, SOUTH + SIDE])


def test_the_names_to_choose_from_are_those_of_the_tree(session, mapped):
    for actor in (ADMINISTRATOR, MANAGER, COORDINATOR):
        named = [(one.code, one.level, one.name_pinyin) for one in reading.place_names(session, actor)]
        tree = reading.places(session, actor)

        assert named == [(place["code"], place["level"], place["name_pinyin"]) for place in tree]


def test_a_coordinator_sees_the_own_community_and_the_names_above_it(session, mapped):
    found = by_code(reading.places(session, COORDINATOR))

    assert {code: place["scope"] for code, place in found.items()} == {
        DISTRICT: "part",
        SUBDISTRICT: "part",
        W: "all",
    }
    assert {place["households"] for place in found.values()} == {fives_of(session).of(518, W)}


def test_the_map_says_whose_data_the_ground_is(session, mapped):
    mapped.places[DISTRICT].attribution = "© OpenStreetMap contributors"
    mapped.places[E].attribution = "长治市"  # imported by itself
    session.flush()

    found = by_code(reading.places(session, ADMINISTRATOR))

    assert {code: found[code]["attribution"] for code in PATHS} == {
        DISTRICT: "© OpenStreetMap contributors · 长治市",
        SUBDISTRICT: "© OpenStreetMap contributors · 长治市",
        W: "© OpenStreetMap contributors",
        E: "© OpenStreetMap contributors · 长治市",
    }
    assert reading.place(session, W, COORDINATOR)["attribution"] == "© OpenStreetMap contributors"


def test_a_version_nobody_divided_yet_is_counted_by_its_plots(session, mapped):
    session.execute(
        text("INSERT INTO tessellation (place_id, version) VALUES (:place, 2)"),
        {"place": mapped.places[DISTRICT].id},
    )
    session.execute(
        text("""
            INSERT INTO tessellation_plot (tessellation_id, plot_id, households, buildings)
            SELECT (SELECT max(id) FROM tessellation), plot_id, 1, 1 FROM grid_plot WHERE plan_id = :plan
        """),
        {"plan": mapped.plan.id},
    )

    found = by_code(reading.places(session, ADMINISTRATOR))

    assert found[DISTRICT]["households"] == sum(map(len, mapped.plots.values()))
    assert reading.plan(session, mapped.plan.id, None)["current_ground"] is False


def test_one_place_knows_those_above_it(session, mapped):
    place = reading.place(session, W, COORDINATOR)

    assert [above["code"] for above in place["ancestors"]] == [DISTRICT, SUBDISTRICT]
    assert place["tessellation"]["version"] == 1
    assert place["srid"] == 4546


# --- Plans -----------------------------------------------------------------------------------------------


def test_a_plan_counts_the_grids_in_scope(session, mapped):
    whole = reading.plan(session, mapped.plan.id, None)
    part = reading.plan(session, mapped.plan.id, (PATHS[W],))

    counts = ("grids", "households", "out_of_band", "vacant")
    assert [whole[name] for name in counts] == [6, 1269, 5, 2]
    assert [part[name] for name in counts] == [3, 518, 2, 1]
    assert whole["classes"][3] == [270, 330]
    assert part["bbox"][2] < whole["bbox"][2]


def test_drafts_are_for_those_who_decide(session):
    mapped = given_map(session, state="draft")

    assert [plan["state"] for plan in reading.plans(session, W, MANAGER)] == ["draft"]
    assert reading.plans(session, W, COORDINATOR) == []
    with pytest.raises(Refusal) as refused:
        reading.plan_scope(session, mapped.plan.id, COORDINATOR)
    assert refused.value.code == "not_allowed"
    assert by_code(reading.places(session, COORDINATOR))[W]["drafts"] == 0
    assert by_code(reading.places(session, MANAGER))[DISTRICT]["drafts"] == 1


def test_who_walks_one_community_and_leads_another_reads_drafts_of_the_second(session):
    mapped = given_map(session, state="draft")
    both = Actor(1, "x", "x", (Grant("coordinator", PATHS[W]), Grant("leader", PATHS[E])))

    assert reading.plan_scope(session, mapped.plan.id, both) == (PATHS[E],)


def test_a_plan_once_in_force_is_read_by_all(session, mapped):
    session.execute(
        text("UPDATE plan SET state = 'retired', retired_at = now() WHERE id = :plan"),
        {"plan": mapped.plan.id},
    )

    assert reading.plan_scope(session, mapped.plan.id, COORDINATOR) == (PATHS[W],)
    assert [plan["state"] for plan in reading.plans(session, W, COORDINATOR)] == ["retired"]


# --- Grids -----------------------------------------------------------------------------------------------


def test_all_grids_with_figures_coordinators_and_vacancies(session, mapped):
    found = reading.grids(session, mapped.plan.id, None)["grids"]
    of = {name: by_code(found)[grid.code] for name, grid in mapped.grids.items()}

    assert [grid["code"] for grid in found] == sorted(grid["code"] for grid in found)
    assert [of[name]["class"] for name in ("W1", "W2", "W3", "E1", "E2", "E3")] == [0, -2, -3, None, 1, 3]
    assert of["E3"]["deviation"] == 0.4
    assert of["W1"]["coordinator"] == {"name": CANARIES[0]}
    assert of["W1"]["vacant_since"] is None
    assert of["W3"]["vacant_since"] == "2026-01-01T00:00:00+00:00"
    assert of["W2"]["reason"]["sentence"]["en"].endswith("has 215 households, fewer than 270.")
    assert "215户" in of["W2"]["reason"]["sentence"]["zh"]


def test_a_vacancy_begins_when_the_last_coordinator_left(session, mapped):
    session.execute(
        text("UPDATE duty SET during = '[2026-02-01, 2026-03-01)' WHERE grid_id = :grid"),
        {"grid": mapped.grids["W1"].id},
    )

    found = by_code(reading.grids(session, mapped.plan.id, None)["grids"])[mapped.grids["W1"].code]

    assert found["coordinator"] is None
    assert found["vacant_since"] == "2026-03-01T00:00:00+00:00"


def test_a_reason_whose_facts_are_lost_still_has_its_code(session):
    mapped = given_map(session, state="draft")
    session.execute(text("UPDATE grid SET measures = '{}' WHERE id = :id"), {"id": mapped.grids["W2"].id})

    found = by_code(reading.grids(session, mapped.plan.id, None)["grids"])[mapped.grids["W2"].code]

    assert found["reason"] == {
        "code": "component_too_small",
        "facts": {"households": 215},
        "sentence": None,
    }


def test_the_list_is_marked_anew_when_a_coordinator_changes(session, mapped):
    before = reading.grids_mark(session, mapped.plan.id, None)

    same = reading.grids_mark(session, mapped.plan.id, None)
    session.execute(text("UPDATE person SET name = 'Robin' WHERE account = :a"), {"a": CANARIES[1]})
    after = reading.grids_mark(session, mapped.plan.id, None)

    assert same == before
    assert after != before


def test_a_grid_knows_its_staff_its_neighbours_and_its_border(session, mapped):
    grid = reading.grid(session, mapped.grids["W2"].id, COORDINATOR)

    assert grid["coordinator"]["office_phone"] == CANARIES[2]
    assert grid["community"]["name"] == "柳阳社区"
    assert [(one["code"], one["metres"]) for one in grid["neighbours"]] == [
        (mapped.grids["W1"].code, 100.0),
        (mapped.grids["W3"].code, 50.0),
    ]
    metres = grid["border"].pop("metres")
    assert metres == 400 * len(mapped.plots["W2"])  # no two of its own plots share a line in this ground
    assert grid["border"]["street"] == pytest.approx(100 / metres, abs=1e-4)
    assert sum(grid["border"].values()) == pytest.approx(1, abs=1e-3)


def test_what_divides_the_grids_of_a_plan_is_measured_once(session, mapped):
    border = reading.inner_border(session, mapped.plan.id, None)
    of_one = reading.inner_border(session, mapped.plan.id, (PATHS[E],))

    neighbours = [
        one["metres"]
        for grid in mapped.grids.values()
        for one in reading.grid(session, grid.id, MANAGER)["neighbours"]
    ]
    assert border["metres"] == sum(neighbours) / 2
    assert border["street"] == pytest.approx(100 / border["metres"], abs=1e-4)
    assert of_one["metres"] < border["metres"]
    assert "outline" not in border


def test_households_are_told_by_how_they_are_known(session, mapped):
    grid = reading.grid(session, mapped.grids["W1"].id, MANAGER)
    buildings = lookup.buildings_in_grid(session, mapped.grids["W1"].id)

    assert {row.id for row in buildings} == {row.id for row in mapped.buildings["W1"]}
    assert sum(grid["sources"].values()) == sum(row.households for row in buildings)
    assert grid["sources"]["imported"] == 0
    assert [one["name"] for one in grid["compounds"]] == ["柳荫里小区"]


@pytest.mark.parametrize("sort", reading.SORTS)
@pytest.mark.parametrize("descending", [False, True])
def test_pages_of_buildings_follow_each_other_without_a_gap(session, mapped, sort, descending):
    grid_id = mapped.grids["W1"].id
    pages, after = [], None
    while True:
        page = reading.grid_buildings(
            session, grid_id, sort=sort, descending=descending, limit=4, after=after
        )
        pages.append(page["buildings"])
        if page["next"] is None:
            break
        after = tuple(page["next"])
    whole = reading.grid_buildings(session, grid_id, sort=sort, descending=descending, limit=500)

    assert sum(pages, []) == whole["buildings"]  # noqa: RUF017 (short)
    assert whole["count"] == len(mapped.buildings["W1"])


# --- Points ----------------------------------------------------------------------------------------------


def test_a_grid_lists_its_micro_grids_and_a_plan_counts_those_in_scope(session):
    mapped = given_map(session, state="draft")
    given_micro_grids(session, mapped, (62, 71))

    grid = reading.grid(session, mapped.grids["W1"].id, MANAGER)
    whole, part = (reading.plan(session, mapped.plan.id, scope) for scope in (None, (PATHS[W],)))

    assert [(one["number"], one["households"]) for one in grid["micro_grids"]] == [(1, 62), (2, 71)]
    assert sum(one["buildings"] for one in grid["micro_grids"]) == grid["buildings"]
    for one in grid["micro_grids"]:
        (west, south, east, north), (lon, lat) = one["bbox"], one["label"]
        assert west < lon < east
        assert south < lat < north
    assert reading.grid(session, mapped.grids["W2"].id, MANAGER)["micro_grids"] == []
    assert (whole["micro_grids"], part["micro_grids"]) == (4, 2)


def test_a_point_lies_in_one_grid_or_in_none(session, mapped):
    label = reading.grid(session, mapped.grids["E2"].id, MANAGER)["label"]

    assert lookup.grid_at(session, mapped.plan.id, *label).id == mapped.grids["E2"].id
    assert lookup.grid_at(session, mapped.plan.id, *label, (PATHS[W],)) is None
    assert lookup.grid_at(session, mapped.plan.id, 0, 0) is None


def test_the_nearest_building_is_measured_in_metres_and_in_scope(session, mapped):
    corner = (WEST + SIDE, SOUTH + SIDE)

    anywhere = lookup.nearest_building(session, *corner, None, DISTRICT)
    own = lookup.nearest_building(session, *corner, (PATHS[W],), DISTRICT)

    assert anywhere.code.startswith("E3")
    assert own.code.startswith("W3")
    assert 0 < anywhere.distance_m < own.distance_m < 1_500
    assert lookup.nearest_building(session, *corner, ("140496",), DISTRICT) is None


@pytest.mark.parametrize("ask", [reading.grid, reading.grid_open])
def test_what_is_not_there_is_not_found(session, ask):
    with pytest.raises(Refusal) as refused:
        ask(session, 2**62, ADMINISTRATOR)

    assert refused.value.code == "not_found"


def test_a_label_stands_where_there_is_most_room_and_always_inside(session):
    mapped = given_map(session, state="draft")
    grid_id = mapped.grids["W1"].id
    inside = reading.grid(session, grid_id, MANAGER)["label"]
    nearby = [inside[0] + 0.0001, inside[1]]

    labels = []
    for label in (nearby, [0, 0], "nowhere", None):
        session.execute(
            text(
                "UPDATE grid SET measures = jsonb_build_object('label', CAST(:label AS jsonb)) WHERE id = :id"
            ),
            {"label": json.dumps(label), "id": grid_id},
        )
        labels.append(reading.grid(session, grid_id, MANAGER)["label"])

    assert labels == [nearby, inside, inside, inside]
