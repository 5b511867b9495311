"""Between uplinks and codecs: the port that decodes, and the conversion of a stored reading back to an uplink."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from penstock.core.devices.models import DeviceRef
from penstock.core.uplinks.models import EventKind, Network, NetworkMessage
from penstock.core.uplinks.store import KeptReading
from penstock.kit.clock import format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.event_time import read_time

METADATA = "lorawan"
"""The key in a reading's payload under which the facts about its uplink are stored, next to the values."""


class UplinkDecoder(Protocol):
    """Decodes payloads into values."""

    async def decode(self, device: DeviceRef, message: NetworkMessage) -> NetworkMessage:
        """An uplink with the values of its device's codec; the same object if there is nothing to decode.

        Raises:
            CodecsBusy.
        """


def kept_message(eui: str, kept: KeptReading, dedupe_key: str | None = None) -> tuple[NetworkMessage, dict[str, Any]]:
    """A stored reading as the original uplink, and its metadata."""
    values: dict[str, Any] = msgspec.json.decode(kept.payload)
    metadata = values.pop(METADATA, None)
    if not isinstance(metadata, dict):
        metadata = {}
    message = NetworkMessage(
        network=Network(metadata.get("network", Network.CUSTOM)),
        kind=EventKind.UPLINK,
        eui=eui,
        time_us=kept.time_us if (uplink_us := _time_of(metadata)) is None else uplink_us,
        dedupe_key=dedupe_key,
        f_port=metadata.get("f_port"),
        f_cnt=metadata.get("f_cnt"),
        data=metadata.get("data"),
        values=values or None,
        encrypted=bool(metadata.get("encrypted")),
        simulated=bool(metadata.get("simulated")),
        codec=metadata.get("codec"),
    )
    return message, metadata


def _time_of(metadata: Mapping[str, Any]) -> int | None:
    """The time of the uplink, if the reading that has its payload has another."""
    try:
        return read_time(metadata.get("time"), "time")
    except InvalidInput:
        return None


def decoded_payload(message: NetworkMessage, metadata: Mapping[str, Any]) -> bytes:
    """The payload of a stored reading after a codec ran."""
    metadata = {name: value for name, value in metadata.items() if name != "time" or message.uplink_us is not None}
    if message.uplink_us is not None:
        metadata["time"] = format_time(message.uplink_us)
    about = {"codec": message.codec} | ({"network_values": message.network_values} if message.network_values else {})
    return msgspec.json.encode({**(message.values or {}), METADATA: {**metadata, **about}})
