"""Figures of a large city at once: each table is read one time, and what lives on is kept with the household.

Why: of 120,000 households, the indicators read all stays and residents for their completeness, all visits
three times, and for the balance of two weeks every stay fourteen times. Now a household keeps how many of the
two things that ought to be known of each resident are told, as it keeps how many live there; one pass over
households and one over the visits of the quarter give four figures; and the balance starts from what is and
goes back by those who came and left since. The map counts homes without reading every dwelling.
"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

OPENED = """LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE former CONSTANT text := coalesce(current_setting('gridkeeper.keeping', true), '');"""
FIGURES = """LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column"""
# How many rows a quarter or a fortnight has, the planner sees only where it knows the days.
BY_DAYS = FIGURES.replace("AS $$", "SET plan_cache_mode = force_custom_plan AS $$")


def _tally(counted: str, kept: str, found: str) -> str:
    """`tally_residents` of 0055, with more to count."""
    return f"""
CREATE OR REPLACE FUNCTION tally_residents(ids bigint[]) RETURNS void {OPENED}
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    PERFORM FROM household WHERE id = ANY (ids) ORDER BY id FOR NO KEY UPDATE;
    UPDATE household SET ({kept}) = ROW({found})
    FROM (
        SELECT asked.id, count(resident.id) AS residents,
            count(resident.id) FILTER (WHERE resident.registered_here IS FALSE) AS floating{counted}
        FROM unnest(ids) AS asked (id)
        LEFT JOIN stay ON stay.household_id = asked.id AND stay.until_on IS NULL
        LEFT JOIN resident ON resident.id = stay.resident_id
        GROUP BY asked.id
    ) AS found
    WHERE household.id = found.id AND ({", ".join(f"household.{one}" for one in kept.split(", "))})
        IS DISTINCT FROM ({found});
    PERFORM set_config('gridkeeper.keeping', former, true);
END $$;
"""


def _note(changed: str) -> str:
    """`note_residents` of 0055. changed: a condition on what was `gone` and what was `added`."""
    return f"""
CREATE OR REPLACE FUNCTION note_residents() RETURNS trigger {OPENED}
    ids bigint[];
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    ids := ARRAY(
        SELECT DISTINCT stay.household_id FROM gone JOIN added USING (id)
        JOIN stay ON stay.resident_id = gone.id AND stay.until_on IS NULL
        WHERE {changed}
    );
    PERFORM set_config('gridkeeper.keeping', former, true);
    IF cardinality(ids) > 0 THEN
        PERFORM tally_residents(ids);
    END IF;
    RETURN NULL;
END $$;
"""


TALLY = _tally(
    ", count(resident.age_band) + count(resident.registered_here) AS told",
    "residents, floating, told",
    "found.residents, found.floating, found.told",
)
FORMER_TALLY = _tally("", "residents, floating", "found.residents, found.floating")
NOTE = _note("""(gone.registered_here, gone.age_band)
            IS DISTINCT FROM (added.registered_here, added.age_band)""")
FORMER_NOTE = _note("gone.registered_here IS DISTINCT FROM added.registered_here")
COUNT_ALL = """
    SELECT set_config('gridkeeper.keeping', 'on', true);
    SELECT tally_residents(ARRAY(SELECT id FROM household));
    SELECT set_config('gridkeeper.keeping', '', true);
"""
HEAD = """
CREATE OR REPLACE FUNCTION indicator_counts(
    since timestamptz, until timestamptz, first date, after date, today date, entry_hours integer
)
RETURNS TABLE (building_id bigint, name text, part bigint, whole bigint)
"""
DONE = """
    PERFORM set_config('gridkeeper.keeping', '', true);
