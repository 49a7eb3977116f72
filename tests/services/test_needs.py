"""Service needs: by consent, until a day, with an owner; refusing and withdrawing leave nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import text

from app.services import needs
from app.services.needs import Asked
from app.services.personal import open_registers
from tests.services.mapped import W
from tests.services.refusals import refused
from tests.services.registered import close, on_duty, staff

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
TODAY = date(2026, 3, 2)
KEY = b"a key for tests only"
ASKED = Asked("legal-aid", "押金未退，需要法律咨询", date(2026, 6, 1), consents=True)


@pytest.fixture
def registers(session, made):
    actor = staff(session, "coordinator", W)
    on_duty(session, actor, made, "W1")
    return open_registers(session, actor, "need")


def ask(registers, made, asked=ASKED):
    household = made.households["W1"][0].id
    return needs.ask(registers, household, asked, registers.person_id, KEY, NOW, TODAY)


def rows(session):
    return [session.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("need", "referral", "audit")]  # noqa: S608


def test_the_catalogue_is_there_in_both_languages(session):
    found = needs.catalogue(session)

    assert len(found) == 16
    assert all(one["name_en"].isascii() and not one["name_zh"].isascii() for one in found)


def test_who_refuses_is_written_down_nowhere(session, registers, made):
    before = rows(session)

    assert refused(ask, registers, made, replace(ASKED, consents=False)) == "need_without_consent"
    assert rows(session) == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"purpose": "  "}, "fields_malformed"),
        ({"until_on": TODAY}, "need_kept_too_long"),
        ({"until_on": date(2029, 1, 1)}, "need_kept_too_long"),
        ({"service": "fortune-telling"}, "service_unknown"),
        ({"resident_id": 0}, "not_found"),
    ],
)
def test_what_is_no_need_is_refused(registers, made, change, code):
    assert refused(ask, registers, made, replace(ASKED, **change)) == code


def test_a_need_is_referred_answered_and_done(session, registers, made):
    need_id, _ = ask(registers, made)
    referral = needs.refer(registers, need_id, "legal-aid", TODAY)
    waiting = needs.need(registers, need_id, date(2026, 3, 13))

    assert waiting["state"] == "referred"
    assert (waiting["referrals"][0]["due_on"], waiting["overdue"]) == (date(2026, 3, 12), True)

    needs.answer(registers, need_id, referral, "已安排律师", TODAY, is_done=True)
    done = needs.need(registers, need_id, date(2026, 3, 13))

    assert (done["state"], done["overdue"], done["referrals"][0]["result"]) == ("done", False, "已安排律师")
    assert needs.due(registers, TODAY) == []
    assert (
        refused(needs.answer, registers, need_id, referral, "x", TODAY, is_done=True) == "referral_answered"
    )
    assert refused(needs.refer, registers, need_id, "legal-aid", TODAY) == "need_done"


def test_the_resident_follows_it_by_the_code_and_no_name_is_shown(session, registers, made):
    need_id, code = ask(registers, made, replace(ASKED, resident_id=made.residents["W1"][0].id))
    needs.refer(registers, need_id, "legal-aid", TODAY)
    close(session)
    found = needs.follow(session, code.lower().replace("-", " "), KEY)

    assert (found["name_en"], found["state"]) == ("Legal aid", "referred")
    assert [one["office"] for one in found["referrals"]] == ["legal-aid"]
    assert "金丝雀" not in str(found)
    assert ASKED.purpose not in str(found)
    assert needs.follow(session, code[:-1] + ("2" if code[-1] != "2" else "3"), KEY) is None
    read = session.execute(text("SELECT person_id, purpose, households FROM audit ORDER BY id DESC LIMIT 1"))
    assert read.one() == (None, "own-data", [made.households["W1"][0].id])
    assert session.scalar(text("SELECT count(*) FROM need")) == 0, "the function opens nothing"


@pytest.mark.parametrize("by_code", [True, False])
def test_who_withdraws_leaves_no_row_and_no_word_of_whose_it_was(session, registers, made, by_code):
    need_id, code = ask(registers, made)
    needs.refer(registers, need_id, "legal-aid", TODAY)
    if by_code:
        assert needs.withdraw_by_code(session, code, KEY)
    else:
        needs.withdraw(registers, need_id)

    assert rows(session)[:2] == [0, 0]
    assert not needs.withdraw_by_code(session, code, KEY)
    told = session.execute(text("SELECT act, about, facts, households FROM audit ORDER BY id")).all()
    assert {(row.act, row.about) for row in told} >= {("need.withdrawn", f"need {need_id}")}
    assert all(row.facts == {} and row.households is None for row in told)


def test_only_a_hash_of_the_code_is_kept(session, registers, made):
    _, code = ask(registers, made)
    kept = session.scalar(text("SELECT code_hash FROM need"))

    assert len(code.replace("-", "")) == needs.CODE_LENGTH
    assert bytes(kept) == needs.hashed(KEY, code) != needs.hashed(b"another key", code)
    assert len(bytes(kept)) == 32


def test_codes_cannot_be_tried_by_the_thousand(session):
    for _ in range(5):
        needs.attempt(session, KEY, "somewhere", NOW)

    assert refused(needs.attempt, session, KEY, "somewhere", NOW) == "sign_in_too_often"
    assert needs.attempt(session, KEY, "elsewhere", NOW)


def test_a_household_of_another_grid_has_no_needs_here(registers, made):
    other = made.households["W2"][0].id

    assert refused(needs.ask, registers, other, ASKED, registers.person_id, KEY, NOW, TODAY) == "not_found"
    assert needs.panel(registers, other, TODAY)["needs"] == []
