"""What heat costs: tiles, areas and summary of a million hazards, beside folium's HeatMap and datashader.

    script/bench heat [--hazards 1000000] [--grids 3400] [--tiles 200]

All in one process on the same points, without the way over HTTP: hazards around some hundred middles of a
city 30 km wide, with their kinds, severities and days; grids as squares.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from app.geo.density import to_world
from app.services import heat, heat_areas, heat_picture
from app.services.heat import Ground, Wish
from app.services.heat_points import NEVER, KeptPoints, Points

WEST, SOUTH, SIDE = 113.0, 36.1, 0.3
DAY = 86_400
NOW = 20_000 * DAY
KINDS = ("electric", "fire", "gas", "noise")


def made_points(number: int, rng: np.random.Generator) -> tuple[Points, np.ndarray[Any, Any]]:
    """So many hazards, and where they are in degrees."""
    middles = rng.uniform((WEST, SOUTH), (WEST + SIDE, SOUTH + SIDE), (400, 2))
    lonlat = middles[rng.integers(0, 400, number)] + rng.normal(0, 0.006, (number, 2))
    lonlat = np.clip(lonlat, (WEST, SOUTH), (WEST + SIDE, SOUTH + SIDE))
    x, y = to_world(lonlat[:, 0], lonlat[:, 1])
    reported = NOW - rng.integers(1, 180 * DAY, number)
    is_open = rng.random(number) < 0.4
    points = Points(
        KINDS,
        np.array([2.0, 3.0, 3.0, 1.0]),
        np.arange(1, number + 1),
        x,
        y,
        rng.integers(0, 4, number).astype(np.int8),
        rng.integers(1, 4, number).astype(np.int8),
        np.where(is_open, 5, 8).astype(np.int8),
        np.ones(number, np.int64),
        reported,
        reported + 5 * DAY,
        np.where(is_open, NEVER, np.minimum(NOW - 1, reported + rng.integers(1, 9 * DAY, number))),
        "bench",
    )
    return points, lonlat


def made_areas(number: int) -> heat_areas.Areas:
    """About so many square grids."""
    a_side = round(number**0.5)
    edge = np.linspace(0, SIDE, a_side + 1)
    column, row = np.arange(a_side**2) % a_side, np.arange(a_side**2) // a_side
    outlines = shapely.box(
        WEST + edge[column], SOUTH + edge[row], WEST + edge[column + 1], SOUTH + edge[row + 1]
    )
    names = tuple(map(str, range(a_side**2)))
    return heat_areas.Areas(
        "grid", ("bench",), tuple(range(a_side**2)), names, names, (300,) * a_side**2,
        ("c",) * a_side**2, outlines,
    )  # fmt: skip


def took(act: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds, and what came of it."""
    began = time.perf_counter()
    found = act()
    return (time.perf_counter() - began) * 1000, found


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--hazards", type=int, default=1_000_000)
    options.add_argument("--grids", type=int, default=3_400)
    options.add_argument("--tiles", type=int, default=200)
    wanted = options.parse_args()
    rng = np.random.default_rng(1)
    points, lonlat = made_points(wanted.hazards, rng)
    ground = Ground("1", "1", (1,), (WEST, SOUTH, WEST + SIDE, SOUTH + SIDE))
    kept, wish = KeptPoints(), Wish(0, NOW)
    heat.tile(heat.chosen(KeptPoints(), points, ground, wish), 12, 3, 3, 250)  # compiled
    first, _ = took(lambda: heat.summary(kept, points, ground, wish))
    print(f"summary of {len(points):,} hazards, first time: {first:,.0f} ms")
    tiles(kept, points, ground, wish, wanted.tiles, rng)
    areas = made_areas(wanted.grids)
    for name, more in (("counts, first time", {}), ("counts again", {}), ("Gi*", {"with_spots": True})):
        spent, _ = took(lambda more=more: heat_areas.told(kept, points, ground, areas, wish, **more))
        print(f"{len(areas):,} grids, {name}: {spent:,.0f} ms")
    beside(kept, points, ground, wish, lonlat)


def tiles(
    kept: KeptPoints, points: Points, ground: Ground, wish: Wish, number: int, rng: np.random.Generator
) -> None:
    """Tiles of any zoom where there is something, as the page asks for them."""
    spent, sizes = [], []
    for _ in range(number):
        z, at = int(rng.integers(10, 18)), int(rng.integers(0, len(points)))
        x, y = int(points.x[at] * 2**z), int(points.y[at] * 2**z)

        def drawn(z: int = z, x: int = x, y: int = y) -> bytes:
            some = heat.chosen(kept, points, ground, wish)
            return heat_picture.png(heat_picture.levels(heat.tile(some, z, x, y, 250), 500.0), "light")

        milliseconds, picture = took(drawn)
        spent.append(milliseconds)
        sizes.append(len(picture))
    p50, p95 = np.percentile(spent, (50, 95))
    print(
        f"{number} tiles, zooms 10 to 17: p50 {p50:.0f} ms, p95 {p95:.0f} ms, {np.mean(sizes) / 1000:.1f} kB"
    )


def beside(
    kept: KeptPoints, points: Points, ground: Ground, wish: Wish, lonlat: np.ndarray[Any, Any]
) -> None:
    """One picture of the whole place: ours, datashader's, and a page of folium's."""
    some = heat.chosen(kept, points, ground, wish)
    spent, picture = took(
        lambda: heat_picture.png(heat_picture.levels(heat.picture(some, ground.frame, 250), 500.0), "light")
    )
    print(f"whole place, ours (kernel of 250 m): {spent:,.0f} ms, {len(picture) / 1000:,.0f} kB")
    import datashader
    import pandas as pd
    from folium import Map
    from folium.plugins import HeatMap

    table = pd.DataFrame({"lon": lonlat[some.at, 0], "lat": lonlat[some.at, 1], "weight": some.weight})
    canvas = datashader.Canvas(512, 512)
    shade = datashader.transfer_functions.shade

    def shaded() -> bytes:
        return bytes(shade(canvas.points(table, "lon", "lat", datashader.sum("weight"))).to_bytesio().read())

    took(shaded)  # compiled
    spent, picture = took(shaded)
    print(f"whole place, datashader (no kernel): {spent:,.0f} ms, {len(picture) / 1000:,.0f} kB")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "heat.html"

        def page() -> None:
            shown = Map([SOUTH + SIDE / 2, WEST + SIDE / 2], zoom_start=11)
            HeatMap(table[["lat", "lon", "weight"]].to_numpy().tolist()).add_to(shown)
            shown.save(str(path))

        spent, _ = took(page)
        size = path.stat().st_size / 1000
        print(f"whole place, folium (a page still to be drawn): {spent:,.0f} ms, {size:,.0f} kB")


if __name__ == "__main__":
    main()
