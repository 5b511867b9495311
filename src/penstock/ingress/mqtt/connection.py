"""One client's connection: passes bytes between its wire and the protocol, and dispatches the protocol's events.

A device's messages go to `uplink.py`, messages to it come from `downlink.py`; a program has a `LiveFeed` instead of both.
`flow.py` decides when to read, `wire.py` writes. The `Owner` decides which clients are admitted and disconnected.
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
    """The part of the server that its connections use."""

    @property
    def stopping(self) -> bool:
        """Whether connections end because the server is stopping, which says nothing about their devices."""

    def connection_opened(self, connection: Connection) -> None:
        """A socket was accepted: register it, or abort it if there are too many."""

    def decide(self, connection: Connection, connect: Connect) -> None:
        """Decide whether to admit the client, and call `admit` or `reject`."""

    def client_admitted(self, connection: Connection) -> None:
        """The client was admitted: the connection no longer counts as unauthenticated."""

    def connection_closed(self, connection: Connection) -> None:
        """The connection has ended; its socket may still linger. Can be called more than once."""

    def connection_lost(self, connection: Connection) -> None:
        """The socket is closed."""

    def listening(self, connection: Connection) -> None:
        """The client subscribed to a topic: it may be ready for commands now."""

    def subscribed(self, connection: Connection, filters: list[str]) -> None:
        """The client requests the retained messages of filters: a program of these, a device of its command topic."""

    def delay_will(self, connection: Connection, delay_s: float) -> None:
        """Call `publish_will` after a delay, unless the client reconnects before."""


class Parts(msgspec.Struct, frozen=True, kw_only=True):
    """The parts that all connections of a server share."""

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
        """The subscriptions of a program with an API key; such a connection has no device."""
        self.ended: DisconnectReason | None = None
        """Why the connection ended; None while it is open."""
        self._parts = parts
        self._loop = asyncio.get_running_loop()

    @property
    def device(self) -> DeviceRef | None:
        """The admitted device."""
        return self.uplink.device if self.uplink is not None else None

    @property
    def is_admitted(self) -> bool:
        """Whether a device or a program was admitted on this connection."""
        return self.uplink is not None or self.feed is not None

    @property
    def waiting_bytes(self) -> int:
        """Bytes that the peer has not read."""
        return self.wire.waiting_bytes

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        socket = cast(asyncio.Transport, transport)  # uvloop's transport does not inherit from it
        self.address = self.wire.begin(socket)
        self.flow.begin(socket)
        self._parts.owner.connection_opened(self)

    def data_received(self, data: bytes) -> None:
        """The peer sent bytes."""
        if self.ended is not None:
            return  # lingering: further data is discarded
        self.flow.received_at = self._loop.time()
        self._handle(self.protocol.receive(data))

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket was closed by either side."""
        if self.ended is None:
            self.ended = DisconnectReason.STOPPING if self._parts.owner.stopping else self._with_will(DisconnectReason.LOST)
            self._leave_will()
        if self.downlink is not None:
            self.downlink.lost()
        self._parts.owner.connection_lost(self)

    def pause_writing(self) -> None:
        """The peer does not read our data: stop reading requests that need responses."""
        self.flow.pause(Hold.WRITING)

    def resume_writing(self) -> None:
        """The peer has caught up."""
        self.flow.resume(Hold.WRITING)

    def send(self) -> None:
        """Write the protocol's pending bytes."""
        self.wire.write(self.protocol.data_to_send())

    # Decisions of the server.

    def admit(self, device: DeviceRef, device_text: str) -> None:
        """Admit the client as this device; `open` follows when its session is loaded."""
        self.uplink = Uplink(self._parts.uplink, self, device, device_text)
        self.downlink = Downlink(self.protocol, device_text)
        self._keep_alive()

    def admit_program(self, actor: Actor, credential: bytes) -> LiveFeed:
        """Admit the client with an API key. Its session ends with its connection."""
        self.protocol.limits = msgspec.structs.replace(self.protocol.limits, session_expiry_max_s=0)
        self.feed = LiveFeed(self.protocol, actor, credential)
        self._keep_alive()
        return self.feed

    def _keep_alive(self) -> None:
        if not self.protocol.keep_alive_s:
            self.wire.keep_alive_by_tcp()

    def open(self) -> None:
        """The protocol has accepted the client: resume reading, starting with bytes sent before CONNACK."""
        self._parts.owner.client_admitted(self)
        self.flow.release(Hold.DECIDING)
        self._handle(self.protocol.proceed())
        self.flow.continue_reading()

    def reject(self, reason: Reason, text: str) -> None:
        """Reject the client."""
        if self.ended is None:
            self.protocol.refuse(reason, text)
            self._close(DisconnectReason.CUT)

    def cut(self, reason: Reason, text: str, why: DisconnectReason = DisconnectReason.CUT, *, will: bool = False) -> None:
        """Close the connection from the server's side."""
        if self.ended is None:
            self.protocol.disconnect(reason, text)
            self._end(why, text, will=will)

    def hold_for_decision(self) -> None:
        """Read nothing until the server has decided whether the device may still send."""
        self.flow.pause(Hold.DECIDING)

    def resume(self, device: DeviceRef) -> None:
        """Resume after `hold_for_decision`: the device may still send."""
        if self.uplink is not None:
            self.uplink.device = device
        if self.protocol.is_open:
            self.flow.resume(Hold.DECIDING)

    def abort(self, reason: str = "") -> None:
        """Abort the socket; nothing more can be sent to the peer. A reason is counted on its device."""
        if reason and self.uplink is not None and self.ended is None:
            self.uplink.note_cut(reason)
        self.wire.abort()

    @property
    def has_unsettled(self) -> bool:
        """Whether messages of this connection are still being written to disk."""
        return self.uplink is not None and self.uplink.pending > 0

    async def settled(self) -> None:
        """Wait until every message of this connection is stored or rejected."""
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
                    self.cut(Reason.NOT_AUTHORIZED, "a client with an API key must not publish")
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
            self._on_downlink_event(self.downlink, event)
        elif self.feed is not None and isinstance(event, Subscribe):
            self._parts.owner.subscribed(self, self.feed.subscribe(event))
        elif self.feed is not None and isinstance(event, Unsubscribe):
            self.feed.unsubscribe(event)

    def _on_downlink_event(self, downlink: Downlink, event: Event) -> None:
        if isinstance(event, Ack):
            downlink.confirmed(event)
        elif isinstance(event, Subscribe):
            listened = downlink.command_topic is not None
            gets_retained = downlink.subscribe(event)
            if not listened:
                self._parts.owner.listening(self)
            if gets_retained:
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
        if self.uplink is not None and why not in {DisconnectReason.GOODBYE, DisconnectReason.STOPPING}:
            self.uplink.note_cut(text)
        self.ended = self._with_will(why) if will else why
        if will:
            self._leave_will()
        self._close(self.ended)

    def _close(self, why: DisconnectReason) -> None:
        self.ended = why
        self.send()
        self._parts.owner.connection_closed(self)
        self.wire.close(lingering=why is not DisconnectReason.GOODBYE)

    def _with_will(self, why: DisconnectReason) -> DisconnectReason:
        by_device = why in {DisconnectReason.LOST, DisconnectReason.GOODBYE}
        return DisconnectReason.LAST_WILL if by_device and self.will is not None else why

    def _leave_will(self) -> None:
        if self.will is not None and not self._parts.owner.stopping:
            # MQTT 5, 3.1.3.2.2: the will is due after its delay or at the end of the session, whichever is first.
            delay_s = min(self.will.properties.get(Property.WILL_DELAY_S, 0), self.protocol.session_expiry_s)
            if delay_s:
                self._parts.owner.delay_will(self, delay_s)
            else:
                self.publish_will()

    def publish_will(self) -> None:
        """Ingest the will: it is a message of the device like any other."""
        if self.will is not None and self.uplink is not None:
            will, self.will = self.will, None
            self.uplink.take(Publish(will.topic, will.payload))
