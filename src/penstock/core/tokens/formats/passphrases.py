"""Keys from passphrases: how the encrypted formats derive them, and the port that does so, slowly by design."""

from __future__ import annotations

from typing import Protocol, TypeAlias

import msgspec

from penstock.core.vault.keyring import wiped
from penstock.core.vault.ports import Ciphers
from penstock.kit.errors import InvalidInput

KEY_BYTES = 32
MAX_PASSPHRASE = 1_024
"""Characters."""
MAX_SALT_BYTES = 1_024
MIN_SALT_BYTES = 8
MAX_MEMORY_BYTES = 128 * 1_048_576
"""Of one derivation: twice as much as our own files need."""
MAX_WORK_BYTES = 1_024 * 1_048_576
"""What one derivation writes in memory in all its passes: about 2 s of one core."""
MAX_LANES = 16
NONCE_BYTES = 12
TAG_BYTES = 16


class Argon2id(msgspec.Struct, frozen=True):
    """The parameters of argon2id, version 1.3. Source: RFC 9106."""

    salt: bytes
    memory_kib: int
    iterations: int
    lanes: int

    @property
    def costs(self) -> tuple[int, int]:
        """The memory, and what is written in all passes. Units: bytes."""
        return self.memory_kib * 1024, self.memory_kib * 1024 * self.iterations


class Scrypt(msgspec.Struct, frozen=True):
    """The parameters of scrypt. Source: RFC 7914."""

    salt: bytes
    n: int
    r: int
    p: int

    @property
    def costs(self) -> tuple[int, int]:
        """The memory, and what is written in all passes. Units: bytes."""
        return 128 * self.r * (self.n + self.p + 2), 128 * self.n * self.r * self.p


class Pbkdf2(msgspec.Struct, frozen=True):
    """The parameters of PBKDF2 with HMAC-SHA-256. Source: RFC 8018, 5.2."""

    salt: bytes
    iterations: int

    @property
    def costs(self) -> tuple[int, int]:
        """It needs no memory; 1,000 iterations take as long as writing 1 MiB. Units: bytes."""
        return 0, self.iterations * 1024


Derivation: TypeAlias = Argon2id | Scrypt | Pbkdf2


class PassphraseKeys(Protocol):
    """Derives keys, outside the event loop; only a few at once, as each takes much memory and time."""

    async def derive(self, passphrase: str, how: Derivation) -> bytearray:
        """A key of 32 bytes, in memory that the caller wipes after use.

        Raises:
            Unavailable: too many callers are waiting.
        """


class Opener:
    """Decrypts what a passphrase protects."""

    def __init__(self, keys: PassphraseKeys, ciphers: Ciphers) -> None:
        self._keys = keys
        self._ciphers = ciphers

    async def open(self, passphrase: str | None, how: Derivation, encrypted: bytes, bond: str = "") -> bytearray:
        """The content of a nonce and ciphertext with its tag. The caller wipes it after use.

        Raises:
            InvalidInput: there is no passphrase, or it is wrong, or the parameters are out of bounds.
            Unavailable.
        """
        if not passphrase:
            raise InvalidInput.field("passphrase", "is required, because the content is encrypted", "required")
        check_passphrase(passphrase)
        check_derivation(how)
        with wiped(await self._keys.derive(passphrase, how)) as key:
            return self.decrypt(key, encrypted, bond)

    def decrypt(self, key: bytes | bytearray, encrypted: bytes, bond: str = "") -> bytearray:
        """The content of a nonce and ciphertext with its tag, by its key.

        Raises:
            InvalidInput: the key is wrong, because the passphrase is, or the content is damaged.
        """
        try:
            return self._ciphers.decrypt(key, encrypted, bond)
        except ValueError:
            raise wrong_passphrase() from None

    async def seal(self, passphrase: str, how: Argon2id, content: bytearray, bond: str) -> bytes:
        """A nonce, then the ciphertext with its tag.

        Raises:
            Unavailable.
        """
        with wiped(await self._keys.derive(passphrase, how)) as key:
            return self._ciphers.encrypt(key, content, bond)


def check_passphrase(passphrase: str) -> None:
    """Check that a passphrase can be used.

    Raises:
        InvalidInput: it is too long.
    """
    if len(passphrase) > MAX_PASSPHRASE:
        raise InvalidInput.field("passphrase", f"must have at most {MAX_PASSPHRASE:,} characters")


def check_derivation(how: Derivation) -> None:
    """Check parameters that come from outside: they must be possible, and not cost too much.

    Raises:
        InvalidInput: they are out of bounds.
    """
    memory, work = how.costs
    lanes = how.lanes if isinstance(how, Argon2id) else 1
    counts = [number for number in msgspec.structs.astuple(how)[1:] if isinstance(number, int)]
    valid = (
        min(counts) >= 1
        and memory <= MAX_MEMORY_BYTES
        and work <= MAX_WORK_BYTES
        and MIN_SALT_BYTES <= len(how.salt) <= MAX_SALT_BYTES
        and (not isinstance(how, Argon2id) or (lanes <= MAX_LANES and how.memory_kib >= 8 * lanes))
        and (not isinstance(how, Scrypt) or (2 <= how.n < 2 ** (16 * how.r) and how.n & (how.n - 1) == 0))
    )
    if not valid:
        raise InvalidInput.field("content", "has parameters for its passphrase that are not accepted")


def wrong_passphrase() -> InvalidInput:
    """The error if a passphrase does not open a file. The two reasons cannot be distinguished."""
    return InvalidInput.field("passphrase", "is wrong, or the content is damaged", "wrong")
