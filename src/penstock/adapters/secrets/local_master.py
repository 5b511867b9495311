"""A master key in this process: from a file of the data directory or from the environment."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from penstock.adapters.secrets.aes_gcm import KEY_BYTES, AesGcm
from penstock.core.vault.errors import MasterKeyWrong


class LocalMaster:
    """Implements `MasterKey`. The last key wraps; the others only unwrap what they wrapped before a rotation."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        if not keys or any(len(key) != KEY_BYTES for key in keys):
            raise ValueError(f"a master key has {KEY_BYTES} bytes")
        self._keys = {name_of(key): key for key in keys}
        self._current = name_of(keys[-1])
        self._ciphers = AesGcm()

    @property
    def name(self) -> str:
        return self._current

    async def wrap(self, key: bytearray, bond: str) -> bytes:
        return self._ciphers.encrypt(self._keys[self._current], key, bond)

    async def unwrap(self, wrapped: bytes, master: str, bond: str) -> bytearray:
        if master not in self._keys:
            raise MasterKeyWrong(reason=f"they need {master}, and this server has {', '.join(self._keys)}")
        try:
            return self._ciphers.decrypt(self._keys[master], wrapped, bond)
        except ValueError:
            raise MasterKeyWrong(reason=f"a key that {master} wrapped is damaged") from None


def name_of(key: bytes) -> str:
    """The name of a master key, which does not reveal it."""
    return f"local-{hashlib.blake2b(b'name', key=key, digest_size=6).hexdigest()}"
