"""The stores of usage counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.limits.models import DayCount, Refusal, RefusalFilter
from penstock.core.tenancy.store import HasKeys
from penstock.core.usage.models import CallHour, DeviceHour, UsageBy, UsageHour, UsageRow
from penstock.kit.ids import DeviceId, KeyId


class UsageStore(Protocol):
    """Counts of the transaction's organisation. An amount added to an hour is added to its day (UTC) as well."""

    async def add_devices(self, hours: Sequence[DeviceHour]) -> None:
        """Add to devices' counts, and to those of their current projects and customers.

        The devices become active in the months of these hours.
        """

    async def add_calls(self, hours: Sequence[CallHour]) -> None:
        """Add to keys' counts."""

    async def add_sms(self, device_id: DeviceId, hour_us: int, count: int) -> None:
        """Add SMS to the counts of a device, its project and its customer; device 0 stands for none."""

    async def sms_since(self, day_us: int) -> int:
        """The number of SMS sent since the start of a day."""

    async def since(self, from_us: int) -> UsageHour:
        """Totals of the hours since this one, inclusive."""

    async def rows(
        self, by: UsageBy, from_us: int, to_us: int, bucket_us: int, limit: int, after: tuple[int, int]
    ) -> list[UsageRow]:
        """Usage by bucket (an hour or a day) and subject, in this order, after a (start, subject).

        Buckets that start at or after `from_us` and before `to_us`, each whole.
        """

    async def of_key(self, key_id: KeyId, from_us: int, to_us: int, limit: int, after_us: int) -> list[UsageRow]:
        """Usage of one key by day, oldest first, of the days that start in a range and after `after_us`."""

    async def add_refusals(self, lines: Sequence[Refusal]) -> None:
        """Add to the counts of refusals."""

    async def refusals(self, filters: RefusalFilter, limit: int, before: tuple[int, str, str] | None) -> list[Refusal]:
        """Refusals, newest hour first, before an (hour, limit, subject)."""

    async def drop_hours(self, before_us: int) -> int:
        """Delete hourly counts and refusals before a time. Returns the number of rows. Daily counts are kept."""


class LimitDays(Protocol):
    """Counts of daily limits of all organisations, stored so that they survive a restart.

    One process counts in memory and writes here every few seconds. Several processes would put a shared counter behind this.
    """

    async def load(self, day: int) -> list[DayCount]:
        """The stored counts of a day."""

    async def save(self, counts: Sequence[DayCount]) -> None:
        """Store counts; the subjects are organisations. They are totals, so storing one twice changes nothing."""


class HasUsage(Protocol):
    """A transaction with counts of usage."""

    @property
    def usage(self) -> UsageStore:
        """Counts per hour."""


class HasLimitDays(Protocol):
    """A transaction across organisations with counts of daily limits."""

    @property
    def limit_days(self) -> LimitDays:
        """The used part of daily limits."""


class UsageTransaction(HasUsage, HasKeys, Protocol):
    """The transaction of use cases on usage."""
