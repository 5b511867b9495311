"""How slow the machine is just now, for the few tests whose bounds are truly about time."""

from __future__ import annotations

import hashlib
import time

ROUNDS = 100_000
REFERENCE_S = 0.031
"""What the rounds take on the machine on which the bounds were set, while it has nothing else to do."""


def slowness() -> float:
    """How many times longer a fixed piece of work takes now than it did where the bounds were set; at least 1.

    It is measured by the wall clock: a core that others use too is a slow core.
    """
    began_s = time.perf_counter()
    held = b"penstock"
    for _ in range(ROUNDS):
        held = hashlib.sha256(held).digest()
    return max(1.0, (time.perf_counter() - began_s) / REFERENCE_S)
