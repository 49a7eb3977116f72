"""The manager's pages: import, split, plans, compare. What they show, their scripts ask the API for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from apiflask import APIBlueprint
from flask import render_template

from app.geo.readers.options import Limits, ReadOptions
from app.services import uploads
from app.services.access import ADMINISTRATORS, LEADERS, MANAGERS
from app.views.session import actor, today, work

bp = APIBlueprint("manager_pages", __name__, enable_openapi=False)


@bp.get("/import")
def import_page() -> str:
    """Choose files, and what was sent in before."""
    with work() as session:
        found = uploads.open_ones(session, actor().person_id)
        waiting = [uploads.described(upload, brief=True) for upload in found]
    limits = Limits.for_uploads()
    facts = {"uploads": waiting, "fileMb": limits.file_mb, "mostFiles": uploads.MOST_FILES}
    return render_template("import.html", facts=facts)


@bp.get("/import/<int:upload_id>")
def upload_page(upload_id: int) -> str:
    """The report of an upload, and where it shall go."""
    with work() as session:
        uploads.find(session, upload_id, actor().person_id)
    asking = actor()
    facts = {
        "upload": upload_id,
        "roles": [uploads.SOURCE, *uploads.ROLES],
        "datums": list(uploads.DATUMS),
        "householdM2": ReadOptions().household_m2,
        "mayMakeDistrict": asking.covers(ADMINISTRATORS, None),
        "mayImport": asking.holds(MANAGERS),
        "managed": [grant.path for grant in asking.roles if grant.kind in MANAGERS],
    }
    return render_template("import_report.html", facts=facts)


@bp.get("/split")
def split_page() -> str:
    """Divide a place, follow the work, see the outcome."""
    managed = [grant.path for grant in actor().roles if grant.kind in MANAGERS]
    return render_template("split.html", facts={"managed": managed})


@bp.get("/plans")
def plans_page() -> str:
    """Plans of a place: drafts, the one in force, and former ones."""
    return render_template("plans.html", facts=_who())


@bp.get("/plans/<int:plan_id>/compare")
def compare_page(plan_id: int) -> str:
    """A plan beside another: before and after on the map, and whom it affects."""
    return render_template("compare.html", facts={"plan": plan_id, **_who()})


@bp.get("/plans/<int:plan_id>/review")
def review_page(plan_id: int) -> str:
    """A plan as its leaders look at it: map with comments, what changes for whom, and their decision."""
    return render_template("review.html", facts={"plan": plan_id, **_who()})


@bp.get("/plans/<int:plan_id>/layer")
def layer_page(plan_id: int) -> str:
    """What snapping a grid layer to plots took, finding by finding on the map."""
    return render_template("layer.html", facts={"plan": plan_id})


@bp.get("/plans/<int:plan_id>/rebalance")
def rebalance_page(plan_id: int) -> str:
    """Proposals to re-balance a plan, side by side and on the map."""
    return render_template("rebalance.html", facts={"plan": plan_id})


@bp.get("/plans/<int:plan_id>/edit")
def edit_page(plan_id: int) -> str:
    """The map editor: a draft's grids drawn, dragged, divided and merged."""
    me = {"id": actor().person_id, "name": actor().name}
    return render_template("edit.html", facts={"plan": plan_id, "me": me, "today": today().isoformat()})


def _who() -> dict[str, Any]:
    """What pages about the life of plans go by: the person, where each role is theirs, and the day."""
    asking = actor()

    def places(kinds: Collection[str]) -> list[str | None]:
        return [grant.path for grant in asking.roles if grant.kind in kinds]

    return {
        "me": asking.person_id,
        "today": today().isoformat(),
        "managed": places(MANAGERS),
        "led": places(LEADERS),
        "administered": places(ADMINISTRATORS),
    }
