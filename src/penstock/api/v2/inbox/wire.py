"""Inboxes over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from penstock.api.v2.wire import Cursor, Id, Limit, Searched
from penstock.core.inboxes.addresses import NUMBER
from penstock.core.inboxes.models import Channel, Direction, Spf, Status, SubjectKind
from penstock.core.inboxes.sending import MAX_TEXT
from penstock.kit.secret import hides
from penstock.kit.wire_types import Moment, one_of

ChannelName = Literal["sms", "mail"]
Label = Annotated[str, Meta(max_length=200)]
Value = Annotated[str, Meta(min_length=1, max_length=64)]
Number = Annotated[str, Meta(pattern=NUMBER, max_length=16, extra={"form": "a number such as +447700900123 (E.164)"})]


class AddressCreate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address to take into use: a number in the form of E.164, or an alias for mails."""

    channel: ChannelName = "sms"
    value: Value
    label: Label = ""
    account_id: Id | None = None
    for_notifications: bool = False


class AddressPatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fields of an address to change."""

    label: Label | UnsetType = UNSET
    account_id: Id | UnsetType | None = UNSET
    for_notifications: bool | UnsetType = UNSET


class Address(Struct, frozen=True, kw_only=True):
    """An address of the inbox.

    A number sends and receives through its SMS account; what it sends without one is only logged. Alerts and rules send from the
    number that is `for_notifications`. A released address sends and receives nothing; its messages can still be read.
    """

    id: str
    channel: Annotated[str, one_of(*Channel)]
    value: str
    label: str
    account_id: str | None
    for_notifications: bool
    created_at: str
    updated_at: str
    released_at: str | None


class AddressQuery(Searched, frozen=True, forbid_unknown_fields=True):
    """Which addresses to list. `q` is searched for in label and value."""

    channel: ChannelName | None = None
    released: bool = False
    sort: Literal["label", "-label", "value", "-value", "created_at", "-created_at"] = "-created_at"


class AddressGrant(Struct, frozen=True, kw_only=True):
    """The right of a group, user or key to use an address. `subject_id` is its id."""

    subject_kind: Annotated[str, one_of(*SubjectKind)]
    subject_id: str
    created_by: str
    created_at: str


class MessageQuery(Struct, frozen=True, forbid_unknown_fields=True, rename={"sender": "from"}):
    """Which messages to list. `address` is the id or the value of an address; `until` is excluded."""

    address: Value | None = None
    channel: ChannelName | None = None
    direction: Literal["inbound", "outbound"] | None = None
    status: Literal["received", "queued", "sending", "sent", "delivered", "failed", "unknown"] | None = None
    sender: Annotated[str, Meta(max_length=320)] | None = None
    since: Annotated[str, Meta(max_length=40)] | None = None
    until: Annotated[str, Meta(max_length=40)] | None = None
    unread: bool = False
    limit: Limit = 100
    cursor: Cursor | None = None


class NextQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The message to wait for.

    `address` is the id or the value of an address. The first message counts that arrives after this call, or after the message
    `after`. `timeout` is in seconds.
    """

    address: Value
    timeout: Annotated[float, Meta(ge=0, le=60)] = 30
    after: Id | None = None


class Attachment(Struct, frozen=True):
    """A file that was attached to a mail. Only its name, type and size in bytes are kept."""

    name: str
    content_type: str
    size: int


class MailNotes(Struct, frozen=True, kw_only=True):
    """How a mail arrived.

    `peer` is the address of the server that delivered it. `spf` is whether the domain of `envelope_sender` (empty: none) allows
    that address. `tls` is the version of TLS, null without. `tags` are what was between a `+` and the `@` of its recipients.
    """

    peer: str
    envelope_sender: str
    spf: Annotated[str, one_of(*Spf)]
    tls: str | None
    tags: list[str]
    attachments: list[Attachment]


@hides("body", "subject", "code", "links")
class Message(Struct, frozen=True, kw_only=True, rename={"sender": "from", "recipient": "to"}):
    """A message.

    `number` is the value of its address. `body`, `subject`, `code` and `links` are stored encrypted; `body` is null once the key
    of the organisation was destroyed. `code` and `links` were found in the text. `mail` is how a mail arrived; null for SMS. `at`
    is when the message was received or queued, `error` why it failed. The state of one is `unknown` if the connection to the
    provider ended before it answered: it may have been sent, and is not sent again.
    """

    id: str
    address_id: str
    number: str
    channel: Annotated[str, one_of(*Channel)]
    direction: Annotated[str, one_of(*Direction)]
    status: Annotated[str, one_of(*Status)]
    sender: str
    recipient: str
    subject: str | None
    body: str | None
    code: str | None
    links: list[str]
    mail: MailNotes | None
    error: str | None
    at: Moment
    updated_at: str
    read_at: str | None


@hides("body")
class MessageSend(Struct, frozen=True, forbid_unknown_fields=True, rename={"sender": "from", "recipient": "to"}):
    """An SMS to send from one of your numbers."""

    sender: Number
    recipient: Number
    body: Annotated[str, Meta(min_length=1, max_length=MAX_TEXT)]


class QueuedMessage(Struct, frozen=True):
    """An SMS that waits to be sent."""

    id: str
    status: Annotated[str, one_of(*Status)]
