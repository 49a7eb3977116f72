"""Registers from tables: matched, entered once, all or nothing; and the exchange file out and in again."""

from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from sqlalchemy import text

from app.geo.readers.options import Limits
from app.services import exchange, register_import
from app.services.access import enter_scope
from app.services.personal import open_registers
from tests.services.mapped import DISTRICT, E, W
from tests.services.refusals import refusal, refused
from tests.services.registered import CANARY_NAMES, staff

TODAY = date(2026, 3, 2)
LIMITS = Limits.for_uploads()


@pytest.fixture
def registers(session, made):
    """Opened by the manager of the district, to bring files in."""
    manager = staff(session, "manager")
    enter_scope(session, manager)
    return open_registers(session, manager, "import")


def sheet(*rows, head="楼栋编码,房屋编号,姓名,联系电话,入住日期"):
    return "\r\n".join([head, *rows, ""]).encode()


def bring_in(registers, octets, file="residents.csv"):
    report, _ = register_import.bring_in(registers, DISTRICT, octets, file, LIMITS, TODAY)
    return [line.why for line in report.lines]


def people(session, names="甲|乙|丙|丁"):
    return session.execute(
        text("""
            SELECT resident.name, resident.phone, dwelling.code, stay.from_on, stay.until_on
            FROM resident JOIN stay ON stay.resident_id = resident.id
            JOIN household ON household.id = stay.household_id
            JOIN dwelling ON dwelling.id = household.dwelling_id
            WHERE resident.name ~ :names ORDER BY resident.name
        """),
        {"names": names},
    ).all()


def workbook(rows, sheet_xml=None):
    """An XLSX of texts (inline) and numbers."""

    def cell(value):
        if isinstance(value, int | float):
            return f"<c><v>{value!r}</v></c>"
        return f'<c t="inlineStr"><is><t>{value}</t></is></c>'

    body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", sheet_xml or f"<sheetData>{body}</sheetData>")
    return written.getvalue()


# --- Where ------------------------------------------------------------------------------------------------


def test_rows_find_their_building_by_code_address_or_coordinates(session, registers, made):
    house = made.building("W1")
    session.execute(text("UPDATE building SET address = '长安路 12号' WHERE id = :id"), {"id": house.id})
    at = session.execute(
        text("SELECT ST_X(position) AS lon, ST_Y(position) AS lat FROM building WHERE id = :id"),
        {"id": house.id},
    ).one()
    why = bring_in(
        registers,
        sheet(
            f"{house.code},,,,801,赵甲",
            ",长安路１２号,,,802,赵乙",
            f",,{at.lon + 0.0001},{at.lat},803,赵丙",
            head="楼栋编码,地址,经度,纬度,房屋编号,姓名",
        ),
    )

    assert why == ["new-resident"] * 3
    assert [row.code for row in people(session)] == ["803", "802", "801"]


def test_rows_without_a_building_are_left_over_with_what_to_do(session, registers, made):
    session.execute(text("UPDATE building SET address = '同一地址'"))
    octets = sheet(
        "NOWHERE,,,,801,赵甲",
        ",不存在的路1号,,,802,赵乙",
        ",同一地址,,,803,赵丙",
        ",,0.5,0.5,804,赵丁",
        f"{made.building('W1').code},,,,805,赵戊",
        head="楼栋编码,地址,经度,纬度,房屋编号,姓名",
    )
    report, table = register_import.bring_in(registers, DISTRICT, octets, "r.csv", LIMITS, TODAY)
    left = register_import.worklist(report, table, lambda why: why).decode("utf-8-sig").splitlines()

    assert report.counts == {"taken": 1, "known": 0, "left over": 4}
    assert [line.rsplit(",", 1)[1] for line in left] == [
        *("why", "unmatched-code", "unmatched-address", "unmatched-several", "unmatched-point"),
    ]
    assert bring_in(registers, "\r\n".join(left).encode())[0] == "unmatched-code", "it comes in again"
    assert people(session) == []


