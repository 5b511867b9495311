"""The agent over long times and under wrong clocks (A1, A7), by libfaketime, and a reconnect storm of many agents (A4)."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from penstock_agent import wire
from penstock_agent.config import load
from penstock_agent.link import Link
from tests.support.agent_process import AgentFolder, Application, agent_in
from tests.support.agents import PairedDevice, pair, until
from tests.support.server import RunningServer, running_server, start_server

from .conftest import Note
from .servers import end
from .test_clock import LIBRARY, set_clock

pytestmark = pytest.mark.prove
needs_faketime = pytest.mark.skipif(not LIBRARY, reason="libfaketime is missing (Debian: apt-get install faketime)")
DAYS_3_S = 3 * 86_400
EACH_S = 10
SPEED = 4_320
"""Three days in a minute."""
CLOCKS = ["@1970-01-02 00:00:00", "@2038-01-19 03:14:05", "@2100-01-01 00:00:00", "+3d", "-3d", "+0"]
EACH = 100
AGENTS = 500
OUTAGE_S = 30


@contextmanager
def site(tmp_path: Path) -> Iterator[tuple[RunningServer, PairedDevice, int]]:
    """A server, a paired device and the server's port."""
    with running_server(tmp_path / "data") as server, server.client(server.orgs["Acme"]) as api:
        yield server, pair(server, api), int(server.base_url.rpartition(":")[2])


def agent_of(tmp_path: Path, paired: PairedDevice, port: int, **settings: Any) -> AbstractContextManager[AgentFolder]:
    return agent_in(tmp_path / "agent", token=paired.token, endpoint=f"ws://127.0.0.1:{port}/ws", **settings)


def delivered(paired: PairedDevice) -> list[int]:
    """The numbers of all readings that the server keeps, stored or set aside, in the order of their arrival."""
    rows = paired.readings()
    found = [(row["seq"], row["data"]["n"]) for row in rows if row["kind"] == "telemetry"]
    found += [(row["seq"], row["data"]["n"]) for row in all_quarantined(paired)]
    return [number for _, number in sorted(found)]


def all_quarantined(paired: PairedDevice) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    params = {"limit": "1000"}
    while True:
        page = paired.api.get(f"{paired.path}/telemetry/quarantined", params=params).raise_for_status().json()
        rows += page["data"]
        if not page.get("next_cursor"):
            return rows
        params |= {"cursor": page["next_cursor"]}


def faked(**more: str) -> dict[str, str]:
    return {"LD_PRELOAD": LIBRARY[0], "TZ": "UTC", "FAKETIME_FORCE_MONOTONIC_FIX": "0"} | more


@needs_faketime
@pytest.mark.parametrize("skew_days", [0, -365, 365])
def test_a_server_that_is_away_for_three_days(tmp_path: Path, note: Note, skew_days: int) -> None:
    """A1: a reading every ten seconds for three days of the agent's clock, which is right or a year off."""
    count = DAYS_3_S // EACH_S
    with site(tmp_path) as (server, paired, port), agent_of(tmp_path, paired, port) as agent:
        agent.write(connection__reconnect_interval=5, connection__reconnect_max=120)
        end(server)
        agent.start(faked(FAKETIME=f"{skew_days - 3:+d}d x{SPEED}"))
        produce(agent, count)
        assert agent.stop() == 0
        agent.write(connection__reconnect_interval=0.1, connection__reconnect_max=0.3)
        again = start_server(tmp_path / "data", port=port)
        try:
            agent.start(faked(FAKETIME=f"{skew_days:+d}d"))
            until(lambda: (delivered(paired) or [-1])[-1] == count - 1, "the last reading", within_s=120)
            assert delivered(paired) == list(range(count))
            times = sorted(row["time"] for row in [*paired.readings(), *all_quarantined(paired)] if "n" in row["data"])
            told = paired.values("agent")
            agent.stop()
        finally:
            end(again)
    span_s = (moment(times[-1]) - moment(times[0])) if skew_days <= 0 else DAYS_3_S
    assert 0.8 * DAYS_3_S < span_s < 1.3 * DAYS_3_S, "the clock did not run: the test is blind"
    days_told = [round(row["clock_ahead_s"] / 86_400) for row in told]
    assert days_told == ([skew_days] if skew_days else [])
    note(f"readings of three days, clock {skew_days:+d} d: delivered, twice", f"{count:,}, 0", "25,920, 0")


def produce(agent: AgentFolder, count: int) -> None:
    """One reading every ten seconds of the agent's clock."""
    app = Application(agent)
    began = time.monotonic()
    for number in range(count):
        app.send_reading({"n": number})
        ahead_s = number * EACH_S / SPEED - (time.monotonic() - began)
        if ahead_s > 0.01:
            time.sleep(ahead_s)
    app.send({"signal": {"sdkclient": {"name": "app", "error": {"type": "mark", "msg": "after all"}}}})
    agent.wait_for_log("after all")
    app.close()


