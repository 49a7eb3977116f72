"""A draft comes into force: checked, the former plan retired, duties passed on by grid code."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Range

from app.errors import Refusal
from app.models import Duty, Grid, Person, Plan
from app.services.micro_grids import micro_faults
from app.services.publishing import newest_draft, plan_faults, publish, version_of
from app.services.splitting import split_place
from app.services.wishes import Asked
from tests.services.imported import BAND, DISTRICT, given_draft, given_plan_in_force, given_town
from tests.services.refusals import refused

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def codes_of(session, plan_id):
    return {grid.code: grid.id for grid in session.scalars(select(Grid).where(Grid.plan_id == plan_id)).all()}


def given_duty(session, grid_id, during, name="李明", kind="primary"):
    person = Person(account=f"p{grid_id}{kind}", name=name)
    session.add(person)
    session.flush()
    session.add(Duty(grid_id=grid_id, person_id=person.id, kind=kind, during=during))
    session.flush()
    return person


def duties_of(session, person):
    found = select(Duty).where(Duty.person_id == person.id).order_by(Duty.id)
    session.expire_all()
    return [(duty.grid_id, duty.during) for duty in session.scalars(found)]


def test_the_first_plan_comes_into_force(session, at_commit):
    given_town(session)
    plan_id = given_draft(session)

    done = publish(session, plan_id, 1)
    at_commit(session)

    plan = session.get_one(Plan, plan_id)
    assert (plan.state, plan.published_at is not None) == ("published", True)
    assert (done.retired_plan_id, done.duties_kept, done.duties_ended) == (None, 0, 0)
    assert done.vacant == len(codes_of(session, plan_id))


def test_the_former_plan_is_retired(session, at_commit):
    former = given_plan_in_force(session).plan_id

    done = publish(session, given_draft(session, seed=2), 1)
    at_commit(session)

    session.expire_all()
    assert done.retired_plan_id == former
    assert session.get_one(Plan, former).state == "retired"
    assert session.get_one(Plan, former).retired_at == session.get_one(Plan, done.plan_id).published_at


def test_duties_pass_on_by_grid_code(session):
    former = given_plan_in_force(session).plan_id
    code, old = next(iter(codes_of(session, former).items()))
    primary = given_duty(session, old, Range(LONG_AGO, None))
    deputy = given_duty(session, old, Range(LONG_AGO, None), kind="deputy")

    done = publish(session, given_draft(session), 1)

    new, moment = codes_of(session, done.plan_id)[code], session.get_one(Plan, done.plan_id).published_at
    expected = [(old, Range(LONG_AGO, moment)), (new, Range(moment, None))]
    assert duties_of(session, primary) == duties_of(session, deputy) == expected
    assert (done.duties_kept, done.duties_ended) == (2, 0)
    assert done.vacant == len(codes_of(session, done.plan_id)) - 1


def test_a_duty_that_was_to_end_still_ends_then(session):
    former = given_plan_in_force(session).plan_id
    _, old = next(iter(codes_of(session, former).items()))
    until = datetime.now(UTC) + timedelta(days=30)
    person = given_duty(session, old, Range(LONG_AGO, until))

    publish(session, given_draft(session), 1)

    assert duties_of(session, person)[-1][1].upper == until


def test_duties_of_grids_that_are_no_more_end(session):
    former = given_plan_in_force(session).plan_id
    draft = given_draft(session)
    code, old = next(iter(codes_of(session, former).items()))
    session.execute(
        text("UPDATE grid SET code = '999' WHERE plan_id = :p AND code = :c"), {"p": draft, "c": code}
    )
    person = given_duty(session, old, Range(LONG_AGO, None))
    over = given_duty(session, old, Range(LONG_AGO, LONG_AGO + timedelta(days=9)), kind="deputy")

    done = publish(session, draft, 1)

    assert (done.duties_kept, done.duties_ended) == (0, 1)
    assert [during.upper is None for _, during in duties_of(session, person)] == [False]
    assert duties_of(session, over) == [(old, Range(LONG_AGO, LONG_AGO + timedelta(days=9)))]


def test_a_duty_that_has_not_begun_goes_along(session):
    former = given_plan_in_force(session).plan_id
    code, old = next(iter(codes_of(session, former).items()))
    begins = datetime.now(UTC) + timedelta(days=10)
    person = given_duty(session, old, Range(begins, None))

    done = publish(session, given_draft(session), 1)

    assert duties_of(session, person) == [(codes_of(session, done.plan_id)[code], Range(begins, None))]


def given_deputy(session, grid_id, number, during):
    person = given_duty(session, grid_id, during, name=f"副{number}", kind="deputy")
    person.account = f"deputy-{number}"
    session.flush()
    return person


def test_all_deputies_of_a_grid_are_handed_over(session):
    former = given_plan_in_force(session).plan_id
    _, old = next(iter(codes_of(session, former).items()))
    deputies = [given_deputy(session, old, number, Range(LONG_AGO, None)) for number in range(3)]
    later = given_deputy(session, old, 3, Range(datetime.now(UTC) + timedelta(days=10), None))

    done = publish(session, given_draft(session), 1)

    assert (done.duties_kept, done.duties_ended) == (4, 0)
    assert [len(duties_of(session, person)) for person in [*deputies, later]] == [2, 2, 2, 1]


def test_who_answers_now_does_so_until_the_one_planned_for_the_new_grid(session):
    former = given_plan_in_force(session).plan_id
    code, old = next(iter(codes_of(session, former).items()))
    now = given_duty(session, old, Range(LONG_AGO, None))
    draft = given_draft(session)
    new, begins = codes_of(session, draft)[code], datetime.now(UTC) + timedelta(days=10)
    planned = given_duty(session, new, Range(begins, None), name="王芳")

    done = publish(session, draft, 1)

    moment = session.get_one(Plan, draft).published_at
    assert duties_of(session, now) == [(old, Range(LONG_AGO, moment)), (new, Range(moment, begins))]
    assert duties_of(session, planned) == [(new, Range(begins, None))]
    assert (done.duties_kept, done.duties_ended) == (1, 0)


def test_a_duty_to_come_whose_grid_is_no_more_is_told(session):
    former = given_plan_in_force(session).plan_id
    draft = given_draft(session)
    code, old = next(iter(codes_of(session, former).items()))
    session.execute(
        text("UPDATE grid SET code = '999' WHERE plan_id = :p AND code = :c"), {"p": draft, "c": code}
    )
    given_duty(session, old, Range(datetime.now(UTC) + timedelta(days=10), None))

    done = publish(session, draft, 1)

    assert (done.duties_kept, done.duties_ended) == (0, 1)


# --- Who is planned --------------------------------------------------------------------------------------


def planned(session, plan_id, code, name="王芳"):
    """Somebody is planned for a grid of a draft."""
    person = Person(account=f"planned-{plan_id}-{code}", name=name)
    session.add(person)
    session.flush()
    session.execute(
        text("UPDATE grid SET planned_id = :person WHERE plan_id = :plan AND code = :code"),
        {"person": person.id, "plan": plan_id, "code": code},
    )
    return person


def test_who_is_planned_for_a_grid_takes_over_from_who_answered_for_its_code(session):
    former = given_plan_in_force(session).plan_id
    code, old = next(iter(codes_of(session, former).items()))
    before = given_duty(session, old, Range(LONG_AGO, None))
    draft = given_draft(session)
    after = planned(session, draft, code)

    done = publish(session, draft, 1)

    moment = session.get_one(Plan, draft).published_at
    assert duties_of(session, before) == [(old, Range(LONG_AGO, moment))]
    assert duties_of(session, after) == [(codes_of(session, draft)[code], Range(moment, None))]
    assert (done.duties_kept, done.duties_ended, done.duties_begun) == (0, 1, 1)
    assert done.vacant == len(codes_of(session, draft)) - 1


def test_who_answers_and_is_planned_goes_on(session):
    former = given_plan_in_force(session).plan_id
    code, old = next(iter(codes_of(session, former).items()))
    person = given_duty(session, old, Range(LONG_AGO, None))
    draft = given_draft(session)
    session.execute(
        text("UPDATE grid SET planned_id = :person WHERE plan_id = :plan AND code = :code"),
        {"person": person.id, "plan": draft, "code": code},
    )

    done = publish(session, draft, 1)

    assert (done.duties_kept, done.duties_ended, done.duties_begun) == (1, 0, 0)
    assert [during.upper is None for _, during in duties_of(session, person)] == [False, True]


def test_a_deputy_who_is_planned_as_primary_is_deputy_no_more(session):
    former = given_plan_in_force(session).plan_id
    code, old = next(iter(codes_of(session, former).items()))
    deputy = given_duty(session, old, Range(LONG_AGO, None), kind="deputy")
    draft = given_draft(session)
    session.execute(
        text("UPDATE grid SET planned_id = :person WHERE plan_id = :plan AND code = :code"),
        {"person": deputy.id, "plan": draft, "code": code},
    )

    publish(session, draft, 1)

    new = codes_of(session, draft)[code]
    kinds = session.scalars(select(Duty.kind).where(Duty.grid_id == new)).all()
    assert kinds == ["primary"]


def test_micro_grids_of_grids_that_changed_are_made_anew(session, at_commit):
    given_town(session)
    asked = Asked(micro={"least": 40, "most": 80})
    draft = split_place(lambda: nullcontext(session), DISTRICT, BAND, 1, asked=asked)
    count = "SELECT count(*) FROM micro_grid WHERE plan_id = :plan"
    had = session.scalar(text(count), {"plan": draft})
    dropped = session.execute(
        text("""
            DELETE FROM micro_grid WHERE plan_id = :plan AND grid_id IN (
                SELECT id FROM grid WHERE plan_id = :plan ORDER BY code LIMIT 2
            )
        """),
        {"plan": draft},
    ).rowcount

    publish(session, draft, 1)
    at_commit(session)

    assert 0 < dropped < had
    assert session.scalar(text(count), {"plan": draft}) == had
    assert micro_faults(session, draft) == []


# --- Refusals --------------------------------------------------------------------------------------------


def test_a_plan_that_someone_changed_is_not_published(session):
    given_town(session)
    draft = given_draft(session)
    session.execute(text("UPDATE plan SET version = 2 WHERE id = :id"), {"id": draft})

    assert refused(publish, session, draft, 1) == "plan_changed"
    assert version_of(session, draft) == 2


def test_only_drafts_are_published(session):
    done = given_plan_in_force(session)

    assert refused(publish, session, done.plan_id, 1) == "plan_not_draft"
    assert refused(publish, session, 10**12, 1) == "plan_unknown"


def test_a_grid_in_two_pieces_is_not_published(session):
    given_town(session)
    draft = given_draft(session)
    assert plan_faults(session, draft) == []
    tear(session, draft)

    assert refused(publish, session, draft, 1) == "plan_unsound"


def tear(session, plan_id):
    """Give a grid the plot of its community that is farthest away, and rewrite both outlines."""
    moved = session.execute(
        text("""
            UPDATE grid_plot SET grid_id = taker.id
            FROM (
                    SELECT id, community_id, outline FROM grid WHERE plan_id = :plan ORDER BY code LIMIT 1
                ) AS taker, LATERAL (
                    SELECT own.plot_id, own.grid_id FROM grid_plot AS own JOIN plot ON plot.id = own.plot_id
                    WHERE own.plan_id = :plan AND own.community_id = taker.community_id
                    ORDER BY ST_Distance(plot.geometry, taker.outline) DESC, plot.id LIMIT 1
                ) AS far
            WHERE grid_plot.plan_id = :plan AND grid_plot.plot_id = far.plot_id
            RETURNING far.grid_id AS giver, taker.id AS taker
        """),
        {"plan": plan_id},
    ).one()
    session.execute(
        text("""
            UPDATE grid SET outline = (
                SELECT ST_Multi(ST_Union(plot.geometry))
                FROM grid_plot JOIN plot ON plot.id = grid_plot.plot_id
                WHERE grid_plot.grid_id = grid.id
            ) WHERE id IN (:giver, :taker)
        """),
        {"giver": moved.giver, "taker": moved.taker},
    )


def test_an_outline_that_is_not_the_union_of_its_plots_is_seen_to_the_millimetre(session):
    given_town(session)
    draft = given_draft(session)
    code, grid = next(iter(codes_of(session, draft).items()))

    session.execute(
        text("UPDATE grid SET outline = ST_SnapToGrid(ST_Translate(outline, 1e-8, 0), 1e-8) WHERE id = :id"),
        {"id": grid},
    )

    assert plan_faults(session, draft) == [code]
    assert refused(publish, session, draft, 1) == "plan_unsound"


def test_the_newest_draft_of_a_place(session):
    given_town(session)
    with pytest.raises(Refusal, match="no draft"):
        newest_draft(session, DISTRICT)
    with pytest.raises(Refusal, match="no place"):
        newest_draft(session, "140400")
    given_draft(session)

    last = given_draft(session, seed=2)

    assert newest_draft(session, DISTRICT) == last
