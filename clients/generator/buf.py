"""Runs buf, which compiles and judges the contract of gRPC. It comes with the development packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("buf")


def buf(*words: str) -> subprocess.CompletedProcess[bytes]:
    """Run it. What it found is in its output, with a return code other than 0."""
    return subprocess.run([str(PROGRAM), *words], capture_output=True, check=False)  # noqa: S603  # our own files


def told(done: subprocess.CompletedProcess[bytes]) -> str:
    """What a program said, about what it judged and about itself."""
    return (done.stderr + done.stdout).decode("utf-8", "replace").strip()
