"""One inspection at a time of a building, compound or employer.

Why: two managers who set a place up at once had all its sites twice on the list. Of those that are there
twice the one that was done last goes on, and the others end.
"""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

SITES = ("building", "compound", "employer")
END_ALL_BUT_ONE = """
    UPDATE inspection SET ended_on = current_date FROM (
        SELECT id, row_number() OVER (PARTITION BY {site}_id ORDER BY last_on DESC NULLS LAST, id) AS number
        FROM inspection WHERE ended_on IS NULL AND {site}_id IS NOT NULL
    ) AS told
    WHERE told.id = inspection.id AND told.number > 1
"""


def upgrade() -> None:
    for site in SITES:
        op.execute(END_ALL_BUT_ONE.format(site=site))
        op.create_index(
            f"inspection_one_{site}",
            "inspection",
            [f"{site}_id"],
            unique=True,
            postgresql_where=sa.text("ended_on IS NULL"),
        )


def downgrade() -> None:
    for site in SITES:
        op.drop_index(f"inspection_one_{site}", "inspection")
