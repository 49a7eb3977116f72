"""Is everything as it should be? Each check has a title and, when it fails, says what to do."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import cluster
from app.geo.crs import to_metres
from app.geo.partition import soundness
from app.services import audit_chain
from app.services.bulk import shapes_of
from app.services.micro_grids import micro_faults
from app.services.plot_tables import read_plots
from app.services.publishing import plan_faults

POSTGIS = (3, 3)
LEAST_FREE_GB = 2.0
WORKER_SECONDS = 60
SHOWN = 5


class Failed(Exception):
    """What was found wrong, and the remedy."""

    def __init__(self, found: str, remedy: str) -> None:
        super().__init__(found)
        self.found = found
        self.remedy = remedy


class Skipped(Exception):
    """Why a check says nothing here."""


@dataclass(frozen=True)
class Where:
    """What is checked. folder: of data on this computer. wanted: the newest revision of the schema."""

    folder: Path
    wanted: str


@dataclass(frozen=True)
class Outcome:
    """state: `fine`, `failed` or `skipped`; found and remedy in words."""

    title: str
    state: str
    found: str = ""
    remedy: str = ""


Check = Callable[[Session, Where], str]
CHECKS: list[tuple[str, Check]] = []


def check(title: str) -> Callable[[Check], Check]:
    """Register a check; it returns what it saw, or raises `Failed` or `Skipped`."""

    def register(function: Check) -> Check:
        CHECKS.append((title, function))
        return function

    return register


def run_checks(
    transactions: Callable[[], AbstractContextManager[Session]], where: Where
) -> Iterator[Outcome]:
    """Every check in its own transaction, as the database's owner.

    One that fails stops no other, but for the schema: what the others look at may not be there.
    """
    usable = True
    for title, function in CHECKS:
        if not usable:
            yield Outcome(title, "skipped", "the schema comes first")
            continue
        try:
            with transactions() as session:
                yield Outcome(title, "fine", function(session, where))
        except Failed as failed:
            usable = function is not schema
            yield Outcome(title, "failed", failed.found, failed.remedy)
        except Skipped as skipped:
            yield Outcome(title, "skipped", str(skipped))


# --- The server ------------------------------------------------------------------------------------------


@check("PostGIS is new enough")
def postgis_version(session: Session, where: Where) -> str:
    found = str(session.scalar(text("SELECT postgis_lib_version()")))
    numbers = tuple(int(part) for part in re.findall(r"\d+", found)[:2])
    if numbers < POSTGIS:
        raise Failed(
            f"it is {found}", "Install PostGIS 3.3 or newer, then run ALTER EXTENSION postgis UPDATE."
        )
    return found


@check("The extensions are there")
def extensions(session: Session, where: Where) -> str:
    there = set(session.scalars(text("SELECT extname FROM pg_extension")))
    if missing := [name for name in cluster.EXTENSIONS if name not in there]:
        raise Failed(
            f"missing: {', '.join(missing)}",
            "Let the server's administrator run CREATE EXTENSION for each, as docs/database.md tells.",
        )
    return ", ".join(cluster.EXTENSIONS)


@check("The schema is up to date")
def schema(session: Session, where: Where) -> str:
    made = session.scalar(text("SELECT to_regclass('alembic_version')"))
    found = session.scalar(text("SELECT version_num FROM alembic_version")) if made else "not there"
    if found != where.wanted:
        raise Failed(f"it is {found}, not {where.wanted}", "Run `gridkeeper db upgrade` after a backup.")
    return str(found)


@check("The app's role may do no more than it should")
def roles(session: Session, where: Where) -> str:
    rows = session.execute(
        text("""
            SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb AS mighty
            FROM pg_roles WHERE rolname = ANY (:roles)
        """),
        {"roles": [cluster.APP, cluster.PUBLIC]},
    ).all()
    there = {row.rolname for row in rows}
    wrong = [f"there is no role {role}" for role in (cluster.APP, cluster.PUBLIC) if role not in there]
    wrong += [
        f"{row.rolname} is superuser, passes row-level security or makes roles" for row in rows if row.mighty
    ]
    if not wrong:
        wrong = [f"{row.grantee} may {row.what}" for row in session.execute(_FORBIDDEN, {"app": cluster.APP})]
    if wrong:
        raise Failed(
            "; ".join(wrong[:SHOWN]), "Let the owner REVOKE that; docs/database.md lists what each role may."
        )
    return f"{cluster.APP}, {cluster.PUBLIC}"


# What would let a mistake in the application move ground or rewrite history.
_FORBIDDEN = text("""
    SELECT grantee, lower(privilege_type) || ' ' || table_name AS what
    FROM information_schema.role_table_grants
    WHERE grantee = :app AND table_schema = 'public' AND (
        table_name IN (
                'tessellation', 'plot', 'tessellation_plot', 'plot_edge', 'plot_entrance', 'edit', 'audit'
            )
            AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')
        OR table_name = 'audit_seal' AND privilege_type <> 'SELECT'
        OR table_name IN ('place', 'building', 'plan', 'person', 'duty')
            AND privilege_type IN ('DELETE', 'TRUNCATE')
    )
    UNION ALL
    SELECT pg_get_userbyid(relowner), 'own ' || relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_get_userbyid(relowner) = :app
