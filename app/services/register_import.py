"""Registers brought in from tables: rows matched to buildings, who is new entered, all in one transaction.

A row that is wrong stops the whole file, for then the file was spoilt and its other rows may be too. A row
whose building is not known is left over, with what to do about it; the others go in. Every row has its line
in the report, which names rows and fields and repeats no value of a person.
"""

from __future__ import annotations

import csv
import hashlib
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from io import StringIO
from typing import Any

from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from app.errors import Refusal, part
from app.geo.formula_safe import guarded
from app.geo.readers.options import Limits
from app.geo.readers.report import shown
from app.geo.readers.tables import Table, read_table
from app.models import Dwelling, Household, Resident, Stay
from app.services import audit, identities
from app.services.access import ADMINISTRATORS, MANAGERS, Actor, require
from app.services.bulk import analyze_registers
from app.services.jobs import place_called
from app.services.personal import Registers, open_places, open_registers
from app.services.register_rows import HEAD, Said, Understood, columns_of, understood

NEAR_M = 30  # a point no further from a building than this is at it
ROWS_NAMED = 20  # in a refusal
DEGREE_M = 111_320  # of latitude, and of longitude at the equator
BATCH = 5_000
MANY_ROWS = 1_000  # the planner must know of before anybody asks for them
TAKEN, KNOWN, LEFT_OVER = "taken", "known", "left over"


# What is wrong with a cell, as a part of the refusal's sentence.
WRONG = {
    "text_broken": "cell_broken",
    "text_garbled": "cell_garbled",
    "text_not_text": "cell_not_understood",
    "digits_lost": "cell_digits_lost",
    "telephone_malformed": "cell_no_telephone",
    "id_number_malformed": "cell_id_malformed",
    "id_number_check": "cell_id_check",
    "id_number_mangled": "cell_digits_lost",
    "birth_dates_differ": "cell_birth_differs",
    "day_not_understood": "cell_no_day",
    "days_turned": "cell_days_turned",
    "day_in_future": "cell_day_ahead",
    "cell_not_understood": "cell_not_understood",
    "cell_missing": "cell_missing",
    "cell_too_long": "cell_too_long",
}


@dataclass(frozen=True)
class Line:
    """What became of a row. outcome: TAKEN, KNOWN (nothing new), LEFT_OVER. why: code of words for that."""

    row: int
    outcome: str
    why: str


