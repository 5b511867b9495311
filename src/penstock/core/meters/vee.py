"""Validation and editing: from the values of a register's version to the counter that is billed. Pure.

Theory of operation. What people edited replaces what was reported. Equal values in a row are one node, so that a value that is
stuck weighs no more than one reading. If every step from node to node is possible, all are kept: that is nearly every series, and
vector operations find out. Otherwise the chain (`chain.py`) is searched around each impossible step only. That is exact: a
stretch of `ANCHOR` possible steps is always kept except at most two nodes at its ends, because two restarts cost less than six
values are worth, and one restart less than three. So its middle is a node at which the search can begin and end, and for the same
reason nothing beyond an anchor changes a result: a series that is read up to an anchor gives what the whole series gives.

The validated counter stands still while the values fall by no more than the noise (a dead band), so that an idle meter whose last
digit moves consumes nothing. Other small falls are netted: they count as negative. A value that was not reached again for
`BAND_US` and `BAND_VALUES` is forgotten, and the counter is the highest since: so the band depends on a bounded part of the past.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from penstock.core.meters.chain import Node, best_chain
from penstock.core.meters.counters import NONE
from penstock.core.meters.models import EventKind, MeterEvent
from penstock.core.meters.rules import ANY, SLACK_US, Rules, Step, rules_of
from penstock.core.meters.units import as_shown, is_shown_exactly, ratio
from penstock.core.meters.values import EARLIEST_US, Edit, EditKind, Reason, Status, Value
from penstock.core.registers.models import Register
from penstock.kit.clock import DAY_US

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from numpy.typing import NDArray

ANCHOR = 6
"""Nodes in a stretch of possible steps, at the least, to be kept whatever is around it."""
BAND_US, BAND_VALUES = 10 * DAY_US, 8
"""How far back the dead band reaches: to a value as recent as one of these."""


class Raw(NamedTuple):
    """The values of a version, by time: counters are `NONE` where `reasons` says why. `original` gives what a row reported."""

    times: NDArray[np.int64]
    counters: NDArray[np.int64]
    reasons: dict[int, Reason]
    original: Callable[[int], object]


class Extra(NamedTuple):
    """A row in addition to the readings, or in place of one: what a person set, or read when the meter was mounted or removed."""

    time_us: int
    counter: int
    edit: Edit | None = None
    original: object = None


@dataclass(kw_only=True, slots=True)
class Chain:
    """A version's validated series: `amounts[n]` flowed into point n, and is not always the difference of the counters.

    `settled_from_us` and `settled_to_us`: whatever is read before or after these cannot change the chain between them; None if
    any could. `values` lists every value of a range, `held` only those that were held out. `shown_in` is the ratio of the unit in
    which amounts are shown.
    """

    version: Register
    shown_in: Fraction
    times: NDArray[np.int64]
    counters: NDArray[np.int64]
    amounts: NDArray[np.int64]
    events: list[MeterEvent]
    held: list[Value]
    settled_from_us: int | None
    settled_to_us: int | None
    starts_known: bool = False
    raw: Raw
    extras: list[Extra]
    dropped: dict[int, Edit]
    held_at: frozenset[tuple[int, int]] = frozenset()

    def values(self, begin_us: int, end_us: int) -> list[Value]:
        """Every value in [begin_us, end_us), by time."""
        low, high = np.searchsorted(self.raw.times, [begin_us, end_us])
        found = [value for value in self.held if begin_us <= value.time_us < end_us]
        listed = set(self.held_at)
        for row in range(int(low), int(high)):
            time_us, counter = int(self.raw.times[row]), int(self.raw.counters[row])
            if counter == NONE or row in self.dropped or (time_us, counter) in listed:
                continue
            listed.add((time_us, counter))
            found.append(Value(time_us=time_us, counter=counter, status=Status.VALID, original=self.raw.original(row)))
        for extra in self.extras:
            if extra.edit is not None and begin_us <= extra.time_us < end_us:
                found.append(_edited(extra))
        return sorted(found, key=lambda value: value.time_us)


def validate(version: Register, raw: Raw, edits: Sequence[Edit] = (), *, begins: bool = True, ends: bool = True) -> Chain:
    """The chain of a version. `begins` and `ends`: the series contains the version's first and last moment."""
    rules = rules_of(version)
    extras, dropped = _edits_of(raw, edits)
    known = {extra.time_us for extra in extras}
    first = rules.first if begins and version.from_us >= EARLIEST_US else None
    # The values at the ends are not listed among the values: they belong to the version.
    ends_of = [] if first is None or version.from_us in known else [Extra(version.from_us, first)]
    if ends and version.to_us is not None and rules.last is not None:
        ends_of.append(Extra(version.to_us, rules.last))
    bad = bool(raw.reasons) or bool(len(raw.counters) and raw.counters.min() == NONE)
    kept = np.ones(len(raw.times), dtype=np.bool_)
    if bad or dropped:
        kept = raw.counters != NONE
        kept[list(dropped)] = False
    chain = Chain(
        version=version,
        shown_in=ratio(version.unit, version.quantity),
        times=raw.times[kept] if bad or dropped else raw.times,
        counters=raw.counters[kept] if bad or dropped else raw.counters,
        amounts=raw.counters[:0],
        events=[],
        held=_unusable(raw, dropped),
        settled_from_us=None,
        settled_to_us=None,
        starts_known=first is not None,
        raw=raw,
        extras=extras,
        dropped=dropped,
    )
    _fill(chain, rules, [*extras, *ends_of])
    return chain


