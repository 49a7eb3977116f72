"""The figures of a monthly report, kept when it is final.

Why: cases go on. A report that was handed in says what was counted then, with its maps, whatever comes after.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "month_report",
        sa.Column("figures", JSONB(), nullable=True, comment="as they were when it became final"),
    )
    op.create_check_constraint(
        op.f("month_report_final_with_figures"), "month_report", "(final_at IS NULL) = (figures IS NULL)"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("month_report_final_with_figures"), "month_report")
    op.drop_column("month_report", "figures")
