"""Only the operator sees the server and backs it up: by the settings, or as the owner of the only organisation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import pytest

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import AuditFilter
from penstock.core.audit.trail import AuditTrail
from penstock.core.people.errors import SessionRequired
from penstock.core.people.models import Role
from penstock.core.people.roles import SCOPES
from penstock.core.system.config import SystemConfig
from penstock.core.system.errors import NoRoomForBackup, OperatorRequired
from penstock.core.system.models import Backup, BackupState, Day, Disk, Machine
from penstock.core.system.service import SystemService
from penstock.kit.clock import DAY_US, format_day
from penstock.kit.ids import OrgId, UserId
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

OLD = Backup(name="penstock-20260401T060000Z.tar.gz", state=BackupState.COMPLETE, created_us=1, size=5)


class Fakes:
    """A machine, its backups, and their queue."""

    def __init__(self, clock: HeldClock, free: int = 1_000) -> None:
        self.clock = clock
        self.free = free
        self.requested: Backup | None = None
        self.files = [OLD]

    async def examine(self) -> Machine:
        yesterday = format_day(self.clock.now_us() - DAY_US)
        return Machine(disk=Disk(total=2_000, free=self.free, control=0, days=[Day(yesterday, 100)]), checks=[])

    async def found(self) -> Sequence[Backup]:
        return self.files

    async def room(self) -> tuple[int, int]:
        return 500, self.free

    async def write(self, name: str, created_us: int, by: str, progress: Callable[[float], None]) -> None:
        raise NotImplementedError

    def latest(self) -> Backup | None:
        return self.requested

    def request(self, name: str, created_us: int, by: str) -> Backup:
        self.requested = Backup(name=name, state=BackupState.RUNNING, created_us=created_us, done=0.0)
        return self.requested


async def owner_of(shelf: Shelf, org_id: OrgId) -> Actor:
    async with shelf.database.snapshot(org_id) as tx:
        [owner] = await tx.members.list(1, UserId(0))
    scopes = SCOPES[Role.OWNER]
    return Actor(org_id=org_id, kind=ActorKind.USER, id=owner.user_id, name="Ada@example.org", scopes=scopes)


def service(shelf: Shelf, fakes: Any, *operators: str) -> SystemService:
    return SystemService(
        config=SystemConfig(operators=operators, backup_dir=""),
        database=shelf.database,
        probe=fakes,
        files=fakes,
        queue=fakes,
        trail=AuditTrail(fakes.clock),
        clock=fakes.clock,
    )


async def test_the_operator_sees_the_disk_and_backs_up(shelf: Shelf) -> None:
    ada, fakes = await owner_of(shelf, shelf.acme), Fakes(HeldClock())
    system = service(shelf, fakes, "ada@example.org")
    state = await system.state(ada)
    assert (state.per_day, state.days_left) == (100, 10)
    assert await system.backups(ada) == [OLD]
    begun = await system.back_up(ada)
    assert begun.name.startswith("penstock-")
    assert begun.name.endswith("Z.tar.gz")
    assert ":" not in begun.name
    assert await system.backups(ada) == [begun, OLD]
    fakes.files = [msgspec.structs.replace(begun, state=BackupState.COMPLETE, size=5), OLD]
    assert await system.backups(ada) == [begun, OLD], "its file is there before it is recorded everywhere"
    async with shelf.own() as tx:
        assert [one.action for one in await tx.audit.oldest(AuditFilter(), 100, 0)][-1] == "server.backup.request"


async def test_nobody_else_does(shelf: Shelf) -> None:
    ada, fakes = await owner_of(shelf, shelf.acme), Fakes(HeldClock())
    for system, actor in (
        (service(shelf, fakes), ada),  # there are two organisations
        (service(shelf, fakes, "grace@example.org"), ada),
    ):
        for call in (system.state, system.backups, system.back_up):
            with pytest.raises(OperatorRequired):
                await call(actor)
    key = msgspec.structs.replace(ada, kind=ActorKind.KEY)
    with pytest.raises(SessionRequired):
        await service(shelf, fakes, "ada@example.org").state(key)
    assert fakes.requested is None


async def test_a_backup_needs_room(shelf: Shelf) -> None:
    ada, fakes = await owner_of(shelf, shelf.acme), Fakes(HeldClock(), free=499)
    with pytest.raises(NoRoomForBackup):
        await service(shelf, fakes, "ada@example.org").back_up(ada)
    assert fakes.requested is None
