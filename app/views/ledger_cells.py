"""How values of ledgers are written: on the screen, on paper, in a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.services.ledgers import Column
from app.views.language import day, language, moment, number, text
from app.views.needs import office_words
from app.views.session import settings


def title(column: Column) -> str:
    """The head of a column."""
    return text("ledger-column", column=column.name)


def said(row: Mapping[str, Any], column: Column) -> str:
    """A value as people read it; empty where there is none."""
    value = plain(row, column)
    if value is None:
        return ""
    if column.kind == "number":
        return number(value) if value else "–" if value is not None and column.summed else ""
    if column.kind == "share":
        return f"{number(100 * value, 0)} %" if language() == "en" else f"{number(100 * value, 0)}%"
    if column.kind == "day":
        return day(value)
    if column.kind == "moment":
        return day(row[column.name])
    return str(value)


def plain(row: Mapping[str, Any], column: Column) -> Any:
    """A value as a spreadsheet keeps it: numbers, days and times stay what they are."""
    if column.name == "service":
        return row[f"service_{language()}"]
    value = row.get(column.name)
    if column.kind == "word" and value is not None:
        return text("ledger-word", word=_key(str(value)))
    if column.name == "office" and value is not None:
        return office_words(value)
    if column.name == "grid" and row.get("grid_name"):
        return f"{value} {row['grid_name']}"
    if column.name == "coordinator" and value is None:
        return text("ledger-vacant")
    if isinstance(value, datetime):
        return value.astimezone(settings().timezone).replace(tzinfo=None)
    return value


def when(value: datetime) -> str:
    """A moment in full, as titles and notes tell it."""
    return moment(value)


def _key(value: str) -> str:
    """A value of the database as a key of the words.

    >>> _key("300 or more"), _key("1-9")
    ('n300-or-more', 'n1-9')
    """
    key = value.replace(" ", "-")
    return f"n{key}" if key[0].isdigit() else key
