"""Kinds of hazards and limits of cases: read by administrators, changed by those of the deployment."""

import pytest
from sqlalchemy import text

HOURS = {"accept_hours": "1", "dispatch_hours": "2", "handle_hours": "3.5", "verify_hours": "4"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_administrators_read_them_and_nobody_else(as_administrator, as_manager, language):
    assert as_administrator.get(f"/hazards/limits?lang={language}").status_code == 200
    assert as_manager.get("/hazards/limits").status_code == 403


def test_a_limit_holds_from_a_day_that_is_not_over(as_administrator, session):
    def add(day, **more):
        told = {"kind": "gas", "severity": "1", "from_on": day, **HOURS, **more}
        return as_administrator.post("/hazards/limits", data=told).status_code

    assert add("2026-03-01") == 422
    assert add("2026-03-05", handle_hours="0") == 422
    assert add("2026-03-05", kind="dragons") == 422
    assert add("2026-03-05") == 302
    assert add("2026-03-05") == 422
    row = session.execute(
        text("SELECT handle_hours, working_time FROM hazard_limit WHERE kind = 'gas'")
    ).one()
    assert row == (3.5, False)


def test_a_kind_is_added_and_retired(as_administrator, session):
    told = {"code": "lift", "name_en": "Lift", "name_zh": "电梯", "weight": "2", "by_public": "yes"}

    assert as_administrator.post("/hazards/kinds", data=told).status_code == 302
    assert as_administrator.post("/hazards/kinds", data={**told, "weight": "0"}).status_code == 422
    assert as_administrator.post("/hazards/kinds", data={**told, "retired": "yes"}).status_code == 302
    row = session.execute(
        text("SELECT name_zh, retired_at IS NOT NULL FROM hazard_kind WHERE code = 'lift'")
    ).one()
    assert row == ("电梯", True)


def test_an_administrator_of_a_place_changes_none(request):
    here = request.getfixturevalue("sign_in")(request.getfixturevalue("people")["administrator.here"])
    told = {"code": "lift", "name_en": "Lift", "name_zh": "电梯", "weight": "2"}

    assert here.post("/hazards/kinds", data=told).status_code == 403
