"""A cold store with one room that reports, and the people who look at it."""

from __future__ import annotations

from typing import Any

from penstock.kit.clock import SystemClock, format_time
from tests.security.people import PASSWORD, Registry
from tests.support.console import Browser, browser_of
from tests.support.in_process import InProcessServer

HOSTILE = "<img src=x onerror=alert(1)> \u202e\u0645\u0631\u062d\u0628\u0627 🔥 " + "x" * 120
ESCAPED = "&lt;img src=x onerror=alert(1)&gt;"
NOW_US = SystemClock().now_us()


class ColdStore:
    """An organisation with a device of a hostile name. `api` calls with a key that may do everything."""

    def __init__(self, server: InProcessServer) -> None:
        self.server = server
        self.org = server.new_org()
        self.api = server.client(self.org)
        self.device: str = self.call("POST", "/api/v2/devices", {"name": HOSTILE})["device"]["id"]

    def call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.api.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def report(self, *values: float) -> None:
        """Temperatures of the last minutes, the last one now."""
        for left, value in zip(range(len(values) - 1, -1, -1), values, strict=True):
            body = {"data": {"temperature": value}, "time": format_time(NOW_US - left * 60_000_000)}
            self.call("POST", f"/api/v2/devices/{self.device}/telemetry", body)

    def owner(self) -> Browser:
        """The browser of the owner."""
        return browser_of(self.server, self.org)

    def viewer(self) -> Browser:
        """The browser of somebody who may only look."""
        registry = Registry(self.server.data_dir, self.org.organization_id, self.server.run)
        (person,) = registry.members("looks", "viewer")
        return browser_of(self.server, self.org, person.email, PASSWORD)
