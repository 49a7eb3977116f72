"""Files sent in: kept in quarantine, read into a report, imported or discarded; the row of each stays.

The quarantine is a folder only we can enter. Nothing in it bears a name a client chose, nothing in it is
ever served, and what is neither imported nor discarded is removed after a day.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from app.errors import Refusal, part
from app.geo.readers.options import Limits, ReadOptions
from app.models import Job, Place, Upload
from app.services import audit
from app.services.access import ADMINISTRATORS, MANAGERS, Actor, require
from app.services.jobs import AT_WORK, ask, place_called

if TYPE_CHECKING:  # geopandas takes a second to import; most pages do without
    from app.geo.district import District
    from app.services.grid_layers import Drawn

SOURCE = "source"  # a file that holds several layers
GRIDS = "grids"  # a file of grids drawn elsewhere: it becomes a draft, not ground
ROLES = (
    *("buildings", "streets", "boundary", "water", "railways", "compounds", "admin", "green", "entrances"),
)
MOST_FILES = 1 + len(ROLES)
MOST_OPEN = 20  # uploads of one person that are neither imported nor discarded
PURGE_AFTER = timedelta(days=1)
CHUNK_BYTES = 1 << 20
NAME_CHARACTERS = 120
ENDINGS = (".geojson", ".json", ".zip", ".gpkg", ".kml", ".kmz", ".osm.pbf", ".pbf", ".osm")
ENDINGS_OF_SEVERAL = (".gpkg", ".pbf", ".osm")
FIELDS = ("households", "code", "name", "kind", "floors", "height", "highway")
DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")
DISK_FULL = (errno.ENOSPC, errno.EDQUOT)

# By what a file is called it is guessed what it holds; the person sees the guess and may correct it.
_HINTS = {
    "boundary": r"bound|outline|border|extent|边界|界线|范围",
    "admin": r"admin|communit|subdistrict|社区|街道办|行政",
    "compounds": r"compound|estate|大院|小区",
    "railways": r"rail|铁路",
    "water": r"water|river|lake|水系|河",
    "green": r"green|park|landuse|绿地|公园",
    "entrances": r"entrance|staircase|单元|门栋|入口",
    "buildings": r"build|house|footprint|楼|房|建筑",
    "streets": r"street|road|highway|道路|路网|街",
}
OPEN = ("received", "read", "refused")


@dataclass(frozen=True)
class Kept:
    """Files in the quarantine: the random name of their folder, and what is known of each."""

    folder: str
    files: list[dict[str, Any]]


def keep(root: Path, files: Iterable[tuple[str, IO[bytes]]], limits: Limits | None = None) -> Kept:
    """Put files into quarantine as they come in, measuring and hashing them.

    files: what each is called, and its bytes. root: the quarantine, made where it is missing.
    """
    limits = limits or Limits.for_uploads()
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = secrets.token_urlsafe(18)
    (root / folder).mkdir(mode=0o700)
    kept: list[dict[str, Any]] = []
    try:
        for name, stream in files:
            if len(kept) == MOST_FILES:
                raise Refusal("upload_too_many_files", files=f"{MOST_FILES + 1}", most=MOST_FILES)
            kept.append(_keep_one(root / folder, clean_name(name), stream, limits))
        if not kept:
            raise Refusal("upload_empty")
    except OSError as error:
        drop(root, folder)
        if error.errno in DISK_FULL:
            raise Refusal("uploads_full") from None
        raise
    except BaseException:
        drop(root, folder)
        raise
    return Kept(folder, _with_roles(kept))


def _keep_one(folder: Path, name: str, stream: IO[bytes], limits: Limits) -> dict[str, Any]:
    stored, digest, size = secrets.token_hex(8) + _ending(name), hashlib.sha256(), 0
    with os.fdopen(os.open(folder / stored, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        while chunk := stream.read(CHUNK_BYTES):
            size += len(chunk)
            if size > limits.file_mb * 1e6:
                raise Refusal(
                    "file_too_large",
                    file=name,
                    size_mb=part("over", n=limits.file_mb),
                    most_mb=limits.file_mb,
                )
            digest.update(chunk)
            out.write(chunk)
    return {"name": name, "stored": stored, "bytes": size, "sha256": digest.hexdigest()}


def _ending(name: str) -> str:
    """The one of the readers' endings that a name has: some of them go by it.

    >>> _ending("Town.OSM.PBF"), _ending("town.exe")
    ('.osm.pbf', '')
    """
    return next((ending for ending in ENDINGS if name.lower().endswith(ending)), "")


def clean_name(name: str) -> str:
    """What a file was called, fit to be shown: its last part, without characters that hide or turn text.

    >>> clean_name("../../etc/pass\\u202ewd.gpkg"), clean_name("C:\\\\maps\\\\town.zip"), clean_name("")
    ('passwd.gpkg', 'town.zip', 'file')
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(character for character in last if character.isprintable()).strip()
    return shown[-NAME_CHARACTERS:] or "file"


