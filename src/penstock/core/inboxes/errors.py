"""Errors of inboxes."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class SmsRefused(PenstockError):
    """The provider rejected an SMS for good."""

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
