"""What an inspection looks at is kept by the kind it was set up as, for everybody to read in their language.

Why: it was kept in the words of whoever set it up, and stood in Chinese in an English calendar.
"""

from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

WORDS = {
    "compound": "燃气、用电、消防通道、电动车",
    "market": "消防通道、消防器材、用电",
    "site": "围挡、脚手架、工人宿舍",
}


def upgrade() -> None:
    op.execute("UPDATE inspection SET about = 'compound' WHERE compound_id IS NOT NULL")
    op.execute("""
        UPDATE inspection SET about = employer.kind FROM employer
        WHERE employer.id = employer_id AND employer.kind IN ('market', 'site')
    """)
    op.execute(
        "COMMENT ON COLUMN inspection.about IS 'what is looked at: the kind that was set up, or words'"
    )


def downgrade() -> None:
    for kind, words in WORDS.items():
        op.execute(f"UPDATE inspection SET about = '{words}' WHERE about = '{kind}'")
    op.execute("COMMENT ON COLUMN inspection.about IS 'what is looked at there'")
