"""A device whose clock is wrong: nothing is dropped, order is by number, and people are told."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from websockets.sync.server import ServerConnection, serve

from penstock_agent import wire
from penstock_agent.backoff import Backoff
from tests.support.agent_process import agent_in
from tests.support.agents import PairedDevice, RawAgent, until
from tests.support.server import RunningServer
from tests.support.waiting import CEILING_S

YEAR_S = 365 * 86_400
TIMES = (
    "1970-01-01T00:00:00.000Z",
    "2038-01-19T03:14:07.000Z",
    "2038-01-19T03:14:08.000Z",
    "2100-01-01T00:00:00.000Z",
    "0001-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
    None,
)


def test_no_time_makes_a_reading_be_dropped(server: RunningServer, paired: PairedDevice) -> None:
    """What lies in the future, or in no year that a log has, is set aside, and everything else stored; nothing is dropped."""
    agent = RawAgent(server, token=paired.token)
    agent.greet()
    rows = []
    for number, moment in enumerate(TIMES * 3, 1):
        row = {"seq": number, "payload": {"n": number}}
        rows.append(row if moment is None else row | {"devicetimestamp": moment})
    agent.send({"data": rows})
    done = agent.acknowledged()
    assert done["seq"] == len(rows)
    no_times = [row["seq"] for row in rows if row.get("devicetimestamp", "2026")[:4] in ("2100", "0001", "9999")]
    assert [one["seq"] for one in done["refused"]] == no_times
    agent.close()
    stored = [row["n"] for row in paired.values()]
    kept = [row["data"] for row in paired.quarantined()]
    aside = [(json.loads(one["payload"]) if "reason" in one else one)["n"] for one in kept]
    assert sorted(stored + aside) == list(range(1, len(rows) + 1))
    assert stored == sorted(stored)
    assert {*no_times} <= {*aside}


@contextmanager
def server_whose_clock_is(ahead_s: float, frames: list[str]) -> Iterator[str]:
    """A server that welcomes agents with a time of its own, and keeps what they say; its address."""

    def handle(socket: ServerConnection) -> None:
        socket.recv()
        socket.send(wire.welcome("dev_0c2k9fq7w3m1x", time.time() + ahead_s))
        for text in socket:
            assert isinstance(text, str)
            frames.append(text)
            said = json.loads(text)
            if "data" in said:
                socket.send(wire.ack(wire.Ack(said["data"][-1]["seq"])))

    with serve(handle, "127.0.0.1", 0, subprotocols=[wire.SUBPROTOCOL]) as running:  # type: ignore[list-item]
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"ws://127.0.0.1:{running.socket.getsockname()[1]}/ws"
        finally:
            running.shutdown()
            thread.join(CEILING_S)


@pytest.mark.parametrize("ahead_s", [YEAR_S, -YEAR_S])
def test_a_clock_that_is_a_year_off_is_told(tmp_path: Path, ahead_s: int) -> None:
    frames: list[str] = []

    def told() -> list[dict[str, Any]]:
        return [row for text in frames for row in json.loads(text).get("data", []) if row.get("kind") == "agent"]

    with server_whose_clock_is(ahead_s, frames) as endpoint, agent_in(tmp_path / "agent", token="t", endpoint=endpoint) as agent:
        agent.start()
        [row] = until(told, "what is said of the clock")
        assert "devicetimestamp" not in row  # the device's own is what is wrong
        assert abs(row["payload"]["clock_ahead_s"] + ahead_s) < 60
        agent.wait_for_log("behind" if ahead_s > 0 else "ahead")


def test_a_clock_that_is_right_is_not_told(tmp_path: Path) -> None:
    frames: list[str] = []
    with (
        server_whose_clock_is(20, frames) as endpoint,
        agent_in(tmp_path / "agent", token="t", endpoint=endpoint, connection__heartbeat_interval=0.1) as agent,
    ):
        agent.start()
        until(lambda: sum("heartbeat" in text for text in frames) > 2, "heartbeats")
    assert not any("clock" in text for text in frames)


@pytest.mark.parametrize("outage_s", [12, 20, 60, 300, 3_600])
def test_agents_that_lost_a_server_together_do_not_come_back_together(outage_s: int) -> None:
    """A4 by calculation, for five thousand agents: their tries, second by second, and how long the last one takes."""
    chance = Random(41)
    agents, back = 5_000, []
    for _ in range(agents):
        backoff, now_s = Backoff(chance.random), 0.0
        while now_s < outage_s:
            now_s += backoff.next_s(5, 120)
        back.append(now_s)
    crowd = max(Counter(int(at) for at in back).values())
    assert crowd <= agents // 10
    assert max(back) - outage_s <= 2 * 120
