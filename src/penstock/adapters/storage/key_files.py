"""The keys of organisations, one file each, in the folder `keys` of the data directory.

They are not in the database, so that its backups do not contain them: who destroys the file of an organisation destroys
everything that the organisation encrypted. A file is replaced as a whole, under a lock, because the command line may write too.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from penstock.adapters.storage.data_dir import write_durably
from penstock.core.vault.models import KeyVersion, OrganizationKeys
from penstock.kit.errors import Kind, PenstockError
from penstock.kit.ids import OrgId, Prefix, decode, encode

SUFFIX = ".json"
LOCK_FILE = "lock"


class KeyFileDamaged(PenstockError):
    """A file with the keys of an organisation cannot be read."""

    kind, code, of_server = Kind.UNAVAILABLE, "vault.key_file_damaged", True
    message = "{file}: {reason}; restore it from where the vault's keys are kept"


class KeyFiles:
    """Implements `KeyStore` in a folder, which is created when it is needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def load(self, org_id: OrgId) -> OrganizationKeys:
        return await asyncio.to_thread(self._read, org_id)

    async def add(self, org_id: OrgId, version: KeyVersion) -> OrganizationKeys:
        def added(keys: OrganizationKeys) -> OrganizationKeys:
            if version.version <= max(keys.current, keys.shredded):
                return keys
            return msgspec.structs.replace(keys, versions=(*keys.versions, version))

        return await asyncio.to_thread(self._change, org_id, added)

    async def rewrap(self, org_id: OrgId, versions: Sequence[KeyVersion]) -> None:
        replaced = {one.version: one for one in versions}

        def rewrapped(keys: OrganizationKeys) -> OrganizationKeys:
            return msgspec.structs.replace(keys, versions=tuple(replaced.get(one.version, one) for one in keys.versions))

        await asyncio.to_thread(self._change, org_id, rewrapped)

    async def shred(self, org_id: OrgId, now_us: int) -> OrganizationKeys:
        return await asyncio.to_thread(
            self._change, org_id, lambda keys: OrganizationKeys((), max(keys.current, keys.shredded), now_us)
        )

    async def organizations(self) -> Sequence[OrgId]:
        return await asyncio.to_thread(self._all)

    def _all(self) -> Sequence[OrgId]:
        found = (decode(Prefix.ORGANIZATION, path.stem) for path in self._folder.glob(f"*{SUFFIX}"))
        return sorted(org_id for org_id in found if org_id is not None)

    def _file(self, org_id: OrgId) -> Path:
        return self._folder / f"{encode(Prefix.ORGANIZATION, org_id)}{SUFFIX}"

    def _read(self, org_id: OrgId) -> OrganizationKeys:
        file = self._file(org_id)
        try:
            return msgspec.json.decode(file.read_bytes(), type=OrganizationKeys)
        except FileNotFoundError:
            return OrganizationKeys()
        except OSError as error:
            raise KeyFileDamaged(file=file.name, reason=error.strerror or "cannot be read") from error
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise KeyFileDamaged(file=file.name, reason="is damaged") from None

    def _change(self, org_id: OrgId, change: Callable[[OrganizationKeys], OrganizationKeys]) -> OrganizationKeys:
        file = self._file(org_id)
        try:
            with self._locked():
                before = self._read(org_id)
                after = change(before)
                if after != before:
                    write_durably(file, msgspec.json.encode(after))
                return after
        except OSError as error:
            raise KeyFileDamaged(file=file.name, reason=error.strerror or "cannot be written") from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        descriptor = os.open(self._folder / LOCK_FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
