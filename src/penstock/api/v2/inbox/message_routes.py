"""Messages of inboxes over the native API."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.message_waiting import Waiting
from penstock.api.shared.routes import Routes
from penstock.api.v2.inbox import examples, wire
from penstock.api.v2.inbox.translate import from_core_message, from_core_queued, plus, to_core_filter
from penstock.api.v2.wire import ListOf
from penstock.core.inboxes.messages import MessageService
from penstock.core.inboxes.models import NewSms
from penstock.core.inboxes.sending import SendingService
from penstock.kit.ids import InboxMessageId, Prefix
from penstock.kit.operation import Example

READ, SEND = "sms:read", "sms:send"


class InboxMessageEndpoints:
    """List and read messages, wait for the next one, and send SMS."""

    routes = Routes("/api/v2/inbox/messages", surface="v2", tag="Inboxes")

    def __init__(self, messages: MessageService, waiting: Waiting, sending: SendingService) -> None:
        self._messages = messages
        self._waiting = waiting
        self._sending = sending

    @routes.get(
        scope=READ,
        refuses=(404,),
        example=Example(query={"channel": "sms"}, answer={"data": [examples.MESSAGE], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.MessageQuery, None]) -> ListOf[wire.Message]:
        """List messages.

        Newest first, of the addresses that you can access. Who was shown received messages is in the audit log.
        """
        page = await self._messages.list(call.actor, to_core_filter(call.query), call.query.limit, call.query.cursor)
        return ListOf([from_core_message(one) for one in page.items], page.next_cursor)

    @routes.post(
        scope=SEND,
        status=202,
        refuses=(404, 409, 429),
        example=Example(body=examples.SEND, answer=examples.QUEUED),
    )
    async def send(self, call: Call[None, wire.MessageSend]) -> wire.QueuedMessage:
        """Send an SMS.

        It is sent in the background, at most once; the SMS of one number in the order of the calls. Plans without SMS answer 403,
        and each SMS counts towards the limit of the month. Without an SMS account on its number it is only logged.
        """
        body = call.body
        new = NewSms(sender=body.sender, recipient=body.recipient, body=body.body)
        return from_core_queued(await self._sending.send(call.actor, new))

    @routes.get(
        "/next",
        scope=READ,
        refuses=(404, 429),
        example=Example(query={"address": examples.NUMBER, "timeout": "1"}, answer=examples.MESSAGE),
    )
    async def next(self, call: Call[wire.NextQuery, None]) -> Answer[wire.Message]:
        """Wait for the next message.

        Returns the next message that an address receives, as soon as it is there: for CI, which waits for a code. With `after`,
        a message that arrived since then is returned immediately. If none arrives in time, the status is 204.
        """
        query = call.query
        after = body_id(Prefix.INBOX_MESSAGE, query.after, "after") if query.after else None
        found = await self._waiting.next(self._messages, call.actor, plus(query.address), query.timeout, after, gone=call.gone)
        if found is None:
            return Answer(status=HTTPStatus.NO_CONTENT)
        return Answer(body=from_core_message(found))

    @routes.get(
        "/{inbox_message_id}",
        scope=READ,
        example=Example(path=examples.MESSAGE_PATH, answer=examples.MESSAGE),
    )
    async def get(self, call: Call[None, None]) -> wire.Message:
        """Get a message.

        Who was shown a received message is in the audit log.
        """
        return from_core_message(await self._messages.get(call.actor, _message_id(call)))

    @routes.post(
        "/{inbox_message_id}/read",
        scope=READ,
        example=Example(path=examples.MESSAGE_PATH, answer=examples.READ),
    )
    async def mark_read(self, call: Call[None, None]) -> wire.Message:
        """Mark a message as read.

        Of a message that is marked, the time stays.
        """
        return from_core_message(await self._messages.mark_read(call.actor, _message_id(call)))


def _message_id(call: Call[Any, Any]) -> InboxMessageId:
    return path_id(Prefix.INBOX_MESSAGE, call.path["inbox_message_id"])
