"""`client.dashboard_shares`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class DashboardShares(Resource):
    """Dashboards of widgets, their folders, data and images, and links that show them without a credential."""

    def create(
        self,
        dashboard_id: str,
        *,
        expires_at: str | datetime | Unset | None = UNSET,
        expires_in_s: int | Unset | None = UNSET,
        name: str | Unset = UNSET,
        variables: Mapping[str, str] | Unset = UNSET,
        allow_embed: Sequence[str] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedShare:
        """Share a dashboard by a link.

        Who has the link can read the dashboard without signing in, until it expires or is revoked. It shows what its
        creator can reach, and stops when they lose access. The token is returned once.

        Requires the scope `dashboards:write`.

        `dashboard_id`: A dashboard's id (`dsb_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/dashboards/{quoted(dashboard_id)}/shares",
            body=present(
                {
                    "expires_at": expires_at,
                    "expires_in_s": expires_in_s,
                    "name": name,
                    "variables": variables,
                    "allow_embed": allow_embed,
                }
            )
            or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedShare = self._call(request)
        return answer

    def list(
        self, dashboard_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Share]:
        """List the share links of a dashboard.

        Newest first, also those that have expired; without their tokens.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `dashboards:read`.

        `dashboard_id`: A dashboard's id (`dsb_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of
        the previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/dashboards/{quoted(dashboard_id)}/shares",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def revoke(self, share_id: str, *, request_timeout: float | None = None) -> None:
        """Revoke a share link.

        It no longer works from the next call on.

        Requires the scope `dashboards:write`.

        `share_id`: The id of a share link (`dsl_…`).
        """
        request = Request("DELETE", f"/api/v2/dashboard-shares/{quoted(share_id)}", timeout_s=request_timeout)
        self._call(request)


class AsyncDashboardShares(AsyncResource):
    """As `DashboardShares`, for an event loop."""

    async def create(
        self,
        dashboard_id: str,
        *,
        expires_at: str | datetime | Unset | None = UNSET,
        expires_in_s: int | Unset | None = UNSET,
        name: str | Unset = UNSET,
        variables: Mapping[str, str] | Unset = UNSET,
        allow_embed: Sequence[str] | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.CreatedShare:
        """Share a dashboard by a link.

        As `DashboardShares.create`.
        """
        request = Request(
            "POST",
            f"/api/v2/dashboards/{quoted(dashboard_id)}/shares",
            body=present(
                {
                    "expires_at": expires_at,
                    "expires_in_s": expires_in_s,
                    "name": name,
                    "variables": variables,
                    "allow_embed": allow_embed,
                }
            )
            or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.CreatedShare = await self._call(request)
        return answer

    def list(
        self, dashboard_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Share]:
        """List the share links of a dashboard.

        As `DashboardShares.list`.
        """
        request = Request(
            "GET",
            f"/api/v2/dashboards/{quoted(dashboard_id)}/shares",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def revoke(self, share_id: str, *, request_timeout: float | None = None) -> None:
        """Revoke a share link.

        As `DashboardShares.revoke`.
        """
        request = Request("DELETE", f"/api/v2/dashboard-shares/{quoted(share_id)}", timeout_s=request_timeout)
        await self._call(request)
