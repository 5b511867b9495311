"""Devices are found by name, identifier, label and id, and those of strangers are not."""

from __future__ import annotations

import msgspec
import pytest

from penstock.core.actor import Actor
from penstock.core.search.models import SearchRequest
from penstock.core.search.searchers import DeviceSearcher
from penstock.kit.ids import DeviceId, Prefix, encode
from tests.support.shelf import Shelf

EUI = "70b3d57ed0061f2a"


@pytest.fixture
async def searcher(shelf: Shelf) -> DeviceSearcher:
    for number, name in ((1001, "Heatpump"), (1002, "Pump 2"), (1003, "North 100% pump")):
        await shelf.add_device(number, eui=EUI if number == 1001 else None)
        async with shelf.own() as tx:
            device = await tx.devices.find(DeviceId(number))
            assert device is not None
            await tx.devices.update(msgspec.structs.replace(device, name=name, labels={"site": f"harbour {number}"}))
    await shelf.add_device(1004, org_id=shelf.other)
    return DeviceSearcher(shelf.database)


async def names(shelf: Shelf, searcher: DeviceSearcher, text: str, limit: int = 10) -> list[str]:
    return [one.name for one in await searcher.search(Actor.system(shelf.acme), SearchRequest(text=text, limit=limit))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("pump", ["Pump 2"]),
        ("eatp", ["Heatpump"]),
        ("100%", ["North 100% pump"]),
        ("ea", []),
        ("70B3-D57E", ["Heatpump"]),
        (EUI, ["Heatpump"]),
        ("site:harbour 1003", ["North 100% pump"]),
        ("site: harbour 1002", ["Pump 2"]),
        ("site:dock", []),
        (encode(Prefix.DEVICE, DeviceId(1002)), ["Pump 2"]),
        ("%", []),
        ("device 1004", []),
        (encode(Prefix.DEVICE, DeviceId(1004)), []),
    ],
)
async def test_a_text_finds(shelf: Shelf, searcher: DeviceSearcher, text: str, found: list[str]) -> None:
    assert await names(shelf, searcher, text) == found


async def test_no_more_than_wanted(shelf: Shelf, searcher: DeviceSearcher) -> None:
    assert len(await names(shelf, searcher, "site:harbour", 2)) == 2
    assert len(await names(shelf, searcher, "site:harbour", 9)) == 3
