"""Which column of a file holds what: common names in English and 中文, or the name a person gives."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from app.errors import Refusal, part
from app.geo.readers.report import shown

# field -> names in order of preference, as `plain` writes them (lower case, no blanks, dashes, dots or
# colons).
_BUILDINGS = {
    "code": (
        "code", "buildingcode", "buildingid", "bldgid", "bldid", "bid", "bldgcode", "buildingno", "楼栋编码",
        "楼栋号", "楼栋编号", "楼栋代码", "建筑编码", "建筑编号", "楼号", "编码", "编号",
        "id", "osmid", "osmwayid", "fullid", "uuid",
    ),
    "name": (
        "name", "buildingname", "bldgname", "label", "楼栋名称", "建筑名称", "楼名", "名称", "namezh",
    ),
    "households": (
        "households", "household", "hh", "hhs", "hhcount", "householdcount", "householdscount",
        "numhouseholds", "nhouseholds",
        "householdnum", "householdno", "househld", "househlds", "householdnu", "units", "numunits",
        "dwellings", "户数", "总户数",
        "住户数", "居民户数", "登记户数", "家庭户数", "户",
    ),
    "kind": ("kind", "use", "usage", "buildinguse", "用途", "建筑用途", "类型", "楼栋类型", "type"),
    "building": ("building", "buildingtype", "bldgtype", "fclass"),
    "amenity": ("amenity", "shop", "office", "tourism", "leisure"),
    "landuse": ("landuse", "用地"),
    "floors": (
        "floors", "buildinglevels", "levels", "storeys", "stories", "numfloors", "floor",
        "层数", "楼层", "楼层数", "总层数",
    ),
    "height": ("height", "buildingheight", "heightm", "高度", "楼高"),
    "address": ("address", "addr", "fulladdress", "addrfull", "地址", "门牌", "门牌地址", "详细地址"),
}  # fmt: skip
_LINES = {
    "name": ("name", "streetname", "roadname", "道路名称", "名称", "路名"),
    "bridge": ("bridge", "桥梁", "桥"),
    "tunnel": ("tunnel", "隧道"),
    "layer": ("layer", "zlevel", "层"),
}
_STREETS = {
    **_LINES,
    "highway": (
        "highway",
        "fclass",
        "roadclass",
        "class",
        "kind",
        "type",
        "道路等级",
        "等级",
        "道路类型",
        "类型",
    ),
    "railway": ("railway",),
}
_RAILWAYS = {**_LINES, "railway": ("railway", "fclass", "kind", "type", "类型", "highway")}
_WATER = {
    **_LINES,
    "kind": ("waterway", "water", "kind", "fclass", "natural", "type", "类型", "landuse"),
    "natural": ("natural",),
}
_GREEN = {
    "name": ("name", "名称"),
    "kind": ("kind", "leisure", "landuse", "natural", "fclass", "type", "类型"),
}
_AREAS = {
    "code": (
        "code",
        "placecode",
        "communitycode",
        "admincode",
        "compoundcode",
        "编码",
        "代码",
        "区划代码",
        "id",
        "osmid",
    ),
    "name": ("name", "placename", "名称", "社区名称", "大院名称", "小区名称"),
    "level": ("adminlevel", "level", "级别", "层级", "行政级别"),
}
_COMPOUNDS = {
    **_AREAS,
    "kind": ("kind", "compoundkind", "type", "类型", "大院类型"),
    "address": _BUILDINGS["address"],
}
_ENTRANCES = {
    "building": (
        "building", "buildingcode", "buildingid", "bldgid", "bldgcode", "bid",
        "楼栋编码", "楼栋", "楼栋号", "楼栋编号", "楼栋代码", "所属楼栋", "所在楼栋",
        "建筑编码", "建筑编号", "楼号",
    ),
    "code": (
        "code", "entrancecode", "entranceid", "unitcode", "staircase", "ref",
        "单元编码", "单元号", "单元编号", "单元代码", "门栋号", "门栋编码", "编码", "编号", "id",
    ),
    "name": (
        "name", "entrancename", "unitname", "entrance", "unit",
        "单元名称", "单元", "门栋名称", "门栋", "入口名称", "名称",
    ),
    "households": _BUILDINGS["households"],
}  # fmt: skip
# Grids are read to be examined, as they are written, or to become a draft.
_GRIDS = {
    "code": (
        "code", "gridcode", "gridid", "gridno", "网格编码", "网格编号", "网格代码", "网格号",
        "编码", "编号", "代码", "id",
    ),
    "name": ("gridname", "网格名称", "name", "名称", "网格名"),
    "households": ("households", "户数"),
    "in_band": ("inband",),
    "kind": ("kind", "gridkind", "网格类型", "类型", "type"),
}  # fmt: skip

FIELDS: dict[str, Mapping[str, tuple[str, ...]]] = {
    "buildings": _BUILDINGS,
    "streets": _STREETS,
    "railways": _RAILWAYS,
    "water": _WATER,
    "boundary": _AREAS,
    "compounds": _COMPOUNDS,
    "admin": _AREAS,
    "green": _GREEN,
    "entrances": _ENTRANCES,
    "grids": _GRIDS,
}

LAYERS: dict[str, tuple[str, ...]] = {
    "buildings": ("buildings", "building", "bldg", "楼栋", "建筑", "建筑物", "房屋建筑"),
    "streets": ("streets", "street", "roads", "road", "道路", "路网", "道路中心线"),
    "boundary": ("boundary", "boundaries", "outline", "district", "边界", "辖区", "范围"),
    "water": ("water", "waterways", "rivers", "水系", "水域", "河流"),
    "railways": ("railways", "railway", "rail", "rails", "铁路"),
    "compounds": ("compounds", "compound", "大院", "小区", "院落"),
    "admin": ("admin", "行政区划", "行政区", "社区"),
    "green": ("green", "greens", "parks", "park", "绿地", "公园"),
    "entrances": (
        "entrances",
        "entrance",
        "staircases",
        "staircase",
        "单元",
        "门栋",
        "楼栋单元",
        "单元门",
        "入口",
    ),
    "grids": ("grids", "grid", "网格"),
}


def plain(name: str) -> str:
    """A name as it is compared: without case, width, blanks and punctuation.

    >>> plain(" Building_ID "), plain("building:levels"), plain("ＨＨ")
    ('buildingid', 'buildinglevels', 'hh')
    """
    return re.sub(r"[\s_\-.:@#]+", "", unicodedata.normalize("NFKC", name)).casefold()


def find_columns(
    role: str,
    columns: Mapping[str, list[Any]] | Iterable[str],
    given: Mapping[str, str],
    *,
    file: str,
) -> dict[str, str]:
    """field -> column for one layer. A name the person gave comes first and must be there.

    Where several columns could hold the households or the code, and differ, the file is ambiguous and
    refused: whichever is taken in silence may be the wrong one.
    """
    names = list(columns)
    found: dict[str, str] = {}
    for field, synonyms in FIELDS[role].items():
        if field in given and (column := _given(given[field], names)) is not None:
            found[field] = column
            continue
        if field in given and (role in ("buildings", "grids")) == (field != "highway"):
            raise Refusal("column_missing", file=file, column=given[field], field=field, found=_listed(names))
        candidates = [name for synonym in synonyms for name in names if plain(name) == synonym]
        if not candidates:
            continue
        if role == "buildings" and field in ("households", "code") and isinstance(columns, Mapping):
            _refuse_ambiguous(field, candidates, columns, file)
        found[field] = candidates[0]
    return found


def useful_columns(role: str, names: Iterable[str], given: Mapping[str, str]) -> list[str]:
    """The columns that could hold anything asked for; the others need not be read."""
    known = {synonym for synonyms in FIELDS[role].values() for synonym in synonyms}
    known |= {plain(name) for name in given.values()}
    return [name for name in names if plain(name) in known]


def find_layers(
    roles: Iterable[str], layers: list[str], given: Mapping[str, str], *, file: str
) -> dict[str, str]:
    """role -> layer of a file with several layers, by name; a name the person gave must be there."""
    found: dict[str, str] = {}
    for role in roles:
        if role in given:
            if given[role] not in layers:
                raise Refusal(
                    "layer_missing", file=file, role=role, layer=shown(given[role]), found=_listed(layers)
                )
            found[role] = given[role]
            continue
        for synonym in LAYERS[role]:
            named = [layer for layer in layers if plain(layer) == synonym]
            if named:
                found[role] = named[0]
                break
    return found


def the_layer(role: str, layers: list[str], given: Mapping[str, str], *, file: str) -> str:
    """The layer of a file that holds one thing: by name, or the only one there is."""
    named = find_layers([role], layers, given, file=file)
    if role in named:
        return named[role]
    if len(layers) != 1:
        raise Refusal("layer_ambiguous", file=file, role=role, found=_listed(layers))
    return layers[0]


def _given(column: str, names: list[str]) -> str | None:
    exact = [name for name in names if name == column] or [
        name for name in names if plain(name) == plain(column)
    ]
    return exact[0] if exact else None


def _refuse_ambiguous(field: str, candidates: list[str], columns: Mapping[str, list[Any]], file: str) -> None:
    """For the code, only one name written twice is in doubt: `osm_id` beside `building_id` is ordinary."""
    first = candidates[0]
    rivals = (
        candidates[1:] if field == "households" else [c for c in candidates[1:] if plain(c) == plain(first)]
    )
    for rival in rivals:
        if columns[rival] != columns[first]:
            raise Refusal("column_ambiguous", file=file, field=field, columns=f"{first}, {rival}")


def _listed(names: list[str]) -> object:
    """Names for a message; a file may have thousands."""
    listed = ", ".join(shown(name, 40) for name in names[:12])
    return (listed + ", …") if len(names) > 12 else (listed or part("none"))
