"""Addresses of inboxes, the messages that they receive and send, and what providers report about these."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.kit.ids import InboxAddressId, InboxMessageId, OrgId, SmsAccountId
from penstock.kit.secret import hides


class Channel(StrEnum):
    """How a message travels."""

    SMS = "sms"
    MAIL = "mail"


class Direction(StrEnum):
    """Who sent a message: somebody else, or the organisation."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Status(StrEnum):
    """The state of a message.

    `sending` is stored before a provider gets a message. If the server ends at that moment, nobody knows whether it was sent: it
    becomes `unknown` and is not sent again.
    """

    RECEIVED = "received"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A number in the form of E.164 (`+447700900123`) or a mail address. A number without an account only logs what it sends."""

    id: InboxAddressId
    org_id: OrgId
    channel: Channel
    value: str
    label: str = ""
    account_id: SmsAccountId | None = None
    created_us: int
    updated_us: int


@hides("body", "subject", "code")
class Content(msgspec.Struct, frozen=True, kw_only=True):
    """The content of a message, which is stored encrypted. `code` and `links` were found in the text. Mails have a subject."""

    body: str
    subject: str | None = None
    code: str | None = None
    links: tuple[str, ...] = ()


class AccountRef(msgspec.Struct, frozen=True):
    """An account at an SMS provider, and whose it is."""

    org_id: OrgId
    id: SmsAccountId


@hides("text")
class OutgoingSms(msgspec.Struct, frozen=True, kw_only=True):
    """An SMS for a provider. It is passed to a provider once."""

    id: InboxMessageId
    sender: str
    recipient: str
    text: str


class Submitted(msgspec.Struct, frozen=True):
    """The provider's ids of an SMS: one, or one for each part."""

    provider_ids: tuple[str, ...]


@hides("text")
class IncomingSms(msgspec.Struct, frozen=True, kw_only=True):
    """An SMS that a provider received, complete, with the provider's id of it. The same id again is the same message."""

    provider_id: str
    sender: str
    recipient: str
    text: str
    received_us: int


class DeliveryReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider reports about an SMS that was submitted to it: `sent`, `delivered` or `failed`."""

    provider_id: str
    status: Status
    error: str = ""
    at_us: int
