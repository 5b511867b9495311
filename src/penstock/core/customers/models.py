"""Customers, residents, and what is known of a device besides what it says."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from penstock.core.devices.models import Device
from penstock.kit.ids import CustomerId, ResidentId


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """A building or community that devices are measured for. `tenant_name` routes what network servers send.

    `timezone` is an IANA name: its days and months are those of the customer's consumption.
    """

    id: CustomerId
    name: str
    admin_email: str
    tenant_name: str
    created_us: int
    updated_us: int
    timezone: str = "UTC"


class NewCustomer(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to add a customer."""

    name: str
    admin_email: str
    tenant_name: str
    timezone: str = "UTC"


class CustomerPatch(msgspec.Struct, frozen=True, kw_only=True):
    """A change of a customer: None leaves as it is."""

    name: str | None = None
    admin_email: str | None = None
    timezone: str | None = None


class Resident(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who lives at a customer's, and whose devices they may see."""

    id: ResidentId
    customer_id: CustomerId
    name: str
    email: str
    created_us: int


class NewResident(msgspec.Struct, frozen=True, kw_only=True):
    """What it takes to add a resident."""

    name: str
    email: str


class Mark(StrEnum):
    """What somebody said of a device by hand. A mark of being offline ends with the next reading, maintenance does not."""

    OFFLINE = "offline"
    MAINTENANCE = "maintenance"


class Standing(StrEnum):
    """How a device stands: what was said of it by hand, and else whether it was heard of lately. A new one is online."""

    ONLINE = "online"
    OFFLINE = "offline"
    MAINTENANCE = "maintenance"


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """Where a device belongs, and what was said of it by hand."""

    customer_id: CustomerId | None = None
    resident_id: ResidentId | None = None
    mark: Mark | None = None
    marked_us: int | None = None


class PlacedDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device with its placement."""

    device: Device
    placement: Placement

    def standing(self, now_us: int, offline_after_us: int) -> Standing:
        """How it stands. `offline_after_us` is for devices of which nobody said how often they should be heard of.

        The same rule is in `page_placed_devices`.
        """
        seen_us, expected_us = self.device.last_seen_us, self.device.expected_interval_us
        if self.placement.mark is Mark.MAINTENANCE:
            return Standing.MAINTENANCE
        if self.placement.mark is Mark.OFFLINE and (seen_us or 0) <= (self.placement.marked_us or 0):
            return Standing.OFFLINE
        patience_us = offline_after_us if expected_us is None else expected_us * 3 // 2
        return Standing.OFFLINE if seen_us is not None and seen_us < now_us - patience_us else Standing.ONLINE
