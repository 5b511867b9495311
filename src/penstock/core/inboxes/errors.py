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


class SmsAccountLimitReached(PenstockError):
    """The organisation has reached the limit of SMS accounts."""

    kind, code = Kind.EXHAUSTED, "inboxes.account_limit_reached"
    message = "an organisation has at most {limit} SMS accounts"


class SmsAccountCredentialsMissing(PenstockError):
    """The credentials of an SMS account were destroyed or cannot be decrypted."""

    kind, code = Kind.PRECONDITION, "inboxes.account_credentials_missing"
    message = "the credentials of SMS account {account_id} are missing; set them again"


class SmsSignatureInvalid(PenstockError):
    """A call that names an SMS account is not signed with its credentials."""

    kind, code = Kind.FORBIDDEN, "inboxes.signature_invalid"
    message = "the signature is not valid for this SMS account"
