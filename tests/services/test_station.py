"""Tasks, six haves, meetings, notices, corrections, and mediation that opens to its mediator alone."""

from datetime import date, timedelta

import pytest
from psycopg2 import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.services import five_duties, mediations, rule_packs, station
from app.services.access import enter_scope
from app.services.rules import DECREE_663, changed
from app.services.station import Words
from tests.services.mapped import DISTRICT, PATHS, E, W
from tests.services.refusals import refused
from tests.services.registered import staff

TODAY = date(2026, 3, 6)  # a Friday
NOTICE = Words("停水通知", "周六停水。", "Water", "No water on Saturday.")


@pytest.fixture
def manager(session, manager):
    """The one of the folder, whose request this is."""
    enter_scope(session, manager)
    return manager


@pytest.fixture
def walker(session, coordinator):
    """The coordinator of W2, whose request this is."""
    enter_scope(session, coordinator)
    return coordinator


# --- Five duties -----------------------------------------------------------------------------------------


def test_every_grid_has_the_five_duties_with_tasks_in_both_languages(session, made):
    grid = made.map.grids["W2"].id
    zh, en = (five_duties.duties_of(session, grid, TODAY, language) for language in ("zh", "en"))

    assert [one.duty for one in zh] == ["wishes", "services", "help", "organise", "culture"]
    assert all(one.tasks and one.idle and one.last_on is None for one in zh)
    assert zh[0].tasks[0].name != en[0].tasks[0].name


@pytest.mark.parametrize(("days", "idle"), [(29, False), (30, True)])
def test_a_duty_that_rests_thirty_days_says_so(session, made, walker, days, idle):
    grid = made.map.grids["W2"].id
    task = five_duties.duties_of(session, grid, TODAY)[4].tasks[0].id
    five_duties.done(session, walker, grid, task, TODAY, TODAY)
    later = five_duties.duties_of(session, grid, TODAY + timedelta(days=days))[4]

    assert (later.idle, later.last_on) == (idle, TODAY)


@pytest.mark.parametrize(
    ("every", "today", "due"),
    [
        ("week", date(2026, 3, 8), None),  # the Sunday of that week
        ("week", date(2026, 3, 9), date(2026, 3, 15)),
        ("month", date(2026, 3, 31), None),
        ("month", date(2026, 4, 1), date(2026, 4, 30)),
        ("quarter", date(2026, 3, 31), None),
        ("quarter", date(2026, 4, 1), date(2026, 6, 30)),
    ],
)
def test_a_task_comes_again_with_its_period(every, today, due):
    assert five_duties.due_on(every, TODAY, today) == due


def test_a_task_is_written_down_by_who_answers_for_the_grid(session, made, walker, manager):
    grid, other = made.map.grids["W2"].id, made.map.grids["W1"].id
    task = five_duties.duties_of(session, grid, TODAY)[0].tasks[0].id
    tomorrow = TODAY + timedelta(days=1)

    assert refused(five_duties.done, session, walker, other, task, TODAY, TODAY) == "not_your_duty"
    assert refused(five_duties.done, session, manager, grid, task, TODAY, TODAY) == "not_your_duty"
    assert refused(five_duties.done, session, walker, grid, 0, TODAY, TODAY) == "not_found"
    assert refused(five_duties.done, session, walker, grid, task, tomorrow, TODAY) == "day_to_come"
    assert five_duties.own_grids(session, walker.person_id) == [(grid, made.map.grids["W2"].code)]


# --- Six haves -------------------------------------------------------------------------------------------


def test_of_the_six_what_nobody_looked_at_is_not_missing(session, made, manager):
    station.look(session, manager, W, "sign", None, TODAY, there=True)
    station.look(session, manager, W, "team", None, TODAY, there=False)
    station.look(session, manager, W, "sign", (b"picture", "image/jpeg"), TODAY, there=True)
    (west, east) = station.six_haves(session, PATHS[DISTRICT])

    assert (west[2].part, west[2].whole) == (1, 2)
    assert (east[2].whole, east[2].percent()) == (0, None)
    assert station.photo_of(session, west[1]["sign"].id, PATHS[W]) == (b"picture", "image/jpeg")
    assert refused(station.photo_of, session, west[1]["sign"].id, PATHS[E]) == "not_found"
    assert refused(station.look, session, manager, W, "slogan", None, TODAY, there=True) == "fields_malformed"
    assert refused(station.look, session, manager, DISTRICT, "sign", None, TODAY, there=True) == (
        "fields_malformed"
    )


# --- Meetings and notices --------------------------------------------------------------------------------


def test_minutes_are_kept(session, made, manager):
    station.keep_meeting(session, manager, W, "feedback day", TODAY, " 修路灯 ", TODAY)

    assert [(one.kind, one.minutes) for one in station.meetings(session, PATHS[DISTRICT])] == [
        ("feedback day", "修路灯")
    ]
    assert station.meetings(session, PATHS[E]) == []
    assert (
        refused(station.keep_meeting, session, manager, W, "party", TODAY, "x", TODAY) == "fields_malformed"
    )
    assert (
        refused(station.keep_meeting, session, manager, W, "meeting", TODAY, " ", TODAY) == "fields_malformed"
    )


def hang(session, actor, place=W, grid=None, words=NOTICE, days=6):
    return station.hang(session, actor, place, grid, words, TODAY, TODAY + timedelta(days=days), TODAY)


