"""Detects which network server a body is from, and parses it.

Theory of operation. All servers can post to one address, and only ChirpStack sends the type of event, in the address and not in
the body. So the format is detected by its keys: The Things Stack names devices in `end_device_ids` and events by the name of
their one key, ChirpStack 4 has `deviceInfo`, ChirpStack 3 a `devEUI`; a body with none of these has a custom format. Every
field is optional and of any type: a field of an unexpected type counts as missing, except the device's EUI.
Source: the integrations named in each module; fixtures in tests/ingress/lorawan.
"""

from __future__ import annotations

from typing import Any

from penstock.core.connections.models import ConnectionType
from penstock.core.uplinks.models import NetworkMessage
from penstock.ingress.lorawan.protocol import chirpstack_v3, chirpstack_v4, custom, things_stack
from penstock.kit.errors import InvalidInput


def read_message(body: dict[str, Any], event: str | None = None) -> NetworkMessage:
    """Parse a network server's body, decoded from JSON. `event` is ChirpStack's query parameter, if there was one.

    Raises:
        InvalidInput: the EUI is invalid (its code is `identifier`), or a field of a custom body is invalid.
    """
    if things_stack.is_message(body):
        return things_stack.read(body)
    if "deviceInfo" in body:
        return chirpstack_v4.read(body, event)
    if "devEUI" in body:
        return chirpstack_v3.read(body, event)
    return custom.read(body)


def read_message_of(kind: ConnectionType, body: dict[str, Any], event: str | None = None) -> NetworkMessage:
    """Parse a body that was received through a connection, in a format that the connection's type allows.

    Raises:
        InvalidInput: it has another format, its EUI is invalid, or a field of a custom body is invalid.
    """
    if kind is ConnectionType.CUSTOM:
        return custom.read(body)
    if kind is ConnectionType.CHIRPSTACK and not ("deviceInfo" in body or "devEUI" in body):
        raise InvalidInput.field("deviceInfo", "is required in a message of ChirpStack")
    if kind is ConnectionType.THINGS_STACK and not things_stack.is_message(body):
        raise InvalidInput.field("end_device_ids", "is required in a message of The Things Stack")
    return read_message(body, event)
