"""Who may administer whom, in the browser and by the API."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import text

from app.services import accounts
from tests.views.conftest import PASSWORD
from tests.views.world import ELSEWHERE, HERE, WEST_STREET, A, E


def audited(session):
    return [(row.act, row.about) for row in session.execute(text("SELECT act, about FROM audit ORDER BY id"))]


def added(browser, account="wang.fang", name="王芳", role="coordinator", place=A):
    return browser.post(
        "/api/people", json={"account": account, "name": name, "role": {"kind": role, "place": place}}
    )


# --- Refusals --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("browser", ["as_manager", "as_coordinator", "as_leader"])
@pytest.mark.parametrize("path", ["/people", "/people/new", "/people/1", "/api/people", "/api/people/1"])
def test_only_administrators_keep_people(request, browser, path):
    answer = request.getfixturevalue(browser).get(path)

    assert answer.status_code == 403


def test_an_administrator_of_a_district_sees_its_people_only(as_district_administrator):
    found = as_district_administrator.get("/api/people").json["people"]

    assert {one["account"] for one in found} == {"administrator.here", "manager", "leader", "coordinator"}


@pytest.mark.parametrize("account", ["stranger", "administrator"])
def test_people_of_elsewhere_and_of_everywhere_are_out_of_reach(as_district_administrator, people, account):
    answer = as_district_administrator.post(f"/api/people/{people[account]}/password")

    assert answer.status_code == 403
    assert answer.json["code"] == "not_in_scope"


def test_who_has_a_role_elsewhere_too_is_out_of_reach(as_administrator, as_district_administrator, people):
    person = people["coordinator"]
    as_administrator.post(f"/api/people/{person}/roles", json={"kind": "leader", "place": E})

    assert as_district_administrator.get(f"/api/people/{person}").status_code == 403


@pytest.mark.parametrize(
    ("kind", "place"), [("administrator", None), ("manager", ELSEWHERE), ("coordinator", E)]
)
def test_roles_are_given_only_within_ones_own_places(as_district_administrator, people, kind, place):
    answer = as_district_administrator.post(
        f"/api/people/{people['leader']}/roles", json={"kind": kind, "place": place}
    )

    assert (answer.status_code, answer.json["code"]) == (403, "not_in_scope")


@pytest.mark.parametrize("browser", ["as_administrator", "as_district_administrator"])
def test_nobody_changes_ones_own_roles(request, people, browser):
    mine = request.getfixturevalue(browser)
    me = mine.get("/api/me").json

    answers = [
        mine.post(f"/api/people/{me['id']}/roles", json={"kind": "manager", "place": HERE}),
        mine.delete(f"/api/people/{me['id']}/roles/{me['roles'][0]['id']}"),
        mine.patch(f"/api/people/{me['id']}", json={"active": False}),
        mine.post(f"/api/people/{me['id']}/password"),
    ]

    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [(403, "own_rights")] * 4


def test_the_last_administrator_of_everything_cannot_be_removed(
    as_administrator, people, session, sign_in, clock
):
    second = added(as_administrator, "second", "Second", "administrator", None).json["person"]
    other = sign_in(second["id"])
    session.execute(text("UPDATE person SET password_until = NULL"))
    session.commit()
    first = people["administrator"]
    role = as_administrator.get("/api/me").json["roles"][0]["id"]
    assert other.patch(f"/api/people/{first}", json={"active": False}).status_code == 200

    accounts.reactivate(session, None, first)
    accounts.deactivate(session, None, second["id"], clock())
    session.commit()

    with pytest.raises(Exception, match="last administrator"):
        accounts.deactivate(session, None, first, clock())
    with pytest.raises(Exception, match="last administrator"):
        accounts.revoke_role(session, None, first, role)


@pytest.mark.parametrize(
    ("given", "code", "status"),
    [
        ({"account": "manager", "name": "M"}, "account_taken", 409),
        ({"account": "Wang Fang", "name": "M"}, "account_malformed", 422),
        ({"account": "1st", "name": "M"}, "account_malformed", 422),
        ({"account": "wang", "name": "  "}, "person_name_malformed", 422),
        ({"account": "wang", "name": "a\nb"}, "person_name_malformed", 422),
        ({"account": "wang", "name": "x" * 81}, "fields_malformed", 422),
        ({"account": "wang"}, "fields_malformed", 422),
        ({"account": "wang", "name": "W", "office_phone": "call me"}, "phone_malformed", 422),
        ({"account": "wang", "name": "W", "active": False}, "fields_malformed", 422),
        ({"account": "wang", "name": "W", "role": {"kind": "king", "place": A}}, "fields_malformed", 422),
        ({"account": "wang", "name": "W", "role": {"kind": "manager"}}, "role_needs_place", 422),
        (
            {"account": "wang", "name": "W", "role": {"kind": "manager", "place": "140400"}},
            "place_unknown",
            422,
        ),
        (
            {"account": "wang", "name": "W", "role": {"kind": "manager", "place": A, "until": "2026-03-01"}},
            "role_in_the_past",
            422,
        ),
    ],
)
def test_a_person_who_cannot_be_is_refused_and_not_added(as_administrator, session, given, code, status):
    answer = as_administrator.post("/api/people", json=given)

    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert session.scalar(text("SELECT count(*) FROM person")) == 6


def test_a_district_administrator_adds_nobody_without_a_role(as_district_administrator):
    answer = as_district_administrator.post("/api/people", json={"account": "wang", "name": "W"})

    assert answer.json["code"] == "not_in_scope"


def test_a_person_who_is_not_there_is_not_found(as_administrator):
    assert as_administrator.get("/api/people/999999").json["code"] == "not_found"
    assert as_administrator.get(f"/api/people/{2**63}").json["code"] == "not_found"
    assert as_administrator.get("/people/999999").status_code == 404


# --- What works ------------------------------------------------------------------------------------------


def test_a_new_person_signs_in_with_the_password_and_must_change_it(as_administrator, client):
    password = added(as_administrator).json["password"]

    answer = client.post("/sign-in", data={"account": "wang.fang", "password": password, "next": "/map"})

    assert answer.location == "/me?next=/map"
    assert client.get("/map").location == "/me?next=/map"
    assert client.get("/api/people").json["code"] == "password_must_change"
    chosen = {"present": password, "wanted": "willow bridge kettle", "again": "willow bridge kettle"}
    assert client.post("/me/password", data={**chosen, "next": "/map"}).location == "/map"
    assert client.get("/api/people").json["code"] == "not_allowed"


def test_a_given_password_lasts_three_days(as_administrator, client, clock):
    password = added(as_administrator).json["password"]
    clock.passes(hours=73)

    answer = client.post("/sign-in", data={"account": "wang.fang", "password": password})

    assert answer.status_code == 401


def test_a_name_in_characters_is_found_by_how_it_is_said(as_administrator):
    added(as_administrator)

    found = as_administrator.get("/api/people?q=fang").json["people"]

    assert [(one["name"], one["name_pinyin"]) for one in found] == [("王芳", "wang fang")]


@pytest.mark.parametrize("words", ["%", "_", "\\", "王 x"])
def test_signs_of_the_database_are_looked_for_as_they_are(as_administrator, words):
    assert as_administrator.get("/api/people", query_string={"q": words}).json["people"] == []


def test_a_role_given_and_revoked_counts_at_once(as_district_administrator, sign_in, people):
    person = people["coordinator"]
    theirs = sign_in(person)
    granted = as_district_administrator.post(
        f"/api/people/{person}/roles", json={"kind": "administrator", "place": WEST_STREET}
    )
    assert granted.status_code == 201
    assert theirs.get("/api/people").status_code == 200
    role = next(role for role in granted.json["roles"] if role["kind"] == "administrator")

    as_district_administrator.delete(f"/api/people/{person}/roles/{role['id']}")

    assert theirs.get("/api/people").status_code == 403


def test_a_retired_person_may_come_back(as_administrator, client, people):
    as_administrator.patch(f"/api/people/{people['leader']}", json={"active": False})
    form = {"account": "leader", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 401

    as_administrator.patch(f"/api/people/{people['leader']}", json={"active": True})

    assert client.post("/sign-in", data=form).status_code == 302


def test_every_act_is_audited_and_holds_no_secret(as_administrator, session, people):
    answer = added(as_administrator)
    person, password = answer.json["person"]["id"], answer.json["password"]
    role = answer.json["person"]["roles"][0]["id"]
    as_administrator.patch(f"/api/people/{person}", json={"name": "王方", "active": False})
    as_administrator.patch(f"/api/people/{person}", json={"active": True})
    as_administrator.post(f"/api/people/{person}/roles", json={"kind": "leader", "place": HERE})
    as_administrator.delete(f"/api/people/{person}/roles/{role}")
    second = as_administrator.post(f"/api/people/{person}/password").json["password"]
    as_administrator.delete(f"/api/people/{person}/sessions")

    acts = [act for act, about in audited(session) if about == f"person {person}"]

    assert acts == [
        *["person_added", "role_granted", "person_changed", "person_deactivated", "person_reactivated"],
        *["role_granted", "role_revoked", "password_given", "signed_out_everywhere"],
    ]
    kept = str(session.execute(text("SELECT * FROM audit")).all())
    assert password not in kept
    assert second not in kept
    by = session.scalars(
        text("SELECT DISTINCT person_id FROM audit WHERE about = :who"), {"who": f"person {person}"}
    )
    assert list(by) == [people["administrator"]]


def test_the_same_is_done_by_forms(as_administrator, session, people):
    page = as_administrator.post(
        "/people",
        data={
            "account": "li.ming",
            "name": "李明",
            "kind": "coordinator",
            "place": A,
            "office_phone": "0355-1234",
        },
    )
    password = re.search(r"<output>(\S+)</output>", page.text).group(1)
    person = session.scalar(text("SELECT id FROM person WHERE account = 'li.ming'"))
    assert as_administrator.get(f"/people/{person}").text.count(password) == 0

    for path, form in [
        ("", {"name": "李明明", "office_phone": ""}),
        ("/roles", {"kind": "leader", "place": HERE, "until": "2026-12-31"}),
        ("/sign-out", {}),
        ("/deactivation", {}),
        ("/reactivation", {}),
    ]:
        answer = as_administrator.post(f"/people/{person}{path}", data=form)
        assert (path, answer.status_code, answer.location) == (path, 302, f"/people/{person}")
    shown = as_administrator.get(f"/people/{person}").text

    assert "李明明" in shown
    assert "until 31 Dec 2026" in shown
    refused = as_administrator.post(f"/people/{person}", data={"name": "", "office_phone": "x"})
    assert refused.status_code == 422
    assert "The name must have" in refused.text


def test_names_are_shown_as_text(as_administrator):
    person = added(as_administrator, name="<script>alert(1)</script>").json["person"]["id"]

    for page in ("/people", f"/people/{person}"):
        assert "<script>alert" not in as_administrator.get(page).text


# --- One's own account -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"present": "not the one"}, "not your present password"),
        ({"again": "something else again"}, "not the same"),
        ({"wanted": "short", "again": "short"}, "The password has 5 characters"),
        ({"wanted": PASSWORD, "again": PASSWORD}, "the password you had"),
        ({"wanted": "manager manager person", "again": "manager manager person"}, "hardly more than"),
    ],
)
def test_a_password_that_cannot_be_is_refused(as_manager, client, given, said):
    form = {"present": PASSWORD, "wanted": "willow bridge kettle", "again": "willow bridge kettle", **given}

    answer = as_manager.post("/me/password", data=form)

    assert answer.status_code == 422
    assert said in answer.text
    assert client.post("/sign-in", data={"account": "manager", "password": PASSWORD}).status_code == 302


def test_a_changed_password_ends_all_other_sessions(as_manager, sign_in, people):
    elsewhere = sign_in(people["manager"])
    form = {"present": PASSWORD, "wanted": "willow bridge kettle", "again": "willow bridge kettle"}

    assert as_manager.post("/me/password", data=form).status_code == 302

    assert as_manager.get("/me").status_code == 200
    assert elsewhere.get("/me").status_code == 302


def test_guessing_the_present_password_is_slowed_down(as_manager):
    form = {"present": "guess", "wanted": "willow bridge kettle", "again": "willow bridge kettle"}

    answers = [as_manager.post("/me/password", data=form).status_code for _ in range(6)]

    assert answers == [422] * 5 + [429]


def test_one_signs_out_everywhere(as_manager, sign_in, people):
    elsewhere = sign_in(people["manager"])

    as_manager.post("/me/sign-out-everywhere")

    assert as_manager.get("/me").status_code == 302
    assert elsewhere.get("/me").status_code == 302


def test_who_one_is_is_told(as_coordinator):
    told = as_coordinator.get("/api/me").json

    assert told["account"] == "coordinator"
    assert [role["place"]["code"] for role in told["roles"]] == [A]
    assert "hash" not in json.dumps(told)
