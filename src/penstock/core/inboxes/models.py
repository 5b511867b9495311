"""Addresses of inboxes, the messages that they receive and send, and what providers report about these."""

from __future__ import annotations

from enum import StrEnum

import msgspec
from msgspec import UNSET, UnsetType

from penstock.core.vault.models import Sealed
from penstock.kit.ids import InboxAddressId, InboxMessageId, OrgId, SmsAccountId
from penstock.kit.secret import hides


class Channel(StrEnum):
    """How a message travels."""

    SMS = "sms"
    MAIL = "mail"


class Direction(StrEnum):
    """Whether a message was received or sent."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Status(StrEnum):
    """The state of a message.

    `sending` is stored before a provider gets a message. If the server ends at that moment, it is not known whether it was
    sent: it becomes `unknown` and is not sent again.
    """

    RECEIVED = "received"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """A number in the form of E.164 (`+447700900123`), or an alias for mails, which is the part of a mail address before the `@`.

    A number without an account only logs what it sends. Alerts and rules send from the number that is `for_notifications`. A
    released address receives and sends nothing; its messages can still be read.
    """

    id: InboxAddressId
    org_id: OrgId
    channel: Channel
    value: str
    label: str = ""
    account_id: SmsAccountId | None = None
    for_notifications: bool = False
    created_us: int
    updated_us: int
    released_us: int | None = None


class NewAddress(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of an address to create, or of a released one to take into use again."""

    channel: Channel
    value: str
    label: str = ""
    account_id: SmsAccountId | None = None
    for_notifications: bool = False


class AddressPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change of an address; UNSET fields are unchanged."""

    label: str | UnsetType = UNSET
    account_id: SmsAccountId | UnsetType | None = UNSET
    for_notifications: bool | UnsetType = UNSET


class SubjectKind(StrEnum):
    """To what an address can be granted."""

    GROUP = "group"
    USER = "user"
    KEY = "key"


class Subject(msgspec.Struct, frozen=True, order=True):
    """A group, user or key. `subject_id` is the number of its id."""

    kind: SubjectKind
    subject_id: int


Subjects = tuple[Subject, ...]
"""What a caller acts as: grants to any of these count."""


class AddressGrant(msgspec.Struct, frozen=True, kw_only=True):
    """The right of a subject to use an address."""

    address_id: InboxAddressId
    subject: Subject
    created_by: str
    created_us: int


@hides("code", "links")
class Extracted(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in a text: a code, and links."""

    code: str | None = None
    links: tuple[str, ...] = ()


class Spf(StrEnum):
    """Whether the domain of a mail's sender allows the address that it came from (RFC 7208). `none`: the domain does not say."""

    NONE = "none"
    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was attached to a mail. Its content is not kept. `size` is in bytes."""

    name: str
    content_type: str
    size: int


class MailNotes(msgspec.Struct, frozen=True, kw_only=True):
    """How a mail arrived, and what it had in addition to its text.

    `peer` is the address of the server that delivered it, `envelope_sender` the address to which errors are sent (empty: none).
    `tls` is the version of TLS, empty without. `tags` are the parts after a `+` of the addresses that it was sent to.
    """

    peer: str
    envelope_sender: str = ""
    spf: Spf = Spf.NONE
    tls: str = ""
    tags: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@hides("body", "subject", "code", "links")
class Content(msgspec.Struct, frozen=True, kw_only=True):
    """The content of a message, which is stored encrypted. `code` and `links` were found in the text. Mails have a subject."""

    body: str
    subject: str | None = None
    code: str | None = None
    links: tuple[str, ...] = ()
    mail: MailNotes | None = None


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message without its content. `number` is the value of its address; `at_us` is when it was received or queued.

    `source` and `provider_id` identify an inbound one at the provider. `job` names what an alert or rule asked to send. `error`
    is the provider's reason; `due_us` is when a queued one is sent.
    """

    id: InboxMessageId
    org_id: OrgId
    address_id: InboxAddressId
    number: str
    channel: Channel
    direction: Direction
    status: Status
    sender: str
    recipient: str
    account_id: SmsAccountId | None = None
    source: int | None = None
    provider_id: str | None = None
    job: str | None = None
    error: str = ""
    attempts: int = 0
    at_us: int
    updated_us: int
    due_us: int | None = None
    read_us: int | None = None

    @property
    def bond(self) -> str:
        """What its encrypted content is bound to."""
        return bond_of(self.id)


def bond_of(message_id: InboxMessageId) -> str:
    """What the encrypted content of a message is bound to."""
    return f"message {message_id}"


class StoredMessage(msgspec.Struct, frozen=True):
    """A message with its encrypted content."""

    message: Message
    sealed: Sealed


class OpenMessage(msgspec.Struct, frozen=True):
    """A message with its content; None if the organisation's key was destroyed."""

    message: Message
    content: Content | None


@hides("body")
class NewSms(msgspec.Struct, frozen=True, kw_only=True):
    """An SMS to send from a number of the organisation."""

    sender: str
    recipient: str
    body: str


class MessageFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which messages to list; None matches all. The range applies to `at_us` and excludes `until_us`.

    `unread_only`: inbound messages that are not marked as read.
    """

    address_id: InboxAddressId | None = None
    number: str | None = None
    channel: Channel | None = None
    direction: Direction | None = None
    status: Status | None = None
    sender: str | None = None
    since_us: int | None = None
    until_us: int | None = None
    unread_only: bool = False


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider has reported about one part of an SMS. Without a message, its answer has not been stored yet."""

    account_id: SmsAccountId
    provider_id: str
    message_id: InboxMessageId | None
    status: Status
    error: str = ""
    at_us: int


class DueSms(msgspec.Struct, frozen=True):
    """An SMS to be sent next from its address."""

    org_id: OrgId
    id: InboxMessageId
    address_id: InboxAddressId
    account_id: SmsAccountId | None


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


@hides("content")
class IncomingMail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail for an alias. `provider_id` is the same if the same mail is delivered again: its Message-ID, or a hash of it.

    The content has the code and the links that were found in it.
    """

    provider_id: str
    sender: str
    content: Content
    received_us: int


class DeliveryReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider reports about an SMS that was submitted to it: `sent`, `delivered` or `failed`."""

    provider_id: str
    status: Status
    error: str = ""
    at_us: int
