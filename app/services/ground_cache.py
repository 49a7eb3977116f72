"""Cut blocks kept in the database, so that a place imported again costs only the blocks that changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager

from sqlalchemy import text
from sqlalchemy.orm import Session

MOST_KEPT_BYTES = 256 << 20
ROWS_AT_ONCE = 500


class StoredGround:
    """A `GroundCache` in the table `block_ground`; the blocks used last stay, up to MOST_KEPT_BYTES.

    Plots are cut while no transaction is open, so each call opens a short one of its own.
    """

    def __init__(
        self, transactions: Callable[[], AbstractContextManager[Session]], most_bytes: int = MOST_KEPT_BYTES
    ) -> None:
        self._transactions = transactions
        self._most_bytes = most_bytes

    def get(self, keys: Collection[bytes]) -> Mapping[bytes, bytes]:
        found: dict[bytes, bytes] = {}
        with self._transactions() as session:
            for some in _batches(sorted(keys)):
                session.execute(USED, {"keys": some})
                found |= {bytes(row.key): bytes(row.ground) for row in session.execute(KEPT, {"keys": some})}
        return found

    def put(self, rows: Mapping[bytes, bytes]) -> None:
        with self._transactions() as session:
            for some in _batches(sorted(rows)):
                session.execute(KEEP, {"keys": some, "grounds": [rows[key] for key in some]})
            session.execute(SWEEP, {"most": self._most_bytes})


def _batches(keys: list[bytes]) -> Iterator[list[bytes]]:
    """Keys in one order for all, so that two imports never wait for each other's rows crosswise."""
    for start in range(0, len(keys), ROWS_AT_ONCE):
        yield keys[start : start + ROWS_AT_ONCE]


KEPT = text("SELECT key, ground FROM block_ground WHERE key = ANY (CAST(:keys AS bytea[]))")
# A day is exact enough to tell what is in use, and spares a row written for each row read.
USED = text("""
    UPDATE block_ground SET used_at = now() WHERE key IN (
        SELECT key FROM block_ground
        WHERE key = ANY (CAST(:keys AS bytea[])) AND used_at < now() - interval '1 day'
        ORDER BY key FOR UPDATE
    )
""")
KEEP = text("""
    INSERT INTO block_ground (key, ground)
    SELECT * FROM unnest(CAST(:keys AS bytea[]), CAST(:grounds AS bytea[]))
    ON CONFLICT (key) DO UPDATE SET ground = excluded.ground, used_at = now()
""")
# The ones used last stay; of those used at one moment, as many as fit.
SWEEP = text("""
    DELETE FROM block_ground USING (
        SELECT key, sum(octet_length(ground) + 100) OVER (ORDER BY used_at DESC, key) AS bytes
        FROM block_ground
    ) AS newest_first
    WHERE newest_first.key = block_ground.key AND newest_first.bytes > :most
""")
