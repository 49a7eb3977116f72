"""楼长: who helps the coordinator in a building, and sees nobody's data.

Why: coordinators know a building through its head; who takes a grid over has to be told who that is. A helper
has no account. Employers' safety contacts are helpers too and stay where they are, with the employer.
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

BEFORE = ("    visits AS (", "(SELECT count(*) FROM visits)")
AFTER = (
    """    helpers AS (
        UPDATE helper SET community_id = standing.community_id FROM standing
        WHERE standing.id = building_id AND helper.community_id <> standing.community_id RETURNING 1
    ),
    visits AS (""",
    "(SELECT count(*) FROM visits) + (SELECT count(*) FROM helpers)",
)


def upgrade() -> None:
    op.create_table(
        "helper",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("helper_name_given")),
        sa.CheckConstraint("ended_on >= begun_on", name=op.f("helper_ends_after_it_began")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("helper_building_id_building")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("helper_community_id_place")),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("helper_entered_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("helper_key")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="helper_seat_unique"),
    )
    op.create_index("helper_building_id_index", "helper", ["building_id"], unique=False)
    op.create_index("helper_community_id_index", "helper", ["community_id"], unique=False)
    op.execute("SELECT guard_registers(CAST('helper' AS regclass), 'false')")
    op.execute(
        "CREATE TRIGGER seat_row BEFORE INSERT OR UPDATE OF building_id ON helper "
        "FOR EACH ROW EXECUTE FUNCTION seat_row()"
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON helper TO gridkeeper_app")
    op.execute("GRANT USAGE ON SEQUENCE helper_id_seq TO gridkeeper_app")
    _reseat(BEFORE, AFTER)


def downgrade() -> None:
    _reseat(AFTER, BEFORE)
    op.drop_table("helper")


def _reseat(before: tuple[str, str], after: tuple[str, str]) -> None:
    """Let helpers go along with a building that comes to another community, as all its rows do."""
    connection = op.get_bind()
    told = connection.scalar(sa.text("SELECT pg_get_functiondef('reseat_registers(ltree)'::regprocedure)"))
    for one, other in zip(before, after, strict=True):
        if one not in told:
            raise RuntimeError("reseat_registers is not as 0026 left it")
        told = told.replace(one, other)
    connection.exec_driver_sql(told.replace("%", "%%"))
