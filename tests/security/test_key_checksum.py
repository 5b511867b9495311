"""K2: a key or token that was altered is refused, and one whose checksum fails costs no look-up."""

from __future__ import annotations

import random
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import open_server
from penstock.bootstrap.dialects import KEY_STYLES
from penstock.core.actor import Actor, ActorKind
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.models import NewDevice
from penstock.core.tenancy.authentication import KeyAuthenticator
from penstock.core.tenancy.errors import CredentialInvalid
from penstock.core.tenancy.scopes import ALL
from penstock.kit.clock import SystemClock
from penstock.kit.secret import new_credential, well_formed
from penstock.settings import load_settings

MUTANTS = 20_000
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class CountingDatabase:
    """A database that counts how often it is asked."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self.reads = 0

    def __getattr__(self, name: str) -> Callable[..., AbstractAsyncContextManager[Any]]:
        self.reads += 1
        found: Callable[..., AbstractAsyncContextManager[Any]] = getattr(self._database, name)
        return found


class Doors:
    """Both doors over one database, with a key and a token that are good."""

    def __init__(self, database: Any, pepper: Any, key: str, token: str) -> None:
        self.database = CountingDatabase(database)
        self.keys = KeyAuthenticator(
            database=self.database, pepper=pepper, clock=SystemClock(), styles=KEY_STYLES, role_scopes={}
        )  # type: ignore[arg-type]
        self.devices = DeviceDirectory(self.database, pepper)  # type: ignore[arg-type]
        self.key, self.token = key, token

    async def lets_key_in(self, value: bytes) -> bool:
        try:
            self.keys.known(value, "") or await self.keys.authenticate(value, "")
        except CredentialInvalid:
            return False
        return True

    async def lets_token_in(self, value: bytes) -> bool:
        return (self.devices.find_cached_by_token(value) or await self.devices.find_by_token(value)) is not None


@pytest.fixture
async def doors(tmp_path: Path) -> AsyncIterator[Doors]:
    data_dir = DataDir(tmp_path / "data")
    async with open_server(data_dir, load_settings(environment={})) as server:
        made = await server.tenancy.bootstrap("Acme", "acme@example.org")
        actor = Actor(org_id=made.organization.id, kind=ActorKind.KEY, id=1, scopes=ALL)
        created = await server.devices.create(actor, NewDevice(name="d"))
        yield Doors(server.database, data_dir.pepper(), made.key.value, created.access_token)


def mutated(text: str, chance: random.Random) -> bytes:
    """A credential after one accident: a typing mistake, a cut, a forgery that keeps the shape, a strange encoding."""
    at = chance.randrange(len(text))
    digit = chance.choice(DIGITS)
    other = chance.randrange(len(text))
    low, high = sorted((at, other))
    accidents: list[Callable[[], str]] = [
        lambda: text[:at] + digit + text[at + 1 :],
        lambda: text[:low] + text[high : high + 1] + text[low + 1 : high] + text[low : low + 1] + text[high + 1 :],
        lambda: text[:at] + text[at + 1 :],
        lambda: text[:at] + digit + text[at:],
        lambda: text[:at],
        lambda: text[at:],
        lambda: text[:at] + text[at:].swapcase(),
        lambda: text[:4] + "".join(chance.choices(DIGITS, k=36)),
        lambda: text[:-6] + "".join(chance.choices(DIGITS, k=6)),
        lambda: text + chance.choice(["\0", "\n", " ", "=", digit]),
        lambda: text[:at] + chance.choice("\xe9\xff\x80\0 _-+") + text[at + 1 :],
        lambda: chance.choice(["psk_", "tok_", "PSK_", "swk_", ""]) + text[4:],
    ]
    return chance.choice(accidents)().encode("latin-1", "replace")


def oracle(value: bytes, prefix: bytes) -> bool:
    """The checksum rule written a second time: 30 digits, then their CRC-32 with the prefix in 6 base62 digits."""
    if len(value) != len(prefix) + 36 or not value.startswith(prefix):
        return False
    number, digits = zlib.crc32(value[:-6]), ""
    for _ in range(6):
        number, rest = divmod(number, 62)
        digits = DIGITS[rest] + digits
    return value[-6:] == digits.encode()


async def test_no_mutated_key_is_accepted_and_none_costs_a_look_up(doors: Doors) -> None:
    await refuses_mutants(doors, doors.key, b"psk_", doors.lets_key_in)


async def test_no_mutated_token_is_accepted_and_none_costs_a_look_up(doors: Doors) -> None:
    await refuses_mutants(doors, doors.token, b"tok_", doors.lets_token_in)


async def refuses_mutants(doors: Doors, good: str, prefix: bytes, is_usable: Callable[[bytes], Any]) -> None:
    assert await is_usable(good.encode())  # which puts it into memory, where a sloppy comparison would find it
    doors.database.reads = 0
    chance = random.Random(20260502)
    mutants: set[bytes] = set()
    while len(mutants) < MUTANTS:
        mutant = mutated(good, chance)
        if chance.random() < 0.5 and mutant:
            mutant = mutated(mutant.decode("latin-1"), chance)
        if mutant != good.encode():
            mutants.add(mutant)
    accepted = [mutant for mutant in mutants if await is_usable(mutant)]
    assert accepted == []
    assert doors.database.reads == sum(oracle(mutant, prefix) for mutant in mutants) == 0


async def test_a_forged_checksum_costs_one_look_up_and_is_remembered(doors: Doors) -> None:
    """What the count above would look like, were the checksum not asked first."""
    for prefix, is_usable in (("psk_", doors.lets_key_in), ("tok_", doors.lets_token_in)):
        doors.database.reads = 0
        forged = [new_credential(prefix).encode() for _ in range(20)]
        assert all(oracle(value, prefix.encode()) for value in forged)
        for _ in range(3):
            assert not any([await is_usable(value) for value in forged])
        assert doors.database.reads == len(forged)


async def test_a_good_credential_is_looked_up_once(doors: Doors) -> None:
    for value, is_usable in ((doors.key, doors.lets_key_in), (doors.token, doors.lets_token_in)):
        doors.database.reads = 0
        assert all([await is_usable(value.encode()) for _ in range(5)])
        assert doors.database.reads == 1


def test_the_rule_is_the_rule() -> None:
    chance = random.Random(1)
    for prefix in ("psk_", "tok_"):
        for _ in range(500):
            value = new_credential(prefix)
            assert well_formed(value, prefix)
            assert oracle(value.encode(), prefix.encode())
            mutant = mutated(value, chance)
            assert well_formed(mutant.decode("latin-1"), prefix) == oracle(mutant, prefix.encode())
