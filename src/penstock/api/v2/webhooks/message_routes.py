"""Messages to webhook endpoints over the native API, and the attempts to deliver them."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.webhooks import wire
from penstock.api.v2.webhooks.examples import ATTEMPT, MESSAGE, MESSAGE_PATH
from penstock.api.v2.webhooks.translate import from_core_attempt, from_core_message, to_core_filter
from penstock.api.v2.wire import ListOf, Page
from penstock.core.webhooks.messages import MessageService
from penstock.kit.ids import Prefix, WebhookMessageId
from penstock.kit.operation import Example

READ, WRITE = "webhooks:read", "webhooks:write"


class WebhookMessageEndpoints:
    """List messages and their attempts, and replay messages."""

    routes = Routes("/api/v2/webhook-messages", surface="v2", tag="Webhooks")

    def __init__(self, messages: MessageService) -> None:
        self._messages = messages

    @routes.get(
        scope=READ,
        example=Example(query={"limit": "2"}, answer={"data": [MESSAGE], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.WebhookMessageQuery, None]) -> ListOf[wire.WebhookMessage]:
        """List webhook messages.

        Newest first, without their payloads.
        """
        query = call.query
        page = await self._messages.list(call.actor, to_core_filter(query), query.limit, query.cursor)
        return ListOf([from_core_message(one) for one in page.items], page.next_cursor)

    @routes.get(
        "/{message_id}",
        scope=READ,
        example=Example(path=MESSAGE_PATH, answer=MESSAGE | {"payload": '{"type":"device.offline"}'}),
    )
    async def get(self, call: Call[None, None]) -> wire.WebhookMessage:
        """Get a webhook message with its payload.

        You need the scope of its topic.
        """
        return from_core_message(await self._messages.get(call.actor, _message_id(call)), with_payload=True)

    @routes.get(
        "/{message_id}/attempts",
        scope=READ,
        example=Example(path=MESSAGE_PATH, query={"limit": "2"}, answer={"data": [ATTEMPT], "next_cursor": None}),
    )
    async def attempts(self, call: Call[Page, None]) -> ListOf[wire.WebhookAttempt]:
        """List the attempts to deliver a message.

        Newest first, with the start of each response. You need the scope of the message's topic.
        """
        page = await self._messages.attempts(call.actor, _message_id(call), call.query.limit, call.query.cursor)
        return ListOf([from_core_attempt(one) for one in page.items], page.next_cursor)

    @routes.post(
        "/{message_id}/replay",
        scope=WRITE,
        status=202,
        refuses=(409,),
        example=Example(path=MESSAGE_PATH, answer=MESSAGE | {"status": "pending", "settled_at": None}),
    )
    async def replay(self, call: Call[None, None]) -> wire.WebhookMessage:
        """Replay a message.

        Keeps the id and restarts the schedule. You need the scope of its topic.
        """
        return from_core_message(await self._messages.replay(call.actor, _message_id(call)))


def _message_id(call: Call[Any, Any]) -> WebhookMessageId:
    return path_id(Prefix.WEBHOOK_MESSAGE, call.path["message_id"])
