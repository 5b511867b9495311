"""What comes up from a device over one connection: each message is routed by its topic, read, and handed to the intake.

The way down is `downlink.py`. Whether a message reached the disk is told back here, and only then acknowledged. A program that
came with an API key has no uplink: it may only listen.
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
from penstock.ingress.mqtt.topics import KIND_STATUS, Right, Route, route
from penstock.ingress.mqtt.translate import names_itself, to_malformed, to_new_readings
from penstock.kit.errors import InvalidInput, Kind, PenstockError

MAX_ROUTES = 64
"""Topics of one device that are remembered with their routes."""


class Faults(Protocol):
    """Counts what devices send that cannot be read."""

    def record_malformed(self, device: DeviceRef, reason: str) -> None:
        """Count one message."""


class Line(Protocol):
    """The connection, as far as an uplink needs it."""

    @property
    def protocol(self) -> ServerProtocol:
        """Where acknowledgements are said."""

    @property
    def flow(self) -> Flow:
        """Where reading is paused."""

    def send(self) -> None:
        """Write what lies in the protocol."""

    def cut(self, reason: Reason, text: str, *, will: bool = False) -> None:
        """End the connection."""


class UplinkParts(msgspec.Struct, frozen=True, kw_only=True):
    """Where the messages of all devices go."""

    intake: Intake
    telemetry: TelemetryService
    lane: BackfillLane
    commands: MqttCommands
    faults: Faults
    max_inflight: int


class Uplink:
    """The way up over one connection. Implements `intake.Publisher`."""

    def __init__(self, parts: UplinkParts, line: Line, device: DeviceRef, device_text: str) -> None:
        self.device = device
        self.device_text = device_text
        self.pending = 0
        """Messages that are neither stored nor refused yet."""
        self._parts = parts
        self._line = line
        self._protocol = line.protocol
        self._flow = line.flow
        self._routes: dict[str, Route] = {}
        self._settled: asyncio.Future[None] | None = None
        self._late = 0
        """Old readings among those that came last."""
        self._behind: list[Publish] | None = None
        """While an answer to a command is on its way to the disk: what came after it."""

    async def settled(self) -> None:
        """Wait until every message of this connection is stored or refused: then its session is up to date."""
        if self.pending:
            if self._settled is None:
                self._settled = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._settled)

    def take(self, publish: Publish) -> None:
        """Take a message in. It is answered in its turn."""
        if self._behind is not None:
            self._behind.append(publish)
            return
        where = self._route(publish.topic)
        if where.right is Right.FOREIGN:
            self._refuse_topic(publish)
        elif publish.qos == 1 and self._protocol.session.repeats(publish):
            self._hand_in(publish, ())
        elif where.right is Right.ANSWER or (where.kind == KIND_STATUS and holds_answer(publish.payload)):
            self._take_answer(publish, where)
        else:
            self._take_readings(publish, where)

    def slow_down(self, messages: int) -> None:
        """So many messages came at once: read no more for now, where one of the limits says so."""
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
            # A device has a handful of topics; one that invents them must not fill our memory.
            if len(self._routes) < MAX_ROUTES:
                self._routes[topic] = where
        return where

    # What a message holds.

    def _take_answer(self, publish: Publish, where: Route) -> None:
        """What the device says of a command. It is acknowledged when it is on disk, and before all that came after it."""
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
                self._hand_in(publish, ())
        # One of these may be an answer too: `take` then lets those behind it wait once more.
        for later in behind:
            self.take(later)
        if self._behind is None:
            self._flow.release(Hold.ANSWERING)
        self.flush()
        self._flow.go_on()

    def _take_readings(self, publish: Publish, where: Route) -> None:
        try:
            if where.right is Right.UNKNOWN:
                raise InvalidInput.field("", "the topic is none that a device publishes to")
            readings = self._parts.telemetry.receive(to_new_readings(self.device, where, publish))
        except PenstockError as error:
            self._take_malformed(publish, where, error)
        else:
            before_us = self._parts.lane.old_before_us()
            self._late += sum([reading.time_us < before_us for reading in readings])
            self._hand_in(publish, readings, is_new=publish.qos == 2 and not publish.dup and not names_itself(publish))

    def _take_malformed(self, publish: Publish, where: Route, error: PenstockError) -> None:
        """Keep what can be kept of it; the device is told by MQTT 5's reason code, and people by the device's counter."""
        self._parts.faults.record_malformed(self.device, error.detail)
        if where.right is Right.UNKNOWN:
            reason = Reason.TOPIC_NAME_INVALID
        else:
            reason = Reason.PAYLOAD_FORMAT_INVALID if error.kind is Kind.INVALID else Reason.IMPLEMENTATION_SPECIFIC
        try:
            kept = [self._parts.telemetry.quarantine(self.device, to_malformed(publish, error.detail), Source.MQTT)]
        except PenstockError:
            kept = []  # the device was paused a moment ago; its connection is about to be cut
        self._hand_in(publish, kept, reason, error.detail)

    def _refuse_topic(self, publish: Publish) -> None:
        """A topic of somebody else. 3.1.1 has no word for it but to close the connection."""
        text = f"a device may publish below d/{self.device_text}/ and devices/{self.device_text}/"
        if self._protocol.version == V5 and publish.qos:
            self._hand_in(publish, (), Reason.NOT_AUTHORIZED, text)
        else:
            self._line.cut(Reason.NOT_AUTHORIZED, text, will=True)

    def _hand_in(
        self,
        publish: Publish,
        readings: list[Reading] | tuple[()],
        reason: Reason = Reason.SUCCESS,
        text: str = "",
        *,
        is_new: bool = False,
    ) -> None:
        """Give a message to the intake. One without readings goes the same way, so that its answer keeps its place."""
        self.pending += 1
        self._parts.intake.take(Message(self, self.device.org_id, publish, readings, reason, text, is_new=is_new))

    # intake.Publisher

    def stored(self, message: Message) -> None:
        """Acknowledge; written by `flush`, with all that the commit held of this connection."""
        self.pending -= 1
        self._protocol.acknowledge(message.publish, message.reason, message.text)

    def not_stored(self, message: Message, error: PenstockError) -> None:
        """Say so where MQTT has a word for it, and close the connection where it has none."""
        self.pending -= 1
        exhausted = isinstance(error, MonthlyLimitExceeded)
        if exhausted and self._protocol.version == V5:
            self._protocol.acknowledge(message.publish, Reason.QUOTA_EXCEEDED, error.detail)
        else:
            self._protocol.forget(message.publish)
            self._line.cut(Reason.QUOTA_EXCEEDED if exhausted else Reason.SERVER_BUSY, error.detail)

    def flush(self) -> None:
        """Write the acknowledgements, and go on reading where there is no reason left to wait."""
        self._line.send()
        if not self.pending and self._settled is not None:
            self._settled.set_result(None)
            self._settled = None
        if self._flow.holds(Hold.CROWDED) and not self._parts.intake.is_overloaded:
            self._flow.resume(Hold.CROWDED)
        if self._flow.holds(Hold.UNANSWERED) and self.pending < self._parts.max_inflight:
            self._flow.resume(Hold.UNANSWERED)
