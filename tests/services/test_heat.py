"""The heat of hazards: which are meant, what each weighs, and that what changed is seen at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import numpy as np
import pytest
from sqlalchemy import text

from app.errors import Refusal
from app.services import hazards, heat, heat_areas
from app.services.fives import fives_of
from app.services.heat import ALL, CLOSED, OPEN, OVERDUE, STANDINGS, Wish
from app.services.heat_points import KeptPoints
from tests.services.hazardous import REPORTED, given_hazard
from tests.services.mapped import DISTRICT, SOUTH, WEST, E, W, given_map
from tests.services.registered import staff

DAY = timedelta(days=1)


def ground(session, code=DISTRICT, scope=None):
    return heat.ground_of(session, code, scope)


def wished(until: datetime, **more) -> Wish:
    return Wish(0, int(until.timestamp()), **more)


def ids(session, kept, until: datetime, *, code=DISTRICT, scope=None, **more) -> set[int]:
    points = kept.of(session)
    some = heat.chosen(kept, points, ground(session, code, scope), wished(until, **more))
    return set(points.id[some.at].tolist())


def test_hazards_are_meant_by_how_they_stand_at_the_end_of_a_time(session):
    made, kept = given_map(session), KeptPoints()
    late = given_hazard(session, made, due_days=2).id
    in_time = given_hazard(session, made, due_days=9).id
    closed = given_hazard(session, made, closed_days=3).id
    given_hazard(session, made, state="refused", closed_at=REPORTED)

    def meant(days, standing):
        return ids(session, kept, REPORTED + days * DAY, standing=standing)

    assert meant(4, OPEN) == {late, in_time}
    assert meant(4, OVERDUE) == {late}
    assert meant(4, CLOSED) == {closed}
    assert meant(4, ALL) == {late, in_time, closed}
    assert meant(2.5, OPEN) == {late, in_time, closed}  # it was closed later
    assert meant(0, ALL) == set()


def test_the_list_of_a_day_holds_what_the_heat_of_it_counts(session):
    made, kept = given_map(session), KeptPoints()
    leader = staff(session, "leader")
    for more in (
        {"due_days": 2},
        {"due_days": 9, "kind": "fire"},
        {"closed_days": 3},
        {"due_days": 1, "closed_days": 4},
        {"due_days": 1, "state": "claimed done"},
        {"due_days": 1, "state": "pending", "review_on": (REPORTED + 90 * DAY).date()},
        {"state": "refused", "closed_at": REPORTED},
        {"reported": REPORTED + 3 * DAY, "due_days": 1},
    ):
        given_hazard(session, made, **more)

    for days, standing in product((0, 2.5, 4, 12), STANDINGS):
        at = REPORTED + days * DAY
        wanted = hazards.Wanted(
            place=DISTRICT,
            is_open={OPEN: True, CLOSED: False}.get(standing),
            overdue=standing == OVERDUE,
            at=at,
        )
        listed = hazards.list_hazards(session, leader, wanted, at + DAY)

        counted = ids(session, kept, at, standing=standing)
        assert {one["id"] for one in listed.hazards} == counted, (days, standing)
        assert hazards.count(session, leader, wanted, at + DAY, 100) == len(counted)


def test_kinds_severities_times_and_places_narrow_them(session):
    made, kept = given_map(session), KeptPoints()
    gas = given_hazard(session, made, severity=3).id
    fire = given_hazard(session, made, "E2", kind="fire", reported=REPORTED + 5 * DAY).id
    until = REPORTED + 6 * DAY

    assert ids(session, kept, until, kinds=("gas",)) == {gas}
    assert ids(session, kept, until, severities=(1, 2)) == {fire}
    assert ids(session, kept, until, code=E) == {fire}
    assert ids(session, kept, until, scope=(f"{DISTRICT}.{DISTRICT}001.{W}",)) == {gas}
    points = kept.of(session)
    recent = replace(wished(until), since=int((REPORTED + DAY).timestamp()))
    assert len(heat.chosen(kept, points, ground(session), recent)) == 1


def test_a_kind_there_is_none_of_is_refused(session):
    with pytest.raises(Refusal, match="no kind of hazard “ufo”"):
        heat.check_kinds(KeptPoints().of(session).kinds, ["ufo"])


def test_weight_is_kind_by_severity_by_lateness_and_half_while_a_check_is_waited_for(session):
    made, kept = given_map(session), KeptPoints()
    given_hazard(session, made, kind="noise", severity=1, due_days=30)
    given_hazard(session, made, kind="gas", severity=3, due_days=30)
    given_hazard(session, made, kind="noise", severity=2, due_days=5)
    given_hazard(session, made, kind="noise", severity=1, due_days=30, state="claimed done")
    points = kept.of(session)

    some = heat.chosen(kept, points, ground(session), wished(REPORTED + 20 * DAY))

    assert some.weight.round(6).tolist() == [1, 3 * 4, 2 * 1.5, 0.5]


def test_a_case_whose_clock_stands_is_not_overdue(session):
    made, kept = given_map(session), KeptPoints()
    given_hazard(
        session, made, due_days=1, state="pending", review_on=datetime(2026, 3, 1, tzinfo=UTC).date()
    )
    given_hazard(session, made, due_days=1, state="verified")
    running = given_hazard(session, made, due_days=1).id

    assert ids(session, kept, REPORTED + 9 * DAY, standing=OVERDUE) == {running}


def test_the_heat_fades_when_a_case_is_closed(session):
    made, kept = given_map(session), KeptPoints()
    hazard = given_hazard(session, made)
    until = REPORTED + DAY
    before = heat.summary(kept, kept.of(session), ground(session), wished(until))

    hazard.state, hazard.closed_at = "closed", REPORTED + DAY / 2
    session.flush()

    after = heat.summary(kept, kept.of(session), ground(session), wished(until))
    assert before["hazards"] == 1
    assert before["top"] > 0
    assert (after["hazards"], after["top"], after["spots"]) == (0, 0, [])


def test_what_did_not_change_is_not_read_again(session):
    made, kept = given_map(session), KeptPoints()
    given_hazard(session, made)
    first = kept.of(session)

    assert kept.of(session) is first

    added = given_hazard(session, made, "E1").id
    assert added in kept.of(session).id


def test_every_process_has_the_same_mark_for_the_same_hazards(session):
    made, one, other = given_map(session), KeptPoints(), KeptPoints()
    given_hazard(session, made)
    one.of(session)
    given_hazard(session, made)

    assert one.of(session).mark == other.of(session).mark


def test_what_a_transaction_commits_late_is_not_missed(app_engine, root_session, session):
    """It began to write before the look and ends after it: its number is lower than what was seen."""
    made, kept = given_map(session), KeptPoints()
    given_hazard(session, made)
    kept.of(session)
    session.execute(text("SAVEPOINT later"))  # a transaction of its own, with a number of its own
    later = given_hazard(session, made).id
    session.execute(text("RELEASE SAVEPOINT later"))

    assert later in kept.of(session).id


def test_the_hottest_spot_is_where_most_weight_is(session):
    made, kept = given_map(session), KeptPoints()
    for _ in range(3):
        given_hazard(session, made, "W1", severity=3)
    given_hazard(session, made, "E3")
    points = kept.of(session)

    told = heat.summary(kept, points, ground(session), wished(REPORTED + DAY, bandwidth_m=100))

    building = made.buildings["W1"][0]
    lon, lat = session.execute(
        text("SELECT ST_X(position), ST_Y(position) FROM building WHERE id = :id"), {"id": building.id}
    ).one()
    spot = told["spots"][0]
    assert (spot["lon"], spot["lat"]) == (pytest.approx(lon, abs=3e-5), pytest.approx(lat, abs=3e-5))
    assert spot["hazards"] == 3
    assert told["top"] >= spot["density"]
    assert spot["density"] == pytest.approx(36 / (2 * np.pi * 100**2) * 10_000, rel=0.02)


def test_weeks_tell_how_many_there_were_at_their_ends(session):
    made, kept = given_map(session), KeptPoints()
    given_hazard(session, made, closed_days=10)
    given_hazard(session, made, reported=REPORTED + 7 * DAY)
    points = kept.of(session)

    told = heat.summary(kept, points, ground(session), wished(REPORTED + 15 * DAY))

    assert [week["hazards"] for week in told["weeks"][-4:]] == [0, 1, 2, 1]


def test_sites_around_a_spot_have_their_cases_the_heaviest_first(session):
    made, kept = given_map(session), KeptPoints()
    light, heavy = given_hazard(session, made, "W1"), given_hazard(session, made, "W2", severity=3)
    other = given_hazard(session, made, "W2", due_days=0.5)
    points, until = kept.of(session), REPORTED + DAY
    some = heat.chosen(kept, points, ground(session), wished(until))

    told = heat.sites(session, some, (WEST + 0.003, SOUTH + 0.006), 2000, int(until.timestamp()))

    assert [[case["id"] for case in site["cases"]] for site in told["sites"]] == [
        [other.id, heavy.id],
        [light.id],
    ]
    assert [case["overdue"] for site in told["sites"] for case in site["cases"]] == [True, False, False]
    assert (told["hazards"], told["more"]) == (3, 0)
    far = heat.sites(session, some, (WEST + 1, SOUTH), 100, int(until.timestamp()))
    assert far == {"sites": [], "hazards": 0, "more": 0}


def test_areas_have_counts_and_rates_behind_the_guard_of_five(session):
    made, kept = given_map(session), KeptPoints()
    for grid in ("W1", "W1", "W3", "E2"):
        given_hazard(session, made, grid)
    points, place = kept.of(session), ground(session)

    areas = heat_areas.areas_of(session, kept, place, "grid")
    told = heat_areas.told(kept, points, place, areas, wished(REPORTED + DAY))

    by_grid = dict(zip(("W1", "W2", "W3", "E1", "E2", "E3"), told["areas"], strict=True))
    assert {name: area["hazards"] for name, area in by_grid.items()} == {
        "W1": 2, "W2": 0, "W3": 1, "E1": 0, "E2": 1, "E3": 0,
    }  # fmt: skip
    of_331 = fives_of(session).of(331, E)  # a rate and its count would tell of the households as they are
    assert {name: area["rate"] for name, area in by_grid.items()} == {
        "W1": 6.67, "W2": 0.0, "W3": None, "E1": None, "E2": round(1000 / of_331, 2), "E3": 0.0,
    }  # fmt: skip
    assert by_grid["W1"]["class"] == len(told["bounds"]) == 2


def test_areas_of_another_level_are_places(session):
    made, kept = given_map(session), KeptPoints()
    given_hazard(session, made, "E2")
    points, place = kept.of(session), ground(session)

    areas = heat_areas.areas_of(session, kept, place, "community")
    told = heat_areas.told(kept, points, place, areas, wished(REPORTED + DAY))

    assert [(area["code"], area["hazards"]) for area in told["areas"]] == [(W, 0), (E, 1)]
    assert told["areas"][1]["rate"] == round(1000 / fives_of(session).of(751, E), 2)


def test_two_times_are_counted_beside_each_other(session):
    made, kept = given_map(session), KeptPoints()
    given_hazard(session, made, "E2")
    given_hazard(session, made, "E2", reported=REPORTED + 7 * DAY)
    given_hazard(session, made, "E2", reported=REPORTED + 8 * DAY)
    points, place = kept.of(session), ground(session)
    areas = heat_areas.areas_of(session, kept, place, "grid")
    week = Wish(int((REPORTED + 6 * DAY).timestamp()), int((REPORTED + 12 * DAY).timestamp()), ALL)

    told = heat_areas.told(kept, points, place, areas, week, before=replace(week.before, standing=ALL))

    e2 = told["areas"][4]
    assert (e2["hazards"], e2["before"]) == (2, 1)
    assert heat.top_of_change(kept, points, place, week, week.before) > 0


def test_classes_are_few_where_values_are_few_and_none_where_nothing_is():
    values = np.array([0, 0, 1, 1, 7, np.nan])

    assert heat_areas.classed(values, "natural")[0] == [1, 7]
    assert heat_areas.classed(values, "natural")[1].tolist() == [0, 0, 1, 1, 2, -1]
    assert heat_areas.classed(np.zeros(3), "quantiles") == ([], pytest.approx([0, 0, 0]))
    many = np.arange(1, 101, dtype=float)
    bounds, classes = heat_areas.classed(many, "quantiles")
    assert np.bincount(classes).tolist() == [0, 20, 20, 20, 20, 20]
    assert len(heat_areas.classed(many, "natural")[0]) == len(bounds) == 5


def test_moments_go_by_ten_minutes_and_must_not_be_empty():
    now = datetime(2026, 3, 2, 4, 3, 20, tzinfo=UTC)

    assert heat.moments(None, None, now) == (0, int(datetime(2026, 3, 2, 4, 10, tzinfo=UTC).timestamp()))
    with pytest.raises(Refusal) as caught:
        heat.moments(now + DAY, None, now)
    assert caught.value.code == "heat_time_empty"
