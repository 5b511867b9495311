"""Patterns of MQTT topics: placeholders as whole segments, in addition to MQTT's own wildcards."""

from __future__ import annotations

import re
from collections.abc import Mapping

from penstock.kit.errors import InvalidInput

_PLACEHOLDER = re.compile(r"\{\{ *([A-Za-z]+) *\}\}", re.ASCII)
_IN = frozenset({"deviceId", "value", "key"})
OF_COMMANDS = frozenset({"deviceId", "command", "value", "applicationId"})
"""The placeholders allowed in a topic that commands are published to."""
OF_DOWNLINKS = frozenset({"deviceId", "applicationId"})
"""The placeholders allowed in a network server's topic."""
MAX_TOPIC_BYTES = 65_535
_NOT_ALLOWED = re.compile("[/+#\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Characters that would change the topic: levels, wildcards, and those brokers may reject. Source: MQTT 5.0, 1.5.4 and 4.7."""


def placeholder(segment: str) -> str | None:
    """The name of the placeholder in a segment, or None."""
    found = _PLACEHOLDER.fullmatch(segment)
    return found[1] if found else None


def topic_filter(pattern: str) -> str:
    """The filter to subscribe to: the pattern with a wildcard for each placeholder."""
    return "/".join("+" if placeholder(segment) else segment for segment in pattern.split("/"))


def check_topic(pattern: str, field: str) -> frozenset[str]:
    """The placeholders of a pattern to subscribe to.

    Raises:
        InvalidInput: it is not a valid pattern.
    """
    segments = _segments(pattern, field, _IN)
    for place, segment in enumerate(segments):
        if "#" in segment and (segment != "#" or place != len(segments) - 1):
            raise InvalidInput.field(field, "must contain # only alone, as the last segment")
        if "+" in segment and segment != "+":
            raise InvalidInput.field(field, "must contain + only alone in a segment")
    return _names(segments)


def check_command_topic(pattern: str, field: str, known: frozenset[str]) -> frozenset[str]:
    """The placeholders of a topic that commands are published to.

    Raises:
        InvalidInput: it is not a valid pattern.
    """
    segments = _segments(pattern, field, known)
    if any(mark in segment for segment in segments for mark in "+#"):
        raise InvalidInput.field(field, "must not contain wildcards, because commands are published to it")
    names = _names(segments)
    if "deviceId" not in names:
        raise InvalidInput.field(field, "must name the device with {{deviceId}}")
    return names


def fill_topic(pattern: str, values: Mapping[str, str | None]) -> str:
    """Build a topic to publish to. Each value fills one segment and cannot contain wildcards.

    Raises:
        InvalidInput: a value is missing, or cannot be part of a topic; the error names the placeholder.
    """
    filled = []
    for segment in pattern.split("/"):
        name = placeholder(segment)
        value = segment if name is None else values.get(name)
        if not value and name is not None:
            raise InvalidInput.field(name, f"is required for {{{{{name}}}}}", "missing")
        if name is not None and _NOT_ALLOWED.search(value or ""):
            raise InvalidInput.field(name, f"must not be {_shown(value or '')}, which cannot replace {{{{{name}}}}} in a topic")
        filled.append(value or "")
    topic = "/".join(filled)
    if topic.startswith("$") and not pattern.startswith("$"):
        raise InvalidInput.field("topic", f"must not be {_shown(topic)}, one of the broker's own topics")
    if len(topic.encode()) > MAX_TOPIC_BYTES:
        raise InvalidInput.field("topic", "must not be longer than a topic allows")
    return topic


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text[:64])


def _names(segments: list[str]) -> frozenset[str]:
    return frozenset(name for segment in segments if (name := placeholder(segment)))


def _segments(pattern: str, field: str, known: frozenset[str]) -> list[str]:
    if "\x00" in pattern or len(pattern.encode("utf-8", "surrogatepass")) > 1024:
        raise InvalidInput.field(field, "must be an MQTT topic")
    segments = pattern.split("/")
    found = [name for segment in segments if (name := placeholder(segment))]
    unknown = next((name for name in found if name not in known), None)
    if unknown is not None or any("{{" in segment and placeholder(segment) is None for segment in segments):
        words = ", ".join(f"{{{{{name}}}}}" for name in sorted(known))
        raise InvalidInput.field(field, f"must contain only the placeholders {words}, each as a whole segment")
    if len(set(found)) != len(found):
        raise InvalidInput.field(field, "must not contain a placeholder twice")
    return segments
