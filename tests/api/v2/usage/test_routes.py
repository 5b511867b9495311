"""Limits and usage over HTTP: exact, told in headers and errors, written down, and counted per key and device."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.api.v2.keys.test_routes import make
from tests.support.server import Org, RunningServer, run_cli, running_server
from tests.support.waiting import awaited, eventually

SETTINGS = """
[plans.tiny]
device_limit = 2
key_limit = 3
calls_per_minute = 20
calls_per_day = 1000

[plans.daily]
calls_per_minute = 1000
calls_per_day = 5

[plans.shut]
api_access = false

[plans.monthly]
monthly_readings = 10
"""


@pytest.fixture(scope="module")
def limited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    data_dir = tmp_path_factory.mktemp("limited") / "data"
    data_dir.mkdir(mode=0o700)
    (data_dir / "penstock.toml").write_text(SETTINGS)
    names = ("Tiny", "Daily", "Shut", "Monthly", "Free")
    settings = {"PENSTOCK_LIMITS_BAD_CREDENTIALS_PER_MINUTE": "30"}
    with running_server(data_dir, orgs=names, environment=settings) as server:
        for name in names[:4]:
            done = run_cli("org", "set-plan", "--data-dir", str(data_dir), "--org", name, "--plan", name.lower())
            assert done.returncode == 0, done.stderr
        # The plan without API ended the keys there were.
        place = ("--data-dir", str(data_dir), "--org", "Shut", "--name", "new", "--scopes", "all")
        server.orgs["Shut"].api_key = json.loads(run_cli("key", "create", *place, "--json").stdout)["api_key"]
        with server.client(server.orgs["Shut"]) as api:  # the last that was made: who knows it knows all before it
            assert eventually(lambda: api.get("/api/v2/me").status_code == 200)
        yield server


def headers_of(answer: httpx.Response) -> dict[str, int]:
    prefix = "x-ratelimit-"
    return {name.removeprefix(prefix): int(value) for name, value in answer.headers.items() if name.startswith(prefix)}


def test_a_minute_is_exact_and_tells_what_is_left(limited: RunningServer) -> None:
    org = limited.orgs["Tiny"]
    with limited.client(org) as api:
        answers = [api.get("/api/v2/me") if n % 2 else api.get("/api/v2/devices") for n in range(25)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429] * 5
    assert [headers_of(answer)["remaining"] for answer in answers] == [*range(19, -1, -1)] + [0] * 5
    assert headers_of(answers[0]) == {"limit": 20, "remaining": 19, "daily-limit": 1000, "daily-remaining": 999}
    native = next(answer for answer in answers[20:] if answer.request.url.path == "/api/v2/devices")
    told: dict[str, Any] = native.json()
    assert told["code"] == "limits.exceeded"
    assert (told["limit"], told["scope"], told["count"], told["window"]) == ("plan_minute", "account", 20, "minute")
    assert told["remaining"] == 0
    assert 59 <= told["reset_s"] <= 61
    assert int(native.headers["retry-after"]) == told["retry_after_s"] <= 61


def test_refused_calls_are_in_the_ledger(limited: RunningServer, tmp_path: Path) -> None:
    org = limited.orgs["Daily"]
    with limited.client(org) as api:
        statuses = [api.get("/api/v2/me").status_code for _ in range(8)]
        assert statuses == [200] * 5 + [429] * 3
        until_midnight_s = int(api.get("/api/v2/me").headers["retry-after"])
        assert 0 < until_midnight_s <= 86_400
    run_cli("org", "set-plan", "--data-dir", str(limited.data_dir), "--org", "Daily", "--plan", "enterprise")
    with limited.client(org) as api:

        def refusals() -> list[dict[str, Any]]:
            answer = api.get("/api/v2/limits/refusals")
            rows: list[dict[str, Any]] = answer.json()["data"] if answer.status_code == 200 else []
            return rows if sum(row["count"] for row in rows) >= 4 else []

        rows = awaited(refusals)
        assert {(row["limit"], row["scope"]) for row in rows} == {("plan_day", "account")}
        assert rows[0]["subject"].startswith("key_")
        with limited.client(limited.orgs["Monthly"]) as foreign:
            assert foreign.get("/api/v2/limits/refusals").json()["data"] == []
        for wanted, count in (
            ({"limit_name": "plan_day", "subject": rows[0]["subject"]}, 1),
            ({"limit_name": "plan_minute"}, 0),
            ({"scope": "key"}, 0),
            ({"subject": "key_0000000000000"}, 0),
            ({"to": rows[0]["hour"], "range": "24h"}, 0),
        ):
            assert len(api.get("/api/v2/limits/refusals", params=wanted).json()["data"]) == count, wanted
        of_key = api.get(f"/api/v2/keys/{rows[0]['subject']}/usage").json()["data"]
        assert of_key[0]["id"] == rows[0]["subject"]
        assert of_key[0]["refused"] >= sum(row["count"] for row in rows)
        assert of_key[0]["calls"] >= 5
        limits = api.get("/api/v2/limits").json()
        assert (limits["plan"], [one["window"] for one in limits["calls"]]) == ("enterprise", ["minute", "day"])


def test_a_key_has_a_limit_of_its_own_also_for_ingest(limited: RunningServer) -> None:
    org = limited.orgs["Monthly"]
    with limited.client(org) as api:
        value = make(api, scopes=["profile:read", "telemetry:write"], calls_per_minute=3)["value"]
        headers = org.headers() | {"X-API-Key": value}
        statuses = [api.get("/api/v2/me", headers=headers).status_code for _ in range(2)]
        answers = [api.post("/api/v2/telemetry", json=[{"device": "x", "data": {"n": 1}}], headers=headers) for _ in range(2)]
    assert statuses == [200, 200]
    assert [answer.status_code for answer in answers] == [400, 429]
    assert answers[1].json()["limit"] == "key_minute"


def test_a_plan_limits_keys(limited: RunningServer) -> None:
    with limited.client(limited.orgs["Free"]) as api:
        run_cli("org", "set-plan", "--data-dir", str(limited.data_dir), "--org", "Free", "--plan", "starter")
        awaited(lambda: api.get("/api/v2/limits").json()["plan"] == "starter")
        made = [make(api)["key"]["id"] for _ in range(4)]
        refused = api.post("/api/v2/keys", json={"name": "x"})
        assert (refused.status_code, refused.json()["code"]) == (429, "keys.limit_reached")
        assert [refused.json()[name] for name in ("limit", "scope", "count", "remaining")] == ["plan_keys", "account", 5, 0]
        api.post(f"/api/v2/keys/{made[0]}/revoke")
        assert api.post("/api/v2/keys", json={"name": "x"}).status_code == 201


def test_readings_of_a_month_are_limited(limited: RunningServer) -> None:
    with limited.client(limited.orgs["Monthly"]) as api:
        made = api.post("/api/v2/devices", json={"name": "d"}).json()
        path = f"/api/v2/devices/{made['device']['id']}/telemetry"
        assert api.post(path, json=[{"data": {"n": n}} for n in range(8)]).status_code == 201
        refused = api.post(path, json=[{"data": {"n": n}} for n in range(3)])
        told = refused.json()
        assert (refused.status_code, told["code"]) == (429, "limits.monthly_readings")
        assert [told[name] for name in ("limit", "scope", "count", "window", "remaining")] == [
            "plan_month",
            "account",
            10,
            "month",
            2,
        ]
        assert int(refused.headers["retry-after"]) == told["retry_after_s"] == told["reset_s"] > 1
        assert api.get("/api/v2/limits").json()["readings"]["remaining"] == 2
        assert api.post(path, json=[{"data": {"n": n}} for n in range(2)]).status_code == 201
        own = {"Authorization": f"Bearer {made['access_token']}"}
        assert httpx.post(f"{limited.base_url}{path}", json={"data": {"n": 1}}, headers=own).status_code == 429


def test_guessing_is_slowed_down_and_good_keys_still_work(limited: RunningServer) -> None:
    """K8."""
    org = limited.orgs["Shut"]
    with httpx.Client(base_url=limited.base_url) as attacker, limited.client(org) as owner:
        statuses = [attacker.get("/api/v2/me", headers={"X-API-Key": f"psk_{n:036}"}).status_code for n in range(60)]
        assert statuses == [401] * 30 + [429] * 30
        assert owner.get("/api/v2/me").status_code == 200
        fresh = make(owner)["value"]
        assert attacker.get("/api/v2/me", headers=org.headers() | {"X-API-Key": fresh}).status_code == 200


def usage(api: httpx.Client, **query: str) -> list[dict[str, Any]]:
    answer = api.get("/api/v2/usage", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    return found


def calls(api: httpx.Client) -> int:
    return sum(row["calls"] for row in usage(api, by="key"))


def placed(api: httpx.Client, device_id: str) -> str:
    """Give a device to a resident of a new customer; the customer's id."""
    eui = "70b3d57ed005a11a"
    api.patch(f"/api/v2/devices/{device_id}", json={"identifiers": [{"kind": "eui", "value": eui}]}).raise_for_status()
    wanted = {"name": "North", "admin_email": "ada@example.org", "tenant_name": "north"}
    customer: str = api.post("/api/v2/customers", json=wanted).json()["id"]
    wanted = {"name": "Grace", "email": "grace@example.org"}
    resident = api.post(f"/api/v2/customers/{customer}/residents", json=wanted).json()["id"]
    api.put(f"/api/v2/devices/{device_id}/placement", json={"resident_id": resident}).raise_for_status()
    return customer


