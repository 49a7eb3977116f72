"""When the clock of a case turns amber and whom it was told to, and the ways into a million hazards.

Why: colour is asked of every row of a list and of every point on a map, and an hour worked is nothing SQL
knows of; so the moment it changes is reckoned once, when the stage begins. Lists go by what is due or by what
is newest, over all communities at once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")
RUNNING = sa.text("closed_at IS NULL AND escalated_at IS NULL")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    amber = "when its clock turns from green to amber; none while it stands"
    op.add_column("hazard", sa.Column("amber_at", moment, nullable=True, comment=amber))
    told = "when it was told upwards that its stage is over"
    op.add_column("hazard", sa.Column("escalated_at", moment, nullable=True, comment=told))
    op.create_index("hazard_due_index", "hazard", ["due_at", "id"], postgresql_where=OPEN)
    op.create_index("hazard_reported_index", "hazard", ["reported_at", "id"])
    op.create_index("hazard_stage_index", "hazard", ["stage_due_at"], postgresql_where=RUNNING)
    op.create_index("hazard_handler_index", "hazard", ["handler_id"], postgresql_where=OPEN)


def downgrade() -> None:
    for name in ("handler", "stage", "reported", "due"):
        op.drop_index(f"hazard_{name}_index", "hazard")
    op.drop_column("hazard", "escalated_at")
    op.drop_column("hazard", "amber_at")