def show_in(chain: Chain, one: Fraction) -> None:
    """Round a validated counter to what a unit with the ratio `one` shows, so that its steps are what is shown of them."""
    chain.shown_in = one
    if is_shown_exactly(one) or not len(chain.counters):
        return
    is_step = chain.amounts == np.diff(chain.counters, prepend=chain.counters[:1])
    chain.counters = np.array([as_shown(value, one) for value in chain.counters.tolist()], dtype=np.int64)
    steps = np.diff(chain.counters, prepend=chain.counters[:1])
    # What flowed where the counter restarted is not a difference of counters.
    for at in np.flatnonzero(~is_step).tolist():
        steps[at] = as_shown(int(chain.amounts[at]), one)
    chain.amounts = steps


def _edits_of(raw: Raw, edits: Sequence[Edit]) -> tuple[list[Extra], dict[int, Edit]]:
    """What people set, and the rows of the readings in whose place it is, or that they removed."""
    extras: dict[int, Extra] = {}
    dropped: dict[int, Edit] = {}
    for edit in sorted(edits, key=lambda one: one.id):
        low, high = (int(n) for n in np.searchsorted(raw.times, [edit.time_us, edit.time_us + 1]))
        before = extras.get(edit.time_us)
        if edit.kind is EditKind.CONFIRM:
            rows = [row for row in range(low, high) if raw.counters[row] != NONE]
            if before is not None:
                extras[edit.time_us] = before._replace(edit=edit)
            elif rows:
                # Of several values of a time it is the one that was suspect. The others no longer are in question.
                row = next((row for row in rows if raw.counters[row] == edit.counter), rows[0])
                dropped |= dict.fromkeys(rows, edit)
                extras[edit.time_us] = Extra(edit.time_us, int(raw.counters[row]), edit, raw.original(row))
            continue
        if edit.kind is not EditKind.ADD:
            dropped |= dict.fromkeys(range(low, high), edit)
        if edit.counter is None:
            extras.pop(edit.time_us, None)
        else:
            original = raw.original(low) if low < high and edit.kind is EditKind.CORRECT else None
            extras[edit.time_us] = Extra(edit.time_us, edit.counter, edit, original)
    return list(extras.values()), dropped


def _edited(extra: Extra) -> Value:
    return Value(time_us=extra.time_us, counter=extra.counter, status=Status.EDITED, original=extra.original, edit=extra.edit)


