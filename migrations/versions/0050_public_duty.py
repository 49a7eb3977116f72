"""Nobody is named to the public as answering for a grid whose role as coordinator is over.

Why: a duty outlives the role that allowed it; staff's own questions ask for both (`duties.coordinates`), and
the view of the public role has to say the same.
"""

from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

BEFORE = """
    CREATE OR REPLACE VIEW public_duty AS
    SELECT duty.id, duty.grid_id, duty.kind, coalesce(person.work_name, person.name) AS work_name,
        person.office_phone AS work_phone, duty.during
    FROM duty
    JOIN person ON person.id = duty.person_id AND person.active
    JOIN public_grid ON public_grid.id = duty.grid_id
"""
WHOSE_ROLE_HOLDS = """
    WHERE EXISTS (
        SELECT FROM role JOIN place AS covered ON covered.id = role.place_id
        JOIN place AS community ON community.id = public_grid.community_id
        WHERE role.person_id = duty.person_id AND role.kind = 'coordinator'
            AND (role.until IS NULL OR role.until >= CURRENT_DATE) AND community.path <@ covered.path
    )
"""


def upgrade() -> None:
    op.execute(BEFORE + WHOSE_ROLE_HOLDS)


def downgrade() -> None:
    op.execute(BEFORE)
