"""What an inspection looks at is kept by the kind it was set up as, for everybody to read in their language.

Why: it was kept in the words of whoever set it up, and stood in Chinese in an English calendar. Rows are
known by those words alone: registers, which hold an employer's kind, are closed to who upgrades.
"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

# In 中文 and in English, and what the demo said.
WORDS = {
    "compound": ("燃气、用电、消防通道、电动车", "Gas, wiring, exits, e-bikes", "燃气、用电、消防通道"),
    "market": ("消防通道、消防器材、用电", "Exits, fire equipment, wiring", "消防通道、消防器材"),
    "site": ("围挡、脚手架、工人宿舍", "Fence, scaffolding, dormitories", "围挡、脚手架"),
}
SAY = sa.text("UPDATE inspection SET about = :now WHERE about = ANY(CAST(:was AS text[]))")


def upgrade() -> None:
    for kind, words in WORDS.items():
        op.get_bind().execute(SAY, {"now": kind, "was": list(words)})
    op.execute(
        "COMMENT ON COLUMN inspection.about IS 'what is looked at: the kind that was set up, or words'",
    )


def downgrade() -> None:
    for kind, words in WORDS.items():
        op.get_bind().execute(SAY, {"now": words[0], "was": [kind]})
    op.execute("COMMENT ON COLUMN inspection.about IS 'what is looked at there'")
