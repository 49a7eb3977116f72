"""Differences of plans and of versions: whose ground changes hands, drawn, counted and listed."""

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from app.errors import Refusal
from app.models import Plan
from app.services import editing
from app.services.differences import differences, moved, moved_buildings
from app.services.editing import Wanted
from app.services.importing import store_district
from tests.services.imported import (
    DISTRICT,
    EAST,
    WEST,
    given_draft,
    given_plan_in_force,
    place,
    small_town,
    with_house,
)

PAGE = {"sort": "households", "descending": True, "limit": 50, "after": 0}


@pytest.fixture
def town(session):
    """The town with a plan in force and a draft that divides it just so."""
    in_force = given_plan_in_force(session).plan_id
    return in_force, given_draft(session)


def grid_rows(session, plan_id: int) -> dict[str, int]:
    rows = session.execute(text("SELECT code, id FROM grid WHERE plan_id = :plan"), {"plan": plan_id})
    return {row.code: row.id for row in rows}


def gives(session, plan_id: int, source: str, target: str, plots: int = 1) -> list[int]:
    """Some plots of one grid that touch another go over to it; answers which."""
    ids = grid_rows(session, plan_id)
    found = session.scalars(
        text("""
            SELECT own.plot_id FROM grid_plot AS own
            JOIN plot_edge AS edge ON edge.tessellation_id = own.tessellation_id AND NOT edge.wall
                AND own.plot_id IN (edge.plot_id, edge.neighbour_id)
            JOIN grid_plot AS near ON near.plan_id = own.plan_id AND near.grid_id = :target
                AND near.plot_id IN (edge.plot_id, edge.neighbour_id)
            WHERE own.plan_id = :plan AND own.grid_id = :source
            GROUP BY own.plot_id ORDER BY own.plot_id LIMIT :plots
        """),
        {"plan": plan_id, "source": ids[source], "target": ids[target], "plots": plots},
    ).all()
    wanted = Wanted("move", dict.fromkeys(found, (ids[source], ids[target])))
    editing.save(session, plan_id, session.get_one(Plan, plan_id).version, wanted)
    return list(found)


def neighbours(session, plan_id: int) -> tuple[str, str]:
    """Two grids of the western community that touch."""
    row = session.execute(
        text("""
            SELECT code, measures -> 'neighbours' ->> 0 AS other FROM grid
            WHERE plan_id = :plan AND code LIKE :west ORDER BY code LIMIT 1
        """),
        {"plan": plan_id, "west": f"{WEST}%"},
    ).one()
    return row.code, row.other


def test_equal_plans_do_not_differ(session, town):
    in_force, draft = town

    found = moved(session, (in_force, None), (draft, None))

    assert differences(session, found)["features"] == []
    assert moved_buildings(session, found, **PAGE)["total"] == 0


def test_ground_that_changes_hands_is_drawn_once_for_each_pair_of_grids(session, town):
    in_force, draft = town
    source, target = neighbours(session, draft)
    plots = gives(session, draft, source, target)

    said = differences(session, moved(session, (in_force, None), (draft, None)))

    [feature] = said["features"]
    about = feature["properties"]
    assert (about["from"], about["to"], about["plots"]) == (source, target, len(plots))
    assert (about["households"], about["buildings"], about["people"]) == (40, 1, None)
    assert (said["households"], said["buildings"], said["same_ground"]) == (40, 1, True)
    ground = shapely.geometry.shape(feature["geometry"])
    [stored] = session.scalars(
        text("SELECT ST_AsBinary(geometry) FROM plot WHERE id = :id"), {"id": plots[0]}
    ).all()
    assert shapely.symmetric_difference(ground, shapely.from_wkb(bytes(stored))).area < 1e-10
    assert ground.contains(shapely.Point(about["label"]))


