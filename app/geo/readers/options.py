"""What a reader is told: the options of one reading, and the limits that no file may pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Limits:
    """The most a file may be or hold. The one place where these numbers stand.

    file_mb: size as sent. unpacked_mb, members: of a zip, after unpacking.
    rows: features a layer. vertices, rings: of one feature. columns: of one layer.
    name_characters: of a name or code. depth: of nested JSON or XML.
    households: of one building. building_m2_least, building_m2_most: ground covered by one building.
    extent_margin_m: how far a building may lie outside the extent asked for.
    repair_vertices: an invalid ring with more corners than this is refused, not repaired (repair takes
        minutes from 300 on).
    seconds: of reading one file, by the wall clock and by the processor. memory_mb: growth of the reading
        process.
    """

    file_mb: float = 20
    unpacked_mb: float = 100
    members: int = 50
    rows: int = 50_000
    vertices: int = 5_000
    rings: int = 200
    columns: int = 64
    name_characters: int = 200
    depth: int = 32
    households: int = 10_000
    building_m2_least: float = 1
    building_m2_most: float = 200_000
    extent_margin_m: float = 5_000
    repair_vertices: int = 200
    seconds: float = 9
    memory_mb: float = 260

    @classmethod
    def for_uploads(cls) -> Limits:
        """What a person may send to a server that others share."""
        return cls()

    @classmethod
    def for_operator(cls) -> Limits:
        """Ten times as much, for the operator's own files, where a hostile ring is not expected."""
        return cls(
            file_mb=200,
            unpacked_mb=1_000,
            members=500,
            rows=500_000,
            vertices=50_000,
            rings=2_000,
            columns=640,
            name_characters=2_000,
            depth=320,
            households=100_000,
            building_m2_least=0.1,
            building_m2_most=2_000_000,
            extent_margin_m=50_000,
            repair_vertices=2_000,
            seconds=90,
            memory_mb=2_600,
        )


@dataclass(frozen=True)
class ReadOptions:
    """How to read, where the files do not say it themselves.

    columns: field -> column of the buildings (`households`, `code`, `name`, `kind`, `floors`, `height`) or
        of the streets (`highway`).
    layers: role -> layer of a file that holds several (`buildings`, `streets`, `boundary` …).
    crs: of files that name none or a wrong one, e.g. "EPSG:4547"; it wins over what a file says unless only
        the latter fits the coordinates (degrees or metres).
    datum: of all layers: wgs84, cgcs2000, gcj02 or bd09. datums: role -> datum of that layer alone, which
        wins also over what a file says.
    encoding: of attributes that do not say or say it wrongly, e.g. "gb18030".
    place: the named area(s) of an OpenStreetMap file to take as the district, joined by commas; bbox: west,
        south, east, north in degrees.
    strict: one bad row refuses the file (uploads); otherwise rows are mended or refused one by one.
    registered: the household numbers come from the register 登记户数, not from an estimate 估算户数.
    household_m2: net floor area of a household; net_share: net of gross floor area; floor_m: height of a
        floor.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    layers: Mapping[str, str] = field(default_factory=dict)
    crs: str | None = None
    datum: str = "wgs84"
    datums: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    place: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    strict: bool = False
    registered: bool = False
    household_m2: float = 95
    net_share: float = 0.8
    floor_m: float = 3.2
