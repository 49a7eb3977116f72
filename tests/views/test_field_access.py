"""Words of people looked for in every answer of every route by everybody: pages, tables, tiles, headers.

Planted are names, phones and notes of the households of six grids. An answer may hold those of the grids its
reader may see, and then the audit has a new row that names the household. The log may hold none at all.
What is expected is worked out from the grids alone.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

import mapbox_vector_tile
import pytest
from sqlalchemy import text

from app.models import Person, Role
from app.services import accounts
from app.services.access import Actor
from app.services.personal import Registers, open_places
from tests.services.fully_registered import given_everything, kept_loaded, number_of
from tests.services.mapped import DISTRICT, SOUTH, WEST, E, W
from tests.services.registered import Registered, close, on_duty
from tests.views.conftest import Browser
from tests.views.test_access_matrix import PLAIN_ARGUMENTS
from tests.views.test_map_tiles import where

WEST_GRIDS, EAST_GRIDS = ("W1", "W2", "W3"), ("E1", "E2", "E3")
# Role, its place, the grid on duty in, and the grids whose people they may read about.
READERS = {
    "nobody": (None, None, None, ()),
    "manager of all": ("manager", DISTRICT, None, WEST_GRIDS + EAST_GRIDS),
    "manager west": ("manager", W, None, WEST_GRIDS),
    "manager east": ("manager", E, None, EAST_GRIDS),
    "coordinator of W1": ("coordinator", W, "W1", ("W1",)),
    "coordinator of E3": ("coordinator", E, "E3", ("E3",)),
    "coordinator without grid": ("coordinator", W, None, ()),
    "leader": ("leader", DISTRICT, None, ()),
    "leader west": ("leader", W, None, ()),
    "administrator": ("administrator", DISTRICT, None, WEST_GRIDS + EAST_GRIDS),
    "administrator west": ("administrator", W, None, WEST_GRIDS),
}
# What administrators are shown of people: requests of residents, and nothing else.
FOR_ADMINISTRATORS = {"rights.request_page", "rights.answer", "register_import.send", "register_import.page"}
# Pages asked about something are tried by a third of the readers in turn, or by all of them when told to.
TURNS = 1 if os.environ.get("FIELD_ACCESS") == "all" else 3
PLACES_SHOWN = (f"?place={DISTRICT}", "?only=all&of=all&state=all")
OF_GRID = (
    *("resident", "dwelling", "stay", "promise", "rental", "tenancy", "letter", "employer", "helper", "need"),
    "referral",
)
LEDGERS = ("residents", "coordinators", "employers", "needs")


@dataclass
class Planted:
    """Canaries: the word, its grid, and the household it is of (None where it is of no household).

    never: words that nobody is shown, whatever they may see: whole identity numbers, without a reason given.
    """

    made: Registered
    words: dict[str, tuple[str, int | None]]
    never: tuple[str, ...]
    values: dict[str, object]


@dataclass
class Found:
    """What was seen over all cells."""

    cells: int = 0
    answers: int = 0
    shown: int = 0
    unlogged: list[str] = field(default_factory=list)
    astray: list[str] = field(default_factory=list)


@pytest.fixture
def planted(session) -> Planted:
    made = given_everything(session)
    open_places(session, [DISTRICT], "import")
    grids = {made.building(grid).id: grid for grid in made.households}
    rows = session.execute(
        text("""
            SELECT name, building_id, household_id FROM resident
            UNION ALL SELECT phone, building_id, household_id FROM resident
            UNION ALL SELECT promised, promise.building_id, household_id
                FROM promise JOIN visit ON visit.id = visit_id
            UNION ALL SELECT purpose, building_id, household_id FROM need
            UNION ALL SELECT referral.result, referral.building_id, household_id
                FROM referral JOIN need ON need.id = need_id
            UNION ALL SELECT words, building_id, household_id FROM subject_request
            UNION ALL SELECT name, building_id, NULL FROM landlord
            UNION ALL SELECT name, building_id, NULL FROM employer
            UNION ALL SELECT contact_name, building_id, NULL FROM employer
            UNION ALL SELECT name, building_id, NULL FROM helper
        """)
    ).all()
    words = {word: (grids[building], household) for word, building, household in rows}
    values = _values(session, made)
    close(session)
    never = tuple(number_of(grid) for grid in made.households)
    return Planted(kept_loaded(session, made), words, never, values)


def _values(session, made: Registered) -> dict[str, object]:
    """Values of arguments of addresses: the things of grid W1, where a table has them."""
    building = made.building("W1").id
    values: dict[str, object] = dict(PLAIN_ARGUMENTS)
    for table in OF_GRID:
        question = text(f"SELECT min(id) FROM {table} WHERE building_id = :building")  # noqa: S608
        values[f"{table}_id"] = session.scalar(question, {"building": building})
    asked = text("SELECT min(id) FROM subject_request WHERE building_id = :building")
    z, x, y = where(15, WEST + 0.001, SOUTH + 0.006)
    return values | {
        "household_id": made.households["W1"][0].id,
        "request_id": session.scalar(asked, {"building": building}),
        "code": DISTRICT,
        "plan_id": made.map.plan.id,
        "grid_id": made.map.grids["W1"].id,
        "building_id": building,
        "person_id": made.map.coordinator.id,
        "job_id": 1,
        "upload_id": 1,
        "comment_id": 1,
        "z": z,
        "x": x,
        "y": y,
    }


@pytest.fixture
def readers(app, session, planted, clock) -> dict[str, Browser]:
    app.test_client_class = Browser
    found = {}
    for name, (kind, place, grid, _) in READERS.items():
        browser = found[name] = app.test_client()
        if kind is None:
            continue
        person = Person(account="reader." + name.lower().replace(" ", "."), name=name)
        session.add(person)
        session.flush()
        session.add(Role(person_id=person.id, kind=kind, place_id=planted.made.map.places[place].id))
        if grid is not None:
            on_duty(session, Actor(person.id, person.account, person.name, ()), planted.made, grid)
        token = accounts.begin(session, person.id, "test", clock())
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token
    session.commit()
    return found


Request = tuple[str, str, str, dict[str, object]]  # endpoint, method, address, what is sent


def requests(app, planted: Planted) -> Iterator[Request]:
    """Every address with every method, and what wants to be asked for something."""
    for endpoint, method, address in _addresses(app, planted):
        if method == "GET":
            yield endpoint, method, address, {}
        else:
            yield endpoint, method, address, {"json": {}} if "/api/" in address else {"data": {}}
    yield from _beside(planted)


def asked_about(app, planted: Planted) -> Iterator[Request]:
    """Every page with questions after its address: about a place, a household, a building, a dwelling."""
    home, building = planted.values["household_id"], planted.values["building_id"]
    of_home = (f"?household={home}", f"?building={building}", f"?dwelling={planted.values['dwelling_id']}")
    for endpoint, method, address in _addresses(app, planted):
        if method != "GET" or address.endswith(
            ".pdf"
        ):  # drawn for seconds, and only of what their path names
            continue
        api = "/api/" in address  # whose questions go by their path
        for query in PLACES_SHOWN[:1] if api else PLACES_SHOWN + of_home:
            yield endpoint, method, address + query, {}


def _addresses(app, planted: Planted) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of every route."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if rule.endpoint in ("static", "assets.built"):
                continue
            address = app.url_for(rule.endpoint, **{name: planted.values[name] for name in rule.arguments})
            for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
                yield rule.endpoint, method, address


def _beside(planted: Planted) -> Iterator[Request]:
    """Ledgers, exports and searches, which want to be asked for something."""
    for ledger in LEDGERS:
        yield "registers", "GET", f"/registers?ledger={ledger}", {}
        for words in ("金丝雀", "1990077", "jinsique"):
            yield "registers", "POST", "/registers", {"data": {"ledger": ledger, "q": words}}
            yield "registers", "POST", "/registers/totals", {"data": {"ledger": ledger, "q": words}}
        for form in ("xlsx", "csv"):
            yield "registers", "POST", "/registers/export", {"data": {"ledger": ledger, "format": form}}
        for address in ("/registers/print", "/registers/rows"):
            yield "registers", "POST", address, {"data": {"ledger": ledger}}
    for words in ("金丝雀", "1990077"):
        yield "map_api.search", "GET", f"/api/places/{DISTRICT}/search?q={words}", {}
    for kind in ("contract", "safety-letter", "duty-statement"):
        for about in ("rental", "employer", "tenancy"):
            address = f"/letters/print?kind={kind}&{about}={planted.values[f'{about}_id']}"
            yield "letters.to_print", "GET", address, {}
    yield "api.due", "GET", f"/api/due?grid={planted.values['grid_id']}", {}
    yield "homes.today", "GET", f"/today?grid={planted.values['grid_id']}", {}


def text_of(answer) -> str:
    """Everything an answer says: headers, and its body unpacked, be it a workbook, a tile or text.

    Of a stream of events only the headers: it does not end; test_job_views and test_edits read it.
    """
    if answer.mimetype == "text/event-stream":
        return str(answer.headers)
    body = answer.get_data()
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as opened:
            body = b"\n".join(opened.read(name) for name in opened.namelist())
    said = body.decode("utf-8", "replace")
    if "vector-tile" in answer.mimetype and body:
        said += str(mapbox_vector_tile.decode(body))
    if "\\u" in said:  # JSON that was written in ASCII
        said += re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), said)
    return f"{answer.headers}\n{said}"


def walk(app, planted: Planted, readers, tried, found: Found, turns: int = 1) -> None:
    """Send requests as every reader, or each as one in so many `turns`; undo each, and judge the answers."""
    connection = app.extensions["engine"]
    for number, (endpoint, method, address, sent) in enumerate(tried):
        for at, (name, browser) in enumerate(readers.items()):
            if (number + at) % turns:
                continue
            found.cells += 1
            cookie = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
            undone = connection.begin_nested()
            last = connection.execute(text("SELECT coalesce(max(id), 0) FROM audit")).scalar_one()
            answer = browser.open(address, method=method, with_token=False, buffered=False, **sent)
            said = text_of(answer)
            rows = text("SELECT unnest(households) FROM audit WHERE id > :last")
            told = set(connection.execute(rows, {"last": last}).scalars())
            answer.close()
            undone.rollback()
            if cookie is not None:
                browser.set_cookie(cookie.key, cookie.value)
            found.answers += answer.status_code < 400
            _judge(found, planted, name, f"{method} {address} {sent or ''} as {name}", endpoint, said, told)


@pytest.mark.slow
def test_no_word_of_a_person_is_read_by_who_may_not_or_without_a_trace(
    app, planted, readers, unset_paper, monkeypatch, caplog, capsys
):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)
    tried, asked, found = list(requests(app, planted)), list(asked_about(app, planted)), Found()

    walk(app, planted, readers, tried, found)
    walk(app, planted, readers, asked, found, TURNS)

    logged = [word for word in (*planted.words, *planted.never) if word in caplog.text]
    with capsys.disabled():
        print(  # noqa: T201
            f"\nfields: {found.cells} cells, {found.answers} answered, {len(planted.words)} canaries; "
            f"{found.shown} answers held some of the reader's own, {len(found.astray)} others', "
            f"{len(found.unlogged)} without a row in the audit, {len(logged)} in the log"
        )
    assert not found.astray, "\n".join([*found.astray[:30], f"… {len(found.astray)} in all"])
    assert not found.unlogged, "\n".join([*found.unlogged[:30], f"… {len(found.unlogged)} in all"])
    assert logged == []
    assert found.cells >= len(tried) * len(READERS) + len(asked) * len(READERS) // TURNS - TURNS > 3_000
    assert found.shown > 20, "nobody was shown anything: the test looks past the pages"


@pytest.fixture
def one_page(planted):
    """The page of a household alone."""
    return [("homes.household_page", "GET", f"/households/{planted.values['household_id']}", {})]


def test_a_read_that_left_no_trace_would_be_found(app, planted, readers, one_page, monkeypatch):
    logged, unlogged = Found(), Found()
    walk(app, planted, readers, one_page, logged)
    monkeypatch.setattr(Registers, "seen", lambda *_: None)

    walk(app, planted, readers, one_page, unlogged)

    assert logged.unlogged == []
    assert len(unlogged.unlogged) == 3  # two managers and a coordinator


def test_a_page_shown_to_who_may_not_would_be_found(app, planted, readers, one_page, monkeypatch):
    monkeypatch.setattr(
        "app.views.homes.open_registers",
        lambda session, _, purpose: open_places(session, [DISTRICT], purpose),
    )

    found = Found()

    walk(app, planted, readers, one_page, found)

    assert {line.rpartition(" as ")[2].partition(":")[0] for line in found.astray} == {
        *("manager east", "coordinator of E3", "coordinator without grid")
    }


def _judge(
    found: Found, planted: Planted, name: str, what: str, endpoint: str, said: str, told: set[int]
) -> None:
    """Note what an answer should not have held, and what it held without a trace."""
    plain = re.sub(r"(?<=\d)[\s-]+(?=[\dX])", "", said)
    found.astray += [f"{what}: a whole identity number" for number in planted.never if number in plain]
    held = {word: whose for word, whose in planted.words.items() if word in said}
    if not held:
        return
    kind, _, _, grids = READERS[name]
    allowed = grids if kind != "administrator" or endpoint in FOR_ADMINISTRATORS else ()
    astray = sorted(word for word, (grid, _) in held.items() if grid not in allowed)
    if astray:
        found.astray.append(f"{what}: {', '.join(astray[:4])}")
        return
    found.shown += 1
    missing = sorted({household for _, household in held.values() if household is not None} - told)
    if missing:
        found.unlogged.append(f"{what}: households {missing[:4]}")
