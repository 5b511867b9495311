"""Which server's body this is, and what it says.

Theory of operation. All servers may post to one address, and only ChirpStack tells the kind of event, in the address and not in
the body. So the form is told by its keys: The Things Stack names devices in `end_device_ids` and events by the name of their one
key, ChirpStack 4 has `deviceInfo`, ChirpStack 3 a `devEUI`; whatever has none of these is a body of somebody's own. Every
field is optional and of any type: what is not of its promised form counts as missing, but for the device's EUI.
Source: surfaces/lorawan.md 4; fixtures in tests/ingress/lorawan.
"""

from __future__ import annotations

from typing import Any

from penstock.core.connections.models import ConnectionType
from penstock.core.uplinks.models import NetworkMessage
from penstock.ingress.lorawan.protocol import chirpstack_v3, chirpstack_v4, custom, things_stack
from penstock.kit.errors import InvalidInput


def read_message(body: dict[str, Any], event: str | None = None) -> NetworkMessage:
    """A server's body, decoded from JSON. `event` is ChirpStack's word in the address, if there was one.

    Raises:
        InvalidInput: the EUI is none (its code is `identifier`), or a field of a custom body is at fault.
    """
    if things_stack.is_message(body):
        return things_stack.read(body)
    if "deviceInfo" in body:
        return chirpstack_v4.read(body, event)
    if "devEUI" in body:
        return chirpstack_v3.read(body, event)
    return custom.read(body)


def read_message_of(kind: ConnectionType, body: dict[str, Any], event: str | None = None) -> NetworkMessage:
    """A body that came through a connection, in a form that its type allows.

    Raises:
        InvalidInput: it is of another form, its EUI is none, or a field of a custom body is at fault.
    """
    if kind is ConnectionType.CUSTOM:
        return custom.read(body)
    if kind is ConnectionType.CHIRPSTACK and not ("deviceInfo" in body or "devEUI" in body):
        raise InvalidInput.field("deviceInfo", "is required: this is no message of ChirpStack's")
    if kind is ConnectionType.THINGS_STACK and not things_stack.is_message(body):
        raise InvalidInput.field("end_device_ids", "is required: this is no message of The Things Stack's")
    return read_message(body, event)
