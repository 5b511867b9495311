"""Previews of alerts: when a definition would have been raised for a device by its stored history. Nothing is stored or done."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.alerts.checks import check_alert, check_rights
from penstock.core.alerts.conditions import ConnectivityIs
from penstock.core.alerts.expressions import compiled_test
from penstock.core.alerts.machine import Cleared, Effect, Machine, Raised, State
from penstock.core.alerts.models import Alert, ClearReason, NewAlert, WatchedDevice
from penstock.core.alerts.store import AlertTransaction
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.connectivity import ConnectivityQuery
from penstock.core.devices.connectivity_service import ConnectivityService
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.devices.models import Connectivity, Device
from penstock.core.expressions.error_counts import ErrorCount, EvaluationErrors, Use
from penstock.core.telemetry.fields import Scalar
from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange
from penstock.core.telemetry.service import TelemetryService
from penstock.kit.clock import Clock
from penstock.kit.ids import AlertId, DeviceId, Prefix, encode

MAX_READINGS = 10_000
"""How many readings a preview evaluates: the first of the range."""
MAX_CHANGES = 1_000
"""How many changes of connectivity a preview evaluates: the last of the range."""
MAX_TIMES = 500
"""How many of the times are returned: the first ones."""
SLICE_ROWS = 1_000
_NOT_DATA = frozenset({"status"})


class WouldBeRaised(msgspec.Struct, kw_only=True):
    """One time that the alert would have been raised, and cleared again; still raised at the end without `cleared_us`."""

    raised_us: int
    value: Scalar | None
    cleared_us: int | None = None
    clear_reason: ClearReason | None = None
    clear_value: Scalar | None = None


class Preview(msgspec.Struct, kw_only=True):
    """What a definition would have done: how often it would have been raised, and the first times.

    `span` is the range within the plan's retention. `evaluated_to_us` is before its end if it has too many readings. `readings`
    counts what was evaluated: readings, or changes of connectivity.
    """

    span: TimeRange
    evaluated_to_us: int
    readings: int = 0
    raised: int = 0
    suppressed: int = 0
    times: list[WouldBeRaised] = []
    errors: ErrorCount = ErrorCount()


class PreviewService:
    """Evaluates definitions that are not stored, with the machine that evaluates those that are."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[AlertTransaction],
        telemetry: TelemetryService,
        connectivity: ConnectivityService,
        clock: Clock,
    ) -> None:
        self._database = database
        self._telemetry = telemetry
        self._connectivity = connectivity
        self._clock = clock

    async def preview(self, actor: Actor, new: NewAlert, device_id: DeviceId, span: TimeRange) -> Preview:
        """Evaluate a definition for a device in a range of event times. Late readings count as if they had arrived in time.

        Raises:
            InvalidInput: a field is invalid; it is named.
            DeviceNotFound: the caller's organisation has no device with this id.
            ScopeMissing: the caller must not read what the alert watches.
        """
        alert = Alert(id=AlertId(0), org_id=actor.org_id, armed_us=span.from_us, **msgspec.structs.asdict(new))
        check_alert(alert)
        check_rights(actor, alert)
        async with self._database.snapshot(actor.org_id) as tx:
            device = await tx.devices.find(device_id)
        if device is None:
            raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
        effective = (await self._telemetry.effective(actor, span)).effective
        end_us = max(min(effective.to_us, self._clock.now_us()), effective.from_us)
        trial = _Trial(alert, _watched(device), effective.from_us, EvaluationErrors(self._clock))
        found = Preview(span=effective, evaluated_to_us=end_us, times=trial.times)
        if isinstance(alert.condition, ConnectivityIs):
            await self._follow_connectivity(actor, trial, device_id, effective)
        else:
            found.evaluated_to_us = await self._read(actor, trial, device_id, effective, end_us)
        trial.advance(found.evaluated_to_us)
        found.readings, found.raised, found.suppressed = trial.readings, trial.raised, trial.machine.state.suppressed
        found.suppressed += trial.suppressed
        found.errors = trial.errors.of(alert.org_id, Use.ALERT, alert.id)
        return found

    async def _read(self, actor: Actor, trial: _Trial, device_id: DeviceId, span: TimeRange, end_us: int) -> int:
        """Evaluate readings, and return the time up to which they were."""
        query = HistoryQuery(device_id=device_id, range=span, descending=False, limit=SLICE_ROWS)
        for _ in range(MAX_READINGS // SLICE_ROWS):
            rows, _ = await self._telemetry.history(actor, query)
            trial.read(rows)
            if len(rows) < SLICE_ROWS:
                return end_us
            query = msgspec.structs.replace(query, after=(rows[-1].time_us, rows[-1].seq))
        return rows[-1].time_us

    async def _follow_connectivity(self, actor: Actor, trial: _Trial, device_id: DeviceId, span: TimeRange) -> None:
        query = ConnectivityQuery(device_id=device_id, from_us=span.from_us, to_us=span.to_us)
        page = await self._connectivity.history(actor, query, MAX_CHANGES, None)
        trial.follow([(one.state is Connectivity.ONLINE, one.at_us) for one in reversed(page.items)])


class _Trial:
    """A machine that starts idle, and what it would have reported."""

    def __init__(self, alert: Alert, device: WatchedDevice, from_us: int, errors: EvaluationErrors) -> None:
        numbers: Iterator[int] = itertools.count(1)
        self.errors = errors
        self.machine = Machine(alert, device, State(), numbers.__next__, compiled_test(alert, errors), awake_us=from_us)
        self.times: list[WouldBeRaised] = []
        self.readings = self.raised = self.suppressed = 0

    def read(self, rows: Sequence[Reading]) -> None:
        for row in rows:
            if row.kind in _NOT_DATA:
                continue
            self.advance(row.time_us)
            self.readings += 1
            self._note(self.machine.read(msgspec.json.decode(row.payload), row.time_us, row.time_us, row.seq, row.backfill))

    def follow(self, changes: Sequence[tuple[bool, int]]) -> None:
        for online, at_us in changes:
            self.advance(at_us)
            self.readings += 1
            self._note(self.machine.connectivity(online, at_us))

    def advance(self, to_us: int) -> None:
        """Run the timers that are due by then, as they would have been at their times."""
        while (due_us := self.machine.due_us()) is not None and due_us <= to_us:
            effect = self.machine.fire(due_us)
            self._note(effect)
            if effect is None and self.machine.due_us() == due_us:
                return  # it waits for something else

    def _note(self, effect: Effect | None) -> None:
        match effect:
            case Raised(time_us=time_us, value=value, suppressed=suppressed):
                self.raised += 1
                self.suppressed += suppressed
                if self.raised <= MAX_TIMES:
                    self.times.append(WouldBeRaised(raised_us=time_us, value=value))
            case Cleared(at_us=at_us, reason=reason, value=value) if self.raised <= MAX_TIMES:
                last = self.times[-1]
                last.cleared_us, last.clear_reason, last.clear_value = at_us, reason, value


def _watched(device: Device) -> WatchedDevice:
    """The device as it is now, as if it had never been paused or in maintenance."""
    return WatchedDevice(
        id=device.id,
        org_id=device.org_id,
        project_id=device.project_id,
        name=device.name,
        type=device.type,
        labels=device.labels,
        expected_interval_us=device.expected_interval_us,
        created_us=device.created_us,
    )
