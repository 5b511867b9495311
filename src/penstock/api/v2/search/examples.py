"""Examples of search for the documentation."""

from __future__ import annotations

from penstock.api.v2.devices.examples import DEVICE_ID

QUERY = {"q": "cold", "limit": "5"}
HITS = {"data": [{"type": "device", "id": DEVICE_ID, "name": "Cold room 2", "detail": "sensor"}]}
