"""A client's side of MQTT 3.1.1 and 5: bytes in, events and bytes out.

Theory of operation. The broker keeps a session for us under our client id: it holds what was published while we were away, and
sends again, marked DUP, what we had not acknowledged. Nothing is acknowledged here by itself: whoever stored a message calls
`acknowledge`, and PUBACK or PUBREC goes out. A message of QoS 2 whose identifier waits for PUBREL is not handed out twice.

What has to outlive a connection is in `memory.py`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.ingress.mqtt.client.framing import Framing, Oversized
from penstock.ingress.mqtt.client.memory import Memory
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
        1: "the broker does not speak MQTT 3.1.1",
        2: "the broker refuses the client id",
        3: "the broker is not available",
        4: "user name or password is wrong",
        5: "the broker does not let this user in",
    },
    V5: {
        Reason.UNSUPPORTED_VERSION: "the broker does not speak MQTT 5",
        Reason.CLIENT_ID_NOT_VALID: "the broker refuses the client id",
        Reason.BAD_USER_OR_PASSWORD: "user name or password is wrong",
        Reason.NOT_AUTHORIZED: "the broker does not let this user in",
        Reason.SERVER_UNAVAILABLE: "the broker is not available",
        Reason.SERVER_BUSY: "the broker is busy",
        Reason.SESSION_TAKEN_OVER: "another client connected with the same client id",
        Reason.SHUTTING_DOWN: "the broker stops",
        Reason.KEEP_ALIVE_TIMEOUT: "the broker heard nothing from us for too long",
        Reason.CONNECTION_RATE_EXCEEDED: "the broker is connected to too often",
        Reason.QUOTA_EXCEEDED: "a quota of the broker is used up",
    },
}
"""Why a broker hangs up, in our words. Source: MQTT 3.1.1, table 3.1; MQTT 5.0, tables 3-1 and 3-13."""
_MAX_SAID = 100


@hides("password")
class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What CONNECT says of us."""

    version: int
    client_id: str
    keep_alive_s: int
    session_expiry_s: int
    user: str | None = None
    password: bytes | None = None


class Opened(msgspec.Struct, frozen=True):
    """The broker let us in. Subscribe next; with `session_present` it knows our subscriptions from before.

    At most `receive_maximum` messages of ours may wait for its word, none above `maximum_qos` and `maximum_bytes` (0: any size).
    """

    session_present: bool
    keep_alive_s: int
    receive_maximum: int = 65_535
    maximum_qos: int = 2
    maximum_bytes: int = 0


class Confirmed(msgspec.Struct, frozen=True):
    """The broker's word on a message of ours (PUBACK); from 0x80 on a refusal."""

    packet_id: int
    code: int


class Subscribed(msgspec.Struct, frozen=True):
    """A code for each filter of one `subscribe`; from 0x80 on a refusal."""

    packet_id: int
    codes: list[int]


class Closed(msgspec.Struct, frozen=True):
    """The connection is of no more use; `reason` says why, in words fit to be shown."""

    reason: str


Event = Opened | Publish | Oversized | Subscribed | Confirmed | Closed


