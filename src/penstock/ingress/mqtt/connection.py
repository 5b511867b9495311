"""A device's connection: bytes between the socket and the protocol, messages to the intake, and when to stop reading.

When to read is kept by `flow.py`, what goes down to the device by `downlink.py`; here is what comes up.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Protocol, cast

import msgspec
import structlog

from penstock.core.actor import Actor
from penstock.core.devices.link import DisconnectReason
from penstock.core.devices.models import DeviceRef
from penstock.core.limits.backfill import BackfillLane
from penstock.core.limits.errors import MonthlyLimitExceeded
from penstock.core.telemetry.models import Reading, Source
from penstock.core.telemetry.service import TelemetryService
from penstock.ingress.mqtt.commands import MqttCommands, holds_answer
from penstock.ingress.mqtt.downlink import Downlink
from penstock.ingress.mqtt.flow import Flow, Hold
from penstock.ingress.mqtt.intake import Intake, Message
from penstock.ingress.mqtt.live import LiveFeed
from penstock.ingress.mqtt.protocol.packets import V5, Ack, Connect, Property, Publish, Reason, Subscribe, Unsubscribe, Will
from penstock.ingress.mqtt.protocol.server_side import Ended, Event, Limits, ServerProtocol
from penstock.ingress.mqtt.topics import KIND_STATUS, Right, Route, route
from penstock.ingress.mqtt.translate import names_itself, to_malformed, to_new_readings
from penstock.kit.errors import InvalidInput, Kind, PenstockError

MAX_ROUTES = 64
LINGER_S = 2.0
"""How long a client that was cut may take to read why, and to close."""
_log = structlog.get_logger()


class Faults(Protocol):
    """Counts what devices send that cannot be read."""

    def note_malformed(self, device: DeviceRef, reason: str) -> None:
        """Count one message."""


class Owner(Protocol):
    """The server, as far as its connections need it."""

    @property
    def stopping(self) -> bool:
        """Whether connections end because the server does, which says nothing about their devices."""

    def met(self, connection: Connection) -> None:
        """A socket was accepted: keep it, or abort it if there are too many."""

    def decide(self, connection: Connection, connect: Connect) -> None:
        """Find out whether the client may come in, and call `admit` or `turn_away`."""

    def left(self, connection: Connection) -> None:
        """The connection is at its end; its socket may still linger. May be told more than once."""

    def lost(self, connection: Connection) -> None:
        """The socket is closed."""

    def listening(self, connection: Connection) -> None:
        """The client subscribed to something: it may wait for commands now."""

    def subscribed(self, connection: Connection, filters: list[str]) -> None:
        """The client wants what is retained of filters: a program of these, a device of its command topic."""

    def delay_will(self, connection: Connection, delay_s: float) -> None:
        """Call `publish_will` after a while, unless the client is back by then."""


class Parts:
    """What all connections of a server share."""

    def __init__(
        self,
        owner: Owner,
        intake: Intake,
        telemetry: TelemetryService,
        lane: BackfillLane,
        commands: MqttCommands,
        faults: Faults,
        limits: Limits,
        max_messages_per_s: int,
    ) -> None:
        self.owner = owner
        self.intake = intake
        self.telemetry = telemetry
        self.lane = lane
        self.commands = commands
        self.faults = faults
        self.limits = limits
        self.max_messages_per_s = max_messages_per_s


class Connection(asyncio.Protocol):
    """Implements `intake.Publisher`."""

    def __init__(self, parts: Parts) -> None:
        self.protocol = ServerProtocol(parts.limits)
        self.device: DeviceRef | None = None
        self.device_text = ""
        self.client_id = ""
        self.token_digest = b""
        self.will: Will | None = None
        self.address = ""
        self.flow = Flow(parts.max_messages_per_s)
        self.downlink: Downlink | None = None
        self.feed: LiveFeed | None = None
        """What a program that came with an API key subscribed to; such a connection has no device."""
        self.pending = 0
        self.ended: DisconnectReason | None = None
        """Why the connection is at its end; None while it is not."""
        self._parts = parts
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._written_bytes = 0
        self._routes: dict[str, Route] = {}
        self._settled: asyncio.Future[None] | None = None
        self._late = 0
        """Old readings among those that came last."""
        self._behind: list[Publish] | None = None
        """While an answer to a command is on its way to the disk: what came after it."""

    @property
    def waiting_bytes(self) -> int:
        """Bytes that the peer has not taken."""
        return self._transport.get_write_buffer_size() if self._transport else 0

    @property
    def taken_bytes(self) -> int:
        """Bytes that have left for the peer since the connection began."""
        return self._written_bytes - self.waiting_bytes

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        peer = transport.get_extra_info("peername")
        self.address = peer[0] if peer else ""
        self.flow.begin(self._transport)
        self._parts.owner.met(self)

    def data_received(self, data: bytes) -> None:
        """The peer sent bytes."""
        if self.ended is not None:
            return  # lingering: what still comes is thrown away
        self.flow.heard_at = self._loop.time()
        self._handle(self.protocol.receive(data))

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is closed, by whomever."""
        if self.ended is None:
            self.ended = DisconnectReason.STOPPING if self._parts.owner.stopping else self._with_will(DisconnectReason.LOST)
            self._leave_will()
        if self.downlink is not None:
            self.downlink.lost()
        self._parts.owner.lost(self)

    def pause_writing(self) -> None:
        """The peer leaves what we send: read no more that we would have to answer."""
        self.flow.pause(Hold.WRITING)

    def resume_writing(self) -> None:
        """The peer has caught up."""
        self.flow.resume(Hold.WRITING)

    # Decisions of the server.

    def admit(self, device: DeviceRef, device_text: str) -> None:
        """The client may come in as this device; `open` follows when its session is at hand."""
        self.device, self.device_text = device, device_text
        self.downlink = Downlink(self.protocol, device_text)
        self._keep_alive()

    def admit_program(self, actor: Actor, credential: bytes) -> LiveFeed:
        """The client may come in with an API key. Its session ends with its connection."""
        self.protocol.limits = msgspec.structs.replace(self.protocol.limits, session_expiry_max_s=0)
        self.feed = LiveFeed(self.protocol, actor, credential)
        self._keep_alive()
        return self.feed

    def _keep_alive(self) -> None:
        bound = self._transport.get_extra_info("socket") if self._transport else None
        if not self.protocol.keep_alive_s and bound is not None:
            # A client without keep alive never has to speak: TCP finds out when it is gone.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def open(self) -> None:
        """The protocol has accepted: go on reading, first what the client sent ahead."""
        self.flow.release(Hold.DECIDING)
        self._handle(self.protocol.proceed())
        self.flow.go_on()

    def turn_away(self, reason: Reason, text: str) -> None:
        """The client may not come in."""
        if self.ended is None:
            self.protocol.refuse(reason, text)
            self._close(DisconnectReason.CUT)

    def cut(self, reason: Reason, text: str, why: DisconnectReason = DisconnectReason.CUT, *, will: bool = False) -> None:
        """End the connection from our side."""
        if self.ended is None:
            self.protocol.disconnect(reason, text)
            self._end(why, text, will=will)

    def hold_for_decision(self) -> None:
        """Read nothing until it is known whether the device may still send."""
        self.flow.pause(Hold.DECIDING)

    def let_go_on(self, device: DeviceRef) -> None:
        """The device may still send."""
        self.device = device
        if self.protocol.is_open:
            self.flow.resume(Hold.DECIDING)

    def abort(self) -> None:
        """Cut the socket; nothing more can be told to the peer."""
        if self._transport is not None:
            self._transport.abort()

    async def settled(self) -> None:
        """Wait until every message of this connection is stored or refused: then its session is up to date."""
        if self.pending:
            if self._settled is None:
                self._settled = self._loop.create_future()
            await asyncio.shield(self._settled)

    def deliver(self, topic: str, payload: bytes, command_id: str) -> asyncio.Future[bool]:
        """Send a command; see `Downlink.deliver`."""
        assert self.downlink is not None
        sent = self.downlink.deliver(topic, payload, command_id)
        self._write()
        return sent

    # Events of the protocol.

    def _handle(self, events: list[Event]) -> None:
        messages = 0
        for event in events:
            if self.ended is not None:
                break
            if type(event) is Publish:
                if self.device is None:
                    self.cut(Reason.NOT_AUTHORIZED, "a key may subscribe and not publish")
                    break
                self._published(event)
                messages += 1
            else:
                self._happened(event)
        self._write()
        if messages:
            self._slow_down(messages)

    def _happened(self, event: Event) -> None:
        if isinstance(event, Connect):
            self.flow.pause(Hold.DECIDING)
            self._parts.owner.decide(self, event)
        elif isinstance(event, Ended):
            goodbye = event.reason is Reason.SUCCESS
            self._end(DisconnectReason.GOODBYE if goodbye else DisconnectReason.CUT, event.text, will=event.will)
        elif self.downlink is not None:
            self._hear(self.downlink, event)
        elif self.feed is not None and isinstance(event, Subscribe):
            self._parts.owner.subscribed(self, self.feed.subscribe(event))
        elif self.feed is not None and isinstance(event, Unsubscribe):
            self.feed.unsubscribe(event)

    def _hear(self, downlink: Downlink, event: Event) -> None:
        if isinstance(event, Ack):
            downlink.confirmed(event)
        elif isinstance(event, Subscribe):
            listened = downlink.command_topic is not None
            wants_last = downlink.subscribe(event)
            if not listened:
                self._parts.owner.listening(self)
            if wants_last:
                self._parts.owner.subscribed(self, [])
        elif isinstance(event, Unsubscribe):
            downlink.unsubscribe(event)

    def _published(self, publish: Publish) -> None:
        if self._behind is not None:
            self._behind.append(publish)
            return
        topic = publish.topic
        where = self._routes.get(topic)
        if where is None:
            where = route(self.device_text, topic)
            if len(self._routes) < MAX_ROUTES:
                self._routes[topic] = where
        if where.right is Right.FOREIGN:
            self._refuse_topic(publish)
        elif publish.qos == 1 and self.protocol.session.repeats(publish):
            self._take(publish, ())
        elif where.right is Right.ANSWER or (where.kind == KIND_STATUS and holds_answer(publish.payload)):
            self._take_answer(publish, where)
        else:
            self._take_readings(publish, where)

    def _take_answer(self, publish: Publish, where: Route) -> None:
        """What the device says of a command. It is acknowledged when it is on disk, and before all that came after it."""
        assert self.device is not None
        self.pending += 1
        self._behind = []
        self.flow.pause(Hold.ANSWERING)
        self._parts.commands.take_answer(self.device, publish.payload, lambda error: self._answered(publish, where, error))

    def _answered(self, publish: Publish, where: Route, error: PenstockError | None) -> None:
        assert self.device is not None
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
                self._take(publish, ())
        for later in behind:
            self._published(later)
        if self._behind is None:
            self.flow.release(Hold.ANSWERING)
        self.flush()
        self.flow.go_on()

    def _take_readings(self, publish: Publish, where: Route) -> None:
        assert self.device is not None
        try:
            if where.right is Right.UNKNOWN:
                raise InvalidInput.field("", "the topic is none that a device publishes to")
            readings = self._parts.telemetry.receive(to_new_readings(self.device, where, publish))
        except PenstockError as error:
            self._take_malformed(publish, where, error)
        else:
            before_us = self._parts.lane.old_before_us()
            self._late += sum([reading.time_us < before_us for reading in readings])
            self._take(publish, readings, is_new=publish.qos == 2 and not publish.dup and not names_itself(publish))

    def _take_malformed(self, publish: Publish, where: Route, error: PenstockError) -> None:
        """Keep what can be kept of it; the device is told by MQTT 5's reason code, and people by the device's counter."""
        assert self.device is not None
        self._parts.faults.note_malformed(self.device, error.detail)
        if where.right is Right.UNKNOWN:
            reason = Reason.TOPIC_NAME_INVALID
        else:
            reason = Reason.PAYLOAD_FORMAT_INVALID if error.kind is Kind.INVALID else Reason.IMPLEMENTATION_SPECIFIC
        try:
            kept = [self._parts.telemetry.set_aside(self.device, to_malformed(publish, error.detail), Source.MQTT)]
        except PenstockError:
            kept = []  # the device was paused a moment ago; its connection is about to be cut
        self._take(publish, kept, reason, error.detail)

    def _refuse_topic(self, publish: Publish) -> None:
        """A topic of somebody else. 3.1.1 has no word for it but to close the connection."""
        text = f"a device may publish below d/{self.device_text}/ and devices/{self.device_text}/"
        if self.protocol.version == V5 and publish.qos:
            self._take(publish, (), Reason.NOT_AUTHORIZED, text)
        else:
            self.cut(Reason.NOT_AUTHORIZED, text, will=True)

    def _take(
        self,
        publish: Publish,
        readings: list[Reading] | tuple[()],
        reason: Reason = Reason.SUCCESS,
        text: str = "",
        *,
        is_new: bool = False,
    ) -> None:
        assert self.device is not None
        self.pending += 1
        self._parts.intake.take(Message(self, self.device.org_id, publish, readings, reason, text, is_new=is_new))

    # intake.Publisher

    def stored(self, message: Message) -> None:
        """Acknowledge; written by `flush`, with all that the commit held of this connection."""
        self.pending -= 1
        self.protocol.acknowledge(message.publish, message.reason, message.text)

    def not_stored(self, message: Message, error: PenstockError) -> None:
        """Say so where MQTT has a word for it, and close the connection where it has none."""
        self.pending -= 1
        exhausted = isinstance(error, MonthlyLimitExceeded)
        if exhausted and self.protocol.version == V5:
            self.protocol.acknowledge(message.publish, Reason.QUOTA_EXCEEDED, error.detail)
        else:
            self.protocol.forget(message.publish)
            self.cut(Reason.QUOTA_EXCEEDED if exhausted else Reason.SERVER_BUSY, error.detail)

    def flush(self) -> None:
        """Write the acknowledgements, and go on reading where there is no reason left to wait."""
        self._write()
        if not self.pending and self._settled is not None:
            self._settled.set_result(None)
            self._settled = None
        if self.flow.holds(Hold.CROWDED) and not self._parts.intake.crowded:
            self.flow.resume(Hold.CROWDED)
        if self.flow.holds(Hold.UNANSWERED) and self.pending < self._parts.limits.max_inflight:
            self.flow.resume(Hold.UNANSWERED)

    def _slow_down(self, messages: int) -> None:
        if self.pending >= self._parts.limits.max_inflight:
            self.flow.pause(Hold.UNANSWERED)
        if self._parts.intake.crowded:
            self.flow.pause(Hold.CROWDED)
            self._parts.intake.pause(self)
        if self._late and self.device is not None:
            held_s = self._parts.lane.charge(self.device.id, self._late)
            self._late = 0
            if held_s:
                self.flow.pause_for(Hold.LANE, held_s)
        self.flow.count(messages)

    # The end.

    def _end(self, why: DisconnectReason, text: str, *, will: bool) -> None:
        if self.ended is not None:
            return
        if why is DisconnectReason.CUT:
            _log.info("mqtt_cut", device=self.device_text, address=self.address, reason=text)
        self.ended = self._with_will(why) if will else why
        if will:
            self._leave_will()
        self._close(self.ended)

    def _close(self, why: DisconnectReason) -> None:
        self.ended = why
        self._write()
        self._parts.owner.left(self)
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        if why is DisconnectReason.GOODBYE or not transport.can_write_eof():
            transport.close()
            return
        # Closed with bytes of the peer unread, TCP would reset the connection, and the peer could not read what we said last.
        try:
            transport.write_eof()
            transport.resume_reading()
        except OSError:  # the peer has reset the connection meanwhile
            transport.abort()
        else:
            self._loop.call_later(LINGER_S, transport.abort)

    def _with_will(self, why: DisconnectReason) -> DisconnectReason:
        by_device = why in {DisconnectReason.LOST, DisconnectReason.GOODBYE}
        return DisconnectReason.LAST_WILL if by_device and self.will is not None else why

    def _leave_will(self) -> None:
        if self.will is not None and not self._parts.owner.stopping:
            delay_s = min(self.will.properties.get(Property.WILL_DELAY_S, 0), self.protocol.session_expiry_s)
            if delay_s:
                self._parts.owner.delay_will(self, delay_s)
            else:
                self.publish_will()

    def publish_will(self) -> None:
        """Take the will in: a message of the device like any other."""
        if self.will is not None and self.device is not None:
            will, self.will = self.will, None
            self._published(Publish(will.topic, will.payload))

    def send(self) -> None:
        """Write what lies in the protocol."""
        self._write()

    def _write(self) -> None:
        data = self.protocol.data_to_send()
        if data and self._transport is not None and not self._transport.is_closing():
            self._written_bytes += len(data)
            self._transport.write(data)
