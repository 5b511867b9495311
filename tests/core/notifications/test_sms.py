"""SMS: within the plan and its month, counted once however often a job is done again."""

from __future__ import annotations

import asyncio

import pytest

from penstock.core.limits.periods import month_of
from penstock.core.notifications.errors import ChannelNotInPlan, SmsLimitReached
from penstock.core.notifications.rights import ChannelRights
from penstock.core.notifications.sms import MAX_TEXT, SmsAllowance, SmsService
from penstock.core.tenancy.models import Plan
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import DAY_US
from penstock.kit.ids import DeviceId, OrgId
from tests.support.days import HeldClock
from tests.support.shelf import Shelf

NUMBERS = ("+491", "+492")


class Provider:
    """Takes messages, unless it is down from the so-manieth on."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []
        self.takes = 100

    async def send(self, org_id: OrgId, message_id: str, number: str, text: str) -> None:
        if len(self.sent) >= self.takes:
            raise ConnectionError("down")
        self.sent.append((message_id, number, text))


def service(shelf: Shelf, provider: Provider, clock: HeldClock, plan: Plan) -> SmsService:
    plans = PlanCatalogue(shelf.database, {"enterprise": plan})
    allowance = SmsAllowance(ChannelRights(plans), plans)
    return SmsService(sender=provider, allowance=allowance, database=shelf.database, clock=clock)


async def counted(shelf: Shelf, clock: HeldClock) -> int:
    async with shelf.own() as tx:
        return await tx.usage.sms_since(month_of(clock.us)[0])


async def test_a_job_that_is_done_again_is_counted_once_under_the_same_names(shelf: Shelf) -> None:
    provider, clock = Provider(), HeldClock()
    sms = service(shelf, provider, clock, Plan())
    provider.takes = 1
    with pytest.raises(ConnectionError):
        await sms.send(shelf.acme, None, "job 1", NUMBERS, "x")
    assert await counted(shelf, clock) == 0
    provider.takes = 100
    for _ in range(2):
        assert await sms.send(shelf.acme, DeviceId(10), "job 1", NUMBERS, "x") == 2
    assert await counted(shelf, clock) == 2
    assert {(name, number) for name, number, _ in provider.sent} == {("job 1.0", "+491"), ("job 1.1", "+492")}


async def test_a_months_limit_refuses_what_would_exceed_it(shelf: Shelf) -> None:
    provider, clock = Provider(), HeldClock()
    sms = service(shelf, provider, clock, Plan(monthly_sms=3))
    await sms.send(shelf.acme, None, "job 1", NUMBERS, "x")
    with pytest.raises(SmsLimitReached):
        await sms.send(shelf.acme, None, "job 2", NUMBERS, "x")
    assert len(provider.sent) == 2
    await sms.send(shelf.acme, None, "job 3", NUMBERS[:1], "x")
    await sms.send(shelf.other, None, "job 4", NUMBERS, "x")
    clock.us += 31 * DAY_US
    await sms.send(shelf.acme, None, "job 5", NUMBERS, "x")


async def test_jobs_at_once_do_not_exceed_the_months_limit_together(shelf: Shelf) -> None:
    clock = HeldClock()

    class Slow(Provider):
        async def send(self, org_id: OrgId, message_id: str, number: str, text: str) -> None:
            await both.wait()  # until the other job was admitted or refused
            await super().send(org_id, message_id, number, text)

    both, provider = asyncio.Event(), Slow()
    sms = service(shelf, provider, clock, Plan(monthly_sms=3))
    jobs = [asyncio.ensure_future(sms.send(shelf.acme, None, f"job {at}", NUMBERS, "x")) for at in range(2)]
    done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
    assert [type(one.exception()) for one in done] == [SmsLimitReached]
    both.set()
    assert [one for one in await asyncio.gather(*jobs, return_exceptions=True) if one == 2] == [2]
    assert await counted(shelf, clock) == len(provider.sent) == 2


async def test_a_job_at_the_limit_is_repeated_under_its_names(shelf: Shelf) -> None:
    provider, clock = Provider(), HeldClock()
    sms = service(shelf, provider, clock, Plan(monthly_sms=2))
    for _ in range(2):
        assert await sms.send(shelf.acme, None, "job 1", NUMBERS, "x") == 2
    assert await counted(shelf, clock) == 2


async def test_a_plan_without_sms_sends_none_and_a_long_text_is_cut(shelf: Shelf) -> None:
    provider, clock = Provider(), HeldClock()
    with pytest.raises(ChannelNotInPlan):
        await service(shelf, provider, clock, Plan(alert_channels=("email",))).send(shelf.acme, None, "job", NUMBERS, "x")
    assert provider.sent == []
    await service(shelf, provider, clock, Plan()).send(shelf.acme, None, "job", NUMBERS[:1], "x" * 2000)
    assert provider.sent[0][2] == "x" * MAX_TEXT
