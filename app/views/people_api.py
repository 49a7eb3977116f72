"""The same administration of persons for programs, and who one is oneself."""

from __future__ import annotations

from datetime import date
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Date, DateTime, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Regexp
from flask.typing import ResponseReturnValue

from app.services import accounts
from app.services.access import KINDS
from app.services.accounts import PersonSeen
from app.views.session import actor, hashing, now, today, work

bp = APIBlueprint("people_api", __name__, tag="People")


class RolePlace(Schema):
    code = String(required=True)
    name = String(required=True)


class RoleOut(Schema):
    id = Integer(required=True)
    kind = String(required=True, validate=OneOf(KINDS))
    place = Nested(RolePlace, required=True, allow_none=True, metadata={"description": "null: everywhere"})
    until = Date(required=True, allow_none=True, metadata={"description": "the last day it holds"})
    holds = Boolean(required=True, metadata={"description": "whether it holds today"})


class PersonOut(Schema):
    id = Integer(required=True)
    account = String(required=True)
    name = String(required=True)
    name_pinyin = String(required=True, allow_none=True)
    office_phone = String(required=True, allow_none=True)
    active = Boolean(required=True)
    password_is_given = Boolean(required=True, metadata={"description": "an own one is still to be chosen"})
    last_seen = DateTime(required=True, allow_none=True)
    roles = List(Nested(RoleOut), required=True)


class PeopleOut(Schema):
    people = List(Nested(PersonOut), required=True)


class PasswordOut(Schema):
    password = String(required=True, metadata={"description": "told once; to be changed at the next sign-in"})


class AddedOut(Schema):
    person = Nested(PersonOut, required=True)
    password = String(
        required=True, metadata={"description": "told once; to be changed at the first sign-in"}
    )


class RoleIn(Schema):
    kind = String(required=True, validate=OneOf(KINDS))
    place = String(
        load_default=None,
        allow_none=True,
        validate=Regexp(r"^[0-9]{6,12}$"),
        metadata={"description": "code of the place; none: the whole deployment, for administrators"},
    )
    until = Date(load_default=None, allow_none=True)


class PersonIn(Schema):
    account = String(required=True, validate=Length(1, 64))
    name = String(required=True, validate=Length(1, 80))
    office_phone = String(load_default="", validate=Length(0, 30))
    role = Nested(RoleIn, load_default=None, allow_none=True)


class PersonChange(Schema):
    name = String(validate=Length(1, 80))
    office_phone = String(validate=Length(0, 30))
    active = Boolean(truthy={True}, falsy={False})


class Asked(Schema):
    q = String(
        load_default="", validate=Length(0, 80), metadata={"description": "words of name, account, phone"}
    )


@bp.get("/api/me")
@bp.output(PersonOut)
def me() -> ResponseReturnValue:
    """Who is signed in, with roles."""
    with work() as session:
        return _told(accounts.person(session, actor().person_id, today()))


@bp.get("/api/people")
@bp.input(Asked, location="query", arg_name="asked")
@bp.output(PeopleOut)
def people(asked: dict[str, Any]) -> ResponseReturnValue:
    """The persons one keeps: those whose every role lies in one's own places."""
    with work() as session:
        found = accounts.people(session, actor(), today(), asked["q"])
    return {"people": [_told(person) for person in found]}


@bp.post("/api/people")
@bp.input(PersonIn, arg_name="given")
@bp.output(AddedOut, status_code=201)
def add(given: dict[str, Any]) -> ResponseReturnValue:
    """Add a person, with a first role."""
    role = given["role"] or {"kind": None, "place": None, "until": None}
    with work() as session:
        person_id, password = accounts.add_person(
            session,
            actor(),
            given["account"],
            given["name"],
            office_phone=given["office_phone"],
            role=role["kind"],
            place=role["place"],
            until=role["until"],
            hashing=hashing(),
            now=now(),
            today=today(),
        )
        return {"person": _told(accounts.person(session, person_id, today())), "password": password}


@bp.get("/api/people/<int:person_id>")
@bp.output(PersonOut)
def person(person_id: int) -> ResponseReturnValue:
    """One person."""
    with work() as session:
        return _told(accounts.person(session, person_id, today()))


@bp.patch("/api/people/<int:person_id>")
@bp.input(PersonChange, arg_name="given")
@bp.output(PersonOut)
def change(person_id: int, given: dict[str, Any]) -> ResponseReturnValue:
    """Change name or phone; retire a person or let them back."""
    with work() as session:
        active = given.pop("active", None)
        accounts.change_person(session, actor(), person_id, **given)
        if active is False:
            accounts.deactivate(session, actor(), person_id, now())
        elif active:
            accounts.reactivate(session, actor(), person_id)
        return _told(accounts.person(session, person_id, today()))


@bp.post("/api/people/<int:person_id>/roles")
@bp.input(RoleIn, arg_name="given")
@bp.output(PersonOut, status_code=201)
def grant(person_id: int, given: dict[str, Any]) -> ResponseReturnValue:
    """Give a role for a place."""
    until: date | None = given["until"]
    with work() as session:
        accounts.grant_role(
            session, actor(), person_id, given["kind"], given["place"], until=until, today=today()
        )
        return _told(accounts.person(session, person_id, today()))


@bp.delete("/api/people/<int:person_id>/roles/<int:role_id>")
@bp.output({}, status_code=204)
def revoke(person_id: int, role_id: int) -> ResponseReturnValue:
    """Take a role away."""
    with work() as session:
        accounts.revoke_role(session, actor(), person_id, role_id)
    return "", 204


@bp.post("/api/people/<int:person_id>/password")
@bp.output(PasswordOut)
def password(person_id: int) -> ResponseReturnValue:
    """Give a new password, to be changed at the next sign-in; all sessions end."""
    with work() as session:
        return {"password": accounts.give_password(session, actor(), person_id, hashing(), now())}


@bp.delete("/api/people/<int:person_id>/sessions")
@bp.output({}, status_code=204)
def sign_out(person_id: int) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    with work() as session:
        accounts.end_all(session, actor(), person_id, now())
    return "", 204


def _told(seen: PersonSeen) -> dict[str, Any]:
    roles = [
        {
            "id": role.id,
            "kind": role.kind,
            "place": {"code": role.place_code, "name": role.place_name} if role.place_code else None,
            "until": role.until,
            "holds": role.holds,
        }
        for role in seen.roles
    ]
    return {**{name: getattr(seen, name) for name in PersonOut().fields if name != "roles"}, "roles": roles}
