"""Pages of rentals: registered, let, left, cancelled; and the letters signed for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import letters, rentals
from app.services.personal import Registers, open_registers
from app.services.rentals import Let
from app.views import form_fields as fields
from app.views.errors import STATUS, worded
from app.views.session import actor, today, work

bp = APIBlueprint("rentals", __name__, enable_openapi=False)

PURPOSE = "rental"
CHOICES = ("", "attention")


@bp.get("/rentals")
def listing() -> ResponseReturnValue:
    """The rentals one answers for, by what needs attention or all."""
    only = request.args.get("only", "attention")
    only = only if only in CHOICES else ""
    after = fields.asked_whole("after") or 0
    with work() as session:
        registers = open_registers(session, actor(), PURPOSE)
        found = rentals.listed(registers, today(), only=only, after=after)
        checks = rentals.move_out_checks(registers, today())
    more = found[-1]["id"] if len(found) == rentals.PAGE else None
    return render_template("rentals.html", rentals=found, only=only, more=more, checks=checks, today=today())


@bp.get("/rentals/new")
def new() -> ResponseReturnValue:
    """The form that registers a dwelling (`?dwelling=`) or a compound (`?compound=`) as let."""
    return _new(fields.asked_whole("dwelling"), fields.asked_whole("compound"))


@bp.post("/rentals")
def register() -> ResponseReturnValue:
    """Register a rental."""
    dwelling_id, compound_id = fields.whole_or_none("dwelling"), fields.whole_or_none("compound")
    try:
        with work() as session:
            registers = open_registers(session, actor(), PURPOSE)
            rental_id = rentals.register(registers, _let(), dwelling_id=dwelling_id, compound_id=compound_id)
    except Refusal as refusal:
        if refusal.code == "not_found":
            raise
        return _new(dwelling_id, compound_id, worded(refusal.code, refusal.facts)), STATUS.get(
            refusal.code, 422
        )
    return redirect(url_for("rentals.rental", rental_id=rental_id))


@bp.get("/rentals/<int:rental_id>")
def rental(rental_id: int) -> ResponseReturnValue:
    """One rental: landlord, tenancies, letters."""
    return _page(rental_id)


@bp.post("/rentals/<int:rental_id>")
def change(rental_id: int) -> ResponseReturnValue:
    """Correct what is known of it."""
    return _done(rental_id, lambda registers: rentals.change(registers, rental_id, _let()))


@bp.post("/rentals/<int:rental_id>/cancellation")
def cancel(rental_id: int) -> ResponseReturnValue:
    """It is let no more."""
    return _done(rental_id, lambda registers: rentals.cancel(registers, rental_id, fields.day("on"), today()))


@bp.post("/rentals/<int:rental_id>/tenancies")
def let(rental_id: int) -> ResponseReturnValue:
    """Tenants move in."""
    return _done(
        rental_id,
        lambda registers: rentals.let(
            registers,
            rental_id,
            fields.whole_or_none("household"),
            fields.day("from_on"),
            fields.day_or_none("until_on"),
        ),
    )


@bp.post("/rentals/<int:rental_id>/tenancies/<int:tenancy_id>/end")
def end_tenancy(rental_id: int, tenancy_id: int) -> ResponseReturnValue:
    """Tenants have moved out."""
    return _done(
        rental_id, lambda registers: rentals.end_tenancy(registers, tenancy_id, fields.day("on"), today())
    )


@bp.post("/rentals/<int:rental_id>/letters")
def sign(rental_id: int) -> ResponseReturnValue:
    """A contract or safety letter was signed."""
    return _done(
        rental_id,
        lambda registers: letters.sign(
            registers,
            fields.words("kind").replace("-", " "),
            fields.day("signed_on"),
            fields.day_or_none("expires_on"),
            today(),
            rental_id=rental_id,
            tenancy_id=fields.whole_or_none("tenancy"),
            scan=sent_scan(),
        ),
    )


def sent_scan() -> bytes | None:
    """The file of the form's `scan`; None where none was chosen."""
    file = request.files.get("scan")
    if file is None:
        return None
    try:
        return file.stream.read() or None
    finally:
        file.close()


def _let() -> Let:
    return Let(
        landlord=fields.words("landlord"),
        phone=fields.words("phone"),
        begun_on=fields.day("begun_on"),
        purpose=fields.words("purpose"),
        rooms=fields.whole_or_none("rooms"),
        area_m2=fields.number_or_none("area_m2"),
    )


def _done(rental_id: int, act: Callable[[Registers], Any]) -> ResponseReturnValue:
    """Do something to a rental and show it again, or say there why not."""
    try:
        with work() as session:
            act(open_registers(session, actor(), PURPOSE))
    except Refusal as refusal:
        if refusal.code == "not_found":
            raise
        return _page(rental_id, worded(refusal.code, refusal.facts)), STATUS.get(refusal.code, 422)
    return redirect(url_for("rentals.rental", rental_id=rental_id))


def _page(rental_id: int, refused: str = "") -> str:
    with work() as session:
        shown = rentals.rental(open_registers(session, actor(), PURPOSE), rental_id, today())
    return render_template(
        "rental.html",
        rental=shown,
        refused=refused,
        given=request.form,
        today=today(),
        a_year_on=today() + letters.A_YEAR,
        kinds_of_letter=letters.KINDS_OF_RENTAL,
    )


def _new(dwelling_id: int | None, compound_id: int | None, refused: str = "") -> str:
    with work() as session:
        registers = open_registers(session, actor(), PURPOSE)
        where = rentals.to_register(registers, dwelling_id, compound_id)
    return render_template("rental_new.html", where=where, refused=refused, given=request.form, today=today())
