"""The four ledgers 台账: coordinators, residents (one file a household), employers, needs.

They are views of one data set. A page is asked for in two steps: which rows come next (`_keys`), by indices
alone, and what there is to tell of those (`_told`). The place where a page ended is the id of its last row,
so that no value of a person stands in an address.
"""
# ruff: noqa: S608 (questions are put together from constants; what people say is bound)

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.models.registers import NEVER
from app.services.lookup import standing_in
from app.services.masking import masked
from app.services.name_search import NameSearch, name_search
from app.services.personal import Registers, verified_since

LEDGERS = ("residents", "coordinators", "employers", "needs")
PAGE = 50
GRIDS = 20  # of one page: each has some hundred households to count
PRINTED = 2_000  # rows on paper at most
CHUNK = 2_000  # rows told at once where all are written to a file


@dataclass(frozen=True)
class Column:
    """kind: how a value is written: text, number, day, moment, phone, or a word of a list (`word`)."""

    name: str
    kind: str = "text"
    sort: str | None = None  # SQL of one value per row, never null
    usual: bool = True  # shown unless somebody chooses otherwise
    summed: bool = False


@dataclass(frozen=True)
class Ledger:
    """rows: SQL from FROM to WHERE, with one row for each. key: SQL of the id.

    order: SQL of the usual order, ending in no id. filters: SQL conditions by name.
    """

    name: str
    key: str
    rows: str
    order: tuple[str, ...]
    columns: tuple[Column, ...]
    filters: Mapping[str, str]
    household: str | None  # SQL of the household a row belongs to

    def column(self, name: str) -> Column | None:
        return next((one for one in self.columns if one.name == name), None)


@dataclass(frozen=True)
class Asked:
    """What is looked for. q: words; grid: id of a grid; show: a filter; after: id of the last row seen."""

    ledger: str = "residents"
    q: str = ""
    grid: int | None = None
    show: str | None = None
    sort: str | None = None
    descending: bool = False
    after: int | None = None
    limit: int = PAGE
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """Rows by column, each with its `id`; after: id to go on from, None at the end."""

    rows: list[dict[str, Any]]
    after: int | None


VERIFIED = "coalesce(household.verified_at >= :since, false)"
# Stand-ins that sort first and last. Not infinity: the driver reads that as a day like others and cannot
# say it again, so that a page would go on from the wrong row.
NO_DAY, FOR_GOOD = "'1900-01-01'::date", "'9999-12-31'::date"
STATEMENT = f"""(
    SELECT max(coalesce(expires_on, {FOR_GOOD})) FROM letter
    WHERE employer_id = employer.id AND kind = 'duty statement'
)"""
ADDRESS = ("building.place_id", "building.code")
DOOR = ("coalesce(dwelling.floor, 0)", "dwelling.code")
ADDRESS_COLUMN = Column("address", sort="address")

