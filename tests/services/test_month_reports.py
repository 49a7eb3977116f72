"""A monthly report is proposed from figures, edited by managers one after the other, and stays once final."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from app.errors import Refusal
from app.models import Tessellation
from app.services import board, month_reports
from app.services.heat import ground_of
from app.services.heat_guard import untold_in
from app.services.month_reports import PARTS
from app.services.periods import month_of
from app.services.shaded_map import UNTOLD, classed
from tests.services.hazardous import given_hazard
from tests.services.mapped import DISTRICT, HOUSEHOLDS, E, W, given_map
from tests.services.registered import staff

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
FEBRUARY, MARCH = date(2026, 2, 1), date(2026, 3, 1)
MINE = {language: dict.fromkeys(PARTS, f"in {language}") for language in ("en", "zh")}


@pytest.fixture
def made(session):
    made = given_map(session)
    given_hazard(session, made, "W1")
    given_hazard(session, made, "W1", closed_days=4)
    given_hazard(session, made, "E2", closed_days=6)
    return made


@pytest.fixture
def place(session, manager):
    return board.place_chosen(session, manager, DISTRICT)


def read(session, place, month=FEBRUARY, now=NOW):
    return month_reports.report(session, place, month, now, ZONE)


def save(session, actor, place, version, said=MINE):
    return month_reports.save(session, actor, place, FEBRUARY, said, version, NOW)


def finish(session, actor, place, version, month=FEBRUARY):
    month_reports.finish(session, actor, place, month, version, NOW, ZONE)


def code_of(act, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        act(*args, **kwargs)
    return caught.value.code


def test_a_proposal_says_in_both_languages_what_was_counted(session, place, made):
    proposed = read(session, place)

    assert proposed.version == 0
    assert proposed.figures["on_time"] == [1, 3]
    assert "3 hazards were reported" in proposed.words["en"]["summary"]
    assert "33.33 %" in proposed.words["en"]["summary"]
    assert "共上报隐患3件" in proposed.words["zh"]["summary"]
    assert f"{made.grids['W1'].code}（1件）" in proposed.words["zh"]["grids"]


def test_maps_shade_every_grid_in_force_by_its_count(session, place, made):
    drawn = read(session, place).figures["maps"]

    shades = {area["label"]: area["shade"] for area in drawn["reported"]["areas"]}
    assert drawn["reported"]["classes"] == [(1, 1), (2, 2)]
    assert (shades["001"], shades["005"], shades["006"]) == (2, 1, 0)
    assert [area["shade"] for area in drawn["overdue"]["areas"]].count(1) == 1
    assert len(drawn["overdue"]["areas"]) == len(made.grids)


def counted_as_grids_say(session):
    """All households of a grid live on its first plot, in a newer version of the plots."""
    newer = Tessellation(place_id=session.scalar(text("SELECT min(place_id) FROM tessellation")), version=99)
    session.add(newer)
    session.flush()
    session.execute(
        text("""
            INSERT INTO tessellation_plot (tessellation_id, plot_id, households, buildings)
            SELECT :newer, grid_plot.plot_id, CASE WHEN row_number() OVER (
                PARTITION BY grid_id ORDER BY grid_plot.plot_id
            ) = 1 THEN grid.households ELSE 0 END, 1
            FROM grid_plot JOIN grid ON grid.id = grid_plot.grid_id
        """),
        {"newer": newer.id},
    )


def test_a_grid_of_three_households_cannot_be_reckoned_from_the_sums(session, place, made):
    counted_as_grids_say(session)
    for grid in ("W2", "W3"):
        given_hazard(session, made, grid)
    figures = read(session, place).figures

    assert (HOUSEHOLDS["W3"], HOUSEHOLDS["W2"]) == (3, 215)  # beside three households the next fewest
    assert figures["overdue"] == 3
    assert [one["code"] for one in figures["worst"]] == [made.grids["W1"].code]
    for drawn in figures["maps"].values():
        shades = {area["label"]: area["shade"] for area in drawn["areas"]}
        assert (shades["002"], shades["003"]) == (UNTOLD, UNTOLD)
        assert shades["004"] == 0  # nobody lives there, and nothing is hidden
    community = board.place_chosen(session, staff(session, "leader"), W)
    kept_back = untold_in(session, ground_of(session, W, None))
    assert month_reports.untold_grids(session, community.path, kept_back) == {
        made.grids[one].code for one in ("W2", "W3")
    }


def test_a_community_of_three_households_cannot_be_reckoned_from_the_sums_of_the_others(session):
    """The district's report less that of the other community would be theirs."""
    made = given_map(session, households={**HOUSEHOLDS, "W1": 0, "W2": 0})
    counted_as_grids_say(session)
    for grid in ("W3", "E2"):
        given_hazard(session, made, grid)
    given_hazard(session, made, "W3", closed_days=2)
    leader = staff(session, "leader")
    reports = {
        code: read(session, board.place_chosen(session, leader, code)).figures for code in (DISTRICT, E)
    }
    of_all = board.board(session, board.place_called(session, DISTRICT), month_of(FEBRUARY), NOW, ZONE)

    assert reports[DISTRICT]["left_out"] == 1
    for name in (
        "open",
        "overdue",
        "reported",
        "closed_in_period",
        "kinds",
        "filed",
        "on_time",
        "median_days",
    ):
        assert reports[DISTRICT][name] == reports[E][name], name
    assert (of_all.open, reports[DISTRICT]["open"]) == (2, 1)
    assert [one["code"] for one in reports[DISTRICT]["worst"]] == [made.grids["E2"].code]


