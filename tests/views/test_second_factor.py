"""The second factor: needed by managers and administrators, set up once, asked for at every sign-in."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import text

from app.services import second_factor
from app.services.second_factor import code_at
from tests.views.conftest import PASSWORD


@pytest.fixture
def needed(app):
    """The setting is on."""
    app.extensions["settings"] = replace(app.extensions["settings"], second_factor=True)


@pytest.fixture
def key(app):
    return app.extensions["settings"].secret_key


@pytest.fixture
def code_of(session, key, people, clock):
    """The code that somebody's app shows now, or some steps on."""

    def shown(account, steps=0):
        session.expire_all()
        secret = second_factor.secret_of(session, people[account], key)
        return code_at(secret, int(clock().timestamp()) // 30 + steps)

    return shown


def set_up(browser, code_of, account):
    browser.get("/me/second-factor")
    page = browser.post("/me/second-factor", data={"code": code_of(account)})
    return re.findall(r"<code>([a-z0-9]{5}-[a-z0-9]{5})</code>", page.text)


def signs_in(browser, account, code=None):
    answer = browser.post("/sign-in", data={"account": account, "password": PASSWORD})
    return answer if code is None else browser.post("/sign-in/code", data={"code": code})


def is_in(browser):
    return browser.get("/me").status_code == 200


@pytest.mark.parametrize(
    ("at", "code"),
    [
        (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
        (2000000000, "69279037"), (20000000000, "65353130"),
    ],
)  # fmt: skip
def test_codes_are_those_of_the_standard(at, code):
    assert code_at(b"12345678901234567890", at // 30) == code[-6:]


def test_whose_role_needs_one_does_nothing_before_setting_it_up(needed, as_manager, code_of):
    assert as_manager.get("/map").location.startswith("/me/second-factor")
    assert as_manager.get("/api/places").json["code"] == "second_factor_missing"

    assert len(set_up(as_manager, code_of, "manager")) == 10

    assert as_manager.get("/map").status_code == 200


@pytest.mark.parametrize("browser", ["as_coordinator", "as_leader"])
def test_others_need_none(needed, request, browser):
    assert request.getfixturevalue(browser).get("/map").status_code == 200


def test_nobody_needs_one_where_the_setting_is_off(as_administrator):
    assert as_administrator.get("/map").status_code == 200


def test_the_password_alone_lets_nobody_in(as_manager, client, code_of, clock):
    set_up(as_manager, code_of, "manager")
    clock.passes(seconds=60)

    answer = signs_in(client, "manager")

    assert answer.location.startswith("/sign-in/code")
    assert not is_in(client)
    assert client.post("/sign-in/code", data={"code": "000000"}).status_code == 401
    assert not is_in(client)
    assert client.post("/sign-in/code", data={"code": code_of("manager")}).status_code == 302
    assert is_in(client)


def test_sessions_the_password_alone_began_end_when_it_is_set_up(needed, as_manager, client, code_of):
    signs_in(client, "manager")
    assert client.get("/me/second-factor").status_code == 200

    set_up(as_manager, code_of, "manager")

    assert not is_in(client)
    assert client.get("/map").location.startswith("/sign-in")
    assert as_manager.get("/map").status_code == 200


def test_what_one_session_is_offered_no_other_is_told(needed, as_manager, client, code_of):
    """Whoever has the password alone must not hold the secret of the app."""
    signs_in(client, "manager")

    def secret(browser):
        return re.search(r"secret=([A-Z2-7]+)", browser.get("/me/second-factor").text).group(1)

    seen, shown = secret(client), secret(as_manager)

    assert seen != shown
    assert shown == secret(as_manager)
    late = client.post("/me/second-factor", data={"code": code_of("manager")})
    assert late.status_code == 401
    assert len(set_up(as_manager, code_of, "manager")) == 10


def test_a_code_counts_once(as_manager, client, app, code_of, clock):
    set_up(as_manager, code_of, "manager")
    clock.passes(seconds=60)
    code = code_of("manager")
    signs_in(client, "manager", code)
    assert is_in(client)
    thief = app.test_client()

    signs_in(thief, "manager", code)

    assert not is_in(thief)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_clocks_may_differ_by_one_step(as_manager, client, code_of, clock, steps, taken):
    set_up(as_manager, code_of, "manager")
    clock.passes(minutes=5)

    signs_in(client, "manager", code_of("manager", steps))

    assert is_in(client) == taken


def test_a_recovery_code_stands_in_once(as_manager, client, app, code_of):
    codes = set_up(as_manager, code_of, "manager")
    signs_in(client, "manager", codes[3].upper())
    assert is_in(client)
    other = app.test_client()

    signs_in(other, "manager", codes[3])

    assert not is_in(other)


def test_a_code_without_the_password_is_no_use(as_manager, client, code_of):
    set_up(as_manager, code_of, "manager")

    answer = client.post("/sign-in/code", data={"code": code_of("manager", 1)})

    assert answer.location.startswith("/sign-in")
    assert not is_in(client)


def test_the_password_is_good_for_five_minutes_only(as_manager, client, code_of, clock):
    set_up(as_manager, code_of, "manager")
    signs_in(client, "manager")
    clock.passes(minutes=6)

    client.post("/sign-in/code", data={"code": code_of("manager")})

    assert not is_in(client)


def test_guessing_codes_is_slowed_down(as_manager, client, code_of):
    set_up(as_manager, code_of, "manager")
    signs_in(client, "manager")

    answers = [client.post("/sign-in/code", data={"code": f"{n:06d}"}).status_code for n in range(7)]

    assert answers == [401] * 4 + [429] * 3 or answers == [401] * 5 + [429] * 2


def test_the_database_holds_no_secret(as_manager, session, code_of, key, people):
    page = as_manager.get("/me/second-factor").text
    secret = re.search(r"secret=([A-Z2-7]+)", page).group(1)
    codes = set_up(as_manager, code_of, "manager")
    raw = second_factor.secret_of(session, people["manager"], key)

    kept = session.execute(text("SELECT second_factor::text, salt FROM second_factor")).all()
    spare = session.execute(text("SELECT recovery_code::text FROM recovery_code")).all()

    assert secret not in str(kept)
    assert raw.hex() not in str(kept)
    assert bytes(kept[0].salt) != raw
    assert not any(code in str(spare) for code in codes)


def test_an_administrator_takes_it_away_from_who_lost_the_phone(
    as_manager, as_administrator, client, code_of, people
):
    set_up(as_manager, code_of, "manager")

    as_administrator.post(f"/people/{people['manager']}/second-factor/removal")

    assert not is_in(as_manager)
    signs_in(client, "manager")
    assert is_in(client)


def test_it_is_removed_with_a_code_where_it_is_not_needed(as_manager, code_of, clock, client):
    set_up(as_manager, code_of, "manager")
    clock.passes(seconds=60)
    assert as_manager.post("/me/second-factor/removal", data={"code": "123456"}).status_code == 401

    as_manager.post("/me/second-factor/removal", data={"code": code_of("manager")})

    signs_in(client, "manager")
    assert is_in(client)


def test_it_is_not_removed_where_it_is_needed(needed, as_manager, code_of, clock):
    set_up(as_manager, code_of, "manager")
    clock.passes(seconds=60)

    answer = as_manager.post("/me/second-factor/removal", data={"code": code_of("manager")})

    assert answer.status_code == 403
