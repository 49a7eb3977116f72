"""A plan as a file for other programmes: GeoPackage, zipped Shapefile, KML, GeoJSON, and one styled for QGIS.

Corners are written as they are stored, with 8 decimals, so that a plan read back is the same plan. No file
names a person. Households are in fives (`app.services.fives`): a file goes out of the house, and another of
another day or plan could be subtracted from it; that a grid has nobody is told, as on the map.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.errors import Refusal
from app.geo.bands import UNINHABITED, class_ranges, class_starts
from app.geo.formula_safe import guarded
from app.geo.plots import Band
from app.services import qgis_style
from app.services.bulk import shapes_of
from app.services.fives import Fives, fives_of
from app.services.grid_files import BYTES_PER_CORNER, LATTICE, STORED_CRS, without_clock
from app.services.plan_rows import CLASS, SPECIAL
from app.services.tile_layers import FEW
from app.services.whole_file import whole_file

DECIMALS = 8
# format -> ending and type of its files
FORMATS = {
    "gpkg": (".gpkg", "application/geopackage+sqlite3"),
    "shp": (".zip", "application/zip"),
    "kml": (".kml", "application/vnd.google-earth.kml+xml"),
    "geojson": (".geojson", "application/geo+json"),
    "qgis": (".gpkg", "application/geopackage+sqlite3"),
}
GROUNDED = ("qgis",)  # formats that hold plots and buildings too
IN_FIVES = f"Households are multiples of {FEW}, just below or above each count; under {FEW} none is given."
DESCRIPTIONS = {
    "grids": (
        f"Grids. {LATTICE} Areas in m2. class: 0 far too few … 3 in band … 6 far too many, 7 nobody, none: "
        f"special. {IN_FIVES}"
    ),
    "plots": f"Plots, the ground each grid is made of; grid by code. {IN_FIVES}",
    "buildings": f"Buildings; grid by code. {IN_FIVES}",
}
UNTOLD = "–"
KML_NAMES = {"name": "grid_name"}  # a placemark has a name of its own, which is what the screen shows
DBF_NAMES = {"community_name": "comm_name", "compactness": "compact"}  # ten bytes at most
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
NO_TIME = (1980, 1, 1, 0, 0, 0)  # of the members of a zip: the same plan is to give the same file


@dataclass(frozen=True)
class PlanExport:
    """A plan as tables in lon/lat; plots and buildings where the format holds them.

    about: place and name as people read them.
    """

    plan_id: int
    place_code: str
    about: str
    band: Band
    grids: gpd.GeoDataFrame
    plots: gpd.GeoDataFrame | None = None
    buildings: gpd.GeoDataFrame | None = None

    def file_name(self, form: str) -> str:
        """What the file is called when it is sent."""
        ending = "-qgis" * (form == "qgis") + FORMATS[form][0]
        return f"gridkeeper-{self.place_code}-plan-{self.plan_id}{ending}"


def read_export(session: Session, plan_id: int, form: str) -> PlanExport:
    """Read what a file of a format (a key of FORMATS) holds; refused with `plan_unknown`."""
    plan = session.execute(_PLAN, {"plan": plan_id}).first()
    if plan is None:
        raise Refusal("plan_unknown", plan=plan_id)
    band = Band(plan.target, plan.least, plan.most)
    asked = {"plan": plan_id, "class_starts": class_starts(band)}
    read = partial(_table, session, asked=asked)
    grids, parts = read(_GRIDS), [read(_PLOTS), read(_BUILDINGS)] if form in GROUNDED else []
    tell_in_fives(fives_of(session), plan.target, plan.by_formula, grids, *parts)
    grids["class"] = grids["class"].astype("Int64")
    about = f"{plan.place_name} {plan.place_code} · {plan.name}"
    return PlanExport(plan_id, plan.place_code, about, band, grids, *parts)


def tell_in_fives(
    fives: Fives,
    target: int,
    by_formula: bool,
    grids: gpd.GeoDataFrame,
    plots: gpd.GeoDataFrame | None = None,
    buildings: gpd.GeoDataFrame | None = None,
) -> None:
    """Put counts of households in fives, and what is reckoned from them likewise, in place; few are missing.

    target: what grids are weighed against; they are known by `code`, in plots and buildings by `grid`.
    by_formula: whether they are weighed by one, of which nothing is told: it would tell of the count.
    """
    of_grid = dict(zip(grids["code"], grids["community"], strict=True))

    def told(counts: pd.Series, codes: pd.Series) -> list[int | None]:
        return [fives.told(round(n), of_grid[code]) for n, code in zip(counts, codes, strict=True)]

    loads = [None] * len(grids) if by_formula else told(grids["load"], grids["code"])
    grids["load"] = pd.array(loads, dtype="Float64")
    grids["households"] = pd.array(told(grids["households"], grids["code"]), dtype="Int64")
    grids["deviation"] = ((grids["load"] - target) / target).round(4)
    for table in (plots, buildings):
        if table is not None:  # where nobody lives is told of grids alone
            counts = [count or None for count in told(table["households"], table["grid"])]
            table["households"] = pd.array(counts, dtype="Int64")


def write_export(path: Path, export: PlanExport, form: str) -> None:
    """Write a plan as a file of a format, whole or not at all; refused as `whole_file` says."""
    tables = [table for table in (export.grids, export.plots, export.buildings) if table is not None]
    corners = sum(int(shapely.get_num_coordinates(table.geometry.to_numpy()).sum()) for table in tables)
    with whole_file(path, BYTES_PER_CORNER * corners) as unfinished, without_clock():
        WRITERS[form](unfinished, export)


def _table(session: Session, question: Any, asked: Mapping[str, Any]) -> gpd.GeoDataFrame:
    """Rows as a table; texts are guarded, counts may be missing."""
    found = session.execute(question, asked)
    names = list(found.keys())[:-1]  # the last is the shape
    rows = found.all()
    columns: dict[str, Any] = {}
    for k, name in enumerate(names):
        values = [row[k] for row in rows]
        if name in _TEXTS:
            columns[name] = np.array([guarded(value) for value in values], object)
        else:
            columns[name] = pd.array(values, dtype="Float64" if name in _MEASURES else "Int64")
    return gpd.GeoDataFrame(columns, geometry=shapes_of(row[-1] for row in rows), crs=STORED_CRS)


_TEXTS = ("code", "name", "kind", "community", "community_name", "grid")
_MEASURES = ("area_m2", "load", "deviation", "compactness")
_PLAN = text("""
    SELECT plan.name, plan.target, plan.least, plan.most, plan.weights IS NOT NULL AS by_formula,
        place.code AS place_code, place.name AS place_name
    FROM plan JOIN place ON place.id = plan.place_id WHERE plan.id = :plan
