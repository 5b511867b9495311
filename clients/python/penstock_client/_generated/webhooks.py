"""`client.webhooks`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Webhooks(Resource):
    """Endpoints that receive events, their messages and delivery attempts, and replay."""

    def create(
        self,
        *,
        url: str,
        topics: Sequence[str],
        name: str | Unset = UNSET,
        format: Literal["iottly", "kaito", "siliconwit", "standard"] | Unset = UNSET,
        project_id: str | Unset | None = UNSET,
        filters: schemas.WebhookFilters | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        ordered: bool | Unset = UNSET,
        payload_only: bool | Unset = UNSET,
        batch: schemas.WebhookBatch | Unset | None = UNSET,
        secret: str | Unset | None = UNSET,
        enabled: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedWebhook:
        """Create a webhook endpoint.

        The response contains, once, the secret that signs its messages. An address that is not public is rejected, here
        or when a message is sent. You need the scope of each topic (see the list of topics): an endpoint receives only
        events that its author can read.

        Requires the scope `webhooks:write`.
        """
        request = Request(
            "POST",
            "/api/v2/webhooks",
            body=present(
                {
                    "url": url,
                    "topics": topics,
                    "name": name,
                    "format": format,
                    "project_id": project_id,
                    "filters": filters,
                    "headers": headers,
                    "ordered": ordered,
                    "payload_only": payload_only,
                    "batch": batch,
                    "secret": secret,
                    "enabled": enabled,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedWebhook = self._call(request)
        return answer

    def delete(self, webhook_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a webhook endpoint.

        Its messages are deleted with it; waiting ones are not sent.

        Requires the scope `webhooks:write`.

        `webhook_id`: A webhook endpoint's id (`whe_…`). `if_match`: the version to change (`etag_of`); another one
        raises `PreconditionFailed`.
        """
        request = Request("DELETE", f"/api/v2/webhooks/{quoted(webhook_id)}", if_match=if_match, timeout_s=request_timeout)
        self._call(request)

    def disable(
        self, webhook_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Webhook:
        """Disable a webhook endpoint.

        No messages are sent to it, and new events create no messages for it. Waiting messages keep waiting.

        Requires the scope `webhooks:write`.

        `webhook_id`: A webhook endpoint's id (`whe_…`).
        """
        request = Request(
            "POST", f"/api/v2/webhooks/{quoted(webhook_id)}/disable", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Webhook = self._call(request)
        return answer

    def enable(
        self, webhook_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Webhook:
        """Enable a webhook endpoint.

        Waiting messages are sent, and the endpoint receives all events from now on.

        Requires the scope `webhooks:write`.

        `webhook_id`: A webhook endpoint's id (`whe_…`).
        """
        request = Request(
            "POST", f"/api/v2/webhooks/{quoted(webhook_id)}/enable", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Webhook = self._call(request)
        return answer

    def get(self, webhook_id: str, *, request_timeout: float | None = None) -> schemas.Webhook:
        """Get a webhook endpoint.

        Requires the scope `webhooks:read`.

        `webhook_id`: A webhook endpoint's id (`whe_…`).
        """
        request = Request("GET", f"/api/v2/webhooks/{quoted(webhook_id)}", timeout_s=request_timeout)
        answer: schemas.Webhook = self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        project_id: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Webhook]:
        """List webhook endpoints.

        Newest first by default.

        Filters for endpoints. `q` is searched for in name and URL.

        Requires the scope `webhooks:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page. `q`: A text to search for.
        A to Z are the same as a to z, and `%` and `_` stand for themselves. `sort`: The order; descending with a
        leading minus sign. A `cursor` continues only the order that it was returned for. `project_id`: Only endpoints
        of this project (`prj_…`).
        """
        request = Request(
            "GET",
            "/api/v2/webhooks",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort, "project_id": project_id},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_topics(self, *, request_timeout: float | None = None) -> Pages[schemas.WebhookTopic]:
        """List the topics of webhooks.

        All on one page. `scope` is required to subscribe an endpoint to the topic, and to read the payloads of its
        messages.

        Requires the scope `webhooks:read`.
        """
        request = Request("GET", "/api/v2/webhook-topics", timeout_s=request_timeout)
        return self._list(request)

    def replay(
        self,
        webhook_id: str,
        *,
        status: Literal["any", "delivered", "failed", "pending"] | Unset = UNSET,
        topic: str | Unset | None = UNSET,
        from_: str | datetime | Unset | None = UNSET,
        to: str | datetime | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.WebhookReplayed:
        """Replay messages of an endpoint.

        The failed ones, or those selected by status, topic and time. Each keeps its id and restarts its schedule.

        Requires the scope `webhooks:write`.

        `webhook_id`: A webhook endpoint's id (`whe_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/webhooks/{quoted(webhook_id)}/replay",
            body=present({"status": status, "topic": topic, "from": from_, "to": to}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.WebhookReplayed = self._call(request)
        return answer

    def rotate_secret(
        self,
        webhook_id: str,
        *,
        secret: str | Unset | None = UNSET,
        overlap_s: int | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedWebhook:
        """Rotate the secret of a webhook endpoint.

        For some time both secrets sign, so that the receiver can change over.

        Requires the scope `webhooks:write`.

        `webhook_id`: A webhook endpoint's id (`whe_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/webhooks/{quoted(webhook_id)}/rotate-secret",
            body=present({"secret": secret, "overlap_s": overlap_s}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedWebhook = self._call(request)
        return answer

    def test(
        self, webhook_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.WebhookMessage:
        """Send a test message.

        Its topic is `webhook.test`, to which no endpoint needs to subscribe. The message's attempts show the outcome.

        Requires the scope `webhooks:write`.

        `webhook_id`: A webhook endpoint's id (`whe_…`).
        """
        request = Request(
            "POST", f"/api/v2/webhooks/{quoted(webhook_id)}/test", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.WebhookMessage = self._call(request)
        return answer

    def update(
        self,
        webhook_id: str,
        *,
        url: str | Unset = UNSET,
        topics: Sequence[str] | Unset = UNSET,
        name: str | Unset = UNSET,
        project_id: str | Unset | None = UNSET,
        filters: schemas.WebhookFilters | Unset | None = UNSET,
        headers: Mapping[str, str] | Unset | None = UNSET,
        ordered: bool | Unset = UNSET,
        payload_only: bool | Unset = UNSET,
        batch: schemas.WebhookBatch | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Webhook:
        """Change a webhook endpoint.

        Omitted fields are unchanged, null clears a field. Waiting messages are sent to the new URL as they are. The
        format cannot be changed: create another endpoint instead. You need the scope of each topic, old and new, and of
        each waiting message if the URL changes.

        Requires the scope `webhooks:write`.

        `webhook_id`: A webhook endpoint's id (`whe_…`). `if_match`: the version to change (`etag_of`); another one
        raises `PreconditionFailed`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/webhooks/{quoted(webhook_id)}",
            body=present(
                {
                    "url": url,
                    "topics": topics,
                    "name": name,
                    "project_id": project_id,
                    "filters": filters,
                    "headers": headers,
                    "ordered": ordered,
                    "payload_only": payload_only,
                    "batch": batch,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Webhook = self._call(request)
        return answer


class AsyncWebhooks(AsyncResource):
    """As `Webhooks`, for an event loop."""

    async def create(
        self,
        *,
        url: str,
        topics: Sequence[str],
        name: str | Unset = UNSET,
        format: Literal["iottly", "kaito", "siliconwit", "standard"] | Unset = UNSET,
        project_id: str | Unset | None = UNSET,
        filters: schemas.WebhookFilters | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
        ordered: bool | Unset = UNSET,
        payload_only: bool | Unset = UNSET,
        batch: schemas.WebhookBatch | Unset | None = UNSET,
        secret: str | Unset | None = UNSET,
        enabled: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedWebhook:
        """Create a webhook endpoint.

        As `Webhooks.create`.
        """
        request = Request(
            "POST",
            "/api/v2/webhooks",
            body=present(
                {
                    "url": url,
                    "topics": topics,
                    "name": name,
                    "format": format,
                    "project_id": project_id,
                    "filters": filters,
                    "headers": headers,
                    "ordered": ordered,
                    "payload_only": payload_only,
                    "batch": batch,
                    "secret": secret,
                    "enabled": enabled,
                }
            ),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedWebhook = await self._call(request)
        return answer

    async def delete(self, webhook_id: str, *, if_match: str | None = None, request_timeout: float | None = None) -> None:
        """Delete a webhook endpoint.

        As `Webhooks.delete`.
        """
        request = Request("DELETE", f"/api/v2/webhooks/{quoted(webhook_id)}", if_match=if_match, timeout_s=request_timeout)
        await self._call(request)

    async def disable(
        self, webhook_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Webhook:
        """Disable a webhook endpoint.

        As `Webhooks.disable`.
        """
        request = Request(
            "POST", f"/api/v2/webhooks/{quoted(webhook_id)}/disable", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Webhook = await self._call(request)
        return answer

    async def enable(
        self, webhook_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Webhook:
        """Enable a webhook endpoint.

        As `Webhooks.enable`.
        """
        request = Request(
            "POST", f"/api/v2/webhooks/{quoted(webhook_id)}/enable", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Webhook = await self._call(request)
        return answer

    async def get(self, webhook_id: str, *, request_timeout: float | None = None) -> schemas.Webhook:
        """Get a webhook endpoint.

        As `Webhooks.get`.
        """
        request = Request("GET", f"/api/v2/webhooks/{quoted(webhook_id)}", timeout_s=request_timeout)
        answer: schemas.Webhook = await self._call(request)
        return answer

    def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        sort: Literal["-created_at", "-name", "created_at", "name"] | None = None,
        project_id: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Webhook]:
        """List webhook endpoints.

        As `Webhooks.list`.
        """
        request = Request(
            "GET",
            "/api/v2/webhooks",
            query={"limit": limit, "cursor": cursor, "q": q, "sort": sort, "project_id": project_id},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_topics(self, *, request_timeout: float | None = None) -> AsyncPages[schemas.WebhookTopic]:
        """List the topics of webhooks.

        As `Webhooks.list_topics`.
        """
        request = Request("GET", "/api/v2/webhook-topics", timeout_s=request_timeout)
        return self._list(request)

    async def replay(
        self,
        webhook_id: str,
        *,
        status: Literal["any", "delivered", "failed", "pending"] | Unset = UNSET,
        topic: str | Unset | None = UNSET,
        from_: str | datetime | Unset | None = UNSET,
        to: str | datetime | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.WebhookReplayed:
        """Replay messages of an endpoint.

        As `Webhooks.replay`.
        """
        request = Request(
            "POST",
            f"/api/v2/webhooks/{quoted(webhook_id)}/replay",
            body=present({"status": status, "topic": topic, "from": from_, "to": to}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.WebhookReplayed = await self._call(request)
        return answer

    async def rotate_secret(
        self,
        webhook_id: str,
        *,
        secret: str | Unset | None = UNSET,
        overlap_s: int | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedWebhook:
        """Rotate the secret of a webhook endpoint.

        As `Webhooks.rotate_secret`.
        """
        request = Request(
            "POST",
            f"/api/v2/webhooks/{quoted(webhook_id)}/rotate-secret",
            body=present({"secret": secret, "overlap_s": overlap_s}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedWebhook = await self._call(request)
        return answer

    async def test(
        self, webhook_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.WebhookMessage:
        """Send a test message.

        As `Webhooks.test`.
        """
        request = Request(
            "POST", f"/api/v2/webhooks/{quoted(webhook_id)}/test", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.WebhookMessage = await self._call(request)
        return answer

    async def update(
        self,
        webhook_id: str,
        *,
        url: str | Unset = UNSET,
        topics: Sequence[str] | Unset = UNSET,
        name: str | Unset = UNSET,
        project_id: str | Unset | None = UNSET,
        filters: schemas.WebhookFilters | Unset | None = UNSET,
        headers: Mapping[str, str] | Unset | None = UNSET,
        ordered: bool | Unset = UNSET,
        payload_only: bool | Unset = UNSET,
        batch: schemas.WebhookBatch | Unset | None = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Webhook:
        """Change a webhook endpoint.

        As `Webhooks.update`.
        """
        request = Request(
            "PATCH",
            f"/api/v2/webhooks/{quoted(webhook_id)}",
            body=present(
                {
                    "url": url,
                    "topics": topics,
                    "name": name,
                    "project_id": project_id,
                    "filters": filters,
                    "headers": headers,
                    "ordered": ordered,
                    "payload_only": payload_only,
                    "batch": batch,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Webhook = await self._call(request)
        return answer
