"""Hazards at sites, the life of their cases, inspections that recur, and monthly reports.

Why: one row is a hazard and its case, so that heat over a million of them is a look at one table; a step is
never altered, and neither steps nor photos leave with what they belong to. Kinds and limits are data with
dates: each city has its own.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

# code, English, Chinese, weight in the heat
KINDS = (
    ("fire", "Fire", "消防", 3),
    ("gas", "Gas", "燃气", 3),
    ("stove", "Coal stove", "煤炉", 3),
    ("electric", "Wiring", "用电", 2),
    ("e_bike", "E-bike charging indoors", "电动车室内充电", 2),
    ("exit", "Blocked exit", "通道堵塞", 2),
    ("structure", "Building structure", "房屋结构", 3),
    ("building_site", "Building site", "施工工地", 2),
    ("street", "Street or manhole", "道路井盖", 1),
    ("waste", "Rubbish", "垃圾", 1),
    ("noise", "Noise or smoke", "噪声油烟", 1),
    ("other", "Other", "其他", 1),
)
# severity, in working time, hours to accept, dispatch, handle and verify: a proposal, each city has its own
LIMITS = ((1, True, 8, 8, 40, 16), (2, True, 4, 4, 24, 8), (3, False, 1, 1, 24, 12))
LIMITS_SINCE = "2020-01-01"
STATES = (
    "'reported', 'accepted', 'refused', 'filed', 'dispatched', 'handling', 'claimed done', 'verified', "
    "'closed', 'evaluated', 'returned', 'rework', 'pending', 'duplicate'"
)
# in the order in which they are dropped
TABLES = (
    *("inspection_done", "hazard_photo", "step", "inspection", "clock_stop", "hazard"),
    *("month_report", "hazard_limit", "hazard_kind"),
)


def upgrade() -> None:
    kinds = op.create_table(
        "hazard_kind",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column(
            "weight",
            sa.Double(),
            server_default="1",
            nullable=False,
            comment="in the heat, beside that of severity",
        ),
        sa.Column(
            "by_public",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="the public page may report it: a site or a nuisance",
        ),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False, comment="its place in lists"),
        sa.CheckConstraint("code ~ '^[a-z_]+$'", name=op.f("hazard_kind_code_letters")),
        sa.CheckConstraint("name_en <> '' AND name_zh <> ''", name=op.f("hazard_kind_name_given")),
        sa.CheckConstraint("weight > 0 AND weight <= 100", name=op.f("hazard_kind_weight_in_range")),
        sa.PrimaryKeyConstraint("code", name=op.f("hazard_kind_key")),
    )
    limits = op.create_table(
        "hazard_limit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True, comment="none: every kind without limits of its own"),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column(
            "working_time",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="hours are those worked; else by the clock on the wall",
        ),
        sa.Column("accept_hours", sa.Double(), nullable=False),
        sa.Column("dispatch_hours", sa.Double(), nullable=False),
        sa.Column("handle_hours", sa.Double(), nullable=False),
        sa.Column("verify_hours", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "accept_hours > 0 AND dispatch_hours > 0 AND handle_hours > 0 AND verify_hours > 0",
            name=op.f("hazard_limit_hours_counted"),
        ),
        sa.CheckConstraint("severity BETWEEN 1 AND 3", name=op.f("hazard_limit_severity_known")),
        sa.ForeignKeyConstraint(["kind"], ["hazard_kind.code"], name=op.f("hazard_limit_kind_hazard_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("hazard_limit_key")),
        sa.UniqueConstraint(
            "kind",
            "severity",
            "from_on",
            name=op.f("hazard_limit_kind_severity_from_on_unique"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "month_report",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "words", postgresql.JSONB(astext_type=sa.Text()), nullable=False, comment="by language and part"
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("edited_by", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("final_by", sa.BigInteger(), nullable=True),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(final_at IS NULL) = (final_by IS NULL)", name=op.f("month_report_final_by_somebody")
        ),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("month_report_month_by_its_first_day")),
        sa.ForeignKeyConstraint(["edited_by"], ["person.id"], name=op.f("month_report_edited_by_person")),
        sa.ForeignKeyConstraint(["final_by"], ["person.id"], name=op.f("month_report_final_by_person")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("month_report_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("month_report_key")),
        sa.UniqueConstraint("place_id", "month", name=op.f("month_report_place_id_month_unique")),
    )
    op.create_table(
        "hazard",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "client_id", sa.Uuid(), nullable=True, comment="made where it was reported: sent twice, kept once"
        ),
        sa.Column(
            "follow_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="of the code by which its reporter follows it",
        ),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("grid_code", sa.Text(), nullable=True, comment="none: no plan was in force"),
        sa.Column("coordinator_id", sa.BigInteger(), nullable=True),
        sa.Column("building_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "compound_id", sa.BigInteger(), nullable=True, comment="none again when the compound is no more"
        ),
        sa.Column(
            "position",
            Geometry("POINT", srid=4326, spatial_index=False),
            nullable=False,
            comment="of the building or compound, else where it was pointed at",
        ),
        sa.Column("site", sa.Text(), server_default="", nullable=False, comment="where exactly, in words"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), server_default="1", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "held",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="words that may name somebody: shown to nobody until redacted",
        ),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("mechanism", sa.Text(), server_default="ordinary", nullable=False),
        sa.Column("reported_by", sa.BigInteger(), nullable=True, comment="none: the public"),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("state", sa.Text(), server_default="reported", nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "version",
            sa.Integer(),
            server_default="1",
            nullable=False,
            comment="counts its steps, for those who race",
        ),
        sa.Column("office", sa.Text(), server_default="", nullable=False, comment="who handles it, in words"),
        sa.Column("handler_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="by when it is to be done, by the limits of the day it was reported",
        ),
        sa.Column(
            "stage_due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="by when its stage is to end; none while the clock stands",
        ),
        sa.Column(
            "done_at", sa.DateTime(timezone=True), nullable=True, comment="when it was last claimed done"
        ),
        sa.Column("done_by", sa.BigInteger(), nullable=True),
        sa.Column("checked_by", sa.BigInteger(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True, comment="when a pending case is looked at again"),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened", sa.Integer(), server_default="0", nullable=False, comment="how often"),
        sa.Column(
            "reworked", sa.Integer(), server_default="0", nullable=False, comment="how often a check failed"
        ),
        sa.Column(
            "returned",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="how often it was sent to the wrong office",
        ),
        sa.Column("duplicate_of", sa.BigInteger(), nullable=True),
        sa.Column("limit_id", sa.BigInteger(), nullable=True),
        sa.Column("rule_pack_id", sa.BigInteger(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True, comment="the file it came from"),
        sa.Column("source_id", sa.Text(), nullable=True, comment="its name there"),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('refused', 'closed', 'evaluated', 'duplicate'))",
            name=op.f("hazard_closed_when"),
        ),
        sa.CheckConstraint(
            "(state = 'duplicate') = (duplicate_of IS NOT NULL)", name=op.f("hazard_duplicate_of_one")
        ),
        sa.CheckConstraint(
            "(state = 'pending') = (review_on IS NOT NULL)", name=op.f("hazard_pending_reviewed")
        ),
        sa.CheckConstraint(
            "mechanism IN ('ordinary', 'coordination', 'emergency', 'approval')",
            name=op.f("hazard_mechanism_known"),
        ),
        sa.CheckConstraint(
            "origin IN ('coordinator', 'manager', 'public', 'inspection', 'import')",
            name=op.f("hazard_origin_known"),
        ),
        sa.CheckConstraint(
            f"state IN ({STATES})",
            name=op.f("hazard_state_known"),
        ),
        sa.CheckConstraint(
            "ST_IsValid(position) AND NOT ST_IsEmpty(position)"
            " AND ST_XMin(position) >= -180 AND ST_XMax(position) <= 180"
            " AND ST_YMin(position) >= -90 AND ST_YMax(position) <= 90",
            name=op.f("hazard_position_sound"),
        ),
        sa.CheckConstraint("building_id IS NULL OR compound_id IS NULL", name=op.f("hazard_one_site")),
        sa.CheckConstraint("closed_at >= reported_at", name=op.f("hazard_closed_after_reported")),
        sa.CheckConstraint("severity BETWEEN 1 AND 3", name=op.f("hazard_severity_known")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("hazard_building_id_building")),
        sa.ForeignKeyConstraint(["checked_by"], ["person.id"], name=op.f("hazard_checked_by_person")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("hazard_community_id_place")),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compound.id"], name=op.f("hazard_compound_id_compound"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["coordinator_id"], ["person.id"], name=op.f("hazard_coordinator_id_person")),
        sa.ForeignKeyConstraint(["done_by"], ["person.id"], name=op.f("hazard_done_by_person")),
        sa.ForeignKeyConstraint(["duplicate_of"], ["hazard.id"], name=op.f("hazard_duplicate_of_hazard")),
        sa.ForeignKeyConstraint(["handler_id"], ["person.id"], name=op.f("hazard_handler_id_person")),
        sa.ForeignKeyConstraint(["kind"], ["hazard_kind.code"], name=op.f("hazard_kind_hazard_kind")),
        sa.ForeignKeyConstraint(["limit_id"], ["hazard_limit.id"], name=op.f("hazard_limit_id_hazard_limit")),
        sa.ForeignKeyConstraint(["reported_by"], ["person.id"], name=op.f("hazard_reported_by_person")),
        sa.ForeignKeyConstraint(
            ["rule_pack_id"], ["rule_pack.id"], name=op.f("hazard_rule_pack_id_rule_pack")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("hazard_key")),
    )
    op.create_index("hazard_building_id_index", "hazard", ["building_id"], unique=False)
    op.create_index("hazard_client_id_index", "hazard", ["client_id"], unique=True)
    op.create_index("hazard_community_id_index", "hazard", ["community_id", "reported_at"], unique=False)
    op.create_index("hazard_compound_id_index", "hazard", ["compound_id"], unique=False)
    op.create_index("hazard_follow_hash_index", "hazard", ["follow_hash"], unique=True)
    op.create_index("hazard_grid_code_index", "hazard", ["grid_code"], unique=False)
    op.create_index(
        "hazard_open_index",
        "hazard",
        ["community_id", "due_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("hazard_position_index", "hazard", ["position"], unique=False, postgresql_using="gist")
    op.create_index(
        "hazard_source_index",
        "hazard",
        ["source", "source_id"],
        unique=True,
        postgresql_where=sa.text("source IS NOT NULL"),
    )
    op.create_table(
        "clock_stop",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("hazard_id", sa.BigInteger(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint("why <> ''", name=op.f("clock_stop_why_given")),
        sa.CheckConstraint("until_at >= from_at", name=op.f("clock_stop_ends_after_it_began")),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name=op.f("clock_stop_hazard_id_hazard")),
        sa.PrimaryKeyConstraint("id", name=op.f("clock_stop_key")),
    )
    op.create_index("clock_stop_hazard_id_index", "clock_stop", ["hazard_id"], unique=False)
    op.create_index(
        "clock_stop_one_at_a_time",
        "clock_stop",
        ["hazard_id"],
        unique=True,
        postgresql_where=sa.text("until_at IS NULL"),
    )
    op.create_table(
        "inspection",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "compound_id", sa.BigInteger(), nullable=True, comment="none again when the compound is no more"
        ),
        sa.Column("employer_id", sa.BigInteger(), nullable=True),
        sa.Column("about", sa.Text(), nullable=False, comment="what is looked at there"),
        sa.Column("every_months", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint("about <> ''", name=op.f("inspection_about_given")),
        sa.CheckConstraint("every_months BETWEEN 1 AND 24", name=op.f("inspection_months_counted")),
        sa.CheckConstraint(
            "num_nonnulls(building_id, compound_id, employer_id) <= 1", name=op.f("inspection_one_site")
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("inspection_building_id_building")
        ),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("inspection_community_id_place")),
        sa.ForeignKeyConstraint(
            ["compound_id"],
            ["compound.id"],
            name=op.f("inspection_compound_id_compound"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["employer_id"], ["employer.id"], name=op.f("inspection_employer_id_employer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("inspection_key")),
    )
    op.create_index("inspection_community_id_index", "inspection", ["community_id", "due_on"], unique=False)
    op.create_table(
        "step",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("hazard_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False, comment="what was done: report, accept, dispatch, …"),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True, comment="none: the public, or a clock"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, comment="when it happened"),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False, comment="for staff"),
        sa.Column("told", sa.Text(), server_default="", nullable=False, comment="what its reporter reads"),
        sa.Column(
            "facts", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.CheckConstraint(
            f"to_state IN ({STATES})",
            name=op.f("step_to_state_known"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("step_number_counted")),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name=op.f("step_hazard_id_hazard")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("step_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("step_key")),
        sa.UniqueConstraint("hazard_id", "number", name=op.f("step_hazard_id_number_unique")),
    )
    op.create_table(
        "hazard_photo",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("hazard_id", sa.BigInteger(), nullable=False),
        sa.Column("step_id", sa.BigInteger(), nullable=True),
        sa.Column("shows", sa.Text(), server_default="before", nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=False),
        sa.Column("photo_type", sa.Text(), nullable=False),
        sa.Column(
            "hash",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of what was sent: sent twice, kept once",
        ),
        sa.Column("by_public", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("looked_by", sa.BigInteger(), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "shown",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="false: waits for staff to look, or staff took it away",
        ),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "photo_type IN ('image/jpeg', 'image/png')", name=op.f("hazard_photo_photo_type_known")
        ),
        sa.CheckConstraint("shows IN ('before', 'after')", name=op.f("hazard_photo_shows_known")),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name=op.f("hazard_photo_hazard_id_hazard")),
        sa.ForeignKeyConstraint(["looked_by"], ["person.id"], name=op.f("hazard_photo_looked_by_person")),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("hazard_photo_step_id_step")),
        sa.PrimaryKeyConstraint("id", name=op.f("hazard_photo_key")),
        sa.UniqueConstraint("hazard_id", "hash", name=op.f("hazard_photo_hazard_id_hash_unique")),
    )
    op.create_table(
        "inspection_done",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("inspection_id", sa.BigInteger(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("hazard_id", sa.BigInteger(), nullable=True, comment="none: nothing was wrong"),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["hazard_id"], ["hazard.id"], name=op.f("inspection_done_hazard_id_hazard")),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("inspection_done_inspection_id_inspection")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("inspection_done_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("inspection_done_key")),
    )
    op.create_index(
        "inspection_done_inspection_id_index", "inspection_done", ["inspection_id", "done_on"], unique=False
    )
    names = ("code", "name_en", "name_zh", "weight")
    op.bulk_insert(
        kinds,
        [{**dict(zip(names, kind, strict=True)), "position": number} for number, kind in enumerate(KINDS, 1)],
    )
    stages = ("severity", "working_time", "accept_hours", "dispatch_hours", "handle_hours", "verify_hours")
    op.bulk_insert(
        limits,
        [
            {**dict(zip(stages, limit, strict=True)), "from_on": date.fromisoformat(LIMITS_SINCE)}
            for limit in LIMITS
        ],
    )
    for table in (
        "hazard",
        "hazard_photo",
        "clock_stop",
        "inspection",
        "month_report",
        "hazard_kind",
        "hazard_limit",
    ):
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO gridkeeper_app")
    for table in ("step", "inspection_done"):
        op.execute(f"GRANT SELECT, INSERT ON {table} TO gridkeeper_app")
    for table in TABLES[:-1]:
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO gridkeeper_app")


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
