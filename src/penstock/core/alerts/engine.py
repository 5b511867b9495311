"""The engine: which machines a reading concerns, and which timer is due next. No I/O; the worker that drives it loads and
writes.

Machines are indexed by device. A device that no definition concerns costs one dictionary lookup per reading. Timers are in a
heap. A timer that moved later is rescheduled only when its old time is reached, so that readings never have to update the heap.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

import msgspec

from penstock.core.alerts.conditions import ConnectivityIs, NoData
from penstock.core.alerts.expressions import compiled_test
from penstock.core.alerts.machine import ACTIVE, Cleared, Effect, Machine, State
from penstock.core.alerts.models import Alert, ClearReason, WatchedDevice, matches
from penstock.core.alerts.store import SavedState
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.telemetry.chains import chain_of
from penstock.core.telemetry.models import Reading, Source
from penstock.kit.clock import SECOND_US, later
from penstock.kit.ids import AlertId, DeviceId, EventId, OrgId, RuleId

_TIMED = (NoData, ConnectivityIs)
_RULE = int(Source.RULE)
"""As a plain number, because it is compared for every reading."""
_NOT_DATA = frozenset({"status"})
"""Kinds of readings that contain no measurement: a broker sends a last will for a device that has disconnected."""


class Engine:
    """All machines of all organisations. `effects` are not yet written, `touched` are the machines whose state changed."""

    def __init__(self, new_id: Callable[[], int], errors: EvaluationErrors, awake_us: int = 0) -> None:
        self._new_id = new_id
        self._errors = errors
        self._awake_us = awake_us
        self._alerts: dict[OrgId, dict[AlertId, Alert]] = {}
        self._devices: dict[DeviceId, WatchedDevice] = {}
        self._machines: dict[DeviceId, dict[AlertId, Machine]] = {}
        """By device, then by alert."""
        self._plans: dict[DeviceId, tuple[Machine, ...]] = {}
        self._heap: list[tuple[int, int, int, int, Machine]] = []
        """Ordered by time, alert and device, so that timers due at the same time run in a fixed order."""
        self._scheduled: dict[Machine, int] = {}
        self._pushed = 0
        self.effects: list[Effect] = []
        self.touched: set[Machine] = set()

    # State.

    @property
    def organizations(self) -> set[OrgId]:
        """The organisations that have alerts."""
        return set(self._alerts)

    @property
    def follows_connectivity(self) -> bool:
        """Whether any alert has a connectivity condition."""
        return any(isinstance(one.condition, ConnectivityIs) for alerts in self._alerts.values() for one in alerts.values())

    def concerns(self, org_id: OrgId, device_id: DeviceId) -> bool:
        """Whether a reading of the device may matter. Called for every reading, so it uses memory only."""
        # A device without a plan may matter, because it was not loaded yet; an empty plan concerns no alert.
        return org_id in self._alerts and self._plans.get(device_id) != ()

    def has_device(self, device_id: DeviceId) -> bool:
        """Whether the device was loaded."""
        return device_id in self._devices

    def put_alert(self, alert: Alert) -> None:
        """Add or replace a definition. One with another revision restarts; a disabled one is removed."""
        before = self._alerts.get(alert.org_id, {}).get(alert.id)
        if before is not None and (before.revision != alert.revision or not alert.enabled):
            self.drop_alert(alert.org_id, alert.id)
        if not alert.enabled:
            return
        self._alerts.setdefault(alert.org_id, {})[alert.id] = alert
        for device in self._devices.values():
            if device.org_id != alert.org_id or not matches(alert.target, device):
                continue
            machine = self._make(alert, device)
            machine.alert, machine.test = alert, compiled_test(alert, self._errors)
            self._schedule(machine)

    def drop_alert(self, org_id: OrgId, alert_id: AlertId) -> None:
        """Remove a definition, or its previous revision."""
        self._alerts.get(org_id, {}).pop(alert_id, None)
        if not self._alerts.get(org_id, True):
            del self._alerts[org_id]
        for device_id, machines in self._machines.items():
            if alert_id in machines:
                self._forget(device_id, alert_id)

    def put_device(self, device: WatchedDevice, at_us: int, chain: tuple[RuleId, ...] = ()) -> None:
        """Add or replace a device. Alerts that no longer apply to it are cleared. `chain` are the rules that led to it."""
        before = self._devices.get(device.id)
        self._devices[device.id] = device
        self._plans.pop(device.id, None)
        resumed = before is not None and before.paused and not device.paused
        for machine in list(self._machines.get(device.id, {}).values()):
            if not matches(machine.alert.target, device):
                self._end(machine, at_us, chain)
                self._forget(device.id, machine.alert.id)
                continue
            machine.device = device
            if resumed:
                machine.state.last_seen_us = later(machine.state.last_seen_us, at_us)  # it could not report while it was paused
                self.touched.add(machine)
            self._schedule(machine)
        for alert in self._alerts.get(device.org_id, {}).values():
            if matches(alert.target, device):
                self._make(alert, device, chain)

    def drop_device(self, device_id: DeviceId) -> None:
        """Remove a deleted device and its states."""
        self._devices.pop(device_id, None)
        self._plans.pop(device_id, None)
        for machine in self._machines.pop(device_id, {}).values():
            self._scheduled.pop(machine, None)

    def put_state(self, saved: SavedState, at_us: int) -> None:
        """Restore a stored state. It is ended if the definition no longer applies to the device."""
        alert = self._alerts.get(saved.org_id, {}).get(saved.alert_id)
        device = self._devices.get(saved.device_id)
        if alert is None or device is None or alert.revision != saved.revision:
            return
        machine = self._make(alert, device)
        machine.state = saved.state
        self._scheduled.pop(machine, None)
        self._schedule(machine)
        if not matches(alert.target, device):
            self._end(machine, at_us)
            self._forget(device.id, alert.id)

    # Input.

    def read(self, reading: Reading) -> None:
        """Process a reading, in the order of the log. Timers that were due before its arrival run first."""
        if self._heap and self._heap[0][0] <= reading.received_us:
            self.advance(reading.received_us)
        plan = self._plans.get(reading.device_id)
        if plan is None:
            plan = self._plan(reading.device_id)
        if not plan or plan[0].device.org_id != reading.org_id or reading.kind in _NOT_DATA:
            return
        payload = msgspec.json.decode(reading.payload)
        derived = reading.source >= _RULE
        for machine in plan:
            if derived and isinstance(machine.alert.condition, NoData):
                continue  # it was computed: the device has sent nothing
            effect = machine.read(payload, reading.time_us, reading.received_us, reading.seq, reading.backfill)
            self.touched.add(machine)
            if effect is not None:
                self.effects.append(msgspec.structs.replace(effect, chain=chain_of(reading)) if derived else effect)
            self._schedule(machine)

    def seen(self, device_id: DeviceId, at_us: int) -> None:
        """A device was seen without a reading."""
        # No timer runs before: this is not in the order of the log, so other devices' readings may not be on disk yet.
        for machine in self._plan(device_id):
            if isinstance(machine.alert.condition, NoData):
                self._record(machine, machine.seen(at_us))

    def connectivity(self, device_id: DeviceId, online: bool, at_us: int) -> None:
        """A device came online or went offline."""
        self.advance(at_us)
        for machine in list(self._machines.get(device_id, {}).values()):
            if isinstance(machine.alert.condition, ConnectivityIs):
                self._record(machine, machine.connectivity(online, at_us))

    def advance(self, to_us: int) -> None:
        """Run the timers that are due up to `to_us`, each at its own time."""
        while self._heap and self._heap[0][0] <= to_us:
            due_us, *_, machine = heapq.heappop(self._heap)
            if self._scheduled.get(machine) != due_us:
                continue
            del self._scheduled[machine]
            now_due_us = machine.due_us()
            if now_due_us is None:
                continue
            if now_due_us > due_us:
                self._schedule(machine)
                continue
            self._record(machine, machine.fire(due_us))

    def acknowledged(self, alert_id: AlertId, device_id: DeviceId, event_id: EventId) -> None:
        """A user acknowledged an occurrence."""
        machine = self._machines.get(device_id, {}).get(alert_id)
        if machine is not None:
            machine.acknowledged(event_id)
            self._record(machine, None)

    def cleared(self, alert_id: AlertId, device_id: DeviceId, event_id: EventId) -> None:
        """A user cleared an occurrence."""
        machine = self._machines.get(device_id, {}).get(alert_id)
        if machine is not None:
            machine.cleared(event_id)
            self._record(machine, None)

    def states(self) -> Iterable[SavedState]:
        """The states that changed, as they are stored."""
        for machine in self.touched:
            alert = machine.alert
            yield SavedState(alert.org_id, alert.id, machine.device.id, alert.revision, machine.state)

    # Internals.

    def _record(self, machine: Machine, effect: Effect | None) -> None:
        self.touched.add(machine)
        if effect is not None:
            self.effects.append(effect)
        self._schedule(machine)

    def _plan(self, device_id: DeviceId) -> tuple[Machine, ...]:
        if device_id not in self._devices:
            return ()
        found = self._plans[device_id] = tuple(self._machines.get(device_id, {}).values())
        return found

    def _make(self, alert: Alert, device: WatchedDevice, chain: tuple[RuleId, ...] = ()) -> Machine:
        of_device = self._machines.setdefault(device.id, {})
        machine = of_device.get(alert.id)
        if machine is None:
            test = compiled_test(alert, self._errors)
            machine = of_device[alert.id] = Machine(alert, device, State(), self._new_id, test, self._awake_us, chain)
            self._plans.pop(device.id, None)
            self._schedule(machine)
        return machine

    def _end(self, machine: Machine, at_us: int, chain: tuple[RuleId, ...] = ()) -> None:
        if machine.state.phase == ACTIVE:
            event_id = machine.state.event_id
            effect = Cleared(machine.alert, machine.device, event_id, at_us, ClearReason.CHANGED, chain=chain)
            # The time of the last raise is kept, because the cooldown still counts from it.
            machine.state = State(raised_us=machine.state.raised_us)
            self._record(machine, effect)

    def _forget(self, device_id: DeviceId, alert_id: AlertId) -> None:
        self._scheduled.pop(self._machines[device_id].pop(alert_id), None)
        self._plans.pop(device_id, None)

    def _schedule(self, machine: Machine) -> None:
        state = machine.state
        if state.phase != ACTIVE and not isinstance(machine.alert.condition, _TIMED):
            return  # only readings change its state
        due_us, scheduled_us = machine.due_us(), self._scheduled.get(machine)
        if due_us is None or (scheduled_us is not None and scheduled_us <= due_us):
            return
        self._pushed += 1
        self._scheduled[machine] = due_us
        # The number of the push is unique, so the heap never has to compare two machines.
        heapq.heappush(self._heap, (due_us, machine.alert.id, machine.device.id, self._pushed, machine))


SETTLE_US = SECOND_US
"""How long timers wait for readings that arrived before the timer was due and are not on disk yet."""
