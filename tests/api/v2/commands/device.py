"""A device that only speaks HTTP, with both sides of its commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from tests.support.waiting import eventually

SECONDS = {"name": "seconds", "type": "integer", "required": True, "minimum": 1, "maximum": 86_400}


@dataclass
class Device:
    """A device with its own client, which carries its access token and nothing else."""

    id: str
    api: httpx.Client
    own: httpx.Client

    @property
    def path(self) -> str:
        return f"/api/v2/devices/{self.id}/commands"

    def define(self, **about: Any) -> dict[str, Any]:
        answer = self.api.post(self.path, json={"name": "set_interval", "parameters": [SECONDS]} | about)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def execute(self, definition: dict[str, Any], seconds: int = 30, **more: Any) -> dict[str, Any]:
        body = {"parameters": {"seconds": seconds}} | more
        answer = self.api.post(f"{self.path}/{definition['id']}/execute", json=body)
        assert answer.status_code == 202, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def fetch(self, **query: str) -> list[dict[str, Any]]:
        answer = self.own.get("/api/v2/device/commands", params=query)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["data"]
        return found

    def ack(self, execution_id: str, **said: Any) -> httpx.Response:
        return self.own.post(f"/api/v2/device/commands/{execution_id}/ack", json=said)

    def look(self, execution_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"/api/v2/command-executions/{execution_id}").json()
        return found

    def states(self, execution_id: str) -> list[str]:
        return [row["state"] for row in self.look(execution_id)["history"]]

    def wait_for(self, execution_id: str, state: str) -> dict[str, Any]:
        assert eventually(lambda: self.look(execution_id)["state"] == state), self.look(execution_id)
        return self.look(execution_id)


MakeDevice = Callable[..., Device]
