"""Pairing survives a kill at every step: the device can be paired again with the same code, or is paired."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx

from tests.support.agent_process import agent_environment, run_agent
from tests.support.agents import new_device, new_pair_code
from tests.support.server import Org, RunningServer

PROGRAM = Path(__file__).with_name("killed_at_each_line.py")


def test_a_kill_at_any_line_costs_no_pair_code(server: RunningServer, acme: Org, api: httpx.Client, tmp_path: Path) -> None:
    device = f"/api/v2/devices/{new_device(api)}"
    arguments = [server.base_url, json.dumps(acme.headers()), device, str(tmp_path)]
    command = [sys.executable, str(PROGRAM), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, env=agent_environment(), check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.splitlines()[-1]) > 40, "it was killed at every line of pairing"


def test_a_code_is_used_when_the_agent_has_its_token(server: RunningServer, api: httpx.Client, tmp_path: Path) -> None:
    code = new_pair_code(api, new_device(api))
    known = ("--server", server.base_url, "--code", code)
    first, second = tmp_path / "first.conf", tmp_path / "second.conf"
    assert run_agent("provision", "--config", str(first), *known).returncode == 0
    assert run_agent("provision", "--config", str(second), *known).returncode == 1
    assert [file.name for file in tmp_path.iterdir() if "first" in file.name] == ["first.conf"], "nothing is left beside it"
