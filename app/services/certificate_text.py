"""What a second look at grids found, as a table for the terminal."""

from __future__ import annotations

from typing import Any

from app.services.certificates import Verdict
from app.services.grid_files import aligned


def verdict_lines(verdict: Verdict, language: str = "en") -> list[str]:
    """One line for each thing that was looked at, then each fault with its place."""
    say, checks, sizes = WORDS[language], verdict.now["checks"], verdict.now["sizes"]
    band = verdict.now["band"]
    count = len(verdict.now["grids"])
    wrong = {fault["code"] for fault in verdict.faults}

    def row(name: str, text: str, *codes: str) -> list[str]:
        mark = "" if not codes else say["wrong"] if wrong & {*codes} else say["fine"]
        return [say[name].format(**band), text, mark]

    area = say["areas_said"].format(**checks)
    buildings = say["buildings_said"].format(**checks)
    counted = say["counted"].format(n=sizes["households"])
    rows = [
        row("grids", f"{count:,}", "code_twice", "grid_invalid"),
        row("areas", area, "gap", "overlap", "outside"),
        row("gaps", f"{checks['gap_m2']:,.2f} m²", "gap"),
        row("overlaps", f"{checks['overlap_m2']:,.2f} m²", "overlap"),
        row("outside", f"{checks['outside_m2']:,.2f} m²", "outside"),
        row(
            "one_piece",
            f"{count - checks['grids_in_pieces']:,} / {count:,}",
            "grid_in_pieces",
        ),
        row("buildings", buildings, "building_cut", "building_in_no_grid"),
        row("households", counted, "households_differ"),
        row("in_band", _share(sizes["in_band"], sizes["grids"]), "band_differs"),
        row("in_20", _share(sizes["in_20"], sizes["grids"])),
        row("spread", f"{_number(sizes['min'])} / {_number(sizes['median'])} / {_number(sizes['max'])}"),
    ]
    if verdict.is_certified:
        codes = ("grid_changed", "grid_added", "grid_gone", "figure_differs", "hash_differs")
        rows.append(row("certificate", verdict.now["sha256"], *codes))
    else:
        rows.append(row("sha256", verdict.now["sha256"]))
    return [*aligned(rows, "<<<"), "", *_told(verdict.faults, language)]


def _told(faults: list[dict[str, Any]], language: str) -> list[str]:
    say = WORDS[language]
    if not faults:
        return [say["nothing"]]
    lines = [say["found"].format(n=len(faults))]
    for fault in faults:
        where = "" if fault["lon"] is None else say["at"].format(lon=fault["lon"], lat=fault["lat"])
        lines.append(f"  {fault['sentence'][language]}{where}")
    return lines


def _share(part: int, whole: int) -> str:
    return f"{part:,} / {whole:,}" + (f" = {100 * part / whole:.1f} %" if whole else "")


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


WORDS: dict[str, dict[str, str]] = {
    "en": {
        "grids": "Grids",
        "areas": "Areas add up",
        "areas_said": "{grids_m2:,.1f} m² of {outline_m2:,.1f} m² (rounding may take {rounding_m2:,.1f} m²)",
        "gaps": "Gaps",
        "overlaps": "Overlaps",
        "outside": "Beyond the outline",
        "one_piece": "In one piece",
        "buildings": "Buildings",
        "buildings_said": "{buildings_in_all:,}: {buildings_cut:,} cut, {buildings_divided:,} divided by "
        "entrances, {buildings_in_no_grid:,} in no grid",
        "households": "Households",
        "counted": "{n:,}, counted from the buildings of each grid",
        "in_band": "In band ({least}–{most})",
        "in_20": "Within ±20 %",
        "spread": "Least / median / most",
        "sha256": "Fingerprint",
        "certificate": "As certified",
        "fine": "ok",
        "wrong": "WRONG",
        "nothing": "Nothing is wrong.",
        "found": "Wrong ({n}):",
        "at": " At {lon:.7f}, {lat:.7f}.",
    },
    "zh": {
        "grids": "网格数",
        "areas": "面积合计",
        "areas_said": "{grids_m2:,.1f} m²，辖区{outline_m2:,.1f} m²（取整误差最多{rounding_m2:,.1f} m²）",
        "gaps": "缝隙",
        "overlaps": "重叠",
        "outside": "超出边界",
        "one_piece": "连成一片",
        "buildings": "楼栋",
        "buildings_said": "{buildings_in_all:,}栋：切开{buildings_cut:,}，按单元划分{buildings_divided:,}，"
        "不在网格内{buildings_in_no_grid:,}",
        "households": "户数",
        "counted": "{n:,}户，按各网格楼栋重新清点",
        "in_band": "户数达标（{least}–{most}）",
        "in_20": "偏差±20%以内",
        "spread": "最少 / 中位数 / 最多",
        "sha256": "指纹",
        "certificate": "与合格证一致",
        "fine": "无误",
        "wrong": "有误",
        "nothing": "没有发现问题。",
        "found": "发现问题（{n}）：",
        "at": " 位置 {lon:.7f}, {lat:.7f}。",
    },
}
