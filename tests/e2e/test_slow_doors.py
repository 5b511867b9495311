"""A client that never completes its first message is closed in time, however often it sends a byte, at every door."""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from penstock.adapters.storage.data_dir import DataDir
from penstock.bootstrap import open_server
from penstock.settings import load_settings
from tests.security.table import behind_doors
from tests.support.agents import pair
from tests.support.cases import check_all
from tests.support.server import RunningServer, running_server
from tests.support.waiting import CEILING_S, eventually

QUICK = {
    "PENSTOCK_HTTP_HEADER_TIMEOUT_S": "0.5",
    "PENSTOCK_MQTT_CONNECT_TIMEOUT_S": "0.5",
    "PENSTOCK_AGENTS_CONNECT_TIMEOUT_S": "0.5",
}
PAUSE_S = 0.05
"""Between two bytes: far less than each deadline, so that none since the last byte ever passes."""
CONNECT = b"\x10\xd0\x0f\x00\x04MQTT\x04\xc2\x00\x3c\x00\x17"
"""The start of a CONNECT of 2,000 bytes."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("server") / "data", environment=QUICK) as running:
        yield running


@pytest.fixture(scope="module")
def token(server: RunningServer) -> str:
    with server.client(server.orgs["Acme"]) as api:
        return pair(server, api).token


class Door:
    """A connection to one door, up to where a client has to say something."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=CEILING_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def upgrade(self, path: str, subprotocol: str, *headers: str) -> None:
        lines = [f"GET {path} HTTP/1.1", "Host: a", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
        lines += [f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}", f"Sec-WebSocket-Protocol: {subprotocol}", *headers]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.socket.recv(4096)
        assert answer.startswith(b"HTTP/1.1 101 "), answer

    def closes(self, first: bytes, drops: Callable[[], bytes]) -> bool:
        """Whether the server closes the connection while it gets one piece after another."""
        self.socket.settimeout(PAUSE_S)

        def closed_after_a_drop() -> bool:
            try:
                self.socket.sendall(drops())
                return not self.socket.recv(4096)
            except TimeoutError:
                return False
            except ConnectionError:
                return True

        with self.socket:
            self.socket.sendall(first)
            return eventually(closed_after_a_drop)


def masked(opcode: int, payload: bytes, *, final: bool = True) -> bytes:
    """A client's frame of fewer than 126 bytes, masked with zeros."""
    return bytes((final << 7 | opcode, 0x80 | len(payload))) + bytes(4) + payload


def http_head(server: RunningServer, _: str) -> bool:
    return Door(httpx.URL(server.base_url).port or 0).closes(b"GET / HTTP/1.1\r\nX-Slow: ", lambda: b"x")


def mqtt(server: RunningServer, _: str) -> bool:
    return Door(server.mqtt_port).closes(CONNECT, lambda: b"x")


def mqtt_frames(server: RunningServer, _: str) -> bool:
    door = Door(httpx.URL(server.base_url).port or 0)
    door.upgrade("/mqtt", "mqtt")
    return door.closes(masked(2, CONNECT), lambda: masked(2, b"x"))


def mqtt_one_frame(server: RunningServer, _: str) -> bool:
    door = Door(httpx.URL(server.base_url).port or 0)
    door.upgrade("/mqtt", "mqtt")
    return door.closes(b"\x82\xfe\x07\xd3" + bytes(4) + CONNECT, lambda: b"x")


def mqtt_pings(server: RunningServer, _: str) -> bool:
    door = Door(httpx.URL(server.base_url).port or 0)
    door.upgrade("/mqtt", "mqtt")
    return door.closes(b"", lambda: masked(9, b"?"))


def agent_fragments(server: RunningServer, token: str) -> bool:
    door = Door(httpx.URL(server.base_url).port or 0)
    door.upgrade("/ws", "penstock-agent.1", f"Authorization: Bearer {token}")
    return door.closes(masked(1, b'{"signal": {"agent": {"version": "', final=False), lambda: masked(0, b"x", final=False))


def agent_one_frame(server: RunningServer, token: str) -> bool:
    door = Door(httpx.URL(server.base_url).port or 0)
    door.upgrade("/ws", "penstock-agent.1", f"Authorization: Bearer {token}")
    return door.closes(b"\x81\xfe\xff\xff" + bytes(4), lambda: b"x")


def agent_pings(server: RunningServer, token: str) -> bool:
    door = Door(httpx.URL(server.base_url).port or 0)
    door.upgrade("/ws", "penstock-agent.1", f"Authorization: Bearer {token}")
    return door.closes(b"", lambda: masked(9, b"?"))


DOORS: dict[str, tuple[Callable[[RunningServer, str], bool], ...]] = {
    "http": (http_head,),
    "mqtt": (mqtt,),
    "/mqtt": (mqtt_frames, mqtt_one_frame, mqtt_pings),
    "/ws": (agent_fragments, agent_one_frame, agent_pings),
}
"""By door: the HTTP port, the MQTT port, and each WebSocket of devices. TLS is in tests/ingress/mqtt/server/test_tls.py."""


def test_a_byte_now_and_then_extends_no_deadline(server: RunningServer, token: str) -> None:
    cases = {case.__name__: case for tried in DOORS.values() for case in tried}

    def check(name: str) -> None:
        assert cases[name](server, token), "the connection stays open"

    check_all(cases, check)


def test_every_websocket_of_devices_is_tried() -> None:
    async def read() -> set[str]:
        with tempfile.TemporaryDirectory() as folder:
            async with open_server(DataDir(Path(folder) / "data"), load_settings(environment={})) as server:
                return set(behind_doors(server.app)._sockets)

    assert asyncio.run(read()) == {name for name in DOORS if name.startswith("/")}
