"""Invented people for an invented district: who lives where, lets what, works where, and was visited when.

Nobody here exists. Names are put together from common characters; phones begin with 154, which no operator
has. Rows refer to each other by number, so that whoever stores them can give ids of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import numpy as np

FLOATING_SHARE = 0.40  # of the residents
EMPTY_SHARE = 0.07  # of the dwellings
RENTED = {"rental compound": 0.92, "urban village": 0.60, None: 0.19}  # of the households, by compound
FLOATING_TENANTS = 0.80
TENANT_SIZES = (0.34, 0.31, 0.21, 0.10, 0.04)  # one, two, … persons
OWNER_SIZES = (0.12, 0.26, 0.33, 0.17, 0.08, 0.04)
FORMER_SHARE = 0.03  # households that moved out, besides those who live there
WORKPLACES = {
    "commercial": ("shop", "employer"),
    "market": ("market",),
    "industrial": ("employer",),
    "construction": ("site",),
    "public": ("employer",),
    "hospital": ("employer",),
    "school": ("employer",),
}
SHOP_EVERY = 9  # one residential building in so many has a shop on its ground floor
# Seconds of a day by the clock of the city, which is eight hours ahead of UTC.
CITY_AHEAD = timedelta(hours=8)

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红春梅建国志文婷雪慧宁晨浩宇欣怡佳琪子涵海燕晓东"
    "俊峰振斌凯博睿泽轩梓悦诗雨彤思远永康福林松柏云鹏飞翔莉萍凤珍琴瑞祥德成安民世荣兴旺锦程学礼守义"
)
TRADES = (
    *("五金", "便利", "水果", "粮油", "理发", "家电维修", "服装", "早餐"),
    *("药", "文具", "洗衣", "烟酒", "面馆", "打印", "宠物", "茶叶"),
)
FIRMS = (
    *("物流", "建材", "装饰工程", "信息技术", "机械加工", "食品", "印务", "家政服务"),
    *("物业服务", "汽车维修"),
)
LUCKY = (
    *("永顺", "鑫源", "宏达", "金桥", "恒通", "瑞丰", "天和", "聚贤"),
    *("诚信", "万家", "新悦", "同盛", "福满", "晨光", "百顺", "长青"),
)
ASKED = """
楼道照明不亮 | 联系物业三日内修好
楼下电动车堵门 | 本周协调挪到车棚
灶具软管老化 | 住户自行更换软管
门禁卡失灵 | 带到物业重新制卡
下水道返味 | 联系疏通队上门
阳台堆物 | 住户周末前清理
想办理居住登记续期 | 准备材料到社区窗口
询问老年食堂开办时间 | 打听后回话
插座过载 | 住户更换带保护的插线板
邻里噪声 | 由楼长先行沟通
""".strip().splitlines()
NEED_PURPOSES = ("按本人申请转办", "代为预约窗口", "上门协助办理", "告知政策并陪同")
RESULTS = ("已办结，本人满意", "已预约并到场办理", "材料齐全，已受理")


@dataclass(frozen=True)
class House:
    """A building to be lived in.

    entrances: id and households of each; empty where none is known. compound: id of the compound it stands
    in, with its kind. coordinator: id of who answers for its grid; None: nobody ever did.
    """

    building: int
    community: int
    kind: str | None
    floors: int
    households: int
    entrances: Sequence[tuple[int, int]] = ()
    compound: int | None = None
    compound_kind: str | None = None
    coordinator: int | None = None


@dataclass
class Table:
    """Rows of one table. A column `X_id` of REFERENCES holds the number of a row of that table here."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def add(self, *row: Any) -> int:
        """Append a row; its number."""
        self.rows.append(row)
        return len(self.rows) - 1


SEAT = ("building_id", "community_id")
REFERENCES = {
    f"{table}_id": table
    for table in (
        *("dwelling", "household", "resident", "landlord", "rental", "tenancy", "employer", "visit", "need"),
    )
}


