"""Use cases on uplinks: ingest those of registered devices, keep those of unregistered ones until they are registered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.faults import DeviceFaults
from penstock.core.devices.models import Device, DeviceRef, DeviceStatus, Identifier, IdentifierKind
from penstock.core.devices.seen import SeenDevices
from penstock.core.telemetry.chains import led_by
from penstock.core.telemetry.errors import PayloadTooLarge
from penstock.core.telemetry.models import NewReading, Reading, Source
from penstock.core.telemetry.service import TelemetryService
from penstock.core.uplinks.config import UplinksConfig
from penstock.core.uplinks.decoding import UplinkDecoder, decoded_payload, kept_message
from penstock.core.uplinks.errors import CodecsBusy, TooManyUnregistered, UnregisteredNotFound
from penstock.core.uplinks.models import SENT_BY_DEVICE, Network, NetworkMessage
from penstock.core.uplinks.store import KeptReading, UnregisteredDevice, UplinkTransaction
from penstock.kit.clock import Clock, format_time
from penstock.kit.errors import InvalidInput, PenstockError
from penstock.kit.ids import CustomerId, DeviceId, OrgId, ProjectId
from penstock.kit.paging import Page, decode_cursor, page_of

MOVED_AT_ONCE = 500
Pace = Callable[[Sequence[NewReading]], Awaitable[Mapping[int, PenstockError]]]
"""Delays old readings as required. Returns the errors of those that cannot be stored now, by position."""


Route = Callable[[DeviceRef, str | None], Awaitable[None]]
"""Places a device that has no placement by the tenant name in its uplink."""


class UplinkResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of an uplink. `registered`: it was stored for a device; otherwise it waits for one.

    `quarantined`: its time is too far in the future.
    """

    eui: str
    time_us: int
    registered: bool
    quarantined: bool


