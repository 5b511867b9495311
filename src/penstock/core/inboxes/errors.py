"""Errors of inboxes."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class SmsRefused(PenstockError):
    """The provider rejected an SMS permanently."""

    kind, code = Kind.PRECONDITION, "inboxes.sms_refused"
    message = "the provider rejected the SMS: {reason}"


class OutcomeUnknown(PenstockError):
    """The connection to the provider ended before it answered. The SMS may have been sent."""

    kind, code = Kind.UNAVAILABLE, "inboxes.outcome_unknown"
    message = "the provider did not answer, so the SMS may have been sent: {reason}"


class SmsAccountNotFound(PenstockError):
    """The caller's organisation has no SMS account with this id."""

    kind, code = Kind.NOT_FOUND, "inboxes.account_not_found"
    message = "SMS account {account_id} was not found"


class AddressNotFound(PenstockError):
    """The caller's organisation has no such address, or it is not granted to the caller."""

    kind, code = Kind.NOT_FOUND, "inboxes.address_not_found"
    message = "address {address} was not found"


class AddressExists(PenstockError):
    """The organisation has this address already, or the alias belongs to another one."""

    kind, code = Kind.CONFLICT, "inboxes.address_exists"
    message = "address {value} already exists"


class AddressReleased(PenstockError):
    """The address was released, so that it neither sends nor receives."""

    kind, code = Kind.PRECONDITION, "inboxes.address_released"
    message = "address {address} was released"


class TooManyAddresses(PenstockError):
    """The organisation has reached its limit of addresses."""

    kind, code = Kind.EXHAUSTED, "inboxes.too_many_addresses"
    message = "an organisation can have at most {limit} addresses"


class TooManyGrants(PenstockError):
    """The address has reached its limit of grants."""

    kind, code = Kind.EXHAUSTED, "inboxes.too_many_grants"
    message = "an address can have at most {limit} grants"


class GrantedOnly(PenstockError):
    """A caller that can access only what is granted to it cannot manage addresses."""

    kind, code = Kind.FORBIDDEN, "inboxes.granted_only"
    message = "you can use only the addresses that are granted to you, and cannot manage addresses"


class InboxMessageNotFound(PenstockError):
    """The caller's organisation has no message with this id, or its address is not granted to the caller."""

    kind, code = Kind.NOT_FOUND, "inboxes.message_not_found"
    message = "message {message_id} was not found"


class TooManyQueued(PenstockError):
    """The organisation has reached its limit of messages that wait to be sent."""

    kind, code = Kind.EXHAUSTED, "inboxes.too_many_queued"
    message = "an organisation can have at most {limit} messages that wait to be sent"


class TooManyWaiting(PenstockError):
    """The organisation has reached its limit of calls that wait for a message."""

    kind, code = Kind.EXHAUSTED, "inboxes.too_many_waiting"
    message = "an organisation can have at most {limit} calls that wait for a message"
