"""Plots: the smallest pieces of ground a plan moves, their versions, and who touches whom."""

from __future__ import annotations

from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, lonlat, one_of, sound, spatial_index

LINE_CLASSES = (
    *("inside block", "administrative", "compound", "local", "secondary", "arterial", "river", "rail"),
)


class Tessellation(Base):
    """地块版本: one version of the plots of a place. Plans name one; it never loses a plot a plan holds.

    A version with `plain_id` is that version but for buildings divided by their entrances, or open ground cut
    by hand (`cut_from_id` is what it was cut from). It is for plans that asked for them; the newest without
    is what the ground is today.
    """

    __tablename__ = "tessellation"
    __table_args__ = (
        UniqueConstraint("place_id", "version"),
        UniqueConstraint("id", "place_id"),
        ForeignKeyConstraint(["plain_id", "place_id"], ["tessellation.id", "tessellation.place_id"]),
        ForeignKeyConstraint(["cut_from_id", "place_id"], ["tessellation.id", "tessellation.place_id"]),
        CheckConstraint("plain_id <> id", name="plain_is_another"),
        CheckConstraint("cut_from_id IS NULL OR plain_id IS NOT NULL", name="cut_has_plain"),
        Index("tessellation_plain_id_index", "plain_id"),
        CheckConstraint("version >= 1", name="version_counted"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    version: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    note: Mapped[str | None] = mapped_column(Text)
    plain_id: Mapped[int | None] = mapped_column(
        BigInteger, comment="the version with the same buildings whole"
    )
    cut_from_id: Mapped[int | None] = mapped_column(
        BigInteger, comment="the version with the same plots before a cut"
    )


class Plot(Base):
    """地块: a piece of ground that is never changed. Other ground is another plot.

    Where a place knows no communities, the smallest place it knows stands in `community_id`.
    """

    __tablename__ = "plot"
    __table_args__ = (
        UniqueConstraint("id", "community_id"),
        CheckConstraint("area_m2 > 0", name="area_measured"),
        CheckConstraint("perimeter_m > 0", name="perimeter_measured"),
        sound("geometry", 1),
        spatial_index("plot", "geometry"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    geometry: Mapped[WKBElement] = mapped_column(lonlat("POLYGON"))
    area_m2: Mapped[float]
    perimeter_m: Mapped[float]


class TessellationPlot(Base):
    """Which plots a version consists of, and what was counted on each then.

    A plot that did not change is carried over to the next version by its id.
    """

    __tablename__ = "tessellation_plot"
    __table_args__ = (
        CheckConstraint("households >= 0", name="households_counted"),
        CheckConstraint("buildings >= 0", name="buildings_counted"),
        Index("tessellation_plot_plot_id_index", "plot_id"),
    )

    tessellation_id: Mapped[int] = mapped_column(ForeignKey("tessellation.id"), primary_key=True)
    plot_id: Mapped[int] = mapped_column(ForeignKey("plot.id"), primary_key=True)
    households: Mapped[int]
    buildings: Mapped[int]


class PlotEntrance(Base):
    """地块单元: an entrance of a divided building, as it was when the plot it lies on was made.

    Of a building all entrances are here, on plots of one version; it has no other households there.
    """

    __tablename__ = "plot_entrance"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tessellation_id", "plot_id"],
            ["tessellation_plot.tessellation_id", "tessellation_plot.plot_id"],
        ),
        CheckConstraint("code <> ''", name="code_given"),
        CheckConstraint("households >= 0", name="households_counted"),
        sound("position"),
        spatial_index("plot_entrance", "position"),
        Index("plot_entrance_plot_index", "tessellation_id", "plot_id"),
        Index("plot_entrance_building_id_index", "building_id"),
    )

    tessellation_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"), primary_key=True)
    code: Mapped[str] = mapped_column(Text, primary_key=True)
    plot_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str | None] = mapped_column(Text)
    households: Mapped[int]
    position: Mapped[WKBElement] = mapped_column(lonlat("POINT"))


class PlotEdge(Base):
    """地块邻边: metres of line of one class that two plots of a version share.

    wall: no grid may reach across (a river or railway without a bridge). A pair may share a river both ways.
    """

    __tablename__ = "plot_edge"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tessellation_id", "plot_id"],
            ["tessellation_plot.tessellation_id", "tessellation_plot.plot_id"],
        ),
        ForeignKeyConstraint(
            ["tessellation_id", "neighbour_id"],
            ["tessellation_plot.tessellation_id", "tessellation_plot.plot_id"],
        ),
        CheckConstraint("plot_id < neighbour_id", name="pair_once"),
        CheckConstraint("metres > 0", name="metres_measured"),
        one_of("kind", *LINE_CLASSES),
        Index("plot_edge_neighbour_index", "tessellation_id", "neighbour_id"),
    )

    tessellation_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    plot_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    neighbour_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    metres: Mapped[float]
    wall: Mapped[bool] = mapped_column(primary_key=True)


class BlockGround(Base):
    """A block as it was cut into plots, packed; the key is the hash of all that its cutting depends on.

    Unlogged: it can be cut again, so a crash may empty the table.
    """

    __tablename__ = "block_ground"
    __table_args__ = (
        CheckConstraint("octet_length(key) = 32", name="key_whole"),
        Index("block_ground_used_at_index", "used_at"),
        {"prefixes": ["UNLOGGED"]},
    )

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    ground: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
