"""The disk of the data directory: whether it is full, and a reserve with which a server starts and stops on a full one.

Theory of operation. SQLite cannot open a database without room for a few pages next to it. A file keeps that room occupied
while there is enough; a start or a stop on a full disk sets it free. Without the reserve, or with little room in addition, the
disk counts as full: readings are rejected before the last room is gone, and everything stored can still be read. When there is
room again the reserve is occupied again, and readings are accepted.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

import structlog

RESERVE_FILE = "reserve"
RESERVE_BYTES = 1 << 20
LEAST_BYTES = 512 << 10
"""What must be free in addition to the reserve."""
_FULL = (errno.ENOSPC, errno.EDQUOT)
_log = structlog.get_logger()


class Disk:
    """The disk. `full` is what the last check found."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._path = directory / RESERVE_FILE
        self.full = False

    def check(self) -> bool:
        """Check whether it is full now, and occupy the reserve if there is room. A change is logged."""
        free_bytes = self._free_bytes()
        # More than `LEAST_BYTES` until it counts as free again: otherwise it would be full and free in turn.
        needed = LEAST_BYTES * (2 if self.full else 1)
        held = self._is_held() or (free_bytes >= RESERVE_BYTES + needed and self._hold())
        full = not held or self._free_bytes() < needed
        if full != self.full:
            self.full = full
            if full:
                _log.error("disk_full", free_bytes=free_bytes, directory=str(self._directory))
            else:
                _log.info("disk_full_no_longer", free_bytes=free_bytes)
        return full

    def make_room(self) -> None:
        """Set the reserve free if the disk is full."""
        if self.check() and self._path.exists():
            os.truncate(self._path, 0)

    def keep_room(self) -> None:
        """Occupy what is left of the room that was made, before another program does: the next start or stop needs it."""
        if not self._is_held():
            self._hold(min(RESERVE_BYTES, self._free_bytes()))

    def _free_bytes(self) -> int:
        found = os.statvfs(self._directory)
        return found.f_bavail * found.f_frsize

    def _is_held(self) -> bool:
        try:
            return self._path.stat().st_blocks * 512 >= RESERVE_BYTES
        except OSError:
            return False

    def _hold(self, size_bytes: int = RESERVE_BYTES) -> bool:
        """Occupy the reserve, or a part of it. Returns False if the disk is too full for it."""
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, size_bytes)
        except OSError as error:
            os.ftruncate(descriptor, 0)
            # Some file systems cannot occupy room in advance; they still have the room.
            return error.errno not in _FULL
        finally:
            os.close(descriptor)
        return True
