"""What a row of a register file says: columns by their common names, cells as days, bands and numbers.

A row says where (a building by code, address or coordinates; a door), who (a name and what may be kept of a
resident) and since when. ID numbers show where a file was spoilt; they and birth dates are kept only where
the rules of the place have them (`identities.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from app.errors import Refusal
from app.geo.readers.tables import Table
from app.services.id_numbers import born_on
from app.services.id_numbers import clean as clean_number
from app.services.phones import clean as clean_phone

# field -> names of its column, as `plain` writes them; the first is what the exchange file is headed with.
COLUMNS: dict[str, tuple[str, ...]] = {
    "building": (
        *("楼栋编码", "楼栋编号", "楼栋代码", "楼栋号", "楼栋", "楼号", "建筑编码"),
        *("buildingid", "buildingcode", "building"),
    ),
    "entrance": ("单元编码", "单元号", "单元", "entrance", "entrancecode", "staircase"),
    "dwelling": (
        *("房屋编号", "房号", "室号", "门牌号", "房间号", "房间", "室"),
        *("unit", "dwelling", "flat", "room", "door"),
    ),
    "floor": ("楼层", "层", "floor"),
    "use": ("房屋用途", "居住类型", "房屋性质", "residencetype", "tenure", "use"),
    "household_no": ("户号", "户编号", "户序号", "householdno", "householdid", "household"),
    "household_from": ("建户日期", "householdfrom"),
    "household_until": ("销户日期", "householduntil"),
    "visit_hour": ("方便走访时间", "走访时间", "visithour"),
    "resident_no": ("居民序号", "人员序号", "residentno"),
    "name": ("姓名", "名字", "居民姓名", "name", "fullname"),
    "age_band": ("年龄段", "年龄", "ageband", "age"),
    "registered_here": ("本地户籍", "是否本地户籍", "是否户籍", "户籍", "registeredhere"),
    "phone": ("联系电话", "电话", "手机", "手机号", "手机号码", "电话号码", "phone", "mobile", "telephone"),
    "from_on": ("入住日期", "居住起始", "起始日期", "来本地日期", "from", "fromon", "movedin"),
    "until_on": ("搬离日期", "居住截止", "截止日期", "离开日期", "until", "untilon", "movedout"),
    "source": ("信息来源", "来源", "source"),
    "purpose": ("登记用途", "purpose"),
    "address": ("地址", "详细地址", "现住址", "住址", "address"),
    "lon": ("经度", "lon", "lng", "longitude", "x"),
    "lat": ("纬度", "lat", "latitude", "y"),
    "birth_date": ("出生日期", "出生年月日", "生日", "birthdate", "dateofbirth", "birthday"),
    "id_number": ("身份证号", "身份证号码", "证件号码", "公民身份号码", "idnumber", "idno", "idcard"),
}
HEAD = {name: names[0] for name, names in COLUMNS.items()}
USES = {
    "home": ("home", "自住", "自有", "owner", "owned", "住宅"),
    "rental": ("rental", "出租", "租住", "租赁", "tenant", "rented", "rent"),
    "empty": ("empty", "空置", "vacant"),
    "other": ("other", "其他", "其它"),
}
BANDS = {
    "under 14": ("under 14", "14岁以下", "未满14岁", "<14"),
    "14-15": ("14-15", "14-15岁", "14至15岁"),
    "16 or over": ("16 or over", "16岁以上", "16岁及以上", "满16岁", ">=16", "16+"),
}
HOURS = {
    "day": ("day", "白天", "工作日白天"),
    "evening": ("evening", "晚上", "晚间"),
    "weekend": ("weekend", "周末"),
}
YES, NO = ("yes", "y", "true", "1", "是", "本地", "户籍"), ("no", "n", "false", "0", "否", "外地", "非户籍")
SOURCES: dict[str, tuple[str, ...]] = {
    "visit": ("visit", "走访"),
    "resident": ("resident", "本人"),
    "landlord": ("landlord", "房东"),
    "employer": ("employer", "用工单位"),
    "import": ("import", "导入"),
    "exchange": ("exchange", "交换"),
}
OLDEST, LATEST = date(1900, 1, 1), date(2100, 1, 1)
LONGEST_NAME, LONGEST_CODE, LONGEST_PURPOSE = 80, 40, 80
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0{1,2}:00(?::00)?)?")
_DAY_SHORT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EPOCH = date(1899, 12, 30)  # days of spreadsheets are counted from here
_SERIAL = re.compile(r"[2-7]\d{4}")


@dataclass(frozen=True)
class Said:
    """A row as it is understood. name None: a dwelling or household without residents."""

    row: int
    building: str | None = None
    address: str | None = None
    lon: float | None = None
    lat: float | None = None
    entrance: str | None = None
    dwelling: str | None = None
    floor: int | None = None
    use: str | None = None
    household_no: str | None = None
    household_from: date | None = None
    household_until: date | None = None
    visit_hour: str | None = None
    resident_no: str | None = None
    name: str | None = None
    age_band: str | None = None
    registered_here: bool | None = None
    phone: str | None = None
    from_on: date | None = None
    until_on: date | None = None
    source: str | None = None
    purpose: str | None = None
    birth_date: date | None = None
    id_number: str | None = field(default=None, repr=False)


@dataclass
class Understood:
    """All rows that say something sound, and what was put right or cannot be.

    mended: (row, field, why). wrong: (row, field, code of the refusal).
    """

    rows: list[Said] = field(default_factory=list)
    mended: list[tuple[int, str, str]] = field(default_factory=list)
    wrong: list[tuple[int, str, str]] = field(default_factory=list)


def plain(name: str) -> str:
    """A column's name without case, width and what stands between words.

    >>> plain("Building_ID"), plain("联系 电话（必填）")
    ('buildingid', '联系电话')
    """
    narrow = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"\(.*?\)|[\s_\-./:*]", "", narrow)


def columns_called(table: Table, columns: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Which column holds which field. columns: by field, the plain names it may have, best first."""
    heads = [plain(name) for name in table.head]
    found: dict[str, int] = {}
    for name, known in columns.items():
        at = next((heads.index(one) for one in known if one in heads), None)
        if at is not None and at not in found.values():
            found[name] = at
    return found


