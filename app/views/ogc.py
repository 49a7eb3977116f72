"""OGC API – Features over HTTP: JSON for programs, HTML for people, by `f` or by what is accepted."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from apiflask import APIBlueprint
from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.services import ogc
from app.services.access import BIGGEST_ID
from app.services.ogc_document import openapi
from app.views import flood
from app.views.language import text
from app.views.packed import json_answer
from app.views.session import now, public_work

bp = APIBlueprint("ogc", __name__, enable_openapi=False)

JSON, GEOJSON, HTML = "application/json", "application/geo+json", "text/html"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"


@bp.get("/ogc")
@bp.get("/ogc/")
def landing() -> ResponseReturnValue:
    """Where one begins."""
    links = [
        *_selves("ogc.landing"),
        _link("service-desc", OPENAPI, _at("ogc.api"), "ogc-api"),
        _link("service-doc", HTML, _at("ogc.api", f="html"), "ogc-api"),
        _link("conformance", JSON, _at("ogc.conformance"), "ogc-conformance"),
        _link("data", JSON, _at("ogc.collections"), "ogc-collections"),
    ]
    about = {"title": text("ogc-title"), "description": text("ogc-about"), "links": links}
    return _answer(about, "landing")


@bp.get("/ogc/api")
def api() -> ResponseReturnValue:
    """The OpenAPI document."""
    told = openapi(_at("ogc.landing").rstrip("/"))
    if _wants_html():
        return _answer(told, "api")
    answer = json_answer(told)
    answer.headers["Content-Type"] = OPENAPI
    return answer


@bp.get("/ogc/conformance")
def conformance() -> ResponseReturnValue:
    """Classes of the standard that are kept."""
    return _answer({"conformsTo": list(ogc.CONFORMANCE), "links": _selves("ogc.conformance")}, "conformance")


@bp.get("/ogc/collections")
def collections() -> ResponseReturnValue:
    """What there is."""
    with public_work() as session:
        box = ogc.extent(session)
    told = {
        "links": _selves("ogc.collections"),
        "collections": [_told(one, box) for one in ogc.COLLECTIONS.values()],
    }
    return _answer(told, "collections")


@bp.get("/ogc/collections/<string:name>")
def collection(name: str) -> ResponseReturnValue:
    """One collection."""
    found = ogc.collection(name)
    with public_work() as session:
        return _answer(_told(found, ogc.extent(session)), "collection")


@bp.get("/ogc/collections/<string:name>/items")
def items(name: str) -> ResponseReturnValue:
    """A page of features."""
    flood.take("ogc")
    found = ogc.collection(name)
    page = ogc.asked_of(found, request.args)
    with public_work() as session:
        features, cursor = ogc.features(session, found, page, now())
    links = _selves("ogc.items", name=name, geo=True, **_asked())
    if cursor is not None:
        kind = HTML if _wants_html() else GEOJSON
        links.append(
            _link("next", kind, _at("ogc.items", name=name, **{**_asked(), "cursor": cursor}), "ogc-next")
        )
    links.append(_link("collection", JSON, _at("ogc.collection", name=name), f"ogc-{name}"))
    told = {
        "type": "FeatureCollection",
        "features": features,
        "numberReturned": len(features),
        "timeStamp": now().astimezone().isoformat(),
        "links": links,
    }
    return _answer(told, "items", GEOJSON, collection=found)


@bp.get("/ogc/collections/<string:name>/items/<int:feature_id>")
def item(name: str, feature_id: int) -> ResponseReturnValue:
    """One feature."""
    flood.take("ogc")
    found = ogc.collection(name)
    if feature_id > BIGGEST_ID:
        raise Refusal("not_found")
    with public_work() as session:
        told = ogc.feature(session, found, feature_id, now())
    links = [
        *_selves("ogc.item", name=name, feature_id=feature_id, geo=True),
        _link("collection", JSON, _at("ogc.collection", name=name), f"ogc-{name}"),
    ]
    return _answer({**told, "links": links}, "item", GEOJSON, collection=found)


def _told(one: ogc.Collection, box: list[float] | None) -> dict[str, Any]:
    name = one.name
    extent: dict[str, Any] = {"spatial": {"bbox": [box], "crs": ogc.CRS84}} if box else {}
    return {
        "id": name,
        "title": text(f"ogc-{name}"),
        "description": text(f"ogc-about-{name}"),
        "itemType": "feature",
        "crs": [ogc.CRS84],
        "extent": extent,
        "links": [
            *_selves("ogc.collection", name=name),
            _link("items", GEOJSON, _at("ogc.items", name=name), f"ogc-{name}"),
            _link("items", HTML, _at("ogc.items", name=name, f="html"), f"ogc-{name}"),
        ],
    }


def _selves(endpoint: str, geo: bool = False, **values: Any) -> list[dict[str, str]]:
    """This document, and itself in the other way of writing."""
    kind = GEOJSON if geo else JSON
    written = {kind: _at(endpoint, **{**values, "f": "json"}), HTML: _at(endpoint, **{**values, "f": "html"})}
    own = HTML if _wants_html() else kind
    return [
        _link("self" if one == own else "alternate", one, address, "ogc-this")
        for one, address in written.items()
    ]


def _asked() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name != "f"}


def _link(rel: str, kind: str, address: str, words: str) -> dict[str, str]:
    return {"rel": rel, "type": kind, "href": address, "title": text(words)}


def _at(endpoint: str, **values: Any) -> str:
    """An address in full, as programs want it; arguments named as the standard does."""
    own = {name: values.pop(name) for name in ("name", "feature_id") if name in values}
    address = url_for(endpoint, _external=True, **own).partition("?")[0]
    return f"{address}?{urlencode(values)}" if values else address


def _wants_html() -> bool:
    said = request.args.get("f")
    if said not in (None, "json", "html"):
        raise Refusal("parameter_malformed", parameter="f")
    if said is not None:
        return said == "html"
    best = request.accept_mimetypes.best_match([GEOJSON, JSON, HTML], default=JSON)
    return best == HTML


def _answer(told: dict[str, Any], page: str, kind: str = JSON, **facts: Any) -> ResponseReturnValue:
    if _wants_html():
        return render_template("ogc.html", told=told, page=page, **facts)
    answer: Response = json_answer(told)
    answer.headers["Content-Type"] = kind
    answer.headers["Access-Control-Allow-Origin"] = "*"  # public, and asked without any session
    return answer