def test_a_notice_hangs_until_its_last_day_and_says_who_hung_it(session, made, manager):
    notice = hang(session, manager, grid=made.map.grids["W2"].code)
    last = TODAY + timedelta(days=6)

    assert [one.id for one in station.board(session, PATHS[W], last)] == [notice]
    assert station.board(session, PATHS[W], last + timedelta(days=1)) == []
    assert station.notice(session, notice).by == manager.name
    station.take_down(session, manager, notice)
    assert refused(station.take_down, session, manager, notice) == "not_found"


def test_a_notice_of_the_district_hangs_in_its_communities(session, made, manager):
    notice = hang(session, manager, DISTRICT)

    assert [one.id for one in station.board(session, PATHS[E], TODAY)] == [notice]


def test_a_notice_that_cannot_hang_is_refused(session, made, manager):
    elsewhere = made.map.grids["E1"].code

    assert refused(hang, session, manager, days=-1) == "notice_days"
    assert refused(hang, session, manager, days=400) == "notice_days"
    assert refused(hang, session, manager, grid=elsewhere) == "not_found"
    assert refused(hang, session, manager, words=Words("", "x")) == "fields_malformed"
    assert refused(hang, session, manager, words=Words("a", "b", "c")) == "fields_malformed"
    assert refused(hang, session, staff(session, "coordinator", E)) == "not_in_scope"


# --- Corrections -----------------------------------------------------------------------------------------


def test_the_clock_of_a_correction_runs_in_work_days_by_the_rules_it_was_sent_under(session, made, manager):
    boss = staff(session, "administrator")
    sent = station.correct(
        session, manager, W, made.building("W1").id, "房管局", "6层", "7层", date(2026, 9, 30)
    )
    quicker = changed(DECREE_663, {"clocks.correction_work_days": 1})
    rule_packs.activate(session, boss, "decree-663", DISTRICT, quicker, TODAY, TODAY)
    station.correct(session, manager, W, None, "房管局", "a", "b", TODAY)

    by_id = {one.id: one for one in station.corrections(session, PATHS[W])}
    assert by_id[sent].due_on == date(2026, 10, 13)  # over the National Day, with a Saturday worked
    assert sorted(one.due_on for one in by_id.values())[0] == date(2026, 3, 9)
    station.answer_correction(session, manager, sent, "改好了", TODAY)
    assert refused(station.answer_correction, session, manager, sent, "again", TODAY) == "not_found"
    elsewhere = made.building("E1").id
    assert refused(station.correct, session, manager, W, elsewhere, "o", "a", "b", TODAY) == "not_found"


# --- Mediation -------------------------------------------------------------------------------------------


def test_a_file_opens_to_its_mediator_and_to_nobody_else(session, made, walker, manager):
    opened = mediations.take_on(session, walker, W, "李  王", "噪音", TODAY)
    session.expunge_all()

    assert [(one.parties, one.about) for one in mediations.own(session, walker)] == [("李 王", "噪音")]
    assert mediations.own(session, manager) == []
    assert refused(mediations.close, session, manager, opened, "settled", TODAY) == "not_found"
    mediations.close(session, walker, opened, "settled", TODAY)
    assert refused(mediations.close, session, walker, opened, "settled", TODAY) == "not_found"


@pytest.mark.parametrize("parties", ["L W", "LH WW", "王某 李某", "李A 李B", "王 李 陈某 Z"])
def test_initials_are_taken(session, made, walker, parties):
    mediations.take_on(session, walker, W, parties, "噪音", TODAY)
    session.flush()

    assert [one.parties for one in mediations.own(session, walker)] == [parties]


def test_the_database_takes_no_name_for_initials(session, made, walker):
    mediations.enter(session, walker)
    with pytest.raises(DBAPIError) as caught, session.begin_nested():
        session.execute(
            text("INSERT INTO mediation (place_id, mediator_id, parties, about, opened_on)"
                 " SELECT id, :person, '王小明 李', 'x', '2026-01-01' FROM place LIMIT 1"),
            {"person": walker.person_id},
        )  # fmt: skip
    assert isinstance(caught.value.orig, errors.CheckViolation)


def test_without_saying_who_asks_the_database_shows_no_file(session, made, walker):
    mediations.take_on(session, walker, W, "李 王", "噪音", TODAY)
    session.execute(text("SELECT set_config('gridkeeper.mediator', '', true)"))

    assert session.scalar(text("SELECT count(*) FROM mediation")) == 0
    with pytest.raises(DBAPIError) as caught, session.begin_nested():
        session.execute(
            text("INSERT INTO mediation (place_id, mediator_id, parties, about, opened_on)"
                 " SELECT place_id, :person, 'A B', 'x', '2026-01-01' FROM (VALUES (1)) AS v (place_id)"),
            {"person": walker.person_id},
        )  # fmt: skip
    assert isinstance(caught.value.orig, errors.InsufficientPrivilege)


@pytest.mark.parametrize(
    "parties", ["李", "Lihua Wangwei", "", "A B C D E F G", "王伟 李", "王小明 李", "欧阳 李娜"]
)
def test_parties_stand_in_a_file_by_initials(session, made, walker, parties):
    assert refused(mediations.take_on, session, walker, W, parties, "噪音", TODAY) == "parties_not_initials"
