"""Sessions, attempts to sign in, and the audit of what was done.

Why: a session that the server keeps can be ended by the server, one or all of them; attempts are counted
where every process sees them; and who changed whose rights must be known later. Audit rows are appended only,
by the app's rights. Of accounts tried and addresses only keyed hashes are kept: people type passwords
into the wrong field.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

APP_RIGHTS = {
    "SELECT, INSERT": "audit",
    "SELECT, INSERT, UPDATE": "sign_in",
    "SELECT, INSERT, UPDATE, DELETE": "sign_in_attempt",
}


def upgrade() -> None:
    op.add_column(
        "person",
        sa.Column(
            "password_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="given by someone else: good until then, and only to choose an own one",
        ),
    )
    op.add_column(
        "role",
        sa.Column("until", sa.Date(), nullable=True, comment="the last day it holds; none: until revoked"),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("session_key", sa.Text(), nullable=False, comment="of the person when it began"),
        sa.Column("client", sa.Text(), nullable=False, comment="keyed hash of the address"),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("sign_in_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_in_key")),
        sa.UniqueConstraint("token_hash", name=op.f("sign_in_token_hash_unique")),
    )
    op.create_index("sign_in_person_id_index", "sign_in", ["person_id"], unique=False)
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account", sa.Text(), nullable=False, comment="keyed hash of what was typed"),
        sa.Column("client", sa.Text(), nullable=False, comment="keyed hash of the address"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_in_attempt_key")),
    )
    op.create_index("sign_in_attempt_account_at_index", "sign_in_attempt", ["account", "at"], unique=False)
    op.create_index("sign_in_attempt_client_at_index", "sign_in_attempt", ["client", "at"], unique=False)
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True, comment="none: the command line"),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False, comment="kind and key, as in `person 7`"),
        sa.Column(
            "facts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.CheckConstraint("jsonb_typeof(facts) = 'object'", name=op.f("audit_facts_named")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("audit_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_key")),
    )
    op.create_index("audit_about_index", "audit", ["about"], unique=False)
    op.create_index("audit_person_id_index", "audit", ["person_id"], unique=False)
    for rights, tables in APP_RIGHTS.items():
        op.execute(f"GRANT {rights} ON {tables} TO gridkeeper_app")
    op.execute(
        "GRANT USAGE ON SEQUENCE sign_in_id_seq, sign_in_attempt_id_seq, audit_id_seq TO gridkeeper_app"
    )


def downgrade() -> None:
    for table in ("audit", "sign_in_attempt", "sign_in"):
        op.drop_table(table)
    op.drop_column("role", "until")
    op.drop_column("person", "password_until")
