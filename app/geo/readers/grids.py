"""Grids that somebody made, read to be examined: as they stand in the file, with nothing mended."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from app.errors import Refusal
from app.geo.certificate import Grids
from app.geo.crs import is_lonlat, to_lonlat
from app.geo.readers import size_mb
from app.geo.readers.child import in_child
from app.geo.readers.options import Limits

SPECIAL_KINDS = ("mall", "market", "park", "site")  # as `Grid.kind` of the models has them


def read_grids(path: Path, limits: Limits) -> Grids:
    """The layer `grids` of a file: code, households and, where there, in_band; lon/lat as it is written.

    Another CRS is converted. Refused as other files are, and with `grids_column_missing`,
    `grids_count_unreadable` and `grids_crs_unknown`.
    """
    file = path.name
    size = size_mb(path, file)
    if size > limits.file_mb:
        raise Refusal("file_too_large", file=file, size_mb=f"{size:.1f}", most_mb=f"{limits.file_mb:g}")
    said, arrays = in_child("grids", {"path": str(path.resolve()), "file": file}, limits, file=file)
    try:
        lengths = arrays["lengths"]
        ends = np.cumsum(lengths)
        blob = arrays["wkb"].tobytes()
        shapes = np.empty(len(lengths), dtype=object)
        shapes[:] = [
            blob[end - size : end] for end, size in zip(ends.tolist(), lengths.tolist(), strict=True)
        ]
        shapes = shapely.force_2d(shapely.from_wkb(shapes))
        codes = [str(code) for code in said["code"]]
        special = np.array([kind in SPECIAL_KINDS for kind in said["kind"]], np.bool_)
        households, in_band = arrays["households"], arrays.get("in_band")
        if not len(codes) == len(special) == len(households) == len(shapes):
            raise ValueError("columns of grids differ in length")
    except (KeyError, TypeError, ValueError, shapely.GEOSException):
        raise Refusal("reader_stopped", file=file) from None  # not what our reader sends
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6))
    shapes[~polygonal] = shapely.Polygon()
    return Grids(codes, _in_degrees(shapes, said["crs"], file), households, in_band, special)


def _in_degrees(shapes: np.ndarray, stated: str | None, file: str) -> np.ndarray:
    try:
        crs = CRS.from_user_input(stated or "")
    except CRSError:
        raise Refusal("grids_crs_unknown", file=file) from None
    lonlat = shapes if is_lonlat(crs) else to_lonlat(shapes, crs)
    xy = shapely.get_coordinates(lonlat)
    if not np.isfinite(xy).all() or (np.abs(xy) > [180.0, 90.0]).any():
        raise Refusal("grids_crs_unknown", file=file)
    return lonlat
