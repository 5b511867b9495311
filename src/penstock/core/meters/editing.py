"""Use cases on edits: what people say about values, with a reason. The stored readings are never changed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.meters.definitions import to_counter
from penstock.core.meters.errors import EditNotFound, EditWithdrawn, TooManyEdits, ValueEdited, ValueExists, ValueNotFound
from penstock.core.meters.events import VALUE_EDITED
from penstock.core.meters.events import ValueEdited as ValueEditedEvent
from penstock.core.meters.settings import MeterSettings
from penstock.core.meters.setup import find_settings, target_of
from penstock.core.meters.store import EditFilter, MeterTransaction
from penstock.core.meters.units import in_unit, ratio
from penstock.core.meters.validated import ValidatedValues
from penstock.core.meters.values import EARLIEST_US, Edit, EditKind, Status, Value
from penstock.core.registers.models import Register
from penstock.kit.clock import Clock, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId, EditId, IdSource, Prefix, encode
from penstock.kit.paging import Page, decode_cursor, page_of

MAX_EDITS = 10_000
"""In effect, of a device: they are all read with its readings."""
_WITH_VALUE = (EditKind.ADD, EditKind.CORRECT)


class NewEdit(msgspec.Struct, frozen=True, kw_only=True):
    """An edit to create. `register` None is the device's first one; `value` is in the unit of the register's newest version."""

    register: str | None
    kind: EditKind
    time_us: int
    value: Decimal | None
    reason: str


class ShownEdit(msgspec.Struct, frozen=True, kw_only=True):
    """An edit, its value in the register's unit, and that unit."""

    edit: Edit
    value: Decimal | None
    unit: str


