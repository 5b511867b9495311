"""Patterns of MQTT topics: placeholders as whole segments, beside MQTT's own wildcards."""

from __future__ import annotations

import re

from penstock.kit.errors import InvalidInput

_PLACEHOLDER = re.compile(r"\{\{ *([A-Za-z]+) *\}\}", re.ASCII)
_IN = frozenset({"deviceId", "value", "key"})
_OUT = frozenset({"deviceId", "applicationId"})


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


def check_command_topic(pattern: str, field: str) -> frozenset[str]:
    """The placeholders of a topic that commands are published to.

    Raises:
        InvalidInput: it is none.
    """
    segments = _segments(pattern, field, _OUT)
    if any(mark in segment for segment in segments for mark in "+#"):
        raise InvalidInput.field(field, "has no wildcards, as something is published to it")
    names = _names(segments)
    if "deviceId" not in names:
        raise InvalidInput.field(field, "names no device: it needs {{deviceId}}")
    return names


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
