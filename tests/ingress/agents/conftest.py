"""Devices with a pairing, and what the API then shows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.support.agents import PairedDevice, RawAgent, pair
from tests.support.server import RunningServer


@pytest.fixture
def paired(server: RunningServer, api: httpx.Client) -> PairedDevice:
    return pair(server, api)


@pytest.fixture
def raw(server: RunningServer, paired: PairedDevice) -> Iterator[Callable[..., RawAgent]]:
    """Open connections of an agent that the test writes by hand, closed at the end."""
    opened: list[RawAgent] = []

    def open_one(**options: Any) -> RawAgent:
        opened.append(RawAgent(server, **({"token": paired.token} | options)))
        return opened[-1]

    yield open_one
    for agent in opened:
        agent.close()