END $$;
"""


def _questions(by: str, at: str = "", standing: str = "") -> str:
    """All figures, summed `by` a column. at: a join that gives it, for each table that has buildings.

    Who was last verified in the quarter is so by `verified_at` alone; who was later, perhaps in it too: with
    `OFFSET 0` that is looked up for those alone, not all visits at once. A dwelling that is let but not said
    to be is rare, and looked up likewise.
    """
    here = "community_id IN (SELECT id FROM seen)"
    return f"""WITH seen AS MATERIALIZED (SELECT id FROM place WHERE path <@ ANY (scope_paths())),{standing}
    homes AS MATERIALIZED (
        SELECT {by} AS key, sum(told) AS told, 2 * sum(residents) AS tellable,
            count(*) FILTER (WHERE ended_on IS NULL) AS households,
            count(*) FILTER (WHERE ended_on IS NULL AND verified_at >= $1 AND (verified_at < $2 OR EXISTS (
                SELECT FROM visit WHERE visit.household_id = household.id AND verified
                    AND happened_at >= $1 AND happened_at < $2 OFFSET 0
            ))) AS verified
        FROM household {at} WHERE {here} GROUP BY {by}
    ),
    calls AS MATERIALIZED (
        SELECT {by} AS key, count(*) AS made,
            count(*) FILTER (WHERE entered_at <= happened_at + make_interval(hours => $6)) AS in_time,
            count(*) FILTER (WHERE result = 'met' AND household_id IS NOT NULL) AS met,
            count(*) FILTER (WHERE result = 'met' AND household_id IS NOT NULL AND verified) AS verified
        FROM visit {at} WHERE happened_at >= $1 AND happened_at < $2 AND {here} GROUP BY {by}
    ),
    let AS MATERIALIZED (
        SELECT id AS dwelling_id, building_id FROM dwelling
        WHERE use = 'rental' AND retired_at IS NULL AND {here}
    ),
    open AS MATERIALIZED (
        SELECT id, dwelling_id FROM rental WHERE ended_on IS NULL AND dwelling_id IS NOT NULL AND {here}
    ),
    renting AS (
        SELECT let.building_id, open.id AS rental_id
        FROM let LEFT JOIN open ON open.dwelling_id = let.dwelling_id
        UNION ALL
        SELECT lived_in.building_id, other.id
        FROM (
            SELECT id, dwelling_id FROM open WHERE dwelling_id NOT IN (SELECT dwelling_id FROM let)
        ) AS other
        CROSS JOIN LATERAL (
            SELECT building_id FROM dwelling
            WHERE dwelling.id = other.dwelling_id AND retired_at IS NULL OFFSET 0
        ) AS lived_in
    )
    SELECT key::bigint, 'verification', verified, households FROM homes WHERE households > 0
    UNION ALL
    SELECT key, 'completeness', told, tellable FROM homes WHERE tellable > 0
    UNION ALL
    SELECT key, 'entry_on_time', in_time, made FROM calls
    UNION ALL
    SELECT key, 'accuracy', verified, met FROM calls WHERE met > 0
    UNION ALL
    SELECT {by}, 'rental_registration', count(rental_id), count(*) FROM renting {at} GROUP BY {by}
    UNION ALL
    SELECT {by}, 'tenant_registration', count(household_id), count(*) FROM tenancy {at}
    WHERE NOT ended AND from_on <= $5 AND from_on < $4 AND {here} GROUP BY {by}
    UNION ALL
    SELECT {by}, 'cancelled_on_leaving', count(*) FILTER (WHERE NOT EXISTS (
        SELECT FROM stay WHERE stay.household_id = tenancy.household_id AND stay.until_on IS NULL
    )), count(*)
    FROM tenancy {at} WHERE ended AND household_id IS NOT NULL AND {here}
        AND until_on >= $3 AND until_on < $4 AND until_on <= $5 GROUP BY {by}
    UNION ALL
    SELECT {by}, 'promises_kept', count(*) FILTER (WHERE kept_on <= due_on), count(*) FROM promise {at}
    WHERE due_on >= $3 AND due_on < least($4, $5) AND {here} GROUP BY {by}
    UNION ALL
    SELECT {by}, 'referrals_answered', count(*) FILTER (WHERE result_on <= due_on), count(*)
    FROM referral {at} WHERE due_on >= $3 AND due_on < least($4, $5) AND {here} GROUP BY {by}
    UNION ALL
    SELECT {by}, 'employer_contacts', count(contact_phone), count(*) FROM employer {at}
    WHERE ended_on IS NULL AND {here} GROUP BY {by}"""


COUNTS = f"""{HEAD}{BY_DAYS}
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    RETURN QUERY {_questions("building_id")};{DONE}"""
STANDING = """
    standing AS MATERIALIZED (
        SELECT building.id AS building_id, grid.id AS grid_id
        FROM building JOIN grid ON grid.id = ANY ($7) AND ST_Contains(grid.outline, building.position)
    ),"""
SUMS_NAME = "indicator_sums(timestamptz, timestamptz, date, date, date, integer, bigint[])"
SUMS = f"""
CREATE FUNCTION indicator_sums(
    since timestamptz, until timestamptz, first date, after date, today date, entry_hours integer,
    grids bigint[]
)
RETURNS TABLE (grid_id bigint, name text, part bigint, whole bigint)
{BY_DAYS}
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    RETURN QUERY {_questions("standing.grid_id", "JOIN standing USING (building_id)", STANDING)};{DONE}
REVOKE ALL ON FUNCTION {SUMS_NAME} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {SUMS_NAME} TO gridkeeper_app;
"""
FORMER_FEW = """
    UNION ALL
    SELECT building_id::bigint, 'tenant_registration', count(household_id), count(*)
    FROM tenancy WHERE NOT ended AND from_on <= $5 AND from_on < $4 AND community_id IN (SELECT id FROM seen)
    GROUP BY building_id
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
    FROM employer WHERE ended_on IS NULL AND community_id IN (SELECT id FROM seen) GROUP BY building_id"""
FORMER_COUNTS = f"""{HEAD}{FIGURES}
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
    SELECT stay.building_id::bigint, 'completeness',
        count(resident.age_band) + count(resident.registered_here), 2 * count(*)
    FROM stay JOIN resident ON resident.id = stay.resident_id
    WHERE stay.until_on IS NULL AND stay.community_id IN (SELECT id FROM seen)
    GROUP BY stay.building_id{FORMER_FEW};{DONE}"""
# Of each community by itself. `begun` is how many there were before the first day: who lives there now, with
# those who left since, without those who came.
FLOWS_NAME = "resident_flows(ltree, date, date)"
FLOWS = f"""
CREATE FUNCTION resident_flows(within ltree, first date, last date)
RETURNS TABLE (path ltree, day date, opening bigint, came bigint, went bigint, closing bigint)
{BY_DAYS}
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    RETURN QUERY WITH seen AS MATERIALIZED (
        SELECT id, path FROM place
        WHERE level = 'community' AND path <@ $1 AND path <@ ANY (scope_paths())
    ),
    arrived AS MATERIALIZED (
        SELECT community_id, from_on AS day, count(*) AS n FROM stay
        WHERE from_on >= $2 AND (until_on IS NULL OR until_on >= $2) AND community_id IN (SELECT id FROM seen)
        GROUP BY community_id, from_on
    ),
    departed AS MATERIALIZED (
        SELECT community_id, until_on AS day, count(*) AS n FROM stay
        WHERE until_on >= $2 AND community_id IN (SELECT id FROM seen) GROUP BY community_id, until_on
    ),
    begun AS MATERIALIZED (
        SELECT community_id, sum(n) AS n FROM (
            SELECT community_id, sum(residents) AS n FROM household
            WHERE community_id IN (SELECT id FROM seen) GROUP BY community_id
            UNION ALL SELECT community_id, n FROM departed
            UNION ALL SELECT community_id, -n FROM arrived
        ) AS counted GROUP BY community_id
    ),
    by_day AS (
        SELECT seen.path, days.day::date AS day, coalesce(begun.n, 0) AS begun,
            coalesce(arrived.n, 0) AS came, coalesce(departed.n, 0) AS went
        FROM seen CROSS JOIN generate_series($2::timestamp, $3::timestamp, interval '1 day') AS days(day)
        LEFT JOIN begun ON begun.community_id = seen.id
        LEFT JOIN arrived ON arrived.community_id = seen.id AND arrived.day = days.day::date
        LEFT JOIN departed ON departed.community_id = seen.id AND departed.day = days.day::date
    )
    SELECT path, day, (begun + sum(came - went) OVER so_far - came + went)::bigint, came::bigint,
        went::bigint, (begun + sum(came - went) OVER so_far)::bigint
    FROM by_day WINDOW so_far AS (PARTITION BY path ORDER BY day);{DONE}
