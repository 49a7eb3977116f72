"""Jobs that make a draft of a grid layer drawn elsewhere, and the report that stays with the draft.

Why: snapping a layer to plots takes its time, and what it took (buildings a drawn line cuts, ground in no
polygon or in two, grids torn) must be read by whoever decides about the draft, not only by who sent the file.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BEFORE = "'read_upload', 'import_upload', 'split', 'rebalance', 'publish'"


def upgrade() -> None:
    _kinds(f"{BEFORE}, 'layer'")
    op.create_table(
        "layer_report",
        sa.Column("plan_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("jsonb_typeof(report) = 'object'", name=op.f("layer_report_report_named")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("layer_report_plan_id_plan")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("layer_report_key")),
    )
    op.execute("GRANT SELECT, INSERT ON layer_report TO gridkeeper_app")


def downgrade() -> None:
    op.drop_table("layer_report")
    op.execute("DELETE FROM job WHERE kind = 'layer'")
    _kinds(BEFORE)


def _kinds(words: str) -> None:
    op.drop_constraint(op.f("job_kind_known"), "job")
    op.create_check_constraint(op.f("job_kind_known"), "job", f"kind IN ({words})")
