"""Whatever dies or breaks: no acknowledged reading is lost, none is doubled, and no command is executed twice."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.agent_process import AgentFolder, Application, Relay, agent_in
from tests.support.agents import PairedDevice, pair, until
from tests.support.server import RunningServer, running_server, start_server

COUNT_RUNS = 'echo run >> "$(dirname "$0")/../runs"; sleep 0.4; cat'


def port_of(server: RunningServer) -> int:
    return int(server.base_url.rpartition(":")[2])


@contextmanager
def on_the_line(
    folder: Path, server: RunningServer, paired: PairedDevice, **settings: object
) -> Iterator[tuple[AgentFolder, Relay]]:
    """An agent that reaches the server through a relay, started."""
    relay = Relay(port_of(server))
    try:
        with agent_in(folder, token=paired.token, endpoint=f"ws://127.0.0.1:{relay.port}/ws", **settings) as agent:
            agent.start()
            yield agent, relay
    finally:
        relay.close()


def numbers(paired: PairedDevice) -> list[int]:
    return [row["n"] for row in paired.values()]


def test_a_network_that_is_cut_again_and_again_loses_and_doubles_nothing(
    server: RunningServer, paired: PairedDevice, tmp_path: Path
) -> None:
    with on_the_line(tmp_path / "agent", server, paired, telemetry__buffer_size=7) as (agent, relay):
        app = Application(agent)
        for number in range(600):
            app.send_reading({"n": number})
            if number % 60 == 59:
                relay.cut()
            time.sleep(0.004)
        until(lambda: len(numbers(paired)) >= 600, "every reading")
        app.close()
        assert numbers(paired) == list(range(600))
        assert relay.connections > 3


def connectivity(paired: PairedDevice) -> list[tuple[str, str]]:
    """Changes of the device's connectivity, oldest first."""
    rows = paired.api.get(f"{paired.path}/connectivity").raise_for_status().json()["data"]
    return [(row["connectivity"], row["reason"]) for row in reversed(rows)]


def let_the_observer_catch_up(api: httpx.Client) -> None:
    """Wait until it has seen a reading that arrives now, and so all before it."""
    made = api.post("/api/v2/devices", json={"name": "Later"}).raise_for_status().json()
    path, token = f"/api/v2/devices/{made['device']['id']}", {"Authorization": f"Bearer {made['access_token']}"}
    api.post(f"{path}/telemetry", json={"data": {"later": 1}}, headers=token).raise_for_status()
    until(lambda: api.get(path).json()["connectivity"] == "online", "the observer")


@pytest.mark.parametrize("known", [False, True])
def test_a_device_whose_agent_is_killed_goes_offline_and_stays_there(
    agent: AgentFolder, paired: PairedDevice, known: bool
) -> None:
    for killed in range(1, 4):
        agent.start()
        until(lambda: paired.api.get(paired.path).json()["connectivity"] == "online", "online")
        if known:  # also where it is written down
            until(lambda: len(connectivity(paired)) == 2 * killed - 1, "the change")  # noqa: B023  (it is called here)
        agent.kill()
        until(lambda: paired.connections() == ["connected", "disconnected"] * killed, "the records")  # noqa: B023
        until(lambda: len(connectivity(paired)) == 2 * killed, "offline")  # noqa: B023
        let_the_observer_catch_up(paired.api)
        assert connectivity(paired) == [("online", "connected"), ("offline", "lost")] * killed
        assert paired.api.get(paired.path).json()["connectivity"] == "offline"


def test_an_agent_that_is_stopped_says_goodbye_and_is_not_lost(agent: AgentFolder, paired: PairedDevice) -> None:
    for stopped in range(1, 3):
        agent.start()
        agent.wait_for_log("connected as", stopped)
        assert agent.stop() == 0
        until(lambda: paired.connections() == ["connected", "disconnected"] * stopped, "the records")  # noqa: B023
    agent.start()
    agent.wait_for_log("connected as", 3)
    agent.kill()
    until(lambda: ("offline", "lost") in connectivity(paired), "the loss")
    assert connectivity(paired) == [("online", "connected"), ("offline", "lost")], "a stop before was a loss"


def test_a_line_that_goes_silent_is_found_by_heartbeats(server: RunningServer, paired: PairedDevice, tmp_path: Path) -> None:
    with on_the_line(tmp_path / "agent", server, paired, connection__heartbeat_interval=0.4) as (agent, relay):
        agent.wait_for_log("connected as")
        relay.frozen = True
        agent.wait_for_log("the server is silent")
        relay.cut()
        relay.frozen = False
        agent.wait_for_log("connected as", times=2)


