"""One file that holds everything: made while a server runs on the directory, or while none does.

Theory of operation. Each database is copied with SQLite's online backup inside one read transaction, so a copy shows one
moment, however much is written meanwhile, and no writer waits. The order carries the rest:

1. Segments, oldest first. Only the newest grows, so what is copied is the log up to some reading, without holes.
2. `penstock.db`, after all segments: a device is committed before its first reading is accepted, so the device of every
   reading in the backup is in it. The other way round a reading could come without its device.
3. `secret.key` and `penstock.toml`, which do not change; then the manifest, which knows size and SHA-256 of all before it.

As the control database is a little younger than the segments, two things in its copy are put right: cursors into the log
that are already beyond the last reading copied go back to it, and devices whose deletion began and ended in between are
entered for deletion again.

The archive grows as `FILE.partial` and gets its name when it is whole and on disk.
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

from penstock.adapters.storage.data_dir import PEPPER_FILE, TELEMETRY
from penstock.adapters.storage.sqlite.connection import connect, schema_version, statements
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE, SchemaTooNew, known_version
from penstock.adapters.storage.sqlite.segments import SEGMENT_VERSION, SegmentTooNew
from penstock.core.devices import events
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.ids import DeviceId, OrgId

FORMAT = 1
MANIFEST = "manifest.json"
SETTINGS_FILE = "penstock.toml"
CONSUMERS_SINCE = 2
"""The schema version that brought the cursors into the log."""
PAGES_PER_STEP = 2_000
PAGE_BYTES = 4_096
COMPRESS_LEVEL = 3
"""Measured on readings: level 3 packs 137 MB/s to 23 %, level 6 packs 62 MB/s to 21 %."""

Progress = Callable[[str, int], None]
"""Told of each file by name and of the bytes dealt with since it was last told."""


class BackupFailed(PenstockError):
    """A backup could not be made; nothing stands under its name."""

    kind, code = Kind.PRECONDITION, "storage.backup_failed"
    message = "no backup made: {reason}"


class BackedUpFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a backup.

    Units: size in bytes; sha256 in hex digits.
    """

    name: str
    size: int
    sha256: str


