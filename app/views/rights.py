"""The rights centre, for administrators: what is kept and why, and whether the audit holds."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import render_template

from app.services import audit_chain
from app.services.field_register import MONTHS, REGISTER
from app.views.session import work

bp = APIBlueprint("rights", __name__, enable_openapi=False)


@bp.get("/rights")
def overview() -> str:
    """Where one begins: the audit's chain, and the ways on."""
    with work() as session:
        verdict = audit_chain.verify(session)
    return render_template("rights.html", verdict=verdict)


@bp.get("/rights/fields")
def fields() -> str:
    """The field register: every column of the personal tables with its purpose and retention."""
    return render_template("rights_fields.html", register=REGISTER, months=MONTHS)
