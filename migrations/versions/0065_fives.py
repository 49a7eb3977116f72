"""Counts are told in fives to who only looks: the key by which this installation rounds.

Why: what was told of two days, two drafts or two plans could be subtracted, and named fewer than five
households. Rounded at random, always the same way for the same count, it cannot (decision 0030). The key is
kept with the data, so that a database brought back from a backup still says what it said.
"""

import sqlalchemy as sa
from alembic import op

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rounding",
        sa.Column("id", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("rounding_is_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("rounding_key")),
        comment="by what key counts are rounded to fives; the same as long as the installation lives",
    )
    op.execute("INSERT INTO rounding VALUES (1, gen_random_uuid()::text || gen_random_uuid()::text)")
    op.execute("GRANT SELECT ON rounding TO gridkeeper_app")


def downgrade() -> None:
    op.drop_table("rounding")
