"""Edits of a draft: saved by the rules, merged with others', undone to the byte."""

import pytest
from sqlalchemy import text

from app.models import Edit, Lock
from app.services import edit_history, locks, reading
from app.services.editing import Wanted, restore, reverse, save
from app.services.importing import store_district
from app.services.publishing import plan_faults
from tests.services.drawn_drafts import as_drawn, given_coordinator, given_drawn, moved, stored
from tests.services.imported import DISTRICT, given_draft, given_town, small_town, without
from tests.services.refusals import refused_as

TOWN = """
    A A B B|c c
    A A B B|c c
    D D D D|e e
"""
#   0 1 2 3 4 5
#   6 7 8 9 10 11
#   12 …


@pytest.fixture
def draft(session):
    return given_drawn(session, TOWN)


def grid(session, grid_id):
    return session.execute(text("SELECT * FROM grid WHERE id = :id"), {"id": grid_id}).one()


# --- Saving ----------------------------------------------------------------------------------------------


def test_a_plot_moves_and_both_grids_follow(session, draft, at_commit):
    saved = moved(session, draft, 1, draft.moves("B", 1, 7, source="A"))

    assert as_drawn(session, draft) == "ABBBccABBBccDDDDee"
    assert (grid(session, draft.grids["A"]).households, grid(session, draft.grids["B"]).households) == (
        150,
        450,
    )
    assert (saved.version, saved.gone, saved.made) == (2, [], {})
    assert set(saved.changed) == {draft.grids["A"], draft.grids["B"]}
    assert plan_faults(session, draft.plan) == []
    at_commit(session)


def test_what_is_measured_is_what_a_split_would_measure(session, draft):
    moved(session, draft, 1, draft.moves("B", 1, 7, source="A"))
    after = session.execute(text("SELECT id, measures FROM grid WHERE plan_id = :p"), {"p": draft.plan}).all()

    other = given_drawn(session, TOWN.replace("A A B B", "A B B B"), district="140495")

    drawn = {grid: letter for letter, grid in draft.grids.items()}
    names = {code: letter for letter, code in draft.codes.items()}
    others = {code: letter for letter, code in other.codes.items()}
    assert len(after) == 5
    for row in after:
        expected = dict(grid(session, other.grids[drawn[row.id]]).measures)
        told = dict(row.measures)
        assert {names[code] for code in told.pop("neighbours")} == {
            others[code] for code in expected.pop("neighbours")
        }
        for extra in ("reason_facts", "remedy"):
            told.pop(extra, None)
        assert told == expected


def test_a_grid_beside_it_learns_of_its_new_neighbours(session, draft):
    moved(session, draft, 1, draft.moves("B", 0, 1, source="A"))

    beside = grid(session, draft.grids["D"]).measures["neighbours"]
    assert beside == [draft.codes[letter] for letter in "ABe"]
    moved(session, draft, 2, draft.moves("D", 6, 7, source="A"), kind="merge")

    assert grid(session, draft.grids["D"]).measures["neighbours"] == [draft.codes[letter] for letter in "Be"]
    assert grid(session, draft.grids["B"]).measures["neighbours"] == [draft.codes[letter] for letter in "Dc"]


def test_a_grid_without_plots_is_given_up(session, draft, at_commit):
    saved = moved(session, draft, 1, draft.moves("B", 0, 1, 6, 7, source="A"), kind="merge")

    assert saved.gone == [draft.grids["A"]]
    assert as_drawn(session, draft) == "BBBBccBBBBccDDDDee"
    at_commit(session)


def test_a_new_grid_takes_the_next_code_that_was_never_used(session, draft):
    moved(session, draft, 1, draft.moves("B", 0, 1, 6, 7, source="A"), kind="merge")
    saved = moved(
        session,
        draft,
        2,
        draft.moves("new:1", 14, 15, source="D"),
        kind="divide",
        new={"new:1": {"kind": "market", "name": "早市"}},
    )

    made = grid(session, saved.made["new:1"])
    assert made.code == f"{draft.codes['A'][:12]}004"
    assert (made.kind, made.name, made.reason) == ("market", "早市", None)


