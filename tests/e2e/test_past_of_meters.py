"""The past of a meter belongs to the customer and resident of its time, whatever becomes of the meter."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.support.server import RunningServer, running_server
from tests.support.waiting import awaited

SINCE, MOVED = "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"
OCTOBER = {"from": SINCE, "to": MOVED, "bucket": "month", "estimate": "false"}
NOVEMBER = {"from": MOVED, "to": "2026-11-21T00:00:00Z", "bucket": "month", "estimate": "false"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("past") / "data") as server:
        yield server


@pytest.fixture
def api(server: RunningServer) -> Iterator[httpx.Client]:
    with server.client(server.orgs["Acme"]) as client:
        yield client


def stored(server: RunningServer) -> int:
    """How many readings are on the disk."""
    count = 0
    for path in (server.data_dir / "telemetry").glob("*.db"):
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as segment:
            count += segment.execute("SELECT count(*) FROM readings").fetchone()[0]
    return count


def customer(api: httpx.Client) -> str:
    body = {"name": "House", "admin_email": "a@example.org", "tenant_name": secrets.token_hex(4)}
    return f"/api/v2/customers/{api.post('/api/v2/customers', json=body).json()['id']}"


def meter(api: httpx.Client, each: int = 1) -> str:
    """A device that counts 2 m³ each day from 30 September on, with a reading after so many days."""
    made = api.post("/api/v2/devices", json={"name": "Meter", "identifiers": [{"kind": "eui", "value": secrets.token_hex(8)}]})
    path = f"/api/v2/devices/{made.json()['device']['id']}"
    first, days = datetime.fromisoformat("2026-09-30T00:00:00Z"), range(0, 53, each)
    rows = [{"data": {"consumption_m3": 100 + 2 * day}, "time": (first + timedelta(days=day)).isoformat()} for day in days]
    answer = api.post("/api/v2/telemetry", json=[row | {"device_id": path.rsplit("/", maxsplit=1)[-1]} for row in rows])
    assert answer.is_success, answer.text
    return path


def used(api: httpx.Client, path: str, query: dict[str, str]) -> Any:
    answer = api.get(f"{path}/consumption", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def test_october_stays_with_its_customer_after_a_move_and_after_the_deletion(server: RunningServer, api: httpx.Client) -> None:
    device, first, second = meter(api), customer(api), customer(api)
    place = f"{device}/placement"
    assert api.put(place, json={"customer_id": first.split("/")[-1]}).status_code == 200
    whole = [used(api, first, month) for month in (OCTOBER, NOVEMBER)]
    assert api.put(place, json={"customer_id": second.split("/")[-1], "from": MOVED}).status_code == 200
    answers = [used(api, house, month) for house in (first, second) for month in (OCTOBER, NOVEMBER)]
    # The step into the reading of the move, at midnight, is of the day that begins then, and was counted before.
    assert [sum(row["consumption"] or 0 for row in rows) for rows in answers] == [62, 2, 0, 40]
    assert answers[0] == whole[0]
    assert [rows[0]["consumption"] for rows in whole] == [62, 2 + 40]
    assert stored(server) > 0
    assert api.delete(device).status_code == 204
    assert awaited(lambda: stored(server) == 0, what="the removal of the readings")
    assert [used(api, house, month) for house in (first, second) for month in (OCTOBER, NOVEMBER)] == answers
    assert api.delete(second).status_code == 204
    assert used(api, first, OCTOBER) == answers[0]


@pytest.mark.parametrize("days", [1, 8])
def test_a_meter_that_is_replaced_at_midnight_changes_nothing_on_the_days_before(api: httpx.Client, days: int) -> None:
    device, house = meter(api, days), customer(api)
    assert api.put(f"{device}/placement", json={"customer_id": house.split("/")[-1]}).status_code == 200
    before = [used(api, house, month | {"bucket": "day"}) for month in (OCTOBER, NOVEMBER)]
    last = 100 + 2 * (datetime.fromisoformat(MOVED) - datetime.fromisoformat("2026-09-30T00:00:00Z")).days
    replaced = {"register": "volume", "at": MOVED, "last_value": last, "first_value": last}
    assert api.post(f"{device}/meter/replacements", json=replaced).status_code == 200
    after = [used(api, house, month | {"bucket": "day"}) for month in (OCTOBER, NOVEMBER)]
    assert after[0] == before[0]
    sums = [sum(row["consumption"] or 0 for row in rows[1]) for rows in (before, after)]
    assert sums[1] == pytest.approx(sums[0])
