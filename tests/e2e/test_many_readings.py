"""Many readings in one message, on every way in: each is stored with its own time, once, and is seen downstream."""

from __future__ import annotations

import base64
import json
import secrets
import struct
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from tests.api.live.reader import SseReader
from tests.api.v2.profiles.saved import PREVIEW, created, saved
from tests.support.leaving import leave
from tests.support.server import RunningServer, bootstrap_org, start_server
from tests.support.waiting import CEILING_S, eventually

NOW = int(time.time()) - 600
METER = """
// As the meters of several makers: the counter now, and before it counters with their times.
function decodeUplink(input) {
  const b = input.bytes, u32 = (i) => (b[i] << 24 | b[i + 1] << 16 | b[i + 2] << 8 | b[i + 3]) >>> 0;
  const decoded = {volume: u32(0) / 1000};
  for (let i = 4; i + 8 <= b.length; i += 8) {
    decoded.history = decoded.history || [];
    decoded.history.push({timestamp: u32(i), volume: u32(i + 4) / 1000});
  }
  return {data: decoded};
}
"""
ROWS = """
function decodeUplink(input) {
  return {data: input.variables.rows.map((row) => row.time ? {...row, time: new Date(row.time * 1000)} : row)};
}
"""


def frame(counter: int, *history: tuple[int, int]) -> str:
    """A meter's payload."""
    return base64.b64encode(struct.pack(">I", counter) + b"".join(struct.pack(">II", *one) for one in history)).decode()


def up(eui: str, data: str | None, *, at: int = NOW, **fields: Any) -> dict[str, Any]:
    """An uplink of ChirpStack 4."""
    body: dict[str, Any] = {"deviceInfo": {"devEui": eui}, "deduplicationId": secrets.token_hex(16), "fCnt": 1, "fPort": 10}
    body |= {"time": datetime.fromtimestamp(at, UTC).isoformat(), "data": data} | fields
    return {name: value for name, value in body.items() if value is not None}


class Site:
    """An organisation with a connection, and devices of its own."""

    def __init__(self, server: RunningServer, api: httpx.Client) -> None:
        self.server = server
        self.api = api
        answer = api.post("/api/v2/connections", json={"type": "lorawan_http", "name": secrets.token_hex(4)}).json()
        self.path = f"/api/v2/ingest/{answer['connection']['id']}"
        self.secret = {"X-Connection-Secret": answer["secret"]}

    def device(self, script: str | None = None, **fields: Any) -> tuple[str, str, str]:
        """A new device: its id, token and EUI."""
        eui = secrets.token_hex(8)
        wanted: dict[str, Any] = {"name": eui, "identifiers": [{"kind": "eui", "value": eui}]} | fields
        if script is not None:
            profile = created(self.api)
            saved(self.api, profile, script)
            wanted["profile_id"] = profile["id"]
        made = self.api.post("/api/v2/devices", json=wanted).raise_for_status().json()
        return made["device"]["id"], made["access_token"], eui

    def post(self, body: dict[str, Any]) -> Any:
        answer = self.api.post(self.path, json=body, headers=self.secret)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rows(self, device_id: str, **query: Any) -> list[dict[str, Any]]:
        """The readings of a device by event time."""
        query = {"from": "1970-01-02T00:00:00Z", "limit": 1000, "order": "asc"} | query
        found: list[dict[str, Any]] = (
            self.api.get(f"/api/v2/devices/{device_id}/telemetry", params=query).raise_for_status().json()["data"]
        )
        return found

    def volumes(self, device_id: str, field: str = "volume") -> list[tuple[int, Any]]:
        """Seconds before now, and the value, of each reading."""
        return [
            (NOW - round(datetime.fromisoformat(row["time"]).timestamp()), row["data"][field]) for row in self.rows(device_id)
        ]

    def faults(self, device_id: str, count: int) -> dict[str, Any]:
        """What the device shows of its malformed messages, once there are so many."""
        path = f"/api/v2/devices/{device_id}"
        assert eventually(lambda: (self.api.get(path).json()["malformed"] or {}).get("messages") == count, CEILING_S)
        found: dict[str, Any] = self.api.get(path).json()["malformed"]
        return found


@pytest.fixture
def site(server: RunningServer, api: httpx.Client) -> Site:
    return Site(server, api)


