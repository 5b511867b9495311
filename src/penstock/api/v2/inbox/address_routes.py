"""Addresses of inboxes over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.inbox import examples, wire
from penstock.api.v2.inbox.translate import from_core_address, from_core_grant, to_core_address, to_core_patch
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf
from penstock.core.inboxes.addresses import AddressService
from penstock.core.inboxes.models import Channel, Subject, SubjectKind
from penstock.kit.fields import converted
from penstock.kit.ids import IdKind, InboxAddressId, Prefix
from penstock.kit.operation import Example

READ, WRITE = "sms:read", "sms:write"
_OF_GROUP = {"address_id": examples.ADDRESS_ID, "group_id": "grp_0c2k9fq7w3g1p"}
_OF_USER = {"address_id": examples.ADDRESS_ID, "user_id": "usr_0c2k9fq7w3s1r"}
_OF_KEY = {"address_id": examples.ADDRESS_ID, "key_id": "key_0c2k9fq7w3k1y"}


class InboxAddressEndpoints:
    """Take numbers and aliases into use, release them, and grant them to groups, users and keys."""

    routes = Routes("/api/v2/inbox/addresses", surface="v2", tag="Inboxes")

    def __init__(self, addresses: AddressService) -> None:
        self._addresses = addresses

    @routes.post(
        scope=WRITE,
        status=201,
        refuses=(404, 409, 429),
        example=Example(body={"value": examples.NUMBER, "label": "Logins of CI"}, answer=examples.ADDRESS),
    )
    async def create(self, call: Call[None, wire.AddressCreate]) -> wire.Address:
        """Take an address into use.

        A number that you have at an SMS provider (channel `sms`), or an alias for mails (channel `mail`). One that you released
        returns with its id, its messages and its grants; an alias stays yours after its release.
        """
        return from_core_address(await self._addresses.create(call.actor, to_core_address(call.body)))

    @routes.get(scope=READ, example=Example(answer={"data": [examples.ADDRESS], "next_cursor": None}))
    async def list(self, call: Call[wire.AddressQuery, None]) -> ListOf[wire.Address]:
        """List addresses.

        Newest first by default, those that you can access; with `released` also those that were released.
        """
        query = call.query
        channel = converted(query.channel, Channel)
        page = await self._addresses.list(call.actor, channel, query.limit, query.cursor, view_of(query), released=query.released)
        return ListOf([from_core_address(one) for one in page.items], page.next_cursor)

    @routes.get("/{address_id}", scope=READ, example=Example(path=examples.ADDRESS_PATH, answer=examples.ADDRESS))
    async def get(self, call: Call[None, None]) -> wire.Address:
        """Get an address."""
        return from_core_address(await self._addresses.get(call.actor, _address_id(call)))

    @routes.patch(
        "/{address_id}",
        scope=WRITE,
        refuses=(409,),
        example=Example(path=examples.ADDRESS_PATH, body={"label": "Logins of CI"}, answer=examples.ADDRESS),
    )
    async def update(self, call: Call[None, wire.AddressPatch]) -> wire.Address:
        """Change an address.

        If a number becomes `for_notifications`, the former one is no longer.
        """
        return from_core_address(await self._addresses.update(call.actor, _address_id(call), to_core_patch(call.body)))

    @routes.delete("/{address_id}", scope=WRITE, refuses=(409,), example=Example(path=examples.ADDRESS_PATH))
    async def release(self, call: Call[None, None]) -> None:
        """Release an address.

        It no longer receives or sends. Its messages can still be read.
        """
        await self._addresses.release(call.actor, _address_id(call))

    @routes.get(
        "/{address_id}/grants",
        scope=WRITE,
        example=Example(path=examples.ADDRESS_PATH, answer={"data": [examples.GRANT], "next_cursor": None}),
    )
    async def grants(self, call: Call[None, None]) -> ListOf[wire.AddressGrant]:
        """List the grants of an address.

        All of them, oldest first: the groups, users and keys that can use it. Members who manage addresses need no grant.
        """
        return ListOf([from_core_grant(one) for one in await self._addresses.grants(call.actor, _address_id(call))])

    @routes.put("/{address_id}/groups/{group_id}", scope=WRITE, refuses=(429,), example=Example(path=_OF_GROUP))
    async def grant_group(self, call: Call[None, None]) -> None:
        """Grant an address to a group.

        Repeating the call has no effect.
        """
        await self._addresses.grant(call.actor, _address_id(call), _subject(call, SubjectKind.GROUP, Prefix.GROUP))

    @routes.delete("/{address_id}/groups/{group_id}", scope=WRITE, example=Example(path=_OF_GROUP))
    async def revoke_group(self, call: Call[None, None]) -> None:
        """End the grant of an address to a group."""
        await self._addresses.revoke(call.actor, _address_id(call), _subject(call, SubjectKind.GROUP, Prefix.GROUP))

    @routes.put("/{address_id}/users/{user_id}", scope=WRITE, refuses=(429,), example=Example(path=_OF_USER))
    async def grant_user(self, call: Call[None, None]) -> None:
        """Grant an address to a user.

        Repeating the call has no effect.
        """
        await self._addresses.grant(call.actor, _address_id(call), _subject(call, SubjectKind.USER, Prefix.USER))

    @routes.delete("/{address_id}/users/{user_id}", scope=WRITE, example=Example(path=_OF_USER))
    async def revoke_user(self, call: Call[None, None]) -> None:
        """End the grant of an address to a user."""
        await self._addresses.revoke(call.actor, _address_id(call), _subject(call, SubjectKind.USER, Prefix.USER))

    @routes.put("/{address_id}/keys/{key_id}", scope=WRITE, refuses=(429,), example=Example(path=_OF_KEY))
    async def grant_key(self, call: Call[None, None]) -> None:
        """Grant an address to a key.

        Repeating the call has no effect.
        """
        await self._addresses.grant(call.actor, _address_id(call), _subject(call, SubjectKind.KEY, Prefix.KEY))

    @routes.delete("/{address_id}/keys/{key_id}", scope=WRITE, example=Example(path=_OF_KEY))
    async def revoke_key(self, call: Call[None, None]) -> None:
        """End the grant of an address to a key."""
        await self._addresses.revoke(call.actor, _address_id(call), _subject(call, SubjectKind.KEY, Prefix.KEY))


def _address_id(call: Call[Any, Any]) -> InboxAddressId:
    return path_id(Prefix.INBOX_ADDRESS, call.path["address_id"])


def _subject(call: Call[Any, Any], kind: SubjectKind, prefix: IdKind[Any]) -> Subject:
    return Subject(kind, path_id(prefix, call.path[f"{kind.value}_id"]))
