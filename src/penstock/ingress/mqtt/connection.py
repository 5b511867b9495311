"""One client's connection: bytes between its wire and the protocol, events to whom they concern, and its end.

What a device publishes goes to `uplink.py`, what it is sent comes from `downlink.py`; a program has a `LiveFeed` in place of
both. When it is read is kept by `flow.py`, what was written by `wire.py`. Who may come in, and who is cut, is decided by the
`Owner`.
"""

from __future__ import annotations

import asyncio
from typing import Protocol, cast

import msgspec
import structlog

from penstock.core.actor import Actor
from penstock.core.devices.link import DisconnectReason
from penstock.core.devices.models import DeviceRef
from penstock.ingress.mqtt.downlink import Downlink
from penstock.ingress.mqtt.flow import Flow, Hold
from penstock.ingress.mqtt.live import LiveFeed
from penstock.ingress.mqtt.protocol.handshake import Limits
from penstock.ingress.mqtt.protocol.packets import Ack, Connect, Property, Publish, Reason, Subscribe, Unsubscribe, Will
from penstock.ingress.mqtt.protocol.server_side import Ended, Event, ServerProtocol
from penstock.ingress.mqtt.uplink import Uplink, UplinkParts
from penstock.ingress.mqtt.wire import Wire

_log = structlog.get_logger()


class Owner(Protocol):
    """The server, as far as its connections need it."""

    @property
    def stopping(self) -> bool:
        """Whether connections end because the server does, which says nothing about their devices."""

    def met(self, connection: Connection) -> None:
        """A socket was accepted: keep it, or abort it if there are too many."""

    def decide(self, connection: Connection, connect: Connect) -> None:
        """Find out whether the client may come in, and call `admit` or `turn_away`."""

    def let_in(self, connection: Connection) -> None:
        """The client came in: the connection no longer counts among those that have proved nothing."""

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


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """What all connections of a server share."""

    owner: Owner
    limits: Limits
    max_messages_per_s: int
    uplink: UplinkParts


class Connection(asyncio.Protocol):
    """Implements `uplink.Line` for a device and `live.Listener` for a program."""

    def __init__(self, parts: Parts) -> None:
        self.protocol = ServerProtocol(parts.limits)
        self.client_id = ""
        self.token_digest = b""
        self.will: Will | None = None
        self.address = ""
        self.wire = Wire()
        self.flow = Flow(parts.max_messages_per_s)
        self.uplink: Uplink | None = None
        self.downlink: Downlink | None = None
        self.feed: LiveFeed | None = None
        """What a program that came with an API key subscribed to; such a connection has no device."""
        self.ended: DisconnectReason | None = None
        """Why the connection is at its end; None while it is not."""
        self._parts = parts
        self._loop = asyncio.get_running_loop()

    @property
    def device(self) -> DeviceRef | None:
        """The device that was let in."""
        return self.uplink.device if self.uplink is not None else None

    @property
    def was_let_in(self) -> bool:
        """Whether a device or a program came in by this connection."""
        return self.uplink is not None or self.feed is not None

    @property
    def waiting_bytes(self) -> int:
        """Bytes that the peer has not taken."""
        return self.wire.waiting_bytes

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        socket = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance
        self.address = self.wire.begin(socket)
        self.flow.begin(socket)
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

    def send(self) -> None:
        """Write what lies in the protocol."""
        self.wire.write(self.protocol.data_to_send())

    # Decisions of the server.

    def admit(self, device: DeviceRef, device_text: str) -> None:
        """The client may come in as this device; `open` follows when its session is at hand."""
        self.uplink = Uplink(self._parts.uplink, self, device, device_text)
        self.downlink = Downlink(self.protocol, device_text)
        self._keep_alive()

    def admit_program(self, actor: Actor, credential: bytes) -> LiveFeed:
        """The client may come in with an API key. Its session ends with its connection."""
        self.protocol.limits = msgspec.structs.replace(self.protocol.limits, session_expiry_max_s=0)
        self.feed = LiveFeed(self.protocol, actor, credential)
        self._keep_alive()
        return self.feed

    def _keep_alive(self) -> None:
        if not self.protocol.keep_alive_s:
            self.wire.keep_alive_by_tcp()

    def open(self) -> None:
        """The protocol has accepted: go on reading, first what the client sent ahead."""
        self._parts.owner.let_in(self)
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
        if self.uplink is not None:
            self.uplink.device = device
        if self.protocol.is_open:
            self.flow.resume(Hold.DECIDING)

    def abort(self) -> None:
        """Cut the socket; nothing more can be told to the peer."""
        self.wire.abort()

    @property
    def has_unsettled(self) -> bool:
        """Whether messages of this connection are still on their way to the disk."""
        return self.uplink is not None and self.uplink.pending > 0

    async def settled(self) -> None:
        """Wait until every message of this connection is stored or refused."""
        if self.uplink is not None:
            await self.uplink.settled()

    def deliver(self, topic: str, payload: bytes, command_id: str) -> asyncio.Future[bool]:
        """Send a command; see `Downlink.deliver`."""
        assert self.downlink is not None
        sent = self.downlink.deliver(topic, payload, command_id)
        self.send()
        return sent

    # Events of the protocol.

    def _handle(self, events: list[Event]) -> None:
        messages = 0
        for event in events:
            if self.ended is not None:
                break
            if type(event) is Publish:
                if self.uplink is None:
                    self.cut(Reason.NOT_AUTHORIZED, "a key may subscribe and not publish")
                    break
                self.uplink.take(event)
                messages += 1
            else:
                self._happened(event)
        self.send()
        if messages and self.uplink is not None:
            self.uplink.slow_down(messages)

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

    # The end.

    def _end(self, why: DisconnectReason, text: str, *, will: bool) -> None:
        if self.ended is not None:
            return
        if why is DisconnectReason.CUT:
            device = self.uplink.device_text if self.uplink is not None else ""
            _log.info("mqtt_cut", device=device, address=self.address, reason=text)
        self.ended = self._with_will(why) if will else why
        if will:
            self._leave_will()
        self._close(self.ended)

    def _close(self, why: DisconnectReason) -> None:
        self.ended = why
        self.send()
        self._parts.owner.left(self)
        self.wire.close(lingering=why is not DisconnectReason.GOODBYE)

    def _with_will(self, why: DisconnectReason) -> DisconnectReason:
        by_device = why in {DisconnectReason.LOST, DisconnectReason.GOODBYE}
        return DisconnectReason.LAST_WILL if by_device and self.will is not None else why

    def _leave_will(self) -> None:
        if self.will is not None and not self._parts.owner.stopping:
            # MQTT 5, 3.1.3.2.2: the will is due after its delay or at the end of the session, whichever comes first.
            delay_s = min(self.will.properties.get(Property.WILL_DELAY_S, 0), self.protocol.session_expiry_s)
            if delay_s:
                self._parts.owner.delay_will(self, delay_s)
            else:
                self.publish_will()

    def publish_will(self) -> None:
        """Take the will in: a message of the device like any other."""
        if self.will is not None and self.uplink is not None:
            will, self.will = self.will, None
            self.uplink.take(Publish(will.topic, will.payload))
