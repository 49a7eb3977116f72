"""The pages on which administrators keep persons and their roles."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import accounts, handsets
from app.services.access import ADMINISTRATORS, KINDS
from app.views.errors import STATUS, worded
from app.views.session import actor, hashing, now, today, work

bp = APIBlueprint("people", __name__, enable_openapi=False)


@bp.get("/people")
def people() -> ResponseReturnValue:
    """The persons one keeps, found by name, account or phone."""
    words = request.args.get("q", "")[:80]
    with work() as session:
        found = accounts.people(session, actor(), today(), words)
    return render_template("people.html", people=found, words=words)


@bp.get("/people/new")
def new() -> ResponseReturnValue:
    """The form for another person."""
    return _new()


@bp.post("/people")
def add() -> ResponseReturnValue:
    """Add a person; the page shows the password, once."""
    form = request.form
    try:
        with work() as session:
            person_id, password = accounts.add_person(
                session,
                actor(),
                form.get("account", ""),
                form.get("name", ""),
                office_phone=form.get("office_phone", ""),
                role=form.get("kind") or None,
                place=form.get("place") or None,
                until=_day(form.get("until")),
                hashing=hashing(),
                now=now(),
                today=today(),
            )
    except Refusal as refusal:
        return _new(refused=worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    return _person(person_id, password=password)


@bp.get("/people/<int:person_id>")
def person(person_id: int) -> ResponseReturnValue:
    """One person: what is known, roles, and what may be done."""
    return _person(person_id)


@bp.post("/people/<int:person_id>")
def change(person_id: int) -> ResponseReturnValue:
    """Change name and phone."""
    name, phone = request.form.get("name", ""), request.form.get("office_phone", "")
    return _done(person_id, accounts.change_person, name=name, office_phone=phone)


@bp.post("/people/<int:person_id>/roles")
def grant(person_id: int) -> ResponseReturnValue:
    """Give a role for a place."""
    kind, place = request.form.get("kind", ""), request.form.get("place") or None
    try:
        until = _day(request.form.get("until"))
    except Refusal as refusal:
        return _refused(person_id, refusal)
    return _done(person_id, accounts.grant_role, kind, place, until=until, today=today())


@bp.post("/people/<int:person_id>/roles/<int:role_id>/revocation")
def revoke(person_id: int, role_id: int) -> ResponseReturnValue:
    """Take a role away."""
    return _done(person_id, accounts.revoke_role, role_id)


@bp.post("/people/<int:person_id>/deactivation")
def deactivate(person_id: int) -> ResponseReturnValue:
    """Retire a person."""
    return _done(person_id, accounts.deactivate, now())


@bp.post("/people/<int:person_id>/reactivation")
def reactivate(person_id: int) -> ResponseReturnValue:
    """Let a retired person sign in again."""
    return _done(person_id, accounts.reactivate)


@bp.post("/people/<int:person_id>/second-factor/removal")
def remove_second_factor(person_id: int) -> ResponseReturnValue:
    """Let a person who lost the phone set up a second factor anew."""
    return _done(person_id, accounts.remove_second_factor, now())


@bp.post("/people/<int:person_id>/sign-out")
def sign_out(person_id: int) -> ResponseReturnValue:
    """End all sessions of a person."""
    return _done(person_id, accounts.end_all, now())


@bp.post("/people/<int:person_id>/password")
def password(person_id: int) -> ResponseReturnValue:
    """Give a new password; the page shows it, once."""
    try:
        with work() as session:
            given = accounts.give_password(session, actor(), person_id, hashing(), now())
    except Refusal as refusal:
        return _refused(person_id, refusal)
    return _person(person_id, password=given)


def _done(person_id: int, act: Any, *about: Any, **more: Any) -> ResponseReturnValue:
    """Do something to a person and go back to their page, or say there why not."""
    try:
        with work() as session:
            act(session, actor(), person_id, *about, **more)
            still = accounts.is_kept_by(session, actor(), person_id, today())
    except Refusal as refusal:
        return _refused(person_id, refusal)
    return redirect(url_for("people.person", person_id=person_id) if still else url_for("people.people"))


def _refused(person_id: int, refusal: Refusal) -> ResponseReturnValue:
    if refusal.code == "not_found":
        raise refusal
    said = worded(refusal.code, refusal.facts)
    return _person(person_id, refused=said), STATUS.get(refusal.code, 422)


@bp.post("/people/<int:person_id>/handsets/<uuid:handset_id>/wipe")
def wipe(person_id: int, handset_id: UUID) -> ResponseReturnValue:
    """Have a phone that was lost emptied as soon as it is heard of."""
    with work() as session:
        handsets.ask_wipe(session, actor(), person_id, handset_id, now())
    return redirect(url_for("people.person", person_id=person_id))


def _person(person_id: int, *, password: str = "", refused: str = "") -> str:
    with work() as session:
        shown = accounts.person(session, person_id, today())
        places = accounts.places_to_grant(session, actor())
        phones = [*handsets.of_person(session, person_id), *handsets.wiped_of(session, person_id)]
    return render_template(
        "person.html",
        person=shown,
        phones=phones,
        password=password,
        refused=refused,
        **_choices(places),
    )


def _new(refused: str = "") -> str:
    with work() as session:
        places = accounts.places_to_grant(session, actor())
    return render_template("person_new.html", given=request.form, refused=refused, **_choices(places))


def _choices(places: list[accounts.PlaceChoice]) -> dict[str, Any]:
    whole = actor().covers(ADMINISTRATORS, None)
    return {"kinds_of_role": [*KINDS[1:], KINDS[0]], "places": places, "whole": whole, "today": today()}


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise Refusal("fields_malformed", fields="until") from None
