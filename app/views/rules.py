"""The page on which administrators look at the rules, foresee what others change, and let them begin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import accounts, rule_packs, work_days
from app.services.access import ADMINISTRATORS
from app.services.rules import GROUPS, SHIPPED, USUAL, Rules, as_json, numbers, switches
from app.views.errors import STATUS, worded
from app.views.session import actor, now, today, work

bp = APIBlueprint("rules", __name__, enable_openapi=False)

EVERYWHERE = ""
LONGEST_NUMBER = 6


@bp.get("/rules")
def rules() -> ResponseReturnValue:
    """The rules in force, those made before and to come, and what those in the address would change."""
    return _page(request.args)


@bp.post("/rules")
def activate() -> ResponseReturnValue:
    """Let rules begin on a day."""
    form = request.form
    try:
        with work() as session:
            wanted = _wanted(form)
            rule_packs.activate(
                session,
                actor(),
                form.get("code", ""),
                form.get("place") or None,
                wanted,
                _from_on(form),
                today(),
            )
    except Refusal as refusal:
        return _page(form, refusal)
    return redirect(url_for("rules.rules"))


@bp.post("/rules/<int:pack_id>/withdrawal")
def withdraw(pack_id: int) -> ResponseReturnValue:
    """Take back rules whose day has not come."""
    try:
        with work() as session:
            rule_packs.withdraw(session, actor(), pack_id, now(), today())
    except Refusal as refusal:
        if refusal.code != "rules_in_force":
            raise
        return _page({}, refusal)
    return redirect(url_for("rules.rules"))


@bp.post("/rules/days")
def keep_day() -> ResponseReturnValue:
    """Say of a day that it is worked, or not."""
    form = request.form
    try:
        day = _day(form.get("day", ""), "day")
        with work() as session:
            worked = form.get("worked") == "yes"
            work_days.keep_day(session, actor(), day, form.get("name", ""), worked=worked)
    except Refusal as refusal:
        return _page({}, refusal)
    return redirect(url_for("rules.rules", year=day.year, _anchor="calendar"))


@bp.post("/rules/days/removal")
def forget_day() -> ResponseReturnValue:
    """Let a day be what its weekday says."""
    day = _day(request.form.get("day", ""), "day")
    with work() as session:
        work_days.forget_day(session, actor(), day)
    return redirect(url_for("rules.rules", year=day.year, _anchor="calendar"))


def _page(asked: Mapping[str, str], refusal: Refusal | None = None) -> ResponseReturnValue:
    """The page; with a preview where the address names a pack."""
    foreseen = None
    with work() as session:
        place = asked.get("place") or None
        if asked.get("code") and refusal is None:
            try:
                foreseen = rule_packs.preview(session, place, _wanted(asked), _from_on(asked))
            except Refusal as no:
                refusal = no
        places = accounts.places_to_grant(session, actor())
        whole = actor().covers(ADMINISTRATORS, None)
        held = {
            one.code: rule_packs.in_force(session, _path(session, one.code), today()) for one in places[:1]
        }
        shown = next(iter(held.values()), None) or rule_packs.in_force(session, None, today())
        year = _year(asked.get("year", ""))
        facts = {
            "packs": rule_packs.listing(session, actor()),
            "days": work_days.calendar_of(session, year),
            "years": work_days.years(session),
        }
    code = asked.get("code") or shown.code
    chosen = SHIPPED.get(code, SHIPPED[USUAL])
    told, off_or_on = _numbers(asked, strict=False), switches(chosen)
    page = render_template(
        "rules.html",
        shown=shown,
        settings=as_json(shown.rules),
        groups=list(GROUPS),
        shipped=list(SHIPPED),
        code=code,
        place=place,
        places=places,
        whole=whole,
        from_on=asked.get("from_on") or today().isoformat(),
        given={name: value for name, value in (numbers(chosen) | told).items() if name not in off_or_on},
        switched={name: bool(told.get(name, value)) for name, value in off_or_on.items()},
        foreseen=foreseen,
        refused=worded(refusal.code, refusal.facts) if refusal else "",
        today=today(),
        year=year,
        **facts,
    )
    return (page, STATUS.get(refusal.code, 422)) if refusal else page


def _path(session: Any, code: str) -> str:
    from app.services.reading import path_of

    return path_of(session, code)


def _wanted(asked: Mapping[str, str]) -> Rules:
    return rule_packs.wished(asked.get("code", ""), _numbers(asked))


def _numbers(asked: Mapping[str, str], *, strict: bool = True) -> dict[str, int]:
    """The settings of a form: `size.target` and so on; what is no whole number is refused, or left out."""
    found = {}
    for name, said in asked.items():
        if "." not in name:
            continue
        if said.isascii() and said.isdecimal() and len(said) <= LONGEST_NUMBER:
            found[name] = int(said)
        elif strict:
            raise Refusal("fields_malformed", fields=name)
    return found


def _from_on(asked: Mapping[str, str]) -> date:
    return _day(asked.get("from_on", ""), "from_on")


def _day(said: str, field: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Refusal("fields_malformed", fields=field) from None


def _year(said: str) -> int:
    return (
        int(said) if said.isascii() and said.isdecimal() and 2000 <= int(said[:4]) <= 2999 else today().year
    )
