"""From messages of a broker to rows: which device, which values, when.

Where the device is named: the payload's value at `device_id_path`, else the topic's `{{deviceId}}`. Where the values are:

- a JSON object is a reading, exactly as sent; an array of objects is one reading each. With `{{key}}` in the topic, an object
  stands under that name.
- anything else is one value: a number, `true` or `false` where it reads so, else text. Its name is the topic's `{{key}}`, else
  the pattern's last segment where that is plain text, else `value`.
- a topic with `{{value}}` holds the value itself; an object in the payload stands beside it, and no other payload is read.

The event time is at `time_path`, without one in `timestamp` or `ts`, as elsewhere; without any it is the time of arrival.
Source: surfaces/kilo.md 4.1 (patterns, dot paths). The names of single values are ours.
"""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from penstock.core.connections.patterns import TopicPattern
from penstock.core.connections.settings import Subscription
from penstock.kit import strict_json
from penstock.kit.clock import parse_time
from penstock.kit.errors import InvalidInput

MAX_ROWS = 1_000
"""Readings in one message."""
MAX_TEXT = 1_000
"""Characters of a single value."""
MAX_DEVICE_NAME = 200
_TIME_FIELDS = ("timestamp", "ts")
_NUMBER = re.compile(r"[+-]?(?:\d{1,18}|\d{0,18}\.\d{1,18})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_WORDS = {"true": True, "false": False}
_raw_rows = msgspec.json.Decoder(list[msgspec.Raw])


class Row(msgspec.Struct, frozen=True, gc=False):
    """A reading to be. `payload` is a JSON object; `time_us` None means now."""

    device: str
    payload: bytes
    time_us: int | None


class Heard(msgspec.Struct, frozen=True):
    """A subscription that fits a topic, and what the topic says."""

    subscription: Subscription
    key: str
    names: dict[str, str]


class Subscriptions:
    """The subscriptions of a connection, at work. The first that fits a topic reads it."""

    def __init__(self, wanted: list[Subscription]) -> None:
        self._all = [(TopicPattern(one.topic), one) for one in wanted]

    @property
    def filters(self) -> dict[str, int]:
        """What to ask the broker for: QoS by topic filter."""
        return {pattern.filter: one.qos for pattern, one in self._all}

    def hears(self, topic: str) -> bool:
        """Whether a subscription fits a topic."""
        return any(pattern.match(topic) is not None for pattern, _ in self._all)

    def hear(self, topic: str) -> Heard:
        """What a topic says.

        Raises:
            InvalidInput: no subscription fits.
        """
        for pattern, one in self._all:
            names = pattern.match(topic)
            if names is not None:
                return Heard(one, names.get("key") or pattern.key, names)
        raise InvalidInput.field("topic", "no subscription of the connection fits the topic")


def rows_of(heard: Heard, payload: bytes) -> list[Row]:
    """The readings of a message.

    Raises:
        InvalidInput: it holds none, or names no device, and why.
    """
    form, raw_value = heard.subscription.payload, heard.names.get("value")
    content = _content(form, payload) if raw_value is None or payload[:1] in (b"{", b"[") else {}
    if isinstance(content, list):
        if raw_value is not None or "key" in heard.names:
            raise InvalidInput.field("", "an array of readings has no place beside {{value}} or {{key}}")
        return [_row(heard, row, bytes(raw)) for row, raw in zip(content, _raw_rows.decode(payload), strict=True)]
    if raw_value is not None:
        return [_row(heard, content, msgspec.json.encode({**content, heard.key: _single(raw_value)}))]
    if not isinstance(content, dict):
        return [_row(heard, {}, msgspec.json.encode({heard.key: content}))]
    if "key" in heard.names:
        return [_row(heard, content, msgspec.json.encode({heard.key: content}))]
    return [_row(heard, content, payload)]


def _content(form: Literal["auto", "json", "text", "lorawan", "acknowledgement"], payload: bytes) -> Any:
    """An object, a list of objects, or a single value."""
    structured = form == "json" or (form == "auto" and payload.lstrip(b" \t\r\n")[:1] in (b"{", b"["))
    if not structured:
        try:
            text = payload.decode()
        except UnicodeDecodeError:
            raise InvalidInput.field("", "the payload is not UTF-8 text", "text") from None
        return _single(text)
    value = strict_json.decode(payload)
    if type(value) is list and value and all(type(row) is dict and row for row in value):
        if len(value) > MAX_ROWS:
            raise InvalidInput.field("", f"a message has at most {MAX_ROWS} readings")
        return value
    if type(value) is not dict or not value:
        raise InvalidInput.field("", "the payload is no object of values, and no array of such objects")
    return value


def _single(text: str) -> object:
    """A value on its own.

    Raises:
        InvalidInput: it is empty, too long, or holds a NUL character.
    """
    word = text.strip()
    if not word:
        raise InvalidInput.field("", "the value is empty")
    if len(word) > MAX_TEXT or "\x00" in word:
        raise InvalidInput.field("", f"a value has at most {MAX_TEXT} characters, and no NUL")
    if _NUMBER.fullmatch(word):
        number = float(word)
        if "." not in word and "e" not in word.lower():
            return int(word)
        # Infinity is no JSON, so such a number stays the text that it came as.
        if abs(number) < float("inf"):
            return number
    return _WORDS.get(word, word)


def named_in(heard: Heard, payload: bytes) -> str:
    """The device that a message names, in its topic or in its payload.

    Raises:
        InvalidInput: neither does.
    """
    content = strict_json.decode(payload) if heard.subscription.device_id_path else {}
    return _device(heard, content if isinstance(content, dict) else {})


def _row(heard: Heard, content: dict[str, Any], payload: bytes) -> Row:
    return Row(_device(heard, content), payload, _event_time(content, heard.subscription.time_path))


def _device(heard: Heard, content: dict[str, Any]) -> str:
    wanted = heard.subscription
    found = at_path(content, wanted.device_id_path) if wanted.device_id_path else None
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    device = found if isinstance(found, str) and found else heard.names.get("deviceId", "")
    if not device or len(device) > MAX_DEVICE_NAME:
        place = f"at {wanted.device_id_path}" if wanted.device_id_path else "in the topic"
        raise InvalidInput.field(wanted.device_id_path or "topic", f"there is no device id {place}")
    return device


def _event_time(content: dict[str, Any], path: str | None) -> int | None:
    fields = (path,) if path else _TIME_FIELDS
    for field in fields:
        value = at_path(content, field)
        if value is not None:
            try:
                return parse_time(value)
            except ValueError:
                return None
    return None


def at_path(content: Any, path: str) -> Any:
    """What an object holds at a dot path such as `data.sensors.0.id`; None when there is nothing."""
    if isinstance(content, dict) and path in content:
        return content[path]
    for name in path.split("."):
        if isinstance(content, dict):
            content = content.get(name)
        elif isinstance(content, list) and name.isascii() and name.isdigit() and len(name) < 6:
            content = content[int(name)] if int(name) < len(content) else None
        else:
            return None
    return content


def lorawan_event(topic: str) -> str | None:
    """ChirpStack's word for what a message is about, which stands in its topics: `…/event/up`."""
    segments = topic.rsplit("/", 2)
    return segments[2] if len(segments) == 3 and segments[1] == "event" else None
