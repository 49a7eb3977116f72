"""Every way of editing a draft, at random, beside a model of it in plain Python; after each step an oracle.

The model knows a plan as a dictionary plot → grid and says beforehand what must be refused, and how. The
oracle reads the plan from the database: every plot in exactly one grid, every grid in one piece, every stored
outline the union of its plots, corner by corner, figures sums over plots. What undoing, redoing and going
back bring back is held against what was stored then, rows and bytes.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

import shapely
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.partition import same_ground
from app.services.bulk import shapes_of
from app.services.cuts import cut
from app.services.editing import Wanted, restore, reverse, save
from tests.services.drawn_drafts import Draft, given_drawn

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
ROUNDED_DEG2 = 1e-10  # corners of a cut lie on the lattice of a centimetre: a square metre along 80 m
KINDS = ("residential", "mixed", "mall", "park")
NUMBERS = st.integers(0, 10_000)
ACTS = ("move", "merge", "divide", "change", "cut", "undo", "go back")


@dataclass(frozen=True)
class Ground:
    """A version of plots. beside: plots that one can walk to; lines: over rivers too."""

    households: dict[int, int]
    community: dict[int, int]
    beside: dict[int, set[int]]
    lines: dict[int, set[int]]
    shapes: dict[int, Any]


@dataclass
class Model:
    """A plan in plain Python. past: grid of each plot, attributes and ground at each version."""

    ground: int
    grounds: dict[int, Ground]
    grid: dict[int, int]
    attributes: dict[int, dict[str, Any]]
    home: dict[int, int]
    version: int = 1
    edits: dict[int, dict[str, Any]] = field(default_factory=dict)
    past: dict[int, tuple[dict[int, int], dict[int, dict[str, Any]], int]] = field(default_factory=dict)

    def keep(self) -> None:
        attributes = {grid: dict(own) for grid, own in self.attributes.items()}
        self.past[self.version] = dict(self.grid), attributes, self.ground

    @property
    def beside(self) -> dict[int, set[int]]:
        return self.grounds[self.ground].beside

    @property
    def community(self) -> dict[int, int]:
        return self.grounds[self.ground].community

    def plots(self, grid: int) -> list[int]:
        return sorted(plot for plot, own in self.grid.items() if own == grid)

    def pieces(self, plots: Iterable[int], beside: dict[int, set[int]] | None = None) -> int:
        beside = beside or self.beside
        left, count = {*plots}, 0
        while left:
            count += 1
            reached = [left.pop()]
            while reached:
                near = beside[reached.pop()] & left
                left -= near
                reached += near
        return count

    def torn(self, after: dict[int, int], grids: Iterable[Any], ground: int | None = None) -> bool:
        """Whether one of these grids would be in more pieces than now; a new one, than one."""
        beside = self.grounds[ground or self.ground].beside
        for grid in grids:
            own = [plot for plot, of in after.items() if of == grid]
            before = self.plots(grid)
            if own and self.pieces(own, beside) > max(1, self.pieces(before) if before else 1):
                return True
        return False


class EditMachine(RuleBasedStateMachine):
    """Rules are acts of managers; each says whether the plan must take it."""

    engine: Engine
    counts: ClassVar[Counter[str]] = Counter()

    @initialize(town=st.sampled_from(TOWNS), seed=NUMBERS)
    def begin(self, town: str, seed: int) -> None:
        self.session = Session(self.engine)
        plots = sum(letter.isalpha() for letter in town)
        self.draft = given_drawn(self.session, town, " ".join(str((seed * k) % 7 * 13) for k in range(plots)))
        self.model = read_model(self.session, self.draft)
        self.model.keep()
        self.outlines: dict[bytes, bool] = {}
        self.stored = {1: self.oracle()}

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.rollback()
            self.session.close()

    # --- acts ---

    @rule(plot=NUMBERS, towards=NUMBERS, late=st.booleans())
    def move(self, plot: int, towards: int, late: bool) -> None:
        """A plot goes to a grid beside it, or to any."""
        own = self.a_plot(plot)
        near = sorted({self.model.grid[other] for other in self.model.beside[own]} - {self.model.grid[own]})
        target = self.choose(near or sorted(self.model.attributes), towards)
        self.try_moves("move", {own: (self.model.grid[own], target)}, late=late)

    @rule(plots=st.lists(NUMBERS, min_size=2, max_size=4), towards=NUMBERS)
    def sweep(self, plots: list[int], towards: int) -> None:
        """Several plots, of whatever grids, to one."""
        target = self.choose(sorted(self.model.attributes), towards)
        chosen = {self.a_plot(number) for number in plots}
        self.try_moves("move", {plot: (self.model.grid[plot], target) for plot in chosen})

    @rule(one=NUMBERS, other=NUMBERS)
    def merge(self, one: int, other: int) -> None:
        """All of a grid goes to one beside it."""
        source = self.choose(sorted(self.model.attributes), one)
        plots = self.model.plots(source)
        near = {self.model.grid[beside] for plot in plots for beside in self.model.beside[plot]}
        target = self.choose(sorted(near), other)
        self.try_moves("merge", dict.fromkeys(plots, (source, target)))

    @rule(first=NUMBERS, size=st.integers(1, 5), kind=st.sampled_from(KINDS))
    def divide(self, first: int, size: int, kind: str) -> None:
        """A connected part of a grid becomes one of its own."""
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

    @rule(
        which=NUMBERS,
        kind=st.sampled_from(KINDS),
        name=st.sampled_from((None, "北片", "南片")),
        number=NUMBERS,
    )
    def change(self, which: int, kind: str, name: str | None, number: int) -> None:
        """Name, kind and code of a grid."""
        grid = self.choose(sorted(self.model.attributes), which)
        own = self.model.attributes[grid]
        code = f"{own['code'][:12]}{number % 40 + 1:03d}"
        change = {"name": (own["name"], name), "kind": (own["kind"], kind), "code": (own["code"], code)}
        changed = {attribute: now for attribute, (was, now) in change.items() if was != now}
        taken = any(other["code"] == code for key, other in self.model.attributes.items() if key != grid)
        expected = "edit_empty" if not changed else "grid_code_taken" if taken else None
        wanted = Wanted("change", changes={grid: change})
        if self.act(
            "change", expected, lambda: save(self.session, self.draft.plan, self.model.version, wanted)
        ):
            own |= changed
            self.done({"grids": {grid: {name: (change[name][0], now) for name, now in changed.items()}}})

    @rule(which=NUMBERS, turn=st.floats(0, 3.1))
    def cut(self, which: int, turn: float) -> None:
        """A plot of open ground is cut through its middle; one with a house on its middle is not."""
        model, plot = self.model, self.a_plot(which)
        ground = model.grounds[model.ground]
        middle = shapely.centroid(shapely.from_wkb(bytes(ground.shapes[plot])))
        east, north = 0.002 * math.cos(turn), 0.002 * math.sin(turn)
        line = [[middle.x - east, middle.y - north], [middle.x + east, middle.y + north]]
        asked = {"plots": [plot], "line": line}
        expected = "building_in_the_way" if ground.households[plot] else None
        if not self.act("cut", expected, lambda: cut(self.session, self.draft.plan, model.version, asked)):
            return
        before, grid = model.ground, model.grid
        model.ground, found = read_ground(self.session, self.draft)
        model.grounds[model.ground] = found
        rows = self.session.execute(ROWS, {"plan": self.draft.plan})
        model.grid = {row.plot_id: row.grid_id for row in rows}
        gone, new = sorted({*grid} - {*model.grid}), sorted({*model.grid} - {*grid})
        assert plot in gone  # its neighbours get a corner more, which makes them other plots
        assert len(new) > len(gone)
        assert all(model.grid[one] == grid[one] for one in {*grid} & {*model.grid})
        old, parts = (
            shapes_of(ground.shapes[one] for one in gone),
            shapes_of(found.shapes[one] for one in new),
        )
        of = shapely.STRtree(old).query(shapely.point_on_surface(parts), predicate="within")[1]
        assert [model.grid[one] for one in new] == [grid[gone[k]] for k in of]
        other = shapely.symmetric_difference(shapely.union_all(old), shapely.union_all(parts))
        assert shapely.area(other) < ROUNDED_DEG2
        moves = {one: (grid[one], None) for one in gone} | {one: (None, model.grid[one]) for one in new}
        self.done({"moves": moves, "ground": (before, model.ground)})

    @rule(which=NUMBERS)
    def undo(self, which: int) -> None:
        """Any edit is undone, mostly one of the last; undoing an undo is redoing."""
        if not self.model.edits:
            return
        versions = sorted(self.model.edits)[-4:]
        version = self.choose(versions, which)
        edit = self.model.edits[version]
        later = [self.model.edits[v] for v in self.model.edits if v > version]
        if edit["undone"]:
            expected: str | None = "edit_undone_already"
        elif edit["ground"] and edit["ground"][1] != self.model.ground:
            expected = "edit_not_undoable"
        else:
            expected = self.clash(edit, later)
        plan, base = self.draft.plan, self.model.version
        if not self.act("undo", expected, lambda: reverse(self.session, plan, base, version)):
            return
        self.take_back(edit)
        self.done(turned(edit), undoes=version)
        if all(one["undone"] for one in later):
            self.same_as(version - 1)

    @rule(which=NUMBERS)
    def go_back(self, which: int) -> None:
        """To any version there ever was."""
        version = self.choose(sorted(self.model.past), which)
        then, attributes, ground = self.model.past[version]
        same = (then, attributes) == (self.model.grid, self.model.attributes)
        plan, base = self.draft.plan, self.model.version
        if not self.act(
            "go back", "edit_empty" if same else None, lambda: restore(self.session, plan, base, version)
        ):
            return
        before, known = self.model.grid, self.model.attributes
        self.model.grid = dict(then)
        self.model.attributes = {grid: dict(own) for grid, own in attributes.items()}
        moves = {
            plot: (before.get(plot), then.get(plot))
            for plot in {*before, *then}
            if before.get(plot) != then.get(plot)
        }
        grounds = (self.model.ground, ground) if ground != self.model.ground else None
        self.model.ground = ground
        changes = {
            grid: {name: (known[grid][name], own[name]) for name in own if known[grid][name] != own[name]}
            for grid, own in attributes.items()
            if grid in known
        }
        made = {grid: dict(own) for grid, own in attributes.items() if grid not in known}
        gone = {grid: dict(own) for grid, own in known.items() if grid not in attributes}
        grids = {grid: change for grid, change in changes.items() if change}
        self.done({"moves": moves, "grids": grids, "made": made, "gone": gone, "ground": grounds})
        self.same_as(version)

    # --- how they are judged ---

    def try_moves(
        self, kind: str, moves: dict[int, tuple[int, Any]], *, new: Any = None, late: bool = False
    ) -> None:
        """Save moves; the model says whether it must be refused. late: as who saw the version before."""
        model = self.model
        real = {plot: pair for plot, pair in moves.items() if pair[0] != pair[1]}
        after = dict(model.grid) | {plot: to for plot, (_, to) in real.items()}
        home = dict(model.home)
        for plot, (_, to) in real.items():
            home.setdefault(to, model.community[plot])
        expected = None
        if not real:
            expected = "edit_empty"
        elif any(home[to] != model.community[plot] for plot, (_, to) in real.items()):
            expected = "community_crossed"
        elif model.torn(after, {grid for pair in real.values() for grid in pair}):
            expected = "grid_in_pieces"
        base = model.version - 1 if late and model.version > 1 else model.version
        if late and expected is None and self.renamed_since(base, {*model.grid.values()} - {*after.values()}):
            expected = "edit_conflict"
        wanted = Wanted(kind, moves, new=new or {})
        saved = self.act(kind, expected, lambda: save(self.session, self.draft.plan, base, wanted))
        if not saved:
            return
        made = {}
        for name, grid in saved.made.items():
            after = {plot: grid if of == name else of for plot, of in after.items()}
            made[grid] = read_attributes(self.session, grid)
            model.attributes[grid], model.home[grid] = dict(made[grid]), home[name]
        gone = {
            grid: model.attributes.pop(grid) for grid in [*model.attributes] if grid not in after.values()
        }
        assert sorted(gone) == saved.gone
        numbered = {plot: (was, saved.made.get(to, to)) for plot, (was, to) in real.items()}
        model.grid = after
        self.done({"moves": numbered, "made": made, "gone": gone})

    def renamed_since(self, base: int, left: set[int]) -> bool:
        edits = [self.model.edits[version] for version in self.model.edits if version > base]
        return any(left & {*edit["grids"]} for edit in edits)

    def clash(self, edit: dict[str, Any], later: list[dict[str, Any]]) -> str | None:
        """Why an edit cannot be undone now."""
        model = self.model
        if any(model.grid.get(plot) != to for plot, (_, to) in edit["moves"].items()):
            return "edit_conflict"
        for grid, change in edit["grids"].items():
            if grid not in model.attributes:
                return "edit_conflict"
            if any(model.attributes[grid][name] != now for name, (_, now) in change.items()):
                return "edit_conflict"
        for grid, own in edit["made"].items():
            if model.attributes.get(grid) != own or {*model.plots(grid)} - {*edit["moves"]}:
                return "edit_conflict"
        sources = {of for of, _ in edit["moves"].values() if of is not None}
        if sources - {*model.attributes} - {*edit["gone"]}:
            return "edit_conflict"
        codes = [
            own["code"]
            for grid, own in model.attributes.items()
            if grid not in edit["made"] and grid not in edit["grids"]
        ]
        coming = [own["code"] for own in edit["gone"].values()]
        coming += [change["code"][0] for change in edit["grids"].values() if "code" in change]
        if {*coming} & {*codes}:
            return "grid_code_taken"
        after = taken_back(model.grid, edit)
        touched = {grid for pair in edit["moves"].values() for grid in pair if grid is not None}
        about = touched | {*edit["grids"], *edit["made"], *edit["gone"]}
        others = {grid for one in later for grid in about_of(one)}
        ground = edit["ground"][0] if edit["ground"] else None
        if about & others and model.torn(after, touched, ground):
            return "grid_in_pieces"
        return None

    def take_back(self, edit: dict[str, Any]) -> None:
        model = self.model
        model.grid = taken_back(model.grid, edit)
        if edit["ground"]:
            model.ground = edit["ground"][0]
        for grid, own in edit["gone"].items():
            model.attributes[grid] = dict(own)
        for grid, change in edit["grids"].items():
            model.attributes[grid] |= {name: was for name, (was, _) in change.items()}
        for grid in [*model.attributes]:
            if grid not in model.grid.values():
                del model.attributes[grid]

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

    def done(self, edit: dict[str, Any], undoes: int | None = None) -> None:
        """Something was saved: count it, remember it, and ask the oracle."""
        model = self.model
        model.version += 1
        known = {"moves": {}, "grids": {}, "made": {}, "gone": {}, "ground": None}
        known |= {"undone": False, "undoes": undoes}
        model.edits[model.version] = known | edit
        undone = True
        while undoes is not None:  # what an undo had undone is done again, what that had undone is not
            model.edits[undoes]["undone"], undone = undone, not undone
            undoes = model.edits[undoes]["undoes"]
        model.keep()
        self.stored[model.version] = self.oracle()

    def same_as(self, version: int) -> None:
        """What is stored now is what was stored then, row for row and byte for byte."""
        assert self.stored[self.model.version] == self.stored[version]

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
        for row in grids:
            plots = model.plots(row.id)
            assert model.pieces(plots) == 1, f"grid {row.code} is in pieces"
            assert {name: getattr(row, name) for name in ("code", "name", "kind")} == model.attributes[row.id]
            counts = model.grounds[model.ground].households
            assert row.households == sum(counts[plot] for plot in plots)
            assert row.buildings == sum(counts[plot] > 0 for plot in plots)
            assert {*row.measures["neighbours"]} == self.neighbours(row.id)
            key = repr(plots).encode() + bytes(row.outline)
            if key not in self.outlines:
                ground = shapes_of(model.grounds[model.ground].shapes[plot] for plot in plots)
                union = shapely.coverage_union_all(ground)
                assert same_ground(shapes_of([row.outline]), [union])[0], f"outline of {row.code}"
                self.outlines[key] = True
        kept = (*("id", "code", "name", "kind", "planned_id", "community_id"), "households", "area_m2")
        return (
            tuple(tuple(row) for row in rows),
            tuple((*(getattr(row, name) for name in kept), bytes(row.outline)) for row in grids),
        )

    def neighbours(self, grid: int) -> set[str]:
        """Codes of the grids that share a line with one, over a river too."""
        beside = {other for plot in self.model.plots(grid) for other in self.lines[plot]}
        return {self.model.attributes[self.model.grid[plot]]["code"] for plot in beside} - {
            self.model.attributes[grid]["code"]
        }

    @property
    def lines(self) -> dict[int, set[int]]:
        return self.model.grounds[self.model.ground].lines

    def a_plot(self, number: int) -> int:
        return self.choose(sorted(self.model.grid), number)

    def choose(self, among: list[int], number: int) -> int:
        return among[number % len(among)]


def about_of(edit: dict[str, Any]) -> set[int]:
    moved = {grid for pair in edit["moves"].values() for grid in pair if grid is not None}
    return moved | {*edit["grids"], *edit["made"], *edit["gone"]}


def turned(edit: dict[str, Any]) -> dict[str, Any]:
    """What takes an edit back."""
    return {
        "moves": {plot: (to, was) for plot, (was, to) in edit["moves"].items()},
        "grids": {
            grid: {name: (now, was) for name, (was, now) in change.items()}
            for grid, change in edit["grids"].items()
        },
        "made": edit["gone"],
        "gone": edit["made"],
        "ground": edit["ground"] and edit["ground"][::-1],
    }


def taken_back(grid: dict[int, int], edit: dict[str, Any]) -> dict[int, int]:
    """Grid of each plot without an edit."""
    then = {**grid, **{plot: was for plot, (was, _) in edit["moves"].items()}}
    return {plot: of for plot, of in then.items() if of is not None}


def read_model(session: Session, draft: Draft) -> Model:
    facts = {"plan": draft.plan}
    grid = {row.plot_id: row.grid_id for row in session.execute(ROWS, facts)}
    ground, read = read_ground(session, draft)
    attributes = {own: read_attributes(session, own) for own in {*grid.values()}}
    home = {own: read.community[plot] for plot, own in grid.items()}
    return Model(ground, {ground: read}, grid, attributes, home)


def read_ground(session: Session, draft: Draft) -> tuple[int, Ground]:
    """The version of plots that a draft lies on, by its id."""
    facts = {"plan": draft.plan}
    counts = session.execute(COUNTS, facts).all()
    lines: dict[int, set[int]] = {row.plot_id: set() for row in counts}
    beside: dict[int, set[int]] = {row.plot_id: set() for row in counts}
    for row in session.execute(LINES, facts):
        for found in (lines,) if row.wall else (lines, beside):
            found[row.plot_id].add(row.neighbour_id)
            found[row.neighbour_id].add(row.plot_id)
    return counts[0].tessellation_id, Ground(
        {row.plot_id: row.households for row in counts},
        {row.plot_id: row.community_id for row in counts},
        beside,
        lines,
        {row.id: row.geometry for row in session.execute(GROUND, facts)},
    )


def read_attributes(session: Session, grid: int) -> dict[str, Any]:
    row = session.execute(text("SELECT code, name, kind FROM grid WHERE id = :id"), {"id": grid}).one()
    return dict(row._mapping)


ROWS = text("""
    SELECT plot_id, grid_id, tessellation_id, community_id FROM grid_plot
    WHERE plan_id = :plan ORDER BY plot_id
""")
GRIDS = text("""
    SELECT id, code, name, kind, planned_id, community_id, households, buildings, area_m2, measures,
        ST_AsEWKB(outline) AS outline
    FROM grid WHERE plan_id = :plan ORDER BY id
""")
VERSION = text("SELECT version FROM plan WHERE id = :plan")
COUNTS = text("""
    SELECT grid_plot.plot_id, grid_plot.community_id, tessellation_id, households
    FROM grid_plot JOIN tessellation_plot USING (tessellation_id, plot_id) WHERE plan_id = :plan
""")
LINES = text("""
    SELECT plot_id, neighbour_id, wall FROM plan JOIN plot_edge USING (tessellation_id) WHERE plan.id = :plan
""")
GROUND = text("""
    SELECT plot.id, ST_AsBinary(geometry) AS geometry FROM grid_plot JOIN plot ON plot.id = plot_id
    WHERE plan_id = :plan
""")
