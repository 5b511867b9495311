"""An HTTP connection that can tell an answer cut in the middle from one that never began."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


class Gone(Exception):
    """The connection ended before the whole answer was there. `torn` says whether some of it was."""

    def __init__(self, partial: bytes = b"") -> None:
        super().__init__(f"the connection ended after {len(partial)} bytes of the answer")
        self.torn = bool(partial)


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a problem, or nothing."""
        return str(self.json()["code"]) if self.headers["content-type"].endswith("problem+json") else ""


def request(method: str, path: str, headers: dict[str, str], body: Any = None) -> bytes:
    """A request as it goes over the wire; a body is sent as JSON."""
    content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Host": "prove", "Content-Type": "application/json", "Content-Length": str(len(content))} | headers
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content


class Connection:
    """One keep-alive connection; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, base_url: str) -> Connection:
        """Connect.

        Raises:
            Gone: nobody listens.
        """
        address = urlsplit(base_url)
        try:
            return cls(*await asyncio.open_connection(address.hostname, address.port, limit=1 << 20))
        except OSError as error:
            raise Gone from error

    async def ask(self, text: bytes) -> Answer:
        """Send a request and read its answer.

        Raises:
            Gone: the server closed the connection, or died.
        """
        partial = b""
        try:
            self._writer.write(text)
            partial = head = await self._reader.readuntil(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").rstrip().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            body = await self._body(headers)
        except asyncio.IncompleteReadError as error:
            raise Gone(partial or error.partial) from error
        except OSError as error:
            raise Gone(partial) from error
        return Answer(int(first.split()[1]), headers, body)

    async def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return await self._reader.readexactly(int(headers.get("content-length", "0")))
        body = b""
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            body += (await self._reader.readexactly(size + 2))[:-2]
        await self._reader.readexactly(2)
        return body

    def close(self) -> None:
        self._writer.transport.abort()