class UplinkService:
    """Uplinks of an organisation's devices."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[UplinkTransaction],
        directory: DeviceDirectory,
        telemetry: TelemetryService,
        decoder: UplinkDecoder,
        pace: Pace,
        faults: DeviceFaults,
        seen: SeenDevices,
        trail: AuditTrail,
        clock: Clock,
        config: UplinksConfig,
        route: Route,
    ) -> None:
        self._route = route
        self._database = database
        self._directory = directory
        self._telemetry = telemetry
        self._decoder = decoder
        self._pace = pace
        self._faults = faults
        self._seen = seen
        self._trail = trail
        self._clock = clock
        self._config = config

    async def decode(self, org_id: OrgId, message: NetworkMessage) -> NetworkMessage:
        """An uplink with the values of its device's codec, for callers that check values before they are stored.

        Raises:
            CodecsBusy.
        """
        device = None if message.eui is None else await self._directory.find_by_eui(org_id, message.eui)
        return message if device is None else await self.decode_of(device, message)

    async def decode_of(self, device: DeviceRef, message: NetworkMessage) -> NetworkMessage:
        """As `decode`, if the device is already known.

        Raises:
            CodecsBusy.
        """
        return await self._decoder.decode(device, message)

    async def take(self, actor: Actor, message: NetworkMessage, values: Mapping[str, object]) -> UplinkResult:
        """Store an uplink's values with its radio facts under `lorawan`. When this returns, they are on disk.

        If the device's codec has not run yet, it runs first, and its values replace `values`.

        Raises:
            InvalidInput: the message names no device.
            MonthlyLimitExceeded, BackfillPaced, DevicePaused, PayloadTooLarge, TooManyUnregistered, LogFull, DiskFull, LogFailed,
                CodecsBusy.
        """
        message, eui = self.timed(message), message.eui
        if eui is None:
            raise InvalidInput.field("dev_eui", "is required")
        device = await self._directory.find_by_eui(actor.org_id, eui)
        if device is None:
            device = await self.keep(actor.org_id, message, message.payload(values))
        if device is not None:
            decoded = await self.decode_of(device, message)
            if decoded is not message:
                message, values = decoded, decoded.values or {}
            key, payload = message.dedupe_key, message.payload(values)
            reading = NewReading(device, payload, message.time_us, dedupe_key=key, source=Source.LORAWAN)
            await self.store(led_by(actor.chain, reading))
            self.note_faults(device, message)
            await self.route(device, message)
        time_us = self._clock.now_us() if message.time_us is None else message.time_us
        is_ahead = self._telemetry.is_ahead(time_us)
        return UplinkResult(eui=eui, time_us=time_us, registered=device is not None, quarantined=is_ahead)

    async def route(self, device: DeviceRef, message: NetworkMessage) -> None:
        """Place a device that has no placement with the customer whose tenant name a message of it contains."""
        await self._route(device, message.tenant_name)

    async def store(self, reading: NewReading) -> Reading:
        """Store a reading of a registered device, delayed if it is an old one.

        Raises:
            MonthlyLimitExceeded, BackfillPaced, DevicePaused, PayloadTooLarge, LogFull, DiskFull, LogFailed.
        """
        for error in (await self._pace((reading,))).values():
            raise error
        return (await self._telemetry.ingest((reading,)))[0]

    async def skip(self, actor: Actor, message: NetworkMessage) -> None:
        """Record a message without a reading: its device was seen nevertheless."""
        device = None if message.eui is None else await self._directory.find_by_eui(actor.org_id, message.eui)
        if device is not None:
            self.note_faults(device, message)
            await self.note_seen(device, message)

    def timed(self, message: NetworkMessage) -> NetworkMessage:
        """A message without its time if the network server's clock is ahead, which must not cost the device's values.

        The time of a custom form is its sender's own.
        """
        time_us = message.time_us
        if time_us is None or message.network is Network.CUSTOM or not self._telemetry.is_ahead(time_us):
            return message
        fault = f"the network server's time {format_time(time_us)} is in the future; the time of arrival is used"
        return msgspec.structs.replace(message, time_us=None, time_fault=fault)

    async def note_seen(self, device: DeviceRef, message: NetworkMessage) -> None:
        """Record that a device was seen, if it sent the message."""
        if message.kind in SENT_BY_DEVICE:
            await self._seen.record(device)

    def note_faults(self, device: DeviceRef, message: NetworkMessage) -> None:
        """Count on a device what could not be read of its message, although the message was stored."""
        if message.time_fault is not None:
            self._faults.record_malformed(device, message.time_fault)

    async def keep(self, org_id: OrgId, message: NetworkMessage, payload: bytes) -> DeviceRef | None:
        """Keep a reading for an unregistered device. Returns the device instead if it was registered in the meantime.

        Raises:
            MonthlyLimitExceeded, PayloadTooLarge, TooManyUnregistered.
        """
        self._telemetry.check(NewReading(DeviceRef(DeviceId(0), org_id, ProjectId(0), DeviceStatus.ACTIVE), payload))
        # Counted on arrival, and not again when the reading moves to its device.
        await self._telemetry.take_kept(org_id)
        is_new, device = False, None
        try:
            async with self._database.transaction(org_id) as tx:
                device = await _device(tx, message.eui or "")
                found = device is None and await self._keep(tx, message, payload)
            is_new = found  # only now, because the commit can fail
        finally:
            if not is_new:
                self._telemetry.drop_kept(org_id)
        return device

    async def _keep(self, tx: UplinkTransaction, message: NetworkMessage, payload: bytes) -> bool:
        """Keep a reading of an unregistered device. Returns whether it is new."""
        now_us, eui = self._clock.now_us(), message.eui or ""
        known = await tx.unregistered.find(eui)
        if known is None and await tx.unregistered.count() >= self._config.max_unregistered_devices:
            raise TooManyUnregistered(count=self._config.max_unregistered_devices)
        customer = await tx.customers.find_by_tenant(message.tenant_name) if message.tenant_name else None
        unregistered = UnregisteredDevice(
            eui=eui,
            customer_id=customer.id if customer else None,
            device_name=message.device_name,
            tenant_name=message.tenant_name,
            network=message.network.value,
            first_seen_us=now_us,
            last_seen_us=now_us,
        )
        time_us = now_us if message.time_us is None else message.time_us
        reading = KeptReading(time_us=time_us, received_us=now_us, payload=payload, dedupe_key=message.dedupe_key)
        return await tx.unregistered.keep(unregistered, reading, self._config.max_unregistered_readings)

    async def list_unregistered(
        self, actor: Actor, customer_id: CustomerId | None, limit: int, cursor: str | None
    ) -> Page[UnregisteredDevice]:
        """Unregistered devices that reported, by EUI: all, or those routed to a customer."""
        after = decode_cursor(cursor, tuple[str])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.unregistered.list(customer_id, limit + 1, after[0] if after else "")
        return page_of(found, limit, lambda last: (last.eui,))

    async def forget_unregistered(self, actor: Actor, eui: str) -> None:
        """Delete an unregistered device and its readings.

        Raises:
            UnregisteredNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            found = await tx.unregistered.find(eui)
            if found is None:
                raise UnregisteredNotFound(eui=eui[:64])
            await tx.unregistered.remove(eui)
            await self._trail.record(tx, actor, "device.forget", Target("eui", eui), readings=found.readings)

    async def ingest_kept(self, org_id: OrgId, device_id: DeviceId) -> None:
        """Move the readings kept for a device's EUIs into the log. For the worker that follows created and changed devices.

        Idempotent by the readings' keys: one that was moved but not yet deleted is moved again and stored once. They were counted
        against the plan's month when they arrived.
        """
        async with self._database.snapshot(org_id) as tx:
            device = await tx.devices.find(device_id)
        if device is None or device.status is not DeviceStatus.ACTIVE:
            return  # resuming the device is a change that calls this again
        for identifier in device.identifiers:
            if identifier.kind is IdentifierKind.EUI:
                await self._move(device, identifier.value)

    async def _move(self, device: Device, eui: str) -> None:
        ref = device.ref()
        while True:
            async with self._database.snapshot(device.org_id) as tx:
                waiting = await tx.unregistered.find(eui)
                if waiting is None:
                    return  # the case for nearly every device: avoids a write
                kept = await tx.unregistered.readings(eui, MOVED_AT_ONCE)
            await self._route(ref, waiting.tenant_name)
            if kept:
                await self._append(ref, eui, kept)
            async with self._database.transaction(device.org_id) as tx:
                if kept:
                    await tx.unregistered.remove_readings(eui, kept[-1].id)
                # Nothing was kept since the read: `keep` now finds the device that has this EUI.
                if len(kept) < MOVED_AT_ONCE:
                    await tx.unregistered.remove(eui)
                    return

    async def _append(self, device: DeviceRef, eui: str, kept: list[KeptReading]) -> None:
        received = []
        for one in kept:
            key = one.dedupe_key or f"unregistered:{eui}:{one.id}:{one.received_us}"
            payload = await self._decoded(device, eui, one)
            reading = NewReading(device, payload, one.time_us, dedupe_key=key, source=Source.LORAWAN)
            try:
                received += self._telemetry.receive([reading])
            except PayloadTooLarge:
                continue  # a setting was lowered, which must not block the events of all organisations
        if received:
            for moved in received:
                moved.counted = None  # on arrival, by `keep`
            await self._telemetry.append(received)

    async def _decoded(self, device: DeviceRef, eui: str, kept: KeptReading) -> bytes:
        """The payload of a kept reading, with the values of the codec that its device has now.

        It does not wait for a busy codec: one organisation's uplinks must not block the events of all others.
        """
        message, metadata = kept_message(eui, kept)
        try:
            decoded = await self._decoder.decode(device, message)
        except CodecsBusy:
            return kept.payload
        return kept.payload if decoded is message else decoded_payload(decoded, metadata)


async def _device(tx: UplinkTransaction, eui: str) -> DeviceRef | None:
    found = await tx.devices.find_by_identifier(Identifier(kind=IdentifierKind.EUI, value=eui))
    return found.ref() if found else None
