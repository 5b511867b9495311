"""Converts registers between wire structs and core models."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

import msgspec
from msgspec import UNSET

from penstock.api.v2.meters import register_wire as wire
from penstock.api.v2.ranges import parse_moment
from penstock.core.meters.definitions import check_registers, kind_of_unit
from penstock.core.registers.models import BEGINNING_US, WATER_SOURCES, Checks, Estimation, Register, RegisterKind, Source
from penstock.kit.clock import format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.fields import converted

T = TypeVar("T")


def to_core_number(value: wire.Number) -> Decimal:
    # The shortest digits of a float are those that were sent, up to 15 of them. More are sent as a string.
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def to_core_registers(registers: Sequence[wire.RegisterSet], path: str = "registers") -> tuple[Register, ...]:
    found = tuple(_to_core_register(one, f"{path}[{number}]") for number, one in enumerate(registers))
    check_registers(found, path)
    return found


def to_core_single(one: wire.RegisterSet) -> tuple[Register, ...]:
    """The only register of a meter whose field, unit and maximum are set without `registers`: errors name these."""
    try:
        return to_core_registers([one], "")
    except InvalidInput as error:
        raise InvalidInput.field(error.errors[0].field.removeprefix("[0]."), error.errors[0].detail) from None


def _to_core_register(one: wire.RegisterSet, place: str) -> Register:
    sources = _to_core_sources(one, place)
    unit = one.unit if one.unit is not UNSET else sources[0].unit
    kind = RegisterKind(one.kind) if one.kind else kind_of_unit(unit, f"{place}.unit")
    return Register(
        name=one.name or kind.value,
        kind=kind,
        sources=sources,
        unit=unit,
        factor=to_core_number(one.factor),
        decimals=one.decimals,
        rolls_over_at=converted(one.rolls_over_at, to_core_number),
        serial=one.serial,
        checks=_to_core_checks(one.checks),
        from_us=BEGINNING_US if one.from_ is None else parse_moment(one.from_, f"{place}.from"),
        to_us=None if one.to is None else parse_moment(one.to, f"{place}.to"),
        first_value=converted(one.first_value, to_core_number),
        last_value=converted(one.last_value, to_core_number),
    )


def _to_core_sources(one: wire.RegisterSet, place: str) -> tuple[Source, ...]:
    if one.sources is not UNSET:
        if one.field is not UNSET:
            raise InvalidInput.field(f"{place}.field", "must not be combined with sources")
        return tuple(Source(field=source.field, unit=source.unit) for source in one.sources)
    if one.field is not UNSET:
        return (Source(field=one.field, unit="m3" if one.unit is UNSET else one.unit),)
    if one.kind in (None, RegisterKind.VOLUME.value):
        return WATER_SOURCES
    raise InvalidInput.field(f"{place}.sources", "is required for this kind", "required")


def _to_core_checks(checks: wire.ChecksSet) -> Checks:
    return Checks(
        max_flow=converted(checks.max_flow, to_core_number),
        noise=converted(checks.noise, to_core_number),
        frozen_after_s=checks.frozen_after_s,
        estimation=Estimation(checks.estimation),
    )


def exact(value: Decimal) -> msgspec.Raw:
    """A number with exactly these digits, without zeros at its end."""
    text = f"{value:f}"
    return msgspec.Raw((text.rstrip("0").rstrip(".") if "." in text else text).encode())


def exact_or_null(value: Decimal | None) -> msgspec.Raw:
    return msgspec.Raw(b"null") if value is None else exact(value)


def from_core_register(register: Register) -> wire.Register:
    return wire.Register(
        name=register.name,
        kind=register.kind.value,
        sources=[wire.Source(source.field, source.unit) for source in register.sources],
        unit=register.unit,
        factor=exact(register.factor),
        decimals=register.decimals,
        rolls_over_at=exact_or_null(register.rolls_over_at),
        serial=register.serial,
        checks=_from_core_checks(register.checks),
        from_=format_time(register.from_us) if register.from_us else None,
        to=converted(register.to_us, format_time),
        first_value=exact_or_null(register.first_value),
        last_value=exact_or_null(register.last_value),
    )


def _from_core_checks(checks: Checks) -> wire.Checks:
    return wire.Checks(
        exact_or_null(checks.max_flow), exact_or_null(checks.noise), checks.frozen_after_s, checks.estimation.value
    )
