"""Zip files, looked at before anything in them is unpacked, and unpacked in memory only."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path
from typing import IO

from app.errors import Refusal, part
from app.geo.readers.options import Limits
from app.geo.readers.report import shown

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_ARCHIVES = (".zip", ".kmz", ".gz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".tgz")
_LITTER = (".ds_store", "thumbs.db", "desktop.ini")


def _name(member: zipfile.ZipInfo) -> str:
    """The name in lower case; without the UTF-8 mark it may be GBK, which `zipfile` takes for cp437."""
    name = member.filename
    if not member.flag_bits & 0x800 and not name.isascii():
        for encoding in ("utf-8", "gb18030"):
            try:
                return name.encode("cp437").decode(encoding).lower()
            except UnicodeError:
                continue
    return name.lower()


def _is_litter(name: str) -> bool:
    """What some systems put into every zip."""
    return name.startswith("__macosx/") or name.rpartition("/")[2].startswith("._") or name.endswith(_LITTER)


class Archive:
    """The members of a zip that passed every check; names are compared without case.

    Raises `file_damaged`, `file_unsafe`, `archive_too_large` or `archive_encrypted` for a zip that does not.
    """

    def __init__(self, path: Path | IO[bytes], file: str, limits: Limits) -> None:
        self.file, self.limits = file, limits
        try:
            self._zip = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
            what = part("parser_said", said=shown(error))
            raise Refusal("file_damaged", file=file, what=what) from None
        members = self._zip.infolist()
        if len(members) > limits.members:
            what = part("members", n=len(members))
            raise Refusal("archive_too_large", file=file, what=what, most=limits.members)
        for member in members:
            self._check(member)
        total = sum(member.file_size for member in members)
        if total > limits.unpacked_mb * 1e6:
            raise Refusal(
                "archive_too_large",
                file=file,
                what=f"{total / 1e6:,.0f} MB",
                most=f"{limits.unpacked_mb:g} MB",
            )
        files = [(_name(m), m) for m in members if not m.is_dir()]
        self.members = {name: m for name, m in files if not _is_litter(name)}
        if len({name for name, _ in files}) != len(files):
            raise Refusal("file_unsafe", file=file, what=part("same_name_members"))

    def _check(self, member: zipfile.ZipInfo) -> None:
        name, original = member.filename, member.orig_filename
        steps = original.replace("\\", "/").split("/")
        if ".." in steps or original.startswith(("/", "\\")) or ":" in original or "\0" in original:
            raise Refusal(
                "file_unsafe",
                file=self.file,
                what=part("member_outside", member=shown(original, 60)),
            )
        mode = member.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise Refusal("file_unsafe", file=self.file, what=part("member_link", member=shown(name, 60)))
        if member.flag_bits & _ENCRYPTED:
            raise Refusal("archive_encrypted", file=self.file)
        if name.lower().endswith(_ARCHIVES):
            raise Refusal("file_unsafe", file=self.file, what=part("member_archive", member=shown(name, 60)))
        if member.compress_type not in _METHODS:
            raise Refusal(
                "file_not_understood",
                file=self.file,
                what=part("member_packing", member=shown(name, 60)),
            )

    def named(self, ending: str) -> list[str]:
        """The members with this ending."""
        return sorted(name for name in self.members if name.endswith(ending))

    def read(self, name: str) -> bytes:
        """One member, in memory; its stated size and checksum must be true."""
        member = self.members[name]
        try:
            with self._zip.open(member) as opened:
                octets = opened.read(member.file_size + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            RuntimeError,
            NotImplementedError,
            OSError,
        ) as error:
            raise Refusal(
                "file_damaged",
                file=self.file,
                what=part("member_broken", member=shown(name, 60), said=shown(error)),
            ) from None
        if len(octets) != member.file_size:
            raise Refusal(
                "file_damaged", file=self.file, what=part("member_size_wrong", member=shown(name, 60))
            )
        return octets
