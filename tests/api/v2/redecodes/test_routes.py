"""A codec is mended, and what was stored is decoded again: over real HTTP, by the real sandbox, as a user sees it."""

from __future__ import annotations

import base64
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, decode
from tests.support.server import RunningServer, running_server
from tests.support.waiting import awaited

REDECODES, DEVICES, PROFILES, WATER = (
    "/api/v2/redecodes",
    "/api/v2/devices",
    "/api/v2/profiles",
    "/api/v1/ingest/water-consumption",
)
BROKEN = """
function decodeUplink(input) {
  if (input.bytes[0] === 1) return {errors: ['unknown frame']};
  return {data: {cumulativeFlowM3: input.bytes[1], battery: 3.6}};
}
"""
MENDED = "function decodeUplink(input) { return {data: {cumulativeFlowM3: input.bytes[1] / 10, leak: input.bytes[0] === 1}}; }"
OPEN = ("queued", "running")


class Meter:
    """A device with a codec, and a connection through which its uplinks come."""

    def __init__(self, api: httpx.Client, script: str = BROKEN) -> None:
        self.api, self.eui = api, secrets.token_hex(8)
        self.profile_id = api.post(PROFILES, json={"name": "Meter"}).raise_for_status().json()["id"]
        self.save(script)
        wanted = {"name": "Flat", "profile_id": self.profile_id, "identifiers": [{"kind": "eui", "value": self.eui}]}
        self.id = api.post(DEVICES, json=wanted).raise_for_status().json()["device"]["id"]
        made = api.post("/api/v2/connections", json={"name": "Server", "type": "chirpstack"}).raise_for_status().json()
        self._path, self._secret = made["connection"]["ingest_path"], {"x-connection-secret": made["secret"]}

    def save(self, script: str) -> None:
        self.api.post(f"{PROFILES}/{self.profile_id}/codec-versions", json={"script": script}).raise_for_status()

    def body(self, raw: bytes, day: int, **about: Any) -> dict[str, Any]:
        data = base64.b64encode(raw).decode()
        known = {"deduplicationId": f"{day}-{raw.hex()}", "time": f"2026-05-{day:02}T12:00:00Z", "fPort": 10, "data": data}
        return known | {"deviceInfo": {"devEui": self.eui}} | about

    def send(self, raw: bytes, day: int, **about: Any) -> None:
        body = self.body(raw, day, **about)
        self.api.post(self._path, params={"event": "up"}, json=body, headers=self._secret).raise_for_status()

    def send_water(self, raw: bytes, day: int) -> None:
        self.api.post(WATER, json=self.body(raw, day)).raise_for_status()

    def redecode(self, **about: Any) -> dict[str, Any]:
        started = self.api.post(REDECODES, json={"device_id": self.id} | about)
        assert started.status_code == 202, started.text
        return ended(self.api, started.json()["id"])

    def readings(self) -> list[dict[str, Any]]:
        query = {"from": "2026-05-01T00:00:00Z", "to": "2026-06-01T00:00:00Z"}
        found: list[dict[str, Any]] = (
            self.api.get(f"{DEVICES}/{self.id}/telemetry", params=query).raise_for_status().json()["data"]
        )
        return found[::-1]

    def values(self) -> list[dict[str, Any]]:
        return [{name: value for name, value in one["data"].items() if name != "lorawan"} for one in self.readings()]


def ended(api: httpx.Client, redecode_id: str) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        found: dict[str, Any] = api.get(f"{REDECODES}/{redecode_id}").raise_for_status().json()
        return None if found["state"] in OPEN else found

    return awaited(look, what="the end of the re-decode")


def counts(found: dict[str, Any]) -> list[Any]:
    return [found[name] for name in ("state", "total", "done", "changed", "failed", "skipped")]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("redecodes") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def client(own: RunningServer) -> Iterator[httpx.Client]:
    with own.client(own.orgs["Acme"]) as made:
        yield made


