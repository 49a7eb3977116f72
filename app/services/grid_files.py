"""What a split leaves behind: the grids as a GeoPackage, a report for machines, a table for the terminal."""

from __future__ import annotations

import dataclasses
import json
import math
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError

from app.geo.partition import outlines
from app.services.plan_figures import REASON_COLUMNS, PlanFigures
from app.services.whole_file import whole_file

STORED_CRS = "EPSG:4326"
LATTICE = "Lon/lat in EPSG:4326 on the lattice of 1e-8 degree."

GRID_COLUMNS = [
    "code",
    "kind",
    "name",
    "households",
    "buildings",
    "area_m2",
    "load",
    "deviation",
    "compactness",
    "street_share",
    "physical_share",
    "inner_physical_share",
    "pieces",
    "completeness",
    "neighbours",
    "in_band",
    *REASON_COLUMNS,
]

DESCRIPTIONS = {
    "grids": f"Grids. {LATTICE} Areas in m2; load, deviation, shares as fractions of 1; neighbours by code.",
    "micro_grids": f"Micro-grids, finer divisions of each grid. {LATTICE} Areas in m2; grid by code.",
    "plots": f"Plots, the ground each grid is made of. {LATTICE} Areas in m2; grid by code.",
}

BYTES_PER_CORNER = 32  # of a GeoPackage while it is written: two doubles, and room for rows and journal

# GDAL would write the present moment into the file; the same plan is to give the same file.
NO_CLOCK = {"OGR_CURRENT_DATE": "1970-01-01T00:00:00Z"}


def write_grids(path: Path, plan: PlanFigures) -> None:
    """Write layers `grids`, `plots` and, where there are any, `micro_grids`, whole or not at all.

    Refused as `whole_file` says. Same plan, same bytes.
    """
    layers = {"grids": _stored_grids(plan), "plots": _stored_plots(plan)}
    if "micro_grid" in plan.plots:
        layers["micro_grids"] = _stored_micro_grids(plan)
    corners = sum(
        int(shapely.get_num_coordinates(rows.geometry.to_numpy()).sum()) for rows in layers.values()
    )
    with whole_file(path, BYTES_PER_CORNER * corners) as unfinished, without_clock():
        for name, rows in layers.items():
            options = {"DESCRIPTION": DESCRIPTIONS[name], "IDENTIFIER": name}
            pyogrio.write_dataframe(
                rows, unfinished, layer=name, driver="GPKG", append=name != "grids", layer_options=options
            )
        for name, rows in layers.items():  # GDAL may swallow what failed at the last commit
            if pyogrio.read_info(unfinished, layer=name, force_feature_count=True)["features"] != len(rows):
                raise DataLayerError(f"layer {name} was not written in full")


def write_report(
    path: Path,
    plan: PlanFigures,
    *,
    version: str,
    parameters: Mapping[str, object],
    imported: Mapping[str, object],
    cut: Mapping[str, object] | None = None,
) -> None:
    """Write all there is to know about a split as JSON, whole or not at all.

    parameters: how it was asked for, the seed among them. imported: the import report as it came.
    cut: what the cutting of plots has to say of single buildings.
    What cannot be known is null.
    """
    report = {
        "gridkeeper": version,
        "parameters": parameters,
        "band": dataclasses.asdict(plan.band),
        "summary": plan.summary,
        "geometry": {
            what: {**dataclasses.asdict(found), "sound": found.sound}
            for what, found in plan.soundness().items()
        },
        "import": imported,
        "plots": cut or {},
        "grids": _grid_rows(plan).to_dict(orient="records"),
    }
    text = json.dumps(_plain(report), ensure_ascii=False, allow_nan=False, indent=1)
    with whole_file(path) as unfinished:
        unfinished.write_text(text + "\n", encoding="utf-8")


