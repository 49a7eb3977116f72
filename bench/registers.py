"""The registers over HTTP, and what row-level security costs them.

    script/bench registers [--place CODE] [--count 40] [-o FIGURES.md]

The database is that of the environment (GRIDKEEPER_CLUSTER or DATABASE_URL), with people in it, as
`gridkeeper demo --households 30000` makes them. A manager of the whole place and the coordinator of one of
its grids sign in, and ask for pages of the ledgers, for names and addresses drawn at random from those there
are, for sums, figures and counts on the map. Milliseconds are p50 / p95, one question after the other.

The ratio: the questions of a ledger page, within one process, as the app beneath its policies and as the
owner of tables whose row-level security is switched off (in a transaction that is undone).
"""

from __future__ import annotations

import argparse
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from app import create_app
from app.config import logins
from app.db import open_engine, transaction
from app.services import accounts, ledgers
from app.services.access import Actor, Grant
from app.services.field_register import OF_PERSONS
from app.services.latin import latin
from app.services.ledgers import Asked
from app.services.personal import open_registers
from bench.tiles import _gridkeeper, _served

ZONE = ZoneInfo("Asia/Shanghai")
SECONDS, FEWEST = 8, 3  # a question that takes long is asked less often
# Their reads stay in the log of reads for good, so the log says what they were.
NAMES = {"manager": "测速 · speed test (manager)", "coordinator": "测速 · speed test (coordinator)"}
Request = tuple[str, str, dict[str, str]]  # method, path, form


@dataclass(frozen=True)
class Place:
    """Where it is measured: the place with its plan in force, a grid of it, and words to look for."""

    code: str
    path: str
    id: int
    plan: int
    grid: int
    community: int
    names: list[str]
    addresses: list[str]


