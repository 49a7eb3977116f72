"""What raw SQL cannot do to a plan: make a gap or an overlap, cross communities, change what is published."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from psycopg2 import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db import open_engine
from app.models import Duty, Person
from tests.services.ground_in_database import given_ground, given_plan


def refused(session, error, statement, **values):
    """Run one statement that must fail with that error of the database; what was before it stays."""
    with pytest.raises(DBAPIError) as caught, session.begin_nested():
        session.execute(text(statement), values)
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    assert isinstance(caught.value.orig, error), caught.value.orig
    return caught.value.orig.diag.constraint_name


def publish(session, plan):
    session.execute(
        text("UPDATE plan SET state = 'published', published_at = now() WHERE id = :plan"), {"plan": plan.id}
    )


def test_a_whole_plan_passes_at_commit(session, at_commit):
    given_plan(session)

    at_commit(session)


def test_a_plan_that_leaves_a_plot_out_fails_at_commit(session, at_commit):
    ground = given_ground(session)
    at_commit(session)  # the plots were there before
    given_plan(session, leave_out=(5,), ground=ground)

    with pytest.raises(DBAPIError, match="is in no grid of plan"):
        at_commit(session)


def test_a_gap_fails_a_real_commit_and_leaves_nothing_behind(app_engine):
    with Session(app_engine) as session:
        plan = given_plan(session, leave_out=(0,)).plan.id
        with pytest.raises(DBAPIError, match="is in no grid of plan"):
            session.commit()

    with Session(app_engine) as after:
        assert after.scalar(text("SELECT count(*) FROM plan WHERE id = :plan"), {"plan": plan}) == 0


def test_taking_a_plot_out_of_its_grid_makes_a_gap(session, at_commit):
    ground = given_plan(session)
    at_commit(session)

    constraint = refused(
        session,
        errors.CheckViolation,
        "DELETE FROM grid_plot WHERE plan_id = :plan AND plot_id = :plot",
        plan=ground.plan.id,
        plot=ground.plots[3].id,
    )

    assert constraint == "plan_is_whole"


def test_a_plot_may_be_taken_out_and_put_elsewhere_in_one_transaction(session, at_commit):
    ground = given_plan(session)
    at_commit(session)
    key = {"plan": ground.plan.id, "plot": ground.plots[1].id}

    session.execute(text("DELETE FROM grid_plot WHERE plan_id = :plan AND plot_id = :plot"), key)
    session.execute(
        text("INSERT INTO grid_plot VALUES (:plan, :plot, :grid, :tessellation, :community)"),
        {
            **key,
            "grid": ground.grids["B"].id,
            "tessellation": ground.tessellation.id,
            "community": ground.plots[1].community_id,
        },
    )

    at_commit(session)


def test_a_new_plot_in_a_version_that_plans_use_makes_a_gap(session, at_commit):
    ground = given_plan(session)
    at_commit(session)
    session.execute(
        text(
            "INSERT INTO plot (community_id, geometry, area_m2, perimeter_m)"
            " SELECT community_id, geometry, 1, 1 FROM plot WHERE id = :plot"
        ),
        {"plot": ground.plots[0].id},
    )

    refused(
        session,
        errors.CheckViolation,
        "INSERT INTO tessellation_plot SELECT :tessellation, max(id), 0, 0 FROM plot",
        tessellation=ground.tessellation.id,
    )


def given_next_version(session, ground, more=False):
    """A second version with the same plots, and one more where asked."""
    version = session.scalar(
        text("INSERT INTO tessellation (place_id, version) VALUES (:place, 2) RETURNING id"),
        {"place": ground.tessellation.place_id},
    )
    session.execute(
        text(
            "INSERT INTO tessellation_plot SELECT :new, plot_id, households, buildings"
            " FROM tessellation_plot WHERE tessellation_id = :old"
        ),
        {"new": version, "old": ground.tessellation.id},
    )
    if more:
        session.execute(
            text(
                "WITH added AS (INSERT INTO plot (community_id, geometry, area_m2, perimeter_m)"
                " SELECT community_id, geometry, 1, 1 FROM plot WHERE id = :plot RETURNING id)"
                " INSERT INTO tessellation_plot SELECT :new, id, 0, 0 FROM added"
            ),
            {"new": version, "plot": ground.plots[0].id},
        )
    return version


def test_a_draft_goes_over_to_the_next_version_with_its_rows(session, at_commit):
    ground = given_plan(session)
    version = given_next_version(session, ground)
    at_commit(session)

    session.execute(
        text("UPDATE plan SET tessellation_id = :new WHERE id = :plan"),
        {"new": version, "plan": ground.plan.id},
    )
    at_commit(session)

    followed = text("SELECT count(*) FROM grid_plot WHERE tessellation_id = :new")
    assert session.scalar(followed, {"new": version}) == 8


def test_a_draft_cannot_go_over_to_a_version_with_a_plot_it_does_not_hold(session, at_commit):
    ground = given_plan(session)
    version = given_next_version(session, ground, more=True)
    at_commit(session)

    constraint = refused(
        session,
        errors.CheckViolation,
        "UPDATE plan SET tessellation_id = :new WHERE id = :plan",
        new=version,
        plan=ground.plan.id,
    )

    assert constraint == "plan_is_whole"


def test_a_plot_in_two_grids_of_a_plan_is_refused(session):
    ground = given_plan(session)

    constraint = refused(
        session,
        errors.UniqueViolation,
        "INSERT INTO grid_plot SELECT plan_id, plot_id, :grid, tessellation_id, community_id"
        " FROM grid_plot WHERE plot_id = :plot",
        grid=ground.grids["B"].id,
        plot=ground.plots[0].id,
    )

    assert constraint == "grid_plot_key"


def test_a_plot_without_a_grid_is_refused(session):
    ground = given_plan(session)

    refused(
        session,
        errors.NotNullViolation,
        "UPDATE grid_plot SET grid_id = NULL WHERE plot_id = :plot",
        plot=ground.plots[0].id,
    )


@pytest.mark.parametrize("community", ["community_id", ":eastern"])
def test_a_grid_across_communities_is_refused(session, community):
    ground = given_plan(session)

    refused(
        session,
        errors.ForeignKeyViolation,
        f"UPDATE grid_plot SET grid_id = :grid, community_id = {community} WHERE plot_id = :plot",  # noqa: S608
        grid=ground.grids["C"].id,
        plot=ground.plots[3].id,
        **({"eastern": ground.plots[4].community_id} if community == ":eastern" else {}),
    )


def test_a_grid_of_another_plan_is_refused(session):
    ground = given_plan(session)
    session.execute(
        text(
            "INSERT INTO plan (place_id, tessellation_id, name, target, least, most)"
            " SELECT place_id, tessellation_id, 'Other', 300, 270, 330 FROM plan WHERE id = :plan"
        ),
        {"plan": ground.plan.id},
    )

    refused(
        session,
        errors.ForeignKeyViolation,
        "INSERT INTO grid_plot SELECT (SELECT max(id) FROM plan), plot_id, grid_id, tessellation_id,"
        " community_id FROM grid_plot WHERE plot_id = :plot",
        plot=ground.plots[0].id,
    )


def test_a_plot_of_another_version_is_refused(session):
    ground = given_plan(session)
    session.execute(
        text(
            "INSERT INTO plot (community_id, geometry, area_m2, perimeter_m)"
            " SELECT community_id, geometry, 1, 1 FROM plot WHERE id = :plot"
        ),
        {"plot": ground.plots[0].id},
    )

    refused(
        session,
        errors.ForeignKeyViolation,
        "INSERT INTO grid_plot SELECT plan_id, (SELECT max(id) FROM plot), grid_id, tessellation_id,"
        " community_id FROM grid_plot WHERE plot_id = :plot",
        plot=ground.plots[0].id,
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE grid_plot SET grid_id = :other WHERE plot_id = :plot",
        "UPDATE grid SET outline = outline WHERE id = :other",
        "DELETE FROM grid_plot WHERE plot_id = :plot",
        "INSERT INTO grid (plan_id, community_id, code, outline, households, buildings, area_m2)"
        " SELECT plan_id, community_id, '9', outline, 0, 0, 1 FROM grid WHERE id = :other",
        "UPDATE plan SET name = 'Renamed' WHERE id = :plan",
        "UPDATE plan SET state = 'draft', published_at = NULL WHERE id = :plan",
        "UPDATE plan SET version = version + 1 WHERE id = :plan",
        "UPDATE plan SET state = 'retired', retired_at = now(), name = 'Renamed' WHERE id = :plan",
        "INSERT INTO edit (plan_id, version, base_version, kind, moves) VALUES (:plan, 1, 0, 'move', '{}')",
    ],
)
@pytest.mark.parametrize("retired", [False, True], ids=["published", "retired"])
def test_a_published_or_retired_plan_never_changes(session, statement, retired):
    ground = given_plan(session)
    publish(session, ground.plan)
    if retired:
        session.execute(
            text("UPDATE plan SET state = 'retired', retired_at = now() WHERE id = :plan"),
            {"plan": ground.plan.id},
        )
    known = {"plan": ground.plan.id, "plot": ground.plots[0].id, "other": ground.grids["B"].id}

    constraint = refused(
        session,
        errors.CheckViolation,
        statement,
        **{name: value for name, value in known.items() if f":{name}" in statement},
    )

    assert constraint == "plan_is_frozen"


def test_a_place_has_one_plan_in_force(session):
    ground = given_plan(session)
    publish(session, ground.plan)

    constraint = refused(
        session,
        errors.UniqueViolation,
        "INSERT INTO plan (place_id, tessellation_id, name, target, least, most, state, published_at)"
        " SELECT place_id, tessellation_id, 'Other', 300, 270, 330, 'published', now() FROM plan"
        " WHERE id = :plan",
        plan=ground.plan.id,
    )

    assert constraint == "plan_in_force_index"


def given_duty(session, ground, during, kind="primary", account="wang"):
    person = Person(account=account, name="Wang")
    session.add(person)
    session.flush()
    session.execute(
        text("INSERT INTO duty (grid_id, person_id, kind, during) VALUES (:grid, :person, :kind, :during)"),
        {"grid": ground.grids["A"].id, "person": person.id, "kind": kind, "during": during},
    )
    return person


def test_a_second_primary_at_the_same_moment_is_refused(session):
    ground = given_plan(session)
    given_duty(session, ground, "[2026-01-01,)")
    other = Person(account="li", name="Li")
    session.add(other)
    session.flush()

    constraint = refused(
        session,
        errors.ExclusionViolation,
        "INSERT INTO duty (grid_id, person_id, kind, during)"
        " VALUES (:grid, :person, 'primary', '[2026-06-01,2026-07-01)')",
        grid=ground.grids["A"].id,
        person=other.id,
    )

    assert constraint == "duty_one_primary"


def test_a_duty_may_be_handed_over_and_have_deputies(session):
    ground = given_plan(session)
    given_duty(session, ground, "[2026-01-01,2026-06-01)")
    given_duty(session, ground, "[2026-06-01,)", account="li")
    given_duty(session, ground, "[2026-06-01,)", kind="deputy", account="zhao")

    assert session.query(Duty).count() == 3


@pytest.mark.parametrize("during", ["empty", "(,2026-01-01)"])
def test_a_duty_begins_at_some_moment(session, during):
    ground = given_plan(session)

    with pytest.raises(DBAPIError, match="duty_during_begins"):
        given_duty(session, ground, during)


@pytest.mark.parametrize(
    ("version", "base_version", "moves"), [(0, 0, "{}"), (1, 1, "{}"), (2, -1, "{}"), (1, 0, "[]")]
)
def test_an_edit_tells_its_versions_and_its_moves(session, version, base_version, moves):
    ground = given_plan(session)

    refused(
        session,
        errors.CheckViolation,
        "INSERT INTO edit (plan_id, version, base_version, kind, moves)"
        " VALUES (:plan, :version, :base, 'move', CAST(:moves AS jsonb))",
        plan=ground.plan.id,
        version=version,
        base=base_version,
        moves=moves,
    )


def test_two_transactions_cannot_together_make_a_gap(new_database, worker_id):
    """One adds a plot to a version, the other makes a plan of it; whichever commits last waits, and fails."""
    engine = open_engine(new_database(f"racing_{worker_id}").app)
    with Session(engine) as first:
        ground = given_ground(first)
        first.commit()
        tessellation, place = ground.tessellation.id, ground.tessellation.place_id
        plot, community = ground.plots[0].id, ground.plots[0].community_id
        other = first.scalar(
            text("SELECT plot_id FROM tessellation_plot WHERE tessellation_id = :t AND plot_id <> :plot"),
            {"t": tessellation, "plot": plot},
        )
        assert other
    with Session(engine) as importer, Session(engine) as planner:
        version = importer.scalar(
            text("INSERT INTO tessellation (place_id, version) VALUES (:place, 2) RETURNING id"),
            {"place": place},
        )
        importer.execute(
            text("INSERT INTO tessellation_plot VALUES (:t, :plot, 0, 0)"), {"t": version, "plot": plot}
        )
        importer.commit()
        importer.execute(
            text("INSERT INTO tessellation_plot VALUES (:t, :plot, 0, 0)"), {"t": version, "plot": other}
        )
        plan = planner.scalar(
            text(
                "INSERT INTO plan (place_id, tessellation_id, name, target, least, most)"
                " VALUES (:place, :t, 'Racing', 300, 270, 330) RETURNING id"
            ),
            {"place": place, "t": version},
        )
        grid = planner.scalar(
            text(
                "INSERT INTO grid (plan_id, community_id, code, outline, households, buildings, area_m2)"
                " SELECT :plan, :community, '1', ST_Multi(geometry), 0, 0, 1 FROM plot WHERE id = :plot"
                " RETURNING id"
            ),
            {"plan": plan, "community": community, "plot": plot},
        )
        planner.execute(
            text("INSERT INTO grid_plot VALUES (:plan, :plot, :grid, :t, :community)"),
            {"plan": plan, "plot": plot, "grid": grid, "t": version, "community": community},
        )
        importer.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # checked: it sees no plan of the version yet
        asked = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid = :pid")
        pid = planner.scalar(text("SELECT pg_backend_pid()"))
        with ThreadPoolExecutor(1) as beside:
            committed = beside.submit(planner.commit)
            while not committed.done() and not importer.scalar(asked, {"pid": pid}):
                time.sleep(0.01)
            importer.commit()

            with pytest.raises(DBAPIError, match="is in no grid of plan"):
                committed.result(timeout=20)
    engine.dispose()
