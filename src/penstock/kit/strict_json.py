"""Parses JSON from outside strictly: the one place that removes Python's tolerance.

Rejected in addition to bad syntax: nesting deeper than `MAX_DEPTH`, more than `MAX_CONTAINERS` arrays and objects or `MAX_KEYS`
keys, duplicate keys, NaN and infinities, numbers that overflow a double, integers beyond 64 bits, lone surrogates, NUL in
strings, a byte order mark, anything that is not UTF-8. Each of these would be stored wrongly, returned wrongly, raise an
exception in a later layer, or cost far more than its bytes.

The common case must be cheap, because it is on the ingest path: one C decode and a few byte counts. Only a suspicious body is
parsed a second time by the slow and exact parser.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from typing import Any, NoReturn

import msgspec

from penstock.kit.errors import FieldError, InvalidInput
from penstock.kit.field_errors import invalid_fields

MAX_DEPTH = 32
MAX_CONTAINERS = 250_000
"""Arrays and objects in one text, counted by their brackets: each turns two bytes into a hundred and takes a microsecond."""
MAX_KEYS = 600_000
"""Keys in one text, counted by their colons: ten thousand readings of sixty values. Parsing a key exactly takes 100 bytes."""
MAX_PLACE = 200
"""Maximum length of the path in an error; a key can be as long as the text."""
_DIGITS_TO_ZERO = bytes.maketrans(b"123456789", b"000000000")
_WHITE_SPACE = b" \t\r\n"
_NINETEEN_ZEROS = b"0" * 19
"""2^63 has 19 digits. Searching for a run of them in a translated copy takes a tenth of the time of the regular expression."""
_ARRAY_START = re.compile(r"[ \t\r\n]*\[[ \t\r\n]*")
_SEPARATOR = re.compile(r"[ \t\r\n]*,[ \t\r\n]*(?!\])")
_OF_A_VALUE = re.compile("out of range|surrogate|truncated|invalid character")
_VALUE_REFUSED = re.compile(rb"\\u[dD]|[eE]\+?[0-9]{3}|[0-9]{309}|NaN|Infinity")
"""Values that the decoder rejects in its own words, some of them as if the text were cut there."""
_SUSPICIOUS_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89abAB][0-9a-fA-F]{2}|[dD][c-fC-F][0-9a-fA-F]{2})")


def decode(body: bytes) -> Any:
    """Parse a JSON text to plain Python values.

    Raises:
        InvalidInput: it is not JSON as described above; the reason states why and, if known, at which byte.
    """
    if len(body) > MAX_CONTAINERS and body.count(b"[") + body.count(b"{") > MAX_CONTAINERS:
        raise InvalidInput.field("", f"the JSON must have at most {MAX_CONTAINERS} arrays and objects", "size")
    if len(body) > MAX_KEYS and body.count(b":") > MAX_KEYS:
        raise InvalidInput.field("", f"the JSON must have at most {MAX_KEYS} keys", "size")
    if not body.strip(_WHITE_SPACE):
        raise InvalidInput.field("", "the body must not be empty", "json")
    try:
        value = msgspec.json.decode(body)
    except msgspec.DecodeError as error:
        raise _fault(body, str(error)) from None
    except UnicodeDecodeError:
        raise InvalidInput.field("", "the body must be UTF-8 text", "json") from None
    except RecursionError:
        raise _too_deep() from None
    if _needs_second_reading(body, value):
        _read_exactly(body)
    return value


class Row(msgspec.Struct, frozen=True, gc=False):
    """An element of an array: its text, and its value or why it is invalid."""

    text: bytes
    value: Any = None
    fault: FieldError | None = None

    @property
    def error(self) -> InvalidInput:
        """The error of an invalid element. Always a new one: an error that was raised keeps alive what its frames hold."""
        assert self.fault is not None
        return invalid_fields([self.fault])


_raw_rows = msgspec.json.Decoder(list[msgspec.Raw])


def decode_rows(body: bytes, value: Any = None) -> list[Row]:
    """Parse an array whose elements stand for themselves: an invalid one leaves the others valid.

    `value` is what `decode` returned for the same text, if the caller has called it.

    Raises:
        InvalidInput: the text is not a JSON array, or is too large to be parsed.
    """
    try:
        value = decode(body) if value is None else value
    except InvalidInput as error:
        if error.errors[0].code == "size":
            raise
        if (rows := _rows_alone(body, error.errors[0])) is None:
            raise
        return rows
    if type(value) is not list:
        raise InvalidInput.field("", "must be an array", "type")
    return [Row(bytes(text), one) for text, one in zip(_raw_rows.decode(body), value, strict=True)]


def _rows_alone(body: bytes, fault: FieldError) -> list[Row] | None:
    """Parse each element on its own, to find those that make the array invalid; None if it is not an array."""
    texts = _split_array(body)
    if texts is None:
        return None
    rows = [_row_alone(text) for text in texts]
    # What is wrong lies between the elements, such as a level too many.
    return rows if any(row.fault is not None for row in rows) else [msgspec.structs.replace(row, fault=fault) for row in rows]


def decode_shape(text: bytes) -> Any:
    """Parse a text that has the shape of JSON, also with the values that `decode` rejects, for callers that ignore those.

    Raises:
        InvalidInput: it does not have that shape.
    """
    try:
        return _lenient.decode(text.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise InvalidInput.field("", "the body must be valid JSON", "json") from None


def _split_array(body: bytes) -> list[bytes] | None:
    """The texts of an array's elements, whatever they hold; None if it is not an array."""
    # Invalid bytes are inside an element, and come out as they went in.
    text = body.decode("utf-8", "surrogateescape")
    found: list[bytes] = []
    start = _ARRAY_START.match(text)
    try:
        place = start.end() if start else len(text)
        while text[place] != "]":
            _, end = _lenient.raw_decode(text, place)
            found.append(text[place:end].encode("utf-8", "surrogateescape"))
            separator = _SEPARATOR.match(text, end)
            place = separator.end() if separator else _without_space(text, end)
            if not separator and text[place] != "]":
                return None
    except (ValueError, RecursionError, IndexError):
        return None
    return found if not text[place + 1 :].strip(" \t\r\n") else None


