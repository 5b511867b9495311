"""People of two organisations over a real database, with the clock in hand: mail is read where it waits."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from penstock.bootstrap import DataDir, open_control
from penstock.bootstrap.people import People
from penstock.bootstrap.server import Control
from penstock.core.actor import Actor
from penstock.core.audit.models import AuditFilter
from penstock.core.people.models import Client, Message, Role, Tokens
from penstock.core.tenancy.models import Bootstrapped
from penstock.kit.clock import MAX_US
from penstock.kit.ids import OrgId
from penstock.settings import load_settings
from tests.support.days import HeldClock

PASSWORD = "a long enough passphrase 7"
HERE = Client("192.0.2.1", "curl")
TICK_US = 1_000
"""Ids of one millisecond come in any order, so that what a test puts in order is at least so far apart."""
TOKEN = re.compile(r"\bp(?:in|rw)_\w+")


class House:
    """Acme, whose owner is Ada, and Other. `root` is the system in Acme: it may do what owners may."""

    def __init__(self, control: Control, clock: HeldClock, acme: Bootstrapped, other: Bootstrapped) -> None:
        self.control, self.clock = control, clock
        self.people: People = control.people
        self.acme, self.other = acme.organization.id, other.organization.id
        self.root, self.stranger = Actor.system(self.acme), Actor.system(self.other)
        self.owner_email, self.owner_password = acme.user_email, acme.user_password

    async def sign_in(self, email: str, password: str = PASSWORD, org_id: OrgId | None = None) -> Tokens:
        tokens = await self.people.sign_in.sign_in(email, password, org_id, HERE)
        assert isinstance(tokens, Tokens)
        return tokens

    async def who(self, tokens: Tokens) -> Actor:
        return await self.people.authenticator.authenticate(tokens.access_token.encode(), HERE.address)

    async def owner(self) -> Actor:
        return await self.who(await self.sign_in(self.owner_email, self.owner_password))

    async def join(self, email: str, role: Role = Role.MEMBER) -> Actor:
        """Somebody new in Acme, signed in."""
        await self.people.invitations.create(self.root, email, role)
        await self.people.invitations.accept(await self.token(), PASSWORD, email.split("@", maxsplit=1)[0], HERE)
        return await self.who(await self.sign_in(email))

    async def mails(self) -> list[Message]:
        """Everything that waits to be sent, oldest first."""
        async with self.control.database.system_snapshot() as tx:
            waiting = await tx.mail.due(MAX_US, 1000)
        return [self.people.post.opened(mail) for mail in sorted(waiting, key=lambda mail: mail.id)]

    async def token(self) -> str:
        """The token in the newest mail."""
        found = TOKEN.search((await self.mails())[-1].text)
        assert found is not None
        self.clock.us += TICK_US
        return found.group()

    async def acts(self, org_id: OrgId | None = None) -> list[str]:
        """What the audit log of an organisation says was done, oldest first."""
        async with self.control.database.snapshot(org_id or self.acme) as tx:
            return [entry.action for entry in await tx.audit.oldest(AuditFilter(), 1000, 0)]


@asynccontextmanager
async def open_house(folder: Path) -> AsyncIterator[House]:
    clock = HeldClock()
    async with open_control(DataDir(folder / "data"), load_settings(environment={}), clock) as control:
        acme = await control.tenancy.bootstrap("Acme", "acme@example.org")
        clock.us += TICK_US
        other = await control.tenancy.bootstrap("Other", "other@example.org")
        clock.us += TICK_US
        yield House(control, clock, acme, other)
