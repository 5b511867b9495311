"""Converts inboxes between wire structs and core models."""

from __future__ import annotations

from penstock.api.shared.audit_rows import time_of
from penstock.api.shared.decoding import body_id
from penstock.api.v2.inbox import wire
from penstock.core.inboxes.addresses import text_of_subject
from penstock.core.inboxes.models import (
    Address,
    AddressGrant,
    AddressPatch,
    Channel,
    Direction,
    MailNotes,
    Message,
    MessageFilter,
    NewAddress,
    OpenMessage,
    Status,
)
from penstock.kit.clock import format_time
from penstock.kit.fields import converted
from penstock.kit.ids import Prefix, SmsAccountId, decode, encode


def to_core_address(body: wire.AddressCreate) -> NewAddress:
    return NewAddress(
        channel=Channel(body.channel),
        value=body.value,
        label=body.label,
        account_id=converted(body.account_id, _account),
        for_notifications=body.for_notifications,
    )


def to_core_patch(body: wire.AddressPatch) -> AddressPatch:
    account = converted(body.account_id, _account)
    return AddressPatch(label=body.label, account_id=account, for_notifications=body.for_notifications)


def _account(text: str) -> SmsAccountId:
    return body_id(Prefix.SMS_ACCOUNT, text, "account_id")


def from_core_address(found: Address) -> wire.Address:
    return wire.Address(
        id=encode(Prefix.INBOX_ADDRESS, found.id),
        channel=found.channel.value,
        value=found.value,
        label=found.label,
        account_id=None if found.account_id is None else encode(Prefix.SMS_ACCOUNT, found.account_id),
        for_notifications=found.for_notifications,
        created_at=format_time(found.created_us),
        updated_at=format_time(found.updated_us),
        released_at=converted(found.released_us, format_time),
    )


def from_core_grant(grant: AddressGrant) -> wire.AddressGrant:
    return wire.AddressGrant(
        subject_kind=grant.subject.kind.value,
        subject_id=text_of_subject(grant.subject),
        created_by=grant.created_by,
        created_at=format_time(grant.created_us),
    )


def to_core_filter(query: wire.MessageQuery) -> MessageFilter:
    address_id = decode(Prefix.INBOX_ADDRESS, query.address) if query.address else None
    return MessageFilter(
        address_id=address_id,
        number=plus(query.address) if query.address and address_id is None else None,
        channel=converted(query.channel, Channel),
        direction=converted(query.direction, Direction),
        status=converted(query.status, Status),
        sender=plus(query.sender) if query.sender else None,
        since_us=time_of(query.since, "since"),
        until_us=time_of(query.until, "until"),
        unread_only=query.unread,
    )


def plus(value: str) -> str:
    """A number from a query, in which an unescaped plus sign is a space."""
    return f"+{value[1:]}" if value.startswith(" ") else value


def from_core_message(found: OpenMessage) -> wire.Message:
    message, content = found.message, found.content
    return wire.Message(
        id=encode(Prefix.INBOX_MESSAGE, message.id),
        address_id=encode(Prefix.INBOX_ADDRESS, message.address_id),
        number=message.number,
        channel=message.channel.value,
        direction=message.direction.value,
        status=message.status.value,
        sender=message.sender,
        recipient=message.recipient,
        subject=content.subject if content else None,
        body=content.body if content else None,
        code=content.code if content else None,
        links=list(content.links) if content else [],
        mail=converted(content.mail, _notes) if content else None,
        error=message.error or None,
        at=format_time(message.at_us),
        updated_at=format_time(message.updated_us),
        read_at=converted(message.read_us, format_time),
    )


def _notes(notes: MailNotes) -> wire.MailNotes:
    return wire.MailNotes(
        peer=notes.peer,
        envelope_sender=notes.envelope_sender,
        spf=notes.spf.value,
        tls=notes.tls or None,
        tags=list(notes.tags),
        attachments=[wire.Attachment(one.name, one.content_type, one.size) for one in notes.attachments],
    )


def from_core_queued(message: Message) -> wire.QueuedMessage:
    return wire.QueuedMessage(encode(Prefix.INBOX_MESSAGE, message.id), message.status.value)
