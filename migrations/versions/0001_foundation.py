"""Extensions, roles, pinyin order, and the scope of a transaction.

Why: everything later stands on them. Extensions and roles are made here only where they are missing: in
the private cluster they were made with it, on another server its administrator may have made them. Roles
belong to the whole server and may serve other databases: going down leaves them alone.

`gridkeeper.scope` holds the paths of the places a transaction may see, comma between them. Unset or empty
means no place at all. `guard_by_scope` is the pattern for every table with personal rows.
"""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLES = """
DO $$
DECLARE wanted text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['gridkeeper_app', 'gridkeeper_public'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            EXECUTE format('GRANT %I TO CURRENT_USER', wanted);  -- the owner may step down to it
        END IF;
    END LOOP;
END $$
"""

SCOPE_PATHS = """
CREATE FUNCTION scope_paths() RETURNS ltree[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(nullif(current_setting('gridkeeper.scope', true), ''), ',')::ltree[] $$
"""

# The array is worked out once a statement, and an index on community_id serves.
GUARD_BY_SCOPE = """
CREATE FUNCTION guard_by_scope(guarded regclass) RETURNS void LANGUAGE plpgsql AS $guard$
DECLARE
    seen CONSTANT text :=
        'community_id = ANY (ARRAY(SELECT id FROM place WHERE path <@ ANY (scope_paths())))';
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);  -- its owner too
    EXECUTE format('CREATE POLICY in_scope ON %s USING (%s) WITH CHECK (%s)', guarded, seen, seen);
END $guard$
"""


def upgrade() -> None:
    for extension in ("postgis", "ltree", "btree_gist", "pg_trgm"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.execute(ROLES)
    op.execute("CREATE COLLATION pinyin (provider = icu, locale = 'zh-u-co-pinyin')")
    op.execute(SCOPE_PATHS)
    op.execute(GUARD_BY_SCOPE)
    op.execute("REVOKE ALL ON FUNCTION guard_by_scope(regclass) FROM PUBLIC")


def downgrade() -> None:
    op.execute("DROP FUNCTION guard_by_scope(regclass)")
    op.execute("DROP FUNCTION scope_paths()")
    op.execute("DROP COLLATION pinyin")
