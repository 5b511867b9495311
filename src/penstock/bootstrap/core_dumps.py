"""Keeps the memory of this process, which contains keys, out of files and from other processes of the same user."""

from __future__ import annotations

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4
"""Source: prctl(2). A process that cannot be dumped cannot be attached to by another process without CAP_SYS_PTRACE either."""


def forbid_core_dumps() -> None:
    """Let no core dump be written of this process or its children, however they end."""
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    if sys.platform == "linux":
        # The limit alone does not count where the kernel hands dumps to a program (core_pattern with a pipe).
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
