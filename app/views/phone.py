"""The app of who walks: its manifest, its worker, the page without signal, and what it takes along."""

from __future__ import annotations

import json
from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Date, DateTime, Dict, Float, Integer, List, Nested, Raw, String
from flask import Response, make_response, render_template

from app.assets import worker_script
from app.services import due
from app.services import pack as packing
from app.services.personal import open_registers
from app.views.language import language, text
from app.views.session import actor, here, work

bp = APIBlueprint("phone", __name__, tag="Phones")

Told = dict[str, Any]
ACCENT, PAPER = "#0b6e69", "#f7f6f3"
ICON_SIZES = (192, 512)
SHELL = ("phone.js", "words.en.js", "words.zh.js", "app.css", "phone.css", "icons.svg", "mark.svg")


class PackGrid(Schema):
    id = Integer()
    code = String()
    name = String(allow_none=True)
    outline = Raw(metadata={"description": "GeoJSON"})
    border = String(metadata={"description": "the outline in one word, as printed sheets hold it"})


class PackBuilding(Schema):
    id = Integer()
    code = String()
    name = String(allow_none=True)
    address = String(allow_none=True)
    words = String(metadata={"description": "all it is found by, each on a line"})
    lon = Float()
    lat = Float()
    ground = Raw(metadata={"description": "GeoJSON"})
    entrances = List(String())
    notes = List(String(), metadata={"description": "what is good to know of the site"})


class PackDue(Schema):
    building_id = Integer()
    dwelling_id = Integer(allow_none=True)
    household_id = Integer(allow_none=True)
    door = String()
    kind = String()
    due_on = Date()
    overdue = Boolean()
    missing = List(String(), metadata={"description": "names of fields nobody has told"})


class PackWalk(Schema):
    stops = List(Integer(), metadata={"description": "buildings in the order to call at them"})
    metres = List(List(Integer()), metadata={"description": "over the streets, in the same order"})


class PackNamed(Schema):
    """A kind of hazards, or a service that may be asked for."""

    code = String()
    name_en = String()
    name_zh = String()


class PackNeedDays(Schema):
    usual = Integer(metadata={"description": "days a need is kept unless somebody says otherwise"})
    most = Integer()


class PackEmployer(Schema):
    id = Integer()
    building_id = Integer()
    name = String(metadata={"description": "as over the door, without what may name somebody"})
    kind = String()
    missing = List(String(), metadata={"description": "names of fields nobody has told"})


class PackPassed(Schema):
    way = String(metadata={"description": "joined or left"})
    building_id = Integer()
    name = String()
    address = String(allow_none=True)
    grid_code = String(allow_none=True)
    who = String(allow_none=True)


class PackChange(Schema):
    on = Date()
    joined = Integer()
    left = Integer()
    buildings = List(Nested(PackPassed))


class PackOut(Schema):
    made_at = DateTime()
    person_id = Integer()
    grids = List(Nested(PackGrid))
    buildings = List(Nested(PackBuilding))
    streets = List(Dict(), metadata={"description": "GeoJSON"})
    due = List(Nested(PackDue))
    walk = Nested(PackWalk)
    kinds = List(Nested(PackNamed))
    services = List(Nested(PackNamed))
    need_days = Nested(PackNeedDays)
    employers = List(Nested(PackEmployer))
    employer_sizes = List(String(), metadata={"description": "how large an employer may be said to be"})
    changes = List(Nested(PackChange))


@bp.get("/api/pack")
@bp.output(PackOut)
@bp.doc(summary="What a phone takes along")
def pack() -> Told:
    """Ground, buildings and what is due in one's own grids, without a name, number or value of anybody."""
    with work() as session:
        grids = due.my_grids(session, actor().person_id)
        return packing.pack(open_registers(session, actor(), "visit"), grids, here())


@bp.get("/phone")
@bp.get("/walk")
@bp.doc(hide=True)
def shell() -> Response:
    """The page that is there without signal. It is the same for everybody; the phone fills it."""
    answer = make_response(render_template("phone.html"))
    answer.headers["Content-Language"] = language()
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/worker.js")
@bp.doc(hide=True)
def worker() -> Response:
    """The service worker, with the names of the files that make the shell; a new build is a new worker."""
    body = worker_script("phone-worker.js", SHELL)
    return Response(body, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@bp.get("/manifest.webmanifest")
@bp.doc(hide=True)
def manifest() -> Response:
    """What a phone needs to keep the app among its own."""
    said = {
        "name": "Gridkeeper",
        "short_name": "Gridkeeper",
        "id": "/today",
        "start_url": "/today",
        "scope": "/",
        "display": "standalone",
        "lang": "zh-Hans" if language() == "zh" else "en",
        "theme_color": ACCENT,
        "background_color": PAPER,
        "icons": [
            {
                "src": f"/static/icons/icon-{size}.png",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for size in ICON_SIZES
        ],
        "shortcuts": [
            {"name": text("frame-today"), "url": "/today"},
            {"name": text("phone-report"), "url": "/hazards/new"},
        ],
    }
    headers = {"Cache-Control": "no-cache", "Content-Language": language()}
    return Response(
        json.dumps(said, ensure_ascii=False), mimetype="application/manifest+json", headers=headers
    )
