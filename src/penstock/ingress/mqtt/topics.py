"""The topics of a device: their names, and who can use them.

Up: `d/{id}/t` with any levels below it (readings), `d/{id}/s` (status), `d/{id}/c/ack` (acknowledgements of commands), and the
older `devices/{id}/telemetry`, `…/status`, `…/events` and `…/commands/ack`. Down: `d/{id}/c`, and the older
`devices/{id}/commands`. A device can subscribe to anything below its own two roots and to nothing else.
"""

from __future__ import annotations

from enum import Enum, auto

import msgspec

from penstock.core.telemetry.models import KIND_TELEMETRY
from penstock.ingress.mqtt.protocol.packets import Reason

KIND_STATUS = "status"
KIND_EVENT = "event"
MAX_TOPIC_BYTES = 512
MAX_CHANNEL = 200
MAX_TOPIC_SHOWN = 80
"""Characters of a topic in an error."""
_ANSWERS = {("d", "c/ack"), ("devices", "commands/ack")}
_OLDER = {"telemetry": KIND_TELEMETRY, "status": KIND_STATUS, "events": KIND_EVENT}


class Right(Enum):
    """How a device can use a topic."""

    OWN = auto()
    ANSWER = auto()
    """The device's own, for its acknowledgements of commands."""
    UNKNOWN = auto()
    """Below the device's own root, but not a defined topic."""
    FOREIGN = auto()


class Route(msgspec.Struct, frozen=True):
    """The destination of a topic's messages: the kind of its readings and their channel."""

    right: Right
    kind: str = KIND_TELEMETRY
    channel: str | None = None


_FOREIGN = Route(Right.FOREIGN)
_UNKNOWN = Route(Right.UNKNOWN)
_ANSWER = Route(Right.ANSWER)


def route(device_id: str, topic: str) -> Route:
    """The route of a message that a device publishes. `device_id` is the id's text."""
    root, _, rest = topic.partition("/")
    owner, _, path = rest.partition("/")
    # Compared as text, level by level: without a pattern, a wildcard in a name cannot match.
    if owner != device_id or not path:
        return _FOREIGN
    if (root, path) in _ANSWERS:
        return _ANSWER
    if root == "d":
        return _short(path)
    if root == "devices" and path in _OLDER:
        return Route(Right.OWN, _OLDER[path])
    return _UNKNOWN if root == "devices" else _FOREIGN


def _short(path: str) -> Route:
    if path == "t":
        return Route(Right.OWN)
    if path == "s":
        return Route(Right.OWN, KIND_STATUS)
    head, _, channel = path.partition("/")
    if head == "t" and 0 < len(channel) <= MAX_CHANNEL:
        return Route(Right.OWN, KIND_TELEMETRY, channel)
    return _UNKNOWN


def subscription(device_id: str, topic_filter: str) -> Reason:
    """Whether a device can subscribe to a filter: `SUCCESS`, or the reason why not."""
    if topic_filter.startswith("$share/"):
        return Reason.SHARED_SUBSCRIPTIONS_UNSUPPORTED
    if not _well_formed(topic_filter):
        return Reason.TOPIC_FILTER_INVALID
    levels = topic_filter.split("/")
    own = len(levels) > 2 and levels[0] in {"d", "devices"} and levels[1] == device_id
    return Reason.SUCCESS if own else Reason.NOT_AUTHORIZED


def live_subscription(topic_filter: str) -> Reason:
    """Whether a program can subscribe to a filter: `SUCCESS`, or the reason why not."""
    if topic_filter.startswith("$share/"):
        return Reason.SHARED_SUBSCRIPTIONS_UNSUPPORTED
    if not _well_formed(topic_filter):
        return Reason.TOPIC_FILTER_INVALID
    return Reason.SUCCESS if topic_filter.startswith("live/") else Reason.NOT_AUTHORIZED


def _well_formed(topic_filter: str) -> bool:
    """Source: MQTT 5.0, 4.7.1: `#` must be the whole last level, `+` a whole level."""
    if not topic_filter or len(topic_filter.encode()) > MAX_TOPIC_BYTES:
        return False
    levels = topic_filter.split("/")
    return all(level in {"+", "#"} or not ("+" in level or "#" in level) for level in levels) and "#" not in levels[:-1]


def matches(topic_filter: str, topic: str) -> bool:
    """Whether a well-formed filter matches a topic."""
    pattern, levels = topic_filter.split("/"), topic.split("/")
    for at, level in enumerate(pattern):
        if level == "#":
            return True
        if at >= len(levels) or (level != "+" and level != levels[at]):
            return False
    return len(pattern) == len(levels)


def command_topics(device_id: str) -> tuple[str, str]:
    """The topics on which a device can receive commands, the preferred one first."""
    return f"d/{device_id}/c", f"devices/{device_id}/commands"
