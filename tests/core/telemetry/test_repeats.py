"""Repeated readings: told apart from other readings under the same key, over every HTTP call that takes an `Idempotency-Key`."""

from __future__ import annotations

import secrets
from typing import Any, cast

import httpx
import pytest

from penstock.core.devices.models import DeviceRef
from penstock.core.telemetry.models import NewReading, Reading
from penstock.core.telemetry.repeats import is_altered
from penstock.kit.ids import DeviceId, OrgId

FIRST = Reading(OrgId(1), DeviceId(2), 5_000_000, 6_000_000, b'{"t":1}', channel="a")


def device(api: httpx.Client) -> dict[str, Any]:
    made: dict[str, Any] = api.post("/api/v2/devices", json={"name": "repeats"}).raise_for_status().json()
    return made


def send(api: httpx.Client, path: str, body: object, key: str) -> httpx.Response:
    return api.post(path, json=body, headers={"Idempotency-Key": key})


@pytest.mark.parametrize(
    ("sent", "altered"),
    [
        ({"payload": b'{"t":1}', "channel": "a"}, False),
        ({"payload": b'{"t":1}', "channel": "a", "time_us": 5_000_000}, False),
        ({"payload": b'{"t":1}', "channel": "a", "time_us": 5_000_001}, True),
        ({"payload": b'{"t":2}', "channel": "a"}, True),
        ({"payload": b'{"t":1}'}, True),
        ({"payload": b'{"t":1}', "channel": "a", "kind": "status"}, True),
    ],
)
def test_what_is_other_content(sent: dict[str, Any], altered: bool) -> None:
    new = NewReading(cast(DeviceRef, object()), **sent)
    assert is_altered(new, FIRST) is altered
    assert not is_altered(new, None)


def test_of_one_reading_another_content_is_refused(api: httpx.Client) -> None:
    path, key = f"/api/v2/devices/{device(api)['device']['id']}/telemetry", secrets.token_hex(8)
    first = send(api, path, {"data": {"t": 1}}, key)
    again = send(api, path, {"data": {"t": 1}}, key)
    other = send(api, path, {"data": {"t": 2}}, key)
    assert [one.status_code for one in (first, again, other)] == [201, 200, 422]
    assert again.json() == first.json() | {"status": "duplicate"}, "with the time of the first delivery"
    assert other.json()["code"] == "idempotency.mismatch"


def test_of_a_batch_the_rows_with_other_content_are_named(api: httpx.Client) -> None:
    name = device(api)["device"]["id"]
    for path, about in ((f"/api/v2/devices/{name}/telemetry", {}), ("/api/v2/telemetry", {"device_id": name})):
        key = secrets.token_hex(8)
        one, two, three = ({**about, "data": {"t": value}} for value in (1, 2, 3))
        first = send(api, path, [one, two], key).json()
        assert send(api, path, [one, two], key).json() == first | {"duplicates": 2}
        answer = send(api, path, [one, three, two], key)
        found = answer.json()
        assert (answer.status_code, found["accepted"], found["duplicates"], found["rejected"]) == (207, 2, 1, 1)
        assert [(error["row"], error["code"]) for error in found["errors"]] == [(1, "idempotency.mismatch")]
        assert [seq is None for seq in found["seqs"]] == [False, True, False]
        assert send(api, path, [three, one], key).status_code == 422


def test_a_key_of_the_readings_own_is_no_name_of_the_request(api: httpx.Client) -> None:
    path = f"/api/v2/devices/{device(api)['device']['id']}/telemetry"
    body = {"data": {"t": 1}, "dedupe_key": "mine"}
    first = send(api, path, body, secrets.token_hex(8)).json()
    again = send(api, path, body | {"data": {"t": 2}}, secrets.token_hex(8))
    assert (again.status_code, again.json()["seq"], again.json()["time"]) == (200, first["seq"], first["time"])


def test_so_is_the_vendors_call(api: httpx.Client) -> None:
    made, key = device(api), secrets.token_hex(8)
    body = {"device_id": made["device"]["id"], "access_token": made["access_token"], "data": {"t": 1}}
    first, again = (send(api, "/api/devices/ingest", body, key) for _ in range(2))
    assert (first.status_code, again.json()) == (200, first.json())
    other = send(api, "/api/devices/ingest", body | {"data": {"t": 2}}, key)
    assert (other.status_code, "Idempotency-Key" in other.json()["error"]) == (422, True)


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_that_is_none_is_an_error_here_too(api: httpx.Client, key: str) -> None:
    made = device(api)
    vendors = {"device_id": made["device"]["id"], "access_token": made["access_token"], "data": {"t": 1}}
    for path, body in (
        ("/api/v2/telemetry", [{"device_id": made["device"]["id"], "data": {"t": 1}}]),
        (f"/api/v2/devices/{made['device']['id']}/telemetry", {"data": {"t": 1}}),
        ("/api/devices/ingest", vendors),
    ):
        answer = send(api, path, body, key)
        assert (answer.status_code, "Idempotency-Key: must be 1 to 255 characters" in answer.text) == (400, True)
