"""Usage by day and project: carried over from an older database, kept beside the hours, pruned without them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from penstock.adapters.storage.sqlite import migrations
from penstock.bootstrap import DataDir, open_control
from penstock.bootstrap.server import Control
from penstock.core.actor import Actor
from penstock.core.limits.models import Refusal, RefusalFilter
from penstock.core.usage.models import CallHour, DeviceHour, UsageBy, UsageRow
from penstock.core.usage.service import UsageService
from penstock.kit.clock import DAY_US, HOUR_US, SystemClock
from penstock.kit.paging import Page
from penstock.settings import load_settings

TODAY_US = 20_576 * DAY_US
BEFORE = "0004_usage"


def make_old(data_dir: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database of the schema before, with the first hour counted by organisation only, as the schema before that did."""
    folder.mkdir()
    for file in migrations.migration_files():
        if file.stem <= BEFORE:
            shutil.copy(file, folder)
    DataDir(data_dir).pepper()
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "MIGRATIONS", folder)
        migrations.migrate(data_dir, "then")
    with closing(sqlite3.connect(data_dir / migrations.CONTROL_FILE)) as connection:
        connection.execute("INSERT INTO organizations (id, name, plan, created_us) VALUES (1, 'Acme', 'enterprise', 0)")
        hours = [(1, TODAY_US, 10, 20), (1, TODAY_US + HOUR_US, 7, 14)]
        connection.executemany("INSERT INTO usage_hours VALUES (?, ?, ?, ?)", hours)
        devices = [(1, TODAY_US + HOUR_US, 5, 50, 4, 8, 80), (1, TODAY_US + HOUR_US, 6, 0, 2, 4, 40)]
        connection.executemany("INSERT INTO usage_devices VALUES (?, ?, ?, ?, ?, ?, ?)", devices)
        calls = [(1, TODAY_US, 9, 3, 30), (1, TODAY_US + HOUR_US, 9, 2, 20)]
        connection.executemany("INSERT INTO usage_calls VALUES (?, ?, ?, ?, ?)", calls)
        connection.commit()


async def rows(control: Control, by: UsageBy, bucket_us: int, org_id: int = 1) -> list[UsageRow]:
    service = UsageService(control.database, SystemClock())
    page: Page[UsageRow] = await service.query(
        Actor.system(org_id), by, TODAY_US, TODAY_US + DAY_US, bucket_us, limit=100, cursor=None
    )
    return page.items


async def test_what_was_counted_is_carried_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_old(tmp_path / "data", tmp_path / "old", monkeypatch)
    async with open_control(DataDir(tmp_path / "data"), load_settings(environment={})) as control:
        (day,) = await rows(control, UsageBy.ORGANIZATION, DAY_US)
        assert (day.readings, day.data_points, day.size_bytes, day.calls) == (17, 34, 120, 5)
        hours = await rows(control, UsageBy.ORGANIZATION, HOUR_US)
        assert [(hour.readings, hour.calls) for hour in hours] == [(10, 3), (7, 2)]
        # What no device has, and what was counted before devices were, is in no project.
        by_project = {row.subject_id: (row.readings, row.data_points) for row in await rows(control, UsageBy.PROJECT, DAY_US)}
        assert by_project == {50: (4, 8), 0: (13, 26)}
        assert {row.subject_id: row.readings for row in await rows(control, UsageBy.DEVICE, DAY_US)} == {5: 4, 6: 2}
        assert {row.subject_id: row.calls for row in await rows(control, UsageBy.KEY, DAY_US)} == {9: 5}


