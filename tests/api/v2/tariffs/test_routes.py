"""Tariffs that are refused over HTTP, in the shape of every error."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

ITEM: dict[str, Any] = {"kind": "volume", "unit": "m3", "price": "1"}
BODY: dict[str, Any] = {"name": "Water", "currency": "EUR", "from": "2026-01-01", "items": [ITEM]}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"currency": "EUT"}, "currency"),
        ({"from": "yesterday"}, "from"),
        ({"items": [ITEM | {"price": "1,5"}]}, "items[0].price"),
        ({"items": [ITEM | {"price": None}]}, "items[0].price"),
        ({"items": [ITEM | {"tiers": [{"price": 1}]}]}, "items[0].price"),
        ({"items": [{"kind": "volume", "unit": "m3", "tiers": [{"price": 1, "up_to": "x"}]}]}, "items[0].tiers[0].up_to"),
        ({"items": [ITEM | {"kind": "steam"}]}, "items[0].kind"),
        ({"standing": [{"amount": 5, "per": "week"}]}, "standing[0].per"),
        ({"minimum": {"amount": True}}, "minimum.amount"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_the_field_is_named(change: dict[str, Any], field: str, api: httpx.Client) -> None:
    answer = api.post("/api/v2/tariffs", json=BODY | change)
    assert answer.status_code == 400
    assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_a_version_is_named_by_its_day(api: httpx.Client) -> None:
    tariff = api.post("/api/v2/tariffs", json=BODY).json()["id"]
    for path in (f"{tariff}/versions/first", f"{tariff}/versions/2026-01-02", "tar_x"):
        assert api.delete(f"/api/v2/tariffs/{path}").status_code == 404