class MeterEditing:
    """Edits of the values of meters."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[MeterTransaction],
        directory: DeviceDirectory,
        values: ValidatedValues,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
    ) -> None:
        self._database = database
        self._directory = directory
        self._values = values
        self._trail = trail
        self._ids = ids
        self._clock = clock

    async def create(self, actor: Actor, device_id: DeviceId, new: NewEdit) -> ShownEdit:
        """Edit the value at a time.

        Raises:
            DeviceNotFound.
            InvalidInput: the register is unknown or not valid at this time, the time is in the future or that of no clock, or the
                value is missing, superfluous, out of range, or to be confirmed and not a counter.
            ValueNotFound, ValueExists, ValueEdited, TooManyEdits.
        """
        await self._directory.reach(actor, device_id)
        async with self._database.snapshot(actor.org_id) as tx:
            settings = await find_settings(tx, device_id)
        edit, _ = self._prepared(actor, device_id, new, settings)
        # Outside the transaction: it reads the log, and no reading of this time disappears meanwhile.
        confirmed = await self._check_value(actor, settings, edit)
        async with self._database.transaction(actor.org_id) as tx:
            edit, register = self._prepared(actor, device_id, new, await find_settings(tx, device_id))
            if confirmed is not None:
                edit = msgspec.structs.replace(edit, counter=confirmed)
            await _check_room(tx, edit)
            await tx.edits.add(edit)
            return await self._noted(tx, actor, "meter.edit", edit, register)

    async def list(
        self, actor: Actor, device_id: DeviceId, filters: EditFilter, limit: int, cursor: str | None
    ) -> Page[ShownEdit]:
        """The edits of a device's values, newest first.

        Raises:
            DeviceNotFound.
        """
        await self._directory.reach(actor, device_id)
        filters = msgspec.structs.replace(filters, from_us=max(filters.from_us, actor.sees_from_us))
        before = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            settings = await tx.meters.find(device_id)
            found = await tx.edits.list(device_id, filters, limit + 1, before[0] if before else None)
        page = page_of(found, limit, lambda last: (last.id,))
        items = [_shown(edit, _newest(settings, edit.register)) for edit in page.items]
        return Page(items=items, next_cursor=page.next_cursor)

    async def withdraw(self, actor: Actor, device_id: DeviceId, edit_id: EditId, reason: str) -> ShownEdit:
        """Withdraw an edit. It is kept, and the value is again what the device reported.

        Raises:
            DeviceNotFound, EditNotFound, EditWithdrawn.
        """
        await self._directory.reach(actor, device_id)
        async with self._database.transaction(actor.org_id) as tx:
            settings = await find_settings(tx, device_id)
            edit = await tx.edits.find(device_id, edit_id)
            if edit is None:
                raise EditNotFound(edit_id=encode(Prefix.EDIT, edit_id))
            if edit.withdrawn_us is not None:
                raise EditWithdrawn(edit_id=encode(Prefix.EDIT, edit_id))
            edit = msgspec.structs.replace(
                edit, withdrawn_us=self._clock.now_us(), withdrawn_by=_author(actor), withdrawn_reason=reason
            )
            await tx.edits.withdraw(edit)
            register = _newest(settings, edit.register)
            return await self._noted(tx, actor, "meter.edit.withdraw", edit, register)

    def _prepared(self, actor: Actor, device_id: DeviceId, new: NewEdit, settings: MeterSettings) -> tuple[Edit, Register]:
        now_us = self._clock.now_us()
        _check_time(new, now_us)
        name = new.register or settings.names()[0]
        versions = settings.versions_of(name)
        if not versions:
            raise InvalidInput.field("register", "must be the name of a register of the device", "unknown")
        if not any(_is_valid_at(one, new.time_us) for one in versions):
            raise InvalidInput.field("time", f"must be a time at which register {name} is valid")
        # In the unit in which the values of all versions are listed, whatever that of the time was.
        register = versions[-1]
        edit = Edit(
            id=self._ids.next(EditId),
            device_id=device_id,
            register=name,
            kind=new.kind,
            time_us=new.time_us,
            counter=_counter(new, register),
            reason=new.reason,
            author=_author(actor),
            created_us=now_us,
        )
        return edit, register

    async def _check_value(self, actor: Actor, settings: MeterSettings, edit: Edit) -> int | None:
        """Check that there is a value to edit, or none to add; the counter that is confirmed."""
        found = await self._values.reported(actor.org_id, edit.device_id, settings.versions_of(edit.register), edit.time_us)
        time = format_time(edit.time_us)
        if edit.kind is EditKind.ADD and found:
            raise ValueExists(register=edit.register, time=time)
        if edit.kind is not EditKind.ADD and not found:
            raise ValueNotFound(register=edit.register, time=time)
        return _confirmed(found) if edit.kind is EditKind.CONFIRM else None

    async def _noted(self, tx: MeterTransaction, actor: Actor, action: str, edit: Edit, register: Register | None) -> ShownEdit:
        """What follows from an edit or its withdrawal: an event, an audit entry, and the note for those who have billed it."""
        now_us = self._clock.now_us()
        found = _shown(edit, register)
        value = None if found.value is None else f"{found.value:f}"
        event = ValueEditedEvent(
            edit_id=edit.id,
            device_id=edit.device_id,
            register=edit.register,
            kind=edit.kind.value,
            time_us=edit.time_us,
            value=value,
            unit=found.unit,
            reason=edit.withdrawn_reason or edit.reason,
            author=edit.withdrawn_by or edit.author,
            withdrawn=edit.withdrawn_us is not None,
            at_us=now_us,
            chain=actor.chain,
        )
        await tx.outbox.add(VALUE_EDITED, edit.device_id, event)
        await tx.consumption_changes.add(edit.device_id, edit.time_us, "edit", now_us)
        await self._trail.record(
            tx,
            actor,
            action,
            target_of(edit.device_id),
            edit=encode(Prefix.EDIT, edit.id),
            register=edit.register,
            kind=edit.kind.value,
            time=format_time(edit.time_us),
            value=value,
            unit=found.unit,
            reason=event.reason,
        )
        return found


def _check_time(new: NewEdit, now_us: int) -> None:
    if new.time_us > now_us:
        raise InvalidInput.field("time", "must not be in the future")
    # What was counted since would be spread over all the days from then on.
    if new.time_us < EARLIEST_US and new.kind is not EditKind.VOID:
        detail = "must not be before 2001; void a value that a wrong clock reported then, and add it at the right time"
        raise InvalidInput.field("time", detail)


async def _check_room(tx: MeterTransaction, edit: Edit) -> None:
    other = await tx.edits.find_at(edit.device_id, edit.register, edit.time_us)
    if other is not None:
        raise ValueEdited(time=format_time(edit.time_us), edit_id=encode(Prefix.EDIT, other.id))
    if await tx.edits.count(edit.device_id) >= MAX_EDITS:
        raise TooManyEdits(limit=MAX_EDITS)


def _confirmed(values: Sequence[Value]) -> int:
    """Of several values of a time that one is confirmed which is suspect."""
    counters = [(value.status is not Status.SUSPECT, value.counter) for value in values if value.counter is not None]
    if not counters:
        raise InvalidInput.field("kind", "must be correct or void for a value that is not a counter")
    return min(counters)[1]


def _counter(new: NewEdit, register: Register) -> int | None:
    if new.kind not in _WITH_VALUE:
        if new.value is not None:
            raise InvalidInput.field("value", f"must not be set to {new.kind.value} a value")
        return None
    if new.value is None:
        raise InvalidInput.field("value", f"is required to {new.kind.value} a value", "required")
    return to_counter(new.value, register, "value")


def _shown(edit: Edit, register: Register | None) -> ShownEdit:
    # A register that no longer exists is shown in no unit, but its edits still are.
    if register is None:
        return ShownEdit(edit=edit, value=None, unit="")
    value = None if edit.counter is None else in_unit(edit.counter, ratio(register.unit, register.quantity))
    return ShownEdit(edit=edit, value=value, unit=register.unit)


def _newest(settings: MeterSettings, name: str) -> Register | None:
    versions = settings.versions_of(name)
    return versions[-1] if versions else None


def _is_valid_at(register: Register, time_us: int) -> bool:
    return register.from_us <= time_us and (register.to_us is None or time_us < register.to_us)


def _author(actor: Actor) -> str:
    return actor.name or actor.kind.value
