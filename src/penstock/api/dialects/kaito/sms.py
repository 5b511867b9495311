"""Kaito's endpoints for SMS: decode, call, encode.

Source: surfaces/kaito.md 4; its paths, fields and states are inferred. Only SMS, not the mails of the same inbox.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from msgspec import Meta, Struct

from penstock.api.dialects.kaito.moments import moment_of
from penstock.api.dialects.kaito.sms_ids import decode_sms, encode_sms
from penstock.api.dialects.kaito.wire import TimeOrAge
from penstock.api.shared.call import Answer, Call
from penstock.api.shared.dialect_services import InboxServices
from penstock.api.shared.not_found import MAX_SHOWN
from penstock.api.shared.routes import Routes
from penstock.core.inboxes.errors import InboxMessageNotFound
from penstock.core.inboxes.models import Channel, Direction, MessageFilter, NewSms, OpenMessage
from penstock.core.inboxes.sending import MAX_TEXT
from penstock.kit.clock import Clock, format_time
from penstock.kit.ids import InboxMessageId
from penstock.kit.operation import Example
from penstock.kit.paging import all_items
from penstock.kit.secret import hides
from penstock.kit.wire_types import Moment

READ, SEND = "sms:read", "sms:send"
_AT_ONCE = 1_000
_ID = "sms_0c2k9fq7w3m9c"
_NUMBER = "+447700900123"
_SMS = {
    "id": _ID,
    "number": _NUMBER,
    "from": "+447700900456",
    "to": _NUMBER,
    "body": "Your code is 481902",
    "code": "481902",
    "direction": "inbound",
    "status": "received",
    "received_at": "2026-05-02T09:15:03Z",
    "created_at": "2026-05-02T09:15:03Z",
}
Value = Annotated[str, Meta(min_length=1, max_length=64)]


class SmsQuery(Struct, frozen=True, forbid_unknown_fields=True, rename={"sender": "from"}):
    """Which SMS to list. `since` and `until` are `7d` or a time."""

    number: Value | None = None
    sender: Annotated[str, Meta(max_length=320)] | None = None
    since: TimeOrAge | None = None
    until: TimeOrAge | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100
    cursor: Annotated[str, Meta(max_length=512)] | None = None


class NextQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The SMS to wait for: the first one to a number after this call, or after the SMS `after`. `timeout` is in seconds."""

    number: Value
    timeout: Annotated[float, Meta(ge=0, le=60)] = 30
    after: Value | None = None


@hides("body", "code")
class Sms(Struct, frozen=True, kw_only=True, rename={"sender": "from", "recipient": "to"}):
    """An SMS in Kaito's format. One that was sent has no `received_at`."""

    id: str
    number: str
    sender: str
    recipient: str
    body: str | None
    code: str | None
    direction: str
    status: str
    received_at: Moment | None
    created_at: Moment


@hides("body")
class SmsSend(Struct, frozen=True, forbid_unknown_fields=True, rename={"sender": "from", "recipient": "to"}):
    """An SMS to send from your number."""

    sender: Value
    recipient: Value
    body: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]


class QueuedSms(Struct, frozen=True):
    """An SMS that waits to be sent."""

    id: str
    status: str


class SmsNumber(Struct, frozen=True):
    """A number."""

    number: str
    label: str
    created_at: Moment


Numbers = list[SmsNumber]  # named here, because the class has a method `list`


