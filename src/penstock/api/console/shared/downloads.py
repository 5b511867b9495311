"""Files that are written while they are sent, as responses of pages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import structlog

from penstock.api.console.shared.calling import ApiFailed
from penstock.api.shared.compression import compressing
from penstock.kit.errors import PenstockError
from penstock.kit.http import Receive, Scope, Send, until_gone
from penstock.kit.request_id import request_id_of

_log = structlog.get_logger()


class Download:
    """A file with a name of ASCII letters. `chunks` are its parts, each read when the one before was sent.

    If a part cannot be read, the connection is closed before the end of the response, so that no browser takes what it has for
    the whole file.
    """

    def __init__(self, name: str, media_type: str, chunks: AsyncIterator[bytes]) -> None:
        self.name = name
        self.media_type = media_type
        self.chunks = chunks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await compressing(self._write)(scope, receive, send)

    async def _write(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [
            (b"content-type", self.media_type.encode()),
            (b"content-disposition", f'attachment; filename="{self.name}"'.encode()),
            (b"cache-control", b"no-store"),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["method"] != "HEAD" and not await self._sent(scope, receive, send):
            return
        await send({"type": "http.response.body", "body": b""})

    async def _sent(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Send the parts. Returns whether these were all."""
        gone = asyncio.ensure_future(until_gone(receive))
        try:
            async for chunk in self.chunks:
                if gone.done():
                    return False
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except (PenstockError, ApiFailed) as error:
            reason = error.code if isinstance(error, PenstockError) else str(error)
            _log.warning("download_cut", request_id=request_id_of(scope), file=self.name, reason=reason)
            return False
        finally:
            gone.cancel()
        return True
