"""What was inspected at an employer outlives the employer's row.

Why: an employer that is over goes after the months the rules give, with its contact. An inspection pointed at
it, so the removal failed as a whole; as with compounds, the inspection stays and points at none.
"""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

KEY = "inspection_employer_id_employer"


def upgrade() -> None:
    op.drop_constraint(KEY, "inspection")
    op.create_foreign_key(KEY, "inspection", "employer", ["employer_id"], ["id"], ondelete="SET NULL")
    op.execute("COMMENT ON COLUMN inspection.employer_id IS 'none again when the employer is no more'")


def downgrade() -> None:
    op.drop_constraint(KEY, "inspection")
    op.create_foreign_key(KEY, "inspection", "employer", ["employer_id"], ["id"])
    op.execute("COMMENT ON COLUMN inspection.employer_id IS NULL")
