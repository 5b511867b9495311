"""Links are kept for the accounts that there are, with the settings that they have."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from penstock.adapters.sms.smpp_links import SmppLinks, in_turns
from penstock.core.inboxes.account_errors import SmsAccountCredentialsMissing
from penstock.core.inboxes.account_models import AccountKind, OpenAccount, SmppSettings, SmsAccount
from penstock.core.inboxes.account_states import LinkState
from penstock.core.inboxes.errors import SmsAccountNotFound
from penstock.core.inboxes.models import AccountRef
from penstock.core.tenancy.errors import OrganizationSuspended
from penstock.kit.errors import Unavailable
from penstock.kit.ids import OrgId, SmsAccountId
from tests.adapters.sms.test_smpp import Rig, until
from tests.support.message_centre import MessageCentre


class Accounts:
    """The accounts of a server, and its gate."""

    def __init__(self) -> None:
        self.sms_accounts = self
        self.settings: dict[SmsAccountId, SmppSettings] = {}
        self.suspended = False
        self.broken: Exception | None = None
        self.opened = 0
        self.listener: Any = None

    def subscribe(self, listener: Any) -> None:
        self.listener = listener

    @asynccontextmanager
    async def system_snapshot(self) -> AsyncIterator[Accounts]:
        yield self

    async def connecting(self, after: SmsAccountId, limit: int) -> list[AccountRef]:
        return [AccountRef(OrgId(1), account_id) for account_id in self.settings if account_id > after][:limit]

    async def check_running(self, org_id: OrgId) -> None:
        if self.suspended:
            raise OrganizationSuspended()

    async def open(self, ref: AccountRef) -> OpenAccount:
        self.opened += 1
        if self.broken is not None:
            raise self.broken
        if ref.id not in self.settings:
            raise SmsAccountNotFound(account_id="sma_1")
        settings = self.settings[ref.id]
        account = SmsAccount(
            id=ref.id, org_id=ref.org_id, name="x", kind=AccountKind.SMPP, settings=settings, created_us=1, updated_us=1
        )
        return OpenAccount(account=account, settings=settings)


async def test_links_follow_their_accounts() -> None:
    async with MessageCentre() as centre:
        rig, accounts, one = Rig(centre), Accounts(), SmsAccountId(1)
        given: Any = accounts
        links = SmppLinks(parts=rig.link._parts, database=given, accounts=given, gate=given)
        running = asyncio.create_task(links.run())
        accounts.settings[one] = rig.link.settings
        accounts.listener(one)
        await until(lambda: links.connected == 1)
        accounts.listener(one)
        await centre.bound(1)
        link = links.find(one)
        accounts.settings[one] = SmppSettings(host="127.0.0.1", port=centre.port, system_id="another", password="secret")
        accounts.listener(one)
        await centre.bound(2)
        await until(lambda: links.connected == 1)
        assert links.find(one) is not link
        assert centre.binds[1].params["system_id"] == b"another"
        accounts.suspended = True
        accounts.listener(one)
        await until(lambda: links.find(one) is None)
        await until(lambda: rig.states.find(one).state is LinkState.STOPPED)
        accounts.suspended = False
        accounts.broken = SmsAccountCredentialsMissing(account_id="sma_1")
        accounts.listener(one)
        await until(lambda: "are missing" in (rig.states.find(one).last_error or ""))
        accounts.broken = None
        accounts.listener(one)
        await until(lambda: links.connected == 1)
        before, accounts.broken = accounts.opened, Unavailable(reason="no master key")
        accounts.listener(one)
        await until(lambda: accounts.opened > before)
        assert links.connected == 1, "what passes ends nothing"
        accounts.broken = SmsAccountCredentialsMissing(account_id="sma_1")
        accounts.listener(one)
        await until(lambda: links.find(one) is None and rig.states.find(one).state is LinkState.STOPPED)
        accounts.broken = None
        accounts.listener(one)
        await until(lambda: links.connected == 1)
        del accounts.settings[one]
        accounts.listener(one)
        await until(lambda: links.find(one) is None and centre.unbinds == 4)
        accounts.settings |= {SmsAccountId(number): rig.link.settings for number in range(2, 9)}
        accounts.listener(one)
        await until(lambda: links.connected == 5)
        assert rig.states.find(SmsAccountId(8)).state is LinkState.STOPPED, "above the limit"
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        assert centre.unbinds == 9


def test_no_organisation_takes_all_connections() -> None:
    found = [AccountRef(OrgId(1), SmsAccountId(number)) for number in range(1, 5)] + [AccountRef(OrgId(2), SmsAccountId(9))]
    assert [one.id for one in in_turns(found)] == [1, 9, 2, 3, 4]