def quality_table(plan: PlanFigures, language: str = "en") -> str:
    """The plan in one screen: its figures, and the five grids furthest from the target with the reason.

    language: `en` or `zh`. Columns stand under each other also with full-width characters.
    """
    say = QUALITY[language]
    figures = plan.summary
    lines = [
        say["head"].format(**figures, target=plan.band.target, least=plan.band.least, most=plan.band.most),
        "",
    ]
    rows = [[say[name], *cells] for name, cells in _quality_rows(figures, say)]
    lines += aligned(rows, "<" * max(len(row) for row in rows))
    grids = plan.grids[~plan.grids["in_band"].astype(bool)]
    if len(grids):
        worst = grids.loc[grids["deviation"].abs().sort_values(ascending=False, kind="stable").index[:5]]
        reason = "reason" if language == "en" else "reason_zh"
        table = [[say["code"], say["households"], say["deviation"], say["reason"]]]
        table += [
            [str(row["code"]), f"{row['households']:,}", f"{100 * row['deviation']:+.0f} %", str(row[reason])]
            for _, row in worst.iterrows()
        ]
        lines += ["", say["worst"].format(shown=len(worst), all=len(grids)), *aligned(table, "<>><")]
    return "\n".join(lines)


def _quality_rows(figures: Mapping[str, float], say: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    grids = int(figures["grids"])
    yield (
        "per_grid",
        [say[word] + f" {figures[f'households_{word}']:,.0f}" for word in ("mean", "median", "min", "max")],
    )
    held = grids - int(figures["special"])
    yield "in_band", [_of(figures["in_band"], held), *_possible(figures["in_band_free"], say)]
    yield "in_20", [_of(figures["in_20"], held), *_possible(figures["in_20_free"], say)]
    yield "one_piece", [_of(figures["one_piece"], grids)]
    compact = (("mean", "compactness_mean"), ("p10", "compactness_p10"))
    yield "compactness", [f"{say[word]} {_number(figures[name])}" for word, name in compact]
    border = (("physical", "inner_physical_share"), ("streets", "street_share"))
    yield "border", [f"{say[word]} {_percent(figures[name])}" for word, name in border]
    yield "completeness", [_percent(figures["completeness_mean"])]
    apart = [name for name in ("forced", "infeasible", "uninhabited", "special") if figures[name]]
    if apart:
        others = say["others"].format(figures["forced_others"])
        yield (
            "apart",
            [f"{say[name]} {figures[name]:,.0f}" + (others if name == "forced" else "") for name in apart],
        )


def _possible(share: float, say: Mapping[str, str]) -> list[str]:
    return [say["possible"].format(_percent(share))]


def _of(share: float, count: int) -> str:
    return "–" if math.isnan(share) else f"{round(share * count):,} / {count:,} = {_percent(share)}"


def _percent(share: float) -> str:
    """One place, half-up, as rates are rounded everywhere.

    >>> _percent(69 / 80), _percent(1.0), _percent(math.nan)
    ('86.3 %', '100.0 %', '–')
    """
    if math.isnan(share):
        return "–"
    return f"{Decimal(repr(round(share * 100, 9))).quantize(Decimal('0.1'), ROUND_HALF_UP)} %"


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.2f}"


def aligned(rows: list[list[str]], sides: str) -> list[str]:
    """Rows as lines for a terminal; `<` and `>` say to which side each column leans."""
    widths = [max((_width(row[c]) for row in rows if c < len(row)), default=0) for c in range(len(sides))]
    lines = []
    for row in rows:
        cells = []
        for cell, width, side in zip(row, widths, sides, strict=False):
            blank = " " * (width - _width(cell))
            cells.append(blank + cell if side == ">" else cell + blank)
        lines.append(("  " + "  ".join(cells)).rstrip())
    return lines


def _width(text: str) -> int:
    """Columns the text takes on a terminal: two for a full-width character.

    >>> _width("户 12")
    5
    """
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


