"""Pair codes work once and in time; a pairing replaces the one before, and is its own organisation's."""

from __future__ import annotations

import pytest

from penstock.core.agents.models import AgentKey, OpenCode, Pairing
from penstock.kit.ids import DeviceId
from tests.support.shelf import Shelf


def pairing(device_id: DeviceId, token_id: str) -> Pairing:
    return Pairing(device_id=device_id, token_id=token_id, macaddress="aa", agent_version="1", paired_us=5)


def open_code(shelf: Shelf, device_id: DeviceId, agent_id: str = "", token_id: str = "") -> OpenCode:
    return OpenCode(org_id=shelf.acme, device_id=device_id, agent_id=agent_id, token_id=token_id)


@pytest.mark.parametrize(("at_us", "works"), [(99, True), (100, False)])
async def test_a_code_is_found_until_it_expires(at_us: int, works: bool, shelf: Shelf) -> None:
    device_id = await shelf.add_device(10)
    async with shelf.own() as tx:
        await tx.agents.set_code(device_id, b"code", 1, 100)
    async with shelf.system() as tx:
        assert await tx.agents.find_code(b"code", at_us) == (open_code(shelf, device_id) if works else None)


async def test_an_issued_code_goes_with_its_own_token_alone(shelf: Shelf) -> None:
    device_id = await shelf.add_device(10)
    async with shelf.own() as tx:
        await tx.agents.set_code(device_id, b"code", 1, 100)
        await tx.agents.issue_code(device_id, "a1", "t1")
        await tx.agents.drop_code(device_id, "t0")
        assert [await tx.agents.has_issued_code(device_id, token_id) for token_id in ("t0", "t1")] == [False, True]
    async with shelf.system() as tx:
        assert await tx.agents.find_code(b"code", 3) == open_code(shelf, device_id, "a1", "t1")
    async with shelf.strange() as tx:
        await tx.agents.drop_code(device_id, "t1")
        await tx.agents.drop_code(device_id)
    async with shelf.own() as tx:
        assert await tx.agents.has_issued_code(device_id, "t1")
        await tx.agents.drop_code(device_id, "t1")
        assert not await tx.agents.has_issued_code(device_id, "t1")


async def test_what_an_agent_reports_is_kept_with_its_own_pairing_alone(shelf: Shelf) -> None:
    device_id = await shelf.add_device(10)
    async with shelf.own() as tx:
        await tx.agents.pair(pairing(device_id, "second"))
        await tx.agents.describe(device_id, "first", "bb", "2")
        assert await tx.agents.find(device_id) == pairing(device_id, "second")
        await tx.agents.describe(device_id, "second", "cc", "3")
        device = await tx.devices.find(device_id)
        assert device is not None
        assert (device.macaddress, device.agent_version) == ("cc", "3")


async def test_a_new_code_replaces_the_one_before(shelf: Shelf) -> None:
    device_id = await shelf.add_device(10)
    async with shelf.own() as tx:
        await tx.agents.set_code(device_id, b"old", 1, 100)
        await tx.agents.set_code(device_id, b"new", 2, 100)
    async with shelf.system() as tx:
        assert await tx.agents.find_code(b"old", 3) is None
        assert await tx.agents.find_code(b"new", 3) == open_code(shelf, device_id)


async def test_the_newest_pairing_counts_and_only_its_organisation_ends_it(shelf: Shelf) -> None:
    device_id = await shelf.add_device(10)
    async with shelf.own() as tx:
        await tx.agents.pair(pairing(device_id, "first"))
        await tx.agents.pair(pairing(device_id, "second"))
        await tx.agents.set_code(device_id, b"code", 1, 100)
    async with shelf.strange() as tx:
        assert await tx.agents.find(device_id) is None
        assert await tx.agents.unpair(device_id) is False
    async with shelf.own() as tx:
        assert await tx.agents.find(device_id) == pairing(device_id, "second")
        assert [await tx.agents.unpair(device_id) for _ in range(2)] == [True, False]
    async with shelf.system() as tx:
        assert await tx.agents.find_code(b"code", 3) is None, "a code ends with the pairing"


async def test_signing_keys_come_newest_first(shelf: Shelf) -> None:
    keys = [AgentKey(kid=f"k{number}", public=b"p", sealed=b"s", created_us=number) for number in (1, 3, 2)]
    async with shelf.system() as tx:
        for key in keys:
            await tx.agents.create_key(key)
        assert [key.kid for key in await tx.agents.keys()] == ["k3", "k2", "k1"]
