"""The agent door as an agent sees it: who is let in, what is acknowledged, who is cut off, and commands."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from penstock_agent import wire
from tests.support.agents import PairedDevice, RawAgent, new_device, new_pair_code, pair, until
from tests.support.server import RunningServer

Raw = Callable[..., RawAgent]


def refused(raw: Raw, **options: Any) -> tuple[int, str]:
    """Status and code of a handshake that is refused."""
    with pytest.raises(InvalidStatus) as refusal:
        raw(**options)
    response = refusal.value.response
    return response.status_code, json.loads(bytes(response.body))["code"]


# Pairing.


def test_a_pair_code_works_once(server: RunningServer, api: httpx.Client) -> None:
    code = new_pair_code(api, new_device(api))
    with server.client() as anybody:
        assert anybody.post("/api/v2/agents/provision", json={"pair_code": code}).status_code == 200
        again = anybody.post("/api/v2/agents/provision", json={"pair_code": code})
    assert (again.status_code, again.json()["code"]) == (401, "agents.pair_code_invalid")


def test_a_new_pair_code_takes_the_place_of_the_one_before(server: RunningServer, api: httpx.Client) -> None:
    device_id = new_device(api)
    before, after = new_pair_code(api, device_id), new_pair_code(api, device_id)
    with server.client() as anybody:
        assert anybody.post("/api/v2/agents/provision", json={"pair_code": before}).status_code == 401
        assert anybody.post("/api/v2/agents/provision", json={"pair_code": after}).status_code == 200


def test_a_paused_device_is_not_paired_and_its_code_stays_good(server: RunningServer, api: httpx.Client) -> None:
    device_id = new_device(api)
    code = new_pair_code(api, device_id)
    api.post(f"/api/v2/devices/{device_id}/pause").raise_for_status()
    with server.client() as anybody:
        assert anybody.post("/api/v2/agents/provision", json={"pair_code": code}).status_code == 403
        api.post(f"/api/v2/devices/{device_id}/resume").raise_for_status()
        assert anybody.post("/api/v2/agents/provision", json={"pair_code": code}).status_code == 200


def test_who_is_paired_is_shown_and_written_to_the_audit_log(api: httpx.Client, paired: PairedDevice) -> None:
    shown = api.get(f"{paired.path}/agent").json()
    assert (shown["paired"], shown["agent_version"], shown["macaddress"]) == (True, "1.0.0", "02:5a:9e:11:20:7c")
    rows = api.get("/api/v2/logs", params={"target": paired.id}).json()["data"]
    assert {"agent.pair_code", "agent.pair"} <= {row["action"] for row in rows}
    assert paired.token not in str(rows)


def test_the_first_connection_uses_the_code_and_each_one_tells_the_version(
    server: RunningServer, raw: Raw, api: httpx.Client
) -> None:
    device_id = new_device(api)
    body = {
        "pair_code": new_pair_code(api, device_id),
        "agent_id": "a1",
        "macaddress": "02:00:00:00:00:01",
        "agent_version": "1.0.0",
    }
    with server.client() as anybody:
        token = anybody.post("/api/v2/agents/provision", json=body).raise_for_status().json()["token"]
        for version, macaddress, known in (
            ("1.1.0", "02:00:00:00:00:02", 2),
            ("1.0.9", "", 2),
            ("1.0.9", "02:00:00:00:00:03", 3),
        ):
            agent = raw(token=token)
            agent.send(wire.hello(wire.Hello(version, "5f1ee2c0a7714be3", macaddress)))
            agent.receive()
            shown = api.get(f"/api/v2/devices/{device_id}").json()
            assert (shown["agent_version"], shown["macaddress"]) == (version, f"02:00:00:00:00:0{known}")
            paired = api.get(f"/api/v2/devices/{device_id}/agent").json()
            assert (paired["agent_version"], paired["macaddress"]) == (shown["agent_version"], shown["macaddress"])
        assert anybody.post("/api/v2/agents/provision", json=body).status_code == 401


# Who is let in.


def test_a_stranger_is_not_let_in(raw: Raw, paired: PairedDevice) -> None:
    head, payload, signature = paired.token.split(".")
    assert refused(raw, token="nonsense") == (401, "agents.token_invalid")
    assert refused(raw, token=f"{head}.{payload}.{signature[::-1]}") == (401, "agents.token_invalid")
    assert refused(raw, subprotocol="penstock-agent.99") == (400, "request.invalid")


def test_another_pairing_ends_the_one_before(server: RunningServer, raw: Raw, paired: PairedDevice) -> None:
    agent = raw()
    agent.greet()
    renewed = pair(server, paired.api, paired.id)
    assert agent.closed() == wire.CLOSE_CREDENTIAL
    assert refused(raw) == (401, "agents.token_invalid")
    assert raw(token=renewed.token).greet()["device"] == paired.id


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("POST", "/pause", wire.CLOSE_PAUSED),
        ("DELETE", "", wire.CLOSE_CREDENTIAL),
        ("DELETE", "/agent", wire.CLOSE_CREDENTIAL),
    ],
    ids=["paused", "deleted", "unpaired"],
)
def test_a_device_that_may_no_longer_report_is_cut_off(raw: Raw, paired: PairedDevice, method: str, path: str, code: int) -> None:
    agent = raw()
    agent.greet()
    paired.api.request(method, paired.path + path).raise_for_status()
    assert agent.closed() == code
    assert refused(raw)[0] in (401, 403)


def test_a_new_connection_replaces_the_one_before(raw: Raw) -> None:
    first, second = raw(), raw()
    first.greet()
    second.greet()
    assert first.closed() == wire.CLOSE_REPLACED
    second.send_readings(1, 1)
    assert second.acknowledged() == {"seq": 1}


# Readings.


def test_an_acknowledged_reading_is_stored_as_it_was_sent(raw: Raw, paired: PairedDevice) -> None:
    agent = raw()
    greeting = agent.greet()
    assert abs(greeting.pop("time_s") - time.time()) < 60
    assert greeting == {"protocol": 1, "device": paired.id}
    text = '{"seq":1,"devicetimestamp":"2026-05-02T09:15:04.120Z","channel":"probe","payload":{"t": 21.50, "ok":true}}'
    agent.send(f'{{"data":[{text},{{"seq":2,"kind":"agent","payload":{{"agentstatus":"started"}}}}]}}')
    assert agent.acknowledged() == {"seq": 2}
    first, second = paired.readings()
    assert (first["data"], first["channel"], first["time"]) == ({"t": 21.5, "ok": True}, "probe", "2026-05-02T09:15:04.120Z")
    assert (second["kind"], second["data"]) == ("agent", {"agentstatus": "started"})


def test_what_comes_again_is_acknowledged_and_not_stored_twice(raw: Raw, paired: PairedDevice) -> None:
    first = raw()
    first.greet()
    first.send_readings(1, 1, 2, 3)
    first.acknowledged()
    first.close()
    second = raw()
    second.greet()
    second.send_readings(2, 2, 3, 4)
    assert second.acknowledged() == {"seq": 4}
    assert [row["v"] for row in paired.values()] == [1, 2, 3, 4]


def test_the_same_number_of_another_spool_is_another_reading(raw: Raw, paired: PairedDevice) -> None:
    for spool in ("aaaa", "bbbb"):
        agent = raw()
        agent.greet(spool)
        agent.send_readings(1, spool)
        agent.acknowledged()
    assert [row["v"] for row in paired.values()] == ["aaaa", "bbbb"]


def test_a_row_that_cannot_be_stored_is_refused_alone_and_kept_in_quarantine(raw: Raw, paired: PairedDevice) -> None:
    agent = raw()
    agent.greet()
    agent.send('{"data":[{"seq":1,"payload":{"v":1}},{"seq":2,"payload":{"v":99999999999999999999}},{"seq":3,"payload":{}}]}')
    done = agent.acknowledged()
    assert (done["seq"], [one["seq"] for one in done["refused"]]) == (3, [2, 3])
    assert [row["v"] for row in paired.values()] == [1]
    assert len(paired.quarantined()) == 2
    until(lambda: (paired.api.get(paired.path).json()["malformed"] or {}).get("messages") == 2, "the count")


def test_a_sign_of_life_is_answered(raw: Raw) -> None:
    agent = raw()
    agent.greet()
    agent.send({"signal": {"heartbeat": 41}})
    assert agent.receive() == {"signal": {"heartbeat": 41}}


@pytest.mark.parametrize(
    "frames",
    [
        ["nonsense"],
        [b"\x00\x01"],
        [{"data": [{"seq": 1, "payload": {"v": 1}}]}],
        [{"signal": {"agent": {"version": "1", "spool": ""}}}],
        [{"signal": {"agent": {"version": "1", "spool": "a"}}}, {"signal": {"agent": {"version": "1", "spool": "a"}}}],
        [{"signal": {"agent": {"version": "1", "spool": "a"}}}, {"data": []}],
        [{"signal": {"agent": {"version": "1", "spool": "a"}}}, {"data": [{"seq": 0, "payload": {"v": 1}}]}],
        [{"signal": {"agent": {"version": "1", "spool": "a"}}}, {"data": [{"seq": 1, "payload": 7}]}],
        [{"signal": {"agent": {"version": "1", "spool": "a"}}}, {"signal": {"welcome": {}}}],
    ],
)
def test_what_breaks_the_protocol_closes_the_connection(raw: Raw, frames: list[Any]) -> None:
    agent = raw()
    for frame in frames:
        agent.send(frame)
    assert agent.closed() == wire.CLOSE_PROTOCOL


# Commands.


def test_a_command_goes_down_and_its_reports_come_back(raw: Raw, paired: PairedDevice) -> None:
    agent = raw()
    agent.greet()
    execution_id = paired.execute(paired.define("set_interval"), seconds=30)
    assert agent.receive() == {"data": {"set_interval": {"seconds": 30}}, "command": execution_id}
    for seq, said in enumerate(
        [
            {"status": "received"},
            {"status": "received", "progress": {"percent": 50}},
            {"status": "done", "result": {"seconds": 30}},
        ],
        start=1,
    ):
        agent.send({"data": [{"seq": seq, "command": {"id": execution_id} | said}]})
        assert agent.acknowledged() == {"seq": seq}
    found = paired.execution(execution_id)
    assert (found["state"], found["result"], found["progress"]) == ("done", {"seconds": 30}, {"percent": 50})


def test_a_command_waits_for_the_agent_and_is_handed_over_once(raw: Raw, paired: PairedDevice) -> None:
    execution_id = paired.execute(paired.define("restart"))
    first = raw()
    first.greet()
    assert first.receive()["command"] == execution_id
    first.close()
    second = raw()
    second.greet()
    with pytest.raises(TimeoutError):
        second.receive(timeout_s=0.5)
    assert paired.execution(execution_id)["state"] == "sent"


def test_reports_that_make_no_sense_are_refused_and_hold_nothing_up(raw: Raw, paired: PairedDevice) -> None:
    agent = raw()
    agent.greet()
    nobodys = {"id": "cmd_0000000000000", "status": "done"}
    agent.send({"data": [{"seq": 1, "command": nobodys}, {"seq": 2, "payload": {"v": 1}}]})
    done = agent.acknowledged()
    assert (done["seq"], done["refused"][0]["seq"]) == (2, 1)
    assert [row["v"] for row in paired.values()] == [1]


@pytest.mark.parametrize("result", ["9" * 30, '"\\u0000"', '{"a":1,"a":2}'])
def test_a_result_that_cannot_be_read_ends_its_command_all_the_same(raw: Raw, paired: PairedDevice, result: str) -> None:
    agent = raw()
    agent.greet()
    execution_id = paired.execute(paired.define("restart"))
    agent.receive()
    agent.send(f'{{"data":[{{"seq":1,"command":{{"id":"{execution_id}","status":"done","result":{result}}}}}]}}')
    assert agent.acknowledged() == {"seq": 1}
    found = paired.execution(execution_id)
    assert (found["state"], found["result"]) == ("done", None)
    assert "cannot be read" in found["error"]


def test_an_agent_cannot_speak_of_another_devices_commands(server: RunningServer, raw: Raw, paired: PairedDevice) -> None:
    sibling = pair(server, paired.api)
    execution_id = sibling.execute(sibling.define("restart"))
    agent = raw()
    agent.greet()
    agent.send({"data": [{"seq": 1, "command": {"id": execution_id, "status": "done"}}]})
    assert [one["seq"] for one in agent.acknowledged()["refused"]] == [1]
    assert sibling.execution(execution_id)["state"] == "queued"


def test_an_agent_that_takes_no_commands_gets_none(raw: Raw, paired: PairedDevice) -> None:
    agent = raw()
    agent.greet(commands=False)
    execution_id = paired.execute(paired.define("restart"))
    with pytest.raises(TimeoutError):
        agent.receive(timeout_s=0.5)
    assert paired.execution(execution_id)["state"] == "queued"


# Records of connections.


def test_a_connection_and_its_end_are_recorded_in_the_vendors_words(raw: Raw, paired: PairedDevice) -> None:
    agent = raw()
    agent.greet()
    until(lambda: paired.connections() == ["connected"], "the record of the connection")
    second = raw()
    second.greet()
    assert agent.closed() == wire.CLOSE_REPLACED
    second.send_readings(1, 1)
    second.acknowledged()
    second.close()
    until(lambda: paired.connections() == ["connected", "disconnected"], "the record of its end")
    assert paired.values() == [{"v": 1}]
    assert {row["kind"] for row in paired.readings(connections=True)} == {"status", "telemetry"}
