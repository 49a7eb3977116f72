"""The pages of duties: the roster, one grid with its handover, leave, staffing, proposals and training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import (
    clears,
    duties,
    duty_roster,
    handovers,
    helpers,
    plan_guard,
    reading,
    rule_packs,
    staff_plans,
    training,
)
from app.services.access import MANAGERS, require
from app.services.kinds import COURSE_KINDS
from app.services.personal import open_registers
from app.views.errors import STATUS, worded
from app.views.form_fields import day_in, whole_in
from app.views.session import actor, now, settings, today, work

bp = APIBlueprint("duties", __name__, enable_openapi=False)

TABS = ("roster", "leave", "staffing", "proposals", "training", "names")


@bp.get("/duties")
def page() -> ResponseReturnValue:
    """The roster of a place, and what else is told of its coordinators."""
    return _page(request.args)


@bp.post("/duties/absences")
def take_leave() -> ResponseReturnValue:
    """Write down that a coordinator is away."""
    form = request.form
    try:
        with work() as session:
            person = whole_in(form, "person")
            _must_manage(session, person)
            first, last = day_in(form, "from_on"), day_in(form, "until_on")
            duty_roster.take_leave(session, person, first, last, actor().person_id, today())
    except Refusal as refusal:
        return _page(form, refusal)
    return _back(form)


@bp.post("/duties/absences/<int:absence_id>/removal")
def withdraw_leave(absence_id: int) -> ResponseReturnValue:
    """Take leave back."""
    with work() as session:
        _must_manage(session, duty_roster.person_of_leave(session, absence_id))
        duty_roster.withdraw_leave(session, absence_id, actor().person_id)
    return _back(request.form)


@bp.post("/duties/proposals")
def accept() -> ResponseReturnValue:
    """Let a proposal's changes begin."""
    form = request.form
    try:
        with work() as session:
            path = reading.path_of(session, form.get("place", ""))
            require(actor(), MANAGERS, [path])
            staff_plans.accept(session, path, form.get("mark", ""), actor().person_id, today())
    except Refusal as refusal:
        if refusal.code != "assignment_changed":
            raise
        return _page(form, refusal)
    return redirect(url_for("duties.page", place=form.get("place")))


@bp.post("/duties/courses")
def add_course() -> ResponseReturnValue:
    """A course for coordinators."""
    form = request.form
    try:
        with work() as session:
            months = whole_in(form, "holds_months") if form.get("holds_months") else None
            place, name = form.get("place", ""), form.get("name", "")
            training.add_course(session, actor(), place, name, form.get("kind", ""), months)
    except Refusal as refusal:
        return _page(form, refusal)
    return _back(form)


@bp.post("/duties/attendances")
def attend() -> ResponseReturnValue:
    """Who took part in a course."""
    form = request.form
    try:
        with work() as session:
            people = [whole_in({"person": said}, "person") for said in form.getlist("people")]
            training.attend(
                session, actor(), whole_in(form, "course"), people, day_in(form, "held_on"), today()
            )
    except Refusal as refusal:
        return _page(form, refusal)
    return _back(form)


@bp.post("/duties/people/<int:person_id>/public-name")
def name_for_public(person_id: int) -> ResponseReturnValue:
    """The name the public reads of a coordinator."""
    form = request.form
    try:
        with work() as session:
            _must_manage(session, person_id)
            duty_roster.name_for_public(session, person_id, form.get("name", ""), actor().person_id)
    except Refusal as refusal:
        return _page(form, refusal)
    return _back(form)


@bp.get("/duties/grids/<int:grid_id>")
def grid(grid_id: int) -> ResponseReturnValue:
    """Who answered for a grid, who stands in, what is open there, and the form to hand it over."""
    return _grid(grid_id)


@bp.post("/duties/grids/<int:grid_id>/handover")
def hand_over(grid_id: int) -> ResponseReturnValue:
    """Make somebody the primary; the sheet follows."""
    form = request.form
    try:
        with work() as session:
            registers = open_registers(session, actor(), "handover")
            things = handovers.open_things(registers, grid_id, now(), settings().timezone)
            made = handovers.hand_over(
                session, actor(), grid_id, whole_in(form, "person"), things, form.get("note", ""), today()
            )
    except Refusal as refusal:
        return _grid(grid_id, refusal)
    return redirect(url_for("duties.sheet", grid_id=grid_id, handover_id=made))


@bp.get("/duties/handover/<int:grid_id>/<int:handover_id>")
def sheet(grid_id: int, handover_id: int) -> ResponseReturnValue:
    """The sheet that both sign: every open thing of the grid by door."""
    with work() as session:
        made = handovers.handover(session, grid_id, handover_id)
        shown = reading.grid(session, grid_id, actor())
        registers = open_registers(session, actor(), "handover")
        things = handovers.open_things(registers, grid_id, now(), settings().timezone, "print")
        houses = clears.buildings_of_grid(registers, grid_id)
        helping = helpers.of_buildings(registers, houses, today(), f"grid {grid_id}", "print")
    return render_template(
        "handover.html",
        helping=helping,
        made=made,
        grid=shown,
        open_now=_by_kind(things),
        total=len(things),
        printed_at=now(),
    )


