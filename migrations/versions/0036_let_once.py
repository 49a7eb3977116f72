"""A dwelling or a compound is let once at a time, and once to a household.

Why: two who registered the same rental at once both saw none before. Where a register holds such a pair
already this stops without a change: which is right only its coordinator can tell, who cancels the other.
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

OPEN = sa.text("ended_on IS NULL")


def upgrade() -> None:
    op.create_index("rental_open_dwelling", "rental", ["dwelling_id"], unique=True, postgresql_where=OPEN)
    op.create_index("rental_open_compound", "rental", ["compound_id"], unique=True, postgresql_where=OPEN)
    op.create_index(
        "tenancy_open_household",
        "tenancy",
        ["rental_id", "household_id"],
        unique=True,
        postgresql_where=sa.text("NOT ended"),
    )


def downgrade() -> None:
    op.drop_index("tenancy_open_household", "tenancy")
    op.drop_index("rental_open_compound", "rental")
    op.drop_index("rental_open_dwelling", "rental")
