"""Each check is content with what is sound, and names what is not, and the remedy."""

from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest
from sqlalchemy import select, text

from app.models import Grid
from app.services import checks
from app.services.checks import CHECKS, Failed, Skipped, Where, run_checks
from tests.services.imported import given_plan_in_force

NEWEST = max(path.name[:4] for path in (Path(__file__).parents[2] / "migrations/versions").glob("[0-9]*.py"))
THROWAWAY = checks.durable  # the test cluster is made to be quick, not to last


@pytest.fixture
def where(tmp_path):
    return Where(tmp_path / "not" / "there" / "yet", NEWEST)


@pytest.fixture
def broken(root_session):
    """Act as the superuser with every trigger asleep."""
    given_plan_in_force(root_session)

    def act(statement, **values):
        root_session.execute(text("SET LOCAL session_replication_role = replica"))
        root_session.execute(text(statement), values)
        root_session.execute(text("SET LOCAL session_replication_role = origin"))
        return root_session

    return act


def failure(check, session, where):
    with pytest.raises(Failed) as failed:
        check(session, where)
    assert failed.value.remedy.endswith(".")
    return failed.value.found


def test_a_sound_database_passes_every_check(root_session, where):
    given_plan_in_force(root_session)

    for title, check in CHECKS:
        if check is THROWAWAY:
            continue
        try:
            assert check(root_session, where), title
        except Skipped as skipped:
            assert str(skipped)


def test_every_title_is_said_once():
    titles = [title for title, _ in CHECKS]

    assert len(titles) == len(set(titles)) == 17


def test_settings_that_lose_what_was_saved_are_named(root_session, where):
    found = failure(checks.durable, root_session, where)

    assert "fsync" in found


def test_a_schema_that_is_behind_is_seen(root_session, where):
    assert failure(checks.schema, root_session, Where(where.folder, "9999")) == f"it is {NEWEST}, not 9999"


def test_an_extension_that_is_missing_is_named(root_session, where, monkeypatch):
    monkeypatch.setattr(checks.cluster, "EXTENSIONS", ("postgis", "postgis_of_tomorrow"))

    assert failure(checks.extensions, root_session, where) == "missing: postgis_of_tomorrow"


def test_an_old_postgis_is_refused(root_session, where, monkeypatch):
    monkeypatch.setattr(checks, "POSTGIS", (9, 0))

    assert failure(checks.postgis_version, root_session, where).startswith("it is 3.")


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("GRANT DELETE ON plot TO gridkeeper_app", "may delete plot"),
        ("GRANT UPDATE ON edit TO gridkeeper_app", "may update edit"),
        ("ALTER TABLE street OWNER TO gridkeeper_app", "may own street"),
    ],
)
def test_rights_the_app_must_not_have_are_named(root_session, where, given, found):
    root_session.execute(text(given))

    assert found in failure(checks.roles, root_session, where)


def test_a_full_disk_is_seen_before_it_is_full(root_session, where, monkeypatch):
    monkeypatch.setattr(checks, "LEAST_FREE_GB", 1e9)

    assert "GB free" in failure(checks.free_disk, root_session, where)


def test_jobs_without_a_worker_are_seen(root_session, where):
    root_session.execute(text("SET LOCAL search_path TO procrastinate, public"))
    root_session.execute(
        text("""
            INSERT INTO procrastinate_jobs (queue_name, task_name, priority, status, args)
            VALUES ('default', 'split', 0, 'todo', '{}')
        """)
    )
    root_session.execute(text("UPDATE procrastinate_events SET at = now() - interval '1 hour'"))

    assert "1 jobs wait" in failure(checks.worker, root_session, where)


# --- The ground and its plans, broken as only the superuser can ------------------------------------------


def test_a_gap_between_plots_is_seen(broken, where):
    session = broken(
        "DELETE FROM tessellation_plot WHERE plot_id = (SELECT min(plot_id) FROM tessellation_plot)"
    )

    assert "m² in no plot" in failure(checks.plots_tile, session, where)


