"""Examples of meters for the documentation."""

from __future__ import annotations

CUSTOMER_PATH = {"customer_id": "cus_0c2k9fq7w3c5d"}
DAYS = {"range": "30d", "bucket": "month", "timezone": "Europe/Brussels"}
METER = {"field": "consumption_m3", "unit": "m3", "role": "leaf", "rolls_over_at": 100_000}
AMOUNT = {
    "start": "2026-04-30T22:00:00Z",
    "end": "2026-05-31T22:00:00Z",
    "consumption": 7.415,
    "not_measured": 0.25,
    "quality": "interpolated",
    "missing_days": 0,
}
EVENT = {"kind": "reset", "time": "2026-05-02T09:15:04Z", "before": 184.327, "after": 0.004, "detected": False}
ROW = {"device_id": "dev_0c2k9fq7w3m1x", "name": "Flat 12", "role": "leaf", "unit": "m3", "data": [AMOUNT], "events": [EVENT]}
HINT = {
    "device_id": "dev_0c2k9fq7w3m1x",
    "suspected": True,
    "nights": 7,
    "nights_flowing": 7,
    "least_per_hour": 0.004,
    "timezone": "Europe/Brussels",
}
