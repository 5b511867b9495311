"""What signals do to a server and to an agent, however they are started."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import pytest

from tests.support import agent_process
from tests.support.agent_process import AGENT, agent_in
from tests.support.server import PENSTOCK, start_server
from tests.support.waiting import CEILING_S, eventually

HARMLESS = (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
SCRIPT, AGENT_SCRIPT = ([str(Path(sys.executable).with_name(name))] for name in ("penstock", "penstock-agent"))


@pytest.mark.parametrize("program", [PENSTOCK, SCRIPT, None], ids=["module", "script", "forked"])
def test_harmless_signals_are_a_line_in_the_log(tmp_path: Path, program: list[str] | None) -> None:
    server = start_server(tmp_path / "data", program=program)
    for number in HARMLESS:
        server.process.send_signal(number)
        assert eventually(lambda name=number.name: f'"{name}"' in server.log()), number  # type: ignore[misc]
    assert server.log().count('"signal_ignored"') == len(HARMLESS)
    assert httpx.get(f"{server.base_url}/ready").status_code == 200
    assert server.stop() == 0
    assert server.process.stdout is not None
    server.process.stdout.close()


def test_a_signal_during_the_start_does_not_end_it(tmp_path: Path) -> None:
    """From the moment at which the command runs: the first thing that it makes is its directory."""
    command = [*PENSTOCK, "serve", "--data-dir", str(tmp_path / "data"), "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert eventually((tmp_path / "data").exists)
        for number in HARMLESS:
            process.send_signal(number)
        assert process.stdout is not None
        assert "is listening on" in process.stdout.readline()
        process.terminate()
        assert process.wait(CEILING_S) == 0


@pytest.mark.parametrize("program", [AGENT, AGENT_SCRIPT], ids=["module", "script"])
def test_an_agent_ignores_them_too(program: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent_process, "AGENT", program)
    # Not pytest's folder, whose path can be too long for a socket.
    with tempfile.TemporaryDirectory() as folder, agent_in(Path(folder), token="unused") as agent:
        agent.start({"PENSTOCK_AGENT_LOG_LEVEL": "info", "IOTTLY_AGENT_LOG_LEVEL": "info"})
        assert agent.process is not None
        agent.process.send_signal(signal.SIGHUP)
        agent.wait_for_log("settings loaded")
        for number in (signal.SIGUSR1, signal.SIGUSR2):
            agent.process.send_signal(number)
            agent.wait_for_log(f"signal {number.name} is ignored")
        assert agent.stop() == 0
