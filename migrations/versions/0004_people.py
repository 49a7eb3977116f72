"""Staff, and what they may do where.

Why: a plan and every change of it name who made them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_pinyin", sa.Text(), nullable=True),
        sa.Column("office_phone", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column(
            "session_key",
            sa.Text(),
            server_default=sa.text("gen_random_uuid()::text"),
            nullable=False,
            comment="a new one ends every session",
        ),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "account <> '' AND account = lower(account)", name=op.f("person_account_lower_case")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("person_name_given")),
        sa.CheckConstraint("starts_with(password_hash, '$argon2id$')", name=op.f("person_password_hashed")),
        sa.PrimaryKeyConstraint("id", name=op.f("person_key")),
        sa.UniqueConstraint("account", name=op.f("person_account_unique")),
        sa.UniqueConstraint("session_key", name=op.f("person_session_key_unique")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('manager', 'coordinator', 'leader', 'administrator')", name=op.f("role_kind_known")
        ),
        sa.CheckConstraint("place_id IS NOT NULL OR kind = 'administrator'", name=op.f("role_place_given")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("role_person_id_person")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("role_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("role_key")),
        sa.UniqueConstraint(
            "person_id",
            "kind",
            "place_id",
            name=op.f("role_person_id_kind_place_id_unique"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("role_place_id_index", "role", ["place_id"], unique=False)


def downgrade() -> None:
    for table in ("role", "person"):
        op.drop_table(table)
