"""Payloads that are replaced: in every segment, in its tail too, with a right checksum, and nothing else of a reading changes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import msgspec

from penstock.adapters.storage.sqlite.connection import connect
from penstock.adapters.storage.sqlite.soundness import check_readings
from penstock.core.telemetry.models import HistoryQuery, Reading, Source, TimeRange
from penstock.core.telemetry.store import Replacement
from penstock.kit.clock import DAY_US
from penstock.kit.ids import DeviceId, OrgId, Seq
from tests.adapters.storage.sqlite.asked import EVER, history
from tests.support.days import HeldClock, Log, open_log, reading

ORG = OrgId(1)


def uplink(clock: HeldClock, value: int, *, device: int = 10, kind: str = "telemetry", channel: str | None = None) -> Reading:
    made = reading(clock, device=device, value=value, time_us=clock.us - value, key=f"{device}:{value}")
    made.source, made.kind, made.channel = Source.LORAWAN, kind, channel
    return made


async def filled(opened: Log, clock: HeldClock) -> list[Reading]:
    """Readings of two days: sealed, indexed and in the tail."""
    made = [uplink(clock, 1), uplink(clock, 2, channel="meter")]
    await opened.log.append(made)
    clock.next_day()
    made += [uplink(clock, 3, kind="status"), uplink(clock, 4, device=11)]
    await opened.log.append(made[2:])
    return made


def changes(readings: list[Reading], moved_us: int | None = None) -> list[Replacement]:
    return [Replacement(one.device_id, one.seq, b'{"replaced":%d}' % one.seq, moved_us) for one in readings]


async def test_only_the_payload_changes_and_every_file_stays_sound(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        made = await filled(opened, clock)
        before = await opened.store.find(ORG, [one.seq for one in made])
        assert await opened.store.replace_payloads(ORG, changes(made)) == len(made)
        after = await opened.store.find(ORG, [one.seq for one in made])
        assert [one.payload for one in sorted(after, key=lambda one: one.seq)] == [b'{"replaced":%d}' % n for n in (1, 2, 3, 4)]
        for one in (*before, *after):
            one.payload = b""
        assert before == after
        again = uplink(clock, 3)
        await opened.log.append([again])
        assert (again.duplicate, again.seq) == (True, made[2].seq), "its key is still known"
        assert [one.payload for one in await history(opened.store)] == [b'{"replaced":%d}' % n for n in (2, 1, 3)]
        segments = opened.files.all()
    for segment in segments:
        with connect(segment.path, read_only=True) as connection:
            check_readings(connection)


async def test_a_reading_that_is_moved_is_found_at_its_new_time_alone_also_after_a_restart(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        made = (await filled(opened, clock))[:3]
        moved_us = min(one.time_us for one in made) - 5 * DAY_US
        received = {one.seq: one.received_us for one in await opened.store.find(ORG, [one.seq for one in made])}
        await opened.store.replace_payloads(ORG, changes(made, moved_us))
        before = TimeRange(from_us=moved_us, to_us=moved_us + 1)
        after = TimeRange(from_us=moved_us + 1, to_us=clock.us + DAY_US)
        query = HistoryQuery(device_id=DeviceId(10), range=before, descending=False)

        async def seqs(log: Log, span: TimeRange) -> list[int]:
            return [one.seq for one in await log.store.history(ORG, msgspec.structs.replace(query, range=span))]

        assert (await seqs(opened, before), await seqs(opened, after)) == ([1, 2, 3], [])
        assert {one.seq: one.received_us for one in await opened.store.find(ORG, [Seq(1), Seq(2), Seq(3)])} == received
    with open_log(tmp_path / "log", clock) as opened:
        assert (await seqs(opened, before), await seqs(opened, after)) == ([1, 2, 3], [])
        segments = opened.files.all()
    for segment in segments:
        with connect(segment.path, read_only=True) as connection:
            check_readings(connection)


async def test_a_reading_that_has_another_key_is_found_by_that_alone(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        made = await filled(opened, clock)
        changed = [one._replace(dedupe=bytes([one.seq] * 16)) for one in changes(made[:3])]
        assert await opened.store.replace_payloads(ORG, changed) == 3

        async def first(key: bytes | None) -> tuple[bool, int]:
            again = uplink(clock, 9)
            again.dedupe = key
            await opened.log.append([again])
            return again.duplicate, again.seq

        assert [await first(one.dedupe) for one in changed] == [(True, 1), (True, 2), (True, 3)], "indexed or not"
        assert await first(made[0].dedupe) == (False, 5)
        assert await opened.store.replace_payloads(ORG, changed[1:2]) == 1, "again, as after a crash"
        assert await first(changed[1].dedupe) == (True, 2)


async def test_a_sealed_file_is_at_rest_again(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        made = await filled(opened, clock)
        await opened.store.replace_payloads(ORG, changes(made))
        log = Path(f"{opened.files.all()[0].path}-wal")
        assert not log.exists() or log.stat().st_size == 0


async def test_what_is_of_another_device_or_organisation_or_damaged_or_gone_stays(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        made = await filled(opened, clock)
        assert await opened.store.replace_payloads(OrgId(2), changes(made)) == 0
        assert (
            await opened.store.replace_payloads(
                ORG, [Replacement(DeviceId(11), made[0].seq, b"{}"), Replacement(DeviceId(10), Seq(99), b"{}")]
            )
            == 0
        )
        assert [one.payload for one in await opened.store.find(ORG, [made[0].seq, Seq(99)])] == [made[0].payload]
        with connect(opened.files.all()[0].path) as connection:
            connection.execute("UPDATE readings SET time_us = time_us + 1 WHERE seq = ?", (made[0].seq,))
        assert await opened.store.replace_payloads(ORG, changes(made[:2])) == 1
        assert [one.seq for one in await opened.store.find(ORG, [made[0].seq, made[1].seq])] == [made[1].seq], "it is not blessed"


async def test_payloads_are_replaced_while_the_log_is_written(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        made = [uplink(clock, number) for number in range(50)]
        await opened.log.append(made)
        written = [opened.log.append([uplink(clock, 100 + number)]) for number in range(20)]
        replaced = [opened.store.replace_payloads(ORG, changes(made)) for _ in range(3)]
        assert await asyncio.gather(*replaced) == [50] * 3
        await asyncio.gather(*written)
        found = await opened.store.find(ORG, [Seq(number) for number in range(1, 71)])
        assert sum(one.payload.startswith(b'{"replaced"') for one in found) == 50
        assert len(found) == 70


async def test_uplinks_are_found_by_device_time_source_and_number(tmp_path: Path) -> None:
    clock = HeldClock()
    with open_log(tmp_path / "log", clock) as opened:
        made = await filled(opened, clock)
        await opened.log.append([reading(clock, device=10, value=5), uplink(clock, 6)])  # the first is no uplink

        async def found(devices: list[int], span: TimeRange = EVER, until: int = 99, org: int = 1) -> list[int]:
            seqs: list[int] = []
            ids = [DeviceId(one) for one in devices]
            await opened.store.scan_uplinks(OrgId(org), ids, span, Seq(until), lambda some, _: seqs.extend(some))
            return sorted(seqs)

        assert await found([10]) == [1, 2, 6], "neither what came over HTTP nor a status"
        assert await found([10, 11]) == [1, 2, 4, 6]
        assert await found([10, 11], until=4) == [1, 2, 4]
        assert await found([10, 11], org=2) == []
        assert await found([10], TimeRange(from_us=made[0].time_us, to_us=made[0].time_us + DAY_US)) == [1, 6]
