"""Waiting for what happens in another process, however slow the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
CEILING_S = 60.0
"""After this a test gives up. It is no expectation: a test that passes waits only as long as it must, and a machine that is
slow or busy may take many times what a fast one takes."""


LONGEST_PAUSE_S = 0.1


def pause(waited_s: float) -> None:
    """Sleep before the next look: the longer the longer it took so far, as most looks ask a server."""
    time.sleep(min(max(0.01, waited_s / 8), LONGEST_PAUSE_S))


def eventually(condition: Callable[[], object], within_s: float = CEILING_S) -> bool:
    """Whether a condition comes true in time."""
    began = time.monotonic()
    while not condition():
        waited_s = time.monotonic() - began
        if waited_s > within_s:
            return False
        pause(waited_s)
    return True


def awaited(look: Callable[[], T | None], within_s: float = CEILING_S, what: str = "it") -> T:
    """What `look` finds as soon as there is something in it."""
    began = time.monotonic()
    while not (found := look()):
        waited_s = time.monotonic() - began
        assert waited_s < within_s, f"{what} never came, but {found}"
        pause(waited_s)
    return found
