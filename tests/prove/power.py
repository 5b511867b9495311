"""Mounting the forgetful file system, and cutting its power."""

from __future__ import annotations

import ctypes.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOUNT_S = 10.0


class LossyDisk:
    """A mounted forgetful file system. `path` is where programs see it, `disk` what survives a cut."""

    def __init__(self, disk: Path, path: Path, process: subprocess.Popen[str]) -> None:
        self.disk, self.path = disk, path
        self._process = process

    def cut(self, seed: int, keep: float) -> dict[str, int]:
        """Cut the power; how much was forgotten. `disk` then holds what a disk would."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"cut {seed} {keep}\n")
        self._process.stdin.flush()
        forgotten: dict[str, int] = json.loads(self._process.stdout.readline())
        return forgotten


@contextmanager
def lossy_disk(disk: Path) -> Iterator[LossyDisk]:
    """Mount a folder forgetfully for a while. Skips the test where that cannot be done, and says why."""
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        pytest.skip("/dev/fuse cannot be opened")
    if not ctypes.util.find_library("fuse3"):
        pytest.skip("libfuse is missing (Debian: apt-get install libfuse3-3, and fuse3 unless root)")
    path = disk.parent / f"{disk.name}-mounted"
    path.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "tests.prove.lossyfs", str(disk), str(path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        if process.stdout.readline() != "mounted\n":
            pytest.skip(f"the file system cannot be mounted: {process.stderr.read().strip()}")
        try:
            yield LossyDisk(disk, path, process)
        finally:
            _unmount(path)
            process.stdin.close()  # type: ignore[union-attr]
            process.wait(MOUNT_S)


def _unmount(path: Path) -> None:
    command = ["umount", "-l"] if os.geteuid() == 0 else ["fusermount3", "-u", "-z"]
    subprocess.run([*command, str(path)], check=True)
