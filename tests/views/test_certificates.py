"""The certificate over HTTP: as JSON, and as a sheet in both languages."""

import pytest
from sqlalchemy import text

from app.services import certificates
from app.views import map_schemas as schemas
from tests.views.test_plan_views import draft
from tests.views.world import HERE, A

__all__ = ["draft"]  # the fixture


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


def test_a_plan_is_examined_once_until_it_changes(as_manager, draft, session, monkeypatch):
    examined = []
    examine = certificates.geometry.examine
    monkeypatch.setattr(certificates.geometry, "examine", lambda *a: examined.append(1) or examine(*a))

    first, second = (as_manager.get(f"/api/plans/{draft}/certificate").json for _ in range(2))
    as_manager.get(f"/plans/{draft}/certificate")

    assert (second, len(examined)) == (first, 1)

    session.execute(text("UPDATE plan SET name = 'Spring' WHERE id = :plan"), {"plan": draft})
    session.commit()
    third = as_manager.get(f"/api/plans/{draft}/certificate").json

    assert (third["subject"]["name"], len(examined)) == ("Spring", 2)


def test_a_certificate_that_cannot_be_kept_is_shown_all_the_same(as_manager, draft, monkeypatch, caplog):
    def full(session, *_):
        session.execute(text("SELECT 1 / 0"))

    monkeypatch.setattr("app.views.certificates.keep_sheet", full)

    answer = as_manager.get(f"/api/plans/{draft}/certificate")

    assert answer.status_code == 200
    assert answer.json["subject"]["plan"] == draft
    assert "was not kept" in caplog.text


def test_what_is_kept_is_shown_to_nobody_else(as_manager, as_coordinator, plan):
    assert as_manager.get(f"/api/plans/{plan}/certificate").status_code == 200
    assert as_coordinator.get(f"/api/plans/{plan}/certificate").status_code == 403


def test_the_sheet_names_no_person(as_manager, plan, world):
    page = as_manager.get(f"/plans/{plan}/certificate").text
    sheet = page[page.index("<article") : page.index("</article>")]

    assert A in page
    assert not any(name in sheet for name in world.people)


def test_the_explanation_tells_grids_out_of_band_with_reason_remedy_and_place(as_manager, draft, session):
    session.execute(
        text("""
            UPDATE grid SET households = 40, reason = 'component_too_small', measures = measures
                || '{"reason_facts": {"component_households": 40, "least": 270, "most": 330},
                     "remedy": {"code": "special_grid", "facts": {}}}'
            WHERE plan_id = :plan AND code LIKE :code
        """),
        {"plan": draft, "code": f"{A}%"},
    )
    session.commit()

    answer = as_manager.get(f"/api/plans/{draft}/explanation")

    assert answer.status_code == 200
    assert schemas.Explanation().validate(answer.json) == {}
    told = next(row for row in answer.json["out_of_band"] if row["households"] == 40)
    assert told["reason"]["sentence"]["en"].startswith("This ground is cut off from the rest and has 40")
    assert told["remedy"]["sentence"]["zh"] == "可设为专属网格，不受户数范围限制。"
    assert len(told["show"]) == 4
    assert told in answer.json["worst"]
    outside = len(answer.json["out_of_band"])
    assert answer.json["worst"][:outside] == sorted(
        answer.json["out_of_band"], key=lambda row: -abs(row["deviation"])
    )
    assert len(answer.json["worst"]) == min(5, sum(bar["grids"] for bar in answer.json["histogram"]))
    assert sum(bar["grids"] for bar in answer.json["histogram"]) > 0


def test_the_explanation_is_cut_to_what_one_may_read(as_coordinator, as_stranger, client, plan):
    seen = as_coordinator.get(f"/api/plans/{plan}/explanation").json

    assert {row["grid"]["code"][:12] for row in seen["out_of_band"]} <= {A}
    assert as_stranger.get(f"/api/plans/{plan}/explanation").status_code == 403
    assert client.get(f"/api/plans/{plan}/explanation").status_code == 401
