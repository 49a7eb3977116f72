"""The page and screen on which residents find their grid: no session, no cookie, the public role alone."""

from __future__ import annotations

from collections.abc import Mapping

from apiflask import APIBlueprint
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from app.assets import worker_script
from app.errors import Refusal
from app.services import find
from app.services.access import BIGGEST_ID
from app.services.search import LONGEST
from app.views import flood
from app.views.packed import json_answer
from app.views.session import now, public_work, today

bp = APIBlueprint("find", __name__, enable_openapi=False)

LONGEST_ID = 18
SCOPE = "/find"
SHELL = (
    *("app.css", "find.css", "find.js", "words.en.js", "words.zh.js"),
    *("map-worker.js", "icons.svg", "mark.svg"),
)


@bp.get("/find")
def page() -> ResponseReturnValue:
    """The page; with `kiosk` as a screen that stands somewhere and starts over by itself."""
    flood.take("look")
    code = request.args.get("place") or None
    with public_work() as session:
        place = find.places(session, code)
        version = find.version(session, code, now(), today())
    facts = {
        "place": place,
        "asked": code,
        "version": version,
        "isKiosk": "kiosk" in request.args,
        "here": point_in(request.args.get("here")),
        "longest": LONGEST,
    }
    return render_template("find.html", facts=facts, place=place, is_kiosk=facts["isKiosk"])


@bp.get("/find/search")
def search() -> Response:
    """At most ten answers to what is typed."""
    flood.take("search")
    with public_work() as session:
        found = find.search(session, request.args.get("q", ""), request.args.get("place") or None)
    return json_answer({"found": found})


@bp.get("/find/at")
def at() -> Response:
    """The grid at a point; null where none is."""
    flood.take("look")
    point = point_in(f"{request.args.get('lon', '')},{request.args.get('lat', '')}")
    if point is None:
        raise Refusal("request_malformed")
    with public_work() as session:
        return json_answer({"card": find.card_at(session, *point, now(), today())})


@bp.get("/find/grids/<int:grid_id>")
def grid(grid_id: int) -> Response:
    """A grid with who answers for it."""
    flood.take("look")
    _known(grid_id)
    with public_work() as session:
        return json_answer({"card": find.card(session, grid_id, now(), today())})


@bp.get("/find/buildings/<int:building_id>")
def building(building_id: int) -> Response:
    """A building and the grid it stands in."""
    flood.take("look")
    _known(building_id)
    with public_work() as session:
        return json_answer(find.building(session, building_id, now(), today()))


@bp.get("/find/version")
def version() -> Response:
    """One word that changes when what is shown does; screens ask for it every minute."""
    flood.take("look")
    with public_work() as session:
        return json_answer(
            {"version": find.version(session, request.args.get("place") or None, now(), today())}
        )


@bp.get("/find/pack/<string:place_code>")
def pack(place_code: str) -> Response:
    """What a screen in a community keeps for when the network is gone."""
    flood.take("look", cost=10)
    with public_work() as session:
        return json_answer(find.pack(session, place_code, now(), today()))


@bp.get("/find/worker.js")
def worker() -> Response:
    """The service worker of the page, for `/find` and nothing else; a build makes it another file."""
    body = worker_script("find_worker.js", SHELL)
    headers = {"Service-Worker-Allowed": SCOPE, "Cache-Control": "no-cache"}
    return Response(body, headers=headers, mimetype="text/javascript")


def point_in(said: str | None) -> tuple[float, float] | None:
    """Longitude and latitude as `113.1,36.2`; None for what is none."""
    try:
        lon, lat = (float(part) for part in (said or "").split(","))
    except ValueError:
        return None
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None


def id_in(asked: Mapping[str, str], name: str) -> int | None:
    """A number that may be a row's id; None for what is none."""
    said = asked.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= LONGEST_ID else None


def _known(number: int) -> None:
    if number > BIGGEST_ID:
        raise Refusal("not_found")
