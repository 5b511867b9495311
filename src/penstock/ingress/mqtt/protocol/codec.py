"""Bytes to packets, for MQTT 3.1.1 and 5, from either side. The other direction is `encoding.py`.

Theory of operation. A packet is a first byte (type and flags), its remaining length in one to four bytes, and that many bytes
more. `Decoder.feed` accepts bytes split at any place. An incomplete packet waits as a list of pieces, which are joined only
when the whole packet has arrived, so that a peer that sends byte by byte costs no copying. A length above the limit is rejected
when it is read, before anything of that size is kept.

CONNECT sets the version; a `Decoder` without a version accepts no other packet first. Errors are `PacketError`; after one, the
connection must not be used any further.
"""

from __future__ import annotations

from collections.abc import Callable

from penstock.ingress.mqtt.protocol import properties as p
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
    Subscription,
    Unsubscribe,
    Will,
)
from penstock.ingress.mqtt.protocol.properties import malformed, violation

MAX_FILTERS = 64
"""The maximum number of filters in one SUBSCRIBE or UNSUBSCRIBE; a device has a handful of topics."""

_PUBLISH_BITS = Kind.PUBLISH << 4
FLAGS = {kind: 0 for kind in Kind} | {Kind.PUBREL: 2, Kind.SUBSCRIBE: 2, Kind.UNSUBSCRIBE: 2}
"""Flags that 2.2.2 (in MQTT 5: 2.1.3) fixes for every packet except PUBLISH."""
_ACKS = (Kind.PUBACK, Kind.PUBREC, Kind.PUBREL, Kind.PUBCOMP)


class Decoder:
    """The packets of one connection. Pass `version` for a client's decoder; a server's decoder takes it from CONNECT."""

    def __init__(self, max_packet_bytes: int, version: int = 0) -> None:
        self.version = version
        self.max_packet_bytes = max_packet_bytes
        self._buffer = b""
        self._at = 0
        self._pieces: list[bytes] = []
        self._waiting = 0
        self._needed = 2

    def feed(self, data: bytes) -> None:
        """Add bytes received from the peer."""
        # Usually a segment holds whole packets: then it becomes the buffer without a copy.
        rest = len(self._buffer) - self._at
        if not rest and not self._pieces:
            self._buffer, self._at = data, 0
            return
        self._pieces.append(data)
        self._waiting += len(data)
        # Joined once the packet is complete, not at each piece: a large packet in small pieces would be copied again and again.
        if rest + self._waiting >= self._needed:
            self._buffer = self._buffer[self._at :] + b"".join(self._pieces)
            self._at = 0
            self._pieces.clear()
            self._waiting = 0

    def next(self) -> Packet | None:
        """Return the next complete packet, or None until more bytes are added.

        Raises:
            PacketError: the bytes are not a packet that the peer may send.
        """
        buffer, at = self._buffer, self._at
        end = len(buffer)
        if end - at < 2 or self._pieces:
            return None
        first, size, body = buffer[at], buffer[at + 1], at + 2
        if size >= 0x80:
            longer = self._long_size(body, size & 0x7F)
            if longer is None:
                self._needed = end - at + 1
                return None
            size, body = longer
        # Checked before waiting for the packet: the peer chooses the length, and may announce 256 MB.
        if body - at + size > self.max_packet_bytes:
            raise PacketError(Reason.PACKET_TOO_LARGE, f"a packet must be at most {self.max_packet_bytes} bytes")
        stop = body + size
        if stop > end:
            self._needed = stop - at
            return None
        self._at, self._needed = stop, 2
        # Nearly all packets have this type, so it bypasses the table.
        if first & 0xF0 == _PUBLISH_BITS and self.version:
            return _publish(first, buffer, body, stop, self.version)
        return self._other(first, buffer, body, stop)

    def _long_size(self, at: int, size: int) -> tuple[int, int] | None:
        for shift in (7, 14, 21):
            if at >= len(self._buffer):
                return None
            byte = self._buffer[at]
            at += 1
            size |= (byte & 0x7F) << shift
            if byte < 0x80:
                return size, at
        raise malformed("the remaining length must have at most four bytes")

    def _other(self, first: int, buffer: bytes, at: int, end: int) -> Packet:
        kind = first >> 4
        if not self.version:
            if kind != Kind.CONNECT:
                raise violation("the first packet must be CONNECT")
            packet = _connect(buffer, at, end) if first & 15 == 0 else None
            if packet is None:
                raise malformed("the flags of the first byte are invalid")
            self.version = packet.version
            return packet
        if kind == 0 or first & 15 != FLAGS[Kind(kind)]:
            raise malformed("the first byte is not a valid packet type")
        return _READERS[kind](kind, buffer, at, end, self.version)


