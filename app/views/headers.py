"""The headers of every answer, errors and static files included, and the number each request goes by."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; "
    "form-action 'self'; base-uri 'none'"
)
ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(self), display-capture=(), geolocation=(self), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
}
# What a view says itself stands; what says nothing is kept by nobody.
UNLESS_SAID = {"Cache-Control": "no-store"}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
REQUEST_ID = "gridkeeper.request_id"

StartResponse = Callable[..., Any]


class Headers:
    """Outermost layer of the application: whatever answers, answers with these."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], https: bool) -> None:
        self.inner = inner
        self.always = {**ALWAYS, **(HTTPS_ONLY if https else {})}

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request as WSGI wants it."""
        request_id = environ[REQUEST_ID] = secrets.token_hex(8)
        ours = {**self.always, "X-Request-ID": request_id}
        unless_said = UNLESS_SAID

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            said = {name.lower() for name, _ in headers}
            replaced = {name.lower() for name in ours}
            kept = [(name, value) for name, value in headers if name.lower() not in replaced]
            added = [*ours.items(), *((n, v) for n, v in unless_said.items() if n.lower() not in said)]
            return start_response(status, [*kept, *added], *error)

        return self.inner(environ, start)
