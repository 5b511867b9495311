"""One agent per state directory: a lock that the kernel releases when its agent ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

_FILE = "agent.lock"


class StateDirLocked(Exception):
    """Another agent uses the state directory; the message names both."""


class StateDirLock:
    """The lock of a state directory, held until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises:
            StateDirLocked: another agent has it.
            OSError: the folder cannot be used.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The file remains after the agent ends. If it were deleted, one agent could lock the old file and another a new one.
        self._file = os.open(folder / _FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            held_by = os.pread(self._file, 20, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            if not isinstance(error, BlockingIOError):
                raise
            raise StateDirLocked(
                f"another agent (process {held_by or 'unknown'}) uses {folder}; stop it, or set local.state_dir to another folder"
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Release the lock."""
        os.close(self._file)


def locked_by(folder: Path) -> int | None:
    """The process of the agent that uses a state directory; None if there is none."""
    try:
        opened = os.open(folder / _FILE, os.O_RDONLY)
    except OSError:
        return None
    try:
        # A number alone proves nothing: after a kill it can be that of another process.
        fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int(os.pread(opened, 20, 0) or b"0") or None
    finally:
        os.close(opened)
    return None
