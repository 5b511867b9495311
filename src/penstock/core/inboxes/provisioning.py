"""Use cases on numbers that an SMS account's provider rents out: search, buy, and give back.

Buying can be repeated: a number that the account has already is only set up to send its messages here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.trail import AuditTrail
from penstock.core.database import OrganizationDatabase
from penstock.core.inboxes.access import check_manages, get_address
from penstock.core.inboxes.account_models import OpenAccount
from penstock.core.inboxes.accounts import SmsAccountService, target_of
from penstock.core.inboxes.addresses import AddressService
from penstock.core.inboxes.errors import AddressNotFound
from penstock.core.inboxes.models import AccountRef, Address, NewAddress
from penstock.core.inboxes.store import InboxTransaction
from penstock.kit.ids import InboxAddressId, Prefix, SmsAccountId, encode


class NumberQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which numbers to search: of a country (two capital letters) and kind (`local`, `mobile`, `toll_free`), with some digits."""

    country: str
    kind: str = "local"
    contains: str | None = None
    limit: int = 20


class AvailableNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A number that can be bought."""

    value: str
    locality: str | None
    region: str | None
    country: str | None


class NumberShop(Protocol):
    """Rents out numbers.

    Raises, in every call:
        NumbersNotSold: the account's provider rents out none.
        ProviderRefused: it rejected the call.
        Unavailable: it was not reached; retry later.
    """

    async def search(self, opened: OpenAccount, query: NumberQuery) -> Sequence[AvailableNumber]:
        """Numbers that can be bought."""

    async def buy(self, opened: OpenAccount, value: str) -> None:
        """Buy a number, unless the account has it, and let its messages be sent here.

        Raises:
            ProvisioningUnknown: it may have been bought.
        """

    async def give_back(self, opened: OpenAccount, value: str) -> None:
        """Give a number back, if the account has it.

        Raises:
            ProvisioningUnknown: it may have been given back.
        """


class ProvisioningService:
    """Numbers of an organisation's accounts."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[InboxTransaction],
        accounts: SmsAccountService,
        addresses: AddressService,
        shop: NumberShop,
        trail: AuditTrail,
    ) -> None:
        self._database = database
        self._accounts = accounts
        self._addresses = addresses
        self._shop = shop
        self._trail = trail

    async def search(self, actor: Actor, account_id: SmsAccountId, query: NumberQuery) -> Sequence[AvailableNumber]:
        """Search numbers that the account's provider rents out.

        Raises:
            GrantedOnly, SmsAccountNotFound, SmsAccountCredentialsMissing, NumbersNotSold, ProviderRefused, Unavailable.
        """
        check_manages(actor)
        return await self._shop.search(await self._accounts.open(AccountRef(actor.org_id, account_id)), query)

    async def buy(self, actor: Actor, new: NewAddress) -> Address:
        """Buy a number from the provider of its account, and take it into use.

        Raises:
            As `search` and `AddressService.create`.
            ProvisioningUnknown: it may have been bought; the call can be repeated.
        """
        assert new.account_id is not None
        await self._addresses.check_new(actor, new)
        opened = await self._accounts.open(AccountRef(actor.org_id, new.account_id))
        # Recorded before, because what is bought costs money also if the server ends in between.
        await self._record(actor, "sms.number.buy", opened, new.value)
        await self._shop.buy(opened, new.value)
        return await self._addresses.create(actor, new)

    async def give_back(self, actor: Actor, account_id: SmsAccountId, address_id: InboxAddressId) -> None:
        """Give a number back to the provider of its account, and release it. The provider may rent it out to others.

        Raises:
            As `search`.
            AddressNotFound: the account has no such number.
            ProvisioningUnknown: it may have been given back; the call can be repeated.
        """
        check_manages(actor)
        opened = await self._accounts.open(AccountRef(actor.org_id, account_id))
        async with self._database.snapshot(actor.org_id) as tx:
            address = await get_address(tx, actor, address_id)
        if address.account_id != account_id:
            raise AddressNotFound(address=encode(Prefix.INBOX_ADDRESS, address_id))
        await self._record(actor, "sms.number.give_back", opened, address.value)
        await self._shop.give_back(opened, address.value)
        if address.released_us is None:
            await self._addresses.release(actor, address_id)

    async def _record(self, actor: Actor, action: str, opened: OpenAccount, number: str) -> None:
        async with self._database.transaction(actor.org_id) as tx:
            await self._trail.record(tx, actor, action, target_of(opened.account), number=number)
