"""What the matrices need of an organisation and cannot wait for: people who were invited, devices that came and went.

It is put there beside the running server.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import secrets
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pyotp

from penstock.adapters.passwords import hash_password
from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import Control, open_control
from penstock.core.actor import Actor, ActorKind
from penstock.core.billing.models import ActiveDevices, Statement, bill_of, parts_of
from penstock.core.devices.connectivity import ConnectivityChange, Reason
from penstock.core.devices.models import Connectivity
from penstock.core.limits.periods import month_of
from penstock.core.people.invitations import TOKEN_PREFIX as INVITATION_PREFIX
from penstock.core.people.models import PASSWORD as BY_PASSWORD
from penstock.core.people.models import Client, Factor, Invitation, Membership, Role, User
from penstock.core.people.one_time_links import Purpose as LinkPurpose
from penstock.core.people.passwords import TOKEN_PREFIX as RESET_PREFIX
from penstock.core.people.second_factor import seal_name
from penstock.core.people.sign_in import CHALLENGE_PREFIX
from penstock.core.tenancy.models import Price
from penstock.core.tokens.grant_models import Purpose
from penstock.core.tokens.requests import new_request
from penstock.kit.clock import DAY_US, HOUR_US, SystemClock
from penstock.kit.ids import CustomerId, IdSource, Prefix, ResidentId, SeedRequestId, decode, encode
from penstock.kit.secret import new_credential
from penstock.settings import load_settings
from tests.support.server import Work

T = TypeVar("T")
PASSWORD = "correct horse battery"
CLOCK = SystemClock()
IDS = IdSource(CLOCK.now_us)
MONTHS = itertools.count()
"""No organisation has two statements of a month."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is signed in."""

    user_id: str
    email: str
    access_token: str
    refresh_token: str
    session_id: str


