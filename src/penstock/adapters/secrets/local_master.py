"""Master keys in this process: from a file of the data directory, or from the environment."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol

from penstock.adapters.secrets.aes_gcm import KEY_BYTES, AesGcm
from penstock.core.vault.config import MASTER_VARIABLE, PREVIOUS_VARIABLE
from penstock.core.vault.errors import MasterKeyElsewhere, MasterKeyWrong
from penstock.core.vault.models import WrappedKey


class LocalMaster:
    """Implements `MasterKey` with keys of the environment. The last key wraps; the others only unwrap."""

    kind = "env"

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._ciphers = AesGcm()
        self._keys: dict[str, bytes] = {}
        self._current = ""
        self._use(keys)

    @property
    def name(self) -> str:
        return self._current

    def knows(self, master: str) -> bool:
        return master in self._keys

    async def check(self) -> None:
        """Keys in memory can always be used."""

    async def refresh(self) -> None:
        """The environment of a process does not change."""

    async def wrap(self, key: bytearray, bond: str) -> WrappedKey:
        current = self._current
        return WrappedKey(current, self._ciphers.encrypt(self._keys[current], key, bond))

    async def unwrap(self, wrapped: bytes, master: str, bond: str) -> bytearray:
        if master not in self._keys:
            await self.refresh()
        if master not in self._keys:
            raise MasterKeyWrong(reason=f"they need {master[:80]}, and this server has {', '.join(self._keys)}")
        try:
            return self._ciphers.decrypt(self._keys[master], wrapped, bond)
        except ValueError:
            raise MasterKeyWrong(reason=f"a key that {master} wrapped is damaged") from None

    async def rotate(self) -> None:
        raise MasterKeyElsewhere(
            reason=f"set {PREVIOUS_VARIABLE} to the present key and {MASTER_VARIABLE} to a new one of {KEY_BYTES} random bytes, "
            f"then restart the server"
        )

    async def forget(self) -> None:
        if len(self._keys) > 1:
            raise MasterKeyElsewhere(reason=f"nothing needs the old master key: remove {PREVIOUS_VARIABLE}, restart the server")

    async def close(self) -> None:
        """Nothing is open."""

    def _use(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a master key has {KEY_BYTES} bytes")
        self._keys = {name_of(key): key for key in keys}
        self._current = name_of(keys[-1])


class KeyFile(Protocol):
    """A file with master keys, the current one last."""

    def read_or_create(self) -> Sequence[bytes]:
        """The keys."""

    def add(self) -> Sequence[bytes]:
        """Add a key. Returns all."""

    def keep_needed(self, name_of: Callable[[bytes], str], at_least: int) -> Sequence[bytes]:
        """Remove the keys that wrap nothing, but not the newest `at_least`. Returns what is left."""

    def version(self) -> tuple[int, ...]:
        """Changes when the file does."""


class FileMaster(LocalMaster):
    """Implements `MasterKey` with a file, which is read again when it has changed. A `former` one wraps nothing."""

    kind = "file"

    def __init__(self, file: KeyFile, *, former: bool = False) -> None:
        self._file = file
        self._former = former
        self._version = file.version()
        super().__init__(file.read_or_create())

    async def refresh(self) -> None:
        version = self._file.version()
        if version and version != self._version:
            self._use(self._file.read_or_create())
            self._version = version

    async def rotate(self) -> None:
        self._use(self._file.add())

    async def forget(self) -> None:
        left = self._file.keep_needed(name_of, 0 if self._former else 1)
        if left:
            self._use(left)

    async def wrap(self, key: bytearray, bond: str) -> WrappedKey:
        await self.refresh()
        return await super().wrap(key, bond)


def name_of(key: bytes) -> str:
    """The name of a master key, which does not reveal it."""
    return f"local-{hashlib.blake2b(b'name', key=key, digest_size=6).hexdigest()}"
