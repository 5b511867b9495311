"""Examples for the documentation of DataKubo's API: one meter of one customer, used in all of them."""

from __future__ import annotations

from typing import Any

EUI = "70b3d57ed0061f2a"
DEVICE_PATH = {"dev_eui": EUI}
RESIDENT_ID = "72657300-0000-8000-8123-456789abcdef"
CUSTOMER_ID = "63757300-0000-8000-8123-456789abcdef"
CUSTOMER_PATH = {"customer_uuid": CUSTOMER_ID}
DEVICE: dict[str, Any] = {
    "id": "64657600-0000-8000-8123-456789abcdef",
    "dev_eui": EUI,
    "device_name": "Block C / flat 12",
    "device_type": "water_meter",
    "status": "online",
    "is_active": True,
    "created_at": "2026-04-14T06:00:00Z",
}
REGISTER = {"dev_eui": EUI, "device_name": "Block C / flat 12", "device_type": "water_meter"}
UPLINK = {"dev_eui": EUI, "consumption_m3": 184.327, "battery_level": 3.59, "timestamp": "2026-05-02T09:15:04Z"}
INGESTED = {
    "dev_eui": EUI,
    "consumption_m3": 184.327,
    "battery_level": 3.59,
    "recorded_at": "2026-05-02T09:15:04Z",
    "registered": True,
    "quarantined": False,
}
CUSTOMER: dict[str, Any] = {
    "id": CUSTOMER_ID,
    "name": "Riverside",
    "admin_email": "ada@example.org",
    "tenant_name": "riverside-hoa",
    "created_at": "2026-04-14T06:00:00Z",
}
CREATE_CUSTOMER = {"name": "Riverside", "admin_email": "ada@example.org", "tenant_name": "riverside-hoa"}
BILL = {
    "subscription_tier": "starter",
    "active_devices": 42,
    "included_devices": 25,
    "overage_devices": 17,
    "base_cost": 49.00,
    "overage_cost": 10.03,
    "total_cost": 59.03,
    "currency": "EUR",
}


def success(data: object) -> dict[str, object]:
    """A response in the vendor's envelope."""
    return {"status": "success", "data": data}
