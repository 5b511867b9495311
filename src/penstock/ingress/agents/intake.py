"""Handles an agent's rows: readings go to the log, reports to the command queue. A row is acknowledged when it is on disk."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol

from penstock.core.actor import Actor, ActorKind
from penstock.core.commands.errors import ExecutionNotFound, MoveNotAllowed
from penstock.core.commands.ports import CommandDispatch
from penstock.core.devices.models import DeviceRef
from penstock.core.limits.backfill import BackfillLane
from penstock.core.limits.errors import BackfillPaced
from penstock.core.telemetry.connection_records import connection_record
from penstock.core.telemetry.errors import LogFull, PayloadTooLarge
from penstock.core.telemetry.models import NewReading, Source
from penstock.core.telemetry.service import TelemetryService
from penstock.ingress.agents.translate import TIME_FIELD, Frame, to_acknowledgement, to_malformed, to_new_reading
from penstock.kit.event_time import time_fault
from penstock.kit.ids import Prefix, decode
from penstock_agent import wire

RETRY_S = 0.05
"""The delay before a full log is tried again.

It does not double, because a full log is not a failure: the disk makes room within milliseconds. An agent that waited longer
would find the log full again, because others had taken the room.
"""
Refused = tuple[int, str]


class Faults(Protocol):
    """Counts malformed messages of devices, and connections that the server closed."""

    def record_malformed(self, device: DeviceRef, reason: str) -> None:
        """Count one message."""

    def record_cut(self, device: DeviceRef, reason: str) -> None:
        """Count one connection."""


class Intake:
    """Stores agents' messages, one frame at a time and in order."""

    def __init__(self, telemetry: TelemetryService, lane: BackfillLane, faults: Faults, dispatch: CommandDispatch) -> None:
        self._telemetry = telemetry
        self._lane = lane
        self._faults = faults
        self._dispatch = dispatch

    def note_cut(self, device: DeviceRef, reason: str) -> None:
        """Count on a device that the server closed or rejected its agent's connection."""
        self._faults.record_cut(device, reason)

    async def store(self, device: DeviceRef, spool: str, frame: Frame) -> wire.Ack:
        """Store every row of a frame, and return the rows that will never be stored.

        Waits while the disk is behind or the device's backfill lane is full; the agent waits with it.

        Raises:
            DevicePaused, MonthlyLimitExceeded, DiskFull, LogFailed, StorageUnavailable: the agent can send the whole frame
            again.
        """
        assert isinstance(frame.meaning, wire.Rows)
        rows, refused = frame.meaning.rows, []
        waiting: list[NewReading] = []
        for place, row in enumerate(rows):
            if isinstance(row, wire.Report):
                await self._ingest(waiting)  # readings from before a command ended are stored before its result
                waiting = []
                refused += await self._report(device, row, frame.faults.get(place))
                continue
            reading = to_new_reading(device, spool, row, frame.payloads[place])
            reason = self._fault(reading, row, frame.faults.get(place))
            if reason is None:
                waiting.append(reading)
            else:
                await self._set_aside(reading, reason)
                refused.append((row.seq, reason))
        await self._ingest(waiting)
        return wire.Ack(rows[-1].seq, tuple(refused))

    async def record_connection(self, device: DeviceRef, at_us: int, *, connected: bool) -> None:
        """Store that the device's agent connected or disconnected, as a reading of kind `status`.

        The server makes it, so it does not count towards the organisation's monthly limit.

        Raises:
            DevicePaused, DiskFull, LogFailed: nothing was stored.
        """
        readings = self._telemetry.receive([connection_record(device, at_us, connected=connected)])
        # Its arrival is the change itself, however long the log takes.
        readings[0].received_us = at_us
        while True:
            try:
                await self._telemetry.append(readings)
            except LogFull:
                await asyncio.sleep(RETRY_S)
            else:
                return

    def _fault(self, reading: NewReading, row: wire.Reading, found: str | None) -> str | None:
        if found is not None or not row.payload:
            return found or "a reading must be an object with at least one value"
        unreadable = time_fault(row.time, TIME_FIELD)
        if unreadable is not None:
            return unreadable
        try:
            self._telemetry.check(reading)
        except PayloadTooLarge as error:
            return error.detail
        return None

    async def _set_aside(self, reading: NewReading, reason: str) -> None:
        self._faults.record_malformed(reading.device, reason)
        kept = self._telemetry.quarantine(reading.device, to_malformed(reading.payload, reason), Source.AGENT)
        await self._telemetry.append([kept])

    async def _ingest(self, readings: Sequence[NewReading]) -> None:
        if readings:
            await self._pace(readings)
            while True:
                try:
                    await self._telemetry.ingest(readings)
                except LogFull:
                    await asyncio.sleep(RETRY_S)
                else:
                    return

    async def _pace(self, readings: Sequence[NewReading]) -> None:
        """Wait until the backfill lane admits the device's old readings."""
        before_us = self._lane.old_before_us()
        old = [one for one in readings if one.time_us is not None and one.time_us < before_us]
        while old:
            device, size_bytes = old[0].device, sum(len(one.payload) for one in old)
            try:
                wait_s = self._lane.take(device.org_id, device.id, len(old), size_bytes)
            except BackfillPaced as error:
                await asyncio.sleep(error.facts["retry_after_s"])
                continue
            with self._lane.waiting(size_bytes):
                await asyncio.sleep(wait_s)
            return

    async def _report(self, device: DeviceRef, report: wire.Report, fault: str | None) -> list[Refused]:
        """Pass a report to the command queue. A report that it rejects is refused, since it would always be rejected."""
        actor = Actor(org_id=device.org_id, kind=ActorKind.DEVICE, id=device.id)
        execution_id = decode(Prefix.EXECUTION, report.id)
        try:
            if execution_id is None:
                raise ExecutionNotFound(execution_id=report.id[:64])
            if report.status == "received" and report.progress is None:
                await self._dispatch.received(actor, execution_id)
            else:
                await self._dispatch.acknowledge(actor, execution_id, to_acknowledgement(report, fault))
        except (ExecutionNotFound, MoveNotAllowed) as error:
            return [(report.seq, error.detail)]
        return []
