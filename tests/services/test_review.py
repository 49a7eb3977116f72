"""A draft submitted, approved for a day or sent back, withdrawn, and published when its day comes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.errors import Refusal
from app.models import Audit, Grid, Job, Person, Plan, Review
from app.services import comments, due_plans, place_settings, review
from app.services.comparison import retire_draft
from app.services.importing import store_district
from app.services.publishing import publish
from app.services.splitting import split_place
from tests.services.imported import (
    BAND,
    DISTRICT,
    given_draft,
    given_town,
    small_town,
    with_house,
)
from tests.services.refusals import refused
from tests.services.test_publishing import tear

TODAY = date(2026, 3, 2)
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def people(session):
    """A manager, a leader, and somebody who is both."""
    found = {name: Person(account=name, name=name.title()) for name in ("manager", "leader", "both")}
    session.add_all(found.values())
    session.flush()
    return {name: person.id for name, person in found.items()}


@pytest.fixture
def draft(session):
    given_town(session)
    return given_draft(session)


@pytest.fixture
def acts(session, people, draft):
    """What people do to the draft, each by name."""
    approve = {"effective_on": TODAY, "today": TODAY}
    return {
        "submit": lambda: review.submit(session, draft, 1, people["manager"], "please"),
        "withdraw": lambda: review.withdraw(session, draft, people["manager"]),
        "approve": lambda: review.approve(session, draft, 1, people["leader"], **approve),
        "send back": lambda: review.send_back(session, draft, people["leader"], "grid 3 is too long"),
        "publish": lambda: publish(session, draft, 1, people["manager"], today=TODAY),
        "discard": lambda: retire_draft(session, draft, 1, people["manager"]),
    }


def given_only_with_approval(session):
    place_settings.change_settings(session, DISTRICT, None, managers_publish_alone=False)


# How a draft comes to each state, and what each act does to it there: the next state, or the refusal.
WAYS = {
    "never submitted": [],
    "waiting": ["submit"],
    "approved": ["submit", "approve"],
    "sent back": ["submit", "send back"],
    "withdrawn": ["submit", "withdraw"],
    "published": ["submit", "approve", "publish"],
    "discarded": ["discard"],
}
EXPECTED = {
    "never submitted": {
        "submit": "waiting",
        "withdraw": "plan_not_submitted",
        "approve": "review_not_waiting",
        "send back": "plan_not_submitted",
        "publish": "approval_missing",
        "discard": "retired",
    },
    "waiting": {
        "submit": "plan_submitted",
        "withdraw": "withdrawn",
        "approve": "approved",
        "send back": "sent_back",
        "publish": "plan_submitted",
        "discard": "plan_submitted",
    },
    "approved": {
        "submit": "plan_submitted",
        "withdraw": "withdrawn",
        "approve": "review_not_waiting",
        "send back": "sent_back",
        "publish": "published",
        "discard": "plan_submitted",
    },
    "published": dict.fromkeys(
        ["submit", "withdraw", "approve", "send back", "publish", "discard"], "plan_not_draft"
    ),
}
EXPECTED["sent back"] = EXPECTED["withdrawn"] = EXPECTED["never submitted"]
EXPECTED["discarded"] = EXPECTED["published"]


@pytest.mark.parametrize("way", WAYS)
def test_every_act_in_every_state(session, acts, draft, way):
    given_only_with_approval(session)
    for act in WAYS[way]:
        acts[act]()

    found = {}
    for act, do in acts.items():
        undone = session.begin_nested()
        try:
            do()
            plan = session.get_one(Plan, draft, populate_existing=True)
            last = session.scalars(select(Review).order_by(Review.id.desc())).first()
            found[act] = plan.state if plan.state != "draft" else last.state
        except Refusal as refusal:
            found[act] = refusal.code
        undone.rollback()
        session.expire_all()

    assert found == EXPECTED[way]


def test_a_review_tells_who_did_what_when(session, acts, draft, people):
    acts["submit"]()
    acts["send back"]()
    acts["submit"]()
    acts["approve"]()

    second, first = review.reviews_of(session, draft)

    assert (first["state"], first["note"]) == ("sent_back", "grid 3 is too long")
    assert first["asked_note"] == "please"
    assert (second["state"], second["effective_on"]) == ("approved", "2026-03-02")
    assert second["asked_by"] == {"id": people["manager"], "name": "Manager"}
    assert second["decided_by"] == {"id": people["leader"], "name": "Leader"}
    assert session.scalars(select(Audit.act).order_by(Audit.id)).all() == [
        "plan.submitted",
        "plan.sent_back",
        "plan.submitted",
        "plan.approved",
    ]


def test_a_review_that_is_over_is_never_written_to(session, acts, draft):
    acts["submit"]()
    acts["send back"]()

    with pytest.raises(IntegrityError, match="never changes"), session.begin_nested():
        session.execute(text("UPDATE review SET note = 'another'"))
    with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(text("UPDATE review SET asked_note = 'another'"))
    with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(text("DELETE FROM review"))


def test_nobody_approves_what_they_submitted(session, draft, people):
    review.submit(session, draft, 1, people["both"])

    def approve():
        review.approve(session, draft, 1, people["both"], effective_on=TODAY, today=TODAY)

    assert refused(approve) == "own_submission"


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (TODAY - timedelta(days=1), "effective_in_past"),
        (TODAY + timedelta(days=review.FARTHEST_DAYS + 1), "effective_too_far"),
    ],
)
def test_a_plan_is_approved_for_a_day_to_come(session, acts, draft, people, day, code):
    acts["submit"]()

    def approve():
        review.approve(session, draft, 1, people["leader"], effective_on=day, today=TODAY)

    assert refused(approve) == code


def test_what_was_looked_at_is_what_is_submitted_and_approved(session, acts, draft, people):
    assert refused(lambda: review.submit(session, draft, 0, people["manager"])) == "plan_changed"
    acts["submit"]()

    def approve():
        review.approve(session, draft, 2, people["leader"], effective_on=TODAY, today=TODAY)

    assert refused(approve) == "plan_changed"
    assert refused(lambda: review.submit(session, 10**12, 0, people["manager"])) == "plan_unknown"


def test_a_plan_that_could_not_be_published_is_not_submitted(session, acts, draft):
    tear(session, draft)

    assert refused(acts["submit"]) == "plan_unsound"


def test_a_plan_approved_for_tomorrow_is_not_published_today(session, acts, draft, people):
    acts["submit"]()
    review.approve(session, draft, 1, people["leader"], effective_on=TOMORROW, today=TODAY)

    assert refused(acts["publish"]) == "approval_not_yet"
    assert refused(lambda: publish(session, draft, 1)) == "approval_not_yet"  # nobody says what day it is
    assert publish(session, draft, 1, today=TOMORROW).plan_id == draft


def test_managers_publish_alone_unless_the_place_says_otherwise(session, acts, draft):
    assert place_settings.settings_at(session, DISTRICT).managers_publish_alone
    assert place_settings.settings_at(session, DISTRICT).set_at is None
    given_only_with_approval(session)
    assert refused(acts["publish"]) == "approval_missing"

    place_settings.change_settings(session, DISTRICT, None, managers_publish_alone=True)

    acts["publish"]()
    assert session.get_one(Plan, draft).state == "published"


def test_settings_hold_for_places_beneath_that_have_none_of_their_own(session, draft):
    community = f"{DISTRICT}001001"
    given_only_with_approval(session)
    assert place_settings.settings_at(session, community) == place_settings.PlaceSettings(False, DISTRICT)

    place_settings.change_settings(session, community, None, managers_publish_alone=True)

    assert place_settings.settings_at(session, community) == place_settings.PlaceSettings(True, community)
    assert not place_settings.settings_at(session, DISTRICT).managers_publish_alone


def test_a_split_does_not_take_the_slot_of_a_submitted_draft(session, people):
    from contextlib import nullcontext

    from app.services.wishes import Asked

    given_town(session)

    def split():
        return split_place(lambda: nullcontext(session), DISTRICT, BAND, 1, asked=Asked(slot="A"))

    review.submit(session, split(), 1, people["manager"])

    assert refused(split) == "plan_submitted"


def test_an_import_that_moves_a_submitted_draft_ends_its_review(session, acts, draft):
    acts["submit"]()
    acts["approve"]()

    stored = store_district(session, with_house(small_town(), 5, 5), DISTRICT)

    moved = stored.changes.drafts[0]
    assert (moved.plan_id, moved.submission_lapsed) == (draft, True)
    assert review.reviews_of(session, draft)[0]["state"] == "withdrawn"


# --- When the day comes ----------------------------------------------------------------------------------


@pytest.fixture
def approved(session, acts, draft, people):
    """The draft, approved for tomorrow."""
    acts["submit"]()
    review.approve(session, draft, 1, people["leader"], effective_on=TOMORROW, today=TODAY)
    return draft


def do(session, job_id):
    return due_plans.publish_due(session, session.get_one(Job, job_id).parameters)


def test_an_approved_plan_is_published_when_its_day_comes(session, approved, people, at_commit):
    assert due_plans.ask_due(session, TODAY) == []
    (job,) = due_plans.ask_due(session, TOMORROW)
    assert due_plans.ask_due(session, TOMORROW) == []  # asked for once

    done = do(session, job)
    at_commit(session)

    assert (done["plan"], done["state"]) == (approved, "published")
    last = session.scalars(select(Audit).order_by(Audit.id.desc())).first()
    assert (last.act, last.person_id, last.facts["approved_by"]) == ("plan.published", None, people["leader"])


def test_days_on_which_nobody_was_at_work_are_made_up_for(session, approved):
    jobs = due_plans.ask_due(session, TOMORROW + timedelta(days=9))

    assert len(jobs) == 1
    assert do(session, jobs[0])["state"] == "published"


def test_a_manager_who_was_quicker_is_no_failure(session, approved):
    (job,) = due_plans.ask_due(session, TOMORROW)
    publish(session, approved, 1, today=TOMORROW)

    assert do(session, job) == {"plan": approved, "state": "published"}


def test_what_was_taken_back_meanwhile_is_not_published(session, approved, people):
    (job,) = due_plans.ask_due(session, TOMORROW)
    review.withdraw(session, approved, people["manager"])

    assert do(session, job) == {"plan": approved, "state": "draft"}
    assert due_plans.ask_due(session, TOMORROW) == []


def test_a_refused_publication_is_told_and_not_tried_for_ever(session, approved):
    (job,) = due_plans.ask_due(session, TOMORROW)
    tear(session, approved)  # as no edit can
    with pytest.raises(Refusal, match="cannot be published") as caught:
        do(session, job)
    told = session.get_one(Job, job)
    told.state, told.ended_at = "failed", datetime.now(UTC)
    told.refusal = {"code": caught.value.code, "facts": dict(caught.value.facts)}
    session.flush()

    assert due_plans.ask_due(session, TOMORROW + timedelta(days=1)) == []
    assert review.last_reviews(session, [approved])[approved]["failed"]["code"] == "plan_unsound"


# --- Comments --------------------------------------------------------------------------------------------


def test_a_comment_pinned_to_a_point_is_of_the_grid_there(session, draft, people):
    grid = session.scalars(select(Grid).where(Grid.plan_id == draft).order_by(Grid.code)).first()
    lon, lat = session.execute(
        text("SELECT ST_X(label), ST_Y(label) FROM grid WHERE id = :id"), {"id": grid.id}
    ).one()

    made = comments.comment_on(session, draft, people["leader"], "why this way?", position=(lon, lat))
    outside = comments.comment_on(session, draft, people["leader"], "and here?", position=(0.0, 0.0))

    assert (made["grid"], made["position"], made["version"]) == (grid.code, [lon, lat], 1)
    assert (outside["grid"], outside["position"]) == (None, [0.0, 0.0])
    assert made["by"] == {"id": people["leader"], "name": "Leader"}
    assert [one["id"] for one in comments.comments_of(session, draft)] == [made["id"], outside["id"]]


def test_a_comment_is_settled_once(session, draft, people):
    made = comments.comment_on(session, draft, people["leader"], "the market stays whole")

    first = comments.settle(session, made["id"], people["manager"])
    again = comments.settle(session, made["id"], people["leader"])

    assert first == again
    assert first["settled_by"] == {"id": people["manager"], "name": "Manager"}
    with pytest.raises(ProgrammingError, match="permission denied"), session.begin_nested():
        session.execute(text("UPDATE comment SET text = 'another'"))


def test_comments_are_on_drafts_and_grids_that_are_there(session, acts, draft, people):
    def comment(plan=draft, **more):
        return lambda: comments.comment_on(session, plan, people["leader"], "words", **more)

    assert refused(comment(grid="999")) == "grid_unknown"
    assert refused(comment(plan=10**12)) == "plan_unknown"
    assert refused(lambda: comments.settle(session, 10**12, people["leader"])) == "not_found"
    acts["publish"]()
    assert refused(comment()) == "plan_not_draft"
