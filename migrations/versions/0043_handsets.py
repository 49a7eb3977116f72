"""Phones that keep entries while there is no signal, and what has come from them.

Why: an entry is sent again until its answer is heard, over ways that double, reorder and lose. Its id, number
and hash are kept with the answer. Only while entries before it are missing does its body lie here, seen by
nobody but its sender: a policy of the database looks at `gridkeeper.sender`, which the app sets for one
transaction.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "handset",
        sa.Column("id", sa.Uuid(), nullable=False, comment="made on the phone"),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("public_key", postgresql.JSONB(), nullable=False, comment="a JWK on P-256"),
        sa.Column("private_key", sa.LargeBinary(), nullable=False, comment="wrapped by AES-GCM"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "next_number",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="of the entry that is to be settled next",
        ),
        sa.Column(
            "unsent", sa.Integer(), server_default="0", nullable=False, comment="as the phone last said"
        ),
        sa.Column("wipe_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wipe_asked_by", sa.BigInteger(), nullable=True),
        sa.Column("wiped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wiped_unsent", sa.Integer(), nullable=True, comment="entries that were lost with it"),
        sa.CheckConstraint("next_number > 0", name=op.f("handset_numbers_counted")),
        sa.CheckConstraint(
            "unsent >= 0 AND (wiped_unsent IS NULL OR wiped_unsent >= 0)", name=op.f("handset_unsent_counted")
        ),
        sa.CheckConstraint("octet_length(private_key) BETWEEN 32 AND 1000", name=op.f("handset_key_sized")),
        sa.CheckConstraint(
            "(wipe_asked_at IS NULL) = (wipe_asked_by IS NULL)", name=op.f("handset_wipe_asked_by_somebody")
        ),
        sa.CheckConstraint(
            "(wiped_at IS NULL) = (wiped_unsent IS NULL)", name=op.f("handset_wiped_and_counted")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("handset_person_id_person")),
        sa.ForeignKeyConstraint(["wipe_asked_by"], ["person.id"], name=op.f("handset_wipe_asked_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("handset_key")),
    )
    op.create_index("handset_person_id_index", "handset", ["person_id"])
    op.create_table(
        "sent",
        sa.Column("client_id", sa.Uuid(), nullable=False, comment="made on the phone: kept once"),
        sa.Column("handset_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="its place among the phone's entries"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of number, kind and body"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True, comment="JSON; gone as soon as it is settled"),
        sa.Column("answer", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('visit', 'arrival', 'hazard', 'photo', 'dropped')", name=op.f("sent_kind_known")
        ),
        sa.CheckConstraint("state IN ('waiting', 'done', 'refused')", name=op.f("sent_state_known")),
        sa.CheckConstraint("number > 0", name=op.f("sent_number_counted")),
        sa.CheckConstraint("octet_length(hash) = 32", name=op.f("sent_hash_whole")),
        sa.CheckConstraint("(state = 'waiting') = (body IS NOT NULL)", name=op.f("sent_body_while_waiting")),
        sa.CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name=op.f("sent_settled_when")),
        sa.ForeignKeyConstraint(["handset_id"], ["handset.id"], name=op.f("sent_handset_id_handset")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("sent_person_id_person")),
        sa.PrimaryKeyConstraint("client_id", name=op.f("sent_key")),
    )
    op.create_index("sent_handset_id_number_unique", "sent", ["handset_id", "number"], unique=True)
    op.create_index(
        "sent_waiting_index", "sent", ["received_at"], postgresql_where=sa.text("state = 'waiting'")
    )
    op.execute("ALTER TABLE sent ENABLE ROW LEVEL SECURITY")
    own = "person_id = nullif(current_setting('gridkeeper.sender', true), '')::bigint"
    op.execute(f"CREATE POLICY of_sender ON sent TO gridkeeper_app USING ({own}) WITH CHECK ({own})")
    op.execute("GRANT SELECT, INSERT, UPDATE ON handset TO gridkeeper_app")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON sent TO gridkeeper_app")


def downgrade() -> None:
    op.drop_table("sent")
    op.drop_table("handset")
