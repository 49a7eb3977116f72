"""Search: by code, name, address, pinyin and initials; literally, and within one's places."""

import pytest
from sqlalchemy import text, update

from app.errors import Refusal
from app.models import Building, Place, Street
from app.services.search import MOST, search
from tests.services.mapped import DISTRICT, PATHS, E, W, given_map


@pytest.fixture
def mapped(session):
    return given_map(session)


@pytest.fixture
def find(session, mapped):
    def ask(words, scope=None, code=DISTRICT, plan=True):
        return search(session, code, words, scope, mapped.plan.id if plan else None)

    return ask


def test_chinese_is_found_from_inside_a_word(find):
    assert [street["name"] for street in find("兴路")["streets"]] == ["长兴路"]
    assert {building["name"][:3] for building in find("兴路")["buildings"]} == {"长兴路"}
    assert [place["name"] for place in find("文盛")["places"]] == ["文盛社区"]
    assert [compound["name"] for compound in find("荫")["compounds"]] == ["柳荫里小区"]


@pytest.mark.parametrize("typed", ["changxing", "Chang Xing Lu", "CXL", "xinglu"])
def test_pinyin_and_its_first_letters_find_a_street(find, typed):
    assert [street["name"] for street in find(typed)["streets"]] == ["长兴路"]


@pytest.mark.parametrize("typed", ["lüyuan", "Lü yuan", "lvyuan", "LVYUANXIAN", "xi'an", "lvyuan xian lu"])
def test_pinyin_is_found_however_its_letters_are_typed(find, session, typed):
    for row in (Street.name == "长兴路", Building.code == "W1-002", Place.code == W):
        session.execute(update(row.left.table).where(row).values(name_pinyin="Lüyuan Xi'an Lu"))

    found = find(typed)

    assert [len(found[kind]) for kind in ("streets", "buildings", "places")] == [1, 1, 1]


def test_first_letters_find_buildings_compounds_and_places(find):
    assert find("cxl1")["buildings"][0]["name"].startswith("长兴路1")
    assert [compound["name"] for compound in find("lylx")["compounds"]] == ["柳荫里小区"]
    assert [place["name"] for place in find("lysq")["places"]] == ["柳阳社区"]


def test_the_exact_code_comes_first(find):
    found = find("W1-002")["buildings"]

    assert found[0]["code"] == "W1-002"
    assert found[0]["grid"]["code"] == f"{W}001"


def test_what_begins_with_the_words_comes_before_what_holds_them(find, session):
    session.execute(text("UPDATE building SET name = '南长兴路1号' WHERE code = 'E3-001'"))

    found = [building["name"] for building in find("长兴路1")["buildings"]]

    assert all(name.startswith("长兴路") for name in found[:-1])
    assert found[-1] == "南长兴路1号"


def test_the_last_digits_of_a_grid_find_it(find, mapped):
    found = find("003")["grids"]

    assert found[0]["code"] == f"{W}003"
    assert len(found[0]["bbox"]) == 4
    assert len(found[0]["label"]) == 2
    assert find("003", plan=False)["grids"] == []


def test_no_more_than_twenty_of_each_kind(find):
    assert len(find("路")["buildings"]) == MOST


@pytest.mark.parametrize("typed", ["%", "_", "1%", "\\", "'; DROP TABLE building; --", "()[]*.?", "%%%%%"])
def test_signs_stand_for_themselves(find, typed):
    found = find(typed)

    assert not [kind for kind in found if kind != "query" and found[kind]]


def test_a_per_cent_sign_in_a_name_is_found(find, session):
    session.execute(text("UPDATE building SET name = '100%好' WHERE code = 'E3-001'"))

    assert [building["name"] for building in find("0%")["buildings"]] == ["100%好"]


@pytest.mark.parametrize("typed", ["", "   "])
def test_nothing_typed_finds_nothing(find, typed):
    assert find(typed) == {
        "query": "",
        "grids": [],
        "buildings": [],
        "compounds": [],
        "streets": [],
        "places": [],
    }


def test_only_what_lies_in_scope_is_found(find):
    found = find("路", scope=(PATHS[E],))

    assert {building["code"][0] for building in found["buildings"]} == {"E"}
    assert find("柳", scope=(PATHS[E],))["compounds"] == find("柳", scope=(PATHS[E],))["places"] == []
    assert {grid["code"][:12] for grid in find("0", scope=(PATHS[E],))["grids"]} == {E}
    assert find("路", scope=("140496",))["buildings"] == []


def test_the_place_looked_in_bounds_what_is_found(find):
    found = find("路", code=W)

    assert {building["code"][0] for building in found["buildings"]} == {"W"}
    assert {grid["code"][:12] for grid in find("0", code=W)["grids"]} == {W}


def test_a_building_that_is_gone_is_not_found(find, session):
    session.execute(text("UPDATE building SET retired_at = now() WHERE code = 'W1-002'"))

    assert find("W1-002")["buildings"] == []


def test_no_person_is_found(find):
    assert not [kind for kind, rows in find("canary").items() if kind != "query" and rows]


def test_a_place_that_is_not_there_is_not_found(session):
    with pytest.raises(Refusal) as refused:
        search(session, "nowhere", "路", None)

    assert refused.value.code == "not_found"
