"""Every column of a personal table has a purpose and a day it goes, and every personal table is guarded."""

import pytest
from sqlalchemy import text

from app.models import Base
from app.services.field_register import CLOCKS, OF_PERSONS, PURPOSES, REGISTER
from app.words import LANGUAGES, has_words

COLUMNS = [(table, column.name) for table in OF_PERSONS for column in Base.metadata.tables[table].columns]


def test_every_column_of_a_personal_table_is_in_the_register_and_nothing_else():
    registered = [(table, column) for table, fields in REGISTER.items() for column in fields]

    assert len(COLUMNS) > 90
    assert sorted(set(COLUMNS) - set(registered)) == [], "columns without purpose and retention"
    assert sorted(set(registered) - set(COLUMNS)) == [], "lines without a column"


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_can_read_it(language):
    fields = [field for columns in REGISTER.values() for field in columns.values()]
    asked = {f"field-purpose-{field.purpose}" for field in fields}
    asked |= {f"field-until-{field.until}" for field in fields}
    asked |= {f"table-{table.replace('_', '-')}" for table in OF_PERSONS}
    asked |= {f"column-{column.replace('_', '-')}" for _, column in COLUMNS}

    assert {field.purpose for field in fields} == set(PURPOSES)
    assert {field.until for field in fields} <= set(CLOCKS)
    assert sorted(name for name in asked if not has_words(language, name)) == []


def test_the_tables_that_are_guarded_are_those_of_the_register(session):
    guarded = session.scalars(
        text("""
            SELECT relname FROM pg_class
            WHERE relrowsecurity AND relforcerowsecurity AND relnamespace = 'public'::regnamespace
        """)
    ).all()

    assert sorted(guarded) == sorted(OF_PERSONS)


def test_a_table_that_names_a_household_or_a_resident_is_personal():
    named = {
        table.name
        for table in Base.metadata.tables.values()
        if {"household_id", "resident_id", "landlord_id"} & {column.name for column in table.columns}
    }

    assert sorted(named - set(OF_PERSONS)) == []
