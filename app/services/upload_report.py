"""What a person sees of files before anything of them is stored: figures, reasons, a small drawing."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.geo.crs import to_lonlat
from app.services.importing import CODE, LEVELS

if TYPE_CHECKING:
    from app.geo.district import District

ROWS_SHOWN = 2_000
DRAWING_WIDTH = 1000  # units, which are about pixels
MOST_CORNERS = 60_000
LAYERS_DRAWN = ("green", "water", "streets", "railways", "buildings")
LAYERS = ("buildings", "streets", "water", "railways", "compounds", "admin", "green", "entrances")


def report(district: District) -> dict[str, Any]:
    """Figures, reasons, and the first rows that were mended or refused, as JSON."""
    outline = np.array([district.outline], dtype=object)
    bounds = shapely.total_bounds(to_lonlat(outline, district.crs))
    buildings = district.buildings
    by_source = buildings.groupby("households_source")["households"].agg(["count", "sum"])
    return {
        **district.report.to_dict(ROWS_SHOWN),
        "mended": [asdict(mended) for mended in district.report.mends[:ROWS_SHOWN]],  # not in English yet
        "buildings": len(buildings),
        "households": int(buildings["households"].sum()),
        "households_by_source": {
            str(source): {"buildings": int(row["count"]), "households": int(row["sum"])}
            for source, row in by_source.iterrows()
        },
        "kept": {name: len(frame) for name in LAYERS if (frame := getattr(district, name)) is not None},
        "areas_by_level": _areas_by_level(district),
        "area_m2": round(float(district.outline.area), 1),
        "outline_source": district.outline_source,
        "extent": [round(float(edge), 6) for edge in bounds],
        "suggested_code": _district_code(district),
    }


def _areas_by_level(district: District) -> dict[str, int]:
    """How many districts, subdistricts and communities there are by the digits of their codes.

    `uncoded`: those without a division code, which no place is made of.
    """
    codes = [str(code or "") for code in district.admin["code"]]
    return dict(Counter(LEVELS[len(code)] if CODE.fullmatch(code) else "uncoded" for code in codes))


def _district_code(district: District) -> str | None:
    """The six digits with which the codes of all administrative areas begin."""
    codes = {str(code)[:6] for code in district.admin["code"].dropna() if str(code).isdigit()}
    (code,) = codes if len(codes) == 1 else (None,)
    return code if code is not None and len(code) == 6 else None


def places_there(session: Session, hull_wkb: bytes) -> list[dict[str, Any]]:
    """Places that share ground with what was read, those that share most first.

    Returns code, and the share (0–1) of the ground read that lies in the place.
    """
    question = text(
        """
        WITH ground AS (SELECT ST_SetSRID(ST_GeomFromWKB(:wkb), 4326) AS outline)
        SELECT code,
            ST_Area(ST_Intersection(place.outline, ground.outline)) / ST_Area(ground.outline) AS share
        FROM place, ground
        WHERE ST_Intersects(place.outline, ground.outline)
        ORDER BY share DESC, nlevel(path)
        LIMIT 50
        """
    )
    rows = session.execute(question, {"wkb": hull_wkb})
    return [{"code": code, "share": round(float(share), 4)} for code, share in rows]


def hull(district: District) -> bytes:
    """The convex hull of the outline in lon/lat: enough to see where it lies."""
    hull = np.array([shapely.convex_hull(district.outline)], dtype=object)
    return bytes(shapely.to_wkb(to_lonlat(hull, district.crs)[0]))


def drawing(district: District) -> dict[str, Any]:
    """The ground as paths of an SVG, a thousand units wide: outline, streets, water, buildings.

    Coordinates are whole units; parts smaller than one are left out.
    """
    west, south, east, north = shapely.bounds(district.outline)
    scale = DRAWING_WIDTH / max(east - west, 1.0)
    height = max(1, round((north - south) * scale))

    def placed(xy: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.column_stack([(xy[:, 0] - west) * scale, (north - xy[:, 1]) * scale])

    paths = {"outline": _path(shapely.transform(np.array([district.outline], dtype=object), placed), 0.5)}
    for name in LAYERS_DRAWN:
        frame = getattr(district, name)
        if frame is not None and len(frame):
            shapes = np.asarray(frame.geometry.values, dtype=object)
            paths[name] = _path(shapely.transform(shapes, placed), 0.7)
    return {"width": DRAWING_WIDTH, "height": height, "paths": paths, "crs": district.crs.to_string()}


def _path(shapes: Any, tolerance: float) -> str:
    """SVG's words for shapes, the largest first, until there are corners enough."""
    parts = shapely.get_parts(shapely.simplify(shapes, tolerance))
    size = np.where(shapely.get_dimensions(parts) == 2, shapely.area(parts), shapely.length(parts))
    words: list[str] = []
    corners = 0
    for part in parts[np.argsort(-size)]:
        if corners > MOST_CORNERS:
            break
        rings = [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
        for ring in rings:
            xy = np.rint(shapely.get_coordinates(ring)).astype(int)
            xy = xy[np.r_[True, (np.diff(xy, axis=0) != 0).any(axis=1)]]
            if len(xy) < 2:
                continue
            corners += len(xy)
            words.append("M" + "L".join(f"{x} {y}" for x, y in xy.tolist()))
    return "".join(words)
