"""The worker that keeps keys: wraps again in batches, loses nothing to a kill or another writer, and rotates by age."""

from __future__ import annotations

import asyncio
import json
import secrets
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from penstock.core.actor import Actor
from penstock.core.vault.errors import MasterKeyUnreachable
from penstock.kit.clock import DAY_US, SECOND_US
from penstock.workers import vault_keys
from tests.support.days import HeldClock
from tests.support.inboxes import open_inboxes
from tests.support.vault_kills import rotated_and_killed
from tests.support.vaults import OpenVault, open_vault, store_many
from tests.support.webhooks import HookSite

SEEDS = [secrets.token_bytes(20) for _ in range(40)]


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_keys, "BATCH", 16)
    monkeypatch.setattr(vault_keys, "SLICE", 4)


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
async def opened(tmp_path: Path, clock: HeldClock) -> AsyncIterator[OpenVault]:
    async with open_vault(tmp_path / "data", clock=clock) as found:
        store_many(found.folder, found.acme, await found.vault.box(found.acme), SEEDS)
        store_many(found.folder, found.other, await found.vault.box(found.other), SEEDS[:5], first=100)
        yield found


async def versions(opened: OpenVault) -> dict[int, int]:
    """How many values of Acme are under each version."""
    rows = await opened.database._writer.call(
        lambda connection: connection.execute(
            "SELECT key_version, count(*) FROM secret_versions WHERE org_id = ? GROUP BY 1", (opened.acme,)
        ).fetchall()
    )
    return {row[0]: row[1] for row in rows}


async def test_all_values_are_wrapped_again_and_stay_readable(opened: OpenVault) -> None:
    await opened.parts.keys.rotate(Actor.system(opened.acme))
    worker = opened.parts.worker
    assert await worker.step()
    assert (await versions(opened), worker.stale_values, worker.rewrapped) == ({1: 24, 2: 16}, 24, 16)
    await opened.settle()
    assert (await versions(opened), worker.stale_values, worker.rewrapped) == ({2: 40}, 0, 40)
    assert [await opened.read(opened.acme, number) for number in range(1, 41)] == SEEDS
    assert await opened.read(opened.other, 100) == SEEDS[0]


async def test_nothing_to_do_costs_no_look(opened: OpenVault, clock: HeldClock, monkeypatch: pytest.MonkeyPatch) -> None:
    await opened.settle()
    looks: list[bool] = []

    async def look() -> None:
        looks.append(True)

    monkeypatch.setattr(opened.parts.worker, "_check", look)
    for _ in range(5):
        assert not await opened.parts.worker.step()
    assert looks == []
    clock.s += vault_keys.CHECK_S
    await opened.parts.worker.step()
    assert looks == [True]


async def test_what_is_written_meanwhile_is_not_overwritten(opened: OpenVault) -> None:
    await opened.parts.keys.rotate(Actor.system(opened.acme))
    async with opened.database.snapshot(opened.acme) as tx:
        [first, *_] = await tx.encrypted[0].stale(0, 2, 9, None)
    await opened.put(opened.acme, first.place[1], b"newer")
    box = await opened.vault.box(opened.acme)
    changes = await opened.parts.worker._rewrapped(box, [first])
    async with opened.database.transaction(opened.acme) as tx:
        await tx.encrypted[0].rewrap(changes)
    await opened.settle()
    assert await opened.read(opened.acme, first.place[1]) == b"newer"


async def test_a_late_value_under_an_old_version_is_found_again(opened: OpenVault, clock: HeldClock) -> None:
    old = await opened.vault.box(opened.acme)
    await opened.parts.keys.rotate(Actor.system(opened.acme))
    await opened.settle()
    store_many(opened.folder, opened.acme, old, [b"late"], first=500)
    clock.s += vault_keys.CHECK_S
    await opened.settle()
    assert (await versions(opened), await opened.read(opened.acme, 500)) == ({2: 41}, b"late")


async def test_a_damaged_value_does_not_stop_the_others(opened: OpenVault, clock: HeldClock) -> None:
    await opened.database._writer.call(
        lambda connection: connection.execute("UPDATE secret_versions SET data_key = x'00' WHERE secret_id = 3")
    )
    await opened.parts.keys.rotate(Actor.system(opened.acme))
    await opened.settle()
    assert await versions(opened) == {1: 1, 2: 39}
    clock.s += vault_keys.CHECK_S
    assert not await opened.parts.worker.step()
    assert opened.parts.worker.stale_values == 1


async def test_keys_are_rotated_by_age_and_that_is_recorded(opened: OpenVault, clock: HeldClock) -> None:
    clock.us += 364 * DAY_US
    await opened.settle()
    assert (await opened.keyring.keys(opened.acme)).current == 1
    clock.us += DAY_US + SECOND_US
    clock.s += vault_keys.CHECK_S
    await opened.settle()
    assert [(await opened.keyring.keys(one)).current for one in (opened.acme, opened.other)] == [2, 2]
    assert await versions(opened) == {2: 40}
    clock.s += vault_keys.CHECK_S
    await opened.settle()
    assert (await opened.keyring.keys(opened.acme)).current == 2


