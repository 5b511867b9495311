"""`penstock get`: what a server has, for people and programs."""

from __future__ import annotations

import subprocess
from typing import Any

import msgspec
import pytest

from penstock.cli.get import NOUNS
from tests.cli.commands import create_device, refusal
from tests.support.server import Org, RunningServer, run_cli


@pytest.fixture(scope="module")
def readings(server: RunningServer, acme: Org) -> tuple[str, str]:
    """Two devices with three readings each."""
    with server.client(acme) as api:
        made = [create_device(api, f"Get {name}")[0] for name in ("first", "second")]
        for device in made:
            rows = [{"time": f"2026-05-02T09:0{n}:00Z", "data": {"n": n, "v": {"rms": n}}} for n in range(3)]
            assert api.post(f"/api/v2/devices/{device}/telemetry", json=rows).status_code == 201
    return made[0], made[1]


def run(server: RunningServer, org: Org, *args: str) -> subprocess.CompletedProcess[str]:
    return run_cli("get", *args, environment={"PENSTOCK_URL": server.base_url, "PENSTOCK_API_KEY": org.api_key})


def rows(server: RunningServer, org: Org, *args: str) -> list[Any]:
    done = run(server, org, *args, "--json")
    assert done.returncode == 0, done.stderr
    return [msgspec.json.decode(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("noun", [*NOUNS, "devices"])
def test_each_noun_is_a_table_or_lines_of_json(server: RunningServer, acme: Org, noun: str) -> None:
    shown = run(server, acme, noun)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Name" in shown.stdout
    listed = rows(server, acme, noun, "--limit", "1")
    assert len(listed) <= 1
    assert all("id" in one for one in listed)
    assert rows(server, acme, noun, "--query", "nothing has this name") == []


def test_one_thing_is_got_by_its_id(server: RunningServer, acme: Org) -> None:
    (found,) = rows(server, acme, "projects", acme.project_id)
    assert found["id"] == acme.project_id
    assert "was not found" in refusal(run(server, acme, "projects", "prj_0c2k9fq7w3m1x"))


def test_devices_are_listed_filtered_and_named(server: RunningServer, acme: Org, readings: tuple[str, str]) -> None:
    found = rows(server, acme, "devices", "--query", "Get ")
    assert {one["id"] for one in found} == set(readings)
    assert [one["id"] for one in rows(server, acme, "devices", readings[1], "Get first")] == [readings[1], readings[0]]
    assert rows(server, acme, "devices", "--label", "site:none", "--connectivity", "online", "--project", acme.project_id) == []
    keys = [one["key"] for one in rows(server, acme, "sensors", "Get first")]
    assert keys == ["n", "v.rms"]


def test_latest_readings_and_histories(server: RunningServer, acme: Org, readings: tuple[str, str]) -> None:
    found = rows(server, acme, "latest", *readings)
    assert [(one["device_id"], one["data"]["n"]) for one in found] == [(device, 2) for device in readings]
    assert {one["device_id"] for one in rows(server, acme, "latest")} >= set(readings)
    asked = ("history", readings[0], "--from", "2026-05-02T00:00:00Z", "--to", "2026-05-02T09:02:00Z")
    assert [one["data"]["n"] for one in rows(server, acme, *asked)] == [1, 0]
    assert [one["data"] for one in rows(server, acme, *asked, "--order", "asc", "--fields", "v.rms", "--limit", "1")] == [
        {"v.rms": 0}
    ]
    shown = run(server, acme, *asked).stdout
    assert "v.rms=1" in shown
    assert rows(server, acme, "history", readings[0], "--range", "1m") == []


def test_a_command_explains_itself(server: RunningServer, acme: Org) -> None:
    for args in ((), ("history",), ("rules",)):
        done = run(server, acme, *args, "--help")
        assert done.returncode == 0
        assert "penstock get" in done.stdout
