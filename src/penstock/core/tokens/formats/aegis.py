"""Backups of Aegis Authenticator: JSON, plain or encrypted with a password.

Encrypted: scrypt of the password opens one of the slots, which contains the key of the content; both are AES-256-GCM.
Source: Aegis, docs/vault.md (vault version 1).
"""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from penstock.core.tokens.formats.entries import HOTP, Entry, Found, Gatherer, algorithm_of, checked, seed_of
from penstock.core.tokens.formats.passphrases import KEY_BYTES, Opener, Scrypt, wrong_passphrase
from penstock.core.tokens.formats.texts import FIELD, base64_of, hex_of, json_of, one_of_many
from penstock.core.vault.keyring import wiped
from penstock.kit.errors import InvalidInput
from penstock.kit.secret import hides

WHAT = "a backup of Aegis (vault version 1)"
MAX_SLOTS = 4
"""Slots with a password that are tried: each takes 100 ms. The app makes one, and one more for backups."""
PASSWORD = 1


class _Sealing(msgspec.Struct, frozen=True):
    nonce: str
    tag: str


class _Slot(msgspec.Struct, frozen=True):
    key: str
    key_params: _Sealing
    type: int
    n: int
    r: int
    p: int
    salt: str


class _Header(msgspec.Struct, frozen=True):
    slots: list[Any] | None = None
    params: _Sealing | None = None


@hides("db")
class _Vault(msgspec.Struct, frozen=True):
    version: int
    header: _Header
    db: Any


@hides("entries")
class _Content(msgspec.Struct, frozen=True):
    entries: list[Any]


@hides("secret")
class _Info(msgspec.Struct, frozen=True):
    secret: str
    algo: str = "SHA1"
    digits: int = 6
    period: int = 30


class _Entry(msgspec.Struct, frozen=True):
    type: str
    info: _Info
    name: str | None = None
    issuer: str | None = None


async def parse(text: str, passphrase: str | None, opener: Opener) -> Found:
    """The tokens of a backup.

    Raises:
        InvalidInput: it is not such a backup, or the passphrase is missing or wrong.
        Unavailable.
    """
    vault = json_of(text, _Vault, WHAT)
    if vault.version != 1:
        raise InvalidInput.field(FIELD, f"must be {WHAT}")
    if not isinstance(vault.db, str):
        return _found(_convert(vault.db))
    with wiped(await _opened(vault, vault.db, passphrase, opener)) as content:
        return _found(json_of(content, _Content, WHAT))


async def _opened(vault: _Vault, db: str, passphrase: str | None, opener: Opener) -> bytearray:
    params = vault.header.params
    slots = [slot for one in vault.header.slots or () if (slot := one_of_many(one, _Slot)) and slot.type == PASSWORD]
    if params is None or not slots:
        raise InvalidInput.field(FIELD, "is encrypted without a password; export it from the app with one")
    encrypted = hex_of(params.nonce, WHAT) + base64_of(db, WHAT) + hex_of(params.tag, WHAT)
    for slot in slots[:MAX_SLOTS]:
        key = await _key(slot, passphrase, opener)
        if key is not None:
            with wiped(key):
                return opener.decrypt(key, encrypted)
    raise wrong_passphrase()


async def _key(slot: _Slot, passphrase: str | None, opener: Opener) -> bytearray | None:
    """The key in a slot, or None if the passphrase does not open it."""
    how = Scrypt(hex_of(slot.salt, WHAT), slot.n, slot.r, slot.p)
    parts = (slot.key_params.nonce, slot.key, slot.key_params.tag)
    try:
        key = await opener.open(passphrase, how, b"".join(hex_of(part, WHAT) for part in parts))
    except InvalidInput as error:
        if error.errors[0].code == "wrong":
            return None
        raise
    if len(key) != KEY_BYTES:
        raise InvalidInput.field(FIELD, f"must be {WHAT}")
    return key


def _convert(value: Any) -> _Content:
    found = one_of_many(value, _Content)
    if found is None:
        raise InvalidInput.field(FIELD, f"must be {WHAT}")
    return found


def _found(content: _Content) -> Found:
    found = Gatherer(FIELD)
    for value in content.entries:
        one = one_of_many(value, _Entry)
        if one is None:
            found.leave_out("", "is not a valid entry")
        else:
            found.attempt(":".join(filter(None, (one.issuer, one.name))), partial(_entry, one))
    return found.result()


def _entry(one: _Entry) -> Entry:
    kind = one.type.lower()
    if kind == "hotp":
        raise InvalidInput.field("", HOTP, "hotp")
    if kind != "totp":
        raise InvalidInput.field("", "has a kind that is not supported")
    info = one.info
    return checked(
        seed=seed_of(info.secret, "secret"),
        issuer=one.issuer or "",
        account=one.name or "",
        algorithm=algorithm_of(info.algo),
        digits=info.digits,
        period_s=info.period,
    )
