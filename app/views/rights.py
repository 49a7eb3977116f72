"""The rights centre, for administrators: what is kept and why, who read it, what residents ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from apiflask import APIBlueprint
from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.db import Transaction
from app.errors import Refusal
from app.services import audit_chain, read_log, retention, subject_requests
from app.services.field_register import REGISTER
from app.services.personal import ACTS, PURPOSES, open_registers
from app.services.read_log import Wanted
from app.services.subject_requests import STOPS
from app.views.errors import STATUS, worded
from app.views.session import actor, now, settings, today, work

bp = APIBlueprint("rights", __name__, enable_openapi=False)

VERDICT = "audit verdict"
CHECKED_EVERY = timedelta(minutes=10)


@bp.get("/rights")
def overview() -> str:
    """Where one begins: requests that wait, the audit's chain, and the ways on."""
    with work() as session:
        checked_at, verdict = _verdict(session)
        waiting = subject_requests.listing(open_registers(session, actor(), "request"), today(), "open")
    late = sum(1 for one in waiting if one.days_left is not None and one.days_left < 0)
    return render_template(
        "rights.html",
        verdict=verdict,
        checked_at=checked_at,
        waiting=len(waiting),
        late=late,
        second_factor=settings().second_factor,
    )


def _verdict(session: Transaction) -> tuple[datetime, audit_chain.Verdict]:
    """What the chain's last check found and when; checked anew where that is too long ago.

    A check reckons every row there is: seconds once they are a million. One that found a fault is not kept.
    """
    kept = current_app.extensions.get(VERDICT)
    if kept is None or now() - kept[0] > CHECKED_EVERY or not kept[1].holds:
        kept = current_app.extensions[VERDICT] = (now(), audit_chain.verify(session))
    return kept


@bp.get("/rights/fields")
def fields() -> str:
    """The field register: every column of the personal tables with its purpose and retention."""
    with work() as session:
        months = retention.periods_on(session, today()).stay_months
    return render_template("rights_fields.html", register=REGISTER, months=months)


@bp.get("/rights/impact")
def impact() -> str:
    """The assessment of what keeping registers does to people, and what is done about it."""
    personal = sum(field.personal for columns in REGISTER.values() for field in columns.values())
    return render_template("rights_impact.html", tables=len(REGISTER), fields=personal, risks=RISKS)


RISKS = ("curiosity", "leak", "profiling", "excess", "stale", "tampering", "gate")


@bp.get("/rights/reads")
def reads() -> str:
    """The log of reads, searched; exports and prints are reads too."""
    given = request.args
    wanted = Wanted(
        who=given.get("who", "")[:80],
        household_id=_number(given.get("household")),
        act=given.get("act", ""),
        purpose=given.get("purpose", ""),
        since=_day("since"),
        until=_day("until"),
        before=_number(given.get("before")),
    )
    with work() as session:
        registers = open_registers(session, actor(), "request")
        lines = read_log.search(registers, wanted, settings().timezone.key)
    return render_template(
        "rights_reads.html",
        lines=lines,
        wanted=wanted,
        acts=ACTS,
        purposes=PURPOSES,
        more=lines[-1].id if len(lines) == read_log.PAGE else None,
    )


@bp.get("/rights/retention")
def retention_page() -> str:
    """What would be removed today: a dry run."""
    return _retention()


@bp.post("/rights/retention")
def remove() -> str:
    """Remove what is over, now."""
    with work() as session:
        done = retention.run(open_registers(session, actor(), "retention"), today())
    return _retention(done)


@bp.get("/rights/requests")
def requests() -> str:
    """What residents ask for, the most urgent first."""
    state = request.args.get("state", "open")
    with work() as session:
        found = subject_requests.listing(open_registers(session, actor(), "request"), today(), state)
    return render_template("rights_requests.html", requests=found, state=state)


@bp.get("/rights/requests/<int:request_id>")
def request_page(request_id: int) -> str:
    """One request, and how to answer it."""
    return _request(request_id)


@bp.post("/rights/requests/<int:request_id>")
def answer(request_id: int) -> ResponseReturnValue:
    """Answer a request; a deletion that is granted is done at once."""
    decision, words = request.form.get("decision", ""), request.form.get("words", "")
    try:
        with work() as session:
            registers = open_registers(session, actor(), "request")
            stops = request.form.getlist("stops")
            subject_requests.answer(registers, request_id, decision, words, now(), stops)
    except Refusal as refusal:
        if refusal.code == "not_found":
            raise
        return _request(request_id, worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    return redirect(url_for("rights.request_page", request_id=request_id))


@bp.post("/rights/requests/<int:request_id>/lifting")
def lift(request_id: int) -> ResponseReturnValue:
    """End a granted objection: the household asked for that."""
    with work() as session:
        subject_requests.lift(open_registers(session, actor(), "request"), request_id, now())
    return redirect(url_for("rights.request_page", request_id=request_id))


def _request(request_id: int, refused: str = "") -> str:
    with work() as session:
        found = subject_requests.find(open_registers(session, actor(), "request"), request_id)
        shown = {name: getattr(found, name) for name in SHOWN}
    left = (shown["due_on"] - today()).days
    stopped = [one for one, purposes in STOPS.items() if set(purposes) <= set(shown["stops"] or ())]
    return render_template(
        "rights_request.html",
        asked=shown,
        days_left=left,
        refused=refused,
        stopped=stopped,
        may_stop=tuple(STOPS),
    )


SHOWN = (
    *("id", "kind", "state", "words", "made_at", "due_on", "answered_at", "answer", "household_id"),
    *("stops", "lifted_at"),
)


def _retention(done: list[retention.Removed] | None = None) -> str:
    with work() as session:
        rules = retention.dry_run(open_registers(session, actor(), "retention"), today())
    gone = {_source(one): one.rows for one in done or []}
    there = {_source(one) for one in rules}
    rules += [replace(one, rows=0) for one in done or [] if _source(one) not in there]
    rules.sort(key=lambda one: [rule.name for rule in retention.RULES].index(one.rule))
    lines = [(one, gone.get(_source(one), 0)) for one in rules]
    return render_template("rights_retention.html", lines=lines, done=done)


def _source(one: retention.Removed) -> tuple[object, ...]:
    """The rule of a line and whose pack gave its term."""
    return (one.rule, one.place, one.pack, one.from_on)


def _number(said: str | None) -> int | None:
    return int(said) if said and said.isascii() and said.isdecimal() and len(said) < 19 else None


def _day(name: str) -> date | None:
    said = request.args.get(name)
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise Refusal("fields_malformed", fields=name) from None
