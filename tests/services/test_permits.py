"""Residence permits by both shipped packs, day by day around every limit."""

from datetime import date, timedelta

import pytest

from app.services.permits import endorsement, hint, holds_until, issue_due, next_years
from app.services.rules import DECREE_663, PERMIT_2014

ARRIVED = date(2026, 3, 1)
OLD, NEW = PERMIT_2014.permit, DECREE_663.permit


@pytest.mark.parametrize(("lived", "may"), [(29, False), (30, True)])
def test_of_2014_thirty_days_are_enough(lived, may):
    today = ARRIVED + timedelta(days=lived)

    assert hint(OLD, ARRIVED, today, of_age=True).may_ask(today) is may


@pytest.mark.parametrize(("means", "may"), [(29, False), (30, True)])
def test_of_2014_whoever_means_to_stay_so_long_need_not_wait(means, may):
    assert hint(OLD, ARRIVED, ARRIVED, of_age=True, means_to_stay=means).may_ask(ARRIVED) is may


@pytest.mark.parametrize(("of_age", "missing"), [(False, ("age",)), (True, ())])  # 15 and 16 years
def test_of_2014_sixteen_years_are_needed(of_age, missing):
    told = hint(OLD, ARRIVED, ARRIVED + timedelta(days=60), of_age=of_age)

    assert told.missing == missing
    assert (told.eligible_on is None) is not of_age


@pytest.mark.parametrize(("days", "late"), [(7, False), (8, True)])
def test_of_2014_it_is_issued_within_seven_days(days, late):
    assert (ARRIVED + timedelta(days=days) > issue_due(OLD, ARRIVED)) is late


@pytest.mark.parametrize(
    ("years_later", "proof", "years"),
    [(1, True, (1,)), (2, False, (1,)), (2, True, (3, 5)), (5, True, (3, 5))],
)
def test_of_2014_one_year_first_then_three_or_five(years_later, proof, years):
    today = ARRIVED.replace(year=ARRIVED.year + years_later)

    assert next_years(OLD, ARRIVED, today, proof=proof) == years


def test_how_long_a_permit_of_2014_holds():
    assert holds_until(OLD, ARRIVED) == date(2027, 2, 28)
    assert holds_until(OLD, ARRIVED, 3) == date(2029, 2, 28)
    assert holds_until(OLD, ARRIVED, 5) == date(2031, 2, 28)
    assert endorsement(OLD, ARRIVED, ARRIVED) is None


@pytest.mark.parametrize(
    ("arrived", "eligible"),
    [(date(2026, 3, 1), date(2026, 9, 1)), (date(2026, 8, 31), date(2027, 2, 28))],
)
def test_of_the_decree_half_a_year_is_needed(arrived, eligible):
    told = hint(NEW, arrived, eligible - timedelta(days=1), of_age=False, ground="home")

    assert told.eligible_on == eligible
    assert told.missing == ("stay",)
    assert hint(NEW, arrived, eligible, of_age=False, ground="home").may_ask(eligible)


@pytest.mark.parametrize(("ground", "may"), [(None, False), ("job", True), ("home", True), ("study", True)])
def test_of_the_decree_a_job_a_home_or_study_is_needed(ground, may):
    today = date(2026, 12, 1)

    assert hint(NEW, ARRIVED, today, of_age=True, ground=ground).may_ask(today) is may


def test_of_the_decree_fifteen_days_or_thirty_at_most():
    assert issue_due(NEW, ARRIVED) == date(2026, 3, 16)
    assert issue_due(NEW, ARRIVED, far_away=True) == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2027, 1, 31), "not yet"),
        (date(2027, 2, 1), "open"),
        (date(2027, 2, 28), "open"),
        (date(2027, 3, 1), "paused"),
    ],
)
def test_of_the_decree_it_is_endorsed_in_the_last_month_of_its_year(today, state):
    told = endorsement(NEW, ARRIVED, today)

    assert (told.from_on, told.due_on, told.state) == (date(2027, 2, 1), date(2027, 2, 28), state)


def test_a_late_endorsement_begins_another_year():
    late = date(2027, 5, 10)

    assert endorsement(NEW, ARRIVED, late).state == "paused"
    assert endorsement(NEW, late, late).state == "not yet"
