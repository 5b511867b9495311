from __future__ import annotations

import itertools

import pytest

TICK_S = 0.001


@pytest.fixture
def _ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that each look at it puts forward: a load is as long as what it does, and not as fast as the machine."""
    looks = itertools.count()
    for module in ("bench.http", "bench.loadgen", "bench.sse"):
        monkeypatch.setattr(f"{module}.now", lambda: next(looks) * TICK_S)
