"""Editing over HTTP: versions, keys of requests, what is answered, and what a browser may keep."""

import json
import queue
import threading
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import text

from app import create_app
from app.db import transaction
from app.models import Person, Role
from app.services import accounts
from tests.services.drawn_drafts import Draft, given_drawn
from tests.services.test_residents_moved import given_residents
from tests.views.conftest import Browser

NUMBERS = count()
PATIENCE_SECONDS = 60

TOWN = """
    A A B B|c c
    A A B B|c c
    D D D D|e e
"""


@pytest.fixture
def draft(session) -> Draft:
    made = given_drawn(session, TOWN)
    session.commit()
    return made


@pytest.fixture
def manager(session, draft, sign_in):
    return given_manager(session, draft, sign_in, "chen")


def given_manager(session, draft, sign_in, account):
    person = Person(account=account, name=f"Person {account}")
    session.add(person)
    session.flush()
    session.add(Role(person_id=person.id, kind="manager", place_id=draft.place))
    session.commit()
    return sign_in(person.id)


def move(browser, draft, to, *numbers, source, version=1, key=None, **more):
    target = draft.grids.get(to, to)
    moves = {str(draft.plots[number]): [draft.grids[source], target] for number in numbers}
    return send(browser, draft, {"kind": "move", "moves": moves, **more}, version, key)


def send(browser, draft, body, version=1, key=None, path="edits"):
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    if key is not None:
        headers["Idempotency-Key"] = key
    return browser.post(f"/api/plans/{draft.plan}/{path}", json=body, headers=headers)


def said(answer):
    return answer.status_code, answer.json["code"]


def test_an_edit_keeps_what_an_operation_was_told(manager, draft):
    told = {"do": "give", "to": draft.grids["B"]}

    answer = move(manager, draft, "B", 1, 7, source="A", parameters=told)

    assert answer.status_code == 200
    assert answer.json["edit"]["parameters"] == told


def test_an_edit_is_answered_with_all_that_changed(manager, draft):
    answer = move(manager, draft, "B", 1, 7, source="A", note="靠近学校")

    told = answer.json
    assert (answer.status_code, answer.headers["ETag"], told["version"]) == (200, '"2"', 2)
    assert {row["code"]: row["households"] for row in told["grids"]} == {
        draft.codes["A"]: 150,
        draft.codes["B"]: 450,
    }
    assert (told["edit"]["kind"], told["edit"]["note"], told["edit"]["by"]["name"]) == (
        "move",
        "靠近学校",
        "Person chen",
    )
    assert told["edit"]["moves"][str(draft.plots[1])] == [draft.grids["A"], draft.grids["B"]]
    assert (told["made"], told["gone"], told["others"]) == ({}, [], [])


def test_a_new_grid_is_named_and_its_id_told(manager, draft):
    grids = {"new:1": {"kind": "market", "name": "早市"}}

    told = move(manager, draft, "new:1", 14, 15, source="D", grids=grids).json

    (row,) = [one for one in told["grids"] if one["id"] == told["made"]["new:1"]]
    assert (row["kind"], row["name"], row["households"], row["in_band"]) == ("market", "早市", 150, None)


def test_attributes_change(manager, draft):
    grids = {str(draft.grids["A"]): {"name": [None, "北片"], "kind": ["residential", "mixed"]}}

    told = send(manager, draft, {"kind": "change", "grids": grids}).json

    assert [(row["name"], row["kind"]) for row in told["grids"]] == [("北片", "mixed")]
    assert told["edit"]["changes"][str(draft.grids["A"])]["was"] == {"name": None, "kind": "residential"}


def test_without_a_version_nothing_is_saved(manager, draft):
    assert said(move(manager, draft, "B", 1, source="A", version=None)) == (428, "version_missing")
    assert said(move(manager, draft, "B", 1, source="A", version=9)) == (412, "plan_changed")


def test_a_stale_edit_is_merged_and_told_what_others_did(manager, draft, session, sign_in):
    other = given_manager(session, draft, sign_in, "zhou")
    move(other, draft, "B", 1, source="A")

    told = move(manager, draft, "B", 14, 15, source="D").json

    assert told["version"] == 3
    assert [(one["version"], one["by"]["name"]) for one in told["others"]] == [(2, "Person zhou")]
    assert told["others"][0]["moves"] == {str(draft.plots[1]): [draft.grids["A"], draft.grids["B"]]}


