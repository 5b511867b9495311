"""The bounds of what a passphrase may cost."""

from __future__ import annotations

import pytest

from penstock.core.tokens.formats.passphrases import Argon2id, Derivation, Pbkdf2, Scrypt, check_derivation
from penstock.kit.errors import InvalidInput

from .payloads import opener

SALT = b"0123456789abcdef"


@pytest.mark.parametrize(
    "how",
    [
        Argon2id(SALT, 65_536, 3, 4),
        Argon2id(SALT, 131_072, 8, 16),
        Scrypt(SALT, 2**15, 8, 1),
        Scrypt(SALT, 2, 1, 1),
        Pbkdf2(SALT, 10**6),
    ],
)
def test_what_is_accepted(how: Derivation) -> None:
    check_derivation(how)


@pytest.mark.parametrize(
    "how",
    [
        *(Argon2id(SALT, 131_073, 1, 1), Argon2id(SALT, 131_072, 9, 1), Argon2id(SALT, 8, 1, 2), Argon2id(SALT, 65_536, 1, 17)),
        *(Argon2id(b"short", 65_536, 3, 4), Argon2id(b"x" * 1_025, 65_536, 3, 4)),
        *(
            Scrypt(SALT, 2**18, 8, 1),
            Scrypt(SALT, 2**15, 8, 64),
            Scrypt(SALT, 1, 8, 1),
            Scrypt(SALT, 6, 8, 1),
            Scrypt(SALT, 2, 0, 1),
            # What OpenSSL needs for its lanes, and the bound of RFC 7914 for blocks of this size.
            Scrypt(SALT, 2, 1, 2**21),
            Scrypt(SALT, 2, 2**19, 1),
            Scrypt(SALT, 2**16, 1, 1),
        ),
        *(Pbkdf2(SALT, 0), Pbkdf2(SALT, 10**7)),
    ],
)
def test_what_is_not(how: Derivation) -> None:
    with pytest.raises(InvalidInput, match="parameters"):
        check_derivation(how)


async def test_what_is_sealed_opens_with_the_same_bond() -> None:
    one, how = opener(), Argon2id(SALT, 64, 1, 1)
    sealed = await one.seal("tide", how, bytearray(b"content"), "bond")
    assert await one.open("tide", how, sealed, "bond") == b"content"
    for passphrase, bond in (("tide", "other"), ("weir", "bond")):
        with pytest.raises(InvalidInput, match="passphrase: is wrong"):
            await one.open(passphrase, how, sealed, bond)
