from __future__ import annotations

from collections.abc import Iterator

import pytest

from penstock.adapters.frontdoor.config import FrontDoorConfig

from .running import Running, running


@pytest.fixture(scope="module")
def door() -> Iterator[Running]:
    """A door with the default limits, but for the address cap: every test comes from one address."""
    with running(FrontDoorConfig(max_idle_per_address=1000)) as at:
        yield at


@pytest.fixture(autouse=True)
def _forget(request: pytest.FixtureRequest) -> None:
    if "door" in request.fixturenames:
        probe = request.getfixturevalue("door").probe
        for remembered in (probe.started, probe.seen, probe.cut, probe.scopes):
            remembered.clear()
