"""What is wrong with grids that were examined, in words: every fault there is, in English and 中文.

Like a refusal, a fault is a code and facts; `app.geo.certificate` finds it, and only this table words it.
"""

from __future__ import annotations

from collections.abc import Mapping

from app.reasons import Words


def words(code: str, facts: Mapping[str, object]) -> Words:
    """The sentence for a fault.

    >>> words("gap", {"m2": 1.0, "grids": ["001", "004"]}).en
    '1.00 m² lie in no grid, beside 001, 004.'
    """
    table = {language: _worded(facts, language) for language in ("en", "zh")}
    return Words(FAULTS[code].en.format_map(table["en"]), FAULTS[code].zh.format_map(table["zh"]))


def _worded(facts: Mapping[str, object], language: str) -> dict[str, object]:
    """Lists as text, yes and no as words, figures by what they are called."""
    comma, none, yes, no = {
        "en": (", ", "no grid", "in band", "out of band"),
        "zh": ("、", "任何网格", "达标", "超限"),
    }[language]
    said: dict[str, object] = {}
    for name, value in facts.items():
        if isinstance(value, list | tuple):
            said[name] = comma.join(str(one) for one in value) or none
        elif isinstance(value, bool):
            said[name] = yes if value else no
        elif name == "figure" and value in FIGURES:
            said[name] = FIGURES[str(value)]._asdict()[language]
        else:
            said[name] = value
    return said


FAULTS: dict[str, Words] = {
    "code_twice": Words("Two grids have the code {grid}.", "有两个网格的编码都是{grid}。"),
    "grid_invalid": Words(
        "The outline of grid {grid} crosses itself or encloses nothing.",
        "网格{grid}的边界自相交叉或没有围出面积。",
    ),
    "grid_in_pieces": Words(
        "Grid {grid} is in {pieces} pieces; the smallest has {smallest_m2:,.2f} m².",
        "网格{grid}分成了{pieces}块，最小一块{smallest_m2:,.2f}平方米。",
    ),
    "gap": Words(
        "{m2:,.2f} m² lie in no grid, beside {grids}.", "{grids}旁有{m2:,.2f}平方米不在任何网格内。"
    ),
    "overlap": Words("{m2:,.2f} m² lie in two grids: {grids}.", "{grids}重叠{m2:,.2f}平方米。"),
    "outside": Words(
        "{m2:,.2f} m² of {grids} lie beyond the outline.", "{grids}有{m2:,.2f}平方米超出辖区边界。"
    ),
    "building_cut": Words(
        "Building {building} is cut by the border of {grids}: {m2:,.2f} m² of it lie across.",
        "楼栋{building}被{grids}的界线切开，越界{m2:,.2f}平方米。",
    ),
    "building_in_no_grid": Words(
        "Building {building} with {households:,} households stands in no grid.",
        "楼栋{building}（{households:,}户）不在任何网格内。",
    ),
    "households_differ": Words(
        "Grid {grid} states {stated:,} households; its buildings hold {counted:,}.",
        "网格{grid}写明{stated:,}户，按楼栋清点为{counted:,}户。",
    ),
    "band_differs": Words(
        "Grid {grid} is said to be {stated}, but with {counted:,} households against {least:,} to {most:,} "
        "it is not.",
        "网格{grid}标为{stated}，但清点为{counted:,}户（范围{least:,}至{most:,}户），与此不符。",
    ),
    "grid_changed": Words(
        "Grid {grid} is not as it was certified: its outline or its households were changed since.",
        "网格{grid}与出证时不同：其边界或户数在出证后有改动。",
    ),
    "grid_added": Words("Grid {grid} is not in the certificate.", "合格证中没有网格{grid}。"),
    "grid_gone": Words(
        "Grid {grid} of the certificate is not in the file.", "合格证中的网格{grid}不在文件中。"
    ),
    "hash_differs": Words(
        "The fingerprint of the grids is {found}, not {stated} as certified.",
        "网格指纹为{found}，与合格证所载{stated}不符。",
    ),
    "figure_differs": Words(
        "The certificate states {stated} for “{figure}”; it is {found}.",
        "合格证所载“{figure}”为{stated}，实测为{found}。",
    ),
}

# What certificates call their checks and sizes.
FIGURES: dict[str, Words] = {
    "outline_m2": Words("area of the outline, m²", "辖区面积（平方米）"),
    "grids_m2": Words("area of all grids, m²", "网格总面积（平方米）"),
    "area_error_m2": Words("areas that do not add up, m²", "面积差（平方米）"),
    "rounding_m2": Words("what rounding may take, m²", "取整误差上限（平方米）"),
    "gap_m2": Words("ground in no grid, m²", "不在任何网格内的面积（平方米）"),
    "overlap_m2": Words("ground in two grids, m²", "重叠面积（平方米）"),
    "outside_m2": Words("ground beyond the outline, m²", "超出辖区的面积（平方米）"),
    "grids_in_pieces": Words("grids in pieces", "不连通的网格数"),
    "grids_invalid": Words("grids with an unsound outline", "边界有误的网格数"),
    "buildings_in_all": Words("buildings in all", "楼栋总数"),
    "households_in_all": Words("households in all", "总户数"),
    "buildings_cut": Words("buildings cut", "被切开的楼栋数"),
    "buildings_divided": Words("buildings divided by entrances", "按单元划分的楼栋数"),
    "buildings_in_no_grid": Words("buildings in no grid", "不在任何网格内的楼栋数"),
    "faults": Words("faults", "问题数"),
    "grids": Words("grids", "网格数"),
    "special": Words("special grids", "专属网格数"),
    "households": Words("households of all grids", "各网格户数合计"),
    "counted_in": Words("what is counted", "计量方式"),
    "in_band": Words("grids in band", "达标网格数"),
    "in_10": Words("grids within 10 % of the target", "偏差10%以内的网格数"),
    "in_20": Words("grids within 20 % of the target", "偏差20%以内的网格数"),
    "min": Words("fewest households", "最少户数"),
    "median": Words("median of households", "户数中位数"),
    "max": Words("most households", "最多户数"),
    "mean": Words("mean of households", "平均户数"),
}
