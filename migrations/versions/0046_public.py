"""What anybody may read: grids in force with who answers for them, offices, services, notices.

Why: a page without signing in, screens in lobbies and other software read grids and duties as the public
role, which knows no staff table. Two views, owned by the owner, tell it what regulation wants displayed: the
grid in force where several plans reach over the same ground, and names and office phones of those who answer
for it. `office` holds what is shown of the office behind a grid.
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

WORDS = ("hours_zh", "hours_en", "address_zh", "address_en")
PUBLIC_COLUMNS = {
    "building": "words, floors",
    "compound": "id, place_id, code, name, name_pinyin, name_initials, kind, address, geometry",
    "ground_version": "place_id, version",
    "service": "id, code, name_en, name_zh, office, active",
    "notice": "id, place_id, grid_code, title_zh, text_zh, title_en, text_en, from_on, until_on",
    "hazard_kind": "code, name_en, name_zh, by_public, retired_at, position",
    "office": f"place_id, phone, supervision_phone, {', '.join(WORDS)}, changed_at",
}
# Of plans upon the same ground the one of the smallest place holds.
PUBLIC_GRID = """
    CREATE VIEW public_grid AS
    SELECT grid.id, grid.plan_id, grid.community_id, grid.code, grid.name, grid.kind, grid.outline,
        grid.label, plan.name AS plan_name, plan.version AS plan_version, plan.published_at,
        community.path AS community_path
    FROM grid
    JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place AS planned ON planned.id = plan.place_id
    JOIN place AS community ON community.id = grid.community_id
    WHERE NOT EXISTS (
        SELECT FROM plan AS finer JOIN place AS smaller ON smaller.id = finer.place_id
        WHERE finer.state = 'published' AND smaller.id <> planned.id
            AND smaller.path <@ planned.path AND community.path <@ smaller.path
    )
"""
# `during` ends when somebody else takes over; who is no more at work is named no more.
PUBLIC_DUTY = """
    CREATE VIEW public_duty AS
    SELECT duty.id, duty.grid_id, duty.kind, coalesce(person.work_name, person.name) AS work_name,
        person.office_phone AS work_phone, duty.during
    FROM duty
    JOIN person ON person.id = duty.person_id AND person.active
    JOIN public_grid ON public_grid.id = duty.grid_id
"""


def upgrade() -> None:
    op.add_column(
        "person",
        sa.Column(
            "work_name",
            sa.Text(),
            nullable=True,
            comment="as the public reads it, where it is not the name",
        ),
    )
    op.create_check_constraint(op.f("person_work_name_given"), "person", "work_name <> ''")
    op.create_table(
        "office",
        sa.Column("place_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "supervision_phone",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="who hears complaints about the work",
        ),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in WORDS),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("office_changed_by_person")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("office_place_id_place")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("office_key")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE ON office TO gridkeeper_app")
    for table, columns in PUBLIC_COLUMNS.items():
        op.execute(f"GRANT SELECT ({columns}) ON {table} TO gridkeeper_public")
    for view in (PUBLIC_GRID, PUBLIC_DUTY):
        op.execute(view)
    op.execute("GRANT SELECT ON public_grid, public_duty TO gridkeeper_app, gridkeeper_public")


def downgrade() -> None:
    op.execute("DROP VIEW public_duty, public_grid")
    for table, columns in PUBLIC_COLUMNS.items():
        op.execute(f"REVOKE SELECT ({columns}) ON {table} FROM gridkeeper_public")
    op.drop_table("office")
    op.drop_column("person", "work_name")
