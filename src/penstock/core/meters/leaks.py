"""Leak hints: a meter that never stops at night. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from penstock.core.meters.consumption import Point
from penstock.core.meters.models import LeakHint
from penstock.kit.clock import HOUR_US

NIGHT_US = (2 * HOUR_US, 5 * HOUR_US)
"""02:00 to 05:00, from the start of the local day, when hardly any water is used."""
MIN_STEP_US = 50 * 60 * 1_000_000
"""Minimum time between two compared readings: in less time a small leak does not move a counter of litres."""
MIN_NIGHTS = 3


def leak_hint(points: Sequence[Point], edges: Sequence[int]) -> LeakHint:
    """Whether water flowed throughout the nights of some days. Points in order; day n is [edges[n], edges[n + 1])."""
    times = [time_us for time_us, _ in points]
    flows: list[int] = []
    for begin_us in edges[:-1]:
        low = bisect_left(times, begin_us + NIGHT_US[0])
        # Plus one, so that a reading at exactly 05:00 is included.
        high = bisect_left(times, begin_us + NIGHT_US[1] + 1)
        flow = _least_flow(points[low:high])
        if flow is not None:
            flows.append(flow)
    flowing = [flow for flow in flows if flow > 0]
    suspected = len(flows) >= MIN_NIGHTS and all(flows[-MIN_NIGHTS:])
    return LeakHint(nights=len(flows), flowing=len(flowing), least=min(flowing, default=None), suspected=suspected)


def _least_flow(points: Sequence[Point]) -> int | None:
    """The smallest flow of a night, in nano-units per hour; None if there are too few readings."""
    chosen: list[Point] = []
    for point in points:
        if not chosen or point[0] - chosen[-1][0] >= MIN_STEP_US:
            chosen.append(point)
    if len(chosen) < 2:
        return None
    return min(
        # A reset counts as no flow: a night in which the meter was replaced never raises a suspicion.
        (counter - earlier) * HOUR_US // (time_us - earlier_us)
        for (earlier_us, earlier), (time_us, counter) in pairwise(chosen)
    )
