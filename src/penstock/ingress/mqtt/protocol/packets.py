"""The control packets of MQTT 3.1.1 and 5, and their numbers.

Source: OASIS MQTT 3.1.1 (2014-10-29) and MQTT 5.0 (2019-03-07), chapters 2 and 3; read 2026-11-21.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import msgspec

from penstock.kit.secret import hides

V311 = 4
V5 = 5
"""Protocol levels, as in CONNECT."""


class Kind(IntEnum):
    """Packet types: the high four bits of the first byte."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    PUBREC = 5
    PUBREL = 6
    PUBCOMP = 7
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14
    AUTH = 15


class Reason(IntEnum):
    """Reason codes of MQTT 5 that Penstock sends or understands. Codes from 0x80 are failures."""

    SUCCESS = 0x00
    GRANTED_QOS_1 = 0x01
    GRANTED_QOS_2 = 0x02
    DISCONNECT_WITH_WILL = 0x04
    NO_MATCHING_SUBSCRIBERS = 0x10
    NO_SUBSCRIPTION_EXISTED = 0x11
    UNSPECIFIED = 0x80
    MALFORMED_PACKET = 0x81
    PROTOCOL_ERROR = 0x82
    IMPLEMENTATION_SPECIFIC = 0x83
    UNSUPPORTED_VERSION = 0x84
    CLIENT_ID_NOT_VALID = 0x85
    BAD_USER_OR_PASSWORD = 0x86
    NOT_AUTHORIZED = 0x87
    SERVER_UNAVAILABLE = 0x88
    SERVER_BUSY = 0x89
    SHUTTING_DOWN = 0x8B
    BAD_AUTHENTICATION_METHOD = 0x8C
    KEEP_ALIVE_TIMEOUT = 0x8D
    SESSION_TAKEN_OVER = 0x8E
    TOPIC_FILTER_INVALID = 0x8F
    TOPIC_NAME_INVALID = 0x90
    PACKET_ID_NOT_FOUND = 0x92
    RECEIVE_MAXIMUM_EXCEEDED = 0x93
    TOPIC_ALIAS_INVALID = 0x94
    PACKET_TOO_LARGE = 0x95
    QUOTA_EXCEEDED = 0x97
    ADMINISTRATIVE_ACTION = 0x98
    PAYLOAD_FORMAT_INVALID = 0x99
    RETAIN_UNSUPPORTED = 0x9A
    SHARED_SUBSCRIPTIONS_UNSUPPORTED = 0x9E
    CONNECTION_RATE_EXCEEDED = 0x9F
    SUBSCRIPTION_IDS_UNSUPPORTED = 0xA1


class Property(IntEnum):
    """Identifiers of properties (MQTT 5, table 2-4)."""

    PAYLOAD_FORMAT = 1
    MESSAGE_EXPIRY_S = 2
    CONTENT_TYPE = 3
    RESPONSE_TOPIC = 8
    CORRELATION_DATA = 9
    SUBSCRIPTION_ID = 11
    SESSION_EXPIRY_S = 17
    ASSIGNED_CLIENT_ID = 18
    SERVER_KEEP_ALIVE_S = 19
    AUTHENTICATION_METHOD = 21
    AUTHENTICATION_DATA = 22
    REQUEST_PROBLEM_INFORMATION = 23
    WILL_DELAY_S = 24
    REQUEST_RESPONSE_INFORMATION = 25
    RESPONSE_INFORMATION = 26
    SERVER_REFERENCE = 28
    REASON_STRING = 31
    RECEIVE_MAXIMUM = 33
    TOPIC_ALIAS_MAXIMUM = 34
    TOPIC_ALIAS = 35
    MAXIMUM_QOS = 36
    RETAIN_AVAILABLE = 37
    USER_PROPERTY = 38
    MAXIMUM_PACKET_SIZE = 39
    WILDCARD_SUBSCRIPTION_AVAILABLE = 40
    SUBSCRIPTION_ID_AVAILABLE = 41
    SHARED_SUBSCRIPTION_AVAILABLE = 42


Properties = dict[int, Any]
"""Values by property identifier. A user property is a list of (name, value), a subscription identifier a list of numbers."""

NONE: Properties = {}
"""The properties of a packet without any; never written to."""


class PacketError(Exception):
    """The peer's bytes are not a valid packet, or not one that it may send now. `reason` is MQTT 5's reason code."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text


class Will(msgspec.Struct, frozen=True):
    """The message to publish if the client disconnects without DISCONNECT."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False
    properties: Properties = NONE


@hides("password")
class Connect(msgspec.Struct, frozen=True):
    """The first packet of a client. `clean` is Clean Session in 3.1.1 and Clean Start in 5."""

    version: int
    client_id: str
    clean: bool = True
    keep_alive_s: int = 0
    user: str | None = None
    password: bytes | None = None
    will: Will | None = None
    properties: Properties = NONE


class ConnAck(msgspec.Struct, frozen=True):
    """The response to CONNECT. `code` is the return code of 3.1.1 or the reason code of 5."""

    code: int
    session_present: bool = False
    properties: Properties = NONE


class Publish(msgspec.Struct, frozen=True, gc=False):
    """A message, in either direction. `packet_id` is 0 for QoS 0."""

    topic: str
    payload: bytes
    qos: int = 0
    packet_id: int = 0
    dup: bool = False
    retain: bool = False
    properties: Properties = NONE


class Ack(msgspec.Struct, frozen=True, gc=False):
    """PUBACK, PUBREC, PUBREL or PUBCOMP."""

    kind: int
    packet_id: int
    reason: int = Reason.SUCCESS
    properties: Properties = NONE


class Subscription(msgspec.Struct, frozen=True):
    """A topic filter with its options. 3.1.1 has only `qos`."""

    filter: str
    qos: int = 0
    no_local: bool = False
    retain_as_published: bool = False
    retain_handling: int = 0

    def gets_retained(self, *, is_new: bool) -> bool:
        """Whether retained messages are requested. `is_new`: the client had no subscription for the filter (MQTT 5, 3.8.3.1)."""
        return self.retain_handling == 0 or (self.retain_handling == 1 and is_new)


class Subscribe(msgspec.Struct, frozen=True):
    """The topic filters that a client subscribes to."""

    packet_id: int
    subscriptions: list[Subscription]
    properties: Properties = NONE


class Unsubscribe(msgspec.Struct, frozen=True):
    """The topic filters that a client unsubscribes from."""

    packet_id: int
    filters: list[str]
    properties: Properties = NONE


class SubAck(msgspec.Struct, frozen=True):
    """SUBACK or UNSUBACK: a code per filter. UNSUBACK of 3.1.1 carries none."""

    kind: int
    packet_id: int
    codes: list[int]
    properties: Properties = NONE


class Ping(msgspec.Struct, frozen=True):
    """PINGREQ or PINGRESP."""

    kind: int = Kind.PINGREQ


class Disconnect(msgspec.Struct, frozen=True):
    """The last packet, from a client or (MQTT 5 only) a server."""

    reason: int = Reason.SUCCESS
    properties: Properties = NONE


class Auth(msgspec.Struct, frozen=True):
    """A step of extended authentication, which is not supported (MQTT 5 only)."""

    reason: int = Reason.SUCCESS
    properties: Properties = NONE


Packet = Connect | ConnAck | Publish | Ack | Subscribe | SubAck | Unsubscribe | Ping | Disconnect | Auth
