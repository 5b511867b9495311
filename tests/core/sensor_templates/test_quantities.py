"""The templates of the system, as a table."""

from __future__ import annotations

from penstock.core.sensor_templates.quantities import COMMON


def test_names_and_keys_stand_once() -> None:
    assert len({one.name for one in COMMON.values()}) == len({one.key for one in COMMON.values()}) == len(COMMON)


def test_an_id_is_for_ever() -> None:
    assert {one.id: one.key for one in COMMON.values() if one.key in ("temperature", "battery", "smoke")} == {
        1: "temperature",
        12: "battery",
        48: "smoke",
    }
