"""Passwords: their hashes, nobody's password, and a bound on how many wait."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest
from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from penstock.adapters import passwords
from penstock.adapters.passwords import Argon2Passwords, TooManySignIns, hash_password
from tests.support.quick_passwords import CountingHasher


def test_a_hash_costs_what_the_library_recommends() -> None:
    # In a process of its own, as this one has made its passwords quick.
    program = "from penstock.adapters.passwords import hash_password; print(hash_password('tide weir'))"
    stored = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    assert extract_parameters(stored) == RFC_9106_LOW_MEMORY


async def test_a_password_is_known_by_its_hash_alone() -> None:
    hasher = Argon2Passwords()
    first, second = await hasher.hash("tide weir"), hash_password("tide weir")
    assert first != second
    assert first.startswith("$argon2id$")
    assert [await hasher.verify(first, text) for text in ("tide weir", "tide weir ", "")] == [True, False, False]
    assert await hasher.verify(second, "tide weir")
    hasher.close()


async def test_nobodys_password_is_looked_at_like_somebodys(monkeypatch: pytest.MonkeyPatch) -> None:
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "_hasher", counting)
    hasher = Argon2Passwords()
    assert not await hasher.verify("", "nobody has this password")
    assert len(counting.compared) == 2
    assert counting.compared[1].startswith("$argon2id$")
    hasher.close()


async def test_only_so_many_may_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "MAX_WAITING", 3)
    hasher = Argon2Passwords()
    found = await asyncio.gather(*(hasher.hash("x") for _ in range(5)), return_exceptions=True)
    assert [isinstance(one, TooManySignIns) for one in found] == [False, False, False, True, True]
    assert isinstance(await hasher.hash("x"), str), "there is room again"
    hasher.close()
