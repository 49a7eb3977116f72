"""What the map needs: label points, Latin names of water and green, a count of changes, drawn tiles.

Why: a tile may be kept as long as what it draws has not changed. A plan counts its edits; the ground does
not, and is written by imports, by hand and by whatever comes, so triggers count for it: a statement that
writes ground raises the version of the place it belongs to. Drawn tiles are kept where all processes
find them, unlogged, for they can be drawn again. A grid's label point stands in the row, so that no tile
and no list works it out anew.
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LABEL = (
    "CASE WHEN jsonb_typeof(measures -> 'label') = 'array' "
    "AND ST_Intersects(outline, ST_SetSRID(ST_MakePoint("
    "(measures -> 'label' ->> 0)::float8, (measures -> 'label' ->> 1)::float8), 4326)) "
    "THEN ST_SetSRID(ST_MakePoint("
    "(measures -> 'label' ->> 0)::float8, (measures -> 'label' ->> 1)::float8), 4326) "
    "ELSE ST_PointOnSurface(outline) END"
)
GROUND = ("building", "compound", "street", "water", "railway", "green")

# An event with its rows; PostgreSQL allows one event for a trigger that sees them.
EVENTS = {
    "insert": "NEW TABLE AS after_rows",
    "update": "OLD TABLE AS before_rows NEW TABLE AS after_rows",
    "delete": "OLD TABLE AS before_rows",
}

# Rows are taken in one order, or two imports could wait for each other.
COUNT = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
DECLARE changed bigint[];
BEGIN
    IF TG_OP = 'INSERT' THEN
        changed := ARRAY(SELECT DISTINCT {column} FROM after_rows);
    ELSIF TG_OP = 'DELETE' THEN
        changed := ARRAY(SELECT DISTINCT {column} FROM before_rows);
    ELSE
        changed := ARRAY(SELECT {column} FROM before_rows UNION SELECT {column} FROM after_rows);
    END IF;
    INSERT INTO ground_version AS known (place_id, version)
    SELECT place.id, 1 FROM place WHERE id = ANY (changed) ORDER BY id
    ON CONFLICT (place_id) DO UPDATE SET version = known.version + 1;
    RETURN NULL;
END $body$
"""
FUNCTIONS = {"ground_is_written": "place_id", "place_is_written": "id"}


def upgrade() -> None:
    op.create_table(
        "ground_version",
        sa.Column("place_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ground_version_version_counted")),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("ground_version_place_id_place"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("place_id", name=op.f("ground_version_key")),
    )
    op.create_table(
        "tile",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "about", sa.BigInteger(), autoincrement=False, nullable=False, comment="id of the place or plan"
        ),
        sa.Column("seen_by", sa.Text(), nullable=False, comment="digest of the scope drawn for"),
        sa.Column("z", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("x", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("y", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Text(), nullable=False, comment="of what is drawn, and of how"),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="gzip; empty where nothing is drawn"),
        sa.Column("drawn_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("source IN ('ground', 'plan')", name=op.f("tile_source_known")),
        sa.PrimaryKeyConstraint("source", "about", "seen_by", "z", "x", "y", name=op.f("tile_key")),
        prefixes=["UNLOGGED"],
    )
    op.create_index("tile_drawn_at_index", "tile", ["drawn_at"], unique=False)
    op.execute("ALTER TABLE tile ALTER content SET STORAGE EXTERNAL")  # it is packed already
    op.add_column(
        "grid",
        sa.Column(
            "label",
            Geometry("POINT", srid=4326, spatial_index=False),
            sa.Computed(LABEL, persisted=True),
            nullable=False,
        ),
    )
    for table in ("water", "green"):
        op.add_column(table, sa.Column("name_pinyin", sa.Text(), nullable=True))
    for name, column in FUNCTIONS.items():
        op.execute(COUNT.format(name=name, column=column))
        op.execute(f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC")
    for table in (*GROUND, "place"):
        function = "place_is_written" if table == "place" else "ground_is_written"
        for event, rows in EVENTS.items():
            op.execute(
                f"CREATE TRIGGER {table}_is_written_{event} AFTER {event} ON {table} REFERENCING {rows} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
            )
    op.execute("INSERT INTO ground_version (place_id, version) SELECT id, 1 FROM place")
    op.execute("GRANT SELECT ON ground_version TO gridkeeper_app")
    op.execute("GRANT SELECT (label) ON grid TO gridkeeper_public")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON tile TO gridkeeper_app")


def downgrade() -> None:
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}() CASCADE")  # and the triggers that call it
    for table in ("water", "green"):
        op.drop_column(table, "name_pinyin")
    op.drop_column("grid", "label")
    op.drop_table("tile")
    op.drop_table("ground_version")
