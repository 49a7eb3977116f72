"""Invented hazards for an invented district: what was wrong where over half a year, and what was done.

They cluster in space; gas, wiring and e-bikes are more frequent in rental compounds and urban villages. A
life is told as acts with their moments; whoever stores it says what states and days follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np

DAYS = 180
PER_HOUSEHOLD = 0.03  # in these days
CLUSTER_M, CLUSTERED = 150.0, 6.0  # how far a cluster reaches, and how much more is found in its middle
METRES_OF_A_DEGREE = 110_000
KINDS = {  # weight of each kind in ordinary housing
    "fire": 10, "gas": 12, "stove": 4, "electric": 12, "e_bike": 14, "exit": 16,
    "structure": 4, "street": 8, "waste": 10, "noise": 7, "other": 3,
}  # fmt: skip
LET_MORE = {
    "gas": 3.0,
    "e_bike": 3.0,
    "electric": 2.0,
    "stove": 2.0,
}  # in rental compounds and urban villages
AT_WORK = {"construction": ("building_site", 30), "market": ("fire", 3), "industrial": ("fire", 2)}
LET = ("rental compound", "urban village")
OUTDOORS = ("street", "waste", "noise")
SEVERITIES = (0.68, 0.25, 0.07)
MECHANISMS = {"ordinary": 0.82, "coordination": 0.08, "emergency": 0.05, "approval": 0.05}
ORIGINS = {"coordinator": 0.72, "public": 0.18, "manager": 0.06, "inspection": 0.04}
ROADS = {
    "ordinary": ("accept", "file", "dispatch", "begin", "claim", "verify", "close", "evaluate"),
    "coordination": ("accept", "meet", "dispatch", "begin", "claim", "verify", "close", "evaluate"),
    "emergency": ("call", "file", "dispatch", "begin", "claim", "verify", "close", "evaluate"),
    "approval": ("accept", "file", "hand_up", "track", "answer", "tell", "close", "evaluate"),
}
PAUSES = {  # hours before an act, in the middle of what happens
    "accept": 3, "call": 0.2, "file": 2, "meet": 60, "dispatch": 4, "hand_up": 8, "begin": 8, "track": 40,
    "claim": 30, "answer": 90, "verify": 10, "tell": 12, "close": 8, "evaluate": 80, "on_the_spot": 0.3,
    "refuse": 5, "return": 12, "fail": 10, "pend": 20, "resume": 300,
}  # fmt: skip
ON_THE_SPOT, REFUSED, RETURNED, FAILED, PENDING = 0.22, 0.06, 0.05, 0.06, 0.05
SLOWEST, SLOWER = 0.25, 10.0  # this share of the cases takes so many times as long
GRAVE = 3


@dataclass(frozen=True)
class Place:
    """Where something may be wrong: a building, with how many live there."""

    building: int
    lon: float
    lat: float
    households: int
    kind: str | None = None
    compound_kind: str | None = None


@dataclass(frozen=True)
class Life:
    """A hazard with what was done about it. place: its number. outdoors: beside the building, at lon, lat."""

    place: int
    outdoors: bool
    lon: float
    lat: float
    kind: str
    severity: int
    mechanism: str
    origin: str
    reported_at: datetime
    acts: list[tuple[str, datetime]] = field(default_factory=list)


def lives(places: Sequence[Place], count: int, now: datetime, rng: np.random.Generator) -> list[Life]:
    """So many hazards of the last half year, the earliest first. now: aware, in the zone of the city."""
    if not places:
        return []
    chosen = rng.choice(len(places), size=count, p=_weights(places, rng))
    ago = np.sort(rng.random(count))[::-1] * DAYS
    return [
        _life(int(at), places[int(at)], now, now - timedelta(days=float(days)), rng)
        for at, days in zip(chosen, ago, strict=True)
    ]


def _weights(places: Sequence[Place], rng: np.random.Generator) -> np.ndarray:
    """How likely each place is: by its households, more near the middle of a few clusters."""
    at = np.array([(place.lon, place.lat) for place in places]) * METRES_OF_A_DEGREE
    at[:, 0] *= np.cos(np.radians(places[0].lat))
    middles = at[rng.choice(len(places), size=max(1, len(places) // 150), replace=False)]
    near = sum(np.exp(-((at - middle) ** 2).sum(axis=1) / (2 * CLUSTER_M**2)) for middle in middles)
    people = np.array([max(place.households, 4) for place in places], float)
    let = np.array([1.6 if place.compound_kind in LET else 1.0 for place in places])
    weights = people * let * (1 + CLUSTERED * near)
    return np.asarray(weights / weights.sum())


def _life(at: int, place: Place, now: datetime, reported: datetime, rng: np.random.Generator) -> Life:
    kind = _kind(place, rng)
    severity = int(rng.choice(3, p=SEVERITIES)) + 1
    mechanism = _one(MECHANISMS, rng)
    outdoors = kind in OUTDOORS
    lon, lat = place.lon, place.lat
    if outdoors:
        lon, lat = np.array([lon, lat]) + rng.normal(0, 20 / METRES_OF_A_DEGREE, 2)
    moment = min(_by_day(reported.replace(second=0, microsecond=0)), now)
    made = Life(
        at,
        outdoors,
        round(float(lon), 8),
        round(float(lat), 8),
        kind,
        severity,
        mechanism,
        _one(ORIGINS, rng),
        moment,
    )
    slow = SLOWER if rng.random() < SLOWEST else float(rng.lognormal(0, 0.4))
    for act in _road(mechanism, severity, rng):
        moment = _by_day(moment + timedelta(hours=float(rng.exponential(PAUSES[act] * slow)) + 0.1))
        if moment >= now:
            break
        made.acts.append((act, moment))
    return made


def _road(mechanism: str, severity: int, rng: np.random.Generator) -> list[str]:
    """The acts of a case from its report to its end, with what goes wrong on the way."""
    fate = rng.random()
    if mechanism == "ordinary" and severity < GRAVE and rng.random() < ON_THE_SPOT:
        return ["on_the_spot"]
    if fate < REFUSED:
        return ["refuse"]
    road = list(ROADS[mechanism])
    hand_out, done, check = road[2], road[4], road[5]
    if fate < REFUSED + RETURNED:
        road[3:3] = ["return", hand_out]
    elif fate < REFUSED + RETURNED + FAILED:
        again = [*(("track",) if mechanism == "approval" else ("begin",)), done, check]
        road[5:6] = ["fail", *again]
    elif fate < REFUSED + RETURNED + FAILED + PENDING:
        road[4:4] = ["pend", "resume"]
    return road


def _kind(place: Place, rng: np.random.Generator) -> str:
    weights = dict(KINDS)
    if place.compound_kind in LET:
        weights = {kind: weight * LET_MORE.get(kind, 1.0) for kind, weight in weights.items()}
    if place.kind in AT_WORK:
        kind, times = AT_WORK[place.kind]
        weights[kind] = weights.get(kind, 4) * times
    return _one(weights, rng)


def _one(weights: dict[str, float], rng: np.random.Generator) -> str:
    shares = np.array(list(weights.values()), float)
    return str(rng.choice(list(weights), p=shares / shares.sum()))


def _by_day(moment: datetime) -> datetime:
    """A moment at night is the next morning at eight."""
    if 8 <= moment.hour < 20:
        return moment
    next_day = moment + timedelta(days=1 if moment.hour >= 20 else 0)
    return next_day.replace(hour=8, minute=moment.minute)
