"""What a rule pack says, as values: sizes, staffing, clocks, permits, retention; and the packs we ship."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from app.errors import Refusal

WIDEST = 100_000  # households


@dataclass(frozen=True)
class Size:
    """Households per grid."""

    target: int = 300
    least: int = 270
    most: int = 330


@dataclass(frozen=True)
class Staffing:
    """How many residents registered elsewhere one coordinator serves, besides one for every grid."""

    floating_per_coordinator: int = 500


@dataclass(frozen=True)
class Clocks:
    """Until when what is to be done. In days, but for hours and months where the name says so.

    The hours of a day worked: from work_from_hour to noon_from_hour and from noon_until_hour to
    work_until_hour. amber_percent: how much of a stage of a case may pass before its clock turns amber.
    """

    entry_hours: int = 24
    verification_months: int = 3
    move_out_check_days: int = 7
    letter_warning_days: int = 30
    request_days: int = 30
    deletion_days: int = 15
    correction_work_days: int = 5
    idle_duty_days: int = 30
    work_from_hour: int = 8
    noon_from_hour: int = 12
    noon_until_hour: int = 14
    work_until_hour: int = 18
    amber_percent: int = 50


@dataclass(frozen=True)
class Permit:
    """When a residence permit is to be had, and how long it holds.

    stay_days or stay_months: how long somebody lives here, or means to; the other is 0. least_age_years: 0
    for any. ground_needed: a stable job, a home or study. issue_days and longest_issue_days: after all is
    handed in. later_years: how long the next ones hold after proof_years with proof; none: it is endorsed
    yearly, in the last endorsement_months of the year.
    """

    stay_days: int = 0
    stay_months: int = 6
    least_age_years: int = 0
    ground_needed: bool = True
    issue_days: int = 15
    longest_issue_days: int = 30
    first_years: int = 1
    later_years: tuple[int, ...] = ()
    proof_years: int = 0
    endorsement_months: int = 1


@dataclass(frozen=True)
class Retention:
    """How many months what is over is still kept."""

    stay_months: int = 24
    visit_months: int = 24
    promise_months: int = 24
    sign_in_months: int = 12


@dataclass(frozen=True)
class Identity:
    """What is kept of a resident beside the nine fields; nothing, unless a pack says otherwise.

    exchange_number: the exchange file must have the whole number; only then it is kept, encrypted.
    """

    birth_date: bool = False
    id_number: bool = False
    exchange_number: bool = False


@dataclass(frozen=True)
class Rules:
    """All settings of a pack."""

    size: Size = field(default_factory=Size)
    staffing: Staffing = field(default_factory=Staffing)
    clocks: Clocks = field(default_factory=Clocks)
    permit: Permit = field(default_factory=Permit)
    retention: Retention = field(default_factory=Retention)
    identity: Identity = field(default_factory=Identity)


# Residence permits by decree 663 of the State Council (2015); and before it, as a plan of 2014 had them.
DECREE_663 = Rules()
PERMIT_2014 = replace(
    DECREE_663,
    permit=Permit(
        stay_days=30,
        stay_months=0,
        least_age_years=16,
        ground_needed=False,
        issue_days=7,
        longest_issue_days=7,
        first_years=1,
        later_years=(3, 5),
        proof_years=2,
        endorsement_months=0,
    ),
)
# Comprehensive grids of 300 to 500 households, as a regulation has them.
LAW_300_500 = replace(DECREE_663, size=Size(400, 300, 500))
SHIPPED: Mapping[str, Rules] = {
    "decree-663": DECREE_663,
    "permit-2014": PERMIT_2014,
    "law-300-500": LAW_300_500,
}
USUAL = "decree-663"

GROUPS = {one.name: one.default_factory for one in fields(Rules)}
HOURS = ("work_from_hour", "noon_from_hour", "noon_until_hour", "work_until_hour")  # in this order
LEAST_MOST = {  # what a number may be; all others from 0 to 1,200
    **{("size", name): (1, WIDEST) for name in ("target", "least", "most")},
    ("staffing", "floating_per_coordinator"): (1, WIDEST),
    ("clocks", "entry_hours"): (1, 720),
    ("clocks", "verification_months"): (1, 24),
    ("clocks", "request_days"): (1, 30),  # the law's own limit for answering a person
    ("clocks", "deletion_days"): (1, 30),
    **{("clocks", name): (0, 24) for name in HOURS},
    ("clocks", "amber_percent"): (1, 99),
    ("retention", "stay_months"): (0, 24),  # shorter than what the house allows, never longer
    ("retention", "visit_months"): (0, 24),
    ("retention", "promise_months"): (0, 24),
    ("retention", "sign_in_months"): (1, 36),
}
OTHERS = (0, 1_200)


def as_json(rules: Rules) -> dict[str, Any]:
    """What is stored of rules: every setting of every group."""
    return {
        group: {name: list(value) if isinstance(value, tuple) else value for name, value in settings.items()}
        for group, settings in asdict(rules).items()
    }


def from_json(stored: Mapping[str, Any]) -> Rules:
    """Rules as they were stored; a setting that was not known then is as usual.

    Refused with `rule_setting_unknown` and `rule_setting_out_of_range`, which name it.
    """
    groups = {name: _group(name, stored.get(name, {})) for name in GROUPS}
    for name in stored:
        if name not in GROUPS:
            raise Refusal("rule_setting_unknown", setting=str(name))
    rules = Rules(**groups)
    if not rules.size.least <= rules.size.target <= rules.size.most:
        raise Refusal(
            "rule_sizes_disordered", least=rules.size.least, target=rules.size.target, most=rules.size.most
        )
    hours = [getattr(rules.clocks, name) for name in HOURS]
    if hours != sorted(hours) or hours[0] == hours[1]:
        raise Refusal("rule_hours_disordered", hours=", ".join(map(str, hours)))
    if rules.identity.exchange_number and not rules.identity.id_number:
        raise Refusal("rule_number_unkept")
    if (rules.permit.stay_days == 0) == (rules.permit.stay_months == 0):
        raise Refusal("rule_stay_twice", days=rules.permit.stay_days, months=rules.permit.stay_months)
    return rules


def changed(rules: Rules, wished: Mapping[str, int]) -> Rules:
    """Rules with other numbers: `{"size.target": 400}`; of a switch 1 is on and 0 is off."""
    stored = as_json(rules)
    for setting, value in wished.items():
        group, _, name = setting.partition(".")
        if name not in stored.get(group, {}):
            raise Refusal("rule_setting_unknown", setting=setting)
        is_switch = isinstance(stored[group][name], bool) and value in (0, 1)
        stored[group][name] = bool(value) if is_switch else value
    return from_json(stored)


def numbers(rules: Rules) -> dict[str, int]:
    """The settings that are single numbers, as `changed` takes them.

    >>> numbers(LAW_300_500)["size.target"]
    400
    """
    return {
        f"{group}.{name}": value
        for group, settings in as_json(rules).items()
        for name, value in settings.items()
        if isinstance(value, int) and not isinstance(value, bool)
    }


def switches(rules: Rules) -> dict[str, bool]:
    """The settings of what is kept beside the nine fields, each on or off.

    >>> switches(DECREE_663)["identity.id_number"]
    False
    """
    return {f"identity.{name}": value for name, value in as_json(rules)["identity"].items()}


def differences(one: Rules, other: Rules) -> list[tuple[str, Any, Any]]:
    """Settings that differ: name, in the one, in the other."""
    first, second = as_json(one), as_json(other)
    return [
        (f"{group}.{name}", value, second[group][name])
        for group, settings in first.items()
        for name, value in settings.items()
        if value != second[group][name]
    ]


def _group(group: str, stored: Any) -> Any:
    kind: Any = GROUPS[group]
    known = {one.name: one.default for one in fields(kind)}
    if not isinstance(stored, Mapping):
        raise Refusal("rule_setting_unknown", setting=group)
    said = {}
    for name, value in stored.items():
        if name not in known:
            raise Refusal("rule_setting_unknown", setting=f"{group}.{name}")
        said[name] = _value(group, name, known[name], value)
    return kind(**said)


def _value(group: str, name: str, usual: Any, value: Any) -> Any:
    if isinstance(usual, bool):
        right, taken = isinstance(value, bool), value
    elif isinstance(usual, tuple):
        right = isinstance(value, list | tuple) and all(type(one) is int and 1 <= one <= 50 for one in value)
        taken = tuple(value) if right else ()
    else:
        least, most = LEAST_MOST.get((group, name), OTHERS)
        right, taken = type(value) is int and least <= value <= most, value
    if not right:
        least, most = LEAST_MOST.get((group, name), OTHERS)
        raise Refusal("rule_setting_out_of_range", setting=f"{group}.{name}", least=least, most=most)
    return taken
