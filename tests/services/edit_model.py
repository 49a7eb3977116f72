"""A draft in plain Python: the grid of each plot, what grids are, what is locked, what all that forbids."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.services.bulk import shapes_of
from tests.services.drawn_drafts import Draft

ATTRIBUTES = ("code", "name", "kind", "planned_id", "own_lock")
ROUNDED_DEG2 = 1e-10  # corners of a cut lie on the lattice of a centimetre: a square metre along 80 m

Attributes = dict[int, dict[str, Any]]
Moves = Mapping[int, tuple[Any, Any]]


@dataclass(frozen=True)
class House:
    """A building: where it counts, its body, and who lives there."""

    point: Any
    body: Any
    households: int


@dataclass(frozen=True)
class Ground:
    """A version of plots.

    beside: plots that one can walk to; lines: over rivers too. standing: {house: plot}.
    """

    households: dict[int, int]
    community: dict[int, int]
    beside: dict[int, set[int]]
    lines: dict[int, set[int]]
    shapes: dict[int, Any]
    standing: dict[int, int]

    def union(self, plots: Iterable[int]) -> Any:
        return shapely.union_all([self.shapes[plot] for plot in plots])


@dataclass
class Model:
    """A plan in plain Python. past: grid of each plot, attributes and ground at each version.

    place_locks: codes of grids that the place has locked. held: houses that are locked. compounds: grounds by
    id. edits: what each version did: `moves` {plot: (from, to)}, `grids` {grid: {attribute: (was, now)}},
    `made` and `gone` with all attributes, `ground` (before, after) or None.
    """

    ground: int
    grounds: dict[int, Ground]
    grid: dict[int, int]
    attributes: Attributes
    home: dict[int, int]
    houses: dict[int, House]
    version: int = 1
    edits: dict[int, dict[str, Any]] = field(default_factory=dict)
    past: dict[int, tuple[dict[int, int], Attributes, int]] = field(default_factory=dict)
    place_locks: set[str] = field(default_factory=set)
    held: set[int] = field(default_factory=set)
    compounds: dict[int, Any] = field(default_factory=dict)

    # --- what is ---

    @property
    def here(self) -> Ground:
        return self.grounds[self.ground]

    @property
    def beside(self) -> dict[int, set[int]]:
        return self.here.beside

    @property
    def community(self) -> dict[int, int]:
        return self.here.community

    def plots(self, grid: int) -> list[int]:
        return sorted(plot for plot, own in self.grid.items() if own == grid)

    def households(self, grid: int) -> int:
        return sum(self.here.households[plot] for plot in self.plots(grid))

    def near(self, grid: int) -> set[int]:
        """Grids that one can walk to from a grid."""
        around = {self.grid[other] for plot in self.plots(grid) for other in self.beside[plot]}
        return around - {grid}

    def pieces(self, plots: Iterable[int], beside: dict[int, set[int]] | None = None) -> list[set[int]]:
        beside = beside or self.beside
        left, found = {*plots}, []
        while left:
            piece = {left.pop()}
            reached = [*piece]
            while reached:
                near = beside[reached.pop()] & left
                left -= near
                piece |= near
                reached += near
            found.append(piece)
        return found

    # --- what is forbidden ---

    def is_locked(self, grid: int) -> bool:
        own = self.attributes[grid]
        return own["code"] in self.place_locks if own["own_lock"] is None else bool(own["own_lock"])

    def stays_locked(self, grid: Any, changes: Moves, remade: Attributes) -> bool:
        """Whether a grid is locked before an edit and after it."""
        if grid not in self.attributes:
            known = remade.get(grid)
            return known is not None and known["own_lock"] is None and known["code"] in self.place_locks
        own = self.attributes[grid]
        after = changes.get(grid, {}).get("own_lock", (None, own["own_lock"]))[1]
        return self.is_locked(grid) and (own["code"] in self.place_locks if after is None else after)

    def shut(
        self,
        moves: Moves,
        changes: Moves | None = None,
        remade: Attributes | None = None,
        to: int | None = None,
    ) -> str | None:
        """What is locked forbids these moves. to: the version of plots after them."""
        changes, remade = changes or {}, remade or {}
        changing = {grid for pair in moves.values() if None not in pair for grid in pair}
        changing |= {grid for grid, change in changes.items() if "code" in change}
        recut = {grid for pair in moves.values() for grid in pair if grid is not None} - changing
        if any(self.stays_locked(grid, changes, remade) for grid in changing):
            return "grid_is_locked"
        after = self.grounds[to or self.ground]
        for grid in recut:
            if self.stays_locked(grid, changes, remade):
                gone = self.here.union(plot for plot, pair in moves.items() if pair[0] == grid)
                come = after.union(plot for plot, pair in moves.items() if pair[1] == grid)
                if shapely.area(shapely.symmetric_difference(gone, come)) > ROUNDED_DEG2:
                    return "grid_is_locked"
        for house in self.held:
            was, now = moves.get(self.here.standing[house], (None, None))
            if was is not None and (now or moves.get(after.standing[house], (None, None))[1]) != was:
                return "building_is_locked"
        return None

    def torn(self, after: dict[int, int], grids: Iterable[Any], ground: int | None = None) -> bool:
        """Whether one of these grids would be in more pieces than now; a new one, than one."""
        beside = self.grounds[ground or self.ground].beside
        for grid in grids:
            own = [plot for plot, of in after.items() if of == grid]
            before = self.plots(grid)
            if own and len(self.pieces(own, beside)) > max(1, len(self.pieces(before)) if before else 1):
                return True
        return False

    def moved(self, moves: Moves) -> dict[int, Any]:
        return {**self.grid, **{plot: to for plot, (_, to) in moves.items()}}

    def forbids(self, moves: Moves, base: int) -> str | None:
        """Why moves on the ground that is here are not taken from somebody who saw version `base`."""
        real = {plot: pair for plot, pair in moves.items() if pair[0] != pair[1]}
        if not real:
            return "edit_empty"
        targets = {to for _, to in real.values() if isinstance(to, int)}
        if any(self.grid.get(plot) != was for plot, (was, _) in real.items()) or targets - {*self.attributes}:
            return "edit_conflict"
        after = self.moved(real)
        left = {*self.grid.values()} - {*after.values()}
        if any(left & {*edit["grids"]} for version, edit in self.edits.items() if version > base):
            return "edit_conflict"  # somebody renamed what would be given up
        home = dict(self.home)
        for plot, (_, to) in real.items():
            home.setdefault(to, self.community[plot])
        if why := self.shut(real):
            return why
        if any(home[to] != self.community[plot] for plot, (_, to) in real.items()):
            return "community_crossed"
        return "grid_in_pieces" if self.torn(after, {one for pair in real.values() for one in pair}) else None

    def clash(self, edit: dict[str, Any], later: list[dict[str, Any]]) -> str | None:
        """Why an edit cannot be undone now."""
        if any(self.grid.get(plot) != to for plot, (_, to) in edit["moves"].items()):
            return "edit_conflict"
        for grid, change in edit["grids"].items():
            own = self.attributes.get(grid)
            if own is None or any(own[name] != now for name, (_, now) in change.items()):
                return "edit_conflict"
        if any(self.attributes.get(grid) != own for grid, own in edit["made"].items()):
            return "edit_conflict"
        sources = {was for was, _ in edit["moves"].values() if was is not None}
        if sources - {*self.attributes} - {*edit["gone"]}:
            return "edit_conflict"
        after = taken_back(self.grid, edit)
        if self._codes_taken(edit, after):
            return "grid_code_taken"
        if any({*self.plots(grid)} - {*edit["moves"]} for grid in edit["made"]):
            return "edit_conflict"  # others moved plots into what would be given up
        back = turned(edit)
        ground = edit["ground"][0] if edit["ground"] else None
        if why := self.shut(back["moves"], back["grids"], edit["gone"], ground):
            return why
        touched = {grid for pair in edit["moves"].values() for grid in pair if grid is not None}
        others = {grid for one in later for grid in about_of(one)}
        if about_of(edit) & others and self.torn(after, touched, ground):
            return "grid_in_pieces"
        return None

    def _codes_taken(self, edit: dict[str, Any], after: dict[int, int]) -> bool:
        renumbered = {grid: change["code"][0] for grid, change in edit["grids"].items() if "code" in change}
        coming = [own["code"] for own in edit["gone"].values()] + [*renumbered.values()]
        staying = {grid for grid in self.attributes if grid in after.values()} - {*renumbered}
        return bool({*coming} & {self.attributes[grid]["code"] for grid in staying - {*edit["gone"]}})

    # --- what was ---

    def keep(self) -> None:
        self.past[self.version] = dict(self.grid), copied(self.attributes), self.ground

    def give_up_empty(self) -> None:
        for grid in {*self.attributes} - {*self.grid.values()}:
            del self.attributes[grid]

    def take_back(self, edit: dict[str, Any]) -> None:
        self.grid = taken_back(self.grid, edit)
        self.ground = edit["ground"][0] if edit["ground"] else self.ground
        self.attributes |= copied(edit["gone"])
        for grid, change in edit["grids"].items():
            self.attributes[grid] |= {name: was for name, (was, _) in change.items()}
        self.give_up_empty()

    def remember(self, undoes: int | None, by_machine: bool) -> None:
        """A version was made: what it did is what is other than before."""
        edit = difference(self.past[self.version], (self.grid, self.attributes, self.ground))
        self.version += 1
        self.edits[self.version] = edit | {"undone": False, "undoes": undoes, "by_machine": by_machine}
        undone = True
        while undoes is not None:  # what an undo had undone is done again, what that had undone is not
            self.edits[undoes]["undone"], undone = undone, not undone
            undoes = self.edits[undoes]["undoes"]
        self.keep()

    def changed_hands(self) -> int:
        """Households whose house is in another grid since the last version."""
        (was, _, old), (now, _, new) = self.past[self.version - 1], self.past[self.version]
        before, after = self.grounds[old].standing, self.grounds[new].standing
        return sum(
            own.households for house, own in self.houses.items() if was[before[house]] != now[after[house]]
        )


def difference(before: tuple[Any, ...], after: tuple[Any, ...]) -> dict[str, Any]:
    """What leads from one state to another."""
    (was, known, old), (now, own, new) = before, after
    both = {*known} & {*own}
    changes = {
        grid: {
            name: (known[grid][name], own[grid][name])
            for name in ATTRIBUTES
            if known[grid][name] != own[grid][name]
        }
        for grid in both
    }
    return {
        "moves": {
            plot: (was.get(plot), now.get(plot)) for plot in {*was, *now} if was.get(plot) != now.get(plot)
        },
        "grids": {grid: change for grid, change in changes.items() if change},
        "made": copied({grid: own[grid] for grid in {*own} - both}),
        "gone": copied({grid: known[grid] for grid in {*known} - both}),
        "ground": (old, new) if old != new else None,
    }


def copied(attributes: Attributes) -> Attributes:
    return {grid: dict(own) for grid, own in attributes.items()}


def about_of(edit: dict[str, Any]) -> set[int]:
    moved = {grid for pair in edit["moves"].values() for grid in pair if grid is not None}
    return moved | {*edit["grids"], *edit["made"], *edit["gone"]}


def turned(edit: dict[str, Any]) -> dict[str, Any]:
    """Moves and changes that take an edit back."""
    return {
        "moves": {plot: (to, was) for plot, (was, to) in edit["moves"].items()},
        "grids": {
            grid: {name: (now, was) for name, (was, now) in change.items()}
            for grid, change in edit["grids"].items()
        },
    }


def taken_back(grid: dict[int, int], edit: dict[str, Any]) -> dict[int, int]:
    """Grid of each plot without an edit."""
    then = {**grid, **{plot: was for plot, (was, _) in edit["moves"].items()}}
    return {plot: of for plot, of in then.items() if of is not None}


# --- Reading -----------------------------------------------------------------------------------------------


def read_model(session: Session, draft: Draft) -> Model:
    houses = {
        row.id: House(shapely.from_wkb(bytes(row.point)), shapely.from_wkb(bytes(row.body)), row.households)
        for row in session.execute(HOUSES, {"place": draft.place})
    }
    ground, read = read_ground(session, draft, houses)
    grid = read_rows(session, draft)
    attributes = {own: read_attributes(session, own) for own in {*grid.values()}}
    home = {own: read.community[plot] for plot, own in grid.items()}
    return Model(ground, {ground: read}, grid, attributes, home, houses)


def read_rows(session: Session, draft: Draft) -> dict[int, int]:
    """The grid of each plot as it is stored."""
    return {row.plot_id: row.grid_id for row in session.execute(ROWS, {"plan": draft.plan})}


def read_ground(session: Session, draft: Draft, houses: Mapping[int, House]) -> tuple[int, Ground]:
    """The version of plots that a draft lies on, by its id; who lives on a plot lives in the houses on it."""
    facts = {"plan": draft.plan}
    counts = session.execute(COUNTS, facts).all()
    lines: dict[int, set[int]] = {row.plot_id: set() for row in counts}
    beside: dict[int, set[int]] = {row.plot_id: set() for row in counts}
    for row in session.execute(LINES, facts):
        for found in (lines,) if row.wall else (lines, beside):
            found[row.plot_id].add(row.neighbour_id)
            found[row.neighbour_id].add(row.plot_id)
    rows = session.execute(GROUND, facts).all()
    shapes = dict(zip([row.id for row in rows], shapes_of(row.geometry for row in rows), strict=True))
    standing = standing_on(shapes, houses)
    households = dict.fromkeys(shapes, 0)
    for house, plot in standing.items():
        households[plot] += houses[house].households
    assert {row.plot_id: row.households for row in counts} == households
    community = {row.plot_id: row.community_id for row in counts}
    return counts[0].tessellation_id, Ground(households, community, beside, lines, shapes, standing)


def standing_on(shapes: Mapping[int, Any], houses: Mapping[int, House]) -> dict[int, int]:
    """The plot each house stands on."""
    ids, names = [*shapes], [*houses]
    points = np.array([houses[house].point for house in names], object)
    found = shapely.STRtree([shapes[plot] for plot in ids]).query(points, predicate="intersects")
    return {names[house]: ids[plot] for house, plot in found.T.tolist()}


def read_attributes(session: Session, grid: int) -> dict[str, Any]:
    return dict(session.execute(OWN, {"id": grid}).one()._mapping)


def smallest_around(point: Any, compounds: Mapping[int, Any]) -> int | None:
    """The compound a house is of: the smallest it stands in."""
    around: Collection[int] = [one for one, ground in compounds.items() if shapely.intersects(ground, point)]
    return min(around, key=lambda one: (shapely.area(compounds[one]), one), default=None)


OWN = text(f"SELECT {', '.join(ATTRIBUTES)} FROM grid WHERE id = :id")  # noqa: S608 (constants)
ROWS = text("""
    SELECT plot_id, grid_id, tessellation_id, community_id FROM grid_plot
    WHERE plan_id = :plan ORDER BY plot_id
""")
HOUSES = text("""
    SELECT id, households, ST_AsBinary(position) AS point, ST_AsBinary(geometry) AS body
    FROM building WHERE place_id = :place ORDER BY id
""")
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
