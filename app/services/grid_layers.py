"""A grid layer drawn elsewhere becomes a draft: each polygon snapped to plots, and told what that took.

Read in one transaction, snapped in none, written in another. A plot goes to the polygon that covers most of
it; what no polygon covers joins a neighbour; grids keep to communities and are one piece. Nothing is lost
silently: the report names every building a drawn line cuts, ground in no polygon or in two, grids torn and
polygons left without a plot.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.crs import UNSHIFT, Geometries, round_degrees, to_lonlat, to_metres
from app.geo.plots import Band, BoolArray, IntArray
from app.geo.readers import ImportReport, Limits, ReadOptions, read_drawn
from app.geo.snapping import Cut, Doubled, Laid, cut_buildings, lay, overlaps, together
from app.geo.split import why_out_of_band
from app.models import Edit, LayerReport, Place, Plan
from app.models.plans import GRID_KINDS, SPECIAL_KINDS
from app.services import rule_packs
from app.services.bulk import shapes_of
from app.services.drafts import in_one_piece
from app.services.naming import counted_as
from app.services.new_drafts import free_slot, new_draft
from app.services.plan_rows import Grids, grid_codes, measured, stems, write_grids
from app.services.plot_tables import StoredPlots, current
from app.services.rules import Size
from app.services.splitting import Prepared, kept_codes, prepare
from app.services.wishes import Asked, loads_of

MOST_FOUND = 200  # of one kind that a report lists; all are counted
NAME_CHARACTERS = 80
OWN_SHARE = 0.25  # of a polygon's ground: what lies in another community is a grid of its own from there on
UNCOVERED_SHARE = 0.02  # of a place's ground; where more lies in no polygon, a shifted datum is looked for
MUCH_BETTER = 0.25  # as little of what did not fit must be left to believe in another datum
TOLERANCE = 0.10
DIGITS = re.compile(r"[0-9]{1,15}", re.ASCII)
KIND_WORDS = {
    **{kind: kind for kind in GRID_KINDS},
    **dict.fromkeys(("居民", "居住", "住宅", "居民网格", "普通", "基础网格"), "residential"),
    **dict.fromkeys(("混合", "混合网格"), "mixed"),
    **dict.fromkeys(("商场", "商圈", "商务楼宇"), "mall"),
    **dict.fromkeys(("市场", "专业市场"), "market"),
    **dict.fromkeys(("园区", "公园", "景区", "工业园区", "产业园区"), "park"),
    **dict.fromkeys(("工地", "施工工地", "建筑工地", "building site"), "site"),
}


@dataclass(frozen=True)
class Drawn:
    """Polygons as they were read, lon/lat. rows: what each is called in messages. sha256: of the file."""

    file: str
    polygons: Geometries
    codes: list[str | None]
    names: list[str | None]
    kinds: list[str | None]
    rows: list[str]
    report: ImportReport
    datum: str = "wgs84"

    def called(self, number: int) -> str:
        """What a person knows a polygon by: its code, else its name, else its row."""
        return self.codes[number] or self.names[number] or self.rows[number]


@dataclass(frozen=True)
class Wanted:
    """What is wished of the draft. target, least, most: None for those of the plan in force, else the rules'.

    entrances: on plots where marked buildings are divided by their entrances.
    """

    target: int | None = None
    least: int | None = None
    most: int | None = None
    entrances: bool = False


@dataclass(frozen=True)
class LayerGround:
    """What a layer is laid over. weights: formula that the band is held against instead of households."""

    prepared: Prepared
    place: str
    band: Band
    weights: str | None
    community_names: Mapping[int, str]
    building_ids: IntArray
    building_codes: list[str]
    building_names: list[str | None]
    building_households: IntArray
    footprints: Geometries
    outline: shapely.Geometry

    @property
    def plots(self) -> StoredPlots:
        """The plots, in metres and degrees."""
        return self.prepared.plots


@dataclass(frozen=True)
class Snapped:
    """A layer on plots, ready to be written. source: polygon of each grid by number, -1 for none."""

    drawn: Drawn
    grid: IntArray
    grids: Grids
    codes: list[str]
    source: IntArray
    report: dict[str, Any]


def read_layer(path: Path, options: ReadOptions, limits: Limits, *, name: str | None = None) -> Drawn:
    """Read the polygons of a file in the readers' safe child; refused as its readers do.

    name: what the person called the file.
    """
    frame, rows, report = read_drawn(path, options, limits, name=name)
    datum = options.datums.get("grids") or options.datum
    columns = {field: [_words(value) for value in frame[field]] for field in ("code", "name", "kind")}
    return Drawn(
        name or path.name,
        np.asarray(frame.geometry.values, dtype=object),
        columns["code"],
        columns["name"],
        columns["kind"],
        rows,
        report,
        datum,
    )


def _words(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def read_ground(session: Session, place_code: str, wanted: Wanted) -> LayerGround:
    """Read the ground of a place; refused as `splitting.prepare` says, and with `band_malformed`."""
    asked = Asked(locked=False, keep_special=False, entrances=wanted.entrances)
    prepared = prepare(session, place_code, asked)
    place = session.get_one(Place, prepared.place_id)
    plan = session.scalars(select(Plan).where(Plan.place_id == place.id, Plan.state == "published")).first()
    named = session.execute(_COMMUNITIES, {"place": place.id}).all()
    rows = session.execute(_BUILDINGS, {"place": place.id}).all()
    crs = prepared.plots.crs
    return LayerGround(
        prepared,
        f"{place.name} ({place.code})",
        _band(wanted, plan, rule_packs.size_today(session, place.path)),
        plan.weights if plan is not None and wanted.target is None else None,
        {row.id: row.name for row in named},
        np.array([row.id for row in rows], np.int64),
        [row.code for row in rows],
        [row.name for row in rows],
        np.array([row.households for row in rows], np.int64),
        to_metres(shapely.force_2d(shapes_of(row.geometry for row in rows)), crs),
        shapely.coverage_union_all(prepared.plots.polygons),
    )


_COMMUNITIES = text("""
    SELECT place.id, place.name FROM place, place AS own WHERE own.id = :place AND place.path <@ own.path
