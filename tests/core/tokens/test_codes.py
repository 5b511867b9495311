"""Codes of tokens: right at every second, each with its entry, and consumed once."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import random
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import pyotp
import pytest

from penstock.core.tokens import codes
from penstock.core.tokens.errors import CodeConsumed, TokenNotFound
from penstock.core.tokens.models import Code, Permission, TokenPatch
from penstock.core.tokens.service import get_token
from penstock.core.vault.totp import HASHES, code_at
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import PenstockError, Unavailable
from tests.core.tokens.opened import SEED, Opened
from tests.core.vault.test_totp import SEEDS, VECTORS
from tests.support.shelf import Shelf

EXAMPLE_S = 1_777_713_304
"""The time of the vendor's example."""


@pytest.fixture
def opened(shelf: Shelf, tmp_path: Path) -> Opened:
    return Opened(shelf, tmp_path / "keys")


async def test_the_example_of_the_vendor_and_the_vectors_of_the_standard(opened: Opened) -> None:
    await opened.add()
    opened.clock.us = EXAMPLE_S * SECOND_US + 999_999
    assert await opened.codes.current(opened.owner, "aws-prod") == Code(code="497539", expires_in_s=26, period_s=30)
    for algorithm in HASHES:
        await opened.add(algorithm.lower(), algorithm=algorithm, seed=SEEDS[algorithm], digits=8)
    for moment, *wanted in VECTORS:
        opened.clock.us = moment * SECOND_US
        assert [(await opened.codes.current(opened.owner, one.lower())).code for one in HASHES] == wanted


