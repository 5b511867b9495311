"""Devices that flush a buffer over HTTP: paced by device, told when to come back, and what is live is not slowed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.server import RunningServer, running_server
from tests.support.waiting import awaited

RATE, BURST = 20, 40
OWED = 40 * RATE
"""So much is paid off only when the test is over."""
SETTINGS = {
    "PENSTOCK_LIMITS_BACKFILL_PER_SECOND": str(RATE),
    "PENSTOCK_LIMITS_BACKFILL_BURST": str(BURST),
    "PENSTOCK_LIMITS_BACKFILL_MAX_DELAY_S": "1.5",
    "PENSTOCK_LIMITS_BACKFILL_OLDER_THAN_S": "60",
}


@pytest.fixture(scope="module")
def paced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("paced") / "data", environment=SETTINGS) as server:
        yield server


@pytest.fixture
def api(paced: RunningServer) -> Iterator[httpx.Client]:
    with paced.client(paced.orgs["Acme"]) as client:
        yield client


@pytest.fixture
def device(api: httpx.Client) -> dict[str, Any]:
    made: dict[str, Any] = api.post("/api/v2/devices", json={"name": "logger"}).json()
    return made


def old(count: int) -> list[dict[str, Any]]:
    begin_s = time.time() - 7200
    return [{"time": begin_s + number, "data": {"n": number}} for number in range(count)]


def path_of(device: dict[str, Any]) -> str:
    return f"/api/v2/devices/{device['device']['id']}/telemetry"


def test_a_flushed_buffer_waits_then_is_refused_and_comes_in_whole(api: httpx.Client, device: dict[str, Any]) -> None:
    began, path = time.monotonic(), path_of(device)
    assert api.post(path, json=old(BURST + RATE)).status_code == 201, "a second more than may come at once"
    assert api.post(path, json=old(4 * RATE)).status_code == 201
    assert time.monotonic() - began > 0.9, "the second one waited"
    refused = api.post(path, json=old(5))
    told = refused.json()
    assert (refused.status_code, told["code"]) == (429, "limits.backfill_paced")
    assert [told[name] for name in ("limit", "scope", "count", "window", "remaining")] == [
        "device_backfill",
        "device",
        RATE,
        "second",
        0,
    ]
    assert int(refused.headers["retry-after"]) == told["retry_after_s"] <= 4
    assert told["reset_s"] > told["retry_after_s"]
    time.sleep(told["retry_after_s"])
    assert api.post(path, json=old(5)).status_code == 201, "the wait that was told is enough"
    rows = api.get(path, params={"range": "1d", "limit": "1000"}).json()["data"]
    assert len(rows) == BURST + RATE + 4 * RATE + 5


def test_what_is_live_is_not_slowed(api: httpx.Client, device: dict[str, Any]) -> None:
    path = path_of(device)
    assert api.post(path, json=old(BURST + OWED)).status_code == 201
    for number in range(5):
        assert api.post(path, json={"data": {"live": number}}).status_code == 201
    assert api.post(path, json=old(1)).status_code == 429, "an old one would still have had to wait"


def test_beside_live_rows_old_ones_are_refused_alone(api: httpx.Client, device: dict[str, Any]) -> None:
    path = path_of(device)
    assert api.post(path, json=old(BURST + OWED)).status_code == 201
    rows = [{"data": {"live": 1}}, *old(2), {"data": {"live": 2}}, {"data": {}}]
    answer = api.post(path, json=rows)
    stored = answer.json()
    assert (answer.status_code, stored["accepted"], stored["rejected"]) == (207, 2, 3)
    assert [error["row"] for error in stored["errors"]] == [1, 2, 4]
    assert [error["code"] for error in stored["errors"]][:2] == ["limits.backfill_paced"] * 2
    assert [seq is None for seq in stored["seqs"]] == [False, True, True, False, True]
    assert int(answer.headers["retry-after"]) > OWED / RATE / 2
    # Nothing of it is stored, and what is at fault besides would be thrown away by whoever is told 400.
    assert api.post(path, json=[*old(2), {"data": {}}]).status_code == 429


def test_a_device_with_its_token_is_paced_on_every_call(api: httpx.Client, device: dict[str, Any], paced: RunningServer) -> None:
    token = {"Authorization": f"Bearer {device['access_token']}"}
    with paced.client() as own:
        assert own.post(path_of(device), json=old(BURST + OWED), headers=token).status_code == 201
        assert own.post(path_of(device), json=old(1)[0], headers=token).status_code == 429
        refused = own.post(path_of(device), json=old(1), headers=token)
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) > OWED / RATE / 2
        assert own.post(path_of(device), json={"data": {"n": 1}, "time": time.time()}, headers=token).status_code == 201
        assert own.post(path_of(device), json={"data": {"n": 1}}, headers=token).status_code == 201


def test_devices_are_paced_apart_and_refusals_are_in_the_ledger(api: httpx.Client) -> None:
    one, two = [api.post("/api/v2/devices", json={"name": name}).json()["device"]["id"] for name in ("one", "two")]
    flood = [row | {"device_id": one} for row in old(BURST + OWED)]
    assert api.post("/api/v2/telemetry", json=flood).status_code == 201
    answer = api.post("/api/v2/telemetry", json=[row | {"device_id": name} for row in old(3) for name in (one, two)])
    assert (answer.status_code, answer.json()["accepted"]) == (207, 3)
    query = {"scope": "device", "subject": one}
    ledger = awaited(lambda: api.get("/api/v2/limits/refusals", params=query).json()["data"])
    assert [(row["limit"], row["count"]) for row in ledger] == [("device_backfill", 1)]
