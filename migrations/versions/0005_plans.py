"""Plans, grids, edits and duties.

Why: the key of grid_plot puts no plot into two grids; its foreign keys keep plan, version, plot, grid
and community together; an exclusion constraint lets one primary answer for a grid at any moment.
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def sound(table: str, column: str, widest_degrees: float | None = None) -> sa.CheckConstraint:
    """Valid, not empty, in the range of lon/lat, and no wider than such a thing can be."""
    said = (
        f"ST_IsValid({column}) AND NOT ST_IsEmpty({column})"
        f" AND ST_XMin({column}) >= -180 AND ST_XMax({column}) <= 180"
        f" AND ST_YMin({column}) >= -90 AND ST_YMax({column}) <= 90"
    )
    if widest_degrees is not None:
        said += (
            f" AND ST_XMax({column}) - ST_XMin({column}) <= {widest_degrees}"
            f" AND ST_YMax({column}) - ST_YMin({column}) <= {widest_degrees}"
        )
    return sa.CheckConstraint(said, name=op.f(f"{table}_{column}_sound"))


def upgrade() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("tessellation_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("target", sa.Integer(), nullable=False, comment="households wanted per grid"),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'retired') = (retired_at IS NOT NULL)", name=op.f("plan_retired_when")),
        sa.CheckConstraint("state <> 'draft' OR published_at IS NULL", name=op.f("plan_draft_unpublished")),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL", name=op.f("plan_published_when")
        ),
        sa.CheckConstraint("state IN ('draft', 'published', 'retired')", name=op.f("plan_state_known")),
        sa.CheckConstraint(
            "0 < least AND least <= target AND target <= most", name=op.f("plan_band_ordered")
        ),
        sa.CheckConstraint("version >= 0", name=op.f("plan_version_counted")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("plan_made_by_person")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("plan_place_id_place")),
        sa.ForeignKeyConstraint(
            ["tessellation_id", "place_id"],
            ["tessellation.id", "tessellation.place_id"],
            name=op.f("plan_tessellation_id_place_id_tessellation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("plan_key")),
        sa.UniqueConstraint("id", "tessellation_id", name=op.f("plan_id_tessellation_id_unique")),
    )
    op.create_index(
        "plan_in_force_index",
        "plan",
        ["place_id"],
        unique=True,
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_index("plan_place_id_index", "plan", ["place_id"], unique=False)
    op.create_index("plan_tessellation_id_index", "plan", ["tessellation_id"], unique=False)
    op.create_table(
        "grid",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("outline", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("buildings", sa.Integer(), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True, comment="code of the reason for being out of band"),
        sa.Column(
            "measures",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.CheckConstraint("code ~ '^[0-9]{1,15}$'", name=op.f("grid_code_digits")),
        sa.CheckConstraint("jsonb_typeof(measures) = 'object'", name=op.f("grid_measures_named")),
        sound("grid", "outline", 1),
        sa.CheckConstraint("area_m2 > 0", name=op.f("grid_area_measured")),
        sa.CheckConstraint("buildings >= 0", name=op.f("grid_buildings_counted")),
        sa.CheckConstraint("households >= 0", name=op.f("grid_households_counted")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("grid_community_id_place")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("grid_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("grid_key")),
        sa.UniqueConstraint(
            "id", "plan_id", "community_id", name=op.f("grid_id_plan_id_community_id_unique")
        ),
        sa.UniqueConstraint("plan_id", "code", name=op.f("grid_plan_id_code_unique")),
    )
    op.create_index("grid_community_id_index", "grid", ["community_id"], unique=False)
    op.create_index("grid_outline_index", "grid", ["outline"], unique=False, postgresql_using="gist")
    op.create_table(
        "grid_plot",
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("grid_id", sa.BigInteger(), nullable=False),
        sa.Column("tessellation_id", sa.BigInteger(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["grid_id", "plan_id", "community_id"],
            ["grid.id", "grid.plan_id", "grid.community_id"],
            name=op.f("grid_plot_grid_id_plan_id_community_id_grid"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id", "tessellation_id"],
            ["plan.id", "plan.tessellation_id"],
            name=op.f("grid_plot_plan_id_tessellation_id_plan"),
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["plot_id", "community_id"],
            ["plot.id", "plot.community_id"],
            name=op.f("grid_plot_plot_id_community_id_plot"),
        ),
        sa.ForeignKeyConstraint(
            ["tessellation_id", "plot_id"],
            ["tessellation_plot.tessellation_id", "tessellation_plot.plot_id"],
            name=op.f("grid_plot_tessellation_id_plot_id_tessellation_plot"),
        ),
        sa.PrimaryKeyConstraint("plan_id", "plot_id", name=op.f("grid_plot_key")),
    )
    op.create_index("grid_plot_grid_id_index", "grid_plot", ["grid_id"], unique=False)
    op.create_index("grid_plot_plot_index", "grid_plot", ["tessellation_id", "plot_id"], unique=False)
    op.create_table(
        "edit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("moves", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "parameters",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
            comment="of a split: target, tolerance, seed",
        ),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("jsonb_typeof(moves) = 'object'", name=op.f("edit_moves_by_plot")),
        sa.CheckConstraint("jsonb_typeof(parameters) = 'object'", name=op.f("edit_parameters_named")),
        sa.CheckConstraint(
            "kind IN ('split', 'rebalance', 'move', 'merge', 'divide', 'undo', 'import')",
            name=op.f("edit_kind_known"),
        ),
        sa.CheckConstraint(
            "version >= 1 AND base_version >= 0 AND base_version < version", name=op.f("edit_version_counted")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("edit_made_by_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("edit_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("edit_key")),
        sa.UniqueConstraint("plan_id", "version", name=op.f("edit_plan_id_version_unique")),
    )
    op.create_table(
        "duty",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("grid_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("grid_id"), "="),
            (sa.column("during"), "&&"),
            where=sa.text("kind = 'primary'"),
            using="gist",
            name="duty_one_primary",
        ),
        sa.CheckConstraint("kind IN ('primary', 'deputy')", name=op.f("duty_kind_known")),
        sa.CheckConstraint("NOT isempty(during) AND NOT lower_inf(during)", name=op.f("duty_during_begins")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("duty_grid_id_grid")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("duty_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("duty_key")),
    )
    op.create_index("duty_grid_id_index", "duty", ["grid_id"], unique=False)
    op.create_index("duty_person_id_index", "duty", ["person_id"], unique=False)


def downgrade() -> None:
    for table in ("duty", "edit", "grid_plot", "grid", "plan"):
        op.drop_table(table)
