"""A case as a person's browser would send it: to the application as it runs in production, on a throw-away
database, signed in as the manager of an invented district that is the corpus' fixture."""

from __future__ import annotations

import csv
import gzip
import hashlib
import http.client
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

import psutil
import shapely
from geoalchemy2.shape import from_shape
from sqlalchemy import text

from app.cluster import Cluster, ensure, remove
from app.config import Hashing, cluster_logins
from app.db import open_engine, transaction, upgrade
from app.geo.crs import local_crs
from app.models import Place
from app.services import accounts, exchange, register_import
from app.services.passwords import passwords
from tests.badinputs.corpus import (
    DISK_MB,
    EXTENT,
    INSIDE,
    RESIDENTS,
    ROOT,
    Outcome,
    escaped,
    is_hidden,
    looks_garbled,
    told_of_residents,
)

COMMAND = Path(sys.executable).parent / "gridkeeper"
CODE = "990100"  # of the fixture's district: a region that is assigned to no place
ACCOUNT, PASSWORD = "keeper", secrets.token_urlsafe(24)
WIDE = 0.06  # degrees about the fixture: the 5 km a building may lie outside
ANSWER_SECONDS, JOB_SECONDS = 10, 40
SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "Fixture"},
            "geometry": json.loads(shapely.to_geojson(shapely.box(*EXTENT))),
        }
    ],
}
# What an upload or a request writes beside what the application is for.
ASIDE = ("audit", "upload", "job", "sign_in", "sign_in_attempt", "spatial_ref_sys", "alembic_version")
GROUND = (
    "building",
    "compound",
    "street",
    "water",
    "railway",
    "green",
    "tessellation",
    "plot",
    "tile",
    "entrance",
)
CHECKSUM = """
    SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) FROM "{table}" AS t
"""
CRASHES = ("internal", "job_stopped", "job_given_up", "reader_stopped")
AT_WORK = ("queued", "running")


