"""The registers: who lives where, rentals, employers, visits, needs; and reads of them in the audit.

Why: personal rows are seen by who answers for the building or manages the place, and only once a transaction
has said what for. The app sets four settings for one transaction: `gridkeeper.purpose`, `gridkeeper.staff`
(paths of places whose rows it may see), `gridkeeper.buildings` (ids of buildings, for a coordinator's grids)
and `gridkeeper.household` (for a resident who reads about themselves). Without a purpose no row is seen,
whatever else is set. `guard_by_scope`, which knew places only, gives way to `guard_registers`.

What leaders see are counts: `register_counts` makes them for the places of `gridkeeper.scope` as the owner,
whom a policy of its own lets read within such a function and nowhere else.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

TABLES = (
    *("dwelling", "household", "resident", "stay", "landlord", "rental", "tenancy", "employer", "letter"),
    *("visit", "promise", "service", "need", "referral"),
)
SUBJECT = "nullif(current_setting('gridkeeper.household', true), '')::bigint"
# Besides staff, a resident sees the rows of their own household.
OF_SUBJECT = {
    "dwelling": f"EXISTS (SELECT FROM household WHERE dwelling_id = dwelling.id AND id = {SUBJECT})",
    "household": f"id = {SUBJECT}",
    **dict.fromkeys(("resident", "stay", "tenancy", "visit", "need"), f"household_id = {SUBJECT}"),
    "promise": f"EXISTS (SELECT FROM visit WHERE visit.id = visit_id AND household_id = {SUBJECT})",
    "referral": f"EXISTS (SELECT FROM need WHERE need.id = need_id AND household_id = {SUBJECT})",
    "landlord": "EXISTS (SELECT FROM rental WHERE landlord_id = landlord.id)",  # who sees the rental
    **dict.fromkeys(("rental", "employer", "letter"), "false"),
}
ROOTS = ("dwelling", "landlord", "rental", "employer", "visit")  # whose community nothing else holds

FUNCTIONS = """
CREATE FUNCTION staff_paths() RETURNS ltree[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(nullif(current_setting('gridkeeper.staff', true), ''), ',')::ltree[] $$;

CREATE FUNCTION served_buildings() RETURNS bigint[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT string_to_array(nullif(current_setting('gridkeeper.buildings', true), ''), ',')::bigint[] $$;

CREATE FUNCTION building_community(building bigint) RETURNS bigint LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT place.id FROM building
    JOIN place AS imported ON imported.id = building.place_id
    JOIN place ON place.path <@ imported.path
        AND (place.id = imported.id OR ST_Covers(place.outline, building.position))
    WHERE building.id = $1 ORDER BY nlevel(place.path) DESC, place.code LIMIT 1
$$;

CREATE FUNCTION seat_row() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.community_id := building_community(NEW.building_id);
    RETURN NEW;
END $$;

CREATE FUNCTION guard_registers(guarded regclass, of_subject text) RETURNS void LANGUAGE plpgsql AS $guard$
DECLARE
    seen CONSTANT text := format($seen$
        nullif(current_setting('gridkeeper.purpose', true), '') IS NOT NULL AND (
            community_id = ANY (ARRAY(SELECT id FROM place WHERE path <@ ANY (staff_paths())))
            OR building_id = ANY ((SELECT served_buildings())::bigint[])
            OR %s
        )$seen$, of_subject);
    kept CONSTANT text := $kept$current_setting('gridkeeper.keeping', true) = 'on'$kept$;
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);  -- its owner too
    EXECUTE format(
        'CREATE POLICY opened ON %s TO gridkeeper_app USING (%s) WITH CHECK (%s)', guarded, seen, seen
    );
    EXECUTE format('CREATE POLICY kept ON %s TO CURRENT_USER USING (%s)', guarded, kept);
END $guard$;
REVOKE ALL ON FUNCTION guard_registers(regclass, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION seat_row() FROM PUBLIC;
"""
COUNTS = """
CREATE FUNCTION register_counts(since timestamptz)
RETURNS TABLE (
    building_id bigint, community_id bigint, dwellings bigint, households bigint, residents bigint,
    floating bigint, rentals bigint, verified bigint
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    RETURN QUERY WITH seen AS MATERIALIZED (SELECT id FROM place WHERE path <@ ANY (scope_paths())),
    counted AS (
        SELECT building_id, community_id, 'dwelling' AS what, false AS floating FROM dwelling
        WHERE retired_at IS NULL AND community_id IN (SELECT id FROM seen)
        UNION ALL
        SELECT building_id, community_id, 'household', false FROM household
        WHERE ended_on IS NULL AND community_id IN (SELECT id FROM seen)
        UNION ALL
        SELECT stay.building_id, stay.community_id, 'resident', resident.registered_here IS FALSE
        FROM stay JOIN resident ON resident.id = stay.resident_id
        WHERE stay.until_on IS NULL AND stay.community_id IN (SELECT id FROM seen)
        UNION ALL
        SELECT building_id, community_id, 'rental', false FROM rental
        WHERE ended_on IS NULL AND community_id IN (SELECT id FROM seen)
        UNION ALL
        SELECT DISTINCT ON (visit.household_id) visit.building_id, visit.community_id, 'verified', false
        FROM visit JOIN household ON household.id = visit.household_id AND household.ended_on IS NULL
        WHERE visit.verified AND visit.happened_at >= since AND visit.community_id IN (SELECT id FROM seen)
    )
    SELECT building_id, community_id,
        count(*) FILTER (WHERE what = 'dwelling'), count(*) FILTER (WHERE what = 'household'),
        count(*) FILTER (WHERE what = 'resident'), count(*) FILTER (WHERE counted.floating),
        count(*) FILTER (WHERE what = 'rental'), count(*) FILTER (WHERE what = 'verified')
    FROM counted GROUP BY building_id, community_id;
    PERFORM set_config('gridkeeper.keeping', '', true);
END $$;
REVOKE ALL ON FUNCTION register_counts(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register_counts(timestamptz) TO gridkeeper_app;

CREATE FUNCTION reseat_registers(path ltree) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE moved bigint;
BEGIN
    PERFORM set_config('gridkeeper.keeping', 'on', true);
    WITH standing AS MATERIALIZED (
        SELECT building.id, building_community(building.id) AS community_id
        FROM building JOIN place ON place.id = building.place_id WHERE place.path <@ $1
    ),
    dwellings AS (
        UPDATE dwelling SET community_id = standing.community_id FROM standing
        WHERE standing.id = building_id AND dwelling.community_id <> standing.community_id RETURNING 1
    ),
    rentals AS (
        UPDATE rental SET community_id = standing.community_id FROM standing
        WHERE standing.id = building_id AND rental.community_id <> standing.community_id
            AND dwelling_id IS NULL RETURNING 1
    ),
    landlords AS (
        UPDATE landlord SET community_id = standing.community_id FROM standing
        WHERE standing.id = building_id AND landlord.community_id <> standing.community_id RETURNING 1
    ),
    employers AS (
        UPDATE employer SET community_id = standing.community_id FROM standing
        WHERE standing.id = building_id AND employer.community_id <> standing.community_id RETURNING 1
    ),
    visits AS (
        UPDATE visit SET community_id = standing.community_id FROM standing
        WHERE standing.id = building_id AND visit.community_id <> standing.community_id
            AND dwelling_id IS NULL RETURNING 1
    )
    SELECT (SELECT count(*) FROM dwellings) + (SELECT count(*) FROM rentals)
        + (SELECT count(*) FROM landlords) + (SELECT count(*) FROM employers) + (SELECT count(*) FROM visits)
    INTO moved;
    PERFORM set_config('gridkeeper.keeping', '', true);
    RETURN moved;
END $$;
REVOKE ALL ON FUNCTION reseat_registers(ltree) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reseat_registers(ltree) TO gridkeeper_app;
"""
GUARD_BY_SCOPE = """
CREATE FUNCTION guard_by_scope(guarded regclass) RETURNS void LANGUAGE plpgsql AS $guard$
DECLARE
    seen CONSTANT text :=
        'community_id = ANY (ARRAY(SELECT id FROM place WHERE path <@ ANY (scope_paths())))';
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', guarded);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', guarded);  -- its owner too
    EXECUTE format('CREATE POLICY in_scope ON %s USING (%s) WITH CHECK (%s)', guarded, seen, seen);
END $guard$;
REVOKE ALL ON FUNCTION guard_by_scope(regclass) FROM PUBLIC;
"""
FUNCTION_NAMES = (
    *("register_counts(timestamptz)", "reseat_registers(ltree)", "guard_registers(regclass, text)"),
    *("seat_row()", "building_community(bigint)", "served_buildings()", "staff_paths()"),
)


def upgrade() -> None:
    _homes()
    _rentals()
    _employers()
    _visits()
    _needs()
    _reads()
    op.execute("DROP FUNCTION guard_by_scope(regclass)")
    op.execute(FUNCTIONS)
    for table, of_subject in OF_SUBJECT.items():
        op.execute(
            sa.text("SELECT guard_registers(CAST(:table AS regclass), :seen)").bindparams(
                table=table, seen=of_subject
            )
        )
    for table in ROOTS:
        op.execute(
            f"CREATE TRIGGER seat_row BEFORE INSERT OR UPDATE OF building_id ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION seat_row()"
        )
    op.execute(COUNTS)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(TABLES)} TO gridkeeper_app")
    op.execute(
        f"GRANT USAGE ON SEQUENCE {', '.join(f'{table}_id_seq' for table in TABLES)} TO gridkeeper_app"
    )


def _homes() -> None:
    op.create_table(
        "dwelling",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False, comment="the building stands in"),
        sa.Column("entrance_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False, comment="the number on the door, as in 302"),
        sa.Column("floor", sa.SmallInteger(), nullable=True),
        sa.Column("use", sa.Text(), server_default="home", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("code <> ''", name=op.f("dwelling_code_given")),
        sa.CheckConstraint("use IN ('home', 'rental', 'empty', 'other')", name=op.f("dwelling_use_known")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("dwelling_building_id_building")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("dwelling_community_id_place")),
        sa.ForeignKeyConstraint(
            ["entrance_id"], ["entrance.id"], name=op.f("dwelling_entrance_id_entrance"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("dwelling_key")),
        sa.UniqueConstraint(
            "building_id",
            "entrance_id",
            "code",
            name=op.f("dwelling_building_id_entrance_id_code_unique"),
            postgresql_nulls_not_distinct=True,
        ),
        sa.UniqueConstraint("id", "building_id", "community_id", name="dwelling_seat_unique"),
    )
    op.create_index("dwelling_building_id_index", "dwelling", ["building_id"], unique=False)
    op.create_index("dwelling_community_id_index", "dwelling", ["community_id"], unique=False)
    op.create_table(
        "household",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("dwelling_id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("visit_hour", sa.Text(), nullable=True, comment="when they like to be visited"),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "visit_hour IN ('day', 'evening', 'weekend')", name=op.f("household_visit_hour_known")
        ),
        sa.CheckConstraint("ended_on >= begun_on", name=op.f("household_ends_after_it_began")),
        sa.ForeignKeyConstraint(
            ["dwelling_id", "building_id", "community_id"],
            ["dwelling.id", "dwelling.building_id", "dwelling.community_id"],
            name="household_dwelling",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("household_key")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="household_seat_unique"),
    )
    op.create_index("household_building_id_index", "household", ["building_id"], unique=False)
    op.create_index("household_community_id_index", "household", ["community_id"], unique=False)
    op.create_index("household_dwelling_id_index", "household", ["dwelling_id"], unique=False)
    op.create_table(
        "resident",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("age_band", sa.Text(), nullable=True),
        sa.Column("registered_here", sa.Boolean(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "purpose", sa.Text(), nullable=False, comment="what it is kept for, as the resident was told"
        ),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "age_band IN ('under 14', '14-15', '16 or over')", name=op.f("resident_age_band_known")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("resident_name_given")),
        sa.CheckConstraint("purpose <> ''", name=op.f("resident_purpose_given")),
        sa.CheckConstraint(
            "source IN ('visit', 'resident', 'landlord', 'employer', 'import', 'exchange')",
            name=op.f("resident_source_known"),
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("resident_entered_by_person")),
        sa.ForeignKeyConstraint(
            ["household_id", "building_id", "community_id"],
            ["household.id", "household.building_id", "household.community_id"],
            name="resident_household",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("resident_key")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="resident_seat_unique"),
    )
    op.create_index("resident_building_id_index", "resident", ["building_id"], unique=False)
    op.create_index("resident_community_id_index", "resident", ["community_id"], unique=False)
    op.create_index("resident_household_id_index", "resident", ["household_id"], unique=False)
    op.create_index(
        "resident_name_index",
        "resident",
        ["name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"name": "gin_trgm_ops"},
    )
    op.create_table(
        "stay",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True, comment="starts the clock of the retention"),
        sa.Column(
            "client_id",
            sa.Uuid(as_uuid=False),
            nullable=True,
            comment="made on the phone that registered the arrival",
        ),
        sa.CheckConstraint("until_on >= from_on", name=op.f("stay_ends_after_it_began")),
        sa.ForeignKeyConstraint(
            ["household_id", "building_id", "community_id"],
            ["household.id", "household.building_id", "household.community_id"],
            name="stay_household",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("stay_resident_id_resident"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("stay_key")),
        sa.UniqueConstraint("client_id", name=op.f("stay_client_id_unique")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="stay_seat_unique"),
    )
    op.create_index("stay_building_id_index", "stay", ["building_id"], unique=False)
    op.create_index("stay_community_id_index", "stay", ["community_id"], unique=False)
    op.create_index("stay_household_id_index", "stay", ["household_id"], unique=False)
    op.create_index(
        "stay_open_index", "stay", ["resident_id"], unique=True, postgresql_where=sa.text("until_on IS NULL")
    )
    op.create_index("stay_until_on_index", "stay", ["until_on"], unique=False)


def _rentals() -> None:
    op.create_table(
        "landlord",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False, comment="of the first rental"),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("landlord_name_given")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("landlord_building_id_building")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("landlord_community_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("landlord_key")),
    )
    op.create_index("landlord_building_id_index", "landlord", ["building_id"], unique=False)
    op.create_index("landlord_community_id_index", "landlord", ["community_id"], unique=False)
    op.create_table(
        "rental",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("dwelling_id", sa.Integer(), nullable=True),
        sa.Column("compound_id", sa.BigInteger(), nullable=True),
        sa.Column("building_id", sa.Integer(), nullable=False, comment="of a compound, one of its buildings"),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("landlord_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True, comment="what it is let for, as in living or storing"),
        sa.Column("rooms", sa.SmallInteger(), nullable=True),
        sa.Column("area_m2", sa.Numeric(precision=8, scale=1), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(dwelling_id IS NULL) <> (compound_id IS NULL)", name=op.f("rental_dwelling_or_compound")
        ),
        sa.CheckConstraint("area_m2 > 0", name=op.f("rental_area_measured")),
        sa.CheckConstraint("ended_on >= begun_on", name=op.f("rental_ends_after_it_began")),
        sa.CheckConstraint("rooms > 0", name=op.f("rental_rooms_counted")),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name="rental_building"),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("rental_community_id_place")),
        sa.ForeignKeyConstraint(["compound_id"], ["compound.id"], name=op.f("rental_compound_id_compound")),
        sa.ForeignKeyConstraint(
            ["dwelling_id", "building_id", "community_id"],
            ["dwelling.id", "dwelling.building_id", "dwelling.community_id"],
            name="rental_dwelling",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["landlord_id"], ["landlord.id"], name=op.f("rental_landlord_id_landlord")),
        sa.PrimaryKeyConstraint("id", name=op.f("rental_key")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="rental_seat_unique"),
    )
    op.create_index("rental_building_id_index", "rental", ["building_id"], unique=False)
    op.create_index("rental_community_id_index", "rental", ["community_id"], unique=False)
    op.create_index("rental_compound_id_index", "rental", ["compound_id"], unique=False)
    op.create_index("rental_dwelling_id_index", "rental", ["dwelling_id"], unique=False)
    op.create_index("rental_landlord_id_index", "rental", ["landlord_id"], unique=False)
    op.create_table(
        "tenancy",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rental_id", sa.Integer(), nullable=False),
        sa.Column(
            "household_id", sa.Integer(), nullable=True, comment="the tenants, where they are registered"
        ),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True, comment="as agreed, or as it ended"),
        sa.Column(
            "ended",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="the tenants have moved out",
        ),
        sa.CheckConstraint("until_on >= from_on", name=op.f("tenancy_ends_after_it_began")),
        sa.ForeignKeyConstraint(
            ["household_id", "building_id", "community_id"],
            ["household.id", "household.building_id", "household.community_id"],
            name="tenancy_household",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["rental_id", "building_id", "community_id"],
            ["rental.id", "rental.building_id", "rental.community_id"],
            name="tenancy_rental",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("tenancy_key")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="tenancy_seat_unique"),
    )
    op.create_index("tenancy_building_id_index", "tenancy", ["building_id"], unique=False)
    op.create_index("tenancy_community_id_index", "tenancy", ["community_id"], unique=False)
    op.create_index("tenancy_household_id_index", "tenancy", ["household_id"], unique=False)
    op.create_index("tenancy_rental_id_index", "tenancy", ["rental_id"], unique=False)


def _employers() -> None:
    op.create_table(
        "employer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="employer", nullable=False),
        sa.Column("size", sa.Text(), nullable=True, comment="how many work there"),
        sa.Column("contact_name", sa.Text(), nullable=True, comment="of the safety contact"),
        sa.Column("contact_phone", sa.Text(), nullable=True),
        sa.Column("begun_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('employer', 'shop', 'market', 'site')", name=op.f("employer_kind_known")
        ),
        sa.CheckConstraint("name <> ''", name=op.f("employer_name_given")),
        sa.CheckConstraint(
            "size IN ('1-9', '10-49', '50-299', '300 or more')", name=op.f("employer_size_known")
        ),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name=op.f("employer_building_id_building")),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("employer_community_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("employer_key")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="employer_seat_unique"),
    )
    op.create_index("employer_building_id_index", "employer", ["building_id"], unique=False)
    op.create_index("employer_community_id_index", "employer", ["community_id"], unique=False)
    op.create_table(
        "letter",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("rental_id", sa.Integer(), nullable=True),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("tenancy_id", sa.BigInteger(), nullable=True),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("scan", sa.LargeBinary(), nullable=True),
        sa.Column("scan_type", sa.Text(), nullable=True),
        sa.Column("entered_by", sa.BigInteger(), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('contract', 'safety letter', 'duty statement')", name=op.f("letter_kind_known")
        ),
        sa.CheckConstraint(
            "scan_type IN ('image/jpeg', 'image/png', 'application/pdf')", name=op.f("letter_scan_type_known")
        ),
        sa.CheckConstraint(
            "(rental_id IS NULL) <> (employer_id IS NULL)", name=op.f("letter_rental_or_employer")
        ),
        sa.CheckConstraint("(scan IS NULL) = (scan_type IS NULL)", name=op.f("letter_scan_typed")),
        sa.CheckConstraint("expires_on >= signed_on", name=op.f("letter_expires_after_signing")),
        sa.ForeignKeyConstraint(
            ["employer_id", "building_id", "community_id"],
            ["employer.id", "employer.building_id", "employer.community_id"],
            name="letter_employer",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("letter_entered_by_person")),
        sa.ForeignKeyConstraint(
            ["rental_id", "building_id", "community_id"],
            ["rental.id", "rental.building_id", "rental.community_id"],
            name="letter_rental",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenancy_id"], ["tenancy.id"], name=op.f("letter_tenancy_id_tenancy")),
        sa.PrimaryKeyConstraint("id", name=op.f("letter_key")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="letter_seat_unique"),
    )
    op.create_index("letter_building_id_index", "letter", ["building_id"], unique=False)
    op.create_index("letter_community_id_index", "letter", ["community_id"], unique=False)
    op.create_index("letter_employer_id_index", "letter", ["employer_id"], unique=False)
    op.create_index("letter_expires_on_index", "letter", ["expires_on"], unique=False)
    op.create_index("letter_rental_id_index", "letter", ["rental_id"], unique=False)


def _visits() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "client_id",
            sa.Uuid(as_uuid=False),
            nullable=False,
            comment="made where it was written down: sent twice, it is one",
        ),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("dwelling_id", sa.Integer(), nullable=True),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column(
            "verified",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="what is held about the household was gone through and is right",
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False, comment="by the phone"),
        sa.Column("entered_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("result IN ('met', 'nobody home', 'refused')", name=op.f("visit_result_known")),
        sa.CheckConstraint(
            "household_id IS NULL OR dwelling_id IS NOT NULL", name=op.f("visit_household_at_its_door")
        ),
        sa.ForeignKeyConstraint(["building_id"], ["building.id"], name="visit_building"),
        sa.ForeignKeyConstraint(["community_id"], ["place.id"], name=op.f("visit_community_id_place")),
        sa.ForeignKeyConstraint(
            ["dwelling_id", "building_id", "community_id"],
            ["dwelling.id", "dwelling.building_id", "dwelling.community_id"],
            name="visit_dwelling",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["household_id", "building_id", "community_id"],
            ["household.id", "household.building_id", "household.community_id"],
            name="visit_household",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("visit_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("visit_key")),
        sa.UniqueConstraint("client_id", name=op.f("visit_client_id_unique")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="visit_seat_unique"),
    )
    op.create_index("visit_building_id_index", "visit", ["building_id"], unique=False)
    op.create_index("visit_community_id_index", "visit", ["community_id"], unique=False)
    op.create_index("visit_dwelling_id_index", "visit", ["dwelling_id", "happened_at"], unique=False)
    op.create_index("visit_household_id_index", "visit", ["household_id", "happened_at"], unique=False)
    op.create_index("visit_person_id_index", "visit", ["person_id"], unique=False)
    op.create_table(
        "promise",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("promised", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("kept_on", sa.Date(), nullable=True),
        sa.CheckConstraint("asked <> '' OR promised <> ''", name=op.f("promise_something_said")),
        sa.CheckConstraint("promised IS NULL OR due_on IS NOT NULL", name=op.f("promise_promised_for_a_day")),
        sa.ForeignKeyConstraint(
            ["visit_id", "building_id", "community_id"],
            ["visit.id", "visit.building_id", "visit.community_id"],
            name="promise_visit",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("promise_key")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="promise_seat_unique"),
    )
    op.create_index("promise_building_id_index", "promise", ["building_id"], unique=False)
    op.create_index("promise_community_id_index", "promise", ["community_id"], unique=False)
    op.create_index(
        "promise_due_on_index",
        "promise",
        ["due_on"],
        unique=False,
        postgresql_where=sa.text("kept_on IS NULL"),
    )
    op.create_index("promise_visit_id_index", "promise", ["visit_id"], unique=False)


def _needs() -> None:
    op.create_table(
        "service",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False, comment="who does it, as in the employment office"),
        sa.Column(
            "days", sa.SmallInteger(), server_default="15", nullable=False, comment="until an answer is due"
        ),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("name_en <> '' AND name_zh <> ''", name=op.f("service_name_given")),
        sa.CheckConstraint("days > 0", name=op.f("service_days_counted")),
        sa.PrimaryKeyConstraint("id", name=op.f("service_key")),
        sa.UniqueConstraint("code", name=op.f("service_code_unique")),
    )
    op.create_table(
        "need",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("resident_id", sa.BigInteger(), nullable=True),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False, comment="when the entry is to go"),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column(
            "code_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="of the code by which the resident follows it",
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("purpose <> ''", name=op.f("need_purpose_given")),
        sa.CheckConstraint("state IN ('open', 'referred', 'done')", name=op.f("need_state_known")),
        sa.ForeignKeyConstraint(
            ["household_id", "building_id", "community_id"],
            ["household.id", "household.building_id", "household.community_id"],
            name="need_household",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("need_owner_id_person")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["resident.id"], name=op.f("need_resident_id_resident"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["service_id"], ["service.id"], name=op.f("need_service_id_service")),
        sa.PrimaryKeyConstraint("id", name=op.f("need_key")),
        sa.UniqueConstraint("code_hash", name=op.f("need_code_hash_unique")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="need_seat_unique"),
    )
    op.create_index("need_building_id_index", "need", ["building_id"], unique=False)
    op.create_index("need_community_id_index", "need", ["community_id"], unique=False)
    op.create_index("need_household_id_index", "need", ["household_id"], unique=False)
    op.create_index("need_until_on_index", "need", ["until_on"], unique=False)
    op.create_table(
        "referral",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("need_id", sa.Integer(), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.CheckConstraint("office <> ''", name=op.f("referral_office_given")),
        sa.CheckConstraint("(result IS NULL) = (result_on IS NULL)", name=op.f("referral_result_dated")),
        sa.ForeignKeyConstraint(
            ["need_id", "building_id", "community_id"],
            ["need.id", "need.building_id", "need.community_id"],
            name="referral_need",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("referral_owner_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("referral_key")),
        sa.UniqueConstraint("id", "building_id", "community_id", name="referral_seat_unique"),
    )
    op.create_index("referral_building_id_index", "referral", ["building_id"], unique=False)
    op.create_index("referral_community_id_index", "referral", ["community_id"], unique=False)
    op.create_index("referral_need_id_index", "referral", ["need_id"], unique=False)


def _reads() -> None:
    op.add_column(
        "audit", sa.Column("purpose", sa.Text(), nullable=True, comment="of a read of personal rows")
    )
    op.add_column(
        "audit",
        sa.Column(
            "households",
            postgresql.ARRAY(sa.BigInteger()),
            nullable=True,
            comment="whose rows were read, so that they can be told",
        ),
    )
    op.create_index(
        "audit_households_index",
        "audit",
        ["households"],
        unique=False,
        postgresql_using="gin",
        postgresql_where=sa.text("households IS NOT NULL"),
    )
    op.create_check_constraint(
        op.f("audit_read_for_a_purpose"), "audit", "(households IS NULL) = (purpose IS NULL)"
    )


def downgrade() -> None:
    op.drop_constraint(op.f("audit_read_for_a_purpose"), "audit")
    op.drop_index("audit_households_index", "audit")
    op.drop_column("audit", "households")
    op.drop_column("audit", "purpose")
    for table in reversed(TABLES):
        op.execute(f"DROP TABLE {table} CASCADE")
    for name in FUNCTION_NAMES:
        op.execute(f"DROP FUNCTION {name}")
    op.execute(GUARD_BY_SCOPE)