RESIDENTS = Ledger(
    "residents",
    "household.id",
    """FROM building JOIN household ON household.building_id = building.id AND household.ended_on IS NULL
    JOIN dwelling ON dwelling.id = household.dwelling_id WHERE building.retired_at IS NULL""",
    (*ADDRESS, *DOOR),
    (
        ADDRESS_COLUMN,
        Column("door"),
        Column("names"),
        Column("residents", "number", "household.residents", summed=True),
        Column("floating", "number", summed=True),
        Column("let", "word"),
        Column("phone", "phone"),
        Column("since", "day", "household.begun_on", usual=False),
        Column("hour", "word", usual=False),
        Column("visited", "moment", f"coalesce(household.visited_at, {NEVER})"),
        Column("state", "word"),
        Column("promises", "number", summed=True),
        Column("needs", "number", summed=True, usual=False),
    ),
    {
        "due": f"NOT {VERIFIED}",
        "verified": VERIFIED,
        "never": "household.visited_at IS NULL",
        "let": "dwelling.use = 'rental'",
        "floating": "household.floating > 0",
        "unclear": """EXISTS (SELECT FROM stay JOIN resident ON resident.id = resident_id
            WHERE stay.household_id = household.id AND until_on IS NULL
            AND (registered_here IS NULL OR age_band IS NULL))""",
        "promised": "household.promises > 0",
    },
    "household.id",
)  # fmt: skip
EMPLOYERS = Ledger(
    "employers",
    "employer.id",
    """FROM building JOIN employer ON employer.building_id = building.id AND employer.ended_on IS NULL
    WHERE building.retired_at IS NULL""",
    ADDRESS,
    (
        Column("employer", sort="employer.name"),
        Column("kind", "word", "employer.kind"),
        ADDRESS_COLUMN,
        Column("size", "word", "coalesce(array_position(ARRAY['1-9','10-49','50-299'], employer.size), 4)"),
        Column("contact"),
        Column("contact_phone", "phone"),
        Column("since", "day", "employer.begun_on", usual=False),
        Column("statement", "word"),
        Column("statement_until", "day", f"coalesce({STATEMENT}, {NO_DAY})"),
    ),
    {
        **{kind: f"employer.kind = '{kind}'" for kind in ("employer", "shop", "market", "site")},
        "no_statement": f"coalesce({STATEMENT} < :today, true)",
        "expiring": f"{STATEMENT} BETWEEN :today AND :today + 30",
    },
    None,
)
NEEDS = Ledger(
    "needs",
    "need.id",
    """FROM building JOIN need ON need.building_id = building.id
    JOIN household ON household.id = need.household_id JOIN dwelling ON dwelling.id = household.dwelling_id
    JOIN service ON service.id = need.service_id
    WHERE building.retired_at IS NULL AND need.until_on >= :today""",
    ("need.consented_at",),
    (
        Column("service", "word", "service.code"),
        Column("who"),
        ADDRESS_COLUMN,
        Column("door"),
        Column("need_state", "word", "need.state"),
        Column("asked_on", "moment", "need.consented_at"),
        Column("owner"),
        Column("office"),
        Column("answer_due", "day"),
        Column("result", usual=False),
        Column("kept_until", "day", "need.until_on", usual=False),
    ),
    {
        **{state: f"need.state = '{state}'" for state in ("open", "referred", "done")},
        "late": """need.state <> 'done' AND EXISTS (SELECT FROM referral
            WHERE need_id = need.id AND result IS NULL AND due_on < :today)""",
    },
    "need.household_id",
)
PRIMARY = """(SELECT person.id FROM duty JOIN person ON person.id = duty.person_id
    WHERE duty.grid_id = grid.id AND duty.kind = 'primary' AND during @> CAST(:now AS timestamptz))"""
COORDINATORS = Ledger(
    "coordinators",
    "grid.id",
    """FROM grid JOIN plan ON plan.id = grid.plan_id AND plan.state = 'published'
    JOIN place ON place.id = grid.community_id
    WHERE (place.path <@ ANY (staff_paths()) OR EXISTS (SELECT FROM duty WHERE duty.grid_id = grid.id
        AND duty.person_id = :person AND during @> CAST(:now AS timestamptz)))""",
    ("grid.code",),
    (
        Column("grid", sort="grid.code"),
        Column("community"),
        Column("coordinator"),
        Column("office_phone"),
        Column("answers_since", "moment"),
        Column("deputies", usual=False),
        Column("planned", "number", "grid.households", summed=True),
        Column("households", "number", summed=True),
        Column("residents", "number", summed=True),
        Column("floating", "number", summed=True),
        Column("rentals", "number", summed=True),
        Column("verified", "number", summed=True),
        Column("share", "share"),
    ),
    {"vacant": f"{PRIMARY} IS NULL", "held": f"{PRIMARY} IS NOT NULL"},
    None,
)
BY_NAME = {one.name: one for one in (RESIDENTS, COORDINATORS, EMPLOYERS, NEEDS)}


def grids_to_choose(registers: Registers, now: datetime) -> list[dict[str, Any]]:
    """The grids in force whose rows somebody may see: id, code, name and community."""
    asked = {"person": registers.person_id, "now": now}
    found = registers.session.execute(
        text(
            f"SELECT grid.id, grid.code, grid.name, place.name AS community {COORDINATORS.rows} ORDER BY code"
        ),
        asked,
    )
    return [dict(row._mapping) for row in found]


