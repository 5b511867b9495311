"""Checks registers as people define them, and replaces the meter behind one. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import pairwise

import msgspec

from penstock.core.meters.errors import ReplacementOverlaps
from penstock.core.meters.units import ratio, refuse_ambiguous, to_nano
from penstock.core.registers.models import MAX_COUNTER, MAX_REGISTERS, NANO, Quantity, Register, RegisterKind
from penstock.kit.clock import format_time
from penstock.kit.errors import InvalidInput

MAX_DECIMALS = 9
MIN_FACTOR, MAX_FACTOR = Decimal("1e-9"), Decimal("1e9")
MAX_DIGITS = 30
"""Of a number that describes a register: more than any counter has."""
KIND_OF = {Quantity.VOLUME: RegisterKind.VOLUME, Quantity.ENERGY: RegisterKind.ENERGY, Quantity.COUNT: RegisterKind.COUNT}


def kind_of_unit(unit: str, field: str) -> RegisterKind:
    """The kind of a register of which only the unit is known.

    Raises:
        InvalidInput: no register has this unit, or it is ambiguous; the error names `field`.
    """
    refuse_ambiguous(unit, field)
    for quantity, kind in KIND_OF.items():
        with suppress(InvalidInput):
            ratio(unit, quantity, field)
            return kind
    raise InvalidInput.field(field, "must be a unit of volume, energy or count, such as m3, L, kWh or 1", "unit")


def check_registers(registers: Sequence[Register], path: str = "registers") -> None:
    """Check what a person says a meter counts.

    Raises:
        InvalidInput: a number is out of range, a unit does not fit the kind, or versions of a register overlap; the error names
            the field below `path`.
    """
    if len(registers) > MAX_REGISTERS:
        raise InvalidInput.field(path, f"must have at most {MAX_REGISTERS} versions of registers")
    for number, register in enumerate(registers):
        _check_register(register, f"{path}[{number}]")
    _check_versions(registers, path)


def _check_register(register: Register, place: str) -> None:
    _check_sources(register, place)
    ratio(register.unit, register.quantity, f"{place}.unit")
    if not 0 <= register.decimals <= MAX_DECIMALS:
        raise InvalidInput.field(f"{place}.decimals", f"must be an integer between 0 and {MAX_DECIMALS}")
    _check_number(register.factor, f"{place}.factor", MIN_FACTOR, MAX_FACTOR)
    _check_number(register.rolls_over_at, f"{place}.rolls_over_at", Decimal("1e-9"))
    _check_number(register.checks.max_flow, f"{place}.checks.max_flow", Decimal("1e-9"))
    _check_number(register.checks.noise, f"{place}.checks.noise", Decimal(0))
    _check_bounds(register, place)


def _check_sources(register: Register, place: str) -> None:
    if not register.sources:
        raise InvalidInput.field(f"{place}.sources", "must name at least one field")
    fields = [source.field for source in register.sources]
    for number, source in enumerate(register.sources):
        if source.field in fields[:number]:
            raise InvalidInput.field(f"{place}.sources[{number}].field", "must not be repeated", "duplicate")
        ratio(source.unit, register.quantity, f"{place}.sources[{number}].unit")


def _check_bounds(register: Register, place: str) -> None:
    """The times of a version, and the counter at them."""
    if register.to_us is not None and register.to_us <= register.from_us:
        raise InvalidInput.field(f"{place}.to", "must be after from")
    if register.first_value is not None and not register.from_us:
        raise InvalidInput.field(f"{place}.first_value", "must be combined with from")
    if register.last_value is not None and register.to_us is None:
        raise InvalidInput.field(f"{place}.last_value", "must be combined with to")
    for name, value in (("first_value", register.first_value), ("last_value", register.last_value)):
        check_counter(value, register, f"{place}.{name}")


def check_counter(value: Decimal | None, register: Register, field: str) -> None:
    """Check a counter in the meter's own digits.

    Raises:
        InvalidInput: it is negative or more than a counter can be.
    """
    _check_number(value, field, Decimal(0))
    if value is not None and _in_base_unit(value, register) > MAX_COUNTER:
        raise InvalidInput.field(field, f"must be at most {MAX_COUNTER} {register.quantity.value}")


def to_counter(value: Decimal, register: Register, field: str) -> int:
    """A value in the register's unit as nano-units.

    Raises:
        InvalidInput: it is negative or more than a counter can be.
    """
    _check_number(value, field, Decimal(0))
    counter = to_nano(value, ratio(register.unit, register.quantity))
    if counter > MAX_COUNTER * NANO:
        raise InvalidInput.field(field, f"must be at most {MAX_COUNTER} {register.quantity.value}")
    return counter


def _in_base_unit(value: Decimal, register: Register) -> Decimal:
    one = ratio(register.sources[0].unit, register.quantity)
    return value * register.factor * one.numerator / one.denominator


def _check_number(value: Decimal | None, field: str, least: Decimal, most: Decimal = Decimal("1e15")) -> None:
    # A number such as 1e-999999 is small to send and takes hours to calculate with.
    if value is None:
        return
    if not value.is_finite() or len(value.as_tuple().digits) > MAX_DIGITS or not least <= value <= most:
        raise InvalidInput.field(field, f"must be a number between {least:f} and {most:f}")
    if value and value.adjusted() < -MAX_DIGITS:
        raise InvalidInput.field(field, f"must have at most {MAX_DIGITS} decimals")


def _check_versions(registers: Sequence[Register], path: str) -> None:
    versions: dict[str, list[tuple[int, Register]]] = defaultdict(list)
    for number, register in enumerate(registers):
        versions[register.name].append((number, register))
    for name, numbered in versions.items():
        in_order = sorted(numbered, key=lambda one: one[1].from_us)
        for (_, before), (number, after) in pairwise(in_order):
            if before.to_us is None or before.to_us > after.from_us:
                raise InvalidInput.field(f"{path}[{number}].from", f"must not be in another version of {name}", "overlap")
            if before.kind is not after.kind:
                raise InvalidInput.field(f"{path}[{number}].kind", f"must be {before.kind.value} in each version of {name}")


class Replacement(msgspec.Struct, frozen=True, kw_only=True):
    """Another meter behind a register: what the old one showed last and the new one first, None if unknown."""

    register: str
    at_us: int
    last_value: Decimal | None = None
    first_value: Decimal | None = None
    serial: str | None = None


def replaced(registers: Sequence[Register], change: Replacement) -> tuple[Register, ...]:
    """The registers after a meter was replaced: the version of that time ends, and the next begins.

    Raises:
        InvalidInput: there is no such register, a value is out of range, or there are too many versions.
        ReplacementOverlaps.
    """
    versions = sorted((one for one in registers if one.name == change.register), key=lambda one: one.from_us)
    if not versions:
        raise InvalidInput.field("register", "must be the name of a register of the device", "unknown")
    old = versions[-1]
    if change.at_us <= old.from_us or (old.to_us is not None and change.at_us >= old.to_us):
        raise ReplacementOverlaps(register=change.register, time=format_time(change.at_us))
    check_counter(change.last_value, old, "last_value")
    check_counter(change.first_value, old, "first_value")
    if len(registers) >= MAX_REGISTERS:
        raise InvalidInput.field("register", f"must have fewer than {MAX_REGISTERS} versions of registers on its device")
    new = msgspec.structs.replace(old, from_us=change.at_us, first_value=change.first_value, serial=change.serial)
    closed = msgspec.structs.replace(old, to_us=change.at_us, last_value=change.last_value)
    at = next(number for number, one in enumerate(registers) if one is old)
    return (*registers[:at], closed, new, *registers[at + 1 :])
