"""Commands over sockets: a program asks, a device that only speaks HTTP does, and every state in between is told."""

from __future__ import annotations

import time
from typing import Any

import httpx

from tests.api.v2.commands.device import SECONDS, Device, MakeDevice
from tests.support.waiting import awaited

STARTING = {"echo", "examplecommand"}
"""The commands of every new project."""


def made(listed: httpx.Response) -> list[dict[str, Any]]:
    """The commands of a list that the test has made."""
    return [one for one in listed.json()["data"] if one["name"] not in STARTING]


def test_a_device_that_only_speaks_http_is_commanded(device: Device) -> None:
    command = device.define()
    asked = device.execute(command)
    assert (asked["state"], asked["status"], asked["parameters"]) == ("queued", "Pending", {"seconds": 30})
    [fetched] = device.fetch()
    assert (fetched["id"], fetched["name"], fetched["parameters"]) == (asked["id"], "set_interval", {"seconds": 30})
    assert device.look(asked["id"])["state"] == "received"
    assert device.fetch() == []
    assert device.ack(asked["id"], progress={"percent": 50}).json() == {"id": asked["id"], "state": "received"}
    assert device.ack(asked["id"], id=asked["id"], ok=True, result={"seconds": 30}).json()["state"] == "done"
    found = device.look(asked["id"])
    assert (found["state"], found["status"], found["progress"], found["result"]) == (
        "done",
        "Confirmed",
        {"percent": 50},
        {"seconds": 30},
    )
    assert [row["state"] for row in found["history"]] == ["queued", "sent", "received", "done"]
    times = [row["at"] for row in found["history"]]
    assert times == sorted(times)
    assert all(row["reason"] for row in found["history"])
    assert found["finished_at"] == times[-1]


def test_an_acknowledgement_said_again_changes_nothing_and_another_one_is_refused(device: Device) -> None:
    asked = device.execute(device.define())
    assert device.ack(asked["id"], ok=True).status_code == 409, "it was never handed out"
    device.fetch()
    assert device.ack(asked["id"], ok=False, error="the valve is stuck").json()["state"] == "failed"
    before = device.look(asked["id"])
    assert (before["status"], before["error"]) == ("Failed", "the valve is stuck")
    assert device.ack(asked["id"], ok=False, error="again").status_code == 200
    answer = device.ack(asked["id"], ok=True)
    assert (answer.status_code, answer.json()["code"]) == (409, "commands.move_not_allowed")
    assert device.ack(asked["id"], progress=1).status_code == 409
    assert device.look(asked["id"]) == before


def test_commands_come_in_order_and_each_once(device: Device) -> None:
    command = device.define()
    asked = [device.execute(command, number)["id"] for number in range(1, 6)]
    fetched = [one["id"] for limit in ("2", "1", "10", "10") for one in device.fetch(limit=limit)]
    assert fetched == asked


def test_with_confirm_only_what_is_repeatable_comes_again(device: Device) -> None:
    again = device.define(name="again", repeatable=True)
    once = device.define(name="once")
    asked = [device.execute(one)["id"] for one in (again, once, again)]
    assert [one["id"] for one in device.fetch(confirm="true")] == asked
    assert {device.look(one)["state"] for one in asked} == {"sent"}
    assert [one["id"] for one in device.fetch(confirm="true")] == [asked[0], asked[2]]
    assert device.ack(asked[0]).json()["state"] == "received"
    assert [one["id"] for one in device.fetch(confirm="true")] == [asked[2]]
    assert device.look(asked[2])["hand_outs"] == 3
    assert device.ack(asked[1], ok=True).json()["state"] == "done", "what is not repeatable can still be acknowledged"
    assert device.states(asked[0]) == ["queued", "sent", "queued", "sent", "received"]
    assert device.fetch() == [], "without confirm nothing comes again"


def test_no_verification_means_done_at_receipt(device: Device) -> None:
    asked = device.execute(device.define(verification="none"))["id"]
    device.fetch()
    found = device.look(asked)
    assert (found["state"], found["status"]) == ("done", "Delivered")
    assert device.ack(asked, ok=True, result=[1]).json()["state"] == "done"
    assert device.look(asked)["result"] == [1]


def test_the_next_reading_verifies(device: Device) -> None:
    command = device.define(verification="next_reading")
    device.own.post(f"/api/v2/devices/{device.id}/telemetry", json={"data": {"valve": 0}})
    asked = device.execute(command)["id"]
    device.fetch()
    assert device.ack(asked, ok=True).json()["state"] == "received", "saying so is not enough"
    old = {"data": {"valve": 0}, "time": "2020-01-01T00:00:00Z"}
    device.own.post(f"/api/v2/devices/{device.id}/telemetry", json=old)
    time.sleep(1.2)
    assert device.look(asked)["state"] == "received", "neither is what was measured long before"
    stored = device.own.post(f"/api/v2/devices/{device.id}/telemetry", json={"data": {"valve": 1}}).json()
    found = device.wait_for(asked, "done")
    assert found["status"] == "Confirmed"
    assert stored["id"] in found["reason"]