def test_usage_by_device_project_customer_key_and_organisation(tmp_path: Path) -> None:
    with running_server(tmp_path / "data", orgs=("Acme", "Other")) as server:
        acme: Org = server.orgs["Acme"]
        with server.client(acme) as api, server.client(server.orgs["Other"]) as other:
            project = api.post("/api/v2/projects", json={"name": "south"}).json()["id"]
            one = api.post("/api/v2/devices", json={"name": "one", "project_id": project}).json()["device"]["id"]
            two = api.post("/api/v2/devices", json={"name": "two"}).json()["device"]["id"]
            foreign = other.post("/api/v2/devices", json={"name": "foreign"}).json()["device"]["id"]
            customer = placed(api, one)
            other.post(f"/api/v2/devices/{foreign}/telemetry", json=[{"data": {"n": n}} for n in range(100)])
            for device, count in ((one, 7), (two, 5)):
                rows = [{"data": {"a": n, "b": {"c": 1.5}}} for n in range(count)]
                api.post(f"/api/v2/devices/{device}/telemetry", json=rows)
            assert eventually(lambda: sum(row["readings"] for row in usage(api, by="device")) >= 12 and calls(api) >= 5)
            by_device = {row["id"]: row for row in usage(api, by="device", bucket="hour")}
            assert {name: row["readings"] for name, row in by_device.items()} == {one: 7, two: 5}
            assert by_device[one]["data_points"] == 14
            assert by_device[one]["bytes"] == sum(
                len(json.dumps({"a": n, "b": {"c": 1.5}}, separators=(",", ":"))) for n in range(7)
            )
            assert {row["id"]: row["readings"] for row in usage(api, by="project")} == {project: 7, acme.project_id: 5}
            assert [(row["id"], row["readings"], row["data_points"]) for row in usage(api, by="customer")] == [(customer, 7, 14)]
            assert usage(other, by="customer") == []
            whole = usage(api, by="organization")
            assert (len(whole), whole[0]["readings"], whole[0]["data_points"], whole[0]["id"]) == (1, 12, 24, None)
            assert len(usage(api, by="key")) == 1
            assert [(row["id"], row["readings"]) for row in usage(other, by="device")] == [(foreign, 100)]
            assert [row["readings"] for row in usage(other, by="organization")] == [100]
            page = api.get("/api/v2/usage", params={"by": "device", "limit": "1"}).json()
            following = api.get("/api/v2/usage", params={"by": "device", "limit": "1", "cursor": page["next_cursor"]}).json()
            assert {page["data"][0]["id"], following["data"][0]["id"]} == {one, two}
            assert following["next_cursor"] is None
            assert api.get("/api/v2/usage", params={"by": "colour"}).status_code == 400
