"""Serve built scripts, styles and icons: packed as the browser takes them, to be kept for good."""

from __future__ import annotations

import re

from apiflask import APIBlueprint
from flask import Response, abort, request

from app.assets import ADDRESS, BUILD

bp = APIBlueprint("assets", __name__, enable_openapi=False)

# A name holds a hash of what is in the file, so what it names never changes.
FOR_GOOD = "public, max-age=31536000, immutable"
NAME = re.compile(r"[a-z._-]+-[A-Z0-9]{8}\.(js|css|svg)")
KINDS = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}
PACKED = {"br": ".br", "gzip": ".gz"}


@bp.get(f"{ADDRESS}<name>")
def built(name: str) -> Response:
    """A file that script/build wrote."""
    known = NAME.fullmatch(name)
    if known is None or not (BUILD / name).is_file():
        abort(404)
    packing = next((way for way in PACKED if _takes(way) and (BUILD / (name + PACKED[way])).is_file()), None)
    body = (BUILD / (name + PACKED.get(packing or "", ""))).read_bytes()
    headers = {"Cache-Control": FOR_GOOD, "Vary": "Accept-Encoding"}
    if packing:
        headers["Content-Encoding"] = packing
    return Response(body, headers=headers, mimetype=KINDS[known[1]])


def _takes(way: str) -> bool:
    """Whether the browser unpacks that."""
    return request.accept_encodings.quality(way) > 0
