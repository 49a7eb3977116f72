"""The form on which anybody reports a site, and what they are told, without a session."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from apiflask import APIBlueprint
from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.db import Transaction
from app.errors import Refusal
from app.services import find, public_reports
from app.views import flood
from app.views.errors import STATUS, worded
from app.views.find import id_in, point_in
from app.views.session import here, nobodys_work, now, public_work, settings, today

bp = APIBlueprint("find_report", __name__, enable_openapi=False)


@bp.get("/find/report")
def form() -> ResponseReturnValue:
    """What is wrong, and where: the place comes from the page that led here."""
    flood.take("look")
    return _page(request.args)


@bp.post("/find/report")
def send() -> ResponseReturnValue:
    """Take the report, and tell the code by which it is followed."""
    try:
        with nobodys_work() as session:
            taken = public_reports.take(session, _said(), settings().secret_key, here())
    except Refusal as refusal:
        said = worded(refusal.code, refusal.facts)
        return _page(request.form, said), STATUS.get(refusal.code, 422)
    return render_template("find_reported.html", taken=taken), 201


def _said() -> public_reports.Said:
    form = request.form
    try:
        sent_as = UUID(form.get("sent_as", ""))
    except ValueError:
        raise Refusal("request_malformed") from None
    point = point_in(f"{form.get('lon', '')},{form.get('lat', '')}")
    lon, lat = point or (None, None)
    photos = [one.read() for one in request.files.getlist("photo") if one.filename]
    return public_reports.Said(
        sent_as=sent_as,
        kind=form.get("kind", ""),
        site=" ".join(form.get("site", "").split()),
        description=form.get("description", "").strip(),
        building_id=id_in(form, "building"),
        lon=lon,
        lat=lat,
        photos=tuple(photos),
    )


def _page(asked: Any, refused: str = "") -> str:
    """The form, filled with what was said before; with the place in words where one is known."""
    building, point = id_in(asked, "building"), point_in(f"{asked.get('lon', '')},{asked.get('lat', '')}")
    where: dict[str, Any] | None = None
    with public_work() as session:
        if building is not None:
            where = _building(session, building)
        elif point is not None:
            where = {"card": find.card_at(session, *point, now(), today()), "lon": point[0], "lat": point[1]}
    with nobodys_work() as session:
        kinds = public_reports.kinds(session)
    return render_template(
        "find_report.html",
        kinds=kinds,
        where=where,
        building=building if where else None,
        asked=asked,
        refused=refused,
        sent_as=asked.get("sent_as") or uuid4(),
        most_photos=public_reports.MOST_PHOTOS,
        longest=public_reports.LONGEST_TEXT,
    )


def _building(session: Transaction, building_id: int) -> dict[str, Any] | None:
    """The building somebody meant; None where it is gone: then they choose anew."""
    try:
        return find.building(session, building_id, now(), today())
    except Refusal as refusal:
        if refusal.code != "not_found":
            raise
        return None