class SchemaVersions(msgspec.Struct, frozen=True, kw_only=True):
    """Which schemas the databases of a backup have: of `penstock.db`, and the newest among the segments."""

    control: int
    segment: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself, in its last file. `readings` includes those in quarantine."""

    format: int
    program_version: str
    created_at: str
    schema_versions: SchemaVersions
    last_seq: int
    readings: int
    files: list[BackedUpFile]


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """What to back up, and where to. `settings_file` is stored as `penstock.toml`."""

    data_dir: Path
    file: Path
    settings_file: Path | None
    program_version: str
    created_us: int
    created_at: str
    replace: bool = False


def expected_bytes(data_dir: Path) -> int:
    """How many bytes `write_backup` will tell of, about: each database is copied, then packed."""
    paths = [*_segments(data_dir), data_dir / CONTROL_FILE]
    return 2 * sum(path.stat().st_size for path in paths if path.exists())


def write_backup(wanted: Backup, progress: Progress = lambda name, size_bytes: None) -> Manifest:
    """Make a backup.

    Raises:
        BackupFailed: there is a file of this name, or what is to be copied is missing or damaged.
        SchemaTooNew, SegmentTooNew: a newer program wrote the data, which may be more than is known here.
    """
    if wanted.file.exists() and not wanted.replace:
        raise BackupFailed(reason=f"{wanted.file} exists already (--force replaces it)")
    draft = wanted.file.with_name(f"{wanted.file.name}.partial")
    with _held(draft) as out:
        try:
            with _archive(out, wanted.file) as archive:
                manifest = _Writer(wanted, archive, progress).write()
            out.flush()
            os.fsync(out.fileno())
            draft.rename(wanted.file)
        except BaseException as error:
            draft.unlink(missing_ok=True)
            if isinstance(error, sqlite3.Error):
                raise BackupFailed(reason=str(error)) from error
            if isinstance(error, OSError):
                where = f"{error.filename}: " if error.filename else ""
                raise BackupFailed(reason=f"{where}{error.strerror}") from error
            raise
    sync_directory(wanted.file.parent)
    return manifest


def _archive(out: BinaryIO, file: Path) -> tarfile.TarFile:
    if file.suffix in (".gz", ".tgz"):
        return tarfile.open(fileobj=out, mode="w:gz", compresslevel=COMPRESS_LEVEL)
    return tarfile.open(fileobj=out, mode="w")


class _Writer:
    """Writes one archive; knows what it has written."""

    def __init__(self, wanted: Backup, archive: tarfile.TarFile, progress: Progress) -> None:
        self._wanted = wanted
        self._archive = archive
        self._progress = progress
        self._copy = wanted.file.with_name(f"{wanted.file.name}.partial.db")
        self._files: list[BackedUpFile] = []
        self._last_seq = 0
        self._readings = 0
        self._segment_version = SEGMENT_VERSION

    def write(self) -> Manifest:
        data_dir = self._wanted.data_dir
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
                raise SchemaTooNew(path=CONTROL_FILE, found=version, known=known_version())
            self._put_right(copy, version, before)
        self._add_small(PEPPER_FILE, (data_dir / PEPPER_FILE).read_bytes())
        if self._wanted.settings_file is not None:
            self._add_small(SETTINGS_FILE, self._wanted.settings_file.read_bytes())
        manifest = Manifest(
            format=FORMAT,
            program_version=self._wanted.program_version,
            created_at=self._wanted.created_at,
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

    def _put_right(self, copy: sqlite3.Connection, version: int, before: set[tuple[OrgId, DeviceId]]) -> None:
        if version >= CONSUMERS_SINCE:
            copy.execute(statements()["rewind_consumers"], {"seq": self._last_seq})
        for org_id, device_id in sorted(before - _devices(copy)):
            body = events.DeviceChanged(device_id=device_id, name="", at_us=self._wanted.created_us)
            entry = {"org_id": org_id, "topic": events.DELETED, "subject_id": device_id}
            copy.execute(statements()["add_outbox_entry"], entry | {"body": msgspec.json.encode(body)})

    @contextmanager
    def _copied(self, source: Path, name: str) -> Iterator[sqlite3.Connection | None]:
        """A checked copy of a database to look at and put right, then to the archive; None when it vanished before."""
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
        """Copy as of one moment; False when retention removed the file since it was listed, even in the middle."""
        try:
            self._copy_pages(source, name)
        except sqlite3.Error:
            if source.exists():
                raise
        if source.exists():
            return True
        # SQLite may have made these two again at that very moment.
        for suffix in ("-wal", "-shm"):
            Path(f"{source}{suffix}").unlink(missing_ok=True)
        return False

    def _copy_pages(self, source: Path, name: str) -> None:
        before = 0

        def stepped(_: int, left: int, total: int) -> None:
            nonlocal before
            self._progress(name, (total - left - before) * PAGE_BYTES)
            before = total - left

        with (
            closing(connect(source, read_only=True)) as live,
            closing(sqlite3.connect(self._copy, isolation_level=None)) as copy,
        ):
            # The read transaction begins with the first look. While it is open, every step sees that same moment.
            live.execute("BEGIN")
            schema_version(live)
            copy.execute("PRAGMA synchronous = OFF")
            live.backup(copy, pages=PAGES_PER_STEP, progress=stepped)

    def _add_small(self, name: str, content: bytes) -> None:
        self._add(name, io.BytesIO(content), len(content))

    def _add(self, name: str, content: BinaryIO, size: int) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode, entry.mtime = size, 0o600, self._wanted.created_us // 1_000_000
        hashed = _Hashed(content, lambda size_bytes: self._progress(name, size_bytes))
        self._archive.addfile(entry, hashed)
        self._files.append(BackedUpFile(name=name, size=size, sha256=hashed.sha256.hexdigest()))


class _Hashed:
    """A file to read that knows the hash of what was read."""

    def __init__(self, content: BinaryIO, read: Callable[[int], None]) -> None:
        self._content = content
        self._read = read
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self._content.read(size)
        self.sha256.update(part)
        self._read(len(part))
        return part


def segment_end(connection: sqlite3.Connection) -> int:
    """The last sequence number that a segment has given out."""
    facts = connection.execute(statements()["segment_facts"]).fetchone()
    if facts["last_seq"] is None:
        facts = connection.execute(statements()["measure_segment"]).fetchone()
    return int(facts["last_seq"])


def sync_directory(path: Path) -> None:
    """Make what was renamed or made in a directory outlive a power cut."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _segments(data_dir: Path) -> list[Path]:
    return sorted((data_dir / TELEMETRY).glob("*.db"))


def _devices(connection: sqlite3.Connection) -> set[tuple[OrgId, DeviceId]]:
    """Devices that exist, and those whose readings are still to be removed."""
    return {(row[0], row[1]) for row in connection.execute(statements()["list_device_ids_of_all"])}


def _check(copy: sqlite3.Connection, name: str) -> None:
    """Refuse to keep what could not be restored: better to learn of damage while there is an older backup."""
    found = str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])
    if found != "ok":
        raise BackupFailed(reason=f"{name} is damaged ({found})")


def _unlink_database(path: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


@contextmanager
def _held(draft: Path) -> Iterator[BinaryIO]:
    """The draft, emptied and held against another backup to the same name. What a killed one left is used again."""
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    out = os.fdopen(descriptor, "r+b")
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = os.fstat(descriptor).st_ino == draft.stat().st_ino
        except (BlockingIOError, FileNotFoundError):
            held = False
        if not held:
            raise BackupFailed(reason=f"another backup to {draft} is under way")
        os.fchmod(descriptor, 0o600)
        os.ftruncate(descriptor, 0)
        yield out
    finally:
        # On success all is on disk already. After a failed write, closing fails again, and must not hide the first failure.
        with suppress(OSError):
            out.close()
