"""Numbers are bought by those who manage addresses, and only if they can be taken into use."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from penstock.core.inboxes.account_models import AccountKind, LogSettings, NewAccount, OpenAccount
from penstock.core.inboxes.errors import AddressExists, AddressNotFound, GrantedOnly, SmsAccountNotFound
from penstock.core.inboxes.models import Channel, NewAddress
from penstock.core.inboxes.provisioning import AvailableNumber, NumberQuery
from penstock.kit.clock import SystemClock
from penstock.kit.errors import InvalidInput, PenstockError
from penstock.kit.ids import SmsAccountId
from tests.support.inboxes import NUMBER, OTHER, open_inboxes


class Shop:
    """Implements `NumberShop`: notes what is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def search(self, opened: OpenAccount, query: NumberQuery) -> Sequence[AvailableNumber]:
        return []

    async def buy(self, opened: OpenAccount, value: str) -> None:
        self.asked.append(f"buy {value}")

    async def give_back(self, opened: OpenAccount, value: str) -> None:
        self.asked.append(f"give back {value}")


async def test_what_cannot_be_taken_into_use_is_not_bought(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path, SystemClock()) as site:
        sms, shop = site.server.parts.sms, Shop()
        numbers = sms.numbers
        numbers._shop = shop
        made = NewAccount(name="x", kind=AccountKind.LOG, settings=LogSettings())
        account = (await sms.accounts.service.create(site.actor, made)).id
        await site.add_number()
        new = NewAddress(channel=Channel.SMS, value=OTHER, account_id=account)
        held = msgspec.structs.replace(site.actor, granted_only=True)
        tries: list[tuple[NewAddress, type[PenstockError]]] = [
            (msgspec.structs.replace(new, value=NUMBER), AddressExists),
            (msgspec.structs.replace(new, value="12"), InvalidInput),
            (msgspec.structs.replace(new, account_id=SmsAccountId(99)), SmsAccountNotFound),
        ]
        for wrong, expected in tries:
            with pytest.raises(expected):
                await numbers.buy(site.actor, wrong)
        with pytest.raises(GrantedOnly):
            await numbers.buy(held, new)
        with pytest.raises(GrantedOnly):
            await numbers.search(held, account, NumberQuery(country="GB"))
        assert shop.asked == []
        address = await numbers.buy(site.actor, new)
        with pytest.raises(GrantedOnly):
            await numbers.give_back(held, account, address.id)
        another = (await sms.accounts.service.create(site.actor, made)).id
        with pytest.raises(AddressNotFound):
            await numbers.give_back(site.actor, another, address.id)
        await numbers.give_back(site.actor, account, address.id)
        assert shop.asked == [f"buy {OTHER}", f"give back {OTHER}"]
        assert (await site.inboxes.addresses.get(site.actor, address.id)).released_us is not None