class Site:
    """The application, its worker, its database, and somebody signed in."""

    def __enter__(self) -> Site:
        self.folder = Path(tempfile.mkdtemp(prefix="gkb", dir="/tmp"))  # short, for the socket
        self.cluster = Cluster(self.folder / "pg", throwaway=True)
        self.folder.chmod(0o711)
        self.uploads, self.temporary = self.folder / "uploads", self.folder / "1/2/3/tmp"
        self.temporary.mkdir(parents=True)
        ensure(self.cluster)
        ways = cluster_logins(self.cluster)
        upgrade(ways.owner)
        self.engine = open_engine(ways.app)
        self.root = open_engine(
            type(ways.owner)(ways.owner.url.set(username="postgres")), statement_seconds=0
        )
        self._make_fixture()
        self._start(ways)
        self._sign_in()
        self.peak = Peak(self.process.pid, self.temporary)
        self.usual_mb = self.usual_seconds = 0.0
        self.processes = self._processes()
        return self

    def last_words(self) -> str:
        """The end of its log, where something broke."""
        lines = self.log.read_text(errors="replace").splitlines()[-60:]
        ours = [
            line.strip() for line in lines if f'File "{ROOT}/app' in line or re.match(r"[\w.]+Error", line)
        ]
        return " / ".join(ours[-6:])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.peak.stop()
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        self.process.kill()
        self.engine.dispose()
        self.root.dispose()
        remove(self.cluster)
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- making it ---

    def _make_fixture(self) -> None:
        west, south, east, north = EXTENT
        outline = from_shape(shapely.multipolygons([shapely.box(*EXTENT)]), srid=4326)
        srid = local_crs((west + east) / 2, (south + north) / 2).to_epsg()
        with transaction(self.engine) as session:
            session.add(
                Place(
                    level="district",
                    code=CODE,
                    name="Fixture",
                    name_pinyin="fixture",
                    path=CODE,
                    srid=srid,
                    outline=outline,
                )
            )
            session.flush()
            accounts.add_person(
                session,
                None,
                ACCOUNT,
                "Keeper",
                hashing=passwords(Hashing()),
                now=datetime.now(UTC),
                role="manager",
                place=CODE,
                password=PASSWORD,
            )

    def _start(self, ways: Any) -> None:
        def address(login: Any) -> str:
            return str(login.url.set(drivername="postgresql").render_as_string(hide_password=False))

        self.log = self.folder / "log"
        environment = {
            **os.environ,
            "DATABASE_URL": address(ways.owner),
            "DATABASE_APP_URL": address(ways.app),
            "DATABASE_PUBLIC_URL": address(ways.public),
            "GRIDKEEPER_CLUSTER": str(self.folder),
            "GRIDKEEPER_UPLOADS": str(self.uploads),
            "GRIDKEEPER_SECRET_KEY": secrets.token_hex(32),
            "TMPDIR": str(self.temporary),
        }
        with self.log.open("wb") as output:
            command = [str(COMMAND), "serve", "--port", "0"]
            self.process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
        deadline = time.monotonic() + 60
        while not (found := re.search(r"http://127.0.0.1:(\d+) ", self.log.read_text())):
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError(f"the application did not start: {self.log.read_text()[-500:]}")
            time.sleep(0.1)
        self.port = int(found[1])

    def _sign_in(self) -> None:
        self.cookie, self.token = "", ""
        self.ask("GET", "/sign-in")
        form = urlencode({"account": ACCOUNT, "password": PASSWORD, "csrf_token": self.token})
        status, _ = self.ask(
            "POST", "/sign-in", form.encode(), {"Content-Type": "application/x-www-form-urlencoded"}
        )
        if status != http.HTTPStatus.FOUND:
            raise RuntimeError(f"signing in was answered by {status}")
        self.ask("GET", "/me")

    # --- using it ---

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """Status and body; a dropped connection raises. Cookie and token are kept as a browser would."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        sent = {"Cookie": self.cookie, "X-CSRFToken": self.token, "Accept-Language": "en", **(headers or {})}
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may answer before it has read all
                connection.request(method, path, body, sent)
            answer = connection.getresponse()
            said = answer.read().decode("utf-8", "replace")
        finally:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookie = line.split(";")[0]
        if found := re.search(r'name="csrf-token" content="([^"]+)"', said):
            self.token = found[1]
        is_json = "json" in (answer.headers["Content-Type"] or "")
        return answer.status, json.loads(said) if is_json and said else said

    def ask_json(self, method: str, path: str, document: Any = None) -> tuple[int, Any]:
        body = None if document is None else json.dumps(document).encode()
        return self.ask(method, path, body, {"Content-Type": "application/json"})

    def send(
        self, files: list[tuple[str, bytes]], path: str = "/api/uploads", field: str = "files"
    ) -> tuple[int, Any]:
        """Upload files as a browser's form does."""
        border = secrets.token_hex(16)
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
            f"Content-Type: application/octet-stream\r\n\r\n".encode()
            + octets
            + b"\r\n"
            for name, octets in files
        ]
        body = b"".join([*parts, f"--{border}--\r\n".encode()])
        return self.ask("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={border}"})

    def wait(self, job_id: int) -> tuple[dict[str, Any], float]:
        """A job when it is over, and the seconds it took from when it was asked for."""
        start = time.monotonic()
        while time.monotonic() < start + JOB_SECONDS:
            status, job = self.ask("GET", f"/api/jobs/{job_id}")
            if status != http.HTTPStatus.OK:
                raise RuntimeError(f"asking for the job was answered by {status}")
            if job["state"] not in AT_WORK:
                return job, time.monotonic() - start
            time.sleep(0.1)
        raise RuntimeError(f"the job was not over after {JOB_SECONDS} s")

    # --- looking at it ---

    def _processes(self) -> tuple[str, ...]:
        """The server's, its workers' and the database's process ids; jobs and readers come and go."""
        lasting = []
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.Error):
                lasting += [child] if "app.serving" in child.cmdline() else []
        with self.root.connect() as connection:
            begun = connection.execute(text("SELECT pg_postmaster_start_time()::text")).scalar_one()
        log = self.cluster.log.read_text(errors="replace")
        crashes = log.count("was terminated by signal") + log.count("all server processes terminated")
        return (*sorted(str(child.pid) for child in lasting), begun, str(crashes))

    def health(self) -> list[str]:
        """What is not as it was when all began."""
        faults = []
        with suppress(OSError):
            if self.ask("GET", "/health")[0] == http.HTTPStatus.OK:
                faults = [] if self._processes() == self.processes else ["a process was lost"]
                self.processes = self._processes()
                return faults
        return ["no health"]

    def tables(self) -> dict[str, str]:
        """Every table of the domain: how many rows, and a checksum of them."""
        with self.root.connect() as connection:
            names = connection.scalars(
                text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            ).all()
            return {
                name: str(connection.scalar(text(CHECKSUM.format(table=name))))
                for name in names
                if name not in ASIDE
            }

    def audited(self, upload_id: int) -> list[tuple[str, int | None, dict[str, Any]]]:
        """What the audit says of an upload: act, who, facts."""
        question = text("SELECT act, person_id, facts FROM audit WHERE about = :about ORDER BY id")
        with self.root.connect() as connection:
            return [tuple(row) for row in connection.execute(question, {"about": f"upload {upload_id}"})]

    def buildings(self) -> list[dict[str, Any]]:
        """What stands in the database, with what the rules ask of it."""
        question = text(
            """
            SELECT code, name, households, ST_IsValid(geometry) AS valid, ST_SRID(geometry) AS srid,
                ST_NDims(geometry) AS dimensions, ST_IsEmpty(geometry) AS empty, ST_AsBinary(geometry) AS wkb
            FROM building WHERE retired_at IS NULL
            """
        )
        with self.root.connect() as connection:
            return [dict(row) for row in connection.execute(question).mappings()]

    def stand_buildings(self) -> None:
        """The buildings of control C01, where none stands."""
        west, south, *_ = EXTENT
        with self.root.begin() as connection:
            if connection.scalar(text("SELECT count(*) FROM building")):
                return
            for number in range(3):
                connection.execute(
                    text("""
                        INSERT INTO building
                            (place_id, code, households, households_source, geometry, position)
                        SELECT place.id, :code, 12, 'register', ST_Multi(footprint), ST_Centroid(footprint)
                        FROM place, ST_MakeEnvelope(:w, :s, :w + 0.0002, :s + 0.0002, 4326) AS footprint
                        WHERE place.code = :place
                    """),
                    {
                        "code": f"B{100 + number}",
                        "w": west + 0.004 * (number + 1),
                        "s": south + 0.004,
                        "place": CODE,
                    },
                )

    def residents(self) -> list[str]:
        """The names in the registers."""
        with self.root.connect() as connection:
            return list(connection.scalars(text("SELECT name FROM resident ORDER BY id")))

    def exchanged(self) -> list[str]:
        """Every cell of the exchange file of the fixture."""
        with transaction(self.engine) as session:
            octets, _ = exchange.export(register_import.open_place(session, CODE, "exchange"), CODE)
        return [cell for line in csv.reader(StringIO(octets.decode("utf-8-sig"))) for cell in line]

    def audited_imports(self, octets: bytes) -> list[tuple[str, int | None]]:
        """Acts and persons that the audit has for a file of registers, by its hash."""
        question = text("""
            SELECT act, person_id FROM audit
            WHERE act LIKE 'registers.import%' AND facts ->> 'sha256' = :hash ORDER BY id
        """)
        with self.root.connect() as connection:
            found = connection.execute(question, {"hash": hashlib.sha256(octets).hexdigest()})
            return [tuple(row) for row in found]

    def begin_anew(self) -> None:
        """Nothing but the fixture."""
        west, south, east, north = EXTENT
        with self.root.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            connection.execute(text(f"TRUNCATE {', '.join(GROUND)} CASCADE"))
            connection.execute(text("DELETE FROM place WHERE code <> :code"), {"code": CODE})
            connection.execute(
                text("UPDATE place SET outline = ST_Multi(ST_MakeEnvelope(:w, :s, :e, :n, 4326))"),
                {"w": west, "s": south, "e": east, "n": north},
            )


