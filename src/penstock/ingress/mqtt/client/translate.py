"""Converts a broker's messages to rows: the device, the values, the time.

The device is the payload's value at `device_id_path`, else the topic's `{{deviceId}}`. The values are:

- a JSON object is a reading, exactly as sent; an array of objects is one reading each. With `{{key}}` in the topic, an object
  is a value of that name.
- any other payload is one value: a number, `true` or `false` if it can be parsed as one, else text. Its name is the topic's
  `{{key}}`, else the pattern's last segment if that is a literal, else `value`.
- a topic with `{{value}}` contains the value itself; an object in the payload is added to it, and no other payload is read.

The event time is at `time_path`; without one it is in `timestamp` or `ts`, as in other messages, and if none is there, it is the
time of arrival. A row whose time cannot be read is quarantined, and affects no other row.
"""

from __future__ import annotations

import re
from typing import Any, Literal

import msgspec

from penstock.core.connections.patterns import TopicPattern
from penstock.core.connections.settings import Subscription
from penstock.core.devices.availability import KIND_STATUS, NAMES, WORD_NAMES, availability_of, plain_word, read_word
from penstock.core.devices.models import Connectivity
from penstock.core.telemetry.elements import Around, read_around, read_element
from penstock.core.telemetry.models import KIND_TELEMETRY
from penstock.ingress.mqtt.translate import Sorted, array_rows, check_count, is_array, sort_out
from penstock.kit import strict_json
from penstock.kit.errors import InvalidInput
from penstock.kit.event_time import read_time, shown

MAX_ROWS = 1_000
"""Readings in one message."""
MAX_TEXT = 1_000
"""Characters of a single value."""
MAX_DEVICE_NAME = 200
_TIME_FIELDS = ("timestamp", "ts")
_EUIS = ("deviceInfo.devEui", "end_device_ids.dev_eui", "devEUI", "dev_eui")
"""Where the network servers' messages have the device's EUI."""
_NUMBER = re.compile(r"[+-]?(?:\d{1,18}|\d{0,18}\.\d{1,18})(?:[eE][+-]?\d{1,3})?", re.ASCII)
_WORDS = {"true": True, "false": False}
Form = Literal["auto", "json", "text", "lorawan", "acknowledgement", "availability"]


class Row(msgspec.Struct, frozen=True, gc=False):
    """A reading to be created. `payload` is a JSON object; `time_us` None means now; `number` is its index in its message.

    `fault` is why the row cannot be a reading, although it names a device: it is then quarantined under that device.
    """

    device: str
    payload: bytes
    time_us: int | None
    number: int = 0
    fault: str | None = None
    kind: str = KIND_TELEMETRY


class TopicMatch(msgspec.Struct, frozen=True):
    """A subscription that matches a topic, and the values of its placeholders."""

    subscription: Subscription
    key: str
    names: dict[str, str]
    last: str = ""
    """The last segment of the topic."""


class Subscriptions:
    """The subscriptions of a connection, compiled. The first that matches a topic reads it."""

    def __init__(self, subscriptions: list[Subscription]) -> None:
        self._all = [(TopicPattern(one.topic), one) for one in subscriptions]

    @property
    def filters(self) -> dict[str, int]:
        """The subscriptions to request from the broker: QoS by topic filter."""
        return {pattern.filter: one.qos for pattern, one in self._all}

    def matches_topic(self, topic: str) -> bool:
        """Whether a subscription matches a topic."""
        return any(pattern.match(topic) is not None for pattern, _ in self._all)

    def match(self, topic: str) -> TopicMatch:
        """Match a topic.

        Raises:
            InvalidInput: no subscription matches.
        """
        for pattern, one in self._all:
            names = pattern.match(topic)
            if names is not None:
                return TopicMatch(one, names.get("key") or pattern.key, names, topic.rpartition("/")[2])
        raise InvalidInput.field("topic", "the topic must match a subscription of the connection")


