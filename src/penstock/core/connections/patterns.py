"""Topic patterns: the filter to subscribe to, and the values that a topic's segments contain.

Patterns were checked by `topics.check_topic` before. Segments are compared byte by byte; `#` matches all remaining segments, also
none, as MQTT 4.7.1 specifies.
"""

from __future__ import annotations

from penstock.core.connections.topics import placeholder, topic_filter

_SHARED = "$share"
DEFAULT_KEY = "value"


class TopicPattern:
    """One pattern. `filter` is what to subscribe to; `key` names a single value if the topic itself does not."""

    def __init__(self, pattern: str) -> None:
        segments = pattern.split("/")
        self.filter = topic_filter(pattern)
        # A broker delivers messages of a shared subscription under their own topics. Source: MQTT 5.0, 4.8.2.
        received = segments[2:] if segments[0] == _SHARED else segments
        self._open_end = received[-1] == "#"
        self._segments = received[:-1] if self._open_end else received
        self._names = [placeholder(segment) for segment in self._segments]
        self.key = _key(received)

    def match(self, topic: str) -> dict[str, str] | None:
        """The values of the placeholders; None if the topic does not match."""
        found = topic.split("/")
        if len(found) != len(self._segments) and not (self._open_end and len(found) > len(self._segments)):
            return None
        out: dict[str, str] = {}
        for segment, expected, name in zip(found, self._segments, self._names, strict=False):
            if name is not None:
                out[name] = segment
            elif expected not in ("+", segment):
                return None
        return out


def _key(segments: list[str]) -> str:
    """The last segment that is not the value itself, if it is plain text."""
    last = next((segment for segment in reversed(segments) if placeholder(segment) != "value"), "+")
    return DEFAULT_KEY if last in ("", "+", "#") or placeholder(last) else last
