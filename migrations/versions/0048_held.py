"""What the public sent and nobody has looked at is found at once.

Why: words and photos wait in tables of a million rows of which nearly none wait.
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("hazard_held_index", "hazard", ["id"], postgresql_where=sa.text("held = true"))
    op.create_index(
        "hazard_photo_waiting_index",
        "hazard_photo",
        ["hazard_id"],
        postgresql_where=sa.text("by_public AND looked_by IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("hazard_photo_waiting_index", "hazard_photo")
    op.drop_index("hazard_held_index", "hazard")
