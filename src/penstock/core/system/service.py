"""Use cases of the operator: look at the server, and back it up.

An owner of one organisation is not the operator of a server with several: a backup contains the data of all of them. The
operator is a signed-in user whose e-mail is in the settings, or the owner of the only organisation.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.store import HasAudit
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import Database
from penstock.core.system.config import SystemConfig
from penstock.core.system.errors import NoRoomForBackup
from penstock.core.system.forecast import bytes_per_day, days_left
from penstock.core.system.models import Backup, BackupState, SystemState
from penstock.core.system.operators import Operators
from penstock.core.system.ports import BackupFiles, BackupQueue, MachineProbe, SystemTransaction
from penstock.kit.clock import Clock, format_seconds


class SystemService:
    """The server as a whole. Each use case checks that the caller is its operator."""

    def __init__(
        self,
        *,
        config: SystemConfig,
        database: Database[HasAudit, SystemTransaction],
        probe: MachineProbe,
        files: BackupFiles,
        queue: BackupQueue,
        trail: AuditTrail,
        clock: Clock,
    ) -> None:
        self._operators = Operators(config, database)
        self._database = database
        self._probe = probe
        self._files = files
        self._queue = queue
        self._trail = trail
        self._clock = clock

    async def check(self, actor: Actor) -> None:
        """Check that the caller is the operator.

        Raises:
            SessionRequired, OperatorRequired.
        """
        await self._operators.check(actor)

    async def state(self, actor: Actor) -> SystemState:
        """The machine, and when its disk will be full.

        Raises:
            SessionRequired, OperatorRequired.
        """
        await self.check(actor)
        machine = await self._probe.examine()
        per_day = bytes_per_day(machine.disk.days, self._clock.now_us())
        return SystemState(machine=machine, per_day=per_day, days_left=days_left(machine.disk, per_day))

    async def backups(self, actor: Actor) -> Sequence[Backup]:
        """Backups, newest first. Of those that are not complete only the last is known.

        Raises:
            SessionRequired, OperatorRequired.
        """
        await self.check(actor)
        latest, found = self._queue.latest(), await self._files.found()
        if latest is None or latest.state is BackupState.COMPLETE:
            return found
        # Its file can be there already, while it is recorded in the audit logs.
        return [latest, *(one for one in found if one.name != latest.name)]

    async def back_up(self, actor: Actor) -> Backup:
        """Begin a backup. The act is in the caller's audit log before it begins, and in everybody's when it is complete.

        Raises:
            SessionRequired, OperatorRequired, BackupRunning, NoRoomForBackup.
        """
        await self.check(actor)
        needed, free = await self._files.room()
        if needed > free:
            raise NoRoomForBackup(needed=needed, free=free)
        now_us = self._clock.now_us()
        name = f"penstock-{format_seconds(now_us).translate(_PLAIN)}.tar.gz"
        begun = self._queue.request(name, now_us, actor.name)
        async with self._database.transaction(actor.org_id) as tx:
            await self._trail.record(tx, actor, "server.backup.request", Target("server"), file=name)
        return begun


_PLAIN = str.maketrans("", "", "-:")
