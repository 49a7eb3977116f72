"""Points find the polygon they are in as shapely finds it."""

import numpy as np
import pytest
import shapely

from app.geo.locate import located


def shapely_says(x, y, polygons):
    where = np.full(len(x), -1)
    at, shape = shapely.STRtree(polygons).query(shapely.points(x, y), predicate="intersects")
    where[at[::-1]] = shape[::-1]
    return where


def towns(seed):
    """A hundred cells that tile a square, some of them together, one with a hole, one away."""
    rng = np.random.default_rng(seed)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(rng.random((100, 2)))))
    cells = shapely.intersection(cells, shapely.box(0, 0, 1, 1))
    holed = shapely.difference(cells[3], shapely.centroid(cells[3]).buffer(0.01))
    apart = shapely.union_all([cells[10], shapely.box(1.5, 1.5, 1.6, 1.6)])
    return np.array([*cells[:3], holed, *cells[4:10], apart, *cells[11:]], dtype=object)


@pytest.mark.parametrize("seed", range(4))
def test_points_are_in_the_polygon_shapely_finds(seed):
    rng, polygons = np.random.default_rng([seed, 1]), towns(seed)
    x, y = rng.uniform(-0.2, 1.7, (2, 5_000))

    assert located(x, y, polygons).tolist() == shapely_says(x, y, polygons).tolist()


def test_corners_and_edges_are_of_the_first_that_has_them():
    polygons = shapely.box([0, 1, 0, 1], [0, 0, 1, 1], [1, 2, 1, 2], [1, 1, 2, 2])
    x, y = (axis.ravel() for axis in np.meshgrid([0.0, 0.5, 1.0, 2.0, 2.5], [0.0, 0.5, 1.0, 2.0]))

    assert located(x, y, polygons).tolist() == shapely_says(x, y, polygons).tolist()


def test_none_of_none():
    assert located(np.array([]), np.array([]), towns(1)).tolist() == []
    assert located(np.array([1.0]), np.array([1.0]), np.array([], dtype=object)).tolist() == [-1]
    assert located(np.array([1.0, 2.0]), np.array([1.0, 1.0]), shapely.box([1], 1, [1], 1)).tolist() == [
        0,
        -1,
    ]
