"""The base of the resources: what the generated methods call."""

from __future__ import annotations

from typing import Any

from ._downloads import AsyncDownload, Download
from ._pages import AsyncPages, Pages
from ._request import Request
from ._transport import AsyncTransport, Transport


class Resource:
    """Methods of one noun."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def _call(self, request: Request) -> Any:
        return self._transport.call(request)

    def _list(self, request: Request) -> Pages[Any]:
        return Pages(self._transport, request)

    def _file(self, request: Request) -> Download:
        return Download(self._transport.send(request, stream=True))


class AsyncResource:
    """As `Resource`, for an event loop."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def _call(self, request: Request) -> Any:
        return await self._transport.call(request)

    def _list(self, request: Request) -> AsyncPages[Any]:
        return AsyncPages(self._transport, request)

    async def _file(self, request: Request) -> AsyncDownload:
        return AsyncDownload(await self._transport.send(request, stream=True))
