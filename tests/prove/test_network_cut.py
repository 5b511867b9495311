"""The network is gone for minutes, with packets swallowed and no word: readings and commands, by agent and by MQTT."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.agent_process import Application, Relay, agent_in
from tests.support.agents import PairedDevice, pair, until
from tests.support.server import running_server, start_server

from .conftest import Note
from .mqtt_writers import mqtt_fleet
from .servers import end, working
from .site import Site
from .stored import check_stored
from .writers import more_acknowledged, repeat_unsure

COUNT_RUNS = 'echo run >> "$(dirname "$0")/../$PENSTOCK_COMMAND_ID.runs"; cat'
MINUTES_S = 150.0
KILLS = 30


@pytest.mark.prove
def test_an_agent_whose_network_swallows_everything(tmp_path: Path, note: Note) -> None:
    """Silence is found, tries go into nothing, and afterwards every reading is there once and each command was done once."""
    with running_server(tmp_path / "data") as server, server.client(server.orgs["Acme"]) as api:
        paired, relay = pair(server, api), Relay(int(server.base_url.rpartition(":")[2]))
        endpoint = f"ws://127.0.0.1:{relay.port}/ws"
        with agent_in(tmp_path / "agent", token=paired.token, endpoint=endpoint, connection__heartbeat_interval=0.5) as agent:
            agent.script("count", COUNT_RUNS)
            agent.start()
            command = paired.define("count", repeatable=True, timeout_s=3600)
            with closing(Application(agent)) as app:
                sent, asked = work_through_a_cut(paired, app, relay, command, MINUTES_S)
                until(lambda: len(paired.values()) >= sent, "every reading")
            until(lambda: all(paired.execution(one)["state"] == "done" for one in asked), "every command", within_s=120)
            assert [row["n"] for row in paired.values()] == list(range(sent))
            assert [(agent.folder / f"{one}.runs").read_text() for one in asked] == ["run\n"] * len(asked)
        relay.close()
    note(f"{MINUTES_S} s without network: readings lost, twice; commands done twice", "0, 0; 0", "0")


def work_through_a_cut(paired: PairedDevice, app: Application, relay: Relay, command: str, cut_s: float) -> tuple[int, list[str]]:
    """Send readings and ask for commands while the network goes and comes back; how many, and which."""
    asked, sent, began = [], 0, time.monotonic()
    while (now_s := time.monotonic() - began) < cut_s + 2:
        relay.frozen = 1 < now_s < cut_s + 1
        app.send_reading({"n": sent})
        sent += 1
        if sent % 60 == 1:
            asked.append(paired.execute(command, seconds=1))
        time.sleep(0.05)
    relay.frozen = False
    relay.cut()  # what lay in the line is gone, as after a cut of minutes
    return sent, asked


@pytest.mark.parametrize("cut_s", [2, pytest.param(MINUTES_S, marks=pytest.mark.prove)])
def test_mqtt_devices_whose_network_swallows_everything(site: Site, note: Note, cut_s: float) -> None:
    """Devices that give up, connect anew and repeat what they got no answer for lose and double nothing."""
    writers = mqtt_fleet(site.devices["Acme"])
    server = working(site.data_dir)
    relay = Relay(server.mqtt_port)
    for writer in writers:
        writer.port = relay.port

    async def load() -> None:
        stop = asyncio.Event()
        before = [asyncio.create_task(writer.run(server.base_url, stop)) for writer in writers]
        await more_acknowledged(writers, 10)
        relay.frozen = True
        await asyncio.sleep(min(cut_s, 20))  # then devices give up, and their network goes on swallowing
        relay.closed_to_new = True
        relay.cut()
        await asyncio.gather(*before)
        await asyncio.sleep(max(0, cut_s - 20))
        relay.frozen = relay.closed_to_new = False
        after = [asyncio.create_task(writer.run(server.base_url, stop)) for writer in writers]
        await more_acknowledged(writers, 10)
        stop.set()
        await asyncio.gather(*after)

    asyncio.run(load())
    relay.close()
    for writer in writers:
        writer.port = server.mqtt_port
    repeat_unsure(writers, server.base_url)  # type: ignore[arg-type]
    stored = check_stored(site.data_dir, writers)  # type: ignore[arg-type]
    assert end(server) == 0
    note(f"MQTT, {cut_s} s without network: lost, twice", f"0, 0 of {stored:,} stored", "0, 0")


@pytest.mark.prove
def test_a_server_killed_while_agents_work(tmp_path: Path, note: Note) -> None:
    """Readings and commands through one kill -9 after another."""
    chance = random.Random(41)
    with running_server(tmp_path / "data") as first, first.client(first.orgs["Acme"]) as api:
        port, paired, server = int(first.base_url.rpartition(":")[2]), pair(first, api), first
        endpoint = f"ws://127.0.0.1:{port}/ws"
        with agent_in(tmp_path / "agent", token=paired.token, endpoint=endpoint, telemetry__buffer_size=5) as agent:
            agent.script("count", COUNT_RUNS)
            agent.start()
            app = Application(agent)
            command = paired.define("count", repeatable=True, timeout_s=3600)
            asked, sent = [], 0
            try:
                for _ in range(KILLS):
                    asked += [paired.execute(command, seconds=1) for _ in range(3)]
                    until_s = time.monotonic() + chance.uniform(0.05, 0.6)
                    while time.monotonic() < until_s:
                        app.send_reading({"n": sent})
                        sent += 1
                        time.sleep(0.002)
                    end(server, hard=True)
                    server = start_server(tmp_path / "data", port=port)
                until(lambda: len(paired.values()) >= sent, "every reading")
                until(lambda: all(paired.execution(one)["state"] == "done" for one in asked), "every command", within_s=120)
                assert [row["n"] for row in paired.values()] == list(range(sent))
                assert [(agent.folder / f"{one}.runs").read_text() for one in asked] == ["run\n"] * len(asked)
            finally:
                app.close()
                end(server, hard=True)
    note("server killed under agents: kills; readings lost, twice; commands done twice", f"{KILLS}; 0, 0; 0", "0")