def columns_of(table: Table, file: str) -> dict[str, int]:
    """Which column holds which field. Refused with `register_columns_missing`."""
    found = columns_called(table, COLUMNS)
    missing = [HEAD[name] for name in ("name", "dwelling") if name not in found]
    if not {"building", "address"} & set(found) and not {"lon", "lat"} <= set(found):
        missing.append(HEAD["building"])
    if missing:
        raise Refusal("register_columns_missing", file=file, columns=", ".join(missing))
    return found


DAYS = ("from_on", "until_on", "household_from", "household_until", "birth_date")


def understood(table: Table, file: str, today: date, *, births: bool = False) -> Understood:
    """The rows of a table as they are understood; nobody has come or left on a day after today.

    births: whether birth dates are looked at.
    """
    columns = columns_of(table, file)
    if not births:
        columns.pop("birth_date", None)
    named = {table.head[at]: name for name, at in columns.items()}
    made = Understood()
    made.mended += [(row, named[head], why) for row, head, why in table.mended if head in named]
    made.wrong += [(row, named.get(head, head), code) for row, head, code in table.wrong]
    spoilt = {row for row, _, _ in made.wrong}
    for number, cells in table.rows:
        if number not in spoilt:
            _add(made, number, {name: cells[at] for name, at in columns.items()}, today)
    return made


def _add(made: Understood, number: int, cells: Mapping[str, str | None], today: date) -> None:
    values: dict[str, object] = {}
    for name, read in READERS.items():
        cell = cells.get(name)
        if cell is None:
            continue
        narrow = unicodedata.normalize("NFKC", cell).strip() if name not in AS_WRITTEN else cell
        try:
            values[name] = read(narrow)
        except ValueError as error:
            made.wrong.append((number, name, str(error) or "cell_not_understood"))
            return
        if narrow != cell and values[name] is not None:
            made.mended.append((number, name, "wide"))
    if values.get("dwelling") is None:
        made.wrong.append((number, "dwelling", "cell_missing"))
        return
    for name in DAYS:
        told = values.get(name)
        if isinstance(told, date) and told > today:
            made.wrong.append((number, name, "day_in_future"))
            return
    for first, last in (DAYS[:2], DAYS[2:4]):
        begins, ends = values.get(first), values.get(last)
        if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
            made.wrong.append((number, last, "days_turned"))
            return
    born, own = values.get("birth_date"), values.get("id_number")
    if born is not None and isinstance(own, str) and born_on(own) != born:
        made.wrong.append((number, "birth_date", "birth_dates_differ"))
        return
    made.rows.append(Said(number, **values))  # type: ignore[arg-type]


