"""Certificates as they were last made, for as long as nothing they depend on has changed.

The mark is looked at first, then what is examined: who changes the plan meanwhile makes another mark, and
what is kept under the former is not taken for it.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import JSON, bindparam, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.services.tiles import RELATED

SOFTWARE = Path(__file__).parent.parent
MOST_KEPT = 200  # plans


class Sheet(NamedTuple):
    """A certificate and the map printed with it, as JSON has them. drawing: None where there is no ground."""

    certificate: dict[str, Any]
    drawing: dict[str, Any] | None


def certificate_mark(session: Session, plan_id: int) -> str:
    """One word that is the same as long as the certificate of a plan is; `not_found` where there is none.

    It depends on the plan, its grids with their reasons and its edits, whatever wrote them, on the ground,
    the version of plots and the entrances that divide it, and on this software, its words included.
    """
    row = session.execute(_DEPENDS, {"plan": plan_id}).first()
    if row is None:
        raise Refusal("not_found")
    return hashlib.sha256(repr((*row, software_mark())).encode()).hexdigest()


@cache
def software_mark() -> str:
    """What the source of this software comes to, its words included."""
    whole = hashlib.sha256()
    for path in sorted(SOFTWARE.rglob("*.py")):
        whole.update(path.relative_to(SOFTWARE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def kept_sheet(session: Session, plan_id: int, mark: str) -> Sheet | None:
    """What is kept of a plan under this mark."""
    row = session.execute(_KEPT, {"plan": plan_id, "mark": mark}).first()
    return None if row is None else Sheet(row.content, row.drawing)


def keep_sheet(session: Session, plan_id: int, mark: str, sheet: Sheet) -> None:
    """Keep it in the place of the plan's former one; of all plans the newest stay."""
    made = {"content": sheet.certificate, "drawing": sheet.drawing}
    session.execute(_KEEP, {"plan": plan_id, "mark": mark} | made)
    session.execute(_SWEEP, {"most": MOST_KEPT})


_DEPENDS = text(f"""
    SELECT plan::text, ground, tessellation.version,
        (SELECT max(version) FROM tessellation AS any_
            WHERE any_.place_id = plan.place_id AND any_.plain_id IS NULL) AS newest,
        (SELECT max(version) FROM edit WHERE edit.plan_id = plan.id) AS edits,
        (SELECT md5(string_agg(md5(grid::text), '' ORDER BY id)) FROM grid WHERE plan_id = plan.id) AS grids,
        (SELECT md5(string_agg(md5(door::text), '' ORDER BY building_id, code)) FROM plot_entrance AS door
            WHERE door.tessellation_id = plan.tessellation_id) AS doors
    FROM plan JOIN tessellation ON tessellation.id = plan.tessellation_id,
        LATERAL (SELECT {RELATED} FROM place WHERE place.id = plan.place_id) AS about
    WHERE plan.id = :plan
""")  # noqa: S608 (constants)
_KEPT = text("SELECT content, drawing FROM certificate WHERE plan_id = :plan AND mark = :mark")
_KEEP = text("""
    INSERT INTO certificate (plan_id, mark, content, drawing) VALUES (:plan, :mark, :content, :drawing)
    ON CONFLICT (plan_id) DO UPDATE SET mark = excluded.mark, content = excluded.content,
        drawing = excluded.drawing, made_at = excluded.made_at
""").bindparams(bindparam("content", type_=JSON), bindparam("drawing", type_=JSON(none_as_null=True)))
_SWEEP = text("""
    DELETE FROM certificate WHERE plan_id IN (
        SELECT plan_id FROM certificate ORDER BY made_at DESC OFFSET :most
    )
""")
