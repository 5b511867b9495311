"""Files as blocks of whole records, from any place in them; compressed or not."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, NamedTuple

from penstock.cli.imports.errors import ImportFailed

Format = Literal["csv", "ndjson"]
MAX_BLOCK_BYTES = 1_048_576
LINES_AT_ONCE = 500
MAX_QUOTED_LINES = 10_000
"""Lines of one record. A quote that is never closed would otherwise read the whole file as one."""
_GZIP = b"\x1f\x8b"
_HASHED_BYTES = 1_048_576
_BOM = b"\xef\xbb\xbf"


class Block(NamedTuple):
    """Whole records, as lines with their ends, and where the next one begins."""

    lines: list[bytes]
    end: int


class Source:
    """A file of readings. Places in it count its bytes as they are when decompressed."""

    def __init__(self, path: Path, form: Format | None) -> None:
        self.path = path
        self._raw: IO[bytes] = path.open("rb")
        self.size_bytes = os.fstat(self._raw.fileno()).st_size
        packed = self._raw.read(2) == _GZIP
        self._raw.seek(0)
        self._file: IO[bytes] = io.BufferedReader(gzip.GzipFile(fileobj=self._raw, mode="rb"), 1 << 18) if packed else self._raw
        self.form: Format = form or self._recognised()

    def __enter__(self) -> Source:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()
        self._raw.close()

    @property
    def read_bytes(self) -> int:
        """How much of the file as it is on the disk was read, for a progress bar."""
        return os.lseek(self._raw.fileno(), 0, os.SEEK_CUR)

    def fingerprint(self) -> str:
        """A hash by which this file differs from another one, or from itself after a change: of its length, beginning and end."""
        with self.path.open("rb") as file:
            found = hashlib.blake2b(str(self.size_bytes).encode(), digest_size=16)
            found.update(file.read(_HASHED_BYTES))
            file.seek(max(0, self.size_bytes - _HASHED_BYTES))
            found.update(file.read(_HASHED_BYTES))
        return found.hexdigest()

    def header(self) -> Block:
        """The first record, without a byte order mark."""
        self._file.seek(0)
        block = next(self.blocks(0, 1), Block([], 0))
        lines = [block.lines[0].removeprefix(_BOM), *block.lines[1:]] if block.lines else []
        return Block(lines, block.end)

    def blocks(self, start: int, rows: int) -> Iterator[Block]:
        """The records from a place on, so many lines at a time.

        Raises:
            ImportFailed: the file is damaged, or a quote is not closed.
        """
        try:
            self._file.seek(start)
            at = start
            while lines := self._lines(rows):
                at += sum(map(len, lines))
                yield Block(lines, at)
        except (EOFError, gzip.BadGzipFile) as error:
            raise ImportFailed(path=self.path, reason=f"is damaged: {error}") from None

    def _lines(self, rows: int) -> list[bytes]:
        lines: list[bytes] = []
        size = quotes = 0
        quoted = self.form == "csv"
        while True:
            # Some hundred lines in one call; one by one only where a record has several.
            count = 1 if quotes & 1 else max(1, min(LINES_AT_ONCE, rows - len(lines)))
            part = list(islice(self._file, count))
            text = b"".join(part)
            lines += part
            size += len(text)
            # In a record, a quote mark inside quotes is written twice: so an odd number means that the record continues.
            quotes += text.count(b'"') if quoted else 0
            if not part or ((len(lines) >= rows or size >= MAX_BLOCK_BYTES) and not quotes & 1):
                return lines
            if len(lines) > rows + MAX_QUOTED_LINES:
                raise ImportFailed(path=self.path, reason="a quote is not closed")

    def _recognised(self) -> Format:
        name = self.path.name.lower().removesuffix(".gz")
        if name.endswith((".ndjson", ".jsonl", ".json")):
            return "ndjson"
        if name.endswith((".csv", ".tsv", ".txt")):
            return "csv"
        self._file.seek(0)
        begun = self._file.read(1024).removeprefix(_BOM).lstrip()
        return "ndjson" if begun.startswith(b"{") else "csv"
