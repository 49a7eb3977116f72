"""`gridkeeper rebalance`: proposals for a plan whose households changed, one of them as a draft."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli import FILE, refusals_as_messages
from app.errors import Refusal
from app.ground_commands import transactions

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MOST_HOUSEHOLDS = 100_000  # of one building, as the API has it
DIGITS = 12  # of a number worth reading


@click.command()
@click.option("--place", "code", required=True, metavar="CODE", help="Place whose plan in force is meant.")
@click.option("--plan", "plan_id", type=int, help="Another plan of the place, such as a draft.")
@click.option("--one-more", "want", flag_value="one_more", help="With one coordinator more.")
@click.option("--one-fewer", "want", flag_value="one_fewer", help="With one coordinator fewer.")
@click.option("--opens", type=FILE, help="CSV of building (code) and households that an estate will have.")
@click.option("--accept", type=click.IntRange(1), help="Make the proposal of this number a draft.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Same seed, same outcome.")
def rebalance(code: str, want: str | None, opens: Path | None, accept: int | None, **given: Any) -> None:
    """Propose how a plan can be mended so that few households get another coordinator.

    Proposals come with the fewest households first, and beside them the fewest that any plan must move.
    """
    if want and opens:
        raise click.UsageError("Give one of --one-more, --one-fewer and --opens FILE.")
    from app.services import audit
    from app.services.rebalance import read_present, result_of, write_draft

    wanted = "opens" if opens else want or "mend"
    with refusals_as_messages():
        reads = transactions()
        with reads() as session:
            plan_id = _plan_of(session, code, given["plan_id"])
            households = _estate(session, code, opens) if opens else {}
            present = read_present(session, plan_id, households)
        result = result_of(present, wanted, given["seed"])
        for line in _lines(result):
            click.echo(line)
        if accept is None:
            return
        chosen = {one["number"]: one for one in result["proposals"]}.get(accept)
        if chosen is None:
            raise Refusal("proposal_unknown", proposal=accept)
        parameters = {"want": wanted, "seed": given["seed"]}
        if households:
            parameters["buildings"] = {str(building): count for building, count in households.items()}
        with reads() as session:
            made = write_draft(session, plan_id, result, chosen, parameters)
            facts = {"from": plan_id, "proposal": accept}
            audit.record(session, None, "plan.rebalanced", f"plan {made}", facts)
        click.echo(f"Proposal {accept} is draft {made}. Publish it with: gridkeeper publish {made}")


def _plan_of(session: Session, code: str, named: int | None) -> int:
    """The plan of a place that is named, or else the one in force; refused with `plan_elsewhere`."""
    from sqlalchemy import select

    from app.models import Place, Plan

    place = session.scalars(select(Place).where(Place.code == code)).first()
    if place is None:
        raise Refusal("place_unknown", place=code)
    if named is not None:
        plan = session.get(Plan, named)
        if plan is None:
            raise Refusal("plan_unknown", plan=named)
        if plan.place_id != place.id:
            raise Refusal("plan_elsewhere", plan=named, place=f"{place.name} ({code})")
        return named
    found = session.scalar(select(Plan.id).where(Plan.place_id == place.id, Plan.state == "published"))
    if found is None:
        raise Refusal("no_plan_in_force", place=f"{place.name} ({code})")
    return found


def _estate(session: Session, code: str, file: Path) -> dict[int, int]:
    """Households by id of the buildings that a file names by their codes."""
    from app.services.rebalance import buildings_called

    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
    except FileNotFoundError:
        raise Refusal("file_missing", file=file) from None
    except UnicodeDecodeError:
        raise Refusal("estate_file_malformed", file=file.name, row=1) from None
    named: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        building, count = (row.get("building") or "").strip(), (row.get("households") or "").strip()
        if not building or not count.isdecimal():
            raise Refusal("estate_file_malformed", file=file.name, row=number)
        if len(count) > DIGITS or int(count) > MOST_HOUSEHOLDS:
            raise Refusal(
                "estate_count_out_of_range",
                file=file.name,
                row=number,
                households=count[:DIGITS],
                most=MOST_HOUSEHOLDS,
            )
        named[building] = int(count)
    if not named:
        raise Refusal("estate_empty")
    return buildings_called(session, code, named)


def _lines(result: dict[str, Any]) -> list[str]:
    if not result["proposals"]:
        return ["Nothing needs to move."]
    head = "  no  households  buildings  plots  grids  in band before  after  must move  times"
    lines = [head]
    for one in result["proposals"]:
        times = one["households_moved"] / max(1, one["lower_bound"])
        lines.append(
            f"{one['number']:4}{one['households_moved']:12,}{one['buildings_moved']:11,}{one['plots_moved']:7,}"
            f"{one['coordinators_affected']:7,}{one['in_band_before']:16.1%}{one['in_band_after']:7.1%}"
            f"{one['lower_bound']:11,}{times:7.2f}"
        )
    return lines