def main() -> None:
    ask = argparse.ArgumentParser(
        prog="script/bench registers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    ask.add_argument("--place", help="code of the place; default: the one with most grids in force")
    ask.add_argument("--count", type=int, default=40, help="questions of each kind, fewer of slow ones")
    ask.add_argument("-o", "--output", type=Path, help="write the tables here too, as Markdown")
    given = ask.parse_args()
    lines = []
    for line in report(given.place, given.count):
        print(line, flush=True)
        lines.append(line)
    if given.output:
        given.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


def report(code: str | None, count: int) -> Iterator[str]:
    """Two tables as Markdown."""
    owner = open_engine(logins().owner, statement_seconds=0)
    with ExitStack() as held:
        database = held.enter_context(owner.connect().execution_options(isolation_level="AUTOCOMMIT"))
        place = found(database, code, count)
        yield told(database)
        yield ""
        cookies = held.enter_context(signed_in(database, place))
        server = held.enter_context(_served(_gridkeeper, "/health"))
        yield "| question | manager of the place | coordinator of a grid |"
        yield "| --- | --- | --- |"
        for name, make in questions(place).items():
            figures = []
            for who, cookie in cookies.items():
                cookie, token = entered(server, cookie)
                asked = [make(at, who) for at in range(count)]
                figures.append(timed(server, cookie, token, asked))
            yield f"| {name} | {figures[0]} | {figures[1]} |"
        yield ""
        yield from security(database, place, count)
    owner.dispose()


def found(database: Connection, code: str | None, count: int) -> Place:
    """The place with most grids in force, with names and addresses of it at random."""
    row = database.execute(
        text("""
            SELECT place.code, place.path::text AS path, place.id, plan.id AS plan, grid.id AS grid,
                grid.community_id
            FROM plan JOIN place ON place.id = plan.place_id JOIN grid ON grid.plan_id = plan.id
            WHERE plan.state = 'published' AND place.code = coalesce(:code, place.code)
            ORDER BY (SELECT count(*) FROM grid WHERE plan_id = plan.id) DESC, grid.code LIMIT 1
        """),
        {"code": code},
    ).first()
    if row is None:
        sys.exit("bench: there is no plan in force; run `gridkeeper demo --households 30000`.")
    database.execute(text("SELECT set_config('gridkeeper.keeping', 'on', false)"))
    names = database.scalars(
        text("SELECT name FROM resident ORDER BY md5(id::text) LIMIT :n"), {"n": count}
    ).all()
    addresses = database.scalars(
        text(
            "SELECT coalesce(name, address) FROM building WHERE households > 0 "
            "ORDER BY md5(id::text) LIMIT :n"
        ),
        {"n": count},
    ).all()
    if not names:
        sys.exit(
            "bench: nobody is registered; run `gridkeeper demo --households 30000` on an empty database."
        )
    return Place(
        row.code, row.path, row.id, row.plan, row.grid, row.community_id, list(names), list(addresses)
    )


def told(database: Connection) -> str:
    """How much there is."""
    counts = [
        f"{database.scalar(text(f'SELECT count(*) FROM {table}')):,} {words}"  # noqa: S608 (constants)
        for table, words in (
            *(("household", "households"), ("resident", "residents"), ("visit", "visits")),
            *(("employer", "employers"), ("need", "needs")),
        )
    ]
    return ", ".join(counts) + "."


def questions(place: Place) -> dict[str, Callable[[int, str], Request]]:
    """What is asked, by what it is called; each for a number and who asks."""
    rng = random.Random(1)  # noqa: S311 (the same questions each time)
    sorts = [column.name for column in ledgers.RESIDENTS.columns if column.sort and column.name != "address"]

    def page(**form: str) -> Request:
        return ("POST", "/registers", {"ledger": "residents", **form})

    def pinyin(at: int) -> str:
        return (latin(place.names[at % len(place.names)]).pinyin or "").lower().replace("'", "")

    def prefix(at: int) -> str:
        return place.names[at % len(place.names)][: 1 + at % 2]

    return {
        "residents, first page": lambda at, who: page(),
        "residents, next pages": lambda at, who: ("NEXT", "/registers", {"ledger": "residents"}),
        "residents, a grid": lambda at, who: page(grid=str(place.grid)),
        "residents, visit due": lambda at, who: page(show="due"),
        "residents, never visited": lambda at, who: page(show="never"),
        **{
            f"residents, by {sort}": lambda at, who, sort=sort: page(order=rng.choice(["", "-"]) + sort)
            for sort in sorts
        },
        "search, a whole name": lambda at, who: page(q=place.names[at % len(place.names)]),
        "search, one or two characters": lambda at, who: page(q=prefix(at)),
        "search, pinyin": lambda at, who: page(q=pinyin(at)),
        "search, first letters": lambda at, who: page(
            q=(latin(place.names[at % len(place.names)]).initials or "zw")[:2]
        ),
        "search, an address": lambda at, who: page(q=place.addresses[at % len(place.addresses)]),
        "coordinators": lambda at, who: page(ledger="coordinators"),
        "employers": lambda at, who: page(ledger="employers"),
        "needs": lambda at, who: page(ledger="needs"),
        "sums of all residents": lambda at, who: ("POST", "/registers/totals", {"ledger": "residents"}),
        "indicators": lambda at, who: ("GET", "/indicators", {}),
        "counts of all grids": lambda at, who: ("GET", f"/api/plans/{place.plan}/residents", {}),
        "a grid's panel with six clears": lambda at, who: ("GET", f"/api/grids/{place.grid}/residents", {}),
    }


def timed(server, cookie: str, token: str, asked: list[Request]) -> str:
    """p50 / p95 of the questions in ms, after two that do not count."""
    after = ""
    taken = []
    for at, (method, path, form) in enumerate([*asked[:2], *asked]):
        headers = {"Cookie": cookie, "X-CSRFToken": token, "X-Part": "table"}
        body = None
        if method != "GET":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**form, **({"after": after} if method == "NEXT" and after else {})})
        begun = time.perf_counter()
        server.request("POST" if method == "NEXT" else method, path, body, headers)
        answer = server.getresponse()
        said = answer.read()
        ms = 1000 * (time.perf_counter() - begun)
        if answer.status == 403:
            return "–"
        if answer.status != 200:
            sys.exit(f"bench: {path} answered {answer.status}")
        if method == "NEXT":
            more = re.search(rb'data-after="(\d*)"', said)
            after = more.group(1).decode() if more else ""
        if at >= 2:
            taken.append(ms)
        if sum(taken) > 1000 * SECONDS and len(taken) >= FEWEST:
            break
    return two(taken)


def two(taken: list[float]) -> str:
    """p50 / p95.

    >>> two([1.0, 2.0, 3.0, 10.0])
    '2 / 9'
    """
    return f"{statistics.median(taken):.0f} / {statistics.quantiles(taken, n=20, method='inclusive')[-1]:.0f}"


