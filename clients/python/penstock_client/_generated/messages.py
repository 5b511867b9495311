"""`client.messages`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import Request, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Messages(Resource):
    """Phone numbers and mail aliases that receive messages, who can use them, the messages, and accounts at providers."""

    def get(self, inbox_message_id: str, *, request_timeout: float | None = None) -> schemas.Message:
        """Get a message.

        Who was shown a received message is in the audit log.

        Requires the scope `sms:read`.

        `inbox_message_id`: The id of a message of an inbox (`inm_…`).
        """
        request = Request("GET", f"/api/v2/inbox/messages/{quoted(inbox_message_id)}", timeout_s=request_timeout)
        answer: schemas.Message = self._call(request)
        return answer

    def list(
        self,
        *,
        address: str | None = None,
        channel: Literal["mail", "sms"] | None = None,
        direction: Literal["inbound", "outbound"] | None = None,
        status: Literal["delivered", "failed", "queued", "received", "sending", "sent", "unknown"] | None = None,
        from_: str | datetime | int | None = None,
        since: str | datetime | int | None = None,
        until: str | datetime | int | None = None,
        unread: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Message]:
        """List messages.

        Newest first, of the addresses that you can access. Who was shown received messages is in the audit log.

        Which messages to list. `address` is the id or the value of an address; `until` is excluded.

        Requires the scope `sms:read`.

        `address`: Only messages of this address: its id (`ina_…`), or the number or alias itself. `channel`: Only those
        of this channel. `direction`: Only messages that were received (`inbound`), or only those that were sent
        (`outbound`). `status`: Only those with this status. `from_`: Only messages of this sender. `since`: Start,
        included: RFC 3339, or epoch seconds or milliseconds. `until`: End, excluded: RFC 3339, or epoch seconds or
        milliseconds. `unread`: Whether only received messages that are not marked as read are listed. `limit`: Maximum
        number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            "/api/v2/inbox/messages",
            query={
                "address": address,
                "channel": channel,
                "direction": direction,
                "status": status,
                "from": from_,
                "since": since,
                "until": until,
                "unread": unread,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def mark_read(
        self, inbox_message_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Message:
        """Mark a message as read.

        Of a message that is marked, the time stays.

        Requires the scope `sms:read`.

        `inbox_message_id`: The id of a message of an inbox (`inm_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/inbox/messages/{quoted(inbox_message_id)}/read",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Message = self._call(request)
        return answer

    def send(
        self, *, from_: str, to: str, body: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.QueuedMessage:
        """Send an SMS.

        It is sent in the background, at most once; the SMS of one number in the order of the calls. Plans without SMS
        answer 403, and each SMS counts towards the limit of the month. Without an SMS account on its number it is only
        logged.

        Requires the scope `sms:send`.
        """
        request = Request(
            "POST",
            "/api/v2/inbox/messages",
            body=present({"from": from_, "to": to, "body": body}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.QueuedMessage = self._call(request)
        return answer

    def wait_for_next(
        self, *, address: str, timeout: float | None = None, after: str | None = None, request_timeout: float | None = None
    ) -> schemas.Message | None:
        """Wait for the next message.

        Returns the next message that an address receives, as soon as it is there: for CI, which waits for a code. With
        `after`, a message that arrived since then is returned immediately. If none arrives in time, the status is 204.

        The message to wait for.

        `address` is the id or the value of an address. The first message counts that arrives after this call, or after
        the message `after`. `timeout` is in seconds.

        Requires the scope `sms:read`.

        `address`: The address at which to wait: its id (`ina_…`), or the number or alias itself. `timeout`: How long to
        wait, in seconds. `after`: The id of a message: the next one after it is returned, also if it arrived before the
        call.
        """
        request = Request(
            "GET",
            "/api/v2/inbox/messages/next",
            query={"address": address, "timeout": timeout, "after": after},
            timeout_s=request_timeout,
        )
        answer: schemas.Message | None = self._call(request)
        return answer


class AsyncMessages(AsyncResource):
    """As `Messages`, for an event loop."""

    async def get(self, inbox_message_id: str, *, request_timeout: float | None = None) -> schemas.Message:
        """Get a message.

        As `Messages.get`.
        """
        request = Request("GET", f"/api/v2/inbox/messages/{quoted(inbox_message_id)}", timeout_s=request_timeout)
        answer: schemas.Message = await self._call(request)
        return answer

    def list(
        self,
        *,
        address: str | None = None,
        channel: Literal["mail", "sms"] | None = None,
        direction: Literal["inbound", "outbound"] | None = None,
        status: Literal["delivered", "failed", "queued", "received", "sending", "sent", "unknown"] | None = None,
        from_: str | datetime | int | None = None,
        since: str | datetime | int | None = None,
        until: str | datetime | int | None = None,
        unread: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Message]:
        """List messages.

        As `Messages.list`.
        """
        request = Request(
            "GET",
            "/api/v2/inbox/messages",
            query={
                "address": address,
                "channel": channel,
                "direction": direction,
                "status": status,
                "from": from_,
                "since": since,
                "until": until,
                "unread": unread,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def mark_read(
        self, inbox_message_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Message:
        """Mark a message as read.

        As `Messages.mark_read`.
        """
        request = Request(
            "POST",
            f"/api/v2/inbox/messages/{quoted(inbox_message_id)}/read",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Message = await self._call(request)
        return answer

    async def send(
        self, *, from_: str, to: str, body: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.QueuedMessage:
        """Send an SMS.

        As `Messages.send`.
        """
        request = Request(
            "POST",
            "/api/v2/inbox/messages",
            body=present({"from": from_, "to": to, "body": body}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.QueuedMessage = await self._call(request)
        return answer

    async def wait_for_next(
        self, *, address: str, timeout: float | None = None, after: str | None = None, request_timeout: float | None = None
    ) -> schemas.Message | None:
        """Wait for the next message.

        As `Messages.wait_for_next`.
        """
        request = Request(
            "GET",
            "/api/v2/inbox/messages/next",
            query={"address": address, "timeout": timeout, "after": after},
            timeout_s=request_timeout,
        )
        answer: schemas.Message | None = await self._call(request)
        return answer
