import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from app.errors import Refusal
from app.geo import codes
from tests.geo.drawing import draw


def numbered(drawing: str, community=None) -> dict[str, str]:
    grids = draw(drawing)
    communities = None if community is None else [community[letter] for letter in grids.index]
    return dict(zip(codes.number(grids.to_numpy(), communities), grids.index, strict=True))


def test_grids_are_numbered_west_to_east_then_north_to_south():
    order = numbered("""
        P Q R
        M N O
        X Y Z
    """)

    assert "".join(order[code] for code in sorted(order)) == "PQRMNOXYZ"


def test_grids_a_little_out_of_line_stay_in_their_row():
    first, second, third = box(0, 10, 10, 20), box(10, 8, 20, 18), box(20, 11, 30, 21)
    below = box(0, 0, 10, 10)

    assert codes.number(np.array([below, third, second, first])) == ["4", "3", "2", "1"]


def test_a_short_code_has_as_many_digits_as_needed():
    ten = np.array([box(x, 0, x + 1, 1) for x in range(10)])

    assert codes.number(ten[:9]) == list("123456789")
    assert codes.number(ten)[::9] == ["01", "10"]


def test_each_community_is_numbered_from_001():
    order = numbered(
        """
        A B|C D
        """,
        community=dict.fromkeys("AB", "140402001001") | dict.fromkeys("CD", "140402001002"),
    )

    assert order == {
        "140402001001001": "A",
        "140402001001002": "B",
        "140402001002001": "C",
        "140402001002002": "D",
    }


def test_a_thousand_grids_in_a_community_are_refused():
    row = np.array([box(x, 0, x + 1, 1) for x in range(1000)])

    assert codes.number(row[:999], ["140402001001"] * 999)[-1] == "140402001001999"
    with pytest.raises(Refusal) as refused:
        codes.number(row, ["140402001001"] * 1000)
    assert refused.value.code == "too_many_grids"
    assert refused.value.facts == {"community": "140402001001", "grids": 1000, "most": 999}


@pytest.mark.parametrize(
    "code", ["14040200100", "1404020010011", "14040200100x", "", "１４０４０２００１００１"]
)
def test_a_community_code_that_is_not_twelve_digits_is_refused(code):
    with pytest.raises(Refusal) as refused:
        codes.number(np.array([box(0, 0, 1, 1)]), [code])
    assert refused.value.code == "community_code_malformed"


def test_a_place_without_grids_has_no_codes():
    assert codes.number(np.empty(0, object)) == []


@given(st.permutations(range(9)))
def test_codes_do_not_depend_on_the_order_given(order):
    grids = draw("A B C\nD E F\nG H I")
    codes_of = dict(zip(grids.index, codes.number(grids.to_numpy()), strict=True))
    shuffled = grids.iloc[order]

    assert dict(zip(shuffled.index, codes.number(shuffled.to_numpy()), strict=True)) == codes_of
