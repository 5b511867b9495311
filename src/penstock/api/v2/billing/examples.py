"""Examples of billing for the documentation."""

from __future__ import annotations

STATEMENT_PATH = {"statement_id": "sta_0c2k9fq7w3s7q"}
BILL = {
    "tier": "starter",
    "from": "2026-04-01T00:00:00Z",
    "to": "2026-05-01T00:00:00Z",
    "active_devices": 42,
    "included_devices": 25,
    "overage_devices": 17,
    "base_cost": "49.00",
    "overage_cost": "10.03",
    "total_cost": "59.03",
    "currency": "EUR",
}
STATEMENT = BILL | {
    "id": "sta_0c2k9fq7w3s7q",
    "month": "2026-04",
    "created_at": "2026-05-01T00:10:00Z",
    "parts": [
        {"customer_id": None, "customer": "", "active_devices": 2, "amount": "2.81"},
        {"customer_id": "cus_0c2k9fq7w3c5d", "customer": "Riverside", "active_devices": 40, "amount": "56.22"},
    ],
}
