"""The certificate over HTTP: as JSON, and as a sheet in both languages."""

import pytest

from app.views import map_schemas as schemas
from tests.views.world import HERE, A


@pytest.fixture
def plan(world):
    return world.plans[HERE]


def test_who_covers_the_whole_plan_reads_its_certificate(as_manager, plan):
    answer = as_manager.get(f"/api/plans/{plan}/certificate")

    assert answer.status_code == 200
    assert schemas.Certificate().validate(answer.json) == {}
    assert set(answer.json) == set(schemas.Certificate().fields)
    assert answer.json["checks"]["gap_m2"] == answer.json["checks"]["overlap_m2"] == 0
    assert answer.json["subject"]["plan"] == plan


def test_who_sees_a_part_of_it_does_not(as_coordinator, as_stranger, client, plan):
    for browser, status in ((as_coordinator, 403), (as_stranger, 403), (client, 401)):
        assert browser.get(f"/api/plans/{plan}/certificate").status_code == status


def test_a_plan_that_is_not_there_has_none(as_administrator):
    assert as_administrator.get("/api/plans/999999999/certificate").status_code == 404


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Certificate of the grids of"), ("zh", "网格划分合格证")]
)
def test_the_sheet_shows_figures_map_and_fingerprint(as_manager, plan, language, word):
    page = as_manager.get(f"/plans/{plan}/certificate?lang={language}").text
    made = as_manager.get(f"/api/plans/{plan}/certificate").json

    assert word in page
    assert made["sha256"] in page
    assert page.count("<path d=") >= len(made["grids"])
    assert "style=" not in page  # the policy of headers would not let it stand


def test_the_sheet_names_no_person(as_manager, plan, world):
    page = as_manager.get(f"/plans/{plan}/certificate").text
    sheet = page[page.index("<article") : page.index("</article>")]

    assert A in page
    assert not any(name in sheet for name in world.people)