""")


@check("The audit is a chain that holds")
def audit_holds(session: Session, where: Where) -> str:
    verdict = audit_chain.verify(session)
    wrong = [f"seal {number} does not hold" for number in verdict.broken]
    wrong += [f"seal {number} is gone" for number in verdict.missing]
    if wrong:
        raise Failed(
            "; ".join(wrong[:SHOWN]),
            "Rows of the audit were changed or removed. Keep this database as it is, compare it with the "
            "last backup, and tell who answers for data protection.",
        )
    if verdict.unsealed and verdict.waiting_since and is_late(session, verdict.waiting_since):
        raise Failed(
            f"{verdict.unsealed} rows wait to be sealed since {verdict.waiting_since:%Y-%m-%d %H:%M} UTC",
            "Run `gridkeeper serve`, or `gridkeeper worker` beside it.",
        )
    return f"{verdict.head.rows} rows under {verdict.head.seal} seals"


def is_late(session: Session, since: datetime) -> bool:
    """Whether something should have been worked off by now."""
    late = text("SELECT CAST(:since AS timestamptz) < now() - make_interval(secs => :seconds)")
    return bool(session.scalar(late, {"since": since, "seconds": WORKER_SECONDS}))


@check("What was saved survives a power cut")
def durable(session: Session, where: Where) -> str:
    names = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
    found = {name: session.scalar(text("SELECT current_setting(:name)"), {"name": name}) for name in names}
    if off := [name for name, setting in found.items() if setting == "off"]:
        remedy = "Set it to on in postgresql.conf and restart the server"
        if "data_checksums" in off:
            remedy += "; checksums are put on with pg_checksums --enable while the server is stopped"
        raise Failed(f"off: {', '.join(off)}", f"{remedy}.")
    return ", ".join(names)


@check("There is room on the disk")
def free_disk(session: Session, where: Where) -> str:
    folder = next(place for place in (where.folder, *where.folder.parents) if place.exists())
    free_gb = shutil.disk_usage(folder).free / 1e9
    if free_gb < LEAST_FREE_GB:
        raise Failed(f"{free_gb:.1f} GB free in {folder}", f"Make room there: at least {LEAST_FREE_GB:g} GB.")
    return f"{free_gb:.0f} GB free"


@check("Background jobs are worked off")
def worker(session: Session, where: Where) -> str:
    if session.scalar(text("SELECT to_regclass('procrastinate.procrastinate_workers')")) is None:
        raise Skipped("jobs are not set up here")
    asked = {"seconds": WORKER_SECONDS}
    alive = session.scalar(_WORKERS, asked) or 0
    waiting = session.scalar(_WAITING, asked) or 0
    if alive == 0 and waiting:
        raise Failed(
            f"{waiting} jobs wait and no worker was heard of for {WORKER_SECONDS} s",
            "Run `gridkeeper serve`, or `gridkeeper worker` beside it.",
        )
    if alive == 0:
        raise Skipped("no worker runs, and no job waits")
    return f"{alive} workers"


_WORKERS = text("""
    SELECT count(*) FROM procrastinate.procrastinate_workers
    WHERE last_heartbeat > now() - make_interval(secs => :seconds)
