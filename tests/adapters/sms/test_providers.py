"""The provider of an account, by its kind."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.adapters.sms.log import LogProvider
from penstock.adapters.sms.providers import AccountProviders
from penstock.adapters.sms.twilio import TwilioProvider
from penstock.core.inboxes.account_config import SmsConfig
from penstock.core.inboxes.account_models import (
    AccountKind,
    AccountSettings,
    LogSettings,
    OpenAccount,
    SmppSettings,
    SmsAccount,
    TwilioSettings,
)
from penstock.core.inboxes.account_states import AccountStates
from penstock.core.inboxes.models import AccountRef, OutgoingSms
from penstock.kit.clock import SystemClock
from penstock.kit.errors import Unavailable
from penstock.kit.ids import InboxMessageId, OrgId, SmsAccountId

REF = AccountRef(OrgId(1), SmsAccountId(7))
SMPP = SmppSettings(host="smsc.example.org", system_id="me")
CONFIG = SmsConfig(public_url="", response_timeout_s=5, enquire_link_s=5, reconnect_min_s=1, reconnect_max_s=1, max_connections=1)


class Accounts:
    """One account, with the settings of the test."""

    def __init__(self, settings: AccountSettings) -> None:
        kind = {LogSettings: AccountKind.LOG, TwilioSettings: AccountKind.TWILIO, SmppSettings: AccountKind.SMPP}[type(settings)]
        account = SmsAccount(id=REF.id, org_id=REF.org_id, name="x", kind=kind, settings=settings, created_us=1, updated_us=1)
        self.opened = OpenAccount(account=account, settings=settings)

    async def open(self, ref: AccountRef) -> OpenAccount:
        return self.opened


class Links:
    """One link, which is connected or not."""

    def __init__(self, connected: bool) -> None:
        self.is_connected = connected

    def find(self, account_id: SmsAccountId) -> Any:
        return self


def providers(settings: AccountSettings) -> AccountProviders:
    accounts: Any = Accounts(settings)
    http: Any = None
    return AccountProviders(accounts, http, AccountStates(SystemClock()), CONFIG)


async def test_each_kind_has_its_provider() -> None:
    assert isinstance(await providers(LogSettings()).of(None), LogProvider)
    assert isinstance(await providers(LogSettings()).of(REF), LogProvider)
    twilio = TwilioSettings(account_sid="AC" + "0" * 32, auth_token="t")
    assert isinstance(await providers(twilio).of(REF), TwilioProvider)
    found = providers(SMPP)
    provider = await found.of(REF)
    with pytest.raises(Unavailable):
        await provider.submit(OutgoingSms(id=InboxMessageId(1), sender="+1", recipient="+2", text="x"))
    links: Any = Links(connected=True)
    found.links = links
    assert await found.of(REF) is links


@pytest.mark.parametrize("connected", [True, False])
async def test_a_message_centre_is_checked_by_its_connection(connected: bool) -> None:
    found = providers(SMPP)
    assert (await found.probe(Accounts(SMPP).opened)).ok is False
    links: Any = Links(connected)
    found.links = links
    assert (await found.probe(Accounts(SMPP).opened)).ok is connected