""")
_BUILDINGS = text("""
    SELECT id, code, name, households, ST_AsBinary(geometry) AS geometry FROM building
    WHERE place_id = :place AND retired_at IS NULL ORDER BY id
""")


def _band(wanted: Wanted, plan: Plan | None, size: Size) -> Band:
    """The band that is asked for, that of the plan in force, or that of the place's rules."""
    target, least, most = wanted.target, wanted.least, wanted.most
    if target is None:
        return Band(*astuple(size)) if plan is None else Band(plan.target, plan.least, plan.most)
    around = Band.around(target, TOLERANCE)
    least, most = around.least if least is None else least, around.most if most is None else most
    if not 0 < least <= target <= most:
        raise Refusal("band_malformed", target=target, least=least, most=most)
    return Band(target, least, most)


# --- Snapping --------------------------------------------------------------------------------------------


def snap(ground: LayerGround, drawn: Drawn) -> Snapped:
    """Give every plot to a polygon; no database needed.

    Refused with `layer_elsewhere` and `layer_on_no_plot`.
    """
    near = np.flatnonzero(shapely.intersects(ground.outline, drawn.polygons))
    if len(near) == 0:
        raise _elsewhere(ground, drawn)
    laying = _Laying(ground, drawn, near)
    if (laying.laid.polygon < 0).all():
        raise Refusal("layer_on_no_plot", file=drawn.file, place=ground.place)
    grids, codes = laying.measured()
    return Snapped(drawn, laying.grid, grids, codes, laying.source, laying.report(codes))


def _elsewhere(ground: LayerGround, drawn: Drawn) -> Refusal:
    """No polygon lies in the place; how far away they are hints at a wrong CRS or at another place."""
    middles = np.array(
        [shapely.centroid(ground.outline), shapely.centroid(shapely.union_all(drawn.polygons))]
    )
    (lon, lat), (their_lon, their_lat) = shapely.get_coordinates(middles).tolist()
    across = (their_lon - lon) * 111.32 * np.cos(np.radians(lat))
    km = float(np.hypot(across, (their_lat - lat) * 110.57))
    facts = {"file": drawn.file, "polygons": len(drawn.polygons), "place": ground.place}
    return Refusal("layer_elsewhere", **facts, km=f"{km:,.1f}")