async def test_hours_add_up_to_days_and_can_be_dropped_without_them(tmp_path: Path) -> None:
    async with open_control(DataDir(tmp_path / "data"), load_settings(environment={})) as control:
        org_id = (await control.tenancy.bootstrap("Acme", "a@example.org")).organization.id
        other_id = (await control.tenancy.bootstrap("Other", "o@example.org")).organization.id
        for one in (org_id, other_id):
            async with control.database.transaction(one) as tx:
                for hour in range(24):
                    at_us = TODAY_US + hour * HOUR_US
                    counted = [
                        DeviceHour(device_id=device, hour_us=at_us, readings=device, data_points=2 * device, size_bytes=10)
                        for device in (1, 2)
                    ]
                    await tx.usage.add_devices(counted)
                    await tx.usage.add_devices(counted)
                    await tx.usage.add_calls([CallHour(key_id=3, hour_us=at_us, calls=5, size_bytes=1, refused=2)])
                refused = Refusal(hour_us=TODAY_US, limit="plan_day", scope="account", subject="key_x", count=2)
                await tx.usage.add_refusals([refused])
        (day,) = await rows(control, UsageBy.ORGANIZATION, DAY_US, org_id)
        assert (day.readings, day.data_points, day.size_bytes, day.calls, day.refused) == (144, 288, 960, 120, 48)
        assert len(await rows(control, UsageBy.DEVICE, HOUR_US, org_id)) == 48
        async with control.database.transaction(org_id) as tx:
            assert await tx.usage.drop_hours(TODAY_US + DAY_US) == 24 * 4 + 1
            assert await tx.usage.refusals(RefusalFilter(from_us=0, to_us=TODAY_US + DAY_US), 10, None) == []
        assert await rows(control, UsageBy.ORGANIZATION, HOUR_US, org_id) == []
        assert await rows(control, UsageBy.ORGANIZATION, DAY_US, org_id) == [day]
        assert {row.subject_id: row.readings for row in await rows(control, UsageBy.DEVICE, DAY_US, org_id)} == {1: 48, 2: 96}
        assert len(await rows(control, UsageBy.DEVICE, HOUR_US, other_id)) == 48


async def test_a_long_range_is_read_page_by_page_without_gap_or_repetition(tmp_path: Path) -> None:
    async with open_control(DataDir(tmp_path / "data"), load_settings(environment={})) as control:
        org_id = (await control.tenancy.bootstrap("Acme", "a@example.org")).organization.id
        service, actor = UsageService(control.database, SystemClock()), Actor.system(org_id)
        async with control.database.transaction(org_id) as tx:
            for day in range(5):
                at_us = TODAY_US + day * DAY_US
                counted = [
                    DeviceHour(device_id=device, hour_us=at_us, readings=1, data_points=1, size_bytes=1) for device in range(1, 8)
                ]
                await tx.usage.add_devices(counted)
        seen: list[tuple[int, int]] = []
        cursor: str | None = None
        for _ in range(20):
            page = await service.query(actor, UsageBy.DEVICE, TODAY_US + 5, TODAY_US + 3 * DAY_US + 1, DAY_US, 4, cursor)
            seen += [(row.start_us, row.subject_id) for row in page.items]
            if (cursor := page.next_cursor) is None:
                break
        assert seen == [(TODAY_US + day * DAY_US, device) for day in range(4) for device in range(1, 8)]


async def test_the_ledger_is_filtered_and_paged(tmp_path: Path) -> None:
    async with open_control(DataDir(tmp_path / "data"), load_settings(environment={})) as control:
        org_id = (await control.tenancy.bootstrap("Acme", "a@example.org")).organization.id
        service, actor = UsageService(control.database, SystemClock()), Actor.system(org_id)
        lines = [
            Refusal(hour_us=TODAY_US + hour * HOUR_US, limit=limit, scope=scope, subject=subject, count=hour + 1)
            for hour in range(4)
            for limit, scope in (("plan_minute", "account"), ("key_minute", "key"))
            for subject in ("key_a", "key_b")
        ]
        async with control.database.transaction(org_id) as tx:
            await tx.usage.add_refusals(lines)
        whole = RefusalFilter(from_us=TODAY_US, to_us=TODAY_US + DAY_US)
        found: list[Refusal] = []
        cursor: str | None = None
        for _ in range(10):
            page = await service.refusals(actor, whole, 3, cursor)
            found += page.items
            if (cursor := page.next_cursor) is None:
                break
        assert len(found) == len(lines)
        assert {str(line) for line in found} == {str(line) for line in lines}
        assert [line.hour_us for line in found] == sorted((line.hour_us for line in lines), reverse=True)
        narrow = RefusalFilter(from_us=TODAY_US + HOUR_US + 1, to_us=TODAY_US + 2 * HOUR_US, scope="key", subject="key_b")
        (line,) = (await service.refusals(actor, narrow, 10, None)).items
        assert (line.limit, line.count) == ("key_minute", 2)