def test_buildings_that_change_hands_come_in_pages_and_in_the_order_asked_for(session, town):
    in_force, draft = town
    source, target = neighbours(session, draft)
    gives(session, draft, source, target, plots=2)
    session.execute(text("UPDATE building SET households = 7 WHERE code = 'B0'"))
    found = moved(session, (in_force, None), (draft, None))

    whole = moved_buildings(session, found, **{**PAGE, "sort": "code", "descending": False})
    first = moved_buildings(session, found, **{**PAGE, "limit": 1})
    second = moved_buildings(session, found, **{**PAGE, "limit": 1, "after": first["next"]})

    assert whole["total"] == 2 and whole["next"] is None
    codes = [row["code"] for row in whole["buildings"]]
    assert codes == sorted(codes)
    assert {(row["from"], row["to"]) for row in whole["buildings"]} == {(source, target)}
    assert whole["households"] == sum(row["households"] for row in whole["buildings"])
    assert {first["buildings"][0]["code"], second["buildings"][0]["code"]} == set(codes)
    assert first["buildings"][0]["households"] >= second["buildings"][0]["households"]
    assert (first["next"], second["next"]) == (1, None)


def test_two_versions_of_a_draft_are_compared_by_their_grids_whatever_their_numbers(session, town):
    _, draft = town
    source, target = neighbours(session, draft)
    gives(session, draft, source, target)
    ids = grid_rows(session, draft)
    renamed = Wanted("change", changes={ids[target]: {"code": (target, f"{WEST}099")}})
    editing.save(session, draft, 2, renamed)

    over_both = differences(session, moved(session, (draft, 1), (draft, 3)))
    over_the_number = differences(session, moved(session, (draft, 2), (draft, None)))
    back = differences(session, moved(session, (draft, 3), (draft, 1)))

    [feature] = over_both["features"]
    assert (feature["properties"]["from"], feature["properties"]["to"]) == (source, f"{WEST}099")
    assert over_the_number["features"] == []
    assert [(one["properties"]["from"], one["properties"]["to"]) for one in back["features"]] == [
        (f"{WEST}099", source)
    ]
    assert over_both["before"] == {"plan": draft, "version": 1}
    assert over_both["after"] == {"plan": draft, "version": 3}


def test_plots_cut_anew_are_compared_by_where_they_lie(session, town):
    in_force, _ = town
    store_district(session, with_house(small_town(), 2, 2), DISTRICT)
    later = given_draft(session)

    said = differences(session, moved(session, (in_force, None), (later, None)))

    assert said["same_ground"] is False
    assert all(one["properties"]["from"] is not None for one in said["features"])


def test_only_what_is_in_scope_is_told(session, town):
    in_force, draft = town
    source, target = neighbours(session, draft)
    gives(session, draft, source, target)
    west, east = place(session, WEST).path, place(session, EAST).path

    seen = [moved(session, (in_force, None), (draft, None), [path]) for path in (west, east)]

    assert [len(one.plots) for one in seen] == [1, 0]


def test_plans_of_two_places_and_versions_that_never_were_are_refused(session, town):
    in_force, draft = town
    other = session.scalar(
        text("""
            INSERT INTO place (level, code, name, path, srid, outline)
            SELECT 'district', '140498', '别区', '140498', srid, outline FROM place WHERE code = :code
            RETURNING id
        """),
        {"code": DISTRICT},
    )
    version = session.scalar(
        text("INSERT INTO tessellation (place_id, version) VALUES (:place, 1) RETURNING id"), {"place": other}
    )
    foreign = Plan(place_id=other, tessellation_id=version, name="x", target=3, least=2, most=4)
    session.add(foreign)
    session.flush()

    for before, after, code in (
        ((in_force, None), (foreign.id, None), "plans_not_comparable"),
        ((in_force, None), (draft, 99), "not_found"),
        ((10**9, None), (draft, None), "plan_unknown"),
    ):
        with pytest.raises(Refusal) as refused:
            moved(session, before, after)
        assert refused.value.code == code


def test_numbers_on_the_map_are_short(session, town):
    in_force, draft = town
    gives(session, draft, *neighbours(session, draft))

    [feature] = differences(session, moved(session, (in_force, None), (draft, None)))["features"]

    xy = np.array(feature["geometry"]["coordinates"][0])
    assert np.array_equal(xy, np.round(xy, 7))
