"""The rights centre, and the page on which residents read what is held about them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import text

from app.models import Person, Role
from app.services import audit_chain
from app.services.access import Actor
from app.services.personal import open_places
from app.views.rights import VERDICT
from tests.services.fully_registered import given_everything, kept_loaded
from tests.services.mapped import DISTRICT, SUBDISTRICT, E, W
from tests.services.registered import on_duty


@pytest.fixture
def made(session):
    return kept_loaded(session, given_everything(session))


@pytest.fixture
def signed(session, made, sign_in):
    """A browser of somebody with a role in the district; on duty in a grid where one is named."""

    def enter(kind, code=DISTRICT, grid=None):
        person = Person(account=f"{kind}.{code}", name=f"{kind} of {code}")
        session.add(person)
        session.flush()
        session.add(Role(person_id=person.id, kind=kind, place_id=made.map.places[code].id))
        if grid is not None:
            on_duty(session, Actor(person.id, person.account, person.name, ()), made, grid)
        session.commit()
        return sign_in(person.id)

    return enter


@pytest.fixture
def home(made):
    return made.households["W1"][0].id


def code_for(browser, household_id):
    answer = browser.post(f"/households/{household_id}/own-code")
    found = re.search(r"<output>([A-Z0-9-]{14})</output>", answer.text)
    return found and found.group(1)


def reads_of(session, household_id):
    return session.execute(
        text("SELECT act, purpose, about FROM audit WHERE households @> ARRAY[:h]::bigint[] ORDER BY id"),
        {"h": household_id},
    ).all()


# --- The resident's page ----------------------------------------------------------------------------------


def test_a_resident_reads_what_is_held_and_who_read_it(client, signed, session, home):
    manager = signed("manager")
    code = code_for(manager, home)
    open_places(session, [DISTRICT], "visit").seen("view", "building 7", [home])
    session.commit()

    answer = client.post("/my-data", data={"code": code.lower().replace("-", " ")}, follow_redirects=True)

    assert answer.status_code == 200
    for word in ("金丝雀W11", "19900770000", "承诺金丝雀W1", "需求金丝雀W1", "转介金丝雀W1", "申请金丝雀W1"):
        assert word in answer.text
    assert "金丝雀W12" not in answer.text
    assert re.findall(r'name="kind" value="(\w+)"', answer.text) == ["correct", "object", "delete"]
    assert "looked at" in answer.text
    assert reads_of(session, home)[-1] == ("registers.view", "own-data", f"household {home}")
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_code_is_good_once_and_for_a_week(client, signed, home, clock, app):
    manager = signed("manager")
    code = code_for(manager, home)
    assert client.post("/my-data", data={"code": code}).status_code == 302
    other = app.test_client()
    assert other.post("/my-data", data={"code": code}).status_code == 401
    late = code_for(manager, home)
    clock.passes(days=7, minutes=1)

    answer = other.post("/my-data", data={"code": late})

    assert answer.status_code == 401
    assert "金丝雀" not in answer.text


def test_a_new_code_ends_the_one_that_was_not_used(client, signed, home):
    manager = signed("manager")
    first, second = code_for(manager, home), code_for(manager, home)

    assert client.post("/my-data", data={"code": first}).status_code == 401
    assert client.post("/my-data", data={"code": second}).status_code == 302


def test_the_page_closes_by_itself_and_when_it_is_left(client, signed, home, clock):
    manager = signed("manager")
    client.post("/my-data", data={"code": code_for(manager, home)})
    clock.passes(minutes=29)
    assert "金丝雀W11" in client.get("/my-data").text
    clock.passes(minutes=2)
    assert "金丝雀W11" not in client.get("/my-data").text
    client.post("/my-data", data={"code": code_for(signed("manager", W), home)})
    with client.session_transaction() as cookie:
        token = cookie["own"]

    client.post("/my-data/leave")

    with client.session_transaction() as cookie:
        cookie["own"] = token
    assert "金丝雀W11" not in client.get("/my-data").text


def test_guessing_codes_is_slowed_down(client, made):
    answers = [client.post("/my-data", data={"code": f"AAAA-BBBB-CC{n:02d}"}).status_code for n in range(7)]

    assert answers == [401] * 5 + [429] * 2


def test_a_code_is_kept_as_a_hash_only(signed, session, home):
    code = code_for(signed("manager"), home)
    open_places(session, [DISTRICT], "request")
    kept = str(session.execute(text("SELECT * FROM own_code")).all())
    told = str(session.execute(text("SELECT about, facts FROM audit")).all())

    assert code not in kept + told
    assert code.replace("-", "") not in kept + told


@pytest.mark.parametrize(
    ("kind", "code", "grid", "status"),
    [
        ("manager", E, None, 404),
        ("coordinator", W, "W2", 404),
        ("coordinator", W, "W1", 200),
        ("manager", W, None, 200),
        ("leader", DISTRICT, None, 403),
        ("administrator", DISTRICT, None, 403),
    ],
)
def test_a_code_is_handed_out_by_who_serves_the_household(signed, home, kind, code, grid, status):
    assert signed(kind, code, grid).post(f"/households/{home}/own-code").status_code == status


def test_the_copy_holds_all_that_was_planted_and_nothing_of_others(client, signed, session, home):
    client.post("/my-data", data={"code": code_for(signed("manager"), home)})

    answer = client.post("/my-data/copy")

    assert set(answer.json["registers"]) == {
        *("dwelling", "household", "resident", "stay", "visit", "promise", "need", "referral"),
        *("subject_request", "own_code", "identity"),
    }
    assert [row["name"] for row in answer.json["registers"]["resident"]] == ["金丝雀W11"]
    assert "hash" not in answer.text
    assert ("registers.export", "own-data", f"household {home}") in reads_of(session, home)


def test_without_a_code_nothing_is_asked_for_or_copied(client, made):
    assert client.post("/my-data/copy").location == "/my-data"
    assert client.post("/my-data/requests", data={"kind": "delete"}).location == "/my-data"


# --- Requests ---------------------------------------------------------------------------------------------


def test_a_request_is_answered_in_time_and_the_resident_reads_it(client, signed, home, clock):
    manager, administrator = signed("manager"), signed("administrator")
    client.post("/my-data", data={"code": code_for(manager, home)})
    client.post("/my-data/requests", data={"kind": "correct", "words": "金丝雀姓名写错"})
    listed = administrator.get("/rights/requests")
    number = max(map(int, re.findall(r"/rights/requests/(\d+)", listed.text)))
    assert "金丝雀" not in listed.text
    assert "30 days left" in listed.text
    shown = administrator.get(f"/rights/requests/{number}")
    assert "金丝雀姓名写错" in shown.text

    answered = administrator.post(f"/rights/requests/{number}", data={"decision": "grant", "words": "Done."})

    assert answered.status_code == 302
    assert "Done." in client.get("/my-data").text
    again = administrator.post(f"/rights/requests/{number}", data={"decision": "refuse", "words": "No."})
    assert again.status_code == 409


def test_a_deletion_that_is_granted_removes_the_household(client, signed, session, home):
    manager, administrator = signed("manager"), signed("administrator")
    client.post("/my-data", data={"code": code_for(manager, home)})
    client.post("/my-data/requests", data={"kind": "delete"})
    number = max(map(int, re.findall(r"/rights/requests/(\d+)", administrator.get("/rights/requests").text)))
    assert "15 days left" in administrator.get(f"/rights/requests/{number}").text

    administrator.post(f"/rights/requests/{number}", data={"decision": "grant"})

    open_places(session, [DISTRICT], "request")
    assert session.scalar(text("SELECT count(*) FROM household WHERE id = :h"), {"h": home}) == 0
    assert session.scalar(text("SELECT count(*) FROM resident WHERE name = '金丝雀W11'")) == 0
    assert session.scalar(text("SELECT count(*) FROM tombstone")) == 8
    assert "金丝雀W11" not in client.get("/my-data").text


def test_a_refusal_says_why(client, signed, made, home):
    administrator = signed("administrator")
    number = min(map(int, re.findall(r"/rights/requests/(\d+)", administrator.get("/rights/requests").text)))

    answer = administrator.post(f"/rights/requests/{number}", data={"decision": "refuse"})

    assert answer.status_code == 422
    assert "A refusal says why" in answer.text


def test_a_request_elsewhere_is_not_there(signed, session, made):
    open_places(session, [DISTRICT], "request")
    number = session.scalar(
        text("SELECT id FROM subject_request WHERE words LIKE '%E1'"),
    )
    session.rollback()

    assert signed("administrator", W).get(f"/rights/requests/{number}").status_code == 404


# --- The rights centre ------------------------------------------------------------------------------------


def test_the_dry_run_is_shown_and_then_done(signed, session, made, clock):
    administrator = signed("administrator")
    clock.passes(days=365)
    session.execute(text("UPDATE sign_in SET seen_at = :now, begun_at = :now"), {"now": clock()})
    session.commit()
    page = administrator.get("/rights/retention")
    rows = re.search(r"Needs whose day has come.*?class=\"number\"[^>]*>(\d+)<", page.text, re.DOTALL)
    assert rows.group(1) == "6"

    done = administrator.post("/rights/retention")

    assert "24 rows were removed" in done.text  # needs, codes that ran out, births and numbers: six each
    open_places(session, [DISTRICT], "retention")
    assert session.scalar(text("SELECT count(*) FROM need")) == 0


def test_the_read_log_is_searched_and_keeps_to_the_places_of_the_role(signed, session, made):
    west, east = made.households["W1"][0].id, made.households["E1"][0].id
    for household in (west, east):
        registers = open_places(session, [DISTRICT], "ledger")
        registers.seen("export", f"ledger of {household}", [household])
    session.commit()
    administrator = signed("administrator", W)

    page = administrator.get("/rights/reads?act=export")

    assert f"ledger of {west}" in page.text
    assert f"ledger of {east}" not in page.text
    assert f"ledger of {west}" not in administrator.get("/rights/reads?act=print").text
    assert f"ledger of {west}" in administrator.get(f"/rights/reads?household={west}&purpose=ledger").text
    assert f"ledger of {west}" not in administrator.get("/rights/reads?until=2020-01-01").text
    assert administrator.get("/rights/reads?since=yesterday").status_code == 422


def test_reads_of_no_household_are_in_the_log_of_the_readers_place(signed, session, made):
    reader = signed("manager", W)
    reader.post("/registers/totals", data={"ledger": "residents", "q": "金丝雀"})
    building = made.building("W1").id
    reader.get(f"/api/employers?building={building}")
    employer = session.scalar(
        text("SELECT about FROM audit WHERE purpose = 'employer' AND households = '{}'")
    )

    assert employer == f"employers of building {building}"
    for place, sees in ((W, True), (E, False), (DISTRICT, True)):
        page = signed("administrator", place).get("/rights/reads").text
        assert ("Sums: Residents" in page) == sees
        assert (f"Employers of building {building}" in page) == sees
    assert "Sums: Residents" in signed("administrator", SUBDISTRICT).get("/rights/reads?act=search").text


def test_the_chain_is_told_and_what_was_altered_too(signed, session, made):
    administrator = signed("administrator")
    audit_chain.seal(session)
    session.commit()

    assert "The audit holds" in administrator.get("/rights").text


def test_the_chain_is_reckoned_every_ten_minutes_and_at_once_where_it_was_broken(
    app, signed, clock, monkeypatch
):
    app.extensions.pop(VERDICT, None)
    told, reckoned = {"holds": True}, []
    real = audit_chain.verify

    def verify(session):
        reckoned.append(clock())
        return replace(real(session), broken=() if told["holds"] else (1,))

    monkeypatch.setattr(audit_chain, "verify", verify)
    administrator = signed("administrator")
    for after, holds in ((0, True), (9, True), (2, False), (1, True), (1, True)):
        clock.passes(minutes=after)
        told["holds"] = holds
        assert ("The audit holds" in administrator.get("/rights").text) == holds
    app.extensions.pop(VERDICT)

    assert len(reckoned) == 3  # at first, after eleven minutes, and again since it did not hold


@pytest.mark.parametrize(
    "address",
    ["/rights", "/rights/fields", "/rights/reads", "/rights/retention", "/rights/requests", "/rights/impact"],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_page_of_the_centre_opens_for_administrators_alone(signed, address, language):
    assert signed("administrator").get(f"{address}?lang={language}").status_code == 200
    assert signed("manager").get(address).status_code == 403
