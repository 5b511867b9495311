"""`client.addresses`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Addresses(Resource):
    """Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers."""

    def create(
        self,
        *,
        value: str,
        channel: Literal["mail", "sms"] | Unset = UNSET,
        label: str | Unset = UNSET,
        account_id: str | Unset | None = UNSET,
        for_notifications: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Address:
        """Take an address into use.

        A number that you have at an SMS provider (channel `sms`), or an alias for mails (channel `mail`). One that you
        released returns with its id, its messages and its grants; an alias stays yours after its release.

        Requires the scope `sms:write`.
        """
        request = Request(
            "POST",
            "/api/v2/inbox/addresses",
            body=present(
                {
                    "channel": channel,
                    "value": value,
                    "label": label,
                    "account_id": account_id,
                    "for_notifications": for_notifications,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Address = self._call(request)
        return answer

    def end_grant_to_group(self, address_id: str, group_id: str, *, request_timeout: float | None = None) -> None:
        """End the grant of an address to a group.

        Requires the scope `sms:write`.

        `address_id`: The id of an address of an inbox (`ina_…`). `group_id`: A group's id (`grp_…`).
        """
        request = Request(
            "DELETE", f"/api/v2/inbox/addresses/{quoted(address_id)}/groups/{quoted(group_id)}", timeout_s=request_timeout
        )
        self._call(request)

    def end_grant_to_key(self, address_id: str, key_id: str, *, request_timeout: float | None = None) -> None:
        """End the grant of an address to a key.

        Requires the scope `sms:write`.

        `address_id`: The id of an address of an inbox (`ina_…`). `key_id`: A key's id (`key_…`).
        """
        request = Request(
            "DELETE", f"/api/v2/inbox/addresses/{quoted(address_id)}/keys/{quoted(key_id)}", timeout_s=request_timeout
        )
        self._call(request)

    def end_grant_to_user(self, address_id: str, user_id: str, *, request_timeout: float | None = None) -> None:
        """End the grant of an address to a user.

        Requires the scope `sms:write`.

        `address_id`: The id of an address of an inbox (`ina_…`). `user_id`: A user's id (`usr_…`).
        """
        request = Request(
            "DELETE", f"/api/v2/inbox/addresses/{quoted(address_id)}/users/{quoted(user_id)}", timeout_s=request_timeout
        )
        self._call(request)

    def get(self, address_id: str, *, request_timeout: float | None = None) -> schemas.Address:
        """Get an address.

        Requires the scope `sms:read`.

        `address_id`: The id of an address of an inbox (`ina_…`).
        """
        request = Request("GET", f"/api/v2/inbox/addresses/{quoted(address_id)}", timeout_s=request_timeout)
        answer: schemas.Address = self._call(request)
        return answer

    def grant_to_group(self, address_id: str, group_id: str, *, request_timeout: float | None = None) -> None:
        """Grant an address to a group.

        Repeating the call has no effect.

        Requires the scope `sms:write`.

        `address_id`: The id of an address of an inbox (`ina_…`). `group_id`: A group's id (`grp_…`).
        """
        request = Request(
            "PUT", f"/api/v2/inbox/addresses/{quoted(address_id)}/groups/{quoted(group_id)}", timeout_s=request_timeout
        )
        self._call(request)

    def grant_to_key(self, address_id: str, key_id: str, *, request_timeout: float | None = None) -> None:
        """Grant an address to a key.

        Repeating the call has no effect.

        Requires the scope `sms:write`.

        `address_id`: The id of an address of an inbox (`ina_…`). `key_id`: A key's id (`key_…`).
        """
        request = Request("PUT", f"/api/v2/inbox/addresses/{quoted(address_id)}/keys/{quoted(key_id)}", timeout_s=request_timeout)
        self._call(request)

    def grant_to_user(self, address_id: str, user_id: str, *, request_timeout: float | None = None) -> None:
        """Grant an address to a user.

        Repeating the call has no effect.

        Requires the scope `sms:write`.

        `address_id`: The id of an address of an inbox (`ina_…`). `user_id`: A user's id (`usr_…`).
        """
        request = Request(
            "PUT", f"/api/v2/inbox/addresses/{quoted(address_id)}/users/{quoted(user_id)}", timeout_s=request_timeout
        )
        self._call(request)

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        channel: Literal["mail", "sms"] | None = None,
        released: bool | None = None,
        sort: Literal["-created_at", "-label", "-value", "created_at", "label", "value"] | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Address]:
        """List addresses.

        Newest first by default, those that you can access; with `released` also those that were released.

        Which addresses to list. `q` is searched for in label and value.

        Requires the scope `sms:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `channel`: Only those of this channel.
        `released`: Whether released addresses are listed too. `sort`: The order; descending with a leading minus sign.
        A `cursor` continues only the order that it was returned for.
        """
        request = Request(
            "GET",
            "/api/v2/inbox/addresses",
            query={"limit": limit, "cursor": cursor, "q": q, "channel": channel, "released": released, "sort": sort},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_grants(self, address_id: str, *, request_timeout: float | None = None) -> Pages[schemas.AddressGrant]:
        """List the grants of an address.

        All of them, oldest first: the groups, users and keys that can use it. Members who manage addresses need no
        grant.

        Requires the scope `sms:write`.

        `address_id`: The id of an address of an inbox (`ina_…`).
        """
        request = Request("GET", f"/api/v2/inbox/addresses/{quoted(address_id)}/grants", timeout_s=request_timeout)
        return self._list(request)

    def release(self, address_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Release an address.

        It no longer receives or sends. Its messages can still be read.

        Requires the scope `sms:write`.

        `address_id`: The id of an address of an inbox (`ina_…`). `if_match`: the version to change (`etag_of`); another
        one raises `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/inbox/addresses/{quoted(address_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def update(
        self,
        address_id: str,
        *,
        label: str | Unset = UNSET,
        account_id: str | Unset | None = UNSET,
        for_notifications: bool | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Address:
        """Change an address.

        If a number becomes `for_notifications`, the former one is no longer.

        Requires the scope `sms:write`.

        `address_id`: The id of an address of an inbox (`ina_…`). `if_match`: the version to change (`etag_of`); another
        one raises `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/inbox/addresses/{quoted(address_id)}",
            body=present({"label": label, "account_id": account_id, "for_notifications": for_notifications}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Address = self._call(request)
        return answer


class AsyncAddresses(AsyncResource):
    """As `Addresses`, for an event loop."""

    async def create(
        self,
        *,
        value: str,
        channel: Literal["mail", "sms"] | Unset = UNSET,
        label: str | Unset = UNSET,
        account_id: str | Unset | None = UNSET,
        for_notifications: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Address:
        """Take an address into use.

        As `Addresses.create`.
        """
        request = Request(
            "POST",
            "/api/v2/inbox/addresses",
            body=present(
                {
                    "channel": channel,
                    "value": value,
                    "label": label,
                    "account_id": account_id,
                    "for_notifications": for_notifications,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Address = await self._call(request)
        return answer

    async def end_grant_to_group(self, address_id: str, group_id: str, *, request_timeout: float | None = None) -> None:
        """End the grant of an address to a group.

        As `Addresses.end_grant_to_group`.
        """
        request = Request(
            "DELETE", f"/api/v2/inbox/addresses/{quoted(address_id)}/groups/{quoted(group_id)}", timeout_s=request_timeout
        )
        await self._call(request)

    async def end_grant_to_key(self, address_id: str, key_id: str, *, request_timeout: float | None = None) -> None:
        """End the grant of an address to a key.

        As `Addresses.end_grant_to_key`.
        """
        request = Request(
            "DELETE", f"/api/v2/inbox/addresses/{quoted(address_id)}/keys/{quoted(key_id)}", timeout_s=request_timeout
        )
        await self._call(request)

    async def end_grant_to_user(self, address_id: str, user_id: str, *, request_timeout: float | None = None) -> None:
        """End the grant of an address to a user.

        As `Addresses.end_grant_to_user`.
        """
        request = Request(
            "DELETE", f"/api/v2/inbox/addresses/{quoted(address_id)}/users/{quoted(user_id)}", timeout_s=request_timeout
        )
        await self._call(request)

    async def get(self, address_id: str, *, request_timeout: float | None = None) -> schemas.Address:
        """Get an address.

        As `Addresses.get`.
        """
        request = Request("GET", f"/api/v2/inbox/addresses/{quoted(address_id)}", timeout_s=request_timeout)
        answer: schemas.Address = await self._call(request)
        return answer

    async def grant_to_group(self, address_id: str, group_id: str, *, request_timeout: float | None = None) -> None:
        """Grant an address to a group.

        As `Addresses.grant_to_group`.
        """
        request = Request(
            "PUT", f"/api/v2/inbox/addresses/{quoted(address_id)}/groups/{quoted(group_id)}", timeout_s=request_timeout
        )
        await self._call(request)

    async def grant_to_key(self, address_id: str, key_id: str, *, request_timeout: float | None = None) -> None:
        """Grant an address to a key.

        As `Addresses.grant_to_key`.
        """
        request = Request("PUT", f"/api/v2/inbox/addresses/{quoted(address_id)}/keys/{quoted(key_id)}", timeout_s=request_timeout)
        await self._call(request)

    async def grant_to_user(self, address_id: str, user_id: str, *, request_timeout: float | None = None) -> None:
        """Grant an address to a user.

        As `Addresses.grant_to_user`.
        """
        request = Request(
            "PUT", f"/api/v2/inbox/addresses/{quoted(address_id)}/users/{quoted(user_id)}", timeout_s=request_timeout
        )
        await self._call(request)

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        channel: Literal["mail", "sms"] | None = None,
        released: bool | None = None,
        sort: Literal["-created_at", "-label", "-value", "created_at", "label", "value"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Address]:
        """List addresses.

        As `Addresses.list`.
        """
        request = Request(
            "GET",
            "/api/v2/inbox/addresses",
            query={"limit": limit, "cursor": cursor, "q": q, "channel": channel, "released": released, "sort": sort},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_grants(self, address_id: str, *, request_timeout: float | None = None) -> AsyncPages[schemas.AddressGrant]:
        """List the grants of an address.

        As `Addresses.list_grants`.
        """
        request = Request("GET", f"/api/v2/inbox/addresses/{quoted(address_id)}/grants", timeout_s=request_timeout)
        return self._list(request)

    async def release(self, address_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Release an address.

        As `Addresses.release`.
        """
        request = Request("DELETE", f"/api/v2/inbox/addresses/{quoted(address_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def update(
        self,
        address_id: str,
        *,
        label: str | Unset = UNSET,
        account_id: str | Unset | None = UNSET,
        for_notifications: bool | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Address:
        """Change an address.

        As `Addresses.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/inbox/addresses/{quoted(address_id)}",
            body=present({"label": label, "account_id": account_id, "for_notifications": for_notifications}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Address = await self._call(request)
        return answer
