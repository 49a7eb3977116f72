"""Entrances of large buildings, marks that let them be divided, and versions of plots where they are.

Why: one tower may hold more households than a grid's band has room for. A manager marks such a building; a
split that asks for it gets a version of the plots of its own, in which the building's plot is one for each
entrance. Other plans keep the version where it is whole. The entrances of such a version are kept with it,
as they were: what is known of a building today may change, a plan in force may not.
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

POINT = Geometry("POINT", srid=4326, spatial_index=False)
SOUND = (
    "ST_IsValid(position) AND NOT ST_IsEmpty(position)"
    " AND ST_XMin(position) >= -180 AND ST_XMax(position) <= 180"
    " AND ST_YMin(position) >= -90 AND ST_YMax(position) <= 90"
)


def upgrade() -> None:
    op.add_column(
        "tessellation",
        sa.Column(
            "plain_id", sa.BigInteger(), nullable=True, comment="the version with the same buildings whole"
        ),
    )
    op.create_foreign_key(
        op.f("tessellation_plain_id_place_id_tessellation"),
        "tessellation",
        "tessellation",
        ["plain_id", "place_id"],
        ["id", "place_id"],
    )
    op.create_check_constraint(op.f("tessellation_plain_is_another"), "tessellation", "plain_id <> id")
    op.create_index("tessellation_plain_id_index", "tessellation", ["plain_id"])
    _entrances()
    _plot_entrances()


def _entrances() -> None:
    op.create_table(
        "entrance",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("position", POINT, nullable=False, comment="within the footprint"),
        sa.CheckConstraint("code <> ''", name=op.f("entrance_code_given")),
        sa.CheckConstraint("households >= 0", name=op.f("entrance_households_counted")),
        sa.CheckConstraint(SOUND, name=op.f("entrance_position_sound")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("entrance_building_id_building")),
        sa.PrimaryKeyConstraint("id", name=op.f("entrance_key")),
        sa.UniqueConstraint("building_id", "code", name=op.f("entrance_building_id_code_unique")),
    )
    op.create_index("entrance_position_index", "entrance", ["position"], postgresql_using="gist")
    op.create_table(
        "entrance_mark",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False, comment="the place it was imported with"),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("entrance_mark_place_id_place")),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("entrance_mark_building_id_building")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("entrance_mark_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("entrance_mark_key")),
        sa.UniqueConstraint("building_id", name=op.f("entrance_mark_building_id_unique")),
    )
    op.create_index("entrance_mark_place_id_index", "entrance_mark", ["place_id"])
    for table in ("entrance", "entrance_mark"):
        op.execute(f"GRANT SELECT, INSERT, DELETE ON {table} TO gridkeeper_app")
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO gridkeeper_app")


def _plot_entrances() -> None:
    op.create_table(
        "plot_entrance",
        sa.Column("tessellation_id", sa.BigInteger(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("plot_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("position", POINT, nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("plot_entrance_code_given")),
        sa.CheckConstraint("households >= 0", name=op.f("plot_entrance_households_counted")),
        sa.CheckConstraint(SOUND, name=op.f("plot_entrance_position_sound")),
        sa.ForeignKeyConstraint(
            ["tessellation_id", "plot_id"],
            ["tessellation_plot.tessellation_id", "tessellation_plot.plot_id"],
            name=op.f("plot_entrance_tessellation_id_plot_id_tessellation_plot"),
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("plot_entrance_building_id_building")
        ),
        sa.PrimaryKeyConstraint("tessellation_id", "building_id", "code", name=op.f("plot_entrance_key")),
    )
    op.create_index("plot_entrance_plot_index", "plot_entrance", ["tessellation_id", "plot_id"])
    op.create_index("plot_entrance_position_index", "plot_entrance", ["position"], postgresql_using="gist")
    op.create_index("plot_entrance_building_id_index", "plot_entrance", ["building_id"])
    op.execute("GRANT SELECT, INSERT ON plot_entrance TO gridkeeper_app")


def downgrade() -> None:
    divided = op.get_bind().scalar(sa.text("SELECT count(*) FROM tessellation WHERE plain_id IS NOT NULL"))
    if divided:  # without the column they would pass for versions with all buildings whole
        raise RuntimeError(
            f"{divided} versions of plots have buildings divided by entrance, which revision 0019 does not "
            "know. Restore a backup from before, or remove these versions and their plans first."
        )
    op.drop_table("plot_entrance")
    op.drop_table("entrance_mark")
    op.drop_table("entrance")
    op.drop_index("tessellation_plain_id_index", "tessellation")
    op.drop_constraint(op.f("tessellation_plain_is_another"), "tessellation")
    op.drop_constraint(op.f("tessellation_plain_id_place_id_tessellation"), "tessellation")
    op.drop_column("tessellation", "plain_id")
