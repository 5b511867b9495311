"""Tariffs over the native API, exactly as on the wire.

Units: prices and charges are decimals in the tariff's currency, without VAT; rates of VAT are per cent. Responses have decimals
as strings, so that no client rounds them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from penstock.api.v2.decimals import Day, Exact
from penstock.api.v2.wire import Id, Name, Word
from penstock.core.registers.models import RegisterKind
from penstock.core.tariffs.models import MAX_ITEMS, MAX_TIERS, Per
from penstock.kit.wire_types import one_of

KindName = Literal["volume", "reverse_volume", "energy", "reverse_energy", "heat", "cooling", "count"]
PerName = Literal["day", "month"]
Title = Annotated[str, Meta(max_length=200)]
Currency = Annotated[str, Meta(min_length=3, max_length=3)]


class TierWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """A price that applies up to a consumption per calendar month, in the item's unit. The last tier has no `up_to`."""

    price: Exact
    up_to: Exact | None = None


class ItemWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """What a unit of a kind of register costs: `price`, or `tiers`. `name` is its text on invoices.

    Units: prices in the tariff's currency, without VAT; vat_rate in per cent.
    """

    kind: KindName
    unit: Word
    price: Exact | None = None
    tiers: Annotated[list[TierWrite], Meta(min_length=1, max_length=MAX_TIERS)] | None = None
    name: Title = ""
    vat_rate: Exact = 0


class ChargeWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """A sum per day or calendar month.

    Units: amount in the tariff's currency, without VAT; vat_rate in per cent.
    """

    amount: Exact
    per: PerName = "month"
    name: Title = ""
    vat_rate: Exact = 0


class VersionCreate(Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from", "usage": "items"}):
    """Prices that hold from a day until the next version begins, or until the day `to` (not included) if that is earlier.

    `standing` are charges for each day on which there is a meter. If all lines together are less than `minimum`, the difference
    is added.
    """

    from_: Day
    to: Day | None = None
    usage: Annotated[list[ItemWrite], Meta(max_length=MAX_ITEMS)] = []
    standing: Annotated[list[ChargeWrite], Meta(max_length=MAX_ITEMS)] = []
    minimum: ChargeWrite | None = None


class TariffCreate(Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from", "usage": "items"}):
    """A tariff to create, with its first version. `currency` is a code of ISO 4217."""

    name: Name
    currency: Currency
    from_: Day
    to: Day | None = None
    usage: Annotated[list[ItemWrite], Meta(max_length=MAX_ITEMS)] = []
    standing: Annotated[list[ChargeWrite], Meta(max_length=MAX_ITEMS)] = []
    minimum: ChargeWrite | None = None


class TariffPatch(Struct, frozen=True, forbid_unknown_fields=True):
    """A change of a tariff's name. Prices are changed by another version."""

    name: Name


class Tier(Struct, frozen=True):
    """A price up to a consumption per calendar month; `up_to` is null on the last tier."""

    up_to: str | None
    price: str


class Item(Struct, frozen=True):
    """What a unit of a kind of register costs, in the tariff's currency and without VAT; `vat_rate` is in per cent."""

    kind: Annotated[str, one_of(*RegisterKind)]
    name: str
    unit: str
    tiers: list[Tier]
    vat_rate: str


class Charge(Struct, frozen=True):
    """A sum per day or calendar month.

    Units: amount in the tariff's currency, without VAT; vat_rate in per cent.
    """

    name: str
    amount: str
    per: Annotated[str, one_of(*Per)]
    vat_rate: str


class Version(Struct, frozen=True, rename={"from_": "from", "usage": "items"}):
    """Prices that hold from the day `from` until the day `to` (not included); null: until another version begins."""

    from_: Day
    to: Day | None
    usage: list[Item]
    standing: list[Charge]
    minimum: Charge | None


class Tariff(Struct, frozen=True):
    """Prices in a currency, by the days from which they hold."""

    id: str
    name: str
    currency: str
    versions: list[Version]
    created_at: str
    updated_at: str


class AssignmentWrite(Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """A tariff from a day until another (not included); without them, always."""

    tariff_id: Id
    from_: Day | None = None
    to: Day | None = None


class AssignmentsWrite(Struct, frozen=True, forbid_unknown_fields=True):
    """All tariffs of a customer or resident, in the order of their days."""

    tariffs: Annotated[list[AssignmentWrite], Meta(max_length=100)]


class Assignment(Struct, frozen=True, rename={"from_": "from"}):
    """A tariff from a day until another (not included); null: without a limit."""

    tariff_id: str
    tariff: str
    currency: str
    from_: Day | None
    to: Day | None


class Assignments(Struct, frozen=True):
    """All tariffs of a customer or resident."""

    tariffs: list[Assignment]
