"""Messages between reading and storing: bounded, and nothing is dropped."""

from __future__ import annotations

import asyncio

import pytest

from penstock.ingress.mqtt.client import waiting as module
from penstock.ingress.mqtt.client.framing import Oversized
from penstock.ingress.mqtt.client.waiting import Waiting
from penstock.ingress.mqtt.protocol.packets import Publish
from tests.support.waiting import CEILING_S


def message(payload: bytes = b"x") -> Publish:
    return Publish("t", payload, 1, 1, False, False)


@pytest.mark.parametrize(("count", "payload"), [(3, b"x"), (2, b"x" * 49)])
async def test_messages_and_bytes_are_bounded(count: int, payload: bytes) -> None:
    waiting = Waiting(3, 100)
    for number in range(count):
        assert not waiting.full, number
        waiting.add(message(payload))
    assert waiting.full
    room = asyncio.create_task(waiting.room())
    await asyncio.sleep(0)
    assert not room.done()
    assert len(await asyncio.wait_for(waiting.take(), CEILING_S)) == count
    await asyncio.wait_for(room, CEILING_S)
    waiting.add(message(b"x" * 50))
    assert not waiting.full, "what was taken does not count"


async def test_room_is_only_when_all_was_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_BATCH", 2)
    waiting = Waiting(3, 100)
    for number in range(3):
        waiting.add(message(b"%d" % number))
    assert [one.payload for one in await asyncio.wait_for(waiting.take(), CEILING_S) if isinstance(one, Publish)] == [b"0", b"1"]
    assert waiting.full
    assert len(await asyncio.wait_for(waiting.take(), CEILING_S)) == 1
    assert not waiting.full


async def test_taking_waits_for_something_and_ends_with_nothing() -> None:
    waiting = Waiting(3, 100)
    taking = asyncio.create_task(waiting.take())
    await asyncio.sleep(0)
    assert not taking.done()
    waiting.add(Oversized(message(b""), 10**9))
    assert len(await asyncio.wait_for(taking, CEILING_S)) == 1
    assert not waiting.full, "of what is too large nothing is kept"
    waiting.add(message())
    waiting.end()
    assert [len(await asyncio.wait_for(waiting.take(), CEILING_S)) for _ in range(3)] == [1, 0, 0]
