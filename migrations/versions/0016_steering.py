"""What a split is steered by: kinds of grids, draft slots, another load than households, locks, micro-grids.

Why: a mall, market, park or building site is a grid of its own kind, left alone by splits and outside the
band. Three drafts (A, B, C) can be looked at side by side. Where a formula is balanced, not households, the
band is in its unit and `grid.load` is what is held against it. A lock names a grid by its code or a building,
so that it outlives plans. Micro-grids are unions of plots of one grid: the foreign key of a plan's rows says
that a plot's micro-grid lies in the plot's grid.
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS = "kind IN ('residential', 'mixed', 'mall', 'market', 'park', 'site')"
EVENTS = {
    "insert": "NEW TABLE AS after_rows",
    "update": "OLD TABLE AS before_rows NEW TABLE AS after_rows",
    "delete": "OLD TABLE AS before_rows",
}


def upgrade() -> None:
    op.add_column("plan", sa.Column("slot", sa.Text(), nullable=True, comment="of a draft: A, B or C"))
    op.add_column(
        "plan",
        sa.Column("weights", sa.Text(), nullable=True, comment="formula balanced instead of households"),
    )
    op.create_check_constraint(op.f("plan_slot_known"), "plan", "slot IN ('A', 'B', 'C')")
    op.create_check_constraint(op.f("plan_weights_given"), "plan", "weights <> ''")
    op.create_index(
        "plan_slot_index",
        "plan",
        ["place_id", "slot"],
        unique=True,
        postgresql_where=sa.text("state = 'draft'"),
    )
    op.add_column("grid", sa.Column("kind", sa.Text(), server_default="residential", nullable=False))
    op.add_column(
        "grid",
        sa.Column("load", sa.Double(), nullable=True, comment="by the plan's formula; null: households"),
    )
    op.create_check_constraint(op.f("grid_kind_known"), "grid", KINDS)
    op.create_check_constraint(op.f("grid_load_counted"), "grid", "load >= 0")
    op.create_unique_constraint(op.f("grid_id_plan_id_unique"), "grid", ["id", "plan_id"])
    op.execute("GRANT SELECT (kind) ON grid TO gridkeeper_public")
    _locks()
    _micro_grids()


def _locks() -> None:
    op.create_table(
        "lock",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("grid_code", sa.Text(), nullable=True),
        sa.Column("building_id", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("num_nonnulls(grid_code, building_id) = 1", name=op.f("lock_of_one_thing")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("lock_place_id_place")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("lock_building_id_building")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("lock_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("lock_key")),
        sa.UniqueConstraint("place_id", "grid_code", name=op.f("lock_place_id_grid_code_unique")),
        sa.UniqueConstraint("place_id", "building_id", name=op.f("lock_place_id_building_id_unique")),
    )
    op.create_index("lock_building_id_index", "lock", ["building_id"], unique=False)
    op.execute("GRANT SELECT, INSERT, DELETE ON lock TO gridkeeper_app")


def _micro_grids() -> None:
    op.create_table(
        "micro_grid",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("grid_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outline", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("buildings", sa.Integer(), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("micro_grid_number_counted")),
        sa.CheckConstraint("households >= 0", name=op.f("micro_grid_households_counted")),
        sa.CheckConstraint("buildings >= 0", name=op.f("micro_grid_buildings_counted")),
        sa.CheckConstraint("area_m2 > 0", name=op.f("micro_grid_area_measured")),
        sa.CheckConstraint(
            "ST_IsValid(outline) AND NOT ST_IsEmpty(outline)"
            " AND ST_XMin(outline) >= -180 AND ST_XMax(outline) <= 180"
            " AND ST_YMin(outline) >= -90 AND ST_YMax(outline) <= 90"
            " AND ST_XMax(outline) - ST_XMin(outline) <= 1"
            " AND ST_YMax(outline) - ST_YMin(outline) <= 1",
            name=op.f("micro_grid_outline_sound"),
        ),
        sa.ForeignKeyConstraint(
            ["grid_id", "plan_id"],
            ["grid.id", "grid.plan_id"],
            name=op.f("micro_grid_grid_id_plan_id_grid"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("micro_grid_key")),
        sa.UniqueConstraint("grid_id", "number", name=op.f("micro_grid_grid_id_number_unique")),
        sa.UniqueConstraint("id", "grid_id", name=op.f("micro_grid_id_grid_id_unique")),
    )
    op.create_index("micro_grid_plan_id_index", "micro_grid", ["plan_id"], unique=False)
    op.create_index("micro_grid_outline_index", "micro_grid", ["outline"], postgresql_using="gist")
    op.add_column("grid_plot", sa.Column("micro_grid_id", sa.BigInteger(), nullable=True))
    op.create_index("grid_plot_micro_grid_id_index", "grid_plot", ["micro_grid_id"])
    op.create_foreign_key(
        op.f("grid_plot_micro_grid_id_grid_id_micro_grid"),
        "grid_plot",
        "micro_grid",
        ["micro_grid_id", "grid_id"],
        ["id", "grid_id"],
        ondelete="SET NULL (micro_grid_id)",
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON micro_grid TO gridkeeper_app")
    for event, rows in EVENTS.items():
        op.execute(
            f"CREATE TRIGGER micro_grid_is_frozen_{event} AFTER {event} ON micro_grid REFERENCING {rows} "
            "FOR EACH STATEMENT EXECUTE FUNCTION part_of_plan_is_frozen()"
        )


def downgrade() -> None:
    op.drop_constraint(op.f("grid_plot_micro_grid_id_grid_id_micro_grid"), "grid_plot")
    op.drop_column("grid_plot", "micro_grid_id")
    op.drop_table("micro_grid")
    op.drop_table("lock")
    op.drop_constraint(op.f("grid_id_plan_id_unique"), "grid")
    op.execute("REVOKE SELECT (kind) ON grid FROM gridkeeper_public")
    for column in ("load", "kind"):
        op.drop_column("grid", column)
    for column in ("weights", "slot"):
        op.drop_column("plan", column)
