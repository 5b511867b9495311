"""Converts messages between Twilio's structs and core models."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qsl, urlencode

from penstock.api.dialects.twilio import wire
from penstock.api.dialects.twilio.errors import FieldMissing
from penstock.api.dialects.twilio.sids import encode_sid
from penstock.api.shared.audit_rows import time_of
from penstock.core.inboxes.models import Channel, Direction, MessageFilter, NewSms, OpenMessage, Status
from penstock.core.inboxes.models import Message as CoreMessage
from penstock.core.inboxes.parts import count_parts
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import InvalidInput

MAX_FIELDS = 100
_A_TEXT = "is not supported: send a text from a number of your own"
UNSUPPORTED = dict.fromkeys(("MediaUrl", "MessagingServiceSid", "ContentSid", "SendAt"), _A_TEXT) | {
    "StatusCallback": "is not supported: use a webhook with the topic sms.delivery_status"
}
"""Fields that must not be ignored: the SMS would be another one, or a program would wait for calls. With the reason."""
_STATES = {
    Status.QUEUED: "queued",
    Status.SENDING: "sending",
    Status.SENT: "sent",
    Status.DELIVERED: "delivered",
    Status.FAILED: "failed",
    Status.RECEIVED: "received",
    # Programs send a failed one again; so one that may have been sent must not be called failed.
    Status.UNKNOWN: "sent",
}
_NOT_DELIVERED = 30008
_SENT = frozenset({Status.SENT, Status.DELIVERED, Status.UNKNOWN})


def to_core_sms(form: wire.Form) -> NewSms:
    """The SMS in a form.

    Raises:
        FieldMissing.
        InvalidInput: it is not a form, or has an unsupported field.
    """
    try:
        pairs = parse_qsl(form.content.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS)
    except ValueError:
        raise InvalidInput.field("", f"the body must be a form in UTF-8 with at most {MAX_FIELDS} fields") from None
    fields = dict(pairs)
    for name, why in UNSUPPORTED.items():
        if fields.get(name):
            raise InvalidInput.field(name, why)
    for name in ("To", "From", "Body"):
        if not fields.get(name):
            raise FieldMissing(name=name)
    return NewSms(sender=fields["From"], recipient=fields["To"], body=fields["Body"])


def to_core_filter(query: wire.MessagesQuery) -> MessageFilter:
    """The filter of a list. The recipient is none of its fields."""
    since, until = _moment(query.sent_after, "DateSent>"), _moment(query.sent_before, "DateSent<")
    if query.sent is not None:
        since = _moment(query.sent, "DateSent")
        until = None if since is None else since + 86_400 * SECOND_US
    return MessageFilter(channel=Channel.SMS, sender=query.sender, since_us=since, until_us=until)


def _moment(text: str | None, field: str) -> int | None:
    if text is None or "T" in text:
        return time_of(text, field)
    return time_of(f"{text}T00:00:00Z", field)


def from_core_message(found: OpenMessage, account_sid: str) -> wire.Message:
    return _message(found.message, None if found.content is None else found.content.body, account_sid)


def from_core_queued(message: CoreMessage, body: str, account_sid: str) -> wire.Message:
    return _message(message, body, account_sid)


def _message(message: CoreMessage, body: str | None, account_sid: str) -> wire.Message:
    sid = encode_sid(message.id)
    uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{sid}"
    failed = message.status is Status.FAILED
    sent = message.status in _SENT or message.direction is Direction.INBOUND
    return wire.Message(
        sid=sid,
        account_sid=account_sid,
        body=body,
        sender=message.sender,
        to=message.recipient,
        status=_STATES[message.status],
        direction="inbound" if message.direction is Direction.INBOUND else "outbound-api",
        num_segments=str(count_parts(body or "")),
        date_created=date_of(message.at_us),
        date_updated=date_of(message.updated_us),
        date_sent=date_of(message.updated_us) if sent else None,
        error_code=_NOT_DELIVERED if failed else None,
        error_message=message.error or None,
        uri=f"{uri}.json",
        subresource_uris={"media": f"{uri}/Media.json"},
    )


def date_of(at_us: int) -> str:
    """A time in the form of RFC 2822, in whole seconds of UTC."""
    return format_datetime(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at_us // SECOND_US))


def page_of(
    messages: list[wire.Message], query: wire.MessagesQuery, account_sid: str, next_token: str | None
) -> wire.MessagePage:
    """A page of a list, with the paths of this one, the first and the next one."""
    base = f"/2010-04-01/Accounts/{account_sid}/Messages.json"
    names = {"To": query.to, "From": query.sender, "DateSent": query.sent, "DateSent<": query.sent_before}
    kept = {name: value for name, value in (names | {"DateSent>": query.sent_after}).items() if value is not None}

    def uri(page: int, token: str | None) -> str:
        more = {} if token is None else {"PageToken": token}
        return f"{base}?{urlencode(kept | {'PageSize': query.page_size, 'Page': page} | more)}"

    start = query.page * query.page_size
    return wire.MessagePage(
        messages=messages,
        page=query.page,
        page_size=query.page_size,
        start=start,
        end=start + max(len(messages) - 1, 0),
        uri=uri(query.page, query.cursor),
        first_page_uri=uri(0, None),
        next_page_uri=None if next_token is None else uri(query.page + 1, next_token),
    )