""")
_GRIDS = text(f"""
    SELECT grid.code, grid.name, grid.kind, community.code AS community, community.name AS community_name,
        households, buildings,
        round(area_m2::numeric, 2)::float8 AS area_m2,
        coalesce(grid.load, households) AS load, (measures ->> 'deviation')::float8 AS deviation,
        (measures ->> 'compactness')::float8 AS compactness,
        CASE WHEN {SPECIAL} THEN NULL WHEN households = 0 THEN {UNINHABITED} ELSE {CLASS} END AS class,
        ST_AsBinary(grid.outline) AS shape
    FROM grid JOIN place AS community ON community.id = grid.community_id
    WHERE grid.plan_id = :plan ORDER BY grid.code
""")  # noqa: S608 (constants)
_PLOTS = text("""
    SELECT plot.id AS plot, grid.code AS grid,
        counted.households, counted.buildings,
        round(plot.area_m2::numeric, 2)::float8 AS area_m2, ST_AsBinary(plot.geometry) AS shape
    FROM grid_plot JOIN grid ON grid.id = grid_plot.grid_id JOIN plot ON plot.id = grid_plot.plot_id
    JOIN tessellation_plot AS counted ON counted.tessellation_id = grid_plot.tessellation_id
        AND counted.plot_id = grid_plot.plot_id
    WHERE grid_plot.plan_id = :plan ORDER BY plot.id
""")
# From each grid to its buildings, as tiles do it (OFFSET 0): the outline stays prepared.
_BUILDINGS = text("""
    SELECT standing.code, standing.name, standing.kind, standing.floors, grid.code AS grid,
        standing.households, standing.shape
    FROM plan JOIN grid ON grid.plan_id = plan.id, LATERAL (
        SELECT id, code, name, kind, floors, households, position, ST_AsBinary(geometry) AS shape
        FROM building
        WHERE ST_Contains(grid.outline, position) AND place_id = plan.place_id AND retired_at IS NULL OFFSET 0
    ) AS standing
    WHERE plan.id = :plan ORDER BY standing.code, standing.id