class Peak:
    """The most memory of any one process beneath another, and the most its temporary folder held."""

    def __init__(self, pid: int, folder: Path) -> None:
        self._pid, self._folder = pid, folder
        self._over = threading.Event()
        self.begin()
        threading.Thread(target=self._watch, daemon=True).start()

    def begin(self) -> None:
        """Measure anew."""
        self.memory_mb = self.disk_mb = 0.0

    def stop(self) -> None:
        self._over.set()

    def _watch(self) -> None:
        while not self._over.wait(0.04):
            with suppress(psutil.Error, OSError):
                for child in psutil.Process(self._pid).children(recursive=True):
                    with suppress(psutil.Error):
                        self.memory_mb = max(self.memory_mb, child.memory_info().rss / 1e6)
                held = sum(f.stat().st_size for f in self._folder.rglob("*") if f.is_file())
                self.disk_mb = max(self.disk_mb, held / 1e6)


# --- One case --------------------------------------------------------------------------------------------


def try_case(case: dict[str, Any], files: Path, site: Site) -> Outcome | None:
    """Send a case and judge what no way but this one shows. None: nothing to try it on."""
    is_file = case["kind"] == "file"
    tried = FILES.get(case["target"]) if is_file else STAND_INS.get(case["id"])
    if tried is None:
        return None
    if case["target"] == RESIDENTS:
        site.stand_buildings()
    outside, before = escaped(), site.tables()
    site.peak.begin()
    outcome = Outcome()
    try:
        tried(case, files, site, outcome)
    except (OSError, http.client.HTTPException, RuntimeError) as error:
        outcome.crashed = f"{type(error).__name__}: {error}"
    if outcome.crashed or outcome.code in CRASHES:
        outcome.note += f" | log: {site.last_words()}"
    if not outcome.accepted and site.tables() != before:
        outcome.problems.append("tables changed by a refusal")
    outcome.problems += site.health()
    if not site.usual_mb and outcome.accepted:
        # A control comes first: what an ordinary import takes here and now, for jobs start processes.
        site.usual_mb, site.usual_seconds = site.peak.memory_mb, outcome.seconds
    outcome.grown_mb = site.peak.memory_mb - site.usual_mb if site.usual_mb else 0
    outcome.seconds = max(0.0, outcome.seconds - site.usual_seconds)
    if site.peak.disk_mb > DISK_MB:
        outcome.problems.append(f"{site.peak.disk_mb:.0f} MB of temporary files")
    outcome.note += f" [+{outcome.grown_mb:.0f} MB beside an ordinary import]" if site.usual_mb else ""
    outcome.left = sorted({*files_left(site), *(escaped() - outside)})
    if outcome.accepted:
        site.begin_anew()
    return outcome


