"""Messages from a device over one connection: each is routed by its topic, parsed, and passed to the intake.

The other direction is `downlink.py`. The intake reports back when a message is on disk, and only then is it acknowledged. A
program with an API key has no uplink: it can only subscribe.
"""

from __future__ import annotations

import asyncio
from typing import Protocol

import msgspec

from penstock.core.devices.models import DeviceRef
from penstock.core.limits.backfill import BackfillLane
from penstock.core.limits.errors import MonthlyLimitExceeded
from penstock.core.telemetry.models import Reading, Source
from penstock.core.telemetry.service import TelemetryService
from penstock.ingress.mqtt.commands import MqttCommands, holds_answer
from penstock.ingress.mqtt.flow import Flow, Hold
from penstock.ingress.mqtt.intake import Intake, Message
from penstock.ingress.mqtt.protocol.packets import V5, Publish, Reason
from penstock.ingress.mqtt.protocol.server_side import ServerProtocol
from penstock.ingress.mqtt.topics import KIND_STATUS, MAX_TOPIC_SHOWN, Right, Route, route
from penstock.ingress.mqtt.translate import RowFault, names_itself, to_malformed, to_new_readings
from penstock.kit.errors import InvalidInput, Kind, PenstockError
from penstock.kit.secret import mask_credentials

MAX_ROUTES = 64
"""The maximum number of cached routes of one device."""


class Faults(Protocol):
    """Counts malformed messages of devices, and connections that the server closed."""

    def record_malformed(self, device: DeviceRef, reason: str) -> None:
        """Count one message."""

    def record_cut(self, device: DeviceRef, reason: str) -> None:
        """Count one connection."""


class Line(Protocol):
    """The connection, as an uplink uses it."""

    @property
    def protocol(self) -> ServerProtocol:
        """The protocol, for acknowledgements."""

    @property
    def flow(self) -> Flow:
        """The flow control, to pause reading."""

    def send(self) -> None:
        """Write the protocol's pending bytes."""

    def cut(self, reason: Reason, text: str, *, will: bool = False) -> None:
        """Close the connection."""


class UplinkParts(msgspec.Struct, frozen=True, kw_only=True):
    """The destinations of all devices' messages."""

    intake: Intake
    telemetry: TelemetryService
    lane: BackfillLane
    commands: MqttCommands
    faults: Faults
    max_inflight: int
    cuts_foreign: bool
    """Whether a 3.1.1 client that publishes to a topic of another device is disconnected."""


