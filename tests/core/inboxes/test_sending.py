"""SMS are queued for callers within the plan, and for alerts and rules once for each job."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.core.inboxes.errors import AddressNotFound, AddressReleased, TooManyQueued
from penstock.core.inboxes.models import Direction, NewSms, Status
from penstock.core.limits.periods import month_of
from penstock.core.notifications.errors import ChannelNotInPlan, SmsLimitReached
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import DeviceId
from tests.support.inboxes import NUMBER, OTHER, PEER, InboxSite, open_inboxes


async def set_plan(site: InboxSite, plan: str) -> None:
    await site.server.subscriptions.set_plan("Acme", plan)


async def test_a_plan_without_sms_refuses_it_by_name(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        await set_plan(site, "starter")
        with pytest.raises(ChannelNotInPlan, match="starter"):
            await site.send()
        await set_plan(site, "business")
        await site.send()


async def test_the_months_limit_is_shared_with_alerts(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        await set_plan(site, "business")
        async with site.server.database.transaction(site.actor.org_id) as tx:
            await tx.usage.add_sms(DeviceId(0), month_of(site.server.clock.now_us())[0], 97)  # of 100
        await site.send()
        sms = site.server.parts.notifications.sms
        await sms.send(site.actor.org_id, None, "job", [PEER], "Too warm")
        await site.send()
        with pytest.raises(SmsLimitReached):
            await site.send()
        with pytest.raises(SmsLimitReached):
            await sms.send(site.actor.org_id, None, "job 2", [PEER], "Too warm")


async def test_alerts_send_from_the_number_for_notifications_once(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number(NUMBER, for_notifications=True)
        await site.add_number(OTHER, for_notifications=True)
        sms = site.server.parts.notifications.sms
        for _ in range(2):
            await sms.send(site.actor.org_id, None, "job", [PEER, "+447700900457"], "Too warm")
        found = await site.messages(direction=Direction.OUTBOUND)
        assert sorted((one.message.recipient, one.message.sender) for one in found) == [(PEER, OTHER), ("+447700900457", OTHER)]
        await site.pass_on()
        assert {one.text for one in site.provider.given} == {"Too warm"}


async def test_without_such_a_number_they_are_only_logged(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        assert await site.server.parts.notifications.sms.send(site.actor.org_id, None, "job", [PEER], "Too warm") == 1
        assert await site.messages() == []


@pytest.mark.parametrize(
    ("sender", "recipient", "body", "field"),
    [
        ("447700900123", PEER, "x", "from"),
        (NUMBER, "+0123456789", "x", "to"),
        (NUMBER, "+44770090٠123", "x", "to"),
        (NUMBER, PEER, "", "body"),
        (NUMBER, PEER, "x" * 1_601, "body"),
    ],
)
async def test_what_is_no_sms_is_refused(tmp_path: Path, sender: str, recipient: str, body: str, field: str) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        with pytest.raises(InvalidInput) as refused:
            await site.inboxes.sending.send(site.actor, NewSms(sender=sender, recipient=recipient, body=body))
        assert [one.field for one in refused.value.errors] == [field]


async def test_only_from_a_number_that_is_in_use(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        with pytest.raises(AddressNotFound):
            await site.send()
        address = await site.add_number()
        await site.inboxes.addresses.release(site.actor, address.id)
        with pytest.raises(AddressReleased):
            await site.send()


async def test_as_many_wait_as_the_limit_allows(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path, PENSTOCK_INBOXES_MAX_QUEUED="2") as site:
        await site.add_number()
        waiting = [await site.send() for _ in range(2)]
        with pytest.raises(TooManyQueued):
            await site.send()
        await site.pass_on()
        assert {(await site.state(one))[0] for one in waiting} == {Status.SENT}
        await site.send()
