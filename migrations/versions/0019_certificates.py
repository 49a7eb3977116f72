"""Certificates are kept.

Why: a certificate examines all geometry of a plan, which takes seconds in a large place, and is looked at far
more often than the plan changes. It can be worked out again: the table is unlogged, and a crash may empty it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("plan_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False, comment="of all that it depends on"),
        sa.Column("content", postgresql.JSON(), nullable=False),
        sa.Column(
            "drawing",
            postgresql.JSON(),
            nullable=True,
            comment="the map of the printed sheet; null: no ground",
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("certificate_plan_id_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("certificate_key")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("certificate_made_at_index", "certificate", ["made_at"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON certificate TO gridkeeper_app")


def downgrade() -> None:
    op.drop_table("certificate")
