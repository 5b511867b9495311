"""Primitive values of MQTT, and the properties of MQTT 5, which consist of them.

Every reader takes the buffer, the start position and the end of the enclosing part, and returns the value and the position
after it. None reads beyond that end. Source: MQTT 5.0, sections 1.5 and 2.2.2.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from penstock.ingress.mqtt.protocol.packets import NONE, PacketError, Properties, Property, Reason

MAX_VARINT = 268_435_455
MAX_PROPERTIES = 64
"""The specification allows any number of user properties; Penstock needs no more than this."""

Reader = Callable[[bytes, int, int], tuple[Any, int]]
Writer = Callable[[Any], bytes]


def malformed(text: str) -> PacketError:
    """An error for bytes that no version of the protocol allows."""
    return PacketError(Reason.MALFORMED_PACKET, text)


def violation(text: str) -> PacketError:
    """An error for a well-formed packet that breaks a rule of the protocol."""
    return PacketError(Reason.PROTOCOL_ERROR, text)


def read_u8(buffer: bytes, at: int, end: int) -> tuple[int, int]:
    if at >= end:
        raise malformed("the packet ends too early")
    return buffer[at], at + 1


def read_u16(buffer: bytes, at: int, end: int) -> tuple[int, int]:
    if at + 2 > end:
        raise malformed("the packet ends too early")
    return buffer[at] << 8 | buffer[at + 1], at + 2


def read_u32(buffer: bytes, at: int, end: int) -> tuple[int, int]:
    if at + 4 > end:
        raise malformed("the packet ends too early")
    return int.from_bytes(buffer[at : at + 4], "big"), at + 4


def read_varint(buffer: bytes, at: int, end: int) -> tuple[int, int]:
    """Read a variable byte integer of one to four bytes.

    Source: MQTT 5.0, 1.5.5: "The encoded value MUST use the minimum number of bytes necessary to represent the value".
    """
    value = 0
    for shift in (0, 7, 14, 21):
        byte, at = read_u8(buffer, at, end)
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if shift and not byte:
                raise malformed("a variable byte integer must use the minimum number of bytes")
            return value, at
    raise malformed("a variable byte integer must have at most four bytes")


def read_binary(buffer: bytes, at: int, end: int) -> tuple[bytes, int]:
    size, at = read_u16(buffer, at, end)
    if at + size > end:
        raise malformed("the packet ends too early")
    return buffer[at : at + size], at + size


def read_text(buffer: bytes, at: int, end: int) -> tuple[str, int]:
    """Read a UTF-8 string. Python's decoder rejects surrogates and overlong forms, as 1.5.4 requires; NUL is checked here."""
    raw, at = read_binary(buffer, at, end)
    return text_of(raw), at


def text_of(raw: bytes) -> str:
    """Decode and check the bytes of a string."""
    if b"\0" in raw:
        raise malformed("a string must not contain a NUL character")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise malformed("a string must be UTF-8") from None


@lru_cache(maxsize=8192)
def topic_name(raw: bytes) -> str:
    """Decode the topic of a PUBLISH. Devices repeat a few topics, so checked ones are cached.

    Source: MQTT 5.0, 3.3.2.1: "The Topic Name in the PUBLISH packet MUST NOT contain wildcard characters".
    """
    text = text_of(raw)
    if "+" in text or "#" in text:
        raise PacketError(Reason.TOPIC_NAME_INVALID, "a topic name must not contain a wildcard")
    return text


def _read_pair(buffer: bytes, at: int, end: int) -> tuple[tuple[str, str], int]:
    name, at = read_text(buffer, at, end)
    value, at = read_text(buffer, at, end)
    return (name, value), at


def varint(value: int) -> bytes:
    """Encode a variable byte integer.

    Raises:
        ValueError: the value is negative, or above `MAX_VARINT`.
    """
    if not 0 <= value <= MAX_VARINT:
        raise ValueError("a variable byte integer must have at most 28 bits")
    out = bytearray()
    while True:
        value, byte = value >> 7, value & 0x7F
        out.append(byte | 0x80 if value else byte)
        if not value:
            return bytes(out)


