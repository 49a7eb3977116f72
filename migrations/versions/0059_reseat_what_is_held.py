"""Rows of the registers go along when the outline of a community changes: asked at every import.

Why: `reseat_registers` was there since 0026 and nothing called it. It looked up the community of every
building of a place, a hundred thousand of them in a large one, of which the registers may hold none. Now it
asks only for buildings that have a row.
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

EVERY = "FROM building JOIN place ON place.id = building.place_id WHERE place.path <@ $1"
HELD = """FROM building JOIN place ON place.id = building.place_id WHERE place.path <@ $1
            AND building.id IN (
                SELECT building_id FROM dwelling UNION ALL SELECT building_id FROM rental
                UNION ALL SELECT building_id FROM landlord UNION ALL SELECT building_id FROM employer
                UNION ALL SELECT building_id FROM helper UNION ALL SELECT building_id FROM visit
            )"""


def upgrade() -> None:
    _reseat(EVERY, HELD)


def downgrade() -> None:
    _reseat(HELD, EVERY)


def _reseat(before: str, after: str) -> None:
    connection = op.get_bind()
    told = connection.scalar(sa.text("SELECT pg_get_functiondef('reseat_registers(ltree)'::regprocedure)"))
    if before not in told:
        raise RuntimeError("reseat_registers is not as 0057 left it")
    connection.exec_driver_sql(told.replace(before, after).replace("%", "%%"))
