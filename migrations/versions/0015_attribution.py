"""A place says whose data its ground is.

Why: who shows OpenStreetMap's data must name its contributors (ODbL 4.3), and cities' own data often asks for
the same.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("place", sa.Column("attribution", sa.Text(), comment="Whose data its ground is"))
    op.create_check_constraint("attribution_given", "place", "attribution <> ''")
    op.execute("GRANT SELECT (attribution) ON place TO gridkeeper_public")


def downgrade() -> None:
    op.drop_column("place", "attribution")
