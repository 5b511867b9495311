"""Creating many devices in one call: each is created or rejected by itself.

They are created in parts, each in one transaction, so that other writers wait for a part and not for the whole call. The response
of each part is stored with it: a repeated call continues after the parts that were created, and returns their devices and tokens.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.errors import DeviceLimitReached, IdentifierTaken
from penstock.core.devices.models import CreatedDevice, DeviceFilter, Identifier, NewDevice
from penstock.core.devices.service import DeviceService, PreparedDevice, limit_reached
from penstock.core.devices.store import DeviceTransaction
from penstock.core.idempotency import IdempotencyKey
from penstock.core.profiles.errors import ProfileNotFound
from penstock.core.tenancy.errors import ProjectNotFound
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput, PenstockError
from penstock.kit.secret import hides

MAX_DEVICES = 1_000
DEVICES_PER_PART = 50
_OF_A_ROW = (InvalidInput, ProjectNotFound, ProfileNotFound)
"""Errors that reject one device; any other, such as a full disk, ends the call."""


class Fault(msgspec.Struct, frozen=True):
    """One reason why a device was not created. `field` is empty if no field is invalid."""

    field: str
    code: str
    detail: str


class Rejected(msgspec.Struct, frozen=True, kw_only=True, tag="rejected"):
    """A device that was not created, with all reasons."""

    faults: list[Fault]


@hides("access_token")
class _Created(CreatedDevice, frozen=True, kw_only=True, tag="created"):
    """As stored next to a rejected one."""


Outcome = CreatedDevice | Rejected


class BulkCreation:
    """The use case."""

    def __init__(self, database: OrganizationDatabase[DeviceTransaction], devices: DeviceService, clock: Clock) -> None:
        self._database = database
        self._devices = devices
        self._clock = clock

    async def create(
        self, actor: Actor, rows: Sequence[NewDevice | Rejected], idempotency: IdempotencyKey | None
    ) -> list[Outcome]:
        """The outcome of each row. A row that was rejected before is returned as it is.

        Raises:
            DeviceLimitReached: no device was created, because the plan allows no more.
            IdempotencyMismatch.
        """
        limit = await self._devices.limit_of(actor)
        found: list[Outcome] = []
        for start in range(0, len(rows), DEVICES_PER_PART):
            part = rows[start : start + DEVICES_PER_PART]
            found += await self._part(actor, part, limit, _of_part(idempotency, start))
        if limit is not None and all(
            isinstance(one, Rejected) and one.faults[0].code == DeviceLimitReached.code for one in found
        ):
            raise limit_reached(limit)
        return found

    async def _part(
        self, actor: Actor, rows: Sequence[NewDevice | Rejected], limit: int | None, idempotency: IdempotencyKey | None
    ) -> list[Outcome]:
        async with self._database.transaction(actor.org_id) as tx:
            if idempotency and (kept := await tx.idempotency.find(actor.id, idempotency)):
                return list(msgspec.msgpack.decode(kept, type=list[_Created | Rejected]))
            room = None if limit is None else limit - await tx.devices.count(DeviceFilter())
            prepared = await self._prepared(tx, actor, rows, limit, room)
            made = [one for one in prepared if isinstance(one, PreparedDevice)]
            await self._devices.create_all(tx, actor, made)
            found = [one if isinstance(one, Rejected) else _created(one) for one in prepared]
            # Without a device nothing happened, so that the corrected call can have the same key.
            if idempotency and made:
                await tx.idempotency.keep(actor.id, idempotency, msgspec.msgpack.encode(found), self._clock.now_us())
        return list(found)

    async def _prepared(
        self, tx: DeviceTransaction, actor: Actor, rows: Sequence[NewDevice | Rejected], limit: int | None, room: int | None
    ) -> list[PreparedDevice | Rejected]:
        """The rows that can be created together, and the reasons of the others."""
        checked = [row if isinstance(row, Rejected) else await self._checked(tx, actor, row) for row in rows]
        taken = await tx.devices.taken([name for one in checked if isinstance(one, PreparedDevice) for name in _names(one)])
        found: list[PreparedDevice | Rejected] = []
        for one in checked:
            reason = None if isinstance(one, Rejected) else _reason_against(one, taken, limit, room)
            found.append(one if reason is None else rejected(reason))
            if isinstance(found[-1], PreparedDevice):
                room = None if room is None else room - 1
                taken.update(_names(found[-1]))
        return found

    async def _checked(self, tx: DeviceTransaction, actor: Actor, new: NewDevice) -> PreparedDevice | Rejected:
        try:
            return await self._devices.prepare(tx, actor, new)
        except _OF_A_ROW as error:
            return rejected(error)


def _created(one: PreparedDevice) -> _Created:
    return _Created(device=one.created.device, access_token=one.created.access_token)


def _reason_against(
    one: PreparedDevice, taken: Collection[Identifier], limit: int | None, room: int | None
) -> PenstockError | None:
    for name in _names(one):
        if name in taken:
            return IdentifierTaken(kind=name.kind, value=name.value)
    return limit_reached(limit) if limit is not None and room is not None and room <= 0 else None


def _names(one: PreparedDevice) -> list[Identifier]:
    return one.created.device.identifiers


def rejected(error: PenstockError) -> Rejected:
    """An error as the outcome of a row."""
    faults = [Fault(one.field, one.code, one.detail) for one in error.errors]
    return Rejected(faults=faults or [Fault("", error.code, error.detail)])


def _of_part(idempotency: IdempotencyKey | None, start: int) -> IdempotencyKey | None:
    # The first part has the caller's own key, so that it cannot be used for another call.
    if idempotency is None or start == 0:
        return idempotency
    return IdempotencyKey(key=f"{idempotency.key}\n{start}", fingerprint=idempotency.fingerprint)