def test_a_manager_of_one_community_brings_nothing_into_another(session, made):
    manager = staff(session, "manager", W)

    assert refused(register_import.open_for, session, manager, E) == "not_in_scope"
    assert [place["code"] for place in register_import.places(session, manager)] == [W]


# --- Who --------------------------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(session, registers, made):
    code = made.building("W1").code
    octets = sheet(
        f"{code},801,赵甲,19900000001,2026-01-05", f"{code},801,赵乙,,2026-01-05", f"{code},802,赵丙,,"
    )
    first = bring_in(registers, octets)
    before = people(session)

    assert first == ["new-resident"] * 3
    assert bring_in(registers, octets) == ["known"] * 3
    assert people(session) == before
    households = session.scalar(
        text("SELECT count(DISTINCT household_id) FROM resident WHERE name IN ('赵甲', '赵乙')")
    )
    assert households == 1


def test_who_is_known_gets_what_was_missing_and_keeps_what_is_there(session, registers, made):
    code, door = made.building("W1").code, made.dwellings["W1"][0].code
    session.execute(text("UPDATE resident SET age_band = NULL"))
    why = bring_in(
        registers,
        sheet(
            f"{code},{door},{CANARY_NAMES[0]},15",
            f"{code},{door},{CANARY_NAMES[0]},70",
            head="楼栋编码,房屋编号,姓名,年龄",
        ),
    )
    row = session.execute(
        text("SELECT age_band, source FROM resident WHERE name = :name"), {"name": CANARY_NAMES[0]}
    ).one()

    assert why == ["filled", "known"]
    assert row == ("14-15", "visit")


def test_a_day_of_leaving_closes_the_stay(session, registers, made):
    code, door = made.building("W1").code, made.dwellings["W1"][0].code
    why = bring_in(
        registers,
        sheet(f"{code},{door},{CANARY_NAMES[0]},2026年2月1日", head="楼栋编码,房屋编号,姓名,搬离日期"),
    )
    [row] = people(session, CANARY_NAMES[0])

    assert why == ["new-stay"]
    assert row.until_on == date(2026, 2, 1)
    ended = session.scalar(
        text("SELECT ended_on FROM household WHERE id = :id"), {"id": made.households["W1"][0].id}
    )
    assert ended == date(2026, 2, 1), "the household ends with its last resident"


def test_days_are_understood_in_all_the_ways_people_write_them(session, registers, made):
    code = made.building("W1").code
    days = ["2026-2-1", "2026/02/01", "2026年2月1日", "20260201", "46054"]
    bring_in(registers, sheet(*(f"{code},{n}01,赵甲{n},,{day}" for n, day in enumerate(days))))

    assert {row.from_on for row in people(session)} == {date(2026, 2, 1)}


def test_looking_stores_nothing(session, registers, made):
    octets = sheet(f"{made.building('W1').code},801,赵甲,,")
    report, _ = register_import.look(registers, DISTRICT, octets, "r.csv", LIMITS, TODAY)

    assert report.counts["taken"] == 1
    assert people(session) == []
    assert session.scalars(text("SELECT act FROM audit WHERE act LIKE 'registers.%'")).all() == [
        "registers.import_looked"
    ]


def test_looking_is_written_down_with_the_households_it_tells_of(session, registers, made):
    code = made.building("W1").code
    octets = sheet(f"{code},101,{CANARY_NAMES[0]},,", f"{code},801,赵甲,,")
    report, _ = register_import.look(registers, DISTRICT, octets, "r.csv", LIMITS, TODAY)
    looked, read = session.execute(
        text("SELECT act, about, facts, households FROM audit WHERE act LIKE 'registers.%' ORDER BY id")
    ).all()

    assert looked[:2] == ("registers.import_looked", f"place {DISTRICT}")
    assert looked.facts == {"sha256": report.sha256, "rows": 2, "taken": 1, "known": 1, "left over": 0}
    assert read[:2] == ("registers.view", f"place {DISTRICT}")
    assert read.households == [made.households["W1"][0].id]


