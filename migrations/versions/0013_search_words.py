"""All words a building may be found by, in one column.

Why: a Chinese name is looked for by two characters from its middle, and trigram indexes know nothing shorter
than three. Then all rows are read, and reading one column of small letters takes a fifth of the time of
comparing five without regard to case: 30 ms for 100,000 buildings. One index on it takes the place of two.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WORDS = (
    "lower(E'\\n' || code || E'\\n' || coalesce(name, '') || E'\\n' || coalesce(address, '') || E'\\n' || "
    "coalesce(name_pinyin, '') || E'\\n' || replace(coalesce(name_pinyin, ''), ' ', '') || E'\\n' || "
    "coalesce(name_initials, ''))"
)
FORMER = {
    "building_words_index": ("code", "name", "address"),
    "building_latin_index": ("name_pinyin", "name_initials"),
}


def upgrade() -> None:
    for index in FORMER:
        op.drop_index(index, "building")
    op.add_column(
        "building", sa.Column("words", sa.Text(), sa.Computed(WORDS, persisted=True), nullable=False)
    )
    op.create_index(
        "building_words_index",
        "building",
        ["words"],
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )


def downgrade() -> None:
    op.drop_index("building_words_index", "building")
    op.drop_column("building", "words")
    for index, columns in FORMER.items():
        ops = dict.fromkeys(columns, "gin_trgm_ops")
        op.create_index(index, "building", list(columns), postgresql_using="gin", postgresql_ops=ops)