def test_a_grid_out_of_band_says_that_a_hand_made_it_so(session, draft):
    moved(session, draft, 1, draft.moves("B", 1, 7, source="A"))

    row = next(one for one in reading.some_grids(session, draft.plan, [draft.grids["A"]]))
    assert row["reason"]["code"] == "changed_by_hand"
    assert "150" in row["reason"]["sentence"]["zh"]


def test_names_codes_kinds_and_planned_coordinators_change(session, draft):
    person = given_coordinator(session, draft)
    new = f"{draft.codes['A'][:12]}077"
    save(
        session,
        draft.plan,
        1,
        Wanted(
            "change",
            changes={
                draft.grids["A"]: {"code": (draft.codes["A"], new), "name": (None, "北片")},
                draft.grids["B"]: {"kind": ("residential", "mall"), "planned_id": (None, person)},
            },
        ),
    )

    rows = {row["id"]: row for row in reading.grids(session, draft.plan, None)["grids"]}
    assert (rows[draft.grids["A"]]["code"], rows[draft.grids["A"]]["name"]) == (new, "北片")
    assert rows[draft.grids["B"]]["kind"] == "mall"
    assert rows[draft.grids["B"]]["planned"] == {"id": person, "name": "Person liu"}
    assert rows[draft.grids["A"]]["perimeter_m"] == pytest.approx(4 * 2 * 80, rel=1e-3)
    assert new in grid(session, draft.grids["D"]).measures["neighbours"]


def test_two_grids_swap_their_codes(session, draft):
    a, b = draft.codes["A"], draft.codes["B"]
    changes = {draft.grids["A"]: {"code": (a, b)}, draft.grids["B"]: {"code": (b, a)}}
    save(session, draft.plan, 1, Wanted("change", changes=changes))

    assert (grid(session, draft.grids["A"]).code, grid(session, draft.grids["B"]).code) == (b, a)
    assert grid(session, draft.grids["A"]).measures["neighbours"] == [a, draft.codes["D"]]


# --- What is refused -------------------------------------------------------------------------------------


def test_no_grid_falls_into_pieces(session, draft):
    facts = refused_as("grid_in_pieces", moved, session, draft, 1, draft.moves("B", 14, source="D")).facts

    assert (facts["grid"], facts["pieces"]) == (draft.codes["D"], 2)
    assert facts["plots"] == [draft.plots[15]]
    assert facts["buildings"] == ["15号楼"]


def test_a_river_joins_nothing(session):
    draft = given_drawn(session, "A~B B\nA B B")

    refused_as("grid_in_pieces", moved, session, draft, 1, draft.moves("B", 0, source="A"))


def test_a_grid_that_is_in_pieces_already_may_stay_so(session):
    draft = given_drawn(session, "A B A A")

    moved(session, draft, 1, draft.moves("B", 2, source="A"))

    assert as_drawn(session, draft) == "ABBA"


def test_no_grid_crosses_communities(session, draft):
    facts = refused_as("community_crossed", moved, session, draft, 1, draft.moves("c", 3, source="B")).facts

    assert facts["grid"] == draft.codes["c"]


def test_what_is_locked_stays(session, draft):
    session.add(Lock(place_id=draft.place, grid_code=draft.codes["B"]))
    session.flush()

    refused_as("grid_is_locked", moved, session, draft, 1, draft.moves("B", 1, source="A"))
    refused_as("grid_is_locked", moved, session, draft, 1, draft.moves("D", 8, source="B"))


def test_a_locked_building_stays_in_its_grid(session, draft):
    building = session.scalar(
        text("SELECT id FROM building WHERE code = 'B1' AND place_id = :p"), {"p": draft.place}
    )
    session.add(Lock(place_id=draft.place, building_id=building))
    session.flush()

    facts = refused_as("building_is_locked", moved, session, draft, 1, draft.moves("B", 1, source="A")).facts

    assert (facts["building"], facts["grid"]) == ("1号楼", draft.codes["A"])


