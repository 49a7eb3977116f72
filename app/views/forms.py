"""What a page does when one of its forms is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from app.errors import Refusal
from app.views.session import work

PASSED_ON = ("not_found", "not_in_scope")  # there is no page on which these could be said


def done(
    act: Callable[[Any], Any], page: Callable[[Mapping[str, str], Refusal], ResponseReturnValue], then: str
) -> ResponseReturnValue:
    """Do what the form of the request asks and go to an address, or show the page and say there why not.

    act: is given a session. page: is given what was sent, and the refusal.
    """
    try:
        with work() as session:
            act(session)
    except Refusal as refusal:
        if refusal.code in PASSED_ON:
            raise
        return page(request.form, refusal)
    return redirect(then)
