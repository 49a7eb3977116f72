"""First letters of pinyin, and what the import keeps of names in Latin script.

Why: names are looked for by the first letters of their syllables (lylxq for 柳荫里小区). They stand in
a column of their own, so that `name_pinyin` can be shown on the map as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NAMED = ("place", "compound", "building", "street")
LATIN = {"name_pinyin": "gin_trgm_ops", "name_initials": "gin_trgm_ops"}


def upgrade() -> None:
    for table in NAMED:
        op.add_column(table, sa.Column("name_initials", sa.Text(), nullable=True))
    op.create_index(
        "building_latin_index", "building", list(LATIN), postgresql_using="gin", postgresql_ops=LATIN
    )
    op.execute("GRANT SELECT (name_initials) ON place, building TO gridkeeper_public")


def downgrade() -> None:
    op.drop_index("building_latin_index", "building")
    for table in NAMED:
        op.drop_column(table, "name_initials")
