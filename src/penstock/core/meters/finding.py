"""Which registers an answer is computed from: of one device, or of all devices that an account had in a range."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

import msgspec

from penstock.core.customers.periods import PlacedSpans
from penstock.core.database import OrganizationDatabase
from penstock.core.meters.former import FormerMeter
from penstock.core.meters.models import ALWAYS, MeterOf, MeterRole, Span
from penstock.core.meters.settings import MeterSettings
from penstock.core.meters.store import HasMeters, MeterTransaction
from penstock.core.meters.values import Edit
from penstock.core.registers.models import RegisterKind
from penstock.core.telemetry.models import TimeRange
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import CustomerId, DeviceId, OrgId, ResidentId

BATCH = 250
"""How many meters are in memory at a time."""


class Selection(msgspec.Struct, frozen=True, kw_only=True):
    """The devices of a customer, or of one resident, and which of their registers. None means any."""

    customer_id: CustomerId
    resident_id: ResidentId | None = None
    role: MeterRole | None = None
    kind: RegisterKind | None = None

    def includes(self, one: MeterOf) -> bool:
        """Whether a register is selected."""
        return self.role in (None, one.role) and self.kind in (None, one.kind)


async def register_of(tx: MeterTransaction, device_id: DeviceId, name: str | None, spans: tuple[Span, ...] = ALWAYS) -> MeterOf:
    """One register of a device, by default the first.

    Raises:
        InvalidInput: the device has no such register.
    """
    settings = await tx.meters.find(device_id)
    names = settings.names()
    if name is not None and name not in names:
        raise InvalidInput.field("register", f"must be one of {', '.join(names)}", "unknown")
    edits = await tx.edits.in_effect([device_id])
    return _register(device_id, "", None, settings, name or names[0], edits, spans, None)


async def registers_of(tx: HasMeters, device_ids: Sequence[DeviceId]) -> dict[DeviceId, tuple[MeterOf, ...]]:
    """All registers of some devices that exist, at any time."""
    edits: dict[DeviceId, list[Edit]] = defaultdict(list)
    for edit in await tx.edits.in_effect(device_ids):
        edits[edit.device_id].append(edit)
    return {
        device_id: tuple(_register(device_id, "", None, own, name, edits[device_id], ALWAYS, None) for name in own.names())
        for device_id, own in (await tx.meters.of_devices(device_ids)).items()
    }


async def batches_of(
    database: OrganizationDatabase[MeterTransaction], org_id: OrgId, selection: Selection, span: TimeRange, after_id: int = 0
) -> AsyncIterator[list[MeterOf]]:
    """The selected registers of the devices that were there at some time in a range, by device, with the time they were there.

    Devices that left when the range began are among them, because what they counted last is of the day that began then; and those
    that have been deleted since. All registers of a device are in one batch, which is never empty.
    """
    span = msgspec.structs.replace(span, from_us=span.from_us - 1)
    while True:
        async with database.snapshot(org_id) as tx:
            placed = await _placed(tx, selection, span, after_id)
            found = [one for one in await _registers(tx, placed) if selection.includes(one)]
        if found:
            yield found
        if len(placed) < BATCH:
            return
        after_id = placed[-1].device_id


async def _placed(tx: MeterTransaction, selection: Selection, span: TimeRange, after_id: int) -> list[PlacedSpans]:
    if selection.resident_id is not None:
        return await tx.placements.periods_of_resident(selection.resident_id, span.from_us, span.to_us, BATCH, after_id)
    return await tx.placements.periods_of_customer(selection.customer_id, span.from_us, span.to_us, BATCH, after_id)


async def _registers(tx: MeterTransaction, placed: Sequence[PlacedSpans]) -> list[MeterOf]:
    """All registers of some devices."""
    ids = [one.device_id for one in placed]
    settings = await tx.meters.of_devices(ids)
    former = await tx.former_meters.of([one.device_id for one in placed if one.is_former])
    edits: dict[DeviceId, list[Edit]] = defaultdict(list)
    for edit in await tx.edits.in_effect(ids):
        edits[edit.device_id].append(edit)
    found = []
    for one in placed:
        gone = former.get(one.device_id)
        own = settings.get(one.device_id) or _settings_of(gone)
        spans = tuple(Span(from_us=each.from_us, to_us=each.to_us) for each in one.spans)
        points = gone.points if gone else None
        found += [
            _register(one.device_id, one.name, one.eui, own, name, edits[one.device_id], spans, points) for name in own.names()
        ]
    return found


def _settings_of(former: FormerMeter | None) -> MeterSettings:
    return MeterSettings() if former is None else MeterSettings(role=former.role, own=former.registers)


def _register(
    device_id: DeviceId,
    device_name: str,
    eui: str | None,
    settings: MeterSettings,
    name: str,
    edits: Sequence[Edit],
    spans: tuple[Span, ...],
    points: bytes | None,
) -> MeterOf:
    return MeterOf(
        device_id=device_id,
        name=device_name,
        eui=eui,
        role=settings.role,
        versions=settings.versions_of(name),
        edits=tuple(edit for edit in edits if edit.register == name),
        spans=spans,
        archived=points,
    )
