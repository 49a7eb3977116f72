"""That something is refused, and with what."""

from contextlib import contextmanager

import pytest
from psycopg2 import errors
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.errors import Refusal


def refusal(act, *given, **named):
    """The refusal of what must be refused; its sentence has every fact it tells."""
    with pytest.raises(Refusal) as caught:
        act(*given, **named)
    assert "{" not in str(caught.value)
    return caught.value


def refused(act, *given, **named):
    """The code of it."""
    return refusal(act, *given, **named).code


def refused_as(code, act, *given, **named):
    """The refusal, which must be of that code."""
    found = refusal(act, *given, **named)
    assert found.code == code
    return found


def forbidden(session, statement):
    """Whether the database refuses a statement, which must fail, for want of a right."""
    with pytest.raises(DBAPIError) as caught, session.begin_nested():
        session.execute(text(statement))
    return isinstance(caught.value.orig, errors.InsufficientPrivilege)


@contextmanager
def refusing(code):
    """What is done within must be refused, and as that code."""
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code == code
