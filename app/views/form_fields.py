"""Fields of a posted form as days, numbers and files; what is not one is refused by its name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from flask import request

from app.errors import Refusal
from app.services.access import BIGGEST_ID
from app.services.uploads import clean_name

LONGEST_ID = 18  # digits


def whole_in(form: Mapping[str, str], name: str) -> int:
    """A whole number that must be told, as the id of a row."""
    said = form.get(name, "")
    if not (said.isascii() and said.isdecimal() and len(said) <= LONGEST_ID):
        raise Refusal("fields_malformed", fields=name)
    return int(said)


def day_in(form: Mapping[str, str], name: str) -> date:
    """A day that must be told."""
    try:
        return date.fromisoformat(form.get(name, ""))
    except ValueError:
        raise Refusal("fields_malformed", fields=name) from None


def words(name: str) -> str:
    """What was typed, without what stands around it."""
    return request.form.get(name, "").strip()


def day(name: str) -> date:
    """A day that must be told."""
    found = day_or_none(name)
    if found is None:
        raise Refusal("fields_malformed", fields=name)
    return found


def day_or_none(name: str) -> date | None:
    """A day, or None where the field is empty."""
    said = words(name)
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise Refusal("fields_malformed", fields=name) from None


def whole_or_none(name: str) -> int | None:
    """A whole number, or None where the field is empty."""
    return whole(name, words(name))


def number_or_none(name: str) -> Decimal | None:
    """A number, or None where the field is empty."""
    said = words(name)
    try:
        found = Decimal(said) if said else None
    except InvalidOperation:
        raise Refusal("fields_malformed", fields=name) from None
    if found is not None and not found.is_finite():
        raise Refusal("fields_malformed", fields=name)
    return found


def asked_whole(name: str) -> int | None:
    """A whole number of the address (`?name=`), or None where it is not there."""
    return whole(name, request.args.get(name, "").strip())


def whole(name: str, said: str) -> int | None:
    """A number of digits alone that the database can hold."""
    if not said:
        return None
    if not said.isascii() or not said.isdigit() or len(said) > len(str(BIGGEST_ID)) or int(said) > BIGGEST_ID:
        raise Refusal("fields_malformed", fields=name)
    return int(said)


def sent_file() -> tuple[bytes, str]:
    """The bytes and the name of the file that was sent. Refused with `upload_empty` where there is none."""
    file = request.files.get("file")
    if file is None:
        raise Refusal("upload_empty")
    try:
        return file.stream.read(), clean_name(file.filename or "")
    finally:
        file.close()
