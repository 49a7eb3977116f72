"""Plot tables as arrays in a file: all that a division needs, read without a geometry library."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np

from app.geo.plots import Band, Edges, PlotTable

BAND = Band.around(300, 0.10)


def arrays_of(table: PlotTable) -> dict[str, np.ndarray]:
    """Its columns by name, those of its edges with `edges_` before."""
    own = {name: getattr(table, name) for name in _own()}
    return own | {f"edges_{field.name}": getattr(table.edges, field.name) for field in fields(Edges)}


def load_table(path: Path) -> PlotTable:
    """The plot table of a case's file."""
    with np.load(path) as arrays:
        edges = Edges(**{field.name: arrays[f"edges_{field.name}"] for field in fields(Edges)})
        return PlotTable(**{name: arrays[name] for name in _own()}, edges=edges)


def _own() -> list[str]:
    return [field.name for field in fields(PlotTable) if field.name != "edges"]
