"""`kill -9` while network servers deliver uplinks: what was acknowledged is there, and there once."""

from __future__ import annotations

import itertools
import threading
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.ingress.http.connections.conftest import chirpstack
from tests.support.server import bootstrap_org
from tests.support.waiting import CEILING_S, eventually

from .servers import end, working

CALLERS = 4
EUIS = [f"70b3d57ed007{number:04x}" for number in range(CALLERS)]


class Caller:
    """A network server with one connection; it sends again what it got no answer for, as The Things Stack does."""

    def __init__(self, eui: str, path: str, secret: str) -> None:
        self._eui = eui
        self._path = path
        self._headers = {"X-Connection-Secret": secret}
        self._numbers = itertools.count()
        self._unsure: dict[str, Any] | None = None
        self.acked: list[str] = []

    def run(self, base_url: str) -> None:
        """Send until the server is gone."""
        with httpx.Client(base_url=base_url, headers=self._headers, timeout=CEILING_S) as client:
            while True:
                number = next(self._numbers)
                body = self._unsure = self._unsure or chirpstack(self._eui, time=None, object={"n": f"{self._eui}-{number}"})
                try:
                    answer = client.post(self._path, json=body)
                except httpx.HTTPError:
                    return
                assert answer.status_code == 200, answer.text
                self.acked.append(body["object"]["n"])
                self._unsure = None


@pytest.mark.prove
def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    org = bootstrap_org(data_dir)
    server = working(data_dir)
    with server.client(org) as api:
        devices = [_register(api, eui) for eui in EUIS[:-1]]  # the last one is not registered yet
        made = api.post("/api/v2/connections", json={"type": "chirpstack", "name": "killed"}).json()
    callers = [Caller(eui, f"{made['connection']['ingest_path']}?event=up", made["secret"]) for eui in EUIS]
    for _ in range(5):
        threads = [threading.Thread(target=caller.run, args=(server.base_url,)) for caller in callers]
        for thread in threads:
            thread.start()
        aims = [(caller, len(caller.acked) + 10) for caller in callers]
        assert eventually(lambda aims=aims: all(len(caller.acked) >= aim for caller, aim in aims))
        server.kill()
        for thread in threads:
            thread.join()
        end(server)
        server = working(data_dir)
    with server.client(org) as api:
        devices.append(_register(api, EUIS[-1]))
        for device_id, caller in zip(devices, callers, strict=True):
            kept = 100 if caller is callers[-1] else len(caller.acked)
            stored = _stored(api, device_id, least=min(kept, len(caller.acked)))
            assert len(stored) == len(set(stored)), "stored twice"
            assert set(caller.acked[-kept:]) <= set(stored), "acknowledged, but lost"
    assert end(server) == 0


def _register(api: httpx.Client, eui: str) -> str:
    wanted = {"name": eui, "identifiers": [{"kind": "eui", "value": eui}]}
    return str(api.post("/api/v2/devices", json=wanted).json()["device"]["id"])


def _stored(api: httpx.Client, device_id: str, least: int) -> list[str]:
    """The values of a device's readings, once so many are there: those that waited move a moment after it was made."""
    found: list[str] = []

    def all_there() -> bool:
        found.clear()
        cursor = ""
        while cursor is not None:
            query = {"from": "2020-01-01T00:00:00Z", "limit": "1000"} | ({"cursor": cursor} if cursor else {})
            page = api.get(f"/api/v2/devices/{device_id}/telemetry", params=query).json()
            found.extend(row["data"]["n"] for row in page["data"])
            cursor = page["next_cursor"]
        return len(found) >= least

    eventually(all_there)
    return found
