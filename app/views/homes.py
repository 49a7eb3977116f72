"""The pages of homes: a building with its doors, a household, an arrival, a visit, and what is due today."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from apiflask import APIBlueprint
from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import (
    accounts,
    due,
    employers,
    hazards,
    helpers,
    homes,
    identities,
    inspections,
    needs,
    rentals,
    site_notes,
    throttle,
    zero_reports,
)
from app.services.access import BIGGEST_ID
from app.services.hazard_kinds import kind_names
from app.services.hazards import Wanted
from app.services.homes import Standing
from app.services.personal import open_registers
from app.views import form_fields as fields
from app.views.errors import STATUS, worded
from app.views.language import language
from app.views.session import actor, client, hashing, here, now, settings, today, work

bp = APIBlueprint("homes", __name__, enable_openapi=False)

WHERE = ("household", "dwelling", "building")
CLAIMED_DONE = Wanted(mine=True, states=("claimed done",))  # work that somebody else has to look at


@bp.get("/buildings/<int:building_id>")
def building_page(building_id: int) -> str:
    """The front of a building, door by door; whoever serves it not sees who does."""
    return building_with(building_id)


def building_with(building_id: int, words: str = "", refused: str = "") -> str:
    """The page of a building. words, refused: of a note that was not taken, and why."""
    with work() as session:
        shown = homes.standing(session, building_id)
        registers = open_registers(session, actor(), "visit")
        opened = homes.is_open(registers, building_id)
        doors = homes.doors(registers, building_id, here()) if opened else []
        firms = employers.of_building(registers, building_id, today()) if opened else []
        let = rentals.of_building(registers, building_id, today()) if opened else []
        about = f"building {building_id}"
        heads = (
            helpers.of_buildings(registers, [building_id], today(), about, heads_only=True) if opened else []
        )
        stairs = homes.staircases(session, building_id, doors)
        notes = site_notes.of_building(session, building_id) if opened else []
        wanted = Wanted(building_id=building_id, is_open=True)
        wrong = hazards.list_hazards(session, actor(), wanted, here()).hazards if opened else []
        kinds = kind_names(session, language())
    return render_template(
        "building.html",
        building=shown,
        map_link=map_link(shown),
        opened=opened,
        doors=doors,
        stairs=stairs,
        tally=_tally(doors),
        employers=firms,
        rentals=let,
        notes=notes,
        longest_note=site_notes.LONGEST_NOTE,
        words=words,
        refused=refused,
        now=here(),
        hazards=[{**one, "kind_name": kinds[one["kind"]]} for one in wrong],
        heads=heads,
        day=today(),
        facts={"building": building_id},
    )


@bp.get("/households/<int:household_id>")
def household_page(household_id: int) -> str:
    """One household's file."""
    with work() as session:
        registers = open_registers(session, actor(), "visit")
        shown = homes.household(registers, household_id)
        stands = homes.standing(session, shown.building_id)
        others = homes.doors_to_move_to(registers, shown.building_id)
        identity = identities.asked_of(registers, shown.building_id, today())
        kept = identities.of_household(registers, household_id)
        panels = {
            "rental_panel": rentals.panel(registers, shown.dwelling_id, today()),
            "needs_panel": needs.panel(registers, household_id, today()),
        }
    return render_template(
        "household.html",
        household=shown,
        building=stands,
        identity=identity,
        kept=kept,
        map_link=map_link(stands),
        doors=others,
        day=today(),
        facts={"household": household_id, "building": shown.building_id, "today": today().isoformat()},
        **panels,
        **_choices(),
    )


@bp.get("/residents/<int:resident_id>/id-number")
def number_page(resident_id: int) -> str:
    """Where somebody says why they have to read the whole number."""
    return _number(resident_id)


