"""What counting needs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.limits.models import Refusal
from penstock.core.usage.models import CallHour, DeviceHour, UsageBy, UsageHour, UsageRow


class UsageStore(Protocol):
    """Counts of the transaction's organisation."""

    async def add(self, hour_us: int, readings: int, data_points: int) -> None:
        """Add to the organisation's counts of an hour."""

    async def add_devices(self, hours: Sequence[DeviceHour]) -> None:
        """Add to devices' counts."""

    async def add_calls(self, hours: Sequence[CallHour]) -> None:
        """Add to keys' counts."""

    async def since(self, from_us: int) -> UsageHour:
        """Sums over the hours from this one on."""

    async def rows(
        self, by: UsageBy, from_us: int, to_us: int, bucket_us: int, limit: int, after: tuple[int, int]
    ) -> list[UsageRow]:
        """Usage by bucket and subject, in this order, after a (start, subject)."""

    async def add_refusals(self, lines: Sequence[Refusal]) -> None:
        """Add to the ledger of what limits refused."""

    async def refusals(self, from_us: int, limit: int, offset: int) -> list[Refusal]:
        """The ledger, newest hour first."""

    async def keep_day(self, name: str, day: int, count: int) -> None:
        """Keep how much of a daily limit is used."""


class LimitDays(Protocol):
    """What was kept of daily limits, of every organisation."""

    async def all(self, day: int) -> dict[tuple[str, int], int]:
        """Counts of a day by limit and organisation."""
