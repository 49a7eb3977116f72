"""The seven classes in which a grid's households are drawn, from far too few to far too many."""

from __future__ import annotations

import numpy as np

from app.geo.plots import Band, FloatArray, IntArray

IN_BAND = 3  # of the seven classes of deviation, 0 to 6
UNINHABITED = 7


def deviation_class(households: IntArray | FloatArray, band: Band) -> IntArray:
    """Which of seven classes each count or load is drawn in.

    0 far too few … 3 in band … 6 far too many, 7 nobody.

    A class is as wide as the band reaches from the target on that side.

    >>> deviation_class(np.array([0, 1, 215, 245, 270, 330, 331, 370, 391]), Band(300, 270, 330)).tolist()
    [7, 0, 1, 2, 3, 3, 4, 5, 6]
    """
    low, high = _steps(band)
    below = np.maximum(np.ceil((band.target - households) / low) - 1, 1)
    above = np.maximum(np.ceil((households - band.target) / high) - 1, 1)
    steps = np.where(households < band.target, -below, above)
    classes = IN_BAND + np.clip(steps, -IN_BAND, IN_BAND)
    classes = np.where(band.holds(households), IN_BAND, classes)
    return np.where(households == 0, UNINHABITED, classes).astype(np.int64)


def class_ranges(band: Band) -> list[list[int | None]]:
    """Fewest and most households of each class; None where it is open.

    >>> class_ranges(Band(300, 270, 330))[1:6]
    [[210, 239], [240, 269], [270, 330], [331, 360], [361, 390]]
    """
    low, high = _steps(band)
    least, most, target = band.least, band.most, band.target
    return [
        [1, target - 3 * low - 1],
        [max(1, target - 3 * low), target - 2 * low - 1],
        [max(1, target - 2 * low), least - 1],
        [least, most],
        [most + 1, target + 2 * high],
        [target + 2 * high + 1, target + 3 * high],
        [target + 3 * high + 1, None],
    ]


def class_starts(band: Band) -> list[int]:
    """Fewest households of each class but the first, for PostgreSQL's `width_bucket`.

    >>> class_starts(Band(300, 270, 330))
    [210, 240, 270, 331, 361, 391]
    """
    return [fewest or 0 for fewest, _ in class_ranges(band)[1:]]


def _steps(band: Band) -> tuple[int, int]:
    tenth = max(1, band.target // 10)  # a band without width still has colours
    return band.target - band.least or tenth, band.most - band.target or tenth
