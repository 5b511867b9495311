"""Tariffs between the wire and the core."""

from __future__ import annotations

import msgspec

from penstock.api.v2.tariffs.examples import VERSION, VERSION_WRITE
from penstock.api.v2.tariffs.translate import from_core_prices, to_core_prices
from penstock.api.v2.tariffs.wire import VersionCreate


def test_prices_come_back_as_they_were_sent() -> None:
    sent = msgspec.convert(VERSION_WRITE, VersionCreate)
    assert msgspec.to_builtins(from_core_prices(to_core_prices(sent))) == VERSION


def test_one_price_is_a_tier_without_a_limit() -> None:
    item = {"kind": "energy", "unit": "kWh", "price": 0.31}
    charge = {"amount": "2.50", "per": "day"}
    sent = msgspec.convert({"from": "2026-01-01", "to": "2027-01-01", "items": [item], "minimum": charge}, VersionCreate)
    found = msgspec.to_builtins(from_core_prices(to_core_prices(sent)))
    assert found["items"][0]["tiers"] == [{"up_to": None, "price": "0.31"}]
    assert (found["to"], found["minimum"]["amount"], found["standing"]) == ("2027-01-01", "2.50", [])