def test_an_agent_killed_while_it_sends_loses_and_doubles_nothing_it_had_spooled(
    server: RunningServer, paired: PairedDevice, tmp_path: Path
) -> None:
    sent = 0
    with on_the_line(tmp_path / "agent", server, paired, telemetry__buffer_size=1) as (agent, _):
        for _ in range(5):
            app = Application(agent)
            for _ in range(40):
                app.send_reading({"n": sent})
                sent += 1
            # With a buffer of one, a reading is on disk before the next line is read: this line is read after all of them.
            app.send({"signal": {"sdkclient": {"name": "app", "error": {"type": "mark", "msg": f"after {sent}"}}}})
            agent.wait_for_log(f"after {sent}")
            agent.kill()
            app.close()
            agent.start()
        until(lambda: len(numbers(paired)) >= sent, "every reading")
    assert numbers(paired) == list(range(sent))


def test_a_server_that_is_killed_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as first, first.client(first.orgs["Acme"]) as api:
        port, paired, server = port_of(first), pair(first, api), first
        with agent_in(
            tmp_path / "agent", token=paired.token, endpoint=f"ws://127.0.0.1:{port}/ws", telemetry__buffer_size=5
        ) as agent:
            agent.start()
            app = Application(agent)
            try:
                for number in range(450):
                    app.send_reading({"n": number})
                    time.sleep(0.001)
                    if number % 150 == 149:
                        end(server)
                        server = start_server(tmp_path / "data", port=port)
                until(lambda: len(numbers(paired)) >= 450, "every reading")
                assert numbers(paired) == list(range(450))
            finally:
                app.close()
                end(server)


def end(server: RunningServer) -> None:
    """Kill a server, and let go of its output."""
    server.kill()
    assert server.process.stdout is not None
    server.process.stdout.close()


def test_a_spool_that_is_full_drops_the_oldest_and_says_how_many(
    server: RunningServer, paired: PairedDevice, tmp_path: Path
) -> None:
    with on_the_line(tmp_path / "agent", server, paired, local__spool_max_mb=1, telemetry__buffer_size=10) as (agent, relay):
        agent.wait_for_log("connected as")
        relay.closed_to_new = True
        relay.cut()
        app = Application(agent)
        for number in range(300):
            app.send_reading({"n": number, "filling": "x" * 8_000})
        app.send({"signal": {"sdkclient": {"name": "app", "error": {"type": "mark", "msg": "after all"}}}})
        agent.wait_for_log("after all")
        time.sleep(0.2)  # the last flush
        relay.closed_to_new = False
        until(lambda: paired.values("agent"), "what was dropped")
        until(lambda: numbers(paired)[-1:] == [299], "the last reading")
        app.close()
        (dropped,) = [row["dropped_readings"] for row in paired.values("agent")]
        assert dropped > 100
        assert numbers(paired) == list(range(dropped, 300))


@pytest.mark.parametrize("cut", ["the network", "the agent"])
def test_no_command_is_executed_twice(server: RunningServer, paired: PairedDevice, tmp_path: Path, cut: str) -> None:
    with on_the_line(tmp_path / "agent", server, paired) as (agent, relay):
        agent.script("open_valve", COUNT_RUNS)
        agent.wait_for_log("connected as")
        definition_id = paired.define("open_valve", repeatable=True)
        execution_id = paired.execute(definition_id, seconds=1)
        runs = agent.folder / "runs"
        until(runs.exists, "the script")
        if cut == "the network":
            relay.cut()
        else:
            agent.kill()
            agent.start()
        until(lambda: paired.execution(execution_id)["state"] in ("done", "failed"), "the end")
        found = paired.execution(execution_id)
        assert runs.read_text() == "run\n"
        assert found["state"] == ("done" if cut == "the network" else "failed")
        assert cut == "the network" or found["error"] == "the agent stopped before the command ended"


def test_a_stopping_server_is_found_again(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as first:
        port = port_of(first)
        with first.client(first.orgs["Acme"]) as api:
            paired = pair(first, api)
            with agent_in(tmp_path / "agent", token=paired.token, endpoint=f"ws://127.0.0.1:{port}/ws") as agent:
                agent.start()
                agent.wait_for_log("connected as")
                assert first.stop() == 0
                agent.wait_for_log("1012")
                with socket.socket() as probe:
                    assert probe.connect_ex(("127.0.0.1", port)) != 0
                again = start_server(tmp_path / "data", port=port)
                try:
                    agent.wait_for_log("connected as", times=2)
                finally:
                    end(again)
