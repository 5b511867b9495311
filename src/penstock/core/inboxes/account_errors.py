"""Errors of SMS accounts."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class SmsAccountLimitReached(PenstockError):
    """The organisation has reached the limit of SMS accounts."""

    kind, code = Kind.EXHAUSTED, "inboxes.account_limit_reached"
    message = "an organisation has at most {limit} SMS accounts"


class SmsAccountCredentialsMissing(PenstockError):
    """The credentials of an SMS account were destroyed or cannot be decrypted."""

    kind, code = Kind.PRECONDITION, "inboxes.account_credentials_missing"
    message = "the credentials of SMS account {account_id} are missing; set them again"


class SmsAccountInUse(PenstockError):
    """Numbers send and receive through the account."""

    kind, code = Kind.CONFLICT, "inboxes.account_in_use"
    message = "SMS account {account_id} is used by {numbers}; give them another account or release them first"


class NumbersNotSold(PenstockError):
    """Numbers cannot be bought through accounts of this kind."""

    kind, code = Kind.PRECONDITION, "inboxes.numbers_not_sold"
    message = "an account of kind {kind} rents out no numbers; get the number from its provider, and add it"


class ProviderRefused(PenstockError):
    """The provider rejected the call."""

    kind, code = Kind.PRECONDITION, "inboxes.provider_refused"
    message = "the provider rejected it: {reason}"


class ProvisioningUnknown(PenstockError):
    """The provider did not answer, so it is not known whether a number was bought or given back. Repeat the call."""

    kind, code = Kind.UNAVAILABLE, "inboxes.provisioning_unknown"
    message = "the provider did not answer, so that it may have been done: {reason}; repeat the call"


class PublicUrlMissing(PenstockError):
    """The server does not know the address under which the provider reaches it."""

    kind, code = Kind.PRECONDITION, "inboxes.public_url_missing"
    message = "the operator must set sms.public_url first, which the provider calls with received SMS"


class SmsSignatureInvalid(PenstockError):
    """A provider's call is not signed with the credentials of the account that it names, or there is no such account."""

    kind, code = Kind.FORBIDDEN, "inboxes.signature_invalid"
    message = "the signature is not valid for this SMS account"
