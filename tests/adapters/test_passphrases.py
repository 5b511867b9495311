"""Keys from passphrases: against another library, and a bound on how many wait."""

from __future__ import annotations

import asyncio

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf import argon2, pbkdf2, scrypt

from penstock.adapters import passphrases
from penstock.adapters.passphrases import ThreadedPassphrases, TooManyPassphrases
from penstock.core.tokens.formats.passphrases import Argon2id, Pbkdf2, Scrypt

SALT = b"0123456789abcdef"


async def test_another_library_derives_the_same_keys() -> None:
    keys, words = ThreadedPassphrases(), "tide ü 🔑"
    argon = argon2.Argon2id(salt=SALT, length=32, iterations=2, lanes=2, memory_cost=1_024)
    assert await keys.derive(words, Argon2id(SALT, 1_024, 2, 2)) == argon.derive(words.encode())
    assert await keys.derive(words, Scrypt(SALT, 1_024, 8, 1)) == scrypt.Scrypt(SALT, 32, 1_024, 8, 1).derive(words.encode())
    other = pbkdf2.PBKDF2HMAC(SHA256(), 32, SALT, 1_000)
    assert await keys.derive(words, Pbkdf2(SALT, 1_000)) == other.derive(words.encode())
    keys.close()


async def test_the_most_costly_parameters_can_be_derived() -> None:
    keys = ThreadedPassphrases()
    assert len(await keys.derive("x", Scrypt(SALT, 2**17, 8, 1))) == 32
    keys.close()


async def test_only_so_many_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passphrases, "MAX_WAITING", 3)
    keys, quick = ThreadedPassphrases(), Pbkdf2(SALT, 1)
    found = await asyncio.gather(*(keys.derive("x", quick) for _ in range(5)), return_exceptions=True)
    assert [isinstance(one, TooManyPassphrases) for one in found] == [False, False, False, True, True]
    assert len(await keys.derive("x", quick)) == 32, "there is room again"
    keys.close()
