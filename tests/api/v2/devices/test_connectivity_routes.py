"""The connectivity of a device over HTTP: newest first, in a range, page by page."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from penstock.bootstrap.server import Control
from penstock.core.devices.connectivity import ConnectivityChange, Reason
from penstock.core.devices.models import Connectivity
from penstock.kit.ids import ChangeId, DeviceId, OrgId, Prefix, decode
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
    """A device that came and went, a second apart, three times in all."""
    device = str(api.post("/api/v2/devices", json={"name": "Pump"}).json()["device"]["id"])
    device_id, org_id = decode(Prefix.DEVICE, device) or 0, decode(Prefix.ORGANIZATION, org.organization_id) or 0
    states = ((Connectivity.ONLINE, Reason.CONNECTED), (Connectivity.OFFLINE, Reason.LOST), (Connectivity.ONLINE, Reason.READING))
    changes = [
        ConnectivityChange(ChangeId(device_id + at), DeviceId(device_id), state, reason, NOON_US + at * 1_000_000)
        for at, (state, reason) in enumerate(states)
    ]

    async def note(control: Control) -> None:
        async with control.database.transaction(OrgId(org_id)) as tx:
            await tx.connectivity.add(changes)

    in_process.run(note)
    return f"/api/v2/devices/{device}/connectivity"


def test_changes_are_newest_first_page_by_page(api: httpx.Client, path: str) -> None:
    first = api.get(path, params={"limit": "2"}).json()
    rest = api.get(path, params={"limit": "2", "cursor": first["next_cursor"]}).json()
    assert [(one["connectivity"], one["reason"]) for one in (*first["data"], *rest["data"])] == [
        ("online", "reading"),
        ("offline", "lost"),
        ("online", "connected"),
    ]
    assert rest["next_cursor"] is None


def test_a_range_holds_its_begin_and_not_its_end(api: httpx.Client, path: str) -> None:
    found = api.get(path, params={"from": "2026-05-02T12:00:01Z", "to": "2026-05-02T12:00:02Z"}).json()["data"]
    assert [one["at"] for one in found] == ["2026-05-02T12:00:01Z"]
    refused = api.get(path, params={"from": "soon"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "from")


def test_strangers_see_no_device(in_process: InProcessServer, path: str) -> None:
    with in_process.client(in_process.orgs["Other"]) as stranger:
        assert (stranger.get(path).status_code, stranger.get(path).json()["code"]) == (404, "devices.not_found")
