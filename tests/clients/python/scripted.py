"""A small HTTP server that answers each request with the next thing of a list, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, BinaryIO

import httpx

from penstock_client import AsyncClient, Client, Retries
from tests.support.server import shared_tls

LOST = b""
"""The connection is closed after the request, so that its answer is lost."""
SILENT = b"silent"
"""Nothing comes, and the connection stays open."""
QUICK = Retries(count=4, first_s=0.001, longest_s=0.002)


@dataclass(frozen=True)
class Asked:
    """A request as it came. Header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def said(status: int, body: Any = None, **headers: str) -> bytes:
    """An answer; with a body that is not bytes, of JSON."""
    content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {"content-length": str(len(content)), "content-type": "application/json", "x-request-id": "req1"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + content


class Scripted:
    """The server, on a free port. When the list is empty, requests are answered with 500."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self._answers: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._clients: list[httpx.Client] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def answers(self, *answers: bytes) -> None:
        self._answers += answers

    def client(self, *, retries: Retries = QUICK, timeout: float = 30.0) -> Client:
        http = httpx.Client(verify=shared_tls(), timeout=timeout)
        self._clients.append(http)
        return Client(self.url, "psk_secret", retries=retries, http_client=http)

    @contextlib.asynccontextmanager
    async def async_client(self, *, retries: Retries = QUICK) -> AsyncIterator[AsyncClient]:
        async with httpx.AsyncClient(verify=shared_tls(), timeout=30) as http:
            yield AsyncClient(self.url, "psk_secret", retries=retries, http_client=http)

    def __enter__(self) -> Scripted:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for client in self._clients:
            client.close()
        for one in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection.makefile("rb") as incoming:
            while asked := _read(incoming):
                self.asked.append(asked)
                answer = self._answers.pop(0) if self._answers else said(500)
                if answer == SILENT:
                    continue
                if answer == LOST:
                    connection.shutdown(socket.SHUT_RDWR)
                    return
                connection.sendall(answer)
                if b"connection: close" in answer:
                    connection.shutdown(socket.SHUT_RDWR)
                    return


def _read(incoming: BinaryIO) -> Asked | None:
    first = incoming.readline().decode().split(" ")
    if len(first) < 2:
        return None
    headers = {}
    while line := incoming.readline().strip():
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return Asked(first[0], first[1], headers, incoming.read(int(headers.get("content-length", "0"))))
