"""The rules of a place on a day, for programs and for pages that work by them."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Date, Dict, Integer, String
from flask.typing import ResponseReturnValue
from marshmallow import RAISE

from app.services import reading, rule_packs
from app.services.rules import as_json
from app.views.map_schemas import Asked
from app.views.session import today, work

bp = APIBlueprint("rules_api", __name__, tag="Rules")


class OnDay(Asked):
    on = Date(load_default=None, metadata={"description": "today, without one"})


class RulesOut(Schema):
    id = Integer(required=True, allow_none=True, metadata={"description": "null: as shipped"})
    code = String(required=True)
    place = String(required=True, allow_none=True, metadata={"description": "whose they are; null: all"})
    from_on = Date(required=True, allow_none=True)
    settings = Dict(required=True)


@bp.get("/api/places/<string:code>/rules")
@bp.input(OnDay, location="query", arg_name="asked", unknown=RAISE)
@bp.output(RulesOut)
@bp.doc(summary="Rules of a place")
def rules(code: str, asked: dict[str, Any]) -> ResponseReturnValue:
    """Sizes, staffing, clocks, permits and retention as they hold there on a day."""
    with work() as session:
        found = rule_packs.in_force(session, reading.path_of(session, code), asked["on"] or today())
    return {
        "id": found.id,
        "code": found.code,
        "place": found.place,
        "from_on": found.from_on,
        "settings": as_json(found.rules),
    }
