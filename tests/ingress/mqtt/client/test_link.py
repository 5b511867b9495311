"""When a lost broker is tried again, and what may wait for the disk."""

from __future__ import annotations

import asyncio

from penstock.core.connections.links import ConnectionLinks, LinkState
from penstock.ingress.mqtt.client.config import MqttClientConfig
from penstock.ingress.mqtt.client.framing import Oversized
from penstock.ingress.mqtt.client.link import wait_us
from penstock.ingress.mqtt.client.waiting import MAX_BATCH, Waiting
from penstock.ingress.mqtt.protocol.packets import Publish
from penstock.kit.clock import SECOND_US, SystemClock


def test_attempts_come_later_and_later_with_a_jitter() -> None:
    config = MqttClientConfig(reconnect_min_s=1, reconnect_max_s=120)
    assert [wait_us(attempt, config, lambda: 1.0) / SECOND_US for attempt in range(1, 10)] == [1, 2, 4, 8, 16, 32, 64, 120, 120]
    assert wait_us(3, config, lambda: 0.0) == 2 * SECOND_US
    assert wait_us(100_000, config, lambda: 0.5) == 90 * SECOND_US


async def test_no_more_is_read_while_enough_waits() -> None:
    waiting = Waiting(max_messages=3, max_bytes=1_000)
    for number in range(3):
        assert not waiting.full
        waiting.add(Publish("t", b"x", 1, number + 1))
    assert waiting.full
    assert len(await waiting.take()) == 3
    assert not waiting.full
    waiting.add(Publish("t", b"x" * 2_000, 0))
    assert waiting.full
    await waiting.take()
    waiting.add(Oversized(Publish("t", b"", 1, 1), 10**9))
    assert not waiting.full


async def test_what_waits_is_taken_to_its_end_in_batches() -> None:
    waiting = Waiting(max_messages=10_000, max_bytes=10**9)
    taking = asyncio.create_task(waiting.take())
    await asyncio.sleep(0)
    assert not taking.done()
    for number in range(MAX_BATCH + 1):
        waiting.add(Publish("t", str(number).encode(), 0))
    waiting.end()
    assert [len(await taking), len(await waiting.take()), len(await waiting.take())] == [MAX_BATCH, 1, 0]


def test_an_attempt_still_shows_why_the_one_before_failed() -> None:
    links = ConnectionLinks(SystemClock())
    assert links.find(1) is None
    links.note(1, LinkState.CONNECTING)
    links.note(1, LinkState.WAITING, "refused " * 100, 5)
    links.note(1, LinkState.CONNECTING)
    found = links.find(1)
    assert found is not None
    assert (found.state, len(found.reason or ""), found.retry_us) == (LinkState.CONNECTING, 300, None)
    links.note(1, LinkState.CONNECTED)
    links.warn(1, "one subscription was refused")
    links.warn(2, "not kept")
    assert (links.find(1).reason, links.find(2)) == ("one subscription was refused", None)  # type: ignore[union-attr]
    links.forget(1)
    assert links.find(1) is None