def binary(value: bytes) -> bytes:
    """Encode bytes with a length prefix.

    Raises:
        OverflowError: there are more than 65,535 bytes.
    """
    return len(value).to_bytes(2, "big") + value


def text(value: str) -> bytes:
    """Encode a string with a length prefix."""
    return binary(value.encode())


def _u8(value: int) -> bytes:
    return value.to_bytes(1, "big")


def _u16(value: int) -> bytes:
    return value.to_bytes(2, "big")


def _u32(value: int) -> bytes:
    return value.to_bytes(4, "big")


def _pair(value: tuple[str, str]) -> bytes:
    return text(value[0]) + text(value[1])


_BYTE: tuple[Reader, Writer] = (read_u8, _u8)
_U16: tuple[Reader, Writer] = (read_u16, _u16)
_U32: tuple[Reader, Writer] = (read_u32, _u32)
_TEXT: tuple[Reader, Writer] = (read_text, text)
_BINARY: tuple[Reader, Writer] = (read_binary, binary)

_P = Property
_FORMS: dict[int, tuple[Reader, Writer]] = {
    _P.PAYLOAD_FORMAT: _BYTE,
    _P.MESSAGE_EXPIRY_S: _U32,
    _P.CONTENT_TYPE: _TEXT,
    _P.RESPONSE_TOPIC: _TEXT,
    _P.CORRELATION_DATA: _BINARY,
    _P.SUBSCRIPTION_ID: (read_varint, varint),
    _P.SESSION_EXPIRY_S: _U32,
    _P.ASSIGNED_CLIENT_ID: _TEXT,
    _P.SERVER_KEEP_ALIVE_S: _U16,
    _P.AUTHENTICATION_METHOD: _TEXT,
    _P.AUTHENTICATION_DATA: _BINARY,
    _P.REQUEST_PROBLEM_INFORMATION: _BYTE,
    _P.WILL_DELAY_S: _U32,
    _P.REQUEST_RESPONSE_INFORMATION: _BYTE,
    _P.RESPONSE_INFORMATION: _TEXT,
    _P.SERVER_REFERENCE: _TEXT,
    _P.REASON_STRING: _TEXT,
    _P.RECEIVE_MAXIMUM: _U16,
    _P.TOPIC_ALIAS_MAXIMUM: _U16,
    _P.TOPIC_ALIAS: _U16,
    _P.MAXIMUM_QOS: _BYTE,
    _P.RETAIN_AVAILABLE: _BYTE,
    _P.USER_PROPERTY: (_read_pair, _pair),
    _P.MAXIMUM_PACKET_SIZE: _U32,
    _P.WILDCARD_SUBSCRIPTION_AVAILABLE: _BYTE,
    _P.SUBSCRIPTION_ID_AVAILABLE: _BYTE,
    _P.SHARED_SUBSCRIPTION_AVAILABLE: _BYTE,
}
_REPEATABLE = {_P.USER_PROPERTY, _P.SUBSCRIPTION_ID}
_NOT_ZERO = {_P.RECEIVE_MAXIMUM, _P.MAXIMUM_PACKET_SIZE, _P.SUBSCRIPTION_ID}
_SWITCHES = {number for number, form in _FORMS.items() if form is _BYTE}
"""All one-byte properties are 0 or 1 (2.2.2.2 and the sections of each)."""

