"""Locks as part of a draft: in its history, undone, respected by edits, proposals, copies and merges."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.errors import Refusal
from app.models import Grid, Lock
from app.services import edit_history, locks
from app.services.duplicates import duplicate
from app.services.editing import Wanted, restore, reverse, save
from app.services.operations import operate
from app.services.publishing import publish
from tests.services.drawn_drafts import Draft, as_drawn, given_drawn, moved

TOWN = """
    A A B B
    A A B B
    C C D D
"""


@pytest.fixture
def draft(session) -> Draft:
    return given_drawn(session, TOWN)


def set_lock(session, draft: Draft, base: int, letter: str, was: bool | None, now: bool | None):
    change = {draft.grids[letter]: {"own_lock": (was, now)}}
    return save(session, draft.plan, base, Wanted("change", changes=change))


def give_one(session, draft: Draft, base: int):
    """A plot of A to B."""
    return moved(session, draft, base, draft.moves("B", 1, source="A"))


def refused(code, act, *given):
    with pytest.raises(Refusal) as caught:
        act(*given)
    assert caught.value.code == code
    return caught.value.facts


def place_lock(session, draft: Draft, letter: str) -> None:
    session.add(Lock(place_id=draft.place, grid_code=draft.codes[letter]))
    session.flush()


def words(session, plan: int) -> dict[str, bool | None]:
    rows = session.execute(select(Grid.code, Grid.own_lock).where(Grid.plan_id == plan))
    return {row.code[-3:]: row.own_lock for row in rows}


def test_a_lock_is_an_edit_that_holds_until_it_is_undone(session, draft):
    set_lock(session, draft, 1, "B", None, True)

    assert refused("grid_is_locked", give_one, session, draft, 2)["grid"] == draft.codes["B"]
    last = edit_history.edits(session, draft.plan, limit=1, with_moves=True)[0]
    assert (last["kind"], last["plots"], last["grids"]) == ("change", 0, [draft.codes["B"]])
    assert last["changes"] == {str(draft.grids["B"]): {"was": {"own_lock": None}, "now": {"own_lock": True}}}
    then = edit_history.state(session, draft.plan, 2)["grids"]
    assert [grid["code"] for grid in then if grid["own_lock"]] == [draft.codes["B"]]

    reverse(session, draft.plan, 2, 2)
    give_one(session, draft, 3)
    set_lock(session, draft, 4, "B", None, True)
    refused("grid_is_locked", reverse, session, draft.plan, 5, 4)  # the gift, now that it is locked
    restore(session, draft.plan, 5, 3)  # going back takes the lock off as well
    assert as_drawn(session, draft) == "AABBAABBCCDD"
    assert set(words(session, draft.plan).values()) == {None}


def test_a_stale_edit_of_a_colleague_meets_the_lock_and_two_locks_clash(session, draft):
    set_lock(session, draft, 1, "B", None, True)

    refused("grid_is_locked", give_one, session, draft, 1)
    clash = refused("edit_conflict", set_lock, session, draft, 1, "B", None, False)
    moved(session, draft, 1, draft.moves("D", 9, source="C"))

    assert [(one["attribute"], one["yours"], one["now"]) for one in clash["grids"]] == [
        ("own_lock", False, True)
    ]


def test_a_draft_may_open_what_the_place_has_locked_and_no_other_draft_hears_of_it(session, draft):
    place_lock(session, draft, "B")
    other = duplicate(session, draft.plan, None).id
    refused("grid_is_locked", give_one, session, draft, 1)

    set_lock(session, draft, 1, "B", None, False)
    give_one(session, draft, 2)

    assert locks.of_plan(session, draft.plan) == set()
    assert locks.of_plan(session, other) == {draft.codes["B"]}


def test_an_edit_may_change_what_it_unlocks_itself(session, draft):
    set_lock(session, draft, 1, "B", None, True)
    change = {draft.grids["B"]: {"own_lock": (True, None)}}

    moved(session, draft, 2, draft.moves("B", 1, source="A"), changes=change)

    assert as_drawn(session, draft) == "ABBBAABBCCDD"


def test_operations_and_proposals_leave_alone_what_the_draft_has_locked(session, draft):
    set_lock(session, draft, 1, "B", None, True)
    set_lock(session, draft, 2, "D", None, True)
    give = {"do": "give", "plots": [draft.plots[1]], "to": draft.grids["B"]}
    merge = {"do": "merge", "grids": [draft.grids["A"], draft.grids["B"]]}
    told = [operate(session, draft.plan, 3, act) for act in (give, merge)]

    assert [one["refusal"]["code"] for one in told] == ["grid_is_locked"] * 2
    assert draft.grids["D"] not in mended_with(session, draft, 3)
    set_lock(session, draft, 3, "D", True, None)
    assert draft.grids["D"] in mended_with(session, draft, 4)


def mended_with(session, draft: Draft, version: int) -> set[int]:
    """The grids that proposals for C, which has too few households, would change."""
    proposals = operate(session, draft.plan, version, {"do": "repair", "grid": draft.grids["C"]})["proposals"]
    return {end for way in proposals for pair in way["moves"].values() for end in pair}


def test_copies_have_the_locks_of_a_draft(session, draft):
    set_lock(session, draft, 1, "B", None, True)
    set_lock(session, draft, 2, "C", None, False)

    copy = duplicate(session, draft.plan, None)

    assert words(session, copy.id) == words(session, draft.plan)
    assert locks.of_plan(session, copy.id) == {draft.codes["B"]}


def test_once_in_force_its_locks_are_the_places(session, draft):
    place_lock(session, draft, "C")
    place_lock(session, draft, "D")
    set_lock(session, draft, 1, "B", None, True)
    set_lock(session, draft, 2, "C", None, False)

    publish(session, draft.plan, 3)

    stored = session.scalars(select(Lock.grid_code).where(Lock.place_id == draft.place))
    assert {*stored} == {draft.codes["B"], draft.codes["D"]} == locks.of_plan(session, draft.plan)
    copy = duplicate(session, draft.plan, None)
    assert set(words(session, copy.id).values()) == {None}  # as the place has it from now on


def test_a_grid_that_was_given_up_comes_back_as_edits_of_before_locks_tell_it(session, draft):
    given_up = {"code": draft.codes["B"], "name": None, "kind": "residential", "planned_id": None}
    community = session.scalars(select(Grid.community_id).where(Grid.id == draft.grids["B"])).one()
    to_a = draft.moves("A", 2, 3, 6, 7, source="B")
    moved(session, draft, 1, to_a, kind="merge")
    back = {plot: (to, one) for plot, (one, to) in to_a.items()}
    remade = {draft.grids["B"]: {**given_up, "community_id": community}}

    save(session, draft.plan, 2, Wanted("undo", back, remade=remade, parameters={"undoes": 2}))

    assert as_drawn(session, draft) == "AABBAABBCCDD"
    assert words(session, draft.plan) == dict.fromkeys(["001", "002", "003", "004"])
