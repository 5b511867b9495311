"""Previews of expressions over sockets: with samples, with stored readings, within the caller's rights."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.server import Org, RunningServer

PATH = "/api/v2/expressions/preview"


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ({"use": "alert", "expression": "reading.values.t * 2 > 10"}, (True, "boolean", True)),
        ({"use": "alert", "expression": "reading.values.t"}, (6, "number", False)),
        ({"use": "alert", "expression": "reading.values.code + 1"}, (840380235174088834, "number", False)),
        ({"use": "alert", "expression": "reading.values.t / 4"}, (1.5, "number", False)),
        ({"use": "rule", "expression": "window.mean > latest.t"}, (True, "boolean", True)),
        ({"use": "rule", "expression": "reading.time + duration('1h')"}, ("2026-05-02T10:15:04Z", "time", False)),
        ({"use": "rule", "expression": "reading.time - reading.time"}, ("0s", "duration", False)),
        ({"use": "rule", "expression": "[1, {'a': reading.values.t}]"}, ([1, {"a": 6}], "list", False)),
        ({"use": "rule", "expression": "null"}, (None, "null", False)),
        ({"use": "rule", "expression": "{1: b'a'}"}, ({"1": "YQ=="}, "object", False)),
        ({"use": "rule", "template": "{{ device.name }}: {{ reading.values.t }} °C"}, ("Pump: 6 °C", "string", False)),
    ],
)
def test_a_value_has_its_type(api: httpx.Client, body: dict[str, Any], answer: tuple[object, str, bool]) -> None:
    reading: dict[str, Any] = {"values": {"t": 6, "code": 840380235174088833}}
    samples: dict[str, Any] = {"reading": reading}
    if body["use"] == "rule":
        reading["time"] = "2026-05-02T09:15:04Z"
        samples |= {"device": {"name": "Pump"}, "window": {"mean": 9.5}, "latest": {"t": 7}}
    found = api.post(PATH, json=body | {"variables": samples})
    assert found.status_code == 200, found.text
    shown = found.json()
    assert (shown["value"], shown["type"], shown["is_condition"]) == answer
    assert shown["errors"] == []


@pytest.mark.parametrize(
    ("about", "error"),
    [
        ({"expression": "reading.values.nope > 1"}, {"type": "missing", "detail": 'value "nope" is missing'}),
        ({"expression": "reading.values.s > 1"}, {"type": "failed", "detail": "operator > does not accept (string, number)"}),
        ({"expression": "device.name == 'x'"}, {"type": "missing", "detail": "value device.name is missing"}),
        (
            {"use": "rule", "template": "{{ reading.values.s * 2 }}"},
            {"type": "failed", "detail": "reading.values.s * 2: operator * does not accept (string, number)"},
        ),
    ],
)
def test_what_cannot_be_evaluated_says_why(api: httpx.Client, about: dict[str, Any], error: dict[str, str]) -> None:
    body = {"use": "alert", "variables": {"reading": {"values": {"s": "x"}}}} | about
    assert api.post(PATH, json=body).json()["errors"] == [error]


@pytest.mark.parametrize(
    ("about", "field", "detail"),
    [
        ({"expression": "1 +"}, "expression", "line 1, column 4"),
        ({"expression": "reading.value.t"}, "expression", "line 1, column 1: variable reading.value.t does not exist"),
        ({"template": "{{ reading.values.t }}"}, "template", "variable reading.values"),
        ({"use": "webhook", "topics": ["device.online"], "expression": "event.data.nope == 1"}, "expression", "event.data.nope"),
        ({"use": "webhook", "topics": ["device.nope"], "expression": "true"}, "topics[0]", "known topic"),
        ({"use": "rule", "trigger": "hook", "expression": "reading.values.t"}, "expression", "does not exist"),
        ({"expression": "true", "template": "x"}, "expression", "not both"),
        ({}, "expression", "is required"),
        ({"expression": "true", "variables": {"nope": 1}}, "variables.nope", "is not a variable of this use"),
        ({"expression": "true", "variables": {"reading": {"value": {}}}}, "variables.reading.value", "is not a variable"),
        ({"expression": "true", "variables": {"reading": {"time": "soon"}}}, "variables.reading.time", "RFC 3339"),
        ({"expression": "true", "variables": {"reading": {"values": 1}}}, "variables.reading.values", "an object"),
        ({"expression": "true", "variables": {"device": {"labels": {"a": 1}}}}, "variables.device.labels", "strings"),
        ({"expression": "true", "variables": {"reading": 1}}, "variables.reading", "must be an object"),
        ({"expression": "true", "reading_id": "dev_1"}, "reading_id", ""),
        ({"use": "nothing", "expression": "true"}, "use", ""),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(api: httpx.Client, about: dict[str, Any], field: str, detail: str) -> None:
    answer = api.post(PATH, json={"use": "alert"} | about)
    assert answer.status_code == 400, answer.text
    error = answer.json()["errors"][0]
    assert error["field"] == field
    assert detail in error["detail"]


def test_a_stored_reading_is_used_by_whoever_may_read_it(
    api: httpx.Client, other_api: httpx.Client, server: RunningServer, acme: Org
) -> None:
    device_id = api.post("/api/v2/devices", json={"name": "Pump", "labels": {"site": "north"}}).json()["device"]["id"]
    stored = api.post(f"/api/v2/devices/{device_id}/telemetry", json={"data": {"t": 6}}).json()
    reading_id = stored["id"] if "id" in stored else stored["data"][0]["id"]
    condition = {"use": "alert", "expression": "reading.values.t * 2 > 10"}
    of_device = {"use": "rule", "expression": "device.labels.site + ' ' + reading.kind"}
    event = {"use": "webhook", "expression": "event.data.data.t == 6 && event.type == 'reading.telemetry'"}
    for source in ({"reading_id": reading_id}, {"device_id": device_id}):
        assert api.post(PATH, json=condition | source).json()["value"] is True
        assert api.post(PATH, json=of_device | source).json()["value"] == "north telemetry"
        assert api.post(PATH, json=event | source).json()["value"] is True
        instead = {"variables": {"reading": {"values": {"t": 1}}}}
        assert api.post(PATH, json=condition | source | instead).json()["value"] is False
        assert other_api.post(PATH, json=condition | source).status_code == 404
        for scopes, body, status in (
            (["alerts:read"], condition | source, 403),
            (["alerts:read", "telemetry:read"], condition | source, 200),
            (["alerts:read", "telemetry:read"], of_device | source, 403),
            (["alerts:read", "telemetry:read", "devices:read"], of_device | source, 200),
            (["telemetry:read"], condition | source, 403),
        ):
            key = api.post("/api/v2/keys", json={"name": f"k {scopes}", "scopes": scopes}).json()["value"]
            headers = {"X-API-Key": key, "X-Organization-Id": acme.organization_id}
            answer = httpx.post(f"{server.base_url}{PATH}", json=body, headers=headers)
            assert answer.status_code == status, (scopes, answer.text)
    api.delete(f"/api/v2/devices/{device_id}")
    assert api.post(PATH, json=condition | {"reading_id": reading_id}).status_code == 404
