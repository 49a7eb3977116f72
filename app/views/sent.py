"""What phones send: their key, their entries once they have signal again, and that they were wiped."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, Schema
from apiflask.fields import UUID as Uuid
from apiflask.fields import Dict, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range, Regexp
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]
from marshmallow import ValidationError

from app.db import Transaction
from app.errors import Refusal
from app.services import case_photos, handsets, hazards, sent
from app.services.sent import Entry, Settled
from app.views import hazards_api, hazards_schemas, homes_api
from app.views import homes_schemas as schemas
from app.views.errors import STATUS, worded
from app.views.session import actor, here, now, settings, work

bp = APIBlueprint("sent", __name__, tag="Phones")

Told = dict[str, Any]
MOST_ENTRIES = 50
BIGGEST_NUMBER = 2**31 - 1
A_COUNT = Range(0, 1_000_000)
A_COORDINATE = Regexp(r"[A-Za-z0-9_-]{43}\Z")  # 32 bytes in base64url
WRAPPED = Length(48, 1200)


class PublicKey(Schema):
    kty = String(required=True, validate=OneOf(["EC"]))
    crv = String(required=True, validate=OneOf(["P-256"]))
    x = String(required=True, validate=A_COORDINATE)
    y = String(required=True, validate=A_COORDINATE)


class HandsetIn(Schema):
    id = Uuid(required=True, metadata={"description": "made on the phone"})
    public_key = Nested(PublicKey, required=True)
    private_key = String(
        required=True, validate=WRAPPED, metadata={"description": "wrapped by the secret; base64"}
    )


class HandsetOut(Schema):
    id = Uuid()
    person_id = Integer()
    secret = String(metadata={"description": "unwraps the private key; hex"})
    private_key = String(allow_none=True, metadata={"description": "null: not known yet"})
    next = Integer(metadata={"description": "the number awaited next"})
    token = String(metadata={"description": "for X-CSRFToken"})


class TokenOut(Schema):
    token = String()


class EnrolledOut(Schema):
    public_key = Nested(PublicKey)


class EntryIn(Schema):
    client_id = Uuid(required=True)
    number = Integer(required=True, strict=True, validate=Range(1, BIGGEST_NUMBER))
    kind = String(required=True, validate=OneOf(sent.KINDS))
    body = Dict(keys=String(), required=True)


class SentIn(Schema):
    handset = Uuid(required=True)
    unsent = Integer(load_default=0, strict=True, validate=A_COUNT)
    oldest = Integer(
        load_default=1,
        strict=True,
        validate=Range(1, BIGGEST_NUMBER),
        metadata={"description": "the lowest number the phone still holds, or the one it will give next"},
    )
    entries = List(Nested(EntryIn), load_default=list, validate=Length(0, MOST_ENTRIES))


class EntryOut(Schema):
    client_id = Uuid()
    number = Integer()
    state = String(metadata={"description": "done, refused, or waiting for entries before it"})
    status = Integer(metadata={"description": "what its own request would have answered with"})
    code = String(metadata={"description": "of the refusal"})
    detail = String(metadata={"description": "the refusal in words"})
    answer = Dict(keys=String())


class SentOut(Schema):
    next = Integer()
    entries = List(Nested(EntryOut))


class WipedIn(Schema):
    unsent = Integer(required=True, strict=True, validate=A_COUNT)


@bp.get("/api/handsets/<uuid:handset_id>")
@bp.output(HandsetOut)
@bp.doc(summary="What opens a phone's entries")
def show(handset_id: UUID) -> Told:
    """The key of one's own phone, or the secret to make one with; the token to send with."""
    with work() as session:
        found = handsets.key(session, actor(), handset_id, settings().secret_key)
    wrapped = None if found.private_key is None else base64.b64encode(found.private_key).decode()
    return {
        "id": handset_id,
        "person_id": actor().person_id,
        "secret": found.secret,
        "private_key": wrapped,
        "next": found.next_number,
        "token": generate_csrf(),
    }


@bp.get("/api/token")
@bp.output(TokenOut)
@bp.doc(summary="The token to send with")
def token() -> Told:
    """For X-CSRFToken, where the page itself was kept by the phone and is old."""
    return {"token": generate_csrf()}


@bp.post("/api/handsets")
@bp.input(HandsetIn, arg_name="given")
@bp.output(EnrolledOut, status_code=201)
@bp.doc(summary="Make a phone known")
def enrol(given: Told) -> Told:
    """With the key its entries are sealed for; the one that is told is it, whatever was sent before."""
    wrapped = _from_base64(given["private_key"], "private_key")
    with work() as session:
        made = handsets.enrol(session, actor(), given["id"], given["public_key"], wrapped, now())
        return {"public_key": made.public_key}


