"""Connections as rows: secrets in their overlap, counts that add up, and routes that keep what is not said anew."""

from __future__ import annotations

from typing import Any

import pytest

from penstock.core.connections.activity import Counts
from penstock.core.connections.models import (
    Connection,
    ConnectionFilter,
    ConnectionRef,
    ConnectionStatus,
    ConnectionType,
    Route,
)
from penstock.kit.ids import ConnectionId, DeviceId
from tests.core.connections.broker import BROKER
from tests.support.shelf import Shelf

ONE = ConnectionId(1)


def connection(shelf: Shelf, number: int, **about: Any) -> Connection:
    known: dict[str, Any] = {
        "id": ConnectionId(number),
        "org_id": shelf.acme,
        "project_id": None,
        "name": f"broker {number}",
        "type": ConnectionType.MQTT,
        "status": ConnectionStatus.ACTIVE,
        "settings": BROKER,
        "secret_paths": {"password": "", "client_key": "mine"},
        "secret_prefix": "pcs_",
        "previous_until_us": None,
        "created_us": 1,
        "updated_us": 1,
    }
    return Connection(**known | about)


async def add(shelf: Shelf, *connections: Connection) -> None:
    async with shelf.own() as tx:
        for one in connections:
            await tx.connections.create(one, f"secret {one.id}".encode())


async def test_what_is_stored_is_read_back_by_its_organisation_alone(shelf: Shelf) -> None:
    await add(shelf, connection(shelf, 1))
    async with shelf.own() as tx:
        assert await tx.connections.find(ONE) == connection(shelf, 1)
        assert await tx.connections.count() == 1
    async with shelf.strange() as tx:
        assert await tx.connections.find(ONE) is None
        assert await tx.connections.find_ref(ONE) is None
        assert await tx.connections.count() == 0
        await tx.connections.delete(ONE)
        await tx.connections.add_counts(ONE, Counts(messages=5))
    async with shelf.own() as tx:
        assert await tx.connections.find(ONE) == connection(shelf, 1), "a stranger changed it"


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (ConnectionFilter(), [3, 2, 1]),
        (ConnectionFilter(status=ConnectionStatus.PAUSED), [2]),
        (ConnectionFilter(text="100%"), [3]),
        (ConnectionFilter(text="_"), []),
        (ConnectionFilter(text="BROKER"), [2, 1]),
    ],
)
async def test_filters(filters: ConnectionFilter, ids: list[int], shelf: Shelf) -> None:
    paused = connection(shelf, 2, status=ConnectionStatus.PAUSED)
    await add(shelf, connection(shelf, 1), paused, connection(shelf, 3, name="100% wind"))
    async with shelf.own() as tx:
        assert [one.id for one in await tx.connections.list(filters, 10, None)] == ids
        assert [one.id for one in await tx.connections.list(filters, 10, ConnectionId(2))] == [one for one in ids if one < 2]
    async with shelf.strange() as tx:
        assert await tx.connections.list(filters, 10, None) == []
    async with shelf.system() as tx:
        assert await tx.connections.running() == [(shelf.acme, 1), (shelf.acme, 3)]


@pytest.mark.parametrize(("until_us", "at_us", "found"), [(100, 99, 100), (100, 100, None), (None, 1, None)])
async def test_the_secret_before_lets_in_until_its_overlap_is_over(
    until_us: int | None, at_us: int, found: int | None, shelf: Shelf
) -> None:
    await add(shelf, connection(shelf, 1))
    async with shelf.own() as tx:
        await tx.connections.replace_secret(ONE, b"new", "pcs_", until_us, 5)
    ref = ConnectionRef(ONE, shelf.acme, None, ConnectionType.MQTT, ConnectionStatus.ACTIVE)
    async with shelf.system() as tx:
        assert await tx.connections.find_by_digest(b"new", at_us) == (ref, None)
        assert await tx.connections.find_by_digest(b"secret 1", at_us) == ((ref, found) if found else None)
        assert await tx.connections.find_by_digest(b"nobody's", at_us) is None


async def test_counts_add_up_and_the_last_error_stays(shelf: Shelf) -> None:
    await add(shelf, connection(shelf, 1))
    async with shelf.own() as tx:
        await tx.connections.add_counts(ONE, Counts(2, 1, 10, 11, "bad"))
        await tx.connections.add_counts(ONE, Counts(3, 0, 20, None, None))
        found = await tx.connections.find(ONE)
    assert found is not None
    activity = found.activity
    assert (activity.messages, activity.errors, activity.last_message_us) == (5, 1, 20)
    assert (activity.last_error_us, activity.last_error) == (11, "bad")


async def test_a_route_keeps_names_within_one_connection_and_goes_with_it(shelf: Shelf) -> None:
    device_id = await shelf.add_device(10)
    await add(shelf, connection(shelf, 1), connection(shelf, 2))

    async def after(route: Route, *, moves: bool = True) -> Route | None:
        async with shelf.own() as tx:
            await tx.connections.set_routes({device_id: route}, 5, moves=moves)
            return await tx.connections.find_route(device_id)

    assert await after(Route(ONE), moves=False) == Route(ONE), "it had none"
    assert await after(Route(ConnectionId(2), "x"), moves=False) == Route(ONE), "it reports through another"
    assert await after(Route(ONE, "d-0"), moves=False) == Route(ONE, "d-0", None)
    assert await after(Route(ONE, "d-1", "a-1")) == Route(ONE, "d-1", "a-1")
    assert await after(Route(ONE)) == Route(ONE, "d-1", "a-1")
    assert await after(Route(ONE, "d-2")) == Route(ONE, "d-2", "a-1")
    assert await after(Route(ConnectionId(2))) == Route(ConnectionId(2), None, None)
    assert await after(Route(ConnectionId(99), "x")) == Route(ConnectionId(2), None, None), "there is no such connection"
    async with shelf.strange() as tx:
        assert await tx.connections.find_route(device_id) is None
        await tx.connections.set_routes({device_id: Route(ONE)}, 6)
    async with shelf.own() as tx:
        await tx.connections.set_routes({DeviceId(99): Route(ONE)}, 6)
        found = await tx.connections.find(ConnectionId(2))
        assert found is not None
        assert found.activity.devices == 1
        await tx.connections.delete(ConnectionId(2))
        assert await tx.connections.find_route(device_id) is None
