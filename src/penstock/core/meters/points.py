"""The readings of a deleted meter, packed: its fields at their times, as they were reported. Pure.

Shape: zlib over lines of JSON. The first is the list of fields; each other line is `[times, column, …]` with up to `ROWS` rows:
times in microseconds, each but the first as the difference to the one before, and a column for each field, null where a reading
lacks it. A number is written as it was: a float by its shortest form, so that it is read as the same.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from itertools import accumulate

import msgspec

from penstock.core.telemetry.fields import Column

ROWS = 10_000
_LEVEL = 6


class PointsWriter:
    """Packs rows that come in chunks, with memory for one chunk and for the result."""

    def __init__(self, fields: Sequence[str]) -> None:
        """`fields` are the dot paths of the columns."""
        self._packer = zlib.compressobj(_LEVEL)
        self._packed = [self._packer.compress(msgspec.json.encode(fields) + b"\n")]

    def add(self, times: Sequence[int], columns: Sequence[Column]) -> None:
        """Add rows. Rows in which every column is None are left out."""
        rows = [row for row in zip(times, *columns, strict=True) if any(value is not None for value in row[1:])]
        for start in range(0, len(rows), ROWS):
            part = list(zip(*rows[start : start + ROWS], strict=True))
            steps = [part[0][0], *(later - earlier for earlier, later in zip(part[0], part[0][1:], strict=False))]
            self._packed.append(self._packer.compress(msgspec.json.encode([steps, *part[1:]]) + b"\n"))

    def finish(self) -> bytes:
        """The packed rows."""
        return b"".join([*self._packed, self._packer.flush()])


def unpack(packed: bytes, fields: Sequence[str]) -> Iterator[tuple[list[int], list[Column]]]:
    """The rows in chunks: times, and the columns of some fields. A field that was not packed is None throughout."""
    lines = zlib.decompress(packed).splitlines()
    stored = msgspec.json.decode(lines[0], type=list[str])
    for line in lines[1:]:
        steps, *columns = msgspec.json.decode(line, type=list[list[int | float | str | bool | None]])
        times = [int(time_us) for time_us in accumulate(step for step in steps if isinstance(step, int))]
        found = dict(zip(stored, columns, strict=True))
        yield times, [found.get(field, [None] * len(times)) for field in fields]