""")


# --- Writers ---------------------------------------------------------------------------------------------


def _geopackage(path: Path, export: PlanExport) -> None:
    layers = {"grids": export.grids, "plots": export.plots, "buildings": export.buildings}
    for name, table in layers.items():
        if table is not None:
            options = {"DESCRIPTION": f"{export.about}. {DESCRIPTIONS[name]}", "IDENTIFIER": name}
            pyogrio.write_dataframe(
                table,
                path,
                layer=name,
                driver="GPKG",
                append=name != "grids",
                promote_to_multi=name != "plots",
                layer_options=options,
            )


def _for_qgis(path: Path, export: PlanExport) -> None:
    _geopackage(path, export)
    ranges = class_ranges(export.band)
    with closing(sqlite3.connect(path)) as database, database:
        qgis_style.write(database, ranges)


def _shapefile(path: Path, export: PlanExport) -> None:
    """The members of a Shapefile in one zip, attributes in UTF-8 with a .cpg that says so."""
    name = Path(export.file_name("shp")).stem
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.stem}.") as folder:
        table = export.grids.rename(columns=DBF_NAMES)
        pyogrio.write_dataframe(
            table,
            Path(folder) / f"{name}.shp",
            driver="ESRI Shapefile",
            encoding="UTF-8",
            layer_options={"DBF_DATE_LAST_UPDATE": "1970-01-01"},
        )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for ending in SHAPEFILE_PARTS:
                member = zipfile.ZipInfo(f"{name}{ending}", NO_TIME)
                member.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(member, (Path(folder) / f"{name}{ending}").read_bytes())


def _geojson(path: Path, export: PlanExport) -> None:
    """RFC 7946: CRS84, outer rings counter-clockwise; a feature a line."""
    shapes = shapely.orient_polygons(export.grids.geometry.to_numpy(), exterior_cw=False)
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    with path.open("w", encoding="utf-8") as out:
        head = {"type": "FeatureCollection", "bbox": [west, south, east, north], "name": export.about}
        out.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [\n')
        for k, (row, shape) in enumerate(zip(_plain_rows(export.grids), shapes, strict=True)):
            feature = {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(shape)}
            out.write(",\n" * (k > 0) + json.dumps(feature, ensure_ascii=False, allow_nan=False))
        out.write("\n]}\n")


def _plain_rows(table: gpd.GeoDataFrame) -> Iterator[dict[str, Any]]:
    """Attributes as JSON has them: what is missing is null."""
    plain = pd.DataFrame(table.drop(columns="geometry")).astype(object)
    plain = plain.where(plain.notna(), None)
    yield from plain.to_dict(orient="records")


KML_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>{about}</name>
"""
KML_STYLE = """<Style id="class-{number}"><LineStyle><color>ff{line}</color><width>1.5</width></LineStyle>\
<PolyStyle><color>{alpha:02x}{fill}</color></PolyStyle></Style>
"""


def _kml(path: Path, export: PlanExport) -> None:
    """A placemark a grid, coloured as in our legend; its name on screen is code · households."""
    with path.open("w", encoding="utf-8") as out:
        out.write(KML_HEAD.format(about=escape(export.about)))
        for number, fill in enumerate(
            (*qgis_style.FILLS, qgis_style.UNINHABITED_FILL, qgis_style.SPECIAL_FILL)
        ):
            facts = {"fill": _bgr(fill), "line": _bgr(qgis_style.GRID_LINE), "alpha": 0x99}
            out.write(KML_STYLE.format(number=number, **facts))
        shapes = export.grids.geometry.to_numpy()
        for row, shape in zip(_plain_rows(export.grids), shapes, strict=True):
            out.write(_placemark(row, shape))
        out.write("</Document></kml>\n")


def _bgr(colour: str) -> str:
    """A colour in the order KML has.

    >>> _bgr("#2166ac")
    'ac6621'
    """
    return colour[5:7] + colour[3:5] + colour[1:3]


def _placemark(row: Mapping[str, Any], shape: shapely.Geometry) -> str:
    households = UNTOLD if row["households"] is None else row["households"]
    number = UNINHABITED + 1 if row["class"] is None else row["class"]
    told = "".join(_kml_value(KML_NAMES.get(name, name), value) for name, value in row.items())
    polygons = "".join(_kml_polygon(part) for part in shapely.get_parts(shape))
    return (
        f"<Placemark><name>{escape(row['code'])} · {escape(str(households))}</name>"
        f"<styleUrl>#class-{number}</styleUrl><ExtendedData>{told}</ExtendedData>"
        f"<MultiGeometry>{polygons}</MultiGeometry></Placemark>\n"
    )


def _kml_value(name: str, value: Any) -> str:
    said = "" if value is None else escape(str(value))
    return f"<Data name={quoteattr(name)}><value>{said}</value></Data>"


def _kml_polygon(polygon: shapely.Geometry) -> str:
    rings = [_kml_ring("outerBoundaryIs", polygon.exterior)]
    rings += [_kml_ring("innerBoundaryIs", ring) for ring in polygon.interiors]
    return f"<Polygon>{''.join(rings)}</Polygon>"


def _kml_ring(where: str, ring: shapely.Geometry) -> str:
    corners = " ".join(
        f"{lon:.{DECIMALS}f},{lat:.{DECIMALS}f}" for lon, lat in shapely.get_coordinates(ring).tolist()
    )
    return f"<{where}><LinearRing><coordinates>{corners}</coordinates></LinearRing></{where}>"


WRITERS: dict[str, Callable[[Path, PlanExport], None]] = {
    "gpkg": _geopackage,
    "shp": _shapefile,
    "kml": _kml,
    "geojson": _geojson,
    "qgis": _for_qgis,
}
