"""Reporting a hazard: what is written down with it, what is the same, who reads which."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from sqlalchemy import text

from app.models import Hazard
from app.services import case_photos, follow_codes, hazards
from app.services.hazards import Report, Wanted
from tests.services.cases import NOW, ZONE, picture, reported
from tests.services.mapped import DISTRICT, SIDE, SOUTH, WEST, E, W
from tests.services.refusals import refused_as
from tests.services.registered import staff

DAY = timedelta(days=1)


@pytest.fixture
def building(made):
    return made.building("W2").id


def ids(session, actor, now=NOW, **wanted):
    return [one["id"] for one in hazards.list_hazards(session, actor, Wanted(**wanted), now).hazards]


def test_a_report_writes_down_grid_community_and_coordinator_of_the_moment(
    session, made, coordinator, building
):
    told = hazards.report(
        session, coordinator, Report("gas", NOW, 2, building_id=building, site="kitchen"), NOW
    )

    row = session.get_one(Hazard, told.id)
    assert row.grid_code == told.grid_code == made.map.grids["W2"].code
    assert row.community_id == made.map.grids["W2"].community_id
    assert row.coordinator_id == coordinator.person_id
    assert (row.state, row.version, row.origin) == ("reported", 1, "coordinator")
    step = session.execute(text("SELECT act, number, to_state, person_id FROM step")).one()
    assert step == ("report", 1, "reported", coordinator.person_id)


def test_its_day_is_that_of_its_limits_in_hours_worked(session, coordinator, building):
    serious = reported(session, coordinator, building, severity=2)
    grave = reported(session, coordinator, building, severity=3)

    rows = {one: session.get_one(Hazard, one) for one in (serious, grave)}
    # severity 2: 4 + 4 + 24 hours worked from Thursday ten; severity 3: 1 + 1 + 24 by the clock on the wall
    assert rows[serious].due_at == NOW.replace(day=27, hour=10) + 5 * DAY
    assert rows[serious].stage_due_at == NOW.replace(hour=16)
    assert rows[serious].amber_at == NOW.replace(hour=12)
    assert rows[grave].due_at == NOW + timedelta(hours=26)


def test_limits_of_a_kind_go_before_those_of_all_and_those_of_the_day_before_later_ones(
    session, coordinator, building
):
    session.execute(
        text("""
            INSERT INTO hazard_limit (kind, severity, from_on, working_time, accept_hours, dispatch_hours,
                handle_hours, verify_hours)
            VALUES ('gas', 1, '2026-01-01', false, 1, 1, 1, 1), ('gas', 1, '2026-12-01', false, 9, 9, 9, 9)
        """)
    )

    due = [
        session.get_one(Hazard, reported(session, coordinator, building, kind=kind)).due_at - NOW
        for kind in ("gas", "waste")
    ]

    assert due[0] == timedelta(hours=3)
    assert due[1] > 5 * DAY


def test_a_report_sent_twice_is_one_and_another_under_its_number_is_refused(session, coordinator, building):
    sent = Report("gas", NOW, building_id=building, client_id=uuid4())
    first, second = (hazards.report(session, coordinator, sent, NOW + later) for later in (0 * DAY, DAY / 24))

    assert (first.id, first.again, second.again) == (second.id, False, True)
    assert session.scalar(text("SELECT count(*) FROM step")) == 1
    refused_as("client_id_reused", hazards.report, session, coordinator, replace(sent, kind="fire"), NOW)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"kind": "dragons"}, "hazard_kind_unknown"),
        ({"building_id": None}, "hazard_site_missing"),
        ({"lon": 113.1, "compound_id": 1}, "hazard_site_missing"),
        ({"building_id": 2**62}, "not_found"),
        ({"building_id": None, "lon": 10.0, "lat": 10.0}, "hazard_outside"),
        ({"severity": 4}, "fields_malformed"),
        ({"description": "x" * 2001}, "fields_malformed"),
        ({"reported_at": NOW + timedelta(minutes=6)}, "hazard_ahead"),
    ],
)
def test_what_cannot_be_is_refused_and_writes_nothing(session, coordinator, building, more, code):
    wanted = Report(**{"kind": "gas", "reported_at": NOW, "building_id": building, **more})

    refused_as(code, hazards.report, session, coordinator, wanted, NOW)
    assert session.scalar(text("SELECT count(*) FROM hazard")) == 0


def test_nobody_reports_where_they_have_no_role(session, made, coordinator):
    leader = staff(session, "leader", DISTRICT)

    refused_as("not_in_scope", reported, session, coordinator, made.building("E2").id)
    refused_as("not_in_scope", reported, session, leader, made.building("W2").id)


def test_a_point_is_of_the_grid_and_community_it_lies_in(session, made, manager):
    wanted = Report("street", NOW, lon=WEST + SIDE * 0.95, lat=SOUTH + SIDE / 2)

    told = hazards.report(session, manager, wanted, NOW)

    assert told.grid_code == made.map.grids["E3"].code
    assert session.get_one(Hazard, told.id).community_id == made.map.places[E].id


def test_a_compound_is_a_site_too(session, made, manager):
    compound = session.scalar(text("SELECT id FROM compound"))
    wanted = Report("exit", NOW, compound_id=compound)

    told = hazards.report(session, manager, wanted, NOW)

    assert hazards.read(session, manager, told.id, NOW)["compound"] == "柳荫里小区"


def test_the_same_kind_within_50_metres_and_7_days_may_be_the_same(session, coordinator, made, building):
    near = reported(session, coordinator, building, NOW - 6 * DAY)
    reported(session, coordinator, building, NOW - 8 * DAY)
    reported(session, coordinator, building, NOW - DAY, kind="fire")
    reported(session, coordinator, made.map.buildings["W2"][7].id, NOW - DAY)

    found = hazards.near(session, coordinator, "gas", hazards.site_of(session, building), NOW)

    assert [one["id"] for one in found] == [near]
    assert found[0]["distance_m"] < 0.01


def test_each_reads_the_cases_of_their_places(session, made, manager, coordinator):
    west, east = (reported(session, manager, made.building(grid).id) for grid in ("W2", "E2"))
    leader = staff(session, "leader", W)

    assert ids(session, manager) == [east, west]
    assert ids(session, coordinator) == ids(session, leader) == [west]
    refused_as("not_in_scope", hazards.read, session, leader, east, NOW)
    refused_as("not_in_scope", ids, session, leader, place=E)
    assert ids(session, manager, place=E) == [east]


def test_a_list_is_narrowed_and_paged_by_key(session, manager, coordinator, made, building):
    made_ids = [
        reported(session, manager, building, NOW - number * DAY, kind=kind, severity=severity)
        for number, (kind, severity) in enumerate([("gas", 1), ("fire", 1), ("gas", 3), ("gas", 2)])
    ]
    first = hazards.list_hazards(session, manager, Wanted(), NOW, most=3)

    assert ids(session, manager) == made_ids
    assert first.after == made_ids[2]
    assert ids(session, manager, after=first.after) == made_ids[3:]
    assert ids(session, manager, kinds=["gas"], severities=[2, 3]) == made_ids[2:]
    assert ids(session, manager, states=["closed"]) == ids(session, manager, is_open=False) == []
    assert ids(session, manager, grid=made.map.grids["W1"].code) == []
    assert set(ids(session, coordinator, mine=True)) == set(made_ids)
    lon, lat = WEST + SIDE / 3, SOUTH
    assert set(ids(session, manager, box=(WEST, lat, lon + SIDE / 3, lat + SIDE))) == set(made_ids)


def test_open_ones_go_by_the_day_they_are_due_page_by_page(session, manager, building):
    made_ids = [reported(session, manager, building, NOW, severity=severity) for severity in (1, 3, 2)]
    by_due = [made_ids[1], made_ids[2], made_ids[0]]
    first = hazards.list_hazards(session, manager, Wanted(is_open=True), NOW, most=2)

    assert [one["id"] for one in first.hazards] == by_due[:2]
    assert ids(session, manager, is_open=True, after=first.after) == by_due[2:]
    assert ids(session, manager, NOW + 2 * DAY, overdue=True) == [made_ids[1]]


def test_opening_a_case_is_written_down_and_held_words_are_not_told(session, coordinator, building):
    held = reported(session, coordinator, building, description="ask Mr Wang", held=True)

    seen = hazards.read(session, coordinator, held, NOW)

    assert seen["description"] == ""
    row = session.execute(text("SELECT person_id, about FROM audit WHERE act = 'hazard.read'")).one()
    assert row == (coordinator.person_id, f"hazard {held}")


def test_who_holds_the_code_follows_each_step(session, coordinator, building):
    code = follow_codes.code_of(b"key", uuid4())
    reported(session, None, building, follow_hash=follow_codes.hashed(b"key", code))

    seen = hazards.follow(session, follow_codes.hashed(b"key", code.lower()))

    assert [(step["act"], step["told"]) for step in seen["steps"]] == [("report", "")]
    assert hazards.follow(session, follow_codes.hashed(b"key", "ANOTHER")) is None


def test_the_public_reports_kinds_of_the_public_alone(session, made, building):
    session.execute(text("UPDATE hazard_kind SET by_public = false WHERE code = 'gas'"))

    refused_as("hazard_kind_unknown", reported, session, None, building, origin="public")
    assert session.get_one(Hazard, reported(session, None, building, kind="fire")).origin == "public"


def test_a_photo_is_drawn_anew_and_kept_once(session, coordinator, building):
    hazard = reported(session, coordinator, building)
    sent = picture(size=(3000, 2000))

    first, again = (case_photos.add(session, hazard, sent) for _ in range(2))

    kept = case_photos.photo(session, first)
    assert first == again
    assert kept.photo_type == "image/jpeg"
    assert max(size_of(bytes(kept.photo))) == case_photos.LONGEST_SIDE


def test_a_photo_of_the_public_is_shown_to_nobody_until_staff_have_looked(session, coordinator, building):
    hazard = reported(session, coordinator, building)
    sent = case_photos.add(session, hazard, picture(), by_public=True)

    refused_as("not_found", case_photos.photo, session, sent)
    assert hazards.read(session, coordinator, hazard, NOW)["photos"] == []


def size_of(photo):
    return Image.open(BytesIO(photo)).size


def test_times_are_told_in_the_zone_of_whoever_asks(session, coordinator, building):
    hazard = reported(session, coordinator, building)

    assert hazards.read(session, coordinator, hazard, NOW)["reported_at"].astimezone(ZONE) == NOW
