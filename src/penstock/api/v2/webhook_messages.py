"""Messages to webhook endpoints over the native API: what was sent, and what came of it."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.v2 import webhooks_wire as wire
from penstock.api.v2.webhook_examples import ATTEMPT, MESSAGE, MESSAGE_PATH, TAG
from penstock.api.v2.webhooks_translate import from_core_attempt, from_core_message, to_core_filter
from penstock.api.v2.wire import ListOf, Page
from penstock.core.webhooks.messages import MessageService
from penstock.kit.ids import Prefix, WebhookMessageId
from penstock.kit.operation import Example, operation

READ, WRITE = "webhooks:read", "webhooks:write"
PATH = "/api/v2/webhook-messages"
ONE = f"{PATH}/{{message_id}}"


class WebhookMessageEndpoints:
    """List messages, look at attempts, send again."""

    def __init__(self, messages: MessageService) -> None:
        self._messages = messages

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List webhook messages",
        description="Newest first, without their payloads.",
        scope=READ,
        query=wire.WebhookMessageQuery,
        answer=ListOf[wire.WebhookMessage],
        example=Example(query={"limit": "2"}, answer={"data": [MESSAGE], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.WebhookMessageQuery, None]) -> ListOf[wire.WebhookMessage]:
        query = call.query
        page = await self._messages.list(call.actor, to_core_filter(query), query.limit, query.cursor)
        return ListOf([from_core_message(one) for one in page.items], page.next_cursor)

    @operation(
        "GET",
        ONE,
        surface="v2",
        tag=TAG,
        summary="Get a webhook message with its payload",
        scope=READ,
        answer=wire.WebhookMessage,
        example=Example(path=MESSAGE_PATH, answer=MESSAGE | {"payload": '{"type":"device.offline"}'}),
    )
    async def get(self, call: Call[None, None]) -> wire.WebhookMessage:
        return from_core_message(await self._messages.get(call.actor, _message_id(call)), with_payload=True)

    @operation(
        "GET",
        f"{ONE}/attempts",
        surface="v2",
        tag=TAG,
        summary="List the attempts to deliver a message",
        description="Newest first, with the beginning of what was answered.",
        scope=READ,
        query=Page,
        answer=ListOf[wire.WebhookAttempt],
        example=Example(path=MESSAGE_PATH, query={"limit": "2"}, answer={"data": [ATTEMPT], "next_cursor": None}),
    )
    async def attempts(self, call: Call[Page, None]) -> ListOf[wire.WebhookAttempt]:
        page = await self._messages.attempts(call.actor, _message_id(call), call.query.limit, call.query.cursor)
        return ListOf([from_core_attempt(one) for one in page.items], page.next_cursor)

    @operation(
        "POST",
        f"{ONE}/replay",
        surface="v2",
        tag=TAG,
        summary="Send a message again",
        description="With the same id. Its schedule begins anew.",
        scope=WRITE,
        status=202,
        answer=wire.WebhookMessage,
        refuses=(409,),
        example=Example(path=MESSAGE_PATH, answer=MESSAGE | {"status": "pending", "settled_at": None}),
    )
    async def replay(self, call: Call[None, None]) -> wire.WebhookMessage:
        return from_core_message(await self._messages.replay(call.actor, _message_id(call)))


def _message_id(call: Call[Any, Any]) -> WebhookMessageId:
    return path_id(Prefix.WEBHOOK_MESSAGE, call.path["message_id"])
