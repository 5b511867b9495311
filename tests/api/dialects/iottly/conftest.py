"""A project with two devices and messages, reached as Iottly's clients reach it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from msgspec import Struct

from tests.support.server import Org, RunningServer

MAC = "02:5a:9e:11:20:7c"
MESSAGES: tuple[dict[str, Any], ...] = (
    {"time": "2026-04-14T06:12:24.017Z", "kind": "status", "data": {"connectionstatus": "connected"}},
    {"time": "2026-04-14T06:12:30.900Z", "data": {"sensor_data_reading": {"temperature": 21.40, "site": "north"}}},
    {"time": "2026-04-14T06:12:31Z", "channel": "alarms", "data": {"ALARM": {"description": "pressure low", "value": 1.1}}},
    {"time": "2026-04-14T06:13:00Z", "data": {"CSQ": [{"signal": 17}, {"signal": 22}], "last_reading": None}},
)
"""What the device said, in order. The payloads are those of the vendor's documents."""


class World(Struct):
    """A project, its names in both vocabularies, and clients for both."""

    api: httpx.Client
    iottly: httpx.Client
    key: str
    project_id: str
    alias: str
    device_id: str
    uuid: str
    other_uuid: str

    @property
    def project(self) -> str:
        return f"/v1.0/project/{self.alias}"

    @property
    def device(self) -> str:
        return f"{self.project}/device/{self.uuid}"


@pytest.fixture(scope="session")
def world(server: RunningServer, acme: Org) -> Iterator[World]:
    headers = {"Authentication": f"bearer {acme.api_key}"}
    with server.client(acme) as api, httpx.Client(base_url=server.base_url, headers=headers, timeout=30) as iottly:
        alias = secrets.token_hex(12)
        project_id = _made(api, "/api/v2/projects", {"name": "north-pumps", "alias": alias})["id"]
        other_uuid = "c7a4b1de-50d1-4c5e-9f0e-8b2f6a2f1f63"
        brought = {"name": "pump house 1", "project_id": project_id, "identifiers": [{"kind": "external", "value": other_uuid}]}
        _made(api, "/api/v2/devices", brought)
        wanted = {
            "name": "pump house 2",
            "project_id": project_id,
            "identifiers": [{"kind": "mac", "value": MAC}],
            "labels": {"agent_version": "1.8.3"},
            "expected_interval_s": 86_400,  # it stays online for as long as tests ask
        }
        device_id = _made(api, "/api/v2/devices", wanted)["device"]["id"]
        for message in MESSAGES:
            _made(api, f"/api/v2/devices/{device_id}/telemetry", message)
        props = iottly.get(f"/v1.0/project/{alias}/devices/props").json()["devices"]
        uuid = next(one["ID"] for one in props if one["name"] == "pump house 2")
        yield World(api, iottly, acme.api_key, project_id, alias, device_id, uuid, other_uuid)


def _made(api: httpx.Client, path: str, body: Any) -> Any:
    answer = api.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()