class Uplink:
    """Messages from the device over one connection. Implements `intake.Publisher`."""

    def __init__(self, parts: UplinkParts, line: Line, device: DeviceRef, device_text: str) -> None:
        self.device = device
        self.device_text = device_text
        self.pending = 0
        """Messages that are neither stored nor rejected yet."""
        self._parts = parts
        self._line = line
        self._protocol = line.protocol
        self._flow = line.flow
        self._routes: dict[str, Route] = {}
        self._settled: asyncio.Future[None] | None = None
        self._late = 0
        """The number of old readings in the last read."""
        self._behind: list[Publish] | None = None
        """Messages that arrived after an acknowledgement of a command that is being written to disk."""

    async def settled(self) -> None:
        """Wait until every message of this connection is stored or rejected: then its session is up to date."""
        if self.pending:
            if self._settled is None:
                self._settled = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._settled)

    def take(self, publish: Publish) -> None:
        """Accept a message. It is acknowledged in order."""
        if self._behind is not None:
            self._behind.append(publish)
            return
        where = self._route(publish.topic)
        if where.right is Right.FOREIGN:
            self._refuse_topic(publish)
        elif publish.qos == 1 and self._protocol.session.repeats(publish):
            self._pass_to_intake(publish, ())
        elif where.right is Right.ANSWER or (where.kind == KIND_STATUS and holds_answer(publish.payload)):
            self._take_answer(publish, where)
        else:
            self._take_readings(publish, where)

    def slow_down(self, messages: int) -> None:
        """This many messages arrived at once: pause reading if one of the limits requires it."""
        parts, flow = self._parts, self._flow
        if self.pending >= parts.max_inflight:
            flow.pause(Hold.UNANSWERED)
        if parts.intake.is_overloaded:
            flow.pause(Hold.CROWDED)
            parts.intake.pause(self)
        if self._late:
            held_s = parts.lane.charge(self.device.id, self._late)
            self._late = 0
            if held_s:
                flow.pause_for(Hold.LANE, held_s)
        flow.count(messages)

    def _route(self, topic: str) -> Route:
        where = self._routes.get(topic)
        if where is None:
            where = route(self.device_text, topic)
            # A device has a handful of topics; one that invents topics must not fill memory.
            if len(self._routes) < MAX_ROUTES:
                self._routes[topic] = where
        return where

    # Contents of a message.

    def _take_answer(self, publish: Publish, where: Route) -> None:
        """Handle an acknowledgement of a command. It is acknowledged when it is on disk, and before all later messages."""
        self.pending += 1
        self._behind = []
        self._flow.pause(Hold.ANSWERING)
        self._parts.commands.take_answer(self.device, publish.payload, lambda error: self._answered(publish, where, error))

    def _answered(self, publish: Publish, where: Route, error: PenstockError | None) -> None:
        behind, self._behind = self._behind or [], None
        if error is not None and error.kind in {Kind.UNAVAILABLE, Kind.INTERNAL, Kind.EXHAUSTED}:
            self.not_stored(Message(self, self.device.org_id, publish, ()), error)
        else:
            self.pending -= 1
            if where.kind == KIND_STATUS:
                self._take_readings(publish, where)
            elif error is not None:
                self._take_malformed(publish, where, error)
            else:
                self._pass_to_intake(publish, ())
        # One of these can be an acknowledgement too: `take` then makes the ones after it wait again.
        for later in behind:
            self.take(later)
        if self._behind is None:
            self._flow.release(Hold.ANSWERING)
        self.flush()
        self._flow.continue_reading()

    def _take_readings(self, publish: Publish, where: Route) -> None:
        try:
            if where.right is Right.UNKNOWN:
                raise InvalidInput.field("", "the topic must be one that a device can publish to")
            telemetry = self._parts.telemetry
            found, faults = to_new_readings(self.device, where, publish, telemetry.check)
            readings = telemetry.receive(found)
        except PenstockError as error:
            self._take_malformed(publish, where, error)
        else:
            before_us = self._parts.lane.old_before_us()
            self._late += sum([reading.time_us < before_us for reading in readings])
            ahead = sum([reading.quarantined for reading in readings])
            text = f"{ahead} of {len(readings)} readings were quarantined: the time is in the future" if ahead else ""
            if faults:
                text = self._set_aside(publish, faults, readings)
            is_new = publish.qos == 2 and not publish.dup and not names_itself(publish)
            self._pass_to_intake(publish, readings, text=text, is_new=is_new)

    def _set_aside(self, publish: Publish, faults: list[RowFault], readings: list[Reading]) -> str:
        """Add the quarantined form of malformed elements to a message's readings. Returns what to tell the device."""
        for fault in faults:
            self._parts.faults.record_malformed(self.device, fault.reason)
            kept = to_malformed(publish, fault.reason, fault.text)
            readings.append(self._parts.telemetry.quarantine(self.device, kept, Source.MQTT))
        return f"{len(faults)} of {len(readings)} readings were quarantined: {faults[0].reason}"

    def _take_malformed(self, publish: Publish, where: Route, error: PenstockError) -> None:
        """Quarantine a malformed message. MQTT 5's reason code reports it to the device, the device's counter to users."""
        self._parts.faults.record_malformed(self.device, error.detail)
        if where.right is Right.UNKNOWN:
            reason = Reason.TOPIC_NAME_INVALID
        else:
            reason = Reason.PAYLOAD_FORMAT_INVALID if error.kind is Kind.INVALID else Reason.IMPLEMENTATION_SPECIFIC
        try:
            kept = [self._parts.telemetry.quarantine(self.device, to_malformed(publish, error.detail), Source.MQTT)]
        except PenstockError:
            kept = []  # the device was just paused; its connection is about to be closed
        self._pass_to_intake(publish, kept, reason, error.detail)

    def _refuse_topic(self, publish: Publish) -> None:
        """Reject a topic of another device. 3.1.1 has no code for it, so its connection is closed, or the message dropped."""
        text = f"a device can publish only below d/{self.device_text}/ and devices/{self.device_text}/"
        shown = f"{text}; {mask_credentials(publish.topic)[:MAX_TOPIC_SHOWN]} was sent"
        if self._protocol.version == V5 and publish.qos:
            self._parts.faults.record_malformed(self.device, shown)
            self._pass_to_intake(publish, (), Reason.NOT_AUTHORIZED, text)
        elif self._parts.cuts_foreign:
            self._line.cut(Reason.NOT_AUTHORIZED, shown, will=True)
        else:
            self._parts.faults.record_malformed(self.device, shown)
            self._pass_to_intake(publish, ())

    def note_cut(self, reason: str) -> None:
        """Count on the device that the server closed its connection."""
        self._parts.faults.record_cut(self.device, reason)

    def _pass_to_intake(
        self,
        publish: Publish,
        readings: list[Reading] | tuple[()],
        reason: Reason = Reason.SUCCESS,
        text: str = "",
        *,
        is_new: bool = False,
    ) -> None:
        """Pass a message to the intake. One without readings takes the same path, so that its acknowledgement stays in order."""
        self.pending += 1
        self._parts.intake.take(Message(self, self.device.org_id, publish, readings, reason, text, is_new=is_new))

    # intake.Publisher

    def stored(self, message: Message) -> None:
        """Acknowledge a message. `flush` writes it, with all others of this connection in the commit."""
        self.pending -= 1
        self._protocol.acknowledge(message.publish, message.reason, message.text)

    def not_stored(self, message: Message, error: PenstockError) -> None:
        """Report the error if MQTT has a code for it, and otherwise close the connection."""
        self.pending -= 1
        exhausted = isinstance(error, MonthlyLimitExceeded)
        if exhausted and self._protocol.version == V5:
            self._protocol.acknowledge(message.publish, Reason.QUOTA_EXCEEDED, error.detail)
        else:
            self._protocol.forget(message.publish)
            self._line.cut(Reason.QUOTA_EXCEEDED if exhausted else Reason.SERVER_BUSY, error.detail)

    def flush(self) -> None:
        """Write the acknowledgements, and resume reading if no reason to wait is left."""
        self._line.send()
        if not self.pending and self._settled is not None:
            self._settled.set_result(None)
            self._settled = None
        if self._flow.holds(Hold.CROWDED) and not self._parts.intake.is_overloaded:
            self._flow.resume(Hold.CROWDED)
        if self._flow.holds(Hold.UNANSWERED) and self.pending < self._parts.max_inflight:
            self._flow.resume(Hold.UNANSWERED)
