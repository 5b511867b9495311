"""Use cases on addresses, in CRUD order, and on their grants."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

import msgspec

from penstock.core.actor import Actor, ActorKind
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.inboxes.access import check_manages, get_address, reach_of
from penstock.core.inboxes.config import InboxesConfig
from penstock.core.inboxes.errors import AddressExists, AddressReleased, TooManyAddresses, TooManyGrants
from penstock.core.inboxes.models import (
    Address,
    AddressGrant,
    AddressPatch,
    Channel,
    NewAddress,
    Subject,
    SubjectKind,
)
from penstock.core.inboxes.store import InboxTransaction
from penstock.core.people.errors import GroupNotFound, MemberNotFound
from penstock.core.tenancy.errors import KeyNotFound
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput, PenstockError
from penstock.kit.fields import changes_in
from penstock.kit.ids import GroupId, IdSource, InboxAddressId, KeyId, Prefix, SmsAccountId, UserId, encode, text_of
from penstock.kit.ordering import WHOLE, Field, Ordering, View
from penstock.kit.paging import Page

NUMBER = r"^\+[1-9][0-9]{6,14}$"
"""The form of E.164: a plus sign, then the country code and the number."""
ALIAS = r"^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$"
_FORMS = {
    Channel.SMS: (re.compile(NUMBER, re.ASCII), "must be a number in the form of E.164, such as +447700900123"),
    Channel.MAIL: (
        re.compile(ALIAS, re.ASCII),
        "must be an alias of 1 to 64 small letters, digits, dots, dashes and underscores, without the @",
    ),
}
NOUNS = {Channel.SMS: "sms.number", Channel.MAIL: "mail.alias"}
"""The beginnings of the actions in the audit log."""
_PREFIXES: dict[SubjectKind, str] = {
    SubjectKind.GROUP: Prefix.GROUP,
    SubjectKind.USER: Prefix.USER,
    SubjectKind.KEY: Prefix.KEY,
}
_ORDERING: Ordering[Address] = Ordering("-created_at", {"label": Field("label"), "value": Field("value")})


class AccountCheck(Protocol):
    """Knows the SMS accounts."""

    async def check(self, tx: InboxTransaction, account_id: SmsAccountId) -> None:
        """Check that the transaction's organisation has an account.

        Raises:
            SmsAccountNotFound.
        """


class AddressService:
    """Numbers and aliases of an organisation."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[InboxTransaction],
        accounts: AccountCheck,
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        config: InboxesConfig,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._trail = trail
        self._ids = ids
        self._clock = clock
        self._config = config

    async def create(self, actor: Actor, new: NewAddress) -> Address:
        """Take an address into use. One that was released returns with its id, its messages and its grants.

        Raises:
            GrantedOnly, InvalidInput, SmsAccountNotFound, TooManyAddresses.
            AddressExists: it is in use, or the alias belongs to another organisation.
        """
        check_manages(actor)
        _check_new(new)
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            await self._check_room(tx, new)
            before = await tx.inbox_addresses.find_value(new.value)
            address = Address(
                id=before.id if before else self._ids.next(InboxAddressId),
                org_id=actor.org_id,
                created_us=before.created_us if before else now_us,
                updated_us=now_us,
                **msgspec.structs.asdict(new),
            )
            await _put(tx, before, address)
            action = f"{NOUNS[new.channel]}.provision"
            await self._trail.record(tx, actor, action, target_of(address), label=address.label)
        return address

    async def check_new(self, actor: Actor, new: NewAddress) -> None:
        """Check that an address could be taken into use now.

        Raises:
            As `create`.
        """
        check_manages(actor)
        _check_new(new)
        async with self._database.snapshot(actor.org_id) as tx:
            await self._check_room(tx, new)
            before = await tx.inbox_addresses.find_value(new.value)
        if before is not None and before.released_us is None:
            raise AddressExists(value=new.value)

    async def _check_room(self, tx: InboxTransaction, new: NewAddress) -> None:
        if await tx.inbox_addresses.count() >= self._config.max_addresses:
            raise TooManyAddresses(limit=self._config.max_addresses)
        if new.account_id is not None:
            await self._accounts.check(tx, new.account_id)

    async def get(self, actor: Actor, address_id: InboxAddressId) -> Address:
        """Return an address.

        Raises:
            AddressNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await get_address(tx, actor, address_id)

    async def reaches(self, actor: Actor, address_id: InboxAddressId) -> bool:
        """Whether a caller can access an address of its organisation."""
        if not actor.granted_only:
            return True
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.inbox_addresses.find(address_id, await reach_of(tx, actor)) is not None

    async def list(
        self, actor: Actor, channel: Channel | None, limit: int, cursor: str | None, view: View = WHOLE, *, released: bool = False
    ) -> Page[Address]:
        """Return a page of the addresses that the caller can access, newest first; with released ones on request."""
        place = _ORDERING.place(view, cursor)
        async with self._database.snapshot(actor.org_id) as tx:
            reach = await reach_of(tx, actor)
            found = await tx.inbox_addresses.list(channel, reach, limit + 1, place, released=released)
        return _ORDERING.page(found, limit, view)

    async def update(self, actor: Actor, address_id: InboxAddressId, patch: AddressPatch) -> Address:
        """Change an address.

        Raises:
            GrantedOnly, AddressNotFound, AddressReleased, InvalidInput, SmsAccountNotFound.
        """
        check_manages(actor)
        changes = changes_in(patch)
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get_used(tx, actor, address_id)
            after = msgspec.structs.replace(before, **changes, updated_us=self._clock.now_us())
            _check_options(after.channel, after.account_id, for_notifications=after.for_notifications)
            if after.account_id is not None and after.account_id != before.account_id:
                await self._accounts.check(tx, after.account_id)
            await tx.inbox_addresses.update(after)
            action = f"{NOUNS[after.channel]}.update"
            await self._trail.record(tx, actor, action, target_of(after), changed=sorted(changes))
        return after

    async def release(self, actor: Actor, address_id: InboxAddressId) -> None:
        """Release an address: it no longer receives or sends. Its messages can still be read.

        Raises:
            GrantedOnly, AddressNotFound, AddressReleased.
        """
        check_manages(actor)
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            before = await _get_used(tx, actor, address_id)
            after = msgspec.structs.replace(before, for_notifications=False, released_us=now_us, updated_us=now_us)
            await tx.inbox_addresses.update(after)
            await self._trail.record(tx, actor, f"{NOUNS[after.channel]}.release", target_of(after))

    async def grants(self, actor: Actor, address_id: InboxAddressId) -> Sequence[AddressGrant]:
        """Return the grants of an address, oldest first.

        Raises:
            GrantedOnly, AddressNotFound.
        """
        check_manages(actor)
        async with self._database.snapshot(actor.org_id) as tx:
            await get_address(tx, actor, address_id)
            return await tx.inbox_addresses.grants(address_id)

    async def grant(self, actor: Actor, address_id: InboxAddressId, subject: Subject) -> None:
        """Grant an address to a group, user or key. Repeating the call has no effect.

        Raises:
            GrantedOnly, AddressNotFound, GroupNotFound, MemberNotFound, KeyNotFound, TooManyGrants.
        """
        check_manages(actor)
        grant = AddressGrant(address_id=address_id, subject=subject, created_by=maker_of(actor), created_us=self._clock.now_us())
        async with self._database.transaction(actor.org_id) as tx:
            address = await get_address(tx, actor, address_id)
            if not await _exists(tx, subject):
                raise _missing(subject)
            if await tx.inbox_addresses.count_grants(address_id) >= self._config.max_grants:
                raise TooManyGrants(limit=self._config.max_grants)
            if await tx.inbox_addresses.grant(grant):
                action, to = f"{NOUNS[address.channel]}.grant", text_of_subject(subject)
                await self._trail.record(tx, actor, action, target_of(address), to=to)

    async def revoke(self, actor: Actor, address_id: InboxAddressId, subject: Subject) -> None:
        """End the grant of an address to a group, user or key.

        Raises:
            GrantedOnly, AddressNotFound.
            GroupNotFound, MemberNotFound, KeyNotFound: it is not granted to it.
        """
        check_manages(actor)
        async with self._database.transaction(actor.org_id) as tx:
            address = await get_address(tx, actor, address_id)
            if not await tx.inbox_addresses.revoke(address_id, subject):
                raise _missing(subject)
            action, of = f"{NOUNS[address.channel]}.revoke", text_of_subject(subject)
            await self._trail.record(tx, actor, action, target_of(address), of=of)


def check_number(text: str, field: str) -> None:
    """Check that a text is a number in the form of E.164.

    Raises:
        InvalidInput.
    """
    form, words = _FORMS[Channel.SMS]
    if not form.fullmatch(text):
        raise InvalidInput.field(field, words)


def target_of(address: Address) -> Target:
    """The address as the target of an audit entry."""
    kind = "number" if address.channel is Channel.SMS else "alias"
    return Target(kind, encode(Prefix.INBOX_ADDRESS, address.id), address.value)


def text_of_subject(subject: Subject) -> str:
    """The public id of a group, user or key."""
    return text_of(_PREFIXES[subject.kind], subject.subject_id)


def _missing(subject: Subject) -> PenstockError:
    """The error for a subject that does not exist, or has no grant."""
    text = text_of_subject(subject)
    if subject.kind is SubjectKind.GROUP:
        return GroupNotFound(group_id=text)
    return MemberNotFound(user_id=text) if subject.kind is SubjectKind.USER else KeyNotFound(key_id=text)


def maker_of(actor: Actor) -> str:
    """The public id of a user or key; empty for the command line."""
    kinds: dict[ActorKind, str] = {ActorKind.KEY: Prefix.KEY, ActorKind.USER: Prefix.USER}
    return text_of(kinds[actor.kind], actor.id) if actor.kind in kinds else ""


def _check_new(new: NewAddress) -> None:
    form, words = _FORMS[new.channel]
    if not form.fullmatch(new.value):
        raise InvalidInput.field("value", words)
    _check_options(new.channel, new.account_id, for_notifications=new.for_notifications)


def _check_options(channel: Channel, account_id: SmsAccountId | None, *, for_notifications: bool) -> None:
    if channel is Channel.MAIL and account_id is not None:
        raise InvalidInput.field("account_id", "is not used by mail")
    if channel is Channel.MAIL and for_notifications:
        raise InvalidInput.field("for_notifications", "is not used by mail")


async def _put(tx: InboxTransaction, before: Address | None, address: Address) -> None:
    if before is None:
        await tx.inbox_addresses.create(address)
    elif before.released_us is None:
        raise AddressExists(value=address.value)
    else:
        await tx.inbox_addresses.update(address)


async def _get_used(tx: InboxTransaction, actor: Actor, address_id: InboxAddressId) -> Address:
    address = await get_address(tx, actor, address_id)
    if address.released_us is not None:
        raise AddressReleased(address=address.value)
    return address


async def _exists(tx: InboxTransaction, subject: Subject) -> bool:
    if subject.kind is SubjectKind.GROUP:
        return await tx.groups.find(GroupId(subject.subject_id)) is not None
    if subject.kind is SubjectKind.USER:
        return await tx.members.find(UserId(subject.subject_id)) is not None
    key = await tx.keys.find(KeyId(subject.subject_id))
    return key is not None and key.revoked_us is None
