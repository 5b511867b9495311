"""The state machine of one alert on one device: state and reading in, state and effects out. Pure.

    idle ──holds──▶ pending ──for its time──▶ active ──no longer holds──▶ idle
                       └──────no longer holds──▶ idle

There are two clocks, and neither is the machine's own. What readings show is measured in *event time*: how long a condition
held, how far readings are apart. What concerns users is measured in *arrival time*: cooldown, active hours, silence,
auto-clear, escalation. A timer runs at the time it is due, before any reading that arrived later. The state after some readings
therefore does not depend on whether they were processed individually or in a batch, nor on a restart in between.

A reading whose event time is before the latest one processed is ignored, unless the server's clock was ahead at that one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from penstock.core.alerts.conditions import (
    ConnectivityIs,
    Geofence,
    NoData,
    RateOfChange,
    Threshold,
    ValueChange,
    inside,
    over,
    position,
)
from penstock.core.alerts.models import Alert, ClearReason, WatchedDevice
from penstock.core.notifications.hours import next_opening, open_at
from penstock.core.telemetry.fields import Scalar, pick
from penstock.kit.clock import AHEAD_US, later
from penstock.kit.ids import EventId, FiringId, RuleId, Seq

IDLE, PENDING, ACTIVE = 0, 1, 2
Test: TypeAlias = Callable[[WatchedDevice, dict[str, object], int], bool | None]
"""A compiled expression: from device, payload and event time to true, false or no result."""


class State(msgspec.Struct, gc=False, array_like=True):
    """The stored state of an alert on a device. Times ending in `_at` are event times, those in `_us` arrival times."""

    phase: int = IDLE
    seen_at: int = -1
    last_seen_us: int = 0
    since_at: int = 0
    true_at: int = 0
    true_us: int = 0
    raised_us: int | None = None
    event_id: EventId = EventId(0)
    escalated: int = 0
    acknowledged: bool = False
    withheld: bool = False
    suppressed: int = 0
    window: int = 0
    """The last results as bits: the newest is the lowest bit, and a leading 1 marks the length."""
    before: bool | int | float | str | None = None
    before_at: int = 0
    other_side: bool = False
    """Whether the device has been on the side of the fence from which it can cross."""
    fired_us: int | None = None
    """When it last fired: when it was raised, or later."""


class Raised(msgspec.Struct, frozen=True):
    """The alert is raised for the device. `chain` are the rules that led to the reading that raised it."""

    alert: Alert
    device: WatchedDevice
    event_id: EventId
    at_us: int
    time_us: int
    value: Scalar | None
    seq: Seq | None
    suppressed: int
    chain: tuple[RuleId, ...] = ()


class Repeated(msgspec.Struct, frozen=True):
    """The condition of a raised alert still holds, and the cooldown since it last fired has passed."""

    alert: Alert
    device: WatchedDevice
    event_id: EventId
    firing_id: FiringId
    at_us: int
    value: Scalar | None
    seq: Seq
    chain: tuple[RuleId, ...] = ()


class Cleared(msgspec.Struct, frozen=True):
    """A raised alert is cleared. `time_us` is the event time of the reading that cleared it."""

    alert: Alert
    device: WatchedDevice
    event_id: EventId
    at_us: int
    reason: ClearReason
    value: Scalar | None = None
    seq: Seq | None = None
    time_us: int | None = None
    chain: tuple[RuleId, ...] = ()


class Escalated(msgspec.Struct, frozen=True):
    """The alert was not acknowledged in time: the step with this index is due."""

    alert: Alert
    device: WatchedDevice
    event_id: EventId
    at_us: int
    step: int


Effect: TypeAlias = Raised | Cleared | Escalated | Repeated


class Machine:
    """One alert on one device. `test` is set if the condition is an expression.

    `chain` are the rules that led to the device being watched, until it is seen: they led to the first silence that is raised.
    """

    __slots__ = ("alert", "awake_us", "chain", "device", "new_id", "state", "test")

    def __init__(
        self,
        alert: Alert,
        device: WatchedDevice,
        state: State,
        new_id: Callable[[], int],
        test: Test | None = None,
        awake_us: int = 0,
        chain: tuple[RuleId, ...] = (),
    ) -> None:
        self.alert, self.device, self.state, self.test = alert, device, state, test
        self.new_id = new_id
        self.awake_us = awake_us
        self.chain = chain

    # Input.

    def read(self, payload: dict[str, object], time_us: int, received_us: int, seq: Seq, late: bool = False) -> Effect | None:
        """Process a reading. `late` marks backfill, which counts only if the definition includes it."""
        state, alert = self.state, self.alert
        # After a restart, the log is read from before the definition was created or changed.
        if received_us < alert.armed_us:
            return None
        condition = alert.condition
        if isinstance(condition, NoData):  # even by an old reading the device reports
            state.last_seen_us = later(state.last_seen_us, received_us)
            state.withheld, self.chain = False, ()
            return self._clear(received_us, ClearReason.CONDITION, None, seq, time_us) if state.phase == ACTIVE else None
        if isinstance(condition, ConnectivityIs) or (late and not alert.backfill):
            return None
        # A time far in the future was processed while the server's clock was ahead.
        if time_us < state.seen_at <= received_us + AHEAD_US:
            return None
        holds, value = self._evaluate(payload, time_us)
        if holds is None:
            return None
        state.seen_at = time_us
        if alert.n_of_m is not None:
            holds = self._often_enough(holds)
        return self._take(holds, value, time_us, received_us, seq)

    def seen(self, at_us: int) -> Effect | None:
        """The device was seen without a reading: it is not silent."""
        state, alert = self.state, self.alert
        if not isinstance(alert.condition, NoData) or at_us < alert.armed_us:
            return None
        state.last_seen_us = later(state.last_seen_us, at_us)
        state.withheld, self.chain = False, ()
        return self._clear(at_us, ClearReason.CONDITION, None, None) if state.phase == ACTIVE else None

    def connectivity(self, online: bool, at_us: int) -> Effect | None:
        """The device came online or went offline."""
        state, condition = self.state, self.alert.condition
        if not isinstance(condition, ConnectivityIs) or at_us < max(self.alert.armed_us, state.seen_at):
            return None
        state.seen_at = at_us
        holds = online == (condition.state == "online")
        if not holds:
            return self._not(at_us, at_us, None, None)
        state.true_us = at_us
        if state.phase == IDLE:
            state.phase, state.since_at = PENDING, at_us
        return self._fire_connectivity(at_us)

    def due_us(self) -> int | None:
        """When the next timer is due, or None."""
        state, alert = self.state, self.alert
        if state.phase == ACTIVE:
            times = []
            if alert.auto_clear_us is not None:
                times.append(state.true_us + alert.auto_clear_us)
            if not state.acknowledged and state.escalated < len(alert.escalation):
                times.append((state.raised_us or 0) + alert.escalation[state.escalated].after_us)
            return min(times) if times else None
        if self.device.paused:
            return None
        if isinstance(alert.condition, NoData):
            base = max(state.last_seen_us, alert.armed_us, self.device.created_us)
            if state.raised_us is not None and state.raised_us > base:
                return None  # this silence was already reported, and a user cleared it
            # While the server was down no device could report: silence counts from its start at the earliest.
            return self._allowed_from(max(base, self.awake_us) + alert.condition.after_us)
        if isinstance(alert.condition, ConnectivityIs) and state.phase == PENDING:
            return self._allowed_from(state.since_at + alert.for_us)
        return None

    def fire(self, now_us: int) -> Effect | None:
        """Run the timer that is due at this time."""
        state, alert = self.state, self.alert
        if state.phase != ACTIVE:
            if isinstance(alert.condition, NoData):
                raised = self._raise(now_us, now_us, None, None)
                return msgspec.structs.replace(raised, chain=self.chain) if isinstance(raised, Raised) else raised
            return self._fire_connectivity(now_us)
        step = state.escalated
        if not state.acknowledged and step < len(alert.escalation):
            escalation_us = (state.raised_us or 0) + alert.escalation[step].after_us
            # After a pause both can be due; they run in the order of their times, as they would have without it.
            if escalation_us <= now_us and (alert.auto_clear_us is None or escalation_us <= state.true_us + alert.auto_clear_us):
                state.escalated += 1
                return Escalated(alert, self.device, state.event_id, now_us, step)
        if alert.auto_clear_us is not None and state.true_us + alert.auto_clear_us <= now_us:
            return self._clear(now_us, ClearReason.QUIET, None, None)
        return None

    # Changes by users.

    def acknowledged(self, event_id: EventId) -> None:
        """A user acknowledged the occurrence: it does not escalate further."""
        if self.state.event_id == event_id:
            self.state.acknowledged = True

    def cleared(self, event_id: EventId) -> None:
        """A user cleared the occurrence. It is raised again if the condition holds at a later reading."""
        if self.state.phase == ACTIVE and self.state.event_id == event_id:
            # No effect is returned: the use case that cleared it has already written the event.
            self._rest()

    # Evaluation.

    def _evaluate(self, payload: dict[str, object], time_us: int) -> tuple[bool | None, Scalar | None]:
        condition, active = self.alert.condition, self.state.phase == ACTIVE
        slack = self.alert.hysteresis if active else 0.0
        match condition:
            case Threshold():
                value = pick(payload, condition.field)
                return (None, None) if value is None else (over(condition.operator, condition.value, value, slack), value)
            case ValueChange():
                return self._changed(condition, pick(payload, condition.field), time_us)
            case RateOfChange():
                return self._rate(condition, pick(payload, condition.field), time_us, slack)
            case Geofence():
                return self._crossed(condition, payload, slack)
            case _:
                assert self.test is not None
                return self.test(self.device, payload, time_us), None

    def _changed(self, condition: ValueChange, value: Scalar | None, time_us: int) -> tuple[bool | None, Scalar | None]:
        before = self.state.before
        # The first value has no result, so `seen_at` does not mark it yet.
        if value is None or (before is not None and time_us < self.state.before_at):
            return None, None
        self.state.before, self.state.before_at = value, time_us
        if before is None:
            return None, value
        if isinstance(value, bool | str) or isinstance(before, bool | str):
            return before != value or type(before) is not type(value), value
        return abs(value - before) > condition.by, value

    def _rate(
        self, condition: RateOfChange, value: Scalar | None, time_us: int, slack: float
    ) -> tuple[bool | None, Scalar | None]:
        if value is None or isinstance(value, bool | str):
            return None, None
        before, before_at = self.state.before, self.state.before_at
        # Two readings at one time have no rate.
        if before is not None and time_us <= before_at:
            return None, None
        self.state.before, self.state.before_at = value, time_us
        if before is None or isinstance(before, bool | str):
            return None, None
        rate = (value - before) / (time_us - before_at) * condition.per_us
        return over(condition.operator, condition.value, rate, slack), rate

    def _crossed(self, condition: Geofence, payload: dict[str, object], slack: float) -> tuple[bool | None, Scalar | None]:
        place = position(condition, payload)
        if place is None:
            return None, None
        value = f"{place[0]},{place[1]}"
        holds = inside(condition, place, slack) if condition.when == "enter" else not inside(condition, place, -slack)
        if not holds:
            self.state.other_side = True
        return holds and (condition.when == "outside" or self.state.other_side or self.state.phase == ACTIVE), value

    def _often_enough(self, holds: bool) -> bool:
        requested = self.alert.n_of_m
        assert requested is not None
        # `window` has at most m results below its leading 1, which marks their number and is not one of them.
        bits = (self.state.window or 1) << 1 | holds
        if bits >> requested.m + 1:
            bits = bits & ((1 << requested.m) - 1) | 1 << requested.m
        self.state.window = bits
        return (bits ^ 1 << bits.bit_length() - 1).bit_count() >= requested.n

    # Transitions.

    def _take(self, holds: bool, value: Scalar | None, time_us: int, received_us: int, seq: Seq) -> Effect | None:
        state = self.state
        if not holds:
            return self._not(received_us, time_us, value, seq)
        state.true_us = received_us
        if state.phase == ACTIVE:
            state.true_at = time_us
            return self._repeat(value, received_us, seq)
        # What happened in a longer gap is unknown, so the time for which the condition held starts again.
        if state.phase == IDLE or time_us - state.true_at > self._gap_us():
            state.phase, state.since_at = PENDING, time_us
        state.true_at = time_us
        if time_us - state.since_at < self.alert.for_us:
            return None
        return self._raise(received_us, time_us, value, seq)

    def _gap_us(self) -> int:
        """The maximum gap between readings that show that a condition held; what happened in a longer gap is unknown."""
        if self.alert.max_gap_us is not None:
            return self.alert.max_gap_us
        return max(self.alert.for_us, (self.device.expected_interval_us or 0) * 3 // 2)

    def _not(self, now_us: int, time_us: int, value: Scalar | None, seq: Seq | None) -> Effect | None:
        self.state.withheld = False
        if self.state.phase == ACTIVE:
            return self._clear(now_us, ClearReason.CONDITION, value, seq, time_us)
        self.state.phase = IDLE
        return None

    def _fire_connectivity(self, now_us: int) -> Effect | None:
        state = self.state
        if state.phase != PENDING or now_us - state.since_at < self.alert.for_us:
            return None
        return self._raise(now_us, now_us, self.alert.condition.state, None)  # type: ignore[union-attr]  # it is ConnectivityIs

    def _raise(self, now_us: int, time_us: int, value: Any, seq: Seq | None) -> Effect | None:
        state, alert = self.state, self.alert
        if self._allowed_from(now_us) > now_us:
            # Counted once for each time the condition starts to hold, not for each reading.
            state.suppressed += not state.withheld
            state.withheld = True
            return None
        suppressed = state.suppressed
        state.phase, state.event_id, state.raised_us, state.true_us = ACTIVE, EventId(self.new_id()), now_us, now_us
        state.fired_us = now_us
        state.escalated, state.acknowledged, state.withheld, state.suppressed = 0, False, False, 0
        # After a manual clear, only another crossing raises it again.
        state.other_side = False
        return Raised(alert, self.device, state.event_id, now_us, time_us, value, seq, suppressed)

    def _repeat(self, value: Any, now_us: int, seq: Seq) -> Effect | None:
        """Fire again when the cooldown has passed. Without a cooldown an alert fires once, not at every reading."""
        state, alert, condition = self.state, self.alert, self.alert.condition
        last_us = self._fired_us()
        if not alert.cooldown_us or last_us is None or now_us - last_us < alert.cooldown_us:
            return None
        if isinstance(condition, Threshold | RateOfChange) and not over(condition.operator, condition.value, value):
            return None  # only the hysteresis keeps it raised
        if self.device.muted_from_us <= now_us < self.device.muted_until_us or not open_at(alert.hours, now_us):
            return None
        state.fired_us = now_us
        return Repeated(alert, self.device, state.event_id, FiringId(self.new_id()), now_us, value, seq)

    def _fired_us(self) -> int | None:
        return self.state.raised_us if self.state.fired_us is None else self.state.fired_us

    def _allowed_from(self, at_us: int) -> int:
        """The first time from `at_us` on at which cooldown, maintenance and active hours allow it to be raised."""
        last_us = self._fired_us()
        if last_us is not None:
            at_us = max(at_us, last_us + self.alert.cooldown_us)
        if self.device.muted_from_us <= at_us:
            at_us = max(at_us, self.device.muted_until_us)
        return at_us if open_at(self.alert.hours, at_us) else next_opening(self.alert.hours, at_us)

    def _clear(
        self, now_us: int, reason: ClearReason, value: Scalar | None, seq: Seq | None, time_us: int | None = None
    ) -> Effect:
        event_id = self.state.event_id
        self._rest()
        return Cleared(self.alert, self.device, event_id, now_us, reason, value, seq, time_us)

    def _rest(self) -> None:
        # The last results are kept: `n` of the last `m` readings are the same readings, whether it was raised or not.
        self.state.phase, self.state.acknowledged = IDLE, False
