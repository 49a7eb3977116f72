"""Cases for the tests: a hazard reported in a grid, and what each act needs."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from sqlalchemy.orm import Session

from app.models import Hazard
from app.services import case_life, case_photos, hazards
from app.services.access import Actor
from app.services.case_life import Said
from app.services.hazards import Report

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 26, 10, tzinfo=ZONE)  # a Thursday
HOUR = timedelta(hours=1)
# What each act is told when nothing else matters.
FACTS: dict[str, dict[str, Any]] = {
    "call": {"called": "119"},
    "refuse": {"reason": "not ours"},
    "meet": {"met_on": NOW.date(), "decision": "clear the stairs"},
    "dispatch": {"office": "gas office"},
    "hand_up": {"office": "district", "receipt": "R-7"},
    "return": {"reason": "not ours"},
    "answer": {"answer": "granted"},
    "fail": {"reason": "still leaks"},
    "reopen": {"reason": "leaks again"},
    "pend": {"reason": "no parts", "review_on": (NOW + timedelta(days=40)).date()},
}
NOTES = ("track", "evaluate", "supervise")


def picture(colour: str = "red", size: tuple[int, int] = (40, 30)) -> bytes:
    drawn = BytesIO()
    Image.new("RGB", size, colour).save(drawn, "JPEG")
    return drawn.getvalue()


def reported(
    session: Session, actor: Actor | None, building_id: int, now: datetime = NOW, **more: Any
) -> int:
    wanted = Report(**{"kind": "gas", "reported_at": now, "building_id": building_id, **more})
    return hazards.report(session, actor, wanted, now).id


def said(name: str, **more: Any) -> Said:
    note = "seen" if name in NOTES else ""
    told = "thank you" if name == "tell" else ""
    return Said(note, told, {**FACTS.get(name, {}), **more})


def goes(
    session: Session, actor: Actor, hazard_id: int, *names: str, now: datetime = NOW, **more: Any
) -> Hazard:
    """Let a case go through acts, each with what it needs."""
    for name in names:
        if name == "on_the_spot":
            case_photos.add(session, hazard_id, picture("green"), "after")
        version = session.get_one(Hazard, hazard_id).version
        hazard = case_life.act(session, actor, hazard_id, name, version, said(name, **more), now)
    session.flush()
    return hazard
