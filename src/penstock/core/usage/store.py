"""What counting needs of a store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from penstock.core.limits.models import DayCount, Refusal, RefusalFilter
from penstock.core.tenancy.store import HasKeys
from penstock.core.usage.models import CallHour, DeviceHour, UsageBy, UsageHour, UsageRow
from penstock.kit.ids import DeviceId, KeyId


class UsageStore(Protocol):
    """Counts of the transaction's organisation. What is added to an hour is added to its day (UTC) as well."""

    async def add_devices(self, hours: Sequence[DeviceHour]) -> None:
        """Add to devices' counts, and to those of the projects and customers they are with now.

        They are active in the months of these hours.
        """

    async def add_calls(self, hours: Sequence[CallHour]) -> None:
        """Add to keys' counts."""

    async def add_sms(self, device_id: DeviceId, hour_us: int, count: int) -> None:
        """Add SMS to the counts of a device, its project and its customer; device 0 is none."""

    async def sms_since(self, day_us: int) -> int:
        """How many SMS were sent since the beginning of a day."""

    async def since(self, from_us: int) -> UsageHour:
        """Sums over the hours from this one on."""

    async def rows(
        self, by: UsageBy, from_us: int, to_us: int, bucket_us: int, limit: int, after: tuple[int, int]
    ) -> list[UsageRow]:
        """Usage by bucket (an hour or a day) and subject, in this order, after a (start, subject).

        Buckets that begin from `from_us` on and before `to_us`, each whole.
        """

    async def of_key(self, key_id: KeyId, from_us: int, to_us: int, limit: int, after_us: int) -> list[UsageRow]:
        """Usage of one key by day, oldest first, of the days that begin in a range and after `after_us`."""

    async def add_refusals(self, lines: Sequence[Refusal]) -> None:
        """Add to the ledger of what limits refused."""

    async def refusals(self, wanted: RefusalFilter, limit: int, before: tuple[int, str, str] | None) -> list[Refusal]:
        """The ledger, newest hour first, before an (hour, limit, subject)."""

    async def drop_hours(self, before_us: int) -> int:
        """Remove counts by hour, and lines of the ledger, that are older; how many rows. Counts by day stay."""


class LimitDays(Protocol):
    """Counts of daily limits of every organisation, kept so that a restart does not begin them anew.

    One process counts in memory and writes here every few seconds. Several processes would put a shared counter behind this.
    """

    async def load(self, day: int) -> list[DayCount]:
        """What was kept of a day."""

    async def save(self, counts: Sequence[DayCount]) -> None:
        """Keep counts; the subjects are organisations. They are totals, so that saving one twice changes nothing."""


class HasUsage(Protocol):
    """A transaction with counts of usage."""

    @property
    def usage(self) -> UsageStore:
        """Counts per hour."""


class HasLimitDays(Protocol):
    """A transaction across organisations with counts of daily limits."""

    @property
    def limit_days(self) -> LimitDays:
        """What is used of daily limits."""


class UsageTransaction(HasUsage, HasKeys, Protocol):
    """What counts of usage are read from."""
