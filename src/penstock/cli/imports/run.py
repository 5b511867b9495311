"""One import: reads a file, sends several blocks at the same time, and notes their outcomes in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

import msgspec

from penstock.cli.imports.errors import ImportFailed
from penstock.cli.imports.rows import Encoded
from penstock.cli.imports.sending import Sender, Sent
from penstock.cli.imports.source import Block, Source
from penstock.cli.imports.state import Progress, State

if TYPE_CHECKING:
    from penstock_client import Client

BLOCK_ROWS = 5_000
"""Records of a block. With keys of its own for each, 5,000 readings at once took a tenth less of the server's time than 1,000."""
WAITING_BLOCKS = 2
"""Blocks that are encoded beyond those on their way, so that no thread waits for the next one."""


class Rows(Protocol):
    """Encodes the blocks of a file."""

    def encode(self, block: Block, first: int) -> Encoded:
        """The readings of a block whose first record has this number."""
        ...


class Import:
    """Sends what of a file is not sent yet."""

    def __init__(self, source: Source, rows: Rows, state: State, progress: Progress, rejected: Path) -> None:
        self._source = source
        self._rows = rows
        self._state = state
        self._progress = progress
        self._rejected = rejected
        self._waiting: deque[tuple[Block, int, Future[Sent]]] = deque()

    def run(self, client: Client, parallel: int, patience_s: float, start: int, show: Callable[[int, int], None]) -> None:
        """Send the file from where the import is. `start` is where its records begin; `show` gets bytes and readings so far.

        Raises:
            ImportFailed: the file cannot be read, or no reading of the first block was accepted.
            PenstockError: of the client: the server cannot be reached, or rejected the call.
        """
        progress = self._progress
        self._cut_rejected()
        self._state.save(progress)
        sender = Sender(client, patience_s)
        row = progress.row
        with ThreadPoolExecutor(parallel, thread_name_prefix="import") as threads:
            try:
                for block in self._source.blocks(max(start, progress.place), BLOCK_ROWS):
                    while len(self._waiting) >= parallel + WAITING_BLOCKS:
                        self._note_first()
                    encoded = self._rows.encode(block, row)
                    self._waiting.append((block, row + encoded.records, threads.submit(sender.send, encoded, row)))
                    row += encoded.records
                    show(self._source.read_bytes, progress.row)
                while self._waiting:
                    self._note_first()
                    show(self._source.read_bytes, progress.row)
            except BaseException:
                sender.stop()
                threads.shutdown(wait=True, cancel_futures=True)
                raise
        progress.done = True
        self._state.save(progress)

    def _note_first(self) -> None:
        """Wait for the oldest block, and note that it is done."""
        block, row, sent = self._waiting[0]
        found = sent.result()
        self._waiting.popleft()
        progress = self._progress
        if not progress.accepted and found.rejected and not found.accepted:
            first = found.rejected[0]
            field = f"{first.field} " if first.field else ""
            reason = f"none of the first {len(found.rejected):,} records was accepted; record {first.row}: {field}{first.detail}"
            raise ImportFailed(path=self._source.path, reason=reason)
        progress.rejected_bytes += self._write_rejected(found)
        progress.place, progress.row = block.end, row
        progress.accepted += found.accepted
        progress.duplicates += found.duplicates
        progress.quarantined += found.quarantined
        progress.rejected += len(found.rejected)
        self._state.save(progress)

    def _write_rejected(self, found: Sent) -> int:
        if not found.rejected:
            return 0
        with self._rejected.open("ab") as out:
            return out.write(msgspec.json.Encoder().encode_lines(found.rejected))

    def _cut_rejected(self) -> None:
        """Leave out what was written for blocks that are sent again."""
        try:
            out: IO[bytes] = self._rejected.open("r+b")
        except FileNotFoundError:
            self._progress.rejected_bytes = 0
            return
        with out:
            out.truncate(self._progress.rejected_bytes)
