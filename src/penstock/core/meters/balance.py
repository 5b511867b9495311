"""Principal meters against leaves, day by day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from penstock.core.meters.consumption import USUAL_DAYS, usual_day
from penstock.core.meters.models import SEEN, BalanceRow, Day, MeterRole, Method, Quality


class Balance:
    """Adds up meters one at a time. `first` is the index of the first day in the result."""

    def __init__(self, edges: Sequence[int], first: int, last: int) -> None:
        self._edges = edges
        self._first, self._last = first, last
        count = last - first
        self._principal: list[int | None] = [None] * count
        self._leaves = [0] * count
        self._contributing = [0] * count
        self._silent = [0] * count
        self._estimated = [0] * count

    def add(self, role: MeterRole, days: Sequence[Day]) -> None:
        """Add a meter with its days, on the same edges. An intermediate meter is not counted: its leaves are."""
        if role is MeterRole.PRINCIPAL:
            self._add_principal(days)
        elif role is MeterRole.LEAF:
            self._add_leaf(days)

    def _add_principal(self, days: Sequence[Day]) -> None:
        for n, day in enumerate(days[self._first : self._last]):
            if day.amount is not None:
                self._principal[n] = (self._principal[n] or 0) + day.amount

    def _add_leaf(self, days: Sequence[Day]) -> None:
        for n, day in enumerate(days[self._first : self._last]):
            if day.quality is Quality.MEASURED:
                self._leaves[n] += day.amount or 0
                self._contributing[n] += 1
            elif day.applies:
                self._silent[n] += 1
                at = self._first + n
                self._estimated[n] += usual_day(days[max(at - USUAL_DAYS, 0) : at]) or 0

    def rows(self) -> list[BalanceRow]:
        """The days of the result."""
        spans = list(pairwise(self._edges))[self._first : self._last]
        return [
            BalanceRow(
                start_us=begin_us,
                end_us=end_us,
                principal=self._principal[n],
                leaves=self._leaves[n],
                contributing=self._contributing[n],
                silent=self._silent[n],
                estimated=self._estimated[n],
            )
            for n, (begin_us, end_us) in enumerate(spans)
        ]


def total_of(meters: Iterable[Sequence[Day]], count: int) -> list[Day]:
    """The days of several meters together. A day is as uncertain as the least certain known meter on it.

    A meter that does not count on a day is not in it; a day on which none does is outside.
    """
    amounts: list[int | None] = [None] * count
    worst = [-1] * count
    suspects = [0] * count
    methods: list[Method | None] = [None] * count
    for days in meters:
        for n, day in enumerate(days):
            suspects[n] += day.suspects
            if not day.applies:
                continue
            if day.amount is not None:
                amounts[n] = (amounts[n] or 0) + day.amount
                methods[n] = methods[n] or day.method
            worst[n] = max(worst[n], _TOTAL[day.quality])
    return [
        Day(None, Quality.MISSING, suspects=found, applies=code >= 0)
        if amount is None
        else Day(amount, Quality.MEASURED if code == 0 else Quality.ESTIMATED, method, found)
        for amount, code, method, found in zip(amounts, worst, methods, suspects, strict=True)
    ]


_TOTAL = {quality: 0 if quality in SEEN else 1 for quality in Quality}
