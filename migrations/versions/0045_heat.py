"""Let whoever keeps all hazards in memory ask for those that changed.

Why: heat is computed from all hazards of a place for any filter. A process that keeps a million of them as
numbers draws a tile in milliseconds; reading them takes seconds, so it asks only for what was written since
it last looked. Times and counters cannot tell, for a transaction may end long after it wrote. The id of the
transaction can: what its snapshot did not see then is what is new.
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

FUNCTION = """
CREATE FUNCTION note_hazard_change() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.changed_in := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER hazard_change_noted BEFORE INSERT OR UPDATE ON hazard
    FOR EACH ROW EXECUTE FUNCTION note_hazard_change();
"""


def upgrade() -> None:
    op.add_column(
        "hazard",
        sa.Column(
            "changed_in",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="id of the transaction that last wrote it",
        ),
    )
    op.create_index("hazard_changed_in_index", "hazard", ["changed_in"], unique=False)
    op.execute(FUNCTION)


def downgrade() -> None:
    op.execute("DROP TRIGGER hazard_change_noted ON hazard")
    op.execute("DROP FUNCTION note_hazard_change()")
    op.drop_index("hazard_changed_in_index", "hazard")
    op.drop_column("hazard", "changed_in")
