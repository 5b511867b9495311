"""The wire format of protocol buffers, in which the engine serialises a checked expression."""

from __future__ import annotations

from collections.abc import Iterator

_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5
_CHECKED, _ROOT = 2, 4
"""The checked expression in the message around it, and its root."""


def text_at(data: bytes, start: int, end: int) -> str:
    """The text at a place."""
    return data[start:end].decode()


def part(data: bytes, start: int, end: int, number: int) -> tuple[int, int]:
    """Where the last field with this number lies; an empty place if there is none."""
    return next(reversed(list(all_parts(data, start, end, number))), (start, start))


def all_parts(data: bytes, start: int, end: int, number: int) -> Iterator[tuple[int, int]]:
    """Where all fields with this number lie."""
    return (value for field, value in fields(data, start, end) if field == number and isinstance(value, tuple))


def plain(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The fields that are integers."""
    return ((field, value) for field, value in fields(data, start, end) if isinstance(value, int))


def fields(data: bytes, start: int, end: int) -> Iterator[tuple[int, int | tuple[int, int]]]:
    """The fields of a message: each number with an integer, or with the place of its bytes."""
    at = start
    while at < end:
        key, at = varint(data, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = varint(data, at)
            yield key >> 3, value
            continue
        size = {_EIGHT: 8, _FOUR: 4}.get(kind)
        if size is None:
            size, at = varint(data, at)
        yield key >> 3, (at, at + size)
        at += size


def varint(data: bytes, at: int) -> tuple[int, int]:
    """An integer, and the place after it."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def alone(data: bytes, start: int, end: int) -> bytes:
    """The serialisation of an expression with the node at this place as its root."""
    checked = part(data, 0, len(data), _CHECKED)
    around, others = _without(data, 0, len(data), _CHECKED), _without(data, *checked, _ROOT)
    return around + _field(_CHECKED, others + _field(_ROOT, data[start:end]))


def _without(data: bytes, start: int, end: int, left_out: int) -> bytes:
    found = [(number, value) for number, value in fields(data, start, end) if isinstance(value, tuple)]
    return b"".join(_field(number, data[slice(*value)]) for number, value in found if number != left_out)


def _field(number: int, content: bytes) -> bytes:
    return _written(number << 3 | _BYTES) + _written(len(content)) + content


def _written(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])