@bp.post("/residents/<int:resident_id>/id-number")
def reveal_number(resident_id: int) -> ResponseReturnValue:
    """The whole number, for a reason and the own password; that it was read is in the audit."""
    key, asking, reason = settings().secret_key, actor(), fields.words("reason")
    try:
        with work() as session:  # guessing is slowed down as at the sign-in
            attempt = throttle.attempt(session, key, asking.account, client(), now())
        with work() as session:
            accounts.prove(session, asking.person_id, hashing(), request.form.get("password", ""))
            throttle.succeeded(session, attempt)
            registers = open_registers(session, asking, "registration")
            number = identities.reveal(registers, resident_id, reason, settings().identity_key, now())
    except Refusal as refusal:
        if refusal.code == "not_found":
            raise
        return _number(resident_id, worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    return _number(resident_id, number=number)


def _number(resident_id: int, refused: str = "", number: str = "") -> str:
    with work() as session:
        registers = open_registers(session, actor(), "visit")
        resident = identities.resident(registers, resident_id)
    return render_template(
        "id_number.html",
        resident=resident,
        refused=refused,
        number=number,
        least=identities.LEAST_REASON,
        longest=identities.LONGEST_REASON,
    )


@bp.get("/arrivals/new")
def arrival_page() -> str:
    """The form for people who came: into a household, a dwelling, or behind any door of a building."""
    kind, key = _where()
    with work() as session:
        registers = open_registers(session, actor(), "registration")
        household = homes.household(registers, key) if kind == "household" else None
        dwelling = homes.dwelling(registers, key) if kind == "dwelling" else None
        of = household or dwelling
        stands = homes.standing(session, key if of is None else of.building_id)
        homes.require_seen(registers, stands.id)
        doors = homes.doors_to_move_to(registers, stands.id)
    return render_template(
        "arrival.html",
        building=stands,
        household=household,
        dwelling=dwelling,
        doors=doors,
        day=today(),
        facts={"kind": kind, "key": key, "building": stands.id, "client": str(uuid4())},
        **_choices(),
    )


@bp.get("/visits/new")
def visit_page() -> str:
    """The form at the door; of a known household it asks only what is missing."""
    kind, key = _where()
    with work() as session:
        registers = open_registers(session, actor(), "visit")
        household = homes.household(registers, key) if kind == "household" else None
        dwelling = (
            homes.dwelling(registers, household.dwelling_id if household else key)
            if kind != "building"
            else None
        )
        stands = homes.standing(session, dwelling.building_id if dwelling else key)
        homes.require_seen(registers, stands.id)
        firms = employers.to_ask(registers, stands.id)
        identity = identities.asked_of(registers, stands.id, today())
        services = needs.catalogue(session) if kind != "building" else []
    return render_template(
        "visit.html",
        firms=firms,
        identity=identity,
        services=services,
        usually=today() + needs.USUALLY_KEPT,
        last=today() + needs.LONGEST_KEPT,
        sizes=employers.SIZES,
        building=stands,
        household=household,
        dwelling=dwelling,
        day=today(),
        now=here(),
        facts={
            "kind": kind,
            "key": key,
            "building": stands.id,
            "client": str(uuid4()),
            "today": today().isoformat(),
        },
        **_choices(),
    )


@bp.get("/today")
def today_page() -> str:
    """What is due in one's grids, with why; of a manager, in the grid that is asked for."""
    said = request.args.get("grid", "")
    grid_id = int(said) if said.isascii() and said.isdigit() and 0 < int(said) <= BIGGEST_ID else None
    with work() as session:
        grids = due.grids_asked(session, actor(), grid_id)
        registers = open_registers(session, actor(), "visit")
        buildings = due.due(registers, grids, here())
        months = zero_reports.months(registers, grids, here())
        claimed = hazards.list_hazards(session, actor(), CLAIMED_DONE, here()).hazards
        names = kind_names(session, language())
        looks = inspections.due(session, actor(), today(), mine=True)  # last: it opens registers anew
    return render_template(
        "today.html",
        inspections=looks,
        rechecks=[{**one, "kind_name": names[one["kind"]]} for one in claimed],
        grids=grids,
        buildings=buildings,
        now=here(),
        day=today(),
        months=[one for one in months if one.filed_at is None or one.month == months[-1].month],
        facts={"today": today().isoformat()},
    )


def _where() -> tuple[str, int]:
    """What the address names, as in `?household=7`; `not_found` where it names none."""
    for kind in WHERE:
        said = request.args.get(kind, "")
        if said.isascii() and said.isdigit() and 0 < int(said) <= BIGGEST_ID:
            return kind, int(said)
    raise Refusal("not_found")


def map_link(stands: Standing) -> str:
    """The map at a building, its grid chosen."""
    asked = f"?place={stands.plan_place}&grid={stands.grid_code}" if stands.plan_place else ""
    return f"/map{asked}#18.2/{stands.lat:.6f}/{stands.lon:.6f}"


def _tally(doors: list[homes.Door]) -> dict[str, int]:
    """How many doors are in which state, and how many are let or were never called at."""
    states = [door.state for door in doors]
    return {
        **{state: states.count(state) for state in ("verified", "due", "overdue", "empty")},
        "households": sum(len(door.homes) for door in doors),
        "residents": sum(home.residents for door in doors for home in door.homes),
        "let": sum(door.let for door in doors),
        "never": sum(door.called_at is None for door in doors),
    }


def _choices() -> dict[str, Any]:
    return {
        "age_bands": homes.AGE_BANDS,
        "visit_hours": homes.VISIT_HOURS,
        "sources": homes.SOURCES[:4],
        "results": homes.VISIT_RESULTS,
        "uses": homes.DWELLING_USES,
    }
