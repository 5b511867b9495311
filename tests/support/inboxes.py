"""A server in this process with numbers, a provider that the test controls, and the shortest way to both."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor, ActorKind
from penstock.core.inboxes.models import (
    AccountRef,
    Address,
    Channel,
    Extracted,
    IncomingSms,
    MessageFilter,
    NewAddress,
    NewSms,
    OpenMessage,
    OutgoingSms,
    Status,
    Submitted,
)
from penstock.core.inboxes.ports import SmsProvider
from penstock.kit.clock import Clock
from penstock.kit.ids import InboxMessageId, KeyId, OrgId, Prefix, SmsAccountId, UserId, decode
from penstock.settings import load_settings
from tests.support.in_process import InProcessServer
from tests.support.server import Org

NUMBER, OTHER, PEER = "+447700900123", "+447700900124", "+447700900456"
ACCOUNT = SmsAccountId(71)
ENVIRONMENT = {"PENSTOCK_LOG_DANGEROUS_DURABILITY": "relaxed", "PENSTOCK_OUTBOUND_ALLOWED_TARGETS": "127.0.0.0/8"}


class Provider:
    """Implements `SmsProviders` and `SmsProvider`: notes what it is given, and does what `answer` says."""

    def __init__(self) -> None:
        self.given: list[OutgoingSms] = []
        self.answer: Callable[[OutgoingSms], Submitted] = lambda sms: Submitted((f"p{sms.id}",))
        self.gate: asyncio.Event | None = None

    async def of(self, account: AccountRef | None) -> SmsProvider:
        return self

    async def submit(self, sms: OutgoingSms) -> Submitted:
        self.given.append(sms)
        if self.gate is not None:
            await self.gate.wait()
        return self.answer(sms)


class SixDigits:
    """Implements `Extractor` with the simplest code there is."""

    def extract(self, text: str) -> Extracted:
        found = re.search(r"\b\d{6}\b", text)
        return Extracted(code=found[0] if found else None)


class InboxSite:
    """One organisation of a server."""

    def __init__(self, server: Server, org_id: OrgId) -> None:
        self.server = server
        self.inboxes = server.parts.inboxes
        self.actor = Actor.system(org_id)
        self.provider = Provider()
        self.inboxes.worker._providers = self.provider
        self.inboxes.intake._extractor = SixDigits()

    async def add_number(self, value: str = NUMBER, account: SmsAccountId | None = ACCOUNT, **about: bool) -> Address:
        """A number of an account. Nothing checks that the account exists."""
        address = await self.inboxes.addresses.create(self.actor, NewAddress(channel=Channel.SMS, value=value, **about))
        bound = msgspec.structs.replace(address, account_id=account)
        async with self.server.database.transaction(self.actor.org_id) as tx:
            await tx.inbox_addresses.update(bound)
        return bound

    async def receive(self, text: str, provider_id: str, recipient: str = NUMBER, sender: str = PEER) -> InboxMessageId | None:
        sms = IncomingSms(
            provider_id=provider_id, sender=sender, recipient=recipient, text=text, received_us=self.server.clock.now_us()
        )
        return await self.inboxes.intake.received(AccountRef(self.actor.org_id, ACCOUNT), sms)

    async def send(self, body: str = "Hello", sender: str = NUMBER) -> InboxMessageId:
        return (await self.inboxes.sending.send(self.actor, NewSms(sender=sender, recipient=PEER, body=body))).id

    async def pass_on(self) -> None:
        """Pass on what is due, of each number one SMS after the other."""
        worker = self.inboxes.worker
        while True:
            await worker.step()
            if not worker._lanes:
                return
            await worker.settle_all()

    async def state(self, message_id: InboxMessageId) -> tuple[Status, str]:
        async with self.server.database.snapshot(self.actor.org_id) as tx:
            found = await tx.inbox_messages.find(message_id)
        assert found is not None
        return found.message.status, found.message.error

    async def messages(self, actor: Actor | None = None, **filters: object) -> list[OpenMessage]:
        wanted = MessageFilter(**filters)  # type: ignore[arg-type]
        return (await self.inboxes.messages.list(actor or self.actor, wanted, 1_000, None)).items

    def restricted(self, *, key: int = 0, user: int = 0) -> Actor:
        """A caller that can access only what is granted to it: a user, or a key whose root is a user."""
        scopes = frozenset({"sms:read", "sms:send", "sms:write"})
        if key:
            root = UserId(user) if user else None
            kind, number = ActorKind.KEY, int(KeyId(key))
            return Actor(org_id=self.actor.org_id, kind=kind, id=number, scopes=scopes, root_id=root, granted_only=True)
        return Actor(org_id=self.actor.org_id, kind=ActorKind.USER, id=user, scopes=scopes, granted_only=True)


@asynccontextmanager
async def open_inboxes(
    folder: Path, clock: Clock | None = None, *, run_workers: bool = False, **settings: str
) -> AsyncIterator[InboxSite]:
    """A server over a folder with one organisation, made when it is opened first."""
    config = load_settings(environment=ENVIRONMENT | settings)
    async with open_server(DataDir(folder / "data"), config, clock, run_workers=run_workers) as server:
        async with server.database.system_snapshot() as tx:
            found = await tx.organizations.find_by_name("Acme")
        if found is None:
            found = (await server.tenancy.bootstrap("Acme", "owner@example.org")).organization
        yield InboxSite(server, found.id)


def receives(server: InProcessServer, org: Org, number: str, text: str, provider_id: str, sender: str = PEER) -> InboxMessageId:
    """Let a number of an organisation receive an SMS, as if its provider had reported it."""
    org_id = decode(Prefix.ORGANIZATION, org.organization_id)
    assert org_id is not None

    async def work(running: Server) -> InboxMessageId | None:
        account = SmsAccountId(org_id % 1_000_003)
        async with running.database.transaction(org_id) as tx:
            address = await tx.inbox_addresses.find_value(number)
            assert address is not None
            await tx.inbox_addresses.update(msgspec.structs.replace(address, account_id=account))
        sms = IncomingSms(provider_id=provider_id, sender=sender, recipient=number, text=text, received_us=running.clock.now_us())
        return await running.parts.inboxes.intake.received(AccountRef(org_id, account), sms)

    found = server.call(work)
    assert found is not None
    return found


def fresh_number() -> str:
    """A number that no other test has."""
    return f"+44{secrets.randbelow(9 * 10**9) + 10**9}"
