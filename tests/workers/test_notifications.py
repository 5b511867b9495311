"""Mails that wait: in a storm, in quiet hours, over restarts, with the clock in hand."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from penstock.core.alerts.actions import Action, ChatAction, EmailAction
from penstock.core.alerts.conditions import Threshold
from penstock.core.alerts.jobs import ActionJob
from penstock.core.alerts.models import NewAlert, Target
from penstock.core.alerts.store import AlertTransaction
from penstock.core.notifications.errors import SmsLimitReached
from penstock.core.notifications.gathering import MAX_SUBJECTS
from penstock.core.notifications.hours import ActiveHours
from penstock.core.notifications.models import Notice, Quiet, Severity
from penstock.core.people.models import Message
from penstock.kit.clock import HOUR_US, SECOND_US, parse_time
from penstock.kit.errors import Unavailable
from tests.support.commands import Site, open_site
from tests.support.days import NOON_US, HeldClock
from tests.support.waiting import CEILING_S

ADA = "ada@example.org"
OWNER = "a@example.org"
"""The user of the site's organisation."""
WINDOW_US = 600 * SECOND_US
PER_WINDOW = 20
NIGHT = ActiveHours(time_zone="Europe/Berlin", from_minute=22 * 60, to_minute=6 * 60)


async def tell(site: Site, *severities: Severity, to: str = ADA, subject: str = "Warm", text: str = "It is 7.") -> None:
    notifier = site.server.parts.notifications.notifier
    for severity in severities:
        async with site.server.database.transaction(site.actor.org_id) as tx:
            await notifier.mail(tx, site.actor.org_id, to, Notice(subject=subject, text=text, severity=severity))


async def mailed(site: Site) -> list[Message]:
    """What the worker of what waits, and then that of mails, has to send; the queue is empty afterwards."""
    worker = site.server.parts.notifications.worker
    while await worker.step():
        pass
    async with site.server.database.system() as tx:
        queued = await tx.mail.due(2**62, 1_000)
        for mail in queued:
            await tx.mail.delete(mail.id)
    return [site.server.people.post.opened(mail) for mail in queued]


async def be_quiet(site: Site, quiet: Quiet) -> None:
    async with site.server.database.system() as tx:
        user = await tx.users.find_by_email(OWNER)
        assert user is not None
        await tx.quiet_hours.set(user.id, quiet, 0)


