"""The heat of hazards: its page, tiles, areas, and the sites behind a spot."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING, Any

from apiflask import APIBlueprint, Schema
from apiflask.fields import Boolean, Date, Float, Integer, List, Nested, String
from apiflask.validators import Length, OneOf, Range, Regexp
from flask import Response, current_app, render_template

from app.db import Transaction
from app.services import audit, tiles
from app.services.access import OVERSEERS
from app.services.hazard_kinds import kind_names
from app.views import map_schemas as schemas
from app.views.language import language
from app.views.map_api import STRICT
from app.views.packed import ASK_EACH_TIME, is_known, json_answer, unchanged
from app.views.session import actor, here, settings, work

if TYPE_CHECKING:  # numpy, scipy and numba take a second: only when heat is asked for
    from app.services.heat import Ground, Wish
    from app.services.heat_points import KeptPoints, Points

bp = APIBlueprint("heat", __name__, tag="Heat")

STANDINGS = ("open", "overdue", "closed", "all")
LEVELS = ("grid", "community", "subdistrict")
CODES = Regexp(r"^[a-z_]{1,40}(,[a-z_]{1,40}){0,29}$")
PICTURE = {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}
TILE_ANSWERS: Any = {
    200: {"description": "The tile", **PICTURE},
    304: {"description": "What the browser has is still good"},
}


class Wished(schemas.Asked):
    """Which hazards are meant: reported in a time, and how they stand at its end."""

    kind = String(load_default="", validate=CODES, metadata={"description": "Codes, with commas between"})
    severity = String(load_default="", validate=Regexp(r"^[123](,[123]){0,2}$"))
    state = String(load_default="open", validate=OneOf(STANDINGS))
    since = Date(load_default=None, data_key="from", metadata={"description": "First day; none: from ever"})
    until = Date(load_default=None, data_key="to", metadata={"description": "Last day; none: now"})
    bandwidth = Integer(load_default=250, validate=Range(50, 2_000), metadata={"description": "Metres"})


class TileWished(Wished):
    """As a picture. top: weight per hectare that has the strongest colour."""

    top = Float(required=True, validate=Range(0, 1e9))
    of = String(
        load_default="", validate=Length(0, 200), metadata={"description": "Another for other hazards"}
    )
    theme = String(load_default="light", validate=OneOf(("light", "dark")))
    change = Boolean(load_default=False, truthy={"true"}, falsy={"false"}, metadata={
        "description": "The difference from as long a time just before; needs a first day"
    })  # fmt: skip


class AreasWished(Wished):
    """By area."""

    level = String(load_default="grid", validate=OneOf(LEVELS))
    measure = String(load_default="count", validate=OneOf(("count", "rate")))
    classes = String(load_default="natural", validate=OneOf(("natural", "quantiles")))
    spots = Boolean(load_default=False, truthy={"true"}, falsy={"false"})
    change = Boolean(load_default=False, truthy={"true"}, falsy={"false"})


class SpotWished(Wished):
    """Around a spot; without one, all that is meant, heaviest first."""

    lon = Float(load_default=None, validate=Range(-180, 180))
    lat = Float(load_default=None, validate=Range(-85, 85))
    radius = Integer(load_default=250, validate=Range(1, 2_000), metadata={"description": "Metres"})


class Level(schemas.Asked):
    """Of which level."""

    level = String(load_default="community", validate=OneOf(LEVELS))


class Spot(Schema):
    """Where it is hot; density: weight per hectare."""

    lon = Float()
    lat = Float()
    density = Float()
    hazards = Integer()


class OfKind(Schema):
    """How many of a kind are open, and overdue, at the end of the time."""

    kind = String()
    name = String()
    open = Integer()
    overdue = Integer()


class Week(Schema):
    """How many are meant when the time ends on a day."""

    to = String()
    hazards = Integer()


class Summary(Schema):
    """What there is before anything is drawn. top: of density; change_top: of its difference."""

    mark = String()
    hazards = Integer()
    weight = Float()
    top = Float()
    change_top = Float(allow_none=True)
    spots = List(Nested(Spot))
    kinds = List(Nested(OfKind))
    weeks = List(Nested(Week))


class Area(Schema):
    """One area; rate: hazards for 1,000 households, null: not told. class: 0 for none."""

    id = Integer()
    code = String()
    name = String(allow_none=True)
    hazards = Integer()
    rate = Float(allow_none=True)
    before = Integer(allow_none=True)
    spot = String(allow_none=True, metadata={"description": "hot, cold, even; null: nothing can be said"})


Area._declared_fields["class"] = Integer(allow_none=True)


class Areas(Schema):
    """Areas in classes; bounds: the highest value of each class from 1 on."""

    areas = List(Nested(Area))
    bounds = List(Float())
    told_of = Integer(metadata={"description": "areas with a value"})


class Case(Schema):
    """A case, as short as in a list."""

    id = Integer()
    kind = String()
    severity = Integer()
    state = String()
    overdue = Boolean()
    reported_at = String()
    due_at = String()


class Site(Schema):
    """A building, compound or point with its cases."""

    site = String()
    id = Integer(allow_none=True)
    name = String(allow_none=True)
    grid = String(allow_none=True)
    position = List(Float())
    weight = Float()
    cases = List(Nested(Case))


class Sites(Schema):
    """Sites, heaviest first; more: hazards that are left out."""

    sites = List(Nested(Site))
    hazards = Integer()
    more = Integer()


@bp.get("/heat")
@bp.doc(hide=True)
def page() -> str:
    """The page of heat; what it shows is in the address."""
    Thread(target=import_module, args=("mapclassify",), daemon=True).start()  # seconds, and areas need it
    with work() as session:
        names = kind_names(session, language())
    facts = {
        "kinds": [{"code": code, "name": name} for code, name in names.items()],
        "today": here().date().isoformat(),
    }
    return render_template("heat.html", facts=facts)


@bp.get("/api/places/<string:code>/heat")
@bp.input(Wished, **STRICT)
@bp.output(Summary)
@bp.doc(summary="The heat of hazards in a place")
def summary(code: str, asked: dict[str, Any]) -> Response:
    """How many hazards are meant, how dense at most, where it is hottest, by kind and by week."""
    from app.services import heat

    with work() as session:
        kept, points, ground, wish = _asked(session, code, asked)
        found = heat.summary(kept, points, ground, wish)
        change = heat.top_of_change(kept, points, ground, wish, wish.before) if wish.since else None
        names = kind_names(session, language())
    told = {**found, "mark": points.mark, "change_top": change}
    told["kinds"] = [{**one, "name": names[one["kind"]]} for one in found["kinds"]]
    told["weeks"] = [{"to": _day_before(one["until"]), "hazards": one["hazards"]} for one in found["weeks"]]
    return json_answer(told)


@bp.get("/tiles/heat/<string:code>/<int:z>/<int:x>/<int:y>.png")
@bp.input(TileWished, **STRICT)
@bp.doc(summary="A tile of heat", responses=TILE_ANSWERS)
def tile(code: str, z: int, x: int, y: int, asked: dict[str, Any]) -> Response:
    """Weighted kernel density as a picture 256 pixels a side, for the ground of a tile of 512."""
    from app.services import heat, heat_picture

    tiles.check_address(z, x, y)
    with work() as session:
        kept, points, ground, wish = _asked(session, code, asked)
        is_change = asked["change"] and wish.since > 0
        look = (asked["top"], asked["theme"], is_change)
        mark = tiles.digest((points.mark, ground.communities, wish, look, z, x, y))
        if is_known(mark):
            return unchanged(mark)
        drawn = heat.tile(heat.chosen(kept, points, ground, wish), z, x, y, wish.bandwidth_m)
        if is_change:
            before = heat.chosen(kept, points, ground, wish.before)
            drawn = drawn - heat.tile(before, z, x, y, wish.bandwidth_m)
    levels = heat_picture.change_levels if is_change else heat_picture.levels
    answer = Response(
        heat_picture.png(levels(drawn, asked["top"]), asked["theme"], is_change=is_change),
        mimetype="image/png",
    )
    answer.set_etag(mark, weak=True)
    answer.headers["Cache-Control"] = ASK_EACH_TIME
    return answer


@bp.get("/api/places/<string:code>/heat/areas")
@bp.input(AreasWished, **STRICT)
@bp.output(Areas)
@bp.doc(summary="Hazards by area")
def areas(code: str, asked: dict[str, Any]) -> Response:
    """Counts, rates for 1,000 households, classes and hot spots (Gi*, false discovery rate 5 %) by area."""
    from app.services import heat_areas

    with work() as session:
        kept, points, ground, wish = _asked(session, code, asked)
        found = heat_areas.areas_of(session, kept, ground, asked["level"])
        before = wish.before if asked["change"] and wish.since else None
        told = heat_areas.told(
            kept,
            points,
            ground,
            found,
            wish,
            measure=asked["measure"],
            way=asked["classes"],
            before=before,
            with_spots=asked["spots"],
        )
    return json_answer(told)


@bp.get("/api/places/<string:code>/heat/outlines")
@bp.input(Level, **STRICT)
@bp.doc(summary="Outlines of areas", responses={200: "GeoJSON"})
def outlines(code: str, asked: dict[str, Any]) -> Response:
    """Grids in force, communities or subdistricts of a place in scope, corners to ten metres."""
    from app.services import heat, heat_areas

    with work() as session:
        ground = heat.ground_of(session, code, actor().scope_of(OVERSEERS))
        told = heat_areas.outlines(heat_areas.areas_of(session, kept_here(), ground, asked["level"]))
    return json_answer(told)


@bp.get("/api/places/<string:code>/heat/sites")
@bp.input(SpotWished, **STRICT)
@bp.output(Sites)
@bp.doc(summary="The sites behind a spot of heat")
def sites(code: str, asked: dict[str, Any]) -> Response:
    """Sites around a spot with their cases, heaviest first; that it was looked at is written down."""
    import numpy as np

    from app.services import heat

    spot = None if asked["lon"] is None or asked["lat"] is None else (asked["lon"], asked["lat"])
    with work() as session:
        kept, points, ground, wish = _asked(session, code, asked)
        some = heat.chosen(kept, points, ground, wish)
        if spot is None:
            told = heat.listed(session, some, np.argsort(-some.weight, kind="stable"), wish.until)
        else:
            told = heat.sites(session, some, spot, asked["radius"], wish.until)
        facts = {
            "hazards": [case["id"] for site in told["sites"] for case in site["cases"]],
            "kinds": list(wish.kinds),
            "state": wish.standing,
        }
        audit.record(session, actor().person_id, "hazard.listed", f"place {code}", facts)
    return json_answer(told)


def _asked(session: Transaction, code: str, asked: dict[str, Any]) -> tuple[KeptPoints, Points, Ground, Wish]:
    """All points, the part of a place the person may see, and what is wished."""
    from app.services import heat

    ground = heat.ground_of(session, code, actor().scope_of(OVERSEERS))
    kept = kept_here()
    points = kept.of(session)
    return kept, points, ground, wish_of(points.kinds, asked)


def wish_of(known: Collection[str], asked: dict[str, Any]) -> Wish:
    """What a query says is meant; days are those of the city. known: codes of all kinds there are."""
    from app.services import heat

    kinds = tuple(sorted(set(filter(None, asked["kind"].split(",")))))
    heat.check_kinds(known, kinds)
    severities = tuple(sorted({int(one) for one in asked["severity"].split(",") if one}))
    since, until = _begins(asked["since"]), _begins(asked["until"], days=1)
    begins, ends = heat.moments(since, until, here())
    return heat.Wish(begins, ends, asked["state"], kinds, severities, asked["bandwidth"])


def _begins(day: date | None, days: int = 0) -> datetime | None:
    """When a day of the city begins, or one some days later."""
    if day is None:
        return None
    if not date(1970, 1, 2) <= day < date(9000, 1, 1):
        day = date(1970, 1, 2) if day < date(2000, 1, 1) else date(9000, 1, 1)
    return datetime.combine(day + timedelta(days=days), time(), settings().timezone)


def _day_before(until: int) -> str:
    """The last day of a time that ends at a moment, as the city has it."""
    return datetime.fromtimestamp(until - 1, settings().timezone).date().isoformat()


def kept_here() -> KeptPoints:
    """The hazards this process keeps."""
    from app.services.heat_points import KeptPoints

    kept: KeptPoints = current_app.extensions.setdefault("heat_points", KeptPoints())
    return kept
