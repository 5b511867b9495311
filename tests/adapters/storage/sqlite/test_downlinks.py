"""Downlinks as rows: by which way a device is reached, what names an execution, and what is in doubt."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from penstock.core.commands.models import Execution, State, Transport
from penstock.core.connections.models import Connection, ConnectionStatus, Route
from penstock.core.devices.models import DeviceStatus
from penstock.core.downlinks.models import DownlinkNote, DownlinkRoute, UnconfirmedExecution
from penstock.kit.ids import ConnectionId, DeviceId, ExecutionId
from tests.adapters.storage.sqlite.test_commands import QUEUED, execution
from tests.adapters.storage.sqlite.test_connections import connection
from tests.core.connections.broker import BROKER
from tests.support.shelf import Shelf

TEN, BROKER_ID, DOOR = DeviceId(10), ConnectionId(1), ConnectionId(2)
TOPIC = "commands/{{deviceId}}"
PLAIN = msgspec.structs.replace(BROKER, command_topic=TOPIC)
CHIRPSTACK = msgspec.structs.replace(BROKER, command_topic=TOPIC, command_payload="chirpstack")


def note(number: int, **about: Any) -> DownlinkNote:
    known: dict[str, Any] = {"execution_id": ExecutionId(number), "device_id": TEN, "connection_id": DOOR, "name": "a"}
    return DownlinkNote(**known | {"accepted": True} | about)


async def prepare(shelf: Shelf, one: Connection, *executions: Execution) -> None:
    """A device that last reported through a connection, with executions."""
    await shelf.add_device(10)
    async with shelf.own() as tx:
        await tx.connections.create(one, b"secret")
        await tx.connections.set_routes({TEN: Route(one.id)}, 1)
        for made in executions:
            await tx.executions.create(made, QUEUED)
            await tx.executions.save(made)


@pytest.mark.parametrize(
    ("about", "downlink", "publication"),
    [
        ({"settings": BROKER}, False, False),
        ({"settings": PLAIN}, False, True),
        ({"settings": CHIRPSTACK}, True, False),
        ({"settings": PLAIN, "status": ConnectionStatus.PAUSED}, False, False),
        ({"settings": CHIRPSTACK, "status": ConnectionStatus.PAUSED}, False, False),
    ],
)
async def test_by_which_way_a_device_is_reached(about: dict[str, Any], downlink: bool, publication: bool, shelf: Shelf) -> None:
    await prepare(shelf, connection(shelf, 1, **about), execution(shelf, 1))
    way = DownlinkRoute(TEN, BROKER_ID)
    async with shelf.system() as tx:
        for store, reached in ((tx.downlinks, downlink), (tx.broker_commands, publication)):
            assert await store.find_route(TEN) == (way if reached else None)
            assert list(await store.waiting_routes(10)) == ([way] if reached else [])
    async with shelf.own() as tx:
        device = await tx.devices.find(TEN)
        assert device is not None
        await tx.devices.update(msgspec.structs.replace(device, status=DeviceStatus.PAUSED))
    async with shelf.system() as tx:
        assert await tx.downlinks.find_route(TEN) is await tx.broker_commands.find_route(TEN) is None


async def test_a_connection_of_a_project_reaches_no_device_of_another(shelf: Shelf) -> None:
    await prepare(shelf, connection(shelf, 1, settings=PLAIN, project_id=shelf.other_project_id), execution(shelf, 1))
    async with shelf.system() as tx:
        assert await tx.broker_commands.find_route(TEN) is None
        assert await tx.broker_commands.waiting_routes(10) == []


async def test_a_name_is_that_of_the_newest_execution_by_either_connection(shelf: Shelf) -> None:
    await prepare(shelf, connection(shelf, 1), execution(shelf, 1), execution(shelf, 2))
    async with shelf.own() as tx:
        for one in (note(1), note(2, broker_id=BROKER_ID), note(99)):
            await tx.downlinks.put(one)
        find = tx.downlinks.find
        assert await find(TEN, DOOR, "a") == 2
        assert await find(TEN, BROKER_ID, "a") == 2
        await tx.downlinks.put(note(2, name="b", broker_id=BROKER_ID))
        assert (await find(TEN, DOOR, "a"), await find(TEN, DOOR, "b")) == (1, 2)
        assert await find(DeviceId(11), DOOR, "a") is None
    async with shelf.strange() as tx:
        assert await tx.downlinks.find(TEN, DOOR, "a") is None
        await tx.downlinks.put(note(1, name="stolen"))
    async with shelf.own() as tx:
        assert await tx.downlinks.find(TEN, DOOR, "a") == 1


async def test_the_oldest_without_a_counter_is_next(shelf: Shelf) -> None:
    ended = execution(shelf, 1, state=State.DONE, finished_us=5)
    await prepare(shelf, connection(shelf, 1), ended, *(execution(shelf, number) for number in (2, 3, 4, 5)))
    waiting = note(5, broker_id=BROKER_ID)
    async with shelf.own() as tx:
        await tx.downlinks.put(note(1, broker_id=BROKER_ID))
        await tx.downlinks.put(note(2, broker_id=BROKER_ID, name="f_cnt:7"))
        await tx.downlinks.put(note(3, broker_id=BROKER_ID, accepted=False))
        await tx.downlinks.put(note(4))
        assert await tx.downlinks.first_uncounted(TEN, DOOR) is None
        await tx.downlinks.put(waiting)
        assert await tx.downlinks.first_uncounted(TEN, DOOR) == waiting
        assert await tx.downlinks.first_uncounted(TEN, ConnectionId(3)) is None
    async with shelf.strange() as tx:
        assert await tx.downlinks.first_uncounted(TEN, DOOR) is None


async def test_what_no_server_has_confirmed_is_in_doubt_if_it_may_go_twice(shelf: Shelf) -> None:
    sent = {"state": State.SENT, "sent_by": Transport.LORAWAN}
    await prepare(
        shelf,
        connection(shelf, 1),
        execution(shelf, 1, repeatable=True, **sent),
        execution(shelf, 2, repeatable=True, **sent),
        execution(shelf, 3, **sent),
        execution(shelf, 4, leaving=True),
    )
    async with shelf.own() as tx:
        await tx.downlinks.put(note(2))
    async with shelf.system() as tx:
        assert list(await tx.downlinks.unconfirmed()) == [UnconfirmedExecution(shelf.acme, TEN, ExecutionId(1))]
        assert list(await tx.broker_commands.unconfirmed()) == [UnconfirmedExecution(shelf.acme, TEN, ExecutionId(4))]
