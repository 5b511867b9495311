"""What an account used in a period: the interface between meters and those who bill for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import msgspec

from penstock.core.meters.models import Quality
from penstock.core.registers.models import RegisterKind
from penstock.kit.ids import CustomerId, DeviceId, OrgId, ResidentId

AccountKey: TypeAlias = tuple[CustomerId, ResidentId | None]
"""A customer with all its devices, or one of its residents with theirs."""


class MeterUsage(msgspec.Struct, frozen=True, kw_only=True):
    """What one register counted for an account in a period.

    The period is that part of the requested one in which the device was the account's. `first` and `last` are the validated
    counter at its ends, None if unknown; with a replaced meter there is one usage per version of the register.
    Units: nano-units of the quantity's base unit. `estimated` is the part of the amount that no reading measured, `suspects` the
    number of values that are not counted because they are suspect. `is_settled`: no later reading is expected to change it.
    """

    device_id: DeviceId
    device_name: str
    eui: str | None
    serial: str | None
    register: str
    kind: RegisterKind
    unit: str
    decimals: int
    begin_us: int
    end_us: int
    first: int | None
    last: int | None
    amount: int | None
    estimated: int
    quality: Quality
    suspects: int = 0
    is_settled: bool = True


class UsageReader(Protocol):
    """Reads what accounts used. The caller has checked that they belong to the organisation."""

    async def of_accounts(
        self, org_id: OrgId, accounts: Sequence[AccountKey], begin_us: int, end_us: int, timezone: str
    ) -> list[list[MeterUsage]]:
        """What the devices of each account counted in [begin_us, end_us), by device and register.

        The range consists of days in the time zone, of which the first and last may be cut. Days at its end without a reading
        after them are estimated. Of a customer only leaf meters count, or the principal ones if there are no leaves, as
        everything else is counted twice.
        """


class KnownValues(Protocol):
    """Which values of meters are known."""

    async def changed_from(self, org_id: OrgId, device_id: DeviceId, time_us: int) -> int:
        """From when on a device's consumption depends on a value at a time: since the last one before it, if there is one."""
