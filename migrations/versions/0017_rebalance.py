"""Alerts, and jobs that look for proposals to re-balance a plan.

Why: households change after a plan was published. A grid that leaves its band must be seen by somebody, once,
and until it is back; the proposals that mend a plan are looked for in the background.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("grid_id", sa.BigInteger(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("households >= 0", name=op.f("alert_households_counted")),
        sa.CheckConstraint("0 < least AND least <= most", name=op.f("alert_band_ordered")),
        sa.CheckConstraint("settled_at >= raised_at", name=op.f("alert_settled_after")),
        sa.ForeignKeyConstraint(["grid_id"], ["grid.id"], name=op.f("alert_grid_id_grid")),
        sa.PrimaryKeyConstraint("id", name=op.f("alert_key")),
    )
    op.create_index(
        "alert_open_index",
        "alert",
        ["grid_id"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index("alert_grid_id_index", "alert", ["grid_id"])
    op.execute("GRANT SELECT, INSERT, UPDATE ON alert TO gridkeeper_app")
    op.execute("GRANT USAGE ON SEQUENCE alert_id_seq TO gridkeeper_app")
    _kinds("'read_upload', 'import_upload', 'split', 'rebalance'")


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE kind = 'rebalance'")
    _kinds("'read_upload', 'import_upload', 'split'")
    op.drop_table("alert")


def _kinds(words: str) -> None:
    op.drop_constraint(op.f("job_kind_known"), "job")
    op.create_check_constraint(op.f("job_kind_known"), "job", f"kind IN ({words})")