_REASONS = frozenset({_P.REASON_STRING, _P.USER_PROPERTY})
IN_CONNECT = frozenset(
    {
        _P.SESSION_EXPIRY_S,
        _P.RECEIVE_MAXIMUM,
        _P.MAXIMUM_PACKET_SIZE,
        _P.TOPIC_ALIAS_MAXIMUM,
        _P.REQUEST_RESPONSE_INFORMATION,
        _P.REQUEST_PROBLEM_INFORMATION,
        _P.USER_PROPERTY,
        _P.AUTHENTICATION_METHOD,
        _P.AUTHENTICATION_DATA,
    }
)
_IN_MESSAGE = frozenset(
    {
        _P.PAYLOAD_FORMAT,
        _P.MESSAGE_EXPIRY_S,
        _P.CONTENT_TYPE,
        _P.RESPONSE_TOPIC,
        _P.CORRELATION_DATA,
        _P.USER_PROPERTY,
    }
)
IN_WILL = _IN_MESSAGE | {_P.WILL_DELAY_S}
IN_PUBLISH = _IN_MESSAGE | {_P.TOPIC_ALIAS, _P.SUBSCRIPTION_ID}
IN_CONNACK = _REASONS | {
    _P.SESSION_EXPIRY_S,
    _P.RECEIVE_MAXIMUM,
    _P.MAXIMUM_QOS,
    _P.RETAIN_AVAILABLE,
    _P.MAXIMUM_PACKET_SIZE,
    _P.ASSIGNED_CLIENT_ID,
    _P.TOPIC_ALIAS_MAXIMUM,
    _P.WILDCARD_SUBSCRIPTION_AVAILABLE,
    _P.SUBSCRIPTION_ID_AVAILABLE,
    _P.SHARED_SUBSCRIPTION_AVAILABLE,
    _P.SERVER_KEEP_ALIVE_S,
    _P.RESPONSE_INFORMATION,
    _P.SERVER_REFERENCE,
    _P.AUTHENTICATION_METHOD,
    _P.AUTHENTICATION_DATA,
}
IN_ACK = _REASONS
IN_SUBSCRIBE = frozenset({_P.SUBSCRIPTION_ID, _P.USER_PROPERTY})
IN_UNSUBSCRIBE = frozenset({_P.USER_PROPERTY})
IN_DISCONNECT = _REASONS | {_P.SESSION_EXPIRY_S, _P.SERVER_REFERENCE}
IN_AUTH = _REASONS | {_P.AUTHENTICATION_METHOD, _P.AUTHENTICATION_DATA}


def read_properties(buffer: bytes, at: int, end: int, allowed: frozenset[Property]) -> tuple[Properties, int]:
    """Read the properties of a packet, including their length."""
    size, at = read_varint(buffer, at, end)
    if not size:
        return NONE, at
    stop = at + size
    if stop > end:
        raise malformed("the packet ends too early")
    found: Properties = {}
    count = 0
    while at < stop:
        number, at = read_varint(buffer, at, stop)
        # MQTT 5, 2.2.2.2: a property that the packet type does not allow makes the packet malformed.
        if number not in allowed:
            raise malformed(f"property {number} is not allowed in this packet")
        value, at = _FORMS[number][0](buffer, at, stop)
        _add(found, number, value)
        count += 1
        if count > MAX_PROPERTIES:
            raise PacketError(Reason.QUOTA_EXCEEDED, f"a packet must have at most {MAX_PROPERTIES} properties")
    return found, at


def _add(found: Properties, number: int, value: Any) -> None:
    if (number in _NOT_ZERO and not value) or (number in _SWITCHES and value > 1):
        raise violation(f"property {number} must not be {value}")
    if number in _REPEATABLE:
        found.setdefault(number, []).append(value)
    # Each property except two must not be repeated; repeating it is a protocol error (the sections of each).
    elif number in found:
        raise violation(f"property {number} must not be repeated")
    else:
        found[number] = value


def properties(values: Properties) -> bytes:
    """Encode properties with a length prefix."""
    if not values:
        return b"\0"
    out = bytearray()
    for number, value in values.items():
        write = _FORMS[number][1]
        for one in value if number in _REPEATABLE else (value,):
            out += varint(number) + write(one)
    return varint(len(out)) + bytes(out)
