"""What a station keeps besides its registers: tasks, six haves, meetings, notices, corrections, mediation.

Why: the five duties are done again and again, and one that rests for a month should be seen. A mediation file
names its parties by initials and opens to its mediator alone: a policy of the database looks at
`gridkeeper.mediator`, which the app sets for one transaction.
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TASKS = (
    ("wishes", "Ask households what they wish for", "走访了解居民意愿", "week"),
    ("wishes", "Hold the feedback day", "每周五意见反馈日", "week"),
    ("services", "Go through needs that wait for an answer", "跟进未办结的服务需求", "week"),
    ("services", "Tell what the station offers", "宣传服务站服务项目", "month"),
    ("help", "Look in on those who asked for help", "看望申请帮扶的住户", "week"),
    ("organise", "Meet building heads and volunteers", "召集楼长和志愿者", "month"),
    ("organise", "Call on employers about safety", "走访用工单位，提醒安全", "month"),
    ("culture", "Hold an activity in the grid", "组织文体活动", "quarter"),
)
OF_PLACE = ("task_done", "station_check", "meeting", "notice", "correction", "mediation")
TABLES = ("task", *OF_PLACE)
WORDS = {
    "duty": "duty IN ('wishes', 'services', 'help', 'organise', 'culture')",
    "every": "every IN ('week', 'month', 'quarter')",
    "what": "what IN ('sign', 'place', 'organisation', 'network', 'team', 'system')",
}


def upgrade() -> None:
    tasks = op.create_table(
        "task",
        _key(),
        sa.Column("place_id", sa.BigInteger(), nullable=True, comment="none: everywhere"),
        *(_text(name) for name in ("duty", "name_en", "name_zh", "every")),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(WORDS["duty"], name=op.f("task_duty_known")),
        sa.CheckConstraint(WORDS["every"], name=op.f("task_every_known")),
        sa.CheckConstraint("name_en <> '' AND name_zh <> ''", name=op.f("task_name_given")),
        _to("task", "place_id", "place"),
        sa.PrimaryKeyConstraint("id", name=op.f("task_key")),
    )
    op.create_index("task_place_id_index", "task", ["place_id"])
    op.bulk_insert(
        tasks, [dict(zip(("duty", "name_en", "name_zh", "every"), task, strict=True)) for task in TASKS]
    )
    _done_and_checked()
    _said()
    _corrections()
    _mediation()
    op.execute("GRANT SELECT, INSERT, UPDATE ON task TO gridkeeper_app")
    op.execute("GRANT SELECT, INSERT, DELETE ON task_done, meeting, notice TO gridkeeper_app")
    op.execute("GRANT SELECT, INSERT ON station_check TO gridkeeper_app")
    op.execute("GRANT SELECT, INSERT, UPDATE (answer, answered_on) ON correction TO gridkeeper_app")
    op.execute("GRANT SELECT, INSERT, UPDATE (about, outcome, closed_on) ON mediation TO gridkeeper_app")
    for table in TABLES:
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO gridkeeper_app")


def _done_and_checked() -> None:
    op.create_table(
        "task_done",
        _key(),
        _id("task_id"),
        _id("community_id"),
        _text("grid_code"),
        _day("done_on"),
        *_by(),
        _to("task_done", "task_id", "task"),
        _to("task_done", "community_id", "place"),
        _to("task_done", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("task_done_key")),
    )
    op.create_index("task_done_grid_code_index", "task_done", ["grid_code", "done_on"])
    op.create_table(
        "station_check",
        _key(),
        sa.Column("place_id", sa.BigInteger(), nullable=False, comment="a community"),
        _text("what"),
        sa.Column("there", sa.Boolean(), nullable=False),
        _day("looked_on"),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("photo_type", sa.Text(), nullable=True),
        *_by(),
        sa.CheckConstraint(WORDS["what"], name=op.f("station_check_what_known")),
        sa.CheckConstraint("(photo IS NULL) = (photo_type IS NULL)", name=op.f("station_check_photo_typed")),
        sa.CheckConstraint(
            "photo_type IN ('image/jpeg', 'image/png')", name=op.f("station_check_photo_type_known")
        ),
        _to("station_check", "place_id", "place"),
        _to("station_check", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("station_check_key")),
    )
    op.create_index("station_check_place_id_index", "station_check", ["place_id", "what", "looked_on"])


def _said() -> None:
    op.create_table(
        "meeting",
        _key(),
        _id("place_id"),
        _text("kind"),
        _day("held_on"),
        _text("minutes"),
        *_by(),
        sa.CheckConstraint("kind IN ('meeting', 'feedback day')", name=op.f("meeting_kind_known")),
        sa.CheckConstraint("minutes <> ''", name=op.f("meeting_minutes_given")),
        _to("meeting", "place_id", "place"),
        _to("meeting", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("meeting_key")),
    )
    op.create_index("meeting_place_id_index", "meeting", ["place_id", "held_on"])
    op.create_table(
        "notice",
        _key(),
        _id("place_id"),
        sa.Column("grid_code", sa.Text(), nullable=True, comment="none: all grids of the place"),
        _text("title_zh"),
        _text("text_zh"),
        sa.Column("title_en", sa.Text(), server_default="", nullable=False),
        sa.Column("text_en", sa.Text(), server_default="", nullable=False),
        _day("from_on"),
        sa.Column("until_on", sa.Date(), nullable=False, comment="the last day it hangs"),
        *_by(),
        sa.CheckConstraint("title_zh <> '' AND text_zh <> ''", name=op.f("notice_chinese_given")),
        sa.CheckConstraint("(title_en = '') = (text_en = '')", name=op.f("notice_english_whole")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("notice_ends_after_it_began")),
        _to("notice", "place_id", "place"),
        _to("notice", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("notice_key")),
    )
    op.create_index("notice_place_id_index", "notice", ["place_id", "until_on"])


def _corrections() -> None:
    op.create_table(
        "correction",
        _key(),
        _id("place_id"),
        sa.Column("building_id", sa.BigInteger(), nullable=True),
        sa.Column("office", sa.Text(), nullable=False, comment="to whom it goes"),
        sa.Column("wrong", sa.Text(), nullable=False, comment="what is held; names nobody"),
        sa.Column("better", sa.Text(), nullable=False, comment="what should be held"),
        _day("sent_on"),
        sa.Column(
            "due_on",
            sa.Date(),
            nullable=False,
            comment="in work days, by the rules of the day it was sent",
        ),
        sa.Column("rule_pack_id", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        *_by(),
        sa.CheckConstraint(
            "office <> '' AND wrong <> '' AND better <> ''", name=op.f("correction_said_whole")
        ),
        sa.CheckConstraint("(answer IS NULL) = (answered_on IS NULL)", name=op.f("correction_answered_when")),
        _to("correction", "place_id", "place"),
        _to("correction", "building_id", "building"),
        _to("correction", "rule_pack_id", "rule_pack"),
        _to("correction", "person_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("correction_key")),
    )
    op.create_index("correction_place_id_index", "correction", ["place_id", "due_on"])


def _mediation() -> None:
    op.create_table(
        "mediation",
        _key(),
        _id("place_id"),
        _id("mediator_id"),
        sa.Column("parties", sa.Text(), nullable=False, comment="initials, as in `L W`"),
        _text("about"),
        _day("opened_on"),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            r"parties ~ '^[^\s]{1,4}( [^\s]{1,4}){1,5}$'", name=op.f("mediation_parties_by_initials")
        ),
        sa.CheckConstraint(
            "outcome IN ('settled', 'not settled', 'handed on')", name=op.f("mediation_outcome_known")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (closed_on IS NULL)", name=op.f("mediation_closed_with_outcome")
        ),
        sa.CheckConstraint("closed_on >= opened_on", name=op.f("mediation_closed_after_it_was_opened")),
        _to("mediation", "place_id", "place"),
        _to("mediation", "mediator_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("mediation_key")),
    )
    op.create_index("mediation_mediator_id_index", "mediation", ["mediator_id"])
    op.create_index("mediation_place_id_index", "mediation", ["place_id"])
    op.execute("ALTER TABLE mediation ENABLE ROW LEVEL SECURITY")
    own = "mediator_id = nullif(current_setting('gridkeeper.mediator', true), '')::bigint"
    op.execute(f"CREATE POLICY of_mediator ON mediation TO gridkeeper_app USING ({own}) WITH CHECK ({own})")


def _key() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _day(name: str) -> sa.Column:
    return sa.Column(name, sa.Date(), nullable=False)


def _by() -> tuple[sa.Column, sa.Column]:
    return (
        _id("person_id"),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    )


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"{table}_{column}_{other}"))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
