"""Hot spots are found where they were planted, and hardly ever where chance alone dealt."""

import numpy as np
import pytest
import shapely

from app.geo.hot_spots import FEWEST, hot_spots, neighbours


def chequers(side: int) -> np.ndarray:
    return np.array([shapely.box(k % side, k // side, k % side + 1, k // side + 1) for k in range(side**2)])


def test_squares_have_the_eight_around_them_for_neighbours():
    first, second = neighbours(chequers(3))

    assert np.bincount(first).tolist() == [3, 5, 3, 5, 8, 5, 3, 5, 3]
    assert set(zip(first, second, strict=True)) == set(zip(second, first, strict=True))


def test_what_was_planted_is_found_and_little_else():
    side = 24
    values = np.random.default_rng(1).poisson(3, side**2).astype(float)
    planted = np.zeros((side, side), bool)
    planted[8:12, 8:12] = True
    values[planted.ravel()] += 8

    found = hot_spots(values, *neighbours(chequers(side)), np.random.default_rng(5))

    hot = (found.is_significant & (found.z > 0)).reshape(side, side)
    around = np.zeros((side, side), bool)
    around[7:13, 7:13] = True
    assert hot[9:11, 9:11].all()
    assert (hot & ~around).sum() <= 1
    assert (found.is_significant & (found.z < 0)).sum() <= 1


def test_chance_alone_is_named_in_hardly_any_of_many_towns():
    pairs = neighbours(chequers(15))
    named = 0
    for seed in range(20):
        values = np.random.default_rng(seed).poisson(2, 225).astype(float)
        named += hot_spots(values, *pairs, np.random.default_rng(5)).is_significant.any()

    assert named <= 3


def test_chances_are_those_of_conditional_permutations():
    side = 12
    values = np.random.default_rng(4).poisson(3, side**2).astype(float)
    first, second = neighbours(chequers(side))
    rng = np.random.default_rng(7)

    found = hot_spots(values, first, second, np.random.default_rng(5))

    for area in (0, 17, 40, 99):
        beside, others = second[first == area], np.delete(values, area)
        sums = [rng.choice(others, len(beside), replace=False).sum() for _ in range(4_000)]
        seen = values[beside].sum()
        smaller = min(np.mean(np.array(sums) >= seen), np.mean(np.array(sums) <= seen))
        assert found.p[area] == pytest.approx(min(1, 2 * smaller), abs=0.05)


def test_z_is_that_of_esda():
    from esda import G_Local  # takes two seconds, and only this needs it
    from libpysal.weights import W

    side = 12
    values = np.random.default_rng(4).poisson(3, side**2).astype(float)
    first, second = neighbours(chequers(side))

    found = hot_spots(values, first, second, np.random.default_rng(5))

    beside = {area: second[first == area].tolist() for area in range(len(values))}
    theirs = G_Local(values, W(beside), transform="B", star=True, permutations=0)
    assert np.allclose(found.z, theirs.Zs)


def test_nothing_is_said_of_few_areas_of_equal_values_or_of_what_is_alone():
    pairs = neighbours(chequers(3))
    rng = np.random.default_rng(5)

    assert FEWEST == 10
    assert np.isnan(hot_spots(np.arange(9.0), *pairs, rng).z).all()
    assert np.isnan(hot_spots(np.ones(100), *neighbours(chequers(10)), rng).z).all()

    alone = np.append(chequers(4), shapely.box(90, 90, 91, 91))
    values = np.append(np.arange(16.0), 99.0)
    assert np.isnan(hot_spots(values, *neighbours(alone), rng).z).tolist() == [False] * 16 + [True]
