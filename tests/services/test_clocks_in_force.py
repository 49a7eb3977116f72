"""What is late, due and soon over goes by the rules in force where it happens, and by no constant."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import text

from app.services import due, rentals, rule_packs, visits
from app.services.personal import open_registers
from app.services.rules import SHIPPED
from app.services.visits import Call
from tests.services.mapped import E, W
from tests.services.registered import close, on_duty, staff

NOW = datetime(2026, 11, 26, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
KEY = b"a key for tests"
TODAY = NOW.date()
OTHER = {
    "entry_hours": 48, "verification_months": 6, "move_out_check_days": 3, "letter_warning_days": 90,
}  # fmt: skip


def registers_of(session, made, place, grid):
    actor = staff(session, "coordinator", place)
    on_duty(session, actor, made, grid)
    return open_registers(session, actor, "visit")


def given_rules(session, place):
    boss = staff(session, "administrator")
    usual = SHIPPED["decree-663"]
    rules = replace(usual, clocks=replace(usual.clocks, **OTHER))
    rule_packs.activate(session, boss, "decree-663", place, rules, TODAY, TODAY)


def clocked(session, made, registers, grid):
    """Whether a call two days ago was late; until when households are gone through; what warns; the check."""
    household = made.households[grid][0].id
    before = Call(str(uuid4()), NOW - timedelta(hours=47), "nobody home", household_id=household)
    late = visits.visit(registers, before, NOW, KEY).late
    until = {one.due_on for one in due.verifications(registers, [made.building(grid).id], NOW)}
    rental = rentals.panel(registers, made.dwellings[grid][1].id, TODAY)["rental"]["id"]
    session.execute(
        text("""
            INSERT INTO tenancy (rental_id, building_id, community_id, from_on, until_on, ended)
            SELECT id, building_id, community_id, '2026-01-01', :left, true FROM rental WHERE id = :rental
        """),
        {"rental": rental, "left": TODAY},
    )
    checks = {check.due_on for check in rentals.move_out_checks(registers, TODAY)}
    return late, until, rentals.expires_soon(registers, TODAY), checks


def test_without_a_pack_the_shipped_clocks_run(session, made):
    registers = registers_of(session, made, W, "W1")

    assert clocked(session, made, registers, "W1") == (
        *(True, {date(2026, 9, 30)}, date(2026, 12, 26), {date(2026, 12, 3)}),
    )


def test_a_pack_of_a_community_runs_there_and_nowhere_else(session, made):
    given_rules(session, W)
    there = clocked(session, made, registers_of(session, made, W, "W1"), "W1")
    close(session)
    elsewhere = clocked(session, made, registers_of(session, made, E, "E1"), "E1")

    assert there == (False, {date(2026, 12, 31)}, date(2027, 2, 24), {date(2026, 11, 29)})
    assert elsewhere == (True, {date(2026, 9, 30)}, date(2026, 12, 26), {date(2026, 12, 3)})


def test_half_a_year_to_go_through_a_household_begins_in_july(session, made):
    registers = registers_of(session, made, W, "W1")
    household = made.households["W1"][0].id
    in_summer = Call(
        str(uuid4()),
        datetime(2026, 8, 3, 10, tzinfo=NOW.tzinfo),
        "met",
        household_id=household,
        verified=True,
    )
    visits.visit(registers, in_summer, NOW, KEY)
    building = [made.building("W1").id]

    assert household in {one.household_id for one in due.verifications(registers, building, NOW)}
    given_rules(session, W)
    assert household not in {one.household_id for one in due.verifications(registers, building, NOW)}
