"""What changes something carries the page's token: every unsafe method of every route."""

from __future__ import annotations

import pytest

from tests.views.test_access_matrix import PLAIN_ARGUMENTS

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
IDS = {
    "code": "140499",
    "plan_id": 1,
    "grid_id": 1,
    "building_id": 1,
    "person_id": 1,
    "job_id": 1,
    "comment_id": 1,
    "upload_id": 1,
    "hazard_id": 1,
}


def unsafe_routes(app):
    values = {**PLAIN_ARGUMENTS, **IDS}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            for method in sorted(rule.methods & UNSAFE):
                address = app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
                yield method, address, rule.endpoint


def test_every_unsafe_method_needs_the_token(app, sign_in, people, session, monkeypatch):
    from app.services.access import POLICY, SIGNED_IN, Rule

    signed_in = {name: Rule(SIGNED_IN) for name in POLICY}
    monkeypatch.setattr("app.views.guard.POLICY", signed_in)
    monkeypatch.setattr("app.services.access.POLICY", signed_in)
    browser = sign_in(people["administrator"])
    tried, wrong = 0, []
    for method, address, endpoint in unsafe_routes(app):
        for token in ({}, {"X-CSRFToken": "forged"}):
            answer = browser.open(address, method=method, with_token=False, headers=token)
            tried += 1
            if answer.status_code != 400 or (answer.is_json and answer.json["code"] != "form_expired"):
                wrong.append((method, endpoint, answer.status_code))

    assert wrong == []
    assert tried >= 2 * 15


@pytest.mark.parametrize("data", [{}, {"csrf_token": "forged"}])
def test_nobody_signs_in_from_another_site(client, data):
    form = {"account": "manager", "password": "x", **data}
    answer = client.post("/sign-in", data=form, with_token=False)

    assert answer.status_code == 400
    assert "Reload the page" in answer.text


def test_no_view_is_excused(made_app):
    protection = made_app.extensions["csrf"]

    assert not protection._exempt_views
    assert not protection._exempt_blueprints
    assert made_app.config["WTF_CSRF_ENABLED"]