def rows_of(match: TopicMatch, payload: bytes) -> Sorted[Row]:
    """The readings of a message, and the elements of its array that are not readings.

    Raises:
        InvalidInput: the message holds no readings, or names no device.
    """
    form, raw_value = match.subscription.payload, match.names.get("value")
    if form == "availability":
        return [availability_row(match, payload)], []
    # With `{{value}}`, only an object or an array in the payload is read.
    if is_array(payload) and (form in ("auto", "json") or raw_value is not None):
        if raw_value is not None or "key" in match.names:
            raise InvalidInput.field("", "an array of readings must not be combined with {{value}} or {{key}}")
        return sort_out(array_rows(payload, MAX_ROWS), lambda number, row: _array_row(match, number, row))
    if b'"data"' in payload and form in ("auto", "json") and raw_value is None and "key" not in match.names:
        paths = (match.subscription.device_id_path, match.subscription.time_path)
        roots = {path.partition(".")[0] for path in paths if path}
        # A path into the array addresses one message, not its elements.
        around = None if "data" in roots else read_around(payload, roots)
        if around is not None:
            check_count(around.rows, MAX_ROWS)
            return sort_out(around.rows, lambda number, row: _element_row(match, around, number, row), "data")
    return [_row_of(match, payload, form, raw_value)], []


def _array_row(match: TopicMatch, number: int, row: strict_json.Row) -> Row:
    if type(row.value) is not dict or not row.value:
        raise InvalidInput.field("", "a reading must be an object with at least one value")
    return _status_row(match, row.value, _row(match, row.value, row.text, number))


def _element_row(match: TopicMatch, around: Around, number: int, row: strict_json.Row) -> Row:
    """A reading in the array of an object, which can name the device and the time for all."""
    own = row.value if type(row.value) is dict else {}
    device = _device(match, {**around.others, **own})
    try:
        found = read_element(row)
        path = match.subscription.time_path
        time = (at_path(own, path) or at_path(around.others, path)) if path else None
        time_us = read_time(time or (around.time if found.time is None else found.time), path or "time")
    except InvalidInput as error:
        return Row(device, row.text, None, number, f"data[{number}]: {error.detail}")
    reading = Row(device, found.data, time_us, number, kind=found.kind or KIND_TELEMETRY)
    return _status_row(match, msgspec.json.decode(found.data), reading)


def _row_of(match: TopicMatch, payload: bytes, form: Form, raw_value: str | None) -> Row:
    """The one reading of a message that is not an array."""
    if raw_value is not None:
        added = _content("json", payload) if payload[:1] == b"{" else {}
        return _row(match, added, msgspec.json.encode({**added, match.key: _single(raw_value)}))
    content = _content(form, payload)
    if not isinstance(content, dict):
        row = _row(match, {}, msgspec.json.encode({match.key: content}))
    elif "key" in match.names:
        row = _row(match, content, msgspec.json.encode({match.key: content}))
    else:
        row = _row(match, content, payload)
    return _status_row(match, content, row)


def _content(form: Form, payload: bytes) -> Any:
    """An object, or a single value."""
    structured = form == "json" or (form == "auto" and payload.lstrip(b" \t\r\n")[:1] == b"{")
    if not structured:
        try:
            text = payload.decode()
        except UnicodeDecodeError:
            raise InvalidInput.field("", "the payload must be UTF-8 text", "text") from None
        return _single(text)
    value = strict_json.decode(payload)
    if type(value) is not dict or not value:
        raise InvalidInput.field("", "the payload must be an object of values, or an array of such objects")
    return value


def _single(text: str) -> object:
    """Parse a single value.

    Raises:
        InvalidInput: it is empty, too long, or contains a NUL character.
    """
    word = text.strip()
    if not word:
        raise InvalidInput.field("", "the value must not be empty")
    if len(word) > MAX_TEXT or "\x00" in word:
        raise InvalidInput.field("", f"a value must have at most {MAX_TEXT} characters and no NUL")
    if _NUMBER.fullmatch(word):
        number = float(word)
        if "." not in word and "e" not in word.lower():
            return int(word)
        # JSON has no infinity, so such a number remains a string.
        if abs(number) < float("inf"):
            return number
    return _WORDS.get(word, word)


def named_in(match: TopicMatch, payload: bytes) -> str:
    """The device that a message names, in its topic or in its payload.

    Raises:
        InvalidInput: neither names one.
    """
    content = strict_json.decode(payload) if match.subscription.device_id_path else {}
    return _device(match, content if isinstance(content, dict) else {})


