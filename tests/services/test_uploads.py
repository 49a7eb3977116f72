"""Uploads: kept in quarantine under names of our own, read into a report, imported or removed."""

import io
import json
import stat
from datetime import timedelta

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from app.errors import Refusal
from app.geo.readers.options import Limits
from app.models import Job, Person, Upload
from app.services import jobs, upload_report, uploads
from app.services.access import Actor, Grant
from tests.services.ground_in_database import DISTRICT, WEST_CODE, given_ground

WEST, NORTH, SIDE = 113.1, 36.2, 0.001


@pytest.fixture
def root(tmp_path):
    return tmp_path / "quarantine"


@pytest.fixture
def person(session):
    made = Person(account="manager", name="Manager")
    session.add(made)
    session.flush()
    return made


def houses(columns=4, households=30, broken=False, east=0.0):
    """Buildings in a row as GeoJSON; the second one is a bow-tie where it is broken.

    east: how many degrees from where places are.
    """
    features = []
    for number in range(columns):
        west, north = WEST + east + number * SIDE, NORTH
        ring = [(0, 0), (0.0004, 0), (0.0004, -0.0004), (0, -0.0004), (0, 0)]
        if broken and number == 1:
            ring = [ring[0], ring[2], ring[1], ring[3], ring[0]]
        outline = [[round(west + x, 8), round(north + y, 8)] for x, y in ring]
        features.append(
            {
                "type": "Feature",
                "properties": {"code": f"B{number}", "households": households, "name": f"{number}号楼"},
                "geometry": {"type": "Polygon", "coordinates": [outline]},
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def keep(root, *files, limits=None):
    return uploads.keep(root, [(name, io.BytesIO(content)) for name, content in files], limits)


def received(session, root, person, *files):
    return uploads.receive(session, person.id, keep(root, *files))


def acts(session):
    return session.execute(text("SELECT act, person_id, facts FROM audit ORDER BY id")).all()


def test_files_are_kept_under_names_of_our_own_in_a_closed_folder(root):
    kept = keep(root, ("../../楼栋.geojson", houses()), ("roads.geojson", b"{}"))

    folder = root / kept.folder
    assert stat.S_IMODE(root.stat().st_mode) == stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {file["stored"] for file in kept.files}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())
    assert [file["name"] for file in kept.files] == ["楼栋.geojson", "roads.geojson"]
    assert [file["role"] for file in kept.files] == ["buildings", "streets"]


def test_a_file_over_the_limit_is_refused_while_it_comes_and_leaves_nothing(root):
    class Endless(io.RawIOBase):
        sent = 0

        def read(self, size=-1):
            self.sent += size
            return b"x" * size

    endless = Endless()
    with pytest.raises(Refusal) as caught:
        uploads.keep(root, [("town.gpkg", endless)], Limits(file_mb=3))

    assert (caught.value.code, caught.value.facts["file"]) == ("file_too_large", "town.gpkg")
    assert endless.sent < 5e6
    assert list(root.iterdir()) == []


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ([], "upload_empty"),
        ([(f"{n}.geojson", b"{}") for n in range(11)], "upload_too_many_files"),
    ],
)
def test_too_few_and_too_many_files_are_refused(root, files, code):
    with pytest.raises(Refusal) as caught:
        keep(root, *files)

    assert caught.value.code == code
    assert list(root.iterdir()) == []


def test_what_was_sent_by_whom_is_written_down_with_its_hash(session, root, person):
    upload = received(session, root, person, ("楼栋.geojson", houses()))

    ((act, who, facts),) = acts(session)
    assert (act, who) == ("upload.received", person.id)
    assert facts["sha256"] == [upload.files[0]["sha256"]]
    assert len(facts["sha256"][0]) == 64


def test_an_upload_is_its_persons_own(session, root, person):
    upload = received(session, root, person, ("楼栋.geojson", houses()))

    assert uploads.find(session, upload.id, person.id) is upload
    with pytest.raises(Refusal) as caught:
        uploads.find(session, upload.id, person.id + 1)
    assert caught.value.code == "not_allowed"