def test_what_was_stored_is_as_if_the_mended_codec_had_always_been_there(client: httpx.Client) -> None:
    meter, fresh = Meter(client), Meter(client, MENDED)
    for day, raw in ((1, b"\x00\x0a"), (2, b"\x01\x14"), (3, b"\x00\x1e")):
        meter.send(raw, day, object={"water": 9})
        fresh.send(raw, day, object={"water": 9})
    before = meter.readings()
    assert [one.get("cumulativeFlowM3") for one in meter.values()] == [10, None, 30]
    meter.save(MENDED)
    assert counts(meter.redecode()) == ["done", 3, 3, 3, 0, 0]
    after = meter.readings()
    assert (
        meter.values()
        == fresh.values()
        == [
            {"cumulativeFlowM3": 1, "leak": False},
            {"cumulativeFlowM3": 2, "leak": True},
            {"cumulativeFlowM3": 3, "leak": False},
        ]
    )
    for old, new in zip(before, after, strict=True):
        assert old | {"data": 0} == new | {"data": 0}, "ids and times stay"
        lorawan = new["data"]["lorawan"]
        assert lorawan["codec"] == {"profile_id": meter.profile_id, "version": 2, "status": "decoded"}
        assert (lorawan["network_values"], lorawan["data"]) == ({"water": 9}, old["data"]["lorawan"]["data"])
    latest = client.get(f"{DEVICES}/{meter.id}/telemetry/latest").json()["data"]["data"]
    assert (latest["cumulativeFlowM3"], latest["leak"]) == (3, False)
    assert "leak" in {one["key"] for one in client.get(f"{DEVICES}/{meter.id}/sensors").json()["data"]}
    assert counts(meter.redecode()) == ["done", 3, 3, 0, 0, 0], "again changes nothing"
    assert meter.readings() == after


def test_consumption_follows(client: httpx.Client) -> None:
    meter = Meter(client)
    for day, raw in ((1, b"\x00\x0a"), (2, b"\x01\x14"), (3, b"\x00\x1e")):
        meter.send_water(raw, day)
    query = {"from": "2026-05-01T00:00:00Z", "to": "2026-05-04T00:00:00Z", "timezone": "UTC"}

    def consumption() -> float:
        found = client.get(f"{DEVICES}/{meter.id}/consumption", params=query).raise_for_status().json()["data"]
        return sum(one["consumption"] or 0 for one in found)

    assert consumption() == 20
    meter.save(MENDED)
    meter.redecode(only_failed=True)
    assert [one["consumption_m3"] for one in meter.values()] == [10, 2, 30], "only the failed one"
    meter.redecode()
    assert consumption() == 2


def test_the_changed_past_is_noted_for_invoices(own: RunningServer, client: httpx.Client) -> None:
    meter = Meter(client)
    for day, raw in ((1, b"\x00\x0a"), (2, b"\x01\x14"), (3, b"\x00\x1e")):
        meter.send(raw, day)
    times = [one["time"] for one in meter.readings()]
    assert changes_of(own, meter.id) == []
    meter.save(MENDED)
    meter.redecode(only_failed=True)
    assert changes_of(own, meter.id) == [(times[1], "redecode")]
    meter.redecode()
    meter.redecode()
    assert changes_of(own, meter.id) == [(times[1], "redecode"), (times[0], "redecode")]


def changes_of(server: RunningServer, device_id: str) -> list[tuple[str, str]]:
    """From when on consumption of a device may be different, and by what."""
    query = "SELECT from_us, reason FROM consumption_changes WHERE device_id = ? ORDER BY id"
    with closing(sqlite3.connect(server.data_dir / CONTROL_FILE)) as connection:
        rows = connection.execute(query, (decode(Prefix.DEVICE, device_id),)).fetchall()
    return [(format_time(from_us), reason) for from_us, reason in rows]


