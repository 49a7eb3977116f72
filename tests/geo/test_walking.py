"""The order of a walk: over streets, not through houses; near the shortest; quick for a whole day."""

from itertools import permutations
from time import perf_counter

import numpy as np
import pytest
import shapely

from app.geo.walking import DETOUR, exact, length, shortened, walk, walked_metres

SIDE = 100.0


def lattice(size=6):
    """Streets of a town of square blocks, 100 m apart."""
    edge = (size - 1) * SIDE
    lines = [shapely.LineString([(0, at * SIDE), (edge, at * SIDE)]) for at in range(size)]
    return np.array([*lines, *(shapely.LineString([(y, x) for x, y in line.coords]) for line in lines)])


def town(count, seed):
    """Stops beside streets and the metres between them."""
    rng = np.random.default_rng(seed)
    stops = rng.random((count, 2)) * 5 * SIDE
    return walked_metres(lattice(), stops)


def padded(metres):
    made = np.zeros((len(metres) + 1, len(metres) + 1))
    made[:-1, :-1] = metres
    return made


def test_metres_go_round_the_block():
    stops = np.array([[50.0, 10], [50, 90], [150, 0]])

    metres = walked_metres(lattice(), stops)

    assert metres[0, 1] == pytest.approx(10 + 50 + 100 + 50 + 10)
    assert metres[0, 2] == pytest.approx(10 + 100)
    assert (metres == metres.T).all()
    assert (np.diag(metres) == 0).all()


def test_two_stops_on_one_street_do_not_go_to_its_end():
    metres = walked_metres(lattice(), np.array([[20.0, 5], [40, 5], [60, 5]]))

    assert metres[0, 2] == pytest.approx(5 + 40 + 5)


def test_where_no_street_leads_the_straight_line_stands_in():
    apart = np.array([shapely.LineString([(0, 0), (10, 0)]), shapely.LineString([(0, 90), (10, 90)])])
    stops = np.array([[5.0, 0], [5, 90]])

    assert walked_metres(apart, stops)[0, 1] == pytest.approx(90 * DETOUR)
    assert walked_metres(np.array([]), stops)[0, 1] == pytest.approx(90 * DETOUR)


@pytest.mark.parametrize("count", [1, 2, 5, 9, 14])
@pytest.mark.parametrize("start", [0, None])
def test_every_stop_is_called_at_once(count, start):
    order = walk(town(count, seed=count), np.random.default_rng(1), start)

    assert sorted(order) == list(range(count))
    assert start is None or order[0] == start


def test_few_stops_are_walked_in_the_best_of_all_orders():
    metres = town(6, seed=3)

    best = min(length(metres, [0, *rest]) for rest in permutations(range(1, 6)))

    assert length(metres, walk(metres, np.random.default_rng(1), 0)) == pytest.approx(best)


def test_fifty_walks_of_eleven_stops_are_near_the_optimum():
    over = []
    for seed in range(50):
        metres = padded(town(11, seed))
        ours = shortened(metres, [*range(11), 11], np.random.default_rng(seed))
        over.append(length(metres, ours) / length(metres, exact(metres, 0)) - 1)

    assert np.mean(over) < 0.005
    assert max(over) < 0.05


def test_a_day_of_eighty_stops_is_ordered_while_one_waits():
    metres = town(80, seed=80)
    began = perf_counter()
    order = walk(metres, np.random.default_rng(1), 0)

    assert perf_counter() - began < 10
    assert length(metres, order) < length(metres, list(range(80))) / 3


def test_same_stops_same_walk():
    metres = town(20, seed=2)

    assert walk(metres, np.random.default_rng(5)) == walk(metres, np.random.default_rng(5))
