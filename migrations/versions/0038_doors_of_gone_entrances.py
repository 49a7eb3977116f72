"""Doors keep their entrance's number in their own when the entrance goes.

Why: files imported again may have no entrances, or others. Doors of an entrance that is no more stand in the
building alone then, and two of them may have had the same number: 101 of entrance 1 becomes 1-101.
"""

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION free_doors() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE before CONSTANT text := current_setting('gridkeeper.keeping', true);
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    UPDATE dwelling SET entrance_id = NULL, code = OLD.code || '-' || code WHERE entrance_id = OLD.id;
    PERFORM set_config('gridkeeper.keeping', coalesce(before, ''), true);
    RETURN OLD;
END $$;
REVOKE ALL ON FUNCTION free_doors() FROM PUBLIC;
CREATE TRIGGER free_doors BEFORE DELETE ON entrance FOR EACH ROW EXECUTE FUNCTION free_doors();
"""


def upgrade() -> None:
    op.execute(FUNCTION)
    op.execute("GRANT UPDATE (name, households, position) ON entrance TO gridkeeper_app")


def downgrade() -> None:
    op.execute("REVOKE UPDATE (name, households, position) ON entrance FROM gridkeeper_app")
    op.execute("DROP TRIGGER free_doors ON entrance")
    op.execute("DROP FUNCTION free_doors()")
