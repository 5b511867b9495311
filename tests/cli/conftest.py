"""A directory that a real server has filled, and its backup; tests work on copies."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from tests.support.server import Org, running_server

from .commands import fill, output


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Org]:
    """A stopped server's directory with three devices and 600 readings."""
    data_dir = tmp_path_factory.mktemp("filled") / "data"
    with running_server(data_dir) as server:
        org = server.orgs["Acme"]
        fill(server, org)
        assert server.stop() == 0
    return data_dir, org


@pytest.fixture(scope="session")
def archive(filled: tuple[Path, Org], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup. Read only."""
    file = tmp_path_factory.mktemp("archive") / "backup.tar"
    output("backup", str(file), "--data-dir", str(filled[0]))
    return file


@pytest.fixture
def data_dir(filled: tuple[Path, Org], tmp_path: Path) -> Path:
    """A copy of that directory to do harm to."""
    return Path(shutil.copytree(filled[0], tmp_path / "data"))


@pytest.fixture
def free_port(monkeypatch: pytest.MonkeyPatch) -> int:
    """A port that nobody has, as the setting: whoever runs the tests may have a server on the default one."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    monkeypatch.setenv("PENSTOCK_HTTP_PORT", str(port))
    monkeypatch.setenv("PENSTOCK_MQTT_PORT", "0")
    return port