class Registry:
    """Makes people of an organisation. Their password is always the same, so that it is hashed once."""

    _hash = ""

    def __init__(self, data_dir: Path, organization_id: str, run: Callable[[Work], Any] | None = None) -> None:
        """`run` does the work inside a server of this process; without it the database is opened beside the server."""
        self._data_dir = DataDir(data_dir)
        self._inside = run
        org_id = decode(Prefix.ORGANIZATION, organization_id)
        assert org_id is not None
        self._org_id = org_id

    def members(self, mark: str, *roles: str) -> list[Person]:
        """A new member per role, each signed in."""
        return self._run(lambda control: self._members(control, mark, roles))

    def resident(self, mark: str, resident_id: str) -> Person:
        """Somebody who signs in as a resident."""
        number = decode(Prefix.RESIDENT, resident_id)
        return self._run(lambda control: self._member(control, f"{mark}-resident@example.org", Role.RESIDENT, number))

    def manager(self, mark: str, customer_id: str) -> Person:
        """Somebody who signs in as the manager of a customer."""
        number = decode(Prefix.CUSTOMER, customer_id)
        email = f"{mark}-manager@example.org"
        return self._run(lambda control: self._member(control, email, Role.CUSTOMER_MANAGER, customer_id=number))

    def join(self, person: Person, role: str) -> Person:
        """The same person as a member here too, signed in."""

        async def add(control: Control) -> Person:
            async with control.database.system_snapshot() as tx:
                user = await tx.users.find_by_email(person.email)
            assert user is not None
            return await self._signed_in(control, user, Role(role))

        return self._run(add)

    def online(self, *device_ids: str) -> None:
        """Note that devices came online, twice, so that their history has two pages, and nothing is news any more."""
        ids = [decode(Prefix.DEVICE, text) or 0 for text in device_ids]
        now_us = CLOCK.now_us()
        changes = [
            ConnectivityChange(IDS.number(), device_id, Connectivity.ONLINE, Reason.READING, now_us)
            for device_id in ids
            for _ in "12"
        ]

        async def add(control: Control) -> None:
            async with control.database.transaction(self._org_id) as tx:
                await tx.connectivity.add(changes)

        self._run(add)

    def statement(self, name: str) -> str:
        """The statement of some month, with a part of this name."""

        async def add(control: Control) -> str:
            month = month_of(next(MONTHS) * 31 * DAY_US)
            bill = bill_of(Price(tier="starter", base_cost=Decimal(49), device_cost=Decimal(1)), 1, month)
            parts = parts_of(bill, [ActiveDevices(customer_id=None, name=name, devices=1)])
            made = Statement(id=IDS.number(), organization=name, plan="x", bill=bill, parts=parts, created_us=CLOCK.now_us())
            async with control.database.transaction(self._org_id) as tx:
                await tx.bills.add(made)
            return encode(Prefix.STATEMENT, made.id)

        return self._run(add)

    def seed_request(self, token: str, person: Person) -> str:
        """Somebody's request to read the seed of a token, for others to decide on."""
        actor = Actor(org_id=self._org_id, kind=ActorKind.USER, id=decode(Prefix.USER, person.user_id) or 0, name=person.email)

        async def ask(control: Control) -> str:
            now_us = CLOCK.now_us()
            async with control.database.transaction(self._org_id) as tx:
                found = await tx.tokens.find_by_name(token)
                assert found is not None
                made = new_request(IDS.next(SeedRequestId), actor, found, Purpose.READ, "new phone", now_us, now_us + HOUR_US)
                await tx.seed_requests.create(made)
            return encode(Prefix.SEED_REQUEST, made.id)

        return self._run(ask)

    def reset_token(self, person: Person) -> str:
        """A token as a mail would hold it."""
        token = new_credential(RESET_PREFIX)
        digest, now_us = self._data_dir.pepper().digest(token.encode()), CLOCK.now_us()
        user_id = decode(Prefix.USER, person.user_id) or 0

        async def add(control: Control) -> None:
            async with control.database.system() as tx:
                await tx.users.add_reset_token(user_id, digest, now_us, now_us + HOUR_US)

        self._run(add)
        return token

    def sign_in_link(self, person: Person) -> str:
        """A token as the server would print it."""

        async def issue(control: Control) -> str:
            return control.people.links.issue(LinkPurpose.SIGN_IN, person.email)

        return self._run(issue)

    def invitation_token(self, email: str) -> str:
        """A token as a mail would hold it."""
        token = new_credential(INVITATION_PREFIX)
        digest, now_us = self._data_dir.pepper().digest(token.encode()), CLOCK.now_us()
        invitation = Invitation(
            id=IDS.number(),
            org_id=self._org_id,
            email=email,
            role=Role.MEMBER,
            invited_by="test",
            created_us=now_us,
            sent_us=now_us,
            expires_us=now_us + HOUR_US,
        )

        async def add(control: Control) -> None:
            async with control.database.transaction(self._org_id) as tx:
                await tx.invitations.create(invitation, digest)

        self._run(add)
        return token

    def second_factor(self, person: Person, *, confirmed: bool) -> bytes:
        """Give somebody a second factor; its seed."""
        seed, now_us = secrets.token_bytes(20), CLOCK.now_us()
        user_id = decode(Prefix.USER, person.user_id) or 0

        async def add(control: Control) -> None:
            factor = Factor(
                user_id=user_id,
                sealed=control.people.box.seal(seed, seal_name(user_id)),
                algorithm="SHA1",
                digits=6,
                created_us=now_us,
                confirmed_us=now_us if confirmed else None,
            )
            async with control.database.system() as tx:
                await tx.users.set_factor(factor)

        self._run(add)
        return seed

    def demand_nothing(self) -> None:
        """Take back that the organisation demands a second factor, which a generated call may have set."""

        async def change(control: Control) -> None:
            async with control.database.transaction(self._org_id) as tx:
                settings = await tx.members.settings()
                await tx.members.set_settings(msgspec.structs.replace(settings, require_mfa=False))

        self._run(change)

    def challenge(self, person: Person) -> str:
        """The token between password and code."""

        async def begin(control: Control) -> str:
            found = await control.people.sign_in.sign_in(person.email, PASSWORD, self._org_id, Client())
            return str(msgspec.structs.asdict(found)["mfa_token"])

        token = self._run(begin)
        assert token.startswith(CHALLENGE_PREFIX)
        return token

    async def _members(self, control: Control, mark: str, roles: tuple[str, ...]) -> list[Person]:
        Registry._hash = Registry._hash or hash_password(PASSWORD)
        return [await self._member(control, f"{mark}-{role}-{secrets.token_hex(4)}@example.org", Role(role)) for role in roles]

    async def _member(
        self, control: Control, email: str, role: Role, resident_id: int | None = None, customer_id: int | None = None
    ) -> Person:
        now_us = CLOCK.now_us()
        user = User(id=IDS.number(), email=email, name="", password_hash=self._hash, created_us=now_us)
        async with control.database.system() as tx:
            await tx.users.create(user)
        return await self._signed_in(control, user, role, resident_id, customer_id)

    async def _signed_in(
        self, control: Control, user: User, role: Role, resident_id: int | None = None, customer_id: int | None = None
    ) -> Person:
        now_us = CLOCK.now_us()
        membership = Membership(
            org_id=self._org_id, org_name="", org_suspended=False, require_mfa=False, role=role, created_us=now_us
        )
        sessions = control.people.sessions
        async with control.database.system() as tx:
            await tx.for_organization(self._org_id).members.create(
                user.id,
                role,
                now_us,
                None if resident_id is None else ResidentId(resident_id),
                None if customer_id is None else CustomerId(customer_id),
            )
            session, refresh_token = await sessions.open(tx, user, membership, (BY_PASSWORD,), Client())
        tokens = await sessions.tokens(session, membership, refresh_token)
        return Person(
            user_id=encode(Prefix.USER, user.id),
            email=user.email,
            access_token=tokens.access_token,
            refresh_token=refresh_token,
            session_id=encode(Prefix.SESSION, session.id),
        )

    def _run(self, work: Callable[[Control], Awaitable[T]]) -> T:
        if self._inside is not None:
            return self._inside(work)  # type: ignore[no-any-return]

        async def inside() -> T:
            async with open_control(self._data_dir, load_settings(environment={})) as control:
                return await work(control)

        return asyncio.run(inside())


def code_of(seed: bytes) -> str:
    """What an authenticator app shows, by an independent one."""
    return str(pyotp.TOTP(base64.b32encode(seed).decode()).now())
