"""An objection that was granted takes effect: in the database, for the purposes it names.

Why: a request to object had no effect but its answer. Now a household keeps the purposes it objected to, and
a restrictive policy hides its row from a transaction that was opened for one of them: from ledgers,
searches, prints, their exports and the counts made of them, or from the exchange file. Whoever serves the
household for a visit sees it as before, and what was read stays in the audit.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

KNOWN = "objected <@ ARRAY['ledger', 'search', 'exchange']"
HIDDEN = """
    CREATE POLICY objected ON household AS RESTRICTIVE FOR SELECT TO gridkeeper_app
    USING (NOT (coalesce((SELECT current_setting('gridkeeper.purpose', true) AS said), '') = ANY (objected)))
"""
COUNTED = "FROM household WHERE ended_on IS NULL AND community_id IN (SELECT id FROM seen)"
LISTED = "FROM household WHERE ended_on IS NULL AND NOT 'ledger' = ANY (objected)"


def upgrade() -> None:
    words = postgresql.ARRAY(sa.Text())
    about = "purposes for which the row is hidden, by objection"
    op.add_column(
        "household", sa.Column("objected", words, server_default="{}", nullable=False, comment=about)
    )
    op.create_check_constraint(op.f("household_objected_to_known"), "household", KNOWN)
    about = "purposes that a granted objection ends"
    op.add_column("subject_request", sa.Column("stops", words, nullable=True, comment=about))
    op.add_column("subject_request", sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(HIDDEN)
    _count(COUNTED, f"{LISTED} AND community_id IN (SELECT id FROM seen)")


def downgrade() -> None:
    _count(f"{LISTED} AND community_id IN (SELECT id FROM seen)", COUNTED)
    op.execute("DROP POLICY objected ON household")
    op.drop_column("subject_request", "lifted_at")
    op.drop_column("subject_request", "stops")
    op.drop_column("household", "objected")


def _count(before: str, after: str) -> None:
    """Let the counts for leaders be those of the same households as the ledgers."""
    connection = op.get_bind()
    told = connection.scalar(
        sa.text("SELECT pg_get_functiondef('register_counts(timestamptz)'::regprocedure)")
    )
    if before not in told:
        raise RuntimeError("register_counts is not as 0055 left it")
    connection.exec_driver_sql(told.replace(before, after).replace("%", "%%"))
