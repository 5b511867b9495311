"""The transit engine over a real socket: every call of it, and every way in which it fails."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from penstock.adapters.secrets.transit import REFRESH_S, TransitMaster
from penstock.core.vault.config import TransitConfig
from penstock.core.vault.errors import MasterKeyUnreachable, MasterKeyWrong, VaultMisconfigured
from penstock.kit.clock import SystemClock
from tests.support.authority import Authority
from tests.support.transit import KEY, MOUNT, SEALED, TOKEN, FakeTransit, fake_transit


@pytest.fixture
def engine() -> Iterator[FakeTransit]:
    with fake_transit() as running:
        yield running


class Later(SystemClock):
    """A clock that a test puts forward."""

    ahead_s = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead_s


@asynccontextmanager
async def master_of(engine: FakeTransit, **settings: Any) -> AsyncIterator[TransitMaster]:
    clock = settings.pop("clock", SystemClock())
    values = {"url": engine.url, "mount": MOUNT, "key": KEY, "namespace": "", "token_file": "", "timeout_s": 5, "ca_file": ""}
    master = TransitMaster(TransitConfig(**(values | settings)), lambda: TOKEN, clock)
    try:
        yield master
    finally:
        await master.close()


async def test_it_wraps_and_unwraps_bound_to_the_organisation(engine: FakeTransit) -> None:
    async with master_of(engine, namespace="team/a") as master:
        await master.check()
        wrapped = await master.wrap(bytearray(b"k" * 32), "org 1")
        assert (wrapped.master, master.name) == ("transit:transit/penstock:v1", "transit:transit/penstock:v1")
        assert wrapped.wrapped.startswith(b"vault:v1:")
        assert await master.unwrap(wrapped.wrapped, wrapped.master, "org 1") == b"k" * 32
        with pytest.raises(MasterKeyWrong, match="message authentication failed"):
            await master.unwrap(wrapped.wrapped, wrapped.master, "org 2")
        assert {headers["x-vault-namespace"] for _, headers in engine.asked} == {"team/a"}
        with pytest.raises(MasterKeyWrong, match="they need local-1"):
            await master.unwrap(b"x", "local-1", "org 1")


async def test_calls_at_the_same_moment_ask_once_and_one_that_is_cancelled_takes_none_with_it(engine: FakeTransit) -> None:
    async with master_of(engine) as master:
        one = await master.wrap(bytearray(b"k" * 32), "org 1")
        asked = len(engine.asked)

        def unwrap() -> asyncio.Task[bytearray]:
            return asyncio.create_task(master.unwrap(one.wrapped, one.master, "org 1"))

        found = await asyncio.gather(*(unwrap() for _ in range(5)))
        found[0][:] = bytes(32)  # each has its own, and wipes it
        assert (found[1:], len(engine.asked)) == ([b"k" * 32] * 4, asked + 1)
        first, second = unwrap(), unwrap()
        await asyncio.sleep(0)
        first.cancel()
        assert await second == b"k" * 32
        engine.fails = (503, SEALED)
        failed = await asyncio.gather(*(unwrap() for _ in range(3)), return_exceptions=True)
        assert [type(error) for error in failed] == [MasterKeyUnreachable] * 3
        engine.fails = None
        assert await unwrap() == b"k" * 32


async def test_a_rotation_is_noticed_and_old_versions_end_when_forgotten(engine: FakeTransit) -> None:
    clock = Later()
    async with master_of(engine) as command, master_of(engine, clock=clock) as server:
        await server.check()
        before = await server.wrap(bytearray(b"k" * 32), "org 1")
        await command.rotate()
        assert command.name == "transit:transit/penstock:v2"
        calls = len(engine.asked)
        await server.refresh()
        assert (server.name, len(engine.asked)) == ("transit:transit/penstock:v1", calls)
        clock.ahead_s = REFRESH_S
        await server.refresh()
        assert server.name == command.name
        assert await server.unwrap(before.wrapped, before.master, "org 1") == b"k" * 32
        await command.forget()
        assert engine.min_decryption_version == 2
        with pytest.raises(MasterKeyWrong, match="too old"):
            await server.unwrap(before.wrapped, before.master, "org 1")


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (403, {"errors": ["permission denied"]}, "answered 403 for transit:transit/penstock: the token is missing"),
        (404, {"errors": []}, "there is no such mount or key"),
        (429, {"errors": ["rate"]}, "too many requests"),
        (503, SEALED, "it is sealed or in maintenance"),
        (500, {"errors": ["internal\nerror"]}, "answered 500 for transit:transit/penstock: internal error"),
        (302, {}, "answered 302"),
        (200, {"data": {"ciphertext": "vault:v1"}}, "answered without a ciphertext"),
        (200, {"data": {}}, "not that of a transit engine"),
        (400, {"errors": ["encryption key not found"]}, "refused to encrypt: encryption key not found"),
    ],
)
async def test_every_failure_is_one_line_without_the_token(
    engine: FakeTransit, status: int, body: dict[str, Any], told: str
) -> None:
    engine.fails = (status, body)
    async with master_of(engine) as master:
        with pytest.raises(MasterKeyUnreachable) as caught:
            await master.check()
    assert told in caught.value.detail
    assert "\n" not in caught.value.detail
    assert TOKEN not in caught.value.detail


async def test_an_answer_that_is_not_json_is_refused(engine: FakeTransit) -> None:
    engine.raw_answer = b"<html>\xff"
    async with master_of(engine) as master:
        with pytest.raises(MasterKeyUnreachable, match="not that of a transit engine"):
            await master.check()


async def test_an_engine_that_does_not_bind_is_refused(engine: FakeTransit) -> None:
    engine.ignores_associated_data = True
    async with master_of(engine) as master:
        with pytest.raises(VaultMisconfigured, match="ignores associated_data"):
            await master.check()


async def test_nobody_there_is_one_line() -> None:
    with fake_transit() as engine:
        pass
    async with master_of(engine) as master:
        with pytest.raises(MasterKeyUnreachable, match="cannot be connected to"):
            await master.check()


async def test_tls_is_verified_against_the_file(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    pair, context = authority.pair(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.certificate, pair.key)
    (tmp_path / "ca.pem").write_bytes(authority.certificate)
    with fake_transit(context) as engine:
        async with master_of(engine, ca_file=str(tmp_path / "ca.pem")) as master:
            await master.check()
        async with master_of(engine) as master:
            with pytest.raises(MasterKeyUnreachable, match="cannot be connected to"):
                await master.check()
    with pytest.raises(VaultMisconfigured, match="no certificate authorities"):
        async with master_of(engine, ca_file=str(pair.key)):
            pass
