"""What a widget shows. Times are in microseconds since the Unix epoch, UTC."""

from __future__ import annotations

import msgspec

from penstock.core.devices.models import Device
from penstock.core.telemetry.aggregate import Value
from penstock.core.telemetry.models import TimeRange


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A device that a widget names. `device` is None if the caller cannot reach it, `named` whether its name may be seen."""

    device_id: str | None
    device: Device | None
    named: bool = True

    @property
    def name(self) -> str:
        """The name of the device, as far as the caller can see it."""
        return self.device.name if self.device is not None and self.named else ""

    @property
    def missing(self) -> bool:
        """Whether there is no such device."""
        return self.device is None


class ShownValue(msgspec.Struct, frozen=True, kw_only=True):
    """The latest value of a field of a device. `x` and `y` are the place of its pin on an image.

    `decimals` are the sensor's: how many people see.
    """

    of: Shown
    field: str
    label: str = ""
    name: str = ""
    unit: str = ""
    decimals: int | None = None
    value: Value = None
    time_us: int | None = None
    x: float | None = None
    y: float | None = None


class ShownLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a chart, with its points by time."""

    of: Shown
    field: str
    function: str
    label: str
    unit: str
    color: str
    axis: str
    points: list[tuple[int, Value]] = []


class ShownColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a table."""

    field: str
    name: str
    unit: str
    decimals: int | None = None


class ShownRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a table: its values by field."""

    of: Shown
    time_us: int | None = None
    values: dict[str, Value] = {}


class ShownState(msgspec.Struct, frozen=True, kw_only=True):
    """The state of a device. `alerts` is how many are open, `severity` the highest of them; None without the scope."""

    of: Shown
    connectivity: str | None = None
    last_seen_us: int | None = None
    alerts: int | None = None
    severity: str | None = None
    value: ShownValue | None = None


class WidgetData(msgspec.Struct, frozen=True, kw_only=True):
    """What a widget shows: of its type's lists one is filled. `truncated`: more devices are selected than it can show."""

    type: str
    range: TimeRange
    bucket: str | None = None
    values: list[ShownValue] = []
    series: list[ShownLine] = []
    columns: list[ShownColumn] = []
    rows: list[ShownRow] = []
    devices: list[ShownState] = []
    truncated: bool = False
