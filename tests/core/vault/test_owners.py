"""Owners of secrets as users know them."""

from __future__ import annotations

from penstock.core.vault.models import Owner
from penstock.core.vault.owners import PREFIXES, public_id, public_name
from penstock.kit.ids import Prefix, SmsAccountId, encode


def test_an_owner_has_its_public_id() -> None:
    account = Owner("sms_account", 4)
    assert public_id(account) == encode(Prefix.SMS_ACCOUNT, SmsAccountId(4))
    assert public_name(account) == f"sms account {public_id(account)}"
    assert all(public_id(Owner(kind, 1)).startswith(f"{prefix}_") for kind, prefix in PREFIXES.items())
