"""Whether a message says that its device is online or offline, as brokers' last wills and bridges say it.

The words are those of Zigbee2MQTT (`online`, `{"state": "offline"}`), Tasmota (`LWT`: `Online`), Home Assistant and ESPHome
(`status`: `online`), Shelly (`online`: `true`) and Homie (`$state`: `ready`, `lost`), in any case and with spaces around them.
The fewer other meanings a name has, the more words count under it: `{"connected": false}` is a charger without a car, and
`{"status": 0}` usually means that all is well. `value` is how a device is named that publishes to a topic of its own name.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from penstock.core.devices.models import Connectivity

KIND_STATUS = "status"
"""The kind of readings that report on a device instead of measuring."""
NAMES = frozenset({"lwt", "availability"})
"""Names of topics that contain nothing else."""
_PLAIN = {"online": Connectivity.ONLINE, "offline": Connectivity.OFFLINE}
_TRUTH = {"true": Connectivity.ONLINE, "1": Connectivity.ONLINE, "false": Connectivity.OFFLINE, "0": Connectivity.OFFLINE}
_HOMIE = dict.fromkeys(("init", "ready", "alert", "sleeping"), Connectivity.ONLINE) | dict.fromkeys(
    ("disconnected", "lost"), Connectivity.OFFLINE
)
_MORE = dict.fromkeys(("connected", "available", "alive", "up"), Connectivity.ONLINE) | dict.fromkeys(
    ("disconnected", "unavailable", "dead", "down", "lost"), Connectivity.OFFLINE
)
_WORDS = {
    **dict.fromkeys(NAMES, _PLAIN | _TRUTH | _MORE),
    "online": _PLAIN | _TRUTH,
    "$state": _PLAIN | _HOMIE,
    **dict.fromkeys(("status", "state", "connection", "connectivity", "connected", "alive", "presence", "value"), _PLAIN),
}
"""The words that count, by name."""
WORD_NAMES = frozenset(_WORDS)


def read_word(value: object, name: str = "availability") -> Connectivity | None:
    """What a value says under a name; None if it says nothing about availability."""
    if not isinstance(value, str | int):  # a truth value is an int
        return None
    return _WORDS.get(name.rpartition(".")[2].lower(), {}).get(plain_word(value))


def plain_word(value: object) -> str:
    """A value as the tables of words have it. Some programs publish a word as JSON, and so in quotation marks."""
    return str(value).strip().strip('"').strip().lower()


def availability_of(values: Mapping[str, object]) -> Connectivity | None:
    """What the first value that says something says; None if none does."""
    for name, value in values.items():
        found = availability_of(value) if isinstance(value, Mapping) else read_word(value, name)
        if found is not None:
            return found
    return None


def reports_offline(kind: str, payload: bytes) -> bool:
    """Whether a reading reports that its device is offline: then it does not show that the device is there."""
    if kind != KIND_STATUS:
        return False
    values = msgspec.json.decode(payload)
    return isinstance(values, dict) and availability_of(values) is Connectivity.OFFLINE
