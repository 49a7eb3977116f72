"""Every route by every role in every scope, generated from the map of URLs.

What is expected is worked out here from the policy's line alone, by words (“own”, “parent” …), not by paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models import Person, Role
from app.services import accounts
from app.services.access import KINDS, OPEN_TO_ALL, PLACES, POLICY, Anyone, Rule
from tests.views.conftest import Browser
from tests.views.world import EAST_STREET, ELSEWHERE, HERE, WEST_STREET, A, B, E

NOBODY = "nobody"
RELATIONS = ("own", "parent", "child", "sibling", "foreign")

# Where the object of each line of PLACES lies in the tests' world, and the places around it.
AROUND_STREET = {
    "own": EAST_STREET,
    "parent": HERE,
    "child": A,
    "sibling": WEST_STREET,
    "foreign": ELSEWHERE,
}
AROUND_COMMUNITY = {"own": A, "parent": EAST_STREET, "sibling": B, "foreign": E}
AROUND = {
    "place": AROUND_STREET,
    "plan": AROUND_STREET,
    "grid": AROUND_COMMUNITY,
    "building": AROUND_COMMUNITY,
    "comment": AROUND_STREET,
    "hazard": AROUND_STREET,
    "person": AROUND_STREET,
    "job": AROUND_STREET,
    "upload": AROUND_STREET,  # which belongs to a person, wherever
    None: {"own": EAST_STREET, "foreign": ELSEWHERE},  # the role alone decides
}

# Values for arguments of URLs that name no object: anything that leads into the view.
PLAIN_ARGUMENTS = {
    "one": 1,
    "other": 2,
    "z": 14,
    "x": 13335,
    "y": 6439,
    "version": "1",
    "name": "nothing.css",
    "filename": "nothing.css",
    "role_id": 1,
    "lock_id": 1,
    "note_id": 1,
    "mark_id": 1,
    "compound_id": 1,
    "pack_id": 1,
    "rental_id": 1,
    "month": "2026-02",
    "tenancy_id": 1,
    "letter_id": 1,
    "employer_id": 1,
    "need_id": 1,
    "household_id": 1,  # whose rows are seen, the database decides
    "resident_id": 1,
    "dwelling_id": 1,
    "stay_id": 1,
    "promise_id": 1,
    "referral_id": 1,
    "appeal_id": 1,
    "check_id": 1,
    "notice_id": 1,
    "correction_id": 1,
    "mediation_id": 1,
    "campaign_id": 1,
    "absence_id": 1,
    "handover_id": 1,
    "duty_id": 1,
    "request_id": 1,
    "helper_id": 1,
    "client_id": "00000000-0000-4000-8000-000000000001",
    "photo_id": 1,
    "inspection_id": 1,
    "handset_id": "00000000-0000-4000-8000-000000000001",
    "place_code": "140499",
    "feature_id": 1,
    "hazard_id": 1,
    "kind": "building",
    "number": 1,
    "border": "0",
}


@dataclass
class Objects:
    """Values for arguments of URLs that name an object, made for the test."""

    values: dict[str, object]


@pytest.fixture
def objects(session: Session, world) -> Objects:
    kept = Person(account="kept", name="Kept")
    session.add(kept)
    session.flush()
    session.add(Role(person_id=kept.id, kind="leader", place_id=world.places[EAST_STREET]))
    job = session.execute(
        text("INSERT INTO job (kind, place_id, asked_by) VALUES ('split', :place, :person) RETURNING id"),
        {"place": world.places[EAST_STREET], "person": kept.id},
    ).scalar_one()
    comment = session.execute(
        text("INSERT INTO comment (plan_id, version, text) VALUES (:plan, 0, 'x') RETURNING id"),
        {"plan": world.plans[EAST_STREET]},
    ).scalar_one()
    upload = session.execute(
        text("INSERT INTO upload (person_id, folder, files) VALUES (:person, :folder, '[]') RETURNING id"),
        {"person": kept.id, "folder": "a-random-name-of-a-folder"},
    ).scalar_one()
    hazard = session.execute(
        text("""
            INSERT INTO hazard (community_id, position, kind, origin, reported_at, state_since, due_at)
            SELECT :place, ST_SetSRID(ST_MakePoint(113.1, 36.2), 4326), 'gas', 'manager', now(), now(), now()
            RETURNING id
        """),
        {"place": world.places[EAST_STREET]},
    ).scalar_one()
    session.commit()
    return Objects(
        {
            "code": EAST_STREET,
            "plan_id": world.plans[EAST_STREET],
            "grid_id": world.grids[EAST_STREET, A],
            "building_id": world.buildings[f"{A}-0"],
            "person_id": kept.id,
            "job_id": job,
            "comment_id": comment,
            "upload_id": upload,
            "hazard_id": hazard,
        }
    )


BESIDE = {"HEAD", "OPTIONS"}


@pytest.fixture
def browsers(app, session: Session, world, clock) -> dict[tuple[str, str | None], Browser]:
    """One for each role at each place around, and one for nobody."""
    app.test_client_class = Browser
    found: dict[tuple[str, str | None], Browser] = {(NOBODY, None): app.test_client()}
    codes = {code for around in AROUND.values() for code in around.values()}
    reaching = [AROUND["grid"][relation] for relation in ("own", "parent")]
    deputy = text(  # whose grid it is opens what their role alone does not
        "INSERT INTO duty (grid_id, person_id, kind, during)"
        " VALUES (:grid, :person, 'deputy', tstzrange('2026-01-01', NULL))"
    )
    for kind in KINDS:
        for code in sorted(codes):
            person = Person(account=f"{kind}.{code}", name=f"{kind} of {code}")
            session.add(person)
            session.flush()
            session.add(Role(person_id=person.id, kind=kind, place_id=world.places[code]))
            session.flush()
            if kind == "coordinator" and code in reaching:
                session.execute(deputy, {"grid": world.grids[EAST_STREET, A], "person": person.id})
            token = accounts.begin(session, person.id, "test", clock())
            browser = found[kind, code] = app.test_client()
            with browser.session_transaction() as cookie:
                cookie["_user_id"] = token
    session.commit()
    return found


def expected(line: Rule, role: str, relation: str | None) -> str:
    """What the policy's line says, in words."""
    if line.who in OPEN_TO_ALL:
        return "open"
    if role == NOBODY:
        return "not_signed_in"
    if not isinstance(line.who, Anyone) and role not in line.who:
        return "not_allowed"
    if line.at is None:
        return "open"
    if line.how == "own":  # the test's objects are somebody else's
        return "not_allowed"
    reached = {"touches": ("own", "parent", "child")}.get(line.how, ("own", "parent"))
    return "open" if relation in reached else "not_in_scope"


