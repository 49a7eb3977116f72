"""Flood control of what anybody may ask without signing in: buckets that refill, held by each process.

What is asked here is public, so the limits guard the server and no secret. A count is kept of requests, never
of who made them: the bucket's key is a keyed hash, forgotten once the bucket is full again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from app.errors import Refusal

MOST_CLIENTS = 20_000  # buckets; with more, those that are nearly full go


@dataclass(frozen=True)
class Flow:
    """How much may be asked: so many at once, and so many a second on the long run."""

    burst: float
    per_second: float


class Buckets:
    """A bucket for each client and one for all together, of one kind of request."""

    def __init__(self, each: Flow, everybody: Flow, clock: Callable[[], float] = monotonic) -> None:
        self.each, self.everybody, self.clock = each, everybody, clock
        self._left: dict[str, tuple[float, float]] = {}
        self._lock = Lock()

    def take(self, client: str, cost: float = 1.0) -> None:
        """Take from both buckets; refused with `too_many_requests` where one has not enough.

        A refused client costs the others nothing.
        """
        with self._lock:
            now = self.clock()
            own, all_left = self._now(client, self.each, now), self._now("", self.everybody, now)
            wait = max((cost - own) / self.each.per_second, (cost - all_left) / self.everybody.per_second)
            if wait > 0:
                raise Refusal("too_many_requests", seconds=int(wait) + 1)
            self._left[client] = own - cost, now
            self._left[""] = all_left - cost, now
            if len(self._left) > MOST_CLIENTS:
                self._forget(now)

    def _now(self, client: str, flow: Flow, now: float) -> float:
        left, since = self._left.get(client, (flow.burst, now))
        return min(flow.burst, left + (now - since) * flow.per_second)

    def _forget(self, now: float) -> None:
        """Buckets that are full again need not be known; of a flood from everywhere the fuller half goes."""
        left = {client: self._now(client, self.each, now) for client in self._left if client}
        kept = sorted((client for client in left if left[client] < self.each.burst), key=left.__getitem__)
        self._left = {client: self._left[client] for client in ["", *kept[: MOST_CLIENTS // 2]]}
