"""Quarters of indicators by days of the city.

Why: a moment made a day here is a day of UTC, so that what was due on the last day of a quarter counted in
the next one too. The days come in as days: the first, the first one after, and today.
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

COUNTS = """
CREATE FUNCTION indicator_counts(
    since timestamptz, until timestamptz, first date, after date, today date, entry_hours integer
)
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
        count(*) FILTER (WHERE entered_at <= happened_at + make_interval(hours => $6)), count(*)
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
    FROM tenancy WHERE NOT ended AND from_on <= $5 AND from_on < $4 AND community_id IN (SELECT id FROM seen)
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
        AND until_on >= $3 AND until_on < $4 AND until_on <= $5
    GROUP BY building_id
    UNION ALL
    SELECT building_id::bigint, 'promises_kept', count(*) FILTER (WHERE kept_on <= due_on), count(*)
    FROM promise WHERE due_on >= $3 AND due_on < least($4, $5) AND community_id IN (SELECT id FROM seen)
    GROUP BY building_id
    UNION ALL
    SELECT building_id::bigint, 'referrals_answered', count(*) FILTER (WHERE result_on <= due_on), count(*)
    FROM referral WHERE due_on >= $3 AND due_on < least($4, $5) AND community_id IN (SELECT id FROM seen)
    GROUP BY building_id
    UNION ALL
    SELECT building_id::bigint, 'employer_contacts', count(contact_phone), count(*)
    FROM employer WHERE ended_on IS NULL AND community_id IN (SELECT id FROM seen) GROUP BY building_id;
    PERFORM set_config('gridkeeper.keeping', '', true);
END $$;
"""
FORMER = """
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
"""
NAME = "indicator_counts(timestamptz, timestamptz, date, date, date, integer)"
FORMER_NAME = "indicator_counts(timestamptz, timestamptz, date, integer)"


def upgrade() -> None:
    _replace(FORMER_NAME, NAME, COUNTS)


def downgrade() -> None:
    _replace(NAME, FORMER_NAME, FORMER)


def _replace(old: str, new: str, made: str) -> None:
    op.execute(f"DROP FUNCTION {old}")
    op.execute(made)
    op.execute(f"REVOKE ALL ON FUNCTION {new} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {new} TO gridkeeper_app")