""")
_WAITING = text("""
    SELECT count(*) FROM procrastinate.procrastinate_jobs
    WHERE status = 'todo' AND COALESCE(scheduled_at, now()) <= now() AND EXISTS (
        SELECT FROM procrastinate.procrastinate_events AS event
        WHERE event.job_id = procrastinate_jobs.id AND event.type = 'deferred'
          AND event.at < now() - make_interval(secs => :seconds)
    )
""")


# --- The ground ------------------------------------------------------------------------------------------


@check("Plots tile their place without gap or overlap")
def plots_tile(session: Session, where: Where) -> str:
    places = session.execute(_NEWEST).all()
    wrong = []
    for place in places:
        plots = read_plots(session, place.tessellation)
        outline = shapes_of([place.outline])
        found = soundness(plots.metres, to_metres(outline, plots.crs)[0])
        unmatched = int((~shapely.is_empty(shapely.coverage_invalid_edges(plots.polygons))).sum())
        if not found.sound or unmatched:
            wrong.append(
                f"{place.called}: {found.gap_m2:.2f} m² in no plot, {found.overlap_m2:.2f} m² in two, "
                f"{found.outside_m2:.2f} m² beyond the outline, {max(unmatched, found.invalid_edges)} edges "
                "without a fellow"
            )
    if wrong:
        raise Failed(
            "; ".join(wrong[:SHOWN]), "Import the place again; if it stays, report it with its files."
        )
    return f"{len({place.id for place in places})} places"


_NEWEST = text("""
    WITH newest AS (
        SELECT DISTINCT ON (place_id) place_id, id FROM tessellation WHERE plain_id IS NULL
        ORDER BY place_id, version DESC
    )
    SELECT place.id, place.name || ' (' || place.code || ')' AS called,
        tessellation.id AS tessellation, ST_AsBinary(place.outline) AS outline
    FROM newest JOIN place ON place.id = newest.place_id
    JOIN tessellation ON newest.id IN (tessellation.id, tessellation.plain_id)
    ORDER BY place.id, tessellation.version DESC
""")


@check("Places below tile the one above")
def places_nest(session: Session, where: Where) -> str:
    rows = session.execute(
        text("""
            SELECT below.name || ' (' || below.code || ')' AS called FROM place AS below
            JOIN place AS above ON above.path = below.parent_path
            WHERE ST_Area(ST_Difference(below.outline, above.outline)) > 0.5 * ST_Area(below.outline)
        """)
    ).all()
    if rows:
        called = ", ".join(row.called for row in rows[:SHOWN])
        raise Failed(f"mostly outside the place above: {called}", "Check the codes of these places.")
    return "fine"


@check("Buildings lie in a plot of their place")
def buildings_in_plots(session: Session, where: Where) -> str:
    rows = session.execute(_STRAY).all()
    if rows:
        codes = ", ".join(row.code for row in rows[:SHOWN])
        raise Failed(f"{len(rows)} do not: {codes}", "Import their place again.")
    return "all"


_STRAY = text("""
    WITH newest AS (
        SELECT DISTINCT ON (place_id) place_id, id FROM tessellation WHERE plain_id IS NULL
        ORDER BY place_id, version DESC
    )
    SELECT building.code FROM building JOIN newest USING (place_id)
    WHERE building.retired_at IS NULL AND (
        SELECT count(*) FROM plot JOIN tessellation_plot ON tessellation_plot.plot_id = plot.id
        WHERE tessellation_plot.tessellation_id = newest.id AND ST_Covers(plot.geometry, building.position)
    ) <> 1
    ORDER BY building.code LIMIT 100
