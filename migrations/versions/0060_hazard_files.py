"""Jobs that write hazards into a file.

Why: a GeoPackage of a million hazards takes minutes; made within the request it held a process of the web
for as long, and was lost when the line broke. Now it is made beside, and waits a day to be taken.

Files that lie in the folder of exports stay there after a downgrade: empty it by hand.
"""

from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

BEFORE = "'read_upload', 'import_upload', 'split', 'rebalance', 'publish', 'layer'"


def upgrade() -> None:
    _kinds(f"{BEFORE}, 'hazard_file'")


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE kind = 'hazard_file'")
    _kinds(BEFORE)


def _kinds(words: str) -> None:
    op.drop_constraint(op.f("job_kind_known"), "job")
    op.create_check_constraint(op.f("job_kind_known"), "job", f"kind IN ({words})")
