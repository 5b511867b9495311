"""Alarms of meters, what was found in readings, and what is kept of a counter between two evaluations.

Units: flows and volumes are in the base unit of the counter's quantity (m³, kWh), flows per hour.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

import msgspec

from penstock.core.telemetry.fields import Scalar
from penstock.kit.clock import DAY_US
from penstock.kit.ids import CustomerId, DeviceId, MeterAlarmId, OrgId, ResidentId


class AlarmKind(StrEnum):
    """What is wrong with a meter or behind it."""

    CONTINUOUS_FLOW = "continuous_flow"
    BURST = "burst"
    BACK_FLOW = "back_flow"
    FROZEN = "frozen"
    LOW_BATTERY = "low_battery"
    TAMPER = "tamper"


class AlarmState(StrEnum):
    """Whether an alarm is over."""

    OPEN = "open"
    CLOSED = "closed"


class EndReason(StrEnum):
    """Why an alarm is over."""

    CONDITION = "condition"
    """A reading shows that its condition has ended."""
    SILENT = "silent"
    """No reading has shown its condition for the time in `SILENT_US`."""
    DISABLED = "disabled"
    """The settings of the meter no longer include this kind."""
    DEVICE_DELETED = "device_deleted"


SILENT_US = {
    AlarmKind.CONTINUOUS_FLOW: 7 * DAY_US,
    AlarmKind.BURST: DAY_US,
    AlarmKind.BACK_FLOW: DAY_US,
    AlarmKind.FROZEN: 35 * DAY_US,
    AlarmKind.LOW_BATTERY: 35 * DAY_US,
    AlarmKind.TAMPER: 7 * DAY_US,
}
"""After this time without a reading that shows its condition an alarm is over. Some devices report a battery once a month."""
OLD_US = 7 * DAY_US
"""A condition that ended longer ago than this is listed, but no event reports it."""
NO_REGISTER = ""
"""The register of an alarm that concerns the device and none of its counters."""
AlarmKey: TypeAlias = tuple[AlarmKind, str]
"""Kind and register: of a device, at most one alarm of each is open."""


class Episode(msgspec.Struct, frozen=True, kw_only=True):
    """A time for which readings show a condition. `until_us` None: to the last reading. `field` is the value that shows it."""

    kind: AlarmKind
    register: str
    since_us: int
    last_us: int
    until_us: int | None = None
    value: Scalar | None = None
    threshold: float | None = None
    unit: str = ""
    field: str | None = None

    @property
    def key(self) -> AlarmKey:
        """Kind and register."""
        return self.kind, self.register


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """An alarm of a meter.

    `since_us`, `last_us` and `until_us` are event times: the first and the last reading that show the condition, and the one that
    shows its end. `opened_us` and `closed_us` are when the server found out. Customer and resident are those of the device
    when it began; they and the name remain when the device is deleted.
    """

    id: MeterAlarmId
    org_id: OrgId
    device_id: DeviceId
    device_name: str
    customer_id: CustomerId | None
    resident_id: ResidentId | None
    kind: AlarmKind
    register: str
    since_us: int
    last_us: int
    until_us: int | None
    opened_us: int
    closed_us: int | None = None
    end_reason: EndReason | None = None
    value: Scalar | None = None
    threshold: float | None = None
    unit: str = ""
    field: str | None = None
    acknowledged_us: int | None = None
    acknowledged_by: str | None = None
    note: str | None = None

    @property
    def key(self) -> AlarmKey:
        """Kind and register."""
        return self.kind, self.register

    @property
    def state(self) -> AlarmState:
        """Whether it is over."""
        return AlarmState.OPEN if self.until_us is None else AlarmState.CLOSED


class AlarmFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which alarms to list; None means any. `from_us` (included) and `to_us` (excluded) bound the beginning."""

    device_id: DeviceId | None = None
    customer_id: CustomerId | None = None
    kind: AlarmKind | None = None
    state: AlarmState | None = None
    from_us: int | None = None
    to_us: int | None = None


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept between two evaluations: the newest evaluated reading, and when the counter last moved.

    `before_us` is what an evaluation began with: progress that was set back during it stays there.
    """

    device_id: DeviceId
    kind: AlarmKind
    register: str
    at_us: int
    moved_us: int | None = None
    before_us: int | None = None
