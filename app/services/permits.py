"""Residence permits by the rules of a pack: who may have one from when, and until when it holds.

Help for the resident, never a sanction: nothing here looks at what somebody failed to do, and no service
depends on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.services.months import months_on
from app.services.rules import Permit

GROUNDS = ("job", "home", "study")
OF_AGE = "16 or over"
OF_AGE_YEARS = 16


@dataclass(frozen=True)
class Hint:
    """What a resident may be told.

    eligible_on: the day they may ask from; None where the rules do not give it to them. missing: what is
    still to be shown or waited for: `stay`, `age`, `ground`.
    """

    eligible_on: date | None
    missing: tuple[str, ...]

    def may_ask(self, today: date) -> bool:
        """Whether the day has come and nothing is missing but time."""
        return self.eligible_on is not None and self.eligible_on <= today and "ground" not in self.missing


def hint(
    rules: Permit,
    from_on: date,
    today: date,
    *,
    of_age: bool,
    means_to_stay: int = 0,
    ground: str | None = None,
) -> Hint:
    """From when somebody may ask for a permit.

    of_age: 16 or over, as the register has it. means_to_stay: days they say they will, counted from their
    arrival; that is enough where the rules count in days. ground: one of GROUNDS, where they showed one.
    """
    if rules.least_age_years >= OF_AGE_YEARS and not of_age:
        return Hint(None, ("age",))
    if rules.stay_days:
        eligible = from_on if means_to_stay >= rules.stay_days else from_on + timedelta(days=rules.stay_days)
    else:
        eligible = months_on(from_on, rules.stay_months)
    missing = [*(["stay"] if eligible > today else [])]
    if rules.ground_needed and ground not in GROUNDS:
        missing.append("ground")
    return Hint(eligible, tuple(missing))


def issue_due(rules: Permit, handed_in_on: date, *, far_away: bool = False) -> date:
    """The last day to issue it: the longest term is for places far from any office."""
    return handed_in_on + timedelta(days=rules.longest_issue_days if far_away else rules.issue_days)


def holds_until(rules: Permit, issued_on: date, years: int | None = None) -> date:
    """The last day a permit of so many years holds; a first one without them."""
    return months_on(issued_on, 12 * (rules.first_years if years is None else years)) - timedelta(days=1)


def next_years(rules: Permit, first_issued_on: date, today: date, *, proof: bool) -> tuple[int, ...]:
    """How many years the next permit may hold: the first's again, or later ones after years with proof."""
    if rules.later_years and proof and months_on(first_issued_on, 12 * rules.proof_years) <= today:
        return rules.later_years
    return (rules.first_years,)


@dataclass(frozen=True)
class Endorsement:
    """The yearly endorsement of a permit. from_on and due_on: first and last day for it.

    state: `not yet`, `open`, or `paused`: late, so that the permit rests until it is endorsed after all.
    """

    from_on: date
    due_on: date
    state: str


def endorsement(rules: Permit, endorsed_on: date, today: date) -> Endorsement | None:
    """The next endorsement after one, or after the issue; None where the rules know none."""
    if not rules.endorsement_months:
        return None
    ends = months_on(endorsed_on, 12)
    begins, due = months_on(ends, -rules.endorsement_months), ends - timedelta(days=1)
    state = "not yet" if today < begins else "open" if today <= due else "paused"
    return Endorsement(begins, due, state)