def found_out(answer) -> str:
    """What an answer says, in the same words."""
    if answer.status_code == 302 and answer.location.startswith("/sign-in?next="):
        return "not_signed_in"
    if answer.status_code in (401, 403):
        if answer.request.method == "HEAD":
            return {401: "not_signed_in", 403: "refused"}[answer.status_code]
        if answer.is_json or answer.mimetype == "application/problem+json":
            code = answer.json["code"]
        else:
            said = re.search(r'data-code="(\w+)"', answer.text)
            code = said.group(1) if said else "open"  # the view itself says no, as to a wrong password
        return "open" if code == "origin_foreign" else code  # open to whoever comes from our own page
    if answer.status_code >= 500:
        return f"a fault ({answer.status_code})"
    return "open"


def cells(line: Rule) -> Iterator[tuple[str, str | None]]:
    """Roles and scopes to try a route with."""
    yield NOBODY, None
    for role in KINDS:
        for relation in AROUND[line.at]:
            yield role, relation


def arguments(rule, objects: Objects) -> dict[str, object]:
    values = {**PLAIN_ARGUMENTS, **objects.values}
    for name in sorted(rule.arguments):
        assert name in values, (
            f"The URL {rule.rule} has an argument “{name}” that this test knows no value for: "
            "add it to PLAIN_ARGUMENTS, or to `objects` if it names a thing with a place."
        )
    return {name: values[name] for name in rule.arguments}


