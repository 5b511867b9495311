"""Converts SMS accounts between wire structs and core models."""

from __future__ import annotations

from typing import Any

import msgspec

from penstock.api.v2.sms_accounts import wire
from penstock.core.inboxes.account_models import SECRET_PATHS, AccountCheck, AccountKind, AccountPatch, NewAccount, SmsAccount
from penstock.core.inboxes.account_states import AccountState
from penstock.core.inboxes.callbacks import inbound_path, status_path
from penstock.kit.clock import format_time, format_time_or_none
from penstock.kit.ids import Prefix, encode


def to_core_account(body: wire.AccountCreate) -> NewAccount:
    return NewAccount(name=body.name, kind=AccountKind(str(body.__struct_config__.tag)), settings=body.settings)


def to_core_patch(body: wire.AccountPatch) -> AccountPatch:
    return AccountPatch(name=body.name, settings=body.settings)


def from_core_account(account: SmsAccount, state: AccountState) -> wire.Account:
    called = account.kind is AccountKind.TWILIO
    return wire.Account(
        id=encode(Prefix.SMS_ACCOUNT, account.id),
        name=account.name,
        kind=account.kind.value,
        settings=_shown_settings(account),
        inbound_path=inbound_path(account.id) if called else None,
        status_path=status_path(account.id) if called else None,
        link=wire.Link(
            state=state.state.value,
            since=format_time_or_none(state.since_us),
            retry_at=format_time_or_none(state.retry_us),
            last_error=state.last_error,
            last_error_at=format_time_or_none(state.last_error_us),
        ),
        created_at=format_time(account.created_us),
        updated_at=format_time(account.updated_us),
    )


def from_core_check(found: AccountCheck) -> wire.AccountCheck:
    return wire.AccountCheck(found.ok, found.detail)


def _shown_settings(account: SmsAccount) -> dict[str, Any]:
    """Settings for responses: of a secret, only whether it is set, and the name of the secret that it refers to."""
    plain: dict[str, Any] = msgspec.to_builtins(account.settings)
    for path in SECRET_PATHS:
        if path in plain:
            del plain[path]
            plain[f"{path}_set"] = path in account.secret_paths
            if account.secret_paths.get(path):
                plain[f"{path}_secret"] = account.secret_paths[path]
    return plain
