"""Hazards from files: what becomes of each row, what is written with those taken, and nothing by half."""

import csv
from datetime import datetime, timedelta
from io import StringIO

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from app.errors import Refusal
from app.geo.crs import wgs84_to_gcj02
from app.geo.readers.options import Limits
from app.models import Hazard, Place
from app.services import case_clocks, hazard_import
from app.services.hazard_import import Wanted
from app.words import words
from tests.services.cases import NOW, ZONE
from tests.services.mapped import DISTRICT, SIDE, SOUTH, WEST, W, given_map
from tests.services.mapped import stored as stored_shape

HEAD = "id,occurred_at,closed_at,kind,severity,detail,lon,lat"
LON, LAT = WEST + SIDE * 0.08, SOUTH + SIDE / 2  # in grid W1
AT = f"{LON:.6f},{LAT:.6f}"


@pytest.fixture
def made(session):
    return given_map(session)


def table(*rows, head=HEAD):
    return "\n".join([head, *rows]).encode()


def brought(session, octets, act=hazard_import.bring_in, place=DISTRICT, **wanted):
    asked = Wanted(place, **{"source": "points.csv", **wanted})
    return act(session, None, asked, octets, "points.csv", Limits(), NOW)


def outcomes(report):
    return [(line.row, line.why or line.outcome) for line in report.lines]


def stored(session):
    return list(session.query(Hazard).order_by(Hazard.source_id))


def test_a_row_is_a_case_of_its_grid_with_its_coordinator_and_day(session, made):
    report = brought(session, table(f"a1,2026-11-24T09:30:00,,gas,2,smells of gas,{AT}"))

    assert outcomes(report) == [(2, "taken")]
    (row,) = stored(session)
    grid = made.grids["W1"]
    assert (row.community_id, row.grid_code) == (grid.community_id, grid.code)
    assert row.coordinator_id == made.coordinator.id
    assert (row.origin, row.state, row.version, row.held) == ("import", "reported", 1, False)
    assert (row.source, row.source_id, row.description) == ("points.csv", "a1", "smells of gas")
    assert row.reported_at == datetime(2026, 11, 24, 9, 30, tzinfo=ZONE)
    clock = case_clocks.clock_of(session, W, "gas", 2, "ordinary", row.reported_at.date())
    one = Hazard(state="reported", mechanism="ordinary", state_since=row.reported_at)
    case_clocks.begin(one, clock, row.reported_at.astimezone(ZONE))
    assert (row.due_at, row.stage_due_at, row.amber_at) == (one.due_at, one.stage_due_at, one.amber_at)
    assert (row.limit_id, row.rule_pack_id) == (clock.limit_id, clock.rule_pack_id)
    step = session.execute(text("SELECT number, act, to_state, person_id, facts FROM step")).one()
    assert step == (1, "report", "reported", None, {"source": "points.csv", "source_id": "a1"})


