"""Those who wait for the next message of an address, in memory: every message of a server arrives in its one process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from penstock.core.database import repeated_after_commit
from penstock.core.inboxes.errors import TooManyWaiting
from penstock.kit.ids import InboxAddressId, OrgId


class Waiting:
    """The calls that wait. Implements `Arrivals`."""

    def __init__(self, max_of_organization: int) -> None:
        self._max = max_of_organization
        self._of_org: dict[OrgId, int] = defaultdict(int)
        self._of_address: dict[InboxAddressId, set[asyncio.Event]] = defaultdict(set)
        self._stopping = False

    @property
    def total(self) -> int:
        """How many calls wait."""
        return sum(self._of_org.values())

    @property
    def stopping(self) -> bool:
        """Whether the server stops, so that nobody should wait."""
        return self._stopping

    @contextmanager
    def joined(self, org_id: OrgId, address_id: InboxAddressId) -> Iterator[asyncio.Event]:
        """Wait for messages of an address: the event is set at each, from now on.

        Raises:
            TooManyWaiting.
        """
        if self._of_org[org_id] >= self._max:
            raise TooManyWaiting(limit=self._max)
        event = asyncio.Event()
        self._of_org[org_id] += 1
        self._of_address[address_id].add(event)
        try:
            yield event
        finally:
            self._leave(org_id, address_id, event)

    def _leave(self, org_id: OrgId, address_id: InboxAddressId, event: asyncio.Event) -> None:
        self._of_org[org_id] -= 1
        if not self._of_org[org_id]:
            del self._of_org[org_id]
        self._of_address[address_id].discard(event)
        if not self._of_address[address_id]:
            del self._of_address[address_id]

    @repeated_after_commit
    def arrived(self, org_id: OrgId, address_id: InboxAddressId) -> None:
        """A message for an address was committed."""
        for event in self._of_address.get(address_id, ()):
            event.set()

    def stop(self) -> None:
        """Let everybody go, because the server stops."""
        self._stopping = True
        for events in self._of_address.values():
            for event in events:
                event.set()
