"""DataKubo's structs, exactly as on the wire: names and order are the vendor's, or Penstock's where it documents none.

Bodies and queries ignore unknown fields, as the vendor's do.
"""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

T = TypeVar("T")
StandingWord = Literal["online", "offline", "maintenance"]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Eui = Annotated[str, Meta(max_length=64, description="16 hexadecimal digits, in upper or lower case.")]
Email = Annotated[
    str,
    Meta(min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$(?!\n)", extra={"form": "an e-mail address"}),
]
_MAX_OFFSET = 2_147_483_647


class Success(Struct, Generic[T], frozen=True):
    """The envelope of every success: `status` is `success`."""

    status: Literal["success"]
    data: T


class Error(Struct, frozen=True):
    """The body of every error. `details` names the invalid fields, if any."""

    status: Literal["error"]
    error_code: str
    message: str
    details: dict[str, str]


class RegisterDevice(Struct, frozen=True):
    """A device to register."""

    dev_eui: Eui
    device_name: Name
    device_type: Name = "water_meter"


class DevicesQuery(Struct, frozen=True):
    """Filter and page for devices."""

    status: Annotated[StandingWord, Meta(description="Only devices with this status.")] | None = None
    limit: Annotated[int, Meta(ge=1, le=1000, description="Maximum number of results.")] = 50
    offset: Annotated[int, Meta(ge=0, le=_MAX_OFFSET, description="Number of results to skip.")] = 0


class AssignDevice(Struct, frozen=True):
    """The resident a device is assigned to; null unassigns it."""

    end_user_id: Annotated[str, Meta(max_length=64, description="The resident's UUID, or their id `res_…`.")] | None


class SetStatus(Struct, frozen=True):
    """The status of a device. `online` removes a status that was set before."""

    status: StandingWord


class Device(Struct, frozen=True):
    """A device. `end_user_id` is present once it is assigned.

    Units: times are ISO 8601 in UTC with whole seconds, here and in all other structs. Ids are UUIDs.
    """

    id: str
    dev_eui: str
    device_name: str
    device_type: str
    status: StandingWord
    is_active: bool
    created_at: str
    end_user_id: str | UnsetType = UNSET


class IngestQuery(Struct, frozen=True):
    """The kind of a ChirpStack event, which its bodies do not contain."""

    event: Annotated[str, Meta(max_length=64)] | None = None


class Ingested(Struct, frozen=True):
    """A stored reading. `registered` is false if the device is not registered; the reading is kept until it is.

    `quarantined`: the time is too far in the future, so that the reading is stored apart and not shown.
    If an uplink carries several readings, `readings` is their number, and the values are those of the newest that is not in the
    future; `quarantined` is true if at least one of them is.

    Units: consumption_m3 is the meter's count, battery_level in volts.
    """

    dev_eui: str
    consumption_m3: float | None
    battery_level: float | None
    recorded_at: str
    registered: bool
    quarantined: bool
    readings: int | UnsetType = UNSET


class Skipped(Struct, frozen=True):
    """A message that contains no reading."""

    skipped: bool
    reason: str


class CreateCustomer(Struct, frozen=True):
    """A customer to create. `tenant_name` is the name that network servers use for it."""

    name: Name
    admin_email: Email
    tenant_name: Name


class Customer(Struct, frozen=True):
    """A customer: a building or community."""

    id: str
    name: str
    admin_email: str
    tenant_name: str
    created_at: str


class Registered(Struct, frozen=True):
    """The registered devices. `has_more` is Penstock's: other devices still wait to be registered."""

    registered: int
    devices: list[Device]
    has_more: bool


Money = Annotated[msgspec.Raw, Meta(extra_json_schema={"type": "number"}, description="With two decimals.")]


class Bill(Struct, frozen=True):
    """The cost of the month to date.

    Units: money in `currency`, with two decimals.
    """

    subscription_tier: str
    active_devices: int
    included_devices: int
    overage_devices: int
    base_cost: Money
    overage_cost: Money
    total_cost: Money
    currency: str
