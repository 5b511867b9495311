"""Numbers of SMS accounts' providers over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.inbox.examples import ADDRESS, ADDRESS_ID
from penstock.api.v2.inbox.translate import from_core_address
from penstock.api.v2.inbox.wire import Address
from penstock.api.v2.sms_accounts import examples, wire
from penstock.api.v2.wire import ListOf
from penstock.core.inboxes.models import Channel, NewAddress
from penstock.core.inboxes.provisioning import AvailableNumber, NumberQuery, ProvisioningService
from penstock.kit.ids import InboxAddressId, Prefix, SmsAccountId
from penstock.kit.operation import Example

WRITE = "sms:write"


class SmsNumberEndpoints:
    """Search, buy and give back numbers."""

    routes = Routes("/api/v2/inbox/accounts/{account_id}/numbers", surface="v2", tag="Inboxes")

    def __init__(self, numbers: ProvisioningService) -> None:
        self._numbers = numbers

    @routes.get(
        scope=WRITE,
        refuses=(422, 503),
        example=Example(
            path=examples.PATH,
            query={"country": "GB", "type": "mobile"},
            answer={"data": [examples.AVAILABLE], "next_cursor": None},
        ),
    )
    async def search(self, call: Call[wire.NumberQuery, None]) -> ListOf[wire.AvailableNumber]:
        """Search numbers to buy.

        Numbers with SMS that Twilio rents out. An account of kind `log` offers numbers for development, a message centre none.
        """
        query = call.query
        requested = NumberQuery(country=query.country, kind=query.type, contains=query.contains, limit=query.limit)
        return ListOf([_shown(one) for one in await self._numbers.search(call.actor, _account_id(call), requested)])

    @routes.post(
        scope=WRITE,
        status=201,
        refuses=(409, 422, 429, 503),
        example=Example(
            path=examples.PATH,
            body={"value": "+447700900123", "label": "Logins of CI"},
            answer=ADDRESS | {"account_id": examples.ACCOUNT_ID},
        ),
    )
    async def buy(self, call: Call[None, wire.NumberBuy]) -> Address:
        """Buy a number.

        Buys it from the account's provider, which charges you for it, lets its SMS be sent here, and takes it into use. A number
        that you have at the provider already is not bought again, so the call can be repeated.
        """
        body = call.body
        new = NewAddress(
            channel=Channel.SMS,
            value=body.value,
            label=body.label,
            account_id=_account_id(call),
            for_notifications=body.for_notifications,
        )
        return from_core_address(await self._numbers.buy(call.actor, new))

    @routes.delete(
        "/{address_id}",
        scope=WRITE,
        refuses=(409, 422, 503),
        example=Example(path=examples.PATH | {"address_id": ADDRESS_ID}),
    )
    async def give_back(self, call: Call[None, None]) -> None:
        """Give a number back.

        Returns it to the account's provider, which may rent it out to others, and releases the address. Its messages can still be
        read.
        """
        await self._numbers.give_back(call.actor, _account_id(call), _address_id(call))


def _shown(found: AvailableNumber) -> wire.AvailableNumber:
    return wire.AvailableNumber(value=found.value, locality=found.locality, region=found.region, country=found.country)


def _address_id(call: Call[Any, Any]) -> InboxAddressId:
    return path_id(Prefix.INBOX_ADDRESS, call.path["address_id"])


def _account_id(call: Call[Any, Any]) -> SmsAccountId:
    return path_id(Prefix.SMS_ACCOUNT, call.path["account_id"])