@bp.post("/api/sent")
@bp.input(SentIn, arg_name="given")
@bp.output(SentOut)
@bp.doc(summary="Send what was written on a phone")
def send(given: Told) -> Told:
    """Each entry once, in the order of their numbers; what became of each is told by itself."""
    wrong: dict[UUID, Told] = {}
    handset = given["handset"]
    with work() as session:
        sent.greet(session, actor(), handset, given["unsent"], given["oldest"], now())
    for one in sorted(given["entries"], key=lambda one: int(one["number"])):
        try:
            with work() as session:
                sent.take(session, actor(), handset, Entry(**one), ACTS, now())
        except Refusal as refusal:
            if refusal.code not in OF_ONE:
                raise
            wrong[one["client_id"]] = _refused(one, refusal.code, dict(refusal.facts))
    with work() as session:
        awaited, known = sent.became(
            session, actor(), handset, [one["client_id"] for one in given["entries"]]
        )
    told = {**{key: _entry(one) for key, one in known.items()}, **wrong}
    return {"next": awaited, "entries": sorted(told.values(), key=lambda one: int(one["number"]))}


@bp.post("/api/handsets/<uuid:handset_id>/wiped")
@bp.input(WipedIn, arg_name="given")
@bp.output(WipedIn)
@bp.doc(summary="Say that a phone was wiped")
def wiped(handset_id: UUID, given: Told) -> Told:
    """With how many entries that nobody will get any more."""
    with work() as session:
        handsets.wiped(session, actor(), handset_id, given["unsent"], now())
    return given


# Refusals of one entry, beside which the others of a batch are taken.
OF_ONE = ("client_id_reused", "number_taken")


def _entry(one: Settled) -> Told:
    told = {"client_id": one.client_id, "number": one.number, "state": one.state}
    if one.state == "refused":
        return _refused(told, one.answer["code"], one.answer["facts"])
    return {**told, "status": 200 if one.state == "done" else 202, "answer": one.answer}


def _refused(one: Told, code: str, facts: Told) -> Told:
    return {
        "client_id": one["client_id"],
        "number": one["number"],
        "state": "refused",
        "status": STATUS.get(code, 422),
        "code": code,
        "detail": worded(code, facts),
        "answer": {},
    }


def _checked(schema: Schema, act: Callable[[Transaction, Told], Any]) -> sent.Act:
    """An act whose body is held against a schema first: what is malformed is refused, and settled."""

    def write(session: Transaction, body: sent.Body) -> Told:
        try:
            given = schema.load(dict(body))
        except ValidationError as error:
            raise Refusal("fields_malformed", fields=", ".join(map(str, error.messages))) from None
        return dict(act(session, given))

    return write


def _ids(answer: Any) -> Told:
    """What an act did, as numbers and ids alone."""
    return {name: value for name, value in vars(answer).items() if isinstance(value, int | bool | None)}


class SentPhoto(Schema):
    client_id = Uuid(required=True)
    hazard = Uuid(required=True, metadata={"description": "client_id of the hazard it shows"})
    shows = String(load_default="before", validate=OneOf(case_photos.SHOWS))
    photo = String(required=True, metadata={"description": "base64"})


def _report(session: Transaction, given: Told) -> Told:
    return _ids(hazards.report(session, actor(), hazards_api.as_report(given), here()))


def _photo(session: Transaction, given: Told) -> Told:
    hazard_id = hazards.hazard_sent(session, actor(), given["hazard"])
    photo = partial(_from_base64, given["photo"], "photo")
    return {"id": case_photos.add_there(session, actor(), hazard_id, photo, given["shows"])}


def _from_base64(said: str, field: str) -> bytes:
    try:
        return base64.b64decode(said, validate=True)
    except ValueError:  # no base64, or no ASCII
        raise Refusal("fields_malformed", fields=field) from None


ACTS: dict[str, sent.Act] = {
    "visit": _checked(schemas.VisitIn(), lambda session, given: _ids(homes_api.write_visit(session, given))),
    "hazard": _checked(hazards_schemas.ReportIn(), _report),
    "photo": _checked(SentPhoto(), _photo),
    "dropped": lambda session, body: sent.dropped(session, actor()),
    "arrival": _checked(
        schemas.ArrivalIn(), lambda session, given: _ids(homes_api.write_arrival(session, given))
    ),
}
