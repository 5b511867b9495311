"""Customers, residents and unregistered devices on the wire of the native API."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from penstock.api.v2.people.wire import Email
from penstock.api.v2.wire import Cursor, Id, Limit, Name, Word


class CustomerCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A customer to add. `tenant_name` is what network servers call it, and unique in the organisation.

    `timezone` is an IANA name, such as Europe/Berlin.
    """

    name: Name
    admin_email: Email
    tenant_name: Name
    timezone: Word = "UTC"


class CustomerPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a customer: a field that is left out stays."""

    name: Name | None = None
    admin_email: Email | None = None
    timezone: Word | None = None


class Customer(Struct, frozen=True):
    """A customer: a building or community that devices are measured for."""

    id: str
    name: str
    admin_email: str
    tenant_name: str
    timezone: str
    created_at: str


class ResidentCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A resident to add to a customer."""

    name: Name
    email: Email


class Resident(Struct, frozen=True):
    """Somebody who lives at a customer's."""

    id: str
    customer_id: str
    name: str
    email: str
    created_at: str


class UnregisteredQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which unregistered devices: all, or those routed to a customer."""

    customer_id: Annotated[str, Meta(max_length=64)] | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class Unregistered(Struct, frozen=True):
    """A device that reported and is not registered. `readings` of it are kept, the newest ones."""

    eui: str
    customer_id: str | None
    device_name: str | None
    tenant_name: str | None
    network: str
    first_seen_at: str
    last_seen_at: str
    readings: int


class RegisteredDevices(Struct, frozen=True):
    """The devices that were made, by id."""

    device_ids: list[str]


StandingName = Literal["online", "offline", "maintenance"]


class PlacementWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """With whom to place a device: a customer, or a resident and with them their customer."""

    customer_id: Id | None = None
    resident_id: Id | None = None


class StandingWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """How a device stands. `online` takes back what was said before."""

    status: StandingName


class Placement(Struct, frozen=True):
    """Where a device belongs, and how it stands: online, offline, or in maintenance, which is only said by hand."""

    device_id: str
    customer_id: str | None
    resident_id: str | None
    status: str


class OwnDevice(Struct, frozen=True):
    """A device assigned to oneself."""

    id: str
    name: str
    type: str
    eui: str | None
    last_seen_at: str | None
