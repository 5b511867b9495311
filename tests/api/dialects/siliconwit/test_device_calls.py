"""SiliconWit's device call: a token speaks for its own device, whatever the body names."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from penstock.api.dialects.siliconwit.device_calls import Ingest
from tests.security.test_secrets_at_rest import found_in, search
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import running_server

INGEST = "/api/devices/ingest"
Made = dict[str, Any]


@pytest.fixture
def api(in_process: InProcessServer) -> Iterator[httpx.Client]:
    with in_process.client(in_process.orgs["Acme"]) as client:
        yield client


@pytest.fixture
def pump(api: httpx.Client) -> Made:
    return dict(api.post("/api/v2/devices", json={"name": "Pump"}).raise_for_status().json())


def values(api: httpx.Client, made: Made) -> list[Any]:
    rows = api.get(f"/api/v2/devices/{made['device']['id']}/telemetry").raise_for_status().json()["data"]
    return [row["data"] for row in rows]


@pytest.mark.parametrize("as_bearer", [False, True])
def test_a_token_is_good_under_its_device_s_name_alone(
    in_process: InProcessServer, api: httpx.Client, pump: Made, *, as_bearer: bool
) -> None:
    sibling = api.post("/api/v2/devices", json={"name": "Sibling"}).raise_for_status().json()
    token = {} if as_bearer else {"access_token": pump["access_token"]}
    headers = {"Authorization": f"Bearer {pump['access_token']}"} if as_bearer else {}
    with in_process.client() as device:
        for name in (sibling["device"]["id"], "dev_0000000000001", "Pump"):
            refused = device.post(INGEST, json=token | {"device_id": name, "data": {"n": 1}}, headers=headers)
            assert refused.status_code == 401, name
            assert refused.json().keys() == {"error"}
        taken = device.post(INGEST, json=token | {"device_id": pump["device"]["id"], "data": {"n": 2}}, headers=headers)
    assert (taken.status_code, taken.json()["success"]) == (200, True)
    assert (values(api, pump), values(api, sibling)) == ([{"n": 2}], [])


def test_a_repeated_delivery_answers_like_the_first(in_process: InProcessServer, api: httpx.Client, pump: Made) -> None:
    body = {"device_id": pump["device"]["id"], "access_token": pump["access_token"], "data": {"n": 2}}
    with in_process.client() as device:
        ids = {device.post(INGEST, json=body, headers={"Idempotency-Key": "z"}).json()["id"] for _ in range(3)}
    assert len(ids) == 1
    assert values(api, pump) == [{"n": 2}]


def test_a_reading_that_is_not_shown_says_so(in_process: InProcessServer, api: httpx.Client, pump: Made) -> None:
    body = {"device_id": pump["device"]["id"], "access_token": pump["access_token"], "data": {"n": 2}}
    with in_process.client() as device:
        assert device.post(INGEST, json=body | {"timestamp": "2099-01-01T00:00:00Z"}).json()["quarantined"] is True
        assert "quarantined" not in device.post(INGEST, json=body).json()
    assert values(api, pump) == [{"n": 2}]


PACED = {
    "PENSTOCK_LIMITS_BACKFILL_PER_SECOND": "1",
    "PENSTOCK_LIMITS_BACKFILL_BURST": "1",
    "PENSTOCK_LIMITS_BACKFILL_MAX_DELAY_S": "0",
}


def test_old_readings_are_paced_and_live_ones_are_not(tmp_path: Path) -> None:
    with in_process_server(tmp_path / "data", environment=PACED) as server, server.client(server.orgs["Acme"]) as api:
        made = api.post("/api/v2/devices", json={"name": "Logger"}).json()
        body = {"device_id": made["device"]["id"], "access_token": made["access_token"], "data": {"n": 1}}
        rows = [{"time": time.time() - 7200 + n, "data": {"n": n}} for n in range(60)]
        assert api.post(f"/api/v2/devices/{body['device_id']}/telemetry", json=rows[:1]).status_code == 201
        refused = [api.post(INGEST, json=body | {"timestamp": row["time"]}) for row in rows]
        assert {answer.status_code for answer in refused} >= {429}
        paced = next(answer for answer in refused if answer.status_code == 429)
        assert list(paced.json()) == ["error"]
        assert int(paced.headers["retry-after"]) >= 1
        assert api.post(INGEST, json=body | {"timestamp": time.time()}).status_code == 200
        assert api.post(INGEST, json=body).status_code == 200


def test_a_month_s_limit_holds_here_too(tmp_path: Path) -> None:
    data_dir = tmp_path / "data"
    data_dir.mkdir(mode=0o700)
    (data_dir / "penstock.toml").write_text("[plans.enterprise]\nmonthly_readings = 1\n")
    with running_server(data_dir) as server, server.client(server.orgs["Acme"]) as api:
        made = api.post("/api/v2/devices", json={"name": "Meter"}).json()
        body = {"device_id": made["device"]["id"], "access_token": made["access_token"], "data": {"n": 1}}
        assert [api.post(INGEST, json=body).status_code for _ in range(2)] == [200, 429]


def test_no_token_is_in_an_error_or_written_down(tmp_path: Path) -> None:
    with running_server(tmp_path / "data", args=("--log-level", "debug")) as server:
        with server.client(server.orgs["Acme"]) as api:
            made = api.post("/api/v2/devices", json={"name": "Pump"}).json()
            device_id, token = made["device"]["id"], made["access_token"]
            good = {"device_id": device_id, "access_token": token, "data": {"a": 1}}
            assert api.post(INGEST, json=good).status_code == 200
            mistakes = [
                api.post(INGEST, content=f'{{"device_id": "x", "access_token": "{token}", "data"'.encode()),
                api.post(INGEST, json=good | {"device_id": "dev_x"}),
                api.post(INGEST, json=good | {"data": 1}),
                api.post(INGEST, json=good | {"access_token": [token], "data": {}}),
            ]
        assert [answer.status_code for answer in mistakes] == [400, 401, 400, 400]
        assert [found for answer in mistakes for found in found_in(answer.content, [token])] == []
    assert search(tmp_path, [token]) == []


def test_a_body_does_not_show_its_token() -> None:
    assert "tok_1" not in repr(Ingest(device_id="dev_1", access_token="tok_1"))
