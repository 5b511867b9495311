"""Looks at the data directory and its disk: for `penstock doctor`, and for the operator's page."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from penstock.adapters.storage.data_dir import TELEMETRY
from penstock.adapters.storage.sqlite.migrations import CONTROL_FILE
from penstock.core.system.models import Check, Day, Disk, Machine, Status

LOW_BYTES, LOW_SHARE = 1 << 30, 0.05
_SEGMENT = re.compile(r"(\d{4}-\d{2}-\d{2}).*\.db(-wal)?")


class DataDirProbe:
    """Implements `MachineProbe`."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir

    async def examine(self) -> Machine:
        return await asyncio.to_thread(self._examine)

    def _examine(self) -> Machine:
        return Machine(disk=disk(self._data_dir), checks=[*directory_checks(self._data_dir), space_check(self._data_dir)])


def disk(data_dir: Path) -> Disk:
    """The disk, and what uses it."""
    usage, days = shutil.disk_usage(data_dir), dict[str, int]()
    for path in sorted((data_dir / TELEMETRY).glob("*")):
        found = _SEGMENT.fullmatch(path.name)
        if found is not None:
            days[found[1]] = days.get(found[1], 0) + _size(path)
    control = sum(_size(path) for path in data_dir.glob(f"{CONTROL_FILE}*"))
    return Disk(total=usage.total, free=usage.free, control=control, days=[Day(*one) for one in sorted(days.items())])


def directory_checks(data_dir: Path) -> Iterator[Check]:
    """Whether the directory can be written, by its owner only."""
    writable = os.access(data_dir, os.R_OK | os.W_OK | os.X_OK)
    detail = f"{data_dir} is writable" if writable else f"{data_dir} is not writable for this user"
    if os.statvfs(data_dir).f_flag & os.ST_RDONLY:
        writable, detail = False, f"{data_dir} is on a file system that is mounted read-only; mount it writable to serve"
    yield Check("data directory", Status.OK if writable else Status.FAIL, detail)
    mode = data_dir.stat().st_mode & 0o777
    if mode & 0o077:
        yield Check("permissions", Status.WARN, f"other users can access it (mode {mode:03o}): chmod 700 {data_dir}")
    else:
        yield Check("permissions", Status.OK, f"only its owner can access it (mode {mode:03o})")


def space_check(data_dir: Path) -> Check:
    """Whether the disk has space left."""
    usage = shutil.disk_usage(data_dir)
    low = usage.free < LOW_BYTES or usage.free < LOW_SHARE * usage.total
    detail = f"{usage.free / 1e9:,.1f} GB free of {usage.total / 1e9:,.1f} GB"
    return Check("disk space", Status.WARN if low else Status.OK, detail)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:  # a running server removes files
        return 0