def test_a_row_brings_back_its_own_door_and_no_other(session, registers, made):
    building = made.building("W1")
    session.execute(
        text("""
            INSERT INTO dwelling (building_id, community_id, code, retired_at)
            SELECT :id, building_community(:id), code, now() FROM unnest(ARRAY['901', '902']) AS code
        """),
        {"id": building.id},
    )
    bring_in(registers, sheet(f"{building.code},901,赵甲,,"))

    retired = text("SELECT code FROM dwelling WHERE building_id = :id AND retired_at IS NOT NULL")
    assert session.scalars(retired, {"id": building.id}).all() == ["902"]


@pytest.mark.parametrize("column", ["入住日期", "搬离日期", "建户日期", "销户日期"])
def test_a_day_after_today_stops_the_file(session, registers, made, column):
    row = f"{made.building('W1').code},101,{CANARY_NAMES[0]}"
    head = f"楼栋编码,房屋编号,姓名,{column}"
    found = refusal(bring_in, registers, sheet(f"{row},2026-03-03", head=head))

    assert found.code == "register_rows_wrong"
    assert column in str(found)
    assert "lies ahead" in str(found)
    bring_in(registers, sheet(f"{row},2026-03-02", head=head))


# --- What is wrong ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("801,赵甲,1.99E+10,", "lost digits"),
        ("801,赵甲,call me,", "no telephone"),
        ("801,赵甲,,soon", "no day"),
        ("801,赵甲,,2026-02-30", "no day"),
        ("801,赵甲,,2206-02-03", "no day"),
        (",赵甲,,", "is missing"),
    ],
)
def test_a_wrong_cell_stops_the_file_and_is_named_without_its_value(session, registers, made, row, said):
    code = made.building("W1").code
    found = refusal(bring_in, registers, sheet(f"{code},800,赵乙,,", f"{code},{row}"))

    assert found.code == "register_rows_wrong"
    assert "row 3" in str(found)
    assert said in str(found)
    assert not any(value in str(found) for value in ("赵", "call me", "1.99"))
    assert people(session) == []


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"", "file_empty"),
        (b"a,b\r\n", "register_columns_missing"),
        ("楼栋编码,房屋编号,姓名,姓名\r\nB,1,x,y\r\n".encode(), "columns_twice"),
        ("楼栋编码,房屋编号,姓名\r\nB,1\r\n".encode(), "row_ragged"),
        ("楼栋编码,房屋编号,姓名\r\nB,1,x,y\r\n".encode(), "row_ragged"),
        ("楼栋编码,房屋编号,姓名\r\nB,1,赵\0甲\r\n".encode(), "register_rows_wrong"),
        (b"\xff\xfa\x81 \x00", "encoding_unknown"),
        (b'building,unit,name\r\nB,1,"x"y"\r\n', "file_damaged"),
        (b"building,unit,name\r\n" + b"B,1,x\r\n" * 50_001, "table_too_large"),
    ],
)
def test_what_is_no_sound_table_is_refused(registers, octets, code):
    assert refused(bring_in, registers, octets) == code


@pytest.mark.parametrize(
    ("number", "code"),
    [("990101199001010018", None), ("99010119900101001X", "id_check"), ("9901011990", "id_malformed")],
)
def test_id_numbers_are_looked_at_and_never_kept(session, registers, made, number, code):
    octets = sheet(f"{made.building('W1').code},801,赵甲,{number}", head="楼栋编码,房屋编号,姓名,身份证号")
    sound = _with_check(number[:17]) if len(number) == 18 else number
    octets = octets.replace(number.encode(), sound.encode()) if code is None else octets
    if code is None:
        assert bring_in(registers, octets) == ["new-resident"]
        kept = session.execute(text("SELECT resident::text FROM resident WHERE name = '赵甲'")).scalar_one()
        assert sound not in kept
    else:
        assert number not in str(refusal(bring_in, registers, octets))


def _with_check(digits):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]


