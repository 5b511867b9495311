"""Calls that wait for the next message of an address.

They wait in memory, because every message arrives in the one process of a server. A call first joins those that wait, and then
reads: a message that arrives in between sets its event, and is found at the next read.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from penstock.api.shared.call import Gone, never
from penstock.core.actor import Actor
from penstock.core.database import repeated_after_commit
from penstock.core.inboxes.errors import TooManyWaiting
from penstock.core.inboxes.messages import MessageService
from penstock.core.inboxes.models import Channel, OpenMessage
from penstock.kit.http import ClientGone
from penstock.kit.ids import InboxAddressId, InboxMessageId, OrgId

MAX_WAIT_S = 60.0
RECHECK_S = 10.0
"""How often a waiting call reads again without news: a grant can end while it waits."""


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

    async def next(
        self,
        messages: MessageService,
        actor: Actor,
        value: str,
        timeout_s: float,
        after: InboxMessageId | None,
        channel: Channel | None = None,
        gone: Gone = never,
    ) -> OpenMessage | None:
        """The next message that an address receives: after a message, or else from now on. None if none arrives in time.

        `value` is the id or the value of the address, which must be of `channel` if that is set.

        Raises:
            AddressNotFound, TooManyWaiting.
            ClientGone: there is no one to receive it.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + min(timeout_s, MAX_WAIT_S)
        position = await messages.begin(actor, value, after, channel)
        with self._joined(actor.org_id, position.address_id) as news, _watched(gone, news) as watch:
            while True:
                news.clear()
                if watch.done():
                    raise ClientGone
                found = await messages.find_next(actor, position)
                left = until - clock()
                if found is not None or left <= 0 or self._stopping:
                    return found
                await _wait(news, min(left, RECHECK_S))

    @contextmanager
    def _joined(self, org_id: OrgId, address_id: InboxAddressId) -> Iterator[asyncio.Event]:
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


@contextmanager
def _watched(gone: Gone, news: asyncio.Event) -> Iterator[asyncio.Future[None]]:
    """A future that is done, with news, when the client has disconnected: its place is for others."""
    watch = asyncio.ensure_future(gone())
    watch.add_done_callback(lambda _: news.set())
    try:
        yield watch
    finally:
        watch.cancel()


async def _wait(news: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await news.wait()
    except TimeoutError:
        return
