"""An organisation with three devices, on the shared server; its readings come in by SiliconWit's own device call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from msgspec import Struct

from tests.support.forgery import one_character_off
from tests.support.server import Org, RunningServer, bootstrap_org, run_cli
from tests.support.waiting import awaited, eventually

ORG = "Silicon"
READINGS: tuple[tuple[str, timedelta, dict[str, object]], ...] = (
    ("minutes_20", timedelta(minutes=20), {"temperature": 4.0, "place": {"shelf": 2}}),
    ("days_3", timedelta(days=3), {"temperature": -18.25}),
    ("minutes_5", timedelta(minutes=5), {"temperature": 4.8, "humidity": 71, "door": False}),
    ("minutes_10", timedelta(minutes=10), {"temperature": 4.5, "humidity": 70}),
)
"""Name, age and values, in the order in which they are sent."""
VALUES = 8


class World(Struct):
    """What the recordings' names stand for, and the keys they are sent with."""

    base_url: str
    names: Mapping[str, str]
    keys: Mapping[str, str | None]

    def get(self, path: str, key: str = "first") -> httpx.Response:
        """Ask as the vendor's clients do, with the key as Bearer."""
        value = self.keys[key]
        headers = {"Authorization": f"Bearer {value}"} if value else {}
        return httpx.get(self.base_url + path, headers=headers, timeout=30)


@pytest.fixture(scope="session")
def world(server: RunningServer, other: Org) -> World:
    org = bootstrap_org(server.data_dir, ORG)
    arguments = ("--data-dir", str(server.data_dir), "--org", ORG, "--name", "Reports", "--scopes", "devices:read", "--json")
    created = run_cli("key", "create", *arguments)
    assert created.returncode == 0, created.stderr
    reader = str(json.loads(created.stdout)["api_key"])
    with server.client(org) as api:
        room, token = _create(
            api, {"name": "Cold room 2", "description": "Behind the second door", "settings": {"interval_s": 300}}
        )
        pump, _ = _create(api, {"name": "Pump 4", "type": "actuator"})
        assert api.post(f"/api/v2/devices/{pump}/pause").status_code == 200
        door, _ = _create(api, {"name": "Door"})
        alerts = _alert(api, room)
        times = _send(api, room, token)
        _acknowledge(api, alerts["humid"])
    with server.client(other) as api:
        foreign, _ = _create(api, {"name": "Theirs"})
    names = {
        "room": room,
        "pump": pump,
        "door": door,
        "foreign": foreign,
        "reader_prefix": reader[:8],
        "first_prefix": org.api_key[:8],
        **times,
        **alerts,
        **_period(),
    }
    wrong = one_character_off(other.api_key)
    made = World(server.base_url, names, {"first": org.api_key, "reader": reader, "none": None, "wrong": wrong, "device": token})
    _await_counts(made)
    awaited(lambda: made.get(f"/v1/alerts/{alerts['warm']}/history").json()["data"])
    return made


def _create(api: httpx.Client, body: dict[str, object]) -> tuple[str, str]:
    answer = api.post("/api/v2/devices", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()["device"]["id"], answer.json()["access_token"]


def _alert(api: httpx.Client, room: str) -> dict[str, str]:
    """Three alerts, of which the last is off: the readings raise the first two."""
    wanted: dict[str, dict[str, object]] = {
        "warm": {
            "name": "High Temperature",
            "target": {"devices": [room]},
            "condition": {"type": "threshold", "field": "temperature", "operator": ">", "value": 4.6},
            "actions": [{"type": "email", "to": ["ada@example.org"]}],
            "cooldown_s": 300,
        },
        "humid": {
            "name": "Humid",
            "target": {"all": True},
            "condition": {"type": "threshold", "field": "humidity", "operator": "outside", "value": [20, 70]},
            "severity": "critical",
        },
        "silent": {
            "name": "Silent",
            "target": {"devices": [room]},
            "condition": {"type": "no_data", "after_s": 3600},
            "severity": "info",
            "enabled": False,
        },
    }
    made = {}
    for name, body in wanted.items():
        answer = api.post("/api/v2/alerts", json=body)
        assert answer.status_code == 201, answer.text
        made[name] = str(answer.json()["id"])
    return made


def _acknowledge(api: httpx.Client, alert_id: str) -> None:
    found = awaited(lambda: api.get(f"/api/v2/alerts/{alert_id}/history").json()["data"])
    assert api.post(f"/api/v2/alert-events/{found[0]['id']}/acknowledge", json={}).status_code == 200


def _send(api: httpx.Client, device_id: str, token: str) -> dict[str, str]:
    now = datetime.now(UTC)
    times = {}
    for name, age, values in READINGS:
        times[name] = (now - age).strftime("%Y-%m-%dT%H:%M:%SZ")
        # A fraction of a second is in the reading and not in what SiliconWit's clients see of it.
        body = {"device_id": device_id, "access_token": token, "data": values, "timestamp": times[name][:-1] + ".750Z"}
        answer = api.post("/api/devices/ingest", json=body)
        assert answer.status_code == 200, answer.text
    return times


def _period() -> dict[str, str]:
    begin = datetime.now(UTC).replace(day=1)
    end = (begin + timedelta(days=31)).replace(day=1)
    return {"period_start": begin.strftime("%Y-%m-%dT00:00:00Z"), "period_end": end.strftime("%Y-%m-%dT00:00:00Z")}


def _await_counts(world: World) -> None:
    """The counts follow the log within a second or so."""
    assert eventually(lambda: world.get("/v1/account/usage").json()["data"]["telemetry"]["data_points_24h"] >= VALUES)
