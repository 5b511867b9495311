"""Customers, residents, and the placement and standing of devices."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.core.devices.models import Device
from penstock.kit.ids import CustomerId, ResidentId


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """A building or community that devices measure for. `tenant_name` routes the messages of network servers.

    `timezone` is an IANA name; it determines the days and months of the customer's consumption.
    """

    id: CustomerId
    name: str
    admin_email: str
    tenant_name: str
    created_us: int
    updated_us: int
    timezone: str = "UTC"


class NewCustomer(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a customer to create."""

    name: str
    admin_email: str
    tenant_name: str
    timezone: str = "UTC"


class CustomerPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change to a customer; None leaves a field unchanged."""

    name: str | None = None
    admin_email: str | None = None
    timezone: str | None = None


class Resident(msgspec.Struct, frozen=True, kw_only=True):
    """A person who lives at a customer's and can see the devices assigned to them."""

    id: ResidentId
    customer_id: CustomerId
    name: str
    email: str
    created_us: int


class NewResident(msgspec.Struct, frozen=True, kw_only=True):
    """The fields of a resident to create."""

    name: str
    email: str


class Mark(StrEnum):
    """A status that a user set manually. A mark of being offline ends with the next reading, maintenance does not."""

    OFFLINE = "offline"
    MAINTENANCE = "maintenance"


class Standing(StrEnum):
    """The status of a device: the mark if it has one, otherwise whether it was seen recently. A new device is online."""

    ONLINE = "online"
    OFFLINE = "offline"
    MAINTENANCE = "maintenance"


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """The customer and resident a device is assigned to, and its mark."""

    customer_id: CustomerId | None = None
    resident_id: ResidentId | None = None
    mark: Mark | None = None
    marked_us: int | None = None


class PlacedDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device with its placement. `since_us` is when the placement began; 0 if it has no known beginning, None if not read."""

    device: Device
    placement: Placement
    since_us: int | None = None

    def standing(self, now_us: int, offline_after_us: int) -> Standing:
        """The device's standing. `offline_after_us` applies to devices without an expected interval.

        The same rule is in `page_placed_devices`.
        """
        seen_us, expected_us = self.device.last_seen_us, self.device.expected_interval_us
        if self.placement.mark is Mark.MAINTENANCE:
            return Standing.MAINTENANCE
        if self.placement.mark is Mark.OFFLINE and (seen_us or 0) <= (self.placement.marked_us or 0):
            return Standing.OFFLINE
        patience_us = offline_after_us if expected_us is None else expected_us * 3 // 2
        return Standing.OFFLINE if seen_us is not None and seen_us < now_us - patience_us else Standing.ONLINE
