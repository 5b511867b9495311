"""A server that is killed while it decodes stored uplinks again: each has the mended values in the end, and is counted once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.api.v2.redecodes.test_routes import DEVICES, MENDED, OPEN, REDECODES, Meter, counts, ended
from tests.support.server import RunningServer, running_server, start_server
from tests.support.waiting import awaited

pytestmark = pytest.mark.prove
UPLINKS, KILLS = 6_000, 4
UNPACED = {"PENSTOCK_LIMITS_BACKFILL_PER_SECOND": "0"}


def test_a_kill_in_the_middle_costs_nothing(tmp_path: Path) -> None:
    with running_server(tmp_path / "data", environment=UNPACED) as server:
        org = server.orgs["Acme"]
        with server.client(org) as api:
            meter = Meter(api)
            with ThreadPoolExecutor(8) as senders:
                list(senders.map(lambda n: meter.send(bytes([n % 2, n % 256]), 1, deduplicationId=str(n)), range(UPLINKS)))
            meter.save(MENDED)
            redecode_id = api.post(REDECODES, json={"device_id": meter.id}).raise_for_status().json()["id"]
        done = -1
        for _ in range(KILLS):
            done = moved(server, redecode_id, done)
            restart(server)
        with server.client(org) as api:
            assert counts(ended(api, redecode_id)) == ["done", UPLINKS, UPLINKS, UPLINKS, 0, 0]
            wrong = [one for one in all_readings(api, meter.id) if "leak" not in one["data"]]
            assert wrong == []


def moved(server: RunningServer, redecode_id: str, before: int) -> int:
    """Wait until a re-decode has moved on."""
    with server.client(server.orgs["Acme"]) as api:

        def look() -> dict[str, Any] | None:
            found: dict[str, Any] = api.get(f"{REDECODES}/{redecode_id}").raise_for_status().json()
            return found if found["done"] > before or found["state"] not in OPEN else None

        return int(awaited(look)["done"])


def restart(server: RunningServer) -> None:
    """Kill the server, and start it again on its data."""
    server.kill()
    assert server.process.stdout is not None
    server.process.stdout.close()
    again = start_server(server.data_dir, environment=UNPACED)
    server.process, server.base_url = again.process, again.base_url


def all_readings(api: Any, device_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    query = {"from": "2026-05-01T00:00:00Z", "to": "2026-06-01T00:00:00Z", "limit": "1000"}
    cursor = None
    while True:
        page = api.get(f"{DEVICES}/{device_id}/telemetry", params=query | ({"cursor": cursor} if cursor else {})).json()
        found += page["data"]
        cursor = page["next_cursor"]
        if cursor is None:
            assert len(found) == UPLINKS
            return found