def test_codes_are_digits_of_the_community_and_nobody_elses(session, draft):
    def renumber(code):
        change = {draft.grids["A"]: {"code": (draft.codes["A"], code)}}
        return save(session, draft.plan, 1, Wanted("change", changes=change))

    refused_as("grid_code_taken", renumber, draft.codes["B"])
    for code in ("12", draft.codes["c"][:12] + "009", draft.codes["A"][:12] + "00x", "1" * 16):
        refused_as("grid_code_malformed", renumber, code)


def test_who_is_no_coordinator_here_is_not_planned(session, draft):
    change = {draft.grids["A"]: {"planned_id": (None, 2**40)}}

    refused_as("coordinator_unknown", save, session, draft.plan, 1, Wanted("change", changes=change))


def test_an_edit_of_nothing_is_none(session, draft):
    refused_as("edit_empty", save, session, draft.plan, 1, Wanted("move"))
    refused_as("edit_empty", moved, session, draft, 1, draft.moves("A", 1, source="A"))


def test_what_was_never_so_is_a_mistake(session, draft):
    refused_as("plot_moved", moved, session, draft, 1, draft.moves("D", 1, source="B"))
    refused_as("plot_unknown", moved, session, draft, 1, {2**40: (draft.grids["A"], draft.grids["B"])})
    refused_as("grid_unknown", moved, session, draft, 1, draft.moves(2**40, 1, source="A"))
    refused_as("new_grid_empty", moved, session, draft, 1, draft.moves("new:1", 1, source="A"))
    refused_as("plan_changed", moved, session, draft, 2, draft.moves("B", 1, source="A"))


def test_only_drafts_are_edited(session, draft):
    session.execute(
        text("UPDATE plan SET state = 'retired', retired_at = now() WHERE id = :p"), {"p": draft.plan}
    )

    refused_as("plan_not_draft", moved, session, draft, 1, draft.moves("B", 1, source="A"))


# --- Together --------------------------------------------------------------------------------------------


def test_edits_of_different_plots_merge(session, draft):
    moved(session, draft, 1, draft.moves("B", 1, source="A"))
    saved = moved(session, draft, 1, draft.moves("B", 14, 15, source="D"))

    assert as_drawn(session, draft) == "ABBBccAABBccDDBBee"
    assert (saved.version, saved.base) == (3, 1)


def test_the_same_plot_is_a_conflict_that_tells_both_sides(session, draft):
    moved(session, draft, 1, draft.moves("B", 7, source="A"))

    facts = refused_as("edit_conflict", moved, session, draft, 1, draft.moves("D", 7, source="A")).facts

    (plot,) = facts["plots"]
    a, b, d = (draft.grids[letter] for letter in "ABD")
    assert (plot["plot"], plot["from"], plot["to"], plot["now"], plot["version"]) == (
        draft.plots[7],
        a,
        d,
        b,
        2,
    )
    assert (facts["base"], facts["current"], facts["grids"]) == (1, 2, [])


def test_moves_that_tear_a_grid_only_together_are_refused(session):
    ring = given_drawn(session, "A A A\nA B A\nA A A", district="140494")
    moved(session, ring, 1, ring.moves("B", 1, source="A"))

    refused_as("grid_in_pieces", moved, session, ring, 1, ring.moves("B", 7, source="A"))


def test_the_same_attribute_is_a_conflict_and_another_is_not(session, draft):
    def change(**attributes):
        return save(session, draft.plan, 1, Wanted("change", changes={draft.grids["A"]: attributes}))

    change(name=(None, "北片"))
    facts = refused_as("edit_conflict", change, name=(None, "南片")).facts
    change(kind=("residential", "mixed"))

    (clash,) = facts["grids"]
    assert (clash["attribute"], clash["yours"], clash["now"], clash["version"]) == ("name", "南片", "北片", 2)
    assert (grid(session, draft.grids["A"]).name, grid(session, draft.grids["A"]).kind) == ("北片", "mixed")


