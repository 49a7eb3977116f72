"""What every table shares: names of constraints, geometry that is sound, paths in the tree of places."""

from __future__ import annotations

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, Index, MetaData
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import UserDefinedType


class Base(DeclarativeBase):
    """A table of Gridkeeper."""

    metadata = MetaData(
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s_index",
            "uq": "%(table_name)s_%(column_0_N_name)s_unique",
            "ck": "%(table_name)s_%(constraint_name)s",
            "fk": "%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "%(table_name)s_key",
        }
    )


class Ltree(UserDefinedType[str]):
    """A path in a tree, as in `140499.140499001.140499001003`."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "LTREE"


ischema_names["ltree"] = Ltree  # known when tables are read from a database, as migrations do to compare


def lonlat(kind: str) -> Geometry:
    """A column of lon/lat (EPSG:4326) of one geometry type; `sound` and `spatial_index` go with it."""
    return Geometry(kind, srid=4326, spatial_index=False)


def sound(column: str, widest_degrees: float | None = None) -> CheckConstraint:
    """What must be true of every stored geometry; a bare column takes NaN, bow-ties and empties.

    In range also tells metres from degrees, and latitude put before longitude wherever one of the two is
    over 90. widest_degrees: no single thing of this kind reaches further from west to east or south to north.
    """
    said = (
        f"ST_IsValid({column}) AND NOT ST_IsEmpty({column})"
        f" AND ST_XMin({column}) >= -180 AND ST_XMax({column}) <= 180"
        f" AND ST_YMin({column}) >= -90 AND ST_YMax({column}) <= 90"
    )
    if widest_degrees is not None:
        said += (
            f" AND ST_XMax({column}) - ST_XMin({column}) <= {widest_degrees}"
            f" AND ST_YMax({column}) - ST_YMin({column}) <= {widest_degrees}"
        )
    return CheckConstraint(said, name=f"{column}_sound")


def spatial_index(table: str, column: str) -> Index:
    return Index(f"{table}_{column}_index", column, postgresql_using="gist")


def one_of(column: str, *words: str) -> CheckConstraint:
    """A column that holds one of a fixed list of words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
