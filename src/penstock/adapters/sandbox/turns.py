"""The order of waiting calls: by turns of organisations, and how many calls are sent at once.

A batch holds the calls that are expected to take a few hundredths of a second in total, judging by earlier calls of their
scripts. So a slow codec runs alone, quick ones share the cost of a frame, and an organisation waits for at most one batch and
one turn of each other organisation.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque

import msgspec

from penstock.core.codecs.ports import Call, RunOutcome, Script
from penstock.kit.ids import OrgId

BATCH_US = 20_000
MAX_BATCH = 64
BATCHES_BEFORE_LATER = 16
MAX_KNOWN = 10_000
_WEIGHT = 4


class Waiting(msgspec.Struct):
    """A waiting call. `tries` counts the processes that ended during it.

    With `later` it waits for calls without it, and its outcome can come together with others; unless it must be `exact`,
    because a process ended and it is unknown during which call.
    """

    org_id: OrgId
    script: Script
    call: Call
    given: str
    done: asyncio.Future[RunOutcome]
    tries: int = 0
    later: bool = False
    exact: bool = False


class FairQueue:
    """The waiting calls."""

    def __init__(self) -> None:
        self._by_org: OrderedDict[int, deque[Waiting]] = OrderedDict()
        self._took_us: OrderedDict[bytes, int] = OrderedDict()
        self._later: deque[Waiting] = deque()
        self._batches = 0
        """Batches since the last one of such calls."""
        self.length = 0

    @property
    def is_empty(self) -> bool:
        """Whether no call waits at all."""
        return not self.length and not self._later

    @property
    def only_later(self) -> bool:
        """Whether calls wait, and all of them can wait for others."""
        return not self.length and bool(self._later)

    def length_of(self, org_id: OrgId) -> int:
        """The number of an organisation's waiting calls."""
        return len(self._by_org.get(org_id, ()))

    def add(self, waiting: Waiting) -> None:
        """Queue a call."""
        if waiting.later:
            self._later.append(waiting)
            return
        self._by_org.setdefault(waiting.org_id, deque()).append(waiting)
        self.length += 1

    def put_back(self, batch: list[Waiting]) -> None:
        """Return calls that were not started to the queue, ahead of their organisations' other calls."""
        for waiting in reversed(batch):
            if waiting.later:
                self._later.appendleft(waiting)
            else:
                self._by_org.setdefault(waiting.org_id, deque()).appendleft(waiting)
                self.length += 1

    def take(self) -> list[Waiting]:
        """The next batch. Calls whose caller has gone are dropped."""
        if self._later and (not self.length or self._batches >= BATCHES_BEFORE_LATER):
            self._batches = 0
            return self._take_later()
        self._batches += 1
        return self._take_by_turns()

    def _take_later(self) -> list[Waiting]:
        batch: list[Waiting] = []
        room_us = BATCH_US
        while self._later and room_us > 0 and len(batch) < MAX_BATCH:
            waiting = self._later[0]
            expected_us = self._took_us.get(waiting.script.key, BATCH_US)
            if batch and expected_us > room_us:
                break
            self._later.popleft()
            if not waiting.done.done():
                batch.append(waiting)
                room_us -= expected_us
        return batch

    def _take_by_turns(self) -> list[Waiting]:
        """One call of each organisation by turns."""
        batch: list[Waiting] = []
        room_us = BATCH_US
        while self._by_org and room_us > 0 and len(batch) < MAX_BATCH:
            org_id, queue = next(iter(self._by_org.items()))
            waiting = queue[0]
            # A script that has not run yet is treated as a slow one, and runs alone.
            expected_us = self._took_us.get(waiting.script.key, BATCH_US)
            if batch and expected_us > room_us and not waiting.done.done():
                break
            queue.popleft()
            self.length -= 1
            # Moved to the end after each call: round robin over organisations, however many calls one of them has waiting.
            self._by_org.move_to_end(org_id)
            if not queue:
                del self._by_org[org_id]
            if not waiting.done.done():
                batch.append(waiting)
                room_us -= expected_us
        return batch

    def took(self, script: Script, took_us: int) -> None:
        """Record how long a call of a script took."""
        before = self._took_us.pop(script.key, took_us)
        # Up at once, down by a quarter of the way: one slow call is remembered for a few, so that slow codecs stay alone.
        self._took_us[script.key] = max(took_us, before - (before - took_us) // _WEIGHT)
        if len(self._took_us) > MAX_KNOWN:
            self._took_us.popitem(last=False)
