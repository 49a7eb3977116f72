"""What ground was withheld outside stays withheld, also when borders and counts change.

Why: which ground is withheld beside that of few households went by the counts and borders of the day. Of two
days, with borders or counts changed between them, each may withhold another neighbour, and the two together
told of the few (decision 0030).
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "withheld",
        sa.Column("community_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("state", sa.Text, nullable=False, comment="of plans and plots it was chosen beside"),
        sa.Column("plots", ARRAY(sa.BigInteger), nullable=False, comment="ids, of former plots too"),
        sa.Column("grids", ARRAY(sa.Text), nullable=False, comment="codes; no count of them is told"),
        sa.ForeignKeyConstraint(
            ["community_id"],
            ["place.id"],
            name=op.f("withheld_community_id_place"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("community_id", name=op.f("withheld_key")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON withheld TO gridkeeper_app")


def downgrade() -> None:
    op.drop_table("withheld")