def test_a_conflict_names_who_did_what(manager, draft, session, sign_in):
    other = given_manager(session, draft, sign_in, "zhou")
    move(other, draft, "B", 7, source="A")

    answer = move(manager, draft, "D", 7, source="A")

    assert said(answer) == (409, "edit_conflict")
    (plot,) = answer.json["facts"]["plots"]
    assert (plot["by"]["name"], plot["now"], plot["to"]) == (
        "Person zhou",
        draft.grids["B"],
        draft.grids["D"],
    )


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "undo"},
        {"kind": "move", "moves": {"x": [1, 2]}},
        {"kind": "move", "moves": {"1": [1, None]}},
        {"kind": "move", "moves": {"1": [1, "elsewhere"]}},
        {"kind": "move", "moves": {"1": [1]}},
        {"kind": "move", "moves": {str(2**63): [1, 2]}},
        {"kind": "change", "grids": {"1": {"households": [1, 2]}}},
        {"kind": "change", "grids": {"1": {"name": "new"}}},
        {"kind": "change", "grids": {"1": {"code": ["1", None]}}},
        {"kind": "change", "grids": {"1": {"planned": [None, "me"]}}},
        {"kind": "move", "surprise": 1},
        {"kind": "move", "moves": {"1": [1, 2]}, "parameters": {"undoes": "x"}},
        {"kind": "move", "moves": {"1": [1, 2]}, "parameters": {"tessellation": ["x"]}},
        {"kind": "move", "moves": {"1": [1, 2]}, "parameters": {"line": "x" * 60_000}},
    ],
)
def test_what_cannot_be_read_is_refused(manager, draft, body):
    answer = send(manager, draft, body)

    assert answer.status_code == 422
    assert answer.json["code"] in ("edit_malformed", "fields_malformed")