@dataclass
class Report:
    """Every row of a file in order. mended: (row, field, why) put right on the way in.

    met: households that were there before and that a row speaks of. not_kept: rows with an identity number
    that the rules of their community do not have; it was looked at and left out.
    """

    file: str
    sha256: str
    encoding: str
    lines: list[Line] = field(default_factory=list)
    mended: list[tuple[int, str, str]] = field(default_factory=list)
    met: set[int] = field(default_factory=set)
    not_kept: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each outcome."""
        counted = Counter(line.outcome for line in self.lines)
        return {outcome: counted[outcome] for outcome in (TAKEN, KNOWN, LEFT_OVER)}

    @property
    def left_over(self) -> dict[int, str]:
        """Rows of the worklist and why each is there."""
        return {line.row: line.why for line in self.lines if line.outcome == LEFT_OVER}


def read(
    octets: bytes, file: str, limits: Limits, today: date, *, births: bool = False
) -> tuple[Table, Understood]:
    """A register file as it is understood; no day in it lies after today. births: as in `understood`.

    Refused as `read_table` says, with `register_columns_missing`, and with `register_rows_wrong` naming rows
    and fields where one of them is wrong.
    """
    table = read_table(octets, file, limits)
    rows = understood(table, file, today, births=births)
    if rows.wrong:
        heads = {name: table.head[at] for name, at in columns_of(table, file).items()}
        named = [
            part("cell_wrong", row=row, column=shown(heads.get(name, name), 40), why=part(WRONG[code]))
            for row, name, code in sorted(rows.wrong)[:ROWS_NAMED]
        ]
        raise Refusal("register_rows_wrong", file=file, count=len(rows.wrong), rows=named)
    return table, rows


def bring_in(
    registers: Registers, code: str, octets: bytes, file: str, limits: Limits, today: date, key: bytes = b""
) -> tuple[Report, Table]:
    """Enter what a file says into the registers of a place, in the caller's transaction.

    key: what identity numbers are kept under; needed where the rules of the place have them. Refused as
    `read` says and with `place_unknown`. Who wants to look first undoes the transaction.
    """
    place = place_called(registers.session, code)
    registers.session.execute(_ONE_AT_A_TIME, {"path": str(place.path)})
    asked = _Asked(registers, today)
    table, rows = read(octets, file, limits, today, births=asked.births(str(place.path)))
    report = Report(file, hashlib.sha256(octets).hexdigest(), table.encoding, mended=rows.mended)
    matched, left_over = _matched(registers, str(place.path), rows.rows)
    lines = {row: Line(row, LEFT_OVER, why) for row, why in left_over.items()}
    entry = _Entry(registers, today, asked, key)
    for line in entry.enter(matched):
        lines[line.row] = line
    report.not_kept = entry.not_kept
    if len(matched) >= MANY_ROWS:
        analyze_registers(registers.session)
    report.met = entry.met
    report.lines = [lines[row] for row in sorted(lines)]
    audit.record(
        registers.session,
        registers.person_id,
        "registers.imported",
        f"place {code}",
        {"sha256": report.sha256, "rows": len(report.lines), **report.counts},
    )
    return report, table


def look(
    registers: Registers, code: str, octets: bytes, file: str, limits: Limits, today: date, key: bytes = b""
) -> tuple[Report, Table]:
    """What `bring_in` would do; nothing of it stays but that somebody looked."""
    with registers.session.begin_nested() as undone:
        report, table = bring_in(registers, code, octets, file, limits, today, key)
        undone.rollback()
    about = f"place {code}"
    facts = {"sha256": report.sha256, "rows": len(report.lines), **report.counts}
    audit.record(registers.session, registers.person_id, "registers.import_looked", about, facts)
    registers.seen("view", about, report.met)  # a row that is known tells that its person lives there
    return report, table


def open_place(session: Session, code: str, purpose: str = "import") -> Registers:
    """Open the registers of a place, for the command line."""
    return open_places(session, [str(place_called(session, code).path)], purpose)


def places(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Where somebody may bring registers in: code and name of each place, the district before its parts."""
    rows = session.execute(_PLACES).mappings()
    return [dict(row) for row in rows if actor.covers(MANAGERS | ADMINISTRATORS, row["path"])]


def open_for(session: Session, actor: Actor, code: str) -> Registers:
    """Open the registers to bring in what is of a place; `not_in_scope` for who may not there."""
    require(actor, MANAGERS | ADMINISTRATORS, [str(place_called(session, code).path)])
    return open_registers(session, actor, "import")


def refused(session: Session, actor: Actor, code: str, octets: bytes, why: str) -> None:
    """Write down that a file was refused, and why; in a transaction of its own."""
    facts = {"sha256": hashlib.sha256(octets).hexdigest(), "code": why}
    audit.record(session, actor.person_id, "registers.import_refused", f"place {code}", facts)


def worklist(report: Report, table: Table, say: Callable[[str], str]) -> bytes:
    """The rows left over as a file to be corrected and brought in again: a CSV, with why at the end.

    say: words for a line's `why`.
    """
    written = StringIO(newline="")
    out = csv.writer(written, lineterminator="\r\n")
    out.writerow([*map(guarded, table.head), say("why")])
    left_over = report.left_over
    for number, cells in table.rows:
        if number in left_over:
            out.writerow([*map(guarded, cells), say(left_over[number])])
    return written.getvalue().encode("utf-8-sig")


def column(name: str) -> str:
    """A field as the exchange file heads its column."""
    return HEAD[name]


# --- Where: a building by code, address or coordinates ----------------------------------------------------


@dataclass(frozen=True)
class Stands:
    """A building somebody may live in."""

    id: int
    community_id: int
    code: str
    lon: float
    lat: float