def _publish(first: int, buffer: bytes, at: int, end: int, version: int) -> Publish:
    qos = first >> 1 & 3
    # MQTT 5, 3.3.1.1 and 3.3.1.2: both bits of QoS set is malformed, and DUP must be 0 where QoS is 0.
    if qos == 3 or (first & 8 and not qos):
        raise malformed("the flags of PUBLISH are invalid")
    if at + 2 > end:
        raise malformed("the packet ends too early")
    topic_end = at + 2 + (buffer[at] << 8 | buffer[at + 1])
    if topic_end > end:
        raise malformed("the packet ends too early")
    topic = p.topic_name(buffer[at + 2 : topic_end])
    at, packet_id = topic_end, 0
    if qos:
        packet_id, at = _packet_id(buffer, at, end)
    found = NONE
    if version == V5:
        # A length of 0 is read here, without a call: this is the path of every message.
        if at < end and not buffer[at]:
            at += 1
        else:
            found, at = p.read_properties(buffer, at, end, p.IN_PUBLISH)
    return Publish(topic, buffer[at:end], qos, packet_id, first & 8 != 0, first & 1 != 0, found)


def _packet_id(buffer: bytes, at: int, end: int) -> tuple[int, int]:
    number, at = p.read_u16(buffer, at, end)
    if not number:
        raise violation("a packet identifier must not be 0")
    return number, at


def _connect(buffer: bytes, at: int, end: int) -> Connect:
    name, at = p.read_text(buffer, at, end)
    version, at = p.read_u8(buffer, at, end)
    if name != "MQTT" or version not in (V311, V5):
        raise PacketError(Reason.UNSUPPORTED_VERSION, "the protocol must be MQTT 3.1.1 or 5")
    flags, at = p.read_u8(buffer, at, end)
    keep_alive_s, at = p.read_u16(buffer, at, end)
    _check_connect_flags(flags, version)
    found = NONE
    if version == V5:
        found, at = p.read_properties(buffer, at, end, p.IN_CONNECT)
    client_id, at = p.read_text(buffer, at, end)
    will = None
    if flags & 4:
        will, at = _will(buffer, at, end, flags, version)
    user = password = None
    if flags & 0x80:
        user, at = p.read_text(buffer, at, end)
    if flags & 0x40:
        password, at = p.read_binary(buffer, at, end)
    _ended(at, end)
    return Connect(version, client_id, flags & 2 != 0, keep_alive_s, user, password, will, found)


def _check_connect_flags(flags: int, version: int) -> None:
    """Source: 3.1.2.3 to 3.1.2.9 in both versions. Only 5 allows a password without a user name."""
    # Bit 0 is reserved, bit 2 is set if there is a will, bits 3 to 5 are its QoS and retain flag.
    without_will = not flags & 4 and flags & 0x38
    if flags & 1 or without_will or flags & 0x18 == 0x18:
        raise malformed("the flags of CONNECT are invalid")
    if version == V311 and flags & 0xC0 == 0x40:
        raise malformed("a password requires a user name")


def _will(buffer: bytes, at: int, end: int, flags: int, version: int) -> tuple[Will, int]:
    found = NONE
    if version == V5:
        found, at = p.read_properties(buffer, at, end, p.IN_WILL)
    raw, at = p.read_binary(buffer, at, end)
    payload, at = p.read_binary(buffer, at, end)
    return Will(p.topic_name(raw), payload, flags >> 3 & 3, flags & 0x20 != 0, found), at


def _ended(at: int, end: int) -> None:
    if at != end:
        raise malformed("the packet is longer than its fields")


def _connack(kind: int, buffer: bytes, at: int, end: int, version: int) -> ConnAck:
    flags, at = p.read_u8(buffer, at, end)
    code, at = p.read_u8(buffer, at, end)
    if flags > 1:
        raise malformed("the flags of CONNACK are invalid")
    found = NONE
    if version == V5:
        found, at = p.read_properties(buffer, at, end, p.IN_CONNACK)
    _ended(at, end)
    return ConnAck(code, flags == 1, found)


def _ack(kind: int, buffer: bytes, at: int, end: int, version: int) -> Ack:
    packet_id, at = _packet_id(buffer, at, end)
    reason, found, at = _reason(buffer, at, end, version, p.IN_ACK)
    return Ack(kind, packet_id, reason, found)


