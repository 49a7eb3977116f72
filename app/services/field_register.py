"""The field register: for every column of the personal tables, what it is for and until when it is kept.

A test walks the models: no column of a personal table may be without a line here. People read it in the
rights centre, residents beside what is held about them.
"""

from __future__ import annotations

from dataclasses import dataclass

# What a column is kept for, and by which clock it goes; words in both languages as `field-purpose-…` and
# `field-until-…` of rights.ftl.
PURPOSES = (
    *("key", "place", "order", "who-lives-where", "services", "reach", "visit-time", "rental-safety"),
    *("work-safety", "proof", "provenance", "promise", "help", "answer", "exchange"),
)
STAY, HOME, RENTAL, EMPLOYER, LETTER = "stay", "home", "rental", "employer", "letter"
VISIT, NEED, REQUEST, CODE = "visit", "need", "request", "code"
CLOCKS = (STAY, HOME, RENTAL, EMPLOYER, LETTER, VISIT, NEED, REQUEST, CODE)


MONTHS = 24  # after which what is over goes, unless a rule pack says otherwise


@dataclass(frozen=True)
class Field:
    """A column: what for, by which clock it goes, and whether it says something about a person by itself."""

    purpose: str
    until: str
    personal: bool


def _fields(until: str, *, keys: str = "", **purposes: str) -> dict[str, Field]:
    """Columns of one table. keys: what only ties rows together; purposes: names of columns by purpose."""
    found = {name: Field("key", until, personal=False) for name in keys.split()}
    found |= dict.fromkeys(("building_id", "community_id"), Field("place", until, personal=False))
    for purpose, names in purposes.items():
        for name in names.split():
            found[name] = Field(purpose.replace("_", "-"), until, personal=purpose not in NOT_OF_A_PERSON)
    return found


NOT_OF_A_PERSON = ("order", "provenance")

REGISTER: dict[str, dict[str, Field]] = {
    "dwelling": _fields(HOME, keys="id entrance_id", place="code floor use", order="made_at retired_at"),
    "household": _fields(
        STAY,
        keys="id dwelling_id",
        who_lives_where="begun_on ended_on",
        visit_time="visit_hour",
        answer="objected",
        # counts of what stands in other rows
        order="residents floating told promises visited_at verified_at",
    ),
    "resident": _fields(
        STAY,
        keys="id household_id",
        who_lives_where="name",
        services="age_band registered_here",
        reach="phone",
        provenance="source purpose entered_by entered_at",
    ),
    "identity": _fields(
        STAY,
        keys="id resident_id",
        exchange="born_on number_tail number_hash number_sealed",
        provenance="entered_by entered_at",
    ),
    "stay": _fields(STAY, keys="id resident_id household_id client_id", who_lives_where="from_on until_on"),
    "landlord": _fields(RENTAL, keys="id", rental_safety="name", reach="phone"),
    "rental": _fields(
        RENTAL,
        keys="id dwelling_id compound_id landlord_id",
        rental_safety="purpose rooms area_m2 begun_on ended_on",
    ),
    "tenancy": _fields(RENTAL, keys="id rental_id household_id", rental_safety="from_on until_on ended"),
    "employer": _fields(
        EMPLOYER,
        keys="id",
        work_safety="name kind size contact_name begun_on ended_on",
        reach="contact_phone",
    ),
    "helper": _fields(
        EMPLOYER,
        keys="id",
        work_safety="name begun_on ended_on",
        reach="phone",
        provenance="entered_by entered_at",
    ),
    "letter": _fields(
        LETTER,
        keys="id rental_id employer_id tenancy_id",
        proof="kind signed_on expires_on scan scan_type",
        provenance="entered_by entered_at",
    ),
    "visit": _fields(
        VISIT,
        keys="id client_id dwelling_id household_id",
        promise="result verified happened_at",
        provenance="person_id entered_at",
    ),
    "promise": _fields(VISIT, keys="id visit_id", promise="asked promised due_on kept_on"),
    "need": _fields(
        NEED,
        keys="id household_id resident_id",
        help="service_id purpose consented_at until_on state owner_id code_hash",
        provenance="made_at",
    ),
    "referral": _fields(NEED, keys="id need_id", help="office owner_id made_on due_on result result_on"),
    "subject_request": _fields(
        REQUEST,
        keys="id household_id",
        answer="kind words state made_at due_on answered_at answer stops lifted_at",
        provenance="answered_by",
    ),
    "own_code": _fields(
        CODE,
        keys="id household_id code_hash token_hash",
        answer="made_at expires_at used_at open_until",
        provenance="made_by",
    ),
}
OF_PERSONS = tuple(REGISTER)  # tables that hold personal rows, each guarded by `guard_registers`
