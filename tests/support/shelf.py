"""Two organisations, Acme and Other, over one real database: what a store keeps for one, the other must not see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from penstock.adapters.storage.sqlite.database import SqliteDatabase
from penstock.adapters.storage.sqlite.transaction import SqliteSystemTransaction, SqliteTransaction
from penstock.bootstrap import DataDir, open_control
from penstock.core.devices.models import Device, DeviceStatus, Identifier, IdentifierKind
from penstock.core.tenancy.models import Bootstrapped
from penstock.kit.ids import DeviceId, OrgId
from penstock.settings import load_settings

EMPTY_LOG = "DELETE FROM audit_entries; DELETE FROM audit_heads;"
"""What the creation of the organisations is recorded as is of no interest to the tests of stores."""


class Shelf:
    """The stores of Acme (`own`), of Other (`strange`) and of the system. Devices are numbered as the test likes."""

    def __init__(self, database: SqliteDatabase, acme: Bootstrapped, other: Bootstrapped) -> None:
        self.database = database
        self.acme, self.other = acme.organization.id, other.organization.id
        self.project_id, self.other_project_id = acme.project.id, other.project.id

    def own(self) -> AbstractAsyncContextManager[SqliteTransaction]:
        return self.database.transaction(self.acme)

    def strange(self) -> AbstractAsyncContextManager[SqliteTransaction]:
        return self.database.transaction(self.other)

    def system(self) -> AbstractAsyncContextManager[SqliteSystemTransaction]:
        return self.database.system()

    async def add_device(self, number: int, *, org_id: OrgId | None = None, eui: str | None = None) -> DeviceId:
        """A device of Acme, or of another organisation."""
        owner = org_id or self.acme
        device = Device(
            id=DeviceId(number),
            org_id=owner,
            project_id=self.project_id if owner == self.acme else self.other_project_id,
            name=f"device {number}",
            type="pump",
            description="",
            status=DeviceStatus.ACTIVE,
            settings={},
            labels={},
            location=None,
            identifiers=[Identifier(kind=IdentifierKind.EUI, value=eui)] if eui else [],
            token_prefix="",
            last_seen_us=None,
            created_us=number,
            updated_us=number,
        )
        async with self.database.transaction(owner) as tx:
            await tx.devices.create(device, f"token of {number}".encode())
        return device.id


@asynccontextmanager
async def open_shelf(folder: Path) -> AsyncIterator[Shelf]:
    async with open_control(DataDir(folder / "data"), load_settings(environment={})) as control:
        acme, other = [await control.tenancy.bootstrap(name, f"{name.lower()}@example.org") for name in ("Acme", "Other")]
        await control.database._writer.call(lambda connection: connection.executescript(EMPTY_LOG))
        yield Shelf(control.database, acme, other)
