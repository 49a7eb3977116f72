"""What a request asks of the database: one transaction, on one connection, and nothing left open."""

import io
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app import create_app
from app.services import accounts, reading
from tests.views.conftest import Browser
from tests.views.world import HERE, A

READING = [
    "/map",
    "/me",
    "/plans",
    "/api/me",
    "/api/places",
    f"/api/places/{HERE}",
    f"/api/places/{HERE}/plans",
    f"/api/places/{HERE}/search?q=1",
    f"/tiles/ground/{HERE}/1/14/13335/6439.mvt",
    "/api/plans/{plan}",
    "/api/plans/{plan}/grids",
    "/api/plans/{plan}/border",
    "/api/plans/{plan}/at?lon=113.1&lat=36.2",
    "/tiles/plan/{plan}/1/14/13335/6439.mvt",
    "/api/grids/{grid}",
    "/api/grids/{grid}/buildings",
]


class Counted:
    """Connections taken from a pool, transactions begun, and the most connections out at once."""

    taken = begun = out = most = 0

    def take(self, *_: object) -> None:
        self.taken += 1
        self.out += 1
        self.most = max(self.most, self.out)

    def give_back(self, *_: object) -> None:
        self.out -= 1

    def begin(self, *_: object) -> None:
        self.begun += 1


@contextmanager
def counting(engine: Engine):
    counted = Counted()
    heard = {"checkout": counted.take, "checkin": counted.give_back, "begin": counted.begin}
    for name, act in heard.items():
        event.listen(engine, name, act)
    try:
        yield counted
    finally:
        for name, act in heard.items():
            event.remove(engine, name, act)


@pytest.fixture
def signed_in(live_app, world):
    """A browser of the manager on connections of their own, as in production."""
    settings = live_app.extensions["settings"]
    with live_app.extensions["engine"].begin() as connection:
        token = accounts.begin(Session(connection), world.people["manager"], "test", settings.clock())
    browser = Browser(live_app)
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
    return browser


def named(address, world):
    return address.format(plan=world.plans[HERE], grid=world.grids[HERE, A])


def test_the_application_is_made_without_asking_the_database(views_settings):
    """The web server makes it once and forks: processes would share a connection."""
    engine = create_app(views_settings).extensions["engine"]

    assert engine.pool.checkedin() == engine.pool.checkedout() == 0


@pytest.mark.parametrize("address", READING)
def test_what_reads_is_one_transaction(live_app, signed_in, world, address):
    with counting(live_app.extensions["engine"]) as counted:
        answer = signed_in.get(named(address, world))

    assert answer.status_code in (200, 204)
    assert (counted.begun, counted.taken, counted.out) == (1, 1, 0)


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/api/plans/987654321", 404),
        ("GET", "/api/people", 403),
        ("GET", "/people", 403),
        ("GET", "/api/nothing", 404),
        ("POST", "/api/plans/{plan}/publication", 428),
        ("POST", "/api/hazards", 422),
    ],
)
def test_what_is_refused_leaves_nothing_open(live_app, signed_in, world, method, address, status):
    with counting(live_app.extensions["engine"]) as counted:
        answer = signed_in.open(named(address, world), method=method)

    assert answer.status_code == status
    assert counted.out == 0
    assert counted.most <= 1


def test_no_connection_waits_for_a_body(live_app, signed_in, world):
    engine = live_app.extensions["engine"]
    out_meanwhile = []

    class Slow(io.BytesIO):
        def readinto(self, buffer: bytearray) -> int:
            out_meanwhile.append(engine.pool.checkedout())
            return super().readinto(buffer)

    before = engine.pool.checkedout()
    signed_in.post(
        f"/api/places/{HERE}/splits",
        input_stream=Slow(b'{"target": 300}'),
        headers={"Content-Type": "application/json"},
    )

    assert out_meanwhile
    assert set(out_meanwhile) == {before}


def test_the_last_use_of_a_session_is_written_though_the_request_is_refused(
    client, sign_in, world, clock, session
):
    manager = sign_in(world.people["manager"])
    clock.passes(minutes=25)
    assert manager.get("/api/plans/987654321").status_code == 404
    clock.passes(minutes=25)

    assert manager.get("/api/me").status_code == 200


def test_a_database_that_goes_away_under_a_request_is_told_plainly(live_app, signed_in, world, monkeypatch):
    def broken(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("server closed the connection unexpectedly"))

    monkeypatch.setattr(reading, "places", broken)
    with counting(live_app.extensions["engine"]) as counted:
        answer = signed_in.get("/api/places")

    assert answer.status_code == 503
    assert answer.json["code"] == "database_unreachable"
    assert counted.out == 0