def _tables() -> dict[str, Table]:
    """Empty, in the order in which they can be stored."""
    of_person = ("name", "age_band", "registered_here", "phone", "source", "purpose", "entered_by")
    columns: dict[str, tuple[str, ...]] = {
        "dwelling": ("entrance_id", "code", "floor", "use"),
        "household": ("dwelling_id", "visit_hour", "begun_on", "ended_on"),
        "resident": ("household_id", *of_person, "entered_at"),
        "stay": ("resident_id", "household_id", "from_on", "until_on"),
        "landlord": ("name", "phone"),
        "rental": (
            *("dwelling_id", "compound_id", "landlord_id", "purpose", "rooms", "area_m2"),
            *("begun_on", "ended_on"),
        ),
        "tenancy": ("rental_id", "household_id", "from_on", "until_on", "ended"),
        "employer": ("name", "kind", "size", "contact_name", "contact_phone", "begun_on"),
        "letter": (
            *("rental_id", "employer_id", "tenancy_id", "kind", "signed_on", "expires_on", "entered_by"),
        ),
        "visit": (
            *("client_id", "dwelling_id", "household_id", "person_id", "result", "verified"),
            *("happened_at", "entered_at"),
        ),
        "promise": ("visit_id", "asked", "promised", "due_on", "kept_on"),
        "need": (
            *("household_id", "resident_id", "service_id", "purpose", "consented_at", "until_on"),
            *("owner_id", "state", "code_hash", "made_at"),
        ),
        "referral": ("need_id", "office", "owner_id", "made_on", "due_on", "result", "result_on"),
    }
    return {name: Table((*own, *SEAT)) for name, own in columns.items()}


def population(
    houses: Sequence[House], today: date, rng: np.random.Generator, services: Sequence[tuple[int, str]] = ()
) -> dict[str, Table]:
    """People for every household of the houses; tables by name, in the order in which they can be stored.

    services: id and office of what a household may need; none: nobody needs anything.
    """
    town = _Town(today, rng, services, _floating_owners(houses))
    for house in houses:
        town.settle(house)
    return town.tables


def _floating_owners(houses: Sequence[House]) -> float:
    """Which share of the households in their own dwelling is registered elsewhere, so that the whole fits."""
    total = tenants = 0.0
    for house in houses:
        total += house.households
        tenants += house.households * _rented(house)
    tenant_persons = tenants * _mean(TENANT_SIZES)
    owner_persons = (total - tenants) * _mean(OWNER_SIZES)
    wanted = FLOATING_SHARE * (tenant_persons + owner_persons) - FLOATING_TENANTS * tenant_persons
    return float(np.clip(wanted / owner_persons, 0.02, 0.9)) if owner_persons else 0.0


def _rented(house: House) -> float:
    return RENTED.get(house.compound_kind, RENTED[None])


def _mean(shares: Sequence[float]) -> float:
    return sum(size * share for size, share in enumerate(shares, start=1))


