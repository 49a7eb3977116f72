"""Who lives where, who lets what to whom, and what was asked, seen and promised at the door.

Every table here holds personal rows: its row-level security is forced, and a transaction sees of them what
it opened with a purpose (`app.services.personal`). Each row names the building and the community it belongs
to. Both are those of its dwelling, held by compound foreign keys, so that who may see a row is one look at
it, and a building that comes to another community takes all its rows along.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    false,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, one_of

DWELLING_USES = ("home", "rental", "empty", "other")
AGE_BANDS = ("under 14", "14-15", "16 or over")
VISIT_HOURS = ("day", "evening", "weekend")
SOURCES = ("visit", "resident", "landlord", "employer", "import", "exchange")
VISIT_RESULTS = ("met", "nobody home", "refused")
LETTER_KINDS = ("contract", "safety letter", "duty statement")
EMPLOYER_KINDS = ("employer", "shop", "market", "site")
EMPLOYER_SIZES = ("1-9", "10-49", "50-299", "300 or more")
NEED_STATES = ("open", "referred", "done")


def _seat(table: str) -> ForeignKeyConstraint:
    """The dwelling of a row, and with it the building and community."""
    return ForeignKeyConstraint(
        ["dwelling_id", "building_id", "community_id"],
        ["dwelling.id", "dwelling.building_id", "dwelling.community_id"],
        name=f"{table}_dwelling",
        onupdate="CASCADE",
    )


def _of_household(table: str) -> ForeignKeyConstraint:
    """The household of a row, and with it the building and community."""
    return ForeignKeyConstraint(
        ["household_id", "building_id", "community_id"],
        ["household.id", "household.building_id", "household.community_id"],
        name=f"{table}_household",
        onupdate="CASCADE",
    )


def _seated(
    table: str, by: Sequence[str] = (), holding: Sequence[str] = ()
) -> tuple[UniqueConstraint, Index, Index]:
    """What compound foreign keys point at, and what row-level security looks up.

    by and holding: more columns the index by community sorts by and has, so that figures read no table.
    """
    return (
        UniqueConstraint("id", "building_id", "community_id", name=f"{table}_seat_unique"),
        Index(f"{table}_building_id_index", "building_id"),
        Index(f"{table}_community_id_index", "community_id", *by, postgresql_include=list(holding)),
    )


class Dwelling(Base):
    """房屋: one flat or let room of a building, by the number on its door."""

    __tablename__ = "dwelling"
    __table_args__ = (
        *_seated("dwelling"),
        UniqueConstraint("building_id", "entrance_id", "code", postgresql_nulls_not_distinct=True),
        one_of("use", *DWELLING_USES),
        CheckConstraint("code <> ''", name="code_given"),
        Index(
            "dwelling_let_index",
            "building_id",
            postgresql_where=text("use = 'rental' AND retired_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"), comment="the building stands in")
    entrance_id: Mapped[int | None] = mapped_column(ForeignKey("entrance.id", ondelete="SET NULL"))
    code: Mapped[str] = mapped_column(Text, comment="the number on the door, as in 302")
    floor: Mapped[int | None] = mapped_column(SmallInteger)
    use: Mapped[str] = mapped_column(Text, server_default="home")
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


NEVER = "'1900-01-01 00:00:00+00'::timestamptz"  # when a household was visited that never was, for sorting


class Household(Base):
    """户: people living together in one dwelling; one file.

    residents, floating, told, visited_at, verified_at and promises are kept by triggers on stays, residents,
    visits and promises, so that ledgers and figures sort and sum by them: how many live here now, how many of
    them registered elsewhere, what is told of their age bands and places of registration (two of each), when
    somebody last called and last went through the entry, and the promises that are open.
    """

    __tablename__ = "household"
    __table_args__ = (
        *_seated("household", ["building_id"], ["id", "told", "residents", "ended_on", "verified_at"]),
        _seat("household"),
        Index("household_dwelling_id_index", "dwelling_id"),
        Index("household_residents_index", "residents", "id", postgresql_where=text("ended_on IS NULL")),
        Index("household_begun_index", "begun_on", "id", postgresql_where=text("ended_on IS NULL")),
        Index(
            "household_visited_index",
            text(f"coalesce(visited_at, {NEVER})"),
            "id",
            postgresql_where=text("ended_on IS NULL"),
        ),
        one_of("visit_hour", *VISIT_HOURS),
        CheckConstraint("ended_on >= begun_on", name="ends_after_it_began"),
        CheckConstraint("objected <@ ARRAY['ledger', 'search', 'exchange']", name="objected_to_known"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    dwelling_id: Mapped[int]
    building_id: Mapped[int]
    community_id: Mapped[int]
    visit_hour: Mapped[str | None] = mapped_column(Text, comment="when they like to be visited")
    begun_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    residents: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    floating: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    told: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    promises: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    visited_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    verified_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    objected: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default="{}", comment="purposes for which the row is hidden, by objection"
    )


class Resident(Base):
    """居民: somebody who lives, or lived until `retired`, in the household.

    The nine fields of a resident are household, name, age_band, registered_here, phone, the stay's two days
    and the household's visit_hour; source and purpose tell where the entry is from and what for.
    """

    __tablename__ = "resident"
    __table_args__ = (
        *_seated("resident"),
        _of_household("resident"),
        Index("resident_household_id_index", "household_id"),
        Index("resident_name_index", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}),
        Index("resident_name_begins_index", "name", postgresql_ops={"name": "text_pattern_ops"}),
        one_of("age_band", *AGE_BANDS),
        one_of("source", *SOURCES),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("purpose <> ''", name="purpose_given"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    household_id: Mapped[int]
    building_id: Mapped[int]
    community_id: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    age_band: Mapped[str | None] = mapped_column(Text)
    registered_here: Mapped[bool | None]
    phone: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    purpose: Mapped[str] = mapped_column(Text, comment="what it is kept for, as the resident was told")
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class ResidentIdentity(Base):
    """Birth date and identity number of a resident, where a rule pack has them; else there is no row.

    Of a number: a keyed hash, its last four characters, and encrypted the whole of it where the exchange file
    must have it. The key is in the configuration, never in a table.
    """

    __tablename__ = "identity"
    __table_args__ = (
        *_seated("identity"),
        ForeignKeyConstraint(
            ["resident_id", "building_id", "community_id"],
            ["resident.id", "resident.building_id", "resident.community_id"],
            name="identity_resident",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        Index("identity_number_hash_index", "number_hash"),
        CheckConstraint("num_nonnulls(born_on, number_hash) > 0", name="something_kept"),
        CheckConstraint("(number_hash IS NULL) = (number_tail IS NULL)", name="hash_and_tail"),
        CheckConstraint("number_sealed IS NULL OR number_hash IS NOT NULL", name="sealed_is_hashed"),
        CheckConstraint("octet_length(number_hash) = 32", name="hash_whole"),
        CheckConstraint("number_tail ~ '^[0-9]{3}[0-9X]$'", name="tail_of_four"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    resident_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    building_id: Mapped[int] = mapped_column(BigInteger)
    community_id: Mapped[int] = mapped_column(BigInteger)
    born_on: Mapped[date | None] = mapped_column(Date)
    number_hash: Mapped[bytes | None] = mapped_column(LargeBinary, comment="keyed; to know one again")
    number_tail: Mapped[str | None] = mapped_column(Text, comment="its last four characters")
    number_sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="the whole number, encrypted; where the exchange file must have it"
    )
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Stay(Base):
    """居住记录: one resident's time in one household, both days included; open while they live there."""

    __tablename__ = "stay"
    __table_args__ = (
        *_seated("stay"),
        _of_household("stay"),
        Index("stay_household_id_index", "household_id"),
        Index("stay_open_index", "resident_id", unique=True, postgresql_where=text("until_on IS NULL")),
        Index("stay_until_on_index", "until_on"),
        Index("stay_from_on_index", "from_on"),
        CheckConstraint("until_on >= from_on", name="ends_after_it_began"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("resident.id", ondelete="CASCADE"))
    household_id: Mapped[int]
    building_id: Mapped[int]
    community_id: Mapped[int]
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date, comment="starts the clock of the retention")
    client_id: Mapped[str | None] = mapped_column(
        Uuid(as_uuid=False), unique=True, comment="made on the phone that registered the arrival"
    )


