"""Places, buildings, compounds and the base map.

Why: what a city brings. The tree of places is its ltree paths, so a scope is one operator; every geometry
column says what is sound, because a bare one stores NaN, bow-ties and empties without complaint.
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.types import UserDefinedType

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


class Ltree(UserDefinedType[str]):
    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "LTREE"


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
        "place",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_pinyin", sa.Text(), nullable=True),
        sa.Column("path", Ltree(), nullable=False),
        sa.Column(
            "parent_path",
            Ltree(),
            sa.Computed("CASE WHEN nlevel(path) > 1 THEN subpath(path, 0, -1) END", persisted=True),
            nullable=True,
        ),
        sa.Column(
            "srid",
            sa.Integer(),
            nullable=False,
            comment="EPSG code of the projected CRS its metres are computed in",
        ),
        sa.Column("outline", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.CheckConstraint("code ~ '^[0-9]+$'", name=op.f("place_code_digits")),
        sa.CheckConstraint(
            "length(code) = CASE level WHEN 'district' THEN 6 WHEN 'subdistrict' THEN 9 ELSE 12 END",
            name=op.f("place_code_length"),
        ),
        sa.CheckConstraint(
            "level IN ('district', 'subdistrict', 'community')", name=op.f("place_level_known")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("place_name_given")),
        sound("place", "outline", 5),
        sa.CheckConstraint("ltree2text(subpath(path, -1)) = code", name=op.f("place_path_ends_in_code")),
        sa.CheckConstraint(
            "nlevel(path) = 1 OR starts_with(code, ltree2text(subpath(path, -2, 1)))",
            name=op.f("place_code_below_parent"),
        ),
        sa.CheckConstraint("srid BETWEEN 1024 AND 999999", name=op.f("place_srid_known")),
        sa.ForeignKeyConstraint(["parent_path"], ["place.path"], name=op.f("place_parent_path_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("place_key")),
        sa.UniqueConstraint("code", name=op.f("place_code_unique")),
        sa.UniqueConstraint("path", name=op.f("place_path_unique")),
    )
    op.create_index("place_outline_index", "place", ["outline"], unique=False, postgresql_using="gist")
    op.create_index("place_parent_path_index", "place", ["parent_path"], unique=False)
    op.create_index("place_path_tree_index", "place", ["path"], unique=False, postgresql_using="gist")
    op.create_table(
        "compound",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False, comment="the place it was imported with"),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("name_pinyin", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("geometry", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.CheckConstraint(
            "kind IN ('rental compound', 'urban village', 'estate', 'work-unit compound', 'industrial park')",
            name=op.f("compound_kind_known"),
        ),
        sound("compound", "geometry", 0.2),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("compound_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("compound_key")),
        sa.UniqueConstraint("place_id", "code", name=op.f("compound_place_id_code_unique")),
    )
    op.create_index(
        "compound_geometry_index", "compound", ["geometry"], unique=False, postgresql_using="gist"
    )
    op.create_table(
        "building",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False, comment="the place it was imported with"),
        sa.Column(
            "code",
            sa.Text(),
            nullable=False,
            comment="building code as the city writes it: text, never a number",
        ),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("name_pinyin", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("floors", sa.SmallInteger(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("households_source", sa.Text(), nullable=False),
        sa.Column("compound_id", sa.BigInteger(), nullable=True),
        sa.Column("geometry", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        sa.Column("position", Geometry("POINT", srid=4326, spatial_index=False), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("code <> ''", name=op.f("building_code_given")),
        sa.CheckConstraint(
            "households_source IN ('register', 'estimate', 'imported')",
            name=op.f("building_households_source_known"),
        ),
        sa.CheckConstraint("ST_Intersects(position, geometry)", name=op.f("building_position_inside")),
        sound("building", "geometry", 0.05),
        sound("building", "position"),
        sa.CheckConstraint("floors > 0", name=op.f("building_floors_counted")),
        sa.CheckConstraint("households >= 0", name=op.f("building_households_counted")),
        sa.ForeignKeyConstraint(["compound_id"], ["compound.id"], name=op.f("building_compound_id_compound")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("building_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("building_key")),
        sa.UniqueConstraint("place_id", "code", name=op.f("building_place_id_code_unique")),
    )
    op.create_index("building_compound_id_index", "building", ["compound_id"], unique=False)
    op.create_index(
        "building_geometry_index", "building", ["geometry"], unique=False, postgresql_using="gist"
    )
    op.create_index(
        "building_position_index", "building", ["position"], unique=False, postgresql_using="gist"
    )
    op.create_index(
        "building_words_index",
        "building",
        ["code", "name", "address"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"code": "gin_trgm_ops", "name": "gin_trgm_ops", "address": "gin_trgm_ops"},
    )
    op.create_table(
        "street",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("highway", sa.Text(), nullable=True, comment="the source's own tag"),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("name_pinyin", sa.Text(), nullable=True),
        sa.Column("bridge", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("tunnel", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("layer", sa.SmallInteger(), server_default="0", nullable=False, comment="0 on the ground"),
        sa.Column("geometry", Geometry("LINESTRING", srid=4326, spatial_index=False), nullable=False),
        sa.CheckConstraint("kind IN ('local', 'secondary', 'arterial')", name=op.f("street_kind_known")),
        sound("street", "geometry", 1),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("street_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("street_key")),
    )
    op.create_index("street_geometry_index", "street", ["geometry"], unique=False, postgresql_using="gist")
    op.create_index("street_place_id_index", "street", ["place_id"], unique=False)
    op.create_table(
        "water",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("tunnel", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "geometry",
            Geometry(
                srid=4326,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "GeometryType(geometry) IN ('POLYGON', 'MULTIPOLYGON', 'LINESTRING')",
            name=op.f("water_geometry_type"),
        ),
        sound("water", "geometry", 5),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("water_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("water_key")),
    )
    op.create_index("water_geometry_index", "water", ["geometry"], unique=False, postgresql_using="gist")
    op.create_index("water_place_id_index", "water", ["place_id"], unique=False)
    op.create_table(
        "railway",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("bridge", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("tunnel", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("layer", sa.SmallInteger(), server_default="0", nullable=False, comment="0 on the ground"),
        sa.Column("geometry", Geometry("LINESTRING", srid=4326, spatial_index=False), nullable=False),
        sound("railway", "geometry", 1),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("railway_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("railway_key")),
    )
    op.create_index("railway_geometry_index", "railway", ["geometry"], unique=False, postgresql_using="gist")
    op.create_index("railway_place_id_index", "railway", ["place_id"], unique=False)
    op.create_table(
        "green",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("geometry", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=False),
        sound("green", "geometry", 5),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("green_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("green_key")),
    )
    op.create_index("green_geometry_index", "green", ["geometry"], unique=False, postgresql_using="gist")
    op.create_index("green_place_id_index", "green", ["place_id"], unique=False)


def downgrade() -> None:
    for table in ("green", "railway", "water", "street", "building", "compound", "place"):
        op.drop_table(table)
