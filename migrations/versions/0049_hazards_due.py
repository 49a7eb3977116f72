"""Hazards by community and the day they are due, open or closed.

Why: grids and offices are assessed by the cases due in a quarter, which no other index finds.
"""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("hazard_community_due_index", "hazard", ["community_id", "due_at"])


def downgrade() -> None:
    op.drop_index("hazard_community_due_index", "hazard")
