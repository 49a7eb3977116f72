"""The demo's stations: notices, meetings, feedback days, tasks done, six haves, corrections, zero reports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.models.station import SIX_HAVES
from app.services import accounts, bulk, campaigns, five_duties, station, work_days
from app.services.campaigns import Wanted
from app.services.months import months_on
from app.services.station import Words
from app.services.visiting_hours import month_begins

WEEKS, MONTHS = 8, 3  # how far back there is something to read
FRIDAY = 4
FEEDBACK = (
    "到场居民12人。反映楼道堆物3处、路灯不亮1处、停车1件；当场答复2件，其余转物业服务中心，下周五答复。",
    "到场居民8人。反映电动车充电位不够，物业答应月底前在车棚加装12个插口；上周转办的井盖已更换，当场告知。",
    "到场居民5人。上周反映垃圾清运不及时，已改为每日两次；新意见2条，均已登记。",
    "到场居民15人。集中询问取暖和燃气安检，社区请燃气公司在各楼门口张贴上门日期。",
    "无人到场。协理员上门走访6户，记下意见2条，均已答复。",
    "到场居民9人。建议在南门加装减速带、修剪遮挡路灯的树枝；已报街道，答复期限15个工作日。",
)
MEETINGS = (
    "参加：社区、各网格协理员、物业。一、通报上月隐患办理，逐件说明超期原因；二、本月重点：电动车入户充电、楼道堆物；"
    "三、下月入户宣传燃气安全，每网格至少发放一份双语提示。",
    "参加：社区、各网格协理员、楼长代表。一、各网格对照“六有”自查，缺制度上墙的两周内补齐；"
    "二、晚间才在家的住户，改在18点以后走访；三、空缺网格由相邻网格代管，至新协理员到岗。",
    "参加：社区、各网格协理员、派出所、物业。一、出租大院季度巡查安排；二、飞线充电整治，物业本周清线；"
    "三、意见反馈日时间不变，每周五下午。",
)
DISTRICT_MEETING = (
    "参加：各街道分管负责人、各社区负责人。一、通报上月按期结案率和超期案件，件件说明原因；"
    "二、网格协理员空缺限期补齐；三、各社区公告栏统一使用中英文双语样式。"
)
# office, what is held, what should be; days since it was sent, and what was answered
CORRECTIONS = (
    ("供电所", "12号楼配电箱登记在东侧外墙", "实际在西侧楼梯间，东侧为弱电箱", 20, "已更正，图纸同步修改。"),
    ("燃气公司", "小区调压箱登记为停用", "现场在用，外壳锈蚀，请核对后更新状态", 12, ""),
    ("街道城管办", "便民市场摊位登记为36个", "现场42个，新增的6个在北门内侧", 2, ""),
)


def invent_stations(session: Session, path: str, seed: int, now: datetime) -> bool:
    """Give the stations of a place an invented past; whether anything was made.

    Where there is a meeting already, nothing is done. path: `place.path`. now: in the zone of the city.
    Registers are open, for zero reports count what is in them.
    """
    if session.scalar(text("SELECT EXISTS (SELECT FROM meeting)")):
        return False
    rng = np.random.default_rng(seed)
    today = now.date()
    communities = session.execute(_COMMUNITIES, {"path": path}).all()
    grids = session.execute(_GRIDS, {"path": path, "now": now}).all()
    manager = accounts.person_id_of(session, "manager")
    _meet(session, communities, manager, today, rng)
    _look(session, communities, manager, today, rng)
    _work(session, grids, accounts.person_id_of(session, "coordinator"), today, rng)
    for back in range(1, MONTHS):
        _report(session, grids, months_on(month_begins(today), -back), now, rng)
    if grids:
        _hang(session, path, grids[0], manager, today)
        session.execute(_INSPECT, {"path": path, "manager": manager, "today": today, "days": 7 * WEEKS})
        _aim(session, path, manager, today)
    return True


def _meet(
    session: Session, communities: Sequence[Row[Any]], manager: int, today: date, rng: np.random.Generator
) -> None:
    """A meeting a month in every community and in the district, and most of the Fridays."""
    works = work_days.read_calendar(session).works
    rows: list[tuple[Any, ...]] = []
    for month in (months_on(month_begins(today), -back) for back in range(MONTHS)):
        held = month + timedelta(days=(2 - month.weekday()) % 7 + 7)  # the second Wednesday
        said = MEETINGS[month.month % len(MEETINGS)]
        if held < today and works(held):
            rows += [(place.id, "meeting", held, said, manager) for place in communities]
        first = held - timedelta(days=7)
        if communities and first < today and works(first):
            rows.append((communities[0].district_id, "meeting", first, DISTRICT_MEETING, manager))
    for day in _days_back(today, 7 * WEEKS):
        for place in communities if day.weekday() == FRIDAY and works(day) else ():
            if rng.random() < 0.9:
                said = FEEDBACK[int(rng.integers(len(FEEDBACK)))]
                rows.append((place.id, "feedback day", day, said, place.coordinator or manager))
    bulk.insert_rows(session, "meeting", ("place_id", "kind", "held_on", "minutes", "person_id"), rows)


def _look(
    session: Session, communities: Sequence[Row[Any]], manager: int, today: date, rng: np.random.Generator
) -> None:
    """Most stations have most of the six; of one in ten nobody has looked yet."""
    rows = [
        (place.id, what, bool(rng.random() < 0.85), today - timedelta(days=int(rng.integers(5, 60))), manager)
        for place in communities
        for what in SIX_HAVES
        if rng.random() < 0.9
    ]
    columns = ("place_id", "what", "there", "looked_on", "person_id")
    bulk.insert_rows(session, "station_check", columns, rows)


def _work(
    session: Session, grids: Sequence[Row[Any]], shown: int, today: date, rng: np.random.Generator
) -> None:
    """Tasks of the five duties done in their weeks and months; whoever signs in has this week's to do yet."""
    tasks = session.execute(text("SELECT id, every FROM task WHERE active AND place_id IS NULL")).all()
    rows = []
    for grid in grids:
        for task in tasks:
            last = today
            while (today - last).days < 7 * WEEKS:
                begins, ends = five_duties.period_of(task.every, last)
                last = begins - timedelta(days=1)
                is_now = ends >= today
                if (is_now and grid.person_id == shown) or rng.random() > (0.6 if is_now else 0.95):
                    continue
                day = begins + timedelta(days=int(rng.integers((min(ends, today) - begins).days + 1)))
                if grid.until is None or day < grid.until.date():
                    rows.append((task.id, grid.community_id, grid.code, day, grid.person_id))
    columns = ("task_id", "community_id", "grid_code", "done_on", "person_id")
    bulk.insert_rows(session, "task_done", columns, rows)


