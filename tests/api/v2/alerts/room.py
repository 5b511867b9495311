"""A cold room with an alert on it."""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.waiting import awaited

WARM = {"type": "threshold", "field": "temperature", "operator": ">", "value": 6}


class Room:
    """A device with an alert on it."""

    def __init__(self, api: httpx.Client, **about: Any) -> None:
        self.api = api
        self.id: str = api.post("/api/v2/devices", json={"name": "Cold room 2"}).json()["device"]["id"]
        body = {"name": "Too warm", "target": {"devices": [self.id]}, "condition": WARM} | about
        answer = api.post("/api/v2/alerts", json=body)
        assert answer.status_code == 201, answer.text
        self.alert: dict[str, Any] = answer.json()
        self.path = f"/api/v2/alerts/{self.alert['id']}"

    def send(self, *temperatures: float) -> None:
        for value in temperatures:
            self.api.post(f"/api/v2/devices/{self.id}/telemetry", json={"data": {"temperature": value}})

    def events(self, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.api.get("/api/v2/alert-events", params={"device_id": self.id} | query).json()["data"]
        return found

    def wait(self, **query: str) -> dict[str, Any]:
        return awaited(lambda: self.events(**query))[0]
