"""Billing over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from penstock.kit.wire_types import Moment


class BillSummary(Struct, frozen=True, rename={"from_": "from"}):
    """The cost of a month to date.

    Units: costs are decimals with two digits in `currency`, as strings, so that no client rounds them.
    """

    tier: str
    from_: Moment
    to: Moment
    active_devices: int
    included_devices: int
    overage_devices: int
    base_cost: str
    overage_cost: str
    total_cost: str
    currency: str


class StatementPart(Struct, frozen=True):
    """A customer's part of a statement; null: of devices without a customer. `customer` is empty if the customer was deleted."""

    customer_id: str | None
    customer: str
    active_devices: int
    amount: str


class Statement(BillSummary, frozen=True, rename={"from_": "from"}):
    """The bill of a completed month. It never changes; its parts add up to `total_cost`."""

    id: str
    month: str
    created_at: str
    parts: list[StatementPart]


class FileQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The format of the file."""

    format: Literal["csv", "pdf"] = "pdf"
