"""What it takes to edit a draft by hand, with others, and to go back.

Why: an edit told only which plots moved. To be undone it must also tell which grids it made, gave up, renamed
or renumbered, so that a grid given up comes back as the very row it was. A draft can name the coordinator
planned for a grid; publishing makes it a duty. A browser that heard no answer sends its edit again: the
answer is kept, bound to person and body. Who has a draft open is known as long as it is open, and not
afterwards.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BEFORE = "'split', 'rebalance', 'move', 'merge', 'divide', 'undo', 'import'"
ADDED = "'draw', 'change', 'cut', 'layer', 'restore'"


def upgrade() -> None:
    _kinds(f"{BEFORE}, {ADDED}")
    op.add_column(
        "edit",
        sa.Column(
            "grids",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="{grid: {was, now}}: attributes changed; null: made, or given up, by this edit",
        ),
    )
    op.create_check_constraint(op.f("edit_grids_by_id"), "edit", "jsonb_typeof(grids) = 'object'")
    op.add_column(
        "edit",
        sa.Column(
            "tessellation_id",
            sa.BigInteger(),
            nullable=True,
            comment="version of plots after this edit, where it changed",
        ),
    )
    op.create_foreign_key(
        op.f("edit_tessellation_id_tessellation"), "edit", "tessellation", ["tessellation_id"], ["id"]
    )
    op.create_index("edit_tessellation_id_index", "edit", ["tessellation_id"])
    op.add_column(
        "grid",
        sa.Column(
            "planned_id", sa.BigInteger(), nullable=True, comment="of a draft: who is to be its coordinator"
        ),
    )
    op.create_foreign_key(op.f("grid_planned_id_person"), "grid", "person", ["planned_id"], ["id"])
    op.create_index("grid_planned_id_index", "grid", ["planned_id"])
    _answers()
    _presence()


def _kinds(words: str) -> None:
    op.drop_constraint(op.f("edit_kind_known"), "edit")
    op.create_check_constraint(op.f("edit_kind_known"), "edit", f"kind IN ({words})")


def _answers() -> None:
    op.create_table(
        "answer",
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="chosen by who asks"),
        sa.Column("asked", sa.LargeBinary(), nullable=False, comment="hash of address and body"),
        sa.Column("said", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("key <> '' AND char_length(key) <= 100", name=op.f("answer_key_short")),
        sa.CheckConstraint("octet_length(asked) = 32", name=op.f("answer_asked_whole")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("answer_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("answer_key")),
    )
    op.create_index("answer_made_at_index", "answer", ["made_at"])
    op.execute("GRANT SELECT, INSERT, DELETE ON answer TO gridkeeper_app")


def _presence() -> None:
    op.create_table(
        "presence",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("presence_key")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("presence_plan_id_index", "presence", ["plan_id"])
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON presence TO gridkeeper_app")
    op.execute("GRANT USAGE ON SEQUENCE presence_id_seq TO gridkeeper_app")


def downgrade() -> None:
    newer = op.get_bind().scalar(sa.text(f"SELECT count(*) FROM edit WHERE kind IN ({ADDED})"))
    if newer:  # history is not rewritten
        raise RuntimeError(
            f"{newer} edits are of kinds that revision 0020 does not know. Restore a backup from before."
        )
    op.drop_table("presence")
    op.drop_table("answer")
    op.drop_index("grid_planned_id_index", "grid")
    op.drop_constraint(op.f("grid_planned_id_person"), "grid")
    op.drop_column("grid", "planned_id")
    op.drop_index("edit_tessellation_id_index", "edit")
    op.drop_constraint(op.f("edit_tessellation_id_tessellation"), "edit")
    op.drop_constraint(op.f("edit_grids_by_id"), "edit")
    for column in ("tessellation_id", "grids"):
        op.drop_column("edit", column)
    _kinds(BEFORE)
