"""Webhook endpoints over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.v2 import webhooks_wire as wire
from penstock.api.v2.webhook_examples import CREATED, MESSAGE, NEW_WEBHOOK, TAG, WEBHOOK, WEBHOOK_PATH
from penstock.api.v2.webhooks_translate import (
    from_core,
    from_core_created,
    from_core_message,
    to_core,
    to_core_patch,
    to_core_replay,
)
from penstock.api.v2.wire import ListOf
from penstock.core.webhooks.messages import MessageService
from penstock.core.webhooks.service import EndpointService
from penstock.core.webhooks.topics import CATALOGUE
from penstock.kit.ids import Prefix, WebhookId
from penstock.kit.operation import Example, operation

READ, WRITE = "webhooks:read", "webhooks:write"
PATH = "/api/v2/webhooks"
ONE = f"{PATH}/{{webhook_id}}"


class WebhookEndpoints:
    """Make, list, change and delete endpoints; enable, test, rotate and replay."""

    def __init__(self, endpoints: EndpointService, messages: MessageService) -> None:
        self._endpoints = endpoints
        self._messages = messages

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List webhook endpoints",
        description="Newest first.",
        scope=READ,
        query=wire.WebhookQuery,
        answer=ListOf[wire.Webhook],
        example=Example(query={"limit": "2"}, answer={"data": [WEBHOOK], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.WebhookQuery, None]) -> ListOf[wire.Webhook]:
        query = call.query
        project_id = body_id(Prefix.PROJECT, query.project_id, "project_id") if query.project_id else None
        page = await self._endpoints.list(call.actor, project_id, query.limit, query.cursor)
        return ListOf([from_core(one) for one in page.items], page.next_cursor)

    @operation(
        "POST",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Make a webhook endpoint",
        description="The secret with which its messages are signed is shown once, in this answer. An address that is not "
        "public is refused, here or at the latest when it would be called.",
        scope=WRITE,
        status=201,
        body=wire.WebhookCreate,
        answer=wire.CreatedWebhook,
        refuses=(429,),
        example=Example(body=NEW_WEBHOOK, answer=CREATED),
    )
    async def create(self, call: Call[None, wire.WebhookCreate]) -> wire.CreatedWebhook:
        return from_core_created(await self._endpoints.create(call.actor, to_core(call.body)))

    @operation(
        "GET",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Get a webhook endpoint",
        scope=READ,
        answer=wire.Webhook,
        example=Example(path=WEBHOOK_PATH, answer=WEBHOOK),
    )
    async def get(self, call: Call[None, None]) -> wire.Webhook:
        return from_core(await self._endpoints.get(call.actor, _webhook_id(call)))

    @operation(
        "PATCH",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Change a webhook endpoint",
        description="A field that is left out stays, null clears. Messages that wait go to the new URL as they are. The format "
        "stays: make another endpoint for another.",
        scope=WRITE,
        body=wire.WebhookPatch,
        answer=wire.Webhook,
        example=Example(path=WEBHOOK_PATH, body={"topics": ["device.*"]}, answer=WEBHOOK),
    )
    async def update(self, call: Call[None, wire.WebhookPatch]) -> wire.Webhook:
        before = await self._endpoints.get(call.actor, _webhook_id(call))
        patch = to_core_patch(call.body, before)
        return from_core(await self._endpoints.update(call.actor, before.id, patch))

    @operation(
        "DELETE",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Delete a webhook endpoint",
        description="With its messages; those that wait are not sent.",
        scope=WRITE,
        status=204,
        example=Example(path=WEBHOOK_PATH),
    )
    async def delete(self, call: Call[None, None]) -> Answer:
        await self._endpoints.delete(call.actor, _webhook_id(call))
        return Answer()

    @operation(
        "POST",
        f"{ONE}/enable",
        surface="v2",
        tag=TAG,
        summary="Enable a webhook endpoint",
        description="What waits is sent, and it is told of what happens from now on.",
        scope=WRITE,
        answer=wire.Webhook,
        example=Example(path=WEBHOOK_PATH, answer=WEBHOOK),
    )
    async def enable(self, call: Call[None, None]) -> wire.Webhook:
        return from_core(await self._endpoints.set_enabled(call.actor, _webhook_id(call), True))

    @operation(
        "POST",
        f"{ONE}/disable",
        surface="v2",
        tag=TAG,
        summary="Disable a webhook endpoint",
        description="Nothing is sent to it, and it is not told of what happens meanwhile. What waits goes on waiting.",
        scope=WRITE,
        answer=wire.Webhook,
        example=Example(path=WEBHOOK_PATH, answer=WEBHOOK | {"enabled": False, "disabled_reason": "by_hand"}),
    )
    async def disable(self, call: Call[None, None]) -> wire.Webhook:
        return from_core(await self._endpoints.set_enabled(call.actor, _webhook_id(call), False))

    @operation(
        "POST",
        f"{ONE}/rotate-secret",
        surface="v2",
        tag=TAG,
        summary="Replace the secret of a webhook endpoint",
        description="For a while both sign, so that the receiver can change over.",
        scope=WRITE,
        body=wire.WebhookRotate,
        answer=wire.CreatedWebhook,
        refuses=(409,),
        example=Example(path=WEBHOOK_PATH, body={"overlap_s": 3600}, answer=CREATED),
    )
    async def rotate(self, call: Call[None, wire.WebhookRotate]) -> wire.CreatedWebhook:
        wanted = call.body
        return from_core_created(await self._endpoints.rotate(call.actor, _webhook_id(call), wanted.secret, wanted.overlap_s))

    @operation(
        "POST",
        f"{ONE}/test",
        surface="v2",
        tag=TAG,
        summary="Send a test message",
        description="A message of the topic `webhook.test`, which no endpoint has to ask for. Its attempts tell what came of it.",
        scope=WRITE,
        status=202,
        answer=wire.WebhookMessage,
        refuses=(409,),
        example=Example(path=WEBHOOK_PATH, answer=MESSAGE | {"topic": "webhook.test"}),
    )
    async def test(self, call: Call[None, None]) -> wire.WebhookMessage:
        return from_core_message(await self._messages.test(call.actor, _webhook_id(call)))

    @operation(
        "POST",
        f"{ONE}/replay",
        surface="v2",
        tag=TAG,
        summary="Send messages of an endpoint again",
        description="Those that failed, or by status, topic and time. Each keeps its id, and its schedule begins anew.",
        scope=WRITE,
        status=202,
        body=wire.WebhookReplay,
        answer=wire.WebhookReplayed,
        refuses=(409,),
        example=Example(path=WEBHOOK_PATH, body={"from": "2026-05-01T00:00:00Z"}, answer={"messages": 12}),
    )
    async def replay(self, call: Call[None, wire.WebhookReplay]) -> wire.WebhookReplayed:
        wanted = to_core_replay(call.body)
        return wire.WebhookReplayed(await self._messages.replay_all(call.actor, _webhook_id(call), wanted))

    @operation(
        "GET",
        "/api/v2/webhook-topics",
        surface="v2",
        tag=TAG,
        summary="List the topics of webhooks",
        description="All on one page.",
        scope=READ,
        answer=ListOf[wire.WebhookTopic],
        example=Example(
            answer={
                "data": [{"name": "device.offline", "description": "A device went offline.", "sent": True}],
                "next_cursor": None,
            }
        ),
    )
    async def topics(self, call: Call[None, None]) -> ListOf[wire.WebhookTopic]:
        return ListOf([wire.WebhookTopic(one.name, one.about, one.sent) for one in CATALOGUE.values()])


def _webhook_id(call: Call[Any, Any]) -> WebhookId:
    return path_id(Prefix.WEBHOOK, call.path["webhook_id"])
