"""Grids of a draft can be locked and unlocked as part of the draft.

Why: a lock was the place's alone, by the code of a grid in force, so a new grid of a draft could not be
locked, locking was in no history and could not be undone, and unlocking in one draft unlocked in all.
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

SAID = "of a draft: true locked, false open; null: as the place has the grid of this code"


def upgrade() -> None:
    op.add_column("grid", sa.Column("own_lock", sa.Boolean(), nullable=True, comment=SAID))


def downgrade() -> None:
    op.drop_column("grid", "own_lock")
