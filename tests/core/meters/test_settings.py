"""Whose registers a meter has: its own, its profile's, or the usual ones."""

from __future__ import annotations

import msgspec

from penstock.core.meters.settings import MeterSettings, SettingsSource
from penstock.core.registers.models import DEFAULT_REGISTERS, Register, RegisterKind, Source

LITRES = Register(sources=(Source(field="l", unit="L"),), unit="L")
LATER = msgspec.structs.replace(LITRES, from_us=5)
COUNT = Register(name="count", kind=RegisterKind.COUNT, sources=(Source(field="n", unit="1"),), unit="1")


def test_its_own_come_first_then_those_of_the_profile() -> None:
    found = [MeterSettings(own=own, of_profile=of) for own in ((LITRES,), None) for of in ((COUNT,), ())]
    assert [one.registers for one in found] == [(LITRES,), (LITRES,), (COUNT,), DEFAULT_REGISTERS]
    device = SettingsSource.DEVICE
    assert [one.source for one in found] == [device, device, SettingsSource.PROFILE, SettingsSource.DEFAULT]


def test_versions_are_in_the_order_of_their_times() -> None:
    settings = MeterSettings(own=(LATER, COUNT, LITRES))
    assert settings.names() == ["volume", "count"]
    assert settings.versions_of("volume") == (LITRES, LATER)
    assert settings.versions_of("heat") == ()
