"""`client.streams`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING

from .._request import Request, new_key
from ..streams import AsyncStreamMethods, StreamMethods

if TYPE_CHECKING:
    from . import schemas


class Streams(StreamMethods):
    """Readings as they arrive, over Server-Sent Events and WebSocket."""

    def create_ticket(self, *, idempotency_key: str | None = None, request_timeout: float | None = None) -> schemas.Ticket:
        """Create a ticket for one stream.

        For browsers, which cannot set headers on streams: send it as `?ticket=…`, within a minute. From then on the
        same browser can open the same stream with it again for a day, so that an `EventSource` resumes by itself.

        Requires the scope `telemetry:read`.
        """
        request = Request("POST", "/api/v2/streams/tickets", key=idempotency_key or new_key(), timeout_s=request_timeout)
        answer: schemas.Ticket = self._call(request)
        return answer


class AsyncStreams(AsyncStreamMethods):
    """As `Streams`, for an event loop."""

    async def create_ticket(self, *, idempotency_key: str | None = None, request_timeout: float | None = None) -> schemas.Ticket:
        """Create a ticket for one stream.

        As `Streams.create_ticket`.
        """
        request = Request("POST", "/api/v2/streams/tickets", key=idempotency_key or new_key(), timeout_s=request_timeout)
        answer: schemas.Ticket = await self._call(request)
        return answer
