"""gunicorn, told what it must know: threads, limits, and a log without query strings."""

from __future__ import annotations

import os
import sys
from typing import Any
from urllib.parse import quote

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from app.views.headers import REQUEST_ID

REQUEST_LINE_BYTES, HEADERS, HEADER_BYTES = 4094, 60, 8190
SILENT_SECONDS = 60  # a web process that is silent for so long is started again
GRACE_SECONDS = 10
KEEP_ALIVE_SECONDS = 15
PATH_CHARACTERS = 300
UNLOGGED = ("/tiles/", "/static/", "/health")


class RequestLog(Logger):  # type: ignore[misc]
    """One line for each request: when, its number, what, answer, bytes, milliseconds.

    Neither addresses nor query strings, which may name people; tiles, static files and /health not at all.
    """

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> None:
        """Write the line of an answered request."""
        path = as_logged(environ.get("PATH_INFO", ""))
        if path.startswith(UNLOGGED):
            return
        milliseconds = request_time.total_seconds() * 1000
        number, status = environ.get(REQUEST_ID, "-"), str(resp.status)[:3]
        line = (self.now(), number, environ["REQUEST_METHOD"], path, status, resp.sent, milliseconds)
        self.access_log.info("%s %s %s %s %s %d B %.0f ms", *line)

    def exception(self, msg: str, *args: Any, **more: Any) -> None:
        """Write down a fault of ours; that a client fell silent half-way is none."""
        if not isinstance(sys.exc_info()[1], BlockingIOError):
            super().exception(msg, *args, **more)


def as_logged(path: str) -> str:
    """A path as WSGI gives it, on one line and of bounded length.

    >>> as_logged("/map\\nforged"), as_logged("/" + "x" * 400)[-2:]
    ('/map%0Aforged', 'x…')
    """
    quoted = quote(path.encode("latin-1"), safe="/:@~!$&'()*+,;=")
    return quoted if len(quoted) <= PATH_CHARACTERS else quoted[:PATH_CHARACTERS] + "…"


class WebServer(BaseApplication):  # type: ignore[misc]
    """The web application under gunicorn, on a port opened before."""

    def __init__(self, descriptor: int, *, processes: int, threads: int) -> None:
        self._wanted = {
            "bind": f"fd://{descriptor}",
            "worker_class": "gthread",
            "workers": processes,
            "preload_app": True,
            "threads": threads,
            "timeout": SILENT_SECONDS,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": KEEP_ALIVE_SECONDS,
            "limit_request_line": REQUEST_LINE_BYTES,
            "limit_request_fields": HEADERS,
            "limit_request_field_size": HEADER_BYTES,
            "forwarded_allow_ips": "",  # what proxies say is the application's to believe: GRIDKEEPER_PROXIES
            "accesslog": "-",
            "logger_class": RequestLog,
            "loglevel": "warning",
            "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,  # noqa: S108 - memory
            "control_socket_disable": True,
            "proc_name": "gridkeeper",
        }
        super().__init__()

    def load_config(self) -> None:
        """Only what is said here: neither files nor variables of gunicorn's own."""
        for name, value in self._wanted.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made once, before it is copied: it has asked the database nothing yet."""
        from app import create_app

        return create_app()
