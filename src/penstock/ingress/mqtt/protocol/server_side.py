"""One MQTT connection on the server's side, without I/O.

Theory of operation. Bytes go into `receive`, which returns events: packets that the server must handle (`Connect`, `Publish`,
`Subscribe`, `Unsubscribe`, and `Ack` for a message sent to the client), and `Ended` when the connection has ended. The protocol
itself answers everything that needs no decision (pings, releases, repeated deliveries in progress, violations). `data_to_send`
returns the bytes for the peer.

It never acknowledges a message: the server calls `acknowledge` when the message is on disk. It has no clock, devices or topics.
The server decides who can connect, publish and subscribe, and calls `accept` or `refuse`, `acknowledge` and `grant`.

After CONNECT the protocol reads nothing until the server has decided, so data sent before CONNACK waits.

QoS 2 keeps a packet identifier from PUBREC to PUBREL (method B of 4.3.3: stored before PUBREC). The identifiers are part of the
`Session`, which outlives the connection.
"""

from __future__ import annotations

from enum import Enum, auto

import msgspec

from penstock.ingress.mqtt.protocol.codec import Decoder
from penstock.ingress.mqtt.protocol.encoding import encode
from penstock.ingress.mqtt.protocol.handshake import Limits, agree, objection, return_code
from penstock.ingress.mqtt.protocol.packets import (
    NONE,
    V5,
    V311,
    Ack,
    Auth,
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
    Unsubscribe,
)
from penstock.ingress.mqtt.protocol.properties import violation
from penstock.ingress.mqtt.protocol.session import Session

MAX_CONNECT_BYTES = 65_536
"""The maximum size of a CONNECT packet, which arrives from an unauthenticated peer."""


class Ended(msgspec.Struct, frozen=True):
    """The connection has ended: write the pending bytes, and close. `will` is true if the will must be published."""

    reason: Reason
    text: str
    will: bool = True


Event = Connect | Publish | Subscribe | Unsubscribe | Ack | Ended


class _State(Enum):
    NEW = auto()
    DECIDING = auto()
    OPEN = auto()
    ENDED = auto()


