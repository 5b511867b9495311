"""Everything at once: connections that come and go in the middle of anything, and what every device saw of it.

Each connection notes what came over it. A command that must not be done twice comes once in all; any command comes at most once
over one connection, and over one connection they come in the order in which they were asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import defaultdict
from pathlib import Path

import pytest

from penstock.core.actor import Actor
from penstock.core.commands.errors import MoveNotAllowed
from penstock.core.commands.models import Acknowledgement, Execution, State, Transport
from penstock.core.commands.ports import NotConnected, Receipt
from tests.support.commands import Site, open_site
from tests.support.quick_statements import own_threads

DEVICES = 6
ASKED = 20
PATIENCE = 3_000


class Flaky:
    """A transport whose connections are replaced at any time. What is under way then is lost, or arrives all the same."""

    def __init__(self, site: Site, chance: random.Random) -> None:
        self.connection: dict[int, int] = {}
        self.seen: dict[tuple[int, int], list[int]] = defaultdict(list)
        self._dispatcher = site.commands.dispatcher
        self._chance = chance
        self._devices: dict[int, Actor] = {}
        self._made = 0
        self.answering: set[asyncio.Task[None]] = set()

    def reaches(self, device_id: int) -> bool:
        return device_id in self.connection

    def connect(self, device: Actor) -> None:
        self._made += 1
        self._devices[device.id] = device
        self.connection[device.id] = self._made
        self._dispatcher.connected(device.id)

    def hang_up(self, device: Actor) -> None:
        self.connection.pop(device.id, None)

    async def deliver(self, execution: Execution) -> Receipt | NotConnected:
        connection = self.connection.get(execution.device_id)
        if connection is None:
            return NotConnected()
        await asyncio.sleep(self._chance.choice((0, 0, 0.002)))
        if self._chance.random() < 0.3:
            return Receipt()  # it left, and was lost on its way
        self.seen[execution.device_id, connection].append(execution.id)
        if self._chance.random() < 0.7:
            task = asyncio.create_task(self._answer(execution))
            self.answering.add(task)
            task.add_done_callback(self.answering.discard)
        return Receipt()

    async def _answer(self, execution: Execution) -> None:
        await asyncio.sleep(self._chance.choice((0, 0.001, 0.01)))
        said = Acknowledgement(ok=self._chance.choice((None, True, False)))
        with contextlib.suppress(MoveNotAllowed):  # a repetition that is answered otherwise than the first
            await self._dispatcher.acknowledge(self._devices[execution.device_id], execution.id, said)


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_connections_do(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with own_threads():  # the statements of a server, between which connections come and go
        await whatever_they_do(tmp_path, chance)


async def whatever_they_do(folder: Path, chance: random.Random) -> None:
    async with open_site(folder) as site:
        line = Flaky(site, chance)
        site.commands.dispatcher.register(Transport.MQTT, line)
        devices = [await site.add_device(str(number)) for number in range(DEVICES)]
        kinds = [[await site.define(one, name, repeatable=name == "again") for name in ("once", "again")] for one in devices]
        for device in devices[: DEVICES // 2]:
            await site.commands.executions.set_one_at_a_time(site.actor, device.id, True)
        asked: list[int] = []
        for _ in range(ASKED * DEVICES):
            place = chance.randrange(DEVICES)
            asked.append(await site.execute(chance.choice(kinds[place])))
            if chance.random() < 0.3:
                chance.choice((line.connect, line.connect, line.hang_up))(devices[place])
        await come_to_rest(site, line, devices)
        found = [await site.look(one) for one in asked]
    check_what_was_seen(line, found)


async def come_to_rest(site: Site, line: Flaky, devices: list[Actor]) -> None:
    """Connect all once more, and wait until the lanes rest and every answer is in."""
    for device in devices:
        line.connect(device)
    for _ in range(PATIENCE):
        await asyncio.sleep(0.01)
        if not site.commands.dispatcher.backlog and not line.answering:
            return
    raise AssertionError("it does not come to rest")


def check_what_was_seen(line: Flaky, found: list[Execution]) -> None:
    times: dict[int, int] = defaultdict(int)
    for seen in line.seen.values():
        assert seen == sorted(set(seen)), "over one connection each once, and in order"
        for execution_id in seen:
            times[execution_id] += 1
    for execution in found:
        assert execution.repeatable or times[execution.id] <= 1, "what must not be done twice came twice"
        assert execution.repeatable or execution.hand_outs <= 1
        assert times[execution.id] <= execution.hand_outs, "more came than was noted before"
        assert execution.state not in (State.RECEIVED, State.DONE) or times[execution.id], "said to be there and was not"
    assert len({execution.state for execution in found}) >= 4, "hardly anything happened"
    assert max(times.values()) > 1, "nothing was repeated"
