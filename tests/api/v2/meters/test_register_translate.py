"""Registers as they are sent and shown: short forms, defaults, and numbers with exactly the digits that were sent."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from penstock.api.v2.meters import register_wire as wire
from penstock.api.v2.meters.register_translate import exact, exact_or_null, from_core_register, to_core_number, to_core_registers
from penstock.core.registers.models import WATER_SOURCES, Checks, Estimation, Register, RegisterKind, Source
from penstock.kit.decoding import decode_body
from penstock.kit.errors import InvalidInput


def sent(**about: Any) -> Register:
    body = msgspec.json.encode([{"from" if name == "from_" else name: value for name, value in about.items()}])
    (found,) = to_core_registers(decode_body(body, list[wire.RegisterSet]))
    return found


def test_what_is_left_out_follows_from_the_rest() -> None:
    assert sent() == Register(sources=WATER_SOURCES)
    assert sent(rolls_over_at=10_000) == Register(sources=WATER_SOURCES, rolls_over_at=Decimal(10_000))
    assert sent(field="w") == Register(sources=(Source(field="w", unit="m3"),))
    litres = Register(sources=(Source(field="w", unit="L"),), unit="L")
    assert sent(field="w", unit="L") == litres
    assert sent(sources=[{"field": "w", "unit": "L"}]) == litres
    assert sent(sources=[{"field": "w", "unit": "L"}], unit="m3").unit == "m3"
    energy = sent(field="e", unit="Wh")
    assert (energy.kind, energy.name) == (RegisterKind.ENERGY, "energy")
    heat = sent(field="e", unit="GJ", kind="heat", name="supply")
    assert (heat.kind, heat.name) == (RegisterKind.HEAT, "supply")


def test_everything_that_can_be_said_is_kept_and_shown_as_it_can_be_sent_again() -> None:
    about = {
        "name": "cold",
        "kind": "volume",
        "sources": [{"field": "pulses", "unit": "L"}, {"field": "m3", "unit": "m3"}],
        "unit": "m3",
        "factor": 0.1,
        "decimals": 4,
        "rolls_over_at": "99999.99999",
        "serial": "8ZRI",
        "checks": {"max_flow": 2.5, "noise": 0.001, "frozen_after_s": 86_400, "estimation": "profile"},
        "from_": "2026-05-01T00:00:00Z",
        "to": "2026-06-01T00:00:00Z",
        "first_value": 12345.6,
        "last_value": 1e-7,
    }
    found = sent(**about)
    assert found.factor == Decimal("0.1")
    assert found.checks == Checks(
        max_flow=Decimal("2.5"), noise=Decimal("0.001"), frozen_after_s=86_400, estimation=Estimation.PROFILE
    )
    assert (found.first_value, found.last_value) == (Decimal("12345.6"), Decimal("0.0000001"))
    shown = msgspec.json.encode([from_core_register(found)])
    assert b'"first_value":12345.6,"last_value":0.0000001' in shown
    assert to_core_registers(decode_body(shown, list[wire.RegisterSet])) == (found,)


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"sources": [{"field": "w", "unit": "L"}], "field": "v"}, "registers[0].field"),
        ({"kind": "heat"}, "registers[0].sources"),
        ({"field": "w", "unit": "bananas"}, "registers[0].unit"),
        ({"from_": "yesterday"}, "registers[0].from"),
        ({"to": "then"}, "registers[0].to"),
        ({"field": "w", "unit": "L", "kind": "energy"}, "registers[0].sources[0].unit"),
    ],
)
def test_the_field_at_fault_is_named(about: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        sent(**about)
    assert raised.value.errors[0].field == field


def test_numbers_keep_their_digits() -> None:
    assert [to_core_number(value) for value in (7, 12345.6, "0.100", 2**53 + 1)] == [
        Decimal(7),
        Decimal("12345.6"),
        Decimal("0.100"),
        Decimal(2**53 + 1),
    ]
    shown = [exact(Decimal(text)) for text in ("12345.600", "100", "1E+3", "1E-7", "-0.50", "0")]
    assert [bytes(one) for one in shown] == [b"12345.6", b"100", b"1000", b"0.0000001", b"-0.5", b"0"]
    assert [bytes(exact_or_null(one)) for one in (None, Decimal(2))] == [b"null", b"2"]
