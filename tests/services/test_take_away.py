"""The map that is taken away: one file, nothing fetched, nobody named, nothing about fewer than five."""

import base64
import io
import json
import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import text

from app.services import board, take_away
from app.services.heat_points import KeptPoints
from app.services.periods import Period
from tests.services.hazardous import REPORTED, given_hazard
from tests.services.mapped import CANARIES, DISTRICT, given_map

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
HOSTILE = "</script><script>alert(1)</script> {{ 7 * 7 }}"


@pytest.fixture
def made(session):
    return given_map(session)


def page_of(session, bandwidth_m=150, period=FEBRUARY):
    place = board.place_called(session, DISTRICT)
    return take_away.take_away(session, KeptPoints(), place, period, NOW, ZONE, bandwidth_m)


def told_in(page):
    return json.loads(re.search(r'id="hazards">(.*?)</script>', page, re.DOTALL)[1])


def told(session, **more):
    return told_in(page_of(session, **more))


def picture(frame):
    """Numbers of the palette: 0 nothing, 255 the blank's chequer."""
    image = base64.b64decode(frame["image"].partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(image)))


def few_live_around(session, hazard, households=3):
    session.execute(
        text("""
            UPDATE tessellation_plot SET households = :households
            WHERE plot_id = (SELECT id FROM plot WHERE ST_Intersects(
                geometry, (SELECT position FROM hazard WHERE id = :hazard)))
        """),
        {"households": households, "hazard": hazard.id},
    )


def test_nothing_in_the_page_is_fetched(session, made):
    given_hazard(session, made)
    page = page_of(session)

    assert not re.findall(r"<(?:script|img|link|iframe)[^>]+(?:src|href)=", page)
    text_alone = re.sub(r'base64,[^"]*', "", page)  # letters of a picture may spell anything
    assert not re.findall(r"cdn|jsdelivr|unpkg|googleapis|bootstrap|jquery", text_alone, re.IGNORECASE)
    assert "default-src 'none'" in page


def test_heat_comes_week_by_week_with_how_many_were_open(session, made):
    given_hazard(session, made, closed_days=10)
    given_hazard(session, made, "E2", reported=REPORTED, closed_days=3)

    frames = told(session)["heat"]["frames"]

    assert [frame["day"] for frame in frames] == [
        "2026-02-01",
        "2026-02-08",
        "2026-02-15",
        "2026-02-22",
        "2026-02-28",
    ]
    assert [frame["open"] for frame in frames] == [0, 1, 0, 0, 0]
    assert picture(frames[1]).any()
    assert not picture(frames[2]).any()


def test_many_weeks_are_thinned_and_the_last_is_among_them(session, made):
    frames = told(session, period=Period(date(2025, 3, 1), date(2026, 2, 28)))["heat"]["frames"]

    assert len(frames) <= take_away.MOST_FRAMES
    assert frames[-1]["day"] == "2026-02-28"


def test_a_hazard_where_few_live_leaves_no_heat_and_its_ground_is_blank(root_session):
    few_live_around(root_session, given_hazard(root_session, given_map(root_session)))

    frame = told(root_session)["heat"]["frames"][-1]

    assert frame["open"] == 0
    assert set(np.unique(picture(frame))) == {0, 255}


def test_where_five_live_it_is_shown(root_session):
    few_live_around(root_session, given_hazard(root_session, given_map(root_session)), households=5)

    frame = told(root_session)["heat"]["frames"][-1]

    assert frame["open"] == 1
    assert 255 not in np.unique(picture(frame))[1:-1]


def test_no_bandwidth_is_narrower_than_the_guard_asks(session, made):
    given_hazard(session, made)

    assert told(session, bandwidth_m=10)["heat"] == told(session, bandwidth_m=100)["heat"]


def test_grids_with_few_households_have_no_figure(session, made):
    """W3 has three households, E1 none."""
    for grid in ("W1", "W3", "E1"):
        given_hazard(session, made, grid)

    page = told(session)

    at = {code: k for k, code in enumerate(page["grids"]["code"])}
    few, nobody, many = (at[made.grids[grid].code] for grid in ("W3", "E1", "W1"))
    for name in ("open", "overdue", "reported"):
        values = page["measures"][name]["values"]
        assert (values[few], values[nobody], values[many]) == (None, 1, 1)
        assert page["measures"][name]["shades"][few] == -1
    assert page["measures"]["rate"]["values"][few] is None
    assert page["measures"]["rate"]["values"][nobody] is None


def test_neither_a_case_nor_a_person_nor_a_building_is_named(session, made):
    given_hazard(session, made, description="隐患金丝雀", site="位置金丝雀")

    page = page_of(session)

    planted = ("隐患金丝雀", "位置金丝雀", made.buildings["W1"][0].code, made.buildings["W1"][0].address)
    assert [word for word in (*CANARIES, *planted) if word in page] == []


def test_a_name_is_text_never_code(session, made):
    session.execute(text("UPDATE place SET name = :name, name_pinyin = NULL WHERE code = :code"),
                    {"name": HOSTILE, "code": DISTRICT})  # fmt: skip

    page = page_of(session)

    assert "<script>alert" not in page
    assert told_in(page)["title"]["zh"] == HOSTILE


def test_the_page_speaks_both_languages_with_the_same_words(session, made):
    words = told(session)["words"]

    assert set(words["en"]) == set(words["zh"]) == set(take_away.NAMES)
    assert "150" in words["en"]["guard"]
