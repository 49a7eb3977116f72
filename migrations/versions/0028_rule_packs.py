"""Rule packs with the day they hold from, the calendar of holidays, and three counts to foresee a change by.

Why: target sizes, staffing, clocks, permits and retention differ between cities and change with the law. What
was done under a rule must stay judged by it, so the settings stand whole in a row that nobody changes: the
app may only withdraw one whose day has not come.

Days of 2025 and 2026 are those the State Council announced; of 2027 only the statutory holidays are known,
and they are marked so until the announcement is entered.
"""

from datetime import date, timedelta

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# Name, first and last day without work, weekend days worked instead.
ANNOUNCED = (
    ("元旦", "2025-01-01", "2025-01-01", ()),
    ("春节", "2025-01-28", "2025-02-04", ("2025-01-26", "2025-02-08")),
    ("清明节", "2025-04-04", "2025-04-06", ()),
    ("劳动节", "2025-05-01", "2025-05-05", ("2025-04-27",)),
    ("端午节", "2025-05-31", "2025-06-02", ()),
    ("国庆节、中秋节", "2025-10-01", "2025-10-08", ("2025-09-28", "2025-10-11")),
    ("元旦", "2026-01-01", "2026-01-03", ("2026-01-04",)),
    ("春节", "2026-02-15", "2026-02-23", ("2026-02-14", "2026-02-28")),
    ("清明节", "2026-04-04", "2026-04-06", ()),
    ("劳动节", "2026-05-01", "2026-05-05", ("2026-05-09",)),
    ("端午节", "2026-06-19", "2026-06-21", ()),
    ("中秋节", "2026-09-25", "2026-09-27", ()),
    ("国庆节", "2026-10-01", "2026-10-07", ("2026-09-20", "2026-10-10")),
)
STATUTORY = (
    ("元旦", "2027-01-01", "2027-01-01", ()),
    ("春节", "2027-02-05", "2027-02-08", ()),
    ("清明节", "2027-04-05", "2027-04-05", ()),
    ("劳动节", "2027-05-01", "2027-05-02", ()),
    ("端午节", "2027-06-09", "2027-06-09", ()),
    ("中秋节", "2027-09-15", "2027-09-15", ()),
    ("国庆节", "2027-10-01", "2027-10-03", ()),
)
COUNTS = """
CREATE FUNCTION floating_since(path ltree, since date, of_age boolean) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE counted bigint;
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    SELECT count(*) INTO counted
    FROM stay JOIN resident ON resident.id = stay.resident_id
    WHERE stay.until_on IS NULL AND stay.from_on <= $2 AND resident.registered_here IS FALSE
        AND (NOT $3 OR resident.age_band = '16 or over')
        AND stay.community_id IN (
            SELECT place.id FROM place
            WHERE place.path <@ ANY (scope_paths()) AND ($1 IS NULL OR place.path <@ $1)
        );
    PERFORM set_config('gridkeeper.keeping', '', true);
    RETURN counted;
END $$;
CREATE FUNCTION stays_ended_before(path ltree, day date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE counted bigint;
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    SELECT count(*) INTO counted FROM stay
    WHERE stay.until_on < $2 AND stay.community_id IN (
        SELECT place.id FROM place
        WHERE place.path <@ ANY (scope_paths()) AND ($1 IS NULL OR place.path <@ $1)
    );
    PERFORM set_config('gridkeeper.keeping', '', true);
    RETURN counted;
END $$;
"""
FUNCTION_NAMES = ("floating_since(ltree, date, boolean)", "stays_ended_before(ltree, date)")


def upgrade() -> None:
    op.create_table(
        "rule_pack",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("place_id", sa.BigInteger(), nullable=True, comment="none: everywhere"),
        sa.Column("code", sa.Text(), nullable=False, comment="of the shipped pack it began as"),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column(
            "settings",
            postgresql.JSONB(),
            nullable=False,
            comment="whole, so that no later release alters it",
        ),
        sa.Column("made_by", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("withdrawn_by", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("code <> ''", name=op.f("rule_pack_code_given")),
        sa.CheckConstraint("jsonb_typeof(settings) = 'object'", name=op.f("rule_pack_settings_named")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("rule_pack_made_by_person")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("rule_pack_place_id_place")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("rule_pack_withdrawn_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("rule_pack_key")),
    )
    op.create_index("rule_pack_place_id_from_on_index", "rule_pack", ["place_id", "from_on"])
    op.execute("GRANT SELECT, INSERT, UPDATE (withdrawn_by, withdrawn_at) ON rule_pack TO gridkeeper_app")
    op.execute("GRANT USAGE ON SEQUENCE rule_pack_id_seq TO gridkeeper_app")
    calendar = op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("worked", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="of the holiday"),
        sa.Column(
            "provisional",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="by statute; how it is made up for has not been announced",
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("calendar_day_key")),
    )
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON calendar_day TO gridkeeper_app")
    op.bulk_insert(calendar, [*_days(ANNOUNCED, provisional=False), *_days(STATUTORY, provisional=True)])
    op.execute(COUNTS)
    for name in FUNCTION_NAMES:
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO gridkeeper_app")


def _days(holidays: tuple, *, provisional: bool) -> list[dict]:
    rows = []
    for name, first, last, made_up in holidays:
        begins, ends = date.fromisoformat(first), date.fromisoformat(last)
        for number in range((ends - begins).days + 1):
            day = begins + timedelta(days=number)
            rows.append({"day": day, "worked": False, "name": name, "provisional": provisional})
        rows += [
            {"day": date.fromisoformat(day), "worked": True, "name": name, "provisional": provisional}
            for day in made_up
        ]
    return rows


def downgrade() -> None:
    for name in FUNCTION_NAMES:
        op.execute(f"DROP FUNCTION {name}")
    op.drop_table("calendar_day")
    op.drop_table("rule_pack")
