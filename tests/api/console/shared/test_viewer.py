"""Time zones of viewers."""

from __future__ import annotations

from penstock.api.console.shared.viewer import zone_of


def test_zones() -> None:
    assert str(zone_of("Europe/Brussels")) == "Europe/Brussels"
    assert zone_of(None) is zone_of("") is zone_of("Mars/Base") is zone_of("../etc/passwd") is zone_of("a\0b") is None
