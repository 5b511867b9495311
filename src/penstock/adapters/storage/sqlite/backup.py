"""Backs up everything into one file, whether a server is running on the directory or not.

Theory of operation. Each database is copied with SQLite's online backup inside one read transaction, so a copy shows one point
in time, however much is written in the meantime, and no writer waits. The order does the rest:

1. Segments, oldest first. Only the newest grows, so the copy is the log up to some reading, without gaps.
2. `penstock.db`, after all segments: a device is committed before its first reading is accepted, so the device of every
reading in the backup is in it. In the other order a reading could lack its device.
3. `secret.key` and `penstock.toml`, which do not change; then the manifest, with size and SHA-256 of all before it.
4. The keys of the vault, which are not part of the archive: `vault_archive.py`. Keys are only added, so that those that are read
after the databases open all that is in them. The file with them is replaced before the archive gets its name.

As the control database is slightly newer than the segments, three things are corrected in its copy: cursors into the log that
are past the last copied reading are set back to it, devices whose deletion started and ended in between are queued for deletion
again, and re-decodes that replaced payloads in between start again.

The archive is written as `FILE.partial` and renamed when it is complete and on disk.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import msgspec

from penstock.adapters.storage.data_dir import KEYS, PEPPER_FILE, TELEMETRY
from penstock.adapters.storage.key_files import locked_keys
from penstock.adapters.storage.sqlite.connection import connect, make_private, schema_version, statements
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, SchemaTooNew, known_version, schema_name
from penstock.adapters.storage.sqlite.segments import SEGMENT_VERSION, SegmentTooNew
from penstock.adapters.storage.vault_archive import archive_next_to, collected, write_archive
from penstock.core.devices import events
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.ids import DeviceId, OrgId, Seq

FORMAT = 1
MANIFEST = "manifest.json"
SETTINGS_FILE = "penstock.toml"
CONSUMERS_SINCE = 2
"""The schema version that added the cursors into the log."""
REDECODES_SINCE = "0046"
"""The migration that added the re-decodes."""
PAGES_PER_STEP = 2_000
PAGE_BYTES = 4_096
COMPRESS_LEVEL = 3
"""Measured on readings: level 3 compresses 137 MB/s to 23 %, level 6 compresses 62 MB/s to 21 %."""

Progress = Callable[[str, int], None]
"""Called with the name of each file and the number of bytes processed since the last call."""


class BackupFailed(PenstockError):
    """The backup failed; no file with its name was created."""

    kind, code = Kind.PRECONDITION, "storage.backup_failed"
    message = "the backup failed: {reason}"


class BackedUpFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a backup.

    Units: size in bytes; sha256 in hex digits.
    """

    name: str
    size: int
    sha256: str


class SchemaVersions(msgspec.Struct, frozen=True, kw_only=True):
    """The schema versions in a backup: of `penstock.db`, and the newest of the segments."""

    control: int
    segment: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The description of a backup, in its last file. `readings` includes those in quarantine."""

    format: int
    program_version: str
    created_at: str
    schema_versions: SchemaVersions
    last_seq: Seq
    readings: int
    files: list[BackedUpFile]


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """The directory to back up, and the target. `settings_file` is stored as `penstock.toml`."""

    data_dir: Path
    file: Path
    settings_file: Path | None
    program_version: str
    created_us: int
    created_at: str
    replace: bool = False


def expected_bytes(data_dir: Path) -> int:
    """Roughly how many bytes `write_backup` will report: each database is copied, then compressed."""
    paths = [*_segments(data_dir), data_dir / CONTROL_FILE]
    return 2 * sum(path.stat().st_size for path in paths if path.exists())


def write_backup(
    backup: Backup,
    progress: Progress = lambda name, size_bytes: None,
    on_keys: Callable[[Path], None] = lambda path: None,
) -> Manifest:
    """Create a backup. `on_keys` is called with the file of the vault's keys, if there are any.

    Raises:
        BackupFailed: a file with this name exists, or a file to be copied is missing or damaged.
        KeysUnusable: the file with the vault's keys must not be replaced.
        KeyFileDamaged.
        SchemaTooNew, SegmentTooNew: a newer program wrote the data, and this program might miss part of it.
    """
    if backup.file.exists() and not backup.replace:
        raise BackupFailed(reason=f"{backup.file} already exists; --force replaces it")
    draft = backup.file.with_name(f"{backup.file.name}.partial")
    with _held(draft) as out:
        try:
            with _archive(out, backup.file) as archive:
                writer = _Writer(backup, archive, progress)
                manifest = writer.write()
            out.flush()
            os.fsync(out.fileno())
            if writer.server is not None:
                _write_keys(backup, archive_next_to(backup.file, writer.server), writer.server, on_keys)
            draft.rename(backup.file)
        except BaseException as error:
            draft.unlink(missing_ok=True)
            if isinstance(error, sqlite3.Error):
                raise BackupFailed(reason=str(error)) from error
            if isinstance(error, OSError):
                where = f"{error.filename}: " if error.filename else ""
                raise BackupFailed(reason=f"{where}{error.strerror}") from error
            raise
    sync_directory(backup.file.parent)
    return manifest


def _write_keys(backup: Backup, path: Path, server: int, on_keys: Callable[[Path], None]) -> None:
    """Replace the file with the vault's keys, while none of them is changed: a key that is destroyed now is not in it."""
    with locked_keys(backup.data_dir / KEYS):
        keys = collected(backup.data_dir, server, backup.created_at)
        if keys is None:
            return
        write_archive(path, keys)
    on_keys(path)


