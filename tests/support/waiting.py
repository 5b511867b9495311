"""Waiting for what happens in another process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], object], within_s: float = 10) -> bool:
    """Whether a condition comes true in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def awaited(look: Callable[[], T], within_s: float = 20) -> T:
    """What `look` finds as soon as there is something in it."""
    assert eventually(look, within_s), "nothing came in time"
    return look()
