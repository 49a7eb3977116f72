"""Targets of campaigns: a share that a place wants to reach by a day, and of what.

Why: a campaign has a day and a share ("80 % by 30 July"), and there was nowhere to write them down, so that
nobody saw from day to day whether it is on its way. What is counted are hazards and inspections of sites.
"""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), server_default="", nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True, comment="none: all hazards"),
        sa.Column("target_percent", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column(
            "until_on", sa.Date(), nullable=False, comment="the day by which the share is to be reached"
        ),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="who set it"),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("measure IN ('closed', 'inspected')", name=op.f("campaign_measure_known")),
        sa.CheckConstraint("name_zh <> ''", name=op.f("campaign_chinese_given")),
        sa.CheckConstraint("target_percent BETWEEN 1 AND 100", name=op.f("campaign_target_a_share")),
        sa.CheckConstraint("until_on > from_on", name=op.f("campaign_ends_after_it_began")),
        sa.CheckConstraint("kind IS NULL OR measure = 'closed'", name=op.f("campaign_kind_of_hazards")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("campaign_place_id_place")),
        sa.ForeignKeyConstraint(["kind"], ["hazard_kind.code"], name=op.f("campaign_kind_hazard_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("campaign_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("campaign_key")),
    )
    op.create_index("campaign_place_id_index", "campaign", ["place_id", "until_on"])
    op.execute("GRANT SELECT, INSERT, DELETE ON campaign TO gridkeeper_app")
    op.execute("GRANT USAGE ON SEQUENCE campaign_id_seq TO gridkeeper_app")


def downgrade() -> None:
    op.drop_table("campaign")