def _matched(
    registers: Registers, path: str, rows: Iterable[Said]
) -> tuple[list[tuple[Said, Stands]], dict[int, str]]:
    """Rows with their buildings, and the others with why none was found."""
    found = _Buildings(registers, path)
    matched: list[tuple[Said, Stands]] = []
    left_over: dict[int, str] = {}
    for said in rows:
        building, why = found.of(said)
        if building is None:
            left_over[said.row] = why
        else:
            matched.append((said, building))
    return matched, left_over


class _Buildings:
    """The buildings of a place by what a row may call them; those whose rows are seen here."""

    def __init__(self, registers: Registers, path: str) -> None:
        self.by_code: dict[str, Stands] = {}
        self.by_words: dict[str, set[Stands]] = defaultdict(set)
        self.by_cell: dict[tuple[int, int], list[Stands]] = defaultdict(list)
        for row in registers.session.execute(_BUILDINGS, {"path": path}):
            stands = Stands(row.id, row.community_id, row.code, row.lon, row.lat)
            self.by_code[key(row.code)] = stands
            for words in {row.address, row.name, f"{row.address or ''}{row.name or ''}"} - {None, ""}:
                self.by_words[key(words)].add(stands)
            self.by_cell[self._cell(row.lon, row.lat)].append(stands)

    def of(self, said: Said) -> tuple[Stands | None, str]:
        """The building of a row, or None and why not: `unmatched-code`, `-address`, `-several`, `-place`."""
        if said.building is not None:
            named = self.by_code.get(key(said.building))
            if named is not None:
                return named, ""
        why = "unmatched-code" if said.building is not None else "unmatched-place"
        if said.address is not None:
            same = self.by_words.get(key(said.address), set())
            if len(same) == 1:
                return next(iter(same)), ""
            why = "unmatched-several" if same else "unmatched-address"
        if said.lon is not None and said.lat is not None:
            near = self._near(said.lon, said.lat)
            if near is not None:
                return near, ""
            why = "unmatched-point"
        return None, why

    def _near(self, lon: float, lat: float) -> Stands | None:
        """The building nearest to a point, NEAR_M away at most from the point inside it."""
        x, y = self._cell(lon, lat)
        around = [s for dx in (-1, 0, 1) for dy in (-1, 0, 1) for s in self.by_cell.get((x + dx, y + dy), ())]
        distances = [(self._metres(stands, lon, lat), stands.code, stands) for stands in around]
        nearest = min(distances, default=None)
        return nearest[2] if nearest is not None and nearest[0] <= NEAR_M else None

    @staticmethod
    def _cell(lon: float, lat: float) -> tuple[int, int]:
        side = 2 * NEAR_M / DEGREE_M  # wide enough in both directions up to 60 degrees of latitude
        return math.floor(lon / (2 * side)), math.floor(lat / side)

    @staticmethod
    def _metres(stands: Stands, lon: float, lat: float) -> float:
        east = (stands.lon - lon) * DEGREE_M * math.cos(math.radians(lat))
        return math.hypot(east, (stands.lat - lat) * DEGREE_M)