def page(registers: Registers, asked: Asked, now: datetime, act: str = "view") -> Page:
    """A page of a ledger, written down as read.

    now: aware, in the zone of the city. act: as `Registers.seen` knows it.
    """
    limit = min(asked.limit, GRIDS) if asked.ledger == "coordinators" else asked.limit
    ids = _keys(registers, asked, now, limit + 1)
    rows = _told(registers, asked.ledger, ids[:limit], now)
    _write_down(registers, act, asked, rows)
    return Page(rows, ids[limit - 1] if len(ids) > limit else None)


def all_rows(
    registers: Registers, asked: Asked, now: datetime, act: str, mark: str = ""
) -> Iterator[dict[str, Any]]:
    """Every row of what is asked for, in order, written down as read before the first is given.

    mark: of the file they go into.
    """
    ids = _keys(registers, asked, now, None)
    if asked.ledger == "residents":
        registers.seen(act, f"ledger {asked.ledger} {mark}".strip(), ids)
    for begin in range(0, len(ids), CHUNK):
        rows = _told(registers, asked.ledger, ids[begin : begin + CHUNK], now)
        if asked.ledger != "residents":
            _write_down(registers, act, asked, rows, mark)
        yield from rows


def totals(registers: Registers, asked: Asked, now: datetime) -> dict[str, int]:
    """How many rows there are, and the sums of the columns that have one."""
    hits, conditions, given = _conditions(registers, asked, now)
    ledger = BY_NAME[asked.ledger]
    summed = _SUMMED if asked.ledger == "residents" else ""
    looks_at_doors = asked.show in OF_DOORS or bool(asked.q.strip())
    rows = _WITHOUT_DOORS if summed and not looks_at_doors else ledger.rows
    counted = f"{hits} SELECT {ledger.key} AS id{summed} {rows} {conditions}"
    question = _TOTALS.get(asked.ledger)
    if question is None:
        given_ids = registers.session.scalars(text(counted), given).all()
        return {
            "rows": len(given_ids),
            **(_sums(_told_grids(registers, given_ids, now)) if asked.ledger == "coordinators" else {}),
        }
    row = registers.session.execute(text(question.format(counted=counted)), given).one()
    return {name: int(value or 0) for name, value in row._mapping.items()}


