"""Alerts as rows: what is listed, what may be raised, how an occurrence ends once, and what the engine is told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.core.alerts.actions import SmsAction
from penstock.core.alerts.conditions import RaisedByRule, Threshold
from penstock.core.alerts.events import alert_moved
from penstock.core.alerts.jobs import jobs_for
from penstock.core.alerts.machine import State
from penstock.core.alerts.models import (
    Alert,
    AlertFilter,
    AlertStatus,
    ChangeKind,
    ClearReason,
    End,
    Firing,
    Maintenance,
    Occurrence,
    OccurrenceFilter,
    OccurrenceState,
    Target,
)
from penstock.core.alerts.store import SavedState
from penstock.core.notifications.models import Severity
from penstock.kit.clock import MAX_US
from penstock.kit.ids import AlertId, DeviceId, EventId, FiringId, RuleId
from tests.support.shelf import Shelf

ONE, TEN = AlertId(1), DeviceId(10)
CONDITION = Threshold("temperature", ">", 6)


def alert(shelf: Shelf, number: int, **about: Any) -> Alert:
    known: dict[str, Any] = {
        "id": AlertId(number),
        "org_id": shelf.acme,
        "name": f"alert {number}",
        "description": "",
        "target": Target(devices=(TEN,)),
        "condition": CONDITION,
        "severity": Severity.WARNING,
        "enabled": True,
        "actions": (SmsAction(to=("+49",)),),
        "revision": 5,
    }
    return Alert(**known | about)


def occurrence(shelf: Shelf, number: int, **about: Any) -> Occurrence:
    known: dict[str, Any] = {
        "id": EventId(number),
        "org_id": shelf.acme,
        "alert_id": ONE,
        "device_id": TEN,
        "name": "alert 1",
        "severity": Severity.WARNING,
        "value": 7.5,
        "seq": 3,
        "time_us": number * 10,
        "raised_us": number * 10,
    }
    return Occurrence(**known | about)


async def add(shelf: Shelf, *occurrences: Occurrence) -> None:
    await shelf.add_device(10)
    async with shelf.own() as tx:
        await tx.alerts.create(alert(shelf, 1))
        for one in occurrences:
            await tx.occurrences.create(one)


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (AlertFilter(), [3, 2, 1]),
        (AlertFilter(status=AlertStatus.ENABLED), [3, 1]),
        (AlertFilter(status=AlertStatus.DISABLED), [2]),
        (AlertFilter(status=AlertStatus.ACTIVE), [1]),
        (AlertFilter(severity=Severity.CRITICAL), [3]),
        (AlertFilter(device_id=TEN), [2, 1]),
        (AlertFilter(device_id=DeviceId(1)), []),
        (AlertFilter(text="FROST"), [3]),
    ],
)
async def test_definitions_by_filter_and_page(filters: AlertFilter, ids: list[int], shelf: Shelf) -> None:
    await add(shelf, occurrence(shelf, 7))
    async with shelf.own() as tx:
        await tx.alerts.create(alert(shelf, 2, enabled=False))
        everything = Target(all=True)
        await tx.alerts.create(alert(shelf, 3, description="Frost", severity=Severity.CRITICAL, target=everything))
        assert [one.id for one in await tx.alerts.list(filters, 10, None)] == ids
        assert [one.id for one in await tx.alerts.list(filters, 10, AlertId(3))] == [one for one in ids if one < 3]
        assert [one.id for one in await tx.alerts.page(2, 1)] == [2, 1]
        assert await tx.alerts.count() == (3, 2)
    async with shelf.strange() as tx:
        assert await tx.alerts.list(filters, 10, None) == []
        assert await tx.alerts.count() == (0, 0)
        assert await tx.alerts.find(ONE) is None
        await tx.alerts.delete(ONE)
    async with shelf.own() as tx:
        assert await tx.alerts.find(ONE) == alert(shelf, 1)


async def test_only_an_enabled_unchanged_definition_is_raised(shelf: Shelf) -> None:
    await add(shelf)
    async with shelf.strange() as tx:
        assert await tx.alerts.mark_raised(ONE, 5, 9) is False
    async with shelf.own() as tx:
        assert [await tx.alerts.mark_raised(ONE, revision, at_us) for revision, at_us in ((4, 9), (5, 9), (5, 8))] == [
            False,
            True,
            True,
        ]
        found = await tx.alerts.find(ONE)
        assert found is not None
        assert found.last_raised_us == 9, "it never moves back"
        await tx.alerts.update(alert(shelf, 1, enabled=False))
        assert await tx.alerts.mark_raised(ONE, 5, 20) is False


async def test_definitions_of_rules_are_found_by_name_and_watch_nothing(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.alerts.create(alert(shelf, 1))
        await tx.alerts.create(alert(shelf, 2, condition=RaisedByRule(RuleId(7), "frost")))
        found = await tx.alerts.find_for_rule(RuleId(7), "frost")
        assert found is not None
        assert found.id == 2
        assert await tx.alerts.find_for_rule(RuleId(7), "heat") is None
        assert [one.id for one in await tx.alerts.list_by_rule(RuleId(7))] == [2]
        assert (await tx.alerts.count(), await tx.alerts.count_watching()) == ((2, 2), 1)
    async with shelf.strange() as tx:
        assert await tx.alerts.find_for_rule(RuleId(7), "frost") is None
    async with shelf.system() as tx:
        assert [one.id for one in await tx.alerts.enabled()] == [1]


async def test_states_are_kept_for_the_current_definition_of_a_device_that_is_there(shelf: Shelf) -> None:
    await add(shelf)

    def saved(revision: int, device_id: DeviceId = TEN) -> SavedState:
        return SavedState(shelf.acme, ONE, device_id, revision, State())

    async with shelf.own() as tx:
        await tx.alerts.save_states([saved(4), saved(5, DeviceId(99))])
    async with shelf.system() as tx:
        assert await tx.alerts.states() == []
    async with shelf.own() as tx:
        await tx.alerts.save_states([saved(5), saved(5)])
    async with shelf.system() as tx:
        assert list(await tx.alerts.states()) == [saved(5)]
    async with shelf.own() as tx:
        await tx.alerts.update(alert(shelf, 1, revision=6))
    async with shelf.system() as tx:
        assert await tx.alerts.states() == []


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (OccurrenceFilter(), [3, 2, 1]),
        (OccurrenceFilter(state=OccurrenceState.RAISED), [3]),
        (OccurrenceFilter(state=OccurrenceState.ACKNOWLEDGED), [2]),
        (OccurrenceFilter(state=OccurrenceState.OPEN), [3, 2]),
        (OccurrenceFilter(state=OccurrenceState.CLEARED), [1]),
        (OccurrenceFilter(device_id=DeviceId(11)), []),
        (OccurrenceFilter(from_us=10, to_us=20), [1]),
    ],
)
async def test_occurrences_by_filter_and_page(filters: OccurrenceFilter, ids: list[int], shelf: Shelf) -> None:
    await add(shelf, *(occurrence(shelf, number) for number in (1, 2, 3)))
    async with shelf.own() as tx:
        await tx.occurrences.clear(EventId(1), End(at_us=50, reason=ClearReason.MANUAL, by="ada"))
        await tx.occurrences.acknowledge(EventId(2), 50, "ada", None)
        assert [one.id for one in await tx.occurrences.list(filters, 10, None)] == ids
        assert [one.id for one in await tx.occurrences.list(filters, 10, EventId(3))] == [one for one in ids if one < 3]
        in_project = msgspec.structs.replace(filters, project_id=shelf.project_id)
        assert [one.id for one in await tx.occurrences.list(in_project, 10, None)] == ids
        assert [one.id for one in await tx.occurrences.list_open(ONE)] == [2, 3]
    async with shelf.strange() as tx:
        assert await tx.occurrences.list(filters, 10, None) == []
        assert await tx.occurrences.list_open(ONE) == []


async def test_an_occurrence_is_acknowledged_and_cleared_once(shelf: Shelf) -> None:
    await add(shelf, occurrence(shelf, 1, act="act-1", value=None))
    one = EventId(1)
    async with shelf.strange() as tx:
        assert await tx.occurrences.acknowledge(one, 60, "eve", None) is False
        assert await tx.occurrences.clear(one, End(at_us=60, reason=ClearReason.MANUAL, by="eve")) is False
        assert await tx.occurrences.find_by_act("act-1") is None
    async with shelf.own() as tx:
        assert await tx.occurrences.find_by_act("act-1") == await tx.occurrences.find_open(ONE, TEN)
        await tx.occurrences.suppress(one)
        assert await tx.occurrences.escalate(one, 61) is True
        assert [await tx.occurrences.acknowledge(one, 62, by, "seen") for by in ("ada", "bob")] == [True, False]
        assert await tx.occurrences.escalate(one, 63) is False, "somebody takes care of it"
        ends = [End(at_us=at_us, reason=ClearReason.CONDITION, time_us=at_us - 1, value=3, seq=9) for at_us in (64, 65)]
        cleared = [await tx.occurrences.clear(one, end) for end in ends]
        assert cleared == [True, False]
        found = await tx.occurrences.find(one)
        assert found is not None
        assert (found.suppressed, found.escalations, found.acknowledged_by) == (1, (61,), "ada")
        assert (found.cleared_us, found.clear_time_us) == (64, 63)
        assert (found.clear_reason, found.clear_value) == (ClearReason.CONDITION, 3)
        assert await tx.occurrences.find_open(ONE, TEN) is None
    async with shelf.system() as tx:
        assert (await tx.alerts.drop_cleared(64, 10), await tx.alerts.drop_cleared(65, 10)) == (0, 1)


async def test_firings_are_raises_and_repeats_with_what_was_acknowledged_since(shelf: Shelf) -> None:
    await add(shelf, occurrence(shelf, 1))
    async with shelf.own() as tx:
        for number, fired_us in ((2, 40), (3, 60)):
            repeat = Firing(
                id=FiringId(number),
                alert_id=ONE,
                device_id=TEN,
                event_id=EventId(1),
                severity=Severity.WARNING,
                value=8,
                fired_us=fired_us,
            )
            await tx.occurrences.add_repeat(repeat)
        await tx.occurrences.acknowledge(EventId(1), 50, "ada", None)
        assert [(one.id, one.acknowledged_us) for one in await tx.occurrences.firings(ONE, 10)] == [(3, None), (2, 50), (1, 50)]
        assert [one.id for one in await tx.occurrences.firings(ONE, 1)] == [3]
        assert await tx.occurrences.last_repeats([ONE, AlertId(2)]) == {1: 60}
    async with shelf.strange() as tx:
        assert await tx.occurrences.firings(ONE, 10) == []
        assert await tx.occurrences.last_repeats([ONE]) == {}
    async with shelf.system() as tx:
        assert await tx.alerts.drop_repeats(60, 10) == 1


async def test_actions_wait_until_they_are_due_and_attempts_count(shelf: Shelf) -> None:
    event = alert_moved(occurrence(shelf, 1), "pump", CONDITION, 5)
    numbers = iter((1, 2))
    jobs = jobs_for([SmsAction(to=("+1",)), SmsAction(to=("+2",))], shelf.acme, "alert.raised", event, 100, lambda: next(numbers))
    async with shelf.own() as tx:
        await tx.occurrences.add_jobs([])
        await tx.occurrences.add_jobs(jobs)
        await tx.occurrences.postpone_job(jobs[0].id, 200)
        await tx.occurrences.delay_job(jobs[1].id, 150)
    async with shelf.strange() as tx:
        await tx.occurrences.remove_job(jobs[1].id)
    async with shelf.system() as tx:
        assert await tx.alerts.due_jobs(149, 10) == []
        found = await tx.alerts.due_jobs(200, 10)
        assert [(one.id, one.due_us, one.attempts) for one in found] == [(2, 150, 0), (1, 200, 1)]
        assert msgspec.structs.replace(found[0], due_us=100) == jobs[1]
        assert [one.id for one in await tx.alerts.due_jobs(200, 1)] == [2]


async def test_maintenance_has_bounds_and_is_no_strangers(shelf: Shelf) -> None:
    await shelf.add_device(10)
    open_end = Maintenance(device_id=TEN, until_us=None, reason="pipes", created_by="ada", created_us=50)
    async with shelf.own() as tx:
        assert await tx.alerts.maintenance(TEN) is None
        await tx.alerts.set_maintenance(open_end)
    async with shelf.strange() as tx:
        assert await tx.alerts.maintenance(TEN) is None
        await tx.alerts.end_maintenance(TEN, 60)
    async with shelf.system() as tx:
        (watched,) = await tx.alerts.devices([TEN, DeviceId(99)])
        assert (watched.muted_from_us, watched.muted_until_us) == (50, MAX_US)
    async with shelf.own() as tx:
        await tx.alerts.end_maintenance(TEN, 70)
        await tx.alerts.end_maintenance(TEN, 80)
        assert await tx.alerts.maintenance(TEN) == msgspec.structs.replace(open_end, until_us=70)
    async with shelf.system() as tx:
        assert [one.muted_until_us for one in await tx.alerts.devices_of([shelf.acme, shelf.other])] == [70]


async def test_changes_are_read_in_order_until_they_are_forgotten(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        await tx.alerts.record_change(ChangeKind.ALERT, 1)
        await tx.alerts.record_change(ChangeKind.CLEARED, 7, ONE, TEN)
    async with shelf.system() as tx:
        first, second = await tx.alerts.changes(10)
        assert [(one.org_id, one.kind, one.subject_id, one.device_id) for one in (first, second)] == [
            (shelf.acme, ChangeKind.ALERT, 1, 0),
            (shelf.acme, ChangeKind.CLEARED, 7, 10),
        ]
        assert list(await tx.alerts.changes(1)) == [first]
    async with shelf.strange() as tx:
        await tx.alerts.forget_changes(second.id)
    async with shelf.own() as tx:
        await tx.alerts.forget_changes(first.id)
    async with shelf.system() as tx:
        assert list(await tx.alerts.changes(10)) == [second]
