"""Density as a picture: one hue, perceptually even, light or dark; two hues where it is a difference.

Colour goes by the square root of density, so that what is half as dense is still seen; legends have their
figures where that puts them. It fades in from nothing.
"""

from __future__ import annotations

import io
from functools import cache

import numpy as np
from PIL import Image

from app.geo.plots import BoolArray, FloatArray

THEMES = ("light", "dark")
STEPS = 255
FADING = 40  # steps over which it comes out of nothing
FAINTEST = 0.004  # share of the most, under which nothing is drawn
# Red, green, blue and opacity (0–1) from the faintest to the most. Light: from pale orange to deep brown;
# dark: as inferno, from violet to pale yellow. Also in src/core/heat_colours.js; a test compares them.
RAMPS = {
    "light": (
        *((254, 217, 166, 0.35), (253, 174, 97, 0.7), (230, 106, 36, 0.82)),
        *((166, 54, 3, 0.9), (89, 24, 4, 0.94)),
    ),
    "dark": (
        *((87, 16, 110, 0.45), (153, 42, 99, 0.72), (214, 77, 58, 0.84)),
        *((249, 149, 10, 0.9), (252, 245, 165, 0.94)),
    ),
}
# Less than before, no change, more than before: blue to orange as all differences here are.
CHANGES = {
    "light": (
        *((33, 102, 172, 0.92), (103, 169, 207, 0.75), (247, 247, 247, 0.0)),
        *((241, 163, 64, 0.75), (179, 88, 6, 0.92)),
    ),
    "dark": (
        *((103, 169, 207, 0.95), (62, 120, 168, 0.75), (58, 64, 71, 0.0)),
        *((200, 124, 40, 0.75), (250, 190, 110, 0.95)),
    ),
}
BLANK = (128, 128, 128, 0.55)  # ground about which nothing may be said


def levels(density: FloatArray, top: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """0 for nothing, else 1 to STEPS by the square root of the share of the top."""
    if top <= 0:
        return np.zeros(density.shape, np.uint8)
    share = np.clip(density / top, 0, 1)
    drawn = np.where(share < FAINTEST, 0, 1 + np.sqrt(share) * (STEPS - 1))
    return np.asarray(drawn.astype(np.uint8))


def change_levels(change: FloatArray, top: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """0 for hardly any, else 1 to STEPS from much less to much more, the middle being no change."""
    if top <= 0:
        return np.zeros(change.shape, np.uint8)
    share = np.clip(change / top, -1, 1)
    middle = (STEPS + 1) / 2
    drawn = middle + np.sign(share) * np.sqrt(np.abs(share)) * (middle - 1)
    return np.asarray(np.where(np.abs(share) < FAINTEST, 0, drawn).astype(np.uint8))


def png(
    drawn: np.ndarray[tuple[int, ...], np.dtype[np.uint8]],
    theme: str,
    *,
    is_change: bool = False,
    blank: BoolArray | None = None,
) -> bytes:
    """Levels as a PNG with a palette. blank: where nothing may be said; it is chequered, not colourless."""
    shown = drawn.copy()
    if blank is not None:
        row, column = np.indices(drawn.shape)
        shown[blank] = np.where((row + column) % 6 < 2, STEPS, 0)[blank]
        shown[~blank & (shown == STEPS)] = STEPS - 1
    picture = Image.fromarray(shown, mode="P")
    colours, opacity = _palette(theme, is_change, blank is not None)
    picture.putpalette(colours)
    out = io.BytesIO()
    picture.save(out, "PNG", transparency=opacity, compress_level=6)
    return out.getvalue()


@cache
def _palette(theme: str, is_change: bool, with_blank: bool) -> tuple[list[int], bytes]:
    """Colours and opacities of the levels 0 to STEPS."""
    stops = np.array((CHANGES if is_change else RAMPS)[theme])
    at = np.linspace(0, len(stops) - 1, STEPS)
    channels = np.column_stack([np.interp(at, np.arange(len(stops)), stops[:, k]) for k in range(4)])
    if not is_change:
        channels[:, 3] *= np.minimum(1, np.arange(STEPS) / FADING)  # it begins without an edge
    rgba = np.vstack([np.zeros(4), channels])
    if with_blank:
        rgba[STEPS] = BLANK
    return rgba[:, :3].round().astype(int).ravel().tolist(), bytes(
        (rgba[:, 3] * 255).round().astype(int).tolist()
    )
