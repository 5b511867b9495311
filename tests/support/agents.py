"""Devices paired with agents, and an agent that a test writes frame by frame."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from penstock_agent import wire
from tests.support.server import RunningServer
from tests.support.waiting import CEILING_S

PATIENCE_S = CEILING_S
SPOOL = "5f1ee2c0a7714be3"


@dataclass(frozen=True)
class PairedDevice:
    """A device with the token of its agent, and a client of its organisation."""

    id: str
    token: str
    api: httpx.Client

    @property
    def path(self) -> str:
        return f"/api/v2/devices/{self.id}"

    def readings(self, *, connections: bool = False) -> list[dict[str, Any]]:
        """All readings that the agent sent, in the order of arrival; with `connections` the server's records of those too."""
        rows: list[dict[str, Any]] = []
        params = {"from": "1970-01-01T00:00:00Z", "to": "2099-12-31T23:59:59Z", "limit": "1000"}
        while True:
            page = self.api.get(f"{self.path}/telemetry", params=params).raise_for_status().json()
            rows += [row for row in page["data"] if connections or "connectionstatus" not in row["data"]]
            if not page.get("next_cursor"):
                return sorted(rows, key=lambda row: row["seq"])
            params = params | {"cursor": page["next_cursor"]}

    def connections(self) -> list[str]:
        """What the server recorded of its connections, oldest first."""
        rows = sorted(self.readings(connections=True), key=lambda row: row["time"])
        return [row["data"]["connectionstatus"] for row in rows if "connectionstatus" in row["data"]]

    def values(self, kind: str = "telemetry") -> list[dict[str, Any]]:
        return [row["data"] for row in self.readings() if row["kind"] == kind]

    def quarantined(self) -> list[dict[str, Any]]:
        return self.api.get(f"{self.path}/telemetry/quarantined").raise_for_status().json()["data"]

    def define(self, name: str, **about: Any) -> str:
        """Define a command that takes a number of seconds; its id."""
        wanted = {"name": name, "parameters": [{"name": "seconds", "type": "integer"}]} | about
        return str(self.api.post(f"{self.path}/commands", json=wanted).raise_for_status().json()["id"])

    def execute(self, definition_id: str, **parameters: Any) -> str:
        wanted = {"parameters": parameters}
        return str(self.api.post(f"{self.path}/commands/{definition_id}/execute", json=wanted).raise_for_status().json()["id"])

    def execution(self, execution_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.api.get(f"/api/v2/command-executions/{execution_id}").raise_for_status().json()
        return found


def until(found: Callable[[], Any], what: str = "it", within_s: float = PATIENCE_S) -> Any:
    """Ask again until the answer is true."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"{what} never came")


def new_device(api: httpx.Client, name: str = "Pump") -> str:
    return str(api.post("/api/v2/devices", json={"name": name}).raise_for_status().json()["device"]["id"])


def new_pair_code(api: httpx.Client, device_id: str) -> str:
    return str(api.post(f"/api/v2/devices/{device_id}/pair-code").raise_for_status().json()["pair_code"])


def pair(server: RunningServer, api: httpx.Client, device_id: str | None = None) -> PairedDevice:
    """A device and its agent's token, by the calls that an agent makes."""
    device_id = device_id or new_device(api)
    with server.client() as anybody:
        body = {"pair_code": new_pair_code(api, device_id), "macaddress": "02:5a:9e:11:20:7c", "agent_version": "1.0.0"}
        made = anybody.post("/api/v2/agents/provision", json=body).raise_for_status().json()
    return PairedDevice(device_id, made["token"], api)


class RawAgent:
    """A connection to `/ws`."""

    def __init__(self, server: RunningServer, *, token: str, subprotocol: str = wire.SUBPROTOCOL) -> None:
        opening = connect(
            server.base_url.replace("http", "ws", 1) + wire.PATH,
            subprotocols=[subprotocol],  # type: ignore[list-item]
            additional_headers={"Authorization": f"Bearer {token}"},
            proxy=None,
            close_timeout=1,
        )
        self._open = ExitStack()
        self.socket: ClientConnection = self._open.enter_context(opening)

    def greet(self, spool: str = SPOOL, *, commands: bool = True) -> dict[str, Any]:
        """Say hello; the welcome."""
        self.socket.send(wire.hello(wire.Hello("1.0.0", spool, "02:5a:9e:11:20:7c", commands)))
        return self.receive()["signal"]["welcome"]

    def send(self, value: Any) -> None:
        self.socket.send(value if isinstance(value, str | bytes) else json.dumps(value))

    def send_readings(self, first: int, *values: Any) -> None:
        """Send readings numbered from `first`."""
        self.send({"data": [{"seq": first + n, "payload": {"v": value}} for n, value in enumerate(values)]})

    def receive(self, timeout_s: float = PATIENCE_S) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.socket.recv(timeout=timeout_s))
        return found

    def acknowledged(self) -> dict[str, Any]:
        """The next frame, which is an acknowledgement."""
        return self.receive()["signal"]["ack"]

    def closed(self, timeout_s: float = PATIENCE_S) -> int:
        """The code with which the server closes, after whatever it still says."""
        try:
            while True:
                self.socket.recv(timeout=timeout_s)
        except ConnectionClosed as ended:
            return ended.rcvd.code if ended.rcvd else 1006

    def close(self) -> None:
        self._open.close()
