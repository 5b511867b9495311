"""Elements of an array of readings that are not readings, each with the reason why none can be made of it."""

from __future__ import annotations

ROWS = {
    "a number": b"7",
    "a string": b'"on"',
    "null": b"null",
    "an array": b'[[{"v": 1}]]',
    "an empty object": b"{}",
    "a number beyond a double": b'{"v": 1e999}',
    "an integer beyond 64 bits": b'{"v": 92233720368547758080}',
    "a repeated key": b'{"v": 1, "v": 2}',
    "a NUL": b'{"v": "\\u0000"}',
    "half of a surrogate pair": b'{"v": "\\ud800"}',
    "a byte that is not UTF-8": b'{"v": "\xff"}',
    "too many levels": b'{"v": ' + b"[" * 40 + b"1" + b"]" * 40 + b"}",
    "too many bytes": b'{"v": "' + b"x" * 66_000 + b'"}',
}
OF_AN_AGENT = {name: row for name, row in ROWS.items() if row[:1] == b"{" and len(row) < 65_000 and b"\xff" not in row}
"""An agent's frame is text of at most 65,536 bytes, and its own program checks that payloads are objects."""