def _report(
    session: Session, grids: Sequence[Row[Any]], month: date, now: datetime, rng: np.random.Generator
) -> None:
    """A month reported in the days after it; the grids that are missing are those nobody answers for."""
    after = months_on(month, 1)
    there = [grid for grid in grids if grid.until is None and rng.random() < 0.97]
    asked = {
        "month": month,
        "after": after,
        "begins": datetime.combine(month, time(), now.tzinfo),
        "ends": datetime.combine(after, time(), now.tzinfo),
        "grids": [grid.id for grid in there],
        "people": [grid.person_id for grid in there],
        "filed": [
            datetime.combine(after, time(9), now.tzinfo) + timedelta(hours=int(rng.integers(80)))
            for _ in there
        ],
    }
    session.execute(_FILE, asked)


def _hang(session: Session, path: str, grid: Row[Any], manager: int, today: date) -> None:
    """Notices of the district, of a community and of a grid, and what is told to offices."""
    for place, code, words, first, last in _notices(path, grid, today):
        acting = accounts.actor_of(session, manager, today)
        station.hang(session, acting, place, code, words, first, last, today)
    for office, wrong, better, days, answer in CORRECTIONS:
        acting, sent = accounts.actor_of(session, manager, today), today - timedelta(days=days)
        made = station.correct(session, acting, grid.community, None, office, wrong, better, sent)
        if answer:
            station.answer_correction(session, acting, made, answer, sent + timedelta(days=3))


def _aim(session: Session, path: str, manager: int, today: date) -> None:
    """Targets on their way: gas before the year is over, and every site inspected once."""
    acting = accounts.actor_of(session, manager, today)
    begun, ends = today - timedelta(days=45), today + timedelta(days=30)
    for wanted in (
        Wanted("冬季燃气隐患清零行动", "Gas hazards, this winter", "closed", "gas", 95, begun, ends),
        Wanted(
            "出租大院和市场全覆盖巡查", "Every compound and market seen", "inspected", None, 100, begun, ends
        ),
    ):
        campaigns.set_target(session, acting, path, wanted, today)


