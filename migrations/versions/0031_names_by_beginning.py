"""Names of residents by their beginning.

Why: beneath row-level security an index is asked only through operators that give nothing away. `LIKE` is
none, comparing letter by letter is (`~>=~`, `~<~`); so a name is found by ranges of its first letters.
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "resident_name_begins_index",
        "resident",
        ["name"],
        unique=False,
        postgresql_ops={"name": "text_pattern_ops"},
    )


def downgrade() -> None:
    op.drop_index("resident_name_begins_index", table_name="resident")