def test_a_codec_s_history_becomes_readings_with_their_times(site: Site) -> None:
    device_id, _, eui = site.device(METER)
    body = up(eui, frame(184_400, (NOW - 7200, 184_100), (NOW - 3600, 184_327)))
    answer = site.post(body)
    assert (answer["status"], answer["readings"], answer["device_id"]) == ("stored", 3, device_id)
    assert site.volumes(device_id) == [(7200, 184.1), (3600, 184.327), (0, 184.4)]
    *earlier, newest = site.rows(device_id)
    assert newest["id"] == answer["reading_id"]
    assert newest["data"]["lorawan"]["data"] == body["data"]
    for row in earlier:
        radio = row["data"]["lorawan"]
        assert (radio["f_cnt"], radio["history"], "data" in radio) == (1, True, False)
        assert radio["codec"]["status"] == "decoded"
    latest = site.api.get(f"/api/v2/devices/{device_id}/telemetry/latest").json()["data"]
    assert latest["data"]["volume"] == 184.4


def test_streams_and_rules_see_each_of_them(site: Site) -> None:
    device_id, _, eui = site.device(METER)
    trigger = {"type": "reading", "sensors": ["volume"], "device_ids": [device_id]}
    conditions = {"all": "reading.values.volume > 0.0", "live": "!has(reading.values.lorawan.history)"}
    rules: dict[str, str] = {}
    for name, condition in conditions.items():
        action = {"type": "raise_alert", "name": name, "severity": "high", "text": "{{ reading.values.volume }}"}
        definition = {"trigger": trigger, "condition": condition, "actions": [action]}
        made = site.api.post("/api/v2/rules", json={"name": f"{name} {eui}", "definition": definition}).raise_for_status().json()
        site.api.post(f"/api/v2/rules/{made['id']}/versions/{made['newest']['id']}/deploy").raise_for_status()
        rules[name] = made["id"]
    with closing(SseReader(site.api, f"?devices={device_id}")) as reader:
        site.post(up(eui, frame(300, (NOW - 7200, 100), (NOW - 3600, 200))))
        assert [event.data["data"]["volume"] for event in reader.take(3)] == [0.1, 0.2, 0.3]

    def runs(name: str) -> int:
        found = site.api.get(f"/api/v2/rules/{rules[name]}/executions").json()["data"]
        return sum(one["outcome"] not in ("pending", "condition_false") for one in found)

    assert eventually(lambda: (runs("all"), runs("live")) == (3, 1), CEILING_S), (runs("all"), runs("live"))


def test_what_is_repeated_is_stored_once(site: Site) -> None:
    device_id, _, eui = site.device(METER)
    body = up(eui, frame(300, (NOW - 7200, 100), (NOW - 3600, 200)))
    assert site.post(body)["status"] == "stored"
    again = site.post(body)
    assert (again["status"], again["duplicates"]) == ("duplicate", 3)
    later = up(eui, frame(400, (NOW - 3600, 200), (NOW - 1800, 250), (NOW - 1800, 250)), at=NOW + 60, fCnt=2)
    overlapping = site.post(later)
    assert (overlapping["status"], overlapping["readings"], overlapping["duplicates"]) == ("stored", 4, 2)
    assert site.volumes(device_id) == [(7200, 0.1), (3600, 0.2), (1800, 0.25), (0, 0.3), (-60, 0.4)]
    # The same time with another value is another reading: which of them is right is for a person to say.
    site.post(up(eui, frame(500, (NOW - 3600, 210)), at=NOW + 120, fCnt=3))
    assert [value for at, value in site.volumes(device_id) if at == 3600] == [0.2, 0.21]


