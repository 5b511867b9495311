"""Many devices in one call over HTTP."""

from __future__ import annotations

import secrets
from typing import Any

import httpx

BULK = "/api/v2/devices/bulk"


def serial(value: str) -> list[dict[str, str]]:
    return [{"kind": "serial", "value": value}]


def audited(api: httpx.Client, name: str) -> int:
    params = {"action": "device.create", "target": f"device:{name}"}
    return len(api.get("/api/v2/logs", params=params).raise_for_status().json()["data"])


def test_all_are_created_with_their_tokens(api: httpx.Client) -> None:
    mark = secrets.token_hex(4)
    rows = [
        {"name": f"{mark} {number}", "labels": {"site": "north"}, "identifiers": serial(f"{mark}-{number}")}
        for number in range(60)
    ]
    answer = api.post(BULK, json={"items": rows})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert (body["created"], body["rejected"], body["errors"]) == (60, 0, [])
    assert [one["device"]["name"] for one in body["devices"]] == [row["name"] for row in rows]
    last = body["devices"][-1]
    reading = {"data": {"t": 1}}
    sent = api.post(
        f"/api/v2/devices/{last['device']['id']}/telemetry",
        json=reading,
        headers={"Authorization": f"Bearer {last['access_token']}"},
    )
    assert sent.status_code == 201, sent.text
    assert api.get(f"/api/v2/devices/by-identifier/serial/{mark}-59").json() == last["device"] | {
        "last_seen_at": sent_time(api, last["device"]["id"]),
        "connectivity": "online",
    }
    assert audited(api, f"{mark} 7") == 1


def sent_time(api: httpx.Client, device_id: str) -> Any:
    return api.get(f"/api/v2/devices/{device_id}").json()["last_seen_at"]


def test_rejected_rows_are_named_and_the_others_are_created(api: httpx.Client) -> None:
    mark = secrets.token_hex(4)
    rows = [
        {"name": "good", "identifiers": serial(mark)},
        {"name": ""},
        {"name": "twice", "identifiers": serial(mark)},
        {"name": "odd", "colour": "red"},
        {"name": "nowhere", "project_id": "prj_0000000000000"},
        {"name": "placed", "location": {"latitude": 100, "longitude": 0}},
    ]
    answer = api.post(BULK, json={"items": rows})
    assert answer.status_code == 207, answer.text
    body = answer.json()
    assert (body["created"], body["rejected"]) == (1, 5)
    assert [one is not None for one in body["devices"]] == [True] + [False] * 5
    found = [(one["row"], one["field"]) for one in body["errors"]]
    assert found == [(1, "name"), (2, ""), (3, "colour"), (4, ""), (5, "location.latitude")]
    assert all(one["code"] and one["detail"] for one in body["errors"])


def test_a_call_in_which_none_is_created_is_400_with_every_fault(api: httpx.Client) -> None:
    answer = api.post(BULK, json={"items": [{"name": ""}, {"name": "n", "type": 1}]})
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == ["items[0].name", "items[1].type"]
    for body in ({}, {"items": []}, {"items": [1]}, {"items": [{"name": "n"}] * 1001}, []):
        assert api.post(BULK, json=body).status_code == 400


def test_every_fault_of_a_row_is_told(api: httpx.Client) -> None:
    odd = {"name": 5, "type": "", "location": {"latitude": 100}, "identifiers": [{"kind": "x", "value": 1}], "colour": 1}
    answer = api.post(BULK, json={"items": [odd, {"name": "good"}, {"name": ""}]})
    body = answer.json()
    assert (answer.status_code, body["created"], body["rejected"]) == (207, 1, 2)
    told = {(one["row"], one["field"]) for one in body["errors"]}
    fields = ["name", "type", "location.latitude", "location.longitude", "identifiers[0].kind", "identifiers[0].value", "colour"]
    assert told == {(0, field) for field in fields} | {(2, "name")}


def test_a_repeated_call_returns_the_same(api: httpx.Client) -> None:
    headers = {"Idempotency-Key": secrets.token_hex(8)}
    body = {"items": [{"name": f"again {number}"} for number in range(30)]}
    first, second = (api.post(BULK, json=body, headers=headers) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert [one["access_token"] for one in first.json()["devices"]] == [one["access_token"] for one in second.json()["devices"]]
    other = api.post(BULK, json={"items": [{"name": "other"}]}, headers=headers)
    assert other.status_code == 422, other.text
