"""Targets as a page: read and set by who oversees the place."""

import pytest
from sqlalchemy import text

from tests.views.world import HERE, A, E

FORM = {
    "place": A, "name_zh": "燃气清零", "name_en": "No gas hazards", "measure": "closed", "kind": "gas",
    "target": "80", "from_on": "2026-02-23", "until_on": "2026-03-31",
}  # fmt: skip


@pytest.mark.parametrize(("language", "name"), [("en", "No gas hazards"), ("zh", "燃气清零")])
def test_a_target_is_set_seen_and_taken_back(as_manager, as_leader, session, language, name):
    assert as_manager.post("/campaigns", data=FORM).status_code == 302
    page = as_leader.get(f"/campaigns?place={HERE}&lang={language}").text
    made = session.scalar(text("SELECT max(id) FROM campaign"))

    assert name in page
    assert page.count('class="aimed"') == 1
    assert "no data" in page or "无数据" in page
    assert as_leader.post(f"/campaigns/{made}/removal", data={"place": A}).status_code == 302
    assert name not in as_leader.get(f"/campaigns?place={HERE}&lang={language}").text
    assert as_leader.post(f"/campaigns/{made}/removal").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"target": "x"}, 422),
        ({"target": "101"}, 422),
        ({"until_on": "2026-03-01"}, 422),
        ({"place": E}, 403),
    ],
)
def test_what_was_typed_stays_where_it_is_refused(as_manager, wrong, status):
    answer = as_manager.post("/campaigns", data={**FORM, **wrong})

    assert answer.status_code == status
    assert status == 403 or "燃气清零" in answer.text


def test_coordinators_and_strangers_have_no_page_of_targets(as_coordinator, as_stranger):
    assert as_coordinator.get(f"/campaigns?place={A}").status_code == 403
    assert as_stranger.get(f"/campaigns?place={A}").status_code == 403