class ServerProtocol:
    """The state machine. After `Ended` it accepts nothing."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.version = 0
        self.keep_alive_s = 0
        self.session = Session()
        self.session_expiry_s = 0
        self.send_maximum = 0
        """Messages of QoS 1 that the client accepts before it acknowledges one."""
        self._state = _State.NEW
        # Small until the client is admitted: an unauthenticated peer must not fill memory with the largest packet of a device.
        self._decoder = Decoder(min(limits.max_packet_bytes, MAX_CONNECT_BYTES))
        self._out: list[bytes] = []
        self._storing: set[int] = set()
        self._aliases: dict[int, str] = {}
        self._max_send_bytes = 0
        self._explains = True
        self._next_id = 0
        self._unconfirmed: set[int] = set()

    @property
    def unanswered(self) -> int:
        """The number of messages of QoS 1 and 2 whose exchange is not complete."""
        return len(self._storing) + len(self.session.received)

    @property
    def is_open(self) -> bool:
        """Whether the client was admitted and is still connected."""
        return self._state is _State.OPEN

    def receive(self, data: bytes) -> list[Event]:
        """Process bytes from the peer. Returns the resulting events, in order."""
        if self._state is _State.ENDED:
            return []
        self._decoder.feed(data)
        return self.proceed()

    def proceed(self) -> list[Event]:
        """Continue with waiting data: after `accept`, with the data that the client sent before CONNACK."""
        events: list[Event] = []
        decoder = self._decoder
        try:
            while self._state in _READS and (packet := decoder.next()) is not None:
                event = self._publish(packet) if type(packet) is Publish else self._other(packet)
                if event is not None:
                    events.append(event)
        except PacketError as error:
            events.append(self.fail(error.reason, error.text))
        return events

    def data_to_send(self) -> bytes:
        """Return the bytes to write to the peer, and clear them here."""
        out = self._out
        if len(out) == 1:
            data = out[0]
        elif out:
            data = b"".join(out)
        else:
            return b""
        out.clear()
        return data

    # Decisions of the server.

    def accept(self, connect: Connect, session: Session, *, present: bool, assigned_id: str | None = None) -> None:
        """Admit the client, with the session that it resumes."""
        self.session = session
        session.begin_connection()
        values: Properties = NONE
        if connect.version == V5:
            agreed = agree(connect, self.limits)
            self.session_expiry_s, self.keep_alive_s, values = agreed.session_expiry_s, agreed.keep_alive_s, agreed.offer
            if assigned_id is not None:
                values[Property.ASSIGNED_CLIENT_ID] = assigned_id
        else:
            self.session_expiry_s = 0 if connect.clean else self.limits.session_expiry_max_s
        self._state = _State.OPEN
        self._decoder.max_packet_bytes = self.limits.max_packet_bytes
        self._send(ConnAck(Reason.SUCCESS, present, values))

    def refuse(self, reason: Reason, text: str) -> None:
        """Reject the client."""
        self._state = _State.ENDED
        if self.version == V5:
            self._send(ConnAck(reason, False, {Property.REASON_STRING: text}))
        else:
            self._send(ConnAck(return_code(reason)))

    def acknowledge(self, publish: Publish, reason: Reason = Reason.SUCCESS, text: str = "") -> None:
        """Acknowledge a handled message: it is on disk, or will not be, for this reason (MQTT 5 only)."""
        if not publish.qos:
            return
        packet_id = publish.packet_id
        self._storing.discard(packet_id)
        # An unreadable message was also stored, in quarantine: if repeated, it would be stored twice.
        if reason < Reason.UNSPECIFIED or reason is Reason.PAYLOAD_FORMAT_INVALID:
            self.session.note_stored(publish)
        if self._state is not _State.OPEN:
            return
        kind = Kind.PUBACK if publish.qos == 1 else Kind.PUBREC
        if (reason is Reason.SUCCESS and not text) or self.version == V311:
            self._out.append(bytes((kind << 4, 2, packet_id >> 8, packet_id & 0xFF)))
        else:
            self._answer(Ack(kind, packet_id, reason, self._why(text)))
            if reason >= Reason.UNSPECIFIED:
                # 4.3.3: a PUBREC of 0x80 or more ends the exchange.
                self.session.received.discard(packet_id)

    def forget(self, publish: Publish) -> None:
        """A message was not stored and will not be acknowledged: the client can send it again on another connection."""
        self._storing.discard(publish.packet_id)

    def grant(self, subscribe: Subscribe, codes: list[int], text: str = "") -> None:
        """Answer a SUBSCRIBE with a code per filter."""
        failure = 0x80
        if self.version == V311:
            # 3.1.1, 3.9.3: 0x80 is the only failure code of SUBACK.
            codes = [min(code, failure) for code in codes]
        self._answer(SubAck(Kind.SUBACK, subscribe.packet_id, codes, self._why(text)))

    def withdraw(self, unsubscribe: Unsubscribe, codes: list[int]) -> None:
        """Answer an UNSUBSCRIBE with a code per filter."""
        self._answer(SubAck(Kind.UNSUBACK, unsubscribe.packet_id, codes))

    def publish(
        self, topic: str, payload: bytes, qos: int, user_properties: list[tuple[str, str]], *, retain: bool = False
    ) -> int | None:
        """Send a message to the client. Returns its packet identifier (0 at QoS 0), or None if it is too large for the client."""
        number = self._new_id() if qos else 0
        values: Properties = {Property.USER_PROPERTY: user_properties} if user_properties else NONE
        data = encode(Publish(topic, payload, qos, number, retain=retain, properties=values), self.version)
        if self._max_send_bytes and len(data) > self._max_send_bytes:
            return None
        if qos:
            self._unconfirmed.add(number)
        self._out.append(data)
        return number

    def disconnect(self, reason: Reason, text: str) -> Ended:
        """End the connection from the server's side. MQTT 5 clients receive the reason."""
        return self.fail(reason, text)

    def fail(self, reason: Reason, text: str) -> Ended:
        """End the connection because of a client's violation or a failure of the server."""
        if self._state is _State.OPEN and self.version == V5:
            self._send(Disconnect(reason, {Property.REASON_STRING: text}))
        elif self._state is _State.NEW and reason is Reason.UNSUPPORTED_VERSION:
            self._out.append(encode(ConnAck(return_code(reason)), V311))
        self._state = _State.ENDED
        return Ended(reason, text)

    # Packets of the client.

    def _publish(self, publish: Publish) -> Publish | None:
        if publish.retain and self.version == V5 and not self.limits.retain_available:
            raise PacketError(Reason.RETAIN_UNSUPPORTED, "retained messages are not supported")
        if self.version == V5 and publish.properties:
            publish = self._resolve(publish)
        elif not publish.topic:
            raise violation("a message must have a topic")
        if not publish.qos:
            return publish
        packet_id = publish.packet_id
        if packet_id in self._storing:
            return None  # repeated while the first is being written to disk: one response answers both
        # 4.3.3: until PUBREL the identifier belongs to a stored message: PUBREC is sent again, and nothing is stored again.
        if packet_id in self.session.received:
            if publish.qos == 2:
                self._out.append(bytes((Kind.PUBREC << 4, 2, packet_id >> 8, packet_id & 0xFF)))
                return None
            raise violation("a packet identifier of QoS 2 must not be reused before its release")
        # MQTT 5, 4.9: more than CONNACK offered. 3.1.1 offers no limit, so its clients are slowed by not reading.
        if self.version == V5 and self.unanswered >= self.limits.max_inflight:
            raise PacketError(Reason.RECEIVE_MAXIMUM_EXCEEDED, f"at most {self.limits.max_inflight} messages may be unanswered")
        self._storing.add(packet_id)
        return publish

    def _resolve(self, publish: Publish) -> Publish:
        """The message with its topic; resolves a topic alias (MQTT 5, 3.3.2.3.4)."""
        if Property.SUBSCRIPTION_ID in publish.properties:
            raise violation("a client's PUBLISH must not have a subscription identifier")
        alias = publish.properties.get(Property.TOPIC_ALIAS)
        if alias is None:
            if not publish.topic:
                raise violation("a message must have a topic or a topic alias")
            return publish
        # MQTT 5, 3.3.2.3.4: 0 is not a valid alias, and none may exceed the maximum in CONNACK.
        if not 0 < alias <= self.limits.topic_aliases:
            raise PacketError(Reason.TOPIC_ALIAS_INVALID, f"a topic alias must be between 1 and {self.limits.topic_aliases}")
        if publish.topic:
            self._aliases[alias] = publish.topic
            return publish
        topic = self._aliases.get(alias)
        if topic is None:
            raise violation("the topic alias is not defined")
        return msgspec.structs.replace(publish, topic=topic)

    def _other(self, packet: Packet) -> Event | None:
        if isinstance(packet, Connect):
            return self._connect(packet)
        if isinstance(packet, Ping) and packet.kind == Kind.PINGREQ:
            self._out.append(b"\xd0\x00")
            return None
        if isinstance(packet, Subscribe):
            return self._subscribe(packet)
        if isinstance(packet, Unsubscribe):
            return packet
        if isinstance(packet, Ack):
            return self._acknowledged(packet)
        if isinstance(packet, Disconnect):
            return self._left(packet)
        if isinstance(packet, Auth):
            raise violation("extended authentication is not in use")
        raise violation("only a server can send this packet")

    def _connect(self, connect: Connect) -> Connect | Ended:
        self.version = connect.version
        self.keep_alive_s = connect.keep_alive_s
        values = connect.properties
        self._explains = values.get(Property.REQUEST_PROBLEM_INFORMATION, 1) == 1
        self._max_send_bytes = values.get(Property.MAXIMUM_PACKET_SIZE, 0)
        self.send_maximum = min(values.get(Property.RECEIVE_MAXIMUM, self.limits.max_inflight), self.limits.max_inflight)
        self._state = _State.DECIDING
        found = objection(connect, self.limits)
        if found is not None:
            self.refuse(found.reason, found.text)
            return Ended(found.reason, found.requested, will=False)
        return connect

    def _subscribe(self, subscribe: Subscribe) -> Subscribe:
        if Property.SUBSCRIPTION_ID in subscribe.properties:
            raise PacketError(Reason.SUBSCRIPTION_IDS_UNSUPPORTED, "subscription identifiers are not supported")
        return subscribe

    def _acknowledged(self, ack: Ack) -> Ack | None:
        if ack.kind == Kind.PUBREL:
            known = ack.packet_id in self.session.received
            self.session.received.discard(ack.packet_id)
            # 3.1.1 has no code for an unknown identifier, and the exchange ends either way.
            reason = Reason.SUCCESS if known or self.version == V311 else Reason.PACKET_ID_NOT_FOUND
            self._answer(Ack(Kind.PUBCOMP, ack.packet_id, reason))
            return None
        if ack.kind == Kind.PUBACK:
            self._unconfirmed.discard(ack.packet_id)
            return ack
        raise violation("the server sends no messages at QoS 2")

    def _left(self, disconnect: Disconnect) -> Ended:
        self._state = _State.ENDED
        expiry_s = disconnect.properties.get(Property.SESSION_EXPIRY_S)
        # MQTT 5, 3.14.2.2.2: DISCONNECT cannot prolong a session that was to end with its connection.
        if expiry_s is not None and self.session_expiry_s:
            self.session_expiry_s = min(expiry_s, self.limits.session_expiry_max_s)
        # MQTT 5, 3.14.4: only a DISCONNECT with 0x00 discards the will. In 3.1.1 every one does.
        with_will = disconnect.reason != Reason.SUCCESS
        return Ended(Reason.SUCCESS, "the client disconnected", will=with_will)

    def _new_id(self) -> int:
        """An unused packet identifier; far fewer than 65,535 are in use at a time."""
        while True:
            self._next_id = self._next_id % 65_535 + 1
            if self._next_id not in self._unconfirmed:
                return self._next_id

    def _why(self, text: str) -> Properties:
        """A reason string, if the client requests them (MQTT 5, 3.1.2.11.7)."""
        return {Property.REASON_STRING: text} if text and self._explains and self.version == V5 else NONE

    def _answer(self, packet: Ack | SubAck) -> None:
        """Send an acknowledgement, without its reason string if it would exceed the client's maximum packet size."""
        data = encode(packet, self.version)
        # MQTT 5, 3.4.2.2.2: a reason string must not make a packet larger than the client accepts.
        if self._max_send_bytes and len(data) > self._max_send_bytes and packet.properties:
            data = encode(msgspec.structs.replace(packet, properties=NONE), self.version)
        self._out.append(data)

    def _send(self, packet: ConnAck | Disconnect) -> None:
        data = encode(packet, self.version)
        if self._max_send_bytes and len(data) > self._max_send_bytes:
            data = encode(msgspec.structs.replace(packet, properties=NONE), self.version)
        self._out.append(data)


_READS = (_State.NEW, _State.OPEN)
