"""Passes the messages of all connections to the log, and reports back what to acknowledge.

Theory of operation. All messages published in one turn of the event loop are one append, and the log commits appends in groups;
when the commit is on disk, every message of it is acknowledged, with one write per connection. So a message costs no task,
future or sync of its own. Appends are in order, so acknowledgements are too (MQTT 5, 4.6).

A message without readings takes the same path, as an excerpt for the quarantine, or as an empty message that only needs to be
acknowledged in order.

If the log is full, appends wait here in order and connections are asked to pause: TCP then slows the devices down. The readings
of an organisation with a limited plan are counted by a separate task, which then appends; other organisations never wait for
it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from penstock.core.telemetry.errors import LogFull
from penstock.core.telemetry.models import Reading
from penstock.core.telemetry.service import TelemetryService
from penstock.ingress.mqtt.protocol.packets import Publish, Reason
from penstock.kit.conditions import conditions
from penstock.kit.errors import PenstockError
from penstock.kit.ids import OrgId, Seq

RETRY_S = 0.02
"""The delay before a full log is tried again."""


class Publisher(Protocol):
    """A connection, as the sender of messages."""

    def stored(self, message: Message) -> None:
        """The message is on disk (or holds nothing to store): acknowledge it, but do not write to the peer yet."""

    def not_stored(self, message: Message, error: PenstockError) -> None:
        """The message is not stored and must not be acknowledged."""

    def flush(self) -> None:
        """Write pending bytes, and resume reading if it was paused."""


class Message:
    """A message that is being written to disk. `reason` and `text` are those of its acknowledgement.

    `is_new` means that the message cannot be a repetition, even if the log has its key: packet identifiers are reused.
    `error` is why it will not be stored, if that is already known.
    """

    __slots__ = ("error", "is_new", "org_id", "publish", "publisher", "readings", "reason", "text")

    def __init__(
        self,
        publisher: Publisher,
        org_id: OrgId,
        publish: Publish,
        readings: Sequence[Reading],
        reason: Reason = Reason.SUCCESS,
        text: str = "",
        *,
        is_new: bool = False,
    ) -> None:
        self.publisher = publisher
        self.org_id = org_id
        self.publish = publish
        self.readings = readings
        self.reason = reason
        self.text = text
        self.is_new = is_new
        self.error: PenstockError | None = None


class Intake:
    """Collects messages and passes them to the log."""

    def __init__(self, telemetry: TelemetryService) -> None:
        self._telemetry = telemetry
        self._turn: list[Message] = []
        self._held: deque[list[Message]] = deque()
        self._limited: dict[OrgId, deque[list[Message]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._paused: set[Publisher] = set()
        self._in_progress = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.messages = 0

    @property
    def is_overloaded(self) -> bool:
        """Whether publishers should pause until `flush` is called on them."""
        return bool(self._held) or self._telemetry.is_overloaded

    def pause(self, publisher: Publisher) -> None:
        """Call `flush` on a publisher when there is room again."""
        if not self._paused:
            asyncio.get_running_loop().call_later(RETRY_S, self._check_room)
        self._paused.add(publisher)

    def take(self, message: Message) -> None:
        """Accept a message. Its publisher is notified exactly once, now or later."""
        # `call_soon` runs after everything that is ready now: every socket that was readable in this turn joins the append.
        if not self._turn:
            asyncio.get_running_loop().call_soon(self._flush)
            self._idle.clear()
        self._turn.append(message)

    async def settle(self) -> None:
        """Wait until every accepted message has been answered."""
        await self._idle.wait()

    def _flush(self) -> None:
        turn, self._turn = self._turn, []
        self._in_progress += len(turn)
        self.messages += len(turn)
        unlimited = self._telemetry.unlimited
        orgs = {message.org_id for message in turn}
        slow = {org_id for org_id in orgs if org_id in self._limited or not unlimited(org_id)}
        if slow:
            for org_id in slow:
                self._count_first(org_id, [message for message in turn if message.org_id == org_id])
            turn = [message for message in turn if message.org_id not in slow]
        if turn:
            self._append(turn)

    def _append(self, messages: list[Message]) -> None:
        """Append the messages' readings, in the order of these calls."""
        # Queued after the waiting ones: acknowledgements are sent in the order of arrival (MQTT 5, 4.6).
        if self._held:
            self._held.append(messages)
            return
        try:
            self._try_append(messages)
        except LogFull:
            self._held.append(messages)
            asyncio.get_running_loop().call_later(RETRY_S, self._append_held)

    def _try_append(self, messages: list[Message]) -> None:
        # In a message that is appended again, some readings may already be stored: those have a sequence number.
        readings = [reading for message in messages for reading in message.readings if not reading.seq]
        try:
            # One future for the whole turn: a task and a future per message would cost more than the reading itself.
            done = asyncio.ensure_future(self._telemetry.append(readings))
        except LogFull:
            raise
        except PenstockError as error:
            self._refused(messages, error)
        else:
            done.add_done_callback(lambda future: self._done(messages, future))

    def _append_held(self) -> None:
        try:
            while self._held:
                self._try_append(self._held[0])
                self._held.popleft()
        except LogFull:
            asyncio.get_running_loop().call_later(RETRY_S, self._append_held)

    def _done(self, messages: list[Message], future: asyncio.Future[None]) -> None:
        error = future.exception()
        if isinstance(error, PenstockError):
            self._refused(messages, error)
        elif error is not None:
            raise error
        else:
            # The log recognises keys, and packet identifiers are reused. A message without DUP is new, so it is appended without
            # its key.
            again = [message for message in messages if message.is_new and _mistaken_for_repeated(message)]
            if again:
                self._append(again)
                messages = [message for message in messages if message not in again]
            conditions().over("mqtt_not_stored")
            self._answered(messages, _notify)

    def _refused(self, messages: list[Message], error: PenstockError) -> None:
        conditions().failing("mqtt_not_stored", error)
        self._answered(messages, lambda message: message.publisher.not_stored(message, error))

    def _answered(self, messages: list[Message], notify: Callable[[Message], None]) -> None:
        publishers: dict[Publisher, None] = {}
        for message in messages:
            notify(message)
            publishers[message.publisher] = None
        for publisher in publishers:
            publisher.flush()
        self._in_progress -= len(messages)
        if not self._in_progress and not self._turn:
            self._idle.set()

    def _check_room(self) -> None:
        if self.is_overloaded:
            asyncio.get_running_loop().call_later(RETRY_S, self._check_room)
            return
        paused, self._paused = self._paused, set()
        for publisher in paused:
            publisher.flush()

    # Organisations with a limited plan.

    def _count_first(self, org_id: OrgId, messages: list[Message]) -> None:
        waiting = self._limited.get(org_id)
        # Queued after the organisation's own messages that are being counted: this keeps its order, and no other organisation
        # waits.
        if waiting is not None:
            waiting.append(messages)
            return
        self._limited[org_id] = deque([messages])
        task = asyncio.get_running_loop().create_task(self._count(org_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _count(self, org_id: OrgId) -> None:
        waiting = self._limited[org_id]
        try:
            while waiting:
                messages = waiting.popleft()
                for message in messages:
                    try:
                        await self._telemetry.take(message.readings)
                    except PenstockError as error:
                        message.error, message.readings = error, ()
                self._append(messages)
        finally:
            del self._limited[org_id]


def _notify(message: Message) -> None:
    if message.error is None:
        message.publisher.stored(message)
    else:
        message.publisher.not_stored(message, message.error)


def _mistaken_for_repeated(message: Message) -> bool:
    """Whether the log took a reading of a new message for a repetition; if so, the key is removed from the reading."""
    repeated = [reading for reading in message.readings if reading.duplicate]
    for reading in repeated:
        reading.seq, reading.duplicate, reading.dedupe = Seq(0), False, None
    message.is_new = False
    return bool(repeated)