def test_sent_again_with_its_key_it_is_saved_once(manager, draft):
    first = move(manager, draft, "B", 1, source="A", key="k-1")
    again = move(manager, draft, "B", 1, source="A", key="k-1")

    assert (again.status_code, again.json) == (200, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert manager.get(f"/api/plans/{draft.plan}/edits").json["version"] == 2


def test_a_key_belongs_to_one_request_of_one_person(manager, draft, session, sign_in):
    move(manager, draft, "B", 1, source="A", key="k-1")
    other = given_manager(session, draft, sign_in, "zhou")

    assert said(move(manager, draft, "B", 7, source="A", version=2, key="k-1")) == (
        422,
        "idempotency_key_reused",
    )
    assert move(other, draft, "B", 7, source="A", version=2, key="k-1").json["version"] == 3
    assert said(move(manager, draft, "B", 0, source="A", version=3, key="k" * 101)) == (
        422,
        "idempotency_key_malformed",
    )


def test_what_was_refused_is_tried_again_with_the_same_key(manager, draft, session):
    lock = "INSERT INTO lock (place_id, grid_code) VALUES (:place, :code)"
    session.execute(text(lock), {"place": draft.place, "code": draft.codes["A"]})
    session.commit()
    assert said(move(manager, draft, "B", 1, source="A", key="k-1")) == (409, "grid_is_locked")
    session.execute(text("DELETE FROM lock"))
    session.commit()

    assert move(manager, draft, "B", 1, source="A", key="k-1").json["version"] == 2


def test_undo_redo_and_going_back(manager, draft):
    move(manager, draft, "B", 1, source="A")
    move(manager, draft, "B", 7, source="A", version=2)

    undone = send(manager, draft, {}, 3, path="edits/2/reversal").json
    assert (undone["version"], undone["edit"]["kind"], undone["edit"]["undoes"]) == (4, "undo", 2)
    redone = send(manager, draft, {"note": "doch"}, 4, path="edits/4/reversal").json
    assert redone["edit"]["undoes"] == 4
    back = send(manager, draft, {"to": 1}, 5, path="restoration").json

    assert (back["edit"]["kind"], back["edit"]["plots"]) == ("restore", 2)
    assert said(send(manager, draft, {"to": 1}, 5, path="restoration")) == (412, "plan_changed")
    assert said(send(manager, draft, {}, 6, path="edits/1/reversal")) == (409, "edit_not_undoable")
    assert said(send(manager, draft, {}, 6, path="edits/99/reversal")) == (404, "not_found")


def test_history_and_states(manager, draft):
    move(manager, draft, "B", 1, source="A")

    listed = manager.get(f"/api/plans/{draft.plan}/edits?limit=1&moves=true").json
    assert [(one["version"], one["grids"]) for one in listed["edits"]] == [
        (2, [draft.codes["A"], draft.codes["B"]])
    ]
    assert "moves" not in manager.get(f"/api/plans/{draft.plan}/edits").json["edits"][0]
    state = manager.get(f"/api/plans/{draft.plan}/states/1").json
    assert {one["code"]: len(one["plots"]) for one in state["grids"]}[draft.codes["A"]] == 4
    assert said(manager.get(f"/api/plans/{draft.plan}/states/3")) == (404, "not_found")


def test_the_assignment_is_sent_once_a_version(manager, draft):
    address = f"/api/plans/{draft.plan}/assignment"
    first = manager.get(address)
    plots = {row["id"]: row["plots"] for row in first.json["grids"]}
    assert plots[draft.grids["A"]] == sorted(draft.plots[number] for number in (0, 1, 6, 7))
    assert manager.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304

    move(manager, draft, "B", 1, source="A")

    assert manager.get(address, headers={"If-None-Match": first.headers["ETag"]}).json["version"] == 2


def cells(manager, draft, session):
    """All cells of the ground, put together."""
    ground = manager.get(f"/api/plans/{draft.plan}/assignment").json["ground"]
    found = session.execute(
        text(
            "SELECT DISTINCT floor((ST_X(m) + 180) / 360 * 32768)::int AS x, floor((1 - asinh(tan(radians("
            "ST_Y(m)))) / pi()) / 2 * 32768)::int AS y FROM plot JOIN tessellation_plot ON plot_id = plot.id,"
            " LATERAL ST_Centroid(geometry) AS m WHERE tessellation_id = :t"
        ),
        {"t": ground},
    ).all()
    return ground, [
        manager.get(f"/api/plans/{draft.plan}/ground/{row.x}/{row.y}?ground={ground}") for row in found
    ]


def test_cells_hold_every_plot_and_shared_line_once(manager, draft, session):
    _, answers = cells(manager, draft, session)

    plots = [plot for answer in answers for plot in answer.json["plots"]]
    lines = [tuple(line[:2]) for answer in answers for line in answer.json["lines"]]
    edges = {tuple(edge) for answer in answers for edge in answer.json["edges"]}
    assert sorted(plot["id"] for plot in plots) == sorted(draft.plots)
    assert len(lines) == len({*lines}) == len(edges) == 3 * 5 + 2 * 6
    first = next(plot for plot in plots if plot["id"] == draft.plots[0])
    assert (first["households"], first["names"], first["community"]) == (75, ["0号楼"], "140496001001")
    assert (first["area"], first["perimeter"], first["outer"]) == (6400.0, 320.0, 160.0)
    assert len(first["rings"]) == 1
    assert len(first["rings"][0]) == 10


def test_a_shared_line_runs_between_its_two_plots(manager, draft, session):
    _, answers = cells(manager, draft, session)
    lines = {tuple(line[:2]): line[2] for answer in answers for line in answer.json["lines"]}
    rings = {plot["id"]: plot["rings"][0] for answer in answers for plot in answer.json["plots"]}

    (line,) = lines[draft.plots[0], draft.plots[1]]

    corners = {tuple(line[k : k + 2]) for k in (0, 2)}
    for plot in draft.plots[:2]:
        assert corners <= {tuple(rings[plot][k : k + 2]) for k in range(0, 10, 2)}


def test_a_cell_may_be_kept(manager, draft, session):
    ground, answers = cells(manager, draft, session)

    assert answers[0].headers["Cache-Control"] == "private, max-age=86400, immutable"
    address = answers[0].request.full_path
    again = manager.get(address, headers={"If-None-Match": answers[0].headers["ETag"]})
    assert again.status_code == 304
    elsewhere = f"/api/plans/{draft.plan}/ground/0/0?ground="
    assert manager.get(f"{elsewhere}{ground}").json["plots"] == []
    assert said(manager.get(f"{elsewhere}{2**40}")) == (422, "ground_unknown")
    assert said(manager.get(f"/api/plans/{draft.plan}/ground/40000/0?ground={ground}")) == (
        400,
        "tile_unknown",
    )


def test_residents_of_a_cell_are_counts_by_plot_and_are_not_kept(manager, draft, session):
    given_residents(session, draft, "B0", 2)
    session.commit()
    ground, answers = cells(manager, draft, session)

    told = [
        manager.get(answer.request.full_path.replace("?", "/residents?").removesuffix("&"))
        for answer in answers
    ]

    counts = {plot: count for answer in told for plot, count in answer.json["residents"].items()}
    assert counts == {str(draft.plots[0]): 2}
    assert {answer.headers["Cache-Control"] for answer in told} == {"no-store"}
    assert "Resident 0" not in "".join(answer.text for answer in told)
    elsewhere = f"/api/plans/{draft.plan}/ground/0/0/residents?ground="
    assert manager.get(f"{elsewhere}{ground}").json == {"residents": {}}
    assert said(manager.get(f"{elsewhere}{2**40}")) == (422, "ground_unknown")


def test_only_managers_of_the_place_edit(draft, as_manager, as_coordinator, client):
    for browser, status in ((client, 401), (as_manager, 403), (as_coordinator, 403)):
        assert move(browser, draft, "B", 1, source="A").status_code == status


# --- following, on connections of its own ----------------------------------------------------------------


@pytest.fixture(scope="module")
def followed_app(new_database, worker_id, views_settings):
    """The application on a database of its own: what is committed there stays."""
    made = create_app(replace(views_settings, logins=new_database(f"followed_{worker_id}")))
    made.testing = True
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def live(followed_app, views_settings):
    """A draft on the live application, and what signs a manager in there."""
    engine = followed_app.extensions["engine"]
    with transaction(engine) as session:
        made = given_drawn(session, TOWN, district=f"1403{next(NUMBERS):02d}")

    def browser(account):
        with transaction(engine) as session:
            person = Person(account=f"{account}.{made.plan}", name=f"Person {account}")
            session.add(person)
            session.flush()
            session.add(Role(person_id=person.id, kind="manager", place_id=made.place))
            token = accounts.begin(session, person.id, "test", views_settings.clock())
        followed_app.test_client_class = Browser
        found = followed_app.test_client()
        with found.session_transaction() as cookie:
            cookie["_user_id"] = token
        return found

    yield made, browser
    with transaction(engine) as session:
        session.execute(
            text("UPDATE plan SET state = 'retired', retired_at = now() WHERE id = :p"), {"p": made.plan}
        )


class Stream:
    """News of a plan as they come, followed in a thread of its own, as the server does it."""

    def __init__(self, browser, address):
        self.heard = queue.Queue()
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._follow, args=(browser, address))
        self.thread.start()

    def _follow(self, browser, address):
        answer = browser.get(address, buffered=False)
        for chunk in answer.response:
            words = chunk.decode() if isinstance(chunk, bytes) else chunk
            if words.startswith("event: "):
                name, _, facts = words.partition("\ndata: ")
                self.heard.put((name.removeprefix("event: "), json.loads(facts)))
            if self.ended.is_set():
                break
        answer.close()

    def next(self):
        return self.heard.get(timeout=PATIENCE_SECONDS)

    def close(self):
        self.ended.set()
        self.thread.join(PATIENCE_SECONDS)


