"""Which compounds the register of rentals names, for those who may not read it.

Why: files imported again, or a hand, may take away a compound that is registered as let. Who does that sees
no rental, so the database ended it with a broken foreign key. Ids go in and come out, nothing else.
"""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION compounds_let(ids bigint[]) RETURNS SETOF bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE before CONSTANT text := current_setting('gridkeeper.keeping', true);
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    RETURN QUERY SELECT DISTINCT compound_id FROM rental WHERE compound_id = ANY (ids);
    PERFORM set_config('gridkeeper.keeping', coalesce(before, ''), true);
END $$;
REVOKE ALL ON FUNCTION compounds_let(bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION compounds_let(bigint[]) TO gridkeeper_app;
"""


def upgrade() -> None:
    op.execute(FUNCTION)


def downgrade() -> None:
    op.execute("DROP FUNCTION compounds_let(bigint[])")