REVOKE ALL ON FUNCTION {FLOWS_NAME} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {FLOWS_NAME} TO gridkeeper_app;
"""
FLOW_NAME = "resident_flow(ltree, date, date)"
FORMER_FLOW = f"""
CREATE FUNCTION resident_flow(path ltree, first date, last date)
RETURNS TABLE (day date, opening bigint, came bigint, went bigint, closing bigint)
{FIGURES}
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
REVOKE ALL ON FUNCTION {FLOW_NAME} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {FLOW_NAME} TO gridkeeper_app;
"""
HOMES = f"""
CREATE FUNCTION home_counts(since timestamptz)
RETURNS TABLE (
    building_id bigint, community_id bigint, households bigint, residents bigint, floating bigint,
    rentals bigint, verified bigint
)
{FIGURES}
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    RETURN QUERY WITH seen AS MATERIALIZED (SELECT id FROM place WHERE path <@ ANY (scope_paths())),
    counted AS (
        SELECT building_id, community_id, count(*) AS households, sum(residents) AS residents,
            sum(floating) AS floating, 0 AS rentals, count(*) FILTER (WHERE verified_at >= since) AS verified
        FROM household WHERE ended_on IS NULL AND NOT 'ledger' = ANY (objected)
            AND community_id IN (SELECT id FROM seen)
        GROUP BY building_id, community_id
        UNION ALL
        SELECT building_id, community_id, 0, 0, 0, count(*), 0 FROM rental
        WHERE ended_on IS NULL AND community_id IN (SELECT id FROM seen) GROUP BY building_id, community_id
    )
    SELECT building_id::bigint, community_id::bigint, sum(households)::bigint, sum(residents)::bigint,
        sum(floating)::bigint, sum(rentals)::bigint, sum(verified)::bigint
    FROM counted GROUP BY building_id, community_id;
    PERFORM set_config('gridkeeper.keeping', '', true);
