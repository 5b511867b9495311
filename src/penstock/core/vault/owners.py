"""The kinds of owners of secrets, and their public ids."""

from __future__ import annotations

from penstock.core.vault.models import Owner
from penstock.kit.ids import Prefix, text_of

CONNECTION, CHANNEL, WEBHOOK, SMS_ACCOUNT = "connection", "channel", "webhook", "sms_account"
TOKEN = "token"  # noqa: S105  (a kind of owner, not a token)
PREFIXES: dict[str, str] = {
    CONNECTION: Prefix.CONNECTION,
    CHANNEL: Prefix.CHANNEL,
    WEBHOOK: Prefix.WEBHOOK,
    TOKEN: Prefix.TOKEN,
    SMS_ACCOUNT: Prefix.SMS_ACCOUNT,
}
"""The prefix of each kind of owner."""


def public_id(owner: Owner) -> str:
    """The id of an owner as users know it."""
    prefix = PREFIXES.get(owner.kind)
    return str(owner.id) if prefix is None else text_of(prefix, owner.id)


def public_name(owner: Owner) -> str:
    """An owner in an error message: its kind and id."""
    return f"{owner.kind.replace('_', ' ')} {public_id(owner)}"
