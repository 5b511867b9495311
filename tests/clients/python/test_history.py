"""Histories of several pages, whose range must not move while they are fetched."""

from __future__ import annotations

from penstock_client import Client, types
from tests.clients.python.scripted import Scripted, said

RANGE = {"requested_from": "F0", "requested_to": "T0", "from": "2026-05-01T00:00:00Z", "to": "2026-05-02T00:00:00Z"}
FIXED = "from=2026-05-01T00:00:00Z&to=2026-05-02T00:00:00Z"


def _page(number: int, cursor: str | None) -> bytes:
    return said(200, {"data": [{"seq": number}], "next_cursor": cursor, "query": RANGE})


def test_the_range_of_the_first_page_is_that_of_all(scripted: Scripted) -> None:
    scripted.answers(_page(1, "c1"), _page(2, "c2"), said(503, {}, retry_after="0"), _page(3, None))
    found = scripted.client().telemetry.download_history("dev_1", range="7d", fields=["a", "b"])
    assert [one["seq"] for one in found] == [1, 2, 3]
    path = "/api/v2/devices/dev_1/telemetry"
    rest = "fields=a,b&order=asc&limit=10000"
    assert [one.target for one in scripted.asked] == [
        f"{path}?range=7d&{rest}",
        f"{path}?{FIXED}&{rest}&cursor=c1",
        f"{path}?{FIXED}&{rest}&cursor=c2",
        f"{path}?{FIXED}&{rest}&cursor=c2",
    ]


async def test_an_event_loop_does_the_same(scripted: Scripted) -> None:
    scripted.answers(_page(1, "c1"), _page(2, None))
    async with scripted.async_client() as client:
        found = await client.telemetry.download_history("dev_1")
    assert [one["seq"] for one in found] == [1, 2]


def test_pages_of_the_real_server_join(client: Client) -> None:
    device_id = client.devices.create(name="Long history")["device"]["id"]
    rows: list[types.ReadingIn] = [
        {"device_id": device_id, "data": {"n": number}, "time": 1_777_713_304 + number} for number in range(10_000)
    ]
    client.telemetry.send(rows)
    client.telemetry.send([{"device_id": device_id, "data": {"n": n}, "time": 1_777_723_304 + n} for n in range(5)])
    found = client.telemetry.download_history(device_id, 1_777_713_304, 1_777_713_304 + 20_000)
    assert len(found) == 10_005
    assert [one["data"]["n"] for one in found[-6:]] == [9_999, 0, 1, 2, 3, 4]
