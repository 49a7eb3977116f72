"""A grid drawn along an exact border, as one edit: open plots are cut along what was drawn, never a building,
and the ground within becomes the grid. Tried first, it is done, measured and taken back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo import editing
from app.geo.crs import to_lonlat
from app.geo.plots import IntArray
from app.models import Plan
from app.services.cuts import CutGround, cut_ground, plan_to_cut
from app.services.edit_history import PIECES
from app.services.editing import Saved, Wanted, save
from app.services.operations import (
    Planned,
    draft_at,
    drawn_polygon,
    grids_under,
    in_metres,
    neighbours_of,
    new_grid,
    read_scene,
    told_outcome,
    told_refusal,
)
from app.services.residents_moved import Residents, untold

NEW = "new:1"


def draw_exactly(
    session: Session, plan_id: int, base: int, asked: Mapping[str, Any], actor_id: int | None = None
) -> Saved:
    """Cut the open plots under the border of a polygon, and make the ground within a new grid.

    asked: `polygon`, as GeoJSON; `kind`, `name`, `note`. What the new grid tears off others goes to their
    neighbours, as when plots are drawn by majority. Where the border runs between plots already, none is cut.
    Refused as `editing.save` says, with `drawn_malformed`, `cut_too_long`, `building_in_the_way`,
    `plots_do_not_match`, `drawn_holds_no_plot`, `drawn_across_communities` and `drawn_in_pieces`.
    """
    drawn = drawn_polygon(asked["polygon"])
    plan = plan_to_cut(session, plan_id, base)
    done = _done(session, plan, drawn, asked)
    told = {"exact": True, "polygon": asked["polygon"], **new_grid(asked)}
    ground = None
    if done.cut is not None:
        ground = done.cut.tessellation_id
        told |= {PIECES: {str(piece): plot for piece, plot in done.cut.origin.items()}}
    return save(
        session,
        *(plan_id, base),
        Wanted(
            *("draw", done.moves()),
            new={NEW: new_grid(asked)},
            note=asked.get("note"),
            parameters=told,
            ground=ground,
        ),
        actor_id,
    )


def rehearse(
    session: Session,
    plan_id: int,
    version: int,
    asked: Mapping[str, Any],
    residents: Residents = untold,
) -> dict[str, Any]:
    """What drawing exactly would come to, as `operate` tells it; nothing stays of it.

    `moves` are none, for the plots it is made of are not there yet: it is done by asking for the same with
    `draw_exactly`. residents: counts those on plots. Besides, `cuts` (how many plots are cut) and `outline`
    (of the new grid, as GeoJSON).
    """
    drawn = drawn_polygon(asked["polygon"])
    draft_at(session, plan_id, version)
    trial = session.begin_nested()
    try:
        plan = plan_to_cut(session, plan_id, version)
        return _told(plan.version, asked, residents, *_tried(session, plan, drawn, asked))
    finally:
        trial.rollback()


def _tried(
    session: Session, plan: Plan, drawn: shapely.Geometry, asked: Mapping[str, Any]
) -> tuple[Done | None, Refusal | None]:
    try:
        return _done(session, plan, drawn, asked, is_trial=True), None
    except Refusal as refused:
        return None, refused


def _told(
    version: int,
    asked: Mapping[str, Any],
    residents: Residents,
    done: Done | None,
    refused: Refusal | None,
) -> dict[str, Any]:
    act = {name: value for name, value in asked.items() if value is not None}
    said = {"version": version, "kind": "draw", "parameters": act}
    said |= {"moves": {}, "grids": {}, "after": [], "refusal": None}
    if refused is not None:
        return said | {"refusal": {"code": refused.code, "facts": dict(refused.facts)}}
    assert done is not None  # noqa: S101 (one of the two is there)
    told = told_outcome(replace(done.planned, residents=residents), done.after, act)
    return said | told | {"moves": {}, "cuts": done.cuts, "outline": done.outline}


@dataclass(frozen=True)
class Done:
    """A drawing worked out on the ground it needs: that of the plan, or one that was cut for it.

    after: number of each plot's grid, the new one having the number after those of the scene.
    """

    planned: Planned
    after: IntArray
    cut: CutGround | None

    @property
    def cuts(self) -> int:
        """How many plots are cut into pieces."""
        if self.cut is None:
            return 0
        _, counts = np.unique(list(self.cut.origin.values()), return_counts=True)
        return int((counts > 1).sum())

    @property
    def outline(self) -> dict[str, Any]:
        """Of the new grid, as GeoJSON."""
        scene = self.planned.scene
        own = scene.excerpt.polygons[self.after == scene.excerpt.count]
        whole = to_lonlat(np.array([shapely.union_all(own)], object), scene.crs)[0]
        return dict(shapely.geometry.mapping(whole))

    def moves(self) -> dict[int, tuple[int | None, int | str | None]]:
        """Plots that are no more leave their grid; pieces and plots come to the grid they are in now."""
        scene = self.planned.scene
        cut = {} if self.cut is None else self.cut.moves
        moves: dict[int, tuple[int | None, int | str | None]] = {**cut}
        for plot, was, now in zip(
            scene.ids.tolist(), scene.excerpt.grid.tolist(), self.after.tolist(), strict=True
        ):
            if plot in cut:
                moves[plot] = (None, scene.name(now))
            elif was != now:
                moves[plot] = (int(scene.grids[was].id), scene.name(now))
        return moves


def _done(
    session: Session,
    plan: Plan,
    drawn: shapely.Geometry,
    asked: Mapping[str, Any],
    *,
    is_trial: bool = False,
) -> Done:
    under = grids_under(session, plan, drawn)
    neighbours = neighbours_of(session, plan.id, under)
    cut = _cut(session, plan, drawn, [*under, *neighbours] if is_trial else None)
    changed = {} if cut is None else cut.moves
    ground = None if cut is None else cut.tessellation_id
    beside = {grid for pair in changed.values() for grid in pair if grid is not None}
    grids = [*under, *sorted(beside), *neighbours]
    scene = read_scene(session, plan, grids, ground, changed)
    plots = editing.plots_under(scene.excerpt.polygons, in_metres(drawn, scene.crs))
    planned = Planned(scene, lambda: editing.draw(scene.excerpt, plots), "draw", new_grid(asked))
    try:
        return Done(planned, planned.run(), cut)
    except Refusal as refused:
        told = told_refusal(session, planned, refused)
        raise Refusal(told["code"], **_on_this_ground(told["facts"], cut)) from None


def _cut(
    session: Session, plan: Plan, drawn: shapely.Geometry, within: Sequence[int] | None
) -> CutGround | None:
    """The ground cut along the border; None where that runs between plots already."""
    try:
        return cut_ground(session, plan, shapely.boundary(drawn), within=within)
    except Refusal as refused:
        if refused.code != "cut_cuts_nothing":
            raise
        return None


def _on_this_ground(facts: Mapping[str, Any], cut: CutGround | None) -> dict[str, Any]:
    """Facts that name plots which are there, for the cut ones are not once it is refused."""
    if cut is None or "plots" not in facts:
        return dict(facts)
    plots = sorted({cut.origin.get(plot, plot) for plot in facts["plots"]})
    return {**facts, "plots": plots} | ({"plot": plots[0]} if "plot" in facts else {})