@bp.post("/duties/grids/<int:grid_id>/deputies")
def deputise(grid_id: int) -> ResponseReturnValue:
    """Let somebody stand in."""
    form = request.form
    try:
        with work() as session:
            until = day_in(form, "until") if form.get("until") else None
            person = whole_in(form, "person")
            duty_roster.deputise(
                session, grid_id, person, actor().person_id, today(), until, settings().timezone
            )
    except Refusal as refusal:
        return _grid(grid_id, refusal)
    return redirect(url_for("duties.grid", grid_id=grid_id))


@bp.post("/duties/grids/<int:grid_id>/deputies/<int:duty_id>/end")
def end_deputy(grid_id: int, duty_id: int) -> ResponseReturnValue:
    """Let a deputy's duty end."""
    with work() as session:
        duty_roster.end_deputy(session, grid_id, duty_id, actor().person_id)
    return redirect(url_for("duties.grid", grid_id=grid_id))


def _page(asked: Mapping[str, str], refusal: Refusal | None = None) -> ResponseReturnValue:
    asking, tab = actor(), asked.get("tab", "")
    tab = tab if tab in TABS else TABS[0]
    with work() as session:
        places, code, path = reading.place_chosen(session, asking, asked.get("place"))
        if code is None:
            return render_template("duties.html", places=[], refused="")
        manages = asking.covers(MANAGERS, path)
        tab = tab if manages or tab in ("roster", "staffing") else TABS[0]
        shown = _tab(session, tab, path)
    page = render_template(
        "duties.html",
        places=places,
        place=code,
        tab=tab,
        tabs=TABS if manages else ("roster", "staffing"),
        manages=manages,
        now=now(),
        today=today(),
        refused=worded(refusal.code, refusal.facts) if refusal else "",
        **shown,
    )
    return (page, STATUS.get(refusal.code, 422)) if refusal else page


def _tab(session: Any, tab: str, path: str) -> dict[str, Any]:
    """What a tab shows."""
    if tab == "leave":
        away = duty_roster.absences(session, path, today(), settings().timezone)
        return {"absences": away, "staff": duties.coordinators(session, path, today())}
    if tab == "staffing":
        rules = rule_packs.in_force(session, path, today()).rules
        per_coordinator = rules.staffing.floating_per_coordinator
        in_fives = not actor().covers(MANAGERS, path)
        rows = staff_plans.staffing(session, path, per_coordinator, in_fives=in_fives)
        return {"staffing": rows, "per_coordinator": per_coordinator}
    if tab == "proposals":
        return {"proposals": staff_plans.proposals(session, path, today())}
    if tab == "training":
        return {
            "courses": training.courses(session, path, today()),
            "staff": training.staff_of(session, path, today()),
            "course_kinds": COURSE_KINDS,
        }
    if tab == "names":
        shown = duty_roster.public_names(session, path, today())
        return {"shown": shown, "longest": duty_roster.LONGEST_WORK_NAME}
    roster = duty_roster.roster(session, path, today())
    scope = actor().scope
    plans = {row.plan for row in roster}
    told = {plan: plan_guard.told_of_plan(session, plan, actor(), scope) for plan in plans}
    households = {row.id: told[row.plan].of_grid(row.id, row.households) for row in roster}
    return {"roster": roster, "households": households}


def _grid(grid_id: int, refusal: Refusal | None = None) -> ResponseReturnValue:
    if refusal is not None and refusal.code == "not_found":
        raise refusal
    with work() as session:
        shown = reading.grid(session, grid_id, actor())
        registers = open_registers(session, actor(), "handover")
        things = handovers.open_things(registers, grid_id, now(), settings().timezone)
        path = reading.path_of(session, shown["community"]["code"])
        facts = {
            "history": duty_roster.history(session, grid_id, now()),
            "deputies": duty_roster.deputies(session, grid_id),
            "handovers": handovers.handovers(session, grid_id),
            "staff": duties.coordinators(session, path, today()),
        }
    page = render_template(
        "duty_grid.html",
        grid=shown,
        grid_id=grid_id,
        counts=handovers.counted(things),
        total=len(things),
        days_of=duty_roster.days_of,
        now=now(),
        today=today(),
        refused=worded(refusal.code, refusal.facts) if refusal else "",
        **facts,
    )
    return make_response(page, STATUS.get(refusal.code, 422) if refusal else 200)


def _must_manage(session: Any, person_id: int) -> None:
    """Refuse for somebody who is no coordinator within the places one manages."""
    paths = [grant.path for grant in actor().roles if grant.kind in MANAGERS]
    if not duty_roster.works_in(session, person_id, paths, today()):
        raise Refusal("not_in_scope")


def _by_kind(things: list[handovers.OpenThing]) -> dict[str, list[handovers.OpenThing]]:
    return {
        kind: [one for one in things if one.kind == kind]
        for kind in handovers.KINDS
        if any(one.kind == kind for one in things)
    }


def _back(form: Mapping[str, str]) -> ResponseReturnValue:
    return redirect(url_for("duties.page", place=form.get("place") or None, tab=form.get("tab") or None))
