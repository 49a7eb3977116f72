"""Signing in, staying signed in, and out."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from app.services.accounts import deactivate, end_all
from tests.views.conftest import PASSWORD
from tests.views.world import HERE


def signs_in(browser, account, password, **more):
    return browser.post("/sign-in", data={"account": account, "password": password, **more})


def is_in(browser):
    return browser.get("/me").status_code == 200


def test_nobody_is_asked_to_sign_in_and_comes_back_to_the_page(client):
    answer = client.get("/me?lang=zh")

    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=/me?lang%3Dzh&lang=zh"


def test_a_program_that_is_not_signed_in_gets_a_problem(client):
    answer = client.get("/api/openapi.json")

    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.json["code"] == "not_signed_in"


@pytest.mark.parametrize("account", ["manager", "nobody.at.all"])
def test_a_wrong_password_and_an_unknown_account_read_the_same(client, account):
    answer = signs_in(client, account, "not the password at all")

    assert answer.status_code == 401
    assert "Account and password do not match" in answer.text
    assert not is_in(client)


def test_the_right_password_signs_in(client):
    answer = signs_in(client, " Manager ", PASSWORD, next="/me")

    assert answer.status_code == 302
    assert answer.location == "/me"
    assert is_in(client)


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\tx",
        "evil",
        "",
        "//[",
    ],
)
def test_signing_in_leads_to_no_other_site(client, elsewhere):
    answer = signs_in(client, "manager", PASSWORD, next=elsewhere)

    assert answer.location == "/"


def test_signing_in_begins_a_new_session(client, app):
    client.get("/sign-in")
    before = client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    with client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"

    signs_in(client, "manager", PASSWORD)

    with client.session_transaction() as cookie:
        assert "planted" not in cookie
        first = cookie["_user_id"]
    assert client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value != before
    signs_in(client, "leader", PASSWORD)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != first


def test_a_token_of_the_form_serves_no_other_session(client, as_manager):
    page = client.get("/sign-in").text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page).group(1)

    answer = as_manager.post("/sign-out", headers={"X-CSRFToken": token})

    assert answer.status_code == 400
    assert is_in(as_manager)


def test_signing_out_ends_the_session_for_copies_of_the_cookie_too(as_manager, app):
    with as_manager.session_transaction() as cookie:
        copied = cookie["_user_id"]

    as_manager.post("/sign-out")

    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie["_user_id"] = copied
    assert thief.get("/me").status_code == 302
    assert not is_in(as_manager)


def test_a_session_ends_after_half_an_hour_without_use(as_manager, clock):
    clock.passes(minutes=29)
    assert is_in(as_manager)
    clock.passes(minutes=29)
    assert is_in(as_manager)
    clock.passes(minutes=31)

    assert not is_in(as_manager)


def test_a_session_ends_after_twelve_hours_of_use(as_manager, clock):
    for _ in range(35):
        clock.passes(minutes=20)
        assert is_in(as_manager)
    clock.passes(minutes=20)

    assert not is_in(as_manager)


def test_signing_out_everywhere_ends_all_sessions(sign_in, people, session, clock):
    one, other = sign_in(people["manager"]), sign_in(people["manager"])
    end_all(session, None, people["manager"], clock())
    session.commit()

    assert not is_in(one)
    assert not is_in(other)


def test_a_retired_person_is_out_at_once(as_manager, session, people, clock):
    deactivate(session, None, people["manager"], clock())
    session.commit()

    assert not is_in(as_manager)


def test_a_retired_person_cannot_sign_in(client, session, people, clock):
    deactivate(session, None, people["manager"], clock())
    session.commit()

    assert signs_in(client, "manager", PASSWORD).status_code == 401


def test_a_role_ends_with_its_last_day(as_manager, session, people, clock):
    session.execute(
        text("UPDATE role SET until = '2026-03-02' WHERE person_id = :id"), {"id": people["manager"]}
    )
    session.commit()
    held = as_manager.get("/api/me").json["roles"]
    clock.passes(hours=11, minutes=59)  # 23:59 in Shanghai
    session.execute(text("UPDATE sign_in SET seen_at = :now"), {"now": clock()})
    session.commit()
    still = as_manager.get("/api/me").json["roles"]
    session.execute(text("UPDATE sign_in SET begun_at = :now"), {"now": clock()})
    session.commit()
    clock.passes(minutes=2)

    assert [role["place"]["code"] for role in held] == [HERE]
    assert still == held
    assert [role["holds"] for role in held] == [True]
    assert [role["holds"] for role in as_manager.get("/api/me").json["roles"]] == [False]
    assert as_manager.get("/people").status_code == 403


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, app):
    answer = signs_in(client, "manager", PASSWORD)

    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("gridkeeper="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


def test_after_wrong_attempts_one_waits_but_is_never_locked_out(client, clock):
    for _ in range(5):
        assert signs_in(client, "manager", "wrong wrong wrong").status_code == 401

    answer = signs_in(client, "manager", PASSWORD)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 1
    clock.passes(seconds=1)
    assert signs_in(client, "manager", PASSWORD).status_code == 302


def test_the_wait_doubles_up_to_a_minute(client, clock):
    waits = []
    for _ in range(14):
        answer = signs_in(client, "manager", "wrong wrong wrong")
        if answer.status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            clock.passes(seconds=waits[-1])
            signs_in(client, "manager", "wrong wrong wrong")

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_somebody_elsewhere_keeps_nobody_out_of_the_usual_place(client, app, clock):
    here = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.7"}}
    form = {"account": "manager", "password": PASSWORD}
    assert client.post("/sign-in", data=form, **here).status_code == 302
    attacker = app.test_client()
    for _ in range(6):
        signs_in(attacker, "manager", "wrong wrong wrong")
    other = app.test_client()

    assert signs_in(other, "manager", PASSWORD).status_code == 429
    assert other.post("/sign-in", data=form, **here).status_code == 302


@pytest.mark.parametrize("addresses", [["198.51.100.9"], [f"2001:db8::{n:x}" for n in range(40)]])
def test_trying_many_accounts_from_one_place_is_slowed_down(client, addresses):
    answers = [
        client.post(
            "/sign-in",
            data={"account": f"person{n}", "password": "wrong wrong wrong"},
            environ_overrides={"REMOTE_ADDR": addresses[n % len(addresses)]},
        ).status_code
        for n in range(32)
    ]

    assert answers == [401] * 30 + [429] * 2


def test_an_attempt_keeps_neither_account_nor_address_readable(client, session):
    client.post(
        "/sign-in",
        data={"account": "my password by mistake", "password": "x"},
        environ_overrides={"REMOTE_ADDR": "203.0.113.7"},
    )

    kept = str(session.execute(text("SELECT account, client FROM sign_in_attempt")).all())

    assert "mistake" not in kept
    assert "203.0.113" not in kept