def test_an_overlap_of_plots_is_seen(broken, where):
    session = broken("""
        UPDATE plot SET geometry = ST_Envelope(ST_Buffer(geometry, 0.0001))
        WHERE id = (SELECT min(plot_id) FROM tessellation_plot)
    """)

    assert "edges without a fellow" in failure(checks.plots_tile, session, where)


def test_a_place_elsewhere_than_the_one_above_is_seen(broken, where):
    session = broken("UPDATE place SET outline = ST_Translate(outline, 1, 0) WHERE level = 'community'")

    assert "mostly outside" in failure(checks.places_nest, session, where)


def test_a_building_beyond_every_plot_is_seen(broken, where):
    session = broken("""
        UPDATE building SET geometry = ST_Translate(geometry, 1, 0), position = ST_Translate(position, 1, 0)
        WHERE code = 'B3'
    """)

    assert failure(checks.buildings_in_plots, session, where) == "1 do not: B3"


def test_households_that_differ_between_buildings_and_plots_are_seen(broken, where):
    session = broken("UPDATE building SET households = 41 WHERE code = 'B3'")

    assert "1281 and 1280" in failure(checks.figures_add_up, session, where)


def test_an_outline_that_is_not_the_union_of_its_plots_is_seen(broken, where):
    session = broken("""
        UPDATE grid SET outline = ST_Multi(ST_Buffer(outline, 1e-8, 'join=mitre'))
        WHERE id = (SELECT min(id) FROM grid)
    """)

    code = session.scalars(select(Grid.code).order_by(Grid.id)).first()
    assert f"1 grids ({code})" in failure(checks.grids_are_whole, session, where)


def test_a_plot_that_changed_grid_behind_our_back_is_seen(broken, where):
    session = broken("""
        UPDATE grid_plot SET grid_id = other.id FROM grid, grid AS other
        WHERE grid.id = grid_plot.grid_id AND other.plan_id = grid.plan_id AND other.id > grid.id
          AND other.community_id = grid.community_id
          AND grid_plot.plot_id = (SELECT min(plot_id) FROM grid_plot)
    """)

    assert "2 grids" in failure(checks.grids_are_whole, session, where)
    assert "2 do not" in failure(checks.grids_add_up, session, where)


def test_a_plot_in_no_grid_is_seen(broken, where):
    session = broken("DELETE FROM grid_plot WHERE plot_id = (SELECT min(plot_id) FROM grid_plot)")

    assert "1 plots of plan" in failure(checks.plans_are_complete, session, where)
    assert "(?)" in failure(checks.grids_are_whole, session, where)


def test_one_failure_stops_no_other_check(root_session, where, monkeypatch):
    def fails(session, where):
        raise Failed("all is lost", "Begin anew.")

    def skips(session, where):
        raise Skipped("not here")

    found = [("a", fails), ("b", skips), ("c", lambda session, where: "seen")]
    monkeypatch.setattr(checks, "CHECKS", found)

    outcomes = list(run_checks(lambda: nullcontext(root_session), where))

    assert [(one.title, one.state, one.found, one.remedy) for one in outcomes] == [
        ("a", "failed", "all is lost", "Begin anew."),
        ("b", "skipped", "not here", ""),
        ("c", "fine", "seen", ""),
    ]


def test_without_the_schema_nothing_else_is_asked(root_session, where):
    outcomes = list(run_checks(lambda: nullcontext(root_session), Where(where.folder, "9999")))

    states = [one.state for one in outcomes]
    assert states[:3] == ["fine", "fine", "failed"]
    assert set(states[3:]) == {"skipped"}


def test_each_check_has_a_transaction_of_its_own(root_session, where, monkeypatch):
    opened = []

    @contextmanager
    def transactions():
        opened.append(1)
        yield root_session

    monkeypatch.setattr(checks, "CHECKS", [(str(k), lambda session, where: "") for k in range(3)])
    list(run_checks(transactions, where))

    assert len(opened) == 3