def test_an_array_is_as_many_readings_and_a_bad_element_costs_itself(site: Site) -> None:
    rows: list[Any] = [
        {"time": NOW - 60, "data": {"volume": 1}},
        {"time": NOW, "volume": 3},
        {"offset": 30, "volume": 2},
        {"timestamp": "noon", "volume": 4},
        7,
        {"time": NOW + 86_400, "volume": 5},
    ]
    device_id, _, eui = site.device(ROWS, settings={"rows": rows})
    answer = site.post(up(eui, "AA=="))
    assert (answer["status"], answer["readings"], answer["quarantined"]) == ("stored", 6, 3)
    assert site.volumes(device_id) == [(60, 1), (30, 2), (0, 3)]
    assert site.faults(device_id, 3)
    apart = site.api.get(f"/api/v2/devices/{device_id}/telemetry/quarantined").json()["data"]
    reasons = [row["data"].get("reason", "") for row in apart]
    assert any(reason.startswith("data[3].timestamp: must be") for reason in reasons)
    assert any(reason.startswith("data[4]: must be an object") for reason in reasons)
    again = site.post(up(eui, "AA=="))
    assert (again["duplicates"], again["quarantined"]) == (5, 0), "all but the one that has only an age"


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([{"v": number} for number in range(1001)], "it returned 1001 readings, but there must be at most 1000"),
        ([{"v": "x" * 100, "time": NOW + number} for number in range(900)], "its result is too large"),
        ([1, [{"v": 1}]], "it must return an object with a data object, or with an array of readings"),
    ],
)
def test_a_result_that_cannot_be_used_costs_the_values(site: Site, rows: list[Any], error: str) -> None:
    device_id, _, eui = site.device("function decodeUplink() { return {data: ROWS}; }".replace("ROWS", json.dumps(rows)))
    assert site.post(up(eui, "AA=="))["status"] == "stored"
    (row,) = site.rows(device_id)
    assert row["data"]["lorawan"]["codec"]["errors"] == [error]


def test_values_that_the_network_server_decoded(site: Site) -> None:
    device_id, _, eui = site.device()
    history = [{"timestamp": NOW - 120, "volume": 1}, {"timestamp": NOW - 60, "volume": 2}]
    assert site.post(up(eui, "AA==", object={"volume": 3, "history": history}))["readings"] == 3
    body = {"end_device_ids": {"device_id": "d", "dev_eui": eui}, "received_at": datetime.fromtimestamp(NOW, UTC).isoformat()}
    rows = [{"time": NOW - 30, "volume": 4}, {"time": NOW - 60, "volume": 2}]
    uplinked = site.post({**body, "uplink_message": {"session_key_id": "AA", "f_cnt": 5, "decoded_payload": rows}})
    assert (uplinked["readings"], uplinked["duplicates"]) == (2, 1)
    assert site.volumes(device_id) == [(120, 1), (60, 2), (30, 4), (0, 3)]


def test_a_device_that_is_not_registered_gets_each_of_them(site: Site) -> None:
    eui = secrets.token_hex(8)
    history = [{"timestamp": NOW - 120, "volume": 1}, {"timestamp": NOW - 60, "volume": 2}]
    body = up(eui, frame(9_000, (NOW - 30, 8_000)), object={"volume": 3, "history": history})
    assert site.post(body) == {"status": "unregistered", "readings": 3, "duplicates": 0, "quarantined": 0}
    site.post(body)
    kept = {one["eui"]: one["readings"] for one in site.api.get("/api/v2/unregistered-devices?limit=1000").json()["data"]}
    assert kept[eui] == 3
    profile = created(site.api)
    saved(site.api, profile, METER)
    wanted = {"name": eui, "identifiers": [{"kind": "eui", "value": eui}], "profile_id": profile["id"]}
    device_id = site.api.post("/api/v2/devices", json=wanted).json()["device"]["id"]
    expected = [(120, 1), (60, 2), (30, 8.0), (0, 9.0)]
    assert eventually(lambda: site.volumes(device_id) == expected, CEILING_S), site.volumes(device_id)


def test_a_custom_message_names_what_is_wrong_with_an_element(site: Site) -> None:
    answer = site.api.post("/api/v2/connections", json={"type": "custom", "name": "own"}).json()
    path, secret = f"/api/v2/ingest/{answer['connection']['id']}", {"X-Connection-Secret": answer["secret"]}
    device_id, _, eui = site.device()
    rows: list[Any] = [{"time": NOW - 60, "data": {"volume": 1}}, {"time": "noon", "data": {"volume": 2}}]
    refused = site.api.post(path, json={"dev_eui": eui, "data": rows}, headers=secret)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "data[1].time")
    assert site.rows(device_id) == []
    rows[1]["time"] = NOW
    assert site.api.post(path, json={"dev_eui": eui, "data": rows}, headers=secret).json()["readings"] == 2
    assert site.api.post(path, json={"dev_eui": eui, "readings": rows}, headers=secret).json()["status"] == "duplicate"
    assert site.volumes(device_id) == [(60, 1), (0, 2)]
    many = site.api.post(path, json={"dev_eui": eui, "data": [{"v": 1}] * 1001}, headers=secret)
    assert (many.status_code, many.json()["errors"][0]["field"]) == (400, "data")


