"""Forms of bills as bodies of the API."""

from __future__ import annotations

from typing import Any

from penstock.api.console.bills.forms import party_body, party_form, rows_of, version_body, version_form, version_names
from penstock.api.console.shared.forms import Form

VERSION: dict[str, Any] = {
    "from": "2026-01-01",
    "to": None,
    "items": [
        {
            "kind": "volume",
            "name": "Water",
            "unit": "m3",
            "vat_rate": "7",
            "tiers": [{"up_to": "10", "price": "1.85"}, {"up_to": None, "price": "2.35"}],
        },
        {"kind": "heat", "name": "", "unit": "kWh", "vat_rate": "19", "tiers": [{"up_to": None, "price": "0.2"}]},
    ],
    "standing": [{"name": "Base", "amount": "6.50", "per": "month", "vat_rate": "7"}],
    "minimum": {"name": "", "amount": "5", "per": "day", "vat_rate": "0"},
}


def test_a_version_survives_its_form() -> None:
    body = version_body(version_form(VERSION))
    tiers = [{"up_to": "10", "price": "1.85"}, {"price": "2.35"}]
    assert body["items"][0] == {"kind": "volume", "name": "Water", "unit": "m3", "vat_rate": "7", "tiers": tiers}
    assert body["items"][1] == {"kind": "heat", "unit": "kWh", "vat_rate": "19", "tiers": [{"price": "0.2"}]}
    assert body["standing"] == VERSION["standing"]
    assert body["minimum"] == {"amount": "5", "per": "day", "vat_rate": "0"}
    assert body["from"] == "2026-01-01"
    assert "to" not in body


def test_rows_between_others_may_be_empty_and_errors_find_theirs() -> None:
    form = Form({"items-1-kind": ["volume"], "items-1-price": ["1"], "items-4-price": ["x"], "standing-2-amount": ["y"]})
    assert version_body(form)["items"] == [{"kind": "volume", "tiers": [{"price": "1"}, {"price": "x"}]}]
    names = version_names(form)
    assert names["items-4-price"] == "items[0].tiers[1].price"
    assert names["items-1-unit"] == "items[0].unit"
    assert names["standing-2-amount"] == "standing[0].amount"
    assert names["minimum-amount"] == "minimum.amount"


def test_an_address_is_lines() -> None:
    form = party_form({"name": "A", "address": ["1", "2"], "city": ""})
    assert form.value("address") == "1\n2"
    assert party_body(form) == {"name": "A", "address": ["1", "2"]}


def test_tables_have_free_rows() -> None:
    form = Form({"items-3-price": ["1"]})
    assert rows_of(form, "items", "price", 10) == 8
    assert rows_of(form, "items", "price", 6) == 6
    assert rows_of(Form(), "items", "price", 10) == 4
