"""A server without workers, with the clock in hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from penstock.bootstrap import DataDir, open_server
from penstock.bootstrap.server import Server
from penstock.core.actor import Actor
from penstock.settings import load_settings
from tests.support.days import HeldClock


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
async def server(tmp_path: Path, clock: HeldClock) -> AsyncIterator[Server]:
    settings = load_settings(environment={})
    async with open_server(DataDir(tmp_path / "data"), settings, clock, run_workers=False) as opened:
        yield opened


@pytest.fixture
async def actor(server: Server) -> Actor:
    return Actor.system((await server.tenancy.bootstrap("Meters", "ada@example.org")).organization.id)
