"""What the use cases need of the machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from penstock.core.audit.store import HasAuditHeads
from penstock.core.system.models import Backup, Machine


class MachineProbe(Protocol):
    """Looks at the data directory."""

    async def examine(self) -> Machine:
        """The disk and the checks."""


class BackupFiles(Protocol):
    """The directory of backups."""

    async def found(self) -> Sequence[Backup]:
        """Complete backups, newest first."""

    async def room(self) -> tuple[int, int]:
        """The bytes that a backup may need, and those that are free."""

    async def write(self, name: str, created_us: int, by: str, progress: Callable[[float], None]) -> None:
        """Write a backup, and record it in the audit log of every organisation. `progress` is called with the share that is done.

        Raises:
            PenstockError: it failed, and there is no file with this name.
        """


class BackupQueue(Protocol):
    """Where backups are requested."""

    def request(self, name: str, created_us: int, by: str) -> Backup:
        """Begin a backup in the background.

        Raises:
            BackupRunning.
        """

    def latest(self) -> Backup | None:
        """The backup that is running, or the last one that was requested since the start."""


class SystemTransaction(HasAuditHeads, Protocol):
    """A transaction across organisations that knows how many there are."""
