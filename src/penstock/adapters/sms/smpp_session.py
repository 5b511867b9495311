"""One connection to a message centre: the protocol of a transceiver over an open stream.

Three tasks serve it. One reads: responses go to the requests that wait for them, and received messages to a handler, of which
a few run at a time; while all are busy nothing is read, and TCP slows the message centre down. One checks a silent connection.
The first to end closes the connection, and every request that still waits learns so.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from penstock.adapters.sms import pdus
from penstock.adapters.sms.pdus import Frame, Framing, Malformed
from penstock.core.inboxes.account_config import SmsConfig
from penstock.core.inboxes.account_models import SmppSettings

READ_BYTES = 65_536
MAX_HANDLED = 20
"""Received messages that are stored at a time."""
LAST_WORDS_S = 2.0
SETTLE_S = 10.0
MAX_UNREAD_BYTES = 1_048_576
"""What waits to be read by the message centre; one that asks without reading the responses is left above it."""
MAX_SEQUENCE = 0x7FFFFFFF


class Lost(Exception):
    """The connection ended; the text is the reason, suitable for users."""


class NoResponse(Exception):
    """A request was written and got no response: the connection ended, or it took too long."""


class NotWritten(Exception):
    """A request was not written: the connection had ended, or its window stayed full."""


class Answer(msgspec.Struct, frozen=True):
    """The response to a request."""

    status: int
    frame: Frame


class Receiver(Protocol):
    """Takes received messages."""

    async def take(self, frame: Frame) -> int:
        """Handle a deliver_sm, and return the status of its response after the commit."""

    def responded(self, frame: Frame, *, written: bool) -> None:
        """The response was written; or it was not, because the connection had ended."""


class SmppSession:
    """A transceiver over an open connection."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        settings: SmppSettings,
        config: SmsConfig,
        receiver: Receiver,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._settings = settings
        self._config = config
        self._receiver = receiver
        self._framing = Framing()
        self._waiting: dict[int, asyncio.Future[Answer]] = {}
        self._window = asyncio.Semaphore(settings.window)
        self._handlers = asyncio.Semaphore(MAX_HANDLED)
        self._tasks: set[asyncio.Task[None]] = set()
        self._sequence = 0
        self._received_at = 0.0
        self._open = True

    @property
    def is_open(self) -> bool:
        """Whether requests can be written."""
        return self._open and not self._writer.is_closing()

    async def bind(self) -> None:
        """Sign in. Called while `serve` reads.

        Raises:
            Lost: the message centre refused, or did not answer.
        """
        try:
            answer = await self._request(lambda sequence: pdus.bind(sequence, self._settings))
        except (NoResponse, NotWritten):
            raise Lost("the message centre did not answer the bind") from None
        if answer.status != pdus.OK:
            raise Lost(f"the message centre refused the bind: {pdus.status_text(answer.status)}")

    async def submit(self, submission: pdus.Submission) -> Answer:
        """Submit a message once.

        Raises:
            NotWritten, NoResponse.
        """
        try:
            async with asyncio.timeout(self._config.response_timeout_s):
                await self._window.acquire()
        except TimeoutError:
            raise NotWritten("the message centre does not answer") from None
        try:
            return await self._request(lambda sequence: pdus.submit(sequence, submission))
        finally:
            self._window.release()

    async def serve(self) -> None:
        """Read until the connection ends.

        Raises:
            Lost: always; with the reason.
        """
        checking = asyncio.create_task(self._check())
        reading = asyncio.create_task(self._read())
        try:
            done, _ = await asyncio.wait({checking, reading}, return_when=asyncio.FIRST_COMPLETED)
            await next(iter(done))
        finally:
            self._end()
            checking.cancel()
            reading.cancel()
            await asyncio.gather(checking, reading, return_exceptions=True)
            await self._settle()

    async def _settle(self) -> None:
        """Wait for the messages that are being stored: whether they were decides what a repeated delivery is."""
        if self._tasks:
            _, late = await asyncio.wait(set(self._tasks), timeout=SETTLE_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def close(self) -> None:
        """Let requests and received messages end, sign out, and close the connection."""
        self._open = False
        rest: list[asyncio.Future[Any]] = [*self._waiting.values(), *self._tasks]
        if rest:
            await asyncio.wait(rest, timeout=LAST_WORDS_S)
        self._open = True
        with contextlib.suppress(NoResponse, NotWritten, TimeoutError):
            async with asyncio.timeout(LAST_WORDS_S):
                await self._request(lambda sequence: pdus.request("unbind", sequence))
        self._end()

    async def _request(self, write: Callable[[int], bytes]) -> Answer:
        if not self.is_open:
            raise NotWritten("the connection has ended")
        self._sequence = self._sequence % MAX_SEQUENCE + 1
        sequence = self._sequence
        content = write(sequence)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[sequence] = future
        self._writer.write(content)  # from here on, the message centre may have received it
        try:
            async with asyncio.timeout(self._config.response_timeout_s):
                return await future
        except TimeoutError:
            raise NoResponse("the message centre did not answer in time") from None
        finally:
            self._waiting.pop(sequence, None)

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                data = await self._reader.read(READ_BYTES)
            except OSError:
                data = b""
            if not data:
                raise Lost("the message centre closed the connection")
            self._received_at = loop.time()
            try:
                for frame in self._framing.feed(data):
                    await self._take(frame)
            except Malformed as error:
                self._write(pdus.nack(0, pdus.INVALID_LENGTH))
                raise Lost(f"the message centre sent {error}") from None
            if self._writer.transport.get_write_buffer_size() > MAX_UNREAD_BYTES:
                raise Lost("the message centre does not read")

    async def _take(self, frame: Frame) -> None:
        if frame.command & pdus.RESPONSE:
            future = self._waiting.get(frame.sequence)
            if future is not None and not future.done():
                # A generic_nack says that the request was not understood, so its status is an error even if it is 0.
                unknown = frame.command == pdus.GENERIC_NACK and frame.status == pdus.OK
                future.set_result(Answer(pdus.INVALID_COMMAND if unknown else frame.status, frame))
        elif frame.command == pdus.ENQUIRE_LINK:
            self._write(pdus.response(frame))
        elif frame.command == pdus.DELIVER_SM:
            await self._handlers.acquire()
            task = asyncio.create_task(self._deliver(frame))
            self._tasks.add(task)
            task.add_done_callback(self._handled)
        elif frame.command == pdus.UNBIND:
            self._write(pdus.response(frame))
            raise Lost("the message centre ended the session")
        else:
            self._write(pdus.nack(frame.sequence, pdus.INVALID_COMMAND))

    async def _deliver(self, frame: Frame) -> None:
        status = await self._receiver.take(frame)
        written = not self._writer.is_closing()
        self._write(pdus.response(frame, status))
        self._receiver.responded(frame, written=written)

    def _handled(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._handlers.release()
        if not task.cancelled() and task.exception() is not None:
            # A bug: the message gets no response, so the message centre delivers it again.
            asyncio.get_running_loop().call_exception_handler({"message": "a received SMS was not handled", "task": task})

    async def _check(self) -> None:
        loop = asyncio.get_running_loop()
        self._received_at = loop.time()
        while True:
            pause_s = self._received_at + self._config.enquire_link_s - loop.time()
            if pause_s > 0:
                await asyncio.sleep(pause_s)
                continue
            try:
                await self._request(lambda sequence: pdus.request("enquire_link", sequence))
            except (NoResponse, NotWritten):
                raise Lost("the message centre does not answer") from None

    def _write(self, content: bytes) -> None:
        if not self._writer.is_closing():
            self._writer.write(content)

    def _end(self) -> None:
        self._open = False
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(NoResponse("the connection ended before the message centre answered"))
        self._writer.close()