def files_left(site: Site) -> set[str]:
    """Files left in or beside the server's temporary folder, and in the quarantine of uploads."""
    roots = (site.folder / "1", site.uploads)
    return {
        str(path.relative_to(site.folder)) for root in roots for path in root.rglob("*") if path.is_file()
    }


def upload(case: dict[str, Any], files: Path, site: Site, outcome: Outcome) -> None:
    """Send a file beside the fixture's boundary, read it as it comes and strictly, import what may be."""
    octets = (files / case["file"]).read_bytes()
    boundary = json.dumps(SQUARE).encode()
    status, said = site.send([("boundary.geojson", boundary), (case["upload_name"], octets)])
    if status != http.HTTPStatus.ACCEPTED:
        refused(outcome, status, said)
        return
    upload_id, lenient = said["upload"]["id"], said["job"]["id"]
    job, outcome.seconds = site.wait(lenient)
    job_is_sound(outcome, job)
    at = f"/api/uploads/{upload_id}"
    try:
        status, said = site.ask_json("POST", f"{at}/readings", {"options": {"strict": True}})
        if status != http.HTTPStatus.ACCEPTED:
            refused(outcome, status, said)
            return
        job, seconds = site.wait(said["job"]["id"])
        outcome.seconds = max(outcome.seconds, seconds)
        job_is_sound(outcome, job)
        if job["state"] == "done":
            _, shown = site.ask("GET", at)
            outcome.report = shown["report"]
            status, said = site.ask_json("POST", f"{at}/import", {"code": CODE})
            if status != http.HTTPStatus.ACCEPTED:
                refused(outcome, status, said)
                return
            job, _ = site.wait(said["job"]["id"])
            job_is_sound(outcome, job)
        outcome.accepted = job["state"] == "done"
        if outcome.accepted:
            outcome.problems += stored_problems(case, octets, site.buildings())
    finally:
        status, _ = site.ask("DELETE", at)
        if status != http.HTTPStatus.NO_CONTENT and not outcome.accepted:
            outcome.problems.append(f"discarding was answered by {status}")
    outcome.problems += audit_problems(case, site.audited(upload_id), outcome.accepted)


