"""The table of what Python takes and must not take: reliability.md 3.1, as raw JSON texts and as query texts.

Each was an answer of 500, a wrong value stored, or a hang, in some server.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

DEEP = 100_000

VALUES: dict[str, bytes] = {
    "array nested 100,000 deep": b"[" * DEEP + b"]" * DEEP,
    "object nested 100,000 deep": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "array nested 100,000 deep, never closed": b"[" * DEEP,
    "array nested 33 deep": b"[" * 33 + b"]" * 33,
    "integer of 5,000 digits": b"9" * 5000,
    "negative integer of 5,000 digits": b"-" + b"9" * 5000,
    "2^63": b"9223372036854775808",
    "-2^63-1": b"-9223372036854775809",
    "2^64": b"18446744073709551616",
    "NaN": b"NaN",
    "Infinity": b"Infinity",
    "-Infinity": b"-Infinity",
    "1e400": b"1e400",
    "-1e400": b"-1e400",
    "huge float in digits": b"9" * 400 + b".5",
    "lone high surrogate": b'"\\ud800"',
    "lone low surrogate": b'"\\uDC00"',
    "surrogates the wrong way round": b'"\\udc00\\ud800"',
    "lone surrogate after a pair": b'"\\ud83d\\ude00\\ud83d"',
    "NUL in text": b'"a\\u0000b"',
    "NUL as it is": b'"a\x00b"',
    "control character in text": b'"a\x01b"',
    "surrogate as UTF-8": b'"\xed\xa0\x80"',
    "overlong UTF-8": b'"\xc0\x80"',
    "cut UTF-8": b'"\xe2\x82"',
    "Latin-1": b'"caf\xe9"',
    "key twice": b'{"a":1,"a":2}',
    "key twice, spelled in two ways": b'{"a":1,"\\u0061":2}',
    "key twice further in": b'{"a":[{"b":{"c":1,"d":2,"c":3}}]}',
    "lone surrogate as key": b'{"\\ud800":1}',
    "NUL in a key": b'{"a\\u0000":1}',
    "single quotes": b"'a'",
    "bare word": b"undefined",
    "leading zero": b"007",
    "plus sign": b"+1",
    "hexadecimal": b"0x10",
    "leading point": b".5",
    "trailing point": b"5.",
    "comment": b"1/**/",
    "trailing comma": b"[1,]",
    "escape that is none": b'"\\x41"',
    "line break in text": b'"a\nb"',
    "digits of another script": "١٢٣".encode(),
}
"""JSON texts, by what is wrong with them, that nothing may accept wherever they stand."""

BODIES: dict[str, Callable[[bytes], bytes]] = {
    "UTF-16": lambda body: body.decode().encode("utf-16"),
    "UTF-16 without mark": lambda body: body.decode().encode("utf-16-le"),
    "UTF-32": lambda body: body.decode().encode("utf-32"),
    "byte order mark": lambda body: b"\xef\xbb\xbf" + body,
    "twice": lambda body: body + body,
    "something behind it": lambda body: body + b"x",
    "cut": lambda body: body[:-1],
    "empty": lambda _: b"",
    "white space": lambda _: b" \n\t ",
    "no object": lambda _: b"1",
    "null": lambda _: b"null",
    "text": lambda _: b'"text"',
    "a form": lambda _: b"name=a&type=b",
    "XML": lambda _: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    "zeros": lambda _: b"\x00" * 1000,
    "a NUL behind it": lambda body: body + b"\x00",
    "gzip": lambda _: b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xabV*K\xccR\xb2R0\xacU\x00",
    "array in array": lambda body: b"[[" + body + b"]]",
}
"""Whole bodies that are no JSON, or none of the promised form."""

ODD_VALUES: list[Any] = [None, True, 0, -1, 1.5, 2**63 - 1, -(2**63), 1e308, "", " ", "\n", "x" * 3000, "a\n", [], {}, [[]]]
ODD_VALUES += [
    {"": ""},
    [None],
    "\u202e\ufeff\U0010ffff",
    "../../etc/passwd",
    "' OR 1=1 --",
    "%s%n{0}{self}",
    "-",
    "1970-01-01",
]
"""Good JSON of any type: accepted or refused, but never more than that."""

ENCODINGS = {
    "NUL": "%00",
    "lone surrogate": "%ED%A0%80",
    "no UTF-8": "%FF",
    "overlong UTF-8": "%C0%80",
    "cut UTF-8": "a%E2%82",
}
"""Texts in a query that are no text; percent-encoded already."""

NUMBERS = {
    "another script": "%D9%A1%D9%A2%D9%A3",
    "underscore": "1_000",
    "infinity": "infinity",
    "nan": "nan",
    "negative": "-1",
    "5,000 digits": "9" * 5000,
    "2^63": str(2**63),
    "hexadecimal": "0x10",
    "1e400": "1e400",
    "space": "%201",
    "line break": "1%0A",
    "words": "ten",
    "nothing": "",
    "fraction": "1.5",
    "true": "true",
}
"""What Python's `int` and `float` take or stumble over, for a number with bounds."""

