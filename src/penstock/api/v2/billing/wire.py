"""Billing over the native API, exactly as on the wire."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class BillSummary(Struct, frozen=True, rename={"from_": "from"}):
    """What a month costs so far.

    Units: costs are decimals with two digits in `currency`, as text, so that no reader rounds them.
    """

    tier: str
    from_: str
    to: str
    active_devices: int
    included_devices: int
    overage_devices: int
    base_cost: str
    overage_cost: str
    total_cost: str
    currency: str


class StatementPart(Struct, frozen=True):
    """What of a statement falls to a customer; null: to devices that are placed nowhere. `customer` is empty when it is gone."""

    customer_id: str | None
    customer: str
    active_devices: int
    amount: str


class Statement(BillSummary, frozen=True, rename={"from_": "from"}):
    """The bill of a month that is over. It never changes; its parts add up to `total_cost`."""

    id: str
    month: str
    created_at: str
    parts: list[StatementPart]


class FileQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """As what to send it."""

    format: Literal["csv", "pdf"] = "pdf"