async def test_a_clock_that_was_wrong_for_a_while_costs_two_rotations(opened: OpenVault, clock: HeldClock) -> None:
    for jump_us, expected in ((3650 * DAY_US, 2), (-3650 * DAY_US, 3), (0, 3), (364 * DAY_US, 3), (DAY_US + SECOND_US, 4)):
        clock.us += jump_us
        clock.s += vault_keys.CHECK_S
        await opened.settle()
        assert (await opened.keyring.keys(opened.acme)).current == expected
    assert await opened.read(opened.acme, 1) == SEEDS[0]


async def test_keys_in_memory_are_forgotten_also_while_the_master_key_cannot_be_reached(
    opened: OpenVault, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refresh() -> None:
        raise MasterKeyUnreachable(reason="asleep")

    monkeypatch.setattr(opened.keyring.master, "refresh", refresh)
    clock.s += vault_keys.CHECK_S
    with pytest.raises(MasterKeyUnreachable):
        await opened.parts.worker.step()
    assert opened.keyring._boxes == {}


async def test_a_rotated_master_key_wraps_all_keys_again(opened: OpenVault) -> None:
    await opened.settle()
    before = opened.keyring.master.name
    async with open_vault(opened.folder) as command:
        await command.keyring.master.rotate()
    await opened.settle()
    assert opened.keyring.master.name != before
    found = await opened.keyring.all_keys()
    assert {one.master for keys in found.values() for one in keys.versions} == {opened.keyring.master.name}
    assert opened.parts.worker.stale_keys == 0
    await opened.keyring.master.forget()
    async with open_vault(opened.folder) as again:
        await again.keyring.check()
        assert await again.read(again.acme, 1) == SEEDS[0]


async def test_a_key_that_cannot_be_unwrapped_does_not_stop_the_others(opened: OpenVault) -> None:
    await opened.settle()
    keys = await opened.keyring.keys(opened.acme)
    store = opened.keyring._store
    await store.rewrap(opened.acme, [type(one)(one.version, "local-lost", one.wrapped, 0) for one in keys.versions])
    await opened.keyring.master.rotate()
    await opened.settle()
    assert opened.parts.worker.stale_keys == 1
    assert {one.master for one in (await opened.keyring.keys(opened.other)).versions} == {opened.keyring.master.name}


async def test_it_runs_by_itself_and_is_woken(opened: OpenVault) -> None:
    task = asyncio.create_task(opened.parts.worker.run())
    try:
        await asyncio.sleep(0)
        await opened.parts.keys.rotate(Actor.system(opened.acme))
        async with asyncio.timeout(60):
            while await versions(opened) != {2: 40}:
                await asyncio.sleep(0.01)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def survives_kills(folder: Path, secrets_count: int, times: int) -> int:
    seeds = [secrets.token_bytes(20) for _ in range(secrets_count)]
    async with open_vault(folder) as opened:
        store_many(folder, opened.acme, await opened.vault.box(opened.acme), seeds)
    killed = await asyncio.to_thread(rotated_and_killed, folder, times)
    async with open_vault(folder) as opened:
        await opened.settle()
        current = (await opened.keyring.keys(opened.acme)).current
        assert current > 1
        assert await versions(opened) == {current: secrets_count}
        await opened.keyring.master.forget()
    async with open_vault(folder) as opened:
        assert len(opened.keyring.master._keys) == 1  # type: ignore[attr-defined]
        await opened.keyring.check()
        assert [await opened.read(opened.acme, number) for number in range(1, secrets_count + 1)] == seeds
    with closing(sqlite3.connect(folder / "penstock.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return killed


async def test_texts_and_queued_webhooks_are_readable_after_a_kill_in_a_rotation(tmp_path: Path) -> None:
    texts = [f"Your code is {number}" for number in range(100_000, 100_040)]
    async with open_inboxes(tmp_path) as site:
        hooks = HookSite(site.server, site.actor.org_id)
        await site.add_number()
        await hooks.subscribe("http://127.0.0.1:9/hook", "sms.inbound")
        for text in texts:
            await site.receive(text, text)
        await hooks.match()
    assert await asyncio.to_thread(rotated_and_killed, tmp_path / "data", 2) == 2
    async with open_inboxes(tmp_path) as site:
        hooks, worker = HookSite(site.server, site.actor.org_id), site.server.parts.vault.worker
        while await worker.step():
            pass
        async with site.server.database.system_snapshot() as tx:
            uses = {(use.oldest, use.newest) for use in await tx.key_uses()}
        assert (uses, worker.stale_values) == ({(2, 2)}, 0)
        await site.server.vault.keyring.master.forget()
        assert [one.content and one.content.body for one in await site.messages()] == texts[::-1]
        queued = [await hooks.hooks.messages.get(hooks.actor, one.id) for one in await hooks.messages()]
        assert [json.loads(one.body or b"")["data"]["body"] for one in queued] == texts


async def test_a_kill_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    assert await survives_kills(tmp_path / "data", 300, 1) == 1


@pytest.mark.prove
async def test_fifty_kills_lose_none_of_ten_thousand(tmp_path: Path) -> None:
    assert await survives_kills(tmp_path / "data", 10_000, 50) == 50
