"""How slow the machine is just now, for the few tests whose bounds are truly about time."""

from __future__ import annotations

import hashlib
import time

ROUNDS = 2_000_000
REFERENCE_S = 0.62
"""What the rounds take on the machine on which the bounds were set, while it has nothing else to do."""


def in_time(took_s: float, bound_s: float) -> bool:
    """Whether something took no longer than it may, on a machine that is as slow as this one is now."""
    return took_s <= bound_s or took_s <= bound_s * slowness()


def slowness() -> float:
    """How many times longer a fixed piece of work takes now than it did where the bounds were set; at least 1.

    By the wall clock, as a core that others use too is a slow core; and for so long that it is no matter of the moment.
    """
    began_s = time.perf_counter()
    held = b"penstock"
    for _ in range(ROUNDS):
        held = hashlib.sha256(held).digest()
    return max(1.0, (time.perf_counter() - began_s) / REFERENCE_S)