def _unusable(raw: Raw, dropped: dict[int, Edit]) -> list[Value]:
    """The values that are not counters, and those that a person removed."""
    found = [
        Value(time_us=int(raw.times[row]), counter=None, status=Status.SUSPECT, reason=reason, original=raw.original(row))
        for row, reason in raw.reasons.items()
        if row not in dropped
    ]
    for row, edit in dropped.items():
        if edit.kind is EditKind.VOID:
            counter = int(raw.counters[row])
            found.append(
                Value(
                    time_us=int(raw.times[row]),
                    counter=None if counter == NONE else counter,
                    status=Status.VOID,
                    original=raw.original(row),
                    edit=edit,
                )
            )
    return found


def _fill(chain: Chain, rules: Rules, extras: Sequence[Extra]) -> None:
    """Choose the points of a chain and compute its amounts, events and what was held out."""
    if not extras and _is_clean(chain.times, chain.counters, rules):
        chain.amounts = np.diff(chain.counters, prepend=chain.counters[:1])
        _settle(chain, rules)
        return
    times, counters, forced = _in_order(chain.times, chain.counters, extras)
    starts = _starts(times, counters, forced)
    nodes = _Nodes(times, counters, forced, starts)
    kept, anchored = _choose(nodes, rules)
    chain.settled_from_us, chain.settled_to_us = anchored
    rows = np.repeat(kept, np.diff(starts, append=len(times)))
    chain.held += _held(chain.raw, times, counters, rows)
    chain.held_at = frozenset((value.time_us, value.counter) for value in chain.held if value.counter is not None)
    chain.times, chain.counters = times[rows], counters[rows]
    if chain.settled_from_us is not None:
        chain.settled_from_us = _steady(chain.times, chain.counters, chain.settled_from_us, rules.noise)
    _count(chain, forced[rows], rules)


def _is_clean(times: NDArray[np.int64], counters: NDArray[np.int64], rules: Rules) -> bool:
    """Whether times rise, and each step of the counter is one up that it can have made."""
    between, rises = np.diff(times), np.diff(counters)
    return bool((between > 0).all() and (rises >= 0).all() and (rises <= _most(between, rules)).all())


def _most(between: NDArray[np.int64], rules: Rules) -> NDArray[np.int64]:
    """`Rules.most` and the noise, for many steps."""
    if rules.flow_per_us is None:
        return np.full(len(between), ANY, dtype=np.int64)
    most: NDArray[np.int64] = np.minimum((between + SLACK_US) * rules.flow_per_us, float(ANY)).astype(np.int64)
    return most + rules.noise


def _settle(chain: Chain, rules: Rules) -> None:
    """What a clean series does not leave to what is read before or after it."""
    at = np.flatnonzero(chain.amounts)  # the points at which a node starts, except the first
    if len(at) + 1 >= ANCHOR:
        chain.settled_from_us = _steady(chain.times, chain.counters, int(chain.times[at[1]]), rules.noise)
        chain.settled_to_us = int(chain.times[at[-2] - 1])
    elif not len(at) and len(chain.times) and chain.counters[0] > 0:
        # A counter that stands still at anything but zero: one that is stuck there shows by its next value, a step up.
        chain.settled_from_us = _steady(chain.times, chain.counters, int(chain.times[0]), rules.noise)
        chain.settled_to_us = int(chain.times[-1])


def _steady(times: NDArray[np.int64], counters: NDArray[np.int64], from_us: int, noise: int) -> int | None:
    """From when on the dead band does not depend on what was before a point that is kept: once the counter left or forgot it."""
    at = int(np.searchsorted(times, from_us))
    base = int(counters[at])
    outside = (counters[at:] >= base + noise) | (counters[at:] < base - noise)
    # Twice: what is remembered at first can have been higher, and what is compared with it then lower.
    outside[2 * BAND_VALUES :] |= times[at + 2 * BAND_VALUES :] > times[at] + 2 * BAND_US
    first = int(np.argmax(outside))
    return int(times[at + first]) if outside[first] else None


