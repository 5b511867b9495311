"""The end of an MQTT client's connection."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Programs that start for each of many examples do not load it.
    import paho.mqtt.client as paho


def leave(client: paho.Client) -> None:
    """Disconnect, and wait until the client's thread has ended."""
    client.disconnect()
    # A thread that ends between two lines of `loop_stop` has forgotten itself by the second, which then fails.
    with suppress(AttributeError):
        client.loop_stop()
