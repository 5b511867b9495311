"""Whose turn it is: calls that wait, organisation by organisation, and how many of them go at once.

A batch holds as many calls as should take a few hundredths of a second, by what their scripts took before. So a slow codec goes
alone, quick ones share the cost of a frame, and an organisation waits for at most one batch and one turn of each other.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque

import msgspec

from penstock.core.codecs.ports import Call, RunOutcome, Script
from penstock.kit.ids import OrgId

BATCH_US = 20_000
MAX_BATCH = 64
MAX_KNOWN = 10_000
_WEIGHT = 4


class Waiting(msgspec.Struct):
    """A call that waits. `tries` counts the processes that ended under it."""

    org_id: OrgId
    script: Script
    call: Call
    given: str
    done: asyncio.Future[RunOutcome]
    tries: int = 0


class Turns:
    """The calls that wait."""

    def __init__(self) -> None:
        self._by_org: OrderedDict[int, deque[Waiting]] = OrderedDict()
        self._took_us: OrderedDict[bytes, int] = OrderedDict()
        self.length = 0

    def length_of(self, org_id: OrgId) -> int:
        """How many of an organisation's calls wait."""
        return len(self._by_org.get(org_id, ()))

    def add(self, waiting: Waiting) -> None:
        """Let a call wait for its turn."""
        self._by_org.setdefault(waiting.org_id, deque()).append(waiting)
        self.length += 1

    def put_back(self, batch: list[Waiting]) -> None:
        """Let calls that were taken, and not begun, be the next of their organisations."""
        for waiting in reversed(batch):
            self._by_org.setdefault(waiting.org_id, deque()).appendleft(waiting)
        self.length += len(batch)

    def take(self) -> list[Waiting]:
        """The next batch: one call of each organisation by turns. Calls that nobody waits for any more are dropped."""
        batch: list[Waiting] = []
        room_us = BATCH_US
        while self._by_org and room_us > 0 and len(batch) < MAX_BATCH:
            org_id, queue = next(iter(self._by_org.items()))
            waiting = queue[0]
            expected_us = self._took_us.get(waiting.script.key, BATCH_US)
            if batch and expected_us > room_us and not waiting.done.done():
                break
            queue.popleft()
            self.length -= 1
            self._by_org.move_to_end(org_id)
            if not queue:
                del self._by_org[org_id]
            if not waiting.done.done():
                batch.append(waiting)
                room_us -= expected_us
        return batch

    def took(self, script: Script, took_us: int) -> None:
        """Remember what a call of a script took."""
        before = self._took_us.pop(script.key, took_us)
        self._took_us[script.key] = max(took_us, before - (before - took_us) // _WEIGHT)
        if len(self._took_us) > MAX_KNOWN:
            self._took_us.popitem(last=False)