def _without_space(text: str, place: int) -> int:
    """The place of the next character that is not white space."""
    return len(text) - len(text[place:].lstrip(" \t\r\n"))


def _row_alone(text: bytes) -> Row:
    try:
        return Row(text, decode(text))
    except InvalidInput as error:
        return Row(text, fault=error.errors[0])


def _fault(body: bytes, words: str) -> InvalidInput:
    """Why a text is not JSON: a value that JSON does not have, which is named where it stands, or the syntax."""
    try:
        # Only then, because the exact parser takes much longer to find the end of a broken text.
        if _OF_A_VALUE.search(words) and _VALUE_REFUSED.search(body):
            _read_exactly(body)
    except InvalidInput as error:
        if error.errors[0].code != "json":
            return error
    return InvalidInput.field("", f"the body must be valid JSON: {_in_our_words(words)}", "json")


def _in_our_words(words: str) -> str:
    """What the decoder says about the syntax, without its way of naming a place."""
    if words == "Input data was truncated":
        return "it ends too early"
    return words.removeprefix("JSON is malformed: ").partition(" - at `")[0]


def _needs_second_reading(body: bytes, value: Any) -> bool:
    if _may_have_lost_keys(body, _count_keys(value)):
        return True
    return bool(_NINETEEN_ZEROS in body.translate(_DIGITS_TO_ZERO) or (b"\\u" in body and _SUSPICIOUS_ESCAPE.search(body)))


def _may_have_lost_keys(body: bytes, keys: int) -> bool:
    """Whether a key could have been repeated. `keys` is how many the decoder kept.

    Every key is followed by one colon, so as many colons as keys mean that none was lost. Strings that contain colons, such as
    times, add more. But without white space each key's colon follows its quotation mark, so as many of these pairs as keys mean
    the same; a string can only add to the pairs, which leads to the exact parser.
    """
    return body.count(b":") != keys and body.translate(None, _WHITE_SPACE).count(b'":') != keys


def _count_keys(value: Any, room: int = MAX_DEPTH) -> int:
    """The number of keys in all objects of a value. `room` is how many more levels are allowed."""
    items: Iterable[Any]
    if type(value) is dict:
        total, items = len(value), value.values()
    elif type(value) is list:
        total, items = 0, value
    else:
        return 0
    if not room:
        raise _too_deep()
    for item in items:
        if type(item) is dict or type(item) is list:
            total += _count_keys(item, room - 1)
    return total


def _too_deep() -> InvalidInput:
    return InvalidInput.field("", f"the JSON must not be nested deeper than {MAX_DEPTH} levels", "depth")


def _read_exactly(body: bytes) -> None:
    try:
        value = json.loads(body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_bounded_int)
        _check(value)
    except (ValueError, RecursionError):
        raise InvalidInput.field("", "the body must be valid JSON", "json") from None
    except _BadValue as bad:
        place = "".join(reversed(bad.steps)).removeprefix(".")
        raise InvalidInput.field(place[:MAX_PLACE], bad.reason, bad.code) from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) != len(pairs):
        seen: set[str] = set()
        name = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        _check_text(name)
        raise InvalidInput.field(name[:100], "must not be repeated in an object", "duplicate_key")
    return out


def _no_constant(text: str) -> NoReturn:
    raise InvalidInput.field("", f"{text} is not a JSON number", "number")


def _bounded_int(text: str) -> int:
    return int(text) if len(text) <= 20 else 2**63  # a longer one is equally invalid, and costs more to parse


_lenient = json.JSONDecoder(strict=False, parse_int=_bounded_int)
"""Accepts whatever has the shape of JSON, to find where it ends."""


class _BadValue(Exception):
    """A value that is not allowed. `steps` lead to it, the last one first."""

    def __init__(self, reason: str, code: str) -> None:
        self.reason, self.code = reason, code
        self.steps: list[str] = []


def _check(value: Any) -> None:
    """Raises: _BadValue: a string or a number that cannot be stored."""
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float):
        if math.isinf(value):
            raise _BadValue("must be a number that a double can hold, of at most 1.797e308", "number")
    elif isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise _BadValue("must be an integer of at most 64 bits; send a larger one as a string", "number")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key)
            _check_at(f".{key}", item)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            _check_at(f"[{number}]", item)


def _check_at(step: str, value: Any) -> None:
    try:
        _check(value)
    except _BadValue as bad:
        bad.steps.append(step)
        raise


def _check_text(text: str) -> None:
    if "\x00" in text:
        raise _BadValue("must not contain a NUL character", "text")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _BadValue("must not contain a lone surrogate", "text") from None
