"""Keys that sign tokens: rotated with the clock in hand, over a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from penstock.bootstrap import Control, DataDir, open_control
from penstock.core.people.models import Client, Tokens
from penstock.settings import load_settings
from tests.support.days import HeldClock


@asynccontextmanager
async def opened(folder: Path, clock: HeldClock) -> AsyncIterator[Control]:
    async with open_control(DataDir(folder), load_settings(environment={}), clock) as control:
        yield control


async def test_a_key_is_rotated_and_its_last_tokens_are_honoured(tmp_path: Path) -> None:
    clock = HeldClock()
    async with opened(tmp_path / "data", clock) as control:
        made = await control.tenancy.bootstrap("Acme", "a@example.org")
        people = control.people

        async def sign_in() -> bytes:
            tokens = await people.sign_in.sign_in(made.user_email, made.user_password, None, Client())
            assert isinstance(tokens, Tokens)
            return tokens.access_token.encode()

        await sign_in()
        first = [key["kid"] for key in await people.signing_keys.published()]
        assert len(first) == 1
        clock.next_day(30)
        old = await sign_in()
        await people.signing_keys.rotate()
        both = [key["kid"] for key in await people.signing_keys.published()]
        assert both[1:] == first
        new = await sign_in()
        for token in (old, new):
            assert (await people.authenticator.authenticate(token, "")).name == made.user_email
        people.authenticator.clear()
        assert (await people.authenticator.authenticate(old, "")).name == made.user_email
        clock.us += 1000 * 1_000_000
        clock.s += 1000
        await people.signing_keys.rotate()
        assert [key["kid"] for key in await people.signing_keys.published()] == both[:1]
    async with opened(tmp_path / "data", clock) as again:
        assert [key["kid"] for key in await again.people.signing_keys.published()] == both[:1]


async def test_what_is_stored_of_a_key_signs_nothing_by_itself(tmp_path: Path) -> None:
    clock = HeldClock()
    async with opened(tmp_path / "data", clock) as control:
        await control.people.signing_keys.rotate()
        async with control.database.system_snapshot() as tx:
            (stored,) = await tx.signing_keys.list()
        private = control.people.box.open(stored.sealed, stored.kid)
        files = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
        assert private not in files
        assert private not in msgspec.json.encode(stored)
        assert stored.public in files


async def test_the_first_key_is_created_by_its_first_use_and_renewed_from_then_on(tmp_path: Path) -> None:
    clock = HeldClock()
    async with opened(tmp_path / "data", clock) as control:
        keys = control.people.signing_keys

        async def stored() -> list[str]:
            async with control.database.system_snapshot() as tx:
                return [key.kid for key in await tx.signing_keys.list()]

        await keys.renew()
        assert await stored() == []
        first = [key["kid"] for key in await keys.published()]
        assert await stored() == first
        clock.next_day(30)
        token = await keys.sign(b"{}")
        await keys.renew()
        assert (await stored())[1:] == first
        assert await keys.verify(token.encode()) == b"{}"
        assert await keys.verify((await keys.sign(b"[]")).encode()) == b"[]"
