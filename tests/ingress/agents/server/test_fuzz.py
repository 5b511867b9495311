"""Mutated frames: each is understood, refused or ends its own connection, and an agent beside them loses nothing."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable

import pytest
from websockets.exceptions import ConnectionClosed

from penstock_agent import wire
from tests.support.agents import PairedDevice, RawAgent, pair
from tests.support.server import RunningServer

SEEDS = (
    wire.hello(wire.Hello("1.0.0", "9f2c51d0")),
    '{"data":[{"seq":1,"payload":{"v":1.5},"devicetimestamp":"2026-05-02T09:15:04Z","channel":"c","kind":"agent"}]}',
    '{"data":[{"seq":2,"command":{"id":"cmd_0c2k9fq7w3e8t","status":"done","result":[1],"error":"x","progress":null}}]}',
    '{"signal":{"heartbeat":7}}',
)
PIECES = (
    "[",
    "]",
    "{",
    "}",
    '"',
    ",",
    ":",
    "-",
    "9" * 30,
    "1e999",
    "null",
    "true",
    "\\ud800",
    "\\u0000",
    "é",
    "[" * 500,
    '"seq":0,',
)


def mutated(chance: random.Random, text: str) -> str:
    """A text with a few things cut out, doubled or put in."""
    for _ in range(chance.randint(1, 4)):
        at, to = sorted(chance.sample(range(len(text) + 1), 2)) if len(text) > 1 else (0, 0)
        text = chance.choice(
            [text[:at] + text[to:], text[:to] + text[at:], text[:at] + chance.choice(PIECES) + text[at:], text[:at]]
        )
    return text


@pytest.mark.parametrize("cases", [120, pytest.param(5_000, marks=pytest.mark.prove)])
def test_mutated_frames_harm_only_their_own_connection(
    server: RunningServer, raw: Callable[..., RawAgent], paired: PairedDevice, cases: int
) -> None:
    chance = random.Random(7)
    healthy = pair(server, paired.api)
    beside = raw(token=healthy.token)
    beside.greet()
    logged = len(server.log())
    agent, greeted = raw(), False
    for number in range(cases):
        if not greeted and chance.random() < 0.9:
            agent.greet()
            greeted = True
        text = mutated(chance, chance.choice(SEEDS))
        with contextlib.suppress(ConnectionClosed):
            agent.send(text)
            agent.send(wire.heartbeat(number))
            while agent.receive() != {"signal": {"heartbeat": number}}:
                continue
            greeted = True  # by a mutant that was a good hello, if not before
            continue
        assert agent.closed() in (wire.CLOSE_PROTOCOL, 1007, 1009), text
        agent, greeted = raw(), False
        if number % 20 == 0:
            beside.send_readings(number + 1, number)
            assert beside.acknowledged() == {"seq": number + 1}
    assert "Traceback" not in server.log()[logged:]
    assert "Exception in ASGI" not in server.log()[logged:]
