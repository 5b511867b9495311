"""Keys from passphrases, in separate threads: argon2id, scrypt and PBKDF2.

One takes up to 128 MiB and a second of a core, which makes guessing expensive. Only a few are derived at once, and only a limited
number may wait: a flood of imports affects only imports, never the rest of the server.
"""

from __future__ import annotations

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor

from penstock.core.tokens.formats.passphrases import KEY_BYTES, MAX_MEMORY_BYTES, Argon2id, Derivation, Scrypt
from penstock.kit.errors import Kind, PenstockError

THREADS = 2
MAX_WAITING = 16
VERSION = 19
"""Of argon2: 1.3."""


class TooManyPassphrases(PenstockError):
    """Too many passphrases are waiting for their key. This one was not used."""

    kind, code = Kind.UNAVAILABLE, "tokens.too_many_passphrases"
    message = "too many imports and exports with passphrases are in progress; retry shortly"


class ThreadedPassphrases:
    """Implements `PassphraseKeys`."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "passphrases")  # it starts no thread before there is work
        self._waiting = 0

    async def derive(self, passphrase: str, how: Derivation) -> bytearray:
        if self._waiting >= MAX_WAITING:
            raise TooManyPassphrases()
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, derived, passphrase, how)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def derived(passphrase: str, how: Derivation) -> bytearray:
    """The key of a passphrase."""
    secret = passphrase.encode("utf-8", "surrogatepass")
    if isinstance(how, Argon2id):
        from argon2.low_level import Type, hash_secret_raw

        return bytearray(
            hash_secret_raw(secret, how.salt, how.iterations, how.memory_kib, how.lanes, KEY_BYTES, Type.ID, VERSION)
        )
    if isinstance(how, Scrypt):
        # Somewhat more than the blocks themselves, of which the library counts also those of its working space.
        memory = 2 * MAX_MEMORY_BYTES
        return bytearray(hashlib.scrypt(secret, salt=how.salt, n=how.n, r=how.r, p=how.p, maxmem=memory, dklen=KEY_BYTES))
    return bytearray(hashlib.pbkdf2_hmac("sha256", secret, how.salt, how.iterations, KEY_BYTES))
