"""What is stored of the things that the rows of a file refer to, read for many rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from penstock.core.customers.models import Customer, Resident
from penstock.core.customers.periods import Period
from penstock.core.devices.models import Device, DeviceFilter, Identifier
from penstock.core.imports.cells import Cells
from penstock.core.imports.models import ImportKind
from penstock.core.imports.references import device_in, identifiers_in
from penstock.core.imports.store import ImportTransaction
from penstock.core.imports.table import Row
from penstock.core.meters.settings import MeterSettings
from penstock.core.tenancy.models import Project
from penstock.kit.ids import CustomerId, DeviceId, Prefix, ProfileId, decode


class NamedProfile(msgspec.Struct, frozen=True):
    """A profile and its name."""

    id: ProfileId
    name: str


class Known(msgspec.Struct, kw_only=True):
    """What is known about the rows of a part of a file. Planning a row updates what the next one builds on.

    `room` is how many devices the plan still allows, None without a limit. What is noted is what earlier rows stored, or would
    have stored in a dry run.
    """

    now_us: int
    room: int | None = None
    limit: int | None = None
    holders: dict[Identifier, DeviceId] = {}
    devices: dict[DeviceId, Device] = {}
    customers: Sequence[Customer] = ()
    residents: Sequence[Resident] = ()
    profiles: Sequence[NamedProfile] = ()
    projects: Sequence[Project] = ()
    settings: dict[DeviceId, MeterSettings] = {}
    periods: dict[DeviceId, list[Period]] = {}
    noted_settings: dict[DeviceId, MeterSettings] = {}
    noted_periods: dict[DeviceId, list[Period]] = {}
    noted_devices: dict[DeviceId, Device] = {}
    noted_holders: dict[Identifier, DeviceId | None] = {}
    noted_residents: dict[tuple[CustomerId, str], Resident] = {}

    def device_with(self, identifier: Identifier) -> DeviceId | None:
        """The device that has an identifier."""
        if identifier in self.noted_holders:
            return self.noted_holders[identifier]
        return self.holders.get(identifier)

    def device(self, device_id: DeviceId) -> Device | None:
        """A device."""
        return self.noted_devices.get(device_id) or self.devices.get(device_id)

    def resident(self, customer_id: CustomerId, email: str) -> Resident | None:
        """The resident of a customer with an e-mail address."""
        noted = self.noted_residents.get((customer_id, email.lower()))
        same = (one for one in self.residents if one.customer_id == customer_id and one.email.lower() == email.lower())
        return noted or next(same, None)

    def note_device(self, device: Device) -> None:
        """Note the outcome of a row for a device that exists."""
        before = self.device(device.id)
        freed = {one: None for one in before.identifiers} if before else {}
        self.noted_holders |= freed | {one: device.id for one in device.identifiers}
        self.noted_devices[device.id] = device

    def note_resident(self, resident: Resident) -> None:
        """Note the outcome of a row for a resident."""
        self.noted_residents[resident.customer_id, resident.email.lower()] = resident


async def look_up(
    tx: ImportTransaction, kind: ImportKind, rows: Sequence[Row], now_us: int, limit: int | None, before: Known | None = None
) -> Known:
    """Read what some rows refer to. `limit` is how many devices the plan allows, `before` what a dry run knew of earlier rows."""
    known = await _stored(tx, kind, rows, now_us, limit)
    if before is not None:
        known.room = known.room if before.room is None else before.room
        known.noted_settings, known.noted_periods = before.noted_settings, before.noted_periods
        known.noted_devices, known.noted_holders = before.noted_devices, before.noted_holders
        known.noted_residents = before.noted_residents
        known.settings |= known.noted_settings
        known.periods |= known.noted_periods
    return known


async def _stored(tx: ImportTransaction, kind: ImportKind, rows: Sequence[Row], now_us: int, limit: int | None) -> Known:
    known = Known(now_us=now_us, limit=limit)
    if kind is ImportKind.RESIDENTS:
        known.customers = await _customers(tx, rows)
        known.residents = await tx.imports.residents(_texts(rows, "email"), [])
        return known
    await _devices(tx, kind, rows, known)
    if kind is ImportKind.DEVICES:
        known.projects = await tx.projects.list()
        names = _texts(rows, "profile")
        ids = [one for name in names if (one := decode(Prefix.PROFILE, name)) is not None]
        known.profiles = [NamedProfile(*one) for one in await tx.imports.profiles(names, ids)]
        known.room = None if limit is None else limit - await tx.devices.count(DeviceFilter())
    elif kind is ImportKind.REGISTERS:
        known.settings = await tx.meters.of_devices(list(known.devices))
    else:
        await _places(tx, rows, known)
    return known


async def _devices(tx: ImportTransaction, kind: ImportKind, rows: Sequence[Row], known: Known) -> None:
    given: set[Identifier] = set()
    ids: set[DeviceId] = set()
    for row in rows:
        if kind is ImportKind.DEVICES:
            given.update(identifiers_in(Cells(row)).values())
        elif isinstance(found := device_in(row.cells.get("device", "")), Identifier):
            given.add(found)
        elif found is not None:
            ids.add(found)
    known.holders = await tx.imports.holders(list(given))
    known.devices = {one.id: one for one in await tx.imports.devices([*ids, *known.holders.values()])}


async def _places(tx: ImportTransaction, rows: Sequence[Row], known: Known) -> None:
    names = _texts(rows, "resident")
    ids = [one for name in names if (one := decode(Prefix.RESIDENT, name)) is not None]
    known.residents = await tx.imports.residents(names, ids)
    of_residents = [one.customer_id for one in known.residents]
    known.customers = [*await _customers(tx, rows), *await tx.imports.customers([], of_residents)]
    known.periods = {one: [] for one in known.devices}
    for period in await tx.imports.periods(list(known.devices)):
        known.periods[period.device_id].append(period)


async def _customers(tx: ImportTransaction, rows: Sequence[Row]) -> Sequence[Customer]:
    names = _texts(rows, "customer")
    ids = [one for name in names if (one := decode(Prefix.CUSTOMER, name)) is not None]
    return await tx.imports.customers(names, ids)


def _texts(rows: Iterable[Row], column: str) -> list[str]:
    return sorted({text for row in rows if (text := row.cells.get(column, ""))})
