"""Decides when a connection is read. While it is not, the peer's data waits in the kernel, and TCP slows the peer down."""

from __future__ import annotations

import asyncio
from enum import IntFlag, auto


class Hold(IntFlag):
    """Why reading is paused."""

    DECIDING = auto()
    """Whether the client may stay is not decided yet."""
    CROWDED = auto()
    """The disk is behind."""
    UNANSWERED = auto()
    """The limit of unacknowledged messages is reached."""
    PACE = auto()
    """The device exceeds its rate limit."""
    LANE = auto()
    """The device exceeds the rate limit of the backfill lane."""
    ANSWERING = auto()
    """An acknowledgement of a command is being written to disk, and later messages must stay behind it."""
    WRITING = auto()
    """The peer does not read."""


class Flow:
    """Pauses reading while any reason in `Hold` applies, and resumes when none is left."""

    def __init__(self, max_messages_per_s: int) -> None:
        self.received_at = 0.0
        """When the peer last sent data, or reading last resumed."""
        self.opened_at = 0.0
        """When the socket opened."""
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._hold = Hold(0)
        self._rate = max_messages_per_s
        self._allowance = float(max_messages_per_s)
        self._counted_at = 0.0

    @property
    def held(self) -> bool:
        """Whether reading is paused. The peer's silence is then not its own."""
        return bool(self._hold)

    def holds(self, why: Hold) -> bool:
        """Whether reading is paused for this reason, perhaps in addition to others."""
        return bool(self._hold & why)

    def begin(self, transport: asyncio.Transport) -> None:
        """The socket is open."""
        self._transport = transport
        self.opened_at = self.received_at = self._counted_at = self._loop.time()

    def pause(self, why: Hold) -> None:
        """Stop reading."""
        if not self._hold and self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()
        self._hold |= why

    def pause_for(self, why: Hold, seconds: float) -> None:
        """Stop reading for some seconds."""
        self.pause(why)
        self._loop.call_later(seconds, self.resume, why)

    def release(self, why: Hold) -> None:
        """The reason no longer applies; the caller calls `continue_reading`."""
        self._hold &= ~why

    def resume(self, why: Hold) -> None:
        """The reason no longer applies: read, unless there is another."""
        if self._hold & why:
            self.release(why)
            self.continue_reading()

    def continue_reading(self) -> None:
        """Read, unless a reason to pause remains."""
        if not self._hold and self._transport is not None and not self._transport.is_closing():
            self.received_at = self._loop.time()  # a client whose reading was paused is not late
            self._transport.resume_reading()

    def count(self, messages: int) -> None:
        """Count received messages, and pause while they exceed the rate. A second's worth can arrive at once."""
        passed_s = self.received_at - self._counted_at
        self._counted_at = self.received_at
        # A token bucket of one second. One read can take it below zero; the pause makes up for that.
        self._allowance = min(self._rate, self._allowance + passed_s * self._rate) - messages
        if self._allowance < 0:
            self.pause_for(Hold.PACE, -self._allowance / self._rate)