def entered(server, cookie: str) -> tuple[str, str]:
    """The cookie a page of theirs gives, and what it says must come with every form."""
    server.request("GET", "/me", None, {"Cookie": cookie})
    answer = server.getresponse()
    given = answer.getheader("Set-Cookie", cookie).partition(";")[0]
    said = re.search(r'name="csrf-token" content="([^"]+)"', answer.read().decode())
    return (given, said.group(1)) if said else sys.exit("bench: nobody is signed in")


@contextmanager
def signed_in(database: Connection, place: Place) -> Iterator[dict[str, str]]:
    """Cookies of a manager of the place and of a coordinator who stands in for a grid, until the run ends."""
    app = create_app()
    people = {}
    try:
        for kind, where in (("manager", place.id), ("coordinator", place.community)):
            account = f"benchmark-{kind}"
            people[kind] = database.execute(
                text("""
                    INSERT INTO person (account, name) VALUES (:account, :name)
                    ON CONFLICT (account) DO UPDATE SET active = true, name = :name RETURNING id
                """),
                {"account": account, "name": NAMES[kind]},
            ).scalar_one()
            database.execute(
                text("INSERT INTO role (person_id, kind, place_id) VALUES (:id, :kind, :where)"),
                {"id": people[kind], "kind": kind, "where": where},
            )
        database.execute(
            text(
                "INSERT INTO duty (grid_id, person_id, kind, during) "
                "VALUES (:grid, :id, 'deputy', tstzrange(now() - interval '1 day', NULL))"
            ),
            {"grid": place.grid, "id": people["coordinator"]},
        )
        signer = app.session_interface.get_signing_serializer(app)
        cookies = {}
        with transaction(app.extensions["engine"]) as session:
            for kind, person in people.items():
                token = accounts.begin(session, person, "bench", datetime.now(UTC))
                cookies[kind] = f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'_user_id': token})}"
        yield cookies
    finally:
        for person in people.values():
            for table in ("sign_in", "role", "duty"):
                database.execute(text(f"DELETE FROM {table} WHERE person_id = :id"), {"id": person})  # noqa: S608
            database.execute(text("UPDATE person SET active = false WHERE id = :id"), {"id": person})
        app.extensions["engine"].dispose()


# --- Row-level security -----------------------------------------------------------------------------------

PAGES = {
    "first page": Asked(),
    "visit due": Asked(show="due"),
    "by last visit": Asked(sort="visited"),
    "search, 王": Asked(q="王"),
    "search, zhangw": Asked(q="zhangw"),
    "employers": Asked("employers"),
    "sums": Asked(),
}


def security(database: Connection, place: Place, count: int) -> Iterator[str]:
    """The same questions with the policies and without, and the ratio of their medians."""
    person = database.scalar(text("SELECT id FROM person WHERE account = 'benchmark-manager'"))
    actor = Actor(person, "benchmark-manager", "", (Grant("manager", place.path),))
    app = open_engine(logins().app, small_questions=True)
    owner = open_engine(logins().owner, small_questions=True, statement_seconds=0)
    yield "| question of a ledger | with policies | without | ratio |"
    yield "| --- | --- | --- | --- |"
    for name, asked in PAGES.items():
        medians = []
        for engine, guarded in ((app, True), (owner, False)):
            with Session(engine) as session:
                if not guarded:
                    for table in OF_PERSONS:
                        session.execute(text(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY'))
                medians.append(median(session, actor, name, asked, max(count // 2, 5)))
                session.rollback()
        yield f"| {name} | {medians[0]:.1f} | {medians[1]:.1f} | {medians[0] / medians[1]:.2f} |"
    app.dispose()
    owner.dispose()


def median(session: Session, actor: Actor, name: str, asked: Asked, count: int) -> float:
    """Milliseconds of one question, after one that does not count."""
    registers = open_registers(session, actor, "ledger")
    now = datetime.now(ZONE)
    taken = []
    for _ in range(count + 1):
        begun = time.perf_counter()
        if name == "sums":
            ledgers.totals(registers, asked, now)
        else:
            ledgers.page(registers, asked, now)
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken[1:])


if __name__ == "__main__":
    main()
