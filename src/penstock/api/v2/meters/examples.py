"""Examples of meters for the documentation."""

from __future__ import annotations

from typing import Any

CUSTOMER_PATH = {"customer_id": "cus_0c2k9fq7w3c5d"}
DAYS = {"range": "30d", "bucket": "month", "timezone": "Europe/Brussels"}
CHECKS = {"max_flow": None, "noise": None, "frozen_after_s": None, "estimation": "linear"}
REGISTER: dict[str, Any] = {
    "name": "volume",
    "kind": "volume",
    "sources": [{"field": "consumption_m3", "unit": "m3"}],
    "unit": "m3",
    "factor": 1,
    "decimals": 3,
    "rolls_over_at": 100_000,
    "serial": None,
    "checks": CHECKS,
    "from": None,
    "to": None,
    "first_value": None,
    "last_value": None,
}
METER_SET = {"field": "consumption_m3", "unit": "m3", "role": "leaf", "rolls_over_at": 100_000}
METER = METER_SET | {"source": "device", "registers": [REGISTER]}
REPLACED_AT = "2026-05-02T09:15:04Z"
REPLACEMENT = {"register": "volume", "at": REPLACED_AT, "last_value": 184.327, "first_value": 0.004, "serial": "8ZRI0012345678"}
REPLACED = METER | {
    "registers": [
        REGISTER | {"to": REPLACED_AT, "last_value": 184.327},
        REGISTER | {"serial": "8ZRI0012345678", "from": REPLACED_AT, "first_value": 0.004},
    ]
}
AMOUNT = {
    "start": "2026-04-30T22:00:00Z",
    "end": "2026-05-31T22:00:00Z",
    "consumption": 7.415,
    "not_measured": 0.25,
    "quality": "interpolated",
    "method": "linear",
    "missing_days": 0,
    "suspects": 1,
}
EVENT = {"kind": "reset", "time": "2026-05-02T09:15:04Z", "before": 184.327, "after": 0.004, "detected": False}
DEVICE_ID = "dev_0c2k9fq7w3m1x"
REGISTER_OF = {"device_id": DEVICE_ID, "name": "Flat 12", "register": "volume", "unit": "m3"}
ROW = REGISTER_OF | {"role": "leaf", "kind": "volume", "data": [AMOUNT], "events": [EVENT]}
HINT = {
    "device_id": DEVICE_ID,
    "register": "volume",
    "suspected": True,
    "nights": 7,
    "nights_flowing": 7,
    "least_per_hour": 0.004,
    "unit": "m3",
    "timezone": "Europe/Brussels",
}
EDIT_SET = {"kind": "add", "time": "2026-05-02T09:15:04Z", "value": 184.327, "reason": "Read on site"}
EDIT = {
    "id": "edt_0c2k9fq7w3e7r",
    "register": "volume",
    "kind": "add",
    "time": "2026-05-02T09:15:04Z",
    "value": 184.327,
    "unit": "m3",
    "reason": "Read on site",
    "author": "ada@example.org",
    "created_at": "2026-05-03T08:00:00Z",
    "withdrawn_at": None,
    "withdrawn_by": None,
    "withdrawn_reason": None,
}
WITHDRAWN = EDIT | {
    "withdrawn_at": "2026-05-04T08:00:00Z",
    "withdrawn_by": "ada@example.org",
    "withdrawn_reason": "Wrong meter",
}
EDITED_VALUE = {
    "time": "2026-05-02T09:15:04Z",
    "value": 184.327,
    "unit": "m3",
    "status": "edited",
    "reason": None,
    "original": None,
    "edit": EDIT,
}
SUSPECT_VALUE = EDITED_VALUE | {"value": 0, "status": "suspect", "reason": "zero", "original": 0, "edit": None}
VALUES = REGISTER_OF | {"values": [SUSPECT_VALUE], "has_more": False}
