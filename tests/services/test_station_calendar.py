"""A month of a station: what has its day, counted, and nobody named."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text

from app.models import Inspection
from app.services import five_duties, inspections, station
from app.services import station_calendar as calendar
from app.services.access import enter_scope
from app.services.station import Words
from tests.services.mapped import DISTRICT, PATHS, W
from tests.services.registered import staff

NOW = datetime(2026, 3, 6, 9, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Friday
TODAY, MARCH = NOW.date(), date(2026, 3, 1)


def of(session, actor, kind, path=DISTRICT, month=MARCH):
    """Day of the month, how many of how many and what, of one kind."""
    enter_scope(session, actor)
    found = calendar.dated(session, actor, PATHS[path], month, NOW)
    return [
        (day.day, one.n, one.whole, one.what)
        for day in sorted(found)
        for one in found[day]
        if one.kind == kind
    ]


def test_every_friday_that_is_worked_is_a_feedback_day_until_minutes_are_kept(session, made, manager):
    text_of = "INSERT INTO calendar_day (day, worked, name) VALUES ('2026-03-13', false, '停工日')"
    session.execute(text(text_of))
    station.keep_meeting(session, manager, W, "feedback day", TODAY, "修灯", TODAY)
    station.keep_meeting(session, manager, W, "meeting", TODAY, "分工", TODAY)

    assert of(session, manager, "feedback") == [(20, 0, 0, ""), (27, 0, 0, "")]
    assert of(session, manager, "feedback-kept") == [(6, 1, 0, "")]
    assert of(session, manager, "meeting") == [(6, 1, 0, "")]
    assert of(session, manager, "holiday") == [(13, 0, 0, "停工日")]


def test_tasks_end_with_their_week_month_and_quarter_counted_over_grids(session, made, coordinator, manager):
    grid = made.map.grids["W2"].id
    weekly = five_duties.duties_of(session, grid, TODAY)[0].tasks[0].id
    enter_scope(session, coordinator)
    five_duties.done(session, coordinator, grid, weekly, TODAY, TODAY)
    a_grid = [one.every for one in five_duties.done_in(session, PATHS[W], [
        (every, *five_duties.period_of(every, TODAY)) for every in ("week", "month", "quarter")
    ], coordinator.person_id)]  # fmt: skip
    weeks, months, quarters = (a_grid.count(every) for every in ("week", "month", "quarter"))

    assert of(session, coordinator, "tasks") == [
        (1, 0, weeks, "week"), (8, 1, weeks, "week"), (31, 0, months, "month"), (31, 0, quarters, "quarter")
    ]  # fmt: skip
    assert [one[:3] for one in of(session, coordinator, "tasks-ahead")] == [
        (day, 0, weeks) for day in (15, 22, 29)
    ]
    assert of(session, manager, "tasks")[1] == (8, 1, 6 * weeks, "week")


def test_zero_reports_and_the_quarter_have_their_days(session, made, coordinator, manager):
    assert of(session, manager, "zero-until") == [(5, 0, 6, "")]
    assert of(session, coordinator, "zero-until") == [(5, 0, 1, "")]
    assert of(session, coordinator, "zero-from") == [(27, 0, 0, "")]
    assert of(session, manager, "verification") == [(31, 3, 0, "")]
    assert of(session, manager, "verification", month=date(2026, 4, 1)) == []


def test_inspections_corrections_and_notices_are_counted_and_name_no_firm(session, made, manager):
    building = made.building("W1")
    place = session.scalar(text("SELECT id FROM place WHERE code = :code"), {"code": W})
    given = {"community_id": place, "every_months": 1}
    looked = Inspection(building_id=building.id, about="消防通道", due_on=date(2026, 3, 3), **given)
    other = Inspection(
        building_id=made.building("W2").id, about="消防通道", due_on=date(2026, 3, 20), **given
    )
    session.add_all([looked, other])
    session.flush()
    station.correct(session, manager, W, None, "房管局", "6", "7", TODAY)
    station.hang(session, manager, W, None, Words("停水", "周六"), TODAY, date(2026, 3, 7), TODAY)

    assert of(session, manager, "inspections-late") == [(3, 1, 0, "消防通道")]
    assert of(session, manager, "inspections") == [(20, 1, 0, "消防通道")]
    assert of(session, manager, "corrections") == [(13, 1, 0, "")]
    assert of(session, manager, "notice") == [(6, 1, 0, "")]
    assert of(session, manager, "notice-ends") == [(7, 1, 0, "")]
    inspections.done(session, manager, looked.id, TODAY, TODAY)
    assert of(session, manager, "inspections-done") == [(6, 1, 0, "消防通道")]
    leader = staff(session, "leader")
    assert of(session, leader, "inspections") == []
    assert of(session, leader, "corrections") == [(13, 1, 0, "")]
