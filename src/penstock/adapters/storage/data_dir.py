"""The data directory: one folder with everything, used by one server at a time."""

from __future__ import annotations

import fcntl
import os
import secrets
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from penstock.kit.clock import format_seconds, parse_time
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.secret import Pepper
from penstock.kit.settled_clock import Kept

PEPPER_FILE = "secret.key"
KEYS = "keys"
LOCK_FILE = "lock"
TELEMETRY = "telemetry"
MAIL = "mail"
PEPPER_BYTES = 32


class DataDirUnusable(PenstockError):
    """The data directory cannot be used."""

    kind, code = Kind.PRECONDITION, "storage.data_dir_unusable"
    message = "data directory {path}: {reason}"


class DataDirInUse(PenstockError):
    """Another server uses this data directory."""

    kind, code = Kind.CONFLICT, "storage.data_dir_in_use"
    message = "data directory {path} is in use by another server"


class DataDir:
    """A data directory that exists and is writable."""

    def __init__(self, path: Path) -> None:
        """Create the directory if it does not exist.

        Raises:
            DataDirUnusable: it cannot be created, or is not a directory.
        """
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except FileExistsError as error:
            raise DataDirUnusable(path=path, reason="is not a directory") from error
        except OSError as error:
            raise DataDirUnusable(path=path, reason=error.strerror or "cannot be created") from error

    @property
    def telemetry(self) -> Path:
        return self.path / TELEMETRY

    @property
    def mail(self) -> Path:
        """Mail that was written to a file instead of sent, because no server is set."""
        return self.path / MAIL

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the directory for one server; the lock ends with the process, however that ends.

        Raises:
            DataDirInUse: another process has locked it.
        """
        try:
            descriptor = os.open(self.path / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise DataDirUnusable(path=self.path, reason=error.strerror or "cannot be written") from error
        try:
            # A kernel lock and not a lock file: after a crash nothing has to be removed.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError as error:
            raise DataDirInUse(path=self.path) from error
        finally:
            os.close(descriptor)

    def kept_time(self) -> Kept | None:
        """What the last server kept of its clock, in the lock file; None before the first."""
        with suppress(OSError, ValueError):
            time, jump_s = (self.path / LOCK_FILE).read_text("ascii").split()
            return Kept(parse_time(time), int(jump_s))
        return None

    def keep_time(self, kept: Kept) -> None:
        """Keep the time for the next start. If it cannot be written, the older one stays."""
        # Each line is as long as the last, and the file exists: nothing is truncated, renamed or made.
        with suppress(OSError), (self.path / LOCK_FILE).open("r+b", buffering=0) as file:
            file.write(f"{format_seconds(kept.us)} {kept.jump_s:06.0f}\n".encode())

    def pepper(self) -> Pepper:
        """The server's secret, created on first use.

        Raises:
            DataDirUnusable: the file is damaged, or missing although its database exists.
        """
        path = self.path / PEPPER_FILE
        if not path.exists():
            # A new secret for an existing database would silently invalidate every key and token in it.
            if (self.path / "penstock.db").exists():
                raise DataDirUnusable(
                    path=self.path, reason=f"{PEPPER_FILE} is missing; without it, no key or token can be verified"
                )
            self._create_secret(path)
        try:
            return read_pepper(path)
        except (OSError, ValueError) as error:
            known = f": {error.strerror}" if isinstance(error, OSError) else " is damaged; restore it from a backup"
            raise DataDirUnusable(path=self.path, reason=f"{PEPPER_FILE}{known}") from error

    @property
    def keys(self) -> Path:
        """The vault's keys of organisations, wrapped by the master key."""
        return self.path / KEYS

    def _create_secret(self, path: Path) -> None:
        try:
            write_durably(path, with_checksum(secrets.token_bytes(PEPPER_BYTES)))
        except OSError as error:
            raise DataDirUnusable(path=self.path, reason=f"{path.name}: {error.strerror}") from error


def read_pepper(path: Path) -> Pepper:
    """The secret in a file.

    Raises:
        OSError, ValueError: it cannot be read, or is damaged.
    """
    return Pepper(without_checksum(path.read_text("ascii")))


def with_checksum(secret: bytes) -> bytes:
    """The file's one line: the secret and its CRC-32, in hexadecimal. With one wrong bit no key could be verified."""
    return f"{secret.hex()} {zlib.crc32(secret):08x}\n".encode()


def without_checksum(text: str) -> bytes:
    digits, _, checksum = text.removesuffix("\n").partition(" ")
    secret = bytes.fromhex(digits)
    if checksum != f"{zlib.crc32(secret):08x}":
        raise ValueError("its checksum is wrong")
    return secret


def write_durably(path: Path, content: bytes) -> None:
    """Write a whole file or none, even across a power cut."""
    draft = path.with_suffix(".new")
    # Never one that exists: another user could have left a file that others can read, or a link.
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        # The last part that fits on a full disk is written without an error.
        while content:
            content = content[os.write(descriptor, content) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    # The content first, then the name, then the directory: in any other order a power cut may leave an empty file.
    draft.rename(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
