"""Birth date and identity number, off unless a rule pack has them: a table of its own.

Why: some exchange files must have them, and nobody else needs them. So they stand beside the resident, not
in its row: the nine fields stay nine, and what was never asked has no column to be filled by mistake. Of a
number a keyed hash and four characters are kept; whole it is only what `pgcrypto` encrypted, with a key that
no table holds. Rows go with their resident.
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

OF_SUBJECT = (
    "EXISTS (SELECT FROM resident WHERE resident.id = resident_id AND household_id = "
    "(SELECT nullif(current_setting('gridkeeper.household', true), '')::bigint AS said))"
)
# What a preview of rules tells: how many births and numbers are kept in the places of who asks.
COUNTS = """
CREATE FUNCTION identities_kept(path ltree, OUT residents bigint, OUT births bigint, OUT numbers bigint,
    OUT whole bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE seen CONSTANT bigint[] := ARRAY(
    SELECT place.id FROM place
    WHERE place.path <@ ANY (scope_paths()) AND ($1 IS NULL OR place.path <@ $1)
);
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    SELECT coalesce(sum(household.residents), 0) INTO residents FROM household
    WHERE ended_on IS NULL AND community_id = ANY (seen);
    SELECT count(born_on), count(number_hash), count(number_sealed) INTO births, numbers, whole FROM identity
    WHERE community_id = ANY (seen);
    PERFORM set_config('gridkeeper.keeping', '', true);
END $$;
REVOKE ALL ON FUNCTION identities_kept(ltree) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION identities_kept(ltree) TO gridkeeper_app;
"""


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pgcrypto")
    op.create_table(
        "identity",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("number_hash", sa.LargeBinary(), nullable=True, comment="keyed; to know one again"),
        sa.Column("number_tail", sa.Text(), nullable=True, comment="its last four characters"),
        sa.Column(
            "number_sealed",
            sa.LargeBinary(),
            nullable=True,
            comment="the whole number, encrypted; where the exchange file must have it",
        ),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("num_nonnulls(born_on, number_hash) > 0", name=op.f("identity_something_kept")),
        sa.CheckConstraint(
            "(number_hash IS NULL) = (number_tail IS NULL)", name=op.f("identity_hash_and_tail")
        ),
        sa.CheckConstraint(
            "number_sealed IS NULL OR number_hash IS NOT NULL", name=op.f("identity_sealed_is_hashed")
        ),
        sa.CheckConstraint("octet_length(number_hash) = 32", name=op.f("identity_hash_whole")),
        sa.CheckConstraint("number_tail ~ '^[0-9]{3}[0-9X]$'", name=op.f("identity_tail_of_four")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("identity_entered_by_person")),
        sa.ForeignKeyConstraint(
            ["resident_id", "building_id", "community_id"],
            ["resident.id", "resident.building_id", "resident.community_id"],
            name="identity_resident",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("identity_key")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="identity_seat_unique"),
        sa.UniqueConstraint("resident_id", name=op.f("identity_resident_id_unique")),
    )
    op.create_index("identity_building_id_index", "identity", ["building_id"], unique=False)
    op.create_index("identity_community_id_index", "identity", ["community_id"], unique=False)
    op.create_index("identity_number_hash_index", "identity", ["number_hash"], unique=False)
    op.execute(
        sa.text("SELECT guard_registers(CAST('identity' AS regclass), :seen)").bindparams(seen=OF_SUBJECT)
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON identity TO gridkeeper_app")
    op.execute("GRANT USAGE ON SEQUENCE identity_id_seq TO gridkeeper_app")
    op.execute(COUNTS)


def downgrade() -> None:
    op.execute("DROP FUNCTION identities_kept(ltree)")
    op.drop_table(
        "identity"
    )  # the extension stays: other software may use it, and it may not be ours to drop
