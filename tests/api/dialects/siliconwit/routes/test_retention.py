"""A plan that keeps readings for ten days and allows three devices, on a server of its own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.support.server import running_server

PLAN = "[plans.enterprise]\ndevice_limit = 3\nretention_days = 10\n"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    data_dir: Path = tmp_path_factory.mktemp("siliconwit") / "data"
    data_dir.mkdir()
    (data_dir / "penstock.toml").write_text(PLAN)
    with running_server(data_dir) as server, server.client(server.orgs["Acme"]) as client:
        yield client


@pytest.fixture(scope="module")
def device_id(api: httpx.Client) -> str:
    created = api.post("/api/v2/devices", json={"name": "Tank"}).json()["device"]["id"]
    now = datetime.now(UTC)
    for days in (1, 8, 12):
        body = {"time": (now - timedelta(days=days, minutes=-1)).isoformat(), "data": {"days": days}}
        assert api.post(f"/api/v2/devices/{created}/telemetry", json=body).status_code == 201
    return str(created)


@pytest.mark.parametrize(
    ("requested", "used", "days"), [("1h", "1h", []), ("24h", "24h", [1]), ("7d", "7d", [1]), ("30d", "7d", [1])]
)
def test_a_range_is_shortened_to_a_word_that_the_plan_keeps(
    api: httpx.Client, device_id: str, requested: str, used: str, days: list[int]
) -> None:
    answer = api.get(f"/v1/devices/{device_id}/telemetry", params={"range": requested}).json()
    assert answer["query"] == {
        "device_id": device_id,
        "requested_range": requested,
        "range": used,
        "limit": 100,
        "data_retention_days": 10,
    }
    assert [reading["data"]["days"] for reading in answer["data"]] == days


def test_usage_shows_the_limits_of_the_plan(api: httpx.Client, device_id: str) -> None:
    usage = api.get("/v1/account/usage").json()["data"]
    assert usage["plan"]["device_limit"] == usage["devices"]["limit"] == 3
    assert usage["plan"]["data_retention_days"] == 10