def device_of(match: TopicMatch, text: bytes) -> str:
    """The device that an unusable message, or element of an array, names; empty if it names none."""
    try:
        content = strict_json.decode_shape(text)
        return _device(match, content if isinstance(content, dict) else {})
    except InvalidInput:
        return match.names.get("deviceId", "")


def device_of_event(match: TopicMatch, text: bytes) -> str:
    """The same for a network server's message, whose form has the device's EUI in it."""
    try:
        content = strict_json.decode_shape(text)
    except InvalidInput:
        content = None
    named = (at_path(content, path) for path in _EUIS)
    return match.names.get("deviceId") or next((name for name in named if isinstance(name, str)), "")


def availability_row(match: TopicMatch, payload: bytes) -> Row:
    """The status of a message that says whether its device is online. One that does not say it is a fault.

    Raises:
        InvalidInput: the payload cannot be read, or names no device.
    """
    content = _content("auto", payload)
    values = content if isinstance(content, dict) else {"availability": content}
    found = _mapped(match.subscription, values) or next(filter(None, map(read_word, values.values())), availability_of(values))
    row = _row(match, content if isinstance(content, dict) else {}, payload)
    if found is None:
        fault = f"the availability must be online or offline; {shown(payload.decode('utf-8', 'replace'))} was sent"
        kept = payload if isinstance(content, dict) else msgspec.json.encode(values)
        return msgspec.structs.replace(row, payload=kept, fault=fault)
    return msgspec.structs.replace(row, payload=b'{"status":"%s"}' % found.value.encode(), kind=KIND_STATUS)


def _mapped(subscription: Subscription, values: dict[str, Any]) -> Connectivity | None:
    """What the connection's own words say."""
    words = {plain_word(value) for value in values.values() if isinstance(value, str | int)}
    for state, known in (
        (Connectivity.OFFLINE, subscription.offline_values),
        (Connectivity.ONLINE, subscription.online_values),
    ):
        if not words.isdisjoint(map(plain_word, known)):
            return state
    return None


def _status_row(match: TopicMatch, content: Any, row: Row) -> Row:
    """The row as a status, if the topic is one of those that say whether a device is online (`Offline` at `…/LWT`).

    Another word on such a topic is a fault: it must not make the device online.
    """
    is_own = match.last == match.names.get("deviceId") and not isinstance(content, dict)
    last = "value" if is_own else match.last.lower()
    if last not in WORD_NAMES or row.fault is not None:
        return row
    values = content if isinstance(content, dict) else {last: content}
    found = availability_of(values)
    if found is None or (last not in NAMES and len(values) > 1):
        fault = f"the availability must be online or offline; {shown(content)} was sent"
        return msgspec.structs.replace(row, fault=fault) if last in NAMES else row
    stored = msgspec.json.decode(row.payload)
    if availability_of(stored) is not found:
        return msgspec.structs.replace(row, kind=KIND_STATUS, payload=msgspec.json.encode({**stored, "status": found.value}))
    return msgspec.structs.replace(row, kind=KIND_STATUS)


def _row(match: TopicMatch, content: dict[str, Any], payload: bytes, number: int = 0) -> Row:
    device = _device(match, content)
    try:
        return Row(device, payload, _event_time(content, match.subscription.time_path), number)
    except InvalidInput as error:
        return Row(device, payload, None, number, error.detail)


def _device(match: TopicMatch, content: dict[str, Any]) -> str:
    subscription = match.subscription
    found = at_path(content, subscription.device_id_path) if subscription.device_id_path else None
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    device = found if isinstance(found, str) and found else match.names.get("deviceId", "")
    if not device or len(device) > MAX_DEVICE_NAME:
        place = f"at {subscription.device_id_path}" if subscription.device_id_path else "in the topic"
        raise InvalidInput.field(subscription.device_id_path or "topic", f"a device id is required {place}")
    return device


def _event_time(content: dict[str, Any], path: str | None) -> int | None:
    fields = (path,) if path else _TIME_FIELDS
    for field in fields:
        value = at_path(content, field)
        if value is not None:
            return read_time(value, field)
    return None


def at_path(content: Any, path: str) -> Any:
    """The value at a dot path in an object, such as `data.sensors.0.id`; None if there is none."""
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
    """ChirpStack's event type, which is part of its topics: `…/event/up`."""
    segments = topic.rsplit("/", 2)
    return segments[2] if len(segments) == 3 and segments[1] == "event" else None
