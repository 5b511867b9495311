"""Twilio's structs, exactly as on the wire. Source: Twilio's reference of the resource Messages."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from penstock.kit.secret import hides

Number = Annotated[str, Meta(max_length=100)]
Date = Annotated[str, Meta(max_length=40)]


@hides("body")
class FormFields(Struct, frozen=True, rename={"to": "To", "sender": "From", "body": "Body"}):
    """An SMS to send. Further fields are ignored, except those of media and services."""

    to: str
    sender: str
    body: str


_SENT = {"To": "+447700900456", "From": "+447700900123", "Body": "Your code is 739162."}


@hides("content")
class Form(Struct, frozen=True):
    """A form as it was sent."""

    content: Annotated[bytes, Meta(extra={"fields": FormFields, "example": _SENT})]


class MessagesQuery(
    Struct,
    frozen=True,
    rename={
        "to": "To",
        "sender": "From",
        "sent": "DateSent",
        "sent_before": "DateSent<",
        "sent_after": "DateSent>",
        "page_size": "PageSize",
        "page": "Page",
        "cursor": "PageToken",
    },
):
    """Which messages to list. Dates are days of UTC, or times; a page holds at most 1,000."""

    to: Number | None = None
    sender: Number | None = None
    sent: Date | None = None
    sent_before: Date | None = None
    sent_after: Date | None = None
    page_size: Annotated[int, Meta(ge=1, le=1000)] = 50
    page: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0
    cursor: Annotated[str, Meta(max_length=512)] | None = None


@hides("body")
class Message(Struct, frozen=True, kw_only=True, rename={"sender": "from"}):
    """A message. Penstock has no prices, media or messaging services: these fields are always null or 0."""

    sid: str
    account_sid: str
    body: str | None
    sender: str
    to: str
    status: str
    direction: str
    num_segments: str
    num_media: str = "0"
    date_created: str
    date_updated: str
    date_sent: str | None
    error_code: int | None
    error_message: str | None
    price: str | None = None
    price_unit: str | None = None
    messaging_service_sid: str | None = None
    api_version: str = "2010-04-01"
    uri: str
    subresource_uris: dict[str, str] = {}


class MessagePage(Struct, frozen=True, kw_only=True):
    """A page of messages, newest first."""

    messages: list[Message]
    page: int
    page_size: int
    start: int
    end: int
    uri: str
    first_page_uri: str
    next_page_uri: str | None
    previous_page_uri: str | None = None