class KaitoSmsEndpoints:
    """SMS in Kaito's format."""

    routes = Routes("/v1/sms", surface="kaito", tag="Kaito")

    def __init__(self, inboxes: InboxServices, clock: Clock) -> None:
        self._addresses = inboxes.addresses
        self._messages = inboxes.messages
        self._waiting = inboxes.waiting
        self._sending = inboxes.sending
        self._clock = clock

    @routes.get(scope=READ, refuses=(404,), example=Example(query={"number": _NUMBER, "since": "1d"}, answer=[_SMS]))
    async def list(self, call: Call[SmsQuery, None]) -> Answer[list[Sms]]:
        """List SMS (Kaito).

        A bare array, newest first; the cursor of the next page is in `X-Next-Cursor`.
        """
        query, now_us = call.query, self._clock.now_us()
        filters = MessageFilter(
            number=_plus(query.number) if query.number else None,
            channel=Channel.SMS,
            sender=_plus(query.sender) if query.sender else None,
            since_us=moment_of(query.since, "since", now_us),
            until_us=moment_of(query.until, "until", now_us),
        )
        page = await self._messages.list(call.actor, filters, query.limit, query.cursor)
        headers = [(b"x-next-cursor", page.next_cursor.encode())] if page.next_cursor else []
        return Answer(body=[_to_wire(one) for one in page.items], headers=headers)

    @routes.post(
        scope=SEND,
        status=202,
        refuses=(404, 409, 429),
        example=Example(
            body={"from": _NUMBER, "to": "+447700900456", "body": "The door is open."}, answer={"id": _ID, "status": "queued"}
        ),
    )
    async def send(self, call: Call[None, SmsSend]) -> QueuedSms:
        """Send an SMS (Kaito).

        From the plan Business up. It is sent in the background, at most once.
        """
        body = call.body
        new = NewSms(sender=body.sender, recipient=body.recipient, body=body.body)
        queued = await self._sending.send(call.actor, new)
        return QueuedSms(encode_sms(queued.id), queued.status.value)

    @routes.get(
        "/numbers",
        scope=READ,
        example=Example(answer=[{"number": _NUMBER, "label": "Logins of CI", "created_at": "2026-05-02T09:00:00Z"}]),
    )
    async def numbers(self, call: Call[None, None]) -> Answer[Numbers]:
        """List numbers (Kaito).

        A bare array, newest first, of the numbers that you can access.
        """
        found = await all_items(lambda cursor: self._addresses.list(call.actor, Channel.SMS, _AT_ONCE, cursor))
        return Answer(body=[SmsNumber(one.value, one.label, format_time(one.created_us)) for one in found])

    @routes.get("/next", scope=READ, refuses=(404, 429), example=Example(query={"number": _NUMBER, "timeout": "1"}, answer=_SMS))
    async def next(self, call: Call[NextQuery, None]) -> Answer[Sms]:
        """Wait for the next SMS (Kaito).

        Returns the next SMS to a number as soon as it is there; 204 if none arrives in time.
        """
        query = call.query
        after = _sms_id(query.after) if query.after else None
        found = await self._waiting.next(
            self._messages, call.actor, _plus(query.number), query.timeout, after, Channel.SMS, call.gone
        )
        return Answer(status=HTTPStatus.NO_CONTENT) if found is None else Answer(body=_to_wire(found))

    @routes.get("/{sms_id}", scope=READ, example=Example(path={"sms_id": _ID}, answer=_SMS))
    async def get(self, call: Call[None, None]) -> Sms:
        """Get an SMS (Kaito)."""
        text = call.path["sms_id"]
        try:
            found = await self._messages.get(call.actor, _sms_id(text))
        except InboxMessageNotFound:
            raise InboxMessageNotFound(message_id=text[:MAX_SHOWN]) from None  # under the id that was asked for
        if found.message.channel is not Channel.SMS:
            raise InboxMessageNotFound(message_id=text)
        return _to_wire(found)


def _sms_id(text: str) -> InboxMessageId:
    found = decode_sms(text)
    if found is None:
        raise InboxMessageNotFound(message_id=text[:MAX_SHOWN])
    return found


def _plus(number: str) -> str:
    """A number from a query, in which an unescaped plus sign is a space."""
    return f"+{number[1:]}" if number.startswith(" ") else number


def _to_wire(found: OpenMessage) -> Sms:
    message, content = found.message, found.content
    at = format_time(message.at_us)
    return Sms(
        id=encode_sms(message.id),
        number=message.number,
        sender=message.sender,
        recipient=message.recipient,
        body=content.body if content else None,
        code=content.code if content else None,
        direction=message.direction.value,
        status=message.status.value,
        received_at=at if message.direction is Direction.INBOUND else None,
        created_at=at,
    )