class _Laying:
    """A layer on its way onto plots: each step is worked out once, and the report reads them all."""

    def __init__(self, ground: LayerGround, drawn: Drawn, near: IntArray) -> None:
        self.ground, self.drawn, self.near = ground, drawn, near
        self.plots = ground.plots
        self.polygons = _sound(to_metres(drawn.polygons[near], self.plots.crs))
        self.doubled: list[Doubled] = overlaps(self.polygons)
        self.laid: Laid = lay(self.plots.metres, self.plots.table.area, self.polygons, self.doubled)
        self.parted, self.of_number, self.strayed = self._parted_at_communities()
        final = in_one_piece(self.parted, len(self.of_number), self.plots, ground.band)
        self.used, grid = np.unique(final, return_inverse=True)
        self.grid: IntArray = grid.astype(np.int64)

    def _parted_at_communities(self) -> tuple[IntArray, list[int], IntArray]:
        """Number of each plot's grid, the polygon of each number, and plots that strayed over a border.

        The first numbers are the polygons' own. A polygon keeps its number in the community with most of its
        households (then ground). Elsewhere it is another grid if it would be half a grid there or a good part
        of the polygon; a strip less than that is how borders are drawn by hand, and joins a neighbour.
        """
        label, plots, table = self.laid.polygon.copy(), self.plots, self.plots.table
        of_number = [*range(len(self.polygons))]
        strayed: list[int] = []
        for number in np.unique(label[label >= 0]).tolist():
            members = np.flatnonzero(label == number)
            places = np.unique(plots.community[members])
            if len(places) == 1:
                continue
            parts = {int(place): members[plots.community[members] == place] for place in places}
            size = {
                place: (table.households[part].sum(), table.area[part].sum()) for place, part in parts.items()
            }
            whole_m2 = table.area[members].sum()
            for place in sorted(size, key=lambda place: size[place], reverse=True)[1:]:
                households, area_m2 = size[place]
                if 2 * households >= self.ground.band.least or area_m2 >= OWN_SHARE * whole_m2:
                    label[parts[place]] = len(of_number)
                    of_number.append(number)
                else:
                    label[parts[place]] = -1
                    strayed += parts[place].tolist()
        return label, of_number, np.array(strayed, np.int64)

    @cached_property
    def source(self) -> IntArray:
        """Polygon of each grid, -1 for one made of ground that no polygon covers.

        Of a grid torn off another it is the one with most of its plots' ground.
        """
        found = np.full(len(self.used), -1, np.int64)
        for grid, number in enumerate(self.used.tolist()):
            if number < len(self.of_number):
                found[grid] = self.of_number[number]
                continue
            members = np.flatnonzero((self.grid == grid) & (self.laid.polygon >= 0))
            if len(members):
                area = np.bincount(self.laid.polygon[members], self.plots.table.area[members])
                found[grid] = int(np.argmax(area))
        return found

    def called(self, polygon: int) -> str:
        """What a person knows a polygon by."""
        return self.drawn.called(int(self.near[polygon]))

    @cached_property
    def is_main(self) -> BoolArray:
        """Which grids are their polygon's own, and not a part of it that stands for itself."""
        return np.asarray(self.used < len(self.polygons), np.bool_)

    @cached_property
    def kinds(self) -> list[str]:
        """The kind of each grid: its polygon's, where that is a word for one."""
        said = [None if of < 0 else self.drawn.kinds[int(self.near[of])] for of in self.source.tolist()]
        return [KIND_WORDS.get((kind or "").strip().lower(), "residential") for kind in said]

    def _names(self, is_code: Sequence[bool]) -> list[str | None]:
        """The name of each grid: its polygon's, else a code that cannot be one here, to know it by."""
        names: list[str | None] = []
        for grid, of in enumerate(self.source.tolist()):
            row = int(self.near[of])
            said = None
            if of >= 0 and self.is_main[grid]:
                said = self.drawn.names[row] or (None if is_code[grid] else self.drawn.codes[row])
            names.append(said[:NAME_CHARACTERS] if said else None)
        return names

    def measured(self) -> tuple[Grids, list[str]]:
        """The grids with their figures, and codes: the file's where they can be, else as after a split."""
        prepared, band, plots = self.ground.prepared, self.ground.band, self.plots
        load = loads_of(self.ground.weights, plots.table, plots.buildings)
        special = np.array([kind in SPECIAL_KINDS for kind in self.kinds], np.bool_)
        why = counted_as(self.ground.weights, why_out_of_band(plots.table, self.grid, band, load, special))
        community = plots.community[np.unique(self.grid, return_index=True)[1]]
        stem = stems(community, prepared.code_of, prepared.place_id)
        bound = self._bound_codes(stem)
        names = self._names([number in bound or self._is_taken(number) for number in range(len(self.used))])
        grids = measured(
            plots, self.grid, band, why, prepared.known, load=load, kinds=self.kinds, names=names
        )
        kept = kept_codes(prepared, self.grid, bound) if prepared.former.codes else bound
        return grids, grid_codes(grids, prepared.code_of, prepared.place_id, kept, prepared.used_codes)

    def _wanted_code(self, grid: int) -> str | None:
        of = int(self.source[grid])
        return self.drawn.codes[int(self.near[of])] if of >= 0 and self.is_main[grid] else None

    def _is_taken(self, grid: int) -> bool:
        """Whether the file's code is one, but another polygon has it too."""
        return bool(DIGITS.fullmatch(self._wanted_code(grid) or ""))

    def _bound_codes(self, stem: Sequence[str]) -> dict[int, str]:
        """Codes of the file by number of grid: digits, of the grid's community, and each once.

        Of two polygons with one code the one with more households keeps it.
        """
        counted = np.bincount(self.grid, self.plots.table.households)
        bound: dict[int, str] = {}
        for grid in np.lexsort((np.arange(len(counted)), -counted)).tolist():
            code = self._wanted_code(grid)
            fits = code is not None and DIGITS.fullmatch(code) and _stem(code) == stem[grid]
            if code is not None and fits and code not in bound.values():
                bound[grid] = code
        return bound

    # --- The report --------------------------------------------------------------------------------------

    def report(self, codes: Sequence[str]) -> dict[str, Any]:
        """What snapping took, as JSON: figures, and findings each with a bbox to look at."""
        table = self.plots.table
        elsewhere = self.source[self.grid[self.laid.plots]] != self.laid.polygons
        found = {
            "cut": self._cut(codes),
            "uncovered": self._uncovered(codes),
            "doubled": self._doubled(codes),
            "torn": self._torn(codes),
            "divided": self._divided(codes),
            "lost": self._lost(),
            "renumbered": self._renumbered(codes),
        }
        return {
            "file": self.drawn.file,
            "polygons": len(self.drawn.polygons),
            "outside": len(self.drawn.polygons) - len(self.near),
            "grids": len(self.used),
            "plots": len(self.plots),
            "households": int(table.households.sum()),
            "ground_m2": _m2(table.area.sum()),
            "uncovered_m2": _m2((table.area - self.laid.covered_m2).sum()),
            "uncovered_households": int(table.households[self.laid.polygon < 0].sum()),
            "doubled_m2": _m2(sum(one["m2"] for one in found["doubled"])),
            "moved_m2": _m2(self.laid.shared_m2[elsewhere].sum()),
            "datum": self._likely_datum(),
            "reading": self._reading(),
            "counts": {kind: len(rows) for kind, rows in found.items()},
            "found": {kind: rows[:MOST_FOUND] for kind, rows in found.items()},
        }

    def _reading(self) -> dict[str, Any]:
        """What the reader says of rows; words are made when it is shown."""
        said = self.drawn.report
        return {
            "refused": [asdict(row) for row in said.refusals[:MOST_FOUND]],
            "refused_count": len(said.refusals),
            "mended_count": len({row.row for row in said.mends if row.row is not None}),
            "warnings": [asdict(remark) for remark in said.warnings],
        }

    def _cut(self, codes: Sequence[str]) -> list[dict[str, Any]]:
        """Buildings that a drawn line cuts, those with most households first; each is whole in one grid."""
        ground, footprints = self.ground, self.ground.footprints
        cuts: list[Cut] = cut_buildings(footprints, self.polygons)
        where = self.ground.prepared.known.plot
        rows = []
        for cut in cuts:
            k, plot = cut.building, int(where[cut.building])
            rows.append(
                {
                    "building": {
                        "id": int(ground.building_ids[k]),
                        "code": ground.building_codes[k],
                        "name": ground.building_names[k],
                    },
                    "households": int(ground.building_households[k]),
                    "grids": [codes[self.grid[plot]]] if plot >= 0 else [],
                    "polygons": [self.called(number) for number in cut.polygons],
                    "shares": cut.shares,
                    "bbox": self._bbox(footprints[[k]]),
                }
            )
        return sorted(rows, key=lambda row: (-row["households"], row["building"]["code"]))

    def _uncovered(self, codes: Sequence[str]) -> list[dict[str, Any]]:
        """Ground most of which lies in no polygon, group by group; the grids it joined or became."""
        table, none = self.plots.table, self.laid.polygon < 0
        rows = []
        for group in together(table.edges, none):
            made = [grid for grid in np.unique(self.grid[group]).tolist() if self.source[grid] < 0]
            rows.append(
                {
                    **self._plots(group, codes),
                    "m2": _m2((table.area[group] - self.laid.covered_m2[group]).sum()),
                    "made": [codes[grid] for grid in made],
                }
            )
        return sorted(rows, key=lambda row: (-row["households"], -row["m2"]))

    def _doubled(self, codes: Sequence[str]) -> list[dict[str, Any]]:
        """Ground in two polygons within the place, and the grids that have its plots now."""
        inside = to_metres(np.array([self.ground.outline], object), self.plots.crs)[0]
        shapely.prepare(inside)
        rows = []
        for pair in self.doubled:
            ground = pair.ground if inside.covers(pair.ground) else shapely.intersection(pair.ground, inside)
            m2 = _m2(shapely.area(ground))
            if m2 <= 0:
                continue
            plots = self._in_both(pair)
            row = self._plots(plots, codes) | {"m2": m2}
            row["polygons"] = [self.called(pair.one), self.called(pair.other)]
            row["bbox"] = self._bbox(np.array([ground], object))
            rows.append(row)
        return rows

    def _in_both(self, pair: Doubled) -> IntArray:
        """Plots most of which two polygons cover, both."""
        laid, area = self.laid, self.plots.table.area
        most = laid.shared_m2 > 0.5 * area[laid.plots]
        mine = [laid.plots[most & (laid.polygons == end)] for end in (pair.one, pair.other)]
        return np.intersect1d(mine[0], mine[1]).astype(np.int64)

    def _torn(self, codes: Sequence[str]) -> list[dict[str, Any]]:
        """What was torn off its grid, and the grids it joined or became."""
        final = self.used[self.grid]
        off = (self.parted >= 0) & (final != self.parted)
        rows = []
        for number in np.unique(self.parted[off]).tolist():
            for group in together(self.plots.table.edges, off & (self.parted == number)):
                row = self._plots(group, codes)
                row["polygons"] = [self.called(self.of_number[number])]
                row["made"] = [
                    codes[grid]
                    for grid in np.unique(self.grid[group]).tolist()
                    if self.used[grid] >= len(self.of_number)
                ]
                rows.append(row)
        return sorted(rows, key=lambda row: (-row["households"], -row["plots"]))

    def _divided(self, codes: Sequence[str]) -> list[dict[str, Any]]:
        """Polygons over several communities: the grids they became, the strips that joined neighbours."""
        laid, plots = self.laid.polygon, self.plots
        rows = []
        for number in np.unique(laid[laid >= 0]).tolist():
            members = np.flatnonzero(laid == number)
            places = np.unique(plots.community[members]).tolist()
            if len(places) == 1:
                continue
            strayed = members[np.isin(members, self.strayed)]
            rows.append(
                {
                    **self._plots(members, codes),
                    "polygons": [self.called(number)],
                    "grids": [codes[grid] for grid in np.flatnonzero(self.source == number).tolist()],
                    "communities": [self.ground.community_names.get(place, "") for place in places],
                    "strayed_plots": len(strayed),
                    "strayed_households": int(plots.table.households[strayed].sum()),
                }
            )
        return sorted(rows, key=lambda row: -row["households"])

    def _lost(self) -> list[dict[str, Any]]:
        """Polygons of the place that have most of no plot, or whose plots all went elsewhere."""
        lost = np.setdiff1d(np.arange(len(self.polygons)), self.source)
        area = shapely.area(self.polygons[lost])
        return [
            {
                "polygons": [self.called(number)],
                "m2": _m2(m2),
                "bbox": self._bbox(self.polygons[[number]]),
            }
            for number, m2 in sorted(zip(lost.tolist(), area.tolist(), strict=True), key=lambda one: -one[1])
        ]

    def _renumbered(self, codes: Sequence[str]) -> list[dict[str, Any]]:
        """Grids that have another code than the file says."""
        rows = []
        for grid, code in enumerate(codes):
            wanted = self._wanted_code(grid)
            if wanted is not None and wanted != code:
                members = np.flatnonzero(self.grid == grid)
                rows.append(
                    {"wanted": wanted, "grids": [code], "bbox": self._bbox(self.plots.metres[members])}
                )
        return rows

    def _plots(self, group: IntArray, codes: Sequence[str]) -> dict[str, Any]:
        """How much some plots are, the grids they are in now, and where."""
        return {
            "plots": len(group),
            "households": int(self.plots.table.households[group].sum()),
            "grids": [codes[grid] for grid in np.unique(self.grid[group]).tolist()],
            "bbox": self._bbox(self.plots.metres[group]) if len(group) else None,
        }

    def _bbox(self, shapes: Geometries) -> list[float]:
        bounds = shapely.total_bounds(to_lonlat(shapes, self.plots.crs))  # a box in metres leans in degrees
        return [float(value) for value in bounds]

    def _likely_datum(self) -> str | None:
        """A shifted datum that would make the polygons fit the place far better, None where none would."""
        area = self.plots.table.area.sum()
        missed = float((self.plots.table.area - self.laid.covered_m2).sum())
        if missed < UNCOVERED_SHARE * area or self.drawn.datum in UNSHIFT:
            return None
        drawn = shapely.union_all(self.drawn.polygons)
        for datum, unshift in UNSHIFT.items():
            moved = shapely.transform(drawn, lambda xy, unshift=unshift: round_degrees(unshift(xy)))
            [there] = _sound(to_metres(np.array([moved], object), self.plots.crs))
            left = area - shapely.area(shapely.intersection(there, shapely.union_all(self.plots.metres)))
            if left < MUCH_BETTER * missed:
                return datum
        return None


