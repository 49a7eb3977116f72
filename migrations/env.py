"""How Alembic finds models and database: the caller's connection, or the owner's from the environment."""

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import text

from app.config import logins
from app.db import open_engine
from app.models import Base


def migrate(connection):
    # Two upgrades at once: the second waits, then finds nothing to do.
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('gridkeeper migrations'))"))
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=alembic_helpers.include_object,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


if (given := context.config.attributes.get("connection")) is not None:
    migrate(given)
else:
    engine = open_engine(logins().owner, statement_seconds=0)
    with engine.begin() as own:
        migrate(own)
    engine.dispose()