def _in_order(
    times: NDArray[np.int64], counters: NDArray[np.int64], extras: Sequence[Extra]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Rows by time and counter, the same time and counter once."""
    times = np.concatenate((times, np.array([one.time_us for one in extras], dtype=np.int64)))
    counters = np.concatenate((counters, np.array([one.counter for one in extras], dtype=np.int64)))
    forced = np.zeros(len(times), dtype=np.bool_)
    forced[len(times) - len(extras) :] = True
    order = np.lexsort((~forced, counters, times))
    times, counters, forced = times[order], counters[order], forced[order]
    once = np.ones(len(times), dtype=np.bool_)
    once[1:] = (np.diff(times) != 0) | (np.diff(counters) != 0)
    return times[once], counters[once], forced[once]


def _starts(times: NDArray[np.int64], counters: NDArray[np.int64], forced: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The rows at which nodes start. Values of one time are separate, and so is what a person set."""
    alone = forced.copy()
    same = np.diff(times) == 0
    alone[1:] |= same
    alone[:-1] |= same
    starts = np.ones(len(times), dtype=np.bool_)
    starts[1:] = (np.diff(counters) != 0) | alone[1:] | alone[:-1]
    return np.flatnonzero(starts)


class _Nodes:
    """The nodes of a series, as arrays."""

    def __init__(
        self, times: NDArray[np.int64], counters: NDArray[np.int64], forced: NDArray[np.bool_], starts: NDArray[np.int64]
    ) -> None:
        self.first = times[starts]
        self.last = times[np.append(starts[1:], len(times)) - 1] if len(times) else times
        self.counters = counters[starts]
        self.forced = forced[starts]

    def __len__(self) -> int:
        return len(self.first)

    def between(self, low: int, high: int) -> list[Node]:
        """The nodes from one to another, both included."""
        rows = slice(low, high + 1)
        columns = (self.first[rows], self.last[rows], self.counters[rows], self.forced[rows])
        return [Node(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]

    def breaks(self, rules: Rules) -> list[int]:
        """The steps that cost anything: n is that from node n to the next."""
        between, rises = self.first[1:] - self.last[:-1], np.diff(self.counters)
        most = _most(between, rules)
        flows = (rises >= 0) & (rises <= most)
        falls = (rises < 0) & ((-rises <= rules.noise) | ((-rises <= self.counters[:-1] // 10) & (-rises <= most - rules.noise)))
        return np.flatnonzero(~(flows | falls) | (between <= 0)).tolist()


def _choose(nodes: _Nodes, rules: Rules) -> tuple[NDArray[np.bool_], tuple[int | None, int | None]]:
    """Which nodes are kept, and from when to when nothing beyond changes that."""
    kept = np.ones(len(nodes), dtype=np.bool_)
    if not len(nodes):
        return kept, (None, None)
    breaks = nodes.breaks(rules)
    # Stretches without a break: from node to node, both included.
    ends = [-1, *breaks, len(nodes) - 1]
    long = [(low + 1, high) for low, high in pairwise(ends) if high - low >= ANCHOR]
    cuts = [0, *(cut for low, high in long for cut in (low + 2, high - 2)), len(nodes) - 1]
    for number in range(0, len(cuts), 2):
        low, high = cuts[number], cuts[number + 1]
        if not any(low <= at < high for at in (breaks if len(cuts) == 2 else _within(breaks, low, high))):
            continue
        chosen = best_chain(nodes.between(low, high), rules, from_first=number > 0, to_last=number + 2 < len(cuts))
        kept[low : high + 1] = False
        kept[[low + at for at in chosen]] = True
    if not long:
        return kept, (None, None)
    return kept, (int(nodes.first[long[0][0] + 2]), int(nodes.last[long[-1][1] - 2]))


def _within(breaks: Sequence[int], low: int, high: int) -> Sequence[int]:
    return [at for at in breaks if low <= at < high]


def _held(raw: Raw, times: NDArray[np.int64], counters: NDArray[np.int64], rows: NDArray[np.bool_]) -> list[Value]:
    """The values that are not in the chain, with the reason."""
    if rows.all():
        return []
    kept_times, kept = times[rows], counters[rows]
    found = []
    for row in np.flatnonzero(~rows).tolist():
        time_us, counter = int(times[row]), int(counters[row])
        after = int(np.searchsorted(kept_times, time_us))
        neighbour = int(kept[after - 1]) if after else int(kept[0])
        if after < len(kept_times) and kept_times[after] == time_us:
            reason = Reason.DUPLICATE_TIME
        elif counter == 0 and neighbour > 0:
            reason = Reason.ZERO
        else:
            reason = Reason.FALL if after and counter < neighbour else Reason.SPIKE
        original = _original(raw, time_us, counter)
        found.append(Value(time_us=time_us, counter=counter, status=Status.SUSPECT, reason=reason, original=original))
    return found


def _original(raw: Raw, time_us: int, counter: int) -> object:
    low, high = (int(n) for n in np.searchsorted(raw.times, [time_us, time_us + 1]))
    return next((raw.original(row) for row in range(low, high) if raw.counters[row] == counter), None)


def _count(chain: Chain, forced: NDArray[np.bool_], rules: Rules) -> None:
    """The amounts and events of a chain, and its counter with the dead band."""
    values = chain.counters
    chain.amounts = np.diff(values, prepend=values[:1])
    rises = chain.amounts[1:]
    up = (rises >= 0) & (rises <= _most(np.diff(chain.times), rules))
    if up.all():
        return
    band = _Band(chain, rules)
    for at, (is_up, is_forced) in enumerate(zip(up.tolist(), forced[1:].tolist(), strict=True), 1):
        band.step(at, is_up=is_up, is_forced=is_forced)
    chain.amounts, chain.counters = np.array(band.amounts, dtype=np.int64), np.array(band.shown, dtype=np.int64)


class _Band:
    """Follows a chain with the dead band: `shown` is the validated counter."""

    def __init__(self, chain: Chain, rules: Rules) -> None:
        self._times: list[int] = chain.times.tolist()
        self._values: list[int] = chain.counters.tolist()
        self._rules, self._events = rules, chain.events
        self._reached = 0  # the last point at which the counter was what is shown
        self.shown: list[int] = self._values[:1]
        self.amounts: list[int] = [0]

    def step(self, at: int, *, is_up: bool, is_forced: bool) -> None:
        """Continue with the point at an index."""
        value, held = self._values[at], self.shown[-1]
        if value < held and held - value <= self._rules.noise and not is_forced:
            value = self._remembered(at)
            amount = value - held
        else:
            amount = value - held if is_up else self._fallen(at, is_forced=is_forced)
            self._reached = at
        self.amounts.append(amount)
        self.shown.append(value)

    def _remembered(self, at: int) -> int:
        """The highest of the values up to a point that are recent enough."""
        while at - self._reached > BAND_VALUES and self._times[at] - self._times[self._reached] > BAND_US:
            since = range(self._reached + 1, at + 1)
            self._reached = max(since, key=lambda one: (self._values[one], one))
        return self._values[self._reached]

    def _fallen(self, at: int, *, is_forced: bool) -> int:
        before, value = self._values[at - 1], self._values[at]
        held = self.shown[-1]
        step = self._rules.step(before, value, self._times[at] - self._times[at - 1])
        if step is Step.FLOW or (is_forced and value >= before):
            return value - held
        kind = EventKind.RESET if step is Step.IMPOSSIBLE else EventKind.ROLLOVER
        detected = step is Step.GUESSED_ROLLOVER
        self._events.append(MeterEvent(kind=kind, at_us=self._times[at], before=held, after=value, detected=detected))
        if step is Step.IMPOSSIBLE:
            return 0
        return self._rules.through(held, value)
