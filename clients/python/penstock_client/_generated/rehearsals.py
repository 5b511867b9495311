"""`client.rehearsals`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING

from .._request import Request, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Rehearsals(Resource):
    """Automations: rules, their versions, runs and rehearsals, and hooks that trigger them."""

    def cancel(self, rehearsal_id: str, *, request_timeout: float | None = None) -> None:
        """Cancel a rehearsal.

        The results to date remain available.

        Requires the scope `rules:write`.

        `rehearsal_id`: The id of a rehearsal (`reh_…`).
        """
        request = Request("DELETE", f"/api/v2/rehearsals/{quoted(rehearsal_id)}", timeout_s=request_timeout)
        self._call(request)

    def get(self, rehearsal_id: str, *, request_timeout: float | None = None) -> schemas.Rehearsal:
        """Get a rehearsal.

        Requires the scope `rules:read`.

        `rehearsal_id`: The id of a rehearsal (`reh_…`).
        """
        request = Request("GET", f"/api/v2/rehearsals/{quoted(rehearsal_id)}", timeout_s=request_timeout)
        answer: schemas.Rehearsal = self._call(request)
        return answer


class AsyncRehearsals(AsyncResource):
    """As `Rehearsals`, for an event loop."""

    async def cancel(self, rehearsal_id: str, *, request_timeout: float | None = None) -> None:
        """Cancel a rehearsal.

        As `Rehearsals.cancel`.
        """
        request = Request("DELETE", f"/api/v2/rehearsals/{quoted(rehearsal_id)}", timeout_s=request_timeout)
        await self._call(request)

    async def get(self, rehearsal_id: str, *, request_timeout: float | None = None) -> schemas.Rehearsal:
        """Get a rehearsal.

        As `Rehearsals.get`.
        """
        request = Request("GET", f"/api/v2/rehearsals/{quoted(rehearsal_id)}", timeout_s=request_timeout)
        answer: schemas.Rehearsal = await self._call(request)
        return answer
