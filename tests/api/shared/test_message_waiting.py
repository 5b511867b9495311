"""Calls that wait miss nothing, are limited, and end with the server or the caller's access."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from penstock.core.actor import Actor, ActorKind, ScopeMissing
from penstock.core.inboxes.errors import AddressNotFound, TooManyWaiting
from penstock.core.inboxes.messages import MessageService, Position
from penstock.core.inboxes.models import OpenMessage, Subject, SubjectKind
from penstock.core.people.models import Role
from penstock.core.tenancy.models import KeyRequest
from penstock.kit.http import ClientGone
from tests.support.inboxes import NUMBER, InboxSite, open_inboxes


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[InboxSite]:
    async with open_inboxes(tmp_path, PENSTOCK_INBOXES_MAX_WAITING="2") as site:
        await site.add_number()
        yield site


class Interrupted:
    """The use cases, with a message that arrives at the worst moments: before and after each read."""

    def __init__(self, site: InboxSite, *, before: bool) -> None:
        self._site, self._before, self._told = site, before, False

    async def begin(self, *about: object) -> Position:
        position = await self._site.inboxes.messages.begin(*about)  # type: ignore[arg-type]
        if self._before:
            await self._tell()
        return position

    async def find_next(self, actor: Actor, position: Position) -> OpenMessage | None:
        found = await self._site.inboxes.messages.find_next(actor, position)
        await self._tell()
        return found

    async def _tell(self) -> None:
        if not self._told:
            self._told = True
            await self._site.receive("in between", "a")


@pytest.mark.parametrize("before", [True, False])
async def test_a_message_between_reading_and_waiting_is_found(
    site: InboxSite, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages: MessageService = Interrupted(site, before=before)  # type: ignore[assignment]
    monkeypatch.setattr("penstock.api.shared.message_waiting.RECHECK_S", 3_600)  # only news ends the wait
    found = await asyncio.wait_for(site.inboxes.waiting.next(messages, site.actor, NUMBER, 50, None), 40)
    assert found is not None
    assert found.content is not None
    assert found.content.body == "in between"


async def waiting(site: InboxSite, actor: Actor | None = None, timeout_s: float = 50) -> asyncio.Task[OpenMessage | None]:
    """A call that waits."""
    before = site.inboxes.waiting.total
    call = site.inboxes.waiting.next(site.inboxes.messages, actor or site.actor, NUMBER, timeout_s, None)
    task = asyncio.ensure_future(call)
    while site.inboxes.waiting.total == before and not task.done():
        await asyncio.sleep(0.01)
    return task


async def test_all_that_wait_get_the_message(site: InboxSite) -> None:
    tasks = [await waiting(site) for _ in range(2)]
    message_id = await site.receive("x", "a")
    found = await asyncio.gather(*tasks)
    assert [one.message.id for one in found if one is not None] == [message_id] * 2
    assert site.inboxes.waiting.total == 0


async def test_a_limited_number_waits_and_all_end_with_the_server(site: InboxSite) -> None:
    tasks = [await waiting(site) for _ in range(2)]
    with pytest.raises(TooManyWaiting):
        await (await waiting(site))
    site.inboxes.waiting.stop()
    assert await asyncio.gather(*tasks) == [None, None]
    assert await (await waiting(site)) is None


async def test_a_call_ends_with_its_grant(site: InboxSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstock.api.shared.message_waiting.RECHECK_S", 0.05)
    address = (await site.inboxes.addresses.list(site.actor, None, 1, None)).items[0]
    key = (await site.server.parts.keys.create(site.actor, KeyRequest(name="ci", scopes=frozenset({"sms:read"})))).key
    subject, caller = Subject(SubjectKind.KEY, key.id), site.restricted(key=key.id)
    await site.inboxes.addresses.grant(site.actor, address.id, subject)
    task = await waiting(site, caller)
    await site.inboxes.addresses.revoke(site.actor, address.id, subject)
    with pytest.raises(AddressNotFound):
        await asyncio.wait_for(task, 60)


async def test_a_call_ends_with_its_key(site: InboxSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstock.api.shared.message_waiting.RECHECK_S", 3_600)
    key = (await site.server.parts.keys.create(site.actor, KeyRequest(name="ci", scopes=frozenset({"sms:read"})))).key
    caller = Actor(org_id=site.actor.org_id, kind=ActorKind.KEY, id=key.id, scopes=key.scopes)
    task = await waiting(site, caller)
    await site.server.parts.keys.revoke(site.actor, key.id)
    await site.receive("too late", "a")
    with pytest.raises(ScopeMissing):
        await asyncio.wait_for(task, 60)


async def test_a_call_ends_with_the_reach_of_its_user(site: InboxSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstock.api.shared.message_waiting.RECHECK_S", 3_600)
    async with site.server.database.transaction(site.actor.org_id) as tx:
        (owner,) = await tx.members.list(1, 0)
    user = Actor(org_id=site.actor.org_id, kind=ActorKind.USER, id=owner.user_id, scopes=frozenset({"sms:read"}))
    task = await waiting(site, user)
    async with site.server.database.transaction(site.actor.org_id) as tx:
        await tx.members.set_role(owner.user_id, Role.MEMBER)
    await site.receive("too late", "a")
    with pytest.raises(AddressNotFound):
        await asyncio.wait_for(task, 60)


async def test_a_cancelled_call_leaves_nothing(site: InboxSite) -> None:
    task = await waiting(site)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert site.inboxes.waiting.total == 0


async def test_a_client_that_is_gone_frees_its_place(site: InboxSite) -> None:
    left = asyncio.Event()

    async def gone() -> None:
        await left.wait()

    call = site.inboxes.waiting.next(site.inboxes.messages, site.actor, NUMBER, 50, None, gone=gone)
    task = asyncio.ensure_future(call)
    while not site.inboxes.waiting.total:
        await asyncio.sleep(0.01)
    left.set()
    with pytest.raises(ClientGone):
        await asyncio.wait_for(task, 40)
    assert site.inboxes.waiting.total == 0