async def test_in_a_storm_the_rest_comes_as_one_at_the_end_of_the_window(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        await tell(site, *[Severity.WARNING] * 1_000)
        await tell(site, Severity.CRITICAL, subject="Hot", text="It is 99.")
        await tell(site, Severity.WARNING, to="grace@example.org")
        found = await mailed(site)
        assert [one.to for one in found] == [ADA] * PER_WINDOW + ["grace@example.org"], "others are not held up"
        clock.us += WINDOW_US - 1
        assert await mailed(site) == []
    async with open_site(tmp_path, clock, run_workers=False) as site:  # what waits is in the database
        clock.us += 1
        (digest,) = await mailed(site)
        assert (digest.to, digest.subject) == (ADA, "[CRITICAL] 981 notifications")
        assert "980 x Warm" in digest.text
        assert digest.text.index("1 x Hot") < digest.text.index("980 x Warm"), "the worst first"
        assert "It is 99." in digest.text
        assert await mailed(site) == [], "told once"
        await tell(site, *[Severity.WARNING] * PER_WINDOW)
        assert len(await mailed(site)) == PER_WINDOW - 1, "the digest was one of the new window's"
        clock.us += WINDOW_US
        assert [one.subject for one in await mailed(site)] == ["Warm"], "a single one is itself"


async def test_subjects_that_all_differ_are_bounded_and_counted(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        for number in range(PER_WINDOW):
            await tell(site, Severity.INFO, subject=f"{number}")
        async with site.server.database.transaction(site.actor.org_id) as tx:
            for number in range(MAX_SUBJECTS + 50):
                notice = Notice(subject=f"Value {number}", text="x")
                await site.server.parts.notifications.notifier.mail(tx, site.actor.org_id, ADA, notice)
            assert await tx.notices.count_subjects(ADA) == MAX_SUBJECTS + 1
        await mailed(site)
        clock.us += WINDOW_US
        (digest,) = await mailed(site)
        assert digest.subject == f"[WARNING] {MAX_SUBJECTS + 50} notifications"
        assert "more." in digest.text
        assert len(digest.text) < 60_000


async def test_quiet_hours_hold_back_until_they_end_but_for_what_breaks_through(tmp_path: Path) -> None:
    clock = HeldClock(parse_time("2026-05-02T21:00:00Z"))
    async with open_site(tmp_path, clock, run_workers=False) as site:
        await be_quiet(site, Quiet(hours=NIGHT))
        await tell(site, Severity.WARNING, Severity.WARNING, Severity.INFO, to=OWNER)
        await tell(site, Severity.CRITICAL, to=OWNER.upper(), subject="Hot")
        await tell(site, Severity.INFO, to=ADA)
        assert sorted((one.to, one.subject) for one in await mailed(site)) == [(OWNER.upper(), "Hot"), (ADA, "Warm")]
        clock.us = parse_time("2026-05-03T03:59:59Z")
        assert await mailed(site) == []
    async with open_site(tmp_path, clock, run_workers=False) as site:
        clock.us = parse_time("2026-05-03T04:00:00Z")
        (digest,) = await mailed(site)
        assert (digest.to, digest.subject) == (OWNER, "[WARNING] 3 notifications")
        await tell(site, Severity.INFO, to=OWNER)
        assert len(await mailed(site)) == 1


async def test_what_is_gathered_does_not_come_in_quiet_hours_either(tmp_path: Path) -> None:
    clock = HeldClock(parse_time("2026-05-02T19:55:00Z"))
    async with open_site(tmp_path, clock, run_workers=False) as site:
        await be_quiet(site, Quiet(hours=NIGHT))
        await tell(site, *[Severity.WARNING] * (PER_WINDOW + 3), to=OWNER)
        await tell(site, Severity.CRITICAL, to=OWNER, subject="Hot")
        assert len(await mailed(site)) == PER_WINDOW
        clock.us += WINDOW_US  # 22:05 in Berlin
        assert [one.subject for one in await mailed(site)] == ["Hot"]
        clock.us += 8 * HOUR_US
        assert [one.subject for one in await mailed(site)] == ["[WARNING] 3 notifications"]


async def test_nothing_breaks_through_where_that_is_set(tmp_path: Path) -> None:
    clock = HeldClock(parse_time("2026-05-02T21:00:00Z"))
    async with open_site(tmp_path, clock, run_workers=False) as site:
        await be_quiet(site, Quiet(hours=NIGHT, breaks_through=None))
        await tell(site, Severity.CRITICAL, to=OWNER)
        assert await mailed(site) == []
        clock.us += 8 * HOUR_US
        assert [one.subject for one in await mailed(site)] == ["Warm"]


async def test_a_crash_before_the_commit_tells_once(tmp_path: Path) -> None:
    clock = HeldClock(NOON_US)
    async with open_site(tmp_path, clock, run_workers=False) as site:
        await tell(site, *[Severity.WARNING] * (PER_WINDOW + 5))
        await mailed(site)
        clock.us += WINDOW_US
        notifier, org_id = site.server.parts.notifications.notifier, site.actor.org_id

        async def cut() -> None:
            async with site.server.database.transaction(org_id) as tx:
                await notifier.flush(tx, org_id, ADA)
                raise RuntimeError("power")

        with pytest.raises(RuntimeError, match="power"):
            await cut()
        assert [one.subject for one in await mailed(site)] == ["[WARNING] 5 notifications"]


class Runner:
    """Carries out actions as the test says: `open` lets them end, `failing` makes them fail."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.failing = False
        self.asks: dict[str, int] = {}
        self.tried: list[int] = []

    async def check(self, tx: AlertTransaction, action: Action, field: str) -> None:
        """All are good."""

    async def run(self, job: ActionJob) -> None:
        self.tried.append(job.id)
        await self.open.wait()
        if self.failing:
            raise Unavailable(reason="not now", **self.asks)


async def raise_three(site: Site) -> None:
    """An alert whose actions are a chat and a mail, tried out three times."""
    device = await site.add_device()
    actions = (ChatAction("ops"), EmailAction((ADA,)))
    wanted = NewAlert(name="Warm", target=Target(devices=(device.id,)), condition=Threshold("t", ">", 6), actions=actions)
    definitions = site.server.parts.alerts.definitions
    alert = await definitions.create(site.actor, wanted)
    for _ in range(3):
        await definitions.test(site.actor, alert.id, device.id)


async def test_a_chat_that_does_not_answer_holds_up_nobody_and_is_tried_on_schedule(tmp_path: Path) -> None:
    clock, runner = HeldClock(), Runner()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        site.server.parts.alerts.runners.register("chat", runner)
        await raise_three(site)
        worker = site.server.parts.alerts.actions
        stepping = asyncio.create_task(worker.step())
        async with asyncio.timeout(CEILING_S):
            while len(await mailed(site)) < 1:
                await asyncio.sleep(0.01)
        assert len(runner.tried) == 1, "the mails are out while the chat keeps us waiting"
        runner.failing = True
        runner.open.set()
        await stepping
        assert len(runner.tried) == 1, "the others wait with it"
        await worker.step()
        assert len(runner.tried) == 1
        async with site.server.database.system_snapshot() as tx:
            left = await tx.alerts.due_jobs(2**62, 10)
        assert sorted(job.attempts for job in left) == [0, 0, 1]
        clock.us += 5 * SECOND_US
        runner.failing = False
        await worker.step()
        assert len(runner.tried) == 4
        async with site.server.database.system_snapshot() as tx:
            assert list(await tx.alerts.due_jobs(2**62, 10)) == []


async def test_the_plans_sms_of_a_month(tmp_path: Path) -> None:
    clock = HeldClock()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        await site.server.subscriptions.set_plan("Acme", "business")
        sms, org_id = site.server.parts.notifications.sms, site.actor.org_id
        await sms.send(org_id, None, "one", ["+4915112345678"] * 99, "x")
        await sms.send(org_id, None, "one", ["+4915112345678"], "the same job again is counted once")
        with pytest.raises(SmsLimitReached, match="limit of 100 SMS per month"):
            await sms.send(org_id, None, "two", ["+4915112345678"] * 2, "x")
        await sms.send(org_id, None, "two", ["+4915112345678"], "x")
        clock.next_day(30)
        await sms.send(org_id, None, "three", ["+4915112345678"] * 2, "x")
        async with site.server.database.snapshot(org_id) as tx:
            assert await tx.usage.sms_since(0) == 102


@pytest.mark.parametrize(("asked_s", "waits_s"), [(900, 900), (1, 5), (10_000_000, 86_400)])
async def test_an_action_waits_as_long_as_its_busy_provider_asks(tmp_path: Path, asked_s: int, waits_s: int) -> None:
    """Any provider, as one of SMS, may say `retry_after_s`; it is then left alone by the actions behind it too."""
    clock, runner = HeldClock(), Runner()
    runner.failing, runner.asks = True, {"retry_after_s": asked_s}
    runner.open.set()
    async with open_site(tmp_path, clock, run_workers=False) as site:
        site.server.parts.alerts.runners.register("chat", runner)
        await raise_three(site)
        worker = site.server.parts.alerts.actions
        await worker.step()
        clock.us += waits_s * SECOND_US - 1
        await worker.step()
        assert len(runner.tried) == 1
        clock.us += 1
        runner.failing = False
        await worker.step()
        assert len(runner.tried) == 4
