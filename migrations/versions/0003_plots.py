"""Plots, their versions, and who touches whom.

Why: a plan moves plots. A plot's ground is stored once; a version lists the plots it consists of, so that
unchanged plots are carried over by id, and cutting one meadow does not copy a district.
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0003"
down_revision = "0002"
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
        "tessellation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("version >= 1", name=op.f("tessellation_version_counted")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("tessellation_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("tessellation_key")),
        sa.UniqueConstraint("id", "place_id", name=op.f("tessellation_id_place_id_unique")),
        sa.UniqueConstraint("place_id", "version", name=op.f("tessellation_place_id_version_unique")),
    )
    op.create_table(
        "plot",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("geometry", Geometry("POLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.Column("area_m2", sa.Double(), nullable=False),
        sa.Column("perimeter_m", sa.Double(), nullable=False),
        sound("plot", "geometry", 1),
        sa.CheckConstraint("area_m2 > 0", name=op.f("plot_area_measured")),
        sa.CheckConstraint("perimeter_m > 0", name=op.f("plot_perimeter_measured")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("plot_community_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("plot_key")),
        sa.UniqueConstraint("id", "community_id", name=op.f("plot_id_community_id_unique")),
    )
    op.create_index("plot_geometry_index", "plot", ["geometry"], unique=False, postgresql_using="gist")
    op.create_table(
        "tessellation_plot",
        sa.Column("tessellation_id", sa.BigInteger(), nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("buildings", sa.Integer(), nullable=False),
        sa.CheckConstraint("buildings >= 0", name=op.f("tessellation_plot_buildings_counted")),
        sa.CheckConstraint("households >= 0", name=op.f("tessellation_plot_households_counted")),
        sa.ForeignKeyConstraint(["plot_id"], ["plot.id"], name=op.f("tessellation_plot_plot_id_plot")),
        sa.ForeignKeyConstraint(
            ["tessellation_id"],
            ["tessellation.id"],
            name=op.f("tessellation_plot_tessellation_id_tessellation"),
        ),
        sa.PrimaryKeyConstraint("tessellation_id", "plot_id", name=op.f("tessellation_plot_key")),
    )
    op.create_index("tessellation_plot_plot_id_index", "tessellation_plot", ["plot_id"], unique=False)
    op.create_table(
        "plot_edge",
        sa.Column("tessellation_id", sa.BigInteger(), nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("neighbour_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("metres", sa.Double(), nullable=False),
        sa.Column("wall", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('inside block', 'administrative', 'compound', "
            "'local', 'secondary', 'arterial', 'river', 'rail')",
            name=op.f("plot_edge_kind_known"),
        ),
        sa.CheckConstraint("metres > 0", name=op.f("plot_edge_metres_measured")),
        sa.CheckConstraint("plot_id < neighbour_id", name=op.f("plot_edge_pair_once")),
        sa.ForeignKeyConstraint(
            ["tessellation_id", "neighbour_id"],
            ["tessellation_plot.tessellation_id", "tessellation_plot.plot_id"],
            name=op.f("plot_edge_tessellation_id_neighbour_id_tessellation_plot"),
        ),
        sa.ForeignKeyConstraint(
            ["tessellation_id", "plot_id"],
            ["tessellation_plot.tessellation_id", "tessellation_plot.plot_id"],
            name=op.f("plot_edge_tessellation_id_plot_id_tessellation_plot"),
        ),
        sa.PrimaryKeyConstraint(
            "tessellation_id", "plot_id", "neighbour_id", "kind", name=op.f("plot_edge_key")
        ),
    )
    op.create_index(
        "plot_edge_neighbour_index", "plot_edge", ["tessellation_id", "neighbour_id"], unique=False
    )


def downgrade() -> None:
    for table in ("plot_edge", "tessellation_plot", "plot", "tessellation"):
        op.drop_table(table)
