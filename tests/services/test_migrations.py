"""The head of the migrations equals the models, and each migration goes up and down."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine, text

from app.db import MIGRATIONS, downgrade, open_engine, upgrade
from app.models import Base

CATALOGUE = {
    "columns": """
        SELECT attrelid::regclass::text, attname, format_type(atttypid, atttypmod), attnotnull, attidentity,
            attgenerated, pg_get_expr(adbin, adrelid), col_description(attrelid, attnum)
        FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
        WHERE attnum > 0 AND NOT attisdropped AND attrelid::regclass::text = ANY (:tables)""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE contype <> 't' AND conrelid::regclass::text = ANY (:tables)""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE tablename = ANY (:tables)",
}

PLACE = """
    INSERT INTO place (level, code, name, path, srid, outline)
    SELECT 'community', '140499001001', '社区', '140499001001', 4546,
        ST_Multi(ST_MakeEnvelope(113, 36, 113.01, 36.01, 4326))
"""


def revisions():
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    found = ScriptDirectory.from_config(config).walk_revisions()
    return [script.revision for script in found][::-1]


def catalogue(engine):
    """What the database knows of our tables, as sets of rows."""
    with engine.connect() as connection:
        return {
            what: set(map(tuple, connection.execute(text(question), {"tables": list(Base.metadata.tables)})))
            for what, question in CATALOGUE.items()
        }


def our_tables(engine):
    with engine.connect() as connection:
        return set(
            connection.scalars(
                text(
                    "SELECT tablename FROM pg_tables "
                    "WHERE tableowner = 'gridkeeper_owner' AND schemaname = 'public'"
                )
            )
        )


@pytest.mark.parametrize("what", CATALOGUE)
def test_head_equals_the_models(new_database, database, worker_id, what):
    modelled = create_engine(new_database(f"modelled_{what}_{worker_id}", "bare").owner.url)
    migrated = open_engine(database.owner)
    Base.metadata.create_all(modelled)

    from_models, from_migrations = catalogue(modelled)[what], catalogue(migrated)[what]
    modelled.dispose()
    migrated.dispose()

    assert from_migrations
    assert from_migrations == from_models


def test_alembic_finds_nothing_to_migrate(database):
    engine = open_engine(database.owner)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": alembic_helpers.include_object}
        )
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_each_migration_goes_up_and_down_and_up_again(new_database, worker_id):
    logins = new_database(f"up_and_down_{worker_id}", "bare")
    engine = open_engine(logins.owner)
    bare, steps = our_tables(engine), []

    for revision in revisions():
        upgrade(logins.owner, revision)
        steps.append(our_tables(engine))
    for step in reversed([bare, *steps[:-1]]):
        downgrade(logins.owner, "-1")
        assert our_tables(engine) - {"alembic_version"} == step - {"alembic_version"}

    assert upgrade(logins.owner) == revisions()[-1]
    assert our_tables(engine) == steps[-1] == {*Base.metadata.tables, "alembic_version"}
    engine.dispose()


def test_versions_divided_by_entrance_are_not_taken_for_whole_ones(new_database, worker_id):
    logins = new_database(f"divided_{worker_id}", "bare")
    upgrade(logins.owner, "0020")
    engine = open_engine(logins.owner)
    with engine.begin() as connection:
        places = text("""
            SELECT conname FROM pg_constraint
            WHERE conrelid = 'tessellation'::regclass AND confrelid = 'place'::regclass
        """)
        for name in connection.scalars(places).all():
            connection.execute(text(f'ALTER TABLE tessellation DROP CONSTRAINT "{name}"'))
        row = "INSERT INTO tessellation (place_id, version, plain_id) VALUES (1, {}, {}) RETURNING id"
        plain = connection.scalar(text(row.format(1, "NULL")))
        connection.execute(text(row.format(2, plain)))

    with pytest.raises(RuntimeError, match="divided by entrance"):
        downgrade(logins.owner, "0019")

    engine.dispose()


def test_what_was_looked_at_in_words_of_ours_is_known_by_its_kind(new_database, worker_id):
    logins = new_database(f"inspections_{worker_id}", "bare")
    upgrade(logins.owner, "0062")
    engine = open_engine(logins.owner)
    with engine.begin() as connection:
        connection.execute(text(PLACE))
        for words in ("围挡、脚手架", "Gas, wiring, exits, e-bikes", "灭火器"):
            connection.execute(
                text("""
                    INSERT INTO inspection (community_id, about, every_months, due_on)
                    SELECT id, :words, 1, '2026-03-02' FROM place
                """),
                {"words": words},
            )
    upgrade(logins.owner, "0063")
    with engine.connect() as connection:
        about = connection.scalars(text("SELECT about FROM inspection ORDER BY id")).all()
    engine.dispose()

    assert about == ["site", "compound", "灭火器"]


def test_revisions_are_numbered_and_say_why():
    scripts = sorted((MIGRATIONS / "versions").glob("*.py"))

    assert [script.name[:4] for script in scripts] == [f"{n:04d}" for n in range(1, len(scripts) + 1)]
    assert revisions() == [script.name[:4] for script in scripts]
    assert all("\nWhy: " in script.read_text(encoding="utf-8") for script in scripts)


def test_alembic_finds_its_settings_in_pyproject():
    config = Config(toml_file=str(MIGRATIONS.parent / "pyproject.toml"))

    assert ScriptDirectory.from_config(config).get_current_head() == revisions()[-1]