# --- Cells ------------------------------------------------------------------------------------------------


def day(cell: str) -> date:
    """A day as people write it, or as a spreadsheet counts it.

    >>> [day(one).isoformat() for one in ("2026-3-1", "2026/03/01", "2026年3月1日", "20260301", "46082")]
    ['2026-03-01', '2026-03-01', '2026-03-01', '2026-03-01', '2026-03-01']
    """
    found = _DAY.fullmatch(cell) or _DAY_SHORT.fullmatch(cell)
    try:
        if found:
            told = date(*map(int, found.groups()))
        elif _SERIAL.fullmatch(cell):
            told = _EPOCH + timedelta(days=int(cell))
        else:
            raise ValueError
    except ValueError:
        raise ValueError("day_not_understood") from None
    if not OLDEST <= told < LATEST:
        raise ValueError("day_not_understood")
    return told


def band(cell: str) -> str:
    """An age band; an age in years becomes one, and is not kept.

    >>> band("16岁以上"), band("9"), band("15岁"), band("70")
    ('16 or over', 'under 14', '14-15', '16 or over')
    """
    years = re.fullmatch(r"(\d{1,3})\s*岁?", cell)
    if years:
        age = int(years[1])
        return "under 14" if age < 14 else "14-15" if age < 16 else "16 or over"
    return _one_of(cell, BANDS)


def id_number(cell: str) -> str:
    """An ID number, as it is written clean; whether it is kept is for the rules to say.

    >>> id_number("11010519491231002x")
    '11010519491231002X'
    """
    try:
        return clean_number(cell)
    except Refusal as refusal:
        raise ValueError(refusal.code) from None


def _one_of(cell: str, known: Mapping[str, tuple[str, ...]]) -> str:
    said = cell.casefold()
    for value, names in known.items():
        if said in names:
            return value
    raise ValueError("cell_not_understood")


def _yes(cell: str) -> bool:
    if cell.casefold() in YES:
        return True
    if cell.casefold() in NO:
        return False
    raise ValueError("cell_not_understood")


def _phone(cell: str) -> str | None:
    try:
        return clean_phone(cell)
    except Refusal as refusal:
        raise ValueError(refusal.code) from None


def _text(most: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if len(cell) > most:
            raise ValueError("cell_too_long")
        return cell

    return read


def _degrees(most: int) -> Callable[[str], float]:
    def read(cell: str) -> float:
        try:
            found = float(cell)
        except ValueError:
            raise ValueError("cell_not_understood") from None
        if not -most <= found <= most:
            raise ValueError("cell_not_understood")
        return found

    return read


def _floor(cell: str) -> int:
    found = re.fullmatch(r"(-?\d{1,3})\s*[层楼F]?", cell)
    if not found:
        raise ValueError("cell_not_understood")
    return int(found[1])


# Fields that stand as they were written; all others are read narrow (３０２ as 302), which is told.
AS_WRITTEN = ("building", "address", "entrance", "dwelling", "household_no", "resident_no", "name", "purpose")
READERS: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(("building", "entrance", "dwelling", "household_no", "resident_no"), _text(LONGEST_CODE)),
    "name": _text(LONGEST_NAME),
    "purpose": _text(LONGEST_PURPOSE),
    "address": _text(200),
    "lon": _degrees(180),
    "lat": _degrees(90),
    "floor": _floor,
    "use": lambda cell: _one_of(cell, USES),
    "visit_hour": lambda cell: _one_of(cell, HOURS),
    "source": lambda cell: _one_of(cell, SOURCES),
    "age_band": band,
    "registered_here": _yes,
    "phone": _phone,
    **dict.fromkeys(("household_from", "household_until", "from_on", "until_on", "birth_date"), day),
    "id_number": id_number,
}
