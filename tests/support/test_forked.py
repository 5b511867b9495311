"""Forked processes behave as those of `subprocess`: output, exit status, signals, and waits from several threads."""

from __future__ import annotations

import signal
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from tests.support.forked import Forked, run_module, start_penstock
from tests.support.server import clean_environment, run_cli, start_server


def test_output_and_status_are_those_of_the_command() -> None:
    done = run_cli("no-such-command")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("penstock: Unknown command")
    assert run_cli("--version").stdout.strip()


def test_a_signal_is_a_negative_status(tmp_path: Path) -> None:
    server = start_server(tmp_path / "data")
    with server.process.stdout:  # type: ignore[union-attr]
        assert server.process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(0)
        server.process.kill()
        assert server.process.wait() == -signal.SIGKILL
        server.process.kill()  # of one that has ended: nothing


def test_several_threads_may_wait_for_one_process(tmp_path: Path) -> None:
    for turn in range(5):
        server = start_server(tmp_path / f"data{turn}")
        found: list[int] = []
        waiting = [threading.Thread(target=lambda one=server, all=found: all.append(one.process.wait())) for _ in range(4)]
        for thread in waiting:
            thread.start()
        server.kill()
        for thread in waiting:
            thread.join()
        assert found == [-signal.SIGKILL] * 4
        server.process.stdout.close()  # type: ignore[union-attr]


def test_what_python_reads_before_it_starts_needs_a_fresh_process(tmp_path: Path) -> None:
    with (tmp_path / "errors").open("w") as errors:
        plain = start_penstock(["--version"], clean_environment(), errors)
        fresh = start_penstock(["--version"], clean_environment({"PYTHONUTF8": "1", "PYTHONHASHSEED": "7"}), errors)
        assert isinstance(plain, Forked)
        assert isinstance(fresh, subprocess.Popen)
        for process in (plain, fresh):
            assert process.communicate()[0].strip()


def test_it_takes_a_standard_input_and_a_umask(tmp_path: Path) -> None:
    entered = b"{}" + b" " * 100_000  # more than a pipe holds at once
    for umask, mode in ((0, 0o666), (0o077, 0o600)):
        made = tmp_path / f"{umask}.json"
        with (tmp_path / "errors").open("w") as errors:
            process = Forked(["json.tool", "-", str(made)], clean_environment(), errors, entered=entered, umask=umask)
            assert (process.communicate()[0], process.wait()) == ("", 0)
        assert made.read_text() == "{}\n"
        assert stat.S_IMODE(made.stat().st_mode) == mode


def test_a_module_runs_as_a_program() -> None:
    assert run_module("platform", [], clean_environment()).stdout.startswith("Linux")
