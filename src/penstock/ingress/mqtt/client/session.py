"""The client side of MQTT 3.1.1 and 5: bytes in, events and bytes out.

Theory of operation. The broker keeps a session under the client id. It stores messages published while the client was away, and
repeats unacknowledged ones, marked DUP. Nothing is acknowledged automatically here: after a message is stored, the caller calls
`acknowledge`, and PUBACK or PUBREC is sent. A message of QoS 2 whose identifier waits for PUBREL is not returned twice.

The state that must outlive a connection is in `memory.py`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.ingress.mqtt.client.framing import Framing, Oversized
from penstock.ingress.mqtt.client.memory import ClientSessionState
from penstock.ingress.mqtt.protocol.codec import Decoder
from penstock.ingress.mqtt.protocol.encoding import encode
from penstock.ingress.mqtt.protocol.packets import (
    V5,
    V311,
    Ack,
    ConnAck,
    Connect,
    Disconnect,
    Kind,
    Packet,
    PacketError,
    Ping,
    Properties,
    Property,
    Publish,
    Reason,
    SubAck,
    Subscribe,
    Subscription,
    Unsubscribe,
)
from penstock.ingress.mqtt.protocol.properties import violation
from penstock.kit.secret import hides

_REFUSALS: dict[int, dict[int, str]] = {
    V311: {
        1: "the broker does not support MQTT 3.1.1",
        2: "the broker rejected the client id",
        3: "the broker is not available",
        4: "the user name or password is wrong",
        5: "the broker does not authorise this user",
    },
    V5: {
        Reason.UNSUPPORTED_VERSION: "the broker does not support MQTT 5",
        Reason.CLIENT_ID_NOT_VALID: "the broker rejected the client id",
        Reason.BAD_USER_OR_PASSWORD: "the user name or password is wrong",
        Reason.NOT_AUTHORIZED: "the broker does not authorise this user",
        Reason.SERVER_UNAVAILABLE: "the broker is not available",
        Reason.SERVER_BUSY: "the broker is busy",
        Reason.SESSION_TAKEN_OVER: "another client connected with the same client id",
        Reason.SHUTTING_DOWN: "the broker is shutting down",
        Reason.KEEP_ALIVE_TIMEOUT: "the broker received nothing for longer than the keep-alive interval",
        Reason.CONNECTION_RATE_EXCEEDED: "the broker's connection rate limit is exceeded",
        Reason.QUOTA_EXCEEDED: "a quota of the broker is exceeded",
    },
}
"""Why a broker disconnects, as texts for users. Source: MQTT 3.1.1, table 3.1; MQTT 5.0, tables 3-1 and 3-13."""
_MAX_REASON = 100


@hides("password")
class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """The client's fields of CONNECT."""

    version: int
    client_id: str
    keep_alive_s: int
    session_expiry_s: int
    user: str | None = None
    password: bytes | None = None


class Opened(msgspec.Struct, frozen=True):
    """The broker accepted the connection. Subscribe next; with `session_present` it still has the subscriptions from before.

    At most `receive_maximum` published messages may be unconfirmed, none above `maximum_qos` or `maximum_bytes` (0: any
    size).
    """

    session_present: bool
    keep_alive_s: int
    receive_maximum: int = 65_535
    maximum_qos: int = 2
    maximum_bytes: int = 0


class Confirmed(msgspec.Struct, frozen=True):
    """The broker's acknowledgement of a published message (PUBACK); a code of 0x80 or more is a rejection."""

    packet_id: int
    code: int


class Subscribed(msgspec.Struct, frozen=True):
    """A code for each filter of one `subscribe`; 0x80 or more is a rejection."""

    packet_id: int
    codes: list[int]


class Closed(msgspec.Struct, frozen=True):
    """The connection must not be used any further; `reason` states why, as a text for users."""

    reason: str


Event = Opened | Publish | Oversized | Subscribed | Confirmed | Closed


