"""Rules hold from a day on for a place and all beneath; the past keeps its own; a change is foreseen."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from app.errors import Refusal
from app.models import RulePack
from app.services import rule_packs, work_days
from app.services.access import Actor, Grant, enter_scope
from app.services.fives import fives_of
from app.services.rule_packs import needed
from app.services.rules import (
    DECREE_663,
    LAW_300_500,
    PERMIT_2014,
    SHIPPED,
    Size,
    as_json,
    changed,
    from_json,
)
from tests.services.mapped import DISTRICT, PATHS, E, W
from tests.services.refusals import refused_as
from tests.services.registered import staff

TODAY = date(2026, 3, 2)
JULY = date(2026, 7, 1)


@pytest.fixture
def administrator(session, made):
    actor = staff(session, "administrator")
    enter_scope(session, actor)
    return actor


def begin(session, actor, rules, place=DISTRICT, on=JULY, code="permit-2014"):
    return rule_packs.activate(session, actor, code, place, rules, on, TODAY)


def test_where_nobody_chose_rules_the_usual_hold(session):
    found = rule_packs.in_force(session, None, TODAY)

    assert (found.rules, found.code, found.id) == (DECREE_663, "decree-663", None)


def test_rules_hold_from_their_day_on_and_the_past_keeps_its_own(session, administrator):
    pack = begin(session, administrator, PERMIT_2014)

    def at(day):
        return rule_packs.in_force(session, PATHS[W], day)

    assert at(JULY - timedelta(days=1)).rules.permit.stay_months == 6
    assert at(JULY).rules.permit.stay_days == 30
    assert at(JULY).id == pack
    assert rule_packs.rules_of(session, pack).rules == PERMIT_2014
    assert rule_packs.rules_of(session, None).rules == DECREE_663


def test_the_nearest_place_decides(session, administrator):
    begin(session, administrator, LAW_300_500, DISTRICT)
    begin(session, administrator, PERMIT_2014, W)

    def target(path):
        return rule_packs.in_force(session, path, JULY).rules.size.target

    assert [target(PATHS[place]) for place in (W, E, DISTRICT)] == [300, 400, 400]


def test_the_size_of_today_is_that_of_the_nearest_place_and_of_the_last_day(session, made):
    def from_then_on(place, target, on):
        rules = replace(DECREE_663, size=Size(target, target - 30, target + 30))
        place_id = session.scalar(text("SELECT id FROM place WHERE code = :code"), {"code": place})
        session.add(RulePack(place_id=place_id, code="decree-663", from_on=on, settings=as_json(rules)))

    assert rule_packs.size_today(session, PATHS[W]) == DECREE_663.size
    from_then_on(DISTRICT, 400, date(2025, 1, 1))
    from_then_on(DISTRICT, 500, date(2099, 1, 1))
    from_then_on(W, 250, date(2024, 1, 1))
    session.flush()

    assert rule_packs.size_today(session, PATHS[W]).target == 250
    assert rule_packs.size_today(session, PATHS[E]) == Size(400, 370, 430)


def test_of_two_that_begin_on_a_day_the_last_said_holds(session, administrator):
    begin(session, administrator, LAW_300_500)
    begin(session, administrator, PERMIT_2014)

    assert rule_packs.in_force(session, PATHS[W], JULY).rules == PERMIT_2014


def test_the_past_cannot_be_changed(session, administrator):
    yesterday = TODAY - timedelta(days=1)

    refused_as("rules_backdated", begin, session, administrator, PERMIT_2014, on=yesterday)
    refused_as("rules_too_far", begin, session, administrator, PERMIT_2014, on=date(2031, 1, 1))


def test_an_administrator_changes_no_rules_elsewhere(session, made):
    here = staff(session, "administrator", W)

    refused_as("not_in_scope", begin, session, here, PERMIT_2014, E)
    refused_as("not_in_scope", begin, session, here, PERMIT_2014, None)


def test_rules_are_taken_back_until_their_day_comes(session, administrator):
    pack, soon = (
        begin(session, administrator, PERMIT_2014),
        begin(session, administrator, LAW_300_500, on=TODAY),
    )
    now = datetime.fromisoformat("2026-03-02T12:00+08:00")
    rule_packs.withdraw(session, administrator, pack, now, TODAY)

    assert rule_packs.in_force(session, PATHS[W], JULY).id == soon
    refused_as("rules_in_force", rule_packs.withdraw, session, administrator, soon, now, TODAY)
    refused_as("not_found", rule_packs.withdraw, session, administrator, pack, now, TODAY)


def test_a_switch_of_permits_changes_days_exactly_as_the_two_rules_have_them(session, administrator):
    foreseen = rule_packs.preview(session, DISTRICT, PERMIT_2014, JULY)
    effects = {effect.name: (effect.before, effect.after) for effect in foreseen.effects}

    assert {name for name, *_ in foreseen.settings} == {
        f"permit.{name}"
        for name in (
            *("stay_days", "stay_months", "least_age_years", "ground_needed", "issue_days"),
            *("longest_issue_days", "later_years", "proof_years", "endorsement_months"),
        )
    }
    assert effects["may_ask_on"] == (date(2027, 1, 1), date(2026, 7, 31))
    assert effects["issue_due_on"] == (date(2026, 7, 16), date(2026, 7, 8))
    assert effects["endorsement_due_on"] == (date(2027, 6, 30), None)


def test_what_is_registered_is_counted_for_the_preview(session, administrator):
    """The second household of each of six grids is registered elsewhere, and lives there since 5 January."""
    wider = changed(LAW_300_500, {"staffing.floating_per_coordinator": 4, "clocks.verification_months": 6})
    foreseen = rule_packs.preview(session, DISTRICT, wider, date(2026, 3, 5))
    effects = {effect.name: (effect.before, effect.after) for effect in foreseen.effects}

    # W1 300, W2 215, W3 3, E1 0, E2 331, E3 420; E2 is told as 330 or 335
    assert effects["grids_out_of_band"] == (4 + (fives_of(session).of(331, E) > 330), 3)
    floating, to_verify = (fives_of(session).of(count, DISTRICT) for count in (6, 12))
    assert effects["coordinators_needed"] == (1, needed(floating, 4))
    assert effects["households_to_verify"] == (to_verify, to_verify)
    assert effects["residents_who_may_ask"] == (0, 0)
    thirty_days = rule_packs.preview(session, DISTRICT, PERMIT_2014, date(2026, 3, 5))
    assert {e.name: e.after for e in thirty_days.effects}["residents_who_may_ask"] == floating


def test_limits_tried_one_after_another_count_nobody(session, administrator):
    """With a coordinator for each resident, or every limit of a grid in turn, a count could be read off."""

    def foreseen(**settings):
        rules = changed(LAW_300_500, {name.replace("__", "."): value for name, value in settings.items()})
        found = rule_packs.preview(session, DISTRICT, rules, JULY).effects
        return {one.name: one.after for one in found}

    assert foreseen(staffing__floating_per_coordinator=1)["coordinators_needed"] % 5 == 0
    out = {most: foreseen(size__most=most)["grids_out_of_band"] for most in range(415, 427)}
    turns = [most for most in out if out[most] < out.get(most - 1, out[most])]  # of E3, which has 420
    assert len(turns) <= 1
    assert all(most % 5 == 0 for most in turns)
    assert out[426] < out[415]


def test_counts_keep_to_the_places_of_who_asks(session, made):
    enter_scope(session, Actor(1, "x", "X", (Grant("administrator", PATHS[W]),)))

    counted = session.scalar(text("SELECT floating_since(NULL, '2026-03-05', false)"))

    assert counted == 3


def test_the_settings_stored_are_whole_and_come_back(session, administrator):
    pack = begin(session, administrator, PERMIT_2014)
    stored = session.scalar(text("SELECT settings FROM rule_pack WHERE id = :id"), {"id": pack})

    assert from_json(stored) == PERMIT_2014
    assert [from_json(as_json(rules)) for rules in SHIPPED.values()] == list(SHIPPED.values())


def test_the_app_cannot_rewrite_rules(session, administrator):
    begin(session, administrator, PERMIT_2014)

    assert not session.scalar(text("SELECT has_table_privilege('rule_pack', 'DELETE')"))
    assert not session.scalar(text("SELECT has_column_privilege('rule_pack', 'settings', 'UPDATE')"))


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"size.target": 0}, "rule_setting_out_of_range"),
        ({"size.least": 301}, "rule_sizes_disordered"),
        ({"retention.stay_months": 25}, "rule_setting_out_of_range"),
        ({"clocks.request_days": 31}, "rule_setting_out_of_range"),
        ({"permit.stay_days": 30}, "rule_stay_twice"),
        ({"size.colour": 1}, "rule_setting_unknown"),
        ({"colour.size": 1}, "rule_setting_unknown"),
    ],
)
def test_numbers_that_cannot_be_are_refused(wish, code):
    refused_as(code, changed, DECREE_663, wish)


@pytest.mark.parametrize(
    "stored",
    [{"size": {"target": True}}, {"size": 3}, {"more": {}}, {"permit": {"later_years": ["3"]}}],
)
def test_settings_of_another_kind_are_refused(stored):
    with pytest.raises(Refusal):
        from_json(stored)


# --- Work days -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday that is worked
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # over nine days of the Spring Festival
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # a Saturday that is worked
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 3, 6), 0, date(2026, 3, 6)),
    ],
)
def test_a_clock_of_work_days_runs_over_holidays(session, day, count, due):
    assert work_days.read_calendar(session).after(day, count) == due


def test_each_year_has_its_statutory_holidays_and_as_many_made_up_days_as_announced(session):
    kept = {year: work_days.calendar_of(session, year) for year in (2025, 2026, 2027)}

    assert {year: sum(one.worked for one in days) for year, days in kept.items()} == {
        2025: 5,
        2026: 6,
        2027: 0,
    }
    assert {year: sum(not one.worked for one in days) for year, days in kept.items()} == {
        2025: 28,
        2026: 33,
        2027: 13,
    }
    assert work_days.years(session) == [(2025, False), (2026, False), (2027, True)]


def test_a_day_that_is_announced_takes_the_place_of_the_statute(session, administrator):
    administrator = replace(administrator, roles=(Grant("administrator", None),))  # of the whole deployment
    day = date(2027, 2, 8)
    work_days.keep_day(session, administrator, day, "春节", worked=False)
    session.flush()
    work_days.keep_day(session, administrator, date(2027, 2, 20), "春节", worked=True)

    calendar = work_days.read_calendar(session)

    assert calendar.works(date(2027, 2, 20))
    assert [one.provisional for one in work_days.calendar_of(session, 2027) if one.day == day] == [False]
    work_days.forget_day(session, administrator, day)
    assert work_days.read_calendar(session).works(day)
    refused_as("not_found", work_days.forget_day, session, administrator, day)
