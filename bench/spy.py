"""Profiles of the server while a figure is measured, by py-spy if it is installed. No figure needs it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

RATE_HZ = 250
TOP = 25


class NotInstalled(Exception):
    """py-spy is not there: `.venv/bin/pip install py-spy` brings it."""


class Spy:
    """Starts one recorder per measured stretch; `report` waits for them."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which("py-spy")
        if found is None:
            raise NotInstalled(NotInstalled.__doc__)
        self._command = found
        self._folder = folder
        self._running: list[tuple[subprocess.Popen[bytes], Path]] = []

    def record(self, pid: int, seconds: float) -> None:
        """Record the stacks of a process from now on."""
        path = self._folder / f"profile-{len(self._running)}.txt"
        options = ["--pid", str(pid), "--duration", str(max(round(seconds) - 1, 1)), "--rate", str(RATE_HZ)]
        process = subprocess.Popen(
            [self._command, "record", *options, "--format", "raw", "--threads", "--output", str(path)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._running.append((process, path))

    def report(self) -> list[str]:
        """Where the profiles are, each with the functions that took most."""
        lines = []
        for process, path in self._running:
            process.wait(timeout=60)
            lines += ["", f"profile: {path} (collapsed stacks; speedscope and flamegraph.pl read it)", *_top(path)]
        return lines


def _top(path: Path) -> list[str]:
    own: Counter[str] = Counter()
    below: Counter[str] = Counter()
    for line in path.read_text().splitlines():
        stack, _, count = line.rpartition(" ")
        frames = [frame for frame in stack.split(";") if not frame.startswith("thread ")]
        if not frames:
            continue
        own[frames[-1]] += int(count)
        for frame in set(frames):
            below[frame] += int(count)
    total = own.total() or 1
    lines = ["  own    with callees   frame"]
    return lines + [
        f"  {own[frame] / total:5.1%}  {below[frame] / total:5.1%}   {frame}" for frame, _ in own.most_common(TOP)
    ]