def bring_in(case: dict[str, Any], files: Path, site: Site, outcome: Outcome) -> None:
    """Send a table of residents, to be entered at once."""
    octets = (files / case["file"]).read_bytes()
    path = f"/api/places/{CODE}/register-imports?enter=true"
    before, start = len(site.audited_imports(octets)), time.monotonic()
    status, said = site.send([(case["upload_name"], octets)], path, "file")
    outcome.seconds = time.monotonic() - start
    outcome.accepted = status == http.HTTPStatus.OK
    if outcome.accepted:
        whys = [cell["why"] for cell in said["mended"]]
        outcome.report = told_of_residents(len(said["lines"]), said["encoding"], whys, said["left_over"])
        outcome.problems += resident_problems(case, octets, site, said)
    else:
        refused(outcome, status, said)
    written = site.audited_imports(octets)[before:]
    expected = "registers.imported" if outcome.accepted else "registers.import_refused"
    if [act for act, _ in written] != [expected] or any(person is None for _, person in written):
        outcome.problems.append(f"the audit tells another outcome: {written}")


def resident_problems(case: dict[str, Any], octets: bytes, site: Site, said: dict[str, Any]) -> list[str]:
    """Every rule stored residents must satisfy; what goes out again is no formula anywhere."""
    names = site.residents()
    checks = {
        "no rows": bool(names),
        "not every row has its line": len(said["lines"]) == len(names),
        "controls in text": not any(is_hidden(c) for name in names for c in name),
        "mojibake": not any("\ufffd" in name or looks_garbled(name) for name in names),
        "a formula in the exchange file": not any(
            cell[:1] in "=+-@\t\r" for cell in site.exchanged() if cell
        ),
    }
    if case["outcome"] == "accept" and case["file"].endswith(".csv"):
        sent = [line["name"] for line in csv.DictReader(StringIO(octets.decode()))]
        checks["not stored in full, word for word"] = sent == names
    return [what for what, sound in checks.items() if not sound]


def refused(outcome: Outcome, status: int, said: Any) -> None:
    """A refusal on the wire must be a problem document that tells nothing of the inside."""
    outcome.code, outcome.message = said.get("code", ""), said.get("detail", "")
    if not 400 <= status < 500:
        outcome.problems.append(f"answered by {status}")
    document_is_sound(outcome, said)


def job_is_sound(outcome: Outcome, job: dict[str, Any]) -> None:
    """A job that failed must say why in the same way."""
    if job["state"] != "failed":
        return
    outcome.code, outcome.message = job["refusal"]["code"], job["refusal"]["detail"]
    document_is_sound(outcome, job["refusal"])


def document_is_sound(outcome: Outcome, said: dict[str, Any]) -> None:
    """Code, a sentence, a pointer to what is meant; no trace, path or statement anywhere in it."""
    whole = json.dumps(said, ensure_ascii=False)
    if not said.get("code") or len(said.get("detail", "")) < 20:
        outcome.problems.append("no code or no sentence")
    if said.get("code") in CRASHES:
        outcome.problems.append(f"a crash, by its code {said['code']}")
    if "{" in said.get("detail", "") or said.get("detail", "").endswith("…"):
        outcome.problems.append("the sentence has a hole")
    if not said.get("facts") and not said.get("pointer"):
        outcome.problems.append("nothing points to what is meant")
    if any(word in whole for word in (*INSIDE, "/uploads/", "psycopg", "sqlalchemy")):
        outcome.problems.append("the answer shows the inside")


