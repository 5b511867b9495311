"""The calls that send readings, and the one that reads a range of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
from google.protobuf.message import Message

from penstock.api.grpc.batches import Door, Stored, fails_alone, rows_of
from penstock.api.grpc.calling import Calls, Plan
from penstock.api.grpc.contract import HISTORY, SEND, STREAM, UPLOAD
from penstock.api.grpc.converting import FromJson, ToJson
from penstock.api.grpc.descriptors import descriptor_of, message_type
from penstock.api.grpc.exchange import Exchange
from penstock.core.idempotency import checked_key
from penstock.kit.errors import InvalidInput, PenstockError
from penstock.kit.http import Headers, error_headers

IN_FLIGHT = 4
"""Batches of a stream that are read before the first of them is stored."""
PAGE = 1_000
"""Readings of a history that are read at once."""
IN_MESSAGE = 100
"""Readings in a message of a history."""
_NO_MORE = None


class Readings:
    """Stores batches through the door of all readings."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def send(self, request: Message, exchange: Exchange) -> Message:
        """SendReadings.

        Raises:
            PenstockError: nothing was stored.
        """
        key = next((checked_key(value) for name, value in exchange.headers if name == b"idempotency-key"), None)
        stored = await self._store(request, exchange, key, exchange.trailers)
        return message_type(f"{SEND.name}Response")(outcome=_outcome(stored))

    async def stream(self, requests: AsyncIterator[Message], exchange: Exchange) -> AsyncIterator[Message]:
        """StreamReadings: each batch is answered after its commit, in order.

        Raises:
            PenstockError: the credential is not, or no longer, one that can send readings.
        """
        waiting: asyncio.Queue[asyncio.Task[Message] | None] = asyncio.Queue(maxsize=IN_FLIGHT)
        order = asyncio.Lock()

        async def read() -> None:
            try:
                async for request in requests:
                    await waiting.put(asyncio.create_task(self._answer(request, exchange, order)))
            finally:
                await waiting.put(_NO_MORE)

        # Before the first batch, so that a caller without a credential gets its error at once.
        await self._door.admit(self._scope(exchange, 0), exchange.trailers)
        reading = asyncio.create_task(read())
        task: asyncio.Task[Message] | None = None
        try:
            while (task := await waiting.get()) is not _NO_MORE:
                yield await task
            await reading
        finally:
            await _end([reading, task, *_rest(waiting)])

    async def upload(self, requests: AsyncIterator[Message], exchange: Exchange) -> Message:
        """UploadReadings: answered once, with the sums.

        Raises:
            PenstockError: a batch was not stored; those before it were.
        """
        batches = accepted = duplicates = quarantined = rejected = 0
        await self._door.admit(self._scope(exchange, 0), exchange.trailers)
        async for request in requests:
            found = await self._store(request, exchange, _batch_id_of(request), [])
            batches += 1
            accepted += found.accepted
            duplicates += found.duplicates
            quarantined += found.quarantined
            rejected += found.rejected
        return message_type(f"{UPLOAD.name}Response")(
            batches=batches, accepted=accepted, duplicates=duplicates, quarantined=quarantined, rejected=rejected
        )

    async def _answer(self, request: Any, exchange: Exchange, order: asyncio.Lock) -> Message:
        """The response to one batch of a stream: its outcome, or why nothing of it was stored."""
        response = message_type(f"{STREAM.name}Response")
        try:
            async with _Turn(order) as turn:
                stored = await self._store(request, exchange, _batch_id_of(request), [], turn.end)
        except PenstockError as error:
            if not fails_alone(error):
                raise
            wait = next((int(value) for name, value in error_headers(error) if name == b"retry-after"), 0)
            failure = {"code": error.code, "detail": error.detail, "retry_after_s": wait}
            return response(batch_id=request.batch_id, failure=failure)
        return response(batch_id=request.batch_id, outcome=_outcome(stored))

    async def _store(
        self,
        request: Any,
        exchange: Exchange,
        key: str | None,
        limited: Headers,
        queued: Callable[[], None] | None = None,
    ) -> Stored:
        size = request.ByteSize()
        scope = self._scope(exchange, size)
        # For each batch, as for each request of HTTP: a key that was revoked ends the stream, and limits count batches.
        actor = await self._door.admit(scope, limited)
        await self._door.wait_for_room()
        self._door.hold(size)
        try:
            return await self._door.store(rows_of(request, self._door), actor, key, limited, scope, queued)
        finally:
            self._door.release(size)

    @staticmethod
    def _scope(exchange: Exchange, size: int) -> Any:
        return exchange.scope("POST", "/api/v2/telemetry", more=[(b"content-length", b"%d" % size)])


class _Turn:
    """A batch's turn among those of its stream: it ends when the next can be put into the log behind it.

    So the log has them in the order in which they were sent, also while a device of one has to be looked up, and several wait for
    the disk together.
    """

    def __init__(self, order: asyncio.Lock) -> None:
        self._order = order
        self._is_on = False

    async def __aenter__(self) -> _Turn:
        await self._order.acquire()  # which is given in the order of the requests
        self._is_on = True
        return self

    async def __aexit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        if self._is_on:
            self._is_on = False
            self._order.release()


class History:
    """Reads a range of readings page by page, through the operation of the HTTP API."""

    def __init__(self, calls: Calls, plan: Plan) -> None:
        """Create it; `plan` is that of the operation with the pages."""
        self._calls = calls
        self._plan = plan
        self._ask = ToJson(HISTORY.request, descriptor_of(f"{HISTORY.name}Request"))
        self._response = message_type(f"{HISTORY.name}Response")
        self._convert = FromJson(HISTORY.response, self._response.DESCRIPTOR)

    async def read(self, request: Message, exchange: Exchange) -> AsyncIterator[Message]:
        """ReadHistory.

        Raises:
            PenstockError.
        """
        asked = self._ask(request)
        device_id, left = asked.pop("device_id"), asked.pop("limit", None)
        query: dict[str, Any] = {"order": "asc", **asked}
        while left is None or left > 0:
            query["limit"] = str(PAGE if left is None else min(PAGE, left))
            page = await self._calls.json(self._plan, {"device_id": device_id}, query, exchange)
            rows = page["data"]
            for at in range(0, len(rows), IN_MESSAGE):
                yield self._response(**self._convert({"readings": rows[at : at + IN_MESSAGE]}))
            if page["next_cursor"] is None:
                return
            query["cursor"] = page["next_cursor"]
            left = None if left is None else left - len(page["data"])


def _outcome(stored: Stored) -> dict[str, Any]:
    return {
        "accepted": stored.accepted,
        "duplicates": stored.duplicates,
        "quarantined": stored.quarantined,
        "rejected": stored.rejected,
        "seqs": [seq or 0 for seq in stored.seqs],
        "errors": [msgspec.structs.asdict(one) for one in stored.errors],
    }


def _batch_id_of(request: Any) -> str | None:
    """The sender's name for a batch; None if it has none.

    Raises:
        InvalidInput: it is too long.
    """
    if not request.batch_id:
        return None
    try:
        return checked_key(request.batch_id.encode())
    except InvalidInput as error:
        raise InvalidInput.field("batch_id", error.errors[0].detail) from None


def _rest(waiting: asyncio.Queue[asyncio.Task[Message] | None]) -> list[asyncio.Task[Message] | None]:
    found = []
    while not waiting.empty():
        found.append(waiting.get_nowait())
    return found


async def _end(tasks: list[asyncio.Task[Any] | None]) -> None:
    """End what is in progress for a caller who has gone. What is being committed is committed."""
    left = [task for task in tasks if task is not None]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
