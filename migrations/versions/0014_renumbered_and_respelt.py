"""A building code is unique among the buildings that stand; pinyin may be typed without blank and apostrophe.

Why: where a city renumbers its buildings, or its files bear no codes and rows are numbered, the code of a
building that was pulled down comes back on another one. And pinyin is stored as maps spell it, Chang'an Jie
or Lüyuan Xiaoqu, but typed as changan or lvyuan.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WORDS = (
    "lower(E'\\n' || code || E'\\n' || coalesce(name, '') || E'\\n' || coalesce(address, '') || E'\\n' || "
    "coalesce(name_pinyin, '') || E'\\n' || {joined} || E'\\n' || coalesce(name_initials, ''))"
)
TYPED = "translate(lower(coalesce(name_pinyin, '')), 'ü'' ', 'v')"
FORMER = "replace(coalesce(name_pinyin, ''), ' ', '')"
CONSTRAINT = "building_place_id_code_unique"


def upgrade() -> None:
    op.drop_constraint(CONSTRAINT, "building", type_="unique")
    op.create_index(
        "building_code_index",
        "building",
        ["place_id", "code"],
        unique=True,
        postgresql_where=sa.text("retired_at IS NULL"),
    )
    remake_words(TYPED)


def downgrade() -> None:
    remake_words(FORMER)
    op.execute("""
        UPDATE building SET code = code || ' (' || id || ')'
        WHERE retired_at IS NOT NULL AND EXISTS (
            SELECT FROM building AS other
            WHERE other.place_id = building.place_id AND other.code = building.code
                AND other.id <> building.id
        )
    """)
    op.drop_index("building_code_index", "building")
    op.create_unique_constraint(CONSTRAINT, "building", ["place_id", "code"])


def remake_words(joined: str) -> None:
    op.drop_index("building_words_index", "building")
    op.drop_column("building", "words")
    computed = sa.Computed(WORDS.format(joined=joined), persisted=True)
    op.add_column("building", sa.Column("words", sa.Text(), computed, nullable=False))
    op.create_index(
        "building_words_index",
        "building",
        ["words"],
        postgresql_using="gin",
        postgresql_ops={"words": "gin_trgm_ops"},
    )
