"""The month of a limited plan counts what is on disk, whichever way it came: not what was refused, repeated or quarantined."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from penstock.adapters.storage.sqlite.connection import StorageUnavailable
from penstock.adapters.storage.sqlite.uplinks import SqliteUnregistered
from penstock.kit.clock import SystemClock, format_time
from tests.support.cases import check_all
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.patching import replace_in_thread
from tests.support.waiting import eventually

MONTH = 1_000
KNOWN, UNKNOWN = "70b3d57ed0061f2a", "70b3d57ed0061f2b"
Send = Callable[["Site", str, float | None], httpx.Response]


class Site:
    """An organisation with a limited plan, its device, and a connection of a network server."""

    def __init__(self, server: InProcessServer, client: httpx.Client) -> None:
        self.server, self.client = server, client
        identifiers = [{"kind": "eui", "value": KNOWN}]
        made = client.post("/api/v2/devices", json={"name": "m", "identifiers": identifiers}).json()
        self.device, self.token = made["device"]["id"], made["access_token"]
        made = client.post("/api/v2/connections", json={"type": "lorawan_http", "name": "c"}).json()
        self.connection, self.secret = made["connection"]["id"], made["secret"]

    def used(self) -> int:
        return MONTH - int(self.client.get("/api/v2/limits").json()["readings"]["remaining"])

    def reported(self) -> int:
        """The readings of the stored usage."""
        return sum(row["readings"] for row in self.client.get("/api/v2/usage").json()["data"])


def _single(site: Site, key: str, at: float | None) -> httpx.Response:
    body = {"data": {"t": 1}, "dedupe_key": key} | ({} if at is None else {"time": at})
    return site.client.post(f"/api/v2/devices/{site.device}/telemetry", json=body)


def _batch(site: Site, key: str, at: float | None) -> httpx.Response:
    row = {"device_id": site.device, "data": {"t": 1}, "dedupe_key": key} | ({} if at is None else {"time": at})
    return site.client.post("/api/v2/telemetry", json=[row])


def _siliconwit(site: Site, key: str, at: float | None) -> httpx.Response:
    return site.client.post(
        "/api/devices/ingest", json={"device_id": site.device, "access_token": site.token, "data": {"t": 1}, "timestamp": at}
    )


def _uplink(eui: str) -> Send:
    def send(site: Site, key: str, at: float | None) -> httpx.Response:
        body = {
            "deduplicationId": key,
            "time": format_time(SystemClock().now_us()),
            "deviceInfo": {"devEui": eui, "deviceName": "m", "tenantName": "t"},
            "fPort": 1,
            "fCnt": 1,
            "object": {"consumption_m3": 1.5},
        }
        headers = {"X-Connection-Secret": site.secret}
        return site.client.post(f"/api/v2/ingest/{site.connection}", params={"event": "up"}, headers=headers, json=body)

    return send


def _datakubo(eui: str) -> Send:
    def send(site: Site, key: str, at: float | None) -> httpx.Response:
        body = {
            "deduplicationId": key,
            "time": format_time(SystemClock().now_us()),
            "deviceInfo": {"devEui": eui, "deviceName": "m", "tenantName": "t"},
            "fPort": 1,
            "fCnt": 1,
            "object": {"consumption_m3": 1.5},
        }
        return site.client.post("/api/v1/ingest/water-consumption", json=body)

    return send


WAYS: dict[str, Send] = {
    "v2": _single,
    "v2 batch": _batch,
    "siliconwit": _siliconwit,
    "network server": _uplink(KNOWN),
    "network server, unregistered": _uplink(UNKNOWN),
    "datakubo": _datakubo(KNOWN),
    "datakubo, unregistered": _datakubo(UNKNOWN),
}
WITHOUT_KEY = {"siliconwit"}
TO_THE_LOG = [name for name in WAYS if "unregistered" not in name]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    data_dir = tmp_path / "data"
    data_dir.mkdir(mode=0o700)
    (data_dir / "penstock.toml").write_text(f"[plans.enterprise]\nmonthly_readings = {MONTH}\n")
    with in_process_server(data_dir) as server, server.client(server.orgs["Acme"]) as client:
        yield Site(server, client)


def test_what_is_stored_counts_once(site: Site) -> None:
    def check(name: str) -> None:
        before = site.used()
        assert WAYS[name](site, f"once {name}", None).is_success
        assert site.used() == before + 1
        if name not in WITHOUT_KEY:
            assert WAYS[name](site, f"once {name}", None).is_success
            assert site.used() == before + 1, "a repetition counts"

    check_all(WAYS, check, str)


def test_what_the_log_refuses_does_not_count(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    async def writer(server: Any) -> Any:
        return server.log._writer

    def check(name: str) -> None:
        before = site.used()
        answer = WAYS[name](site, f"refused {name}", None)
        assert answer.status_code == 503, answer.text
        assert site.used() == before

    monkeypatch.setattr(site.server.call(writer), "_insert", full)
    check_all(TO_THE_LOG, check, str)


def test_what_cannot_be_kept_for_a_device_to_come_does_not_count(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: Any) -> None:
        raise StorageUnavailable(reason="the disk is full")

    def check(name: str) -> None:
        before = site.used()
        answer = WAYS[name](site, f"refused {name}", None)
        assert answer.status_code == 503, answer.text
        assert site.used() == before

    replace_in_thread(monkeypatch, SqliteUnregistered, "keep", fail, site.server.thread)
    check_all([name for name in WAYS if name not in TO_THE_LOG], check, str)


def test_what_is_quarantined_does_not_count(site: Site) -> None:
    before = site.used()
    for send in (_single, _batch):
        assert send(site, "future", time.time() + 10 * 86_400).is_success
    assert site.used() == before


def test_the_count_is_the_stored_usage_also_after_readings_moved_to_their_device(site: Site) -> None:
    for number in range(4):
        for name, send in WAYS.items():
            assert send(site, f"{name} {number % 2}", None).is_success
    used = site.used()
    identifiers = [{"kind": "eui", "value": UNKNOWN}]
    site.client.post("/api/v2/devices", json={"name": "n", "identifiers": identifiers}).raise_for_status()
    assert eventually(lambda: site.reported() == used)
    assert site.used() == used
