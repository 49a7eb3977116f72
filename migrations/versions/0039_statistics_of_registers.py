"""Statistics of the registers, taken when many rows have come at once.

Why: right after a load the planner knows of no rows and asks for each of them one by one: figures of 30,000
households took over 30 seconds until the server looked by itself, a minute later, and half a second from then
on. Only their owner may look at the tables, so a function does it that the app may call.
"""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION analyze_registers() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE dwelling, household, resident, stay, landlord, rental, tenancy, employer, letter, visit, promise,
        need, referral;
END $$;
REVOKE ALL ON FUNCTION analyze_registers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION analyze_registers() TO gridkeeper_app;
"""


def upgrade() -> None:
    op.execute(FUNCTION)


def downgrade() -> None:
    op.execute("DROP FUNCTION analyze_registers()")