def names(event):
    return [person["name"] for person in event[1]["people"]]


def test_who_follows_a_plan_hears_of_edits_and_of_who_has_it_open(live, monkeypatch):
    monkeypatch.setattr("app.views.edits.HEARTBEAT_SECONDS", 0.2)
    draft, browser = live
    address = f"/api/plans/{draft.plan}/news"
    mine = Stream(browser("chen"), address)
    alone = mine.next()
    theirs = Stream(browser("zhou"), address)
    both = mine.next()
    move(browser("wu"), draft, "B", 1, source="A")
    name, edit = mine.next()
    theirs.close()
    again = mine.next()
    mine.close()

    assert [names(one) for one in (alone, both, again)] == [
        ["Person chen"],
        ["Person chen", "Person zhou"],
        ["Person chen"],
    ]
    assert (name, edit["version"], edit["kind"], edit["by"]["name"]) == ("edit", 2, "move", "Person wu")


def test_who_comes_back_hears_of_what_they_missed(live, monkeypatch):
    monkeypatch.setattr("app.views.edits.HEARTBEAT_SECONDS", 0.2)
    draft, browser = live
    one = browser("chen")
    move(one, draft, "B", 1, source="A")
    move(one, draft, "B", 7, source="A", version=2)

    stream = Stream(browser("zhou"), f"/api/plans/{draft.plan}/news?after=1")
    heard = [stream.next()[1]["version"] for _ in range(2)]
    stream.close()

    assert heard == [2, 3]


def test_news_end_for_who_is_signed_out(live, monkeypatch):
    draft, browser = live
    monkeypatch.setattr("app.views.edits.HEARTBEAT_SECONDS", 0.2)
    stream = Stream(browser("chen"), f"/api/plans/{draft.plan}/news")
    stream.next()
    monkeypatch.setattr("app.views.edits.actor_now", lambda session: None)

    stream.thread.join(PATIENCE_SECONDS)

    assert not stream.thread.is_alive()
    assert stream.heard.empty()
