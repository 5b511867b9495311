"""Restores a backup into an empty or new directory, completely or not at all.

Everything is written to `DIR.partial` first. Only when each file exists and has the size and the hash in the manifest, and each
database passes SQLite's own check, is the directory renamed. An archive can contain only a short list of names; any other name,
and any link, is rejected before a byte of it is written.
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
from penstock.adapters.storage.sqlite.connection import connect, schema_version, statements
from penstock.adapters.storage.sqlite.encrypted import needed_keys
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, SchemaTooNew, known_version, schema_name
from penstock.adapters.storage.sqlite.segments import SEGMENT_VERSION, SegmentTooNew
from penstock.adapters.storage.vault_archive import KeysUnusable, archive_next_to, lacking, read_archive, unpack_archive
from penstock.kit.errors import Kind, PenstockError

VAULT_SINCE = "0051"
"""The migration that added the vault."""
MAX_MANIFEST_BYTES = 16_777_216
CHUNK_BYTES = 1_048_576
GZIP_MAGIC = b"\x1f\x8b"

_REQUIRED = frozenset({CONTROL_FILE, PEPPER_FILE})
_KNOWN = _REQUIRED | {SETTINGS_FILE, MANIFEST}
_SEGMENT = re.compile(rf"{TELEMETRY}/\d{{4}}-\d\d-\d\d(\.\d+)?\.db", re.ASCII)


class BackupUnusable(PenstockError):
    """The backup cannot be restored: it is damaged, incomplete or newer than the program. Nothing was changed."""

    kind, code = Kind.PRECONDITION, "storage.backup_unusable"
    message = "{path} cannot be restored: {reason}"


class RestoreRefused(PenstockError):
    """The backup cannot be restored to this location. Nothing was changed."""

    kind, code = Kind.CONFLICT, "storage.restore_refused"
    message = "{path} {reason}"


class _Format(msgspec.Struct):
    """The one field of a manifest that every format has."""

    format: int


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """Where the vault's keys are: in this file, or next to the backup. `left_out`: restore without them."""

    file: Path | None = None
    left_out: bool = False


def restore_backup(
    file: Path, directory: Path, progress: Progress = lambda name, size_bytes: None, keys: Keys | None = None
) -> Manifest:
    """Restore a backup to a directory, with the vault's keys.

    Raises:
        RestoreRefused: the directory is not empty, or an interrupted restore left files next to it.
        BackupUnusable: the backup is damaged, incomplete or newer.
        SchemaTooNew, SegmentTooNew: a newer program wrote its content.
        KeysUnusable: the file with the keys is missing, damaged, of another server, or older than the backup.
    """
    directory = directory.resolve()
    _check_place(directory)
    with file.open("rb") as content, _draft(directory) as draft:
        try:
            manifest = _fill(draft, content, file, progress)
            if keys is None or not keys.left_out:
                _restore_keys(draft, file, None if keys is None else keys.file)
            draft.rename(directory)
        except OSError as error:
            raise RestoreRefused(path=directory, reason=f"cannot be restored to: {error.strerror}") from error
    sync_directory(directory.parent)
    return manifest


def _restore_keys(draft: Path, backup: Path, given: Path | None) -> None:
    with closing(connect(draft / CONTROL_FILE)) as connection:
        connection.row_factory = sqlite3.Row
        found = connection.execute(statements()["find_server"]).fetchone() if _has_vault(connection) else None
        needs = needed_keys(connection)
    server = 0 if found is None else int(found[0])
    path = given or archive_next_to(backup, server)
    if given is None and not path.exists():
        if needs:
            raise KeysUnusable(path=path, reason="is missing, without which no secret can be read; see --keys and --without-keys")
        return
    archive = read_archive(path)
    if archive.server != server:
        raise KeysUnusable(path=path, reason="has the keys of another server")
    if any(lacking(archive, needs)):
        raise KeysUnusable(path=path, reason="is older than the backup, and lacks keys that it needs")
    unpack_archive(archive, draft)


def _has_vault(connection: sqlite3.Connection) -> bool:
    return schema_name(schema_version(connection)) >= VAULT_SINCE


def _fill(draft: Path, content: BufferedReader, file: Path, progress: Progress) -> Manifest:
    """Write everything into the draft, check it and sync it to disk."""
    try:
        packed = content.peek(2)[:2] == GZIP_MAGIC
        # The bar in the mode: the archive is read once, from front to end.
        with tarfile.open(fileobj=content, mode="r|gz" if packed else "r|") as archive:
            found = {entry.name: entry for entry in _unpack(archive, draft, file, progress)}
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise BackupUnusable(path=file, reason=f"it is damaged, truncated or not a backup ({error})") from error
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
            raise RestoreRefused(path=directory, reason="is not empty; restore to an empty or new directory")
        # The draft is renamed into place, and a rename cannot replace a mount point.
        if directory.is_mount():
            raise RestoreRefused(path=directory, reason="is a mount point; restore to a directory below it")


@contextmanager
def _draft(directory: Path) -> Iterator[Path]:
    """A directory next to the target, removed again unless it was renamed."""
    draft = directory.with_name(f"{directory.name}.partial")
    directory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        draft.mkdir(mode=0o700)
    except FileExistsError as error:
        reason = "exists, from a restore that was interrupted or is in progress; remove it and retry"
        raise RestoreRefused(path=draft, reason=reason) from error
    try:
        (draft / TELEMETRY).mkdir(mode=0o700)
        yield draft
    finally:
        if draft.exists():
            shutil.rmtree(draft)


def _unpack(archive: tarfile.TarFile, draft: Path, file: Path, progress: Progress) -> Iterator[BackedUpFile]:
    """Write every file of the archive. Returns the facts of each."""
    for entry in archive:
        name = entry.name
        if name not in _KNOWN and not _SEGMENT.fullmatch(name):
            raise BackupUnusable(path=file, reason=f"it contains {name[:100]!r}, which is not part of a backup")
        if entry.type not in (tarfile.REGTYPE, tarfile.AREGTYPE) or entry.sparse is not None:
            raise BackupUnusable(path=file, reason=f"{name} in it must be a regular file")
        if (draft / name).exists():
            raise BackupUnusable(path=file, reason=f"{name} in it must not be repeated")
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
            reason = f"it has format {written}, but this program supports up to {FORMAT}; use the newer program"
            raise BackupUnusable(path=file, reason=reason)
        return msgspec.json.decode(text, type=Manifest)
    except FileNotFoundError as error:
        raise BackupUnusable(path=file, reason="it has no manifest: it is truncated, or not a backup") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BackupUnusable(path=file, reason=f"its manifest is damaged ({error})") from error


def _compare(manifest: Manifest, found: dict[str, BackedUpFile], file: Path) -> None:
    listed = {entry.name: entry for entry in manifest.files}
    missing = sorted((listed.keys() | _REQUIRED) - found.keys())
    if missing:
        raise BackupUnusable(path=file, reason=f"{missing[0]} is missing from it")
    for name, entry in found.items():
        if name == MANIFEST:
            continue
        if name not in listed:
            raise BackupUnusable(path=file, reason=f"{name} is not in its manifest")
        if entry != listed[name]:
            raise BackupUnusable(path=file, reason=f"{name} is damaged: its content does not match the manifest")
    versions = manifest.schema_versions
    if versions.control > known_version():
        raise SchemaTooNew(path=CONTROL_FILE, known=schema_name(known_version()))
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
            if path.name == CONTROL_FILE:
                raise SchemaTooNew(path=name, known=schema_name(known))
            raise SegmentTooNew(path=name, found=version, known=known)
