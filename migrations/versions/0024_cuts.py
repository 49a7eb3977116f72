"""Versions of plots that were cut by hand.

Why: where a manager needs an exact line through open ground, the plot is cut. The draft gets a version of the
plots of its own, as with entrances; it names the version it was cut from, so that no other plan takes it
for the one with a building divided, and the plan stays on it while the plain version is the newest.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "tessellation",
        sa.Column(
            "cut_from_id",
            sa.BigInteger(),
            nullable=True,
            comment="the version with the same plots before a cut",
        ),
    )
    op.create_foreign_key(
        op.f("tessellation_cut_from_id_place_id_tessellation"),
        "tessellation",
        "tessellation",
        ["cut_from_id", "place_id"],
        ["id", "place_id"],
    )
    op.create_check_constraint(
        op.f("tessellation_cut_has_plain"), "tessellation", "cut_from_id IS NULL OR plain_id IS NOT NULL"
    )


def downgrade() -> None:
    # a version that was cut stays as one that is not the newest; plans on it keep their plots
    op.drop_constraint(op.f("tessellation_cut_has_plain"), "tessellation")
    op.drop_constraint(op.f("tessellation_cut_from_id_place_id_tessellation"), "tessellation")
    op.drop_column("tessellation", "cut_from_id")
