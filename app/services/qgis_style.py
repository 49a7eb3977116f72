"""Styles as QGIS keeps them in a GeoPackage: the table `layer_styles` with QML, which it applies by itself.

Grids have the colours and hatches of our legend and are labelled code · households. What the legend says in
words is in both languages: a file does not know who reads it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

from app.geo.bands import IN_BAND, UNINHABITED

# As `core/colours.js` has them; a test holds the two against each other.
FILLS = ("#2166ac", "#67a9cf", "#d1e5f0", "#f7f7f7", "#fee0b6", "#f1a340", "#b35806")
INKS = ("#0f3f73", "#1d5c9b", "#3b7fb3", None, "#b86f14", "#944700", "#5f2d02")
UNINHABITED_FILL, SPECIAL_FILL = "#c9ccd0", "#8e2f78"
GRID_LINE, PLOT_LINE, BUILDING_FILL, BUILDING_LINE = "#6b727a", "#8b8f95", "#e2ded7", "#cbc5bb"
TEXT = "#1c2024"
OPACITY = 150  # of 255

_TABLE = """
    CREATE TABLE layer_styles (
        id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
        f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
        useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
        update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
    )
"""
_CONTENTS = """
    INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)
    VALUES ('layer_styles', 'attributes', 'layer_styles', 'Styles for QGIS', '1970-01-01T00:00:00Z')
"""
_ROW = """
    INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,
        styleQML, styleSLD, useAsDefault, description, owner, update_time)
    VALUES ('', '', ?, (SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?), ?, ?, '', 1, ?,
        '', '1970-01-01T00:00:00Z')
"""


def write(database: sqlite3.Connection, ranges: Sequence[Sequence[int | None]]) -> None:
    """Put styles for the layers grids, plots and buildings into a GeoPackage.

    ranges: fewest and most households of each class, as `bands.class_ranges` gives them.
    """
    database.execute(_TABLE)
    database.execute(_CONTENTS)
    styles = {"grids": grids_qml(ranges), "plots": plots_qml(), "buildings": buildings_qml()}
    for layer, qml in styles.items():
        database.execute(_ROW, (layer, layer, f"gridkeeper {layer}", qml, "Gridkeeper"))


def grids_qml(ranges: Sequence[Sequence[int | None]]) -> str:
    """Grids by how far their load is off the target, hatched where out of band; special ones alike."""
    rules: list[tuple[str, str, str]] = []
    for number, (fewest, most) in enumerate(ranges):
        mark = "" if number == IN_BAND else " ▼" if number < IN_BAND else " ▲"
        rules.append((f'"class" = {number}', _range(fewest, most) + mark, _grid_symbol(number)))
    grey = _fill(UNINHABITED_FILL, OPACITY, GRID_LINE, 0.4)
    rules.append((f'"class" = {UNINHABITED}', "无住户 / nobody", grey))
    special = _fill(SPECIAL_FILL, 60, GRID_LINE, 0.4)
    rules.append(('"class" IS NULL', "专属网格 / special grids", special))
    label = """\"code" || ' · ' || coalesce(to_string("households"), '–')"""
    return _qml(rules, label)


def plots_qml() -> str:
    """Plots as thin lines."""
    return _qml([("", "地块 / plots", _fill(None, 0, PLOT_LINE, 0.1))])


def buildings_qml() -> str:
    """Buildings as on our map."""
    return _qml([("", "楼栋 / buildings", _fill(BUILDING_FILL, 255, BUILDING_LINE, 0.1))])


def _range(fewest: int | None, most: int | None) -> str:
    """A class in households.

    >>> _range(1, 209), _range(270, 330), _range(391, None)
    ('≤ 209', '270–330', '≥ 391')
    """
    if most is None:
        return f"≥ {fewest}"
    return f"≤ {most}" if (fewest or 0) <= 1 else f"{fewest}–{most}"


def _grid_symbol(number: int) -> str:
    solid, ink = _fill(FILLS[number], OPACITY, GRID_LINE, 0.4), INKS[number]
    if ink is None:
        return solid
    pattern = "f_diagonal" if number < IN_BAND else "b_diagonal"  # falling for too few, rising for too many
    return solid + _fill(ink, 200, None, 0.0, pattern)


def _fill(colour: str | None, opacity: int, line: str | None, width_mm: float, pattern: str = "solid") -> str:
    """One layer of a symbol, as QGIS before and after 3.26 reads it."""
    said = {
        "color": _rgba(colour or "#ffffff", opacity),
        "style": pattern if colour else "no",
        "outline_color": _rgba(line or "#000000", 255),
        "outline_style": "solid" if line else "no",
        "outline_width": f"{width_mm:g}",
        "outline_width_unit": "MM",
        "joinstyle": "round",
    }
    options = "".join(
        f'<Option name={quoteattr(name)} type="QString" value={quoteattr(value)}/>'
        for name, value in said.items()
    )
    former = "".join(f"<prop k={quoteattr(name)} v={quoteattr(value)}/>" for name, value in said.items())
    return (
        f'<layer class="SimpleFill" enabled="1" locked="0" pass="0"><Option type="Map">{options}</Option>'
        f"{former}</layer>"
    )


def _rgba(colour: str, opacity: int) -> str:
    """
    >>> _rgba("#2166ac", 150)
    '33,102,172,150'
    """
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + f",{opacity}"


def _qml(rules: Sequence[tuple[str, str, str]], label: str | None = None) -> str:
    """A style of rules (filter, what the legend says, symbol); all else stays as QGIS has it."""
    listed = "".join(
        f'<rule key="{{rule-{k}}}" symbol="{k}" label={quoteattr(said)}'
        + (f" filter={quoteattr(chosen)}" if chosen else "")
        + "/>"
        for k, (chosen, said, _) in enumerate(rules)
    )
    symbols = "".join(
        f'<symbol type="fill" name="{k}" alpha="1" clip_to_extent="1" force_rhr="0">{symbol}</symbol>'
        for k, (_, _, symbol) in enumerate(rules)
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22.0" styleCategories="Symbology|Labeling" '
        f'labelsEnabled="{int(label is not None)}">'
        '<renderer-v2 type="RuleRenderer" forceraster="0" symbollevels="0" enableorderby="0">'
        f'<rules key="{{rules}}">{listed}</rules><symbols>{symbols}</symbols></renderer-v2>'
        f"{_labels(label) if label else ''}</qgis>"
    )


def _labels(expression: str) -> str:
    style: Mapping[str, str] = {
        "fieldName": expression,
        "isExpression": "1",
        "fontSize": "9",
        "fontSizeUnit": "Point",
        "textColor": _rgba(TEXT, 255),
        "textOpacity": "1",
    }
    said = " ".join(f"{name}={quoteattr(value)}" for name, value in style.items())
    halo = (
        '<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,230" '
        'bufferOpacity="1"/>'
    )
    horizontal, inside = 4, 1
    return (
        f'<labeling type="simple"><settings calloutType="simple"><text-style {said}>{halo}</text-style>'
        f'<placement placement="{horizontal}" centroidWhole="0" centroidInside="{inside}"/>'
        '<rendering obstacle="1" scaleVisibility="0" drawLabels="1" fontLimitPixelSize="0"/>'
        "</settings></labeling>"
    )
