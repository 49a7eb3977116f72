"""The hard rules of the mission, held against every column there is: people are served, never profiled."""

import re

import pytest
from sqlalchemy import Engine, inspect

from app.models import Base
from app.services.rules import SHIPPED, switches

# No column about a person's ethnicity, religion, politics, body, record or worth, in either language.
FORBIDDEN = [
    *["ethnic", "nationality", "race", "minzu", "民族", "religio", "faith", "belief", "宗教", "信仰"],
    *["politic", "party", "政治", "党", "pregnan", "fertil", "reproduc", "contracept", "birth_control"],
    *["marital", "marriage", "婚", "孕", "育", "criminal", "convict", "prison", "offence", "前科", "刑"],
    *["diagnos", "disease", "disab", "mental", "psych", "health", "病", "残疾", "精神"],
    *["score", "points", "credit", "risk", "suspic", "reputation", "rating", "积分", "信用", "嫌疑"],
    *["key_person", "key_group", "focus_person", "重点人", "petition", "上访"],
    *["face", "fingerprint", "biometric", "track", "trail", "轨迹", "id_number", "birth", "born", "identity"],
]
# What only some rule packs have, and only in a table of its own; of a number never the number itself.
BESIDE_THE_NINE = {"born_on", "number_hash", "number_tail", "number_sealed"}
# Of ground and of grids, not of people: a surface and a railway carry words that contain one of these.
ALLOWED = {"surface"}


def forbidden_in(name: str) -> list[str]:
    """Which forbidden words a name holds, at the beginning of one of its words or, in Chinese, anywhere."""
    if name in ALLOWED:
        return []
    return [
        bad for bad in FORBIDDEN if re.search(rf"(?<![a-z]){bad}" if bad.isascii() else bad, name.lower())
    ]


def test_no_column_of_a_model_is_about_what_we_must_not_know():
    columns = [
        (table.name, column.name) for table in Base.metadata.tables.values() for column in table.columns
    ]

    assert len(columns) > 100
    assert [(table, name) for table, name in columns if wrong(table, name)] == []


def wrong(table: str, name: str) -> bool:
    """Whether there must be no such column: by its name, or because the table holds nothing but these."""
    if table == "identity":
        return name not in BESIDE_THE_NINE | {*SEAT, "resident_id", "entered_by", "entered_at"}
    return bool(forbidden_in(name) or forbidden_in(table)) or name in BESIDE_THE_NINE


SEAT = {"id", "building_id", "community_id"}
NINE = {"household_id", "name", "age_band", "registered_here", "phone", "from_on", "until_on", "visit_hour"}


def test_a_resident_has_nine_fields_at_most():
    resident = {column.name for column in Base.metadata.tables["resident"].columns}
    stay = {column.name for column in Base.metadata.tables["stay"].columns}
    provenance = {"source", "purpose", "entered_by", "entered_at", "client_id", "resident_id"}

    assert (resident | stay | {"visit_hour"}) - SEAT - provenance == NINE
    assert len(NINE) <= 9


def test_no_pack_that_is_shipped_has_birth_dates_or_numbers():
    assert [code for code, rules in SHIPPED.items() if any(switches(rules).values())] == []


def test_nor_is_any_column_of_the_database(app_engine: Engine):
    catalogue = inspect(app_engine)
    columns = [
        (table, column["name"])
        for table in catalogue.get_table_names()
        for column in catalogue.get_columns(table)
    ]

    assert len(columns) > 100
    assert [(table, name) for table, name in columns if wrong(table, name)] == []


@pytest.mark.parametrize(
    "name", ["religion", "political_status", "risk_score", "criminal_record", "民族", "resident_birth_date"]
)
def test_such_a_column_would_be_found(name: str):
    assert forbidden_in(name)
