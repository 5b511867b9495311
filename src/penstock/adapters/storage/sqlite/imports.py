"""Imports, and what their rows refer to: maps rows to models."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.adapters.storage.sqlite.connection import Session
from penstock.adapters.storage.sqlite.customers import period_of
from penstock.adapters.storage.sqlite.devices import device_of
from penstock.core.customers.models import Customer, Resident
from penstock.core.customers.periods import Period
from penstock.core.devices.models import Device, Identifier
from penstock.core.imports.models import Counts, DueImport, Fault, Import, ImportKind, ImportState
from penstock.kit.ids import CustomerId, DeviceId, ImportId, OrgId, ProfileId, ResidentId

_COUNTS = Counts.__struct_fields__


class SqliteImports:
    """Implements `ImportStore`."""

    def __init__(self, session: Session, org_id: OrgId) -> None:
        self._session = session
        self._org_id = org_id

    async def create(self, found: Import, file: bytes | None) -> None:
        await self._session.run("create_import", self._params(found) | {"file": file})

    async def find(self, import_id: ImportId) -> Import | None:
        row = await self._session.one("find_import", {"org_id": self._org_id, "id": import_id})
        return _import(row) if row else None

    async def file(self, import_id: ImportId) -> bytes | None:
        row = await self._session.one("find_import_file", {"org_id": self._org_id, "id": import_id})
        return row["file"] if row else None

    async def list(self, limit: int, before_id: int) -> list[Import]:
        params = {"org_id": self._org_id, "limit": limit, "before_id": before_id}
        return [_import(row) for row in await self._session.all("list_imports", params)]

    async def count_active(self) -> int:
        row = await self._session.one("count_active_imports", {"org_id": self._org_id})
        return int(row["total"]) if row else 0

    async def update(self, found: Import) -> None:
        await self._session.run("update_import", self._params(found))

    async def drop_old(self, keep: int) -> None:
        await self._session.run("drop_old_imports", {"org_id": self._org_id, "keep": keep})

    async def add_faults(self, import_id: ImportId, faults: Sequence[Fault]) -> None:
        own = {"org_id": self._org_id, "import_id": import_id}
        rows = [own | {"row_number": one.row, "column_name": one.column, "detail": one.detail} for one in faults]
        await self._session.run_many("add_import_fault", rows)

    async def faults(self, import_id: ImportId, limit: int, after: int) -> Sequence[tuple[int, Fault]]:
        params = {"org_id": self._org_id, "import_id": import_id, "limit": limit, "after": after}
        rows = await self._session.all("list_import_faults", params)
        return [(row["id"], Fault(row["row_number"], row["column_name"], row["detail"])) for row in rows]

    async def holders(self, identifiers: Sequence[Identifier]) -> dict[Identifier, DeviceId]:
        rows = [{"org_id": self._org_id, "kind": one.kind, "value": one.value} for one in identifiers]
        found = await self._session.one_each("find_device_id_by_identifier", rows)
        return {one: DeviceId(row["device_id"]) for one, row in zip(identifiers, found, strict=True) if row is not None}

    async def devices(self, device_ids: Sequence[DeviceId]) -> Sequence[Device]:
        return [device_of(row) for row in await self._session.all("list_devices_by_ids", self._about(ids=device_ids))]

    async def customers(self, names: Sequence[str], customer_ids: Sequence[CustomerId]) -> Sequence[Customer]:
        rows = await self._session.all("list_customers_by_names", self._about(names=names, ids=customer_ids))
        return [Customer(**dict(row)) for row in rows]

    async def residents(self, emails: Sequence[str], resident_ids: Sequence[ResidentId]) -> Sequence[Resident]:
        rows = await self._session.all("list_residents_by_emails", self._about(emails=emails, ids=resident_ids))
        # One can be found twice: by two spellings of an address, or by its id as well.
        return [Resident(**found) for found in {row["id"]: dict(row) for row in rows}.values()]

    async def profiles(self, names: Sequence[str], profile_ids: Sequence[ProfileId]) -> Sequence[tuple[ProfileId, str]]:
        rows = await self._session.all("list_profiles_by_names", self._about(names=names, ids=profile_ids))
        return [(ProfileId(row["id"]), row["name"]) for row in rows]

    async def periods(self, device_ids: Sequence[DeviceId]) -> Sequence[Period]:
        return [period_of(row) for row in await self._session.all("list_periods_of_devices", self._about(ids=device_ids))]

    def _about(self, **lists: Sequence[str | int]) -> dict[str, Any]:
        return {"org_id": self._org_id} | {name: msgspec.json.encode(values).decode() for name, values in lists.items()}

    def _params(self, found: Import) -> dict[str, Any]:
        fields = msgspec.structs.asdict(found)
        del fields["counts"]
        return fields | msgspec.structs.asdict(found.counts) | {"org_id": self._org_id}


class SqliteSystemImports:
    """Implements `SystemImportStore`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def due(self) -> Sequence[DueImport]:
        return [DueImport(**dict(row)) for row in await self._session.all("imports_of_all_due", {})]


def _import(row: sqlite3.Row) -> Import:
    found = dict(row)
    counts = Counts(**{name: found.pop(name) for name in _COUNTS})
    stated = {"kind": ImportKind(found["kind"]), "state": ImportState(found["state"]), "is_dry_run": bool(found["is_dry_run"])}
    return Import(**found | stated, counts=counts)
