"""Iottly's calls on projects, licences and devices, to the byte where the vendor's page shows bytes."""

from __future__ import annotations

import re
import uuid

import httpx
import pytest

from penstock.api.dialects.iottly import wire
from tests.api.dialects.iottly.conftest import MAC, World
from tests.support.server import Org, RunningServer

# The vendor's page, field by field (surfaces/iottly.md 2.3 to 2.8).
FIELDS = {
    wire.Project: "id name projectgetagenturl agentfile agentapihost board",
    wire.Device: "macaddress name operatingstatus token agent_version ID",
    wire.Devices: "count errors devices",
    wire.License: "status board",
    wire.Board: "macaddress operatingstatus id name",
    wire.Message: "_id from to type timestamp devicetimestamp payload channel",
    wire.PagedMessage: "from to type timestamp devicetimestamp payload channel",
    wire.LatestMessages: "status messages",
    wire.MessagePage: "messages",
    wire.Error: "error",
}


@pytest.mark.parametrize(("struct", "fields"), FIELDS.items(), ids=lambda value: getattr(value, "__name__", None))
def test_a_struct_has_the_vendors_fields(struct: type[wire.Project], fields: str) -> None:
    assert " ".join(struct.__struct_encode_fields__) == fields


def test_the_documented_ping(world: World) -> None:
    answer = world.iottly.get("/v1.0/project/ping")
    assert (answer.status_code, answer.content) == (200, b'{"status": "pong"}')
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("path", ["/v1.0/project/ping", "/v1.0/project/64b0c1f2a9d34e0012ab77c9/inspect"])
@pytest.mark.parametrize(
    "headers", [{}, {"Authentication": "bearer 0b6d7f31c92e4f8aa1c0d5e4f7738291"}, {"Authentication": "bearer"}]
)
def test_without_a_good_key_nothing_is_answered(server: RunningServer, path: str, headers: dict[str, str]) -> None:
    answer = httpx.get(server.base_url + path, headers=headers)
    assert answer.status_code == 401
    assert list(answer.json()) == ["error"]


def test_the_key_may_come_by_other_headers_too(world: World, server: RunningServer) -> None:
    for name, value in (("Authorization", "Bearer {}"), ("Authentication", "BEARER {}"), ("X-API-Key", "{}")):
        answer = httpx.get(f"{server.base_url}/v1.0/project/ping", headers={name: value.format(world.key)})
        assert answer.status_code == 200, name


def test_a_key_of_iottlys_own_form_is_taken(world: World, server: RunningServer) -> None:
    made = world.api.post("/api/v2/keys", json={"name": "Analytics dashboard", "scopes": ["profile:read"], "style": "iottly"})
    key = made.json()["value"]
    assert re.fullmatch("[0-9a-f]{32}", key)
    answer = httpx.get(f"{server.base_url}/v1.0/project/ping", headers={"Authentication": f"bearer {key}"})
    assert answer.json() == {"status": "pong"}


def test_a_project_is_inspected(world: World) -> None:
    host = world.iottly.base_url.netloc.decode()
    assert world.iottly.get(f"{world.project}/inspect").json() == {
        "id": world.alias,
        "name": "north-pumps",
        "projectgetagenturl": f"http://{host}/getagent/penstock-agent_linux_AMD64.tar.gz",
        "agentfile": "penstock-agent_linux_AMD64.tar.gz",
        "agentapihost": host,
        "board": "Linux AMD64",
    }


def test_the_project_of_another_organisation_is_forbidden(world: World, other: Org) -> None:
    headers = {"Authentication": f"bearer {other.api_key}"}
    for path in (f"{world.project}/inspect", f"{world.device}/props", f"{world.project}/messages/{world.uuid}"):
        answer = world.iottly.get(path, headers=headers)
        assert answer.status_code == 403, path
        assert answer.text == '{"error": "No permission for the specified project or device"}'


def test_devices_and_their_names(world: World) -> None:
    found = world.iottly.get(f"{world.project}/devices/props").json()
    pump = next(one for one in found["devices"] if one["ID"] == world.uuid)
    assert found["count"] == len(found["devices"]) >= 2
    assert found["errors"] is None
    assert pump | {"token": "", "name": ""} == {
        "macaddress": MAC,
        "name": "",
        "operatingstatus": "connected",
        "token": "",
        "agent_version": "1.8.3",
        "ID": world.uuid,
    }
    assert re.fullmatch("[0-9a-f]{32}", pump["token"])
    assert uuid.UUID(world.uuid).version == 4
    assert world.iottly.get(f"{world.device}/props").json() == pump


def test_a_device_that_comes_from_iottly_keeps_its_uuid(world: World) -> None:
    path = f"{world.project}/device/{world.other_uuid}/props"
    found = world.iottly.get(path).json()
    assert (found["ID"], found["name"], found["operatingstatus"]) == (world.other_uuid, "pump house 1", "disconnected")
    assert world.iottly.get(path.replace(world.other_uuid, world.other_uuid.upper())).json() == found


def test_a_device_of_another_project_is_forbidden(world: World) -> None:
    elsewhere = world.api.post("/api/v2/projects", json={"name": "south-pumps"}).json()["alias"]
    assert world.iottly.get(f"/v1.0/project/{elsewhere}/device/{world.uuid}/props").status_code == 403


def test_a_device_is_renamed(world: World) -> None:
    before = world.iottly.get(f"{world.device}/props").json()
    answer = world.iottly.put(f"{world.device}/props", json={"name": "pump house 3"})
    assert (answer.status_code, answer.json()) == (200, before | {"name": "pump house 3"})
    assert world.api.get(f"/api/v2/devices/{world.device_id}").json()["name"] == "pump house 3"


@pytest.mark.parametrize(
    "body", ["{}", '{"name": ""}', '{"name": "  "}', '{"name": "a", "ID": "b"}', '{"name": 1}', "[]", "nonsense"]
)
def test_an_edit_that_is_none_is_refused(world: World, body: str) -> None:
    answer = world.iottly.put(f"{world.device}/props", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]


def test_licences_are_keyed_by_token(world: World) -> None:
    free = world.api.post(f"/api/v2/projects/{world.project_id}/licenses", json={}).json()["data"][0]["id"]
    found = world.iottly.get(f"{world.project}/license").json()
    device = world.iottly.get(f"{world.device}/props").json()
    assert found[free] == {"status": "available", "board": {}}
    assert found[device["token"]] == {
        "status": "paired",
        "board": {"macaddress": MAC, "operatingstatus": "connected", "id": world.uuid, "name": device["name"]},
    }
    for token in (free, device["token"]):
        assert world.iottly.get(f"{world.project}/license/{token}").json() == {token: found[token]}
    unknown = world.iottly.get(f"{world.project}/license/{'0' * 32}")
    assert (unknown.status_code, list(unknown.json())) == (404, ["error"])


def test_an_address_that_is_none_is_answered_in_the_vendors_shape(world: World) -> None:
    assert world.iottly.get(f"{world.project}/webhooks").json() == {"error": "Not found"}
    assert world.iottly.delete(f"{world.project}/inspect").status_code == 405
