"""Messages go when they are as old as is set."""

from __future__ import annotations

from pathlib import Path

from penstock.core.inboxes.account_models import AccountKind, LogSettings, NewAccount
from penstock.core.inboxes.long_texts import KEPT_US, PartPlace, StoredPart
from penstock.core.vault.models import Sealed
from penstock.kit.clock import DAY_US
from penstock.workers.inbox_tidy import InboxTidy
from tests.support.days import HeldClock
from tests.support.inboxes import open_inboxes


async def test_messages_are_kept_for_as_many_days_as_are_set(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_inboxes(tmp_path, clock, PENSTOCK_INBOXES_MESSAGES_KEPT_DAYS="2") as site:
        await site.add_number()
        await site.receive("old", "a")
        clock.us += DAY_US
        await site.receive("new", "b")
        tidy = InboxTidy(site.server.database, clock, site.inboxes.tidy._config)
        clock.us += DAY_US // 2
        assert await tidy.step() is False
        assert len(await site.messages()) == 2
        clock.us += DAY_US
        await tidy.step()
        assert [one.content and one.content.body for one in await site.messages()] == ["new"]


async def test_parts_of_texts_that_stay_incomplete_are_deleted(tmp_path: Path) -> None:
    """Also of an account that receives nothing more: the keys that they need are not kept for them."""
    clock = HeldClock()
    async with open_inboxes(tmp_path, clock) as site:
        database, org_id = site.server.database, site.actor.org_id
        made = NewAccount(name="x", kind=AccountKind.LOG, settings=LogSettings())
        account = await site.server.parts.sms.accounts.service.create(site.actor, made)
        place = PartPlace(account_id=account.id, sender="a", recipient="b", header_bits=8, reference=1, total=2)
        part = StoredPart(text_number=1, place=1, sealed=Sealed(1, b"", b""), received_us=clock.us)
        async with database.transaction(org_id) as tx:
            await tx.sms_parts.add(place, part)
        tidy = InboxTidy(database, clock, site.inboxes.tidy._config)
        for after_us, left in ((KEPT_US, 1), (1, 0)):
            clock.us += after_us
            await tidy.step()
            async with database.snapshot(org_id) as tx:
                assert len(await tx.sms_parts.parts(place)) == left
