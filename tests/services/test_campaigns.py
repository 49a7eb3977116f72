"""Targets of campaigns: what is counted day by day, the line to the target, and who may set one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.models import Inspection, InspectionDone
from app.services import campaigns
from app.services.campaigns import Wanted
from app.services.measures import Measure
from tests.services.hazardous import given_hazard
from tests.services.mapped import DISTRICT, PATHS, E, W, given_map
from tests.services.refusals import refused_as
from tests.services.registered import staff

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, TODAY = date(2026, 2, 23), date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
GAS = Wanted("燃气清零", "No gas hazards", "closed", "gas", 80, FIRST, date(2026, 3, 4))


@pytest.fixture
def made(session):
    return given_map(session)


@pytest.fixture
def manager(session, made):
    return staff(session, "manager", DISTRICT)


def on(day, hour=12):
    return datetime(2026, 2, day, hour, tzinfo=ZONE)


def only(session, code=DISTRICT, now=NOW):
    (one,) = campaigns.standing(session, PATHS[code], now, ZONE)
    return one


def test_it_counts_what_stood_open_and_what_came_since_until_the_end_of_each_day(session, made, manager):
    given_hazard(session, made, reported=on(10), closed_days=1)  # over before it began
    given_hazard(session, made, reported=on(10), closed_days=13)  # closed on its first day
    given_hazard(session, made, reported=on(10))
    given_hazard(session, made, "E1", reported=on(24, 23), closed_days=1)
    given_hazard(session, made, reported=on(24), kind="fire")
    given_hazard(session, made, reported=on(24), closed_days=1, state="refused")
    campaigns.set_target(session, manager, DISTRICT, GAS, TODAY)

    one = only(session)

    assert one.reached == [Measure(1, 2), Measure(1, 3), *[Measure(2, 3)] * 6]
    assert [str(share) for share in one.aimed()[::9]] == ["50.0", "80.0"]
    assert one.state == "behind"  # 66.7 of 73.3 percent
    assert only(session, now=NOW + timedelta(days=5)).state == "missed"


def test_sites_count_from_the_first_time_they_were_inspected(session, made, manager):
    community = made.grids["W1"].community_id
    sites = [
        Inspection(community_id=community, about="yard", every_months=3, due_on=TODAY, ended_on=ended)
        for ended in (None, None, TODAY)
    ]
    session.add_all(sites)
    session.flush()
    for day in (FIRST - timedelta(days=3), FIRST + timedelta(days=1), TODAY):
        session.add(InspectionDone(inspection_id=sites[0].id, done_on=day, person_id=manager.person_id))
    session.flush()
    every = Wanted("全覆盖", "", "inspected", None, 50, FIRST, TODAY)
    campaigns.set_target(session, manager, DISTRICT, every, TODAY)

    one = only(session)

    assert one.reached == [Measure(0, 2), *[Measure(1, 2)] * 7]
    assert one.state == "reached"
    assert campaigns.names([one], "en") == {one.campaign.id: "全覆盖"}


def test_nothing_to_count_is_neither_all_nor_nothing(session, made, manager):
    campaigns.set_target(session, manager, DISTRICT, GAS, TODAY)

    assert only(session).state == "empty"
    assert only(session, now=NOW - timedelta(days=30)).state == "to come"


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"name_zh": " "}, "name_zh"),
        ({"name_en": "x" * 81}, "name_en"),
        ({"measure": "persons"}, "measure, kind"),
        ({"kind": "births"}, "kind"),
        ({"measure": "inspected"}, "kind"),
        ({"target_percent": 0}, "target"),
        ({"target_percent": 101}, "target"),
    ],
)
def test_what_cannot_be_aimed_at_is_refused_by_its_name(session, manager, changed, fields):
    wanted = Wanted(**{**vars(GAS), **changed})

    refusal = refused_as("fields_malformed", campaigns.set_target, session, manager, DISTRICT, wanted, TODAY)

    assert refusal.facts["fields"] == fields


@pytest.mark.parametrize(
    ("first", "last"),
    [(TODAY, TODAY), (FIRST, TODAY - timedelta(days=1)), (FIRST, FIRST + timedelta(days=367))],
)
def test_a_campaign_has_days_of_which_the_last_is_not_over(session, manager, first, last):
    wanted = Wanted(**{**vars(GAS), "from_on": first, "until_on": last})

    refused_as("campaign_days", campaigns.set_target, session, manager, DISTRICT, wanted, TODAY)


def test_who_does_not_oversee_the_place_sets_none_and_takes_none_back(session, made, manager):
    own = campaigns.set_target(session, manager, E, GAS, TODAY)
    for kind, place in (("manager", W), ("leader", W), ("coordinator", E)):
        other = staff(session, kind, place)
        refused_as("not_in_scope", campaigns.set_target, session, other, E, GAS, TODAY)
        refused_as("not_in_scope", campaigns.take_back, session, other, own)
    assert campaigns.standing(session, PATHS[W], NOW, ZONE) == []

    campaigns.take_back(session, staff(session, "leader", E), own)

    assert session.scalar(text("SELECT count(*) FROM campaign")) == 0
    refused_as("not_found", campaigns.take_back, session, manager, own)
    told = session.scalars(text("SELECT act FROM audit WHERE act LIKE 'campaign.%' ORDER BY id")).all()
    assert told == ["campaign.set", "campaign.taken_back"]
