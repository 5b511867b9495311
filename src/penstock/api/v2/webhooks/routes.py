"""Webhook endpoints over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.views import view_of
from penstock.api.v2.webhooks import wire
from penstock.api.v2.webhooks.examples import CREATED, MESSAGE, NEW_WEBHOOK, WEBHOOK, WEBHOOK_PATH
from penstock.api.v2.webhooks.translate import (
    from_core,
    from_core_created,
    from_core_message,
    to_core,
    to_core_patch,
    to_core_replay,
)
from penstock.api.v2.wire import ListOf
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.core.webhooks.messages import MessageService
from penstock.core.webhooks.models import CreatedEndpoint, Endpoint
from penstock.core.webhooks.service import EndpointService
from penstock.core.webhooks.topics import CATALOGUE
from penstock.kit.clock import Clock
from penstock.kit.ids import Prefix, WebhookId
from penstock.kit.operation import Example

READ, WRITE = "webhooks:read", "webhooks:write"


class WebhookEndpoints:
    """Create, list, change and delete endpoints; enable, test, rotate and replay."""

    routes = Routes("/api/v2", surface="v2", tag="Webhooks")

    def __init__(self, endpoints: EndpointService, messages: MessageService, errors: EvaluationErrors, clock: Clock) -> None:
        self._endpoints = endpoints
        self._errors = errors
        self._messages = messages
        self._clock = clock

    def _shown(self, endpoint: Endpoint) -> wire.Webhook:
        return from_core(endpoint, self._errors, self._clock.now_us())

    def _created(self, created: CreatedEndpoint) -> wire.CreatedWebhook:
        return from_core_created(created, self._errors, self._clock.now_us())

    @routes.get(
        "/webhooks",
        scope=READ,
        example=Example(query={"limit": "2"}, answer={"data": [WEBHOOK], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.WebhookQuery, None]) -> ListOf[wire.Webhook]:
        """List webhook endpoints.

        Newest first by default.
        """
        query = call.query
        project_id = body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None
        page = await self._endpoints.list(call.actor, project_id, query.limit, query.cursor, view_of(query))
        return ListOf([self._shown(one) for one in page.items], page.next_cursor)

    @routes.post(
        "/webhooks",
        scope=WRITE,
        status=201,
        refuses=(429,),
        example=Example(body=NEW_WEBHOOK, answer=CREATED),
    )
    async def create(self, call: Call[None, wire.WebhookCreate]) -> wire.CreatedWebhook:
        """Create a webhook endpoint.

        The response contains, once, the secret that signs its messages. An address that is not public is rejected, here or when
        a message is sent. You need the scope of each topic (see the list of topics): an endpoint receives only events that its
        author can read.
        """
        return self._created(await self._endpoints.create(call.actor, to_core(call.body)))

    @routes.get(
        "/webhooks/{webhook_id}",
        scope=READ,
        example=Example(path=WEBHOOK_PATH, answer=WEBHOOK),
    )
    async def get(self, call: Call[None, None]) -> wire.Webhook:
        """Get a webhook endpoint."""
        return self._shown(await self._endpoints.get(call.actor, _webhook_id(call)))

    @routes.patch(
        "/webhooks/{webhook_id}",
        scope=WRITE,
        example=Example(path=WEBHOOK_PATH, body={"topics": ["device.*"]}, answer=WEBHOOK),
    )
    async def update(self, call: Call[None, wire.WebhookPatch]) -> wire.Webhook:
        """Change a webhook endpoint.

        Omitted fields are unchanged, null clears a field. Waiting messages are sent to the new URL as they are. The format
        cannot be changed: create another endpoint instead. You need the scope of each topic, old and new, and of each waiting
        message if the URL changes.
        """
        return self._shown(await self._endpoints.update(call.actor, _webhook_id(call), to_core_patch(call.body)))

    @routes.delete(
        "/webhooks/{webhook_id}",
        scope=WRITE,
        example=Example(path=WEBHOOK_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Delete a webhook endpoint.

        Its messages are deleted with it; waiting ones are not sent.
        """
        await self._endpoints.delete(call.actor, _webhook_id(call))

    @routes.post(
        "/webhooks/{webhook_id}/enable",
        scope=WRITE,
        example=Example(path=WEBHOOK_PATH, answer=WEBHOOK),
    )
    async def enable(self, call: Call[None, None]) -> wire.Webhook:
        """Enable a webhook endpoint.

        Waiting messages are sent, and the endpoint receives all events from now on.
        """
        return self._shown(await self._endpoints.set_enabled(call.actor, _webhook_id(call), True))

    @routes.post(
        "/webhooks/{webhook_id}/disable",
        scope=WRITE,
        example=Example(path=WEBHOOK_PATH, answer=WEBHOOK | {"enabled": False, "disabled_reason": "by_hand"}),
    )
    async def disable(self, call: Call[None, None]) -> wire.Webhook:
        """Disable a webhook endpoint.

        No messages are sent to it, and new events create no messages for it. Waiting messages keep waiting.
        """
        return self._shown(await self._endpoints.set_enabled(call.actor, _webhook_id(call), False))

    @routes.post(
        "/webhooks/{webhook_id}/rotate-secret",
        scope=WRITE,
        refuses=(409,),
        example=Example(path=WEBHOOK_PATH, body={"overlap_s": 3600}, answer=CREATED),
    )
    async def rotate(self, call: Call[None, wire.WebhookRotate]) -> wire.CreatedWebhook:
        """Rotate the secret of a webhook endpoint.

        For some time both secrets sign, so that the receiver can change over.
        """
        body = call.body
        return self._created(await self._endpoints.rotate(call.actor, _webhook_id(call), body.secret, body.overlap_s))

    @routes.post(
        "/webhooks/{webhook_id}/test",
        scope=WRITE,
        status=202,
        refuses=(409,),
        example=Example(path=WEBHOOK_PATH, answer=MESSAGE | {"topic": "webhook.test"}),
    )
    async def test(self, call: Call[None, None]) -> wire.WebhookMessage:
        """Send a test message.

        Its topic is `webhook.test`, to which no endpoint needs to subscribe. The message's attempts show the outcome.
        """
        return from_core_message(await self._messages.test(call.actor, _webhook_id(call)))

    @routes.post(
        "/webhooks/{webhook_id}/replay",
        scope=WRITE,
        status=202,
        refuses=(409,),
        example=Example(path=WEBHOOK_PATH, body={"from": "2026-05-01T00:00:00Z"}, answer={"messages": 12}),
    )
    async def replay(self, call: Call[None, wire.WebhookReplay]) -> wire.WebhookReplayed:
        """Replay messages of an endpoint.

        The failed ones, or those selected by status, topic and time. Each keeps its id and restarts its schedule.
        """
        requested = to_core_replay(call.body)
        return wire.WebhookReplayed(await self._messages.replay_all(call.actor, _webhook_id(call), requested))

    @routes.get(
        "/webhook-topics",
        scope=READ,
        example=Example(
            answer={
                "data": [
                    {"name": "device.offline", "description": "A device is offline.", "scope": "devices:read", "sent": True}
                ],
                "next_cursor": None,
            }
        ),
    )
    async def topics(self, call: Call[None, None]) -> ListOf[wire.WebhookTopic]:
        """List the topics of webhooks.

        All on one page. `scope` is required to subscribe an endpoint to the topic, and to read the payloads of its messages.
        """
        return ListOf([wire.WebhookTopic(one.name, one.about, one.scope, one.sent) for one in CATALOGUE.values()])


def _webhook_id(call: Call[Any, Any]) -> WebhookId:
    return path_id(Prefix.WEBHOOK, call.path["webhook_id"])
