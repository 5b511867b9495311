"""Negotiates CONNECT and CONNACK: whether client and server can agree, and on which parameters. Pure functions, no state.

Whether the client is admitted is not decided here: that depends on its credential, which the protocol does not check.
"""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.ingress.mqtt.protocol.packets import V5, V311, Connect, Properties, Property, Reason

_RETURN_CODES = {
    Reason.SUCCESS: 0,
    Reason.UNSUPPORTED_VERSION: 1,
    Reason.CLIENT_ID_NOT_VALID: 2,
    Reason.BAD_USER_OR_PASSWORD: 4,
    Reason.BAD_AUTHENTICATION_METHOD: 4,
    Reason.NOT_AUTHORIZED: 5,
    Reason.TOPIC_NAME_INVALID: 5,
    Reason.ADMINISTRATIVE_ACTION: 5,
}
"""Return codes of 3.1.1 (table 3.1); every other rejection is 3, server unavailable."""
_SERVER_UNAVAILABLE = 3


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of a client, as CONNACK announces them."""

    max_packet_bytes: int
    max_inflight: int
    keep_alive_max_s: int
    session_expiry_max_s: int
    topic_aliases: int = 16
    retain_available: bool = True


class Agreement(msgspec.Struct, frozen=True):
    """The parameters that a client of MQTT 5 gets. `offer` announces them in CONNACK."""

    session_expiry_s: int
    keep_alive_s: int
    offer: Properties


class Objection(msgspec.Struct, frozen=True):
    """Why a client is rejected regardless of its credential: `text` is for the client, `requested` describes its request."""

    reason: Reason
    text: str
    requested: str


def return_code(reason: Reason) -> int:
    """The return code of 3.1.1 for a reason of MQTT 5."""
    return _RETURN_CODES.get(reason, _SERVER_UNAVAILABLE)


def objection(connect: Connect, limits: Limits) -> Objection | None:
    """Why the client's request cannot be fulfilled; None if it can."""
    values = connect.properties
    if Property.AUTHENTICATION_METHOD in values or Property.AUTHENTICATION_DATA in values:
        # MQTT 5, 4.12: a server without extended authentication answers with 0x8C and closes.
        text = "extended authentication is not supported; use a user name and password"
        return Objection(Reason.BAD_AUTHENTICATION_METHOD, text, "extended authentication was requested")
    if _retains_in_vain(connect, limits):
        return Objection(
            Reason.RETAIN_UNSUPPORTED,
            "retained messages are not supported; the will must not be retained",
            "a retained will was requested",
        )
    # 3.1.1, 3.1.3.1: an empty client id is allowed only with Clean Session. In MQTT 5 the server assigns one instead.
    if connect.version == V311 and not connect.client_id and not connect.clean:
        return Objection(
            Reason.CLIENT_ID_NOT_VALID,
            "a client id is required to keep a session",
            "a kept session was requested without a client id",
        )
    return None


def _retains_in_vain(connect: Connect, limits: Limits) -> bool:
    """Whether a retained will is requested but not supported. 3.1.1 cannot express the refusal, so its clients are admitted."""
    asks = connect.will is not None and connect.will.retain
    return asks and connect.version == V5 and not limits.retain_available


def agree(connect: Connect, limits: Limits) -> Agreement:
    """The parameters for a client of MQTT 5. What CONNACK omits is as the client requested."""
    requested_expiry_s: int = connect.properties.get(Property.SESSION_EXPIRY_S, 0)
    session_expiry_s, keep_alive_s = min(requested_expiry_s, limits.session_expiry_max_s), connect.keep_alive_s
    offer: dict[int, Any] = {
        Property.RECEIVE_MAXIMUM: limits.max_inflight,
        Property.MAXIMUM_PACKET_SIZE: limits.max_packet_bytes,
        Property.TOPIC_ALIAS_MAXIMUM: limits.topic_aliases,
        Property.SUBSCRIPTION_ID_AVAILABLE: 0,
        Property.SHARED_SUBSCRIPTION_AVAILABLE: 0,
    }
    if not limits.retain_available:
        offer[Property.RETAIN_AVAILABLE] = 0
    if session_expiry_s != requested_expiry_s:
        offer[Property.SESSION_EXPIRY_S] = session_expiry_s
    # MQTT 5, 3.1.2.10 and 3.2.2.3.14: a server may set the keep alive, and the client must use it. 0 would mean no limit.
    if not 0 < keep_alive_s <= limits.keep_alive_max_s:
        keep_alive_s = offer[Property.SERVER_KEEP_ALIVE_S] = limits.keep_alive_max_s
    return Agreement(session_expiry_s, keep_alive_s, offer)
