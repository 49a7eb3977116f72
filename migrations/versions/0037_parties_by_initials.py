"""Parties of a mediation by initials: no whole Chinese name of two to four characters passes for them.

Why: four characters of any kind were taken, and most Chinese names have fewer. Names that were written down
are cut to their first character; what was cut is not kept, so the way back leaves them as they are.
"""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

PARTY = r"([A-Z]{1,3}|[\u4e00-\u9fff][某A-Z]?)"
BEFORE = r"parties ~ '^[^\s]{1,4}( [^\s]{1,4}){1,5}$'"


def upgrade() -> None:
    op.execute("ALTER TABLE mediation DROP CONSTRAINT mediation_parties_by_initials")
    op.execute(
        rf"""
        UPDATE mediation SET parties = (
            SELECT string_agg(
                CASE WHEN party ~ '^{PARTY}$' THEN party
                    WHEN upper(left(party, 1)) ~ '^{PARTY}$' THEN upper(left(party, 1)) ELSE 'X' END,
                ' ' ORDER BY at
            ) FROM string_to_table(parties, ' ') WITH ORDINALITY AS said (party, at)
        )
        """
    )
    _keep_to(f"parties ~ '^{PARTY}( {PARTY}){{1,5}}$'")


def downgrade() -> None:
    op.execute("ALTER TABLE mediation DROP CONSTRAINT mediation_parties_by_initials")
    _keep_to(BEFORE)


def _keep_to(condition: str) -> None:
    op.execute(f"ALTER TABLE mediation ADD CONSTRAINT mediation_parties_by_initials CHECK ({condition})")
