"""Server-sent events: how they are written, and the answer that carries them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import Response, current_app, stream_with_context

from app.services.job_news import News

HEARTBEAT_SECONDS = 10.0
LONGEST_SECONDS = 3600.0
STILL_THERE = ": still there\n\n"


def news() -> News:
    """What this process listens to, begun by the first who asks."""
    found: News = current_app.extensions.setdefault("news", News(current_app.extensions["engine"]))
    return found


def event(name: str, facts: Mapping[str, Any]) -> str:
    """A server-sent event."""
    return f"event: {name}\ndata: {json.dumps(facts, ensure_ascii=False)}\n\n"


def streamed(stream: Iterator[str], over: Callable[[], object]) -> Response:
    """Events as an answer that nobody keeps or holds back. over: when it ends, whoever ends it."""
    answer = Response(stream_with_context(stream), mimetype="text/event-stream")
    answer.headers.update({"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
    answer.call_on_close(over)
    return answer
