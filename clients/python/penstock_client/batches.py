"""Writers that collect readings and send them in batches, each under one idempotency key: a repetition stores nothing twice.

A batch is sent when it has `max_rows` readings or `max_bytes`, and at the latest `max_age_s` after its first reading. What
the server does not accept of a batch is in `rejected`; old readings that it asks to send later are sent again after the
time it names.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any

from ._answers import Answer
from ._request import Request, encoded, new_key
from ._transport import AsyncTransport, Transport
from .errors import ConfigurationInvalid, ValidationFailed

PATH = "/api/v2/telemetry"
MAX_ROWS, MAX_BYTES = 10_000, 8 * 1024 * 1024
"""What the server accepts in one call."""
DEFAULT_BYTES = 4 * 1024 * 1024
PACED = "limits.backfill_paced"
_ROW = re.compile(r"\[(\d+)\](?:\.(.*))?")
"""The field of an error about a row, of a batch of which none was accepted: `[3].time`."""
KEPT_REJECTED = 10_000
"""How many rejected readings a writer remembers; all are counted."""


@dataclass(frozen=True)
class RejectedRow:
    """A reading that the server did not accept, and why. `field` is the field at fault, empty for the reading as a whole."""

    row: dict[str, Any]
    code: str
    detail: str
    field: str


@dataclass(frozen=True)
class _Waiting:
    """A reading that waits, and its JSON."""

    row: dict[str, Any]
    text: bytes


class _Collected:
    """What waits to be sent, and what became of what was sent."""

    def __init__(self, max_rows: int, max_bytes: int, device_id: str | None) -> None:
        if not 1 <= max_rows <= MAX_ROWS or not 1 <= max_bytes <= MAX_BYTES:
            raise ConfigurationInvalid(f"max_rows must be at most {MAX_ROWS}, and max_bytes at most {MAX_BYTES}")
        self.max_rows, self.max_bytes, self.device_id = max_rows, max_bytes, device_id
        self.waiting: list[_Waiting] = []
        self.bytes = 2
        self.accepted = self.duplicates = self.quarantined = self.refused = 0
        self.rejected: list[RejectedRow] = []

    def row(self, data: Any, device_id: str | None, device: str | None, at: Any, more: Mapping[str, Any]) -> _Waiting:
        named = {"device": device} if device is not None else {"device_id": device_id or self.device_id}
        if device is None and named["device_id"] is None:
            raise ConfigurationInvalid("a reading needs device_id, or device with one of its identifiers")
        given = {name: value for name, value in more.items() if value is not None}
        row = {**named, "data": data, **({} if at is None else {"time": at}), **given}
        return _Waiting(row, encoded(row))

    def fits(self, one: _Waiting) -> bool:
        return len(self.waiting) < self.max_rows and (not self.waiting or self.bytes + len(one.text) + 1 <= self.max_bytes)

    def add(self, one: _Waiting) -> None:
        self.waiting.append(one)
        self.bytes += len(one.text) + 1

    def take(self) -> list[_Waiting]:
        taken, self.waiting, self.bytes = self.waiting, [], 2
        return taken

    def settle(self, sent: Sequence[_Waiting], answer: Mapping[str, Any]) -> list[_Waiting]:
        """Count what became of a batch. Returns the rows that are to be sent again later."""
        self.accepted += answer["accepted"]
        self.duplicates += answer["duplicates"]
        self.quarantined += answer["quarantined"]
        return self._refuse(sent, answer["errors"])

    def _refuse(self, sent: Sequence[_Waiting], errors: Sequence[Mapping[str, Any]]) -> list[_Waiting]:
        paced = sorted({one["row"] for one in errors if one["code"] == PACED})
        final = [one for one in errors if one["code"] != PACED]
        self.refused += len({one["row"] for one in final})
        room = KEPT_REJECTED - len(self.rejected)
        self.rejected += [
            RejectedRow(sent[one["row"]].row, one["code"], one["detail"], one.get("field", "")) for one in final[: max(0, room)]
        ]
        return [sent[row] for row in paced]

    def settle_refusal(self, sent: Sequence[_Waiting], error: ValidationFailed) -> bool:
        """Count a batch of which no row was accepted. Returns whether the error is about rows at all."""
        found = [(_ROW.fullmatch(one.field), one) for one in error.errors]
        rows: list[dict[str, Any]] = [
            {"row": int(at[1]), "field": at[2] or "", "code": one.code, "detail": one.detail} for at, one in found if at
        ]
        if not rows or any(one["row"] >= len(sent) for one in rows):
            return False
        self._refuse(sent, rows)
        return True


def _request(sent: Sequence[_Waiting], key: str) -> Request:
    return Request("POST", PATH, body=b"[" + b",".join(one.text for one in sent) + b"]", key=key)


class _Counts:
    """What became of the readings that were sent."""

    _collected: _Collected

    @property
    def accepted(self) -> int:
        """Readings that the server stored, those that it already had included."""
        return self._collected.accepted

    @property
    def duplicates(self) -> int:
        """Of these, those that it already had."""
        return self._collected.duplicates

    @property
    def quarantined(self) -> int:
        """Of these, those that it keeps apart, as their time lies in the future."""
        return self._collected.quarantined

    @property
    def rejected_count(self) -> int:
        """Readings that the server did not accept."""
        return self._collected.refused

    @property
    def rejected(self) -> list[RejectedRow]:
        """The reasons for that, at most `KEPT_REJECTED`."""
        return self._collected.rejected


class Batch(_Counts):
    """A writer that threads can share. Use it as a context manager: at its end everything is sent.

    An error of sending (no answer after all repetitions, a key without the scope) is raised by the next call; the batch that it
    concerns stays, and is sent again under the same key.
    """

    def __init__(self, transport: Transport, collected: _Collected, max_age_s: float) -> None:
        self._transport = transport
        self._collected = collected
        self._max_age_s = max_age_s
        self._lock = threading.Condition(threading.RLock())
        self._sending = threading.Lock()
        self._unsent: tuple[list[_Waiting], str] | None = None
        self._since: float | None = None
        self._failure: Exception | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._flush_by_time, name="penstock-batch", daemon=True)
        self._thread.start()

    def add(
        self,
        data: Any,
        *,
        device_id: str | None = None,
        device: str | None = None,
        time: str | float | datetime | None = None,
        kind: str | None = None,
        channel: str | None = None,
        dedupe_key: str | None = None,
    ) -> None:
        """Add a reading. Sends a batch if one is full, so this can wait for the server.

        `device` is any identifier of the device, instead of its id. `time` is by default that of arrival at the server.
        """
        more = {"kind": kind, "channel": channel, "dedupe_key": dedupe_key}
        one = self._collected.row(data, device_id, device, time, more)
        self._raise_failure()
        while True:
            with self._lock:
                if self._closed:
                    raise ConfigurationInvalid("the batch is closed")
                if self._collected.fits(one):
                    self._put(one)
                    return
            self.flush()

    def _put(self, one: _Waiting) -> None:
        self._collected.add(one)
        if self._since is None:
            self._since = _now()
            self._lock.notify()

    def flush(self) -> None:
        """Send what waits, and return when the server has stored it."""
        self._raise_failure()
        self._send_all()

    def _send_all(self) -> None:
        with self._sending:
            while True:
                with self._lock:
                    if self._unsent is None:
                        self._unsent = (self._collected.take(), new_key())
                        self._since = None
                    sent, key = self._unsent
                if not sent:
                    self._unsent = None
                    return
                again, wait = self._send(sent, key)
                self._unsent = (again, new_key()) if again else None
                if again:
                    time.sleep(wait)

    def _send(self, sent: list[_Waiting], key: str) -> tuple[list[_Waiting], float]:
        try:
            answer = self._transport.call(_request(sent, key))
        except ValidationFailed as error:
            if not self._collected.settle_refusal(sent, error):
                raise
            return [], 0.0
        return self._collected.settle(sent, answer), _pause(answer)

    def close(self) -> None:
        """Send what waits, and stop."""
        with self._lock:
            self._closed = True
            self._lock.notify()
        self._thread.join()
        self._failure = None  # what is left is sent again, and raises again
        self._send_all()

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _flush_by_time(self) -> None:
        while True:
            with self._lock:
                while not self._closed and (self._since is None or self._failure is not None):
                    self._lock.wait(1.0 if self._failure is not None else None)
                if self._closed:
                    return
                left = (self._since or 0.0) + self._max_age_s - _now()
                if left > 0:
                    self._lock.wait(left)
                    continue
            try:
                self._send_all()
            except Exception as error:
                self._failure = error

    def __enter__(self) -> Batch:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self.close()
            return
        with contextlib.suppress(Exception):  # the error of the block is the one to see
            self.close()


class AsyncBatch(_Counts):
    """As `Batch`, for an event loop: `async with`, and `await` for each method."""

    def __init__(self, transport: AsyncTransport, collected: _Collected, max_age_s: float) -> None:
        self._transport = transport
        self._collected = collected
        self._max_age_s = max_age_s
        self._sending = asyncio.Lock()
        self._unsent: tuple[list[_Waiting], str] | None = None
        self._timer: asyncio.Task[None] | None = None
        self._failure: Exception | None = None
        self._closed = False

    async def add(
        self,
        data: Any,
        *,
        device_id: str | None = None,
        device: str | None = None,
        time: str | float | datetime | None = None,
        kind: str | None = None,
        channel: str | None = None,
        dedupe_key: str | None = None,
    ) -> None:
        """As `Batch.add`."""
        more = {"kind": kind, "channel": channel, "dedupe_key": dedupe_key}
        one = self._collected.row(data, device_id, device, time, more)
        self._raise_failure()
        if self._closed:
            raise ConfigurationInvalid("the batch is closed")
        while not self._collected.fits(one):
            await self.flush()
        self._collected.add(one)
        if self._timer is None or self._timer.done():
            self._timer = asyncio.create_task(self._flush_by_time())

    async def flush(self) -> None:
        """As `Batch.flush`."""
        self._raise_failure()
        await self._send_all()

    async def _send_all(self) -> None:
        async with self._sending:
            while True:
                if self._unsent is None:
                    self._unsent = (self._collected.take(), new_key())
                sent, key = self._unsent
                if not sent:
                    self._unsent = None
                    return
                again, wait = await self._send(sent, key)
                self._unsent = (again, new_key()) if again else None
                if again:
                    await asyncio.sleep(wait)

    async def _send(self, sent: list[_Waiting], key: str) -> tuple[list[_Waiting], float]:
        try:
            answer = await self._transport.call(_request(sent, key))
        except ValidationFailed as error:
            if not self._collected.settle_refusal(sent, error):
                raise
            return [], 0.0
        return self._collected.settle(sent, answer), _pause(answer)

    async def close(self) -> None:
        """As `Batch.close`."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            await asyncio.gather(self._timer, return_exceptions=True)
        self._failure = None
        await self._send_all()

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    async def _flush_by_time(self) -> None:
        await asyncio.sleep(self._max_age_s)
        try:
            await self._send_all()
        except Exception as error:
            self._failure = error

    async def __aenter__(self) -> AsyncBatch:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            await self.close()
            return
        with contextlib.suppress(Exception):  # the error of the block is the one to see
            await self.close()


def _pause(answer: Answer) -> float:
    """Seconds until rows that have to wait are sent again."""
    return 1.0 if answer.retry_after is None else answer.retry_after


def _now() -> float:
    return time.monotonic()
