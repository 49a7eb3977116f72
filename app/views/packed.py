"""Answers that are packed when the browser takes that, and not sent again when it has them."""

from __future__ import annotations

import gzip
import io
import json
import secrets
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request

WORTH_PACKING_BYTES = 1_000
# Kept by the browser alone, and asked about each time: rights may have changed.
ASK_EACH_TIME = "private, no-cache"
NEVER_CHANGES = "private, max-age=86400, immutable"  # a day, for the disk of the browser is not ours
PACKED_KINDS = {"text/html", "text/javascript", "application/json", "application/geo+json"}
MOST_PADDING = 100  # bytes of chance in the length of what is packed


def install(app: Flask) -> None:
    """Pages and answers that a view has not packed itself are packed on their way out."""

    @app.after_request
    def pack(answer: Response) -> Response:
        if answer.mimetype not in PACKED_KINDS or answer.direct_passthrough or not answer.is_sequence:
            return answer
        if "Content-Encoding" in answer.headers or answer.status_code == 304:
            return answer
        whole = answer.get_data()
        if len(whole) < WORTH_PACKING_BYTES:
            return answer
        answer.vary.add("Accept-Encoding")
        if takes_gzip():
            answer.set_data(_packed(whole))
            answer.headers["Content-Encoding"] = "gzip"
        return answer


def _packed(whole: bytes) -> bytes:
    """Packed by gzip, with a name of random length in its head, which nobody reads.

    A page holds a token beside words from its address: from the lengths of many such answers somebody on the
    way could guess the token letter by letter (BREACH, 2013). Chance in the length makes that take too long
    (Palacios et al., HTB, IEEE Access 2022), as in Django.
    """
    out = io.BytesIO()
    padding = "a" * secrets.randbelow(MOST_PADDING)
    with gzip.GzipFile(padding, "wb", compresslevel=5, fileobj=out, mtime=0) as packer:
        packer.write(whole)
    return out.getvalue()


def is_known(mark: str) -> bool:
    """Whether the browser says it has what goes by this mark."""
    return request.if_none_match.contains_weak(mark)


def unchanged(mark: str, keep: str = ASK_EACH_TIME) -> Response:
    """What the browser has is still good."""
    return _marked(Response(status=304), mark, keep)


def json_answer(
    body: Mapping[str, Any] | list[Any], mark: str | None = None, keep: str = ASK_EACH_TIME
) -> Response:
    """JSON, packed where that is worth it. keep: for how long, of what has a mark."""
    whole = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    answer = Response(whole, mimetype="application/json")
    if len(whole) >= WORTH_PACKING_BYTES and takes_gzip():
        answer.set_data(gzip.compress(whole, compresslevel=5, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    return _marked(answer, mark, keep)


def packed_answer(packed: bytes, mimetype: str, mark: str) -> Response:
    """What is packed by gzip already; 204 where it is empty."""
    if not packed:
        return _marked(Response(status=204), mark)
    answer = Response(packed if takes_gzip() else gzip.decompress(packed), mimetype=mimetype)
    if takes_gzip():
        answer.headers["Content-Encoding"] = "gzip"
    return _marked(answer, mark)


def takes_gzip() -> bool:
    """Whether the browser can unpack gzip."""
    return request.accept_encodings["gzip"] > 0


def _marked(answer: Response, mark: str | None, keep: str = ASK_EACH_TIME) -> Response:
    answer.vary.add("Accept-Encoding")
    if mark is not None:
        answer.set_etag(mark, weak=True)  # packed or not, it is the same
        answer.headers["Cache-Control"] = keep
    return answer