QUALITY: dict[str, dict[str, str]] = {
    "en": {
        "head": "{grids:,} grids · {households:,} households · target {target} ({least}–{most})",
        "per_grid": "Households per grid",
        "mean": "mean",
        "median": "median",
        "min": "least",
        "max": "most",
        "p10": "10th percentile",
        "in_band": "In band",
        "in_20": "Within ±20 %",
        "possible": "{} where possible",
        "one_piece": "In one piece",
        "compactness": "Compactness",
        "border": "Border between grids",
        "physical": "on physical lines",
        "streets": "on streets",
        "completeness": "Completeness",
        "apart": "Counted apart",
        "forced": "one building above the band",
        "others": " (with {:,} other households)",
        "infeasible": "cut-off ground that admits no division",
        "uninhabited": "uninhabited",
        "special": "special, outside the band",
        "worst": "Furthest from the target ({shown} of {all} out of band)",
        "code": "code",
        "households": "households",
        "deviation": "deviation",
        "reason": "reason",
    },
    "zh": {
        "head": "{grids:,}个网格 · {households:,}户 · 目标{target}户（{least}–{most}）",
        "per_grid": "每格户数",
        "mean": "平均",
        "median": "中位数",
        "min": "最少",
        "max": "最多",
        "p10": "第10百分位",
        "in_band": "户数达标",
        "in_20": "偏差±20%以内",
        "possible": "可达者中 {}",
        "one_piece": "连成一片",
        "compactness": "紧凑度",
        "border": "网格界线",
        "physical": "沿实体界线",
        "streets": "沿道路",
        "completeness": "指标完整度",
        "apart": "单独统计",
        "forced": "单栋超限",
        "others": "（另有{:,}户）",
        "infeasible": "隔开地块无法均分",
        "uninhabited": "无住户",
        "special": "专属网格（不计入户数标准）",
        "worst": "偏离目标最多的网格（超限{all}个，列出{shown}个）",
        "code": "编码",
        "households": "户数",
        "deviation": "偏差",
        "reason": "原因",
    },
}


def _stored_grids(plan: PlanFigures) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(_grid_rows(plan), geometry=plan.stored_grids, crs=STORED_CRS)


def _stored_plots(plan: PlanFigures) -> gpd.GeoDataFrame:
    code = plan.grids["code"].to_numpy()
    rows = {
        "plot": plan.plots.index.to_numpy(),
        "grid": code[plan.plots["grid"].to_numpy()],
        "households": plan.plots["households"].to_numpy(),
        "buildings": plan.plots["buildings"].to_numpy(),
        "area_m2": plan.plots["area_m2"].round(2).to_numpy(),
    }
    return gpd.GeoDataFrame(rows, geometry=plan.stored_plots, crs=STORED_CRS)


def _stored_micro_grids(plan: PlanFigures) -> gpd.GeoDataFrame:
    """Micro-grids, numbered from 1 in each grid."""
    plots = plan.plots[plan.plots["micro_grid"] >= 0]
    micro = plots["micro_grid"].to_numpy()
    by_micro = plots.drop(columns="geometry").groupby(micro)
    grid = by_micro["grid"].first()
    rows = {
        "grid": plan.grids["code"].to_numpy()[grid.to_numpy()],
        "number": grid.groupby(grid).cumcount().to_numpy() + 1,
        "households": by_micro["households"].sum().to_numpy(),
        "buildings": by_micro["buildings"].sum().to_numpy(),
        "area_m2": by_micro["area_m2"].sum().round(2).to_numpy(),
    }
    shapes = outlines(plan.stored_plots[plan.plots["micro_grid"].to_numpy() >= 0], micro)
    return gpd.GeoDataFrame(rows, geometry=shapes, crs=STORED_CRS)


def _grid_rows(plan: PlanFigures) -> pd.DataFrame:
    """The grids as files hold them, without geometry."""
    rows = pd.DataFrame(plan.grids[GRID_COLUMNS])
    code = rows["code"].to_numpy()
    rows["neighbours"] = [",".join(sorted(code[near])) for near in rows["neighbours"]]
    rows["area_m2"] = rows["area_m2"].round(2)
    shares = rows.select_dtypes("float").columns.drop("area_m2")
    rows[shares] = rows[shares].round(6)
    return rows


def _plain(value: Any) -> Any:
    """The value as JSON has it: NaN is null, numpy's numbers are numbers, paths and the like are text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if hasattr(value, "item"):
        return _plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (str, int)):
        return value
    return str(value)


@contextmanager
def without_clock() -> Iterator[None]:
    pyogrio.set_gdal_config_options(NO_CLOCK)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(NO_CLOCK))
