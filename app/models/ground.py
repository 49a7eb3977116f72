"""What is on the ground: places, buildings, compounds, and the lines and areas of the base map."""

from __future__ import annotations

from datetime import datetime

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    false,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Ltree, lonlat, one_of, sound, spatial_index

COMPOUND_KINDS = ("rental compound", "urban village", "estate", "work-unit compound", "industrial park")

# All that a building may be found by, each on a line, in small letters.
WORDS = (
    "lower(E'\\n' || code || E'\\n' || coalesce(name, '') || E'\\n' || coalesce(address, '') || E'\\n' || "
    "coalesce(name_pinyin, '') || E'\\n' || translate(lower(coalesce(name_pinyin, '')), 'ü'' ', 'v') || "
    "E'\\n' || coalesce(name_initials, ''))"
)


class Place(Base):
    """行政区划: a district, subdistrict or community; one row in one tree, with an outline.

    The tree is its paths: `path` ends in the place's own code, and what stands before must be the path of
    another place. So no row can hang in the air or below itself, and a scope is one `<@`.
    """

    __tablename__ = "place"
    __table_args__ = (
        one_of("level", "district", "subdistrict", "community"),
        CheckConstraint(r"code ~ '^[0-9]+$'", name="code_digits"),
        CheckConstraint(
            "length(code) = CASE level WHEN 'district' THEN 6 WHEN 'subdistrict' THEN 9 ELSE 12 END",
            name="code_length",
        ),
        CheckConstraint("ltree2text(subpath(path, -1)) = code", name="path_ends_in_code"),
        CheckConstraint(
            "nlevel(path) = 1 OR starts_with(code, ltree2text(subpath(path, -2, 1)))",
            name="code_below_parent",
        ),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("attribution <> ''", name="attribution_given"),
        CheckConstraint("srid BETWEEN 1024 AND 999999", name="srid_known"),
        sound("outline", 5),
        spatial_index("place", "outline"),
        Index("place_path_tree_index", "path", postgresql_using="gist"),
        Index("place_parent_path_index", "parent_path"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    level: Mapped[str] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    name_pinyin: Mapped[str | None] = mapped_column(Text)
    name_initials: Mapped[str | None] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Ltree, unique=True)
    parent_path: Mapped[str | None] = mapped_column(
        Ltree,
        Computed("CASE WHEN nlevel(path) > 1 THEN subpath(path, 0, -1) END", persisted=True),
        ForeignKey("place.path"),
    )
    srid: Mapped[int] = mapped_column(comment="EPSG code of the projected CRS its metres are computed in")
    outline: Mapped[WKBElement] = mapped_column(lonlat("MULTIPOLYGON"))
    attribution: Mapped[str | None] = mapped_column(Text, comment="Whose data its ground is")


class Compound(Base):
    """大院: a walled or gated group of buildings; a plan keeps it in one grid.

    One that was drawn by hand outlives imports.
    """

    __tablename__ = "compound"
    __table_args__ = (
        UniqueConstraint("place_id", "code"),
        one_of("kind", *COMPOUND_KINDS),
        CheckConstraint("drawn_by IS NULL OR drawn_at IS NOT NULL", name="drawn_when"),
        sound("geometry", 0.2),
        spatial_index("compound", "geometry"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), comment="the place it was imported with")
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    name_pinyin: Mapped[str | None] = mapped_column(Text)
    name_initials: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    geometry: Mapped[WKBElement] = mapped_column(lonlat("MULTIPOLYGON"))
    drawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    drawn_at: Mapped[datetime | None] = mapped_column(
        DateTime(timezone=True), comment="null: it came with the files of its place"
    )


class Building(Base):
    """楼栋: one building with its footprint and its households, counted or estimated.

    `position` is a point of the footprint inside the outline: it decides in which plot and grid the
    building lies, and carries its label. A building that was pulled down is retired, never deleted; another
    may have its code then.
    """

    __tablename__ = "building"
    __table_args__ = (
        Index(
            "building_code_index",
            "place_id",
            "code",
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
        CheckConstraint("code <> ''", name="code_given"),
        CheckConstraint("households >= 0", name="households_counted"),
        CheckConstraint("floors > 0", name="floors_counted"),
        one_of("households_source", "register", "estimate", "imported"),
        sound("geometry", 0.05),
        sound("position"),
        CheckConstraint("ST_Intersects(position, geometry)", name="position_inside"),
        spatial_index("building", "geometry"),
        spatial_index("building", "position"),
        Index("building_compound_id_index", "compound_id"),
        Index(
            "building_words_index",
            "words",
            postgresql_using="gin",
            postgresql_ops={"words": "gin_trgm_ops"},
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), comment="the place it was imported with")
    code: Mapped[str] = mapped_column(
        Text, comment="building code as the city writes it: text, never a number"
    )
    name: Mapped[str | None] = mapped_column(Text)
    name_pinyin: Mapped[str | None] = mapped_column(Text)
    name_initials: Mapped[str | None] = mapped_column(Text)
    address: Mapped[str | None] = mapped_column(Text)
    kind: Mapped[str | None] = mapped_column(Text)
    floors: Mapped[int | None] = mapped_column(SmallInteger)
    households: Mapped[int]
    households_source: Mapped[str] = mapped_column(Text)
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compound.id"))
    words: Mapped[str] = mapped_column(Text, Computed(WORDS, persisted=True))
    geometry: Mapped[WKBElement] = mapped_column(lonlat("MULTIPOLYGON"))
    position: Mapped[WKBElement] = mapped_column(lonlat("POINT"))
    imported_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Entrance(Base):
    """单元: a staircase of a building with its own door, and the households behind it.

    Of a building all entrances are known or none; then their households are the building's.
    """

    __tablename__ = "entrance"
    __table_args__ = (
        UniqueConstraint("building_id", "code"),
        CheckConstraint("code <> ''", name="code_given"),
        CheckConstraint("households >= 0", name="households_counted"),
        sound("position"),
        spatial_index("entrance", "position"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    households: Mapped[int]
    position: Mapped[WKBElement] = mapped_column(lonlat("POINT"), comment="within the footprint")


class EntranceMark(Base):
    """A building that a manager lets be divided by its entrances, where a split is asked to."""

    __tablename__ = "entrance_mark"
    __table_args__ = (UniqueConstraint("building_id"), Index("entrance_mark_place_id_index", "place_id"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), comment="the place it was imported with")
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Street(Base):
    """道路: a carriageway that can bound a block."""

    __tablename__ = "street"
    __table_args__ = (
        one_of("kind", "local", "secondary", "arterial"),
        sound("geometry", 1),
        spatial_index("street", "geometry"),
        Index("street_place_id_index", "place_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    kind: Mapped[str] = mapped_column(Text)
    highway: Mapped[str | None] = mapped_column(Text, comment="the source's own tag")
    name: Mapped[str | None] = mapped_column(Text)
    name_pinyin: Mapped[str | None] = mapped_column(Text)
    name_initials: Mapped[str | None] = mapped_column(Text)
    bridge: Mapped[bool] = mapped_column(server_default=false())
    tunnel: Mapped[bool] = mapped_column(server_default=false())
    layer: Mapped[int] = mapped_column(SmallInteger, server_default="0", comment="0 on the ground")
    geometry: Mapped[WKBElement] = mapped_column(lonlat("LINESTRING"))


class Water(Base):
    """水系: a river, lake or canal, as ground or as a line."""

    __tablename__ = "water"
    __table_args__ = (
        CheckConstraint(
            "GeometryType(geometry) IN ('POLYGON', 'MULTIPOLYGON', 'LINESTRING')", name="geometry_type"
        ),
        sound("geometry", 5),
        spatial_index("water", "geometry"),
        Index("water_place_id_index", "place_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    kind: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    name_pinyin: Mapped[str | None] = mapped_column(Text)
    tunnel: Mapped[bool] = mapped_column(server_default=false())
    geometry: Mapped[WKBElement] = mapped_column(lonlat("GEOMETRY"))


class Railway(Base):
    """铁路: a line of rail."""

    __tablename__ = "railway"
    __table_args__ = (
        sound("geometry", 1),
        spatial_index("railway", "geometry"),
        Index("railway_place_id_index", "place_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    kind: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    bridge: Mapped[bool] = mapped_column(server_default=false())
    tunnel: Mapped[bool] = mapped_column(server_default=false())
    layer: Mapped[int] = mapped_column(SmallInteger, server_default="0", comment="0 on the ground")
    geometry: Mapped[WKBElement] = mapped_column(lonlat("LINESTRING"))


class Green(Base):
    """绿地: a park, square, field or orchard, for the base map only."""

    __tablename__ = "green"
    __table_args__ = (
        sound("geometry", 5),
        spatial_index("green", "geometry"),
        Index("green_place_id_index", "place_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    kind: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    name_pinyin: Mapped[str | None] = mapped_column(Text)
    geometry: Mapped[WKBElement] = mapped_column(lonlat("MULTIPOLYGON"))
