"""A test that fails shows what the servers logged while it ran."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tests.support import server_logs


class Server:
    def __init__(self, log_path: Path) -> None:
        self.log_path = log_path
        self.running = True

    def runs(self) -> bool:
        return self.running

    def write(self, text: str) -> None:
        with self.log_path.open("a") as log:
            log.write(text)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setattr(server_logs, "_servers", {})
    monkeypatch.setattr(server_logs, "_before", {})
    return Server(tmp_path / "a.log")


def texts() -> list[str]:
    return [text for _, text in server_logs.written()]


def test_only_what_was_written_during_a_test_is_shown(server: Server, tmp_path: Path) -> None:
    server_logs.follow(server)
    assert texts() == [], "there is no file yet"
    server.write("before\n")
    assert texts() == ["before\n"], "a server that the test itself has started"
    server_logs.begin()
    assert texts() == []
    server.write("during\n")
    assert texts() == ["during\n"]
    assert server_logs.written()[0][0].endswith(str(tmp_path / "a.log"))
    server.running = False
    assert texts() == ["during\n"], "it has ended in the test"
    server_logs.begin()
    server.write("by no one\n")
    assert texts() == []


def test_of_a_long_log_the_end_is_shown(server: Server) -> None:
    server_logs.follow(server)
    server.write("x" * server_logs.MAX_SHOWN + "the end")
    assert len(texts()[0]) == server_logs.MAX_SHOWN
    assert texts()[0].endswith("xthe end")


FAILING = """
def test_it(tmp_path):
    from tests.support.server import start_server
    server = start_server(tmp_path / "data")
    with server.log_path.open("a") as log:
        print("what the server said", file=log)
    server.kill()
    server.process.stdout.close()
    assert False, "on purpose"
"""


@pytest.mark.parametrize("split", [[], ["-n", "1"]], ids=["one process", "workers"])
def test_the_report_of_a_failure_has_it(split: list[str], tmp_path: Path) -> None:
    (tmp_path / "test_failing.py").write_text(FAILING)
    options = ["-q", "-p", "no:cacheprovider", "-p", "tests.conftest", "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml")]
    command = [sys.executable, "-m", "pytest", *options, *split, str(tmp_path / "test_failing.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    assert "on purpose" in done.stdout
    assert "log of the server at" in done.stdout
    assert "what the server said" in done.stdout
