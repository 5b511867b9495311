"""Customers, residents and unregistered devices over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from penstock.api.v2.people.wire import Email
from penstock.api.v2.wire import Cursor, Id, Limit, Name, Word
from penstock.core.customers.models import Standing
from penstock.kit.wire_types import Moment, one_of


class CustomerCreate(Struct, frozen=True, forbid_unknown_fields=True):
    """A customer to create. `tenant_name` is the name that network servers use for it, unique in the organisation.

    `timezone` is an IANA name, such as Europe/Berlin.
    """

    name: Name
    admin_email: Email
    tenant_name: Name
    timezone: Word = "UTC"


class CustomerPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a customer: omitted fields are unchanged."""

    name: Name | None = None
    admin_email: Email | None = None
    timezone: Word | None = None


class Customer(Struct, frozen=True):
    """A customer: a building or community for which devices measure."""

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


class ManagerInvite(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is to manage a customer."""

    email: Email


class Resident(Struct, frozen=True):
    """A person who lives at a customer's site. `end_user_id` is the id as a UUID, for clients that know no other form."""

    id: str
    end_user_id: str
    customer_id: str
    name: str
    email: str
    created_at: str


class UnregisteredQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Filters for unregistered devices: all, or those routed to a customer."""

    customer_id: Annotated[str, Meta(max_length=64)] | None = None
    limit: Limit = 100
    cursor: Cursor | None = None


class Unregistered(Struct, frozen=True):
    """A device that reported and is not registered. `readings` is the number of its readings that are stored."""

    eui: str
    customer_id: str | None
    device_name: str | None
    tenant_name: str | None
    network: str
    first_seen_at: str
    last_seen_at: str
    readings: int


class RegisteredDevices(Struct, frozen=True):
    """The ids of the created devices. `has_more`: other devices still wait to be registered."""

    device_ids: list[str]
    has_more: bool


StandingName = Literal["online", "offline", "maintenance"]


class PlacementWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """The placement of a device: a customer, or a resident and thereby their customer.

    `from` is when it began, RFC 3339 and not in the future. Omitted, it is now; the first customer of a device has its past too.
    """

    customer_id: Id | None = None
    resident_id: Id | None = None
    from_: Annotated[str, Meta(max_length=64)] | None = field(default=None, name="from")


class StandingWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """The standing of a device. `online` removes a standing that was set before."""

    status: StandingName


class Placement(Struct, frozen=True):
    """The placement of a device, and its standing: online, offline, or in maintenance, which is only set manually.

    `from` is when the placement began; null if it has no beginning, or if there is no placement.
    """

    device_id: str
    customer_id: str | None
    resident_id: str | None
    status: Annotated[str, one_of(*Standing)]
    from_: Moment | None = field(name="from")


class PlacementPeriod(Struct, frozen=True):
    """A device was placed there from `from` to `to`: null is from the beginning, and until now."""

    customer_id: str
    resident_id: str | None
    from_: Moment | None = field(name="from")
    to: Moment | None


class OwnDevice(Struct, frozen=True):
    """A device assigned to the caller."""

    id: str
    name: str
    type: str
    eui: str | None
    last_seen_at: str | None
