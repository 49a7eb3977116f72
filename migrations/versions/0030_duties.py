"""Leave, handovers and training of coordinators, appeals against figures, and what indicators count.

Why: an indicator is so many of so many, and who reads it may see no household. So the counting is done by two
functions that run as the owner and answer counts by building, within the places of `gridkeeper.scope`. Leave
has no reason: that would be somebody's health or family. A handover keeps how much was open when it was made.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

COUNTS = """
CREATE FUNCTION indicator_counts(since timestamptz, until timestamptz, today date, entry_hours integer)
RETURNS TABLE (building_id bigint, name text, part bigint, whole bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    RETURN QUERY WITH seen AS MATERIALIZED (SELECT id FROM place WHERE path <@ ANY (scope_paths()))
    SELECT household.building_id::bigint, 'verification', count(verified.household_id), count(*)
    FROM household LEFT JOIN (
        SELECT DISTINCT household_id FROM visit
        WHERE verified AND happened_at >= $1 AND happened_at < $2
    ) AS verified ON verified.household_id = household.id
    WHERE ended_on IS NULL AND community_id IN (SELECT id FROM seen) GROUP BY household.building_id
    UNION ALL
    SELECT building_id::bigint, 'entry_on_time',
        count(*) FILTER (WHERE entered_at <= happened_at + make_interval(hours => $4)), count(*)
    FROM visit WHERE happened_at >= $1 AND happened_at < $2 AND community_id IN (SELECT id FROM seen)
    GROUP BY building_id
    UNION ALL
    SELECT building_id::bigint, 'accuracy', count(*) FILTER (WHERE verified), count(*)
    FROM visit WHERE result = 'met' AND household_id IS NOT NULL AND happened_at >= $1 AND happened_at < $2
        AND community_id IN (SELECT id FROM seen)
    GROUP BY building_id
    UNION ALL
    SELECT building_id::bigint, 'rental_registration', count(*) FILTER (WHERE registered), count(*)
    FROM (
        SELECT dwelling.building_id, dwelling.use, EXISTS (
            SELECT FROM rental WHERE rental.dwelling_id = dwelling.id AND rental.ended_on IS NULL
        ) AS registered
        FROM dwelling WHERE retired_at IS NULL AND community_id IN (SELECT id FROM seen)
    ) AS let WHERE use = 'rental' OR registered GROUP BY building_id
    UNION ALL
    SELECT building_id::bigint, 'tenant_registration', count(household_id), count(*)
    FROM tenancy WHERE NOT ended AND from_on <= $3 AND community_id IN (SELECT id FROM seen)
    GROUP BY building_id
    UNION ALL
    SELECT stay.building_id::bigint, 'completeness',
        count(resident.age_band) + count(resident.registered_here), 2 * count(*)
    FROM stay JOIN resident ON resident.id = stay.resident_id
    WHERE stay.until_on IS NULL AND stay.community_id IN (SELECT id FROM seen) GROUP BY stay.building_id
    UNION ALL
    SELECT building_id::bigint, 'cancelled_on_leaving', count(*) FILTER (WHERE NOT EXISTS (
        SELECT FROM stay WHERE stay.household_id = tenancy.household_id AND stay.until_on IS NULL
    )), count(*)
    FROM tenancy WHERE ended AND household_id IS NOT NULL AND community_id IN (SELECT id FROM seen)
        AND until_on >= $1::date AND until_on <= $3
    GROUP BY building_id
    UNION ALL
    SELECT building_id::bigint, 'promises_kept', count(*) FILTER (WHERE kept_on <= due_on), count(*)
    FROM promise WHERE due_on >= $1::date AND due_on < $3 AND community_id IN (SELECT id FROM seen)
    GROUP BY building_id
    UNION ALL
    SELECT building_id::bigint, 'referrals_answered', count(*) FILTER (WHERE result_on <= due_on), count(*)
    FROM referral WHERE due_on >= $1::date AND due_on < $3 AND community_id IN (SELECT id FROM seen)
    GROUP BY building_id
    UNION ALL
    SELECT building_id::bigint, 'employer_contacts', count(contact_phone), count(*)
    FROM employer WHERE ended_on IS NULL AND community_id IN (SELECT id FROM seen) GROUP BY building_id;
    PERFORM set_config('gridkeeper.keeping', '', true);
END $$;
CREATE FUNCTION resident_flow(path ltree, first date, last date)
RETURNS TABLE (day date, opening bigint, came bigint, went bigint, closing bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    RETURN QUERY WITH held AS MATERIALIZED (
        SELECT from_on, until_on FROM stay WHERE (until_on IS NULL OR until_on >= $2) AND community_id IN (
            SELECT id FROM place WHERE place.path <@ $1 AND place.path <@ ANY (scope_paths())
        )
    )
    SELECT days.day::date,
        count(*) FILTER (WHERE from_on < days.day AND (until_on IS NULL OR until_on >= days.day)),
        count(*) FILTER (WHERE from_on = days.day), count(*) FILTER (WHERE until_on = days.day),
        count(*) FILTER (WHERE from_on <= days.day AND (until_on IS NULL OR until_on > days.day))
    FROM generate_series($2::timestamp, $3::timestamp, interval '1 day') AS days(day) LEFT JOIN held ON true
    GROUP BY days.day;
    PERFORM set_config('gridkeeper.keeping', '', true);
END $$;
"""
FUNCTION_NAMES = (
    "indicator_counts(timestamptz, timestamptz, date, integer)",
    "resident_flow(ltree, date, date)",
)
TABLES = ("appeal", "absence", "handover", "course", "attendance")


def upgrade() -> None:
    _appeals()
    _absences()
    _handovers()
    _training()
    op.execute("GRANT SELECT, INSERT, DELETE ON absence TO gridkeeper_app")
    op.execute("GRANT SELECT, INSERT ON handover TO gridkeeper_app")
    op.execute("GRANT SELECT, INSERT, UPDATE ON course TO gridkeeper_app")
    op.execute("GRANT SELECT, INSERT, DELETE ON attendance TO gridkeeper_app")
    op.execute(
        "GRANT SELECT, INSERT, UPDATE (answer, upheld, answered_by, answered_at) ON appeal TO gridkeeper_app"
    )
    for table in ("appeal", "absence", "handover", "course"):
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO gridkeeper_app")
    op.execute(COUNTS)
    for name in FUNCTION_NAMES:
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO gridkeeper_app")


def _appeals() -> None:
    op.create_table(
        "appeal",
        _key(),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("grid_code", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("quarter", sa.Text(), nullable=False, comment="as in 2026Q1"),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        _moment("made_at"),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("words <> ''", name=op.f("appeal_words_given")),
        sa.CheckConstraint("quarter ~ '^[0-9]{4}Q[1-4]$'", name=op.f("appeal_quarter_named")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (upheld IS NULL)",
            name=op.f("appeal_answered_whole"),
        ),
        _to("appeal", "community_id", "place"),
        _to("appeal", "made_by", "person"),
        _to("appeal", "answered_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("appeal_key")),
    )
    op.create_index("appeal_community_id_index", "appeal", ["community_id"])
    op.create_index(
        "appeal_open_index",
        "appeal",
        ["grid_code", "quarter", "indicator"],
        unique=True,
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def _absences() -> None:
    op.create_table(
        "absence",
        _key(),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False, comment="the last day away"),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        _moment("made_at"),
        sa.CheckConstraint("until_on >= from_on", name=op.f("absence_ends_after_it_began")),
        _to("absence", "person_id", "person"),
        _to("absence", "made_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("absence_key")),
    )
    op.create_index("absence_person_id_index", "absence", ["person_id"])


def _handovers() -> None:
    op.create_table(
        "handover",
        _key(),
        sa.Column("grid_id", sa.BigInteger(), nullable=False),
        sa.Column("from_id", sa.BigInteger(), nullable=True, comment="none: it was vacant"),
        sa.Column("to_id", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("open_things", postgresql.JSONB(), nullable=False, comment="how many of each kind"),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        _moment("made_at"),
        sa.CheckConstraint("jsonb_typeof(open_things) = 'object'", name=op.f("handover_open_things_named")),
        sa.CheckConstraint("from_id <> to_id", name=op.f("handover_to_somebody_else")),
        _to("handover", "grid_id", "grid"),
        _to("handover", "from_id", "person"),
        _to("handover", "to_id", "person"),
        _to("handover", "made_by", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("handover_key")),
    )
    op.create_index("handover_grid_id_index", "handover", ["grid_id"])


def _training() -> None:
    op.create_table(
        "course",
        _key(),
        sa.Column("place_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("holds_months", sa.SmallInteger(), nullable=True, comment="none: for good"),
        sa.CheckConstraint("kind IN ('pre-job', 'in-post', 'special')", name=op.f("course_kind_known")),
        sa.CheckConstraint("name <> ''", name=op.f("course_name_given")),
        sa.CheckConstraint("holds_months > 0", name=op.f("course_holds_counted")),
        _to("course", "place_id", "place"),
        sa.PrimaryKeyConstraint("id", name=op.f("course_key")),
    )
    op.create_index("course_place_id_index", "course", ["place_id"])
    op.create_table(
        "attendance",
        sa.Column("course_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        _moment("entered_at"),
        _to("attendance", "course_id", "course"),
        _to("attendance", "person_id", "person"),
        _to("attendance", "entered_by", "person"),
        sa.PrimaryKeyConstraint("course_id", "person_id", "held_on", name=op.f("attendance_key")),
    )
    op.create_index("attendance_person_id_index", "attendance", ["person_id"])


def _key() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"{table}_{column}_{other}"))


def downgrade() -> None:
    for name in FUNCTION_NAMES:
        op.execute(f"DROP FUNCTION {name}")
    for table in reversed(TABLES):
        op.drop_table(table)