def test_a_preview_shows_the_readings(site: Site) -> None:
    payload = base64.b64decode(frame(300, (NOW - 3600, 100))).hex()
    shown = site.api.post(PREVIEW, json={"script": METER, "bytes_hex": payload, "received_at": "2026-05-02T09:15:04Z"}).json()
    assert shown["data"] == {"volume": 0.3}
    assert [one["data"] for one in shown["readings"]] == [{"volume": 0.1}, {"volume": 0.3}]
    assert shown["readings"][1]["time"] == "2026-05-02T09:15:04Z"
    odd = "function decodeUplink() { return [{time: 5, v: 1}, {time: 'noon', v: 2}]; }"
    assert [warning.split(":")[0] for warning in site.api.post(PREVIEW, json={"script": odd}).json()["warnings"]] == [
        "data[1].time"
    ]
    assert "readings" not in site.api.post(PREVIEW, json={"script": METER, "bytes_hex": "00000001"}).json()


def test_the_data_of_a_reading_over_http_is_an_array(site: Site) -> None:
    device_id, token, _ = site.device()
    path = f"/api/v2/devices/{device_id}/telemetry"
    zone = (datetime.fromtimestamp(NOW, UTC) - timedelta(seconds=60)).astimezone().isoformat()
    rows: list[Any] = [{"time": zone, "data": {"volume": 1.50}}, {"ts": NOW, "volume": 2}, {"time": NOW, "data": [{"volume": 3}]}]
    rows += [{"time": "noon", "volume": 4}, 5, {"time": NOW + 86_400, "volume": 6}]
    answer = site.api.post(path, json={"data": rows, "channel": "cold", "dedupe_key": "k"})
    shown = answer.json()
    assert (answer.status_code, shown["accepted"], shown["quarantined"], shown["rejected"]) == (207, 3, 1, 3)
    assert [(error["row"], error["field"]) for error in shown["errors"]] == [
        (2, "data[2].data"),
        (3, "data[3].time"),
        (4, "data[4]"),
    ]
    assert [seq is None for seq in shown["seqs"]] == [False, False, True, True, True, False]
    assert site.volumes(device_id) == [(60, 1.5), (0, 2)]
    assert {row["channel"] for row in site.rows(device_id)} == {"cold"}
    with site.server.client() as own:
        again = own.post(path, json={"data": rows[:2], "dedupe_key": "k"}, headers={"Authorization": f"Bearer {token}"})
    assert (again.status_code, again.json()["duplicates"]) == (201, 2)
    none = site.api.post(path, json={"data": rows[3:5]})
    assert (none.status_code, [error["field"] for error in none.json()["errors"]]) == (400, ["data[0].time", "data[1]"])
    for empty in ([], [[]], [{}]):
        assert site.api.post(path, json={"data": empty}).status_code == 400
    assert (
        site.api.post(path, content=b'{"data": [{"volume": 7}, {"volume": 1e999}]}').json()["errors"][0]["field"]
        == "data[1].volume"
    )
    assert site.api.post(path, json={"data": [{"v": 1}] * 10_001}).json()["code"] == "telemetry.batch_too_large"


def test_arrays_among_the_rows_of_a_batch(site: Site) -> None:
    (first, _, eui), (second, _, _) = site.device(), site.device()
    rows = [{"time": NOW - 60, "volume": 1}, {"time": "noon", "volume": 2}, {"time": NOW, "data": {"volume": 3}}]
    batch: list[Any] = [{"device_id": second, "data": {"volume": 9}, "time": NOW}, {"device": eui, "data": rows}]
    batch += [{"device_id": "dev_nobody", "data": [{"volume": 1}]}, {"data": {}}]
    shown = site.api.post("/api/v2/telemetry", json=batch, headers={"Idempotency-Key": secrets.token_hex(8)}).json()
    assert (shown["accepted"], len(shown["seqs"])) == (3, 6)
    errors = [(error["row"], error["field"]) for error in shown["errors"]]
    assert errors == [(2, "data[1].time"), (4, "data[0]"), (5, "data")]
    assert site.volumes(first) == [(60, 1), (0, 3)]
    lines = b"\n".join(json.dumps(row).encode() for row in batch)
    lined = site.api.post("/api/v2/telemetry", content=lines, headers={"Content-Type": "application/x-ndjson"}).json()
    assert ([(error["row"], error["field"]) for error in lined["errors"]], lined["accepted"]) == (errors, 3)
    refused = site.api.post("/api/v2/telemetry", json=[{"device": eui, "data": [5]}, {"data": {}}]).json()
    assert [error["field"] for error in refused["errors"]] == ["[0].data[0]", "[1].data"]


