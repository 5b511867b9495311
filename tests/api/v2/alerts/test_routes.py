"""Alerts over sockets: defined, patched, tried out, told to streams and by mail."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from penstock.kit.ids import Prefix, encode
from tests.api.v2.alerts.room import WARM, Room
from tests.support.server import Org, RunningServer
from tests.support.waiting import awaited


def test_a_patch_keeps_what_is_absent_and_clears_what_is_null(room: Callable[..., Room]) -> None:
    here = room(auto_clear_s=60, description="Door", cooldown_s=5)
    here.send(7)
    here.wait(state="open")
    found = here.api.patch(here.path, json={"auto_clear_s": None, "name": "Hot"}).json()
    assert (found["auto_clear_s"], found["name"], found["description"], found["cooldown_s"]) == (None, "Hot", "Door", 5)
    assert here.events(state="open"), "what is watched for has not changed"
    assert here.api.patch(here.path, json={"condition": WARM | {"value": 9}}).status_code == 200
    assert here.wait(state="cleared")["clear_reason"] == "changed"
    here.send(10)
    assert here.wait(state="open")["value"] == 10
    here.api.patch(here.path, json={"enabled": False})
    assert here.events(state="open") == []
    before = here.events()
    assert here.api.delete(here.path).status_code == 204
    assert here.events() == before, "the history outlives the definition"
    assert here.api.get(here.path).status_code == 404


FENCE = {"type": "geofence", "when": "enter", "center": [51, 3.7], "radius_m": 100}


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"target": {}}, "target"),
        ({"target": {"all": True, "labels": {"a": "b"}}}, "target"),
        ({"target": {"devices": ["nonsense"]}}, "target.devices"),
        ({"condition": WARM | {"operator": "between"}}, "condition.value"),
        ({"condition": WARM | {"operator": "between", "value": [9, 1]}}, "condition.value"),
        ({"condition": WARM | {"value": "six"}}, "condition.value"),
        ({"condition": {"type": "expression", "expression": "reading.values.t >"}}, "condition.expression"),
        ({"condition": {"type": "expression", "expression": "secret"}}, "condition.expression"),
        ({"condition": FENCE | {"polygon": [[0, 0], [1, 1], [1, 0]]}}, "condition"),
        ({"condition": FENCE | {"center": [91, 0]}}, "condition"),
        ({"condition": {"type": "geofence", "when": "exit", "polygon": [[0, 0], [1, 1]]}}, "condition.polygon"),
        ({"condition": {"type": "no_data", "after_s": 60}, "for_s": 5}, "for_s"),
        ({"condition": {"type": "no_data", "after_s": 60}, "n_of_m": {"n": 1, "m": 2}}, "n_of_m"),
        ({"n_of_m": {"n": 3, "m": 2}}, "n_of_m.n"),
        ({"condition": {"type": "change", "field": "t"}, "hysteresis": 1}, "hysteresis"),
        ({"condition": WARM | {"operator": "outside", "value": [1, 2]}, "hysteresis": 1}, "hysteresis"),
        ({"active_hours": {"time_zone": "Mars/Base"}}, "active_hours.time_zone"),
        ({"actions": [{"type": "chat", "channel": "nobody"}]}, "actions[0].channel"),
        ({"actions": [{"type": "email", "to": ["a@b.example"], "text": "{{ alert.name"}]}, "actions[0].text"),
        ({"actions": [{"type": "sms", "to": ["+3212345678"], "text": "{{ reading }}"}]}, "actions[0].text"),
        ({"escalation": [{"after_s": 60, "actions": []}, {"after_s": 60, "actions": []}]}, "escalation"),
        ({"actions": [{"type": "email", "to": ["a@b.example\n"]}]}, "actions[0]"),
        ({"actions": [{"type": "email", "to": ["a@b.example", "b@b.example\nBcc: eve@evil.example"]}]}, "actions[0]"),
        ({"actions": [{"type": "sms", "to": ["+3212345678\n"], "text": "x"}]}, "actions[0]"),
        ({"active_hours": {"time_zone": "Europe/Berlin", "from": "08:00\n", "to": "18:00"}}, "active_hours.from"),
        ({"unknown": 1}, ""),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(api: httpx.Client, about: dict[str, Any], field: str) -> None:
    body = {"name": "Odd", "target": {"all": True}, "condition": WARM} | about
    answer = api.post("/api/v2/alerts", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["field"].startswith(field)


def test_what_others_have_cannot_be_named(api: httpx.Client, other_api: httpx.Client) -> None:
    theirs = other_api.post("/api/v2/devices", json={"name": "Theirs"}).json()["device"]
    command = {"type": "command", "definition_id": encode(Prefix.DEFINITION, 5)}
    for about in (
        {"target": {"devices": [theirs["id"]]}},
        {"target": {"project_id": theirs["project_id"]}},
        {"target": {"all": True}, "actions": [command]},
    ):
        assert api.post("/api/v2/alerts", json={"name": "Odd", "condition": WARM} | about).status_code == 404


def test_the_same_request_defines_one_alert(room: Callable[..., Room]) -> None:
    here = room(actions=[{"type": "webhook"}])
    body = {"name": "Once", "target": {"devices": [here.id]}, "condition": WARM}
    made = [here.api.post("/api/v2/alerts", json=body, headers={"Idempotency-Key": f"{here.id}"}).json()["id"] for _ in range(2)]
    assert made[0] == made[1]
    tried = [here.api.post(f"{here.path}/test", json={}, headers={"Idempotency-Key": f"{here.id} t"}) for _ in range(2)]
    assert [one.json() for one in tried] == [{"actions": 1}] * 2


def test_mail_command_and_audit(room: Callable[..., Room], server: RunningServer) -> None:
    here = room()
    definition = here.api.post(f"/api/v2/devices/{here.id}/commands", json={"name": "close"}).json()["id"]
    mail = {"type": "email", "to": [f"{here.id}@example.org"]}
    here.api.patch(here.path, json={"actions": [mail, {"type": "command", "definition_id": definition}]})
    assert here.api.post(f"{here.path}/test", json={"device_id": here.id}).json() == {"actions": 2}

    def mails() -> list[str]:
        texts = [path.read_text() for path in (server.data_dir / "mail").glob("*.eml")]
        return [text for text in texts if here.id in text]

    assert "This is a test" in awaited(mails)[0]
    assert here.events() == [], "nothing was raised"
    here.send(7)
    awaited(lambda: len(mails()) == 2)
    assert any("Subject: [WARNING] Too warm - Cold room 2" in text for text in mails())
    executions = f"/api/v2/command-executions?device_id={here.id}"
    awaited(lambda: len(here.api.get(executions).json()["data"]) == 2)
    actions = {one["action"] for one in here.api.get("/api/v2/logs", params={"limit": "50"}).json()["data"]}
    assert {"alert.create", "alert.update", "alert.test"} <= actions


def test_labels_and_projects_and_devices_that_come_later(api: httpx.Client) -> None:
    project = api.post("/api/v2/projects", json={"name": "Harbour"}).json()["id"]
    for target in ({"project_id": project}, {"labels": {"quay": project}}):
        api.post("/api/v2/alerts", json={"name": "Later", "target": target, "condition": WARM})
    body = {"name": "Crane", "project_id": project, "labels": {"quay": project, "n": "4"}}
    device = api.post("/api/v2/devices", json=body).json()["device"]["id"]
    api.post(f"/api/v2/devices/{device}/telemetry", json={"data": {"temperature": 7}})
    query = {"device_id": device, "state": "open"}
    awaited(lambda: len(api.get("/api/v2/alert-events", params=query).json()["data"]) == 2)
    api.patch(f"/api/v2/devices/{device}", json={"labels": {}})
    over = awaited(lambda: api.get("/api/v2/alert-events", params=query | {"state": "cleared"}).json()["data"])
    assert [one["clear_reason"] for one in over] == ["changed"], "it is not among them any more"
    assert len(api.get("/api/v2/alert-events", params={"project_id": project, "state": "open"}).json()["data"]) == 1


def test_streams_tell_only_who_may_see_alerts(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    made = api.post("/api/v2/keys", json={"name": "Reader", "scopes": ["telemetry:read"]}).json()
    headers = {"Authorization": f"Bearer {made['value']}", "X-Organization-Id": acme.organization_id}
    answer = httpx.get(f"{server.base_url}/api/v2/streams/sse", params={"alerts": "true"}, headers=headers, timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (403, "auth.scope_missing")


def test_streams_tell(room: Callable[..., Room]) -> None:
    here = room()
    with here.api.stream("GET", "/api/v2/streams/sse", params={"devices": here.id, "alerts": "true", "kinds": "none"}) as stream:
        lines = stream.iter_lines()
        next(line for line in lines if line == "event: ready")
        here.send(7, 5)
        told = []
        while len(told) < 2:
            if next(lines) == "event: alert":
                told.append(json.loads(next(line for line in lines if line.startswith("data: "))[6:]))
    assert [one["event"] for one in told] == ["alert.raised", "alert.cleared"]
    assert (told[0]["alert_id"], told[0]["value"], told[0]["test"]) == (here.alert["id"], 7, False)
    assert told[0]["id"] == told[1]["id"]


def test_an_alert_is_no_way_around_a_scope(api: httpx.Client, server: RunningServer, acme: Org) -> None:
    device = api.post("/api/v2/devices", json={"name": "Door"}).json()["device"]["id"]
    opened = api.post(f"/api/v2/devices/{device}/commands", json={"name": "open"}).json()["id"]
    made = api.post(
        "/api/v2/keys", json={"name": "alerts alone", "scopes": ["alerts:read", "alerts:write", "telemetry:read"]}
    ).json()
    action = {"type": "command", "definition_id": opened}
    wanted = {"name": "Let me in", "target": {"devices": [device]}, "condition": WARM}
    assert api.post("/api/v2/alerts", json=wanted | {"actions": [action]}).status_code == 201
    with httpx.Client(base_url=server.base_url, headers=acme.headers() | {"X-API-Key": made["value"]}) as weak:
        refused = weak.post("/api/v2/alerts", json=wanted | {"actions": [action]})
        assert (refused.status_code, refused.json()["code"]) == (403, "auth.scope_missing")
        path = f"/api/v2/alerts/{weak.post('/api/v2/alerts', json=wanted).json()['id']}"
        assert weak.patch(path, json={"escalation": [{"after_s": 60, "actions": [action]}]}).status_code == 403
        assert weak.get(path).json()["escalation"] == []


def test_a_snoozed_alert_records_and_notifies_no_one_until_its_end(room: Callable[..., Room], api: httpx.Client) -> None:
    here = room()
    snoozed = api.post(f"{here.path}/snooze", json={"for_s": 2, "note": "repair"})
    assert snoozed.status_code == 200, snoozed.text
    made = snoozed.json()
    assert (made["alert_id"], made["device_id"], made["note"]) == (here.alert["id"], None, "repair")
    shown = api.get(here.path).json()
    assert (shown["snoozed_until"], shown["snoozed_by"]) == (made["until"], made["snoozed_by"])
    here.send(7)
    assert here.wait(state="raised")["snoozed_until"] == made["until"]
    assert awaited(lambda: [one for one in [api.get(here.path).json()] if one["snoozed_until"] is None])
    assert here.events()[0]["snoozed_until"] is None


def test_a_snooze_is_ended_by_hand(room: Callable[..., Room], api: httpx.Client) -> None:
    here = room()
    one_device = {"until": "2099-01-01T00:00:00Z", "device_id": here.id}
    far = api.post(f"{here.path}/snooze", json=one_device)
    assert (far.status_code, far.json()["errors"][0]["field"]) == (400, "until")
    assert api.post(f"{here.path}/snooze", json={"for_s": 600, "device_id": here.id}).json()["device_id"] == here.id
    assert api.get(here.path).json()["snoozed_until"] is None
    for _ in range(2):
        assert api.delete(f"{here.path}/snooze", params={"device_id": here.id}).status_code == 204
    none = api.post(f"{here.path}/snooze", json={})
    assert (none.status_code, none.json()["errors"][0]["field"]) == (400, "until")
