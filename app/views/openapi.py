"""What the API says of itself: /api/openapi.json."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask

PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "facts"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; what programs decide by"},
        "detail": {"type": "string", "description": "For people, in the request's language"},
        "facts": {"type": "object", "description": "What the sentence is made of"},
        "pointer": {"type": "string"},
        "request": {"type": "string"},
    },
}
UNSAFE = ("post", "put", "patch", "delete")
ANY_TIME = {
    "400": "The request cannot be read, or the form's token is missing",
    "401": "Nobody is signed in",
    "403": "Not allowed by role or place",
    "404": "There is no such thing",
    "409": "It is so already, or something else was done meanwhile",
    "413": "More was sent than is taken",
    "415": "The body is of a type that is not read",
    "422": "Understood, but it cannot be done",
    "429": "Too many requests",
    "503": "Busy, or the database does not answer",
}


def describe(app: APIFlask) -> None:
    """Say which answers there are and how one is known."""
    app.config.update(HTTP_ERROR_SCHEMA=PROBLEM_SCHEMA, VALIDATION_ERROR_SCHEMA=PROBLEM_SCHEMA)
    app.config["INFO"] = {
        "description": (
            "The session is the cookie that /sign-in gives. What changes something carries the page's token, "
            "`<meta name=csrf-token>`, as X-CSRFToken. Refusals are problem documents (RFC 9457) with a code."
        )
    }
    app.security_schemes = {
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": app.config["SESSION_COOKIE_NAME"],
        }
    }

    @app.spec_processor
    def complete(spec: Any) -> Any:
        spec["security"] = [{"session": []}]
        spec.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
        answer = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for path in spec.get("paths", {}).values():
            for method, operation in path.items():
                if method not in ("get", *UNSAFE):
                    continue
                responses = operation.setdefault("responses", {})
                for status, words in ANY_TIME.items():
                    responses.setdefault(status, {"description": words})
                for status, response in responses.items():
                    if str(status).startswith(("4", "5")):
                        response["content"] = answer
        return spec
