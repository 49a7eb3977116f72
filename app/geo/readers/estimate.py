"""Households where no register gives them: a stated formula over footprint, floors and use.

A crude figure, good enough to divide ground by, not a truth about the place. The report says formula and
parameters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from app.errors import part
from app.geo.plots import FloatArray, IntArray
from app.geo.readers.options import ReadOptions

_WORDS = {
    "residential": (
        "residential apartments apartment house houses detached semidetached_house semi terrace dormitory"
        " bungalow static_caravan "
        "farm villa houseboat hut_residential dwelling housing mixed_residential flats "
        "住宅 居住 公寓 宿舍 民房 居民楼 住房 商住 商住楼 出租屋 平房 自建房 居民住宅 农民房"
    ),
    "ancillary": (
        "ancillary garage garages shed roof hut carport service greenhouse barn farm_auxiliary ruins "
        "construction container "
        "toilets kiosk bunker gatehouse guardhouse parking storage_tank transformer_tower cabin stable "
        "sty cowshed silo tank "
        "bridge tower gazebo pavilion canopy abandoned collapsed demolished no "
        "车库 车棚 附属 附属用房 配电房 门卫 棚 在建"
    ),
    "commercial": (
        "commercial retail office offices hotel supermarket shop mall kiosk bank restaurant cinema market "
        "商业 办公 写字楼 商场 酒店 宾馆 商铺 市场 商务 超市"
    ),
    "industrial": "industrial warehouse manufacture factory hangar works depot 工业 厂房 仓库 工厂 车间 物流",
    "education": (
        "education school university college kindergarten library "
        "教育 学校 幼儿园 教学楼 大学 中学 小学 图书馆"
    ),
    "health": "health hospital clinic 医疗 医院 诊所 卫生",
    "public": (
        "public civic government church chapel mosque temple cathedral synagogue shrine religious "
        "train_station transportation "
        "station stadium sports_hall sports_centre museum theatre fire_station police townhall monastery "
        "grandstand castle "
        "公共 政府 行政 文化 体育 车站 寺庙 公建 公共服务 社区服务"
    ),
}
_USE_OF = {word: use for use, words in _WORDS.items() for word in words.split()}

# Land use around a building that speaks against dwellings in it, where the building itself says nothing.
_LAND = {
    "industrial": "industrial", "railway": "industrial", "port": "industrial", "quarry": "industrial",
    "landfill": "industrial",
    "retail": "commercial", "commercial": "commercial", "garages": "ancillary", "allotments": "ancillary",
    "military": "public", "religious": "public", "cemetery": "public", "education": "education", "school":
    "education",
    "university": "education", "college": "education", "hospital": "health", "recreation_ground": "public",
    "construction": "ancillary",
    "depot": "industrial", "farmyard": "ancillary", "工业": "industrial", "商业": "commercial",
}  # fmt: skip


def classify(
    said: Sequence[Sequence[str | None]],
    amenity: Sequence[str | None],
    landuse: Sequence[str | None],
    footprint_m2: FloatArray,
) -> npt.NDArray[np.object_]:
    """The use of each building: residential, ancillary, commercial, industrial, education, health or public.

    A word the building carries decides; else an amenity, shop or office in it; else the land around it;
    else its size: below 35 m² ancillary, above 1,800 m² outside residential land commercial, else
    residential.

    said: one row of words per column that may state the use, the most telling column first.
    """
    use = np.full(len(footprint_m2), None, dtype=object)
    for words in said:
        _fill(use, [_USE_OF.get(word.strip().casefold()) if word else None for word in words])
    _fill(use, [_of_amenity(word) for word in amenity])
    _fill(use, [_LAND.get(word) if word else None for word in landuse])
    silent = np.array([value is None for value in use], dtype=bool)
    at_home = np.array([word == "residential" for word in landuse], dtype=bool)
    use[silent] = "residential"
    use[silent & (footprint_m2 < 35)] = "ancillary"
    use[silent & (footprint_m2 > 1_800) & ~at_home] = "commercial"
    return use


def estimate_households(
    footprint_m2: FloatArray,
    floors: FloatArray,
    height_m: FloatArray,
    residential: npt.NDArray[np.bool_],
    options: ReadOptions,
) -> IntArray:
    """Households per building by `stated_formula`; floors and heights are NaN where unknown.

    >>> metres, six, unknown = np.array([600.0]), np.array([6.0]), np.array([np.nan])
    >>> estimate_households(metres, six, unknown, np.array([True]), ReadOptions()).tolist()
    [30]
    """
    known = np.where(floors >= 1, np.minimum(floors, 150), np.nan)
    by_height = np.where(
        (height_m > 0) & (height_m < 700), np.maximum(1, np.round(height_m / options.floor_m)), np.nan
    )
    by_size = np.select([footprint_m2 < 150, footprint_m2 < 400], [2.0, 3.0], 6.0)
    levels = np.where(np.isnan(known), np.where(np.isnan(by_height), by_size, by_height), known)
    count = np.floor(footprint_m2 * levels * options.net_share / options.household_m2 + 0.5)
    count = np.where(footprint_m2 >= 35, np.maximum(count, 1), count)
    return np.where(residential, count, 0).astype(np.int64)


def stated_formula(options: ReadOptions) -> object:
    """The formula with the parameters of this reading."""
    return part(
        "formula",
        net_share=f"{options.net_share:g}",
        household_m2=f"{options.household_m2:g}",
        floor_m=f"{options.floor_m:g}",
    )


def _fill(use: npt.NDArray[np.object_], found: Sequence[str | None]) -> None:
    """Where nothing is known yet, take what was found."""
    for k, value in enumerate(found):
        if value is not None and use[k] is None:
            use[k] = value


def _of_amenity(word: str | None) -> str | None:
    """The use that an amenity, shop or office tag stands for: commercial, if nothing closer is known."""
    if not word:
        return None
    return _USE_OF.get(word, "commercial")
