"""Answers among readings, and devices that take few commands at a time: what only the inside shows."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from penstock.core.commands.models import ExecutionRequest, NewDefinition, State
from penstock.core.devices.models import CreatedDevice
from penstock.ingress.mqtt.protocol import packets as m
from penstock.kit.ids import Prefix, encode

from .inside import PATIENCE_S, Client, Inside, inside


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Inside]:
    async with inside(tmp_path) as running:
        yield running


@pytest.fixture
async def made(site: Inside) -> CreatedDevice:
    return await site.new_device()


async def ask(site: Inside, made: CreatedDevice, times: int) -> list[int]:
    """Ask a device to do the same so many times."""
    commands, device_id = site.server.parts.commands, made.device.id
    definition = await commands.definitions.create(site.actor, NewDefinition(name="restart", device_id=device_id))
    wanted = ExecutionRequest(definition_id=definition.id, parameters={})
    return [(await commands.executions.execute(site.actor, device_id, wanted)).id for _ in range(times)]


async def state(site: Inside, execution_id: int) -> State:
    return (await site.server.parts.commands.executions.get(site.actor, execution_id))[0].state


async def settled(site: Inside, execution_id: int, wanted: State) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while await state(site, execution_id) is not wanted:
            await asyncio.sleep(0.01)


async def command(client: Client) -> m.Publish:
    packet = await client.receive()
    assert isinstance(packet, m.Publish)
    return packet


def answer(client: Client, asked: int, number: int, qos: int = 1) -> m.Publish:
    body = json.dumps({"id": encode(Prefix.EXECUTION, asked), "ok": True}).encode()
    return m.Publish(f"d/{client.id}/c/ack", body, qos, number)


def reading(client: Client, number: int) -> m.Publish:
    return m.Publish(f"d/{client.id}/t", b'{"n":%d}' % number, 1, number)


@pytest.mark.parametrize("version", [m.V311, m.V5])
async def test_acknowledgements_keep_the_order_of_messages(site: Inside, made: CreatedDevice, version: int) -> None:
    """MQTT 5, 4.6: PUBACKs are sent in the order in which their PUBLISHes came."""
    client = Client(site, made, version)
    await client.connect()
    await client.listen()
    first, second = await ask(site, made, 2)
    for _ in range(2):
        got = await command(client)
        client.send(m.Ack(m.Kind.PUBACK, got.packet_id))
    client.send(
        reading(client, 1),
        answer(client, first, 2),
        reading(client, 3),
        answer(client, second, 4),
        answer(client, second, 5),
        reading(client, 6),
    )
    acks = [await client.receive() for _ in range(6)]
    assert [ack.packet_id for ack in acks if isinstance(ack, m.Ack)] == [1, 2, 3, 4, 5, 6]
    assert [await state(site, one) for one in (first, second)] == [State.DONE] * 2
    assert await site.stored(made) == [b'{"n":1}', b'{"n":3}', b'{"n":6}']


async def test_what_came_before_a_goodbye_is_dealt_with(site: Inside, made: CreatedDevice) -> None:
    client = Client(site, made)
    await client.connect()
    await client.listen(qos=0)
    (asked,) = await ask(site, made, 1)
    await command(client)
    client.send(answer(client, asked, 1), m.Publish(f"d/{client.id}/t", b'{"n":1}'), m.Disconnect())
    assert await client.receive() is None
    await settled(site, asked, State.DONE)
    async with asyncio.timeout(PATIENCE_S):
        while await site.stored(made) != [b'{"n":1}']:
            await asyncio.sleep(0.01)


async def test_a_last_will_can_be_an_answer(site: Inside, made: CreatedDevice) -> None:
    client = Client(site, made)
    (asked,) = await ask(site, made, 1)
    will = m.Will(f"d/{client.id}/c/ack", answer(client, asked, 0).payload)
    await client.connect(will=will)
    await client.listen()
    await command(client)
    client.writer.transport.abort()
    await settled(site, asked, State.DONE)


async def test_an_answer_at_qos_2_is_dealt_with_once(site: Inside, made: CreatedDevice) -> None:
    client = Client(site, made)
    await client.connect()
    await client.listen(qos=0)
    (asked,) = await ask(site, made, 1)
    await command(client)
    client.send(answer(client, asked, 7, qos=2))
    assert await client.receive() == m.Ack(m.Kind.PUBREC, 7)
    client.send(m.Ack(m.Kind.PUBREL, 7))
    assert await client.receive() == m.Ack(m.Kind.PUBCOMP, 7)
    assert await state(site, asked) is State.DONE


async def test_a_device_that_takes_two_at_once_gets_all_in_order(site: Inside, made: CreatedDevice) -> None:
    client = Client(site, made)
    await client.connect(properties={m.Property.RECEIVE_MAXIMUM: 2})
    await client.listen()
    asked = await ask(site, made, 7)
    got: list[m.Publish] = [await command(client), await command(client)]
    await asyncio.sleep(0.1)
    assert await state(site, asked[2]) is State.QUEUED, "what the device has no room for was not handed out"
    for number in range(7):
        client.send(m.Ack(m.Kind.PUBACK, got[number].packet_id))
        if len(got) < 7:
            got.append(await command(client))
    assert [json.loads(one.payload)["id"] for one in got] == [encode(Prefix.EXECUTION, one) for one in asked]
    await settled(site, asked[-1], State.RECEIVED)
    history = (await site.server.parts.commands.executions.get(site.actor, asked[-1]))[1]
    assert [row.state for row in history] == [State.QUEUED, State.SENT, State.RECEIVED]


async def test_a_command_that_the_device_refuses_has_failed(site: Inside, made: CreatedDevice) -> None:
    client = Client(site, made)
    await client.connect()
    await client.listen()
    (asked,) = await ask(site, made, 1)
    client.send(m.Ack(m.Kind.PUBACK, (await command(client)).packet_id, m.Reason.NOT_AUTHORIZED))
    await settled(site, asked, State.FAILED)
    execution, _ = await site.server.parts.commands.executions.get(site.actor, asked)
    assert "0x87" in (execution.error or "")


async def test_a_command_larger_than_the_device_takes_has_failed(site: Inside, made: CreatedDevice) -> None:
    client = Client(site, made)
    await client.connect(properties={m.Property.MAXIMUM_PACKET_SIZE: 40})
    await client.listen()
    (asked,) = await ask(site, made, 1)
    await settled(site, asked, State.FAILED)


async def test_an_answer_that_is_too_late_is_told_by_its_reason_code(site: Inside, made: CreatedDevice) -> None:
    client = Client(site, made)
    await client.connect()
    (asked,) = await ask(site, made, 1)
    client.send(answer(client, asked, 1))
    ack = await client.receive()
    assert isinstance(ack, m.Ack)
    assert (ack.packet_id, ack.reason) == (1, m.Reason.IMPLEMENTATION_SPECIFIC)
    assert "is queued" in ack.properties[m.Property.REASON_STRING]
    assert await state(site, asked) is State.QUEUED, "what never left cannot be done"
