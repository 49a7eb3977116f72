"""Hazards and their cases, inspections that recur, and what a monthly report says.

A hazard is what is wrong at a site; its case is the handling. One row holds both: a case reopened within
thirty days is the same row, and what is found again later is another hazard. No row speaks of a person who
lives there: the site is a building, a compound or a point.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, lonlat, one_of, sound, spatial_index

ORIGINS = ("coordinator", "manager", "public", "inspection", "import")
MECHANISMS = ("ordinary", "coordination", "emergency", "approval")
STATES = (
    *("reported", "accepted", "refused", "filed", "dispatched", "handling", "claimed done"),
    *("verified", "closed", "evaluated", "returned", "rework", "pending", "duplicate"),
)
OPEN = tuple(state for state in STATES if state not in ("refused", "closed", "evaluated", "duplicate"))
WAITING = "closed_at IS NULL AND state NOT IN ('pending', 'claimed done', 'verified')"  # their clock runs
SEVERITIES = (1, 2, 3)
PHOTO_TYPES = ("image/jpeg", "image/png")


class HazardKind(Base):
    """隐患类别: what sort of thing is wrong. Which there are is configured."""

    __tablename__ = "hazard_kind"
    __table_args__ = (
        CheckConstraint("code ~ '^[a-z_]+$'", name="code_letters"),
        CheckConstraint("name_en <> '' AND name_zh <> ''", name="name_given"),
        CheckConstraint("weight > 0 AND weight <= 100", name="weight_in_range"),
    )

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    name_en: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    weight: Mapped[float] = mapped_column(server_default="1", comment="in the heat, beside that of severity")
    by_public: Mapped[bool] = mapped_column(
        server_default=true(), comment="the public page may report it: a site or a nuisance"
    )
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    position: Mapped[int] = mapped_column(comment="its place in lists")


class HazardLimit(Base):
    """How long each stage of a case may take, from a day on; the newest that fits is in force."""

    __tablename__ = "hazard_limit"
    __table_args__ = (
        UniqueConstraint("kind", "severity", "from_on", postgresql_nulls_not_distinct=True),
        CheckConstraint("severity BETWEEN 1 AND 3", name="severity_known"),
        CheckConstraint(
            "accept_hours > 0 AND dispatch_hours > 0 AND handle_hours > 0 AND verify_hours > 0",
            name="hours_counted",
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str | None] = mapped_column(
        ForeignKey("hazard_kind.code"), comment="none: every kind without limits of its own"
    )
    severity: Mapped[int]
    from_on: Mapped[date] = mapped_column(Date)
    working_time: Mapped[bool] = mapped_column(
        server_default=true(), comment="hours are those worked; else by the clock on the wall"
    )
    accept_hours: Mapped[float]
    dispatch_hours: Mapped[float]
    handle_hours: Mapped[float]
    verify_hours: Mapped[float]


class Hazard(Base):
    """隐患: what is wrong at a site, and the state of its case.

    Grid, community and coordinator are those of the moment it was reported and never change with a plan.
    """

    __tablename__ = "hazard"
    __table_args__ = (
        one_of("origin", *ORIGINS),
        one_of("mechanism", *MECHANISMS),
        one_of("state", *STATES),
        CheckConstraint("severity BETWEEN 1 AND 3", name="severity_known"),
        CheckConstraint("building_id IS NULL OR compound_id IS NULL", name="one_site"),
        CheckConstraint("(state = 'duplicate') = (duplicate_of IS NOT NULL)", name="duplicate_of_one"),
        CheckConstraint("(state = 'pending') = (review_on IS NOT NULL)", name="pending_reviewed"),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('refused', 'closed', 'evaluated', 'duplicate'))",
            name="closed_when",
        ),
        CheckConstraint("closed_at >= reported_at", name="closed_after_reported"),
        sound("position"),
        spatial_index("hazard", "position"),
        Index("hazard_community_id_index", "community_id", "reported_at"),
        Index("hazard_community_due_index", "community_id", "due_at"),
        Index("hazard_building_id_index", "building_id"),
        Index("hazard_compound_id_index", "compound_id"),
        Index("hazard_grid_code_index", "grid_code"),
        Index("hazard_open_index", "community_id", "due_at", postgresql_where=text("closed_at IS NULL")),
        Index(
            "hazard_waiting_index", "community_id", "due_at",
            postgresql_include=["grid_code", "kind", "state"], postgresql_where=text(WAITING),
        ),
        Index("hazard_due_index", "due_at", "id", postgresql_where=text("closed_at IS NULL")),
        Index("hazard_reported_index", "reported_at", "id"),
        Index(
            "hazard_stage_index", "stage_due_at",
            postgresql_where=text("closed_at IS NULL AND escalated_at IS NULL"),
        ),
        Index("hazard_handler_index", "handler_id", postgresql_where=text("closed_at IS NULL")),
        Index("hazard_client_id_index", "client_id", unique=True),
        Index("hazard_held_index", "id", postgresql_where=text("held = true")),
        Index("hazard_changed_in_index", "changed_in"),
        Index("hazard_follow_hash_index", "follow_hash", unique=True),
        Index(
            "hazard_source_index", "source", "source_id", unique=True,
            postgresql_where=text("source IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    client_id: Mapped[UUID | None] = mapped_column(
        comment="made where it was reported: sent twice, kept once"
    )
    follow_hash: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="of the code by which its reporter follows it"
    )
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    grid_code: Mapped[str | None] = mapped_column(Text, comment="none: no plan was in force")
    coordinator_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    compound_id: Mapped[int | None] = mapped_column(
        ForeignKey("compound.id", ondelete="SET NULL"), comment="none again when the compound is no more"
    )
    position: Mapped[WKBElement] = mapped_column(
        lonlat("POINT"), comment="of the building or compound, else where it was pointed at"
    )
    site: Mapped[str] = mapped_column(Text, server_default="", comment="where exactly, in words")
    kind: Mapped[str] = mapped_column(ForeignKey("hazard_kind.code"))
    severity: Mapped[int] = mapped_column(server_default="1")
    description: Mapped[str] = mapped_column(Text, server_default="")
    held: Mapped[bool] = mapped_column(
        server_default=false(), comment="words that may name somebody: shown to nobody until redacted"
    )
    origin: Mapped[str] = mapped_column(Text)
    mechanism: Mapped[str] = mapped_column(Text, server_default="ordinary")
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), comment="none: the public")
    reported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    state: Mapped[str] = mapped_column(Text, server_default="reported")
    state_since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(server_default="1", comment="counts its steps, for those who race")
    office: Mapped[str] = mapped_column(Text, server_default="", comment="who handles it, in words")
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), comment="by when it is to be done, by the limits of the day it was reported"
    )
    stage_due_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="by when its stage is to end; none while the clock stands"
    )
    amber_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="when its clock turns from green to amber; none while it stands"
    )
    escalated_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="when it was told upwards that its stage is over"
    )
    done_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="when it was last claimed done"
    )
    done_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    review_on: Mapped[date | None] = mapped_column(Date, comment="when a pending case is looked at again")
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reopened: Mapped[int] = mapped_column(server_default="0", comment="how often")
    reworked: Mapped[int] = mapped_column(server_default="0", comment="how often a check failed")
    returned: Mapped[int] = mapped_column(
        server_default="0", comment="how often it was sent to the wrong office"
    )
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("hazard.id"))
    limit_id: Mapped[int | None] = mapped_column(ForeignKey("hazard_limit.id"))
    rule_pack_id: Mapped[int | None] = mapped_column(ForeignKey("rule_pack.id"))
    source: Mapped[str | None] = mapped_column(Text, comment="the file it came from")
    source_id: Mapped[str | None] = mapped_column(Text, comment="its name there")
    changed_in: Mapped[int] = mapped_column(
        BigInteger, server_default="0", comment="id of the transaction that last wrote it"
    )


class Step(Base):
    """流转记录: one entry in the life of a case, never altered."""

    __tablename__ = "step"
    __table_args__ = (
        one_of("to_state", *STATES),
        UniqueConstraint("hazard_id", "number"),
        CheckConstraint("number > 0", name="number_counted"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    hazard_id: Mapped[int] = mapped_column(ForeignKey("hazard.id"))
    number: Mapped[int]
    act: Mapped[str] = mapped_column(Text, comment="what was done: report, accept, dispatch, …")
    from_state: Mapped[str | None] = mapped_column(Text)
    to_state: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), comment="none: the public, or a clock"
    )
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), comment="when it happened")
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    note: Mapped[str] = mapped_column(Text, server_default="", comment="for staff")
    told: Mapped[str] = mapped_column(Text, server_default="", comment="what its reporter reads")
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))


class ClockStop(Base):
    """When the clock of a case stood, and why. Holidays and nights are no stops: they are not worked."""

    __tablename__ = "clock_stop"
    __table_args__ = (
        CheckConstraint("until_at >= from_at", name="ends_after_it_began"),
        CheckConstraint("why <> ''", name="why_given"),
        Index(
            "clock_stop_one_at_a_time", "hazard_id", unique=True, postgresql_where=text("until_at IS NULL")
        ),
        Index("clock_stop_hazard_id_index", "hazard_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    hazard_id: Mapped[int] = mapped_column(ForeignKey("hazard.id"))
    from_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    until_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    why: Mapped[str] = mapped_column(Text)


class HazardPhoto(Base):
    """A photo of a site, written anew without what the camera adds. One of the public waits for staff."""

    __tablename__ = "hazard_photo"
    __table_args__ = (
        one_of("photo_type", *PHOTO_TYPES),
        one_of("shows", "before", "after"),
        UniqueConstraint("hazard_id", "hash"),
        Index(
            "hazard_photo_waiting_index",
            "hazard_id",
            postgresql_where=text("by_public AND looked_by IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    hazard_id: Mapped[int] = mapped_column(ForeignKey("hazard.id"))
    step_id: Mapped[int | None] = mapped_column(ForeignKey("step.id"))
    shows: Mapped[str] = mapped_column(Text, server_default="before")
    photo: Mapped[bytes] = mapped_column(LargeBinary)
    photo_type: Mapped[str] = mapped_column(Text)
    hash: Mapped[bytes] = mapped_column(
        LargeBinary, comment="SHA-256 of what was sent: sent twice, kept once"
    )
    by_public: Mapped[bool] = mapped_column(server_default=false())
    looked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    looked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    shown: Mapped[bool] = mapped_column(
        server_default=true(), comment="false: waits for staff to look, or staff took it away"
    )
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Inspection(Base):
    """巡查: a building, compound or special grid that is looked at again and again."""

    __tablename__ = "inspection"
    __table_args__ = (
        CheckConstraint("num_nonnulls(building_id, compound_id, employer_id) <= 1", name="one_site"),
        CheckConstraint("every_months BETWEEN 1 AND 24", name="months_counted"),
        CheckConstraint("about <> ''", name="about_given"),
        Index("inspection_community_id_index", "community_id", "due_on"),
        *(
            Index(
                f"inspection_one_{site}", f"{site}_id", unique=True, postgresql_where=text("ended_on IS NULL")
            )
            for site in ("building", "compound", "employer")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    compound_id: Mapped[int | None] = mapped_column(
        ForeignKey("compound.id", ondelete="SET NULL"), comment="none again when the compound is no more"
    )
    employer_id: Mapped[int | None] = mapped_column(
        ForeignKey("employer.id", ondelete="SET NULL"), comment="none again when the employer is no more"
    )
    about: Mapped[str] = mapped_column(Text, comment="what is looked at: the kind that was set up, or words")
    every_months: Mapped[int]
    due_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date | None] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)


class InspectionDone(Base):
    """An inspection as it was done, and the hazard found if there was one."""

    __tablename__ = "inspection_done"
    __table_args__ = (Index("inspection_done_inspection_id_index", "inspection_id", "done_on"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    done_on: Mapped[date] = mapped_column(Date)
    hazard_id: Mapped[int | None] = mapped_column(ForeignKey("hazard.id"), comment="none: nothing was wrong")
    note: Mapped[str] = mapped_column(Text, server_default="")
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class MonthReport(Base):
    """月报: the words of a month's report of a place, which its writer may change until it is final."""

    __tablename__ = "month_report"
    __table_args__ = (
        UniqueConstraint("place_id", "month"),
        CheckConstraint("extract(day FROM month) = 1", name="month_by_its_first_day"),
        CheckConstraint("(final_at IS NULL) = (final_by IS NULL)", name="final_by_somebody"),
        CheckConstraint("(final_at IS NULL) = (figures IS NULL)", name="final_with_figures"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    month: Mapped[date] = mapped_column(Date)
    words: Mapped[dict[str, Any]] = mapped_column(JSONB, comment="by language and part")
    version: Mapped[int] = mapped_column(server_default="1")
    edited_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    edited_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    final_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    final_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSONB, comment="as they were when it became final")
