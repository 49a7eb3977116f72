"""A block that was cut before is not cut again, and nobody can tell by the plots."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import shapely

from app.geo.district import District
from app.geo.tessellate import Settings, Tessellation, tessellate
from tests.geo.towns import here, houses, town

STREETS = [[(120, 0), (120, 240)], [(0, 120), (240, 120)]]


class Shelf:
    """A cache in memory that tells what was asked of it."""

    def __init__(self) -> None:
        self.rows: dict[bytes, bytes] = {}
        self.written: list[bytes] = []

    def get(self, keys: Collection[bytes]) -> Mapping[bytes, bytes]:
        return {key: self.rows[key] for key in keys if key in self.rows}

    def put(self, rows: Mapping[bytes, bytes]) -> None:
        self.rows |= rows
        self.written += rows


def four_blocks(**more) -> District:
    """Four blocks of houses, no two of the blocks alike."""
    sizes = {(0, 0): 0, (120, 0): 2, (0, 120): 4, (120, 120): 6}
    built = [
        shapely.transform(house, lambda xy, at=(x, y), wider=wider: xy * (1 - wider / 100) + np.array(at))
        for (x, y), wider in sizes.items()
        for house in houses(4, 4)
    ]
    return town(shapely.box(0, 0, 240, 240), built, streets=STREETS, **more)


def moved_house(district: District, number: int) -> District:
    shapes = district.buildings.geometry.to_numpy().copy()
    shapes[number] = shapely.transform(shapes[number], lambda xy: xy + 1.5)
    return replace(district, buildings=district.buildings.set_geometry(shapes))


def ground(plots: Tessellation) -> list[bytes]:
    return list(shapely.to_wkb(plots.polygons))


def assert_equal(one: Tessellation, other: Tessellation) -> None:
    assert ground(one) == ground(other)
    assert one.plot_of_building.tolist() == other.plot_of_building.tolist()
    for name in ("i", "j", "metres", "kind", "wall"):
        assert np.array_equal(getattr(one.table.edges, name), getattr(other.table.edges, name))


def test_kept_blocks_give_the_same_plots_to_the_last_byte():
    district, shelf = four_blocks(), Shelf()

    bare, first, again = (tessellate(district, cache=cache) for cache in (None, shelf, shelf))

    assert len(shelf.written) == 4
    assert_equal(bare, first)
    assert_equal(bare, again)


def test_a_changed_block_costs_only_itself_and_leaves_the_others_alone():
    district, shelf = four_blocks(), Shelf()
    before = tessellate(district, cache=shelf)
    shelf.written.clear()

    after = tessellate(moved_house(district, 5), cache=shelf)

    assert len(shelf.written) == 1
    elsewhere = shapely.disjoint(before.polygons, here(shapely.box(-1, -1, 119.9, 119.9)))
    assert elsewhere.sum() == 48
    assert {*ground(before)} & {*ground(after)} >= {
        shape for shape, other in zip(ground(before), elsewhere, strict=True) if other
    }
    assert_equal(after, tessellate(moved_house(district, 5)))


def test_what_is_kept_does_not_depend_on_the_order_of_rows_nor_on_what_lies_around():
    shelf = Shelf()
    district = four_blocks()
    tessellate(district, cache=shelf)
    shelf.written.clear()
    backwards = replace(district, buildings=district.buildings[::-1].reset_index(drop=True))
    wider = town(
        shapely.box(-50, -70, 240, 240),
        [shapely.transform(s, lambda xy: xy - [500_000, 4_000_000]) for s in district.buildings.geometry],
        streets=[[(0, 0), (0, 240)], [(0, 0), (240, 0)], *STREETS],
    )

    tessellate(backwards, cache=shelf)
    tessellate(wider, cache=shelf)

    assert len(shelf.written) == 1  # the strip around the town


def test_other_settings_are_another_key():
    shelf = Shelf()

    tessellate(four_blocks(), cache=shelf)
    tessellate(four_blocks(), cache=shelf, settings=Settings(smooth=0.5))

    assert len(shelf.rows) == 8


def test_spoilt_rows_are_cut_anew_and_rewritten():
    district, shelf = four_blocks(), Shelf()
    sound = tessellate(district, cache=shelf)
    kept = dict(shelf.rows)
    a, b, c, d = sorted(kept)
    shelf.rows |= {a: b"", b: kept[b][:-1], c: kept[c][:40] + bytes(1) + kept[c][41:], d: kept[a]}
    shelf.written.clear()

    again = tessellate(district, cache=shelf)

    assert_equal(sound, again)
    assert shelf.rows == kept
    assert sorted(shelf.written) == [a, b, c, d]
