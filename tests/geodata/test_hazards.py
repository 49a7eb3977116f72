"""Invented hazards: as many as wanted, the same for the same seed, of the kinds their places suggest."""

from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from geodata.hazards import DAYS, Place, lives

NOW = datetime(2026, 11, 26, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def places(count, compound_kind=None):
    return [
        Place(at, 113.1 + 0.0004 * (at % 20), 36.2 + 0.0004 * (at // 20), 20, "residential", compound_kind)
        for at in range(count)
    ]


def test_the_same_seed_gives_the_same_lives():
    one, other = (lives(places(100), 50, NOW, np.random.default_rng(3)) for _ in range(2))

    assert one == other
    assert len(one) == 50


def test_they_lie_in_half_a_year_and_nothing_happens_before_it_is_reported_or_after_now():
    for life in lives(places(100), 300, NOW, np.random.default_rng(1)):
        moments = [life.reported_at, *(at for _, at in life.acts)]

        assert moments == sorted(moments)
        assert NOW - timedelta(days=DAYS + 1) < moments[0]
        assert moments[-1] <= NOW


def test_gas_is_more_frequent_where_rooms_are_let():
    ordinary, let = (
        Counter(life.kind for life in lives(places(100, kind), 600, NOW, np.random.default_rng(2)))
        for kind in (None, "rental compound")
    )

    assert let["gas"] > 1.5 * ordinary["gas"]
