"""Plans: tables plot → grid, the grids with their outlines, and every change ever saved."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, lonlat, one_of, sound, spatial_index

# Grids of these kinds are drawn by hand, left alone by splits and outside the band.
SPECIAL_KINDS = ("mall", "market", "park", "site")
GRID_KINDS = ("residential", "mixed", *SPECIAL_KINDS)
SLOTS = ("A", "B", "C")
EDIT_KINDS = (
    *("split", "rebalance", "move", "merge", "divide", "undo", "import"),
    *("draw", "change", "cut", "layer", "restore"),
)

# The point with most room around it where one was worked out and lies inside, else any point inside.
LABEL = (
    "CASE WHEN jsonb_typeof(measures -> 'label') = 'array' "
    "AND ST_Intersects(outline, ST_SetSRID(ST_MakePoint("
    "(measures -> 'label' ->> 0)::float8, (measures -> 'label' ->> 1)::float8), 4326)) "
    "THEN ST_SetSRID(ST_MakePoint("
    "(measures -> 'label' ->> 0)::float8, (measures -> 'label' ->> 1)::float8), 4326) "
    "ELSE ST_PointOnSurface(outline) END"
)


class Plan(Base):
    """网格划分方案: a division of one place into grids; draft → published → retired.

    Once published only its retirement can be written. `version` counts its edits. A draft nobody wants
    any more is retired too: nothing is deleted.
    """

    __tablename__ = "plan"
    __table_args__ = (
        ForeignKeyConstraint(["tessellation_id", "place_id"], ["tessellation.id", "tessellation.place_id"]),
        UniqueConstraint("id", "tessellation_id"),
        one_of("state", "draft", "published", "retired"),
        CheckConstraint("version >= 0", name="version_counted"),
        one_of("slot", *SLOTS),
        CheckConstraint("weights <> ''", name="weights_given"),
        Index(
            "plan_slot_index",
            "place_id",
            "slot",
            unique=True,
            postgresql_where=text("state = 'draft'"),
        ),
        CheckConstraint("0 < least AND least <= target AND target <= most", name="band_ordered"),
        CheckConstraint("state <> 'draft' OR published_at IS NULL", name="draft_unpublished"),
        CheckConstraint("state <> 'published' OR published_at IS NOT NULL", name="published_when"),
        CheckConstraint("(state = 'retired') = (retired_at IS NOT NULL)", name="retired_when"),
        Index("plan_in_force_index", "place_id", unique=True, postgresql_where=text("state = 'published'")),
        Index("plan_place_id_index", "place_id"),
        Index("plan_tessellation_id_index", "tessellation_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    tessellation_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default="draft")
    version: Mapped[int] = mapped_column(server_default="0")
    target: Mapped[int] = mapped_column(comment="households wanted per grid")
    least: Mapped[int]
    most: Mapped[int]
    slot: Mapped[str | None] = mapped_column(Text, comment="of a draft: A, B or C")
    weights: Mapped[str | None] = mapped_column(Text, comment="formula balanced instead of households")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    published_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Grid(Base):
    """网格: one area of about 300 households; the union of its plots, within one community.

    `outline` and the figures are rewritten in the transaction that moves plots.
    """

    __tablename__ = "grid"
    __table_args__ = (
        UniqueConstraint("plan_id", "code"),
        UniqueConstraint("id", "plan_id", "community_id"),
        UniqueConstraint("id", "plan_id"),
        one_of("kind", *GRID_KINDS),
        CheckConstraint("load >= 0", name="load_counted"),
        CheckConstraint(r"code ~ '^[0-9]{1,15}$'", name="code_digits"),
        CheckConstraint("households >= 0", name="households_counted"),
        CheckConstraint("buildings >= 0", name="buildings_counted"),
        CheckConstraint("area_m2 > 0", name="area_measured"),
        CheckConstraint("jsonb_typeof(measures) = 'object'", name="measures_named"),
        sound("outline", 1),
        spatial_index("grid", "outline"),
        Index("grid_community_id_index", "community_id"),
        Index("grid_planned_id_index", "planned_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, server_default="residential")
    outline: Mapped[WKBElement] = mapped_column(lonlat("MULTIPOLYGON"))
    label: Mapped[WKBElement] = mapped_column(lonlat("POINT"), Computed(LABEL, persisted=True))
    households: Mapped[int]
    buildings: Mapped[int]
    area_m2: Mapped[float]
    load: Mapped[float | None] = mapped_column(comment="by the plan's formula; null: households")
    reason: Mapped[str | None] = mapped_column(Text, comment="code of the reason for being out of band")
    measures: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    planned_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), comment="of a draft: who is to be its coordinator"
    )
    own_lock: Mapped[bool | None] = mapped_column(
        comment="of a draft: true locked, false open; null: as the place has the grid of this code"
    )


class LayerReport(Base):
    """What became of the grid layer that a plan was made of, as it was told when it came in."""

    __tablename__ = "layer_report"
    __table_args__ = (CheckConstraint("jsonb_typeof(report) = 'object'", name="report_named"),)

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), primary_key=True, autoincrement=False)
    report: Mapped[dict[str, Any]] = mapped_column(JSONB)


class GridPlot(Base):
    """The plan itself: which grid each plot is in.

    The key puts no plot into two grids; a trigger at commit sees that none is left out. Tessellation
    and community stand in the row so that foreign keys can say: the plot is one of the plan's version,
    the grid one of the plan, and both lie in the same community.
    """

    __tablename__ = "grid_plot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["plan_id", "tessellation_id"], ["plan.id", "plan.tessellation_id"], onupdate="CASCADE"
        ),
        ForeignKeyConstraint(
            ["tessellation_id", "plot_id"],
            ["tessellation_plot.tessellation_id", "tessellation_plot.plot_id"],
        ),
        ForeignKeyConstraint(["plot_id", "community_id"], ["plot.id", "plot.community_id"]),
        ForeignKeyConstraint(
            ["grid_id", "plan_id", "community_id"], ["grid.id", "grid.plan_id", "grid.community_id"]
        ),
        ForeignKeyConstraint(
            ["micro_grid_id", "grid_id"],
            ["micro_grid.id", "micro_grid.grid_id"],
            ondelete="SET NULL (micro_grid_id)",
        ),
        Index("grid_plot_micro_grid_id_index", "micro_grid_id"),
        Index("grid_plot_grid_id_index", "grid_id"),
        Index("grid_plot_plot_index", "tessellation_id", "plot_id"),
    )

    plan_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    plot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    grid_id: Mapped[int] = mapped_column(BigInteger)
    tessellation_id: Mapped[int] = mapped_column(BigInteger)
    community_id: Mapped[int] = mapped_column(BigInteger)
    micro_grid_id: Mapped[int | None] = mapped_column(BigInteger)


class MicroGrid(Base):
    """微网格: a finer division of one grid, about 50 to 80 households; the union of its plots."""

    __tablename__ = "micro_grid"
    __table_args__ = (
        ForeignKeyConstraint(["grid_id", "plan_id"], ["grid.id", "grid.plan_id"], ondelete="CASCADE"),
        UniqueConstraint("grid_id", "number"),
        UniqueConstraint("id", "grid_id"),
        CheckConstraint("number >= 1", name="number_counted"),
        CheckConstraint("households >= 0", name="households_counted"),
        CheckConstraint("buildings >= 0", name="buildings_counted"),
        CheckConstraint("area_m2 > 0", name="area_measured"),
        sound("outline", 1),
        spatial_index("micro_grid", "outline"),
        Index("micro_grid_plan_id_index", "plan_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(BigInteger)
    grid_id: Mapped[int] = mapped_column(BigInteger)
    number: Mapped[int]
    outline: Mapped[WKBElement] = mapped_column(lonlat("MULTIPOLYGON"))
    households: Mapped[int]
    buildings: Mapped[int]
    area_m2: Mapped[float]


class Lock(Base):
    """A grid that splits leave as it is in the plan in force, or a building that stays in its grid.

    Named by the grid's code and the building, so that a lock outlives plans. What a draft has locked or
    unlocked itself stands with its grids (`own_lock`), and here once it is in force.
    """

    __tablename__ = "lock"
    __table_args__ = (
        CheckConstraint("num_nonnulls(grid_code, building_id) = 1", name="of_one_thing"),
        UniqueConstraint("place_id", "grid_code"),
        UniqueConstraint("place_id", "building_id"),
        Index("lock_building_id_index", "building_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    grid_code: Mapped[str | None] = mapped_column(Text)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Edit(Base):
    """调整: one saved change of a plan, as data: `moves` is {plot: [from grid, to grid]}.

    `grids` is {grid: {"was": …, "now": …}}: the attributes that changed; `was` is null for a grid that is
    made, `now` for one that is given up, and all attributes stand beside it, so that undoing brings back the
    very row. `tessellation_id` is the version of plots after this edit, where it changed.

    Only ever appended. `base_version` is the version its author had before them, `version` the one it made;
    they are more than one apart where others' changes were merged.
    """

    __tablename__ = "edit"
    __table_args__ = (
        UniqueConstraint("plan_id", "version"),
        CheckConstraint(
            "version >= 1 AND base_version >= 0 AND base_version < version", name="version_counted"
        ),
        CheckConstraint("jsonb_typeof(moves) = 'object'", name="moves_by_plot"),
        CheckConstraint("jsonb_typeof(parameters) = 'object'", name="parameters_named"),
        CheckConstraint("jsonb_typeof(grids) = 'object'", name="grids_by_id"),
        one_of("kind", *EDIT_KINDS),
        Index("edit_tessellation_id_index", "tessellation_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"))
    version: Mapped[int]
    base_version: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    moves: Mapped[dict[str, Any]] = mapped_column(JSONB)
    parameters: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=text("'{}'::jsonb"), comment="of a split: target, tolerance, seed"
    )
    note: Mapped[str | None] = mapped_column(Text)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    grids: Mapped[dict[str, Any]] = mapped_column(
        JSONB,
        server_default=text("'{}'::jsonb"),
        comment="{grid: {was, now}}: attributes changed; null: made, or given up, by this edit",
    )
    tessellation_id: Mapped[int | None] = mapped_column(
        ForeignKey("tessellation.id"), comment="version of plots after this edit, where it changed"
    )