def test_what_was_over_is_closed_and_has_no_clock(session, made):
    report = brought(session, table(f"a1,2026-11-02 10:00,2026-11-03 11:00,消防,,,{AT}"))

    (row,) = stored(session)
    assert (row.state, row.kind, row.severity) == ("closed", "fire", 1)
    assert row.closed_at == row.state_since == datetime(2026, 11, 3, 11, tzinfo=ZONE)
    assert (row.stage_due_at, row.amber_at) == (None, None)
    assert (report.closed, report.held) == (1, 0)
    assert session.scalar(text("SELECT to_state FROM step")) == "closed"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (f",2026-11-02,,gas,1,,{AT}", "no-id"),
        (f"a1,02.11.2026,,gas,1,,{AT}", "bad-date"),
        (f"a1,2026-02-30,,gas,1,,{AT}", "bad-date"),
        (f"a1,2026-11-02,soon,gas,1,,{AT}", "bad-date"),
        (f"a1,2026-12-02,,gas,1,,{AT}", "ahead"),
        (f"a1,2026-11-02 10:00,2026-11-02 09:59,gas,1,,{AT}", "closed-before"),
        (f"a1,2026-11-02,,gas,4,,{AT}", "bad-severity"),
        (f"a1,2026-11-02,,gas,1,{'x' * 2001},{AT}", "long-detail"),
        (f"a1,2026-11-02,,Animal-Abuse,1,,{AT}", "unknown-kind"),
        (f"a1,2026-11-02,,,1,,{AT}", "unknown-kind"),
        ("a1,2026-11-02,,gas,1,,,", "no-coordinates"),
        ("a1,2026-11-02,,gas,1,,0,0.0", "no-coordinates"),
        ("a1,2026-11-02,,gas,1,,east,north", "bad-coordinates"),
        ("a1,2026-11-02,,gas,1,,nan,36", "bad-coordinates"),
        ("a1,2026-11-02,,gas,1,,508211.5,4005123.1", "not-degrees"),
        (f"a1,2026-11-02,,gas,1,,{LAT},{LON}", "swapped"),
        ("a1,2026-11-02,,gas,1,,-73.99,40.73", "outside"),
        ("1E+15,2026-11-02,,gas,1,,113,36", "digits-lost"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_what_to_do(session, made, row, why):
    report = brought(session, table(row, f"b1,2026-11-02,,gas,1,,{AT}"))

    assert outcomes(report) == [(2, why), (3, "taken")]
    assert [one.source_id for one in stored(session)] == ["b1"]
    for language in ("en", "zh"):
        say = words(language)
        lines = list(csv.reader(StringIO(hazard_import.report_file(report, say).decode("utf-8-sig"))))
        assert lines[1][3:] == [say(f"hazard-row-{why}"), say(f"hazard-remedy-{why}")]
        assert all(not cell.startswith("hazard-") for line in lines for cell in line)


def test_coordinates_of_a_shifted_map_are_found_out_and_read_with_their_datum(session, made):
    corner = np.array([[WEST + SIDE - 0.0002, SOUTH + SIDE - 0.0002]])
    lon, lat = wgs84_to_gcj02(corner)[0]
    octets = table(f"a1,2026-11-02,,gas,1,,{lon:.9f},{lat:.9f}")

    assert outcomes(brought(session, octets)) == [(2, "shifted")]
    assert outcomes(brought(session, octets, datum="gcj02")) == [(2, "taken")]
    at = session.execute(text("SELECT ST_X(position), ST_Y(position) FROM hazard")).one()
    assert at == pytest.approx(tuple(corner[0]), abs=1e-7)


def test_where_nobody_shifts_maps_a_point_outside_is_outside(session):
    box = stored_shape(shapely.box(-74.0, 40.72, -73.98, 40.74))
    session.add(
        Place(level="district", code="990101", name="Village", path="990101", srid=32618, outline=box)
    )
    rows = ("a1,2025-03-14T01:20:00,,noise,1,,-73.978,40.742", "a2,2025-03-14,,noise,1,,-73.99,40.73")

    assert outcomes(brought(session, table(*rows), place="990101")) == [(2, "outside"), (3, "taken")]


def test_a_file_brought_in_again_changes_nothing_but_what_is_new(session, made):
    first = f"a1,2026-11-02,,gas,1,,{AT}"
    brought(session, table(first))
    report = brought(session, table(first, f"a2,2026-11-03,,gas,1,,{AT}", f"a2,2026-11-04,,gas,1,,{AT}"))

    assert outcomes(report) == [(2, "repeated"), (3, "taken"), (4, "id-twice")]
    assert report.counts == {"taken": 1, "repeated": 1, "refused": 1}
    assert [one.source_id for one in stored(session)] == ["a1", "a2"]
    assert outcomes(brought(session, table(first), source="another")) == [(2, "taken")]


def test_chinese_heads_and_gb18030_are_read(session, made):
    head = "编号,发生时间,结案时间,类别,等级,描述,经度,纬度"
    row = f"一号,2026年11月2日 8时05分,,电动车室内充电,较大,楼道里充电的电动车堵塞通道,{AT}"
    report = brought(session, table(row, head=head).decode().encode("gb18030"))

    assert report.encoding == "gb18030"
    (one,) = stored(session)
    assert (one.kind, one.severity, one.source_id) == ("e_bike", 2, "一号")
    assert one.reported_at == datetime(2026, 11, 2, 8, 5, tzinfo=ZONE)


def test_kinds_are_ours_by_what_they_are_said_to_be_or_all_of_one(session, made):
    rows = [f"a{n},2026-11-02,,{kind},1,,{AT}" for n, kind in enumerate(("Smoke", "GAS", "", "Odd"))]
    brought(session, table(*rows), kinds={"smoke": "noise"}, kind="other")

    assert [one.kind for one in stored(session)] == ["noise", "gas", "other", "other"]
    with pytest.raises(Refusal) as caught:
        brought(session, table(*rows), kinds={"smoke": "smoke"})
    assert (caught.value.code, caught.value.facts["kind"]) == ("hazard_kind_unknown", "smoke")


def test_words_that_name_somebody_are_held(session, made):
    report = brought(session, table(f"a1,2026-11-02,,gas,1,王先生家漏气，电话13800138000,{AT}"))

    assert (report.held, stored(session)[0].held) == (1, True)


def test_a_moment_before_there_were_limits_goes_by_the_first(session, made):
    brought(session, table(f"a1,2006-01-02 09:00,,gas,3,,{AT}"))

    (row,) = stored(session)
    assert row.limit_id is not None
    assert row.due_at == row.reported_at + timedelta(hours=26)  # grave: 1 + 1 + 24 by the clock on the wall


def test_looking_stores_nothing_but_that_somebody_looked(session, made):
    octets = table(f"a1,2026-11-02,,gas,1,,{AT}")
    assert outcomes(brought(session, octets, hazard_import.look)) == [(2, "taken")]

    assert stored(session) == []
    told = session.execute(text("SELECT act, about, facts FROM audit ORDER BY id DESC LIMIT 1")).one()
    assert (told.act, told.about) == ("hazards.import_looked", f"place {DISTRICT}")
    assert (told.facts["rows"], told.facts["taken"]) == (1, 1)


def test_a_file_without_its_columns_is_refused_whole(session, made):
    with pytest.raises(Refusal) as caught:
        brought(session, table(f"2026-11-02,{AT}", head="occurred_at,lon,lat"))
    assert (caught.value.code, caught.value.facts["columns"]) == ("hazard_columns_missing", "id")


def test_a_report_is_no_formula_to_a_spreadsheet(session, made):
    report = brought(session, table(f"=cmd(),2026-11-02,,odd,1,,{AT}"))

    lines = hazard_import.report_file(report, words("en")).decode("utf-8-sig")
    assert "'=cmd()" in lines
    assert "\r\n2,=" not in lines


def test_kinds_come_from_a_table_of_two_columns():
    octets = b"theirs,ours\nSmoke,noise\n,gas\n"
    assert hazard_import.kinds_in(octets, "kinds.csv", Limits()) == {"Smoke": "noise"}
    with pytest.raises(Refusal) as caught:
        hazard_import.kinds_in(b"theirs\nSmoke\n", "kinds.csv", Limits())
    assert caught.value.code == "hazard_kinds_two_columns"
