"""Three roles with the least rights, and personal rows only within a transaction's scope."""

import pytest
from sqlalchemy import text

from app.db import transaction
from app.errors import Refusal
from tests.services.ground_in_database import DISTRICT, given_ground, given_plan
from tests.services.refusals import forbidden
from tests.services.test_schema_plans import publish


def become(session, role):
    session.execute(text(f"SET LOCAL ROLE {role}"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE plot SET geometry = geometry",
        "DELETE FROM plot",
        "UPDATE tessellation_plot SET households = 0",
        "DELETE FROM tessellation_plot",
        "UPDATE plot_edge SET metres = 1",
        "UPDATE tessellation SET version = 2",
        "UPDATE edit SET note = ''",
        "DELETE FROM edit",
        "DELETE FROM plan",
        "DELETE FROM person",
        "DELETE FROM duty",
        "DELETE FROM building",
        "TRUNCATE plot, tessellation_plot, grid_plot, plot_edge",
        "ALTER TABLE grid_plot DISABLE TRIGGER ALL",
        "ALTER TABLE plan DISABLE ROW LEVEL SECURITY",
        "SET session_replication_role = replica",
        "CREATE TABLE own (id int)",
        "SELECT guard_registers('plan', 'true')",
        "UPDATE alembic_version SET version_num = ''",
    ],
)
def test_the_app_may_not(session, statement):
    given_plan(session)

    assert forbidden(session, statement)


@pytest.mark.parametrize("role", ["gridkeeper_owner", "gridkeeper_app", "gridkeeper_public"])
def test_no_role_is_above_the_rules(session, role):
    above = session.execute(
        text("SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = :role"),
        {"role": role},
    ).one()

    assert not any(above)


def test_the_app_owns_nothing(session):
    owners = session.scalars(text("SELECT DISTINCT tableowner FROM pg_tables WHERE tablename = 'plan'")).all()

    assert owners == ["gridkeeper_owner"]


def test_the_public_sees_plans_in_force_and_no_draft(root_session):
    ground = given_plan(root_session)
    become(root_session, "gridkeeper_public")
    before = root_session.scalars(text("SELECT code FROM grid")).all()
    root_session.execute(text("RESET ROLE"))
    publish(root_session, ground.plan)
    become(root_session, "gridkeeper_public")

    after = root_session.scalars(text("SELECT code FROM grid ORDER BY code")).all()

    assert (before, after) == ([], ["1", "2", "3"])


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT households FROM grid",
        "SELECT households FROM building",
        "SELECT * FROM building",
        "SELECT * FROM person",
        "SELECT * FROM duty",
        "SELECT * FROM edit",
        "SELECT * FROM plot",
        "SELECT * FROM grid_plot",
        "INSERT INTO street DEFAULT VALUES",
        "UPDATE place SET name = ''",
        "DELETE FROM grid",
    ],
)
def test_the_public_may_not(root_session, statement):
    become(root_session, "gridkeeper_public")

    assert forbidden(root_session, statement)


def test_the_public_reads_the_base_map(root_session):
    given_ground(root_session)
    become(root_session, "gridkeeper_public")

    assert root_session.scalar(text("SELECT count(outline) FROM place")) == 3
    assert root_session.scalar(text("SELECT count(*) FROM street")) == 0


def test_a_scope_ends_with_its_transaction(app_engine):
    asked = text("SELECT current_setting('gridkeeper.scope', true)")
    with transaction(app_engine, scope=[DISTRICT]) as session:
        during, server = session.execute(
            text("SELECT current_setting('gridkeeper.scope'), pg_backend_pid()")
        ).one()
    with transaction(app_engine) as session:
        after = session.scalar(asked)
        assert session.scalar(text("SELECT pg_backend_pid()")) == server

    assert during == DISTRICT
    assert not after


def test_what_fails_in_a_transaction_leaves_nothing_behind(app_engine):
    with pytest.raises(Refusal), transaction(app_engine) as session:
        given_ground(session)
        raise Refusal("cluster_missing", folder="elsewhere")

    with transaction(app_engine) as session:
        assert session.scalar(text("SELECT count(*) FROM place")) == 0
