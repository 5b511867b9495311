"""Custom JSON: a flat object with the device, the time, and values."""

from __future__ import annotations

from typing import Any

from penstock.core.uplinks.models import EventKind, Network, NetworkMessage
from penstock.ingress.lorawan.protocol.fields import eui, text
from penstock.kit.event_time import read_time

_ENVELOPE = ("dev_eui", "device_name", "tenant_name", "timestamp", "dedupe_key")


def read(body: dict[str, Any]) -> NetworkMessage:
    """Parse a body of a custom format. A field that is neither a name nor a time of the message is a value.

    Raises:
        InvalidInput: the EUI or the time is invalid. The author of a custom format needs an error rather than a guess.
    """
    return NetworkMessage(
        network=Network.CUSTOM,
        kind=EventKind.UPLINK,
        eui=eui(body, "dev_eui"),
        device_name=text(body, "device_name"),
        tenant_name=text(body, "tenant_name"),
        time_us=read_time(body.get("timestamp"), "timestamp"),
        dedupe_key=text(body, "dedupe_key"),
        values={name: value for name, value in body.items() if name not in _ENVELOPE} or None,
    )
