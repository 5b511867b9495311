"""Twilio's endpoints for messages: decode, call, encode."""

from __future__ import annotations

from typing import Any

from penstock.api.dialects.twilio import wire
from penstock.api.dialects.twilio.errors import AccountNotFound, NumberNotOwned
from penstock.api.dialects.twilio.sids import decode_sid, encode_account, is_account
from penstock.api.dialects.twilio.translate import from_core_message, from_core_queued, page_of, to_core_filter, to_core_sms
from penstock.api.shared.call import Call
from penstock.api.shared.routes import Routes
from penstock.core.inboxes.errors import AddressNotFound, InboxMessageNotFound
from penstock.core.inboxes.messages import MessageService
from penstock.core.inboxes.models import Channel
from penstock.core.inboxes.sending import SendingService
from penstock.kit.errors import InvalidInput
from penstock.kit.operation import Example

FORM = "application/x-www-form-urlencoded"
MAX_BODY_BYTES = 65_536
_ACCOUNT = "AC0123456789abcdef0123456789abcdef"
_SID = "SM00000000000000000000000000001f3b"
_URI = f"/2010-04-01/Accounts/{_ACCOUNT}/Messages"
_MESSAGE = {
    "sid": _SID,
    "account_sid": _ACCOUNT,
    "body": "Your code is 481902",
    "from": "+447700900123",
    "to": "+447700900456",
    "status": "queued",
    "direction": "outbound-api",
    "num_segments": "1",
    "num_media": "0",
    "date_created": "Sat, 02 May 2026 09:15:03 +0000",
    "date_updated": "Sat, 02 May 2026 09:15:03 +0000",
    "date_sent": None,
    "error_code": None,
    "error_message": None,
    "price": None,
    "price_unit": None,
    "messaging_service_sid": None,
    "api_version": "2010-04-01",
    "uri": f"{_URI}/{_SID}.json",
    "subresource_uris": {"media": f"{_URI}/{_SID}/Media.json"},
}
_PAGE = {
    "messages": [_MESSAGE],
    "page": 0,
    "page_size": 50,
    "start": 0,
    "end": 0,
    "uri": f"{_URI}.json?PageSize=50&Page=0",
    "first_page_uri": f"{_URI}.json?PageSize=50&Page=0",
    "next_page_uri": None,
    "previous_page_uri": None,
}
_NAMES = {"to": "To", "from": "From", "body": "Body"}


class TwilioMessageEndpoints:
    """Messages in Twilio's format. The account in the path is the organisation."""

    routes = Routes("/2010-04-01/Accounts/{account_sid}", surface="twilio", tag="Twilio")

    def __init__(self, messages: MessageService, sending: SendingService) -> None:
        self._messages = messages
        self._sending = sending

    @routes.post(
        "/Messages.json",
        scope="sms:send",
        status=201,
        body_types=("application/x-www-form-urlencoded",),
        max_body_bytes=MAX_BODY_BYTES,
        refuses=(400, 404, 429),
        example=Example(path={"account_sid": _ACCOUNT}, body={"content": "VG89JTJCNDQ3NzAwOTAwNDU2"}, answer=_MESSAGE),
    )
    async def create(self, call: Call[None, wire.Form]) -> wire.Message:
        """Send an SMS (Twilio).

        `From` must be one of your numbers. The SMS is sent in the background, at most once.
        """
        account_sid = _account_of(call)
        new = to_core_sms(call.body)
        try:
            made = await self._sending.send(call.actor, new)
        except AddressNotFound:
            raise NumberNotOwned(number=new.sender[:100]) from None
        except InvalidInput as error:
            raise _renamed(error) from None
        return from_core_queued(made, new.body, account_sid)

    @routes.get(
        "/Messages.json",
        scope="sms:read",
        refuses=(404,),
        example=Example(path={"account_sid": _ACCOUNT}, query={"PageSize": "50"}, answer=_PAGE),
    )
    async def list(self, call: Call[wire.MessagesQuery, None]) -> wire.MessagePage:
        """List SMS (Twilio).

        Newest first, sent and received ones. Filtered by `To`, a page can have fewer than `PageSize` although others follow.
        """
        query, account_sid = call.query, _account_of(call)
        found = await self._messages.list(call.actor, to_core_filter(query), query.page_size, query.cursor)
        messages = [from_core_message(one, account_sid) for one in found.items if query.to in (None, one.message.recipient)]
        return page_of(messages, query, account_sid, found.next_cursor)

    @routes.get(
        "/Messages/{message_sid}",
        scope="sms:read",
        example=Example(path={"account_sid": _ACCOUNT, "message_sid": f"{_SID}.json"}, answer=_MESSAGE),
    )
    async def get(self, call: Call[None, None]) -> wire.Message:
        """Get an SMS (Twilio).

        The path ends in `.json`.
        """
        account_sid, text = _account_of(call), call.path["message_sid"]
        message_id = decode_sid(text)
        if message_id is None:
            raise _unknown(text)
        try:
            found = await self._messages.get(call.actor, message_id)
        except InboxMessageNotFound:
            raise _unknown(text) from None
        if found.message.channel is not Channel.SMS:
            raise _unknown(text)
        return from_core_message(found, account_sid)


def _unknown(text: str) -> InboxMessageNotFound:
    """The error of an id that identifies nothing. It names the id as it was sent, and not in Penstock's form."""
    return InboxMessageNotFound(message_id=text[:64])


def _account_of(call: Call[Any, Any]) -> str:
    """The account in the path, which must be the caller's organisation.

    Raises:
        AccountNotFound.
    """
    account_sid = call.path["account_sid"]
    if not is_account(account_sid, call.actor.org_id):
        raise AccountNotFound(account_sid=account_sid[:64], own=encode_account(call.actor.org_id))
    return account_sid


def _renamed(error: InvalidInput) -> InvalidInput:
    """The same error, whose field is named as in the form."""
    if not error.errors:
        return error
    first = error.errors[0]
    return InvalidInput.field(_NAMES.get(first.field, first.field), first.detail, first.code)
