"""Finds conditions in the steps of a counter: continuous flow, bursts, back-flow, and a counter that stands still. Pure.

A step is what was counted between two readings. Steps come validated: suspect values are not among their readings, a roll-over is
counted through, and a reset has no step, so that the steps around it do not touch.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from penstock.kit.clock import DAY_US, HOUR_US, MAX_US, MINUTE_US

MIN_STEP_US = 50 * MINUTE_US
"""The least time in which a small leak moves a counter of litres (`meters/leaks.py`)."""
MAX_GAP_US = 3 * HOUR_US
"""In a longer time without a reading the flow may have stopped unseen."""
MIN_RATE = 0.7
"""Readings per hour of a meter that reports hourly; the others were lost on the air."""
MIN_BURST_STEP_US = MINUTE_US
"""In less time the last digit of a counter alone is a high flow."""
BURST_STEPS = 2


class Step(msgspec.Struct, frozen=True, gc=False):
    """What was counted between two readings, in nano-units. `readings` is how many of them it combines."""

    from_us: int
    to_us: int
    amount: int
    readings: int = 1

    @property
    def per_hour(self) -> int:
        """The mean flow."""
        return self.amount * HOUR_US // max(self.to_us - self.from_us, 1)


class Found(msgspec.Struct, frozen=True):
    """A time for which a condition held, and the measured amount that shows it; `until_us` None: to the last reading."""

    since_us: int
    last_us: int
    until_us: int | None
    amount: int


class Ongoing(msgspec.Struct, frozen=True):
    """A condition that held at the beginning of the steps already."""

    since_us: int
    amount: int


class _Run(msgspec.Struct):
    """Steps that show a condition, one after the other."""

    since_us: int
    last_us: int
    amount: int
    steps: int = 0
    readings: int = 0
    confirmed: bool = False

    def found(self, until_us: int | None) -> Found:
        return Found(self.since_us, self.last_us, until_us, self.amount)


def joined(steps: Iterable[Step], least_us: int) -> Iterator[Step]:
    """The steps, those in a row combined until each is at least this long. What is left at the end is too short to tell."""
    kept: Step | None = None
    for step in steps:
        kept = _together(kept, step) if kept is not None and kept.to_us == step.from_us else step
        if kept.to_us - kept.from_us >= least_us:
            yield kept
            kept = None


def _together(first: Step, second: Step) -> Step:
    return Step(first.from_us, second.to_us, first.amount + second.amount, first.readings + second.readings)


def continuous_flow(steps: Iterable[Step], hours: int, ongoing: Ongoing | None = None) -> list[Found]:
    """The times for which the flow never stopped for `hours`. The amount is the smallest flow per hour."""

    def is_long(run: _Run) -> bool:
        length_us = run.last_us - run.since_us
        return length_us >= hours * HOUR_US and run.readings * HOUR_US >= length_us * MIN_RATE

    return _runs(joined(steps, MIN_STEP_US), lambda step: step.amount > 0, is_long, min, ongoing)


def burst(steps: Iterable[Step], limit: int, ongoing: Ongoing | None = None) -> list[Found]:
    """The times for which the flow was above a limit, in nano-units per hour. The amount is the greatest flow per hour.

    A step may be long: a flow that is above the limit on average was above it.
    """
    return _runs(
        joined(steps, MIN_BURST_STEP_US),
        lambda step: step.per_hour > limit,
        lambda run: run.steps >= BURST_STEPS,
        max,
        ongoing,
        max_gap_us=MAX_US,
    )


def _runs(
    steps: Iterable[Step],
    shows: Callable[[Step], bool],
    confirms: Callable[[_Run], bool],
    choose: Callable[[int, int], int],
    ongoing: Ongoing | None,
    max_gap_us: int = MAX_GAP_US,
) -> list[Found]:
    """The runs of steps that show a condition and are confirmed.

    A confirmed run ends with a step that shows the opposite, and not with a gap; one that is not confirmed starts again after it.
    """
    found: list[Found] = []
    run = _Run(ongoing.since_us, ongoing.since_us, ongoing.amount, confirmed=True) if ongoing else None
    for step in steps:
        if step.to_us - step.from_us > max_gap_us and (run is None or not run.confirmed):
            run = None
            continue
        if not shows(step):
            if run is not None and run.confirmed:
                found.append(run.found(step.to_us))
            run = None
            continue
        if run is None or (not run.confirmed and step.from_us != run.last_us):
            run = _Run(step.from_us, step.from_us, step.per_hour)
        run.last_us = step.to_us
        run.amount = choose(run.amount, step.per_hour)
        run.steps += 1
        run.readings += step.readings
        run.confirmed = run.confirmed or confirms(run)
    if run is not None and run.confirmed:
        found.append(run.found(None))
    return found


def real_falls(steps: Iterable[Step], digit: int) -> list[Step]:
    """The steps without falls that are no more than the last digit of the counter moving. Falls in a row are one."""
    kept, fall, counted = [], 0, 0
    for step in steps:
        amount = step.amount
        if amount > 0:
            fall = counted = 0
        elif amount < 0:
            fall -= amount
            amount, counted = (counted - fall, fall) if fall > digit else (0, counted)
        kept.append(step if amount == step.amount else Step(step.from_us, step.to_us, amount, step.readings))
    return kept


def flowed_back(steps: Sequence[Step], limit: int, *, reverse: bool = False, ongoing: Ongoing | None = None) -> list[Found]:
    """The times for which more than `limit` flowed back within 24 hours. The amount is the most that did.

    A register of back-flow (`reverse`) counts it; every other one falls.
    """
    found: list[Found] = []
    recent: deque[tuple[Step, int]] = deque()
    # Of the first day of the steps, what flowed back before is unknown: it does not end what had begun.
    known_us = steps[0].from_us + DAY_US if ongoing and steps else 0
    run = _Run(ongoing.since_us, ongoing.since_us, ongoing.amount, confirmed=True) if ongoing else None
    for step in steps:
        back = step.amount if reverse else -step.amount
        if back > 0:
            recent.append((step, back))
        while recent and recent[0][0].to_us <= step.to_us - DAY_US:
            recent.popleft()
        total = sum(amount for _, amount in recent)
        if total > limit:
            run = run or _Run(recent[0][0].from_us, step.to_us, total)
            run.last_us = step.to_us if back > 0 else run.last_us
            run.amount = max(run.amount, total)
        elif run is not None and step.to_us >= known_us:
            found.append(run.found(step.to_us))
            run = None
    if run is not None:
        found.append(run.found(None))
    return found


def standing_still(steps: Sequence[Step], moved_us: int | None, days: int, ongoing: Ongoing | None = None) -> list[Found]:
    """The times for which a counter that had moved did not move for `days`. The amount is the length in microseconds.

    `moved_us` is when it last moved before these steps.
    """
    found: list[Found] = []
    limit_us = days * DAY_US
    since_us = ongoing.since_us if ongoing else moved_us
    for step in steps:
        if step.amount <= 0:
            continue
        # The reading at the beginning of the step is the last one at which the counter had not moved.
        if since_us is not None and step.from_us - since_us >= limit_us:
            found.append(Found(since_us, step.from_us, step.to_us, step.from_us - since_us))
        since_us = step.to_us
    if since_us is not None and steps and steps[-1].to_us - since_us >= limit_us:
        found.append(Found(since_us, steps[-1].to_us, None, steps[-1].to_us - since_us))
    return found


def last_move_us(steps: Sequence[Step]) -> int | None:
    """When the counter last moved."""
    return next((step.to_us for step in reversed(steps) if step.amount > 0), None)
