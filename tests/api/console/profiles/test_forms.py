"""The form of a profile becomes the body of a call; what it does not show of registers stays."""

from __future__ import annotations

from typing import Any

from penstock.api.console.profiles.forms import body_of, failed, rows_of, shown
from penstock.api.console.shared.forms import Form

REGISTER: dict[str, Any] = {
    "name": "volume",
    "kind": "volume",
    "sources": [{"field": "volume", "unit": "m3"}, {"field": "litres", "unit": "L"}],
    "unit": "m3",
    "factor": 1,
    "decimals": 3,
    "rolls_over_at": 100_000,
    "serial": None,
    "checks": {"max_flow": 2.5},
}
PROFILE: dict[str, Any] = {
    "name": "Meter",
    "device_type": "water_meter",
    "model": "",
    "description": "",
    "expected_interval_s": 3600,
    "sensors": [{"key": "volume", "name": "Volume", "unit": "m³", "value_type": "float", "decimals": 3}],
    "registers": [REGISTER],
}
TYPED = {"name": ["Meter"], "sensors[1].key": ["volume"], "registers[2].field": ["volume"], "registers[2].unit": ["m3"]}


def test_what_exists_is_shown_and_comes_back() -> None:
    body = body_of(shown(PROFILE), PROFILE["registers"])
    assert body["sensors"] == PROFILE["sensors"]
    assert body["registers"] == [{name: value for name, value in REGISTER.items() if value is not None}]
    assert body["expected_interval_s"] == 3600


def test_a_cleared_row_is_left_out() -> None:
    body = body_of(Form(TYPED))
    assert body["sensors"] == [{"key": "volume"}]
    assert body["registers"] == [{"sources": [{"field": "volume", "unit": "m3"}]}]
    assert body["expected_interval_s"] is None


def test_errors_find_their_rows() -> None:
    fields = ("sensors[0].unit", "registers[0].sources[0].unit", "registers[0].factor")
    form = failed(Form(TYPED), {"detail": "x", "errors": [{"field": field, "detail": field} for field in fields]})
    ours = ("sensors[1].unit", "registers[2].unit", "registers[2].factor")
    assert [form.error(one) for one in ours] == list(fields)


def test_rows_to_fill() -> None:
    assert rows_of(Form()) == {"sensors": range(2), "registers": range(2)}
    assert rows_of(Form(TYPED)) == {"sensors": range(4), "registers": range(5)}