def audit_problems(case: dict[str, Any], written: list[Any], accepted: bool) -> list[str]:
    """Who, when, which file by its hash, and the outcome."""
    acts = [act for act, _, _ in written]
    received = next((facts for act, _, facts in written if act == "upload.received"), {})
    problems = []
    if "sha256" not in json.dumps(received) or any(person is None for _, person, _ in written):
        problems.append("the audit lacks the file's hash or the person")
    if acts.count("upload.imported") != int(accepted) or (not accepted and "upload.discarded" not in acts):
        problems.append(f"the audit tells another outcome: {acts}")
    return problems


def stored_problems(case: dict[str, Any], octets: bytes, rows: list[dict[str, Any]]) -> list[str]:
    """Every rule stored buildings must satisfy; a control is there in full."""
    names = [name for row in rows for name in (row["name"], row["code"]) if name]
    geometry = shapely.from_wkb([bytes(row["wkb"]) for row in rows])
    bounds = shapely.total_bounds(geometry)
    checks = {
        "no rows": bool(rows),
        "invalid geometry": all(row["valid"] and not row["empty"] for row in rows),
        "not two-dimensional": all(row["dimensions"] == 2 for row in rows),
        "wrong CRS": all(row["srid"] == 4326 for row in rows),
        "outside": bool(rows) and shapely.box(*EXTENT).buffer(WIDE).contains(shapely.box(*bounds)),
        "households": all(0 <= row["households"] <= 10_000 for row in rows),
        "codes not unique": len({row["code"] for row in rows}) == len(rows),
        "controls in text": not any(is_hidden(c) for name in names for c in name),
        "mojibake": not any("\ufffd" in name or looks_garbled(name) for name in names),
        "local file read": not any("root:" in name or "/bin/" in name for name in names),
    }
    if case["outcome"].startswith("accept") and case["file"].endswith(".geojson"):
        sent = {f["properties"]["name"] for f in json.loads(octets)["features"]}
        checks["not stored in full, word for word"] = sent == {row["name"] for row in rows}
    return [what for what, sound in checks.items() if not sound]


# --- Requests whose own targets do not exist yet, at one where what they attack is the same ----------------

SPLITS = f"/api/places/{CODE}/splits"


def body(case: dict[str, Any], _: Path, site: Site, outcome: Outcome) -> None:
    """A hostile JSON body, sent to where a division is asked for."""
    request = case["request"]
    headers = {"Content-Type": "application/json", **request.get("headers", {})}
    if "body_repeat" in request:
        parts = request["body_repeat"]
        octets = "".join(text * count for text, count in zip(parts[::2], parts[1::2], strict=True)).encode()
    elif "body_gzip_spaces" in request:
        octets = gzip.compress(b" " * request["body_gzip_spaces"])
    else:
        octets = request["body"].encode()
    start = time.monotonic()
    status, said = site.ask("POST", SPLITS, octets, headers)
    outcome.seconds = time.monotonic() - start
    refused(outcome, status, said)
    outcome.note = " (at the request for a division)"


def long_search(_: dict[str, Any], __: Path, site: Site, outcome: Outcome) -> None:
    """An address of 10,000 characters, looked for on the map."""
    status, said = site.ask("GET", f"/api/places/{CODE}/search?" + urlencode({"q": "x" * 10_000}))
    refused(outcome, status, said if isinstance(said, dict) else {})
    outcome.problems = [fault for fault in outcome.problems if not said or isinstance(said, dict)]
    outcome.note = " (at the search on the map)"


FILES = {"import.buildings": upload, RESIDENTS: bring_in}
STAND_INS = {
    **dict.fromkeys(("A082", "A092", "A093", "A094", "A095"), body),
    "A097": long_search,
}
