"""Responses to HTTP/1.0 clients, which do not support chunks: a body of unknown length ends with the connection.

Source: RFC 9112 sections 6.1 ("A server MUST NOT send a response containing Transfer-Encoding unless the corresponding
request indicates HTTP/1.1") and 6.3. uvicorn sends chunks to every client.
"""

from __future__ import annotations

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle


class Http10Cycle(RequestResponseCycle):
    """A response that announces each piece to uvicorn as the whole body, so that no chunk is written.

    The protocol never keeps an HTTP/1.0 connection open, so the close that ends such a body always follows.
    """

    _announced = True

    async def send(self, message: ASGISendEvent) -> None:
        if message["type"] == "http.response.start":
            names = {name.lower() for name, _ in message.get("headers", [])}
            if b"content-length" not in names:
                self._announced = False
                self.chunked_encoding = False
        elif message["type"] == "http.response.body" and not self._announced:
            self.expected_content_length = len(message.get("body", b""))
        await super().send(message)
