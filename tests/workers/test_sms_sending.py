"""Each SMS is passed to a provider at most once, in the order of its number, whatever ends in between."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from penstock.core.inboxes.errors import OutcomeUnknown, SmsRefused
from penstock.core.inboxes.models import AccountRef, OutgoingSms, Status, Submitted
from penstock.core.inboxes.ports import SmsProvider
from penstock.core.limits.periods import month_of
from penstock.kit.clock import SECOND_US
from penstock.kit.errors import Unavailable
from penstock.kit.ids import SmsAccountId
from penstock.workers.sms_sending import AT_ONCE_OF_ACCOUNT
from tests.support.days import HeldClock
from tests.support.inboxes import NUMBER, OTHER, InboxSite, open_inboxes


async def counted(site: InboxSite) -> int:
    async with site.server.database.snapshot(site.actor.org_id) as tx:
        return await tx.usage.sms_since(month_of(site.server.clock.now_us())[0])


def failing(error: Exception) -> object:
    def answer(sms: OutgoingSms) -> Submitted:
        raise error

    return answer


@pytest.mark.parametrize(
    ("error", "status", "reason", "still_counted"),
    [
        (SmsRefused(reason="not a mobile number"), Status.FAILED, "not a mobile number", 0),
        (OutcomeUnknown(reason="closed"), Status.UNKNOWN, "closed", 1),
        (TimeoutError(), Status.UNKNOWN, "the provider did not answer in time", 1),
        (ZeroDivisionError(), Status.UNKNOWN, "the provider's client failed", 1),
    ],
)
async def test_an_sms_that_fails_is_not_sent_again(
    tmp_path: Path, error: Exception, status: Status, reason: str, still_counted: int
) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        site.provider.answer = failing(error)  # type: ignore[assignment]
        sent = await site.send()
        await site.pass_on()
        await site.pass_on()
        assert (await site.state(sent), len(site.provider.given)) == ((status, reason), 1)
        assert await counted(site) == still_counted


async def test_what_was_certainly_not_sent_is_tried_again_and_later_ones_wait(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_inboxes(tmp_path, clock) as site:
        await site.add_number()
        site.provider.answer = failing(Unavailable(reason="busy"))  # type: ignore[assignment]
        first, second = await site.send("first"), await site.send("second")
        await site.pass_on()
        assert await site.state(first) == (Status.QUEUED, "busy")
        assert [one.text for one in site.provider.given] == ["first"]
        site.provider.answer = lambda sms: Submitted(())
        clock.us += 6 * SECOND_US
        await site.pass_on()
        assert [one.text for one in site.provider.given] == ["first", "first", "second"]
        assert {(await site.state(one))[0] for one in (first, second)} == {Status.SENT}


async def test_an_sms_is_given_up_after_a_day(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_inboxes(tmp_path, clock) as site:
        await site.add_number()
        site.provider.answer = failing(Unavailable(reason="busy"))  # type: ignore[assignment]
        sent = await site.send()
        clock.us += 86_400 * SECOND_US
        await site.pass_on()
        assert (await site.state(sent), await counted(site)) == ((Status.FAILED, "busy"), 0)


async def test_numbers_do_not_wait_for_one_another(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        for number in (NUMBER, OTHER):
            await site.add_number(number)
        site.provider.gate = asyncio.Event()
        for number in (NUMBER, NUMBER, OTHER):
            await site.send(sender=number)
        await site.inboxes.worker.step()
        while len(site.provider.given) < 2:
            await asyncio.sleep(0.01)
        await site.inboxes.worker.step()
        assert sorted(one.sender for one in site.provider.given) == [NUMBER, OTHER]
        assert len(site.inboxes.worker._lanes) == 2
        site.provider.gate.set()
        await site.inboxes.worker.settle_all()
        await site.pass_on()
        assert len(site.provider.given) == 3


async def test_what_is_being_sent_when_the_server_ends_is_unknown_and_not_sent_again(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        site.provider.gate = asyncio.Event()
        first, second = await site.send("first"), await site.send("second")
        await site.inboxes.worker.step()
        lane = next(iter(site.inboxes.worker._lanes.values()))
        while not site.provider.given:
            await asyncio.sleep(0.01)
        lane.cancel()  # as a kill: nothing is stored any more
        await asyncio.gather(lane, return_exceptions=True)
        assert await site.state(first) == (Status.SENDING, "")
    async with open_inboxes(tmp_path) as again:
        await again.inboxes.worker.recover()
        await again.pass_on()
        assert [one.text for one in again.provider.given] == ["second"]
        assert (await again.state(first))[0] is Status.UNKNOWN
        assert (await again.state(second))[0] is Status.SENT
        assert Counter(one.id for one in [*site.provider.given, *again.provider.given]).most_common(1)[0][1] == 1


async def test_an_account_is_not_given_more_per_second_than_is_set(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path, PENSTOCK_INBOXES_SENDS_PER_SECOND="20") as site:
        await site.add_number()
        for _ in range(5):
            await site.send()
        began = asyncio.get_running_loop().time()
        await site.pass_on()
        assert asyncio.get_running_loop().time() - began >= 4 / 20
        assert len(site.provider.given) == 5


async def test_what_waits_on_a_released_number_is_not_sent(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        address = await site.add_number()
        sent = await site.send()
        await site.inboxes.addresses.release(site.actor, address.id)
        await site.pass_on()
        assert (await site.state(sent), site.provider.given) == ((Status.FAILED, "its number was released"), [])
        assert await counted(site) == 0


async def test_an_sms_that_cannot_be_prepared_does_not_hold_up_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        bad, good = await site.send("bad"), await site.send("good")
        of = site.provider.of

        async def broken_once(account: AccountRef | None) -> SmsProvider:
            monkeypatch.setattr(site.provider, "of", of)
            raise ZeroDivisionError

        monkeypatch.setattr(site.provider, "of", broken_once)
        await site.pass_on()
        assert await site.state(bad) == (Status.FAILED, "it could not be prepared for the provider")
        assert (await site.state(good), await counted(site)) == ((Status.SENT, ""), 1)


async def test_no_account_waits_for_a_slow_one(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path, PENSTOCK_INBOXES_SENDS_PER_SECOND="1000") as site:
        for at in range(AT_ONCE_OF_ACCOUNT + 2):
            await site.add_number(f"+4477009010{at:02}")
            await site.send(sender=f"+4477009010{at:02}")
        await site.add_number(account=SmsAccountId(72))
        await site.send()
        site.provider.gate = asyncio.Event()
        await site.inboxes.worker.step()
        while len(site.provider.given) < AT_ONCE_OF_ACCOUNT + 1:
            await asyncio.sleep(0.01)
        await site.inboxes.worker.step()
        assert len(site.inboxes.worker._lanes) == AT_ONCE_OF_ACCOUNT + 1
        assert NUMBER in {one.sender for one in site.provider.given}
        site.provider.gate.set()
        await site.inboxes.worker.settle_all()
        await site.pass_on()
        assert len(site.provider.given) == AT_ONCE_OF_ACCOUNT + 3
        assert not site.inboxes.worker._of_account


async def test_a_provider_that_repeats_the_text_is_not_quoted(tmp_path: Path) -> None:
    async with open_inboxes(tmp_path) as site:
        await site.add_number()
        site.provider.answer = failing(SmsRefused(reason="'Your code is 481902' was filtered"))  # type: ignore[assignment]
        sent = await site.send("Your code is 481902")
        await site.pass_on()
        assert await site.state(sent) == (Status.FAILED, "the provider's reason repeats the text")


async def test_a_provider_cannot_postpone_an_sms_for_longer_than_the_longest_wait(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_inboxes(tmp_path, clock) as site:
        await site.add_number()
        busy = Unavailable(reason="busy", retry_after_s=10**30)
        site.provider.answer = failing(busy)  # type: ignore[assignment]
        sent = await site.send()
        await site.pass_on()
        assert await site.state(sent) == (Status.QUEUED, "busy")
        clock.us += 601 * SECOND_US
        await site.pass_on()
        assert len(site.provider.given) == 2