def test_what_nobody_fetches_expires(device: Device) -> None:
    command = device.define()
    asked = device.execute(command, expires_in_s=1)["id"]
    found = device.wait_for(asked, "expired")
    assert (found["status"], found["sent_at"]) == ("Failed", None)
    assert device.fetch() == []
    assert device.ack(asked, ok=True).status_code == 409


def test_what_is_not_verified_in_time_expires_with_a_soft_warning(device: Device) -> None:
    asked = device.execute(device.define(timeout_s=1))["id"]
    device.fetch()
    found = device.wait_for(asked, "expired")
    assert (found["status"], found["reason"]) == ("Soft warning", "received, but not verified in time")


def test_the_same_request_asks_once(device: Device, api: httpx.Client) -> None:
    command = device.define()
    path = f"{device.path}/{command['id']}/execute"
    headers = {"Idempotency-Key": f"night-{device.id}"}
    ids = {api.post(path, json={"parameters": {"seconds": 5}}, headers=headers).json()["id"] for _ in range(3)}
    assert len(ids) == 1
    other = api.post(path, json={"parameters": {"seconds": 6}}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.mismatch")
    assert len(device.fetch()) == 1


def test_parameters_that_do_not_fit_are_named(device: Device, api: httpx.Client) -> None:
    command = device.define(parameters=[SECONDS, {"name": "mode", "type": "enum", "values": ["eco"], "default": "eco"}])
    path = f"{device.path}/{command['id']}/execute"
    answer = api.post(path, json={"parameters": {"seconds": 0, "mode": "x", "speed": 1}})
    assert answer.status_code == 400
    assert {error["field"] for error in answer.json()["errors"]} == {
        "parameters.seconds",
        "parameters.mode",
        "parameters.speed",
    }
    assert device.execute(command)["parameters"] == {"seconds": 30, "mode": "eco"}
    answer = api.post(path, json={"parameters": {"seconds": 1}, "expires_in_s": 99_999_999})
    assert answer.json()["errors"][0]["field"] == "expires_in_s"
    bad = api.post(device.path, json={"name": "bad", "parameters": [SECONDS | {"default": 0}]})
    assert bad.json()["errors"][0]["field"] == "parameters[0].default"


def test_commands_of_a_type_and_a_device_s_own(make_device: MakeDevice, api: httpx.Client) -> None:
    kind = f"pump-{time.monotonic_ns()}"
    pump, other = make_device(type=kind), make_device(type="sensor")
    shared = api.post("/api/v2/commands", json={"name": "restart", "device_type": kind}).json()
    stop = api.post("/api/v2/commands", json={"name": "stop", "device_type": kind}).json()
    own = pump.define(name="restart", parameters=[])
    names = [(one["name"], one["id"]) for one in made(api.get(pump.path))]
    assert names == [("restart", own["id"]), ("stop", stop["id"])], "its own goes before the type's"
    assert made(api.get(other.path)) == []
    assert api.get(f"{other.path}/{stop['id']}").status_code == 404
    assert api.post(f"{other.path}/{stop['id']}/execute", json={}).status_code == 404
    assert api.post(f"{pump.path}/{stop['id']}/execute", json={}).status_code == 202
    assert api.post(f"{pump.path}/{shared['id']}/execute", json={}).status_code == 404, "its own has taken its place"
    assert api.patch(f"{pump.path}/{stop['id']}", json={"name": "halt"}).status_code == 404, "not the device's alone"
    assert api.delete(f"{pump.path}/{stop['id']}").status_code == 404
    assert api.patch(f"/api/v2/commands/{stop['id']}", json={"name": "restart"}).json()["code"] == "commands.exists"
    assert api.patch(f"/api/v2/commands/{stop['id']}", json={"name": "halt", "timeout_s": 5}).json()["timeout_s"] == 5
    assert [one["id"] for one in api.get("/api/v2/commands", params={"device_type": kind}).json()["data"]] == [
        stop["id"],
        shared["id"],
    ]
    for body in ({"name": "x"}, {"name": "x", "device_type": kind, "device_id": pump.id}):
        assert api.post("/api/v2/commands", json=body).status_code == 400


def test_commands_of_a_project_go_before_those_of_a_type(make_device: MakeDevice, api: httpx.Client) -> None:
    kind = f"valve-{time.monotonic_ns()}"
    project_id = api.post("/api/v2/projects", json={"name": "Valves"}).json()["id"]
    inside, outside = make_device(type=kind, project_id=project_id), make_device(type=kind)
    of_type = api.post("/api/v2/commands", json={"name": "close", "device_type": kind}).json()
    of_project = api.post("/api/v2/commands", json={"name": "close", "project_id": project_id}).json()
    assert (of_project["project_id"], of_project["device_type"]) == (project_id, None)
    assert [one["id"] for one in made(api.get(inside.path))] == [of_project["id"]]
    assert [one["id"] for one in made(api.get(outside.path))] == [of_type["id"]]
    own = inside.define(name="close", parameters=[])
    assert [one["id"] for one in made(api.get(inside.path))] == [own["id"]]
    again = api.post("/api/v2/commands", json={"name": "close", "project_id": project_id})
    assert again.json()["code"] == "commands.exists"
    found = made(api.get("/api/v2/commands", params={"project_id": project_id}))
    assert [one["id"] for one in found] == [of_project["id"]]
    both = {"name": "x", "project_id": project_id, "device_type": kind}
    assert api.post("/api/v2/commands", json=both).status_code == 400


def test_a_type_of_the_same_name_elsewhere_is_another(
    make_device: MakeDevice, api: httpx.Client, other_api: httpx.Client
) -> None:
    kind = f"valve-{time.monotonic_ns()}"
    device = make_device(type=kind)
    for number in range(200):
        body = {"name": f"theirs {number}", "device_type": kind}
        assert other_api.post("/api/v2/commands", json=body).status_code == 201
    full = other_api.post("/api/v2/commands", json={"name": "one more", "device_type": kind})
    assert (full.status_code, full.json()["code"]) == (429, "commands.limit_reached")
    assert made(api.get(device.path)) == []
    mine = api.post("/api/v2/commands", json={"name": "theirs 0", "device_type": kind}).json()
    assert [one["id"] for one in made(api.get(device.path))] == [mine["id"]]
    theirs = other_api.get("/api/v2/commands", params={"device_type": kind, "limit": "1"}).json()["data"][0]["id"]
    assert api.post(f"{device.path}/{theirs}/execute", json={}).status_code == 404


def test_a_full_queue_refuses(device: Device, api: httpx.Client) -> None:
    command = device.define()
    for _ in range(100):
        device.execute(command)
    answer = api.post(f"{device.path}/{command['id']}/execute", json={"parameters": {"seconds": 1}})
    assert (answer.status_code, answer.json()["code"]) == (429, "commands.queue_full")


def test_a_command_for_another_transport_is_not_fetched(device: Device) -> None:
    device.execute(device.define(transport="mqtt"))
    assert device.fetch() == []


def test_a_paused_device_gets_nothing(device: Device, api: httpx.Client) -> None:
    device.execute(device.define())
    api.post(f"/api/v2/devices/{device.id}/pause")
    answer = device.own.get("/api/v2/device/commands")
    assert (answer.status_code, answer.json()["code"]) == (403, "devices.paused")
    api.post(f"/api/v2/devices/{device.id}/resume")
    assert len(device.fetch()) == 1


def test_a_deleted_device_takes_its_definitions_along_and_ends_its_executions(device: Device, api: httpx.Client) -> None:
    command = device.define()
    asked = device.execute(command)["id"]
    assert api.delete(f"/api/v2/devices/{device.id}").status_code == 204
    assert api.get(f"/api/v2/commands/{command['id']}").status_code == 404
    awaited(lambda: api.get(f"/api/v2/command-executions/{asked}").json()["state"] == "cancelled")
    shown = api.get(f"/api/v2/command-executions/{asked}").json()
    assert (shown["reason"], shown["history"][-1]["state"]) == ("the device was deleted", "cancelled")


def test_the_audit_log_tells_who_asked_for_what(device: Device, api: httpx.Client) -> None:
    command = device.define()
    asked = device.execute(command, 77)["id"]
    api.post(f"/api/v2/command-executions/{asked}/cancel")
    api.patch(f"{device.path}/{command['id']}", json={"repeatable": True})
    api.delete(f"{device.path}/{command['id']}")
    of_command = api.get("/api/v2/logs", params={"target": command["id"]}).json()["data"]
    assert [row["action"] for row in of_command] == ["command.delete", "command.update", "command.create"]
    assert of_command[1]["details"] == {"before": {"repeatable": False}, "after": {"repeatable": True}}
    of_execution = api.get("/api/v2/logs", params={"target": asked}).json()["data"]
    assert [row["action"] for row in of_execution] == ["command.cancel", "command.send"]
    assert of_execution[1]["details"]["parameters"] == ["seconds"], "never a value: it may be a password"
    assert of_execution[1]["details"]["device_id"] == device.id


def test_the_commands_of_a_device_have_pages(device: Device) -> None:
    names = [device.define(name=f"command_{number}")["name"] for number in range(5)]
    path = f"/api/v2/devices/{device.id}/commands"
    whole = [one["name"] for one in device.api.get(path).json()["data"]]
    assert {*names} <= {*whole}
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = device.api.get(path, params={"limit": 2} | cursor).json()
        found += [one["name"] for one in page["data"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == whole


def test_a_command_of_a_device_that_does_not_exist_names_the_device(device: Device) -> None:
    command = device.define()
    for unknown in ("dev_0000000000007", "dev_xyz"):
        path = f"/api/v2/devices/{unknown}/commands/{command['id']}"
        for answer in (device.api.get(path), device.api.patch(path, json={"timeout_s": 60}), device.api.delete(path)):
            assert (answer.status_code, answer.json()["code"]) == (404, "devices.not_found")
            assert unknown in answer.json()["detail"]
