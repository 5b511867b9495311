"""The keys of organisations, one file each, in the folder `keys` of the data directory.

They are not in the database, so that its backups do not contain them: who destroys the file of an organisation destroys
everything that the organisation encrypted. A file is replaced as a whole, under a lock, because the command line may write too.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec
import structlog

from penstock.adapters.storage.data_dir import write_durably
from penstock.core.vault.models import KeyVersion, OrganizationKeys
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.ids import OrgId, Prefix, decode, encode

SUFFIX = ".json"
LOCK_FILE = "lock"
_log = structlog.get_logger()


class KeyFileDamaged(PenstockError):
    """A file with the keys of an organisation cannot be read."""

    kind, code, of_server = Kind.UNAVAILABLE, "vault.key_file_damaged", True
    message = "{file}: {reason}; restore it from where the vault's keys are kept"


class KeysNotWritten(PenstockError):
    """A file with keys cannot be replaced: the disk is full, or may not be written to. The file is as it was."""

    kind, code, of_server = Kind.UNAVAILABLE, "vault.keys_not_written", True
    message = "{file} with keys of the vault cannot be written: {reason}"


class KeyFiles:
    """Implements `KeyStore` in a folder, which is created when it is needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def load(self, org_id: OrgId) -> OrganizationKeys:
        return await asyncio.to_thread(read_keys, self._folder, org_id)

    async def add(self, org_id: OrgId, version: KeyVersion) -> OrganizationKeys:
        def added(keys: OrganizationKeys) -> OrganizationKeys:
            if version.version <= keys.newest:
                return keys
            return msgspec.structs.replace(keys, versions=(*keys.versions, version))

        return await asyncio.to_thread(self._change, org_id, added)

    async def rewrap(self, org_id: OrgId, versions: Sequence[KeyVersion]) -> None:
        replaced = {one.version: one for one in versions}

        def rewrapped(keys: OrganizationKeys) -> OrganizationKeys:
            return msgspec.structs.replace(keys, versions=tuple(replaced.get(one.version, one) for one in keys.versions))

        await asyncio.to_thread(self._change, org_id, rewrapped)

    async def shred(self, org_id: OrgId, now_us: int) -> OrganizationKeys:
        return await asyncio.to_thread(self._change, org_id, lambda keys: OrganizationKeys((), keys.newest, now_us))

    async def load_all(self) -> Mapping[OrgId, OrganizationKeys]:
        return await asyncio.to_thread(self._read_all)

    def changes(self) -> int:
        try:
            return (self._folder / LOCK_FILE).stat().st_size  # each change adds a byte
        except FileNotFoundError:
            return 0

    def _read_all(self) -> Mapping[OrgId, OrganizationKeys]:
        found: dict[OrgId, OrganizationKeys] = {}
        for org_id in key_files_in(self._folder):
            try:
                found[org_id] = read_keys(self._folder, org_id)
            except KeyFileDamaged as error:
                _log.error("key_file_damaged", reason=error.detail)
        return found

    def _change(self, org_id: OrgId, change: Callable[[OrganizationKeys], OrganizationKeys]) -> OrganizationKeys:
        file = self._folder / file_of(org_id)
        try:
            with locked_keys(self._folder) as changed:
                before = read_keys(self._folder, org_id)
                after = change(before)
                if after != before:
                    replace(file, msgspec.json.encode(after))
                    changed()
                return after
        except OSError as error:
            raise KeysNotWritten(file=file.name, reason=error.strerror or type(error).__name__) from error


def file_of(org_id: OrgId) -> str:
    """The name of the file with an organisation's keys."""
    return f"{encode(Prefix.ORGANIZATION, org_id)}{SUFFIX}"


def replace(file: Path, content: bytes) -> None:
    """Replace a file with keys as a whole, and overwrite what the old one was, as far as the disk does so in place."""
    try:
        old = os.open(file, os.O_WRONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        write_durably(file, content)
        return
    try:
        write_durably(file, content)
        os.pwrite(old, bytes(os.fstat(old).st_size), 0)
        os.fsync(old)
    finally:
        os.close(old)


def read_keys(folder: Path, org_id: OrgId) -> OrganizationKeys:
    """The keys in an organisation's file; without versions if there is none.

    Raises:
        KeyFileDamaged.
    """
    file = folder / file_of(org_id)
    try:
        content = file.read_bytes()
        if b"\0" in content:  # it was being replaced
            content = file.read_bytes()
        return msgspec.json.decode(content, type=OrganizationKeys)
    except FileNotFoundError:
        return OrganizationKeys()
    except OSError as error:
        raise KeyFileDamaged(file=file.name, reason=error.strerror or "cannot be read") from error
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise KeyFileDamaged(file=file.name, reason="is damaged") from None


def key_files_in(folder: Path) -> list[OrgId]:
    """The organisations that have a file with keys, by id."""
    found = (decode(Prefix.ORGANIZATION, path.stem) for path in folder.glob(f"*{SUFFIX}"))
    return sorted(OrgId(org_id) for org_id in found if org_id is not None)


@contextmanager
def locked_keys(folder: Path) -> Iterator[Callable[[], None]]:
    """Lock the folder against other writers, in this process and others. Yields a function to call after a change."""
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield lambda: _count(descriptor)
    finally:
        os.close(descriptor)


def _count(descriptor: int) -> None:
    # It only becomes longer, without a byte: it must not fail on a full disk, after the change.
    os.ftruncate(descriptor, os.fstat(descriptor).st_size + 1)
