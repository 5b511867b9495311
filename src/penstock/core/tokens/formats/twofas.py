"""Backups of 2FAS Auth: JSON, plain or encrypted with a password.

Encrypted: `servicesEncrypted` is ciphertext with tag, salt and nonce, each in base64, joined by colons. The key is PBKDF2 with
HMAC-SHA-256 and 10,000 iterations of the password; the cipher is AES-256-GCM. Source: 2FAS for Android, BackupContent (schema 4).
"""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec

from penstock.core.tokens.formats.entries import HOTP, Entry, Found, Gatherer, algorithm_of, checked, seed_of
from penstock.core.tokens.formats.passphrases import Opener, Pbkdf2
from penstock.core.tokens.formats.texts import FIELD, base64_of, json_of, one_of_many
from penstock.core.vault.keyring import wiped
from penstock.kit.errors import InvalidInput
from penstock.kit.secret import hides

WHAT = "a backup of 2FAS (schema version 1 to 4)"
MAX_SCHEMA = 4
ITERATIONS = 10_000


@hides("services")
class _Backup(msgspec.Struct, frozen=True, rename="camel"):
    schema_version: int
    services: list[Any] = []
    services_encrypted: str | None = None


class _Otp(msgspec.Struct, frozen=True, rename="camel"):
    account: str | None = None
    issuer: str | None = None
    label: str | None = None
    digits: int | None = None
    period: int | None = None
    algorithm: str | None = None
    token_type: str | None = None


@hides("secret")
class _Service(msgspec.Struct, frozen=True):
    secret: str
    name: str | None = None
    otp: _Otp = _Otp()


async def parse(text: str, passphrase: str | None, opener: Opener) -> Found:
    """The tokens of a backup.

    Raises:
        InvalidInput: it is not such a backup, or the passphrase is missing or wrong.
        Unavailable.
    """
    backup = json_of(text, _Backup, WHAT)
    if not 1 <= backup.schema_version <= MAX_SCHEMA:
        raise InvalidInput.field(FIELD, f"must be {WHAT}")
    if backup.services_encrypted is None:
        return _found(backup.services)
    parts = backup.services_encrypted.split(":")
    if len(parts) != 3:
        raise InvalidInput.field(FIELD, f"must be {WHAT}")
    encrypted, salt, nonce = (base64_of(part, WHAT) for part in parts)
    with wiped(await opener.open(passphrase, Pbkdf2(salt, ITERATIONS), nonce + encrypted)) as content:
        return _found(json_of(content, list[Any], WHAT))


def _found(services: list[Any]) -> Found:
    found = Gatherer(FIELD)
    for value in services:
        one = one_of_many(value, _Service)
        if one is None:
            found.leave_out("", "is not a valid entry")
        else:
            found.attempt(":".join(filter(None, (one.otp.issuer or one.name, one.otp.account))), partial(_entry, one))
    return found.result()


def _entry(one: _Service) -> Entry:
    otp = one.otp
    kind = (otp.token_type or "TOTP").upper()
    if kind == "HOTP":
        raise InvalidInput.field("", HOTP, "hotp")
    if kind != "TOTP":
        raise InvalidInput.field("", "has a kind that is not supported")
    return checked(
        seed=seed_of(one.secret, "secret"),
        issuer=otp.issuer or one.name or "",
        account=otp.account or otp.label or "",
        algorithm=algorithm_of(otp.algorithm or "SHA1"),
        digits=6 if otp.digits is None else otp.digits,
        period_s=30 if otp.period is None else otp.period,
    )
