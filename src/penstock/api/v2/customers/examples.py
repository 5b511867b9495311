"""Examples of customers for the documentation."""

from __future__ import annotations

from typing import Any

PLACED = {
    "device_id": "dev_0c2k9fq7w3m1x",
    "customer_id": "cus_0c2k9fq7w3c5d",
    "resident_id": "res_0c2k9fq7w3r8d",
    "status": "online",
    "from": "2026-05-01T00:00:00Z",
}
PERIOD = {
    "customer_id": "cus_0c2k9fq7w3c5d",
    "resident_id": "res_0c2k9fq7w3r8d",
    "from": "2026-05-01T00:00:00Z",
    "to": None,
}
CUSTOMER_PATH = {"customer_id": "cus_0c2k9fq7w3c5d"}
CUSTOMER = {
    "id": "cus_0c2k9fq7w3c5d",
    "name": "Riverside",
    "admin_email": "ada@example.org",
    "tenant_name": "riverside-hoa",
    "timezone": "Europe/Berlin",
    "created_at": "2026-04-14T06:00:00Z",
}
RESIDENT = {
    "id": "res_0c2k9fq7w3r8d",
    "end_user_id": "72657300-0000-8000-860a-697dcfc1e10d",
    "customer_id": "cus_0c2k9fq7w3c5d",
    "name": "Grace",
    "email": "grace@example.org",
    "created_at": "2026-04-14T06:00:00Z",
}
WAITING: dict[str, Any] = {
    "eui": "70b3d57ed0061f2a",
    "customer_id": "cus_0c2k9fq7w3c5d",
    "device_name": "Block C / flat 12",
    "tenant_name": "riverside-hoa",
    "network": "chirpstack_v4",
    "first_seen_at": "2026-05-01T00:12:31Z",
    "last_seen_at": "2026-05-02T09:15:04Z",
    "readings": 34,
}
