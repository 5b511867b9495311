"""Commands as rows: names that are taken, executions by filter and page, what waits, and what is overdue."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.core.commands.errors import DefinitionExists
from penstock.core.commands.models import (
    Definition,
    DefinitionFilter,
    Execution,
    ExecutionFilter,
    State,
    Transition,
    Transport,
    Verification,
)
from penstock.kit.ids import DefinitionId, DeviceId, ExecutionId
from tests.support.shelf import Shelf

DEVICE = DeviceId(10)
QUEUED = Transition(state=State.QUEUED, at_us=1, reason="")


def definition(shelf: Shelf, number: int, name: str = "restart", **about: Any) -> Definition:
    known: dict[str, Any] = {
        "id": DefinitionId(number),
        "org_id": shelf.acme,
        "device_id": None,
        "device_type": None,
        "project_id": None,
        "name": name,
        "description": "",
        "parameters": (),
        "transport": Transport.ANY,
        "verification": Verification.NONE,
        "timeout_us": 1,
        "repeatable": True,
        "created_us": 1,
        "updated_us": 1,
    }
    return Definition(**known | about)


def execution(shelf: Shelf, number: int, **about: Any) -> Execution:
    known: dict[str, Any] = {
        "id": ExecutionId(number),
        "org_id": shelf.acme,
        "device_id": DEVICE,
        "definition_id": DefinitionId(5),
        "name": "restart",
        "parameters": {"seconds": 3},
        "transport": Transport.ANY,
        "verification": Verification.NONE,
        "timeout_us": 1,
        "repeatable": False,
        "created_by": "key_1",
        "created_us": number,
        "expires_us": 1000,
    }
    return Execution(**known | about)


async def add(shelf: Shelf, *executions: Execution) -> None:
    """Executions as they came to be: created, then saved with what became of them."""
    async with shelf.own() as tx:
        for one in executions:
            await tx.executions.create(one, QUEUED)
            await tx.executions.save(one)


async def test_a_name_is_taken_on_one_device_type_or_project_alone(shelf: Shelf) -> None:
    await shelf.add_device(10)
    places: list[dict[str, Any]] = [{"device_id": DEVICE}, {"device_type": "pump"}, {"project_id": shelf.project_id}]
    async with shelf.own() as tx:
        for number, place in enumerate(places, 1):
            await tx.commands.create(definition(shelf, number, **place))
            with pytest.raises(DefinitionExists):
                await tx.commands.create(definition(shelf, number + 10, **place))
            await tx.commands.create(definition(shelf, number + 20, "stop", **place))
            with pytest.raises(DefinitionExists):
                await tx.commands.update(definition(shelf, number + 20, "restart", **place))
        assert [one.id for one in await tx.commands.list_by_type("pump")] == [2, 22]
        assert [one.id for one in await tx.commands.list_by_device(DEVICE)] == [1, 21]
        assert [one.id for one in await tx.commands.list_by_project(shelf.project_id) if one.name in ("restart", "stop")] == [
            3,
            23,
        ]
    async with shelf.strange() as tx:
        assert await tx.commands.list_by_type("pump") == await tx.commands.list_by_device(DEVICE) == []
        await tx.commands.create(definition(shelf, 4, device_type="pump"))


async def test_definitions_by_filter_and_page(shelf: Shelf) -> None:
    async with shelf.own() as tx:
        for number in (1, 2, 3):
            await tx.commands.create(definition(shelf, number, f"c{number}", device_type="pump" if number != 2 else "valve"))
        assert [one.id for one in await tx.commands.list(DefinitionFilter(device_type="valve"), 2, None)] == [2]
        assert [one.id for one in await tx.commands.list(DefinitionFilter(), 2, DefinitionId(2))] == [1]
        assert [one.id for one in await tx.commands.list(DefinitionFilter(device_type="pump"), 5, None)] == [3, 1]
    async with shelf.strange() as tx:
        await tx.commands.delete(DefinitionId(1))
        assert await tx.commands.find(DefinitionId(1)) is None
    async with shelf.own() as tx:
        assert await tx.commands.find(DefinitionId(1)) is not None, "a stranger deleted it"


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (ExecutionFilter(), [3, 2, 1]),
        (ExecutionFilter(device_id=DEVICE), [2, 1]),
        (ExecutionFilter(definition_id=DefinitionId(6)), [3, 2]),
        (ExecutionFilter(device_id=DEVICE, definition_id=DefinitionId(6)), [2]),
        (ExecutionFilter(state=State.DONE), [1]),
        (ExecutionFilter(device_id=DEVICE, from_us=2, to_us=3), [2]),
        (ExecutionFilter(to_us=1), []),
    ],
)
async def test_executions_by_filter(filters: ExecutionFilter, ids: list[int], shelf: Shelf) -> None:
    for number in (10, 11):
        await shelf.add_device(number)
    await add(
        shelf,
        execution(shelf, 1, state=State.DONE, finished_us=5),
        execution(shelf, 2, definition_id=DefinitionId(6)),
        execution(shelf, 3, definition_id=DefinitionId(6), device_id=DeviceId(11)),
    )
    async with shelf.own() as tx:
        assert [one.id for one in await tx.executions.list(filters, 10, None)] == ids
        assert [one.id for one in await tx.executions.list(filters, 10, ExecutionId(3))] == [one for one in ids if one < 3]
        assert [one.id for one in await tx.executions.list(filters, 1, None)] == ids[:1]
    async with shelf.strange() as tx:
        assert await tx.executions.list(filters, 10, None) == []


async def test_what_waits_is_neither_expired_nor_leaving_nor_for_another_way(shelf: Shelf) -> None:
    await shelf.add_device(10)
    await add(
        shelf,
        execution(shelf, 1),
        execution(shelf, 2, transport=Transport.MQTT),
        execution(shelf, 3, expires_us=50),
        execution(shelf, 4, leaving=True),
        execution(shelf, 5, state=State.SENT, hand_outs=1, sent_by=Transport.HTTP),
        execution(shelf, 6, transport=Transport.HTTP),
    )
    async with shelf.own() as tx:
        waiting = tx.executions.waiting
        assert [one.id for one in await waiting(DEVICE, Transport.HTTP, 49, 10)] == [1, 3, 6]
        assert [one.id for one in await waiting(DEVICE, Transport.HTTP, 50, 10)] == [1, 6]
        assert [one.id for one in await waiting(DEVICE, Transport.MQTT, 50, 1)] == [1]
        assert [one.id for one in await tx.executions.sent(DEVICE)] == [5]
        assert await tx.executions.count(DEVICE) == (4, 2)
        last = await tx.executions.find_last_dispatched(DEVICE, Transport.HTTP)
        assert last == execution(shelf, 5, state=State.SENT, hand_outs=1, sent_by=Transport.HTTP)
    async with shelf.strange() as tx:
        assert await tx.executions.waiting(DEVICE, Transport.HTTP, 1, 10) == []
        assert await tx.executions.count(DEVICE) == (0, 0)


async def test_one_at_a_time_is_said_twice_and_taken_back(shelf: Shelf) -> None:
    await shelf.add_device(10)
    async with shelf.own() as tx:
        for wanted in (True, True, False):
            await tx.executions.set_one_at_a_time(DEVICE, wanted)
            assert await tx.executions.one_at_a_time(DEVICE) is wanted
        await tx.executions.set_one_at_a_time(DEVICE, True)
    async with shelf.strange() as tx:
        assert await tx.executions.one_at_a_time(DEVICE) is False


async def test_a_history_is_kept_in_order_with_its_execution(shelf: Shelf) -> None:
    await shelf.add_device(10)
    await add(shelf, execution(shelf, 1))
    done = execution(shelf, 1, state=State.DONE, moves=2, finished_us=9, result={"a": [None]}, progress=0)
    async with shelf.own() as tx:
        await tx.executions.save(execution(shelf, 1, state=State.SENT, moves=1), Transition(state=State.SENT, at_us=9, reason=""))
        await tx.executions.save(done, Transition(state=State.DONE, at_us=8, reason="ok"))
        assert await tx.executions.find(ExecutionId(1)) == done
        assert [row.state for row in await tx.executions.history(ExecutionId(1))] == [State.QUEUED, State.SENT, State.DONE]
    async with shelf.strange() as tx:
        assert await tx.executions.find(ExecutionId(1)) is None
        assert await tx.executions.history(ExecutionId(1)) == []
    async with shelf.system() as tx:
        assert await tx.executions.drop_finished(9, 10) == 0
        assert await tx.executions.drop_finished(10, 10) == 1
    async with shelf.own() as tx:
        assert await tx.executions.history(ExecutionId(1)) == []


async def test_what_is_overdue_comes_longest_first_and_only_from_its_deadline_on(shelf: Shelf) -> None:
    await shelf.add_device(10)
    late = execution(shelf, 1, deadline_us=30)
    await add(shelf, late, execution(shelf, 2, deadline_us=20), execution(shelf, 3, deadline_us=10, leaving=True))
    await add(shelf, execution(shelf, 4, state=State.RECEIVED, verification=Verification.NEXT_READING, after_seq=7))
    async with shelf.system() as tx:
        assert [one.id for one in await tx.executions.overdue(30, 10)] == [2, 1]
        assert [one.id for one in await tx.executions.overdue(29, 10)] == [2]
        assert [msgspec.structs.astuple(one)[-1] for one in await tx.executions.awaiting_reading()] == [7]
        assert await tx.executions.organization_of(DEVICE) == shelf.acme
        assert await tx.executions.organization_of(DeviceId(99)) is None