def test_a_grid_that_somebody_gave_up_takes_nothing(session, draft):
    moved(session, draft, 1, draft.moves("B", 0, 1, 6, 7, source="A"), kind="merge")

    facts = refused_as("edit_conflict", moved, session, draft, 1, draft.moves("A", 12, source="D")).facts

    assert [(clash["grid"], clash["version"]) for clash in facts["grids"]] == [(draft.grids["A"], 2)]


def test_a_grid_that_somebody_renamed_is_not_given_up_unseen(session, draft):
    save(session, draft.plan, 1, Wanted("change", changes={draft.grids["A"]: {"name": (None, "北片")}}))

    facts = refused_as(
        "edit_conflict", moved, session, draft, 1, draft.moves("B", 0, 1, 6, 7, source="A")
    ).facts

    assert [(clash["attribute"], clash["now"]) for clash in facts["grids"]] == [("name", "北片")]


# --- Going back ------------------------------------------------------------------------------------------


def edits_of_all_kinds(session, draft):
    person = given_coordinator(session, draft)
    moved(session, draft, 1, draft.moves("B", 1, source="A"))
    moved(session, draft, 2, draft.moves("D", 0, 6, 7, source="A"), kind="merge")
    moved(
        session,
        draft,
        3,
        draft.moves("new:1", 14, 15, source="D"),
        kind="divide",
        new={"new:1": {"name": "新"}},
    )
    change = {"name": (None, "东片"), "planned_id": (None, person), "kind": ("residential", "mixed")}
    save(session, draft.plan, 4, Wanted("change", changes={draft.grids["c"]: change}))
    return 5


def test_undo_brings_back_the_very_rows_and_outlines(session, draft):
    states = [stored(session, draft)]
    for version, act in enumerate(
        [
            lambda: moved(session, draft, 1, draft.moves("B", 1, source="A")),
            lambda: moved(session, draft, 2, draft.moves("D", 0, 6, 7, source="A"), kind="merge"),
            lambda: moved(
                session, draft, 3, draft.moves("new:1", 14, 15, source="D"), kind="divide", new={"new:1": {}}
            ),
        ],
        start=2,
    ):
        assert act().version == version
        states.append(stored(session, draft))

    for step in range(3):
        reverse(session, draft.plan, 4 + step, 4 - step)
        assert stored(session, draft) == states[2 - step]
    for step in range(3):
        reverse(session, draft.plan, 7 + step, 7 - step)
        assert stored(session, draft) == states[step + 1]
    assert plan_faults(session, draft.plan) == []


def test_an_edit_is_undone_beside_what_others_did_since(session, draft):
    moved(session, draft, 1, draft.moves("B", 1, source="A"))
    moved(session, draft, 2, draft.moves("c", 16, source="e"))
    reverse(session, draft.plan, 3, 2)

    assert as_drawn(session, draft) == "AABBccAABBccDDDDce"


def test_what_others_built_upon_is_not_undone_unseen(session, draft):
    saved = moved(session, draft, 1, draft.moves("new:1", 0, 1, source="A"), kind="divide", new={"new:1": {}})
    moved(session, draft, 2, draft.moves(saved.made["new:1"], 6, source="A"))

    facts = refused_as("edit_conflict", reverse, session, draft.plan, 3, 2).facts

    assert [(one["plot"], one["version"]) for one in facts["plots"]] == [(draft.plots[6], 3)]


def test_what_a_machine_made_is_not_undone_and_nothing_twice(session, draft):
    moved(session, draft, 1, draft.moves("B", 1, source="A"))
    refused_as("edit_not_undoable", reverse, session, draft.plan, 2, 1)
    reverse(session, draft.plan, 2, 2)

    facts = refused_as("edit_undone_already", reverse, session, draft.plan, 3, 2).facts

    assert facts["by"] == 3
    assert refused_as("not_found", reverse, session, draft.plan, 3, 9).facts == {}


def test_a_plan_goes_back_to_any_version_and_forth_again(session, draft):
    first = stored(session, draft)
    last = edits_of_all_kinds(session, draft)
    now = stored(session, draft)
    restore(session, draft.plan, last, 1)
    assert stored(session, draft) == first

    restore(session, draft.plan, last + 1, last)

    assert stored(session, draft) == now
    refused_as("plan_changed", restore, session, draft.plan, last, 1)
    refused_as("edit_empty", restore, session, draft.plan, last + 2, last)


