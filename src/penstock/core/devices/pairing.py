"""Pair codes: how a new device proves itself once, to get what it proves itself by from then on.

`PairCodes` is the door for whoever makes a device and hands its code on; `StoredPairCodes` keeps them as keyed hashes.
"""

from __future__ import annotations

from typing import Protocol

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.devices.errors import DeviceNotFound, PairCodeInvalid
from penstock.core.devices.models import Device, PairCode
from penstock.core.ports import Database
from penstock.kit.clock import Clock
from penstock.kit.ids import Prefix, encode
from penstock.kit.secret import Pepper, new_hex


class PairCodes(Protocol):
    """Gives out pair codes."""

    async def issue(self, actor: Actor, device_id: int) -> str:
        """A code for a device, 32 hex digits, to be used once. An earlier one of the device is dead when this returns.

        Raises:
            DeviceNotFound: none with this id in the caller's organisation.
        """


class StoredPairCodes:
    """Implements `PairCodes`, and takes the codes back. A code lives for `lifetime_us`."""

    def __init__(self, *, database: Database, trail: AuditTrail, pepper: Pepper, clock: Clock, lifetime_us: int) -> None:
        self._database = database
        self._trail = trail
        self._pepper = pepper
        self._clock = clock
        self._lifetime_us = lifetime_us

    async def issue(self, actor: Actor, device_id: int) -> str:
        code, expires_us = new_hex(), self._clock.now_us() + self._lifetime_us
        async with self._database.transaction(actor.org_id) as tx:
            device = await tx.devices.find(device_id)
            if device is None:
                raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
            stored = PairCode(org_id=actor.org_id, device_id=device_id, expires_us=expires_us)
            await tx.pair_codes.replace(stored, self._pepper.digest(code.encode()))
            await self._trail.note(tx, actor, "device.pair_code", Target("device", encode(Prefix.DEVICE, device_id), device.name))
        return code

    async def redeem(self, code: str) -> Device:
        """The device that a code was given out for. The code is used up.

        Raises:
            PairCodeInvalid: nobody's, used, replaced or too old; which of them is not told.
        """
        digest = self._pepper.digest(code.encode())
        async with self._database.system() as system:
            found = await system.pair_codes.find(digest)
            if found is None:
                raise PairCodeInvalid()
            tx = system.of(found.org_id)
            await tx.pair_codes.delete(digest)
            device = await tx.devices.find(found.device_id)
        if device is None or found.expires_us <= self._clock.now_us():
            raise PairCodeInvalid()
        return device
