"""Scripts for commands, and the device's own values."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

import pytest

from penstock_agent.handlers import Outcome, find_script, run_script
from penstock_agent.system import SystemProbe
from tests.support.waiting import CEILING_S, eventually


def script(folder: Path, body: str, name: str = "act") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


async def run(path: Path, parameters: dict[str, Any] | None = None, timeout_s: float = CEILING_S) -> tuple[Outcome, list[Any]]:
    told: list[Any] = []

    async def on_progress(progress: Any) -> None:
        told.append(progress)

    return await run_script(path, "cmd_1", parameters or {}, timeout_s, on_progress), told


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("cat", Outcome(True, {"n": 1})),
        ("true", Outcome(True)),
        ("echo warm; echo", Outcome(True, "warm")),
        ("echo '[1, 2]'", Outcome(True, [1, 2])),
        ("echo $PENSTOCK_COMMAND_ID", Outcome(True, "cmd_1")),
        ("echo half; exit 4", Outcome(False, "half", "the script ended with status 4")),
        ("echo why >&2; exit 1", Outcome(False, None, "why")),
        ("head -c 100000 /dev/zero | tr '\\0' x; echo; echo end", Outcome(True, "end")),
    ],
)
async def test_what_a_script_says_is_its_outcome(tmp_path: Path, body: str, outcome: Outcome) -> None:
    assert (await run(script(tmp_path, body), {"n": 1}))[0] == outcome


async def test_progress_is_told_as_it_comes(tmp_path: Path) -> None:
    body = 'echo "{\\"progress\\": 1}"; echo "{\\"progress\\": [2]}"; echo "{\\"progress\\": 3, \\"more\\": 4}"'
    outcome, told = await run(script(tmp_path, body))
    assert (told, outcome) == ([1, [2]], Outcome(True, {"progress": 3, "more": 4}))


async def test_a_script_that_takes_too_long_is_killed_with_what_it_started(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    for timeout_s in (0.5, 5, 50):
        outcome, _ = await run(script(tmp_path, f"sleep 600 & echo $! > {pid_file}; wait"), timeout_s=timeout_s)
        assert not outcome.ok
        if pid_file.exists():  # else the machine is slow, and it was killed before it had started anything
            break
    assert eventually(lambda: not Path(f"/proc/{pid_file.read_text().strip()}/fd").exists()), "what it started still runs"


@pytest.mark.parametrize("holds", ["", ">/dev/null", "2>/dev/null"], ids=["both", "its errors", "its output"])
@pytest.mark.parametrize("status", [0, 3])
async def test_a_process_in_the_background_that_holds_an_output_ends_with_its_script(
    tmp_path: Path, holds: str, status: int
) -> None:
    pid_file = tmp_path / "pid"
    body = f"sleep 600 {holds} & echo $! > {pid_file}; echo told; echo why >&2; exit {status}"
    assert (await run(script(tmp_path, body)))[0] == (Outcome(True, "told") if not status else Outcome(False, "told", "why"))
    assert eventually(lambda: not Path(f"/proc/{pid_file.read_text().strip()}/fd").exists()), "it still runs"


async def test_a_process_in_another_session_that_holds_an_output_delays_nothing(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    body = f"setsid sh -c 'echo $$ > {pid_file}; exec sleep 600' & while [ ! -s {pid_file} ]; do sleep 0.01; done; echo told"
    assert (await run(script(tmp_path, body)))[0] == Outcome(True, "told")
    os.kill(int(pid_file.read_text()), signal.SIGKILL)


async def test_a_process_in_the_background_without_the_outputs_goes_on(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    body = f"sleep 600 >/dev/null 2>&1 & echo $! > {pid_file}"
    assert (await run(script(tmp_path, body)))[0] == Outcome(True)
    os.kill(int(pid_file.read_text()), signal.SIGKILL)  # it is there to be killed


async def test_a_script_that_cannot_be_run_fails(tmp_path: Path) -> None:
    path = tmp_path / "act"
    path.write_text("#!/nowhere/at/all\n")
    path.chmod(0o755)
    outcome, _ = await run(path)
    assert outcome == Outcome(False, error="the script cannot be run: No such file or directory")


def test_a_name_never_leads_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "commands"
    (folder / "inner").mkdir(parents=True)
    script(tmp_path, "true", "outside")
    script(folder, "true", "act.v2")
    script(folder, "true", ".hidden")
    (folder / "plain").write_text("not to be run")
    assert find_script(folder, "act.v2") == folder / "act.v2"
    for name in ("../outside", "..", ".", "", ".hidden", "inner", "plain", "nothing", "a/b", "act.v2\n", "x" * 300, "act\x00"):
        assert find_script(folder, name) is None


def test_the_devices_own_values_are_what_the_kernel_says(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    thermal = tmp_path / "sys" / "class" / "thermal" / "thermal_zone0"
    thermal.mkdir(parents=True)
    (thermal / "temp").write_text("48250\n")
    (tmp_path / "proc" / "stat").write_text("cpu  100 0 100 700 100 0 0 0 0 0\ncpu0 1 2 3\n")
    probe = SystemProbe(tmp_path)
    (tmp_path / "proc" / "stat").write_text("cpu  150 0 150 1400 300 0 0 0 0 0\ncpu0 1 2 3\n")
    (tmp_path / "proc" / "meminfo").write_text("MemTotal:  1000 kB\nMemFree: 1 kB\nMemAvailable:  250 kB\n")
    found = probe.read()
    assert (found["cpu_percent"], found["memory_percent"], found["temperature_c"]) == (10.0, 75.0, 48.2)
    assert "uptime_s" not in found
    assert 0 < found["disk_percent"] < 100 or os.statvfs(tmp_path).f_blocks == 0


def test_a_kernel_that_says_nothing_leaves_only_the_disk(tmp_path: Path) -> None:
    assert SystemProbe(tmp_path).read().keys() <= {"disk_percent"}
