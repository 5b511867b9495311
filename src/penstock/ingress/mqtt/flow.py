"""When a connection is read and when it is not. What the peer sends meanwhile waits in the kernel, so TCP slows it down."""

from __future__ import annotations

import asyncio
from enum import IntFlag, auto


class Hold(IntFlag):
    """Why reading is paused."""

    DECIDING = auto()
    """It is not decided yet whether the client may stay."""
    CROWDED = auto()
    """The disk is behind."""
    UNANSWERED = auto()
    """So many messages wait for their acknowledgement that the client should wait too."""
    PACE = auto()
    """The device sends faster than it may."""
    LANE = auto()
    """Its old readings have used up what the lane for them lets through."""
    ANSWERING = auto()
    """What the device says of a command is on its way to the disk, and what follows keeps its place behind it."""
    WRITING = auto()
    """The peer does not take what we send."""


class Flow:
    """Pauses for any of the reasons in `Hold`, and goes on when none is left."""

    def __init__(self, max_messages_per_s: int) -> None:
        self.heard_at = 0.0
        """When the peer last said something, or was last given leave to speak."""
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._hold = Hold(0)
        self._rate = max_messages_per_s
        self._allowance = float(max_messages_per_s)
        self._counted_at = 0.0

    @property
    def held(self) -> bool:
        """Whether reading is paused, so that the peer's silence is ours."""
        return bool(self._hold)

    def holds(self, why: Hold) -> bool:
        """Whether reading is paused for this reason, perhaps among others."""
        return bool(self._hold & why)

    def begin(self, transport: asyncio.Transport) -> None:
        """The socket is open."""
        self._transport = transport
        self.heard_at = self._counted_at = self._loop.time()

    def pause(self, why: Hold) -> None:
        """Read no more."""
        if not self._hold and self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()
        self._hold |= why

    def pause_for(self, why: Hold, seconds: float) -> None:
        """Read no more for a while."""
        self.pause(why)
        self._loop.call_later(seconds, self.resume, why)

    def release(self, why: Hold) -> None:
        """This reason is gone; `go_on` follows."""
        self._hold &= ~why

    def resume(self, why: Hold) -> None:
        """This reason is gone: read, unless there is another."""
        if self._hold & why:
            self.release(why)
            self.go_on()

    def go_on(self) -> None:
        """Read, unless there is a reason not to."""
        if not self._hold and self._transport is not None and not self._transport.is_closing():
            self.heard_at = self._loop.time()  # a client that was held back is not late
            self._transport.resume_reading()

    def count(self, messages: int) -> None:
        """Messages came: pause for as long as they are ahead of the pace. A second's worth may come at once."""
        passed_s = self.heard_at - self._counted_at
        self._counted_at = self.heard_at
        # A token bucket of one second. It may go below zero by what one read brought, and the pause pays for that.
        self._allowance = min(self._rate, self._allowance + passed_s * self._rate) - messages
        if self._allowance < 0:
            self.pause_for(Hold.PACE, -self._allowance / self._rate)
