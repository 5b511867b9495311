"""The agent's archive: what it holds, that every Python it promises runs it, and the vendor's paths after its installation."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tomllib
from importlib import metadata
from pathlib import Path

import httpx
import pytest
from packaging.specifiers import SpecifierSet

from penstock.adapters.agent_archive import LIBRARY, build_archive
from penstock.api.dialects.iottly.archive import installer_files
from tests.house.tree import ROOT
from tests.support.agent_process import AgentFolder
from tests.support.agents import PairedDevice, new_device, new_pair_code, until
from tests.support.server import RunningServer

SHA256 = "f7a866fbc1e97b5c617ee4116daaa09b722101d4a3c170c787450ba409f9736f"
VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13")
"""What agent/pyproject.toml promises; the newest is the newest that there is."""
UNIT = "penstock-agent.service"


def interpreter(version: str) -> str:
    """A Python of this version: on the path, or where pyenv puts it."""
    installed = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python3"))
    # pyenv's own first: what it puts on the path refuses the versions that are not selected.
    found = str(installed[-1]) if installed else shutil.which(f"python{version}")
    if found is None:
        pytest.skip(f"Python {version} is not installed")
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked archive."""
    place = tmp_path_factory.mktemp("archive")
    with tarfile.open(fileobj=io.BytesIO(build_archive("iottly.com-agent", installer_files()))) as archive:
        archive.extractall(place, filter="data")
    return place / "iottly.com-agent"


def clean(**more: str) -> dict[str, str]:
    """The environment without the developer's virtual environment, proxies and settings."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")} | more


def test_the_library_is_the_published_file() -> None:
    assert hashlib.sha256(LIBRARY.read_bytes()).hexdigest() == SHA256


def test_the_agent_accepts_the_library_of_the_archive_and_that_of_the_server_and_no_later_one() -> None:
    project = tomllib.loads((ROOT / "agent" / "pyproject.toml").read_text())["project"]
    (accepted,) = [SpecifierSet(one.removeprefix("websockets")) for one in project["dependencies"]]
    shipped, used = LIBRARY.name.split("-")[1], metadata.version("websockets")
    assert [accepted.contains(one) for one in (shipped, used, f"{int(used.split('.')[0]) + 1}.0")] == [True, True, False]


def test_equal_contents_are_equal_bytes_with_the_librarys_licence(folder: Path) -> None:
    assert build_archive("a", {}) == build_archive("a", {})
    assert "Redistribution and use" in (folder / "lib/websockets/LICENSE").read_text()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_agent_runs_on_every_python_that_it_promises(
    version: str, folder: Path, server: RunningServer, api: httpx.Client, tmp_path: Path
) -> None:
    python = interpreter(version)
    device = PairedDevice(new_device(api), "", api)
    agent = AgentFolder(tmp_path / "agent")
    agent.settings.pop("agent__token")
    agent.settings.pop("connection__endpoint")
    agent.write(telemetry__enabled="true", local__system_interval=0.1)
    agent.script("echo", "sleep 600 & cat")
    command = [str(folder / "bin" / "penstock-agent"), "--config", str(agent.file)]
    environment = clean(PYTHON=python)
    code = new_pair_code(api, device.id)
    provision = [*command, "provision", "--server", server.base_url, "--code", code]
    done = subprocess.run(provision, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    running = subprocess.Popen([*command, "start"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        until(lambda: any("uptime_s" in row["data"] for row in device.readings()), "its own values")
        execution_id = device.execute(device.define("echo"), seconds=30)
        until(lambda: device.execution(execution_id)["state"] == "done", "the end of a command")
        assert device.execution(execution_id)["result"] == {"seconds": 30}
        second = subprocess.run([*command, "start"], env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert (second.returncode, "another agent (process" in second.stderr) == (1, True)
        assert subprocess.run([*command, "reload"], env=environment, timeout=60, check=False).returncode == 0
        until(lambda: "settings loaded" in agent.log_file.read_text(), "the reload")
    finally:
        running.terminate()
        output, _ = running.communicate(timeout=60)
    assert running.returncode == 0, output
    until(lambda: device.connections()[-1:] == ["disconnected"], "the record of the end")
    changes = api.get(f"{device.path}/connectivity").json()["data"]
    assert "lost" not in [row["reason"] for row in changes], "a stop is no loss"
    assert "Traceback" not in agent.log_file.read_text() + output


def test_the_vendors_paths_and_names_lead_to_the_agent(
    folder: Path, server: RunningServer, api: httpx.Client, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    code = new_pair_code(api, new_device(api))
    step = [str(folder / "configure.sh"), "-c", code, "-rh", server.base_url, "--skip-human-check"]
    environment = clean(AGENT_ROOT=str(root), PYTHON=interpreter("3.11"))
    done = subprocess.run(step, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    program = root / "opt/iottly/bin/iottly-agent"
    told = subprocess.run([program, "--version"], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert told.stdout.startswith("penstock-agent 1."), told.stderr
    assert os.readlink(root / "usr/local/bin/iottly-agent") == "/opt/iottly/bin/iottly-agent"
    assert os.readlink(root / "etc/iottly/agent.conf") == "/etc/penstock-agent/agent.conf"
    units = root / "etc/systemd/system"
    assert os.readlink(units / "iottly-agent.service") == UNIT
    unit = (units / UNIT).read_text()
    assert "ExecStart=/opt/iottly/bin/iottly-agent start\n" in unit
    assert "Alias=iottly-agent.service\n" in unit


def test_the_unit_of_the_archive_is_the_agents_own_with_the_vendors_path() -> None:
    own, archived = ROOT / "agent" / "deploy" / UNIT, installer_files()[UNIT]
    assert archived.decode() == own.read_text().replace("/usr/bin/env penstock-agent", "/opt/iottly/bin/iottly-agent")
