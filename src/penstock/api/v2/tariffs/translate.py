"""Converts tariffs between wire structs and core models."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from penstock.api.shared.decoding import body_id
from penstock.api.v2.decimals import parse_day, parse_day_or_none, parse_number, parse_number_or_none
from penstock.api.v2.tariffs import wire
from penstock.core.registers.models import RegisterKind
from penstock.core.tariffs import models
from penstock.core.tariffs.amounts import text_of
from penstock.kit.clock import format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import CustomerId, Prefix, ResidentId, encode


def to_core_prices(body: wire.VersionCreate | wire.TariffCreate) -> models.Prices:
    return models.Prices(
        begin=parse_day(body.from_, "from"),
        end=parse_day_or_none(body.to, "to"),
        usage=tuple(_to_core_item(one, f"items[{at}].") for at, one in enumerate(body.usage)),
        standing=tuple(_to_core_charge(one, f"standing[{at}].") for at, one in enumerate(body.standing)),
        minimum=None if body.minimum is None else _to_core_charge(body.minimum, "minimum."),
    )


def _to_core_item(item: wire.ItemWrite, place: str) -> models.Item:
    if (item.price is None) is (item.tiers is None):
        raise InvalidInput.field(f"{place}price", "must be set, or tiers must be, and not both")
    tiers = [wire.TierWrite(price=item.price)] if item.price is not None else item.tiers or []
    return models.Item(
        kind=RegisterKind(item.kind),
        unit=item.unit,
        tiers=tuple(
            models.Tier(
                up_to=parse_number_or_none(one.up_to, f"{place}tiers[{at}].up_to"),
                price=parse_number(one.price, f"{place}tiers[{at}].price" if item.tiers else f"{place}price"),
            )
            for at, one in enumerate(tiers)
        ),
        name=item.name,
        vat_rate=parse_number(item.vat_rate, f"{place}vat_rate"),
    )


def _to_core_charge(charge: wire.ChargeWrite, place: str) -> models.Charge:
    return models.Charge(
        amount=parse_number(charge.amount, f"{place}amount"),
        per=models.Per(charge.per),
        name=charge.name,
        vat_rate=parse_number(charge.vat_rate, f"{place}vat_rate"),
    )


def to_core_assignments(
    body: wire.AssignmentsWrite, customer_id: CustomerId, resident_id: ResidentId | None
) -> list[models.Assignment]:
    return [
        models.Assignment(
            customer_id=customer_id,
            resident_id=resident_id,
            tariff_id=body_id(Prefix.TARIFF, one.tariff_id, f"tariffs[{at}].tariff_id"),
            begin=parse_day_or_none(one.from_, f"tariffs[{at}].from"),
            end=parse_day_or_none(one.to, f"tariffs[{at}].to"),
        )
        for at, one in enumerate(body.tariffs)
    ]


def from_core_assignments(assigned: Sequence[tuple[models.Assignment, models.Tariff]]) -> wire.Assignments:
    return wire.Assignments(
        tariffs=[
            wire.Assignment(
                tariff_id=encode(Prefix.TARIFF, tariff.id),
                tariff=tariff.name,
                currency=tariff.currency,
                from_=_day(one.begin),
                to=_day(one.end),
            )
            for one, tariff in assigned
        ]
    )


def from_core_tariff(tariff: models.Tariff) -> wire.Tariff:
    return wire.Tariff(
        id=encode(Prefix.TARIFF, tariff.id),
        name=tariff.name,
        currency=tariff.currency,
        versions=[from_core_prices(one) for one in tariff.versions],
        created_at=format_time(tariff.created_us),
        updated_at=format_time(tariff.updated_us),
    )


def from_core_prices(prices: models.Prices) -> wire.Version:
    return wire.Version(
        from_=prices.begin.isoformat(),
        to=_day(prices.end),
        usage=[_from_core_item(one) for one in prices.usage],
        standing=[_from_core_charge(one) for one in prices.standing],
        minimum=None if prices.minimum is None else _from_core_charge(prices.minimum),
    )


def _from_core_item(item: models.Item) -> wire.Item:
    return wire.Item(
        kind=item.kind.value,
        name=item.name,
        unit=item.unit,
        tiers=[
            wire.Tier(up_to=None if one.up_to is None else text_of(one.up_to), price=text_of(one.price)) for one in item.tiers
        ],
        vat_rate=text_of(item.vat_rate),
    )


def _from_core_charge(charge: models.Charge) -> wire.Charge:
    return wire.Charge(name=charge.name, amount=text_of(charge.amount), per=charge.per.value, vat_rate=text_of(charge.vat_rate))


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