class ClientSession:
    """One connection. `begin` first; after `Closed` it takes nothing more."""

    def __init__(self, identity: Identity, memory: Memory, *, max_packet_bytes: int, max_inflight: int) -> None:
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
        """Identifiers of packets of ours that wait for an answer."""
        self._published: set[int] = set()
        """Those of messages among them."""
        self._pending: set[int] = set()
        """Identifiers of messages that were handed out and are not acknowledged yet."""

    @property
    def version(self) -> int:
        """The version that is spoken."""
        return self._identity.version

    def begin(self) -> None:
        """Say who we are."""
        who, properties = self._identity, dict[int, Any]()
        if who.version == V5:
            properties = {
                Property.SESSION_EXPIRY_S: who.session_expiry_s,
                Property.RECEIVE_MAXIMUM: self._max_inflight,
                Property.MAXIMUM_PACKET_SIZE: self._max_packet_bytes,
            }
        self._send(Connect(who.version, who.client_id, False, who.keep_alive_s, who.user, who.password, None, properties))

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes from the broker; what they mean, in order."""
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
            events.append(Closed(f"the broker breaks the protocol: {error.text}"))
        return events

    def data_to_send(self) -> bytes:
        """What to write to the broker, which is then forgotten here."""
        data = b"".join(self._out)
        self._out.clear()
        return data

    def subscribe(self, wanted: list[Subscription]) -> int:
        """Ask for topics; the identifier of the answer."""
        number = self._new_id()
        self._send(Subscribe(number, wanted))
        return number

    def unsubscribe(self, filters: list[str]) -> None:
        """Ask for topics no longer."""
        self._send(Unsubscribe(self._new_id(), filters))

    def publish(self, topic: str, payload: bytes, expiry_s: int) -> int:
        """Send a message of QoS 1; the identifier of the broker's word on it. One of MQTT 5 drops it after `expiry_s` seconds.

        Raises:
            ValueError, OverflowError: a value does not fit into its place.
        """
        number = self._new_id()
        properties: Properties = {Property.MESSAGE_EXPIRY_S: expiry_s} if self._identity.version == V5 else {}
        self._send(Publish(topic, payload, 1, number, properties=properties))
        self._published.add(number)
        return number

    def ping(self) -> None:
        """Show that we are there."""
        self._send(Ping())

    def disconnect(self, *, forget: bool = False) -> None:
        """Say goodbye. With `forget` the broker of MQTT 5 need not keep the session."""
        properties: Properties = {Property.SESSION_EXPIRY_S: 0} if forget and self._identity.version == V5 else {}
        self._send(Disconnect(Reason.SUCCESS, properties))
        self._closed = True

    def acknowledge(self, publish: Publish) -> None:
        """The message is on disk, or never will be: the broker may forget it."""
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
            raise violation("the first packet of a broker, and no other, is CONNACK")
        if isinstance(packet, Publish):
            return packet if self._is_next(packet) else None
        if isinstance(packet, ConnAck):
            return self._answered(packet)
        if isinstance(packet, Ack):
            return self._acked(packet)
        if isinstance(packet, SubAck):
            # MQTT 5, 2.2.1: an identifier is free again when its answer came.
            self._mine.discard(packet.packet_id)
            return Subscribed(packet.packet_id, packet.codes) if packet.kind == Kind.SUBACK else None
        if isinstance(packet, Disconnect) and self.version == V5:
            self._closed = True
            said = _REFUSALS[V5].get(packet.reason)
            return Closed(said or f"the broker closed the connection{_said(packet.reason, packet.properties)}")
        if isinstance(packet, Ping) and packet.kind == Kind.PINGRESP:
            return None
        raise violation("this packet is not the broker's to send")

    def _answered(self, packet: ConnAck) -> Event:
        if packet.code:
            self._closed = True
            text = _REFUSALS[self.version].get(packet.code)
            return Closed(text or f"the broker refuses the connection{_said(packet.code, packet.properties)}")
        self._open = True
        # The broker forgot us: its identifiers begin anew, and say nothing about what was stored before.
        if not packet.session_present:
            self._memory.begin()
        said = packet.properties
        return Opened(
            packet.session_present,
            int(said.get(Property.SERVER_KEEP_ALIVE_S, self._identity.keep_alive_s)),
            receive_maximum=int(said.get(Property.RECEIVE_MAXIMUM, 65_535)),
            maximum_qos=int(said.get(Property.MAXIMUM_QOS, 2)),
            maximum_bytes=int(said.get(Property.MAXIMUM_PACKET_SIZE, 0)),
        )

    def _oversized(self, found: Oversized) -> Event | None:
        if not self._open:
            raise violation("the first packet of a broker, and no other, is CONNACK")
        return found if self._is_next(found.publish) else None

    def _is_next(self, publish: Publish) -> bool:
        """Whether a message is to be handed out. One that is still on its way to the disk will be acknowledged from there."""
        if not publish.topic:
            raise violation("a topic alias, though none was offered")
        if not publish.qos:
            return True
        if publish.qos == 2 and publish.packet_id in self._memory.received:
            self._send(Ack(Kind.PUBREC, publish.packet_id))
            return False
        # Repeated while the first is on its way to the disk: the acknowledgement of that one serves both.
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
            raise violation("an acknowledgement, though nothing was published")
        self._memory.received.discard(packet.packet_id)
        self._send(Ack(Kind.PUBCOMP, packet.packet_id))
        return None


def _said(code: int, properties: Properties) -> str:
    """A code, and the broker's own words if it sent any."""
    words = str(properties.get(Property.REASON_STRING, "")).strip()
    plain = "".join(char for char in words[:_MAX_SAID] if char.isprintable())
    return f" (code {code}: {plain})" if plain else f" (code {code})"
