"""What residents ask for, the codes they come in with, tombstones of what was removed, and second factors.

Why: a resident reads what is held about the household with a code handed out at the door, and asks to have it
corrected, removed or copied; each request has a day by which it is answered. What the retention removes
leaves a row that says which row it was and by which rule, and nothing of what it said. Managers and
administrators sign in with a second factor whose secret is made of the salt kept here and of a key that
is not in the database.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

SUBJECT = "household_id = nullif(current_setting('gridkeeper.household', true), '')::bigint"
# Besides who serves the household: who knows the code, or the token that it was changed for.
KNOWN = (
    f"{SUBJECT} OR encode(code_hash, 'hex') = nullif(current_setting('gridkeeper.code', true), '')"
    " OR encode(token_hash, 'hex') = nullif(current_setting('gridkeeper.code', true), '')"
)
RIGHTS = {
    "SELECT, INSERT, UPDATE, DELETE": ("subject_request", "own_code", "second_factor", "recovery_code"),
    "SELECT, INSERT": ("tombstone",),
    "DELETE": ("sign_in",),
}
COUNTED = ("subject_request", "own_code", "tombstone", "recovery_code")


def upgrade() -> None:
    _requests()
    _codes()
    _tombstones()
    _second_factors()
    for rights, tables in RIGHTS.items():
        op.execute(f"GRANT {rights} ON {', '.join(tables)} TO gridkeeper_app")
    op.execute(
        f"GRANT USAGE ON SEQUENCE {', '.join(f'{table}_id_seq' for table in COUNTED)} TO gridkeeper_app"
    )
    for table, seen in (("subject_request", SUBJECT), ("own_code", KNOWN)):
        op.execute(
            sa.text("SELECT guard_registers(CAST(:table AS regclass), :seen)").bindparams(
                table=table, seen=seen
            )
        )


def _of_household(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["household_id", "building_id", "community_id"],
        ["household.id", "household.building_id", "household.community_id"],
        name=f"{table}_household",
        onupdate="CASCADE",
    )


def _seated(table: str) -> None:
    for column in ("building_id", "community_id", "household_id"):
        op.create_index(f"{table}_{column}_index", table, [column], unique=False)


def _requests() -> None:
    op.create_table(
        "subject_request",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=True, comment="none once all of it was removed"),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False, comment="of the resident"),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind IN ('correct', 'object', 'delete', 'copy')", name=op.f("subject_request_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'granted', 'refused')", name=op.f("subject_request_state_known")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)", name=op.f("subject_request_answered_when")
        ),
        sa.CheckConstraint("state <> 'refused' OR answer <> ''", name=op.f("subject_request_refused_why")),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("subject_request_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["place.id"], name=op.f("subject_request_community_id_place")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("subject_request_answered_by_person")
        ),
        _of_household("subject_request"),
        sa.PrimaryKeyConstraint("id", name=op.f("subject_request_key")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="subject_request_seat_unique"),
    )
    _seated("subject_request")
    op.create_index(
        "subject_request_due_on_index",
        "subject_request",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )


def _codes() -> None:
    op.create_table(
        "own_code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(used_at IS NULL) = (token_hash IS NULL)", name=op.f("own_code_used_for_a_token")
        ),
        sa.CheckConstraint(
            "(token_hash IS NULL) = (open_until IS NULL)", name=op.f("own_code_open_for_a_while")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("own_code_made_by_person")),
        _of_household("own_code"),
        sa.PrimaryKeyConstraint("id", name=op.f("own_code_key")),
        sa.UniqueConstraint("code_hash", name=op.f("own_code_code_hash_unique")),
        sa.UniqueConstraint("token_hash", name=op.f("own_code_token_hash_unique")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="own_code_seat_unique"),
    )
    _seated("own_code")


def _tombstones() -> None:
    op.create_table(
        "tombstone",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="name of its table"),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("tombstone_key")),
    )
    op.create_index("tombstone_removed_at_index", "tombstone", ["removed_at"], unique=False)


def _second_factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "confirmed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="by a first code; asked for at every sign-in from then on",
        ),
        sa.Column("last_step", sa.BigInteger(), nullable=True, comment="a code counts once"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("second_factor_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("second_factor_key")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("recovery_code_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("recovery_code_key")),
    )
    op.create_index("recovery_code_person_id_index", "recovery_code", ["person_id"], unique=False)


def downgrade() -> None:
    op.execute("REVOKE DELETE ON sign_in FROM gridkeeper_app")
    for table in ("recovery_code", "second_factor", "tombstone", "own_code", "subject_request"):
        op.drop_table(table)
