"""From a validated chain to days: the parts of time that count, and what flowed on each day of them. Pure.

Theory of operation. A step belongs to the day of its later reading, because the consumption of a day is its last reading minus
the last reading of the day before. If there are days without a reading in between, the step is spread over them and the day that
ends it, and all of these are `interpolated`: so there are no spikes, and nothing is lost. The days of a range always add up to
the difference of the counter.

Where a part begins or ends between two readings (a flat changes hands), the counter at that moment is interpolated in time. What
is before it belongs to the part before, to the last digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from penstock.core.meters.consumption import PROFILE_DAYS
from penstock.core.meters.models import Method, Quality, Span
from penstock.core.meters.registers import Estimation, Register
from penstock.core.meters.vee import Chain

if TYPE_CHECKING:
    from numpy.typing import NDArray

CODES = tuple(Quality)
MEASURED, PARTIAL, INTERPOLATED, ESTIMATED, MISSING = range(len(CODES))


class Piece(msgspec.Struct, kw_only=True):
    """The points of a version that belong to one span. `amounts[0]` is 0.

    `begins_known` and `ends_cut`: the first or the last point is not a reading but the counter at the span's or version's end.
    """

    version: Register
    span: Span
    times: NDArray[np.int64]
    counters: NDArray[np.int64]
    amounts: NDArray[np.int64]
    begins_known: bool
    ends_cut: bool


def piece_of(chain: Chain, span: Span) -> Piece:
    """The part of a chain within a span."""
    version, times = chain.version, chain.times
    from_us = max(span.from_us, version.from_us)
    ends = [end for end in (span.to_us, version.to_us) if end is not None]
    to_us = min(ends) if ends else None
    piece = Piece(
        version=version,
        span=Span(from_us=from_us, to_us=to_us),
        times=times,
        counters=chain.counters,
        amounts=chain.amounts,
        begins_known=chain.starts_known,
        # The value at the end of a version was read when the meter was taken away: it belongs to the time before.
        ends_cut=bool(len(times)) and version.to_us is not None and int(times[-1]) == version.to_us,
    )
    if span.to_us is not None and len(times) and times[-1] >= span.to_us:
        _cut_end(piece, span.to_us)
    if len(piece.times) and piece.times[0] < span.from_us:
        _cut_begin(piece, span.from_us)
    return piece


def _share(piece: Piece, at: int, time_us: int) -> int:
    """What of the step into a point flowed before a time."""
    begin_us, end_us = int(piece.times[at - 1]), int(piece.times[at])
    # Python's integers, because the product can exceed 64 bits.
    return int(piece.amounts[at]) * (time_us - begin_us) // (end_us - begin_us)


def _cut_end(piece: Piece, time_us: int) -> None:
    at = int(np.searchsorted(piece.times, time_us))
    if at == 0:
        piece.times, piece.counters, piece.amounts = piece.times[:0], piece.counters[:0], piece.amounts[:0]
        return
    share = _share(piece, at, time_us)
    counter = _within(int(piece.counters[at - 1]) + share, piece, at)
    piece.times = np.append(piece.times[:at], time_us)
    piece.counters = np.append(piece.counters[:at], counter)
    piece.amounts = np.append(piece.amounts[:at], share)
    piece.ends_cut = True


def _cut_begin(piece: Piece, time_us: int) -> None:
    at = int(np.searchsorted(piece.times, time_us))
    if at == len(piece.times):
        piece.times, piece.counters, piece.amounts = piece.times[:0], piece.counters[:0], piece.amounts[:0]
        return
    share = _share(piece, at, time_us)
    rest = int(piece.amounts[at]) - share
    counter = _within(int(piece.counters[at]) - rest, piece, at)
    is_there = int(piece.times[at]) == time_us
    tail = at + 1 if is_there else at
    piece.times = np.concatenate(([time_us], piece.times[tail:]))
    piece.counters = np.concatenate(([counter], piece.counters[tail:]))
    amounts = np.concatenate(([0], piece.amounts[tail:]))
    if not is_there:
        amounts[1] = rest
    piece.amounts = amounts
    piece.begins_known = True


def _within(counter: int, piece: Piece, at: int) -> int:
    """A counter that was interpolated through a roll-over, as the meter shows it."""
    before, after, amount = int(piece.counters[at - 1]), int(piece.counters[at]), int(piece.amounts[at])
    top = before + amount - after
    if after >= before or amount <= 0:
        return counter
    return counter % top


class DayAmounts(msgspec.Struct, kw_only=True):
    """A piece by day: amounts in nano-units, the codes of qualities, and the days whose gap was filled by the profile."""

    amounts: NDArray[np.int64]
    codes: NDArray[np.int8]
    profiled: set[int]


def by_day(piece: Piece, edges: NDArray[np.int64]) -> DayAmounts:
    """A piece on the days between edges, which cover all of its points. Day n is [edges[n], edges[n + 1])."""
    count = len(edges) - 1
    amounts, codes = np.zeros(count, dtype=np.int64), np.full(count, MISSING, dtype=np.int8)
    found = DayAmounts(amounts=amounts, codes=codes, profiled=set())
    if not len(piece.times):
        return found
    days = np.searchsorted(edges, piece.times, side="right") - 1
    if piece.ends_cut and len(piece.times) > 1:
        # The last point is the end of what is before it.
        days[-1] = np.searchsorted(edges, piece.times[-1] - 1, side="right") - 1
    jumps = np.diff(days)
    near = jumps <= 1
    codes[days] = MEASURED
    if piece.ends_cut and len(days) > 1:
        codes[days[-1]] = MEASURED
    codes[days[0]] = MEASURED if piece.begins_known else PARTIAL
    np.add.at(amounts, days[1:][near], piece.amounts[1:][near])
    gaps = np.flatnonzero(~near).tolist()
    for at in gaps:
        codes[days[at] + (0 if at == 0 and piece.begins_known else 1) : days[at + 1] + 1] = INTERPOLATED
    for at in gaps:
        _fill_gap(piece, at, days, edges, found)
    return found


def _fill_gap(piece: Piece, at: int, days: NDArray[np.int64], edges: NDArray[np.int64], found: DayAmounts) -> None:
    """Distribute the step after a point over its days."""
    first, last = int(days[at]) + (0 if at == 0 and piece.begins_known else 1), int(days[at + 1])
    amount = int(piece.amounts[at + 1])
    weights = _profile(found, first, last) if piece.version.checks.estimation is Estimation.PROFILE else None
    if weights is None:
        bounds = edges[first : last + 2].copy()
        bounds[0] = max(int(bounds[0]), int(piece.times[at]) if at == 0 and piece.begins_known else 0)
        if piece.ends_cut and at + 2 == len(piece.times):
            bounds[-1] = piece.times[-1]
        weights = np.diff(bounds).tolist()
    else:
        found.profiled.update(range(first, last + 1))
    total, so_far, shared = sum(weights), 0, 0
    for day, weight in enumerate(weights, first):
        # Each share is the difference of two rounded sums, so that rounding neither loses nor adds anything.
        so_far += weight
        share = amount * so_far // total - shared
        found.amounts[day] += share
        shared += share


def _profile(found: DayAmounts, first: int, last: int) -> list[int] | None:
    """The usual consumption of the days of a gap, by the same weekdays around it; None if that tells nothing."""
    around = [*range(max(first - PROFILE_DAYS, 0), first), *range(last + 1, min(last + 1 + PROFILE_DAYS, len(found.codes)))]
    measured = [day for day in around if found.codes[day] == MEASURED]
    if not measured:
        return None
    usual = _mean([int(found.amounts[day]) for day in measured])
    weights = []
    for day in range(first, last + 1):
        same = [int(found.amounts[one]) for one in measured if (one - day) % 7 == 0]
        weights.append(max(_mean(same) if same else usual, 0))
    return weights if sum(weights) else None


def _mean(amounts: Sequence[int]) -> int:
    return sum(amounts) // len(amounts)


def method_of(day: int, code: int, found: DayAmounts) -> Method | None:
    """How the amount of a day was computed, if it was not measured."""
    if code != INTERPOLATED:
        return None
    return Method.PROFILE if day in found.profiled else Method.LINEAR


def counter_at(piece: Piece, edges: NDArray[np.int64], found: DayAmounts, day: int) -> int | None:
    """The counter at the start of a day, such that the amounts of days are differences of it; None if there is no point."""
    if not len(piece.times):
        return None
    at = int(np.searchsorted(piece.times, edges[day])) - 1
    if piece.ends_cut and at >= 0 and at + 2 == len(piece.times) and piece.times[-1] == edges[day]:
        at += 1
    if at < 0:
        return int(piece.counters[0])
    if at + 1 == len(piece.times):
        return int(piece.counters[at])
    reached = int(np.searchsorted(edges, piece.times[at], side="right")) - 1
    after = int(np.searchsorted(edges, piece.times[at + 1], side="right")) - 1
    if after <= reached + 1:
        return int(piece.counters[at])
    first = reached + (0 if at == 0 and piece.begins_known else 1)
    return _within(int(piece.counters[at]) + int(found.amounts[first:day].sum()), piece, at + 1)