def test_normalised_values_of_the_water_endpoint_are_normalised_again(client: httpx.Client) -> None:
    meter = Meter(client)
    meter.send_water(b"\x00\x0a", 1)
    meter.send_water(b"\x01\x14", 2)
    assert [one.get("consumption_m3") for one in meter.values()] == [10, None]
    meter.save(MENDED)
    meter.redecode()
    assert meter.values() == [
        {"cumulativeFlowM3": 1, "leak": False, "consumption_m3": 1},
        {"cumulativeFlowM3": 2, "leak": True, "consumption_m3": 2},
    ]


def test_a_range_and_a_profile_and_a_project_select(client: httpx.Client) -> None:
    project_id = client.post("/api/v2/projects", json={"name": "Here"}).json()["id"]
    meter = Meter(client)
    for day in (1, 2, 3):
        meter.send(b"\x01\x14", day)
    meter.save(MENDED)
    found = meter.redecode(**{"from": "2026-05-02T12:00:00Z", "to": "2026-05-03T12:00:00Z"})
    assert (found["from"], found["to"], found["total"]) == ("2026-05-02T12:00:00Z", "2026-05-03T12:00:00Z", 1)
    assert [bool(one) for one in meter.values()] == [False, True, False]
    assert counts(meter.redecode(device_id=None, profile_id=meter.profile_id, only_failed=True)) == ["done", 2, 2, 2, 0, 0]
    assert counts(meter.redecode(device_id=None, project_id=project_id)) == ["done", 0, 0, 0, 0, 0]


def test_what_cannot_be_started_says_why(client: httpx.Client) -> None:
    meter = Meter(client)
    client.delete(f"{PROFILES}/{meter.profile_id}/codec").raise_for_status()
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({}, 400, "device_id, profile_id or project_id is required"),
        ({"device_id": meter.id, "profile_id": meter.profile_id}, 400, "device_id and profile_id must not both be set"),
        ({"device_id": meter.id, "from": "2026-05-02T00:00:00Z", "to": "2026-05-01T00:00:00Z"}, 400, "must be after from"),
        ({"device_id": meter.id, "only_failed": "yes"}, 400, "only_failed"),
        ({"device_id": meter.id, "fast": True}, 400, "fast"),
        ({"device_id": "dev_0c2k9fq7w3m1x"}, 404, "device dev_0c2k9fq7w3m1x was not found"),
        ({"device_id": meter.id}, 422, "no codec is available"),
        ({"profile_id": meter.profile_id}, 422, "no codec is available"),
    ]
    for body, status, says in cases:
        answer = client.post(REDECODES, json=body)
        assert answer.status_code == status, (body, answer.text)
        assert says in answer.text, body
    for path in (f"{REDECODES}/rdc_0c2k9fq7w3h8k", f"{REDECODES}/x"):
        assert client.get(path).json()["code"] == "redecodes.not_found"


def test_it_is_listed_and_recorded(client: httpx.Client) -> None:
    meter = Meter(client)
    first, second = meter.redecode(), meter.redecode()
    listed = client.get(REDECODES, params={"device_id": meter.id, "limit": "1"}).json()
    assert listed["data"] == [second]
    query = {"device_id": meter.id, "cursor": listed["next_cursor"]}
    assert client.get(REDECODES, params=query).json() == {"data": [first], "next_cursor": None}
    assert client.get(REDECODES, params={"device_id": meter.id, "state": "running"}).json()["data"] == []
    assert client.post(f"{REDECODES}/{first['id']}/cancel").json() == first, "it has ended"
    entries = client.get("/api/v2/logs", params={"limit": "1000"}).json()["data"]
    acts = {row["action"] for row in entries if row["target_id"] == first["id"]}
    assert acts == {"codec.redecode", "codec.redecode.finish"}


SEVERAL = """
function decodeUplink(input) {
  const at = (age) => new Date(input.recvTime - age * 3600000);
  return {data: [0, 1, 2].map((age) => ({time: at(age + 0.5), data: {cumulativeFlowM3: input.bytes[1] - age}}))};
}
"""


