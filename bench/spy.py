"""Profiles of the server while a figure is measured, by py-spy if it is installed. No figure requires it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

RATE_HZ = 200
TOP = 25
WAITING = ("_worker (concurrent/futures/thread.py", "_gather (penstock/adapters/storage/")


class NotInstalled(Exception):
    """py-spy is not installed: `.venv/bin/pip install py-spy` installs it."""


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
        """The paths of the profiles, each with the functions that used most of the time."""
        lines = []
        for process, path in self._running:
            process.wait(timeout=60)
            lines += ["", f"profile: {path} (collapsed stacks, for speedscope or flamegraph.pl)", *_top(path)]
        return lines


def _top(path: Path) -> list[str]:
    """For each thread the functions that used most of the time; shares are of all samples in which a thread was active."""
    samples = [sample for line in path.read_text().splitlines() if (sample := _sample(line))]
    total = sum(count for _, _, count in samples) or 1
    lines = []
    for thread in sorted({thread for thread, _, _ in samples}):
        own: Counter[str] = Counter()
        below: Counter[str] = Counter()
        for _, frames, count in (sample for sample in samples if sample[0] == thread):
            own[frames[-1]] += count
            for frame in set(frames):
                below[frame] += count
        if own.total() < total / 100:
            continue
        lines += [f"{thread}: {own.total() / total:.0%}", "     own  with callees"]
        lines += [f"  {own[frame] / total:6.1%}  {below[frame] / total:6.1%}  {frame}" for frame, _ in own.most_common(TOP)]
    return lines


def _sample(line: str) -> tuple[str, list[str], int] | None:
    """Thread, functions from the outermost in, and count; None for a waiting thread, which py-spy counts as active."""
    stack, _, count = line.rpartition(" ")
    thread, *frames = stack.split(";")
    if not frames or any(waiting in frames[-1] for waiting in WAITING):
        return None
    name = thread.partition(": ")[2].rstrip("0123456789-_")
    return name, [frame.rpartition(":")[0] + ")" if ":" in frame else frame for frame in frames], int(count)
