"""The OpenAPI description of `/ogc`, as OGC API – Features wants one."""

from __future__ import annotations

from typing import Any

from app.services.ogc import COLLECTIONS, MOST, USUAL


def openapi(base: str) -> dict[str, Any]:
    """The whole document (OpenAPI 3.0). base: address of the landing page."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Gridkeeper: published grids",
            "version": "1.0.0",
            "description": "Grids in force, buildings and public duties. No household, no resident.",
        },
        "servers": [{"url": base}],
        "paths": {
            "/": _get("The landing page", "landing"),
            "/api": _get("This document", "api"),
            "/conformance": _get("Conformance classes", "conformance"),
            "/collections": _get("The collections", "collections"),
            **{path: said for name in COLLECTIONS for path, said in _of_collection(name).items()},
        },
        "components": {"schemas": _SCHEMAS, "parameters": _PARAMETERS},
    }


def _get(summary: str, operation: str, parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    content = {
        "application/json": {"schema": {"type": "object"}},
        "text/html": {"schema": {"type": "string"}},
    }
    return {
        "get": {
            "summary": summary,
            "operationId": operation,
            "parameters": parameters or [],
            "responses": {"200": {"description": summary, "content": content}, **_FAULTS},
        }
    }


def _of_collection(name: str) -> dict[str, Any]:
    shared = ("bbox", "datetime", "limit", "cursor")
    asked: list[dict[str, Any]] = [{"$ref": f"#/components/parameters/{one}"} for one in shared]
    asked += [
        {"name": one, "in": "query", "required": False, "schema": {"type": "string"}}
        for one in COLLECTIONS[name].filters
    ]
    items = _get(f"Features of {name}", f"items_{name}", asked)
    one = _get(f"A feature of {name}", f"item_{name}", [_PARAMETERS["featureId"]])
    for said, schema in ((items, "featureCollection"), (one, "feature")):
        said["get"]["responses"]["200"]["content"]["application/geo+json"] = {
            "schema": {"$ref": f"#/components/schemas/{schema}"}
        }
        del said["get"]["responses"]["200"]["content"]["application/json"]
    return {
        f"/collections/{name}": _get(f"The collection {name}", f"collection_{name}"),
        f"/collections/{name}/items": items,
        f"/collections/{name}/items/{{featureId}}": one,
    }


_FAULTS = {
    "400": {"description": "A parameter is unknown or malformed"},
    "404": {"description": "Nothing lives here"},
    "429": {"description": "Too many requests"},
}
_SCHEMAS: dict[str, Any] = {
    "feature": {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "integer"},
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object"},
        },
    },
    "featureCollection": {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
            "numberReturned": {"type": "integer"},
            "timeStamp": {"type": "string", "format": "date-time"},
            "links": {"type": "array", "items": {"type": "object"}},
        },
    },
}
_PARAMETERS: dict[str, Any] = {
    "bbox": {
        "name": "bbox",
        "in": "query",
        "required": False,
        "style": "form",
        "explode": False,
        "schema": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
    },
    "datetime": {"name": "datetime", "in": "query", "required": False, "schema": {"type": "string"}},
    "limit": {
        "name": "limit",
        "in": "query",
        "required": False,
        "style": "form",
        "explode": False,
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
    },
    "cursor": {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
    "featureId": {"name": "featureId", "in": "path", "required": True, "schema": {"type": "integer"}},
}