def moment(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@needs_faketime
def test_a_clock_that_jumps(tmp_path: Path, note: Note) -> None:
    """A7: 1970, 2038, 2100 and three days forth and back, with readings after each jump."""
    file = tmp_path / "clock"
    set_clock(file, "+0")
    environment = faked(FAKETIME_TIMESTAMP_FILE=str(file), FAKETIME_NO_CACHE="1", FAKETIME_DONT_FAKE_MONOTONIC="1")
    with site(tmp_path) as (_, paired, port), agent_of(tmp_path, paired, port, connection__heartbeat_interval=0.3) as agent:
        agent.start(environment)
        agent.wait_for_log("connected as")
        app = Application(agent)
        for number, clock in enumerate(CLOCKS, 1):
            set_clock(file, clock)
            until(lambda n=number: len(paired.values("agent")) >= n, f"what is said of {clock}")  # type: ignore[misc]
            for reading in range((number - 1) * EACH, number * EACH):
                app.send_reading({"n": reading})
            until(lambda n=number: len(delivered(paired)) >= n * EACH, "every reading")  # type: ignore[misc]
        app.close()
        sent = len(CLOCKS) * EACH
        assert delivered(paired) == list(range(sent))
        told = [row["clock_ahead_s"] for row in paired.values("agent")]
    assert len(told) == len(CLOCKS)
    assert told[0] < -10 * 365 * 86_400 < 10 * 365 * 86_400 < told[2]
    assert abs(told[3] - DAYS_3_S) < 60
    assert abs(told[4] + DAYS_3_S) < 60
    assert abs(told[5]) < 60
    note("jumps of the agent's clock, readings, lost", f"{len(CLOCKS)}, {sent}, 0", "0 lost, each jump told")


class _Silent:
    """An outbox with nothing in it."""

    name = "5f1ee2c0a7714be3"

    def __init__(self) -> None:
        self.grew = asyncio.Event()

    async def read_after(self, seq: int) -> list[tuple[int, str]]:
        return []


class _Heard:
    """Notes when an agent was let in."""

    def __init__(self) -> None:
        self.let_in: list[float] = []

    async def connection_changed(self, connected: bool) -> None:
        if connected:
            self.let_in.append(time.monotonic())

    async def clock_seen(self, ahead_s: float) -> None:
        raise AssertionError(ahead_s)

    async def command_came(self, command: wire.Command) -> None:
        raise AssertionError(command)


def test_five_hundred_agents_and_a_server_that_restarts(tmp_path: Path, note: Note, caplog: pytest.LogCaptureFixture) -> None:
    """A4: they come back spread out, all of them, and the server answers none with a 5xx."""
    random.seed(41)
    caplog.set_level("WARNING", "penstock_agent")
    with running_server(tmp_path / "data") as server:
        port = int(server.base_url.rpartition(":")[2])
        with server.client(server.orgs["Acme"]) as api:
            tokens = [pair(server, api).token for _ in range(AGENTS)]
        heard = [_Heard() for _ in tokens]
        running: list[RunningServer] = [server]
        up = asyncio.run(_storm(tmp_path, port, tokens, heard, running, caplog))
        end(running[-1])
    back = [one.let_in[1] - up for one in heard]
    crowd = max(Counter(int(at) for at in back).values())
    note("agents back, most in one second, the last after", f"{len(back)}, {crowd}, {max(back):.0f} s", "500, <= 50, <= 240 s")
    assert crowd <= AGENTS // 10
    assert max(back) <= 2 * 120
    assert [line for line in caplog.messages if "answered 5" in line] == []


async def _storm(
    tmp_path: Path,
    port: int,
    tokens: list[str],
    heard: list[_Heard],
    running: list[RunningServer],
    caplog: pytest.LogCaptureFixture,
) -> float:
    """Connect them one after the other, take the server away, and wait until all are back; when it was there again."""
    config = load(None, {})
    tasks = []
    for token, one in zip(tokens, heard, strict=True):
        link = Link(
            config=lambda: config,
            token=token,
            endpoint=f"ws://127.0.0.1:{port}/ws",
            outbox=_Silent(),  # type: ignore[arg-type]
            listener=one,
            environment={},
            macaddress="",
        )
        tasks.append(asyncio.create_task(link.run()))
        await asyncio.sleep(0.02)  # an address may have 64 connections that have not proved anything
    try:
        await _wait_until(heard, 1, 60)
        await asyncio.to_thread(end, running[-1])
        await asyncio.sleep(OUTAGE_S)
        caplog.clear()
        running.append(await asyncio.to_thread(start_server, tmp_path / "data", port=port))
        up = time.monotonic()
        await _wait_until(heard, 2, 300)
        return up
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _wait_until(heard: list[_Heard], times: int, within_s: float) -> None:
    async with asyncio.timeout(within_s):
        while any(len(one.let_in) < times for one in heard):
            await asyncio.sleep(0.1)
