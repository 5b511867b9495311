"""Tariffs: prices with the days on which they hold. Pure.

Days are calendar days of the customer's time zone. A version of a tariff holds from a day until the next version begins, unless
it says that it ends earlier.

Units: prices and charges are exact decimals in the tariff's currency, without VAT; VAT rates are per cent.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from penstock.core.registers.models import RegisterKind
from penstock.kit.ids import CustomerId, ResidentId, TariffId

MAX_VERSIONS = 100
MAX_ITEMS = 20
MAX_TIERS = 10
PRICE_PLACES = 6
MAX_PRICE = Decimal(1_000_000_000)


class Per(StrEnum):
    """The time that a charge is for."""

    DAY = "day"
    MONTH = "month"


class Tier(msgspec.Struct, frozen=True, kw_only=True):
    """A price that applies up to a consumption per calendar month, in the item's unit; None: without a limit.

    Of a part of a month the limit is reduced in proportion to its days.
    """

    up_to: Decimal | None = None
    price: Decimal


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What one unit of a kind of register costs. `name` is its text on invoices; empty: that of its kind.

    `tiers` ascend, and the last one has no limit. They apply to what all registers of the kind counted together.
    """

    kind: RegisterKind
    unit: str
    tiers: tuple[Tier, ...]
    name: str = ""
    vat_rate: Decimal = Decimal(0)


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """A sum per day or calendar month: a standing charge, or a minimum. Part of a month costs its days' part of the sum."""

    amount: Decimal
    per: Per = Per.MONTH
    name: str = ""
    vat_rate: Decimal = Decimal(0)


class Prices(msgspec.Struct, frozen=True, kw_only=True):
    """What holds from the day `begin`, until the day `end` (not included) at the latest.

    `usage` has the prices of consumption, `standing` the charges for each day with a meter. If the sum of all lines, with the
    standing charges, is less than the minimum, the difference is added.
    """

    begin: date
    end: date | None = None
    usage: tuple[Item, ...] = ()
    standing: tuple[Charge, ...] = ()
    minimum: Charge | None = None


class Tariff(msgspec.Struct, frozen=True, kw_only=True):
    """Prices in a currency. `versions` are in the order of their first days."""

    id: TariffId
    name: str
    currency: str
    versions: tuple[Prices, ...]
    created_us: int
    updated_us: int


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """A tariff that a customer or a resident has from the day `begin` until the day `end` (not included).

    A resident without one has their customer's. `begin` None: from the first day.
    """

    customer_id: CustomerId
    resident_id: ResidentId | None = None
    tariff_id: TariffId
    begin: date | None = None
    end: date | None = None