async def test_code_and_seconds_are_of_one_moment_over_every_edge(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """2,000 moments around the ends of periods, of every period and algorithm that there is, next to another implementation."""

    class Instant:
        async def record(self, *_: object, **__: object) -> None: ...

    monkeypatch.setattr(opened.codes, "_acts", Instant())  # the audit log is the subject of others
    chance = random.Random(20_260_502)
    kinds = [(15, "SHA1", 6), (30, "SHA1", 6), (30, "SHA256", 8), (60, "SHA512", 7), (300, "SHA1", 8)]
    for period_s, algorithm, digits in kinds:
        name = f"of-{period_s}-{algorithm.lower()}"
        await opened.add(name, period_s=period_s, algorithm=algorithm, digits=digits)
        other = pyotp.HOTP(base64.b32encode(SEED).decode(), digits=digits, digest=getattr(hashlib, HASHES[algorithm]))
        for _ in range(400):
            edge_us = chance.randrange(1_700_000_000 // period_s, 1_800_000_000 // period_s) * period_s * SECOND_US
            opened.clock.us = edge_us + chance.choice((-1, 0, 1, chance.randrange(-2 * SECOND_US, 2 * SECOND_US)))
            step, passed_s = divmod(opened.clock.us // SECOND_US, period_s)
            found = await opened.codes.current(opened.owner, name)
            assert found == Code(code=other.at(step), expires_in_s=period_s - passed_s, period_s=period_s)


async def test_pyotp_says_the_same_at_every_second_over_an_edge(opened: Opened) -> None:
    await opened.add()
    other = pyotp.TOTP(base64.b32encode(SEED).decode())
    for now_s in range(EXAMPLE_S, EXAMPLE_S + 33):
        opened.clock.us = now_s * SECOND_US
        assert (await opened.codes.current(opened.owner, "aws-prod")).code == other.at(now_s)


async def test_a_commit_over_an_edge_brings_the_code_of_after_it(opened: Opened) -> None:
    await opened.add()
    opened.clock.us = 1_800_000_000 * SECOND_US - 1
    acts = opened.codes._acts

    class Slow:
        async def record(self, *args: object, **details: object) -> None:
            await acts.record(*args, **details)  # type: ignore[arg-type]
            opened.clock.us += 2

    opened.codes._acts = Slow()
    found = await opened.codes.current(opened.owner, "aws-prod")
    assert found == Code(code=code_at(SEED, 60_000_000), expires_in_s=30, period_s=30)


async def test_a_change_during_the_commit_counts(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code is that of the seed at the answer; a token that was deleted has none, and another of its name is not it."""
    await opened.add()
    acts, other = opened.codes._acts, b"98765432109876543210"

    def during(change: Callable[[], Awaitable[object]]) -> None:
        class Slow:
            async def record(self, *args: object, **details: object) -> None:
                await acts.record(*args, **details)  # type: ignore[arg-type]
                await change()

        monkeypatch.setattr(opened.codes, "_acts", Slow())

    during(lambda: opened.service.rotate(opened.owner, "aws-prod", other))
    found = await opened.codes.current(opened.owner, "aws-prod")
    assert found.code == code_at(other, opened.clock.us // SECOND_US // 30)

    async def replaced() -> None:
        await opened.service.delete(opened.owner, "aws-prod")
        await opened.add()

    for change in (replaced, lambda: opened.service.delete(opened.owner, "aws-prod")):
        during(change)
        with pytest.raises(TokenNotFound, match="aws-prod"):
            await opened.codes.current(opened.owner, "aws-prod")


@pytest.mark.skipif(shutil.which("oathtool") is None, reason="oathtool is not installed here")
async def test_oathtool_says_the_same_at_every_second_over_an_edge(opened: Opened) -> None:
    await opened.add()
    for now_s in range(EXAMPLE_S, EXAMPLE_S + 33):
        opened.clock.us = now_s * SECOND_US
        command = ["oathtool", "--totp", f"--now=@{now_s}", SEED.hex()]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
        assert (await opened.codes.current(opened.owner, "aws-prod")).code == said


async def test_each_code_has_its_entry_also_of_simultaneous_calls(opened: Opened) -> None:
    token = await opened.add()
    await asyncio.gather(*(opened.codes.current(opened.owner, "aws-prod") for _ in range(150)))
    found = await opened.entries("token.code.generate")
    assert len(found) == 150
    assert {(one.target.kind, one.target.name, one.actor_name) for one in found} == {("token", "aws-prod", "owner")}
    assert found[0].target.id.startswith("tok_")
    assert str(token.id) not in str(found[0].details)
    assert [one.seq for one in found] == list(range(found[0].seq, found[0].seq + 150))


async def test_without_its_entry_there_is_no_code(opened: Opened) -> None:
    await opened.add()

    class Full:
        async def record(self, *_: object, **__: object) -> None:
            raise Unavailable(reason="the disk is full")

    opened.codes._acts = Full()
    with pytest.raises(Unavailable, match="full"):
        await opened.codes.current(opened.owner, "aws-prod")


async def test_of_200_calls_one_consumes_the_code_also_after_a_restart(opened: Opened, shelf: Shelf) -> None:
    await opened.add()
    opened.clock.us = EXAMPLE_S * SECOND_US

    async def tried(services: Opened) -> Code | PenstockError:
        try:
            return await services.codes.current(opened.owner, "aws-prod", consume=True)
        except CodeConsumed as error:
            return error

    outcomes = await asyncio.gather(*(tried(opened) for _ in range(200)))
    assert [one for one in outcomes if isinstance(one, Code)] == [Code(code="497539", expires_in_s=26, period_s=30)]
    lost = [one for one in outcomes if isinstance(one, CodeConsumed)]
    assert len(lost) == 199
    assert {one.facts["retry_after_s"] for one in lost} == {26}
    again = Opened(shelf, opened.folder, clock=opened.clock)
    assert isinstance(await tried(again), CodeConsumed)
    # A plain call gets it all the same, and the next step has a code of its own.
    assert (await again.codes.current(opened.owner, "aws-prod")).code == "497539"
    opened.clock.us += 26 * SECOND_US
    assert isinstance(await tried(again), Code)
    assert [one.details for one in await opened.entries("token.code.generate")] == [{"consumed": True}, {}, {"consumed": True}]
    # A clock that was set back does not bring a code back.
    opened.clock.us -= 60 * SECOND_US
    late = await tried(again)
    assert isinstance(late, CodeConsumed)
    assert late.facts["retry_after_s"] == 60 + 30


async def test_a_change_counts_at_the_next_call(opened: Opened) -> None:
    await opened.add()
    await opened.add("other")
    opened.clock.us = EXAMPLE_S * SECOND_US
    token = (await opened.service.get(opened.owner, "aws-prod")).token
    assert (await opened.codes.current(opened.owner, "aws-prod", consume=True)).code == "497539"
    new = await opened.service.rotate(opened.owner, "aws-prod", b"another seed")
    wanted = code_at(b"another seed", EXAMPLE_S // 30)
    assert bytes(new.seed) == b"another seed"
    assert (await opened.codes.current(opened.owner, "aws-prod")).code == wanted
    assert (await opened.codes.current(opened.owner, "aws-prod", consume=True)).code == wanted, (
        "of the new seed none was consumed"
    )
    await opened.service.update(opened.owner, "aws-prod", TokenPatch(name="aws"))
    with pytest.raises(TokenNotFound):
        await opened.codes.current(opened.owner, "aws-prod")
    assert (await opened.codes.current(opened.owner, "aws")).code == wanted
    await opened.service.delete(opened.owner, "aws")
    for ref in ("aws", f"tok_{token.id}"):
        with pytest.raises(TokenNotFound):
            await opened.codes.current(opened.owner, ref)


async def test_a_change_in_another_process_counts_once_it_is_told(opened: Opened, shelf: Shelf) -> None:
    await opened.add()
    assert (await opened.codes.current(opened.owner, "aws-prod")).code
    other = Opened(shelf, opened.folder, clock=opened.clock)
    await other.service.rotate(other.owner, "aws-prod", b"another seed")
    step = opened.clock.us // SECOND_US // 30
    # To consume is never of an old seed, told or not.
    assert (await opened.codes.current(opened.owner, "aws-prod", consume=True)).code == code_at(b"another seed", step)
    await other.service.delete(other.owner, "aws-prod")
    opened.codes.clear()
    with pytest.raises(TokenNotFound):
        await opened.codes.current(opened.owner, "aws-prod")


async def test_what_is_read_while_it_changes_does_not_stay(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    token = await opened.add()
    find = get_token

    async def slowly(tx: object, ref: str) -> object:
        found = await find(tx, ref)  # type: ignore[arg-type]
        opened.codes.forget(opened.shelf.acme, token)  # as after a commit of another call
        return found

    monkeypatch.setattr(codes, "get_token", slowly)
    await opened.codes.current(opened.owner, "aws-prod")
    assert not opened.codes._known


async def test_only_some_tokens_stay_in_memory(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "MAX_CACHED", 2)
    for name in "abc":
        await opened.add(name)
        await opened.codes.current(opened.owner, name)
    assert list(opened.codes._known) == [(opened.shelf.acme, "c")]


async def test_a_grant_is_read_at_every_call(opened: Opened) -> None:
    await opened.add()
    for consume in (False, True):
        opened.access.grants.clear()
        with pytest.raises(TokenNotFound):
            await opened.codes.current(opened.member, "aws-prod", consume=consume)
        opened.access.grants["aws-prod"] = Permission.CODE
        assert (await opened.codes.current(opened.member, "aws-prod", consume=consume)).code
    with pytest.raises(TokenNotFound):
        await opened.codes.current(opened.stranger, "aws-prod")


async def test_no_seed_stays_in_memory(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    await opened.add()
    seen: list[bytearray] = []

    def noted(seed: bytearray, step: int, algorithm: str, digits: int) -> str:
        seen.append(seed)
        return code_at(seed, step, algorithm, digits)

    monkeypatch.setattr(codes, "code_at", noted)
    await opened.codes.current(opened.owner, "aws-prod")
    await opened.codes.current(opened.owner, "aws-prod", consume=True)
    assert [bytes(one) for one in seen] == [bytes(len(SEED))] * 2
