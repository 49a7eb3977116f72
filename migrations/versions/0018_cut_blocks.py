"""Blocks keep the ground they were cut into.

Why: a place imported again differs in a few blocks, and cutting is most of what an import takes. What is
kept can be cut again: the table is unlogged, it costs no write-ahead log, and a crash may empty it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "block_ground",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("ground", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("octet_length(key) = 32", name=op.f("block_ground_key_whole")),
        sa.PrimaryKeyConstraint("key", name=op.f("block_ground_key")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("block_ground_used_at_index", "block_ground", ["used_at"])
    op.execute("ALTER TABLE block_ground ALTER ground SET STORAGE EXTERNAL")  # it is packed already
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON block_ground TO gridkeeper_app")


def downgrade() -> None:
    op.drop_table("block_ground")
