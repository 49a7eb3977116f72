"""Monthly reports of a grid, filed also where nothing happened.

Why: a report that is missing must be told from a report of zero. It holds figures, no personal row; one for
a grid and month, appended and never changed. Over a change of plan a grid is known by its code.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "zero_report",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("grid_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "arrivals", sa.Integer(), nullable=False, comment="stays begun, as known when it was filed"
        ),
        sa.Column("departures", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("zero_report_month_by_its_first_day")),
        sa.CheckConstraint("least(arrivals, departures, visits) >= 0", name=op.f("zero_report_counted")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("zero_report_grid_id_grid")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("zero_report_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("zero_report_key")),
        sa.UniqueConstraint("grid_id", "month", name=op.f("zero_report_grid_id_month_unique")),
    )
    op.create_index("zero_report_person_id_index", "zero_report", ["person_id"], unique=False)
    op.execute("GRANT SELECT, INSERT ON zero_report TO gridkeeper_app")
    op.execute("GRANT USAGE ON SEQUENCE zero_report_id_seq TO gridkeeper_app")


def downgrade() -> None:
    op.drop_table("zero_report")