def test_the_readings_that_a_mended_codec_finds_besides_are_stored_once_and_at_their_times(client: httpx.Client) -> None:
    meter, fresh = Meter(client), Meter(client, SEVERAL)
    for one in (meter, fresh):
        one.send_water(b"\x00\x0a", 1)
        one.send_water(b"\x01\x14", 2)
    meter.save(SEVERAL)
    assert counts(meter.redecode()) == ["done", 2, 2, 2, 0, 0]
    after = meter.readings()
    assert meter.values() == fresh.values()
    assert [one["time"] for one in after] == [one["time"] for one in fresh.readings()]
    assert [(one["time"][8:16], one["data"]["consumption_m3"]) for one in after] == [
        ("01T09:30", 8), ("01T10:30", 9), ("01T11:30", 10), ("02T09:30", 18), ("02T10:30", 19), ("02T11:30", 20),
    ]  # fmt: skip
    assert [one["backfill"] for one in after] == [True] * 6
    latest = client.get(f"{DEVICES}/{meter.id}/telemetry/latest").json()["data"]
    assert (latest["time"], latest["data"]["cumulativeFlowM3"]) == (after[-1]["time"], 20)
    assert counts(meter.redecode()) == ["done", 2, 2, 0, 0, 0], "again changes nothing"
    assert meter.readings() == after
    meter.save(SEVERAL.replace("input.bytes[1] - age", "(input.bytes[1] - age) / 10"))
    assert counts(meter.redecode()) == ["done", 2, 2, 2, 0, 0]
    assert [one["consumption_m3"] for one in meter.values()] == [0.8, 0.9, 1, 1.8, 1.9, 2], "the earlier ones are mended too"
    assert [one["id"] for one in meter.readings()] == [one["id"] for one in after]
    meter.save(MENDED)
    meter.redecode()
    assert [one["cumulativeFlowM3"] for one in meter.values() if "leak" in one] == [1, 2]
    assert [one["time"][8:16] for one in meter.readings() if "leak" in one["data"]] == ["01T12:00", "02T12:00"]


def test_histories_that_overlap_are_stored_once_whichever_uplink_comes_first(client: httpx.Client) -> None:
    meter = Meter(client)
    by_hours = SEVERAL.replace("age + 0.5", "24 * (age + 1)")  # each reading is in three uplinks, of three days
    sent = [(bytes([day % 2, day]), day) for day in range(5, 9)]
    for raw, day in sent:
        meter.send(raw, day)
    meter.save(by_hours)
    assert counts(meter.redecode()) == ["done", 4, 4, 4, 0, 0]
    expected = [(f"2026-05-{day:02}", day + 1) for day in range(2, 8)]

    def found() -> list[tuple[str, int]]:
        return [(one["time"][:10], one["data"]["cumulativeFlowM3"]) for one in meter.readings()]

    assert found() == expected
    for raw, day in sent:
        meter.send(raw, day)
    assert found() == expected, "delivered again"
    meter.send(b"\x00\x09", 9)
    assert found() == [*expected, ("2026-05-08", 9)], "the next uplink repeats two of them"
    beside = by_hours.replace("24 * (age + 1)", "24 * age")  # the newest is at the time of the uplink
    meter = Meter(client, beside)
    for raw, day in sent:
        meter.send(raw, day)
    meter.save(beside.replace("input.bytes[1] - age", "10 * (input.bytes[1] - age)"))
    meter.redecode()
    assert found() == [(f"2026-05-{day:02}", 10 * day) for day in range(3, 9)], "each has its new value, and no other"


def test_more_readings_than_an_uplink_may_have_are_a_failure(client: httpx.Client) -> None:
    meter = Meter(client)
    meter.send(b"\x00\x0a", 1)
    before = meter.readings()
    meter.save("function decodeUplink() { return {data: Array(1001).fill({v: 1})}; }")
    assert counts(meter.redecode()) == ["done", 1, 1, 0, 1, 0]
    assert meter.readings() == before
