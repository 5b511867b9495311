"""Creates webhook messages: from events of the outbox, readings of the log, and entries of the audit log.

Nothing here delays a device's acknowledgement: each source is followed after its own commit. Messages are written in the same
transaction as the cursor of their source, and each is identified by its event and endpoint, so that an event that is processed
twice after a crash is one message with one id.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
import structlog

from penstock.core.alerts.events import ACKNOWLEDGED, CLEARED, is_snoozed
from penstock.core.audit.models import AuditEntry, AuditFilter
from penstock.core.database import Database, OpensOrganizations
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.models import Device
from penstock.core.outbox import OutboxEntry
from penstock.core.telemetry.chains import chain_text
from penstock.core.telemetry.models import Reading
from penstock.core.telemetry.store import HasCursors, ReadingLog
from penstock.core.tenancy.models import Project
from penstock.core.vault.errors import KeysMissing, SecretDamaged
from penstock.core.webhooks.bodies import Bodies, EventPayloads
from penstock.core.webhooks.events import of_audit, of_outbox, of_reading
from penstock.core.webhooks.formats import BatchingFormat, Subject, WebhookFormat, WebhookFormats
from penstock.core.webhooks.models import Endpoint, Event, Gathered, Message
from penstock.core.webhooks.registry import EndpointRegistry
from penstock.core.webhooks.service import Wake
from penstock.core.webhooks.store import WebhookTransaction
from penstock.core.webhooks.topics import AUDIT, BATCH
from penstock.kit.clock import Clock
from penstock.kit.ids import AuditSeq, DeviceId, IdSource, OrgId, ProjectId, Seq, WebhookId, WebhookMessageId
from penstock.workers.loop import run_loop

CONSUMER = "webhooks"
INTERVAL_S = 0.25
GATHER_S = 0.01
"""How long it waits for more after a commit of the log has woken it."""
STEP_ROWS = 2_000
SLICE_ROWS = 100
"""Readings processed before the event loop runs other tasks."""
AUDIT_ROWS = 500
KEPT_EVERY = 50_000
"""The position in the log is written after this many readings, even if no endpoint subscribes to them."""
MAX_DEVICES = 10_000
_SENT_ALWAYS = (ACKNOWLEDGED, CLEARED)
"""Events that are sent of snoozed alerts too: without them, a receiver would keep an alert open that it received before."""
_log = structlog.get_logger()


class SourcesSystemTransaction(HasCursors, OpensOrganizations[WebhookTransaction], Protocol):
    """The stores to which messages are written, and the position in the log."""


class _Found:
    """The messages for a part of a source, by organisation."""

    def __init__(self) -> None:
        self.messages: dict[OrgId, list[Message]] = defaultdict(list)
        self.gathered: dict[OrgId, list[Gathered]] = defaultdict(list)
        self.endpoints: set[WebhookId] = set()

    def __bool__(self) -> bool:
        return bool(self.endpoints)


class WebhookSources:
    """The worker. The outbox's worker calls `on_events` with its entries."""

    def __init__(
        self,
        *,
        database: Database[WebhookTransaction, SourcesSystemTransaction],
        log: ReadingLog,
        registry: EndpointRegistry,
        directory: DeviceDirectory,
        formats: WebhookFormats,
        bodies: Bodies,
        payloads: EventPayloads,
        ids: IdSource,
        clock: Clock,
        wake: Wake,
    ) -> None:
        self._database = database
        self._log = log
        self._registry = registry
        self._formats = formats
        self._bodies = bodies
        self._payloads = payloads
        self._ids = ids
        self._clock = clock
        self._wake = wake
        self._devices: dict[DeviceId, Device] = {}
        self._cursor: Seq | None = None
        self._kept = 0
        self._audit: dict[OrgId, AuditSeq] = {}
        self._news = asyncio.Event()
        self._listens = False
        directory.subscribe(self._forget)
        log.subscribe(self._on_commit)

    @property
    def lag(self) -> int:
        """How many sequence numbers it is behind the log."""
        return self._log.last_seq - (self._cursor or 0)

    async def run(self) -> None:
        """Follow every source until cancelled."""
        await run_loop(self.step, INTERVAL_S, "webhooks_delayed", self._news, gather_s=GATHER_S)

    async def step(self) -> bool:
        """Process the next part of each source. Returns whether there is more immediately."""
        await self._registry.load()
        readings, audit = await self._step_readings(), await self._step_audit()
        await self._step_batches()
        return readings or audit

    async def on_events(self, entries: Sequence[OutboxEntry]) -> None:
        """Queue the messages of outbox entries in one transaction. Idempotent by the id of each."""
        await self._registry.load()
        found = _Found()
        for entry in entries:
            event = await self._event(entry)
            if event is not None:
                await self._match(event, found)
        await self._write(found)

    async def _event(self, entry: OutboxEntry) -> Event | None:
        """The event of an entry; None if no endpoint receives it."""
        if entry.topic not in _SENT_ALWAYS and is_snoozed(entry.topic, entry.body):
            return None
        event = of_outbox(entry, self._clock.now_us())
        if entry.topic not in self._payloads.topics:
            return event
        if not any(self._registry.matching(event)):
            return None
        data = await self._data(entry)
        return None if data is None else msgspec.structs.replace(event, data=msgspec.json.encode(data))

    async def _data(self, entry: OutboxEntry) -> dict[str, Any] | None:
        try:
            return await self._payloads.data(entry)
        except (SecretDamaged, KeysMissing) as error:
            # Repeating it would not help, and would hold up all other events.
            _log.error("event_unreadable", topic=entry.topic, subject=entry.subject_id, reason=error.detail)
            return None

    def _on_commit(self, _: Sequence[Reading]) -> None:
        if self._listens:
            self._news.set()

    async def _step_readings(self) -> bool:
        if self._cursor is None:
            async with self._database.system_snapshot() as tx:
                # The stored position can be beyond the log's end, if the newest segment was moved away.
                self._cursor = self._kept = min(Seq(await tx.cursor(CONSUMER)), self._log.last_seq)
        wanting = self._registry.organizations_subscribed_to_readings()
        self._listens = bool(wanting)
        if not wanting:
            # No endpoint subscribes to readings: the log is not read, and the position in it is only moved in memory.
            self._cursor = self._log.last_seq
            return False
        if self._cursor >= self._log.last_seq:
            return False
        readings = await self._log.read_after(self._cursor, STEP_ROWS)
        if readings:
            failed = self._registry.failed_evaluations
            found = await self._process(readings, wanting)
            last = readings[-1].seq
            # A failed filter is counted: after a restart it must not be counted again.
            if found or last - self._kept >= KEPT_EVERY or failed != self._registry.failed_evaluations:
                await self._write(found, (CONSUMER, last))
                self._kept = last
            self._cursor = last
        return len(readings) == STEP_ROWS

    async def _process(self, readings: Sequence[Reading], wanting: frozenset[OrgId]) -> _Found:
        found = _Found()
        for start in range(0, len(readings), SLICE_ROWS):
            for reading in readings[start : start + SLICE_ROWS]:
                if reading.org_id in wanting:
                    await self._match(of_reading(reading), found)
            await asyncio.sleep(0)
        return found

    async def _step_audit(self) -> bool:
        more = False
        for org_id, since_us in self._registry.organizations_subscribed_to(AUDIT).items():
            entries = await self._audit_after(org_id, since_us)
            if not entries:
                continue
            found = _Found()
            for entry in entries:
                await self._match(of_audit(entry), found)
            last = entries[-1].seq
            await self._write(found, (f"{CONSUMER}.audit.{org_id}", last))
            self._audit[org_id] = last
            more = more or len(entries) == AUDIT_ROWS
        return more

    async def _audit_after(self, org_id: OrgId, since_us: int) -> list[AuditEntry]:
        async with self._database.system_snapshot() as tx:
            of_org = tx.for_organization(org_id)
            if org_id not in self._audit:
                self._audit[org_id] = AuditSeq(await tx.cursor(f"{CONSUMER}.audit.{org_id}"))
            head = await of_org.audit.head()
            if head is None or head.seq <= self._audit[org_id]:
                return []
            found = await of_org.audit.oldest(AuditFilter(from_us=since_us), AUDIT_ROWS, self._audit[org_id])
        if not found:
            self._audit[org_id] = head.seq  # all entries are from before, and need not be read again
        return found

    async def _match(self, event: Event, found: _Found) -> None:
        for entry in self._registry.matching(event):
            if event.at_us < entry.endpoint.since_us and not event.key.startswith("outbox:"):
                continue  # it occurred before the endpoint subscribed
            form = self._formats.find(entry.endpoint.format)
            if form is None:
                continue  # the dialect of this format was deleted
            # Standard messages without a filter are created without looking up the device.
            device = await self._device(event) if entry.interest.needs_device or form.traits.needs_device else None
            if entry.interest.accepts(event, device):
                await self._queue(entry.endpoint, form, event, device, found)

    async def _queue(self, endpoint: Endpoint, form: WebhookFormat, event: Event, device: Device | None, found: _Found) -> None:
        now_us = self._clock.now_us()
        if event.reading is not None and endpoint.options.batch_readings > 1:
            reading = Gathered(endpoint_id=endpoint.id, event_key=event.key, body=event.data, created_us=now_us)
            found.gathered[event.org_id].append(reading)
            found.endpoints.add(endpoint.id)
            return
        message_id = self._ids.next(WebhookMessageId)
        project = await self._project(endpoint) if form.traits.of_project else None
        body = form.body(event, Subject(endpoint=endpoint, message_id=message_id, device=device, project=project))
        if body is None:
            return
        project_id = endpoint.project_id or (device.project_id if device else event.project_id or ProjectId(0))
        message = Message(
            id=message_id,
            org_id=event.org_id,
            endpoint_id=endpoint.id,
            event_key=event.key,
            topic=event.topic,
            device_id=event.device_id,
            project_id=project_id,
            created_us=now_us,
            due_us=now_us,
            body=body,
            chain=chain_text(event.chain),
        )
        found.messages[event.org_id].append(await self._bodies.seal(message))
        found.endpoints.add(endpoint.id)

    async def _device(self, event: Event) -> Device | None:
        """The device of an event: from the cache, except for the fields that the event itself may have changed."""
        if event.device_id is None:
            return None
        device = self._devices.get(event.device_id)
        if device is None or event.reading is None:
            async with self._database.snapshot(event.org_id) as tx:
                device = await tx.devices.find(event.device_id)
            if device is not None:
                if len(self._devices) >= MAX_DEVICES:
                    self._devices.clear()
                self._devices[device.id] = device
        return device

    def _forget(self, device_id: DeviceId) -> None:
        self._devices.pop(device_id, None)

    async def _project(self, endpoint: Endpoint) -> Project | None:
        if endpoint.project_id is None:
            return None
        async with self._database.snapshot(endpoint.org_id) as tx:
            return await tx.projects.find(endpoint.project_id)

    async def _write(self, found: _Found, cursor: tuple[str, int] | None = None) -> None:
        if not found and cursor is None:
            return
        async with self._database.system() as tx:
            for org_id, messages in found.messages.items():
                await self._bodies.confirm(org_id, messages)
                await tx.for_organization(org_id).webhook_messages.add(messages)
            for org_id, gathered in found.gathered.items():
                await tx.for_organization(org_id).webhook_messages.gather(gathered)
            if cursor is not None:
                await tx.set_cursor(*cursor)
        # After the commit: a lane that is woken earlier finds nothing, and ends.
        for endpoint_id in found.endpoints:
            self._wake(endpoint_id)

    async def _step_batches(self) -> None:
        for entry in self._registry.all():
            form = self._formats.find(entry.endpoint.format)
            if isinstance(form, BatchingFormat) and entry.endpoint.options.batch_readings > 1:
                while await self._batch(entry.endpoint, form):
                    pass

    async def _batch(self, endpoint: Endpoint, form: BatchingFormat) -> bool:
        """Create a message if enough readings wait, or have waited long enough. Returns whether there may be more."""
        options, now_us = endpoint.options, self._clock.now_us()
        async with self._database.snapshot(endpoint.org_id) as snapshot:
            waiting = await snapshot.webhook_messages.gathered(endpoint.id, options.batch_readings)
        if not waiting:
            return False
        full = len(waiting) == options.batch_readings
        if not full and endpoint.enabled and now_us - waiting[0][1].created_us < options.batch_wait_us:
            return False
        async with self._database.transaction(endpoint.org_id) as tx:
            await self._send_batch(tx, endpoint, form, waiting)
        self._wake(endpoint.id)
        return full

    async def _send_batch(
        self, tx: WebhookTransaction, endpoint: Endpoint, form: BatchingFormat, waiting: Sequence[tuple[int, Gathered]]
    ) -> None:
        now_us, message_id = self._clock.now_us(), self._ids.next(WebhookMessageId)
        message = Message(
            id=message_id,
            org_id=endpoint.org_id,
            endpoint_id=endpoint.id,
            event_key=f"batch:{waiting[0][1].event_key}",
            topic=BATCH,
            device_id=None,
            project_id=endpoint.project_id or ProjectId(0),
            created_us=now_us,
            due_us=now_us,
            body=form.batch(message_id, now_us, [one.body for _, one in waiting]),
        )
        await tx.webhook_messages.add([message])
        await tx.webhook_messages.drop_gathered(endpoint.id, waiting[-1][0])
