"""Draw a district, at the scale of the whole or of a street."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

LIGHT = {
    "land": "#F7F6F3",
    "water": "#CFE2EC",
    "green": "#E3ECDB",
    "building": "#E2DED7",
    "casing": "#D8D3CB",
    "text": "#1C2024",
    "muted": "#5F6770",
    "line": "#DADDE1",
    "accent": "#0B6E69",
}
KIND_COLOURS = {
    "residential": "#D9CFC0",
    "commercial": "#E6C9A8",
    "school": "#C7D3E8",
    "hospital": "#E8C4C4",
    "market": "#EAD59A",
    "industrial": "#CFCBD6",
    "public": "#BFD3CF",
    "construction": "#EDEDED",
}
GROUND_COLOURS = {"square": "#EFEBE3", "farmland": "#F1F0DF", "orchard": "#E6ECD4"}
PIXELS = 1800
DOTS_PER_INCH = 100


def draw(
    layers: dict[str, gpd.GeoDataFrame],
    path: str | Path,
    window_m: tuple[float, float, float, float] | None = None,
) -> None:
    """Save a PNG of the district.

    window_m: west, south, east, north in metres from the middle of the outline's box; by default all.
    """
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as missing:
        raise ModuleNotFoundError(
            "A picture needs matplotlib: install the 'bench' group (uv sync --group bench)"
        ) from missing
    del mpl
    metric = {name: layer.to_crs("EPSG:4547") for name, layer in layers.items()}
    west, south, east, north = metric["boundary"].total_bounds
    hub = np.array([(west + east) / 2, (south + north) / 2])
    box = (west - 60, south - 60, east + 60, north + 60)
    if window_m is not None:
        box = (hub[0] + window_m[0], hub[1] + window_m[1], hub[0] + window_m[2], hub[1] + window_m[3])
    width, height = box[2] - box[0], box[3] - box[1]
    inches = PIXELS / DOTS_PER_INCH
    figure = Figure(figsize=(inches, inches * height / width), dpi=DOTS_PER_INCH, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    points_per_m = inches * 72 / width
    near = window_m is not None
    clip = shapely.box(*box).buffer(200)
    view = {name: layer[layer.intersects(clip)] for name, layer in metric.items()}

    view["boundary"].plot(ax=axes, facecolor=LIGHT["land"], edgecolor="none", zorder=0)
    if len(view["green"]):
        grounds = [GROUND_COLOURS.get(kind, LIGHT["green"]) for kind in view["green"]["kind"]]
        view["green"].plot(ax=axes, facecolor=grounds, edgecolor="none", zorder=1)
    water = view["water"]
    shapes, canals = water[water["kind"] != "canal"], water[water["kind"] == "canal"]
    if len(shapes):
        shapes.plot(ax=axes, facecolor=LIGHT["water"], edgecolor="#9FBFD0", linewidth=0.6, zorder=2)
    if len(canals):
        canals.plot(ax=axes, color=LIGHT["water"], linewidth=9 * points_per_m, zorder=2)
    _draw_streets(axes, view["streets"], points_per_m)
    if len(view["railways"]):
        view["railways"].plot(ax=axes, color="#8A8F96", linewidth=max(1.2, 5 * points_per_m), zorder=6)
        view["railways"].plot(
            ax=axes, color="white", linewidth=max(0.7, 3 * points_per_m), linestyle=(0, (4, 4)), zorder=6
        )
    walls = view["compounds"]
    if len(walls):
        walls.plot(
            ax=axes,
            facecolor="none",
            edgecolor="#A89F92",
            linewidth=1.2 if near else 0.35,
            linestyle="-",
            zorder=7,
        )
    houses = view["buildings"]
    houses.plot(
        ax=axes,
        facecolor=[KIND_COLOURS[k] for k in houses["kind"]],
        edgecolor="#9C9488",
        linewidth=0.7 if near else 0.12,
        zorder=8,
    )
    communities = view["admin"][view["admin"]["level"] == "community"]
    subdistricts = view["admin"][view["admin"]["level"] == "subdistrict"]
    communities.boundary.plot(
        ax=axes, color=LIGHT["accent"], linewidth=1.1, linestyle=(0, (5, 3)), alpha=0.75, zorder=9
    )
    subdistricts.boundary.plot(ax=axes, color=LIGHT["accent"], linewidth=2.2, alpha=0.8, zorder=9)
    view["boundary"].boundary.plot(ax=axes, color=LIGHT["text"], linewidth=1.8, zorder=9)
    axes.set_xlim(box[0], box[2])
    axes.set_ylim(box[1], box[3])
    axes.set_aspect("equal")
    figure.savefig(path)


def _draw_streets(axes, streets: gpd.GeoDataFrame, points_per_m: float) -> None:
    """Casing first, then the carriageways, so that crossings flow together; bridges on top."""
    for bridge in (False, True):
        part = streets[streets["bridge"] == bridge]
        for casing in (True, False):
            for highway in (
                "footway",
                "service",
                "living_street",
                "residential",
                "tertiary",
                "secondary",
                "primary",
            ):
                here = part[part["highway"] == highway]
                if here.empty:
                    continue
                width = np.maximum(0.35, here["width_m"].to_numpy() * points_per_m)
                colour = ("#8A8F96" if bridge else LIGHT["casing"]) if casing else "#FFFFFF"
                here.plot(
                    ax=axes,
                    color=colour,
                    linewidth=width + (1.0 if casing else 0.0),
                    zorder=5 if bridge else 3 + (not casing) * 0.5,
                )
