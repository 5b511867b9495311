"""Quiet hours: a person's own, with what makes sense, and in the audit log when they change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from penstock.core.audit.trail import AuditTrail
from penstock.core.notifications.hours import ActiveHours
from penstock.core.notifications.models import Quiet
from penstock.core.notifications.quiet_hours import QuietHoursService
from penstock.core.people.errors import SessionRequired
from penstock.kit.errors import InvalidInput
from tests.core.people.house import House, open_house

NIGHT = Quiet(hours=ActiveHours(time_zone="Europe/Brussels", from_minute=1320, to_minute=360))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as opened:
        yield opened


async def test_they_are_kept_until_they_are_taken_back_once(house: House) -> None:
    service = QuietHoursService(database=house.control.database, trail=AuditTrail(house.clock), clock=house.clock)
    owner, member = await house.owner(), await house.join("grace@example.org")
    before = len(await house.acts())
    assert await service.get(owner) is None
    assert await service.set(owner, NIGHT) == NIGHT == await service.get(owner)
    assert await service.get(member) is None
    for _ in range(2):
        await service.delete(owner)
    assert await service.get(owner) is None
    assert (await house.acts())[before:] == ["user.quiet_hours_set", "user.quiet_hours_delete"]


async def test_what_makes_no_sense_and_who_is_nobody(house: House) -> None:
    service = QuietHoursService(database=house.control.database, trail=AuditTrail(house.clock), clock=house.clock)
    for hours in (ActiveHours(time_zone="Mars/Base"), ActiveHours(time_zone="UTC")):
        with pytest.raises(InvalidInput):
            await service.set(await house.owner(), Quiet(hours=hours))
    for call in (service.get(house.root), service.set(house.root, NIGHT), service.delete(house.root)):
        with pytest.raises(SessionRequired):
            await call