@pytest.fixture
def publish(site: Site) -> Callable[[str, str, Any], None]:
    """Publish a message as a device does, and wait until it is acknowledged."""

    def send(device_id: str, token: str, body: Any) -> None:
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id=device_id)
        client.username_pw_set(device_id, token)
        client.connect("127.0.0.1", site.server.mqtt_port)
        client.loop_start()
        payload = body if isinstance(body, bytes) else json.dumps(body)
        client.publish(f"d/{device_id}/t", payload, qos=1).wait_for_publish(CEILING_S)
        leave(client)

    return send


def test_the_data_of_a_message_over_mqtt_is_an_array(site: Site, publish: Callable[[str, str, Any], None]) -> None:
    device_id, token, _ = site.device()
    rows: list[Any] = [
        {"time": NOW - 60, "data": {"volume": 1}},
        {"ts": NOW - 30, "volume": 2},
        {"volume": 3},
        {"ts": "noon", "v": 4},
    ]
    publish(device_id, token, {"data": rows, "time": NOW})
    assert site.volumes(device_id) == [(60, 1), (30, 2), (0, 3)]
    assert site.faults(device_id, 1)["last_reason"].startswith("data[3]: ts: must be")
    publish(device_id, token, b'{"data": [{"ts": %d, "volume": 5}, {"volume": 1e999}]}' % (NOW + 1))
    assert site.volumes(device_id)[-1] == (-1, 5)
    publish(device_id, token, {"data": [1, 2], "volume": 6, "ts": NOW + 2})
    publish(device_id, token, {"data": [{"time": NOW}], "volume": 7, "ts": NOW + 3})
    assert [row["data"]["data"] for row in site.rows(device_id)[-2:]] == [[1, 2], [{"time": NOW}]], "values as before"


def test_an_element_with_a_time_is_stored_once_however_often_it_is_sent(
    site: Site, publish: Callable[[str, str, Any], None]
) -> None:
    device_id, token, _ = site.device()
    path = f"/api/v2/devices/{device_id}/telemetry"
    first = [{"time": NOW - 60, "data": {"volume": 1}}, {"ts": NOW - 30, "volume": 2}]
    assert site.api.post(path, json={"data": first}).json()["duplicates"] == 0
    more = [*first, {"time": NOW, "volume": 3}, {"volume": 4}, {"volume": 4}]
    again = site.api.post(path, json={"data": more, "time": NOW}).json()
    assert (again["accepted"], again["duplicates"]) == (5, 2), "what has no time of its own is told from nothing"
    publish(device_id, token, {"data": [first[0], {"ts": NOW - 30, "volume": 9}]})
    assert site.volumes(device_id) == [(60, 1), (30, 2), (30, 9), (0, 3), (0, 4), (0, 4)]
    named = {"Idempotency-Key": secrets.token_hex(8)}
    assert site.api.post(path, json={"data": [{"time": NOW + 1, "volume": 5}]}, headers=named).status_code == 201
    altered = site.api.post(path, json={"data": [{"time": NOW + 1, "volume": 6}]}, headers=named)
    assert (altered.status_code, altered.json()["code"]) == (422, "idempotency.mismatch")


def test_a_killed_server_has_every_acknowledged_reading_once(tmp_path: Path) -> None:
    org = bootstrap_org(tmp_path / "data")
    server = start_server(tmp_path / "data")
    try:
        with server.client(org) as api:
            site = Site(server, api)
            device_id, _, eui = site.device(METER)
            body = up(eui, frame(300, (NOW - 7200, 100), (NOW - 3600, 200)))
            assert site.post(body)["status"] == "stored"
        server.kill()
        assert server.process.stdout is not None
        server.process.stdout.close()
        server = start_server(tmp_path / "data")
        with server.client(org) as api:
            site.api = api
            assert site.post(body)["duplicates"] == 3
            overlapping = site.post(up(eui, frame(400, (NOW - 3600, 200)), at=NOW + 60, fCnt=2))
            assert (overlapping["readings"], overlapping["duplicates"]) == (2, 1)
            assert site.volumes(device_id) == [(7200, 0.1), (3600, 0.2), (0, 0.3), (-60, 0.4)]
    finally:
        server.stop()
        assert server.process.stdout is not None
        server.process.stdout.close()