END $$;
REVOKE ALL ON FUNCTION home_counts(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION home_counts(timestamptz) TO gridkeeper_app;
"""


def upgrade() -> None:
    op.add_column("household", sa.Column("told", sa.SmallInteger(), server_default="0", nullable=False))
    op.create_index("stay_from_on_index", "stay", ["from_on"])
    told = ["building_id", "community_id", "household_id", "entered_at", "result", "verified"]
    op.create_index("visit_happened_at_index", "visit", ["happened_at"], postgresql_include=told)
    let = sa.text("use = 'rental' AND retired_at IS NULL")
    op.create_index("dwelling_let_index", "dwelling", ["building_id"], postgresql_where=let)
    for made in (TALLY, NOTE, COUNT_ALL, COUNTS, SUMS, FLOWS, HOMES):
        op.execute(made)
    op.execute(f"DROP FUNCTION {FLOW_NAME}")


def downgrade() -> None:
    op.execute("DROP FUNCTION home_counts(timestamptz)")
    op.execute(f"DROP FUNCTION {SUMS_NAME}")
    op.execute(f"DROP FUNCTION {FLOWS_NAME}")
    for made in (FORMER_FLOW, FORMER_COUNTS, FORMER_NOTE, FORMER_TALLY):
        op.execute(made)
    op.drop_index("dwelling_let_index", table_name="dwelling")
    op.drop_index("visit_happened_at_index", table_name="visit")
    op.drop_index("stay_from_on_index", table_name="stay")
    op.drop_column("household", "told")
