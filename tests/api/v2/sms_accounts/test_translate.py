"""SMS accounts between wire structs and core models."""

from __future__ import annotations

import msgspec

from penstock.api.v2.sms_accounts import wire
from penstock.api.v2.sms_accounts.translate import from_core_account, from_core_check, to_core_account, to_core_patch
from penstock.core.inboxes.account_models import AccountCheck, AccountKind, SmppSettings, SmsAccount
from penstock.core.inboxes.account_states import AccountState, LinkState
from penstock.kit.ids import OrgId, SmsAccountId


def test_an_account_is_read_and_shown() -> None:
    body = msgspec.json.decode(b'{"kind": "log", "name": "Log"}', type=wire.AccountCreate)
    assert (to_core_account(body).kind, to_core_account(body).name) == (AccountKind.LOG, "Log")
    assert to_core_patch(wire.AccountPatch(name="New")).settings is msgspec.UNSET
    account = SmsAccount(
        id=SmsAccountId(7),
        org_id=OrgId(1),
        name="Centre",
        kind=AccountKind.SMPP,
        settings=SmppSettings(host="smsc.example.org", system_id="me"),
        secret_paths={"password": "centre"},
        created_us=0,
        updated_us=0,
    )
    shown = from_core_account(account, AccountState(state=LinkState.WAITING, retry_us=1_000_000, last_error="no connection"))
    assert (shown.inbound_path, shown.link.retry_at) == (None, "1970-01-01T00:00:01Z")
    assert (shown.settings["password_set"], shown.settings["password_secret"]) == (True, "centre")
    assert "password" not in shown.settings
    assert from_core_check(AccountCheck(ok=True, detail="fine")) == wire.AccountCheck(ok=True, detail="fine")
