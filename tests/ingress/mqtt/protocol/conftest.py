"""Clients of both versions."""

from __future__ import annotations

import pytest

from tests.ingress.mqtt.protocol.peer import CONNECT, Peer, old


@pytest.fixture(params=[CONNECT, old()], ids=["5", "3.1.1"])
def peer(request: pytest.FixtureRequest) -> Peer:
    return Peer(request.param)
