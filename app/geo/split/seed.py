"""A first division of each component, by METIS; rough, made whole and evened out by the kernels after."""

from __future__ import annotations

import numpy as np
import pymetis

from app.geo.joined import joined
from app.geo.plots import Band, IntArray
from app.geo.split.kernels import HOUSEHOLDS, OVERSIZED, Ground

METIS_K_WAY_FROM = 9  # below, recursive bisection balances better
UNEVENNESS = 100  # METIS ufactor: 10 % over the mean; at 5 % shapes suffer and more grids end out of band


def first_division(ground: Ground, counts: IntArray, band: Band, seed: int) -> IntArray:
    """Grid numbers 0..k-1 per plot, every grid in one piece, about counts[c] of them in component c.

    METIS leaves parts empty and, when bisecting, in pieces: each piece becomes a grid here, and the
    number is put right later.
    """
    part = np.zeros(len(ground.own), dtype=np.int64)
    order = np.argsort(ground.component, kind="stable")
    ends = np.cumsum(np.bincount(ground.component, minlength=len(counts)))
    for component in np.flatnonzero(counts > 1):
        plots = order[ends[component - 1] if component else 0 : ends[component]]
        part[plots] = _metis(ground, plots, int(counts[component]), band, seed)
    return pieces(ground, part)


def pieces(ground: Ground, part: IntArray) -> IntArray:
    """Number the connected pieces of each part (0..), over passable lines of one component."""
    n = len(ground.own)
    owner = np.repeat(np.arange(n), np.diff(ground.start))
    kept = ground.passable & (part[owner] == part[ground.neighbour])
    return joined(n, owner[kept], ground.neighbour[kept])


def _metis(ground: Ground, plots: IntArray, count: int, band: Band, seed: int) -> IntArray:
    place = np.full(len(ground.own), -1, dtype=np.int64)
    place[plots] = np.arange(len(plots))
    lines = _lines_of(ground, plots)
    ends = place[ground.neighbour[lines]]
    inside = ground.passable[lines] & (ends >= 0)
    owner = np.repeat(np.arange(len(plots)), ground.start[plots + 1] - ground.start[plots])[inside]
    start = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(plots)))])
    whole = pymetis.zero_copy_dtype()
    # Cutting inside a block costs five times a street; a giant plot counts as one grid's worth.
    weight = np.maximum(1, np.rint(ground.metres[lines] + 4 * np.maximum(0, ground.price[lines])))[inside]
    households = np.where(ground.own[plots, OVERSIZED] > 0, band.target, ground.own[plots, HOUSEHOLDS])
    k_way = count >= METIS_K_WAY_FROM
    options = pymetis.Options(seed=seed % 2**31)
    if k_way:
        options = pymetis.Options(seed=seed % 2**31, contig=1, ufactor=UNEVENNESS)
    answer = pymetis.part_graph(
        count,
        pymetis.CSRAdjacency(start.astype(whole), ends[inside].astype(whole)),
        vweights=households.astype(whole),
        eweights=weight.astype(whole),
        recursive=not k_way,
        options=options,
    )
    return np.asarray(answer.vertex_part, dtype=np.int64)


def _lines_of(ground: Ground, plots: IntArray) -> IntArray:
    first, many = ground.start[plots], ground.start[plots + 1] - ground.start[plots]
    return np.repeat(first - np.concatenate([[0], np.cumsum(many)[:-1]]), many) + np.arange(int(many.sum()))
