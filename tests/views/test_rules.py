"""The page of rules: read, foreseen, begun, taken back; and the API that tells them."""

import pytest

from tests.views.world import ELSEWHERE, HERE, A

PREVIEW = f"/rules?code=permit-2014&place={HERE}&from_on=2026-07-01"


def begin(browser, **changes):
    form = {"code": "permit-2014", "place": HERE, "from_on": "2026-07-01", **changes}
    return browser.post("/rules", data=form)


@pytest.mark.parametrize("path", ["/rules", "/rules?year=2025", "/rules?year=x", PREVIEW])
def test_an_administrator_reads_the_rules(as_administrator, path):
    page = as_administrator.get(path)

    assert page.status_code == 200
    assert "Decree 663" in page.text
    assert ("What changes from 1 Jul 2026" in page.text) is (path == PREVIEW)


def test_a_preview_shows_before_and_after_and_changes_nothing(as_administrator):
    page = as_administrator.get(PREVIEW)

    assert "Issued within, days" in page.text
    assert "8 Jul 2026" in page.text
    assert "16 Jul 2026" in page.text
    assert as_administrator.get(f"/api/places/{HERE}/rules?on=2026-07-01").json["id"] is None


def test_rules_begin_on_their_day(as_administrator):
    assert begin(as_administrator, **{"size.target": "310"}).status_code == 302

    before = as_administrator.get(f"/api/places/{A}/rules?on=2026-06-30").json
    after = as_administrator.get(f"/api/places/{A}/rules?on=2026-07-01").json
    assert (before["code"], before["settings"]["size"]["target"]) == ("decree-663", 300)
    assert (after["code"], after["settings"]["size"]["target"]) == ("permit-2014", 310)
    assert after["settings"]["permit"]["later_years"] == [3, 5]


def test_rules_are_taken_back_before_their_day(as_administrator):
    begin(as_administrator)
    pack = as_administrator.get(f"/api/places/{A}/rules?on=2026-07-01").json["id"]

    assert as_administrator.post(f"/rules/{pack}/withdrawal").status_code == 302
    assert as_administrator.get(f"/api/places/{A}/rules?on=2026-07-01").json["id"] is None
    assert as_administrator.post(f"/rules/{pack}/withdrawal").status_code == 404


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"from_on": "2026-01-01"}, 422, "stay as they are"),
        ({"from_on": "soon"}, 422, "from_on"),
        ({"code": "mine"}, 422, "There is no rule pack"),
        ({"size.target": "many"}, 422, "size.target"),
        ({"retention.stay_months": "36"}, 422, "retention.stay_months"),
    ],
)
def test_what_cannot_be_is_refused_on_the_page(as_administrator, changes, status, said):
    answer = begin(as_administrator, **changes)

    assert answer.status_code == status
    assert said in answer.text


def test_rules_elsewhere_are_not_ones_own_to_change(as_district_administrator):
    assert begin(as_district_administrator, place=ELSEWHERE).status_code == 403
    assert begin(as_district_administrator, place="").status_code == 403
    assert begin(as_district_administrator).status_code == 302


def test_a_holiday_is_entered_and_removed(as_administrator):
    kept = as_administrator.post("/rules/days", data={"day": "2027-02-20", "name": "春节", "worked": "yes"})

    assert kept.status_code == 302
    assert "20 Feb 2027" in as_administrator.get("/rules?year=2027").text
    assert as_administrator.post("/rules/days/removal", data={"day": "2027-02-20"}).status_code == 302
    assert "20 Feb 2027" not in as_administrator.get("/rules?year=2027").text


def test_the_calendar_of_all_is_not_one_districts_to_change(as_district_administrator, as_administrator):
    day = {"day": "2027-02-20", "name": "春节", "worked": "yes"}
    assert as_administrator.post("/rules/days", data=day).status_code == 302

    assert as_district_administrator.post("/rules/days", data={**day, "name": "Mine"}).status_code == 403
    assert as_district_administrator.post("/rules/days/removal", data=day).status_code == 403

    page = as_district_administrator.get("/rules?year=2027").text
    assert "20 Feb 2027" in page
    assert "/rules/days" not in page
    assert "/rules/days" in as_administrator.get("/rules?year=2027").text


def test_the_page_speaks_chinese(as_administrator):
    assert "查看变化" in as_administrator.get("/rules?lang=zh").text