def test_a_state_of_the_past_is_told(session, draft):
    before = edit_history.state(session, draft.plan, 1)
    last = edits_of_all_kinds(session, draft)

    assert edit_history.state(session, draft.plan, 1) == {**before, "version": 1}
    told = edit_history.state(session, draft.plan, 3)
    assert [one["code"] for one in told["grids"]] == [draft.codes[letter] for letter in "BDce"]
    now = edit_history.state(session, draft.plan, last)["grids"]
    assert {one["id"]: one["plots"] for one in now} == {
        one["id"]: one["plots"] for one in edit_history.assignment(session, draft.plan)["grids"]
    }


def test_history_tells_who_undid_what_and_which_grids_it_was_about(session, draft):
    edits_of_all_kinds(session, draft)
    reverse(session, draft.plan, 5, 5)

    told = {one["version"]: one for one in edit_history.edits(session, draft.plan)}

    assert (told[5]["undone_by"], told[6]["undoes"]) == (6, 5)
    assert (told[3]["plots"], told[3]["households"]) == (3, 225)
    assert told[3]["grids"] == [draft.codes["A"], draft.codes["D"]]
    assert [one["version"] for one in edit_history.edits(session, draft.plan, after=4)] == [6, 5]


def test_micro_grids_of_a_grid_that_changes_are_dropped(session, draft):
    for letter in "AD":
        session.execute(
            text(
                "WITH made AS (INSERT INTO micro_grid (plan_id, grid_id, number, outline, households,"
                " buildings, area_m2) SELECT plan_id, id, 1, outline, households, buildings, area_m2"
                " FROM grid WHERE id = :g RETURNING id)"
                " UPDATE grid_plot SET micro_grid_id = made.id FROM made"
                " WHERE grid_id = :g"
            ),
            {"g": draft.grids[letter]},
        )
    moved(session, draft, 1, draft.moves("B", 1, source="A"))

    left = session.scalars(text("SELECT grid_id FROM micro_grid WHERE plan_id = :p"), {"p": draft.plan}).all()
    assert left == [draft.grids["D"]]


def test_the_edit_says_all_that_it_takes_to_go_back(session, draft):
    moved(session, draft, 1, draft.moves("B", 0, 1, 6, 7, source="A"), kind="merge", note="合并")

    edit = session.query(Edit).filter_by(plan_id=draft.plan, version=2).one()
    gone = edit.grids[str(draft.grids["A"])]
    assert (edit.kind, edit.note, edit.base_version) == ("merge", "合并", 1)
    assert gone["now"] is None
    assert gone["was"]["code"] == draft.codes["A"]


# --- Imports and locks -----------------------------------------------------------------------------------


def test_what_a_draft_was_before_an_import_is_told_but_not_brought_back(session):
    given_town(session)
    plan = given_draft(session)
    before = edit_history.state(session, plan, 1)
    store_district(session, without(small_town(), "B31"), DISTRICT)

    assert edit_history.state(session, plan, 1) == before
    assert edit_history.state(session, plan, 2)["ground"] != before["ground"]
    assert edit_history.grounds(session, plan) == {
        before["ground"],
        edit_history.state(session, plan, 2)["ground"],
    }
    refused_as("edit_not_undoable", restore, session, plan, 2, 1)


def test_all_grids_are_locked_and_unlocked(session, draft):
    assert locks.lock_all(session, "140496", plan_id=draft.plan) == 5
    refused_as("grid_is_locked", moved, session, draft, 1, draft.moves("B", 1, source="A"))
    assert locks.lock_all(session, "140496", plan_id=draft.plan) == 5
    assert locks.unlock_all(session, "140496") == 5
    refused_as("no_plan_in_force", locks.lock_all, session, "140496")
    refused_as("plan_elsewhere", locks.lock_all, session, "140496001001", plan_id=draft.plan)

    moved(session, draft, 1, draft.moves("B", 1, source="A"))