def _reason(buffer: bytes, at: int, end: int, version: int, allowed: frozenset[Property]) -> tuple[int, Properties, int]:
    """A reason code and properties at the end of a packet. Both can be omitted, and 3.1.1 has neither."""
    reason, found = int(Reason.SUCCESS), NONE
    if version == V5 and at < end:
        reason, at = p.read_u8(buffer, at, end)
        if at < end:
            found, at = p.read_properties(buffer, at, end, allowed)
    _ended(at, end)
    return reason, found, at


def _subscribe(kind: int, buffer: bytes, at: int, end: int, version: int) -> Subscribe:
    packet_id, at = _packet_id(buffer, at, end)
    found = NONE
    if version == V5:
        found, at = p.read_properties(buffer, at, end, p.IN_SUBSCRIBE)
    subscriptions: list[Subscription] = []
    while at < end:
        topic_filter, at = p.read_text(buffer, at, end)
        options, at = p.read_u8(buffer, at, end)
        subscriptions.append(_subscription(topic_filter, options, version))
        _check_count(len(subscriptions))
    if not subscriptions:
        raise violation("SUBSCRIBE must name a topic filter")
    return Subscribe(packet_id, subscriptions, found)


def _subscription(topic_filter: str, options: int, version: int) -> Subscription:
    # MQTT 5, 3.8.3.1: QoS in bits 0 and 1, no local, retain as published, retain handling in bits 4 and 5, the rest reserved.
    if options & 3 == 3 or options & (0xC0 if version == V5 else 0xFC) or options & 0x30 == 0x30:
        raise malformed("the options of a subscription are invalid")
    return Subscription(topic_filter, options & 3, options & 4 != 0, options & 8 != 0, options >> 4 & 3)


def _check_count(count: int) -> None:
    if count > MAX_FILTERS:
        raise PacketError(Reason.QUOTA_EXCEEDED, f"a packet must name at most {MAX_FILTERS} filters")


def _unsubscribe(kind: int, buffer: bytes, at: int, end: int, version: int) -> Unsubscribe:
    packet_id, at = _packet_id(buffer, at, end)
    found = NONE
    if version == V5:
        found, at = p.read_properties(buffer, at, end, p.IN_UNSUBSCRIBE)
    filters: list[str] = []
    while at < end:
        topic_filter, at = p.read_text(buffer, at, end)
        filters.append(topic_filter)
        _check_count(len(filters))
    if not filters:
        raise violation("UNSUBSCRIBE must name a topic filter")
    return Unsubscribe(packet_id, filters, found)


def _suback(kind: int, buffer: bytes, at: int, end: int, version: int) -> SubAck:
    packet_id, at = _packet_id(buffer, at, end)
    found = NONE
    if version == V5:
        found, at = p.read_properties(buffer, at, end, p.IN_ACK)
    # 3.1.1, 3.11: UNSUBACK has no payload; MQTT 5 added a code per filter.
    if kind == Kind.UNSUBACK and version == V311:
        _ended(at, end)
    elif at == end:
        raise violation("the acknowledgement must hold a code")
    return SubAck(kind, packet_id, list(buffer[at:end]), found)


def _ping(kind: int, buffer: bytes, at: int, end: int, version: int) -> Ping:
    _ended(at, end)
    return Ping(kind)


def _disconnect(kind: int, buffer: bytes, at: int, end: int, version: int) -> Disconnect:
    reason, found, _ = _reason(buffer, at, end, version, p.IN_DISCONNECT)
    return Disconnect(reason, found)


def _auth(kind: int, buffer: bytes, at: int, end: int, version: int) -> Auth:
    if version != V5:
        raise malformed("the first byte is not a valid packet type")
    reason, found, _ = _reason(buffer, at, end, version, p.IN_AUTH)
    return Auth(reason, found)


def _second_connect(kind: int, buffer: bytes, at: int, end: int, version: int) -> Packet:
    raise violation("a second CONNECT")


_READERS: dict[int, Callable[[int, bytes, int, int, int], Packet]] = {
    Kind.CONNECT: _second_connect,
    Kind.CONNACK: _connack,
    **dict.fromkeys(_ACKS, _ack),
    Kind.SUBSCRIBE: _subscribe,
    Kind.SUBACK: _suback,
    Kind.UNSUBSCRIBE: _unsubscribe,
    Kind.UNSUBACK: _suback,
    Kind.PINGREQ: _ping,
    Kind.PINGRESP: _ping,
    Kind.DISCONNECT: _disconnect,
    Kind.AUTH: _auth,
}
