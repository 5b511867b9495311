"""`client.search`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from .._request import Request
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Search(Resource):
    """Things of all types by name, identifier or id, as far as the caller can read them."""

    def find(
        self,
        *,
        q: str,
        types: Sequence[
            Literal["alert", "connection", "customer", "dashboard", "device", "person", "profile", "rule", "token", "webhook"]
        ]
        | None = None,
        limit: int | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Hits:
        """Search devices, alerts, rules and other things by name.

        At most 10 of each type: names that begin with the text first, then those with a word that does, then others
        that contain it. Devices are found by identifier, label (`key:value`) and id too, and all things by the
        beginning of their id. Each type requires its read scope; types without it are omitted.

        The text to search for. `types` can be repeated; without it, all types are searched.

        Requires the scope `profile:read`.

        `q`: A text to search for. A to Z are the same as a to z, and `%` and `_` stand for themselves. `types`: Only
        things of these types, repeated for several; by default all. `limit`: Maximum number of results.
        """
        request = Request("GET", "/api/v2/search", query={"q": q, "types": types, "limit": limit}, timeout_s=request_timeout)
        answer: schemas.Hits = self._call(request)
        return answer


class AsyncSearch(AsyncResource):
    """As `Search`, for an event loop."""

    async def find(
        self,
        *,
        q: str,
        types: Sequence[
            Literal["alert", "connection", "customer", "dashboard", "device", "person", "profile", "rule", "token", "webhook"]
        ]
        | None = None,
        limit: int | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Hits:
        """Search devices, alerts, rules and other things by name.

        As `Search.find`.
        """
        request = Request("GET", "/api/v2/search", query={"q": q, "types": types, "limit": limit}, timeout_s=request_timeout)
        answer: schemas.Hits = await self._call(request)
        return answer
