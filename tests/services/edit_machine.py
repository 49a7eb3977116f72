"""Every way of editing a draft, at random, beside a model of it in plain Python; after each step an oracle.

The model (`edit_model`) knows a plan as a dictionary plot → grid and says beforehand what must be refused,
and how. What the engine chooses (a division, a repair, where torn-off ground goes) it judges afterwards: a
refusal has to be true, an answer has to be taken when it is sent. The oracle reads the plan from the
database: every plot in exactly one grid, every grid in one piece, every stored outline the union of its
plots, corner by corner, figures sums over plots. What undoing, redoing and going back bring back is held
against what was stored then, rows and bytes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import shapely
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.partition import same_ground
from app.models import Person, Plan
from app.models.plans import SPECIAL_KINDS
from app.services import compounds, locks
from app.services.bulk import shapes_of
from app.services.cuts import cut
from app.services.cuts import rehearse as rehearse_cut
from app.services.drafts import carry_draft
from app.services.edit_history import edits
from app.services.editing import Wanted, restore, reverse, save
from app.services.exact_drawing import draw_exactly, rehearse
from app.services.operations import operate
from tests.services.drawn_drafts import BAND, DISTRICT, given_coordinator, given_drawn
from tests.services.edit_model import (
    ATTRIBUTES,
    ROUNDED_DEG2,
    ROWS,
    read_attributes,
    read_ground,
    read_model,
    read_rows,
    smallest_around,
)

TOWNS = (
    """
    A A A B B B|c c c
    A A A B B B|c c c
    D D D~E E E|f f f
    D D D~E E E|f f f
    """,
    """
    A A B B C C
    A A B B C C
    D D D B E E
    D D E E E E
    """,
    """
    A A A A A
    A B B B A
    A B c B A
    A B B B A
    A A A A A
    """,
)
HAIR_DEG = 2e-6  # a line so far within a house (20 cm) runs through it
SCRAP_DEG2 = 6e-10  # a piece of about 6 m²: one that small may stay with its neighbour
KINDS = ("residential", "mixed", "mall", "park")
NUMBERS = st.integers(0, 10_000)
ACTS = (
    *(
        "move",
        "stale",
        "merge",
        "divide",
        "change",
        "assign",
        "lock",
        "lock all",
        "place lock",
        "building lock",
    ),
    *("cut", "draw exactly", "give", "join", "draw", "divide by line", "divide into", "follow street"),
    *("rebalance pair", "repair", "compound", "carry over", "undo", "redo", "go back"),
)


class EditMachine(RuleBasedStateMachine):
    """Rules are acts of managers; each says whether the plan must take it."""

    engine: Engine
    counts: ClassVar[Counter[str]] = Counter()

    @initialize(town=st.sampled_from(TOWNS), seed=NUMBERS)
    def begin(self, town: str, seed: int) -> None:
        self.session = Session(self.engine)
        plots = sum(letter.isalpha() for letter in town)
        self.draft = given_drawn(self.session, town, " ".join(str((seed * k) % 7 * 13) for k in range(plots)))
        self.streets = given_streets(self.session, self.draft.place)
        stranger = Person(account="zhao", name="Nobody's coordinator")
        self.session.add(stranger)
        self.session.flush()
        self.coordinators = [given_coordinator(self.session, self.draft, name) for name in ("liu", "wang")]
        self.stranger = stranger.id
        self.model = read_model(self.session, self.draft)
        self.model.keep()
        self.first_ground = self.model.ground
        self.outlines: dict[bytes, bool] = {}
        self.stored = {1: self.oracle()}

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.rollback()
            self.session.close()

    # --- moves by hand ---

    @rule(plot=NUMBERS, towards=NUMBERS, late=st.booleans())
    def move(self, plot: int, towards: int, late: bool) -> None:
        """A plot goes to a grid beside it, or to any."""
        own = self.a_plot(plot)
        near = sorted({self.model.grid[other] for other in self.model.beside[own]} - {self.model.grid[own]})
        target = self.choose(near or sorted(self.model.attributes), towards)
        self.try_moves("move", {own: (self.model.grid[own], target)}, back=late)

    @rule(plots=st.lists(NUMBERS, min_size=2, max_size=4), towards=NUMBERS)
    def sweep(self, plots: list[int], towards: int) -> None:
        """Several plots, of whatever grids, to one."""
        target = self.a_grid(towards)
        chosen = {self.a_plot(number) for number in plots}
        self.try_moves("move", {plot: (self.model.grid[plot], target) for plot in chosen})

    @rule(back=st.integers(1, 5), plot=NUMBERS, towards=NUMBERS)
    def stale(self, back: int, plot: int, towards: int) -> None:
        """Somebody who saw an earlier version moves a plot of it."""
        then = self.model.past[max(1, self.model.version - back)][0]
        own = self.choose(sorted(then), plot)
        target = self.choose(sorted({*then.values()}), towards)
        self.try_moves("move", {own: (then[own], target)}, back=back, name="stale")

    @rule(one=NUMBERS, other=NUMBERS)
    def merge(self, one: int, other: int) -> None:
        """All of a grid goes to one beside it."""
        source = self.a_grid(one)
        plots = self.model.plots(source)
        near = {self.model.grid[beside] for plot in plots for beside in self.model.beside[plot]}
        self.try_moves("merge", dict.fromkeys(plots, (source, self.choose(sorted(near), other))))

    @rule(first=NUMBERS, size=st.integers(1, 5), kind=st.sampled_from(KINDS))
    def divide(self, first: int, size: int, kind: str) -> None:
        """A connected part of a grid becomes one of its own, also a special one."""
        start = self.a_plot(first)
        part, source = [start], self.model.grid[start]
        while len(part) < size:
            near = sorted(
                {p for one in part for p in self.model.beside[one] if self.model.grid[p] == source} - {*part}
            )
            if not near:
                break
            part.append(near[0])
        self.try_moves("divide", dict.fromkeys(part, (source, "new:1")), new={"new:1": {"kind": kind}})

    # --- what grids are ---

    @rule(
        which=NUMBERS,
        kind=st.sampled_from(KINDS),
        name=st.sampled_from((None, "北片", "南片", " ", "长" * 81)),
        code=st.one_of(st.integers(1, 40).map("{:03d}".format), st.sampled_from(("0x1", "00000"))),
        lock=st.sampled_from(("as it is", None, False)),
    )
    def change(self, which: int, kind: str, name: str | None, code: str, lock: Any) -> None:
        """Name, kind (also of special grids) and code of a grid; one that is unlocked along with it, too."""
        grid = self.a_grid(which)
        own = self.model.attributes[grid]
        wanted = {"name": name, "kind": kind, "code": own["code"][:12] + code}
        self.try_change("change", {grid: wanted if lock == "as it is" else wanted | {"own_lock": lock}})

    @rule(which=NUMBERS, who=st.integers(0, 3))
    def assign(self, which: int, who: int) -> None:
        """A coordinator is planned for a grid, or nobody; one who is not of the place is not taken."""
        person = [None, *self.coordinators, self.stranger][who]
        self.try_change("assign", {self.a_grid(which): {"planned_id": person}})

    @rule(which=NUMBERS, word=st.sampled_from((True, True, False, None)))
    def lock(self, which: int, word: bool | None) -> None:
        """A draft's own word on a grid."""
        self.try_change("lock", {self.a_grid(which): {"own_lock": word}})

    @rule(word=st.sampled_from((True, False, None, None)))
    def lock_all(self, word: bool | None) -> None:
        """The same on all of them, in one edit."""
        self.try_change("lock all", {grid: {"own_lock": word} for grid in self.model.attributes})

    @rule(which=NUMBERS, what=st.sampled_from(("all", "one off", "none", "none", "one")))
    def place_lock(self, which: int, what: str) -> None:
        """The place's locks: of all grids of the draft, of one fewer, of none."""
        session, model = self.session, self.model
        code = self.choose([own["code"] for own in model.attributes.values()], which)
        if what == "all":
            count = self.act(
                "place lock", None, lambda: locks.lock_all(session, DISTRICT, plan_id=self.draft.plan)
            )
            assert count == len(model.attributes)
            model.place_locks |= {own["code"] for own in model.attributes.values()}
        elif what == "none":
            assert self.act("place lock", None, lambda: locks.unlock_all(session, DISTRICT)) == len(
                model.place_locks
            )
            model.place_locks.clear()
        elif what == "one":  # grids are locked by name in a plan in force only
            self.act("place lock", "locked_grid_unknown", lambda: locks.lock_grid(session, DISTRICT, code))
        else:
            listed = {one["code"]: one["id"] for one in locks.listed(session, DISTRICT)["grids"]}
            assert {*listed} == model.place_locks
            if listed:
                gone = self.choose(sorted(listed), which)
                self.act("place lock", None, lambda: locks.unlock(session, DISTRICT, listed[gone]))
                model.place_locks.discard(gone)
        self.nothing_moved()

    @rule(which=NUMBERS, on=st.booleans())
    def building_lock(self, which: int, on: bool) -> None:
        """A building is held in its grid, or freed."""
        model = self.model
        among = sorted({*model.houses} - model.held if on else model.held)
        if not among:
            return
        house = self.choose(among, which)
        if on:
            self.act("building lock", None, lambda: locks.lock_building(self.session, DISTRICT, house))
        else:
            listed = {
                one["building"]["id"]: one["id"] for one in locks.listed(self.session, DISTRICT)["buildings"]
            }
            self.act("building lock", None, lambda: locks.unlock(self.session, DISTRICT, listed[house]))
        model.held ^= {house}
        self.nothing_moved()

    # --- ground ---

    @rule(which=NUMBERS, turn=st.floats(0, 3.1))
    def cut(self, which: int, turn: float) -> None:
        """A plot of open ground is cut through its middle, as foretold; where a house is in the way, not."""
        self.try_cut(which, turn, tried=True)

    def try_cut(self, which: int, turn: float, *, tried: bool) -> None:
        model, plot = self.model, self.a_plot(which)
        shape = model.here.shapes[plot]
        middle = shapely.centroid(shape)
        east, north = 0.002 * math.cos(turn), 0.002 * math.sin(turn)
        corners = [[middle.x - east, middle.y - north], [middle.x + east, middle.y + north]]
        line = shapely.LineString(corners)
        within = shapely.intersection(line, shape)

        def is_true(code: str, _: Any) -> bool:
            if code == "cut_cuts_nothing":
                parts = shapely.get_parts(
                    shapely.polygonize([shapely.node(shapely.union(line, shape.boundary))])
                )
                inside = parts[shapely.intersects(shape, shapely.point_on_surface(parts))]
                return len(inside) < 2 or min(shapely.area(inside)) < SCRAP_DEG2
            return code == "building_in_the_way" and self.through_a_house(within, 0.0)

        asked = {"do": "cut", "plots": [plot], "line": corners}
        refused_before = Counter(self.counts)
        foretold = None
        if tried:
            foretold = rehearse_cut(self.session, self.draft.plan, model.version, asked)
            self.nothing_moved()
        saved = self.judge("cut", is_true, lambda: cut(self.session, self.draft.plan, model.version, asked))
        if foretold is not None:
            said = foretold["refusal"] and foretold["refusal"]["code"]
            assert (said is None) == (saved is not None), said
            assert said is None or self.counts[said] == refused_before[said] + 1
        if saved is None:
            return
        assert not self.through_a_house(within, HAIR_DEG)
        grid = model.grid
        gone, of = self.on_new_ground()
        assert plot in gone  # its neighbours get a corner more, which makes them other plots
        assert all(model.grid[one] == grid[one] for one in {*grid} & {*model.grid})
        assert all(model.grid[one] == grid[former] for one, former in of.items())
        if foretold is not None:
            parts = [one for one, former in of.items() if former == plot]
            self.cut_as_foretold(foretold, plot, parts, within)
        self.done()

    def cut_as_foretold(self, foretold: Any, plot: int, parts: list[int], within: Any) -> None:
        """The pieces have the areas that were told, and the line shown runs within the plot."""
        areas = sorted(self.session.scalars(AREAS, {"plots": parts}), reverse=True)
        (told,) = foretold["pieces"]
        assert (foretold["cuts"], foretold["moves"], told["plot"]) == (1, {}, plot)
        assert told["areas_m2"] == [round(area, 1) for area in areas]
        shown = shapely.geometry.shape(foretold["outline"])
        assert shapely.hausdorff_distance(shown, within) < HAIR_DEG

    @rule(
        one=NUMBERS,
        other=NUMBERS,
        aside=st.tuples(*[st.floats(-0.28, 0.28)] * 4),
        kind=st.sampled_from(KINDS),
        tried=st.booleans(),
    )
    def draw_exactly(self, one: int, other: int, aside: Any, kind: str, tried: bool) -> None:
        """A grid along an exact border, cutting open ground, no house; tried before, it is as foretold."""
        model, plan = self.model, self.draft.plan
        drawn = self.around(one, other, aside)
        asked = {"polygon": shapely.geometry.mapping(drawn), "kind": kind, "name": None}
        border = shapely.boundary(drawn)
        foretold = None
        if tried:
            foretold = rehearse(self.session, plan, model.version, asked)
            self.nothing_moved()

        def is_true(code: str, facts: Any) -> bool:
            if code == "building_in_the_way":
                return self.through_a_house(border, 0.0)
            if code in ("drawn_across_communities", "drawn_in_pieces", "drawn_holds_no_plot"):
                return True if code == "drawn_in_pieces" else self.drawn_is_bad(code, drawn)
            return self.is_true(code, facts)

        def do() -> Any:
            trial = self.session.begin_nested()
            try:
                saved = draw_exactly(self.session, plan, model.version, asked)
            except Refusal:
                trial.rollback()
                raise
            trial.commit()
            return saved

        saved = self.judge("draw exactly", is_true, do)
        if foretold is not None:
            assert (foretold["refusal"] is None) == (saved is not None)
        if saved is None:
            return
        assert not self.through_a_house(border, HAIR_DEG)
        before, (new,) = dict(model.grid), saved.made.values()
        former = {plot: plot for plot in before} | self.on_new_ground()[1]
        origin = {plot: before[former[plot]] for plot in model.grid}
        model.attributes[new] = read_attributes(self.session, new)
        assert (model.attributes[new]["kind"], model.attributes[new]["name"]) == (kind, None)
        model.home[new] = model.community[model.plots(new)[0]]
        model.give_up_empty()
        self.drawn_well(drawn, new, origin)
        self.done()
        if foretold is not None:
            told = {str(row["grid"]): row["households_after"] for row in foretold["after"] if not row["gone"]}
            told = {new if grid == "new:1" else int(grid): count for grid, count in told.items()}
            assert told == {grid: model.households(grid) for grid in told}

    @rule(
        which=NUMBERS,
        size=st.integers(1, 3),
        act=st.sampled_from(("draw", "draw", "change", "remove", "bow")),
    )
    def compound(self, which: int, size: int, act: str) -> None:
        """A rental compound is drawn, changed or taken off: its houses are of the smallest they stand in."""
        model, session = self.model, self.session
        ground = model.here.union(self.a_plot(which + k) for k in range(size)).envelope
        polygon = shapely.geometry.mapping(ground)
        known = sorted(model.compounds)
        if act in ("change", "remove") and not known:
            return
        if act == "bow":
            (west, south, east, north) = ground.bounds
            bow = [[west, south], [east, north], [east, south], [west, north], [west, south]]
            twisted = {"type": "Polygon", "coordinates": [bow]}
            self.act(
                "compound",
                "compound_malformed",
                lambda: compounds.draw(session, DISTRICT, "租", compounds.RENTAL, twisted),
            )
        elif act == "draw" and len(known) < 4:
            made = self.act(
                "compound",
                None,
                lambda: compounds.draw(session, DISTRICT, "出租大院", compounds.RENTAL, polygon),
            )
            model.compounds[made["id"]] = ground
        elif act == "change":
            one = self.choose(known, which)
            wanted = {"name": "大院", "polygon": polygon}
            self.act("compound", None, lambda: compounds.change(session, DISTRICT, one, wanted))
            model.compounds[one] = ground
        elif known:
            one = self.choose(known, which)
            self.act("compound", None, lambda: compounds.remove(session, DISTRICT, one))
            del model.compounds[one]
        of_house = {row.id: row.compound_id for row in session.execute(HOUSED, {"place": self.draft.place})}
        assert of_house == {
            house: smallest_around(own.point, model.compounds) for house, own in model.houses.items()
        }
        told = {one["id"]: one["households"] for one in compounds.listed(session, DISTRICT)}
        assert told == {
            one: sum(own.households for house, own in model.houses.items() if of_house[house] == one)
            for one in model.compounds
        }
        self.nothing_moved()

    @rule(which=NUMBERS, turn=st.floats(0, 3.1))
    def carry_over(self, which: int, turn: float) -> None:
        """The place's ground is imported anew: a draft that was cut goes to it, and nobody undoes that."""
        model = self.model
        if model.ground == self.first_ground:
            self.try_cut(which, turn, tried=False)
        if model.ground == self.first_ground:
            return
        self.act("carry over", None, self.carried)
        model.ground = self.first_ground
        model.grid = read_rows(self.session, self.draft)
        assert {*model.grid} == {*model.here.shapes}
        torn_off = {*model.grid.values()} - {*model.attributes}
        model.attributes = {grid: read_attributes(self.session, grid) for grid in {*model.grid.values()}}
        model.home |= {grid: model.community[plot] for plot, grid in model.grid.items()}
        for grid in torn_off:  # by ground that followed most of it: large enough to stand, or beside nobody
            beside = [other for other in model.near(grid) if model.home[other] == model.home[grid]]
            assert 2 * model.households(grid) >= BAND.least or not beside
        self.done(by_machine=True)

    def carried(self) -> Any:
        plan = self.session.get_one(Plan, self.draft.plan)
        return carry_draft(self.session, plan, self.first_ground, None)

    # --- operations, whose answers are edits ---

    @rule(plots=st.lists(NUMBERS, min_size=1, max_size=3), towards=NUMBERS)
    def give(self, plots: list[int], towards: int) -> None:
        """Plots are given to a grid: refused as the model says, else saved."""
        chosen, to = sorted({self.a_plot(number) for number in plots}), self.a_grid(towards)
        moves = {plot: (self.model.grid[plot], to) for plot in chosen}
        self.foretold("give", {"do": "give", "plots": chosen, "to": to}, moves)

    @rule(one=NUMBERS, other=NUMBERS)
    def join(self, one: int, other: int) -> None:
        """Two grids become one, wherever they lie."""
        into, source = self.a_grid(one), self.a_grid(other)
        if into != source:
            moves = dict.fromkeys(self.model.plots(source), (source, into))
            self.foretold("join", {"do": "merge", "grids": [into, source]}, moves)

    @rule(
        one=NUMBERS, other=NUMBERS, aside=st.tuples(*[st.floats(-0.7, 0.7)] * 4), kind=st.sampled_from(KINDS)
    )
    def draw(self, one: int, other: int, aside: Any, kind: str) -> None:
        """A grid of the plots that mostly lie in what is drawn."""
        drawn = self.around(one, other, aside)
        asked = {"do": "draw", "polygon": shapely.geometry.mapping(drawn), "kind": kind}

        def is_true(code: str, facts: Any) -> bool:
            return self.drawn_is_bad(code, drawn) if code.startswith("drawn_") else self.is_true(code, facts)

        before = dict(self.model.grid)
        if saved := self.proposed("draw", asked, is_true):
            (new,) = saved.made.values()
            self.drawn_well(drawn, new, before)

    @rule(which=NUMBERS, other=NUMBERS, turn=st.floats(0, 3.1))
    def divide_by_line(self, which: int, other: int, turn: float) -> None:
        """A grid is split by a line through one of its plots."""
        grid = self.a_grid(which)
        middle = shapely.centroid(self.model.here.shapes[self.choose(self.model.plots(grid), other)])
        east, north = 0.01 * math.cos(turn), 0.01 * math.sin(turn)
        line = [[middle.x - east, middle.y - north], [middle.x + east, middle.y + north]]
        self.parted("divide by line", {"do": "divide_by_line", "grid": grid, "line": line}, grid, 2)

    @rule(which=NUMBERS, parts=st.integers(2, 3))
    def divide_into(self, which: int, parts: int) -> None:
        """A grid is split into so many."""
        grid = self.a_grid(which)
        self.parted("divide into", {"do": "divide_into", "grid": grid, "parts": parts}, grid, parts)

    @rule(which=NUMBERS, other=NUMBERS, street=NUMBERS)
    def follow_street(self, which: int, other: int, street: int) -> None:
        """The border of two grids moves along a street."""
        self.between(
            "follow street",
            which,
            other,
            {"do": "follow_street", "street": self.choose(self.streets, street)},
        )

    @rule(which=NUMBERS, other=NUMBERS)
    def rebalance_pair(self, which: int, other: int) -> None:
        """Two grids are made even."""
        if pair := self.between("rebalance pair", which, other, {"do": "rebalance_pair"}):
            (one, two), before = pair
            now = abs(self.model.households(one) - self.model.households(two))
            assert now < abs(before[0] - before[1])

    @rule(which=NUMBERS, choice=NUMBERS)
    def repair(self, which: int, choice: int) -> None:
        """One of the proposals to repair a grid is taken: what was wrong with it gets less."""
        model, grid = self.model, self.a_grid(which)
        self.counts["repair"] += 1
        answer = operate(self.session, self.draft.plan, model.version, {"do": "repair", "grid": grid})
        if answer["refusal"]:
            code = answer["refusal"]["code"]
            assert self.is_true(code, answer["refusal"]["facts"], grid), code
            self.counts[code] += 1
            return
        assert self.beyond([grid]) > 0
        if not answer["proposals"]:
            self.counts["nothing to propose"] += 1
            return
        before = self.beyond([grid])
        told = answer["proposals"][choice % len(answer["proposals"])]
        saved = self.take(told)
        left = [one for one in (grid, *saved.made.values()) if one in model.attributes]
        assert self.beyond(left) < before
        self.counts["repaired"] += 1

    # --- going back ---

    @rule(which=NUMBERS)
    def undo(self, which: int) -> None:
        """Any edit is undone, mostly one of the last."""
        if self.model.edits:
            self.reversed("undo", self.choose(sorted(self.model.edits)[-4:], which))

    @rule()
    def redo(self) -> None:
        """The last undo is undone; where there was none, the last edit before."""
        edits = self.model.edits
        if edits and not any(edit["undoes"] for edit in edits.values()):
            self.reversed("undo", max(edits))
        undos = [version for version, edit in edits.items() if edit["undoes"] is not None]
        if undos:
            self.reversed("redo", undos[-1])

    def reversed(self, name: str, version: int) -> None:
        model = self.model
        edit = model.edits[version]
        later = [model.edits[v] for v in model.edits if v > version]
        if edit["by_machine"]:
            expected: str | None = "edit_not_undoable"
        elif edit["undone"]:
            expected = "edit_undone_already"
        elif edit["ground"] and edit["ground"][1] != model.ground:
            expected = "edit_not_undoable"
        else:
            expected = model.clash(edit, later)
        plan, base = self.draft.plan, model.version
        if not self.act(name, expected, lambda: reverse(self.session, plan, base, version)):
            return
        model.take_back(edit)
        self.done(undoes=version)
        if all(one["undone"] for one in later):
            self.same_as(version - 1)

    @rule(which=NUMBERS)
    def go_back(self, which: int) -> None:
        """To any version there ever was."""
        model = self.model
        version = self.choose(sorted(model.past), which)
        then, attributes, ground = model.past[version]
        way = {
            plot: (model.grid.get(plot), then.get(plot))
            for plot in {*model.grid, *then}
            if model.grid.get(plot) != then.get(plot)
        }
        changes = {
            grid: {name: (model.attributes[grid][name], own[name]) for name in ATTRIBUTES}
            for grid, own in attributes.items()
            if grid in model.attributes
        }
        changes = {
            grid: {name: pair for name, pair in change.items() if pair[0] != pair[1]}
            for grid, change in changes.items()
        }
        if any(edit["by_machine"] for since, edit in model.edits.items() if since > version):
            expected = "edit_not_undoable"
        elif (then, attributes) == (model.grid, model.attributes):
            expected = "edit_empty"
        else:
            remade = {grid: own for grid, own in attributes.items() if grid not in model.attributes}
            expected = model.shut(way, changes, remade, ground)
        plan, base = self.draft.plan, model.version
        if not self.act("go back", expected, lambda: restore(self.session, plan, base, version)):
            return
        model.grid, model.ground = dict(then), ground
        model.attributes = {grid: dict(own) for grid, own in attributes.items()}
        self.done()
        self.same_as(version)

    # --- how they are judged ---

    def try_moves(
        self, kind: str, moves: dict[int, Any], *, new: Any = None, back: int = 0, name: str | None = None
    ) -> Any:
        """Save moves; the model says whether it must be refused. back: versions its author has not seen."""
        base = max(1, self.model.version - back)
        expected = self.model.forbids(moves, base)
        wanted = Wanted(kind, moves, new=new or {})
        saved = self.act(name or kind, expected, lambda: save(self.session, self.draft.plan, base, wanted))
        if saved:
            self.moved(moves, saved)
        return saved

    def moved(self, moves: dict[int, Any], saved: Any) -> None:
        """Moves were saved: the model follows."""
        model = self.model
        known = {*model.attributes}
        model.grid = model.moved({plot: (was, saved.made.get(to, to)) for plot, (was, to) in moves.items()})
        for grid in saved.made.values():
            model.attributes[grid] = read_attributes(self.session, grid)
            model.home[grid] = model.community[model.plots(grid)[0]]
        model.give_up_empty()
        assert sorted(known - {*model.attributes}) == saved.gone
        self.done()

    def try_change(self, name: str, wanted: dict[int, dict[str, Any]]) -> None:
        """Change attributes of grids; the model says whether it must be refused."""
        model = self.model
        asked = {
            grid: {word: (model.attributes[grid][word], now) for word, now in own.items()}
            for grid, own in wanted.items()
        }
        changes = {
            grid: kept
            for grid, change in asked.items()
            if (kept := {word: pair for word, pair in change.items() if pair[0] != pair[1]})
        }
        expected = self.bad_change(changes) or model.shut({}, changes)
        if self.act(
            name,
            expected,
            lambda: save(self.session, self.draft.plan, model.version, Wanted("change", changes=asked)),
        ):
            for grid, change in changes.items():
                model.attributes[grid] |= {word: now for word, (_, now) in change.items()}
            self.done()

    def bad_change(self, changes: dict[int, Any]) -> str | None:
        """What is not fit to be stored."""
        if not changes:
            return "edit_empty"
        taken = {own["code"] for grid, own in self.model.attributes.items() if grid not in changes}
        new = [{word: now for word, (_, now) in change.items()} for change in changes.values()]
        if any(
            "name" in one and one["name"] is not None and not 0 < len(one["name"].strip()) <= 80
            for one in new
        ):
            return "grid_name_malformed"
        if any(one.get("planned_id") == self.stranger for one in new):
            return "coordinator_unknown"
        if any("code" in one and not (one["code"].isdigit() and len(one["code"]) <= 15) for one in new):
            return "grid_code_malformed"
        return "grid_code_taken" if any(one.get("code") in taken for one in new) else None

    def foretold(self, name: str, act: dict[str, Any], moves: dict[int, Any]) -> None:
        """An operation whose outcome the model knows."""
        expected = self.model.forbids(moves, self.model.version)
        self.counts[name] += 1
        answer = operate(self.session, self.draft.plan, self.model.version, act)
        refused = answer["refusal"] and answer["refusal"]["code"]
        said = "nothing_changes" if expected == "edit_empty" else expected
        assert refused == said, f"{name}: {refused}, expected {said}"
        if refused:
            self.counts[refused] += 1
            return
        real = {plot: pair for plot, pair in moves.items() if pair[0] != pair[1]}
        assert {int(plot): tuple(pair) for plot, pair in answer["moves"].items()} == real
        self.take(answer)

    def proposed(self, name: str, act: dict[str, Any], is_true: Callable[[str, Any], bool]) -> Any:
        """An operation whose outcome the engine chooses: refused for a reason that is true, else taken."""
        self.counts[name] += 1
        answer = operate(self.session, self.draft.plan, self.model.version, act)
        if answer["refusal"]:
            code = answer["refusal"]["code"]
            assert is_true(code, answer["refusal"]["facts"]), f"{name}: {answer['refusal']} is not true"
            self.counts[code] += 1
            return None
        return self.take(answer)

    def take(self, answer: dict[str, Any]) -> Any:
        """Send what an operation answers as an edit: it must be taken, and come to what was told."""
        model = self.model
        moves = {int(plot): (was, to) for plot, (was, to) in answer["moves"].items()}
        assert (why := model.forbids(moves, model.version)) is None, why
        moving = sum(model.here.households[plot] for plot in moves)
        assert answer["households_moved"] == moving
        wanted = Wanted(answer["kind"], moves, new=answer["grids"], parameters=answer["parameters"])
        saved = save(self.session, self.draft.plan, model.version, wanted)
        self.moved(moves, saved)
        for row in answer["after"]:
            grid = saved.made.get(row["grid"], row["grid"])
            assert row["gone"] == (grid not in model.attributes)
            assert row["gone"] or row["households_after"] == model.households(grid)
        return saved

    def parted(self, name: str, act: dict[str, Any], grid: int, parts: int) -> None:
        before = dict(self.model.grid)
        if saved := self.proposed(name, act, self.is_true):
            assert len(saved.made) == parts - 1
            changed = {plot for plot, own in self.model.grid.items() if before[plot] != own}
            assert {before[plot] for plot in changed} == {grid}
            assert {self.model.grid[plot] for plot in changed} == {*saved.made.values()}

    def between(self, name: str, which: int, other: int, act: dict[str, Any]) -> Any:
        """An operation on two grids, mostly neighbours, that changes no other: them, what they had."""
        model, one = self.model, self.a_grid(which)
        near = sorted(model.near(one)) or sorted({*model.attributes} - {one})
        if not near:
            return None
        pair = (one, self.choose(near, other))
        before, had = dict(model.grid), tuple(model.households(grid) for grid in pair)

        def is_true(code: str, facts: Any) -> bool:
            return pair[1] not in model.near(one) if code == "grids_apart" else self.is_true(code, facts)

        if self.proposed(name, act | {"grids": [*pair]}, is_true) is None:
            return None
        changed = {plot for plot, own in model.grid.items() if before[plot] != own}
        assert {grid for plot in changed for grid in (before[plot], model.grid[plot])} <= {*pair}
        return pair, had

    def is_true(self, code: str, facts: Any, grid: int | None = None) -> bool:
        """Whether what a refusal says is so."""
        model = self.model
        by_code = {own["code"]: one for one, own in model.attributes.items()}
        if code == "grid_is_locked":
            return model.is_locked(by_code[facts["grid"]])
        if code == "building_is_locked":
            return facts["plot"] in {model.here.standing[house] for house in model.held}
        if code in ("community_crossed", "drawn_across_communities"):
            return len({*model.community.values()}) > 1
        if code == "grid_in_pieces":
            return bool(facts["pieces"] > 1 and {*facts["plots"]} <= {*model.grid})
        if code == "nothing_to_repair" and grid is not None:
            return self.beyond([grid]) == 0
        if code == "parts_too_many":
            return bool(1 <= facts["most"] < facts["parts"])
        return code in ("line_divides_nothing", "street_not_between", "nothing_changes")

    def drawn_is_bad(self, code: str, drawn: Any) -> bool:
        """Whether the plots that mostly lie in what was drawn are none, of two communities, or in pieces."""
        mostly = [plot for plot, share in self.shares(drawn).items() if share > 0.5]
        perhaps = [plot for plot, share in self.shares(drawn).items() if share > 0.49]
        if code == "drawn_holds_no_plot":
            return not [plot for plot, share in self.shares(drawn).items() if share > 0.51]
        if code == "drawn_across_communities":
            return len({self.model.community[plot] for plot in self.shares(drawn)}) > 1
        return code == "drawn_in_pieces" and max(len(self.model.pieces(one)) for one in (mostly, perhaps)) > 1

    def drawn_well(self, drawn: Any, new: int, before: dict[int, int]) -> None:
        """Ground that lies in what was drawn is of the new grid. What that tears off a grid goes away whole,
        and something of each grid that is not all drawn over stays. before: the grid each plot was of."""
        model, shares = self.model, self.shares(drawn)
        inside = {plot for plot, share in shares.items() if share > 0.51}
        clear = all(not 0.49 < share <= 0.51 for share in shares.values())
        assert inside <= {*model.plots(new)}
        for grid in {*before.values()} if clear else ():
            left = {plot for plot, own in before.items() if own == grid} - inside
            pieces = model.pieces(left)
            homes = [{model.grid[plot] for plot in piece} for piece in pieces]
            assert all(len(home) == 1 for home in homes)
            assert not homes or {grid} in homes
        shut = {grid for grid in model.attributes if model.is_locked(grid)}
        assert all(model.grid[plot] == own for plot, own in before.items() if own in shut)

    def shares(self, drawn: Any) -> dict[int, float]:
        """How much of each plot lies in what was drawn, where any does."""
        found = {}
        for plot, shape in self.model.here.shapes.items():
            share = shapely.area(shapely.intersection(shape, drawn)) / shapely.area(shape)
            if share > 0:
                found[plot] = float(share)
        return found

    def beyond(self, grids: Iterable[int]) -> int:
        """Households by which grids miss the band, and pieces beyond the first."""
        model, sum_ = self.model, 0
        for grid in grids:
            sum_ += 1000 * (len(model.pieces(model.plots(grid))) - 1)
            if model.attributes[grid]["kind"] not in SPECIAL_KINDS:
                count = model.households(grid)
                sum_ += max(BAND.least - count, count - BAND.most, 0)
        return sum_

    def through_a_house(self, line: Any, hair: float) -> bool:
        bodies = [own.body for own in self.model.houses.values()]
        shrunk = shapely.buffer(bodies, -hair, join_style="mitre") if hair else bodies
        return bool(shapely.intersects(shrunk, line).any()) if bodies else False

    def around(self, one: int, other: int, aside: Any) -> Any:
        """A box around two plots, its sides moved by so many plots' sides."""
        shapes = self.model.here.shapes
        side = max(shape.bounds[2] - shape.bounds[0] for shape in shapes.values())
        pair = [shapes[self.a_plot(number)] for number in (one, other)]
        west, south, east, north = shapely.union_all(pair).bounds
        return shapely.box(
            *(west + aside[0] * side, south + aside[1] * side),
            *(max(east + aside[2] * side, west + side), max(north + aside[3] * side, south + side)),
        )

    def on_new_ground(self) -> tuple[list[int], dict[int, int]]:
        """The model goes to the plots as they are stored. Answers plots that are no more, and of each that is
        new the one it lay in; both cover the same ground."""
        model, grid, old = self.model, self.model.grid, self.model.here
        model.ground, found = read_ground(self.session, self.draft, model.houses)
        model.grounds[model.ground] = found
        model.grid = read_rows(self.session, self.draft)
        gone, new = sorted({*grid} - {*model.grid}), sorted({*model.grid} - {*grid})
        if not gone:
            return gone, {}
        assert len(new) > len(gone)
        parts = [found.shapes[one] for one in new]
        points = shapely.point_on_surface(parts)
        of = shapely.STRtree([old.shapes[one] for one in gone]).query(points, predicate="within")
        assert of[0].tolist() == [*range(len(new))]
        assert shapely.area(shapely.symmetric_difference(old.union(gone), found.union(new))) < ROUNDED_DEG2
        return gone, {new[k]: gone[at] for k, at in of.T.tolist()}

    def act(self, name: str, expected: str | None, do: Any) -> Any:
        """Do it; what the model expects and what happens must be the same."""
        self.counts[name] += 1
        try:
            found = do()
        except Refusal as refusal:
            assert refusal.code == expected, f"{name}: {refusal.code}, expected {expected}: {refusal.facts}"
            self.counts[refusal.code] += 1
            return None
        assert expected is None, f"{name} was taken, expected {expected}"
        return found

    def judge(self, name: str, is_true: Callable[[str, Any], bool], do: Any) -> Any:
        """Do it; where it is refused, what is said must be so."""
        self.counts[name] += 1
        try:
            return do()
        except Refusal as refusal:
            assert is_true(refusal.code, refusal.facts), (
                f"{name}: {refusal.code} is not true: {refusal.facts}"
            )
            self.counts[refusal.code] += 1
            return None

    def done(self, undoes: int | None = None, by_machine: bool = False) -> None:
        """Something was saved: remember it, and ask the oracle."""
        self.model.remember(undoes, by_machine)
        self.stored[self.model.version] = self.oracle()
        if not by_machine:
            told = edits(self.session, self.draft.plan, limit=1)[0]
            assert told["households"] == self.model.changed_hands(), told

    def same_as(self, version: int) -> None:
        """What is stored now is what was stored then, row for row and byte for byte."""
        assert self.stored[self.model.version] == self.stored[version]

    def nothing_moved(self) -> None:
        """An act that is no edit leaves the plan as it is stored."""
        assert self.oracle() == self.stored[self.model.version]

    def oracle(self) -> tuple[Any, ...]:
        """Examine all that is stored; answers rows and bytes, which undoing must bring back."""
        model = self.model
        facts = {"plan": self.draft.plan}
        rows = self.session.execute(ROWS, facts).all()
        assert {row.plot_id: row.grid_id for row in rows} == model.grid
        assert len(rows) == len(model.grid)
        grids = self.session.execute(GRIDS, facts).all()
        assert {row.id for row in grids} == {*model.grid.values()} == {*model.attributes}
        assert self.session.scalar(VERSION, facts) == model.version
        codes = {own["code"] for grid, own in model.attributes.items() if model.is_locked(grid)}
        assert locks.of_plan(self.session, self.draft.plan) == codes
        standing = Counter(model.here.standing.values())
        for row in grids:
            plots = model.plots(row.id)
            assert len(model.pieces(plots)) == 1, f"grid {row.code} is in pieces"
            assert {name: getattr(row, name) for name in ATTRIBUTES} == model.attributes[row.id]
            assert row.households == model.households(row.id)
            assert row.buildings == sum(standing[plot] for plot in plots)
            assert {*row.measures["neighbours"]} == self.neighbours(row.id)
            key = repr(plots).encode() + bytes(row.outline)
            if key not in self.outlines:
                union = shapely.coverage_union_all([model.here.shapes[plot] for plot in plots])
                assert same_ground(shapes_of([row.outline]), [union])[0], f"outline of {row.code}"
                self.outlines[key] = True
        kept = ("id", *ATTRIBUTES, "community_id", "households", "area_m2")
        return (
            tuple(tuple(row) for row in rows),
            tuple((*(getattr(row, name) for name in kept), bytes(row.outline)) for row in grids),
        )

    def neighbours(self, grid: int) -> set[str]:
        """Codes of the grids that share a line with one, over a river too."""
        lines = self.model.here.lines
        beside = {self.model.grid[other] for plot in self.model.plots(grid) for other in lines[plot]}
        return {self.model.attributes[other]["code"] for other in beside - {grid}}

    def a_plot(self, number: int) -> int:
        return self.choose(sorted(self.model.grid), number)

    def a_grid(self, number: int) -> int:
        return self.choose(sorted(self.model.attributes), number)

    def choose(self, among: list[Any], number: int) -> Any:
        return among[number % len(among)]


