"""What the API says of itself, and what schemathesis makes of it when it is asked as each of the people.

Deterministic: the same requests every time. Ids are often those of things that are there, so that more than
`not_found` is tried.
"""

import io
import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis.openapi
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.views.errors import worded

EXAMPLES = int(os.environ.get("API_EXAMPLES", "4"))  # of each operation, sent by each person; more when asked
SHARES = 4  # of the operations, so that several workers can try them
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PEOPLE = (None, "administrator", "manager", "coordinator", "leader", "stranger")
UNDOCUMENTED = {"openapi.spec"}  # the document itself
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
PROBLEM = "application/problem+json"
FOLLOWED = ("/events", "/news")  # last, and need connections of their own


@pytest.fixture(scope="module")
def spec(made_app) -> dict[str, Any]:
    return dict(made_app.spec)


def operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and words of every operation."""
    for path, item in spec["paths"].items():
        for method, operation in item.items():
            if method.upper() in METHODS:
                yield method.upper(), path, operation


def test_the_document_names_every_route_of_the_api_and_no_other(made_app, spec):
    routes = {
        (method, re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", r"{\1}", rule.rule))
        for rule in made_app.url_map.iter_rules()
        for method in (rule.methods or set()) & METHODS
        if rule.rule.startswith(("/api/", "/tiles/")) and rule.endpoint not in UNDOCUMENTED
    }

    assert {(method, path) for method, path, _ in operations(spec)} == routes


def test_every_operation_says_what_it_does(spec):
    silent = [
        f"{method} {path}" for method, path, operation in operations(spec) if not operation.get("summary")
    ]

    assert silent == []


def test_every_refusal_is_documented_as_a_problem(spec):
    others = [
        f"{method} {path} {status}"
        for method, path, operation in operations(spec)
        for status, answer in operation["responses"].items()
        if str(status)[0] in "45" and list(answer["content"]) != [PROBLEM]
    ]

    assert others == []


def test_the_document_is_for_who_is_signed_in(client, as_coordinator):
    assert client.get("/api/openapi.json").status_code == 401
    assert as_coordinator.get("/api/openapi.json").get_json()["openapi"].startswith("3.")


@pytest.mark.parametrize(("language", "why"), [("en", "it has no geometry"), ("zh", "没有图形")])
def test_a_file_refused_for_its_rows_says_why_in_the_readers_language(made_app, language, why):
    bad = {"row": "row 7", "code": "geometry_missing", "facts": {}, "why": "in whatever language"}
    facts = {"file": "a.zip", "refused": 1, "rows": 9, "row": "row 7", "why": bad["why"], "all": [bad]}

    with made_app.test_request_context(headers={"Accept-Language": language}):
        said = worded("rows_refused", facts)

    assert why in said
    assert bad["why"] not in said


@pytest.fixture
def real(world) -> dict[str, list[Any]]:
    """Values of path arguments for which there is something."""
    return {
        "code": sorted(world.places),
        "plan_id": sorted(world.plans.values()),
        "grid_id": sorted(world.grids.values()),
        "person_id": sorted(world.people.values()),
        "z": [14, 16],
    }


@pytest.mark.parametrize("share", range(SHARES))
def test_nothing_that_is_sent_breaks_the_server(share, app, spec, real, people, sign_in, client):
    loaded = schemathesis.openapi.from_dict(spec)
    loaded.app = app
    connection = app.extensions["engine"]
    browsers = {who: client if who is None else sign_in(people[who]) for who in PEOPLE}
    faults: list[str] = []
    for result in list(loaded.get_all_operations())[share::SHARES]:
        operation = result.ok()
        kept = connection.begin_nested()
        known = {name: list(ids) for name, ids in real.items()}
        if operation.path.endswith(FOLLOWED):
            del known["plan_id"]
        elif "{upload_id}" in operation.path or "{job_id}" in operation.path:
            for browser in browsers.values():
                for name, ids in an_upload(browser).items():
                    known.setdefault(name, []).extend(ids)
        try:
            attack(operation, browsers, known, connection)
        except BaseExceptionGroup as group:
            faults += [f"{operation.label}: {error}" for error in group.exceptions]
        except AssertionError as error:
            faults.append(f"{operation.label}: {error}")
        finally:
            kept.rollback()

    assert not faults, "\n\n".join(faults)


def an_upload(browser: Any) -> dict[str, list[Any]]:
    """Ids of files the person has sent in and of the job that reads them, where the role allows it."""
    sent = browser.post("/api/uploads", data={"files": (io.BytesIO(b"{}"), "a.geojson")}).get_json()
    return {"upload_id": [sent["upload"]["id"]], "job_id": [sent["job"]["id"]]} if "upload" in sent else {}


def attack(
    operation: Any, browsers: dict[str | None, Any], real: dict[str, list[Any]], connection: Any
) -> None:
    """Send an operation well-formed and malformed requests, each by everybody; judge every answer.

    What one sends is undone before the next does: making up a request costs more than sending it.
    """
    tokens = {who: browser._token() for who, browser in browsers.items()}

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def one(data: Any) -> None:
        mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        for name in case.path_parameters or {}:
            if name in real and data.draw(st.sampled_from([True, True, True, False])):
                case.path_parameters[name] = data.draw(st.sampled_from(real[name]))
        cookies = dict(case.cookies or {})
        for who, browser in browsers.items():
            cookie = browser.get_cookie("gridkeeper")
            case.headers.update({"X-CSRFToken": tokens[who], "Accept-Encoding": "identity"})
            case.cookies = cookies | ({} if cookie is None else {"gridkeeper": cookie.value})
            undone = connection.begin_nested()
            try:
                case.validate_response(case.call(), checks=CHECKS)
            finally:
                undone.rollback()

    one()