def test_every_route_has_a_line_in_the_policy_and_every_line_a_route(made_app):
    routes = {rule.endpoint for rule in made_app.url_map.iter_rules()}

    assert sorted(routes - set(POLICY)) == [], "routes without a line in app/services/access.py"
    assert sorted(set(POLICY) - routes) == [], "lines without a route"


def test_every_line_finds_its_place_in_the_url(made_app):
    for rule in made_app.url_map.iter_rules():
        line = POLICY[rule.endpoint]
        assert line.how in ("covers", "touches", "own", "own or covers")
        if line.at is not None:
            assert PLACES[line.at].argument in rule.arguments, f"{rule.rule} names no {line.at}"


def test_what_has_no_line_is_refused_to_everybody(app, as_administrator, monkeypatch):
    monkeypatch.delitem(POLICY, "people_api.people")

    assert as_administrator.get("/api/people").json["code"] == "not_allowed"


@pytest.mark.slow
def test_every_route_by_every_role_in_every_scope(app, objects, browsers, unset_paper, monkeypatch, capsys):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)  # tried route by route in test_forgery.py
    connection = app.extensions["engine"]
    wrong, tried, wanted = [], 0, 0
    for number, rule in enumerate(app.url_map.iter_rules()):
        line = POLICY[rule.endpoint]
        beside = len(rule.methods & BESIDE)
        wanted += beside + (len(rule.methods) - beside) * (1 + len(KINDS) * len(AROUND[line.at]))
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **arguments(rule, objects))
        for method in sorted(rule.methods):
            body = {} if method in ("GET", "HEAD", "OPTIONS") else {"json": {"nothing of": "the sort"}}
            tried_by = list(cells(line))
            if method in BESIDE:  # of one line with GET: each is tried by another role, route by route
                tried_by = [tried_by[number % len(tried_by)]]
            for role, relation in tried_by:
                browser = browsers[role, AROUND[line.at][relation] if relation else None]
                cookie = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
                undone = connection.begin_nested()
                answer = browser.open(address, method=method, with_token=False, buffered=False, **body)
                says = found_out(answer)
                answer.close()
                undone.rollback()
                if cookie is not None:  # signing out forgets it
                    browser.set_cookie(cookie.key, cookie.value)
                tried += 1
                should = expected(line, role, relation)
                if method == "HEAD" and should in ("not_allowed", "not_in_scope"):
                    should = "refused"
                if says != should:
                    wrong.append(f"{method} {rule.rule} as {role} ({relation}): {says}, should be {should}")
    with capsys.disabled():
        print(f"\nauthorisation: {tried} cells tried, {len(wrong)} wrong")  # noqa: T201

    assert not wrong, "\n".join([*wrong[:40], f"… {len(wrong)} in all"])
    assert tried == wanted


@pytest.mark.parametrize(
    ("role", "code", "seen"),
    [
        ("coordinator", A, [A]),
        ("leader", EAST_STREET, [EAST_STREET]),
        ("manager", HERE, [HERE]),
        ("administrator", None, [ELSEWHERE, HERE]),
        (NOBODY, None, []),
    ],
)
def test_the_database_is_told_the_scope_too(app, session, world, clock, role, code, seen):
    from app.views.session import enter, work

    with app.test_request_context():
        if role != NOBODY:
            person = Person(account="scoped", name="Scoped")
            session.add(person)
            session.flush()
            session.add(Role(person_id=person.id, kind=role, place_id=code and world.places[code]))
            session.commit()
            enter(person.id)
        with work() as inside:
            question = "SELECT ltree2text(subpath(p, -1)) FROM unnest(scope_paths()) AS p ORDER BY 1"
            assert list(inside.scalars(text(question))) == seen