def test_gb18030_without_a_mark_is_understood_and_told(session, registers, made):
    octets = sheet(f"{made.building('W1').code},801,赵甲,,").decode().encode("gb18030")
    report, _ = register_import.bring_in(registers, DISTRICT, octets, "r.csv", LIMITS, TODAY)

    assert report.encoding == "gb18030"
    assert [row.name for row in people(session)] == ["赵甲"]


def test_wide_digits_are_made_narrow_and_told(session, registers, made):
    octets = sheet(f"{made.building('W1').code},801,赵甲,１９９０００００００１,")
    report, _ = register_import.bring_in(registers, DISTRICT, octets, "r.csv", LIMITS, TODAY)

    assert report.mended == [(2, "phone", "wide")]
    assert people(session)[0].phone == "19900000001"


def test_workbooks_are_read_and_their_rounded_numbers_refused(session, registers, made):
    head = ["楼栋编码", "房屋编号", "姓名", "联系电话", "入住日期", "身份证号"]
    code = made.building("W1").code
    sound = workbook([head, [code, 801, "赵甲", 19900000001, 46054, ""]])
    assert bring_in(registers, sound) == ["new-resident"]
    assert people(session)[0][1:4] == ("19900000001", "801", date(2026, 2, 1))

    spoilt = workbook([head, [code, 802, "赵乙", "", "", 9.90101199001010e17]])
    assert "precision" in str(refusal(bring_in, registers, spoilt))


def test_a_workbook_that_defines_entities_is_refused(registers):
    xml = '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/">]><sheetData><row><c><v>&e;</v></c></row></sheetData>'

    assert refused(bring_in, registers, workbook([], xml)) == "file_unsafe"


def test_names_that_look_like_formulas_are_kept_as_text(session, registers, made):
    code = made.building("W1").code
    bring_in(registers, sheet(f"{code},801,=1+甲,,", f"{code},802,@乙,,", f"{code},803,'-2丙,,"))
    octets, _ = exchange.export(registers, DISTRICT)

    assert [row.name for row in people(session)] == ["-2丙", "=1+甲", "@乙"]
    assert all(f",'{name}," in octets.decode() for name in ("=1+甲", "@乙", "-2丙"))


# --- The exchange file ------------------------------------------------------------------------------------


def wipe(session):
    for table in ("rental", "landlord", "stay", "resident", "household", "dwelling"):
        session.execute(text(f"DELETE FROM {table}"))  # noqa: S608
    session.expire_all()


def test_what_goes_out_comes_in_again_without_loss(session, registers, made):
    bring_in(
        registers,
        sheet(
            f"{made.building('W1').code},1,801,一,赵甲,是,晚上,2025-01-01,2025-06-01,14岁以下",
            f"{made.building('W1').code},1,801,二,赵甲,否,,2025-07-01,,",
            f"{made.building('E1').code},,701,,,,,,,",
            head="楼栋编码,单元,房屋编号,户号,姓名,本地户籍,方便走访时间,入住日期,搬离日期,年龄段",
        ),
    )
    before, rows = exchange.export(registers, DISTRICT)
    wipe(session)
    why = set(bring_in(registers, before, "exchange.csv"))
    after, again = exchange.export(registers, DISTRICT)

    assert rows == again == 15
    assert why == {"new-resident", "new-dwelling"}
    assert after == before


def test_an_exchange_file_of_what_is_there_changes_nothing(session, registers, made):
    before, _ = exchange.export(registers, DISTRICT)

    assert set(bring_in(registers, before)) == {"known"}
    assert exchange.export(registers, DISTRICT)[0] == before


def test_an_export_is_logged_with_whose_rows_it_holds(session, registers, made):
    exchange.export(registers, W)
    row = session.execute(
        text("SELECT about, purpose, households FROM audit WHERE act = 'registers.export'")
    ).one()

    assert row[:2] == (f"exchange {W}", "import")
    assert row.households == sorted(h.id for grid in ("W1", "W2", "W3") for h in made.households[grid])