def given_streets(session: Session, place: int) -> list[int | str]:
    """Streets between the rows and columns of a drawn town, every other one named; how each is called."""
    bounds = [
        shapely.from_wkb(bytes(row.outline)).bounds for row in session.execute(PLOTS_OF, {"place": place})
    ]
    west, south, east, north = (min, min, max, max)
    ends = [find(box[k] for box in bounds) for k, find in enumerate((west, south, east, north))]
    xs = sorted({round(box[0], 5) for box in bounds})[1:]
    ys = sorted({round(box[1], 5) for box in bounds})[1:]
    across = [((x, ends[1]), (x, ends[3])) for x in xs] + [((ends[0], y), (ends[2], y)) for y in ys]
    called: list[int | str] = []
    for number, line in enumerate(across):
        name = f"第{number}路" if number % 2 else None
        asked = {"place": place, "name": name, "line": shapely.LineString(line).wkt}
        made = session.scalars(PAVE, asked).one()
        called.append(name or made)
    return called


VERSION = text("SELECT version FROM plan WHERE id = :plan")
AREAS = text("SELECT area_m2 FROM plot WHERE id = ANY(CAST(:plots AS bigint[]))")
HOUSED = text("SELECT id, compound_id FROM building WHERE place_id = :place")
GRIDS = text("""
    SELECT id, code, name, kind, planned_id, own_lock, community_id, households, buildings, area_m2, measures,
        ST_AsEWKB(outline) AS outline
    FROM grid WHERE plan_id = :plan ORDER BY id
""")
PLOTS_OF = text("""
    SELECT ST_AsBinary(plot.geometry) AS outline FROM tessellation
    JOIN tessellation_plot ON tessellation_id = tessellation.id JOIN plot ON plot.id = plot_id
    WHERE place_id = :place
""")
PAVE = text("""
    INSERT INTO street (place_id, kind, name, geometry)
    VALUES (:place, 'local', :name, ST_GeomFromText(:line, 4326)) RETURNING id
""")
