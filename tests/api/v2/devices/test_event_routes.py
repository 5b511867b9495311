"""Events of a device over HTTP: by kind, in a range, page by page."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from penstock.bootstrap.server import Control
from penstock.core.devices.history import DeviceEvent
from penstock.kit.ids import ConnectionId, DeviceId, EventId, OrgId, Prefix, decode, encode
from tests.support.days import NOON_US
from tests.support.in_process import InProcessServer
from tests.support.server import Org


@pytest.fixture
def org(in_process: InProcessServer) -> Org:
    return in_process.orgs["Acme"]


@pytest.fixture
def api(in_process: InProcessServer, org: Org) -> Iterator[httpx.Client]:
    with in_process.client(org) as client:
        yield client


@pytest.fixture
def path(in_process: InProcessServer, org: Org, api: httpx.Client) -> str:
    """A device with three events, a second apart."""
    device = str(api.post("/api/v2/devices", json={"name": "Pump"}).json()["device"]["id"])
    device_id, org_id = decode(Prefix.DEVICE, device) or 0, decode(Prefix.ORGANIZATION, org.organization_id) or 0
    events = [
        DeviceEvent(
            id=EventId(device_id + at),
            device_id=DeviceId(device_id),
            connection_id=ConnectionId(7) if at else None,
            kind=kind,
            time_us=NOON_US + at * 1_000_000,
            received_us=NOON_US,
            details={"margin_db": at},
        )
        for at, kind in enumerate(("join", "status", "status"))
    ]

    async def note(control: Control) -> None:
        async with control.database.transaction(OrgId(org_id)) as tx:
            for event in events:
                assert await tx.device_events.add(event)

    in_process.run(note)
    return f"/api/v2/devices/{device}/events"


def test_events_are_newest_first_page_by_page(api: httpx.Client, path: str) -> None:
    first = api.get(path, params={"limit": "2"}).json()
    rest = api.get(path, params={"limit": "2", "cursor": first["next_cursor"]}).json()
    assert [one["details"]["margin_db"] for one in (*first["data"], *rest["data"])] == [2, 1, 0]
    assert [one["connection_id"] for one in rest["data"]] == [None]
    assert first["data"][0]["connection_id"] == encode(Prefix.CONNECTION, ConnectionId(7))


def test_by_kind_and_range(api: httpx.Client, path: str) -> None:
    assert [one["kind"] for one in api.get(path, params={"kind": "join"}).json()["data"]] == ["join"]
    found = api.get(path, params={"kind": "status", "to": "2026-05-02T12:00:02Z"}).json()["data"]
    assert [one["time"] for one in found] == ["2026-05-02T12:00:01Z"]
    refused = api.get(path, params={"to": "soon"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "to")


def test_strangers_see_no_device(in_process: InProcessServer, path: str) -> None:
    with in_process.client(in_process.orgs["Other"]) as stranger:
        assert (stranger.get(path).status_code, stranger.get(path).json()["code"]) == (404, "devices.not_found")
