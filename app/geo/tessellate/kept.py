"""Cut blocks that can be kept: a block changed costs only itself when a district is cut again.

What cutting a block gives depends on nothing but its ring, the footprints in it and whose they are, the
settings, and the code that cuts. For that each block is put into coordinates of its own (whole centimetres
from the south-west corner of its box), with rings and footprints in an order that no file decides. The hash
of all this is the block's key; a block with a known key need not be cut. Both a block that is cut now and
one that was kept come out of the same bytes, so that they are the same ground to the last corner.
"""

from __future__ import annotations

import hashlib
import inspect
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
import numpy.typing as npt
import scipy
import shapely

from app.geo import partition
from app.geo.plots import IntArray
from app.geo.tessellate import arrangement, ground
from app.geo.tessellate.arrangement import Shapes

SIGN = b"gkb1"
DIGEST_BYTES = 16
_COUNTS = 3


class GroundCache(Protocol):
    """Where cut blocks are kept; it may lose any of them at any time."""

    def get(self, keys: Collection[bytes]) -> Mapping[bytes, bytes]:
        """What is kept of these keys."""

    def put(self, rows: Mapping[bytes, bytes]) -> None:
        """Keep these blocks, in place of what was kept of the same keys."""


@dataclass(frozen=True)
class Block:
    """A block to be cut, in coordinates of its own.

    key: hash of all that its cut ground depends on. ring, parts: WKB of the block and its footprints.
    owner: whose each footprint is, 0 … k-1. owners: what these k are called in the district, shape (k,).
    origin: where the block's (0, 0) lies, in the district's centimetres, shape (2,).
    """

    key: bytes
    ring: bytes
    parts: list[bytes]
    owner: IntArray
    owners: IntArray
    origin: npt.NDArray[np.float64]


def blocks_of(
    whole: Shapes, parts: Shapes, owner: IntArray, block_of_part: IntArray, settings: ground.Settings
) -> list[Block]:
    """Blocks with the footprints in them. whole: their polygons; owner: whose each part is."""
    origin = np.floor(shapely.bounds(whole)[:, :2])
    rings = shapely.to_wkb(_moved(whole, origin))
    footprints = shapely.to_wkb(_moved(parts, origin[block_of_part]))
    members: list[list[tuple[bytes, int]]] = [[] for _ in whole]
    for footprint, whose, block in zip(footprints, owner.tolist(), block_of_part.tolist(), strict=True):
        members[block].append((footprint, whose))
    stamp = _code_stamp() + repr(settings).encode()
    return [
        _block(ring, sorted(inside), corner, stamp)
        for ring, inside, corner in zip(rings, members, origin, strict=True)
    ]


def _moved(shapes: Shapes, origin: npt.NDArray[np.float64]) -> Shapes:
    """Each shape with its origin at (0, 0), its rings in GEOS' normal order."""
    xy, at = shapely.get_coordinates(shapes, return_index=True)
    return np.asarray(shapely.normalize(shapely.set_coordinates(shapes.copy(), xy - origin[at])))


def _block(
    ring: bytes, inside: list[tuple[bytes, int]], origin: npt.NDArray[np.float64], stamp: bytes
) -> Block:
    number: dict[int, int] = {}
    owner = np.array([number.setdefault(whose, len(number)) for _, whose in inside], np.int64)
    parts = [footprint for footprint, _ in inside]
    told = hashlib.sha256(stamp)
    for piece in (ring, *parts, owner.tobytes()):  # WKB says itself where it ends
        told.update(piece)
    return Block(told.digest(), ring, parts, owner, np.array([*number], np.int64), origin)


@cache
def _code_stamp() -> bytes:
    """A hash of the code that cuts, ours and that of the libraries that compute."""
    told = hashlib.sha256()
    for module in (ground, arrangement, partition):
        told.update(inspect.getsource(module).encode())
    told.update(f"{shapely.geos_version} {scipy.__version__} {np.__version__}".encode())
    return told.digest()


def cut(block: Block, settings: ground.Settings) -> bytes:
    """The plots of a block as bytes that `read` understands."""
    ring = shapely.from_wkb(block.ring)
    parts = np.asarray(shapely.from_wkb(np.array(block.parts, object)), dtype=object)
    plots = ground.cut_block(ring, parts, block.owner, settings)
    _, xy, (ring_ends, polygon_ends) = shapely.to_ragged_array(plots.polygons)
    arrays = (
        np.array([len(xy), len(ring_ends), len(polygon_ends)]),
        np.rint(xy).ravel(),
        ring_ends,
        polygon_ends,
        plots.owner,
    )
    packed = zlib.compress(b"".join(np.asarray(array, "<i4").tobytes() for array in arrays), 1)
    return SIGN + _digest(block.key, packed) + packed


def _digest(key: bytes, packed: bytes) -> bytes:
    """With the key in it, so that a block is known from another that took its place."""
    return hashlib.blake2b(key + packed, digest_size=DIGEST_BYTES).digest()


@dataclass(frozen=True)
class Kept:
    """The plots of one block, in coordinates of its own.

    xy: corners, shape (m, 2). ring_ends, polygon_ends: where rings begin and end in it, and polygons in
    these. owner: position in the block's owners, -1 for open ground.
    """

    xy: IntArray
    ring_ends: IntArray
    polygon_ends: IntArray
    owner: IntArray


def read(kept: bytes, block: Block) -> Kept | None:
    """The plots that were kept for a block, None for bytes that are not what `cut` wrote."""
    head = len(SIGN) + DIGEST_BYTES
    packed = kept[head:]
    if kept[: len(SIGN)] != SIGN or kept[len(SIGN) : head] != _digest(block.key, packed):
        return None
    numbers = np.frombuffer(zlib.decompress(packed), "<i4").astype(np.int64)
    corners, rings, polygons = numbers[:_COUNTS].tolist()
    cuts = np.cumsum([_COUNTS, 2 * corners, rings, polygons])
    _, xy, ring_ends, polygon_ends, owner = np.split(numbers, cuts)
    if len(owner) != polygons - 1 or owner.max(initial=-1) >= len(block.owners):
        return None
    return Kept(xy.reshape(-1, 2), ring_ends, polygon_ends, owner)


def together(kept: list[Kept], blocks: list[Block]) -> tuple[Shapes, IntArray, IntArray]:
    """The plots of all blocks in the district's centimetres: polygons, owner (-1: open), block of each."""
    count = [len(one.owner) for one in kept]
    xy = np.concatenate([one.xy + block.origin for one, block in zip(kept, blocks, strict=True)])
    rings = _run_on([one.ring_ends for one in kept])
    polygons = _run_on([one.polygon_ends for one in kept])
    shapes = shapely.from_ragged_array(shapely.GeometryType.POLYGON, xy, (rings, polygons))
    owner = [
        np.where(one.owner >= 0, np.append(block.owners, -1)[one.owner], -1)
        for one, block in zip(kept, blocks, strict=True)
    ]
    return np.asarray(shapes), np.concatenate(owner), np.repeat(np.arange(len(kept)), count)


def _run_on(ends: list[IntArray]) -> IntArray:
    """Offsets of one array after the other: 0, then where each thing ends."""
    starts = np.cumsum([0, *(one[-1] for one in ends)])
    return np.concatenate([[0], *(one[1:] + start for one, start in zip(ends, starts[:-1], strict=True))])