class ClientSession:
    """One connection. Call `begin` first; after `Closed` it accepts nothing."""

    def __init__(self, identity: Identity, memory: ClientSessionState, *, max_packet_bytes: int, max_inflight: int) -> None:
        self._identity = identity
        self._memory = memory
        self._max_packet_bytes = max_packet_bytes
        self._max_inflight = max_inflight
        self._framing = Framing(max_packet_bytes)
        self._decoder = Decoder(max_packet_bytes, identity.version)
        self._out: list[bytes] = []
        self._open = False
        self._closed = False
        self._next_id = 0
        self._mine: set[int] = set()
        """Identifiers of sent packets that wait for a response."""
        self._published: set[int] = set()
        """The identifiers of messages among them."""
        self._pending: set[int] = set()
        """Identifiers of received messages that are not acknowledged yet."""

    @property
    def version(self) -> int:
        """The protocol version in use."""
        return self._identity.version

    def begin(self) -> None:
        """Send CONNECT."""
        who, properties = self._identity, dict[int, Any]()
        if who.version == V5:
            properties = {
                Property.SESSION_EXPIRY_S: who.session_expiry_s,
                Property.RECEIVE_MAXIMUM: self._max_inflight,
                Property.MAXIMUM_PACKET_SIZE: self._max_packet_bytes,
            }
        self._send(Connect(who.version, who.client_id, False, who.keep_alive_s, who.user, who.password, None, properties))

    def receive(self, data: bytes) -> list[Event]:
        """Process bytes from the broker. Returns the resulting events, in order."""
        events: list[Event] = []
        if self._closed:
            return events
        try:
            self._framing.feed(data)
            for whole in self._framing.take():
                event = self._oversized(whole) if isinstance(whole, Oversized) else self._packet(whole)
                if event is not None:
                    events.append(event)
                if self._closed:
                    break
        except PacketError as error:
            self._closed = True
            if self._identity.version == V5 and self._open:
                self._send(Disconnect(error.reason))
            events.append(Closed(f"the broker violated the protocol: {error.text}"))
        return events

    def data_to_send(self) -> bytes:
        """Return the bytes to write to the broker, and clear them here."""
        data = b"".join(self._out)
        self._out.clear()
        return data

    def subscribe(self, subscriptions: list[Subscription]) -> int:
        """Request subscriptions. Returns the identifier of the response."""
        number = self._new_id()
        self._send(Subscribe(number, subscriptions))
        return number

    def unsubscribe(self, filters: list[str]) -> None:
        """Cancel subscriptions."""
        self._send(Unsubscribe(self._new_id(), filters))

    def publish(self, topic: str, payload: bytes, expiry_s: int) -> int:
        """Send a message of QoS 1. Returns its packet identifier. A broker of MQTT 5 drops the message after `expiry_s` seconds.

        Raises:
            ValueError, OverflowError: a value does not fit into its field.
        """
        number = self._new_id()
        properties: Properties = {Property.MESSAGE_EXPIRY_S: expiry_s} if self._identity.version == V5 else {}
        self._send(Publish(topic, payload, 1, number, properties=properties))
        self._published.add(number)
        return number

    def ping(self) -> None:
        """Send PINGREQ."""
        self._send(Ping())

    def disconnect(self, *, forget: bool = False) -> None:
        """Send DISCONNECT. With `forget` a broker of MQTT 5 need not keep the session."""
        properties: Properties = {Property.SESSION_EXPIRY_S: 0} if forget and self._identity.version == V5 else {}
        self._send(Disconnect(Reason.SUCCESS, properties))
        self._closed = True

    def acknowledge(self, publish: Publish) -> None:
        """The message is on disk, or never will be: the broker can delete it."""
        if publish.qos:
            self._pending.discard(publish.packet_id)
            self._memory.stored(publish)
            if publish.qos == 2:
                self._memory.received.add(publish.packet_id)
            self._send(Ack(Kind.PUBACK if publish.qos == 1 else Kind.PUBREC, publish.packet_id))

    def _send(self, packet: Packet) -> None:
        self._out.append(encode(packet, self._identity.version))

    def _new_id(self) -> int:
        while True:
            self._next_id = self._next_id % 65_535 + 1
            if self._next_id not in self._mine:
                self._mine.add(self._next_id)
                return self._next_id

    def _packet(self, whole: bytes) -> Event | None:
        self._decoder.feed(whole)
        packet = self._decoder.next()
        if isinstance(packet, ConnAck) is self._open:
            raise violation("CONNACK must be the broker's first packet and must not be repeated")
        if isinstance(packet, Publish):
            return packet if self._is_next(packet) else None
        if isinstance(packet, ConnAck):
            return self._answered(packet)
        if isinstance(packet, Ack):
            return self._acked(packet)
        if isinstance(packet, SubAck):
            # MQTT 5, 2.2.1: an identifier can be used again once its response has arrived.
            self._mine.discard(packet.packet_id)
            return Subscribed(packet.packet_id, packet.codes) if packet.kind == Kind.SUBACK else None
        if isinstance(packet, Disconnect) and self.version == V5:
            self._closed = True
            text = _REFUSALS[V5].get(packet.reason)
            return Closed(text or f"the broker closed the connection{_describe(packet.reason, packet.properties)}")
        if isinstance(packet, Ping) and packet.kind == Kind.PINGRESP:
            return None
        raise violation("a broker must not send this packet")

    def _answered(self, packet: ConnAck) -> Event:
        if packet.code:
            self._closed = True
            text = _REFUSALS[self.version].get(packet.code)
            return Closed(text or f"the broker rejected the connection{_describe(packet.code, packet.properties)}")
        self._open = True
        # The broker has no session: its identifiers start again, and do not refer to messages stored before.
        if not packet.session_present:
            self._memory.begin()
        limits = packet.properties
        return Opened(
            packet.session_present,
            int(limits.get(Property.SERVER_KEEP_ALIVE_S, self._identity.keep_alive_s)),
            receive_maximum=int(limits.get(Property.RECEIVE_MAXIMUM, 65_535)),
            maximum_qos=int(limits.get(Property.MAXIMUM_QOS, 2)),
            maximum_bytes=int(limits.get(Property.MAXIMUM_PACKET_SIZE, 0)),
        )

    def _oversized(self, found: Oversized) -> Event | None:
        if not self._open:
            raise violation("CONNACK must be the broker's first packet and must not be repeated")
        return found if self._is_next(found.publish) else None

    def _is_next(self, publish: Publish) -> bool:
        """Whether to return a message. One that is still being written to disk will be acknowledged when it is stored."""
        if not publish.topic:
            raise violation("the broker must not use a topic alias, as the client allows none")
        if not publish.qos:
            return True
        if publish.qos == 2 and publish.packet_id in self._memory.received:
            self._send(Ack(Kind.PUBREC, publish.packet_id))
            return False
        # Repeated while the first delivery is being written to disk: its acknowledgement answers both.
        if publish.packet_id in self._pending:
            return False
        if not publish.dup:
            self._memory.begun(publish)
        self._pending.add(publish.packet_id)
        return True

    def _acked(self, packet: Ack) -> Event | None:
        if packet.kind == Kind.PUBACK and packet.packet_id in self._published:
            self._published.discard(packet.packet_id)
            self._mine.discard(packet.packet_id)
            return Confirmed(packet.packet_id, packet.reason)
        if packet.kind != Kind.PUBREL:
            raise violation("the broker acknowledged a message that was not published")
        self._memory.received.discard(packet.packet_id)
        self._send(Ack(Kind.PUBCOMP, packet.packet_id))
        return None


def _describe(code: int, properties: Properties) -> str:
    """A reason code, with the broker's reason string if it sent one."""
    words = str(properties.get(Property.REASON_STRING, "")).strip()
    plain = "".join(char for char in words[:_MAX_REASON] if char.isprintable())
    return f" (code {code}: {plain})" if plain else f" (code {code})"
