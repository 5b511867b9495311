"""The rows of a batch: every fault of every row is told, over HTTP."""

from __future__ import annotations

import httpx

BAD = {"device": "nobody", "data": {}, "time": "noon", "kind": 1, "channel": "", "tiem": 1}
READABLE = {"device": "nobody", "data": {"t": 1}, "time": "noon", "channel": ""}


def test_every_fault_of_every_row_is_told(api: httpx.Client) -> None:
    name = api.post("/api/v2/devices", json={"name": "rows"}).raise_for_status().json()["device"]["id"]
    good = {"device_id": name, "data": {"t": 1}}
    answer = api.post("/api/v2/telemetry", json=[BAD, good, READABLE, 5])
    found = answer.json()
    assert (answer.status_code, found["accepted"], found["rejected"]) == (207, 1, 3)
    told = [(error["row"], error["field"]) for error in found["errors"]]
    assert sorted(told[:5]) == [(0, "channel"), (0, "data"), (0, "kind"), (0, "tiem"), (0, "time")]
    assert told[5:] == [(2, ""), (2, "time"), (2, "channel"), (3, "")]
    assert found["errors"][5]["code"] == "devices.not_found"
    assert all(not error["detail"].startswith(error["field"] + ":") for error in found["errors"] if error["field"])


def test_so_is_it_if_no_row_is_left(api: httpx.Client) -> None:
    answer = api.post("/api/v2/telemetry", json=[READABLE, {"data": {}}])
    fields = [error["field"] for error in answer.json()["errors"]]
    assert (answer.status_code, fields) == (400, ["[0]", "[0].time", "[0].channel", "[1].data"])