def role_of(name: str) -> str | None:
    """What a file holds, as its name suggests; None where it says nothing.

    >>> role_of("town.gpkg"), role_of("楼栋2026.zip"), role_of("roads.geojson"), role_of("a.kml")
    ('source', 'buildings', 'streets', None)
    """
    if name.lower().endswith(ENDINGS_OF_SEVERAL):
        return SOURCE
    return next((role for role, words in _HINTS.items() if re.search(words, name, re.IGNORECASE)), None)


def _with_roles(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each file with the role its name suggests, every role once; one that says nothing holds buildings."""
    taken: set[str] = set()
    for file in files:
        role = role_of(file["name"])
        file["role"] = role if role not in taken else None
        taken |= {file["role"]} - {None}
    for file in files:
        if file["role"] is None and "buildings" not in taken:
            file["role"] = "buildings"
            taken.add("buildings")
    return files


def as_layer(root: Path, kept: Kept) -> Kept:
    """One file of grids; refused with `layer_one_file`, and gone then, where several were sent."""
    if len(kept.files) != 1:
        drop(root, kept.folder)
        raise Refusal("layer_one_file", files=len(kept.files))
    return Kept(kept.folder, [{**kept.files[0], "role": GRIDS}])


def receive(session: Session, person_id: int, kept: Kept) -> Upload:
    """Write down what a person sent in."""
    open_ones = session.scalar(
        select(func.count()).where(Upload.person_id == person_id, Upload.state.in_(OPEN))
    )
    if (open_ones or 0) >= MOST_OPEN:
        raise Refusal("uploads_full")
    upload = Upload(person_id=person_id, folder=kept.folder, files=kept.files)
    session.add(upload)
    session.flush()
    session.refresh(upload)
    _record(session, upload, "upload.received")
    return upload


def find(session: Session, upload_id: int, person_id: int) -> Upload:
    """An upload of this person; nobody sees another's."""
    upload = session.get(Upload, upload_id)
    if upload is None:
        raise Refusal("not_found")
    if upload.person_id != person_id:
        raise Refusal("not_allowed")
    return upload


def open_ones(session: Session, person_id: int) -> list[Upload]:
    """What a person sent in and neither imported nor discarded, the latest first; no layers of grids."""
    found = select(Upload).where(Upload.person_id == person_id, Upload.state.in_(OPEN))
    ground = found.where(~Upload.files.contains([{"role": GRIDS}]))
    return list(session.scalars(ground.order_by(Upload.id.desc())))


def choose(session: Session, upload: Upload, options: Mapping[str, Any], roles: Mapping[str, str]) -> None:
    """How the files are to be read: options of the reader, and what each file holds.

    roles: number of a file (from 0, as text) -> role, or "" to leave it out.
    """
    if upload.state not in OPEN:
        raise Refusal("upload_gone")
    files = [dict(file) for file in upload.files]
    for number, role in roles.items():
        if number.isdecimal() and int(number) < len(files):
            files[int(number)]["role"] = role or None
    given = [file["role"] for file in files if file["role"]]
    for role in given:
        if given.count(role) > 1:
            raise Refusal("upload_twice", role=role)
    upload.files, upload.options = files, dict(options)
    upload.state, upload.report, upload.preview = "received", None, None
    session.flush()


def read(root: Path, upload: Upload) -> District:
    """Read the files in the readers' safe child, as the person chose."""
    from app.geo.readers import read_district

    paths, names = _files(root, upload)
    if not paths.keys() & {SOURCE, "buildings"}:
        raise Refusal("upload_without_buildings")
    where = {str(path): names[role] for role, path in paths.items()}
    source = paths.pop(SOURCE, None)
    options, limits = ReadOptions(**upload.options), Limits.for_uploads()
    try:
        return read_district(source, options=options, limits=limits, names=names, **paths)
    except Refusal as refusal:
        raise Refusal(refusal.code, **_without_paths(refusal.facts, where, root)) from None


def read_grids(root: Path, upload: Upload) -> Drawn:
    """Read a layer of grids in the readers' safe child, as the person chose."""
    from app.services.grid_layers import read_layer

    paths, names = _files(root, upload)
    path = paths[GRIDS]
    try:
        return read_layer(path, ReadOptions(**upload.options), Limits.for_uploads(), name=names[GRIDS])
    except Refusal as refusal:
        where = {str(path): names[GRIDS]}
        raise Refusal(refusal.code, **_without_paths(refusal.facts, where, root)) from None


def _files(root: Path, upload: Upload) -> tuple[dict[str, Path], dict[str, str]]:
    """Where each file lies and what it was called, by role; `upload_gone` and `upload_changed`."""
    paths: dict[str, Path] = {}
    names: dict[str, str] = {}
    for file in upload.files:
        if file["role"] is None:
            continue
        path = root / upload.folder / file["stored"]
        if not path.is_file():
            raise Refusal("upload_gone")
        if _digest(path) != file["sha256"]:
            raise Refusal("upload_changed")
        paths[file["role"]], names[file["role"]] = path, file["name"]
    return paths, names


def ask_layer(
    session: Session,
    person_id: int,
    code: str,
    kept: Kept,
    options: Mapping[str, Any],
    wanted: Mapping[str, Any],
) -> Job:
    """Ask for a file of grids to become a draft of the place with this code.

    options: of the reader. wanted: as the fields of `grid_layers.Wanted`. Refused with `place_unknown`.
    """
    place = place_called(session, code)
    upload = receive(session, person_id, kept)
    upload.options = dict(options)
    session.flush()
    job, _ = ask(
        session, "layer", asked_by=person_id, place=place, upload_id=upload.id, parameters=dict(wanted)
    )
    return job


def ask_import(
    session: Session,
    upload_id: int,
    actor: Actor,
    code: str,
    name: str | None,
    parent: str | None,
    attribution: str | None = None,
) -> Job:
    """Ask for what was read to be stored: as the place with this code, or as a new one with this name.

    A manager imports into the places of his role and makes new ones beneath them; a new place at the top
    is made by who administers the whole deployment.
    """
    upload = session.get(Upload, find(session, upload_id, actor.person_id).id, with_for_update=True)
    if upload is None or upload.state in ("imported", "discarded"):
        raise Refusal("upload_gone")
    if upload.state != "read":
        raise Refusal("upload_not_read")
    known = session.scalar(select(Place).where(Place.code == code))
    if name is None and known is None:
        raise Refusal("place_unknown", place=code)
    if name is not None and known is not None:
        raise Refusal("place_exists", place=code, name=known.name)
    within = known or (_place_above(session, code) if parent is None else place_called(session, parent))
    if within is not None:
        require(actor, MANAGERS, [within.path])
    elif not actor.covers(ADMINISTRATORS, None):
        raise Refusal("place_not_new")
    wish = {"code": code, "name": name, "parent": parent, "attribution": attribution}
    job, _ = ask(  # behind whatever else changes the ground there
        session,
        "import_upload",
        asked_by=actor.person_id,
        place=within,
        upload_id=upload_id,
        parameters=wish,
    )
    return job


def _place_above(session: Session, code: str) -> Place | None:
    """The smallest place whose code this one begins with."""
    above = select(Place).where(func.starts_with(code, Place.code))
    return session.scalars(above.order_by(func.length(Place.code).desc())).first()


def _without_paths(facts: Mapping[str, object], where: Mapping[str, str], root: Path) -> dict[str, object]:
    """Facts of a refusal that tell nothing of our folders: a parser may name the file it was given.

    >>> _without_paths({"what": "no end in /q/a/7.gpkg", "rows": 3}, {"/q/a/7.gpkg": "town.gpkg"}, Path("/q"))
    {'what': 'no end in town.gpkg', 'rows': 3}
    >>> _without_paths({"what": {"said": "no end in /q/a/7.gpkg"}}, {"/q/a/7.gpkg": "town.gpkg"}, Path("/q"))
    {'what': {'said': 'no end in town.gpkg'}}
    """
    told: dict[str, object] = {}
    for name, fact in facts.items():
        if isinstance(fact, str):
            for path, called in where.items():
                fact = fact.replace(path, called)
            if str(root) in fact:  # a path that was cut short
                fact = fact.split(str(root))[0].rstrip(" '\"“") + " …"
        told[name] = _without_paths(fact, where, root) if isinstance(fact, Mapping) else fact
    return told


def was_read(session: Session, upload: Upload, report: dict[str, Any], preview: dict[str, Any]) -> None:
    """Keep the report; nothing of what the files hold is stored yet."""
    upload.state, upload.report, upload.preview = "read", report, preview
    _record(session, upload, "upload.read", buildings=report["buildings"])


def was_refused(session: Session, upload: Upload, refusal: Refusal) -> None:
    """The files cannot be used as they are; they stay for another try with other options."""
    upload.state, upload.report, upload.preview = "refused", None, None
    _record(session, upload, "upload.refused", code=refusal.code)


def was_imported(session: Session, upload: Upload, place_code: str) -> None:
    """The files have done their work; the caller removes them when this is committed."""
    upload.state, upload.preview = "imported", None
    _record(session, upload, "upload.imported", place=place_code)


def discard(session: Session, root: Path, upload: Upload, *, by: int | None) -> None:
    """Remove the files. The row stays, with names and hashes: it says what was sent."""
    if upload.state in OPEN:
        upload.state, upload.report, upload.preview = "discarded", None, None
        _record(session, upload, "upload.discarded", by=by)
    drop(root, upload.folder)


def purge(session: Session, root: Path) -> int:
    """Discard what was forgotten for a day, and folders no upload knows. Returns how many uploads."""
    at_work = exists().where(Job.upload_id == Upload.id, Job.state.in_(AT_WORK))
    old = Upload.made_at < func.now() - PURGE_AFTER
    forgotten = session.scalars(select(Upload).where(Upload.state.in_(OPEN), old, ~at_work)).all()
    for upload in forgotten:
        discard(session, root, upload, by=None)
    known = set(session.scalars(select(Upload.folder).where(Upload.state.in_(OPEN))))
    if root.is_dir():
        now = session.scalar(select(func.extract("epoch", func.now())))
        for folder in root.iterdir():
            if folder.name not in known and float(now or 0) - folder.stat().st_mtime > 3600:
                drop(root, folder.name)
    return len(forgotten)


def drop(root: Path, folder: str) -> None:
    """Remove a folder of the quarantine; no matter if it is gone."""
    shutil.rmtree(root / folder, ignore_errors=True)


def described(upload: Upload, *, brief: bool = False) -> dict[str, Any]:
    """An upload as it goes over the wire: what was sent, how it was read, what came of it.

    brief: without report and drawing.
    """
    long = {} if brief else {"report": upload.report, "preview": upload.preview}
    return {
        "id": upload.id,
        "state": upload.state,
        "files": [
            {"name": file["name"], "bytes": file["bytes"], "role": file["role"]} for file in upload.files
        ],
        "options": upload.options,
        "made_at": upload.made_at.isoformat(),
        **long,
    }


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _record(session: Session, upload: Upload, act: str, **facts: Any) -> None:
    hashes = [file["sha256"] for file in upload.files]
    audit.record(session, upload.person_id, act, f"upload {upload.id}", {"sha256": hashes, **facts})