TIMES = {
    "year 0": "0000-01-01T00:00:00Z",
    "year 9999 and an offset": "9999-12-31T23:59:59-23:59",
    "year 10000": "10000-01-01T00:00:00Z",
    "no offset": "2026-05-02T09:15:04",
    "31 February": "2026-02-31T00:00:00Z",
    "second 61": "2026-05-02T09:15:61Z",
    "hour 24": "2026-05-02T24:00:00Z",
    "offset of a day": "2026-05-02T09:15:04%2B24:00",
    "1e20": "1e20",
    "20 digits": "9" * 20,
    "negative": "-1",
    "another script": "%D9%A2%D9%A0%D9%A2%D9%A6-05-02T09:15:04Z",
    "words": "yesterday",
    "nan": "nan",
    "line break": "2026-05-02T09:15:04Z%0A",
}

CURSORS = {
    "garbage behind it": "WzFd!!!!garbage",
    "padding in the middle": "Wz=FdWzFd",
    "not base64": "*",
    "not JSON": "AAAA",
    "number": "MQ",
    "null": "bnVsbA",
    "2^63": "WzkyMjMzNzIwMzY4NTQ3NzU4MDhd",
    "1e400": "WzFlNDAwXQ",
    "deep": "W1tbW1tbW1tbW1tb",
    "object": "e30",
    "empty array": "W10",
    "too many": "WzEsMiwzXQ",
    "nested": "W1sxXV0",
    "another script": "%D9%A1%D9%A2%D9%A3",
    "long": "A" * 600,
}


def fields_of(body: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where a body has a value, the containers among them, the body itself left out."""
    parts = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for name, value in parts:
        yield (*path, name)
        yield from fields_of(value, (*path, name))


def planted(body: Any, path: tuple[str | int, ...], text: bytes) -> bytes:
    """The body as JSON with this text in place of one value."""
    mark = "\ue000 here \ue000"
    return (
        json.dumps(_with(body, path, mark), ensure_ascii=False)
        .encode()
        .replace(json.dumps(mark, ensure_ascii=False).encode(), text)
    )


def _with(body: Any, path: tuple[str | int, ...], value: Any) -> Any:
    if not path:
        return value
    name, *rest = path
    if isinstance(body, dict):
        return {key: _with(item, tuple(rest), value) if key == name else item for key, item in body.items()}
    return [_with(item, tuple(rest), value) if number == name else item for number, item in enumerate(body)]


def doubled(body: Any, path: tuple[str | int, ...]) -> bytes:
    """The body as JSON with one field of an object standing twice."""
    *outer, name = path
    inner = body
    for part in outer:
        inner = inner[part]
    again = f"{json.dumps(name)}: {json.dumps(inner[name])}, "
    text = json.dumps(inner)
    return planted(body, tuple(outer), (text[0] + again + text[1:]).encode())
