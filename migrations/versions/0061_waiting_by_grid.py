"""How many cases wait in each grid is kept, as the other counts of hazards are.

Why: the board names the ten grids with most overdue cases, and to find them read every overdue case of a
city, four hundred thousand of a million hazards. Now all that wait are counted by community and grid; those
not due yet, a few days' worth, are taken away when somebody asks.
"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

FUNCTIONS = ("recount_hazard_tally", "tally_hazard_insert", "tally_hazard_update", "tally_hazard_delete")
COUNTED = "(city_day(due_at), 'due', '', 0, state NOT IN ('refused', 'duplicate'))"
BY_GRID = f"""(DATE '1970-01-01', 'waiting in',
                hazard.community_id || ' ' || coalesce(hazard.grid_code, ''), 0,
                closed_at IS NULL AND state NOT IN ('pending', 'claimed done', 'verified')),
            {COUNTED}"""
COLUMNS, WITH_GRID = "closed_at, state, kind FROM", "closed_at, state, kind, grid_code FROM"
COUNT_THOSE_THERE = """
    INSERT INTO hazard_tally (place_id, day, what, kind, n)
    WITH waiting AS (
        SELECT community_id, grid_code, count(*) AS n FROM hazard
        WHERE closed_at IS NULL AND state NOT IN ('pending', 'claimed done', 'verified')
        GROUP BY community_id, grid_code
    )
    SELECT above.id, DATE '1970-01-01', 'waiting in',
        waiting.community_id || ' ' || coalesce(waiting.grid_code, ''), waiting.n
    FROM waiting JOIN place ON place.id = waiting.community_id JOIN place AS above ON above.path @> place.path
"""


def upgrade() -> None:
    op.execute("LOCK TABLE hazard IN SHARE ROW EXCLUSIVE MODE")
    _reword((COLUMNS, WITH_GRID), (COUNTED, BY_GRID))
    op.execute(COUNT_THOSE_THERE)


def downgrade() -> None:
    op.execute("LOCK TABLE hazard IN SHARE ROW EXCLUSIVE MODE")
    _reword((BY_GRID, COUNTED), (WITH_GRID, COLUMNS))
    op.execute("DELETE FROM hazard_tally WHERE what = 'waiting in'")


def _reword(*changes: tuple[str, str]) -> None:
    """Say one thing for another in every function that counts."""
    connection = op.get_bind()
    for name in FUNCTIONS:
        told = connection.scalar(sa.text(f"SELECT pg_get_functiondef('{name}()'::regprocedure)"))
        for before, after in changes:
            if before not in told:
                raise RuntimeError(f"{name} is not as 0042 left it")
            told = told.replace(before, after)
        connection.exec_driver_sql(told.replace("%", "%%"))
