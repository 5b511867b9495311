"""Settings of meters in their short and their long form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from penstock.api.v2.meters import settings_wire as wire
from penstock.api.v2.meters.settings_translate import from_core_settings, to_core_replacement, to_core_settings
from penstock.core.meters.models import MeterRole
from penstock.core.meters.settings import MeterSettings
from penstock.core.registers.models import WATER_SOURCES, Register, Source
from penstock.kit.errors import InvalidInput
from tests.support.days import NOON_US

LITRES = Register(sources=(Source(field="w", unit="L"),), unit="L", to_us=NOON_US)


def sent(**about: Any) -> MeterSettings:
    return to_core_settings(msgspec.convert(about, wire.MeterSet))


def test_a_role_alone_says_nothing_about_registers() -> None:
    assert sent(role="principal") == MeterSettings(role=MeterRole.PRINCIPAL)


def test_the_short_form_is_one_register() -> None:
    for about, register in (
        ({"field": "w", "unit": "L"}, Register(sources=(Source(field="w", unit="L"),), unit="L")),
        ({"unit": "L"}, Register(sources=(Source(field="consumption_m3", unit="L"),), unit="L")),
        ({"rolls_over_at": 10_000}, Register(sources=WATER_SOURCES, rolls_over_at=Decimal(10_000))),
        ({"field": "w", "rolls_over_at": None}, Register(sources=(Source(field="w", unit="m3"),))),
    ):
        assert sent(**about) == MeterSettings(own=(register,))


def test_both_forms_together_are_refused() -> None:
    for name, value in (("field", "w"), ("unit", "L"), ("rolls_over_at", None)):
        with pytest.raises(InvalidInput) as raised:
            sent(**{name: value}, registers=[{"field": "v"}])
        assert raised.value.errors[0].field == name


def test_the_short_form_shown_is_the_newest_version_of_the_first_register() -> None:
    later = Register(sources=(Source(field="v", unit="m3"),), from_us=NOON_US, rolls_over_at=Decimal(100_000))
    shown = from_core_settings(MeterSettings(own=(LITRES, later)))
    assert (shown.source, shown.field, shown.unit, bytes(shown.rolls_over_at)) == ("device", "v", "m3", b"100000")
    assert [(one.from_, one.to) for one in shown.registers] == [
        (None, "2026-05-02T12:00:00Z"),
        ("2026-05-02T12:00:00Z", None),
    ]


def test_a_replacement_with_and_without_values() -> None:
    least = to_core_replacement(wire.Replacement(register="volume", at="2026-05-02T12:00:00Z"))
    assert (least.at_us, least.last_value, least.first_value, least.serial) == (NOON_US, None, None, None)
    body = wire.Replacement(register="volume", at="2026-05-02T12:00:00Z", last_value=12345.6, first_value="0.004")
    most = to_core_replacement(body)
    assert (most.last_value, most.first_value) == (Decimal("12345.6"), Decimal("0.004"))
