"""Examples of tariffs for the documentation."""

from __future__ import annotations

from typing import Any

TARIFF_PATH = {"tariff_id": "tar_0c2k9fq7w3t5f"}
VERSION_WRITE: dict[str, Any] = {
    "from": "2026-01-01",
    "items": [
        {
            "kind": "volume",
            "name": "Drinking water",
            "unit": "m3",
            "tiers": [{"up_to": "10", "price": "1.85"}, {"price": "2.35"}],
            "vat_rate": "7",
        }
    ],
    "standing": [{"name": "Standing charge", "amount": "6.50", "per": "month", "vat_rate": "7"}],
}
VERSION: dict[str, Any] = {
    "from": "2026-01-01",
    "to": None,
    "items": [
        {
            "kind": "volume",
            "name": "Drinking water",
            "unit": "m3",
            "tiers": [{"up_to": "10", "price": "1.85"}, {"up_to": None, "price": "2.35"}],
            "vat_rate": "7",
        }
    ],
    "standing": [{"name": "Standing charge", "amount": "6.50", "per": "month", "vat_rate": "7"}],
    "minimum": None,
}
TARIFF: dict[str, Any] = {
    "id": "tar_0c2k9fq7w3t5f",
    "name": "Household water",
    "currency": "EUR",
    "versions": [VERSION],
    "created_at": "2025-12-14T06:00:00Z",
    "updated_at": "2025-12-14T06:00:00Z",
}
ASSIGNMENTS: dict[str, Any] = {
    "tariffs": [
        {"tariff_id": "tar_0c2k9fq7w3t5f", "tariff": "Household water", "currency": "EUR", "from": "2026-01-01", "to": None}
    ]
}
