"""Mails of notifications: so many at once, the rest as one, and none in quiet hours."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from penstock.core.notifications import gathering
from penstock.core.notifications.hours import ActiveHours
from penstock.core.notifications.mails import Notifier
from penstock.core.notifications.models import Notice, Quiet, Severity
from penstock.kit.clock import MINUTE_US
from penstock.settings import load_settings
from tests.core.people.house import House, open_house

ADA = "acme@example.org"
CONFIG = msgspec.structs.replace(load_settings(environment={}).notifications, mails_per_window=2, window_s=600)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


def notifier(house: House) -> Notifier:
    return Notifier(house.people.post, house.clock, CONFIG)


async def told(
    house: House, *subjects: str, to: str = ADA, severity: Severity = Severity.WARNING, prompt: bool = False
) -> list[bool]:
    """Tell of each, a second apart; whether it was sent at once."""
    found = []
    for subject in subjects:
        house.clock.us += 1_000_000
        async with house.control.database.transaction(house.acme) as tx:
            notice = Notice(subject=subject, text="x", severity=severity, prompt=prompt)
            found.append(await notifier(house).mail(tx, house.acme, to, notice))
    return found


async def flushed(house: House) -> list[str]:
    """The subjects of what was sent, after what is due was."""
    async with house.control.database.transaction(house.acme) as tx:
        await notifier(house).flush(tx, house.acme, ADA)
    return [mail.subject for mail in await house.mails()]


async def test_the_rest_of_a_window_comes_as_one(house: House) -> None:
    assert await told(house, "a", "b", "c", "c", "d") == [True, True, False, False, False]
    assert await flushed(house) == ["a", "b"]
    house.clock.us += 600 * 1_000_000
    assert len(await flushed(house)) == 3
    assert len(await flushed(house)) == 3, "once"
    assert await told(house, "e", "f") == [True, False], "the digest counts in the new window"


async def test_addresses_are_one_in_any_spelling_and_each_has_its_own_window(house: House) -> None:
    assert await told(house, "a", "b") == [True, True]
    assert await told(house, "c", to=ADA.upper()) == [False]
    assert await told(house, "c", to="bob@example.org") == [True]
    house.clock.us += 600 * 1_000_000
    assert await told(house, "d") == [True]


async def test_what_somebody_just_asked_for_is_neither_held_nor_counted(house: House) -> None:
    assert await told(house, "a", "b", "c", prompt=True) == [True] * 3
    assert await told(house, "d", "e", "f") == [True, True, False]


async def test_a_clock_that_was_set_back_holds_nothing_for_long(house: House) -> None:
    house.clock.us += 1000 * MINUTE_US
    await told(house, "a", "b")
    house.clock.us -= 900 * MINUTE_US
    assert await told(house, "c") == [True]


async def test_quiet_hours_hold_what_does_not_break_through(house: House) -> None:
    async with house.control.database.system() as tx:
        user = await tx.users.find_by_email(ADA)
        assert user is not None
        hours = ActiveHours(time_zone="UTC", from_minute=11 * 60, to_minute=13 * 60)
        await tx.quiet_hours.set(user.id, Quiet(hours=hours, breaks_through=Severity.CRITICAL), 1)
    assert await told(house, "a") == [False]
    assert await told(house, "b", severity=Severity.CRITICAL) == [True]
    house.clock.us += 30 * MINUTE_US
    assert await flushed(house) == ["b"]
    house.clock.us += 30 * MINUTE_US
    assert await flushed(house) == ["b", "a"]


async def test_subjects_that_all_differ_are_counted_together_in_the_end(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MAX_SUBJECTS", 1)
    await told(house, "a", "b", "c", "d", "e")
    async with house.control.database.snapshot(house.acme) as tx:
        held = await tx.notices.due(ADA, 2**60, 10)
    assert sorted((one.subject, one.count) for one in held) == [("Notifications with other subjects", 2), ("c", 1)]
