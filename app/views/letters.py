"""Letters: what expires, sheets to print and sign, scans."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import letters
from app.services.personal import open_registers
from app.views import form_fields as fields
from app.views.rentals import sent_scan
from app.views.session import actor, today, work
from app.views.sign_in import own_address
from app.words import LANGUAGES, words

bp = APIBlueprint("letters", __name__, enable_openapi=False)

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


@bp.get("/letters")
def listing() -> ResponseReturnValue:
    """Letters that have expired or expire within a month."""
    with work() as session:
        found = letters.expiring(open_registers(session, actor(), "rental"), today())
    return render_template("letters.html", letters=found)


@bp.get("/letters/print")
def to_print() -> ResponseReturnValue:
    """A letter to print and sign: `?kind=safety-letter&rental=7`, or `&employer=7`; in both languages."""
    kind = request.args.get("kind", "").replace("-", " ")
    rental_id, employer_id = fields.asked_whole("rental"), fields.asked_whole("employer")
    with work() as session:
        filled = letters.to_print(
            open_registers(session, actor(), "rental" if rental_id is not None else "employer"),
            kind,
            today(),
            rental_id=rental_id,
            employer_id=employer_id,
            tenancy_id=fields.asked_whole("tenancy"),
        )
    both = [words(language) for language in reversed(LANGUAGES)]
    return render_template("letter_print.html", letter=filled, both=both)


@bp.get("/letters/<int:letter_id>/scan")
def scan(letter_id: int) -> ResponseReturnValue:
    """The scan, to be saved: a PDF is never opened within our pages."""
    with work() as session:
        kept, type_ = letters.scan_of(open_registers(session, actor(), "rental"), letter_id)
    answer = make_response(kept)
    answer.mimetype = type_
    how = "attachment" if type_ == "application/pdf" else "inline"
    answer.headers["Content-Disposition"] = f'{how}; filename="letter-{letter_id}.{ENDINGS[type_]}"'
    return answer


@bp.post("/letters/<int:letter_id>/scan")
def add_scan(letter_id: int) -> ResponseReturnValue:
    """Put a scan to a letter."""
    sent = sent_scan()
    if sent is None:
        raise Refusal("upload_empty")
    with work() as session:
        letter = letters.add_scan(open_registers(session, actor(), "rental"), letter_id, sent)
        return redirect(_home_of(letter.rental_id))


@bp.post("/letters/<int:letter_id>/removal")
def strike(letter_id: int) -> ResponseReturnValue:
    """Remove a letter that was entered by mistake."""
    with work() as session:
        letter = letters.strike(open_registers(session, actor(), "rental"), letter_id)
        return redirect(_home_of(letter.rental_id))


@bp.post("/employers/<int:employer_id>/letters")
def sign_by_employer(employer_id: int) -> ResponseReturnValue:
    """A duty statement or safety letter was signed by an employer."""
    with work() as session:
        letters.sign(
            open_registers(session, actor(), "employer"),
            fields.words("kind").replace("-", " "),
            fields.day("signed_on"),
            fields.day_or_none("expires_on"),
            today(),
            employer_id=employer_id,
            scan=sent_scan(),
        )
    return redirect(own_address(request.form.get("next") or url_for("letters.listing")))


def _home_of(rental_id: int | None) -> str:
    """The page a letter is shown on."""
    if rental_id is not None:
        return url_for("rentals.rental", rental_id=rental_id)
    return own_address(request.form.get("next") or url_for("letters.listing"))