def test_a_place_of_three_households_has_no_report(session):
    given_map(session, households={**HOUSEHOLDS, "W1": 0, "W2": 0})
    community = board.place_chosen(session, staff(session, "leader"), W)

    assert code_of(read, session, community) == "report_too_few"


def test_who_saves_second_from_the_same_version_is_told(session, manager, place):
    assert save(session, manager, place, 0) == 1
    assert save(session, manager, place, 1) == 2

    assert code_of(save, session, manager, place, 1) == "report_changed"
    assert code_of(save, session, manager, place, 0) == "report_changed"
    assert read(session, place).words == MINE


def test_a_final_report_stays_as_it_is(session, manager, place, made):
    version = save(session, manager, place, 0)
    finish(session, manager, place, version)
    before = read(session, place)
    given_hazard(session, made, "W1")

    after = read(session, place)

    assert after.is_final
    assert after.figures["reported"] == before.figures["reported"] == 3
    assert code_of(save, session, manager, place, version) == "report_final"
    assert code_of(finish, session, manager, place, version) == "report_final"


def test_what_is_not_saved_or_not_over_cannot_be_final(session, manager, place):
    assert code_of(finish, session, manager, place, 0) == "report_not_saved"
    assert code_of(finish, session, manager, place, 1) == "not_found"
    assert code_of(finish, session, manager, place, 1, MARCH) == "report_month_not_over"


def test_leaders_read_and_do_not_write(session, place):
    leader = staff(session, "leader")

    assert code_of(save, session, leader, place, 0) == "not_in_scope"


def test_words_have_their_parts_and_an_end(session, manager, place):
    long = {**MINE, "en": dict.fromkeys(PARTS, "x" * 5_000)}

    assert code_of(save, session, manager, place, 0, {"en": MINE["en"]}) == "fields_malformed"
    assert code_of(save, session, manager, place, 0, long) == "report_too_long"


def test_acts_are_written_down(session, manager, place):
    finish(session, manager, place, save(session, manager, place, 0))

    acts = session.scalars(text("SELECT act FROM audit WHERE person_id = :p"), {"p": manager.person_id})
    assert set(acts) >= {"report.saved", "report.final"}


@pytest.mark.parametrize("name", ["2026-13", "2026-3", "soon", "2026-04", "0001-01", "2026-02-01"])
def test_a_month_that_is_none_is_refused(name):
    assert code_of(month_reports.month_called, name, date(2026, 3, 2)) == "month_unknown"


def test_twelve_months_are_offered_and_say_how_far_they_are(session, manager, place):
    save(session, manager, place, 0)

    found = month_reports.months(session, place.id, date(2026, 3, 2))

    assert [row.month for row in found][:3] == [MARCH, FEBRUARY, date(2026, 1, 1)]
    assert [row.version for row in found][:3] == [None, 1, None]
    assert len(found) == 12


def test_many_counts_fall_into_four_classes_without_a_hole():
    shades, classes = classed([0, *range(1, 60)])

    assert sorted(set(shades)) == [0, 1, 2, 3, 4]
    assert all(low[1] < high[0] for low, high in pairwise(classes))
    assert (classes[0][0], classes[-1][1]) == (1, 59)