def key(words: str) -> str:
    """What is the same however it is typed.

    >>> key("长安路　12 号（东）") == key("长安路12号(东)")
    True
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", words)).casefold()


# --- Who: dwellings, households, residents and stays, what is there and what is new -----------------------


@dataclass
class Door:
    """A dwelling; id None until it is entered."""

    id: int | None
    stands: Stands
    entrance_id: int | None
    code: str
    values: dict[str, Any] = field(default_factory=dict)
    homes: list[Home] = field(default_factory=list)
    retired: bool = False


@dataclass
class Home:
    """A household of a dwelling. number: as a file names it, to tell its households apart.

    exact: the file says itself from when until when it is one.
    """

    id: int | None
    door: Door
    number: str | None
    values: dict[str, Any] = field(default_factory=dict)
    people: list[Who] = field(default_factory=list)
    exact: bool = False
    touched: bool = False  # a stay began or ended in it


@dataclass
class Who:
    """A resident with the stays known of them."""

    id: int | None
    home: Home
    values: dict[str, Any] = field(default_factory=dict)
    stays: list[dict[str, Any]] = field(default_factory=list)
    number_hash: bytes | None = None
    has_birth: bool = False
    is_sealed: bool = False  # the number is kept whole


class _Asked:
    """What the rules have about birth dates and numbers, by community."""

    def __init__(self, registers: Registers, today: date) -> None:
        self.registers, self.today = registers, today
        self.of = identities.rules_by_community(registers, today)

    def births(self, path: str) -> bool:
        """Whether any community of a place has birth dates."""
        rows = self.registers.session.scalars(_COMMUNITIES_OF, {"path": path})
        return any(self.of(community).birth_date for community in rows)


FILLED = ("age_band", "registered_here", "phone")  # put in where they are missing, never written over


class _Entry:
    """Enters rows beside what the registers hold of the same buildings; each table is written once."""

    def __init__(self, registers: Registers, today: date, asked: _Asked, key: bytes) -> None:
        self.registers, self.today, self.asked, self.key = registers, today, asked, key
        self.not_kept = 0
        self.told: dict[int, tuple[Who, Said]] = {}  # by the identity of `Who`: whose birth or number is new
        self.community: dict[int, int] = {}
        self.doors: dict[tuple[int, int | None, str], Door] = {}
        self.entrances: dict[tuple[int, str], int] = {}
        self.entrances_of: dict[int, set[int]] = defaultdict(set)
        self.met: set[int] = set()  # households known before
        self.numbered: dict[str, Who] = {}  # by the file's own number of the resident
        self.new_stays: list[tuple[Who, Home, dict[str, Any]]] = []
        self.changed: dict[type, dict[int, dict[str, Any]]] = defaultdict(dict)

    def enter(self, matched: list[tuple[Said, Stands]]) -> list[Line]:
        """Enter rows; what became of each."""
        buildings = sorted({stands.id for _, stands in matched})
        self.community = self._communities(buildings)
        self._load(buildings)
        lines = [self._row(self._allowed(said, stands), stands) for said, stands in matched]
        self._end_households()
        self._write(self.community)
        self._keep_identities()
        return lines

    def _allowed(self, said: Said, stands: Stands) -> Said:
        """A row without what the rules of its community do not have."""
        asked = self.asked.of(self.community[stands.id])
        self.not_kept += said.id_number is not None and not asked.id_number
        return replace(
            said,
            birth_date=said.birth_date if asked.birth_date else None,
            id_number=said.id_number if asked.id_number else None,
        )

    def _hash(self, said: Said) -> bytes | None:
        return None if said.id_number is None else identities.Keys(self.key).hash_of(said.id_number)

    def _identify(self, said: Said, who: Who) -> bool:
        """Note a birth date or a number that nobody had told; whether there is one."""
        number = self._new_number(said, who)
        born = said.birth_date is not None and not who.has_birth
        if number is None and not born:
            return False
        who.number_hash, who.has_birth = who.number_hash or number, who.has_birth or born
        who.is_sealed = who.is_sealed or (number is not None and self._keeps_whole(who))
        _, former = self.told.get(id(who), (who, said))
        self.told[id(who)] = (
            who,
            replace(
                said,
                birth_date=former.birth_date or said.birth_date,
                id_number=former.id_number or said.id_number,
            ),
        )
        return True

    def _new_number(self, said: Said, who: Who) -> bytes | None:
        """The hash of a number of which there is something to keep: all of it, or, where the rules came to
        keep numbers whole since, the number that was known by its hash alone.
        """
        if who.number_hash is not None and (who.is_sealed or not self._keeps_whole(who)):
            return None
        number = self._hash(said)
        return number if who.number_hash in (None, number) else None

    def _keeps_whole(self, who: Who) -> bool:
        return bool(self.asked.of(self.community[who.home.door.stands.id]).exchange_number)

    def _keep_identities(self) -> None:
        brought = []
        for who, said in self.told.values():
            building = who.home.door.stands.id
            community = self.community[building]
            whole = self._keeps_whole(who)
            one = (who.id or 0, building, community, said.birth_date, said.id_number, whole)
            brought.append(identities.Brought(*one))
        identities.bring_in(self.registers, brought, self.key)

    def _row(self, said: Said, stands: Stands) -> Line:
        door, is_new = self._door(said, stands)
        if said.name is None and said.household_no is None and said.household_from is None:
            return Line(said.row, TAKEN, "new-dwelling") if is_new else Line(said.row, KNOWN, "known")
        home, is_new = self._home(said, door)
        if home.id is not None:
            self.met.add(home.id)
        if said.name is None:
            return Line(said.row, TAKEN, "new-household") if is_new else Line(said.row, KNOWN, "known")
        who, is_new = self._who(said, home)
        if is_new:
            return Line(said.row, TAKEN, "new-resident")
        filled = self._fill(said, who)
        if self._stay(said, who, home):
            return Line(said.row, TAKEN, "new-stay")
        return Line(said.row, TAKEN, "filled") if filled else Line(said.row, KNOWN, "known")

    def _door(self, said: Said, stands: Stands) -> tuple[Door, bool]:
        code = said.dwelling or ""
        entrance_id = None
        if said.entrance is not None:
            entrance_id = self.entrances.get((stands.id, key(said.entrance)))
            if entrance_id is None:  # staircases nobody drew: their name stands before the door's
                code = f"{said.entrance}-{code}"
        at = (stands.id, entrance_id, key(code))
        if at not in self.doors and said.entrance is None:
            behind = [(stands.id, id_, key(code)) for id_ in self.entrances_of.get(stands.id, ())]
            same = [self.doors[one] for one in behind if one in self.doors]
            if len(same) == 1:
                return self._back(same[0]), False
        is_new = at not in self.doors
        if is_new:
            use = said.use or "home"
            self.doors[at] = Door(None, stands, entrance_id, code, {"use": use, "floor": said.floor})
        return self._back(self.doors[at]), is_new

    def _back(self, door: Door) -> Door:
        """A door that a row names is there, though it was taken off before."""
        if door.retired and door.id is not None:
            self.changed[Dwelling][door.id] = {"retired_at": None}
        return door

    def _home(self, said: Said, door: Door) -> tuple[Home, bool]:
        """The household a row speaks of: by number, by somebody who lives there, or the only one."""
        homes = door.homes
        found = next((h for h in homes if said.household_no and h.number == said.household_no), None)
        if found is None and said.name is not None:
            free = [h for h in homes if said.household_no is None or h.number is None]
            found = next((h for h in free if any(w.values["name"] == said.name for w in h.people)), None)
        if found is None and said.name is None:
            begun = said.household_from or self.today
            found = next((h for h in homes if h.number is None and h.values["begun_on"] == begun), None)
        if found is None and said.household_no is None and said.name is not None:
            found = next((h for h in homes if h.values["ended_on"] is None), None)
        if found is not None:
            found.number = found.number or said.household_no
            return found, False
        begun = said.household_from or said.from_on or said.until_on or said.household_until or self.today
        values = {"begun_on": begun, "ended_on": said.household_until, "visit_hour": said.visit_hour}
        made = Home(None, door, said.household_no, values, exact=said.household_from is not None)
        door.homes.append(made)
        return made, True

    def _who(self, said: Said, home: Home) -> tuple[Who, bool]:
        who = self.numbered.get(said.resident_no) if said.resident_no is not None else None
        if who is None:
            own = self._hash(said)
            who = next((one for one in home.people if _is_same(one, said, own)), None)
            if who is not None and said.resident_no is not None:
                self.numbered[said.resident_no] = who
        if who is not None:
            return who, False
        values = {
            "name": said.name,
            "age_band": said.age_band,
            "registered_here": said.registered_here,
            "phone": said.phone,
            "source": said.source or "import",
            "purpose": said.purpose or "registration",
        }
        who = Who(None, home, values)
        home.people.append(who)
        if said.resident_no is not None:
            self.numbered[said.resident_no] = who
        self._stay(said, who, home)
        self._identify(said, who)
        return who, True

    def _fill(self, said: Said, who: Who) -> bool:
        """Put in what was missing about somebody who is known; whether anything was."""
        wanted = {name: getattr(said, name) for name in FILLED}
        missing = {k: v for k, v in wanted.items() if v is not None and who.values[k] is None}
        who.values |= missing
        if missing and who.id is not None:
            self.changed[Resident].setdefault(who.id, {}).update(missing)
        return self._identify(said, who) or bool(missing)

    def _stay(self, said: Said, who: Who, home: Home) -> bool:
        """The stay a row speaks of; whether it, or its end, is new."""
        begins = said.from_on or said.until_on
        same = [stay for stay in who.stays if begins is None or stay["from_on"] == begins]
        still = [stay for stay in who.stays if stay["until_on"] is None]
        ending = [stay for stay in same or still if stay["until_on"] is None]
        if said.until_on is not None and ending and ending[0]["from_on"] <= said.until_on:
            ending[0]["until_on"] = said.until_on
            home.touched = True
            if ending[0].get("id") is not None:
                self.changed[Stay].setdefault(ending[0]["id"], {})["until_on"] = said.until_on
            return True
        if same or (still and said.until_on is None):
            return False
        stay = {"from_on": begins or max(self.today, home.values["begun_on"]), "until_on": said.until_on}
        who.stays.append(stay)
        home.touched = True
        self.new_stays.append((who, home, stay))
        return True

    def _end_households(self) -> None:
        """A household ends with the last who lived in it, unless the file says otherwise."""
        for home in (home for door in self.doors.values() for home in door.homes):
            stays = [stay for who in home.people for stay in who.stays]
            if home.exact or home.values["ended_on"] or not stays or not home.touched:
                continue
            if all(stay["until_on"] for stay in stays):
                home.values["ended_on"] = max(max(s["until_on"] for s in stays), home.values["begun_on"])
                if home.id is not None:
                    self.changed[Household][home.id] = {"ended_on": home.values["ended_on"]}

    # --- what is there ---

    def _load(self, buildings: list[int]) -> None:
        session = self.registers.session
        asked = {"buildings": buildings}
        for row in session.execute(_ENTRANCES, asked):
            self.entrances[row.building_id, key(row.code)] = row.id
            if row.name:
                self.entrances.setdefault((row.building_id, key(row.name)), row.id)
        for (building, _), entrance in self.entrances.items():
            self.entrances_of[building].add(entrance)
        doors: dict[int, Door] = {}
        for row in session.execute(_DOORS, asked):
            stands = Stands(row.building_id, row.community_id, "", 0, 0)
            door = Door(row.id, stands, row.entrance_id, row.code, retired=row.retired_at is not None)
            self.doors[row.building_id, row.entrance_id, key(row.code)] = doors[row.id] = door
        homes: dict[int, Home] = {}
        for row in session.execute(_HOMES, asked):
            values = {"begun_on": row.begun_on, "ended_on": row.ended_on, "visit_hour": row.visit_hour}
            homes[row.id] = Home(row.id, doors[row.dwelling_id], None, values)
            doors[row.dwelling_id].homes.append(homes[row.id])
        people: dict[int, Who] = {}
        for row in session.execute(_PEOPLE, asked):
            values = {name: getattr(row, name) for name in ("name", *FILLED)}
            people[row.id] = Who(row.id, homes[row.household_id], values)
            people[row.id].number_hash = None if row.number_hash is None else bytes(row.number_hash)
            people[row.id].has_birth, people[row.id].is_sealed = row.born_on is not None, row.is_sealed
            homes[row.household_id].people.append(people[row.id])
        for row in session.execute(_STAYS, asked):
            if row.resident_id in people:
                stay = {"id": row.id, "from_on": row.from_on, "until_on": row.until_on}
                people[row.resident_id].stays.append(stay)

    def _communities(self, buildings: list[int]) -> dict[int, int]:
        rows = self.registers.session.execute(_COMMUNITIES, {"buildings": buildings})
        return {row.id: row.community_id for row in rows}

    # --- what is written ---

    def _write(self, communities: dict[int, int]) -> None:
        def seat(door: Door) -> dict[str, int]:
            return {"building_id": door.stands.id, "community_id": communities[door.stands.id]}

        doors = [door for door in self.doors.values() if door.id is None]
        self._insert(Dwelling, doors, lambda d: {
            **seat(d), "entrance_id": d.entrance_id, "code": d.code, **d.values})  # fmt: skip
        homes = [home for door in self.doors.values() for home in door.homes]
        self._insert(Household, [home for home in homes if home.id is None], lambda h: {
            **seat(h.door), "dwelling_id": h.door.id, **h.values})  # fmt: skip
        people = [who for home in homes for who in home.people if who.id is None]
        self._insert(Resident, people, lambda w: {
            **seat(w.home.door), "household_id": w.home.id, **w.values,
            "entered_by": self.registers.person_id})  # fmt: skip
        stays = [
            {**seat(home.door), "resident_id": who.id, "household_id": home.id, **stay}
            for who, home, stay in self.new_stays
        ]
        session = self.registers.session
        for begin in range(0, len(stays), BATCH):
            session.execute(insert(Stay), stays[begin : begin + BATCH])
        for table, changed in self.changed.items():
            if changed:
                session.execute(update(table), [{"id": id_, **values} for id_, values in changed.items()])
        session.expire_all()

    def _insert(self, table: Any, made: list[Any], values: Callable[[Any], dict[str, Any]]) -> None:
        """Insert what is new and learn the ids."""
        for begin in range(0, len(made), BATCH):
            some = made[begin : begin + BATCH]
            ids = self.registers.session.scalars(
                insert(table).returning(table.id, sort_by_parameter_order=True),
                [values(one) for one in some],
            ).all()
            for one, id_ in zip(some, ids, strict=True):
                one.id = id_


def _is_same(who: Who, said: Said, number_hash: bytes | None) -> bool:
    """Whether somebody of a household is who a row names: the same number, else the same name and no other
    telephone.
    """
    if who.number_hash is not None and number_hash is not None:
        return who.number_hash == number_hash
    phones = {who.values["phone"], said.phone} - {None}
    return who.values["name"] == said.name and len(phones) < 2


# Two files at once would each find nobody of the other's. Of a district, for its parts overlap with it.
_ONE_AT_A_TIME = text("""
    SELECT pg_advisory_xact_lock(
        hashtextextended('registers of ' || ltree2text(subpath(CAST(:path AS ltree), 0, 1)), 0)
    )
