"""`client.sms_accounts`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class SmsAccounts(Resource):
    """Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers."""

    def buy_number(
        self,
        account_id: str,
        *,
        value: str,
        label: str | Unset = UNSET,
        for_notifications: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Address:
        """Buy a number.

        Buys it from the account's provider, which charges you for it, lets its SMS be sent here, and takes it into use.
        A number that you have at the provider already is not bought again, so the call can be repeated.

        Requires the scope `sms:write`.

        `account_id`: The id of an account at an SMS provider (`sma_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/inbox/accounts/{quoted(account_id)}/numbers",
            body=present({"value": value, "label": label, "for_notifications": for_notifications}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Address = self._call(request)
        return answer

    def check(
        self, account_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.AccountCheck:
        """Check an SMS account.

        Asks the provider whether it accepts the credentials. No SMS is sent.

        Requires the scope `sms:write`.

        `account_id`: The id of an account at an SMS provider (`sma_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/inbox/accounts/{quoted(account_id)}/check",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.AccountCheck = self._call(request)
        return answer

    def create(
        self, body: schemas.SmsAccountCreate, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Account:
        """Create an SMS account.

        Its credentials are kept in the vault and are in no response. An account of kind `smpp` is connected
        immediately.

        Requires the scope `sms:write`.

        `body`: The body.
        """
        request = Request(
            "POST", "/api/v2/inbox/accounts", body=body, key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Account = self._call(request)
        return answer

    def delete(self, account_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete an SMS account with its credentials.

        Not while numbers use it: the error names them.

        Requires the scope `sms:write`.

        `account_id`: The id of an account at an SMS provider (`sma_…`). `if_match`: the version to change (`etag_of`);
        another one raises `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/inbox/accounts/{quoted(account_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def get(self, account_id: str, *, request_timeout: float | None = None) -> schemas.Account:
        """Get an SMS account.

        Requires the scope `sms:read`.

        `account_id`: The id of an account at an SMS provider (`sma_…`).
        """
        request = Request("GET", f"/api/v2/inbox/accounts/{quoted(account_id)}", timeout_s=request_timeout)
        answer: schemas.Account = self._call(request)
        return answer

    def give_number_back(self, account_id: str, address_id: str, *, request_timeout: float | None = None) -> None:
        """Give a number back.

        Returns it to the account's provider, which may rent it out to others, and releases the address. Its messages
        can still be read.

        Requires the scope `sms:write`.

        `account_id`: The id of an account at an SMS provider (`sma_…`). `address_id`: The id of an address of an inbox
        (`ina_…`).
        """
        request = Request(
            "DELETE", f"/api/v2/inbox/accounts/{quoted(account_id)}/numbers/{quoted(address_id)}", timeout_s=request_timeout
        )
        self._call(request)

    def list(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Account]:
        """List SMS accounts.

        Newest first, with their state. Credentials are in no response.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `sms:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request("GET", "/api/v2/inbox/accounts", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    def search_numbers_to_buy(
        self,
        account_id: str,
        *,
        country: str,
        type: Literal["local", "mobile", "toll_free"] | None = None,
        contains: str | None = None,
        limit: int | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.AvailableNumber]:
        """Search numbers to buy.

        Numbers with SMS that Twilio rents out. An account of kind `log` offers numbers for development, a message
        centre none.

        Which numbers to search. `country` is two capital letters (ISO 3166); `contains` are digits, with `*` for any
        one.

        Requires the scope `sms:write`.

        `account_id`: The id of an account at an SMS provider (`sma_…`). `country`: The country of the numbers: two
        capital letters (ISO 3166), such as `GB`. `type`: The type of the numbers. `contains`: Only numbers with these
        digits; `*` stands for any digit. `limit`: Maximum number of results.
        """
        request = Request(
            "GET",
            f"/api/v2/inbox/accounts/{quoted(account_id)}/numbers",
            query={"country": country, "type": type, "contains": contains, "limit": limit},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def update(
        self,
        account_id: str,
        *,
        name: str | Unset = UNSET,
        settings: Mapping[str, Any] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Account:
        """Change an SMS account.

        Omitted fields are unchanged, also inside `settings`; null clears a field. If you change the address or the
        account to which a credential is sent, you must send the credential again. The kind cannot be changed.

        Requires the scope `sms:write`.

        `account_id`: The id of an account at an SMS provider (`sma_…`). `if_match`: the version to change (`etag_of`);
        another one raises `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/inbox/accounts/{quoted(account_id)}",
            body=present({"name": name, "settings": settings}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Account = self._call(request)
        return answer


class AsyncSmsAccounts(AsyncResource):
    """As `SmsAccounts`, for an event loop."""

    async def buy_number(
        self,
        account_id: str,
        *,
        value: str,
        label: str | Unset = UNSET,
        for_notifications: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Address:
        """Buy a number.

        As `SmsAccounts.buy_number`.
        """
        request = Request(
            "POST",
            f"/api/v2/inbox/accounts/{quoted(account_id)}/numbers",
            body=present({"value": value, "label": label, "for_notifications": for_notifications}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Address = await self._call(request)
        return answer

    async def check(
        self, account_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.AccountCheck:
        """Check an SMS account.

        As `SmsAccounts.check`.
        """
        request = Request(
            "POST",
            f"/api/v2/inbox/accounts/{quoted(account_id)}/check",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.AccountCheck = await self._call(request)
        return answer

    async def create(
        self, body: schemas.SmsAccountCreate, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Account:
        """Create an SMS account.

        As `SmsAccounts.create`.
        """
        request = Request(
            "POST", "/api/v2/inbox/accounts", body=body, key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Account = await self._call(request)
        return answer

    async def delete(self, account_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete an SMS account with its credentials.

        As `SmsAccounts.delete`.
        """
        request = Request("DELETE", f"/api/v2/inbox/accounts/{quoted(account_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def get(self, account_id: str, *, request_timeout: float | None = None) -> schemas.Account:
        """Get an SMS account.

        As `SmsAccounts.get`.
        """
        request = Request("GET", f"/api/v2/inbox/accounts/{quoted(account_id)}", timeout_s=request_timeout)
        answer: schemas.Account = await self._call(request)
        return answer

    async def give_number_back(self, account_id: str, address_id: str, *, request_timeout: float | None = None) -> None:
        """Give a number back.

        As `SmsAccounts.give_number_back`.
        """
        request = Request(
            "DELETE", f"/api/v2/inbox/accounts/{quoted(account_id)}/numbers/{quoted(address_id)}", timeout_s=request_timeout
        )
        await self._call(request)

    def list(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Account]:
        """List SMS accounts.

        As `SmsAccounts.list`.
        """
        request = Request("GET", "/api/v2/inbox/accounts", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    def search_numbers_to_buy(
        self,
        account_id: str,
        *,
        country: str,
        type: Literal["local", "mobile", "toll_free"] | None = None,
        contains: str | None = None,
        limit: int | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.AvailableNumber]:
        """Search numbers to buy.

        As `SmsAccounts.search_numbers_to_buy`.
        """
        request = Request(
            "GET",
            f"/api/v2/inbox/accounts/{quoted(account_id)}/numbers",
            query={"country": country, "type": type, "contains": contains, "limit": limit},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def update(
        self,
        account_id: str,
        *,
        name: str | Unset = UNSET,
        settings: Mapping[str, Any] | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Account:
        """Change an SMS account.

        As `SmsAccounts.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/inbox/accounts/{quoted(account_id)}",
            body=present({"name": name, "settings": settings}) or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Account = await self._call(request)
        return answer
