"""Use cases on uplinks: ingest those of registered devices, keep those of unregistered ones until they are registered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import blake2b

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.faults import DeviceFaults
from penstock.core.devices.models import Device, DeviceRef, DeviceStatus, Identifier, IdentifierKind
from penstock.core.devices.seen import SeenDevices
from penstock.core.limits.errors import BackfillPaced
from penstock.core.telemetry.chains import led_by
from penstock.core.telemetry.errors import PayloadTooLarge
from penstock.core.telemetry.models import KIND_TELEMETRY, NewReading, Reading, Source
from penstock.core.telemetry.service import TelemetryService
from penstock.core.uplinks.config import UplinksConfig
from penstock.core.uplinks.decoding import UplinkDecoder, decoded_payload, kept_message
from penstock.core.uplinks.errors import CodecsBusy, TooManyUnregistered, UnregisteredNotFound
from penstock.core.uplinks.histories import Divided, Fault, divide
from penstock.core.uplinks.models import SENT_BY_DEVICE, Network, NetworkMessage
from penstock.core.uplinks.store import KeptReading, UnregisteredDevice, UplinkTransaction
from penstock.kit.clock import Clock, format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import CustomerId, DeviceId, OrgId, ProjectId, RuleId
from penstock.kit.paging import Page, decode_cursor, page_of

MOVED_AT_ONCE = 500
MAX_SET_ASIDE_BYTES = 4_096
"""How much of an element that is not a reading is quarantined."""
Pace = Callable[[Sequence[NewReading]], Awaitable[dict[int, BackfillPaced]]]
"""Delays old readings as required. Returns the errors of those that cannot be stored now, by position."""


Route = Callable[[DeviceRef, str | None], Awaitable[None]]
"""Places a device that has no placement by the tenant name in its uplink."""


class UplinkResult(msgspec.Struct, frozen=True, kw_only=True):
    """The result of an uplink. `registered`: it was stored for a device; otherwise it waits for one.

    `quarantined`: its time is too far in the future, or of several readings the time of at least one.
    `time_us` is the time of the newest of its `readings` that is not in the future.
    """

    eui: str
    time_us: int
    registered: bool
    quarantined: bool
    readings: int = 1


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
                divided = self.divide(message)
                if divided is not None:  # it was registered since its codec was looked for
                    return await self.take_all(actor, message, divided)
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

    async def take_all(self, actor: Actor, message: NetworkMessage, divided: Divided) -> UplinkResult:
        """Store the readings of an uplink. When this returns, they are on disk.

        Raises:
            InvalidInput: the message names no device.
            MonthlyLimitExceeded, BackfillPaced, DevicePaused, PayloadTooLarge, TooManyUnregistered, LogFull, DiskFull, LogFailed.
        """
        if message.eui is None:
            raise InvalidInput.field("dev_eui", "is required")
        device = await self._directory.find_by_eui(actor.org_id, message.eui)
        if device is None:
            device = await self.keep_all(actor.org_id, message, divided)
        if device is not None:
            await self.store_all(device, divided, KIND_TELEMETRY, actor.chain)
            self.note_faults(device, message)
            await self.route(device, message)
        newest_us = divided.parts[-1].message.time_us if divided.parts else message.time_us
        time_us = self._clock.now_us() if newest_us is None else newest_us
        return UplinkResult(
            eui=message.eui,
            time_us=time_us,
            registered=device is not None,
            quarantined=any(self._telemetry.is_ahead(part.message.time_us or 0) for part in divided.parts),
            readings=len(divided.parts),
        )

    def divide(self, message: NetworkMessage) -> Divided | None:
        """The readings of an uplink, if it has several.

        Raises:
            InvalidInput: there are too many; or, in a custom format, one is invalid.
        """
        return divide(message, self._clock.now_us(), self._config.max_readings, self._telemetry.is_ahead)

    async def store_all(self, device: DeviceRef, divided: Divided, kind: str, chain: tuple[RuleId, ...] = ()) -> list[Reading]:
        """Store the readings of an uplink, and before them, in quarantine, the elements that are none. Returns all of them.

        Old ones may have to be sent again, because they are paced: the others are stored all the same, and then once.

        Raises:
            BackfillPaced: old readings were not stored.
            MonthlyLimitExceeded, DevicePaused, LogFull, DiskFull, LogFailed: nothing was stored.
        """
        new, faults = self._readings(device, divided, kind, chain)
        paced = await self._pace(new)
        received = [self._set_aside(device, fault) for fault in faults]
        received += self._telemetry.receive([one for place, one in enumerate(new) if place not in paced])
        if received:
            if not self._telemetry.unlimited(device.org_id):
                await self._telemetry.take(received)
            await self._telemetry.append(received)
        if paced:
            raise paced.pop(min(paced))
        return received

    def _readings(
        self, device: DeviceRef, divided: Divided, kind: str, chain: tuple[RuleId, ...]
    ) -> tuple[list[NewReading], list[Fault]]:
        """The readings of an uplink that can be stored, and what is to be set aside."""
        found: list[NewReading] = []
        faults = list(divided.faults)
        for part in divided.parts:
            message = part.message
            payload = message.payload(message.values or {})
            reading = NewReading(device, payload, message.time_us, kind, None, message.dedupe_key, Source.LORAWAN)
            try:
                self._telemetry.check(reading)
            except PayloadTooLarge as error:
                faults.append(Fault(message.values, f"{part.place}: {error.detail}"))
            else:
                found.append(led_by(chain, reading))
        return found, faults

    def _set_aside(self, device: DeviceRef, fault: Fault) -> Reading:
        self._faults.record_malformed(device, fault.reason)
        text = msgspec.json.encode(fault.element)[:MAX_SET_ASIDE_BYTES].decode("utf-8", "ignore")
        payload = msgspec.json.encode({"reason": fault.reason, "payload": text})
        # A repeated uplink must not fill the quarantine.
        key = f"element\n{blake2b(payload, digest_size=16).hexdigest()}"
        return self._telemetry.quarantine(device, payload, Source.LORAWAN, key)

    async def store(self, reading: NewReading) -> Reading:
        """Store a reading of a registered device, delayed if it is an old one.

        Raises:
            MonthlyLimitExceeded, BackfillPaced, DevicePaused, PayloadTooLarge, LogFull, DiskFull, LogFailed.
        """
        paced = await self._pace((reading,))
        if paced:
            raise paced.pop(0)
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
        return await self._keep_each(org_id, message, [(message, payload)])

    async def keep_all(self, org_id: OrgId, message: NetworkMessage, divided: Divided) -> DeviceRef | None:
        """As `keep`, for an uplink with several readings. Elements that are none are lost: no device shows a quarantine.

        Raises:
            MonthlyLimitExceeded, PayloadTooLarge, TooManyUnregistered.
        """
        messages = [part.message for part in divided.parts]
        return await self._keep_each(org_id, message, [(one, one.payload(one.values or {})) for one in messages])

    async def _keep_each(
        self, org_id: OrgId, message: NetworkMessage, readings: list[tuple[NetworkMessage, bytes]]
    ) -> DeviceRef | None:
        for _, payload in readings:
            self._telemetry.check(NewReading(DeviceRef(DeviceId(0), org_id, ProjectId(0), DeviceStatus.ACTIVE), payload))
        # Counted on arrival, and not again when the readings move to their device.
        await self._telemetry.take_kept(org_id, len(readings))
        new, device = 0, None
        try:
            async with self._database.transaction(org_id) as tx:
                device = await _device(tx, message.eui or "")
                found = 0 if device is not None else await self._keep(tx, message, readings)
            new = found  # only now, because the commit can fail
        finally:
            self._telemetry.drop_kept(org_id, len(readings) - new)
        return device

    async def _keep(self, tx: UplinkTransaction, message: NetworkMessage, readings: list[tuple[NetworkMessage, bytes]]) -> int:
        """Keep the readings of an uplink of an unregistered device. Returns how many are new."""
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
        new = 0
        for one, payload in readings:
            time_us = now_us if one.time_us is None else one.time_us
            reading = KeptReading(time_us=time_us, received_us=now_us, payload=payload, dedupe_key=one.dedupe_key)
            new += await tx.unregistered.keep(unregistered, reading, self._config.max_unregistered_readings)
        return new

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
            for payload, time_us, key in await self._decoded(device, eui, one):
                reading = NewReading(device, payload, time_us, dedupe_key=key, source=Source.LORAWAN)
                try:
                    received += self._telemetry.receive([reading])
                except PayloadTooLarge:
                    continue  # a setting was lowered, which must not block the events of all organisations
        if received:
            for moved in received:
                # On arrival, by `keep`. What a codec finds in an uplink besides is not counted: a full month must not block the
                # events of all organisations either.
                moved.counted = None
            await self._telemetry.append(received)

    async def _decoded(self, device: DeviceRef, eui: str, kept: KeptReading) -> list[tuple[bytes, int, str]]:
        """A kept reading with the values of the codec that its device has now, which may be several: payload, time and key of
        each.

        It does not wait for a busy codec: one organisation's uplinks must not block the events of all others.
        """
        key = kept.dedupe_key or f"unregistered:{eui}:{kept.id}:{kept.received_us}"
        message, metadata = kept_message(eui, kept, key)
        try:
            decoded = await self._decoder.decode(device, message)
        except CodecsBusy:
            decoded = message
        if decoded is message:
            return [(kept.payload, kept.time_us, key)]
        divided = self.divide(decoded)
        if divided is None:
            time_us = kept.time_us if decoded.time_us is None else decoded.time_us
            return [(decoded_payload(decoded, metadata), time_us, key)]
        for fault in divided.faults:
            self._faults.record_malformed(device, fault.reason)
        messages = [part.message for part in divided.parts]
        return [
            (
                one.payload(one.values or {}) if one.history else decoded_payload(one, metadata),
                kept.time_us if one.time_us is None else one.time_us,
                one.dedupe_key or f"{key}\n{number}",
            )
            for number, one in enumerate(messages)
        ]


async def _device(tx: UplinkTransaction, eui: str) -> DeviceRef | None:
    found = await tx.devices.find_by_identifier(Identifier(kind=IdentifierKind.EUI, value=eui))
    return found.ref() if found else None