class _Town:
    """Fills the tables house by house."""

    def __init__(
        self,
        today: date,
        rng: np.random.Generator,
        services: Sequence[tuple[int, str]],
        floating_owners: float,
    ) -> None:
        self.today, self.rng, self.services = today, rng, services
        self.floating_owners = floating_owners
        self.tables = _tables()
        self.compound_rentals: dict[int, int] = {}
        self.landlords: list[tuple[int, int]] = []  # with how many dwellings they may still let
        self.persons = 0

    def settle(self, house: House) -> None:
        """Dwellings, the households in them, and who works there."""
        if house.compound_kind == "rental compound" and house.compound is not None:
            self._let_compound(house)
        for dwelling in self._dwellings(house):
            self._household(house, dwelling, former=False)
            if self.rng.random() < FORMER_SHARE:
                self._household(house, dwelling, former=True)
        self._employers(house)

    # --- Dwellings -----------------------------------------------------------------------------------

    def _dwellings(self, house: House) -> list[int]:
        """Numbered by floor, entrance by entrance; those that are lived in."""
        lived_in = []
        behind: Sequence[tuple[int | None, int]] = house.entrances or [(None, house.households)]
        for entrance, households in behind:
            empty = int(self.rng.binomial(households, EMPTY_SHARE)) if households > 2 else 0
            doors = households + empty
            a_floor = -(-doors // max(house.floors, 1))
            vacant = set(self.rng.choice(doors, empty, replace=False).tolist()) if empty else set()
            for door in range(doors):
                floor, number = divmod(door, a_floor) if a_floor else (0, 0)
                use = "empty" if door in vacant else self._use(house)
                added = self.tables["dwelling"].add(
                    entrance, f"{floor + 1}{number + 1:02d}", floor + 1, use, *self._seat(house)
                )
                if use != "empty":
                    lived_in.append(added)
        return lived_in

    def _use(self, house: House) -> str:
        return "rental" if self.rng.random() < _rented(house) else "home"

    def _seat(self, house: House) -> tuple[int, int]:
        return house.building, house.community

    # --- Households ----------------------------------------------------------------------------------

    def _household(self, house: House, dwelling: int, *, former: bool) -> None:
        rented = self.tables["dwelling"].rows[dwelling][3] == "rental"
        begun = self.today - timedelta(days=self._days(800 if rented else 4000) + 20)
        ended = None
        if former:
            ended = begun - timedelta(days=1)
            begun = ended - timedelta(days=self._days(500))
            if ended < self.today - timedelta(days=700):
                return  # what is over for so long is not kept
        hour = (None, "evening", "day", "weekend")[
            int(np.searchsorted((0.55, 0.80, 0.92), self.rng.random()))
        ]
        household = self.tables["household"].add(dwelling, hour, begun, ended, *self._seat(house))
        first = self._residents(house, household, rented, begun, ended)
        if rented:
            self._rental(house, dwelling, household, begun, ended, former=former)
        if not former:
            self._visits(house, dwelling, household, hour, begun)
            self._need(house, household, first)

    def _days(self, mean: float) -> int:
        return int(min(self.rng.exponential(mean), 9000)) + 1

    def _residents(self, house: House, household: int, rented: bool, begun: date, ended: date | None) -> int:
        """One family, or several who share; the number of the first of them."""
        sizes = TENANT_SIZES if rented else OWNER_SIZES
        size = 1 + int(np.searchsorted(np.cumsum(sizes), self.rng.random()))
        floating = self.rng.random() < (FLOATING_TENANTS if rented else self.floating_owners)
        surname, sharing = self._surname(), rented and self.rng.random() < 0.25
        entered = datetime.combine(begun, time(2), UTC) + timedelta(hours=float(self.rng.random()) * 8)
        first = len(self.tables["resident"].rows)
        for member in range(size):
            self._resident(
                house, household, self._surname() if sharing or member == 1 else surname,
                self._age_band(member, size, sharing), floating, entered,
            )  # fmt: skip
            arrived = begun if member < 2 or ended else self._later(begun)
            self.tables["stay"].add(first + member, household, arrived, ended, *self._seat(house))
        return first

    def _resident(
        self, house: House, household: int, surname: str, band: str, floating: bool, entered: datetime
    ) -> None:
        draws = self.rng.random(4)
        registered: bool | None = not floating if draws[0] > 0.06 else floating
        if draws[1] < 0.02:
            registered = None
        self.persons += 1
        self.tables["resident"].add(
            household,
            surname + self._given(),
            band if draws[1] > 0.04 else None,
            registered,
            self._phone() if band == "16 or over" and draws[2] < 0.86 else None,
            ("visit", "resident", "landlord", "import")[int(np.searchsorted((0.7, 0.82, 0.9), draws[3]))],
            "registration",
            house.coordinator,
            entered,
            *self._seat(house),
        )

    def _age_band(self, member: int, size: int, sharing: bool) -> str:
        if member < 2 or sharing:
            return "16 or over"
        draw = self.rng.random()
        if draw < (0.62 if size <= 4 else 0.4):
            return "under 14"
        return "14-15" if draw < 0.72 and size <= 4 else "16 or over"

    def _later(self, begun: date) -> date:
        """A child is born or a parent moves in some time after the household began."""
        room = (self.today - begun).days
        return begun + timedelta(days=int(self.rng.random() ** 3 * room))

    def _surname(self) -> str:
        return SURNAMES[int(self.rng.random() ** 1.7 * len(SURNAMES))]

    def _given(self) -> str:
        one, two, both = self.rng.random(3)
        given = GIVEN[int(one * len(GIVEN))]
        return given + GIVEN[int(two * len(GIVEN))] if both < 0.78 else given

    def _phone(self) -> str:
        return f"154{int(self.rng.random() * 1e8):08d}"

    # --- Rentals -------------------------------------------------------------------------------------

    def _landlord(self, house: House) -> int:
        """Mostly of one dwelling, some of two or three nearby."""
        if self.landlords and self.rng.random() < 0.35:
            landlord, left = self.landlords[-1]
            if self.tables["landlord"].rows[landlord][-1] == house.community and left:
                self.landlords[-1] = (landlord, left - 1)
                return landlord
        landlord = self.tables["landlord"].add(
            self._surname() + self._given(), self._phone(), *self._seat(house)
        )
        self.landlords.append((landlord, 2))
        return landlord

    def _let_compound(self, house: House) -> None:
        if house.compound in self.compound_rentals:
            return
        landlord = self.tables["landlord"].add(
            self._surname() + self._given(), self._phone(), *self._seat(house)
        )
        begun = self.today - timedelta(days=400 + self._days(900))
        rental = self.tables["rental"].add(
            None, house.compound, landlord, "整院出租", None, None, begun, None, *self._seat(house)
        )
        self.compound_rentals[house.compound or 0] = rental
        self._letters(house, rental, None, None, begun, ("safety letter",))

    def _rental(
        self, house: House, dwelling: int, household: int, begun: date, ended: date | None, *, former: bool
    ) -> None:
        rooms = 1 + int(self.rng.random() * 3)
        area = round(14 + rooms * 17 + float(self.rng.random()) * 20, 1)
        rental = self.tables["rental"].add(
            dwelling, None, self._landlord(house), "居住", rooms, area, begun, ended, *self._seat(house)
        )
        agreed = ended or begun + timedelta(days=365 * (1 + (self.today - begun).days // 365))
        tenancy = self.tables["tenancy"].add(rental, household, begun, agreed, former, *self._seat(house))
        if not former:
            self._letters(house, rental, None, tenancy, begun, ("contract", "safety letter"))

    def _letters(
        self, house: House, rental: int | None, employer: int | None, tenancy: int | None, begun: date,
        kinds: Sequence[str],
    ) -> None:  # fmt: skip
        """Signed within the last fourteen months for a year: some are over, some soon will be."""
        for kind in kinds:
            if self.rng.random() < 0.22:
                continue
            signed = max(begun, self.today - timedelta(days=int(self.rng.random() * 420)))
            self.tables["letter"].add(
                rental, employer, tenancy if kind == "contract" else None, kind, signed,
                signed + timedelta(days=365), house.coordinator, *self._seat(house),
            )  # fmt: skip

    # --- Work ----------------------------------------------------------------------------------------

    def _employers(self, house: House) -> None:
        kinds = WORKPLACES.get(house.kind or "")
        count = 0 if kinds is None else 1 + int(self.rng.random() ** 2 * 3)
        if kinds is None and house.households > 10 and self.rng.random() < 1 / SHOP_EVERY:
            kinds, count = ("shop",), 1
        for _ in range(count):
            self._employer(house, (kinds or ("shop",))[int(self.rng.random() * len(kinds or ("shop",)))])

    def _employer(self, house: House, kind: str) -> None:
        lucky = LUCKY[int(self.rng.random() * len(LUCKY))]
        trade, firm = TRADES[int(self.rng.random() * len(TRADES))], FIRMS[int(self.rng.random() * len(FIRMS))]
        name = {
            "shop": f"{lucky}{trade}店",
            "employer": f"{lucky}{firm}有限公司",
            "market": f"{lucky}综合市场",
            "site": f"{lucky}项目工地",
        }[kind]
        sizes = ("1-9", "10-49", "50-299", "300 or more")
        bounds = (0.92, 0.99, 1.0) if kind == "shop" else (0.35, 0.8, 0.97)
        begun = self.today - timedelta(days=self._days(1500))
        known = self.rng.random() < 0.9
        employer = self.tables["employer"].add(
            name, kind, sizes[int(np.searchsorted(bounds, self.rng.random()))],
            self._surname() + self._given() if known else None, self._phone() if known else None, begun,
            *self._seat(house),
        )  # fmt: skip
        self._letters(house, None, employer, None, begun, ("duty statement",))

    # --- Visits and needs ----------------------------------------------------------------------------

    def _visits(self, house: House, dwelling: int, household: int, hour: str | None, begun: date) -> None:
        """About two a household in the last half year, fewer this quarter than in the one before."""
        if house.coordinator is None:
            return
        for ago in sorted(self._days_ago(), reverse=True):
            day = self.today - timedelta(days=ago)
            if day < begun:
                continue
            draws = self.rng.random(4)
            result = "met" if draws[0] < 0.76 else "nobody home" if draws[0] < 0.97 else "refused"
            clock = (18.5 if hour == "evening" else 9.0) + draws[1] * (2.0 if hour == "evening" else 8.0)
            happened = datetime.combine(day, time(), UTC) + timedelta(hours=clock) - CITY_AHEAD
            entered = happened + timedelta(
                hours=float(draws[2] * 9 if draws[2] < 0.94 else 25 + draws[3] * 40)
            )
            visit = self.tables["visit"].add(
                str(UUID(bytes=self.rng.bytes(16), version=4)), dwelling, household, house.coordinator,
                result, bool(result == "met" and draws[3] < 0.9), happened, entered, *self._seat(house),
            )  # fmt: skip
            if result == "met" and draws[3] > 0.91:
                self._promise(house, visit, day)

    def _days_ago(self) -> list[int]:
        """Days since the visits of one household; none on the day itself, which is still to be worked."""
        draws = self.rng.random(5)
        quarter = (self.today - quarter_begin(self.today)).days
        found = [quarter + 1 + int(draws[0] * 91)] if draws[1] < 0.9 else []
        if draws[2] < 0.72 and quarter > 1:
            found.append(1 + int(draws[3] * (quarter - 1)))
        if draws[4] < 0.3:
            found.append(1 + int(draws[4] / 0.3 * 180))
        return found

    def _promise(self, house: House, visit: int, day: date) -> None:
        asked, promised = ASKED[int(self.rng.random() * len(ASKED))].split(" | ")
        due = day + timedelta(days=2 + int(self.rng.random() * 14))
        kept = due - timedelta(days=int(self.rng.random() * 2))
        done = kept if kept < self.today and self.rng.random() < 0.72 else None
        self.tables["promise"].add(visit, asked, promised, due, done, *self._seat(house))

    def _need(self, house: House, household: int, resident: int) -> None:
        if not self.services or house.coordinator is None or self.rng.random() > 0.035:
            return
        service, office = self.services[int(self.rng.random() * len(self.services))]
        ago = 1 + int(self.rng.random() * 75)
        made = datetime.combine(self.today - timedelta(days=ago), time(3), UTC)
        state = ("open", "referred", "done")[int(self.rng.random() * 3)] if ago > 5 else "open"
        purpose = NEED_PURPOSES[int(self.rng.random() * len(NEED_PURPOSES))]
        code_hash = r"\x" + self.rng.bytes(32).hex()
        need = self.tables["need"].add(
            household, resident, service, purpose, made, made.date() + timedelta(days=180),
            house.coordinator, state, code_hash, made, *self._seat(house),
        )  # fmt: skip
        if state != "open":
            given = made.date() + timedelta(days=1)
            over = min(given + timedelta(days=int(self.rng.random() * 12)), self.today)
            result = RESULTS[int(self.rng.random() * len(RESULTS))] if state == "done" else None
            self.tables["referral"].add(
                need, office, house.coordinator, given, given + timedelta(days=15), result,
                over if result else None, *self._seat(house),
            )  # fmt: skip


def quarter_begin(day: date) -> date:
    """The first day of the quarter.

    >>> quarter_begin(date(2026, 11, 26))
    datetime.date(2026, 10, 1)
    """
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
