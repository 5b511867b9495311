"""Penstock's own file of tokens, encrypted with a passphrase. Its format is described in docs/guide/token-transfer.md.

Shape: JSON with `format`, `version`, `kdf` (argon2id and its parameters), `cipher` (AES-256-GCM and its nonce) and `content`,
the ciphertext with its tag. Decrypted it is JSON with `tokens`, each with its base32 `secret`. Bytes are in base64.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

import msgspec

from penstock.core.tokens.formats.entries import Entry, Found, Gatherer, algorithm_of, checked, cleaned, seed_of
from penstock.core.tokens.formats.passphrases import NONCE_BYTES, Argon2id, Opener
from penstock.core.tokens.formats.texts import FIELD, base64_of, json_of, one_of_many
from penstock.core.tokens.seeds import check_name
from penstock.core.vault.keyring import wiped
from penstock.core.vault.totp import to_base32
from penstock.kit.errors import InvalidInput
from penstock.kit.secret import hides

WHAT = "a file of tokens that Penstock exported (version 1)"
FORMAT = "penstock-tokens"
VERSION = 1
BOND = f"{FORMAT}:{VERSION}"
"""Authenticated with the content."""
SALT_BYTES = 16
MEMORY_KIB, ITERATIONS, LANES = 65_536, 3, 4
"""Source: RFC 9106, 4, the second recommended option."""
MAX_DESCRIPTION = 2_000


class _Kdf(msgspec.Struct, frozen=True):
    name: Literal["argon2id"]
    version: Literal[19]
    memory_kib: int
    iterations: int
    lanes: int
    salt: str


class _Cipher(msgspec.Struct, frozen=True):
    name: Literal["AES-256-GCM"]
    nonce: str


class _File(msgspec.Struct, frozen=True):
    format: Literal["penstock-tokens"]
    version: Literal[1]
    kdf: _Kdf
    cipher: _Cipher
    content: str


@hides("secret")
class _Token(msgspec.Struct, frozen=True):
    secret: str
    name: str = ""
    issuer: str = ""
    account: str = ""
    description: str = ""
    algorithm: str = "SHA1"
    digits: int = 6
    period: int = 30
    four_eyes: bool = False


@hides("tokens")
class _Content(msgspec.Struct, frozen=True):
    tokens: list[Any]


async def parse(text: str, passphrase: str | None, opener: Opener) -> Found:
    """The tokens of a file.

    Raises:
        InvalidInput: it is not such a file, or the passphrase is missing or wrong.
        Unavailable.
    """
    file = json_of(text, _File, WHAT)
    kdf = file.kdf
    how = Argon2id(base64_of(kdf.salt, WHAT), kdf.memory_kib, kdf.iterations, kdf.lanes)
    nonce = base64_of(file.cipher.nonce, WHAT)
    if len(nonce) != NONCE_BYTES:
        raise InvalidInput.field(FIELD, f"must be {WHAT}")
    with wiped(await opener.open(passphrase, how, nonce + base64_of(file.content, WHAT), BOND)) as content:
        return _found(json_of(content, _Content, WHAT))


async def format_file(entries: Sequence[Entry], passphrase: str, salt: bytes, opener: Opener) -> bytes:
    """The file with these tokens. `salt` is random.

    Raises:
        Unavailable.
    """
    with wiped(bytearray(msgspec.json.encode({"tokens": [_token(entry) for entry in entries]}))) as content:
        encrypted = await opener.seal(passphrase, Argon2id(salt, MEMORY_KIB, ITERATIONS, LANES), content, BOND)
    file = _File(
        format="penstock-tokens",
        version=1,
        kdf=_Kdf("argon2id", 19, MEMORY_KIB, ITERATIONS, LANES, base64.b64encode(salt).decode()),
        cipher=_Cipher("AES-256-GCM", base64.b64encode(encrypted[:NONCE_BYTES]).decode()),
        content=base64.b64encode(encrypted[NONCE_BYTES:]).decode(),
    )
    return msgspec.json.format(msgspec.json.encode(file)) + b"\n"


def _token(entry: Entry) -> _Token:
    return _Token(
        secret=to_base32(entry.seed),
        name=entry.name,
        issuer=entry.issuer,
        account=entry.account,
        description=entry.description,
        algorithm=entry.algorithm,
        digits=entry.digits,
        period=entry.period_s,
        four_eyes=entry.four_eyes,
    )


def _found(content: _Content) -> Found:
    found = Gatherer(FIELD)
    for value in content.tokens:
        one = one_of_many(value, _Token)
        if one is None:
            found.leave_out("", "is not a valid entry")
        else:
            found.attempt(one.name, partial(_entry, one))
    return found.result()


def _entry(one: _Token) -> Entry:
    entry = checked(
        seed=seed_of(one.secret, "secret"),
        issuer=one.issuer,
        account=one.account,
        algorithm=algorithm_of(one.algorithm),
        digits=one.digits,
        period_s=one.period,
    )
    if one.name:
        check_name(one.name)
    name, description = one.name, cleaned(one.description)[:MAX_DESCRIPTION]
    return msgspec.structs.replace(entry, name=name, description=description, four_eyes=one.four_eyes)