def test_files_become_a_report_and_a_drawing_with_the_names_people_gave(session, root, person):
    upload = received(session, root, person, ("楼栋.geojson", houses(broken=True)))

    district = uploads.read(root, upload)
    report, drawing = upload_report.report(district), upload_report.drawing(district)

    assert report["layers"]["buildings"]["rows"] == 4
    assert report["households_by_source"] == {"imported": {"buildings": 4, "households": 120}}
    assert [(mend["what"], "B1" in str(mend["row"])) for mend in report["mended"]] == [("shape", True)]
    assert report["notes"][0]["facts"]["file"] == "楼栋.geojson"
    assert drawing["paths"]["outline"].startswith("M")
    assert drawing["paths"]["buildings"].count("M") >= 4
    assert json.loads(json.dumps(report)) == report


def test_areas_are_told_by_their_codes(session, root, person):
    west, north = WEST - 0.001, NORTH - 0.001
    area = shapely.geometry.mapping(shapely.box(west, north, west + 0.01, north + 0.01))
    codes = ["140499001", "140499001001", "140499001002", None, "10"]
    areas = [
        {"type": "Feature", "properties": {"code": code, "level": "10"}, "geometry": area} for code in codes
    ]
    admin = json.dumps({"type": "FeatureCollection", "features": areas}).encode()
    upload = received(session, root, person, ("楼栋.geojson", houses()), ("admin.geojson", admin))

    told = upload_report.report(uploads.read(root, upload))["areas_by_level"]

    assert told == {"subdistrict": 1, "community": 2, "uncoded": 2}


def test_the_report_finds_the_places_that_are_there_already(session, root, person):
    given_ground(session)
    upload = received(session, root, person, ("楼栋.geojson", houses(columns=2)))

    district = uploads.read(root, upload)
    found = upload_report.places_there(session, upload_report.hull(district))

    assert {row["code"] for row in found} >= {DISTRICT, WEST_CODE}
    assert all(0 <= row["share"] <= 1 for row in found)


def test_a_broken_file_is_refused_by_the_name_it_was_sent_under(session, root, person):
    upload = received(session, root, person, ("楼栋.geojson", b'{"type": "FeatureCollection", "feat'))

    with pytest.raises(Refusal) as caught:
        uploads.read(root, upload)

    assert caught.value.facts["file"] == "楼栋.geojson"


def test_no_refusal_tells_where_the_quarantine_is(session, root, person):
    upload = received(session, root, person, ("town.osm.pbf", b"\0\0\0\r\n\tOSMHeader" + b"\0" * 200))

    with pytest.raises(Refusal) as caught:
        uploads.read(root, upload)

    assert str(root) not in str(caught.value)
    assert caught.value.facts["file"] == "town.osm.pbf"


def test_files_that_changed_in_quarantine_are_not_read(session, root, person):
    upload = received(session, root, person, ("楼栋.geojson", houses()))
    (stored,) = (root / upload.folder).iterdir()
    stored.write_bytes(houses(households=31))

    with pytest.raises(Refusal) as caught:
        uploads.read(root, upload)

    assert caught.value.code == "upload_changed"


def test_what_a_file_holds_can_be_corrected(session, root, person):
    upload = received(session, root, person, ("a.geojson", houses()), ("b.geojson", houses()))
    guessed = [file["role"] for file in upload.files]
    uploads.choose(session, upload, {}, {"0": "", "1": "buildings"})

    assert guessed == ["buildings", None]
    assert [file["role"] for file in upload.files] == [None, "buildings"]
    with pytest.raises(Refusal) as caught:
        uploads.choose(session, upload, {}, {"0": "buildings"})
    assert caught.value.code == "upload_twice"


def test_without_buildings_nothing_is_read(session, root, person):
    upload = received(session, root, person, ("a.geojson", houses()))
    uploads.choose(session, upload, {}, {"0": "streets"})

    with pytest.raises(Refusal) as caught:
        uploads.read(root, upload)

    assert caught.value.code == "upload_without_buildings"


def test_discarding_removes_the_files_and_keeps_the_row(session, root, person):
    upload = received(session, root, person, ("楼栋.geojson", houses()))
    uploads.discard(session, root, upload, by=person.id)

    assert upload.state == "discarded"
    assert list(root.iterdir()) == []
    assert [act for act, *_ in acts(session)] == ["upload.received", "upload.discarded"]


