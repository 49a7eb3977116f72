"""The life of a case: every act in every state and mechanism, who may, what it needs, and its clocks."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.models import Hazard
from app.models.hazards import MECHANISMS, OPEN, STATES
from app.services import case_clocks, case_life, case_photos, hazards
from app.services.access import Grant
from app.services.case_life import ACTS, ARCS, TABLE
from tests.services.cases import HOUR, NOW, ZONE, goes, picture, reported, said
from tests.services.mapped import DISTRICT, PATHS, E, W
from tests.services.refusals import refused_as
from tests.services.registered import on_duty, staff

DAY = timedelta(days=1)
# What may be done in each state, mechanism by mechanism where they differ: o(rdinary), c(oordination),
# e(mergency), a(pproval). Written out once more, by hand, beside the table of the code.
LIFE = {
    "reported": "accept:oca call:e classify refuse duplicate on_the_spot:o supervise",
    "accepted": "file:oea meet:c call:e classify refuse duplicate on_the_spot:o pend supervise",
    "filed": "dispatch:oce hand_up:a duplicate pend supervise",
    "dispatched": "begin:oce track:a return pend supervise",
    "handling": "claim:oce track:a answer:a return pend supervise",
    "claimed done": "verify:oce tell:a fail supervise",
    "verified": "close supervise",
    "closed": "evaluate reopen",
    "evaluated": "reopen",
    "returned": "dispatch:oce hand_up:a pend supervise",
    "rework": "begin:oce track:a dispatch:oce hand_up:a pend supervise",
    "pending": "resume supervise",
    "refused": "",
    "duplicate": "",
}
# How to come to each state, in each mechanism.
ROADS = {
    "ordinary": "accept file dispatch begin claim verify close evaluate",
    "coordination": "accept meet dispatch begin claim verify close evaluate",
    "emergency": "call file dispatch begin claim verify close evaluate",
    "approval": "accept file hand_up track answer tell close evaluate",
}
ASIDE = {"refused": "refuse", "returned": "return", "rework": "fail", "pending": "pend"}
FROM = {"refused": "reported", "returned": "dispatched", "rework": "claimed done", "pending": "accepted"}


@pytest.fixture
def leader(session, made):
    return staff(session, "leader", DISTRICT)


@pytest.fixture
def other(session, made):
    actor = staff(session, "coordinator", E)
    on_duty(session, actor, made, "W3")
    return staff_of(actor, W)


def staff_of(actor, code):
    """The same person with a role for another place."""
    return replace(actor, roles=(*actor.roles, Grant("coordinator", PATHS[code])))


@pytest.fixture
def building(made):
    return made.building("W2").id


def may(state):
    """(act, mechanism) that LIFE has for a state."""
    found = set()
    for word in LIFE[state].split():
        act, _, letters = word.partition(":")
        found |= {(act, one) for one in MECHANISMS if not letters or one[0] in letters}
    return found


def brought_to(session, actor, building, state, mechanism):
    """A case in a state, whichever way leads there."""
    hazard = reported(session, actor, building, mechanism=mechanism)
    if state == "duplicate":
        goes(session, actor, hazard, "duplicate", of=reported(session, actor, building))
        return hazard
    wanted = FROM.get(state, state)
    for act in ROADS[mechanism].split():
        if session.get_one(Hazard, hazard).state == wanted:
            break
        goes(session, actor, hazard, act)
    if state in ASIDE:
        goes(session, actor, hazard, ASIDE[state])
    assert session.get_one(Hazard, hazard).state == state
    return hazard


def test_the_table_of_the_code_is_the_one_written_here():
    coded = {
        state: {(arc.act, one) for (at, _), arc in TABLE.items() if at == state for one in arc.mechanisms}
        for state in STATES
    }

    assert coded == {state: may(state) for state in STATES}
    assert set(LIFE) == set(STATES)


@pytest.mark.parametrize("state", STATES)
def test_every_act_in_every_state_does_what_the_table_says_or_is_refused(
    session, manager, leader, building, state
):
    for mechanism in MECHANISMS:
        hazard = brought_to(session, manager, building, state, mechanism)
        another = reported(session, manager, building)
        for act in ACTS:
            kept = session.begin_nested()
            who = leader if act == "supervise" else manager
            told = {"of": another} if act == "duplicate" else {}
            if (act, mechanism) in may(state):
                assert_it_goes(session, who, hazard, state, act, told)
            else:
                assert_it_is_refused(session, who, hazard, state, act, told)
            kept.rollback()
            session.expire_all()


def assert_it_goes(session, who, hazard, state, act, told):
    row = goes(session, who, hazard, act, **told)

    expected = {"same": state, "back": "accepted"}.get(TABLE[state, act].to, TABLE[state, act].to)
    assert (row.state, act) == (expected, act)
    steps = "SELECT act, from_state, to_state, number FROM step WHERE hazard_id = :id ORDER BY number"
    last = session.execute(text(steps), {"id": hazard}).all()[-1]
    assert last == (act, state, expected, row.version)


def assert_it_is_refused(session, who, hazard, state, act, told):
    if act == "on_the_spot":
        case_photos.add(session, hazard, picture("green"), "after")
    version = session.get_one(Hazard, hazard).version

    code = "case_mechanism" if (state, act) in TABLE else "case_not_now"
    refused_as(code, case_life.act, session, who, hazard, act, version, said(act, **told), NOW)
    assert session.get_one(Hazard, hazard).version == version


def test_who_has_not_the_role_for_the_place_is_refused(session, made, manager, leader, coordinator):
    elsewhere = reported(session, manager, made.building("E2").id)
    stranger = staff(session, "manager", W)
    for act in ACTS:
        who = next(arc.who for arc in ARCS if arc.act == act)
        others = [stranger, coordinator] if "leader" in who else [stranger, coordinator, leader]
        for other in others:
            refused_as("not_in_scope", case_life.act, session, other, elsewhere, act, 1, said(act), NOW)


def test_what_an_act_needs_must_be_told(session, manager, leader, building):
    for arc in ARCS:
        for needed in set(arc.needs) - {"photo"}:
            hazard = brought_to(session, manager, building, arc.states[0], sorted(arc.mechanisms)[-1])
            version = session.get_one(Hazard, hazard).version
            without = case_life.Said("", "", {**said(arc.act, of=1).facts, needed: None})
            who = leader if arc.act == "supervise" else manager

            refusal = refused_as(
                "case_fact_missing", case_life.act, session, who, hazard, arc.act, version, without, NOW
            )
            assert refusal.facts["fact"] == needed


def test_on_the_spot_needs_a_photo_of_the_work_and_closes_at_once(session, coordinator, building):
    hazard = reported(session, coordinator, building)
    case_photos.add(session, hazard, picture("red"), "before")

    refused_as(
        "case_photo_missing", case_life.act, session, coordinator, hazard, "on_the_spot", 1, said(""), NOW
    )
    row = goes(session, coordinator, hazard, "on_the_spot")

    assert (row.state, row.closed_at, row.done_by) == ("closed", NOW, coordinator.person_id)
    assert session.scalar(text("SELECT count(*) FROM hazard_photo WHERE step_id IS NOT NULL")) == 1


def test_a_grave_hazard_is_closed_only_after_another_person_has_looked(
    session, manager, coordinator, other, building
):
    hazard = reported(session, coordinator, building, severity=3)
    case_photos.add(session, hazard, picture(), "after")
    refused_as(
        "case_grave_not_on_the_spot",
        *(case_life.act, session, coordinator, hazard, "on_the_spot", 1, said(""), NOW),
    )
    goes(session, manager, hazard, "accept", "file", "dispatch")
    done = goes(session, coordinator, hazard, "begin", "claim")

    refused_as(
        "case_recheck_by_another",
        *(case_life.act, session, coordinator, hazard, "verify", done.version, said(""), NOW),
    )
    goes(session, other, hazard, "verify")
    row = goes(session, manager, hazard, "close")

    assert (row.state, row.done_by, row.checked_by) == ("closed", coordinator.person_id, other.person_id)


def test_a_grave_hazard_is_not_checked_by_whoever_was_handed_or_began_it(
    session, manager, coordinator, other, building
):
    hazard = reported(session, coordinator, building, severity=3)
    goes(session, manager, hazard, "accept", "file")
    goes(session, manager, hazard, "dispatch", handler_id=coordinator.person_id)
    goes(session, other, hazard, "begin")
    done = goes(session, manager, hazard, "claim")

    for worker in (coordinator, other, manager):
        refused_as(
            "case_recheck_by_another",
            *(case_life.act, session, worker, hazard, "verify", done.version, said(""), NOW),
        )
    third = staff(session, "manager", W)
    row = goes(session, third, hazard, "verify")
    row.checked_by = coordinator.person_id
    refused_as(
        "case_recheck_by_another",
        *(case_life.act, session, manager, hazard, "close", row.version, said(""), NOW),
    )
    row.checked_by = third.person_id
    assert goes(session, manager, hazard, "close").state == "closed"


def test_what_a_fast_phone_reported_is_over_no_earlier_than_it_was_reported(session, manager, building):
    fast = NOW + timedelta(minutes=4)
    wanted = hazards.Report("gas", fast, building_id=building)
    hazard = hazards.report(session, manager, wanted, NOW).id

    row = goes(session, manager, hazard, "refuse")

    assert (row.state, row.closed_at) == ("refused", fast)


def test_a_case_somebody_changed_meanwhile_is_not_changed_again(session, manager, building):
    hazard = reported(session, manager, building)
    goes(session, manager, hazard, "accept")

    refusal = refused_as("hazard_changed", case_life.act, session, manager, hazard, "file", 1, said(""), NOW)

    assert refusal.facts == {"hazard": hazard, "yours": 1, "current": 2}


def test_an_emergency_is_called_first_and_filed_within_an_hour(session, manager, coordinator, building):
    hazard = reported(session, coordinator, building, mechanism="emergency")
    called = goes(session, coordinator, hazard, "call", now=NOW + HOUR / 4)

    assert called.stage_due_at == NOW + HOUR
    filed = goes(session, manager, hazard, "file", now=NOW + HOUR * 2)
    facts = session.scalar(text("SELECT facts FROM step WHERE act = 'file'"))
    assert facts == {"within_an_hour": False}
    assert filed.stage_due_at == NOW + HOUR * 2 + HOUR * 8  # by the clock on the wall


def test_an_emergency_sorted_so_after_it_was_accepted_is_not_filed_before_somebody_is_called(
    session, manager, coordinator, building
):
    hazard = reported(session, coordinator, building)
    goes(session, manager, hazard, "accept")
    row = goes(session, manager, hazard, "classify", mechanism="emergency")

    refused_as("case_call_first", case_life.act, session, manager, hazard, "file", row.version, said(""), NOW)
    called = goes(session, coordinator, hazard, "call")

    assert (called.state, called.stage_due_at) == ("accepted", NOW + HOUR)
    assert goes(session, manager, hazard, "file").state == "filed"


def test_sorting_anew_gives_the_clocks_it_would_have_had(session, manager, building):
    hazard = reported(session, manager, building)
    before = session.get_one(Hazard, hazard).due_at

    row = goes(session, manager, hazard, "classify", now=NOW + HOUR, severity=3, mechanism="emergency")

    assert before > row.due_at == NOW + HOUR * 26
    assert (row.state, row.severity, row.mechanism) == ("reported", 3, "emergency")
    assert row.stage_due_at == NOW + HOUR


def test_filing_does_not_start_the_clock_of_handing_out_anew_but_a_failed_check_does(
    session, manager, building
):
    hazard = reported(session, manager, building)
    accepted = goes(session, manager, hazard, "accept").stage_due_at
    filed = goes(session, manager, hazard, "file", now=NOW + HOUR).stage_due_at
    handed = goes(session, manager, hazard, "dispatch", now=NOW + HOUR).stage_due_at
    begun = goes(session, manager, hazard, "begin", now=NOW + DAY).stage_due_at
    goes(session, manager, hazard, "claim", now=NOW + DAY)
    again = goes(session, manager, hazard, "fail", now=NOW + DAY * 5)

    assert (accepted, handed) == (filed, begun)
    assert again.stage_due_at > handed
    assert (again.reworked, again.state) == (1, "rework")


def test_the_clock_stands_while_a_case_is_pending_and_each_stop_is_written_down(session, manager, building):
    hazard = reported(session, manager, building)
    goes(session, manager, hazard, "accept", "file")
    due = session.get_one(Hazard, hazard).due_at
    stopped = goes(session, manager, hazard, "pend", now=NOW + HOUR)

    assert (stopped.stage_due_at, case_clocks.colour(stopped, NOW + DAY * 30)) == (None, "stands")
    assert list_overdue(session, manager, NOW + DAY * 30) == []
    again = goes(session, manager, hazard, "resume", now=NOW + HOUR + DAY * 7)
    assert again.state == "filed"
    assert again.due_at == due + DAY * 7  # a week has as many hours worked as the other
    stops = session.execute(text("SELECT from_at, until_at, why FROM clock_stop")).all()
    assert stops == [(NOW + HOUR, NOW + HOUR + DAY * 7, "no parts")]


def test_what_was_over_before_it_was_pending_stays_over(session, manager, building):
    hazard = reported(session, manager, building)
    goes(session, manager, hazard, "accept", "file")
    due = session.get_one(Hazard, hazard).due_at
    goes(session, manager, hazard, "pend", now=due + DAY)

    again = goes(session, manager, hazard, "resume", now=due + DAY * 20)

    assert again.due_at == due
    assert list_overdue(session, manager, due + DAY * 20) == [hazard]


def test_a_stage_that_was_over_before_it_was_pending_stays_over_and_is_not_told_again(
    session, manager, building
):
    hazard = reported(session, manager, building)
    accepted = goes(session, manager, hazard, "accept")
    ends, late = (accepted.stage_due_at, accepted.amber_at), NOW + DAY * 5
    assert case_clocks.escalate(session, late) == 1
    session.expire_all()
    stopped = goes(session, manager, hazard, "pend", now=late)
    assert (stopped.stage_due_at, stopped.escalated_at) == (None, None)

    again = goes(session, manager, hazard, "resume", now=late + DAY * 7)

    assert (again.stage_due_at, again.amber_at) == ends
    assert (again.escalated_at, case_clocks.colour(again, late + DAY * 7)) == (late, "red")
    assert case_clocks.escalate(session, late + DAY * 30) == 0


def test_amber_that_was_there_before_it_was_pending_is_there_afterwards(session, manager, building):
    hazard = reported(session, manager, building)
    accepted = goes(session, manager, hazard, "accept")
    amber, due = accepted.amber_at, accepted.stage_due_at
    goes(session, manager, hazard, "pend", now=amber + HOUR / 2)

    again = goes(session, manager, hazard, "resume", now=amber + HOUR / 2 + DAY * 7)

    assert (again.amber_at, again.stage_due_at) == (amber, due + DAY * 7)


def test_sorting_anew_gives_back_the_time_a_case_was_pending(session, manager, building):
    stopped, never = (reported(session, manager, building) for _ in range(2))
    for hazard in (stopped, never):
        goes(session, manager, hazard, "accept")
    goes(session, manager, stopped, "pend", now=NOW + HOUR)
    goes(session, manager, stopped, "resume", now=NOW + HOUR + DAY * 7)
    later = NOW + HOUR * 2 + DAY * 7

    one, other = (
        goes(session, manager, hazard, "classify", now=later, severity=2) for hazard in (stopped, never)
    )

    week = [getattr(one, name) - getattr(other, name) for name in ("due_at", "stage_due_at", "amber_at")]
    assert week == [DAY * 7] * 3  # as many hours worked in a week as in the other


def test_a_stop_after_a_clock_was_over_gives_it_nothing_back(session, manager, building):
    hazard = reported(session, manager, building)
    goes(session, manager, hazard, "accept")
    goes(session, manager, hazard, "pend", now=NOW + DAY * 30)
    goes(session, manager, hazard, "resume", now=NOW + DAY * 37)

    row = goes(session, manager, hazard, "classify", now=NOW + DAY * 37, severity=3)

    assert row.due_at == NOW + HOUR * 26  # by the clock on the wall
    assert case_clocks.colour(row, NOW + DAY * 37) == "red"


def test_a_case_is_reopened_within_thirty_days_with_a_new_day(session, manager, building):
    hazard = reported(session, manager, building)
    closed = goes(session, manager, hazard, "accept", "file", "dispatch", "begin", "claim", "verify", "close")
    version = closed.version

    late = NOW + DAY * 30 + HOUR
    refused_as(
        "case_reopened_late",
        *(case_life.act, session, manager, hazard, "reopen", version, said("reopen"), late),
    )
    again = goes(session, manager, hazard, "reopen", now=NOW + DAY * 30)

    assert (again.state, again.closed_at, again.done_at, again.reopened) == ("filed", None, None, 1)
    assert again.due_at > NOW + DAY * 30


def test_a_duplicate_points_to_another_case_that_is_none(session, manager, building):
    first, second, third = (reported(session, manager, building) for _ in range(3))
    act = (case_life.act, session, manager)

    refused_as("case_duplicate_of", *act, second, "duplicate", 1, said("", of=second), NOW)
    refused_as("case_duplicate_of", *act, second, "duplicate", 1, said("", of=2**62), NOW)
    goes(session, manager, second, "duplicate", of=first)
    refused_as("case_duplicate_of", *act, third, "duplicate", 1, said("", of=second), NOW)
    refused_as("case_duplicate_of", *act, first, "duplicate", 1, said("", of=third), NOW)


def test_a_duplicate_of_what_is_over_is_refused(session, manager, building):
    for act in ("refuse", "on_the_spot"):
        over = reported(session, manager, building)
        goes(session, manager, over, act)
        hazard = reported(session, manager, building)

        refused_as(
            "case_duplicate_of",
            *(case_life.act, session, manager, hazard, "duplicate", 1, said("", of=over), NOW),
        )


def test_a_pending_case_is_looked_at_again_within_half_a_year(session, manager, building):
    hazard = reported(session, manager, building)
    goes(session, manager, hazard, "accept")
    last = NOW.date() + DAY * 180

    refusal = refused_as(
        "case_review_late",
        *(case_life.act, session, manager, hazard, "pend", 2, said("pend", review_on=last + DAY), NOW),
    )

    assert refusal.facts["days"] == 180
    assert goes(session, manager, hazard, "pend", review_on=last).review_on == last


def test_a_pending_case_nobody_looked_at_again_is_told_upwards_once(session, manager, building):
    hazard = reported(session, manager, building)
    goes(session, manager, hazard, "accept")
    row = goes(session, manager, hazard, "pend", review_on=NOW.date() + DAY * 3)

    told = [case_clocks.escalate(session, NOW + DAY * days) for days in (3, 4, 5)]

    assert told == [0, 1, 0]
    session.expire_all()
    step = hazards.read(session, manager, hazard, NOW + DAY * 5)["steps"][-1]
    assert (step["act"], step["to_state"], step["person"]) == ("escalated", "pending", None)
    assert step["facts"] == {"review_on": "2026-11-29"}
    row = goes(session, manager, hazard, "resume", now=NOW + DAY * 5)
    assert (row.escalated_at, case_clocks.escalate(session, NOW + DAY * 30)) == (None, 1)


def test_a_pending_case_is_looked_at_again_on_a_later_day(session, manager, building):
    hazard = reported(session, manager, building)
    goes(session, manager, hazard, "accept")

    refused_as(
        "case_review_past",
        *(case_life.act, session, manager, hazard, "pend", 2, said("pend", review_on=NOW.date()), NOW),
    )


def test_a_stage_that_is_over_is_told_upwards_once(session, manager, building):
    hazard = reported(session, manager, building)
    row = session.get_one(Hazard, hazard)
    colours = [case_clocks.colour(row, NOW + HOUR * hours) for hours in (0, 6, 47)]
    before = case_clocks.escalate(session, NOW + HOUR)

    told = [case_clocks.escalate(session, NOW + DAY * 2) for _ in range(2)]

    assert (colours, before, told) == (["green", "amber", "red"], 0, [1, 0])
    session.expire_all()
    seen = hazards.read(session, manager, hazard, NOW + DAY * 2)
    assert [(step["act"], step["person"]) for step in seen["steps"]][1:] == [("escalated", None)]
    assert (seen["version"], seen["escalated_at"]) == (2, NOW + DAY * 2)
    goes(session, manager, hazard, "accept", now=NOW + DAY * 2)
    assert case_clocks.escalate(session, NOW + DAY * 3) == 0
    assert case_clocks.escalate(session, NOW + DAY * 9) == 1


def test_a_clock_over_the_national_day_stands_seven_days(session, manager, building):
    before = datetime(2026, 9, 30, 17, tzinfo=ZONE)
    hazard = reported(session, manager, building, before)

    row = session.get_one(Hazard, hazard)

    assert row.stage_due_at == datetime(2026, 10, 8, 17, tzinfo=ZONE)  # 8 hours: one worked on the eve
    # 56 hours: the eve 1, 8 and 9 October 16, Saturday the tenth 8, then 12, 13, 14 October 24, 15: 7
    assert row.due_at == datetime(2026, 10, 15, 17, tzinfo=ZONE)


def test_the_steps_tell_whoever_reported(session, manager, building):
    hazard = reported(session, manager, building, follow_hash=b"x")
    goes(session, manager, hazard, "accept", "file")
    row = session.get_one(Hazard, hazard)
    told = case_life.Said("for us", "the gas office comes on Friday", {"office": "gas office"})
    case_life.act(session, manager, hazard, "dispatch", row.version, told, NOW)

    seen = hazards.follow(session, b"x")

    assert [(one["act"], one["told"]) for one in seen["steps"]] == [
        ("report", ""),
        ("accept", ""),
        ("file", ""),
        ("dispatch", "the gas office comes on Friday"),
    ]


def list_overdue(session, actor, now):
    wanted = hazards.Wanted(overdue=True)
    return [one["id"] for one in hazards.list_hazards(session, actor, wanted, now).hazards]


def test_every_open_state_can_be_supervised_and_no_other():
    assert {state for state, act in TABLE if act == "supervise"} == set(OPEN)
