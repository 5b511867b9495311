"""`client.seed_requests`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import Request
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class SeedRequests(Resource):
    """Seeds of one-time passwords that people and pipelines share, and their codes."""

    def list(
        self,
        *,
        token: str | None = None,
        state: Literal["approved", "denied", "expired", "open", "used"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Request]:
        """List requests to read seeds.

        Newest first, of tokens whose seeds the caller may read; those that are open unless `state` says otherwise. They
        are kept for 90 days.

        Filters for requests: the name or id of a token, and their state.

        Requires the scope `tokens:seed`.

        `token`: Only requests for this token: its name, or its id (`tok_…`). `state`: By default `"open"`. `limit`:
        Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            "/api/v2/seed-requests",
            query={"token": token, "state": state, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)


class AsyncSeedRequests(AsyncResource):
    """As `SeedRequests`, for an event loop."""

    def list(
        self,
        *,
        token: str | None = None,
        state: Literal["approved", "denied", "expired", "open", "used"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Request]:
        """List requests to read seeds.

        As `SeedRequests.list`.
        """
        request = Request(
            "GET",
            "/api/v2/seed-requests",
            query={"token": token, "state": state, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)