def test_forgotten_uploads_are_removed_after_a_day_unless_at_work(session, root, person):
    fresh, old, busy = (received(session, root, person, ("楼栋.geojson", houses())) for _ in range(3))
    session.add(Job(kind="read_upload", upload_id=busy.id))
    for upload in (old, busy):
        upload.made_at -= timedelta(days=1, minutes=1)
    session.flush()

    removed = uploads.purge(session, root)

    assert removed == 1
    assert [upload.state for upload in (fresh, old, busy)] == ["received", "discarded", "received"]
    assert {path.name for path in root.iterdir()} == {fresh.folder, busy.folder}


def actor(person, *grants):
    return Actor(person.id, person.account, person.name, tuple(Grant(*grant) for grant in grants))


def ready(session, root, person):
    upload = received(session, root, person, ("楼栋.geojson", houses()))
    upload.state = "read"
    session.flush()
    return upload


@pytest.mark.parametrize(
    ("grants", "wish", "code"),
    [
        ([("manager", DISTRICT)], (DISTRICT, None, None), None),
        ([("manager", f"{DISTRICT}.{WEST_CODE}")], (DISTRICT, None, None), "not_in_scope"),
        ([("administrator", None)], (DISTRICT, None, None), "not_in_scope"),
        ([("manager", DISTRICT)], ("140498", None, None), "place_unknown"),
        ([("manager", DISTRICT)], ("140498", "New", None), "place_not_new"),
        ([("administrator", DISTRICT)], ("140498", "New", None), "place_not_new"),
        ([("administrator", None)], ("140498", "New", None), None),
        ([("manager", DISTRICT)], ("140499002", "New", None), None),
        ([("manager", DISTRICT)], ("140499002", "New", DISTRICT), None),
        ([("administrator", None)], (DISTRICT, "Again", None), "place_exists"),
    ],
)
def test_who_may_import_where(session, root, person, grants, wish, code):
    given_ground(session)
    upload = ready(session, root, person)

    if code is None:
        assert uploads.ask_import(session, upload.id, actor(person, *grants), *wish).state == "queued"
    else:
        with pytest.raises(Refusal) as caught:
            uploads.ask_import(session, upload.id, actor(person, *grants), *wish)
        assert caught.value.code == code


def test_an_import_queues_behind_what_else_is_done_for_the_district(session, root, person):
    given_ground(session)
    upload = ready(session, root, person)
    split, _ = jobs.ask(
        session, "split", asked_by=person.id, place=jobs.place_called(session, WEST_CODE), parameters={}
    )

    job = uploads.ask_import(session, upload.id, actor(person, ("manager", DISTRICT)), DISTRICT, None, None)

    locks = session.execute(
        text("SELECT DISTINCT lock FROM procrastinate.procrastinate_jobs WHERE id = ANY (:ids)"),
        {"ids": [split.queue_id, job.queue_id]},
    ).all()
    assert locks == [(f"place {DISTRICT}",)]


def test_only_what_was_read_is_imported(session, root, person):
    given_ground(session)
    upload = received(session, root, person, ("楼栋.geojson", houses()))

    with pytest.raises(Refusal) as caught:
        uploads.ask_import(session, upload.id, actor(person, ("manager", DISTRICT)), DISTRICT, None, None)

    assert caught.value.code == "upload_not_read"


def test_a_person_cannot_fill_the_quarantine(session, root, person):
    session.add_all(
        Upload(person_id=person.id, folder=f"folder-of-nothing-{number}", files=[])
        for number in range(uploads.MOST_OPEN)
    )
    session.flush()

    with pytest.raises(Refusal) as caught:
        received(session, root, person, ("楼栋.geojson", houses()))

    assert caught.value.code == "uploads_full"


def test_a_geopackage_under_a_random_name_is_read(session, root, person, tmp_path):
    frame = gpd.GeoDataFrame(
        {"code": ["1"], "households": [12]}, geometry=[shapely.box(113.1, 36.2, 113.1004, 36.2004)], crs=4326
    )
    frame.to_file(tmp_path / "town.gpkg", layer="buildings", driver="GPKG")

    upload = received(session, root, person, ("town.gpkg", (tmp_path / "town.gpkg").read_bytes()))

    assert upload.files[0]["role"] == "source"
    assert len(uploads.read(root, upload).buildings) == 1
