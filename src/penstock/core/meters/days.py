"""From a validated chain to days: the parts of time that count, and what flowed on each day of them. Pure.

Theory of operation. A step belongs to the day of its later reading, because the consumption of a day is its last reading minus
the last reading of the day before. If there are days without a reading in between, the step is spread over them and the day that
ends it, and all of these are `interpolated`: so there are no spikes, and nothing is lost. The days of a range always add up to
the difference of the counter.

Where a part begins or ends between two readings (a flat changes hands), the counter at that moment is interpolated in time. What
is before it belongs to the part before, to the last digit. The moment is in the day that contains it, and midnight in the day
that it begins: so what a part has on the days before does not depend on whether the part ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from penstock.core.meters.consumption import MOST_PROFILED, PROFILE_DAYS
from penstock.core.meters.models import Method, Quality, Span
from penstock.core.meters.units import as_shown
from penstock.core.meters.vee import Chain
from penstock.core.registers.models import Estimation, Register

if TYPE_CHECKING:
    from fractions import Fraction

    from numpy.typing import NDArray

CODES = tuple(Quality)
MEASURED, PARTIAL, INTERPOLATED, ESTIMATED, MISSING = range(len(CODES))


@dataclass(kw_only=True, slots=True)
class Piece:
    """The points of a version that belong to one span. `amounts[0]` is 0.

    `begins_known` and `ends_cut`: the first or the last point is not a reading but the counter at the span's begin or end.
    """

    version: Register
    shown_in: Fraction
    span: Span
    times: NDArray[np.int64]
    counters: NDArray[np.int64]
    amounts: NDArray[np.int64]
    begins_known: bool
    ends_cut: bool


def piece_of(chain: Chain, span: Span) -> Piece:
    """The part of a chain within a span."""
    version, times = chain.version, chain.times
    begin = int(np.searchsorted(times, span.from_us))
    # A reading at that very time is the last one of the span: the step into it flowed before.
    end = len(times) if span.to_us is None else int(np.searchsorted(times, span.to_us, side="right"))
    head = _between(chain, begin, span.from_us) if 0 < begin < len(times) else None
    tail = None
    if span.to_us is not None and 0 < end < len(times) and int(times[end - 1]) != span.to_us:
        tail = _between(chain, end, span.to_us)
    ends = [end_us for end_us in (span.to_us, version.to_us) if end_us is not None]
    columns = [times[begin:end], chain.counters[begin:end], chain.amounts[begin:end]]
    if head is not None or tail is not None:
        columns = _with_ends(columns, head, tail)
    return Piece(
        version=version,
        shown_in=chain.shown_in,
        span=Span(from_us=max(span.from_us, version.from_us), to_us=min(ends) if ends else None),
        times=columns[0],
        counters=columns[1],
        amounts=columns[2],
        # A value at the very start is as good as one before it.
        begins_known=chain.starts_known or head is not None or (begin < len(times) and int(times[begin]) == span.from_us),
        ends_cut=tail is not None,
    )


def _with_ends(columns: list[NDArray[np.int64]], head: list[int] | None, tail: list[int] | None) -> list[NDArray[np.int64]]:
    """Points with the counter at the begin and end of their span."""
    amounts = columns[2].copy()
    if head is not None:
        # What flowed before the span is in the next step, which is that into the end if there is no reading in between.
        if len(amounts):
            amounts[0] -= head[2]
        elif tail is not None:
            tail = [*tail[:2], tail[2] - head[2]]
        head = [*head[:2], 0]
    rows = [*columns[:2], amounts]
    # An empty list would make floats of the result, which are not exact.
    begin = np.array([head] if head is not None else [], dtype=np.int64).reshape(-1, 3)
    end = np.array([tail] if tail is not None else [], dtype=np.int64).reshape(-1, 3)
    return [np.concatenate((begin[:, n], rows[n], end[:, n])) for n in range(3)]


def _between(chain: Chain, at: int, time_us: int) -> list[int]:
    """A point in the step into another one: its time, its counter, and the share of the step that flowed before it."""
    begin_us, end_us = int(chain.times[at - 1]), int(chain.times[at])
    before, after, amount = int(chain.counters[at - 1]), int(chain.counters[at]), int(chain.amounts[at])
    # Python's integers, because the product can exceed 64 bits.
    share = as_shown(before + amount * (time_us - begin_us) // (end_us - begin_us), chain.shown_in) - before
    # Of a restart the counter in between is not known: it is the one that the later reading continues.
    counter = before + share if amount or after == before else after
    return [time_us, _shown(counter, before, after, amount), share]


def _shown(counter: int, before: int, after: int, amount: int) -> int:
    """A counter that was interpolated through a roll-over, as the meter shows it."""
    return counter % (before + amount - after) if after < before and amount > 0 else counter


@dataclass(kw_only=True, slots=True)
class DayAmounts:
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
    if piece.ends_cut and len(days) > 1 and days[-1] > days[-2] + 1:
        # The last point ends the day before it: nothing of a gap flowed on a day that begins with its end.
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
    total, so_far, shared, before = sum(weights), 0, 0, int(piece.counters[at])
    for day, weight in enumerate(weights, first):
        # Each share is the difference of two rounded sums, so that rounding neither loses nor adds anything.
        so_far += weight
        upto = before + amount * so_far // total
        share = (upto if day == last else as_shown(upto, piece.shown_in)) - before - shared
        found.amounts[day] += share
        shared += share


def _profile(found: DayAmounts, first: int, last: int) -> list[int] | None:
    """The usual consumption of the days of a gap, by the same weekdays around it; None if that tells nothing."""
    if last - first >= MOST_PROFILED:
        return None
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
    """How a piece's amount of a day was computed, if the day is interpolated and the piece has a part of it."""
    if code != INTERPOLATED or found.codes[day] != INTERPOLATED:
        return None
    return Method.PROFILE if day in found.profiled else Method.LINEAR


def counter_at(piece: Piece, edges: NDArray[np.int64], found: DayAmounts, day: int) -> int | None:
    """The counter at the start of a day, such that the amounts of days are differences of it; None if there is no point."""
    if not len(piece.times):
        return None
    at = int(np.searchsorted(piece.times, edges[day])) - 1
    if at < 0:
        return int(piece.counters[0])
    if at + 1 == len(piece.times):
        return int(piece.counters[at])
    reached = int(np.searchsorted(edges, piece.times[at], side="right")) - 1
    after = int(np.searchsorted(edges, piece.times[at + 1], side="right")) - 1
    if after <= reached + 1:
        return int(piece.counters[at])
    first = reached + (0 if at == 0 and piece.begins_known else 1)
    before, after, amount = int(piece.counters[at]), int(piece.counters[at + 1]), int(piece.amounts[at + 1])
    return _shown(before + int(found.amounts[first:day].sum()), before, after, amount)


def unread_in(piece: Piece, edges: NDArray[np.int64], found: DayAmounts, first: int, last: int) -> int:
    """How much of the days from `first` until `last` no readings on them measured.

    Of a gap between two readings of these days only the distribution is not known, and not the sum.
    """
    unread = (found.codes[first:last] > PARTIAL) & (found.codes[first:last] != MISSING)
    # The counter at the moment of a move is not a reading.
    times = piece.times[int(len(piece.times) > 0 and piece.times[0] == piece.span.from_us) : -1 if piece.ends_cut else None]
    within = times[(times >= edges[first]) & (times < edges[last])]
    if len(within):
        begin, end = np.searchsorted(edges, [within[0], within[-1]], side="right") - 1 - first
        unread[begin + 1 : end + 1] = False
    return int(found.amounts[first:last][unread].sum())
