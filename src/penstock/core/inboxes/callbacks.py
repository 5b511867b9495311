"""The paths that a provider calls. They name the account: its signature shows that the call is the provider's."""

from __future__ import annotations

from penstock.kit.ids import Prefix, SmsAccountId, encode

INBOUND = "/sms/twilio/{account_id}/inbound"
STATUS = "/sms/twilio/{account_id}/status"


def inbound_path(account_id: SmsAccountId) -> str:
    """The path for received SMS."""
    return INBOUND.format(account_id=encode(Prefix.SMS_ACCOUNT, account_id))


def status_path(account_id: SmsAccountId) -> str:
    """The path for the states of sent SMS."""
    return STATUS.format(account_id=encode(Prefix.SMS_ACCOUNT, account_id))
