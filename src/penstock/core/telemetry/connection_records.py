"""Records of agents' connections: readings that the server makes when a connection opens and when it ends.

They come from the server: an end does not show that the device is there, and neither of them is a measurement.
"""

from __future__ import annotations

from penstock.core.devices.availability import KIND_STATUS
from penstock.core.devices.models import DeviceRef
from penstock.core.telemetry.models import NewReading, Reading, Source

_AGENT = int(Source.AGENT)
"""As a plain number, because it is compared for every reading."""
_CONNECTED, _DISCONNECTED = b'{"connectionstatus":"connected"}', b'{"connectionstatus":"disconnected"}'
"""The same words as on the agent's socket for applications."""


def connection_record(device: DeviceRef, at_us: int, *, connected: bool) -> NewReading:
    """The record that a device's agent connected or disconnected."""
    return NewReading(device, _CONNECTED if connected else _DISCONNECTED, at_us, kind=KIND_STATUS, source=Source.AGENT)


def is_connection_record(reading: Reading) -> bool:
    """Whether the server made this reading of a connection: agents cannot send readings of this kind."""
    return reading.source == _AGENT and reading.kind == KIND_STATUS


def is_end_of_connection(reading: Reading) -> bool:
    """Whether this is the record of a connection's end."""
    return is_connection_record(reading) and reading.payload == _DISCONNECTED