def _notices(path: str, grid: Row[Any], today: date) -> Iterator[tuple[str, str | None, Words, date, date]]:
    def day(ahead: int) -> tuple[date, str, str]:
        on = today + timedelta(days=ahead)
        return on, f"{on.month}月{on.day}日", f"{on.day} {on:%B}"

    _, zh, en = day(3)
    ends, zh_end, en_end = day(17)
    yield (
        path,
        None,
        Words(
            "冬季燃气安全检查",
            f"{zh}至{zh_end}，燃气公司逐户免费检查软管、灶具和报警器。\n"
            "上门人员佩戴工作证，不收费，不推销。上门日期贴在楼门口；白天不在家的，可约18点以后。\n"
            "闻到煤气味：关阀、开窗，到室外拨打抢修电话。",
            "Gas safety checks",
            f"From {en} to {en_end} the gas company checks hoses, cookers and alarms, free of charge.\n"
            "Staff wear a badge, take no money and sell nothing. The day is posted at your entrance; if you "
            "are out by day, ask for a time after 18:00.\n"
            "If you smell gas: close the valve, open the windows, and call for help from outside.",
        ),
        today - timedelta(days=4),
        ends,
    )
    yield (
        path,
        None,
        Words(
            "每周五意见反馈日",
            "每周五14:30至17:00，社区工作站接待居民。\n意见当场登记，能答复的当场答复，其余下一个周五前答复。\n不需要带任何证件。",
            "Feedback day every Friday",
            "Every Friday from 14:30 to 17:00 the station of your community is open for you.\n"
            "What you say is written down and answered there and then, or by the next Friday.\n"
            "You need no papers.",
        ),
        today - timedelta(days=30),
        today + timedelta(days=150),
    )
    yield (
        grid.community,
        None,
        Words(
            "电动自行车请到车棚充电",
            "请勿在楼道、屋内充电，也不要从窗口拉线。\n南门和北门车棚共有48个插口，夜间22点至6点半价。\n发现飞线充电，可在查询机或网页上报，不需留姓名。",
            "Please charge e-bikes in the shed",
            "Do not charge in stairwells or at home, and lay no cables out of windows.\n"
            "The sheds at the south and north gates have 48 sockets, at half price from 22:00 to 6:00.\n"
            "Report cables at a public screen or on the public page. No name is asked for.",
        ),
        today - timedelta(days=12),
        today + timedelta(days=60),
    )
    dry, zh, en = day(2)
    yield (
        grid.community,
        grid.code,
        Words(
            "停水通知",
            f"更换主管道，{zh}9:00至17:00停水。\n请提前储水，关好水龙头。社区工作站门口有送水点，行动不便的可请协理员送水上门。",
            "Water off for a day",
            f"A main is replaced: no water on {en} from 9:00 to 17:00.\n"
            "Please store some beforehand and keep taps closed. There is water in front of the station; if "
            "you find it hard to walk, your coordinator brings it to your door.",
        ),
        today - timedelta(days=1),
        dry,
    )


def _days_back(today: date, days: int) -> list[date]:
    return [today - timedelta(days=back) for back in range(1, days + 1)]


_COMMUNITIES = text("""
    SELECT place.id, district.id AS district_id, (
        SELECT min(duty.person_id) FROM duty JOIN grid ON grid.id = duty.grid_id
        JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
        WHERE grid.community_id = place.id AND upper_inf(during)
    ) AS coordinator
    FROM place JOIN place AS district ON district.path = CAST(:path AS ltree)
    WHERE place.level = 'community' AND place.path <@ district.path ORDER BY place.code
""")
# Who answers for a grid, or did last; until: when they left.
_GRIDS = text("""
    SELECT DISTINCT ON (grid.code) grid.id, grid.code, grid.community_id, place.code AS community,
        duty.person_id, upper(during) AS until
    FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place ON place.id = grid.community_id AND place.path <@ CAST(:path AS ltree)
    JOIN duty ON duty.grid_id = grid.id AND duty.kind = 'primary'
    WHERE lower(during) < :now
    ORDER BY grid.code, lower(during) DESC
""")
# What comes again in months was done as many months before.
_INSPECT = text("""
    WITH seen AS (
        UPDATE inspection SET last_on = due_on - make_interval(months => every_months)
        FROM place
        WHERE place.id = community_id AND place.path <@ CAST(:path AS ltree) AND last_on IS NULL
            AND due_on - make_interval(months => every_months)
                BETWEEN CAST(:today AS date) - CAST(:days AS integer) AND CAST(:today AS date)
        RETURNING inspection.id, last_on
    )
    INSERT INTO inspection_done (inspection_id, done_on, person_id) SELECT id, last_on, :manager FROM seen
""")
_FILE = text("""
    WITH given AS (
        SELECT * FROM unnest(
            CAST(:grids AS bigint[]), CAST(:people AS bigint[]), CAST(:filed AS timestamptz[])
        ) AS given (grid_id, person_id, filed_at)
    ),
    standing AS MATERIALIZED (
        SELECT grid_id, building.id AS building_id
        FROM given JOIN grid ON grid.id = grid_id
        JOIN building ON ST_Contains(grid.outline, building.position) AND building.retired_at IS NULL
    ),
    came AS (
        SELECT grid_id, count(*) AS n FROM standing JOIN stay USING (building_id)
        WHERE from_on >= :month AND from_on < :after GROUP BY grid_id
    ),
    left_ AS (
        SELECT grid_id, count(*) AS n FROM standing JOIN stay USING (building_id)
        WHERE until_on >= :month AND until_on < :after GROUP BY grid_id
    ),
    seen AS (
        SELECT grid_id, count(*) AS n FROM standing JOIN visit USING (building_id)
        WHERE happened_at >= :begins AND happened_at < :ends GROUP BY grid_id
    )
    INSERT INTO zero_report (grid_id, month, person_id, filed_at, arrivals, departures, visits)
    SELECT given.grid_id, :month, person_id, filed_at,
        coalesce(came.n, 0), coalesce(left_.n, 0), coalesce(seen.n, 0)
    FROM given LEFT JOIN came USING (grid_id) LEFT JOIN left_ USING (grid_id) LEFT JOIN seen USING (grid_id)
""")
