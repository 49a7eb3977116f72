"""Notes about a building, for who calls there next.

Why: that the east stair is locked after eight or that the dog is chained is known to who walks and lost when
they go. A note is about the site, never about who lives there; one that holds no more is struck, not changed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site_note",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False, comment="about the site, of nobody"),
        sa.Column("written_by", sa.BigInteger(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("struck_by", sa.BigInteger(), nullable=True),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("char_length(words) BETWEEN 1 AND 300", name=op.f("site_note_words_sized")),
        sa.CheckConstraint(
            "(struck_at IS NULL) = (struck_by IS NULL)", name=op.f("site_note_struck_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("site_note_building_id_building")
        ),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("site_note_written_by_person")),
        sa.ForeignKeyConstraint(["struck_by"], ["person.id"], name=op.f("site_note_struck_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("site_note_key")),
    )
    op.create_index(
        "site_note_building_id_index",
        "site_note",
        ["building_id"],
        postgresql_where=sa.text("struck_at IS NULL"),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON site_note TO gridkeeper_app")


def downgrade() -> None:
    op.drop_table("site_note")
