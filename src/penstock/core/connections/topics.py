"""Patterns of MQTT topics: placeholders as whole segments, beside MQTT's own wildcards."""

from __future__ import annotations

import re
from collections.abc import Mapping

from penstock.kit.errors import InvalidInput

_PLACEHOLDER = re.compile(r"\{\{ *([A-Za-z]+) *\}\}", re.ASCII)
_IN = frozenset({"deviceId", "value", "key"})
OF_COMMANDS = frozenset({"deviceId", "command", "value", "applicationId"})
"""What may stand in a topic that commands are published to."""
OF_DOWNLINKS = frozenset({"deviceId", "applicationId"})
"""What may stand in a network server's."""
MAX_TOPIC_BYTES = 65_535
_UNFIT = re.compile("[/+#\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What would make another topic of a name: levels, wildcards, and what brokers may refuse. Source: MQTT 5.0, 1.5.4 and 4.7."""


def placeholder(segment: str) -> str | None:
    """The name in a segment that is a placeholder."""
    found = _PLACEHOLDER.fullmatch(segment)
    return found[1] if found else None


def topic_filter(pattern: str) -> str:
    """What a broker is asked for: the pattern with a wildcard in the place of each placeholder."""
    return "/".join("+" if placeholder(segment) else segment for segment in pattern.split("/"))


def check_topic(pattern: str, field: str) -> frozenset[str]:
    """The placeholders of a pattern that is listened to.

    Raises:
        InvalidInput: it is none.
    """
    segments = _segments(pattern, field, _IN)
    for place, segment in enumerate(segments):
        if "#" in segment and (segment != "#" or place != len(segments) - 1):
            raise InvalidInput.field(field, "# stands alone, as the last segment")
        if "+" in segment and segment != "+":
            raise InvalidInput.field(field, "+ stands alone in its segment")
    return _names(segments)


def check_command_topic(pattern: str, field: str, known: frozenset[str]) -> frozenset[str]:
    """The placeholders of a topic that commands are published to.

    Raises:
        InvalidInput: it is none.
    """
    segments = _segments(pattern, field, known)
    if any(mark in segment for segment in segments for mark in "+#"):
        raise InvalidInput.field(field, "has no wildcards, as something is published to it")
    names = _names(segments)
    if "deviceId" not in names:
        raise InvalidInput.field(field, "names no device: it needs {{deviceId}}")
    return names


def fill_topic(pattern: str, values: Mapping[str, str | None]) -> str:
    """A topic to publish to. What stands in it is one segment, and never a wildcard.

    Raises:
        InvalidInput: a value is missing, or cannot stand in a topic; the placeholder is named.
    """
    filled = []
    for segment in pattern.split("/"):
        name = placeholder(segment)
        value = segment if name is None else values.get(name)
        if not value and name is not None:
            raise InvalidInput.field(name, f"there is nothing to put in the place of {{{{{name}}}}}", "missing")
        if name is not None and _UNFIT.search(value or ""):
            raise InvalidInput.field(name, f"{_shown(value or '')} cannot stand in a topic in the place of {{{{{name}}}}}")
        filled.append(value or "")
    topic = "/".join(filled)
    if topic.startswith("$") and not pattern.startswith("$"):
        raise InvalidInput.field("topic", f"{_shown(topic)} would be one of the broker's own topics")
    if len(topic.encode()) > MAX_TOPIC_BYTES:
        raise InvalidInput.field("topic", "is too long for a topic")
    return topic


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text[:64])


def _names(segments: list[str]) -> frozenset[str]:
    return frozenset(name for segment in segments if (name := placeholder(segment)))


def _segments(pattern: str, field: str, known: frozenset[str]) -> list[str]:
    if "\x00" in pattern or len(pattern.encode("utf-8", "surrogatepass")) > 1024:
        raise InvalidInput.field(field, "is no topic")
    segments = pattern.split("/")
    found = [name for segment in segments if (name := placeholder(segment))]
    unknown = next((name for name in found if name not in known), None)
    if unknown is not None or any("{{" in segment and placeholder(segment) is None for segment in segments):
        words = ", ".join(f"{{{{{name}}}}}" for name in sorted(known))
        raise InvalidInput.field(field, f"placeholders are {words}, each as a whole segment")
    if len(set(found)) != len(found):
        raise InvalidInput.field(field, "a placeholder stands twice")
    return segments
