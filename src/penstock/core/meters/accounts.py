"""What accounts used in a period, for those who bill it: implements `UsageReader` and `KnownValues`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from penstock.core.database import OrganizationDatabase
from penstock.core.meters.finding import BATCH, Selection, batches_of, registers_of
from penstock.core.meters.models import MeterOf, MeterRole, Part
from penstock.core.meters.past import PastReader
from penstock.core.meters.series import MeterDays, Window
from penstock.core.meters.store import MeterTransaction
from penstock.core.meters.usage import AccountKey, MeterUsage
from penstock.core.meters.values import Status
from penstock.core.meters.windows import Windows
from penstock.core.registers.models import BEGINNING_US, RegisterKind
from penstock.core.telemetry.models import TimeRange
from penstock.kit.ids import DeviceId, OrgId, ResidentId

_Used: TypeAlias = tuple[MeterRole, MeterUsage]


class AccountUsage:
    """Usage of customers and residents, from the validated values of the meters that they had at the time."""

    def __init__(self, *, database: OrganizationDatabase[MeterTransaction], windows: Windows, reader: PastReader) -> None:
        self._database = database
        self._windows = windows
        self._reader = reader

    async def of_accounts(
        self, org_id: OrgId, accounts: Sequence[AccountKey], begin_us: int, end_us: int, timezone: str
    ) -> list[list[MeterUsage]]:
        """See `UsageReader`."""
        window = _cut(self._windows.exact(begin_us, end_us, timezone, estimate=True), begin_us, end_us)
        span = TimeRange(from_us=begin_us, to_us=end_us)
        found: list[list[_Used]] = [[] for _ in accounts]
        # The meters of many accounts are read at once: most have only one.
        waiting: list[tuple[list[_Used], MeterOf]] = []
        for used, (customer_id, resident_id) in zip(found, accounts, strict=True):
            selection = Selection(customer_id=customer_id, resident_id=resident_id)
            async for batch in batches_of(self._database, org_id, selection, span):
                waiting += [(used, one) for one in batch]
                if len(waiting) >= BATCH:
                    await self._read(org_id, waiting, window)
                    waiting.clear()
        await self._read(org_id, waiting, window)
        return [_counting(used, resident_id) for used, (_, resident_id) in zip(found, accounts, strict=True)]

    async def changed_from(self, org_id: OrgId, device_id: DeviceId, time_us: int) -> int:
        """See `KnownValues`."""
        if time_us <= BEGINNING_US:
            return time_us
        async with self._database.snapshot(org_id) as tx:
            meters = (await registers_of(tx, [device_id])).get(device_id, ())
        read = await self._reader.read(org_id, meters, self._windows.exact(time_us, time_us + 1)) if meters else []
        before = [
            int(chain.times[at - 1]) for one in read for chain in one.chains if (at := int(chain.times.searchsorted(time_us)))
        ]
        return min(before, default=time_us)

    async def _read(self, org_id: OrgId, waiting: Sequence[tuple[list[_Used], MeterOf]], window: Window) -> None:
        """Add what meters counted to that of their accounts."""
        if waiting:
            read = await self._reader.read(org_id, [one for _, one in waiting], window)
            for (used, _), one in zip(waiting, read, strict=True):
                used += [(one.of.role, _usage(one, part, window)) for part in one.parts]


def _counting(found: Sequence[_Used], resident_id: ResidentId | None) -> list[MeterUsage]:
    if resident_id is not None:
        return [usage for _, usage in found]
    with_leaves = {usage.kind for role, usage in found if role is MeterRole.LEAF}
    return [usage for role, usage in found if role is _role_of(usage, with_leaves)]


def _role_of(usage: MeterUsage, with_leaves: set[RegisterKind]) -> MeterRole:
    """The role of the meters that count: what principal meters measure is counted by leaves too, if there are any."""
    return MeterRole.LEAF if usage.kind in with_leaves else MeterRole.PRINCIPAL


def _cut(window: Window, begin_us: int, end_us: int) -> Window:
    """The window with a first and last day that are cut by the range, so that ranges that follow each other add up."""
    days = [begin_us, *window.days[1:-1], end_us]
    return msgspec.structs.replace(window, days=days, buckets=days)


def _usage(one: MeterDays, part: Part, window: Window) -> MeterUsage:
    suspects = [value for value in one.suspects if value.status is Status.SUSPECT]
    return MeterUsage(
        device_id=one.of.device_id,
        device_name=one.of.name,
        eui=one.of.eui,
        serial=part.version.serial,
        register=part.version.name,
        kind=part.version.kind,
        unit=part.version.unit,
        decimals=part.version.decimals,
        begin_us=part.begin_us,
        end_us=part.end_us,
        first=part.first,
        last=part.last,
        amount=part.amount,
        estimated=part.estimated,
        quality=part.quality,
        suspects=sum(part.begin_us <= value.time_us < part.end_us for value in suspects),
        is_settled=_is_settled(one, part, window),
    )


def _is_settled(one: MeterDays, part: Part, window: Window) -> bool:
    """Whether what counts up to the part's end is known, and needs no reading that is yet to come."""
    if part.version.to_us is not None and part.version.to_us <= part.end_us:
        return True  # the meter was removed, with its last value
    chain = next((chain for chain in one.chains if chain.version is part.version), None)
    if chain is None or not len(chain.times):
        return False
    # The counter at an hour within a day, or where a household changes, is between two readings; a day only needs one.
    is_cut = any(span.to_us == part.end_us for span in one.of.spans)
    if int(chain.times[-1]) < (part.end_us if is_cut else window.days[-2]):
        return False
    before = int(chain.times.searchsorted(part.end_us)) - 1
    return chain.settled_to_us is not None and (before < 0 or int(chain.times[before]) <= chain.settled_to_us)
