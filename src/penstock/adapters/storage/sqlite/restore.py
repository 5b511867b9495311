"""Putting a backup back: into a directory that is empty or not there, whole or not at all.

Everything is written to `DIR.partial` first. Only when each file is there, has the size and the hash that the manifest
says, and each database passes SQLite's own check, does the directory get its name, in one rename. What an archive may
hold is a short list of names; anything else in it, and any link, is refused before a byte of it is written.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BufferedReader
from pathlib import Path

import msgspec

from penstock.adapters.storage.data_dir import PEPPER_FILE, TELEMETRY, DataDir, DataDirUnusable
from penstock.adapters.storage.sqlite.backup import (
    FORMAT,
    MANIFEST,
    SETTINGS_FILE,
    BackedUpFile,
    Manifest,
    Progress,
    sync_directory,
)
from penstock.adapters.storage.sqlite.connection import connect, schema_version
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, SchemaTooNew, known_version
from penstock.adapters.storage.sqlite.segments import SEGMENT_VERSION, SegmentTooNew
from penstock.kit.errors import Kind, PenstockError

MAX_MANIFEST_BYTES = 16_777_216
CHUNK_BYTES = 1_048_576
GZIP_MAGIC = b"\x1f\x8b"

_REQUIRED = frozenset({CONTROL_FILE, PEPPER_FILE})
_KNOWN = _REQUIRED | {SETTINGS_FILE, MANIFEST}
_SEGMENT = re.compile(rf"{TELEMETRY}/\d{{4}}-\d\d-\d\d\.db", re.ASCII)


class BackupUnusable(PenstockError):
    """A backup cannot be restored: it is damaged, incomplete or newer than the program. Nothing was put in place."""

    kind, code = Kind.PRECONDITION, "storage.backup_unusable"
    message = "{path} cannot be restored: {reason}"


class RestoreRefused(PenstockError):
    """A backup cannot be restored to this place. Nothing was changed."""

    kind, code = Kind.CONFLICT, "storage.restore_refused"
    message = "{path} {reason}"


class _Format(msgspec.Struct):
    """The one field of a manifest that every format has."""

    format: int


def restore_backup(file: Path, directory: Path, progress: Progress = lambda name, size_bytes: None) -> Manifest:
    """Restore a backup to a directory.

    Raises:
        RestoreRefused: the directory holds something, or what a restore cut off has left stands beside it.
        BackupUnusable: the backup is damaged, incomplete or newer.
        SchemaTooNew, SegmentTooNew: a newer program wrote what is in it.
    """
    directory = directory.resolve()
    _check_place(directory)
    with file.open("rb") as content, _draft(directory) as draft:
        try:
            manifest = _fill(draft, content, file, progress)
            draft.rename(directory)
        except OSError as error:
            raise RestoreRefused(path=directory, reason=f"cannot be restored to: {error.strerror}") from error
    sync_directory(directory.parent)
    return manifest


def _fill(draft: Path, content: BufferedReader, file: Path, progress: Progress) -> Manifest:
    """Everything into the draft, checked and on disk."""
    try:
        packed = content.peek(2)[:2] == GZIP_MAGIC
        # The bar in the mode: read once, from front to end.
        with tarfile.open(fileobj=content, mode="r|gz" if packed else "r|") as archive:
            found = {entry.name: entry for entry in _unpack(archive, draft, file, progress)}
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BackupUnusable(path=file, reason=f"it is damaged, cut off or no backup ({error})") from error
    manifest = _manifest(draft / MANIFEST, file)
    _compare(manifest, found, file)
    _check_databases(draft, file)
    (draft / MANIFEST).unlink()
    for path in (draft / TELEMETRY, draft):
        sync_directory(path)
    return manifest


def _check_place(directory: Path) -> None:
    if directory.exists():
        if not directory.is_dir():
            raise RestoreRefused(path=directory, reason="is not a directory")
        if any(directory.iterdir()):
            raise RestoreRefused(path=directory, reason="is not empty: restore to a directory that is, or to a new one")
        # The draft gets its name by a rename, which cannot replace a mount point.
        if directory.is_mount():
            raise RestoreRefused(path=directory, reason="is a mount point: restore to a directory below it")


@contextmanager
def _draft(directory: Path) -> Iterator[Path]:
    """A directory beside the wanted one, gone again unless it was renamed."""
    draft = directory.with_name(f"{directory.name}.partial")
    directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        draft.mkdir(mode=0o700)
    except FileExistsError as error:
        reason = "is there, left by a restore that was cut off or still under way: remove it and try again"
        raise RestoreRefused(path=draft, reason=reason) from error
    try:
        (draft / TELEMETRY).mkdir(mode=0o700)
        yield draft
    finally:
        if draft.exists():
            shutil.rmtree(draft)


def _unpack(archive: tarfile.TarFile, draft: Path, file: Path, progress: Progress) -> Iterator[BackedUpFile]:
    """Write every file of the archive; what each is."""
    for entry in archive:
        name = entry.name
        if name not in _KNOWN and not _SEGMENT.fullmatch(name):
            raise BackupUnusable(path=file, reason=f"it holds {name[:100]!r}, which is no part of a backup")
        if entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or entry.sparse is not None:
            raise BackupUnusable(path=file, reason=f"{name} is not a plain file in it")
        if (draft / name).exists():
            raise BackupUnusable(path=file, reason=f"{name} stands twice in it")
        if name == MANIFEST and entry.size > MAX_MANIFEST_BYTES:
            raise BackupUnusable(path=file, reason="its manifest is too large")
        content = archive.extractfile(entry)
        assert content is not None
        sha256 = hashlib.sha256()
        with os.fdopen(os.open(draft / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as out:
            while part := content.read(CHUNK_BYTES):
                out.write(part)
                sha256.update(part)
                progress(name, len(part))
            out.flush()
            os.fsync(out.fileno())
        yield BackedUpFile(name=name, size=entry.size, sha256=sha256.hexdigest())


def _manifest(path: Path, file: Path) -> Manifest:
    try:
        text = path.read_bytes()
        written = msgspec.json.decode(text, type=_Format).format
        if written > FORMAT:
            reason = f"it has format {written}, this program knows {FORMAT}: use the newer program"
            raise BackupUnusable(path=file, reason=reason)
        return msgspec.json.decode(text, type=Manifest)
    except FileNotFoundError as error:
        raise BackupUnusable(path=file, reason="it has no manifest: it is cut off, or no backup") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BackupUnusable(path=file, reason=f"its manifest is damaged ({error})") from error


def _compare(manifest: Manifest, found: dict[str, BackedUpFile], file: Path) -> None:
    told = {entry.name: entry for entry in manifest.files}
    missing = sorted((told.keys() | _REQUIRED) - found.keys())
    if missing:
        raise BackupUnusable(path=file, reason=f"{missing[0]} is missing in it")
    for name, entry in found.items():
        if name == MANIFEST:
            continue
        if name not in told:
            raise BackupUnusable(path=file, reason=f"{name} is not in its manifest")
        if entry != told[name]:
            raise BackupUnusable(path=file, reason=f"{name} is damaged: its content is not what the manifest says")
    versions = manifest.schema_versions
    if versions.control > known_version():
        raise SchemaTooNew(path=CONTROL_FILE, found=versions.control, known=known_version())
    if versions.segment > SEGMENT_VERSION:
        raise SegmentTooNew(path=TELEMETRY, found=versions.segment, known=SEGMENT_VERSION)


def _check_databases(draft: Path, file: Path) -> None:
    try:
        DataDir(draft).pepper()
    except DataDirUnusable as error:
        raise BackupUnusable(path=file, reason=f"{PEPPER_FILE} in it is damaged") from error
    for path in [draft / CONTROL_FILE, *sorted((draft / TELEMETRY).glob("*.db"))]:
        name = path.relative_to(draft).as_posix()
        known = known_version() if path.name == CONTROL_FILE else SEGMENT_VERSION
        try:
            with closing(connect(path)) as connection:
                verdict = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
                version = schema_version(connection)
        except sqlite3.Error as error:
            verdict, version = str(error), known
        if verdict != "ok":
            raise BackupUnusable(path=file, reason=f"{name} is damaged ({verdict})")
        if version > known:
            too_new = SchemaTooNew if path.name == CONTROL_FILE else SegmentTooNew
            raise too_new(path=name, found=version, known=known)
