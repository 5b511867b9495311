"""One register of a meter while its days are read: what was read, what is still needed, and what it amounts to. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from penstock.core.meters.archive import readings_in
from penstock.core.meters.consumption import MISSING, OUTSIDE, PROFILE_DAYS, USUAL_DAYS, estimated
from penstock.core.meters.days import CODES, DayAmounts, Piece, by_day, counter_at, method_of, piece_of, unread_in
from penstock.core.meters.days import MISSING as UNKNOWN
from penstock.core.meters.models import Day, MeterOf, Part, Quality
from penstock.core.meters.rows import Rows, Timed, raw_of, together
from penstock.core.meters.series import MeterDays, Window
from penstock.core.meters.units import as_shown, ratio
from penstock.core.meters.vee import Chain, show_in, validate
from penstock.core.registers.models import Estimation, Register
from penstock.core.telemetry.fields import column_decoder
from penstock.kit.clock import DAY_US, MAX_US
from penstock.kit.ids import DeviceId

if TYPE_CHECKING:
    from numpy.typing import NDArray

Edges = Callable[[int, int], list[int]]
"""The edges of days that cover a range, among them those of the window."""


PROFILE_US = (PROFILE_DAYS + 2) * DAY_US
"""How far around a gap its profile reaches: a day more on each side, because the first day of a series is not whole."""


class Reading:
    """What was read of a register in [low, high); `is_first` and `is_last`: there is nothing before or after that."""

    def __init__(self, of: MeterOf, window: Window, fields: Sequence[str]) -> None:
        self.of = of
        self._window = window
        self._fields = fields
        self._rows: list[Timed] = []
        self.chains: list[Chain] = []
        self.low_us = self.high_us = window.days[0]

    def take(self, rows: Timed, low_us: int, high_us: int) -> None:
        """Add what is in [low_us, high_us), which is next to what was read, or all of it at first."""
        if not self._rows:
            self._rows, self.low_us, self.high_us = [rows], low_us, high_us
        elif low_us < self.low_us:
            self._rows.insert(0, rows.within(low_us, self.low_us))
            self.low_us = low_us
        else:
            self._rows.append(rows.within(self.high_us, high_us))
            self.high_us = high_us
        self._validate()

    def take_archived(self) -> None:
        """Read the readings of a deleted meter."""
        rows = Rows(self._fields)
        decode = column_decoder(tuple(self._fields))
        for times, payloads in readings_in(self.of.archived or b""):
            rows.add([self.of.device_id] * len(times), times, decode(payloads))
        self.take(rows.of(DeviceId(self.of.device_id)).within(self._window.kept_from_us, MAX_US), 0, MAX_US)

    def _validate(self) -> None:
        rows = together(self._rows)
        self._rows = [rows]
        self.chains = []
        for version in self.of.versions:
            if version.from_us >= self.high_us or (version.to_us is not None and version.to_us <= self.low_us):
                continue
            begin_us, end_us = version.from_us, MAX_US if version.to_us is None else version.to_us
            edits = [
                edit
                for edit in self.of.edits
                if edit.withdrawn_us is None and max(begin_us, self.low_us) <= edit.time_us < min(end_us, self.high_us)
            ]
            raw = raw_of(version, rows, self._fields)
            begins, ends = begin_us >= self.low_us, end_us < self.high_us
            chain = validate(version, raw, edits, begins=begins, ends=ends)
            if self._window.as_shown:
                show_in(chain, ratio(self.of.unit, self.of.register.quantity))
            self.chains.append(chain)

    def rows_around(self) -> tuple[int, int]:
        """How many readings were read before the window, and after it."""
        times = together(self._rows).times
        before, upto = np.searchsorted(times, [self._window.days[0], self._window.days[-1]])
        return int(before), len(times) - int(upto)

    def misses_before(self) -> bool:
        """Whether what is before could still change the window."""
        begin_us = self._window.days[0]
        if self.low_us <= self._window.kept_from_us:
            return False
        chain = self._chain_at(begin_us - 1)
        if chain is None:
            return any(_contains(version, begin_us - 1) for version in self.of.versions)
        # The last value of a meter that was replaced when the window begins is in it.
        if chain.version.to_us is not None and chain.version.to_us < begin_us:
            return False
        if self.low_us <= chain.version.from_us:
            # What is usual of a meter that has not reported yet is that of the one before it.
            return self._window.estimate and self.last_point_us() is None
        if chain.settled_from_us is None or chain.settled_from_us >= begin_us:
            return True
        return _is_profiled(chain.version) and chain.settled_from_us > _last_before(chain, begin_us) - PROFILE_US

    def comes_from_zero(self) -> bool:
        """Whether the counter was at zero as far back as was read, and no longer is."""
        return self.misses_before() and _is_zero_at(self._chain_at(self._window.days[0] - 1), 0)

    def stays_at_zero(self) -> bool:
        """Whether the counter was at zero up to what was read last, and was not before."""
        return self.misses_after() and _is_zero_at(self._chain_at(self._window.days[-1]), -1)

    def misses_after(self) -> bool:
        """Whether what is after could still change the window."""
        end_us = self._window.days[-1]
        if self.high_us >= MAX_US or end_us > self._window.now_us:
            return False
        chain = self._chain_at(end_us)
        if chain is None:
            return any(_contains(version, end_us) for version in self.of.versions)
        if chain.version.to_us is not None and chain.version.to_us < self.high_us:
            return False
        if chain.settled_to_us is None or chain.settled_to_us < end_us:
            return True
        return _is_profiled(chain.version) and chain.settled_to_us < _first_from(chain, end_us) + PROFILE_US

    def _chain_at(self, time_us: int) -> Chain | None:
        return next((chain for chain in self.chains if _contains(chain.version, time_us)), None)

    @property
    def is_profiled(self) -> bool:
        """Whether gaps are filled by a profile."""
        return any(_is_profiled(version) for version in self.of.versions)

    def last_point_us(self) -> int | None:
        """The time of the last value that counts."""
        return max((int(chain.times[-1]) for chain in self.chains if len(chain.times)), default=None)

    def estimates_from_us(self) -> int | None:
        """If the last days must be estimated, from when on readings are needed for a usual day."""
        last_us = self.last_point_us()
        if not self._window.estimate or last_us is None or self.of.spans[-1].to_us is not None:
            return None
        today_us = min(self._window.days[-1], self._window.now_us)
        last_day_us = self._window.days[max(bisect_right(self._window.days, today_us - 1) - 1, 0)]
        ends = self.of.versions[-1].to_us
        return last_us - (USUAL_DAYS + 1) * DAY_US if last_us < last_day_us and ends is None else None

    def days(self, edges_of: Edges) -> MeterDays:
        """What was read, on the days of the window."""
        return _Days(self, self._window, edges_of).result()


def _is_profiled(version: Register) -> bool:
    return version.checks.estimation is Estimation.PROFILE


def _contains(version: Register, time_us: int) -> bool:
    return version.from_us <= time_us and (version.to_us is None or time_us < version.to_us)


def _is_zero_at(chain: Chain | None, end: int) -> bool:
    """Whether the first or last value is zero, and some other is not."""
    counters = None if chain is None else chain.raw.counters[chain.raw.counters >= 0]
    return counters is not None and bool(counters.any()) and int(counters[end]) == 0


def _last_before(chain: Chain, time_us: int) -> int:
    at = int(np.searchsorted(chain.times, time_us))
    return int(chain.times[at - 1]) if at else time_us


def _first_from(chain: Chain, time_us: int) -> int:
    at = int(np.searchsorted(chain.times, time_us))
    return int(chain.times[at]) if at < len(chain.times) else time_us


class _Days:
    """Adds up the pieces of a register by day."""

    def __init__(self, reading: Reading, window: Window, edges_of: Edges) -> None:
        self._reading, self._window = reading, window
        pieces = [piece_of(chain, span) for chain in reading.chains for span in reading.of.spans]
        times = [int(time_us) for piece in pieces if len(piece.times) for time_us in (piece.times[0], piece.times[-1])]
        edges = edges_of(min([*times, window.days[0]]), max([*times, window.days[-1] - 1]) + 1)
        self._edges = np.array(edges, dtype=np.int64)
        self._first = bisect_left(edges, window.days[0])
        self._last = self._first + len(window.days) - 1
        self._pieces: list[tuple[Piece, DayAmounts]] = [(piece, by_day(piece, self._edges)) for piece in pieces]

    def result(self) -> MeterDays:
        """The days, and what else is known of the window."""
        of, begin_us, end_us = self._reading.of, self._window.days[0], self._window.days[-1]
        days, parts = self._all_days(), self._parts()
        chains = self._reading.chains
        return MeterDays(
            of=of,
            days=days,
            parts=_with_estimates(parts, days[self._window.first : self._window.last]),
            events=[
                event
                for chain in chains
                for event in chain.events
                if begin_us <= event.at_us < end_us and _counts(of, event.at_us)
            ],
            suspects=sorted(
                (
                    value
                    for chain in chains
                    for value in chain.held
                    if begin_us <= value.time_us < end_us and _counts(of, value.time_us)
                ),
                key=lambda value: (value.time_us, str(value.original)),
            ),
            chains=chains,
        )

    def _all_days(self) -> list[Day]:
        count = len(self._edges) - 1
        amounts, codes = np.zeros(count, dtype=np.int64), np.full(count, -1, dtype=np.int8)
        for _, found in self._pieces:
            amounts += found.amounts
            codes = np.maximum(codes, np.where(found.codes == UNKNOWN, -1, found.codes))
        known = np.flatnonzero(codes >= 0)
        last = int(known[-1]) if len(known) else -1
        # A usual day is taken from the days before the last known one.
        begin = max(min(self._first, last - USUAL_DAYS), 0)
        days = [
            self._day(number, amount, code)
            for number, (amount, code) in enumerate(
                zip(amounts[begin : self._last].tolist(), codes[begin : self._last].tolist(), strict=True), begin
            )
        ]
        if self._reading.estimates_from_us() is not None:
            # Only complete days: today has consumed less than a usual day. A day ends at its edge, which is 23 to 25 hours later.
            today_us = min(self._window.days[-1], self._window.now_us)
            days = estimated(days, max(0, bisect_right(self._edges.tolist(), today_us) - 1 - begin), self._rounded)
        return self._with_suspects(days[self._first - begin :])

    def _rounded(self, since: int) -> int:
        """What flowed since the last value, as precisely as the counter is shown."""
        last = max((piece for piece, _ in self._pieces if len(piece.times)), key=lambda piece: int(piece.times[-1]))
        of, counter = self._reading.of, int(last.counters[-1])
        return as_shown(counter + since, ratio(of.unit, of.register.quantity)) - counter

    def _day(self, number: int, amount: int, code: int) -> Day:
        if code >= 0:
            method = next((method for _, found in self._pieces if (method := method_of(number, code, found))), None)
            return Day(amount, CODES[code], method)
        begin_us, end_us = int(self._edges[number]), int(self._edges[number + 1])
        spans = self._reading.of.spans
        inside = any(span.from_us < end_us and (span.to_us is None or span.to_us > begin_us) for span in spans)
        return MISSING if inside else OUTSIDE

    def _with_suspects(self, days: list[Day]) -> list[Day]:
        for chain in self._reading.chains:
            for value in chain.held:
                at = bisect_right(self._window.days, value.time_us) - 1
                if 0 <= at < len(days) and value.reason is not None and _counts(self._reading.of, value.time_us):
                    days[at] = msgspec.structs.replace(days[at], suspects=days[at].suspects + 1)
        return days

    def _parts(self) -> list[Part]:
        window = self._window
        first, last = self._first + window.first, self._first + window.last
        begin_us, end_us = window.days[window.first], window.days[window.last]
        parts = []
        for piece, found in self._pieces:
            until_us = end_us if piece.span.to_us is None else min(piece.span.to_us, end_us)
            from_us = max(piece.span.from_us, begin_us)
            if from_us > until_us:
                continue
            part = _part(piece, found, self._edges, (first, last), (from_us, until_us))
            # What was counted last before the period began belongs to its first day, although no time of the period does.
            if from_us < until_us or part.amount:
                parts.append(part)
        return parts


def _part(piece: Piece, found: DayAmounts, edges: NDArray[np.int64], days: tuple[int, int], span: tuple[int, int]) -> Part:
    codes, amounts = found.codes[days[0] : days[1]], found.amounts[days[0] : days[1]]
    known = codes != UNKNOWN
    return Part(
        version=piece.version,
        begin_us=span[0],
        end_us=span[1],
        first=counter_at(piece, edges, found, days[0]),
        last=counter_at(piece, edges, found, days[1]),
        amount=int(amounts.sum()) if known.any() else None,
        estimated=unread_in(piece, edges, found, *days),
        quality=CODES[int(codes[known].max())] if known.any() else Quality.MISSING,
    )


def _with_estimates(parts: list[Part], days: Sequence[Day]) -> list[Part]:
    """The parts with the estimated days in the last of them: its counter is then the one that is expected."""
    amount = sum(day.amount or 0 for day in days if day.quality is Quality.ESTIMATED)
    if not parts or not amount:
        return parts
    last = parts[-1]
    changed = msgspec.structs.replace(
        last,
        amount=(last.amount or 0) + amount,
        last=None if last.last is None else last.last + amount,
        estimated=last.estimated + amount,
        quality=Quality.ESTIMATED,
    )
    return [*parts[:-1], changed]


def _counts(of: MeterOf, time_us: int) -> bool:
    """Whether a time is in the asker's spans."""
    return any(span.from_us <= time_us and (span.to_us is None or time_us < span.to_us) for span in of.spans)
