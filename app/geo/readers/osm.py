"""OpenStreetMap files (.osm.pbf, .osm): buildings, carriageways, rails, water, land use, areas.

Parsed by pyosmium, which assembles multipolygons of relations; GDAL finds no administrative area in many
extracts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely

from app.errors import Refusal, part
from app.geo.readers.options import Limits, ReadOptions
from app.geo.readers.raw import RawLayer, from_wkb
from app.geo.readers.report import ImportReport, shown

_KEYS = (
    "building", "highway", "railway", "waterway", "natural", "landuse", "amenity", "boundary", "water",
    "leisure",
)  # fmt: skip
_USED = (
    "name", "building", "amenity", "shop", "office", "building:levels", "height", "highway", "railway",
    "bridge", "tunnel", "layer",
    "waterway", "natural", "water", "landuse", "boundary", "admin_level", "area", "ref", "covered",
)  # fmt: skip
_ADDRESS = ("addr:full", "addr:housenumber", "addr:street", "addr:place")
_GREEN = {
    "leisure": ("park", "garden", "pitch", "golf_course", "nature_reserve", "dog_park", "playground"),
    "landuse": (
        "grass", "forest", "meadow", "village_green", "recreation_ground", "cemetery", "orchard", "farmland",
        "allotments", "vineyard", "flowerbed", "greenfield",
    ),
    "natural": ("wood", "scrub", "grassland", "heath", "wetland"),
}  # fmt: skip
_NAMES = ("name", "name:zh", "name:en", "official_name", "alt_name")
_GROUNDS = ("university", "college", "school", "kindergarten", "hospital", "clinic", "prison")
_WATERWAYS = ("river", "canal", "stream", "tidal_channel", "drain", "ditch")
_STANDING = ("reservoir", "basin")
_HEADER_MOST, _BLOB_MOST = 64 * 1024, 32 * 1024 * 1024


@dataclass
class _Found:
    """Objects of one role: what each is called, its WKB in hex, and its tags."""

    names: list[str] = field(default_factory=list)
    shapes: list[str] = field(default_factory=list)
    tags: list[dict[str, str]] = field(default_factory=list)

    def add(self, name: str, shape: str, tags: dict[str, str]) -> None:
        self.names.append(name)
        self.shapes.append(shape)
        self.tags.append(tags)


@dataclass(frozen=True)
class _Area:
    """An administrative relation: its names, level and the relations it lists as its parts."""

    names: tuple[str, ...]
    level: str
    parts: tuple[int, ...]


class OsmFile:
    """One OpenStreetMap file, read once; `layers` hands out its roles."""

    def __init__(self, path: Path, file: str, limits: Limits, report: ImportReport) -> None:
        self.file, self.limits, self.report = file, limits, report
        self._roles: dict[str, _Found] = {
            r: _Found() for r in ("buildings", "streets", "railways", "water", "landuse", "admin", "green")
        }
        self._areas: dict[int, _Area] = {}
        self._broken = 0
        try:
            self._read(path)
        except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
            what = part("parser_said", said=shown(error))
            raise Refusal("file_damaged", file=file, what=what) from None
        if self._broken:
            report.note("shapes_incomplete", file=file, count=self._broken)

    def layers(self, roles: list[str], options: ReadOptions) -> Iterator[tuple[str, RawLayer]]:
        """The layers asked for; an empty one is left out, but for the buildings."""
        for role in roles:
            if role == "buildings":
                yield role, self._buildings()
            elif role == "boundary" and options.place:
                yield role, self._boundary(options.place)
            elif role in ("streets", "railways", "water", "admin", "green") and self._roles[role].names:
                yield role, self._layer(role, self._roles[role])

    def _read(self, path: Path) -> None:
        objects: Iterator[Any] = iter(
            osmium.FileProcessor(str(path)).with_areas().with_filter(osmium.filter.KeyFilter(*_KEYS))
        )
        wkb = osmium.geom.WKBFactory()
        for thing in objects:
            if thing.is_area():
                self._area(thing, wkb)
            elif thing.is_way():
                self._way(thing, wkb)
            elif thing.is_relation() and thing.tags.get("boundary") == "administrative":
                parts = tuple(m.ref for m in thing.members if m.type == "r" and m.role == "subarea")
                names = tuple(v for key in _NAMES if (v := thing.tags.get(key)))
                self._areas[thing.id] = _Area(names, thing.tags.get("admin_level", ""), parts)

    def _area(self, area: Any, wkb: Any) -> None:
        tags = {key: value for key in (*_USED, *_ADDRESS) if (value := area.tags.get(key))}
        name = ("w" if area.from_way() else "r") + str(area.orig_id())
        role = _area_role(tags)
        if role is not None:
            self._add(role, name, tags, lambda: wkb.create_multipolygon(area))
        green = [key for key, values in _GREEN.items() if area.tags.get(key) in values]
        if green and role in (None, "landuse"):
            self._add_green(name, area, green[0], wkb)

    def _add_green(self, name: str, area: Any, key: str, wkb: Any) -> None:
        """For the base map: one that the extract cuts is no loss, and one more than fits neither."""
        found = self._roles["green"]
        if len(found.names) < self.limits.rows:
            try:
                shape = wkb.create_multipolygon(area)
            except (RuntimeError, osmium.InvalidLocationError):
                return
            called = {"name": area.tags["name"]} if "name" in area.tags else {}
            found.add(name, shape, {"leisure": area.tags[key], **called})  # whichever tag says what it is

    def _way(self, way: Any, wkb: Any) -> None:
        tags = {key: value for key in _USED if (value := way.tags.get(key))}
        if tags.get("area") == "yes":
            return
        if "highway" in tags:
            role = "streets"
        elif "railway" in tags:
            role = "railways"
        elif tags.get("waterway") in _WATERWAYS:
            role = "water"
        else:
            return
        self._add(role, f"w{way.id}", tags, lambda: wkb.create_linestring(way))

    def _add(self, role: str, name: str, tags: dict[str, str], shape: Any) -> None:
        try:
            self._roles[role].add(name, shape(), tags)
        except (
            RuntimeError,
            osmium.InvalidLocationError,
        ):  # corners outside the extract, a line of one point
            self._broken += 1
        if len(self._roles[role].names) > self.limits.rows:
            raise Refusal(
                "too_many_rows",
                file=self.file,
                layer=role,
                rows=f"over {self.limits.rows}",
                most=self.limits.rows,
            )

    def _layer(self, role: str, found: _Found, only: list[int] | None = None) -> RawLayer:
        picked = range(len(found.names)) if only is None else only
        geometry, undecodable = from_wkb([bytes.fromhex(found.shapes[k]) for k in picked])
        columns: dict[str, list[Any]] = {"code": [found.names[k] for k in picked]}
        for key in (*_USED, "leisure"):
            values = [found.tags[k].get(key) for k in picked]
            if any(values):
                columns[key] = values
        numbers = range(1, len(picked) + 1)
        layer = RawLayer(self.file, role, "object", numbers, _simplest(geometry), columns, "EPSG:4326")
        layer.crs_certain = True
        layer.faults = {int(k): ("geometry_unreadable", {}) for k in undecodable}
        return layer

    def _buildings(self) -> RawLayer:
        layer = self._layer("buildings", self._roles["buildings"])
        layer.columns.pop("landuse", None)
        layer.columns["amenity"] = [
            tags.get("amenity") or tags.get("shop") or tags.get("office")
            for tags in self._roles["buildings"].tags
        ]
        layer.columns["address"] = [_address(tags) for tags in self._roles["buildings"].tags]
        land = self._layer("landuse", self._roles["landuse"])
        if len(layer) and len(land):
            words = [tags.get("landuse") or tags.get("amenity") for tags in self._roles["landuse"].tags]
            layer.columns["landuse"] = _words_around(layer.geometry, land.geometry, words)
        return layer

    def _boundary(self, place: str) -> RawLayer:
        """The areas of these names; one that an extract cuts is united from its parts that are whole."""
        found = self._roles["admin"]
        complete = {int(name[1:]): k for k, name in enumerate(found.names) if name[0] == "r"}
        chosen: list[int] = []
        for name in place.split(","):
            named = [
                key
                for key, area in self._areas.items()
                if name.strip().casefold() in (n.casefold() for n in area.names)
            ]
            whole = [complete[key] for key in named if key in complete]
            parts = [complete[key] for key in self._parts_of(named) if key in complete]
            if whole:
                chosen.append(min(whole, key=lambda k: (found.tags[k].get("admin_level", "99").zfill(2), k)))
                continue
            if not parts:
                known = sorted({tags["name"] for tags in found.tags if "name" in tags})
                raise Refusal(
                    "place_missing",
                    file=self.file,
                    place=shown(name.strip()),
                    found=shown(", ".join(known), 200) or part("none"),
                )
            chosen += parts
            listed = ", ".join(found.tags[k].get("name", found.names[k]) for k in parts)
            self.report.warn(
                "place_incomplete", file=self.file, place=shown(name.strip()), parts=shown(listed, 200)
            )
        return self._layer("boundary", found, sorted(set(chosen)))

    def _parts_of(self, areas: list[int]) -> list[int]:
        """The relations below these, level by level, each once."""
        below: dict[int, None] = {}
        queue = list(areas)
        while queue:
            for child in self._areas[queue.pop(0)].parts:
                if child in self._areas and child not in below:
                    below[child] = None
                    queue.append(child)
        return list(below)


def _address(tags: dict[str, str]) -> str | None:
    """As on the door plate: number and street in one line."""
    street = tags.get("addr:street") or tags.get("addr:place")
    parts = [part for part in (tags.get("addr:housenumber"), street) if part]
    return tags.get("addr:full") or (" ".join(parts) if street else None)


def _area_role(tags: dict[str, str]) -> str | None:
    if tags.get("building", "no") != "no":
        return "buildings"
    if tags.get("boundary") == "administrative":
        return "admin"
    if (
        tags.get("natural") == "water"
        or tags.get("waterway") in ("riverbank", "dock")
        or tags.get("landuse") in _STANDING
    ):
        return "water"
    return "landuse" if "landuse" in tags or tags.get("amenity") in _GROUNDS else None


def _simplest(geometry: Any) -> Any:
    """Multipolygons of one part as polygons."""
    single = (shapely.get_type_id(geometry) == 6) & (shapely.get_num_geometries(geometry) == 1)
    geometry[single] = shapely.get_geometry(geometry[single], 0)
    return geometry


def _words_around(buildings: Any, land: Any, words: list[str | None]) -> list[str | None]:
    """The land use around each building; where several lie over each other, the smallest says most."""
    sound = np.flatnonzero(shapely.is_valid(land))
    middle = shapely.centroid(buildings)
    pairs = shapely.STRtree(land[sound]).query(middle, predicate="within")
    area = shapely.area(land[sound])
    around: list[str | None] = [None] * len(buildings)
    for building, piece in sorted(zip(*pairs.tolist(), strict=True), key=lambda pair: -area[pair[1]]):
        around[building] = words[sound[piece]]
    return around


def check_pbf(path: Path, file: str) -> None:
    """Walk over the blocks of a PBF and refuse one that announces more than the file or the format holds."""
    size = path.stat().st_size
    with path.open("rb") as opened:
        at, first = 0, True
        while at < size:
            head = int.from_bytes(opened.read(4), "big")
            if head > _HEADER_MOST or at + 4 + head > size:
                raise Refusal("file_damaged", file=file, what=part("block_cut_off"))
            kind, length = _block(opened.read(head))
            if kind is None or (first and kind != b"OSMHeader"):
                raise Refusal("file_damaged", file=file, what=part("no_pbf"))
            at += 4 + head + length
            if length > _BLOB_MOST or at > size:
                raise Refusal("file_damaged", file=file, what=part("block_cut_off"))
            opened.seek(at)
            first = False


def _block(header: bytes) -> tuple[bytes | None, int]:
    """Type and length out of a protobuf BlobHeader (fields 1 and 3)."""
    kind, length, at = None, -1, 0
    try:
        while at < len(header):
            key, at = _varint(header, at)
            value, at = _varint(header, at)
            if key & 7 == 2:
                if key >> 3 == 1:
                    kind = header[at : at + value]
                at += value
            elif key & 7 != 0:
                return None, 0
            elif key >> 3 == 3:
                length = value
    except IndexError:
        return None, 0
    return (kind, length) if length >= 0 else (None, 0)


def _varint(octets: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (octets[at] & 127) << shift
        at, shift = at + 1, shift + 7
        if octets[at - 1] < 128:
            return value, at
        if shift > 63:
            raise IndexError