""")
_PLACES = text("SELECT code, name, path::text, nlevel(path) AS depth FROM place ORDER BY path")
_COMMUNITIES_OF = text("SELECT id FROM place WHERE path <@ CAST(:path AS ltree)")
_BUILDINGS = text("""
    SELECT building.id, building.code, building.name, building.address, imported.id AS community_id,
        ST_X(building.position) AS lon, ST_Y(building.position) AS lat
    FROM building JOIN place AS imported ON imported.id = building.place_id
    WHERE building.retired_at IS NULL AND EXISTS (
        SELECT FROM place WHERE path = CAST(:path AS ltree)
            AND (imported.path <@ place.path OR ST_Covers(place.outline, building.position))
    )
    ORDER BY building.code, building.id
""")
_ENTRANCES = text("SELECT id, building_id, code, name FROM entrance WHERE building_id = ANY (:buildings)")
_DOORS = text("""
    SELECT id, building_id, community_id, entrance_id, code, retired_at FROM dwelling
    WHERE building_id = ANY (:buildings) ORDER BY id
""")
_HOMES = text("""
    SELECT id, dwelling_id, begun_on, ended_on, visit_hour FROM household
    WHERE building_id = ANY (:buildings) ORDER BY id
""")
_PEOPLE = text("""
    SELECT resident.id, household_id, name, age_band, registered_here, phone, number_hash, born_on,
        number_sealed IS NOT NULL AS is_sealed
    FROM resident LEFT JOIN identity ON identity.resident_id = resident.id
    WHERE resident.building_id = ANY (:buildings) ORDER BY resident.id
""")
_STAYS = text("""
    SELECT id, resident_id, from_on, until_on FROM stay
    WHERE building_id = ANY (:buildings) ORDER BY id
""")
_COMMUNITIES = text("""
    SELECT id, building_community(id) AS community_id FROM building WHERE id = ANY (:buildings)
""")
