"""Cut blocks in the database: found again, bounded, and of no consequence when lost or spoilt."""

from contextlib import contextmanager
from hashlib import sha256

import pytest
from sqlalchemy import text

from app.services.ground_cache import StoredGround
from app.services.importing import cut_ground, store_district
from app.services.plot_tables import read_plots
from tests.services.imported import DISTRICT, NEW, small_town, with_house


def key(word: str) -> bytes:
    return sha256(word.encode()).digest()


@pytest.fixture
def stored(session):
    """Makes caches that write in the test's own transaction."""

    @contextmanager
    def same():
        yield session

    return lambda **more: StoredGround(same, **more)


def test_what_was_put_is_got_and_what_is_put_again_takes_its_place(stored):
    cache = stored()
    cache.put({key("a"): b"one", key("b"): b"two"})
    cache.put({key("a"): b"three"})

    assert cache.get([key("a"), key("b"), key("c")]) == {key("a"): b"three", key("b"): b"two"}
    assert cache.get([]) == {}


def test_the_blocks_used_last_stay(stored, session):
    cache = stored(most_bytes=250)
    cache.put({key("a"): b"", key("b"): b""})
    session.execute(text("UPDATE block_ground SET used_at = now() - interval '3 days'"))
    cache.get([key("b")])

    cache.put({key("c"): b""})

    assert sorted(cache.get([key(word) for word in "abc"])) == sorted([key("b"), key("c")])


def test_an_import_of_a_changed_place_carries_the_plots_of_other_blocks(stored, session):
    store_district(session, cut_ground(small_town(), DISTRICT, cache=stored()), NEW)
    former = session.scalar(text("SELECT max(id) FROM tessellation"))
    kept = session.scalar(text("SELECT count(*) FROM block_ground"))
    changed = with_house(small_town(), 26, 26)

    again = store_district(session, cut_ground(changed, DISTRICT, cache=stored()), DISTRICT)

    assert session.scalar(text("SELECT count(*) FROM block_ground")) == kept + 1
    before, after = read_plots(session, former), read_plots(session, again.tessellation_id)
    east = before.ids[before.community == before.community.max()]
    assert len(east) == 16
    assert {*east.tolist()} <= {*after.ids.tolist()}


def test_spoilt_rows_do_not_show_and_are_rewritten(stored, session):
    sound = cut_ground(small_town(), DISTRICT, cache=stored())
    rows = "SELECT key, ground FROM block_ground ORDER BY key"
    kept = session.execute(text(rows)).all()
    session.execute(text("UPDATE block_ground SET ground = set_byte(ground, octet_length(ground) - 5, 7)"))

    again = cut_ground(small_town(), DISTRICT, cache=stored())

    assert [shape.wkb for shape in again.polygons] == [shape.wkb for shape in sound.polygons]
    assert [tuple(map(bytes, row)) for row in session.execute(text(rows))] == [
        tuple(map(bytes, row)) for row in kept
    ]
