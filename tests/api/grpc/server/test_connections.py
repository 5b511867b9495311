"""What a connection of HTTP/2 is told and asked by the server, read from its frames (RFC 9113)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.in_process import InProcessServer, in_process_server

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS, PING, GO_AWAY = 4, 6, 7
ACK = 1
MAX_CONCURRENT_STREAMS = 3
CALLS = 77
LESS_THAN_A_MINUTE_S = 45
"""How long a test waits for the next frame. The library's own minute, for which a client may be silent, is longer."""


@pytest.fixture(scope="module")
def brisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcessServer]:
    """A server that soon asks whether a client is still there, and waits a second for the answer."""
    environment = {
        "PENSTOCK_GRPC_KEEP_ALIVE_S": "1",
        "PENSTOCK_GRPC_KEEP_ALIVE_TIMEOUT_S": "1",
        "PENSTOCK_GRPC_MAX_CALLS_PER_CONNECTION": str(CALLS),
    }
    folder: Path = tmp_path_factory.mktemp("brisk") / "data"
    with in_process_server(folder, environment=environment) as running:
        yield running


class Connection:
    """A connection that has begun, and sends nothing more by itself."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=LESS_THAN_A_MINUTE_S)
        self.socket.sendall(PREFACE + self.frame(SETTINGS) + self.frame(SETTINGS, ACK))
        self._file = self.socket.makefile("rb")

    @staticmethod
    def frame(kind: int, flags: int = 0, content: bytes = b"") -> bytes:
        """A frame of the whole connection."""
        return len(content).to_bytes(3, "big") + bytes([kind, flags]) + bytes(4) + content

    def frames(self) -> Iterator[tuple[int, int, bytes]]:
        """The type, the flags and the content of each frame, until the server ends the connection."""
        while len(head := self._file.read(9)) == 9:
            yield head[3], head[4], self._file.read(int.from_bytes(head[:3], "big"))

    def close(self) -> None:
        self._file.close()
        self.socket.close()


@pytest.fixture
def connection(brisk: InProcessServer) -> Iterator[Connection]:
    found = Connection(brisk.grpc_port())
    yield found
    found.close()


def test_a_connection_is_told_how_many_calls_it_can_have_at_once(connection: Connection) -> None:
    content = next(content for kind, flags, content in connection.frames() if kind == SETTINGS and not flags & ACK)
    settings = {int.from_bytes(content[at : at + 2], "big"): content[at + 2 : at + 6] for at in range(0, len(content), 6)}
    assert int.from_bytes(settings[MAX_CONCURRENT_STREAMS], "big") == CALLS


def test_a_client_that_answers_is_asked_again_and_one_that_does_not_is_cut(connection: Connection) -> None:
    asked, ends = 0, []
    for kind, flags, content in connection.frames():
        if kind == PING and not flags & ACK:
            asked += 1
            if asked <= 2:
                connection.socket.sendall(connection.frame(PING, ACK, content))
        elif kind == GO_AWAY:
            ends.append(content[8:])
    assert asked == 3
    assert ends == [b"ping_timeout"]
