"""`kill -9` of server or device while commands go down by MQTT: none is executed twice, none is lost without a word."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from tests.support.server import RunningServer, clean_environment
from tests.support.waiting import eventually

from .conftest import Note
from .servers import end, working
from .site import Site

NAMES = ("once", "again")
EACH_TIME = 6


def start_device(server: RunningServer, site: Site, notebook: Path) -> subprocess.Popen[bytes]:
    about = [str(server.mqtt_port), site.device.id, site.device.token, str(notebook)]
    command = [sys.executable, "-m", "tests.prove.commanded_mqtt", *about]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, env=clean_environment())


def define(site: Site) -> dict[str, str]:
    """Two commands of the device, of which one can be done twice: paths by which they are asked for."""
    server = working(site.data_dir)
    path = f"/api/v2/devices/{site.device.id}/commands"
    with server.client(site.org) as api:
        made = {name: api.post(path, json={"name": name, "repeatable": name == "again"}) for name in NAMES}
        paths = {name: f"{path}/{answer.raise_for_status().json()['id']}/execute" for name, answer in made.items()}
    end(server)
    return paths


def ask(api: httpx.Client, paths: dict[str, str]) -> None:
    for name in NAMES:
        for _ in range(EACH_TIME):
            api.post(paths[name], json={"expires_in_s": 3600}).raise_for_status()


def executions(api: httpx.Client) -> list[dict[str, str]]:
    """All that was asked for, in one look: an execution that goes on between two looks would be in both or in neither."""
    found = api.get("/api/v2/command-executions", params={"limit": 1000}).raise_for_status().json()
    return list(found["data"])


def under_way(api: httpx.Client) -> list[dict[str, str]]:
    """What has not ended and can still be done: queued, or repeatable and without its answer."""
    return [one for one in executions(api) if one["state"] == "queued" or (one["name"], one["state"]) == ("again", "sent")]


@pytest.mark.parametrize("kills", [2, pytest.param(60, marks=pytest.mark.prove)])
def test_killed_in_the_middle_of_commands_none_is_executed_twice(
    site: Site, tmp_path: Path, chance: random.Random, note: Note, kills: int
) -> None:
    paths, notebook = define(site), tmp_path / "executed"
    for number in range(kills):
        server = working(site.data_dir)
        device = start_device(server, site, notebook)
        with server.client(site.org) as api:
            if number % 3 == 0:
                time.sleep(0.5)  # the device is there before it is asked
            ask(api, paths)
            time.sleep(chance.uniform(0.0, 0.6))
            kill = device.kill if number % 2 else server.kill
            kill()
            time.sleep(0.1)  # the one that is left sees the other go
        device.kill()
        device.wait()
        end(server, hard=server.process.poll() is None)
    server = working(site.data_dir)
    device = start_device(server, site, notebook)
    try:
        with server.client(site.org) as api:
            assert eventually(lambda: not under_way(api)), under_way(api)
            everything = executions(api)
    finally:
        device.kill()
        device.wait()
    assert end(server) == 0
    times = Counter(line.split()[0] for line in notebook.read_text().splitlines())
    assert {one["state"] for one in everything} <= {"sent", "received", "done"}
    assert len({one["id"] for one in everything}) == len(everything) == kills * EACH_TIME * len(NAMES), "each was asked for once"
    assert {one["id"] for one in everything if one["name"] == "once" and times[one["id"]] > 1} == set(), "executed twice"
    assert {one["id"] for one in everything if one["state"] != "sent" and not times[one["id"]]} == set()
    assert {one["id"] for one in everything if one["name"] == "again" and not times[one["id"]]} == set(), "lost"
    unsure = sum(one["name"] == "once" and not times[one["id"]] for one in everything)
    note("MQTT: kills, commands, executed twice, left unsure", f"{kills}, {len(everything)}, 0, {unsure}", "0 twice")