def _sound(polygons: Geometries) -> Geometries:
    """Polygons in metres, those that rounding broke made valid again."""
    wrong = np.flatnonzero(~shapely.is_valid(polygons))
    if len(wrong):
        polygons = polygons.copy()
        polygons[wrong] = shapely.make_valid(polygons[wrong], method="structure", keep_collapsed=False)
    return polygons


def _stem(code: str) -> str:
    return code[:12] if len(code) > 12 else ""


def _m2(area: float) -> float:
    return round(float(area), 1)


# --- Writing ---------------------------------------------------------------------------------------------


def write(session: Session, ground: LayerGround, snapped: Snapped, actor_id: int | None = None) -> int:
    """Write a snapped layer as a draft with one edit of the kind `layer`; answers its id.

    It has the first free slot, none where all are taken. Refused with `plots_changed` where the place was
    imported meanwhile.
    """
    prepared, band = ground.prepared, ground.band
    place = session.scalars(
        select(Place).where(Place.id == prepared.place_id).with_for_update(key_share=True)
    ).one()
    newest = current(session, place.id)
    if newest is None or newest.id != prepared.plain_id:
        raise Refusal("plots_changed", place=ground.place)
    plan = new_draft(
        session,
        place.id,
        prepared.plots.tessellation_id,
        band,
        actor_id,
        slot=free_slot(session, place.id),
        weights=ground.weights,
    )
    write_grids(session, plan.id, prepared.plots, snapped.grid, snapped.grids, snapped.codes)
    told = {
        "file": snapped.drawn.file,
        "polygons": snapped.report["polygons"],
        "counts": snapped.report["counts"],
    }
    session.add(
        Edit(
            plan_id=plan.id,
            version=1,
            base_version=0,
            kind="layer",
            moves={},
            parameters={"target": band.target, "least": band.least, "most": band.most, **told},
            made_by=actor_id,
        )
    )
    session.add(LayerReport(plan_id=plan.id, report=snapped.report))
    session.flush()
    return plan.id


def report_of(session: Session, plan_id: int) -> dict[str, Any]:
    """The report of the layer that a plan was made of; `not_found` for a plan made otherwise."""
    found = session.get(LayerReport, plan_id)
    if found is None:
        raise Refusal("not_found")
    return found.report
