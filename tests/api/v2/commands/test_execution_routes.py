"""Executions over HTTP: listed, taken back, and kept as they were asked for."""

from __future__ import annotations

import httpx

from tests.api.v2.commands.device import Device, MakeDevice


def test_one_at_a_time(device: Device, api: httpx.Client) -> None:
    command = device.define()
    queue = f"/api/v2/devices/{device.id}/command-queue"
    assert api.get(queue).json() == {"device_id": device.id, "one_at_a_time": False, "queued": 0, "under_way": 0}
    assert api.patch(queue, json={"one_at_a_time": True}).json()["one_at_a_time"] is True
    first, second = (device.execute(command, number)["id"] for number in (1, 2))
    assert [one["id"] for one in device.fetch()] == [first]
    assert device.fetch() == []
    assert api.get(queue).json() == {"device_id": device.id, "one_at_a_time": True, "queued": 1, "under_way": 1}
    device.ack(first, ok=False)
    assert [one["id"] for one in device.fetch()] == [second]


def test_only_what_waits_is_taken_back(device: Device, api: httpx.Client) -> None:
    command = device.define()
    first, second = (device.execute(command)["id"] for _ in range(2))
    cancel = f"/api/v2/command-executions/{first}/cancel"
    assert [api.post(cancel).json()["state"] for _ in range(2)] == ["cancelled", "cancelled"]
    assert [one["id"] for one in device.fetch()] == [second]
    answer = api.post(f"/api/v2/command-executions/{second}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "commands.move_not_allowed")


def test_an_execution_keeps_what_its_definition_said(device: Device, api: httpx.Client) -> None:
    command = device.define(verification="acknowledgement")
    asked = device.execute(command)["id"]
    api.patch(f"{device.path}/{command['id']}", json={"verification": "none", "name": "other"})
    assert api.delete(f"{device.path}/{command['id']}").status_code == 204
    [fetched] = device.fetch()
    assert fetched["name"] == "set_interval"
    assert device.look(asked)["state"] == "received"


def test_the_list_is_filtered_and_paged(device: Device, api: httpx.Client) -> None:
    first, second = device.define(name="a"), device.define(name="b")
    asked = [device.execute(one)["id"] for one in (first, second, first)]
    device.fetch(limit="1")

    def found(**query: str) -> list[str]:
        answer = api.get("/api/v2/command-executions", params={"device_id": device.id} | query)
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["data"]]

    assert found() == asked[::-1]
    assert found(state="received") == asked[:1]
    assert found(state="queued") == asked[:0:-1]
    assert found(definition_id=second["id"]) == [asked[1]]
    created = device.look(asked[1])["created_at"]
    assert found(to=created) == [asked[0]]
    assert found(**{"from": created}) == asked[:0:-1]
    page = api.get("/api/v2/command-executions", params={"device_id": device.id, "limit": "2"}).json()
    assert found(cursor=page["next_cursor"]) == [asked[0]]


def test_another_device_s_command_is_not_found(make_device: MakeDevice) -> None:
    one, other = make_device(), make_device()
    asked = one.execute(one.define())["id"]
    one.fetch()
    assert other.fetch() == []
    answers = [other.ack(wanted, ok=True) for wanted in (asked, "cmd_0000000000000", "nonsense")]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "commands.execution_not_found")] * 3
    assert one.look(asked)["state"] == "received"