def _archive(out: BinaryIO, file: Path) -> tarfile.TarFile:
    if file.suffix in (".gz", ".tgz"):
        return tarfile.open(fileobj=out, mode="w:gz", compresslevel=COMPRESS_LEVEL)
    return tarfile.open(fileobj=out, mode="w")


class _Writer:
    """Writes one archive, and records its files."""

    def __init__(self, backup: Backup, archive: tarfile.TarFile, progress: Progress) -> None:
        self._backup = backup
        self._archive = archive
        self._progress = progress
        self._copy = backup.file.with_name(f"{backup.file.name}.partial.db")
        self._files: list[BackedUpFile] = []
        self._last_seq = Seq(0)
        self._readings = 0
        self._segment_version = SEGMENT_VERSION
        self.server: int | None = None
        """If there is a vault."""

    def write(self) -> Manifest:
        data_dir = self._backup.data_dir
        control = data_dir / CONTROL_FILE
        with closing(connect(control, read_only=True)) as live:
            before = _devices(live)
        for path in _segments(data_dir):
            with self._copied(path, f"{TELEMETRY}/{path.name}") as copy:
                if copy is not None:
                    self._note_segment(copy, path)
        with self._copied(control, CONTROL_FILE) as copy:
            if copy is None:
                raise BackupFailed(reason=f"{CONTROL_FILE} is gone")
            version = schema_version(copy)
            if version > known_version():
                raise SchemaTooNew(path=CONTROL_FILE, known=schema_name(known_version()))
            self._repair(copy, version, before)
            if (data_dir / KEYS).is_dir():
                (self.server, _) = copy.execute(statements()["find_server"]).fetchone()
        self._add_small(PEPPER_FILE, (data_dir / PEPPER_FILE).read_bytes())
        if self._backup.settings_file is not None:
            self._add_small(SETTINGS_FILE, self._backup.settings_file.read_bytes())
        manifest = Manifest(
            format=FORMAT,
            program_version=self._backup.program_version,
            created_at=self._backup.created_at,
            schema_versions=SchemaVersions(control=version, segment=self._segment_version),
            last_seq=self._last_seq,
            readings=self._readings,
            files=self._files,
        )
        self._add_small(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        return manifest

    def _note_segment(self, copy: sqlite3.Connection, path: Path) -> None:
        version = schema_version(copy)
        if version > SEGMENT_VERSION:
            raise SegmentTooNew(path=path.name, found=version, known=SEGMENT_VERSION)
        self._last_seq = max(self._last_seq, segment_end(copy))
        self._readings += int(copy.execute(statements()["count_readings"]).fetchone()[0])

    def _repair(self, copy: sqlite3.Connection, version: int, before: set[tuple[OrgId, DeviceId]]) -> None:
        if version >= CONSUMERS_SINCE:
            copy.execute(statements()["rewind_consumers"], {"seq": self._last_seq})
        if schema_name(version) >= REDECODES_SINCE:
            copy.execute(statements()["restart_redecodes"], {"since_us": self._backup.created_us})
        for org_id, device_id in sorted(before - _devices(copy)):
            body = events.DeviceChanged(device_id=device_id, name="", at_us=self._backup.created_us)
            entry = {"org_id": org_id, "topic": events.DELETED, "subject_id": device_id}
            copy.execute(statements()["add_outbox_entry"], entry | {"body": msgspec.json.encode(body)})

    @contextmanager
    def _copied(self, source: Path, name: str) -> Iterator[sqlite3.Connection | None]:
        """Add a checked and corrected copy of a database to the archive; None if the database vanished before."""
        _unlink_database(self._copy)
        try:
            if not self._copy_database(source, name):
                yield None
                return
            with closing(connect(self._copy, synchronous="OFF")) as copy:
                copy.row_factory = sqlite3.Row
                _check(copy, name)
                yield copy
            self._copy.chmod(0o600)
            with self._copy.open("rb") as content:
                self._add(name, content, self._copy.stat().st_size)
        except sqlite3.Error as error:
            raise BackupFailed(reason=f"{name}: {error}") from error
        finally:
            _unlink_database(self._copy)

    def _copy_database(self, source: Path, name: str) -> bool:
        """Copy a database at one point in time. Returns False if retention has removed the file, even during the copy."""
        try:
            self._copy_pages(source, name)
        except sqlite3.Error:
            if source.exists():
                raise
        if source.exists():
            return True
        # SQLite may have created these two again at that moment.
        for suffix in ("-wal", "-shm"):
            Path(f"{source}{suffix}").unlink(missing_ok=True)
        return False

    def _copy_pages(self, source: Path, name: str) -> None:
        before = 0
        make_private(self._copy)

        def stepped(_: int, left: int, total: int) -> None:
            nonlocal before
            self._progress(name, (total - left - before) * PAGE_BYTES)
            before = total - left

        with (
            closing(connect(source, read_only=True)) as live,
            closing(sqlite3.connect(self._copy, isolation_level=None)) as copy,
        ):
            # The read transaction starts with the first read. While it is open, every step sees the same state.
            live.execute("BEGIN")
            schema_version(live)
            copy.execute("PRAGMA synchronous = OFF")
            live.backup(copy, pages=PAGES_PER_STEP, progress=stepped)

    def _add_small(self, name: str, content: bytes) -> None:
        self._add(name, io.BytesIO(content), len(content))

    def _add(self, name: str, content: BinaryIO, size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, 0o600, self._backup.created_us // 1_000_000
        hashed = _Hashed(content, lambda size_bytes: self._progress(name, size_bytes))
        self._archive.addfile(entry, hashed)
        self._files.append(BackedUpFile(name=name, size=size, sha256=hashed.sha256.hexdigest()))


class _Hashed:
    """A file to read that hashes what was read."""

    def __init__(self, content: BinaryIO, read: Callable[[int], None]) -> None:
        self._content = content
        self._read = read
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self._content.read(size)
        self.sha256.update(part)
        self._read(len(part))
        return part


def segment_end(connection: sqlite3.Connection) -> Seq:
    """The last sequence number that a segment has assigned."""
    facts = connection.execute(statements()["segment_facts"]).fetchone()
    if facts["last_seq"] is None:
        facts = connection.execute(statements()["measure_segment"]).fetchone()
    return Seq(facts["last_seq"])


def sync_directory(path: Path) -> None:
    """Make renames and new files in a directory survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _segments(data_dir: Path) -> list[Path]:
    return sorted((data_dir / TELEMETRY).glob("*.db"))


def _devices(connection: sqlite3.Connection) -> set[tuple[OrgId, DeviceId]]:
    """Existing devices, and deleted ones whose readings have yet to be removed."""
    return {(row[0], row[1]) for row in connection.execute(statements()["list_device_ids_of_all"])}


def _check(copy: sqlite3.Connection, name: str) -> None:
    """Reject a copy that could not be restored: damage should be noticed while an older backup exists."""
    found = str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if found != "ok":
        raise BackupFailed(reason=f"{name} is damaged ({found})")


def _unlink_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


@contextmanager
def _held(draft: Path) -> Iterator[BinaryIO]:
    """The draft, emptied and locked against another backup with the same name. A draft left by a killed process is reused."""
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    out = os.fdopen(descriptor, "r+b")
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = os.fstat(descriptor).st_ino == draft.stat().st_ino
        except (BlockingIOError, FileNotFoundError):
            held = False
        if not held:
            raise BackupFailed(reason=f"another backup to {draft} is in progress")
        os.fchmod(descriptor, 0o600)
        os.ftruncate(descriptor, 0)
        yield out
    finally:
        # After success everything is already on disk. After a failed write, closing fails again, and must not hide the first
        # failure.
        with suppress(OSError):
            out.close()
