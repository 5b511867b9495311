"""Waiting for what happens in another process, however slow the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
CEILING_S = 60.0
"""After this a test gives up. It is no expectation: a test that passes waits only as long as it must, and a machine that is
slow or busy may take many times what a fast one takes."""


def eventually(condition: Callable[[], object], within_s: float = CEILING_S) -> bool:
    """Whether a condition comes true in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def awaited(look: Callable[[], T | None], within_s: float = CEILING_S, what: str = "it") -> T:
    """What `look` finds as soon as there is something in it."""
    deadline = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < deadline, f"{what} never came, but {found}"
        time.sleep(0.02)
    return found
