"""`client.webhook_messages`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import Request, new_key, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class WebhookMessages(Resource):
    """Endpoints that receive events, their messages and delivery attempts, and replay."""

    def get(self, message_id: str, *, request_timeout: float | None = None) -> schemas.WebhookMessage:
        """Get a webhook message with its payload.

        You need the scope of its topic.

        Requires the scope `webhooks:read`.

        `message_id`: A webhook message's id (`msg_…`).
        """
        request = Request("GET", f"/api/v2/webhook-messages/{quoted(message_id)}", timeout_s=request_timeout)
        answer: schemas.WebhookMessage = self._call(request)
        return answer

    def list(
        self,
        *,
        webhook_id: str | None = None,
        topic: str | None = None,
        status: Literal["delivered", "expired", "failed", "pending"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.WebhookMessage]:
        """List webhook messages.

        Newest first, without their payloads.

        Filters for messages. A topic can be `alert.*`; times are those of queueing.

        Requires the scope `webhooks:read`.

        `webhook_id`: Only messages to this endpoint (`whe_…`). `topic`: A topic such as `device.offline`, or a prefix:
        `device.*`. `status`: Only messages with this status. `from_`: Start, included: RFC 3339, or epoch seconds or
        milliseconds. `to`: End, excluded: RFC 3339, or epoch seconds or milliseconds. By default now. `limit`: Maximum
        number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            "/api/v2/webhook-messages",
            query={
                "webhook_id": webhook_id,
                "topic": topic,
                "status": status,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_attempts(
        self, message_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.WebhookAttempt]:
        """List the attempts to deliver a message.

        Newest first, with the start of each response. You need the scope of the message's topic.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `webhooks:read`.

        `message_id`: A webhook message's id (`msg_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor`
        of the previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/webhook-messages/{quoted(message_id)}/attempts",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def replay(
        self, message_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.WebhookMessage:
        """Replay a message.

        Keeps the id and restarts the schedule. You need the scope of its topic.

        Requires the scope `webhooks:write`.

        `message_id`: A webhook message's id (`msg_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/webhook-messages/{quoted(message_id)}/replay",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.WebhookMessage = self._call(request)
        return answer


class AsyncWebhookMessages(AsyncResource):
    """As `WebhookMessages`, for an event loop."""

    async def get(self, message_id: str, *, request_timeout: float | None = None) -> schemas.WebhookMessage:
        """Get a webhook message with its payload.

        As `WebhookMessages.get`.
        """
        request = Request("GET", f"/api/v2/webhook-messages/{quoted(message_id)}", timeout_s=request_timeout)
        answer: schemas.WebhookMessage = await self._call(request)
        return answer

    def list(
        self,
        *,
        webhook_id: str | None = None,
        topic: str | None = None,
        status: Literal["delivered", "expired", "failed", "pending"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.WebhookMessage]:
        """List webhook messages.

        As `WebhookMessages.list`.
        """
        request = Request(
            "GET",
            "/api/v2/webhook-messages",
            query={
                "webhook_id": webhook_id,
                "topic": topic,
                "status": status,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_attempts(
        self, message_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.WebhookAttempt]:
        """List the attempts to deliver a message.

        As `WebhookMessages.list_attempts`.
        """
        request = Request(
            "GET",
            f"/api/v2/webhook-messages/{quoted(message_id)}/attempts",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def replay(
        self, message_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.WebhookMessage:
        """Replay a message.

        As `WebhookMessages.replay`.
        """
        request = Request(
            "POST",
            f"/api/v2/webhook-messages/{quoted(message_id)}/replay",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.WebhookMessage = await self._call(request)
        return answer
