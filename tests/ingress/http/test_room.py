"""A crowded log: a short wait, then a refusal."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from penstock.core.telemetry.errors import LogFull
from penstock.ingress.http import room
from penstock.ingress.http.room import wait_for_room


class Crowded:
    """A log that is crowded for so many looks."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    @property
    def is_overloaded(self) -> bool:
        self.looks -= 1
        return self.looks >= 0


async def test_there_is_room_at_once_after_a_moment_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "PATIENCE_S", 0.02)
    begin = time.monotonic()
    await wait_for_room(cast(Any, SimpleNamespace(is_overloaded=False)))
    await wait_for_room(cast(Any, Crowded(1)))
    assert time.monotonic() - begin >= 0.02
    with pytest.raises(LogFull):
        await wait_for_room(cast(Any, Crowded(2)))
