"""Projects and devices in Iottly's paths: by the vendor's names and by Penstock's, and only where the key leads."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.api.dialects.iottly.conftest import World
from tests.support.agents import RawAgent, new_pair_code
from tests.support.server import Org, RunningServer
from tests.support.waiting import awaited


@pytest.fixture
def bound(world: World, server: RunningServer) -> Iterator[httpx.Client]:
    """A client with a key of the project alone, as the vendor's keys are."""
    wanted = {
        "name": "Analytics dashboard",
        "style": "iottly",
        "project_id": world.project_id,
        "scopes": ["profile:read", "organization:read", "devices:read", "devices:write", "telemetry:read", "commands:write"],
    }
    made = world.api.post("/api/v2/keys", json=wanted)
    assert made.status_code == 201, made.text
    headers = {"Authentication": f"bearer {made.json()['value']}"}
    with httpx.Client(base_url=server.base_url, headers=headers, timeout=30) as client:
        yield client


def calls(project: str, device: str, license_id: str) -> dict[str, tuple[str, object]]:
    return {
        f"{project}/inspect": ("GET", None),
        f"{project}/license": ("GET", None),
        f"{project}/license/{license_id}": ("GET", None),
        f"{project}/devices/props": ("GET", None),
        f"{device}/props": ("GET", None),
        f"{device}/messages/paginated": ("GET", None),
        f"{project}/messages/{device.rpartition('/')[2]}": ("GET", None),
        f"{device}/command": ("POST", {"cmd_type": "echo", "values": {}}),
        f"{project}/device/": ("POST", {"name": "another pump"}),
    }


def test_a_key_of_a_project_opens_its_calls_and_no_other_projects(world: World, bound: httpx.Client) -> None:
    license_id = world.iottly.get(f"{world.device}/props").json()["token"]
    assert bound.get("/v1.0/project/ping").json() == {"status": "pong"}
    for path, (method, body) in calls(world.project, world.device, license_id).items():
        assert bound.request(method, path, json=body).status_code == 200, path
    other = world.api.post("/api/v2/projects", json={"name": "south-pumps"}).json()
    wanted = {"name": "pump", "project_id": other["id"]}
    device_id = world.api.post("/api/v2/devices", json=wanted).json()["device"]["id"]
    for project in (other["alias"], other["id"]):
        base = f"/v1.0/project/{project}"
        theirs = {"device": device_id, "license": world.iottly.get(f"{base}/license").json()}
        path_of = calls(base, f"{base}/device/{device_id}", next(iter(theirs["license"])))
        for path, (method, body) in path_of.items():
            assert world.iottly.request(method, path, json=body).status_code in (200, 404), path  # the whole organisation's key
            answer = bound.request(method, path, json=body)
            assert (answer.status_code, answer.json()) == (403, {"error": "No permission for the specified project or device"})
    assert bound.get(f"{world.project}/device/{device_id}/props").status_code == 403


def test_penstocks_ids_are_taken_where_the_vendors_are(world: World) -> None:
    by_id = f"/v1.0/project/{world.project_id}"
    assert world.iottly.get(f"{by_id}/inspect").json() == world.iottly.get(f"{world.project}/inspect").json()
    props = world.iottly.get(f"{world.device}/props").json()
    for path in (f"{by_id}/device/{world.uuid}/props", f"{world.project}/device/{world.device_id}/props"):
        assert world.iottly.get(path).json() == props
    for unknown in ("prj_0000000000000", "prj_nonsense", "prj_"):
        assert world.iottly.get(f"/v1.0/project/{unknown}/inspect").status_code == 403
    assert world.iottly.get(f"{world.project}/device/dev_0000000000000/props").status_code == 403


def test_the_alias_that_bootstrap_prints_is_the_default_projects(world: World, acme: Org) -> None:
    assert world.iottly.get(f"/v1.0/project/{acme.project_alias}/inspect").json()["name"] == "Default"


def test_a_new_project_knows_the_vendors_two_commands(world: World) -> None:
    project = world.api.post("/api/v2/projects", json={"name": "fresh"}).json()
    wanted = {"name": "pump", "project_id": project["id"]}
    device_id = world.api.post("/api/v2/devices", json=wanted).json()["device"]["id"]
    path = f"/v1.0/project/{project['alias']}/device/{device_id}/command"
    for name, values, status in (
        ("echo", {}, 200),
        ("echo", {"echo.content": "hello"}, 200),
        ("echo", {"echo.content": "another"}, 400),
        ("examplecommand", {"examplecommand.status": "start"}, 200),
        ("examplecommand", {"examplecommand.status": "stop"}, 200),
        ("examplecommand", {"examplecommand.status": "pause"}, 400),
        ("examplecommand", {}, 400),
    ):
        answer = world.iottly.post(path, json={"cmd_type": name, "values": values})
        assert answer.status_code == status, (name, values, answer.text)
    listed = world.api.get("/api/v2/commands", params={"project_id": project["id"]}).json()["data"]
    assert {one["name"] for one in listed} == {"echo", "examplecommand"}
    for one in listed:
        assert world.api.delete(f"/api/v2/commands/{one['id']}").status_code in (200, 204)


def test_a_device_over_the_limit_leaves_nothing_behind(world: World, server: RunningServer, other: Org) -> None:
    headers = {"Authentication": f"bearer {other.api_key}"}
    path = f"/v1.0/project/{other.project_alias}"
    with httpx.Client(base_url=server.base_url, headers=headers, timeout=30) as client:
        before = client.get(f"{path}/devices/props").json()["count"]
        assert client.post(f"{path}/device/", json={"name": ""}).status_code == 400
        assert client.get(f"{path}/devices/props").json()["count"] == before


def test_an_agent_is_told_as_the_vendor_tells_it(world: World, server: RunningServer) -> None:
    wanted = {"name": "agent's pump", "project_id": world.project_id}
    device_id = world.api.post("/api/v2/devices", json=wanted).json()["device"]["id"]
    path = f"{world.project}/device/{device_id}"
    body = {"pair_code": new_pair_code(world.api, device_id), "agent_id": "a1"}
    with server.client() as anybody:
        token = anybody.post("/api/v2/agents/provision", json=body).raise_for_status().json()["token"]
    agent = RawAgent(server, token=token)
    agent.greet()

    def told() -> list[object]:
        found = world.iottly.get(f"{world.project}/messages/{device_id}", params={"queryJson": '{"type": "iottlyagent"}'}).json()
        return [one["payload"] for one in found["messages"]]

    awaited(lambda: told() == [{"connectionstatus": "connected"}], what="the connection")
    props = world.iottly.get(f"{path}/props").json()
    assert (props["agent_version"], props["macaddress"], props["operatingstatus"]) == (
        "1.0.0",
        "02:5a:9e:11:20:7c",
        "connected",
    )
    agent.close()
    awaited(lambda: told() == [{"connectionstatus": "disconnected"}, {"connectionstatus": "connected"}], what="its end")
    awaited(lambda: world.iottly.get(f"{path}/props").json()["operatingstatus"] == "disconnected", what="disconnected")
    page = world.iottly.get(f"{path}/messages/paginated", params={"type": "iottlyagent", "sort": "asc"}).json()["messages"]
    assert [(one["payload"], one["from"]) for one in page] == [
        ({"connectionstatus": "connected"}, props["ID"]),
        ({"connectionstatus": "disconnected"}, props["ID"]),
    ]
