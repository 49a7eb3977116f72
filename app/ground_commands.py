"""`gridkeeper import | publish | demo | check`, and `split --place CODE`: the ground in the database."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli import (
    FILE,
    ROLES,
    USUAL_TOLERANCE,
    import_lines,
    limits_of,
    options_of,
    progress_bar,
    reading_options,
    refusals_as_messages,
)
from app.steering_options import asked_from, told_lines

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.services.importing import Stored

EXIT_CHECK = 1
EXIT_INPUT = 3


@click.command("import")
@click.argument("district", type=FILE, required=False)
@click.option("--place", "code", required=True, metavar="CODE", help="Code of the place the files show.")
@click.option("--name", help="Its name, for a place that is not there yet.")
@click.option("--parent", metavar="CODE", help="The place above it.  [default: found by the code]")
@click.option("--attribution", help="Whose data it is, said on the map.  [OpenStreetMap says it itself]")
@click.option("--dry-run", is_flag=True, help="Read the files and report; store nothing.")
@click.option("--workers", type=click.IntRange(1), help="Processes to use.  [default: one per core]")
@reading_options("--area")
def import_(district: Path | None, code: str, dry_run: bool, **given: Any) -> None:
    """Bring a place's files into the database: a new place, or what one looks like now.

    DISTRICT is a file with several layers, as for `split`; each layer may come from a file of its own. A new
    place needs --name. Where its files give communities by their codes (12 digits), grids keep to them.
    Imported again, a place keeps what did not change, its plan in force stays as it is, and its drafts
    are moved to the new plots.
    """
    with refusals_as_messages():
        if district is None and given["buildings"] is None:
            raise click.UsageError("Name a DISTRICT file, or give --buildings FILE.")
        with progress_bar() as tell:
            lines = _import(district, code, dry_run, given, tell)
        for line in lines:
            click.echo(line)


def _import(
    source: Path | None, code: str, dry_run: bool, given: dict[str, Any], tell: Callable[[str, float], None]
) -> list[str]:
    from app.geo.readers import read_district
    from app.services import audit
    from app.services.ground_cache import StoredGround
    from app.services.importing import NewPlace, attribution_of, cut_ground, expected_place, store_district

    opens = transactions()
    place: NewPlace | str = code
    if not dry_run:  # say before the work what could not be stored after it
        with opens() as session:
            place = expected_place(session, code, given["name"], given["parent"])
    tell("Reading", 0.0)
    files = {role: given[role] for role in ROLES}
    named = [path.name for path in (source, *files.values()) if path is not None]
    district = read_district(source, options=options_of(given), limits=limits_of(given), **files)
    lines = import_lines(district)
    if dry_run:
        return [*lines, *_found_lines(district), "Nothing was stored."]
    ground = cut_ground(
        district,
        code,
        workers=_workers(given),
        progress=lambda share: tell("Cutting plots", 0.1 + 0.6 * share),
        cache=StoredGround(opens),
    )
    with opens() as session:
        stored = store_district(
            session,
            ground,
            place,
            progress=lambda share: tell("Storing", 0.7 + 0.3 * share),
            attribution=attribution_of(named, given["attribution"]),
        )
        facts = {"version": stored.version, "counts": stored.counts}
        audit.record(session, None, "place.imported", f"place {stored.place_code}", facts)
    return [*lines, *_stored_lines(stored)]


def _found_lines(district: Any) -> list[str]:
    return [
        f"{layer}: {count['rows']:,} rows, {count['rows'] - count['refused']:,} can be taken"
        for layer, count in district.report.figures.items()
    ]


def _stored_lines(stored: Stored) -> list[str]:
    counts = ", ".join(f"{rows:,} {table.replace('_', ' ')}" for table, rows in stored.counts.items() if rows)
    lines = [f"Stored as place {stored.place_code}, plots version {stored.version}: {counts}."]
    if stored.changes is not None:
        changes = stored.changes
        buildings, plots, households = changes.buildings, changes.plots, changes.households
        lines.append(
            f"Buildings: {buildings['new']:,} new, {buildings['changed']:,} changed, "
            f"{buildings['gone']:,} gone, {buildings['same']:,} the same. "
            f"Households: {households['before']:,} before, {households['after']:,} now. "
            f"Plots: {plots['carried']:,} carried over, {plots['new']:,} new, {plots['dropped']:,} dropped."
        )
        if changes.matched["ground"]:
            lines.append(
                f"Known buildings were found by their code ({changes.matched['code']:,}) or, under another "
                f"code, by the ground they stand on ({changes.matched['ground']:,})."
            )
        if not changes.new_version:
            drafts = ", and drafts stay as they are" if not changes.drafts else ""
            lines.append(f"The plots are what they were: no new version was made{drafts}.")
        lines += [
            f"Draft {draft.name}: {draft.plots_placed:,} plots placed, {len(draft.grids):,} grids changed."
            + (f" Micro-grids dropped: {dropped:,}." if (dropped := draft.micro_grids_dropped) else "")
            + (" It is to be submitted again." if draft.submission_lapsed else "")
            for draft in changes.drafts
        ]
        if changes.entrances_dropped:
            lines.append(
                f"Entrances no longer known: {changes.entrances_dropped:,}, of buildings that are gone "
                "or have other households. Import the entrances again."
            )
        if changes.places_gone:
            lines.append(f"No longer in the files: {', '.join(changes.places_gone)}.")
    return lines


def split_stored(given: dict[str, Any], tell: Callable[[str, float], None]) -> list[str]:
    """Divide a place of the database; what there is to say of the new draft."""
    from app.geo.plots import Band
    from app.services import rule_packs
    from app.services.jobs import place_called
    from app.services.splitting import plan_summary, split_place, told_of

    opens = transactions()
    with opens() as session:
        size = rule_packs.size_today(session, place_called(session, given["area"]).path)
    target, tolerance = given["target"], given["tolerance"]
    by_rules = target is None and tolerance is None
    plan_id = split_place(
        opens,
        given["area"],
        Band(size.target, size.least, size.most)
        if by_rules
        else Band.around(target or size.target, USUAL_TOLERANCE if tolerance is None else tolerance),
        given["seed"],
        workers=_workers(given),
        progress=lambda share: tell("Dividing", share),
        asked=asked_from(given),
    )
    with opens() as session:
        made = plan_summary(session, plan_id)
        told = told_of(session, plan_id)
    return [
        *told_lines(told),
        f"Plan {plan_id} ({made.name}) is a draft of {made.place}: {made.grids:,} grids, {made.in_band:,} "
        f"of them with {made.least} to {made.most} households, {made.explained:,} with a reason why not.",
        f"Publish it with: gridkeeper publish {plan_id}",
    ]


@click.command()
@click.argument("plan_id", type=int, required=False)
@click.option("--place", "code", metavar="CODE", help="Publish the newest draft of this place.")
def publish(plan_id: int | None, code: str | None) -> None:
    """Make a draft the plan in force; the former one is retired, duties pass on by grid code."""
    if (plan_id is None) == (code is None):
        raise click.UsageError("Name a PLAN_ID, or give --place CODE.")
    from app.config import timezone
    from app.services import audit
    from app.services.publishing import newest_draft, publish, version_of

    with refusals_as_messages(), transactions()() as session:
        number = newest_draft(session, code) if code is not None else int(plan_id or 0)
        today = datetime.now(timezone()).date()
        done = publish(session, number, version_of(session, number), today=today)
        audit.record(session, None, "plan.published", f"plan {number}", asdict(done))
    former = f" Plan {done.retired_plan_id} is retired." if done.retired_plan_id else ""
    click.echo(
        f"Plan {done.plan_id} is in force.{former} Duties handed over: {done.duties_kept:,}, ended: "
        f"{done.duties_ended:,}. Vacant grids: {done.vacant:,}."
    )


@click.command()
@click.option("--communities", type=click.IntRange(1, 120), default=10, show_default=True)
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, help="Another seed, another city."
)
@click.option(
    "--households",
    type=click.IntRange(0),
    default=3_000,
    show_default=True,
    help="How many are registered, with invented people.",
)
@click.option(
    "--hazards",
    type=click.IntRange(0, 1_000_000),
    help="How many are invented.  [default: three per hundred households]",
)
@click.option("--workers", type=click.IntRange(1), help="Processes to use.  [default: one per core]")
def demo(**given: Any) -> None:
    """Import, divide and publish an invented district, and print accounts to sign in with.

    What is there already stays. The passwords are generated, and printed again each time.
    """
    from app.cluster import own_cluster
    from app.config import settings
    from app.services.demo import make_demo
    from app.services.passwords import passwords

    configured = settings()
    with refusals_as_messages(), progress_bar() as tell:
        done = make_demo(
            transactions(),
            own_cluster().folder / "demo-accounts.json",
            passwords(configured.hashing),
            configured.clock().astimezone(configured.timezone),
            communities=given["communities"],
            seed=given["seed"],
            households=given["households"],
            hazards=given["hazards"],
            workers=_workers(given),
            progress=tell,
        )
        tell("Done", 1.0)
    click.echo(
        f"{done.place}: {done.grids} grids in force (plan {done.plan_id}), {done.vacant} of them vacant.\n"
    )
    width = max(len(one.account) for one in done.accounts)
    for one in done.accounts:
        where = one.where or "everywhere"
        click.echo(f"  {one.account:{width}}  {one.password}  {where}")


@click.command()
def check() -> None:
    """Look whether everything is as it should be, and say what to do where it is not.

    Ends with status 1 where a check failed.
    """
    from app.config import logins, settings
    from app.db import MIGRATIONS, open_engine, transaction
    from app.services.checks import Where, run_checks

    newest = max(file.name.split("_")[0] for file in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    failed = 0
    with refusals_as_messages():
        opens = partial(transaction, open_engine(logins().owner, statement_seconds=0))
        for outcome in run_checks(opens, Where(settings().uploads, newest)):
            mark = {"fine": "ok  ", "failed": "FAIL", "skipped": "skip"}[outcome.state]
            click.echo(f"{mark}  {outcome.title}" + (f": {outcome.found}" if outcome.found else ""))
            if outcome.remedy:
                click.echo(f"      {outcome.remedy}")
            failed += outcome.state == "failed"
    if failed:
        sys.exit(EXIT_CHECK)


def transactions() -> Callable[[], AbstractContextManager[Session]]:
    """Opens transactions as the app, without a time limit for a statement: a whole district at once."""
    from app.config import logins
    from app.db import check_schema, open_engine, transaction

    known = logins()
    check_schema(known.owner)
    return partial(transaction, open_engine(known.app, statement_seconds=0))


def _workers(given: dict[str, Any]) -> int:
    return given["workers"] or len(os.sched_getaffinity(0))