class Landlord(Base):
    """房东: who lets dwellings or a rental compound. Seen by who sees one of the rentals."""

    __tablename__ = "landlord"
    __table_args__ = (
        Index("landlord_building_id_index", "building_id"),
        Index("landlord_community_id_index", "community_id"),
        CheckConstraint("name <> ''", name="name_given"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"), comment="of the first rental")
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    name: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)


class Rental(Base):
    """出租房屋: a dwelling, or a whole rental compound, that is let; from registering to cancelling."""

    __tablename__ = "rental"
    __table_args__ = (
        *_seated("rental"),
        _seat("rental"),
        ForeignKeyConstraint(["building_id"], ["building.id"], name="rental_building"),
        Index("rental_dwelling_id_index", "dwelling_id"),
        Index("rental_landlord_id_index", "landlord_id"),
        Index("rental_compound_id_index", "compound_id"),
        Index("rental_open_dwelling", "dwelling_id", unique=True, postgresql_where=text("ended_on IS NULL")),
        Index("rental_open_compound", "compound_id", unique=True, postgresql_where=text("ended_on IS NULL")),
        CheckConstraint("(dwelling_id IS NULL) <> (compound_id IS NULL)", name="dwelling_or_compound"),
        CheckConstraint("rooms > 0", name="rooms_counted"),
        CheckConstraint("area_m2 > 0", name="area_measured"),
        CheckConstraint("ended_on >= begun_on", name="ends_after_it_began"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    dwelling_id: Mapped[int | None]
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compound.id"))
    building_id: Mapped[int] = mapped_column(comment="of a compound, one of its buildings")
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    landlord_id: Mapped[int] = mapped_column(ForeignKey("landlord.id"))
    purpose: Mapped[str | None] = mapped_column(Text, comment="what it is let for, as in living or storing")
    rooms: Mapped[int | None] = mapped_column(SmallInteger)
    area_m2: Mapped[Decimal | None] = mapped_column(Numeric(8, 1))
    begun_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)


class Tenancy(Base):
    """租约: a rental let to a household, from when, until when."""

    __tablename__ = "tenancy"
    __table_args__ = (
        *_seated("tenancy"),
        _of_household("tenancy"),
        ForeignKeyConstraint(
            ["rental_id", "building_id", "community_id"],
            ["rental.id", "rental.building_id", "rental.community_id"],
            name="tenancy_rental",
            onupdate="CASCADE",
        ),
        Index("tenancy_rental_id_index", "rental_id"),
        Index("tenancy_household_id_index", "household_id"),
        Index(
            "tenancy_open_household",
            "rental_id",
            "household_id",
            unique=True,
            postgresql_where=text("NOT ended"),
        ),
        CheckConstraint("until_on >= from_on", name="ends_after_it_began"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    rental_id: Mapped[int]
    household_id: Mapped[int | None] = mapped_column(comment="the tenants, where they are registered")
    building_id: Mapped[int]
    community_id: Mapped[int]
    from_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date, comment="as agreed, or as it ended")
    ended: Mapped[bool] = mapped_column(server_default=false(), comment="the tenants have moved out")


class Employer(Base):
    """用工单位: a firm, shop, market or building site, with who answers for its safety."""

    __tablename__ = "employer"
    __table_args__ = (
        *_seated("employer"),
        one_of("kind", *EMPLOYER_KINDS),
        one_of("size", *EMPLOYER_SIZES),
        CheckConstraint("name <> ''", name="name_given"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, server_default="employer")
    size: Mapped[str | None] = mapped_column(Text, comment="how many work there")
    contact_name: Mapped[str | None] = mapped_column(Text, comment="of the safety contact")
    contact_phone: Mapped[str | None] = mapped_column(Text)
    begun_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)


class Helper(Base):
    """楼长: the head of a building, who helps its coordinator; no account, and sees nobody's data."""

    __tablename__ = "helper"
    __table_args__ = (
        *_seated("helper"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("ended_on >= begun_on", name="ends_after_it_began"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    name: Mapped[str] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    begun_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Letter(Base):
    """A contract, safety letter or duty statement that was signed, with its scan."""

    __tablename__ = "letter"
    __table_args__ = (
        *_seated("letter"),
        ForeignKeyConstraint(
            ["rental_id", "building_id", "community_id"],
            ["rental.id", "rental.building_id", "rental.community_id"],
            name="letter_rental",
            onupdate="CASCADE",
        ),
        ForeignKeyConstraint(
            ["employer_id", "building_id", "community_id"],
            ["employer.id", "employer.building_id", "employer.community_id"],
            name="letter_employer",
            onupdate="CASCADE",
        ),
        Index("letter_rental_id_index", "rental_id"),
        Index("letter_employer_id_index", "employer_id"),
        Index("letter_expires_on_index", "expires_on"),
        one_of("kind", *LETTER_KINDS),
        CheckConstraint("(rental_id IS NULL) <> (employer_id IS NULL)", name="rental_or_employer"),
        CheckConstraint("expires_on >= signed_on", name="expires_after_signing"),
        CheckConstraint("(scan IS NULL) = (scan_type IS NULL)", name="scan_typed"),
        CheckConstraint(
            "scan_type IN ('image/jpeg', 'image/png', 'application/pdf')", name="scan_type_known"
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    rental_id: Mapped[int | None]
    employer_id: Mapped[int | None]
    tenancy_id: Mapped[int | None] = mapped_column(ForeignKey("tenancy.id"))
    building_id: Mapped[int]
    community_id: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    signed_on: Mapped[date] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)
    scan: Mapped[bytes | None] = mapped_column(LargeBinary)
    scan_type: Mapped[str | None] = mapped_column(Text)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Visit(Base):
    """走访: a call at a building or one of its dwellings; the building and the time, never a way."""

    __tablename__ = "visit"
    __table_args__ = (
        *_seated("visit"),
        _seat("visit"),
        _of_household("visit"),
        ForeignKeyConstraint(["building_id"], ["building.id"], name="visit_building"),
        Index("visit_dwelling_id_index", "dwelling_id", "happened_at"),
        Index("visit_household_id_index", "household_id", "happened_at"),
        Index("visit_person_id_index", "person_id"),
        Index(
            "visit_happened_at_index",
            "happened_at",
            postgresql_include=[
                *("building_id", "community_id", "household_id", "entered_at", "result", "verified")
            ],
        ),
        one_of("result", *VISIT_RESULTS),
        CheckConstraint("household_id IS NULL OR dwelling_id IS NOT NULL", name="household_at_its_door"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    client_id: Mapped[str] = mapped_column(
        Uuid(as_uuid=False),
        unique=True,
        comment="made where it was written down: sent twice, it is one",
    )
    building_id: Mapped[int]
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    dwelling_id: Mapped[int | None]
    household_id: Mapped[int | None]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    result: Mapped[str] = mapped_column(Text)
    verified: Mapped[bool] = mapped_column(
        server_default=false(), comment="what is held about the household was gone through and is right"
    )
    happened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="by the phone")
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Promise(Base):
    """What was asked at a visit and what was promised; a promise has a day."""

    __tablename__ = "promise"
    __table_args__ = (
        *_seated("promise"),
        ForeignKeyConstraint(
            ["visit_id", "building_id", "community_id"],
            ["visit.id", "visit.building_id", "visit.community_id"],
            name="promise_visit",
            onupdate="CASCADE",
        ),
        Index("promise_visit_id_index", "visit_id"),
        Index("promise_due_on_index", "due_on", postgresql_where=text("kept_on IS NULL")),
        CheckConstraint("asked <> '' OR promised <> ''", name="something_said"),
        CheckConstraint("promised IS NULL OR due_on IS NOT NULL", name="promised_for_a_day"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    visit_id: Mapped[int]
    building_id: Mapped[int]
    community_id: Mapped[int]
    asked: Mapped[str | None] = mapped_column(Text)
    promised: Mapped[str | None] = mapped_column(Text)
    due_on: Mapped[date | None] = mapped_column(Date)
    kept_on: Mapped[date | None] = mapped_column(Date)


class Service(Base):
    """A service of the catalogue, open to everybody who lives here. No personal row."""

    __tablename__ = "service"
    __table_args__ = (
        CheckConstraint("name_en <> '' AND name_zh <> ''", name="name_given"),
        CheckConstraint("days > 0", name="days_counted"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    office: Mapped[str] = mapped_column(Text, comment="who does it, as in the employment office")
    days: Mapped[int] = mapped_column(SmallInteger, server_default="15", comment="until an answer is due")
    active: Mapped[bool] = mapped_column(server_default=true())


class Need(Base):
    """服务需求: help a household asked for, by consent and until a day. Refusing leaves no row."""

    __tablename__ = "need"
    __table_args__ = (
        *_seated("need"),
        _of_household("need"),
        Index("need_household_id_index", "household_id"),
        Index("need_until_on_index", "until_on"),
        one_of("state", *NEED_STATES),
        CheckConstraint("purpose <> ''", name="purpose_given"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    household_id: Mapped[int]
    building_id: Mapped[int]
    community_id: Mapped[int]
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("resident.id", ondelete="SET NULL"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    purpose: Mapped[str] = mapped_column(Text)
    consented_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    until_on: Mapped[date] = mapped_column(Date, comment="when the entry is to go")
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str] = mapped_column(Text, server_default="open")
    code_hash: Mapped[bytes] = mapped_column(
        LargeBinary, unique=True, comment="of the code by which the resident follows it"
    )
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Referral(Base):
    """转介: a need handed to an office, with owner, day and result."""

    __tablename__ = "referral"
    __table_args__ = (
        *_seated("referral"),
        ForeignKeyConstraint(
            ["need_id", "building_id", "community_id"],
            ["need.id", "need.building_id", "need.community_id"],
            name="referral_need",
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        Index("referral_need_id_index", "need_id"),
        CheckConstraint("office <> ''", name="office_given"),
        CheckConstraint("(result IS NULL) = (result_on IS NULL)", name="result_dated"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    need_id: Mapped[int]
    building_id: Mapped[int]
    community_id: Mapped[int]
    office: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    result: Mapped[str | None] = mapped_column(Text)
    result_on: Mapped[date | None] = mapped_column(Date)
