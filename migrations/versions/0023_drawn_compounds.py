"""Compounds drawn by hand.

Why: rental compounds stand in no file. A manager draws them, and what he drew must outlive imports.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("compound", sa.Column("drawn_by", sa.BigInteger(), nullable=True))
    op.add_column(
        "compound",
        sa.Column(
            "drawn_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="null: it came with the files of its place",
        ),
    )
    op.create_foreign_key(op.f("compound_drawn_by_person"), "compound", "person", ["drawn_by"], ["id"])
    op.create_check_constraint(
        op.f("compound_drawn_when"), "compound", "drawn_by IS NULL OR drawn_at IS NOT NULL"
    )


def downgrade() -> None:
    # what was drawn stays as if it had come with files: the next import without it takes it off
    op.drop_constraint(op.f("compound_drawn_when"), "compound")
    op.drop_constraint(op.f("compound_drawn_by_person"), "compound")
    op.drop_column("compound", "drawn_at")
    op.drop_column("compound", "drawn_by")