def _sums(rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    summed = [column.name for column in COORDINATORS.columns if column.summed]
    return {name: sum(int(row[name] or 0) for row in rows) for name in summed}


_TOTALS = {
    "residents": """
        WITH counted AS MATERIALIZED ({counted})
        SELECT count(*) AS rows, sum(residents) AS residents, sum(floating) AS floating,
            count(*) FILTER (WHERE verified_at >= :since) AS verified, sum(promises) AS promises,
            (SELECT count(*) FROM need WHERE state <> 'done' AND until_on >= :today
             AND household_id IN (SELECT id FROM counted)) AS needs
        FROM counted
    """
}
OF_DOORS = ("let",)  # filters of residents that ask for something of the dwelling
# Each household has its door in the same building, so that without them there are as many rows.
_WITHOUT_DOORS = """FROM building
    JOIN household ON household.building_id = building.id AND household.ended_on IS NULL
    WHERE building.retired_at IS NULL"""
_SUMMED = ", household.residents, household.floating, household.verified_at, household.promises"


def _keys(registers: Registers, asked: Asked, now: datetime, limit: int | None) -> list[int]:
    """Ids of the rows that come next."""
    ledger = BY_NAME[asked.ledger]
    order = _order(ledger, asked.sort)
    walks = limit is not None and order[:2] == ADDRESS
    hits, conditions, given = _conditions(registers, asked, now, walks=walks)
    if limit is not None and "common" in given:
        return _walked(registers, asked, now, limit, given)
    direction = "DESC" if asked.descending else "ASC"
    skipped = 0
    if asked.after is not None:
        last = registers.session.execute(
            text(f"SELECT {', '.join(order)} {ledger.rows} AND {ledger.key} = :after"),
            {**given, "after": asked.after},
        ).first()
        if last is not None:
            given |= {f"last_{at}": value for at, value in enumerate(last)} | {"after": asked.after}
            beyond, skipped = _beyond(registers, asked, (hits, conditions), order, given)
            conditions += beyond
    ordered = ", ".join(f"{one} {direction}" for one in (*order, ledger.key))
    cut = "" if limit is None else f"LIMIT {int(limit)} OFFSET {skipped}"
    question = f"{hits} SELECT {ledger.key} {ledger.rows} {conditions} ORDER BY {ordered} {cut}"
    return list(registers.session.scalars(text(question), given))


def _walked(
    registers: Registers, asked: Asked, now: datetime, limit: int, given: Mapping[str, Any]
) -> list[int]:
    """Ids of the rows that come next where a name is borne by many: looked for on the way by address.

    The planner would not walk: it does not know how many bear it, and looks at all of them first.
    """
    ledger, on_the_way, kept = BY_NAME[asked.ledger], replace(asked, q=""), list[int]()
    borne = f"({_AT_ADDRESS} OR {given['common']})"
    named = text(f"SELECT {ledger.key} {ledger.rows} AND {ledger.key} = ANY(:ids) AND {borne}")
    while len(kept) < limit:
        ids = _keys(registers, on_the_way, now, STEP)
        found = set(registers.session.scalars(named, {**given, "ids": ids})) if ids else set()
        kept += [one for one in ids if one in found]
        if len(ids) < STEP:
            break
        on_the_way = replace(on_the_way, after=ids[-1])
    return kept[:limit]


def _beyond(
    registers: Registers,
    asked: Asked,
    so_far: tuple[str, str],
    order: tuple[str, ...],
    given: Mapping[str, Any],
) -> tuple[str, int]:
    """What comes after the last row: a condition, and how many rows to leave out besides.

    By address it begins with the last row's building, so that an index leads there and the planner, who
    cannot guess what a comparison of five columns leaves, knows that the first rows are near.
    """
    ledger, (hits, conditions) = BY_NAME[asked.ledger], so_far
    way, back = ("<", ">=") if asked.descending else (">", "<=")
    names = ", ".join(f":last_{at}" for at in range(len(order)))
    compared = f"({', '.join(order)}, {ledger.key}) {{}} ({names}, :after)"
    if order[:2] != ADDRESS:
        return f" AND {compared.format(way)}", 0
    here = f"({', '.join(ADDRESS)}) {{}} (:last_0, :last_1)"
    left_out = registers.session.scalar(
        text(
            f"{hits} SELECT count(*) {ledger.rows} {conditions} AND {here.format('=')} "
            f"AND {compared.format(back)}"
        ),
        given,
    )
    return f" AND {here.format(way + '=')}", int(left_out or 0)


def _order(ledger: Ledger, sort: str | None) -> tuple[str, ...]:
    column = ledger.column(sort) if sort else None
    if column is None or column.sort is None:
        return ledger.order
    if column.sort != "address":
        return (column.sort,)
    return (*ADDRESS, *DOOR) if ledger.household else ADDRESS


def _conditions(
    registers: Registers, asked: Asked, now: datetime, *, walks: bool = False
) -> tuple[str, str, dict[str, Any]]:
    """Of what is asked for: a WITH of the rows words find, conditions to add, and what they are given.

    walks: only the first rows are wanted, by address. Where a name is borne by many, `common` among what is
    given is the condition of a row, to be looked for on the way (`_walked`).
    """
    ledger = BY_NAME[asked.ledger]
    given: dict[str, Any] = {
        "since": verified_since(registers, now), "today": now.date(), "now": now,
        "person": registers.person_id,
    }  # fmt: skip
    parts, hits = [], ""
    if ledger is COORDINATORS:
        if asked.grid is not None:
            given["grid"] = asked.grid
            parts.append("grid.id = :grid")
    elif (where := _buildings(registers, asked.grid)) is not None:
        given["where"] = where
        parts.append("building.id = ANY(:where)")
    if asked.show is not None and asked.show in ledger.filters:
        parts.append(ledger.filters[asked.show])
    if words := " ".join(asked.q.split()):
        hits, found = _found(registers, ledger, words, given, walks=walks)
        parts.append(found)
    return hits, "".join(f" AND ({part})" for part in parts), given


def _buildings(registers: Registers, grid_id: int | None) -> list[int] | None:
    """The buildings that rows are looked for in, by id; None for all that are opened."""
    if grid_id is not None:
        question = text(f"SELECT building.id FROM {standing_in('CAST(:grid AS bigint)')}")
        return list(registers.session.scalars(question, {"grid": grid_id}))
    return None if registers.buildings is None else list(registers.buildings)


def _found(
    registers: Registers, ledger: Ledger, words: str, given: dict[str, Any], *, walks: bool
) -> tuple[str, str]:
    """Rows by words: an address and perhaps a door, or a name."""
    given["like"] = f"%{_as_it_is(words.lower())}%"
    if ledger is COORDINATORS:
        return (
            "",
            """grid.code LIKE :like OR lower(grid.name) LIKE :like OR lower(place.name) LIKE :like OR EXISTS (
            SELECT FROM duty JOIN person ON person.id = duty.person_id WHERE duty.grid_id = grid.id
            AND during @> CAST(:now AS timestamptz) AND (person.name LIKE :like
            OR replace(lower(person.name_pinyin), ' ', '') LIKE :like))""",
        )
    if ledger is EMPLOYERS:
        return (
            "WITH housed AS MATERIALIZED (SELECT id FROM building WHERE words LIKE :like)",
            "building.id IN (SELECT id FROM housed) OR lower(employer.name) LIKE :like "
            "OR contact_name LIKE :like",
        )
    address, door = words.lower(), None
    before, _, last = address.rpartition(" ")
    if before and last.isalnum() and len(last) <= 5 and last[0].isdigit():
        address, door = before, last
    given |= {"address": f"%{_as_it_is(address)}%", "door": door}
    if (search := name_search(words)) is None:
        return _hits("")
    sounds = _sounds(search, given)
    given |= {"from": list(search.first), "until": search.until, "begins": f"{_as_it_is(search.first[0])}%"}
    lives_there = _LIVES_THERE.format(named=sounds or "name LIKE :begins")
    borne = f"{_NAMED} WHERE {sounds or 'true'}"
    if "where" in given:
        return "", f"{_AT_ADDRESS} OR {lives_there}"
    if not walks:
        return _hits(f" UNION SELECT household_id {borne}")
    given["met"] = registers.session.scalars(text(f"SELECT household_id {borne} LIMIT {COMMON}"), given).all()
    if len(given["met"]) == COMMON:
        given["common"] = lives_there
    return _hits(" UNION SELECT unnest(CAST(:met AS bigint[]))")


def _sounds(search: NameSearch, given: dict[str, Any]) -> str:
    """A condition on a name by how it sounds; empty where characters were typed."""
    made = []
    for way, sets in enumerate(search.ways):
        given |= {f"sound_{way}_{at}": list(characters) for at, characters in enumerate(sets)}
        compared = [f"substr(resident.name, {at + 1}, 1) = ANY(:sound_{way}_{at})" for at in range(len(sets))]
        made.append(f"({' AND '.join(compared)})")
    return f"({' OR '.join(made)})" if made else ""


def _hits(named: str) -> tuple[str, str]:
    """Every household at an address and door, or (`named`) with somebody of a name, looked for beforehand."""
    return (
        f"""WITH hit AS MATERIALIZED (
            SELECT household.id FROM building JOIN household ON household.building_id = building.id
            JOIN dwelling ON dwelling.id = household.dwelling_id WHERE {_AT_ADDRESS}{named}
        )""",
        "household.id IN (SELECT id FROM hit)",
    )


COMMON = 1_000  # residents who bear a name: a page of them is soon met on the way by address
STEP = 500  # rows looked at on the way at once
_AT_ADDRESS = "(words LIKE :address AND (CAST(:door AS text) IS NULL OR dwelling.code = :door))"
_NAMED = """FROM unnest(CAST(:from AS text[]), CAST(:until AS text[])) AS begun (first, until)
    JOIN resident ON resident.name ~>=~ first AND resident.name ~<~ until"""
# `OFFSET 0` keeps it a question of its own for each household on the way.
_LIVES_THERE = """EXISTS (
    SELECT FROM resident WHERE resident.household_id = household.id AND {named} OFFSET 0
)"""


def _as_it_is(words: str) -> str:
    r"""Words for LIKE, where `%`, `_` and `\` mean themselves."""
    return words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")


# --- What there is to tell --------------------------------------------------------------------------------


def _told(registers: Registers, ledger: str, ids: Sequence[int], now: datetime) -> list[dict[str, Any]]:
    """Rows of these ids, in their order; those that are gone meanwhile are left out."""
    if not ids:
        return []
    if ledger == "coordinators":
        return _told_grids(registers, ids, now)
    given = {"ids": list(ids), "since": verified_since(registers, now), "today": now.date()}
    found = registers.session.execute(text(_TOLD[ledger]), given).all()
    by_id = {row.id: {**row._mapping} for row in found}
    rows = [by_id[one] for one in ids if one in by_id]
    for row in rows:
        for name in ("phone", "contact_phone"):
            if row.get(name):
                row[name] = masked(row[name])
    return rows


PLACE_OF_ROW = "coalesce(nullif(building.address, ''), building.name, building.code) AS address"
DOOR_OF_ROW = "concat_ws(' ', entrance.name, dwelling.code) AS door"
_TOLD = {
    "residents": f"""
        SELECT household.id, household.id AS household_id, household.building_id,
            {PLACE_OF_ROW}, {DOOR_OF_ROW},
            people.names, household.residents, household.floating, people.phone,
            CASE WHEN dwelling.use = 'rental' THEN 'let' ELSE 'own' END AS let,
            household.begun_on AS since, household.visit_hour AS hour, household.visited_at AS visited,
            CASE WHEN household.verified_at >= :since THEN 'verified'
                WHEN household.visited_at IS NULL THEN 'never' ELSE 'due' END AS state,
            household.promises,
            (SELECT count(*) FROM need WHERE need.household_id = household.id AND state <> 'done'
             AND until_on >= :today) AS needs
        FROM household JOIN dwelling ON dwelling.id = household.dwelling_id
        JOIN building ON building.id = household.building_id
        LEFT JOIN entrance ON entrance.id = dwelling.entrance_id
        CROSS JOIN LATERAL (
            SELECT string_agg(name, '、' ORDER BY resident.id) AS names,
                (array_agg(phone ORDER BY resident.id) FILTER (WHERE phone IS NOT NULL))[1] AS phone
            FROM stay JOIN resident ON resident.id = stay.resident_id
            WHERE stay.household_id = household.id AND until_on IS NULL
        ) AS people
        WHERE household.id = ANY(:ids)
    """,
    "employers": f"""
        SELECT employer.id, employer.building_id, employer.name AS employer, employer.kind, employer.size,
            {PLACE_OF_ROW}, contact_name AS contact, contact_phone, employer.begun_on AS since,
            CASE WHEN signed.expires IS NULL THEN 'none' WHEN signed.expires < :today THEN 'expired'
                WHEN signed.expires <= :today + 30 THEN 'expiring' ELSE 'valid' END AS statement,
            nullif(signed.expires, {FOR_GOOD}) AS statement_until
        FROM employer JOIN building ON building.id = employer.building_id
        CROSS JOIN LATERAL (SELECT {STATEMENT} AS expires) AS signed
        WHERE employer.id = ANY(:ids)
    """,
    "needs": f"""
        SELECT need.id, need.household_id, need.building_id, service.name_en AS service_en,
            service.name_zh AS service_zh, service.name_zh AS service, resident.name AS who, {PLACE_OF_ROW},
            {DOOR_OF_ROW}, need.state AS need_state, need.consented_at AS asked_on, person.name AS owner,
            given.office, given.due_on AS answer_due, given.result, need.until_on AS kept_until
        FROM need JOIN household ON household.id = need.household_id
        JOIN dwelling ON dwelling.id = household.dwelling_id JOIN building ON building.id = need.building_id
        LEFT JOIN entrance ON entrance.id = dwelling.entrance_id
        JOIN service ON service.id = need.service_id JOIN person ON person.id = need.owner_id
        LEFT JOIN resident ON resident.id = need.resident_id
        LEFT JOIN LATERAL (
            SELECT office, due_on, result FROM referral WHERE need_id = need.id
            ORDER BY made_on DESC, id DESC LIMIT 1
        ) AS given ON true
        WHERE need.id = ANY(:ids)
    """,
}


COUNTS = ("households", "residents", "floating", "rentals", "verified")


def counts_by_building(
    session: Session, buildings: Sequence[int], since: datetime
) -> dict[int, dict[str, int]]:
    """Counts of what is registered in buildings whose rows may be seen; those with nothing are left out.

    Asked for by the buildings' ids, which an index answers; joined to grids instead, whole tables are read.
    since: from when on a visit verifies.
    """
    found = session.execute(_COUNTED, {"buildings": list(buildings), "since": since})
    return {row.id: {name: getattr(row, name) for name in COUNTS} for row in found}


def _told_grids(registers: Registers, ids: Sequence[int], now: datetime) -> list[dict[str, Any]]:
    session = registers.session
    standing = session.execute(_STANDING, {"ids": list(ids)}).all()
    counted = counts_by_building(
        session, [row.building_id for row in standing], verified_since(registers, now)
    )
    by_id = {
        row.id: {**row._mapping, **dict.fromkeys(COUNTS, 0)}
        for row in session.execute(_GRIDS, {"ids": list(ids), "now": now})
    }
    for row in standing:
        for name, count in counted.get(row.building_id, {}).items():
            by_id[row.grid_id][name] += count
    for grid in by_id.values():
        grid["share"] = grid["verified"] / grid["households"] if grid["households"] else None
    return [by_id[one] for one in ids if one in by_id]


_STANDING = text("""
    SELECT grid.id AS grid_id, building.id AS building_id
    FROM grid JOIN building ON ST_Contains(grid.outline, building.position)
    WHERE grid.id = ANY(:ids) AND building.retired_at IS NULL
""")
_COUNTED = text("""
    WITH counted AS (
        SELECT building_id, count(*) AS households, sum(residents) AS residents, sum(floating) AS floating,
            0 AS rentals, count(*) FILTER (WHERE verified_at >= :since) AS verified
        FROM household WHERE ended_on IS NULL AND building_id = ANY(:buildings) GROUP BY building_id
        UNION ALL
        SELECT building_id, 0, 0, 0, count(*), 0
        FROM rental WHERE ended_on IS NULL AND building_id = ANY(:buildings) GROUP BY building_id
    )
    SELECT building_id AS id, sum(households)::int AS households, sum(residents)::int AS residents,
        sum(floating)::int AS floating, sum(rentals)::int AS rentals, sum(verified)::int AS verified
    FROM counted GROUP BY building_id
""")
_GRIDS = text("""
    SELECT grid.id, grid.plan_id, grid.code AS grid, grid.name AS grid_name, place.name AS community,
        person.name AS coordinator, person.office_phone, lower(held.during) AS answers_since,
        (SELECT string_agg(deputy.name, '、' ORDER BY deputy.name)
         FROM duty JOIN person AS deputy ON deputy.id = duty.person_id
         WHERE duty.grid_id = grid.id AND duty.kind = 'deputy'
             AND during @> CAST(:now AS timestamptz)) AS deputies,
        grid.households AS planned
    FROM grid JOIN place ON place.id = grid.community_id
    LEFT JOIN duty AS held ON held.grid_id = grid.id AND held.kind = 'primary'
        AND held.during @> CAST(:now AS timestamptz)
    LEFT JOIN person ON person.id = held.person_id
    WHERE grid.id = ANY(:ids)
""")


def _write_down(
    registers: Registers, act: str, asked: Asked, rows: Sequence[Mapping[str, Any]], mark: str = ""
) -> None:
    """Whose rows were shown. Safety contacts are of no household: that they were read is told without."""
    about = f"ledger {asked.ledger} {mark}".strip()
    registers.seen(act, about, [row["household_id"] for row in rows if "household_id" in row])
    if asked.ledger == "employers" and rows:
        registers.seen_of_none(act, about, {"employers": [row["id"] for row in rows]})
