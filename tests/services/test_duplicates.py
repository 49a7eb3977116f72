"""A copy of a plan is a draft like it: same grids, same plots, on the ground of today."""

from contextlib import nullcontext

import pytest
from sqlalchemy import text

from app.errors import Refusal
from app.models import Edit, Plan
from app.services.duplicates import duplicate
from app.services.importing import store_district
from app.services.publishing import plan_faults, publish
from app.services.splitting import split_place
from app.services.wishes import Asked
from tests.services.imported import (
    BAND,
    DISTRICT,
    given_draft,
    given_plan_in_force,
    given_town,
    small_town,
    with_house,
)


def rows_of(session, plan_id):
    """What a plan is, but for ids."""
    question = text("""
        SELECT grid.code, grid.kind, grid.name, grid.households, grid.reason, grid.measures::text,
            ST_AsBinary(grid.outline)::text, array_agg(plot_id ORDER BY plot_id) AS plots,
            array_agg(micro.number ORDER BY plot_id) AS micro
        FROM grid JOIN grid_plot ON grid_plot.grid_id = grid.id
        LEFT JOIN micro_grid AS micro ON micro.id = micro_grid_id
        WHERE grid.plan_id = :plan GROUP BY grid.id ORDER BY grid.code
    """)
    return session.execute(question, {"plan": plan_id}).all()


def test_a_copy_is_what_it_was_copied_from(session, at_commit):
    first = given_plan_in_force(session).plan_id

    copy = duplicate(session, first, None)
    at_commit(session)

    assert (copy.state, copy.version, copy.slot, copy.published_at) == ("draft", 1, "A", None)
    assert rows_of(session, copy.id) == rows_of(session, first) != []
    edit = session.query(Edit).filter(Edit.plan_id == copy.id).one()
    assert (edit.kind, edit.parameters["copy_of"]) == ("split", {"plan": first, "version": 1})
    assert edit.parameters["target"] == BAND.target
    assert publish(session, copy.id, 1).retired_plan_id == first


def test_micro_grids_are_copied_too(session, at_commit):
    given_town(session)
    asked = Asked(micro={"least": 40, "most": 80})
    first = split_place(lambda: nullcontext(session), DISTRICT, BAND, 1, asked=asked)

    copy = duplicate(session, first, None)
    at_commit(session)

    assert rows_of(session, copy.id) == rows_of(session, first)
    assert any(number is not None for row in rows_of(session, copy.id) for number in row.micro)


def test_copies_take_the_slots_that_are_free(session):
    first = given_plan_in_force(session).plan_id
    taken = duplicate(session, first, None, "B")

    with pytest.raises(Refusal) as caught:
        duplicate(session, first, None, "B")
    assert (caught.value.code, caught.value.facts) == ("slot_taken", {"slot": "B", "plan": taken.id})

    assert [duplicate(session, first, None).slot for _ in range(3)] == ["A", "C", None]


def test_a_copy_of_a_plan_on_former_plots_lies_on_those_of_today(session, at_commit):
    first = given_plan_in_force(session).plan_id
    store_district(session, with_house(small_town(), 5, 5), DISTRICT)

    copy = duplicate(session, first, None)
    at_commit(session)

    source = session.get_one(Plan, first)
    assert copy.tessellation_id > source.tessellation_id
    assert copy.version == 2  # moved, as any draft
    assert plan_faults(session, copy.id) == []
    assert sum(row.households for row in rows_of(session, copy.id)) == 33 * 40


def test_a_plan_that_is_not_there_is_not_copied(session):
    given_town(session)
    given_draft(session)

    with pytest.raises(Refusal) as caught:
        duplicate(session, 10**12, None)

    assert caught.value.code == "plan_unknown"
