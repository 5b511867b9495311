"""What the agent promises of itself: its pace, its memory, and that killing it again and again loses and doubles nothing."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.agent_process import AgentFolder, Application, agent_in
from tests.support.agents import PairedDevice, pair, until
from tests.support.server import RunningServer, running_server

pytestmark = pytest.mark.prove

READINGS = 20_000
PER_SECOND = 1_000
MAX_RSS_BYTES = 40 * 1_048_576
KILLS = 30


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path / "data") as server:
        yield server


@pytest.fixture
def api(running: RunningServer) -> Iterator[httpx.Client]:
    with running.client(running.orgs["Acme"]) as client:
        yield client


@pytest.fixture
def paired(running: RunningServer, api: httpx.Client) -> PairedDevice:
    return pair(running, api)


@pytest.fixture
def agent(tmp_path: Path, running: RunningServer, paired: PairedDevice) -> Iterator[AgentFolder]:
    endpoint = running.base_url.replace("http", "ws", 1) + "/ws"
    settings = {"telemetry__buffer_size": 100, "telemetry__flush_interval_ms": 1000}
    with agent_in(tmp_path / "agent", token=paired.token, endpoint=endpoint, **settings) as found:
        yield found


def last_number(paired: PairedDevice) -> int:
    latest = paired.api.get(f"{paired.path}/telemetry/latest").raise_for_status().json()["data"]
    return latest["data"]["n"] if latest else -1


def test_a_thousand_readings_a_second_in_forty_megabytes(agent: AgentFolder, paired: PairedDevice) -> None:
    agent.start()
    app = Application(agent)
    began = time.monotonic()
    for number in range(READINGS):
        app.send_reading({"n": number, "temperature": 21.5, "door": False})
    until(lambda: last_number(paired) == READINGS - 1, "the last reading")
    took_s = time.monotonic() - began
    app.close()
    assert READINGS / took_s > PER_SECOND
    assert agent.rss_bytes() < MAX_RSS_BYTES
    assert [row["n"] for row in paired.values()] == list(range(READINGS))
    print(f"{READINGS / took_s:.0f} readings/s, {agent.rss_bytes() / 1_048_576:.1f} MB")  # noqa: T201


def test_an_agent_killed_at_any_moment_doubles_nothing_and_keeps_its_order(agent: AgentFolder, paired: PairedDevice) -> None:
    chance = random.Random(41)
    agent.write(telemetry__buffer_size=1)
    sent = 0
    kept = []
    for _ in range(KILLS):
        agent.start()
        app = Application(agent)
        until_s = time.monotonic() + chance.uniform(0.05, 0.4)
        while time.monotonic() < until_s:
            app.send_reading({"n": sent})
            sent += 1
            time.sleep(0.001)
        kept.append(sent)
        agent.kill()
        app.close()
    agent.start()
    app = Application(agent)
    app.send_reading({"n": sent})
    until(lambda: last_number(paired) == sent, "the last reading")
    app.close()
    stored = [row["n"] for row in paired.values()]
    assert stored == sorted(set(stored))
    # What the agent had not read from its socket when it was killed is the application's to repeat: the end of each run only.
    missing = set(range(sent)) - set(stored)
    assert all(any(end - 400 <= number < end for end in kept) for number in missing)
