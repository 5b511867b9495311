"""Sends the readings of a block until each is stored or rejected. Threads share a sender.

Each reading has a dedupe key: what was perhaps sent in vain is sent again as it is, and the server stores it once.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from penstock.cli.imports.rows import Encoded, Rejected

if TYPE_CHECKING:
    from penstock_client import Client, ValidationFailed

MAX_BODY_BYTES = 4 * 1_048_576
PACED = "limits.backfill_paced"
NOT_NAMED = "telemetry.batch_rejected"
_ROW = re.compile(r"\[(\d+)\](?:\.(.*))?")
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.2, 10.0
_AGAIN = frozenset({500, 502, 503, 504})


class Stopped(Exception):
    """Another part of the import has failed."""


class Sent(NamedTuple):
    """The outcome of a block. `accepted` counts what the server already had too."""

    accepted: int
    duplicates: int
    quarantined: int
    rejected: list[Rejected]


class Sender:
    """Sends blocks. `patience_s` is how long a server that does not answer is tried."""

    def __init__(self, client: Client, patience_s: float) -> None:
        self._client = client
        self._patience_s = patience_s
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Let every thread give up."""
        self._stopped.set()

    def send(self, block: Encoded, first: int) -> Sent:
        """Send the readings of a block whose first record has this number.

        Raises:
            PenstockError: of the client: the server cannot be reached, or rejected the call.
            Stopped: `stop` was called.
        """
        work = _Work(block, first)
        queue = [list(range(len(block.texts)))]
        while queue:
            places = queue.pop()
            size = sum(len(block.texts[place]) for place in places)
            if size > MAX_BODY_BYTES and len(places) > 1:
                half = len(places) // 2
                queue += [places[half:], places[:half]]
            elif places:
                again, wait_s = self._send_some(work, places)
                if again:
                    self._wait(wait_s)
                    queue.append(again)
        return work.sent()

    def _send_some(self, work: _Work, places: list[int]) -> tuple[list[int], float]:
        """Send some readings at once. Returns those that are to be sent again, and after how many seconds."""
        from penstock_client import RateLimited, TooLarge, ValidationFailed

        body = work.body(places)
        try:
            answer = self._until_answered(body)
        except ValidationFailed as error:
            work.refuse_all(places, error)
            return [], 0.0
        except TooLarge as error:
            if len(places) > 1:
                raise
            work.refuse(places[0], error.code, error.detail, "")
            return [], 0.0
        except RateLimited as error:
            if error.retry_after is None:
                raise
            return places, error.retry_after
        return work.settle(places, answer), answer.retry_after or 1.0

    def _until_answered(self, body: bytes) -> Any:
        """Send a body until the server answers. What the answer says about it is the caller's to read."""
        from penstock_client import ApiError, ConnectionFailed

        attempt, until = 0, time.monotonic() + self._patience_s
        while True:
            if self._stopped.is_set():
                raise Stopped()
            try:
                return self._client.telemetry.send_encoded(body)
            except ConnectionFailed:
                if time.monotonic() > until:
                    raise
                wait_s = 0.0
            except ApiError as error:
                if error.status not in _AGAIN or time.monotonic() > until:
                    raise
                wait_s = error.retry_after or 0.0
            self._wait(max(wait_s, min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2.0**attempt)))
            attempt = min(attempt + 1, 10)

    def _wait(self, seconds: float) -> None:
        if self._stopped.wait(seconds):
            raise Stopped()


class _Work:
    """A block while it is sent."""

    def __init__(self, block: Encoded, first: int) -> None:
        self._block = block
        self._first = first
        self._accepted = self._duplicates = self._quarantined = 0
        self._rejected: dict[int, Rejected] = {}

    def body(self, places: Sequence[int]) -> bytes:
        texts = self._block.texts
        chosen = texts if len(places) == len(texts) else [texts[place] for place in places]
        return f"[{','.join(chosen)}]".encode()

    def settle(self, places: Sequence[int], answer: Mapping[str, Any]) -> list[int]:
        """Count the outcomes of readings. Returns those that are to be sent again later."""
        self._accepted += answer["accepted"]
        self._duplicates += answer["duplicates"]
        self._quarantined += answer["quarantined"]
        for one in answer["errors"]:
            if one["code"] != PACED:
                self.refuse(places[one["row"]], one["code"], one["detail"], one.get("field", ""))
        return [places[row] for row in sorted({one["row"] for one in answer["errors"] if one["code"] == PACED})]

    def refuse_all(self, places: Sequence[int], error: ValidationFailed) -> None:
        """Count readings of which none was stored. The server gives the reasons of the first hundred."""
        named = [(_ROW.fullmatch(one.field), one) for one in error.errors]
        rows = [(int(at[1]), at[2] or "", one) for at, one in named if at]
        if not rows or any(row >= len(places) for row, _, _ in rows):
            raise error
        for row, field, one in rows:
            self.refuse(places[row], one.code, one.detail, field)
        for place in places:
            self.refuse(place, NOT_NAMED, f"none of {len(places)} readings was stored: {rows[0][2].detail}", "")

    def refuse(self, place: int, code: str, detail: str, field: str) -> None:
        """Keep the first reason why a reading was rejected."""
        number = self._block.numbers[place]
        if place not in self._rejected:
            content = self._block.content(number, self._first)
            self._rejected[place] = Rejected(number + 1, code, detail, field, content)

    def sent(self) -> Sent:
        rejected = sorted([*self._block.rejected, *self._rejected.values()], key=lambda one: one.row)
        return Sent(self._accepted, self._duplicates, self._quarantined, rejected)