""")


@check("Plots by entrance count what whole ones count")
def entrances_add_up(session: Session, where: Where) -> str:
    rows = session.execute(
        text("""
            WITH counted AS (
                SELECT tessellation_id, sum(households) AS households, sum(buildings) AS buildings
                FROM tessellation_plot GROUP BY tessellation_id
            )
            SELECT place.name || ' (' || place.code || ')' AS called, divided.version
            FROM tessellation AS divided JOIN place ON place.id = divided.place_id
            JOIN counted AS own ON own.tessellation_id = divided.id
            JOIN counted AS plain ON plain.tessellation_id = divided.plain_id
            WHERE (own.households, own.buildings) <> (plain.households, plain.buildings)
            ORDER BY place.code, divided.version
        """)
    ).all()
    if rows:
        told = ", ".join(f"{row.called}, version {row.version}" for row in rows[:SHOWN])
        raise Failed(f"others than the plots they were made of: {told}", "Import these places again.")
    return "they do"


@check("Every plot's figures are those of its buildings")
def figures_add_up(session: Session, where: Where) -> str:
    rows = session.execute(
        text("""
            SELECT place.name || ' (' || place.code || ')' AS called, standing.households AS standing,
                counted.households AS counted
            FROM place
            JOIN LATERAL (
                SELECT id FROM tessellation WHERE place_id = place.id AND plain_id IS NULL
                ORDER BY version DESC LIMIT 1
            ) AS newest ON true
            JOIN LATERAL (
                SELECT sum(households) AS households FROM tessellation_plot WHERE tessellation_id = newest.id
            ) AS counted ON true
            JOIN LATERAL (
                SELECT sum(households) AS households FROM building
                WHERE place_id = place.id AND retired_at IS NULL
            ) AS standing ON true
            WHERE standing.households IS DISTINCT FROM counted.households
        """)
    ).all()
    if rows:
        told = "; ".join(f"{row.called}: {row.standing} and {row.counted}" for row in rows[:SHOWN])
        raise Failed(f"households of buildings and of plots differ: {told}", "Import these places again.")
    return "they are"


# --- Plans -----------------------------------------------------------------------------------------------


@check("Each grid is one piece of ground, its outline the union of its plots")
def grids_are_whole(session: Session, where: Where) -> str:
    plans = session.execute(text("SELECT id, state FROM plan WHERE state <> 'retired' ORDER BY id")).all()
    wrong = [
        f"plan {plan.id} ({plan.state}): {len(faults)} grids ({', '.join(faults[:SHOWN])})"
        for plan in plans
        if (faults := plan_faults(session, plan.id))
    ]
    if wrong:
        raise Failed(
            "; ".join(wrong[:SHOWN]),
            "Do not publish these plans. Restore the last backup, or split the place again and publish that.",
        )
    return f"{len(plans)} plans"


@check("Micro-grids tile their grid, each the union of its plots")
def micro_grids_are_whole(session: Session, where: Where) -> str:
    plans = session.scalars(text("SELECT id FROM plan WHERE state <> 'retired' ORDER BY id")).all()
    wrong = [
        f"plan {plan}: {len(faults)} ({', '.join(faults[:SHOWN])})"
        for plan in plans
        if (faults := micro_faults(session, plan))
    ]
    if wrong:
        raise Failed("; ".join(wrong[:SHOWN]), "Split the place again, or restore the last backup.")
    count = session.scalar(text("SELECT count(*) FROM micro_grid")) or 0
    return f"{count} micro-grids"


@check("Every plot of a plan has a grid")
def plans_are_complete(session: Session, where: Where) -> str:
    rows = session.execute(
        text("""
            SELECT plan.id, count(*) AS lacking
            FROM plan JOIN tessellation_plot AS plots USING (tessellation_id)
            LEFT JOIN grid_plot ON grid_plot.plan_id = plan.id AND grid_plot.plot_id = plots.plot_id
            WHERE grid_plot.plot_id IS NULL GROUP BY plan.id ORDER BY plan.id
        """)
    ).all()
    if rows:
        told = ", ".join(f"{row.lacking} plots of plan {row.id}" for row in rows[:SHOWN])
        raise Failed(f"in no grid: {told}", "Restore the last backup, or split the place again.")
    return "all"


@check("Grids count what their plots count")
def grids_add_up(session: Session, where: Where) -> str:
    rows = session.execute(
        text("""
            SELECT grid.code, grid.plan_id FROM grid
            JOIN plan ON plan.id = grid.plan_id AND plan.state <> 'retired'
            JOIN grid_plot ON grid_plot.grid_id = grid.id
            JOIN tessellation_plot AS counted
                ON counted.tessellation_id = grid_plot.tessellation_id AND counted.plot_id = grid_plot.plot_id
            GROUP BY grid.id
            HAVING sum(counted.households) <> grid.households OR sum(counted.buildings) <> grid.buildings
            ORDER BY grid.plan_id, grid.code
        """)
    ).all()
    if rows:
        told = ", ".join(f"{row.code} of plan {row.plan_id}" for row in rows[:SHOWN])
        raise Failed(f"{len(rows)} do not: {told}", "Split the place again and publish that plan.")
    return "they do"
