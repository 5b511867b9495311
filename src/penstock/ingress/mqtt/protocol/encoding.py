"""Packets to bytes, for MQTT 3.1.1 and 5, from either side."""

from __future__ import annotations

from collections.abc import Callable

from penstock.ingress.mqtt.protocol import properties as p
from penstock.ingress.mqtt.protocol.codec import FLAGS
from penstock.ingress.mqtt.protocol.packets import (
    V5,
    V311,
    Ack,
    Auth,
    ConnAck,
    Connect,
    Disconnect,
    Kind,
    Packet,
    Ping,
    Properties,
    Publish,
    SubAck,
    Subscribe,
    Unsubscribe,
)


def encode(packet: Packet, version: int) -> bytes:
    """Encode a packet. Fields that 3.1.1 does not have (properties, reasons) are omitted in that version.

    Raises:
        ValueError, OverflowError: a value does not fit into its field.
    """
    first, body = _WRITERS[type(packet)](packet, version)
    return bytes([first]) + p.varint(len(body)) + body


def _id(number: int) -> bytes:
    return number.to_bytes(2, "big")


def _properties(values: Properties, version: int) -> bytes:
    return p.properties(values) if version == V5 else b""


def _write_connect(packet: Connect, version: int) -> tuple[int, bytes]:
    will = packet.will
    flags = packet.clean << 1 | (packet.user is not None) << 7 | (packet.password is not None) << 6
    tail = p.text(packet.client_id)
    if will is not None:
        flags |= 4 | will.qos << 3 | will.retain << 5
        tail += _properties(will.properties, version) + p.text(will.topic) + p.binary(will.payload)
    if packet.user is not None:
        tail += p.text(packet.user)
    if packet.password is not None:
        tail += p.binary(packet.password)
    head = p.text("MQTT") + bytes([packet.version, flags]) + packet.keep_alive_s.to_bytes(2, "big")
    return Kind.CONNECT << 4, head + _properties(packet.properties, version) + tail


def _write_connack(packet: ConnAck, version: int) -> tuple[int, bytes]:
    return Kind.CONNACK << 4, bytes([packet.session_present, packet.code]) + _properties(packet.properties, version)


def _write_publish(packet: Publish, version: int) -> tuple[int, bytes]:
    first = Kind.PUBLISH << 4 | packet.dup << 3 | packet.qos << 1 | packet.retain
    number = _id(packet.packet_id) if packet.qos else b""
    return first, p.text(packet.topic) + number + _properties(packet.properties, version) + packet.payload


def _write_ack(packet: Ack, version: int) -> tuple[int, bytes]:
    body = _id(packet.packet_id) + _tail(packet.reason, packet.properties, version)
    return packet.kind << 4 | FLAGS[Kind(packet.kind)], body


def _tail(reason: int, values: Properties, version: int) -> bytes:
    """A reason and properties; omitted where the defaults mean the same."""
    if version != V5 or (not reason and not values):
        return b""
    return bytes([reason]) + (p.properties(values) if values else b"")


def _write_subscribe(packet: Subscribe, version: int) -> tuple[int, bytes]:
    body = _id(packet.packet_id) + _properties(packet.properties, version)
    for one in packet.subscriptions:
        options = one.qos
        if version == V5:
            options |= one.no_local << 2 | one.retain_as_published << 3 | one.retain_handling << 4
        body += p.text(one.filter) + bytes([options])
    return Kind.SUBSCRIBE << 4 | 2, body


def _write_unsubscribe(packet: Unsubscribe, version: int) -> tuple[int, bytes]:
    filters = b"".join([p.text(one) for one in packet.filters])
    return Kind.UNSUBSCRIBE << 4 | 2, _id(packet.packet_id) + _properties(packet.properties, version) + filters


def _write_suback(packet: SubAck, version: int) -> tuple[int, bytes]:
    bare = packet.kind == Kind.UNSUBACK and version == V311
    codes = b"" if bare else bytes(packet.codes)
    return packet.kind << 4, _id(packet.packet_id) + _properties(packet.properties, version) + codes


def _write_ping(packet: Ping, version: int) -> tuple[int, bytes]:
    return packet.kind << 4, b""


def _write_disconnect(packet: Disconnect, version: int) -> tuple[int, bytes]:
    return Kind.DISCONNECT << 4, _tail(packet.reason, packet.properties, version)


def _write_auth(packet: Auth, version: int) -> tuple[int, bytes]:
    return Kind.AUTH << 4, _tail(packet.reason, packet.properties, version)


_WRITERS: dict[type, Callable[..., tuple[int, bytes]]] = {
    Connect: _write_connect,
    ConnAck: _write_connack,
    Publish: _write_publish,
    Ack: _write_ack,
    Subscribe: _write_subscribe,
    SubAck: _write_suback,
    Unsubscribe: _write_unsubscribe,
    Ping: _write_ping,
    Disconnect: _write_disconnect,
    Auth: _write_auth,
}
