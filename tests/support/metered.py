"""A server with meters whose clock and evaluations the test holds in its hands; all calls are HTTP over a socket."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from penstock.bootstrap.server import Server
from penstock.kit.clock import HOUR_US, format_time
from tests.support.days import NOON_US, PassingClock
from tests.support.in_process import InProcessServer, in_process_server
from tests.support.server import Org

HELD = {"PENSTOCK_ALARMS_INTERVAL_S": "86400"}
"""The worker is called by the test alone."""


class Building:
    """A customer of an organisation, with meters."""

    def __init__(self, server: InProcessServer, org: Org, clock: PassingClock) -> None:
        self.server, self.org, self.clock = server, org, clock
        self.api: httpx.Client = server.socket_client(org)
        body = {"name": "House", "admin_email": "ada@example.org", "tenant_name": f"t-{secrets.token_hex(6)}"}
        self.customer_id = str(self.call("POST", "/api/v2/customers", body)["id"])

    def call(self, method: str, path: str, body: object = None, **query: str) -> Any:
        answer = self.api.request(method, path, json=body, params=query)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def resident(self, name: str = "Grace") -> str:
        path = f"/api/v2/customers/{self.customer_id}/residents"
        return str(self.call("POST", path, {"name": name, "email": f"{secrets.token_hex(4)}@example.org"})["id"])

    def meter(self, name: str = "Flat 12", *, placed: bool = True) -> str:
        made = str(self.call("POST", "/api/v2/devices", {"name": name})["device"]["id"])
        if placed:
            self.call("PUT", f"/api/v2/devices/{made}/placement", {"customer_id": self.customer_id})
        return made

    def report(self, device_id: str, *readings: tuple[float, object], field: str = "consumption_m3") -> None:
        """Readings with their times in hours from noon: values of a field, or whole readings."""
        rows = [{"time": at(hours), "data": value if isinstance(value, dict) else {field: value}} for hours, value in readings]
        for start in range(0, len(rows), 500):
            self.call("POST", f"/api/v2/devices/{device_id}/telemetry", rows[start : start + 500])

    def reported(self, device_id: str, *readings: tuple[float, object], field: str = "consumption_m3") -> list[dict[str, Any]]:
        """Report readings, the newest of which arrives now, and return the device's alarms, oldest first."""
        self.clock.us = max([self.clock.us, *(NOON_US + round(hours * HOUR_US) for hours, _ in readings)])
        self.report(device_id, *readings, field=field)
        self.evaluate()
        return self.alarms(device_id=device_id)

    def evaluate(self) -> None:
        async def steps(server: Server) -> None:
            while await server.parts.meter_alarms.worker.step():
                pass

        self.server.call(steps)

    def alarms(self, **query: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.call("GET", "/api/v2/meter-alarms", **query)["data"]
        return found[::-1]


def at(hours: float) -> str:
    """A time, in hours from noon."""
    return format_time(NOON_US + round(hours * HOUR_US))


@contextmanager
def metered(folder: Path) -> Iterator[Building]:
    """A building on a server of its own."""
    clock = PassingClock()
    with in_process_server(folder / "data", environment=HELD, clock=clock) as server:
        building = Building(server, server.orgs["Acme"], clock)
        try:
            building.evaluate()  # which begins at the end of the log
            yield building
        finally:
            building.api.close()
