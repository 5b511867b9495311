"""`client.redecodes`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Redecodes(Resource):
    """The settings shared by devices of one model: expected interval, sensors, and codec."""

    def cancel(
        self, redecode_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Redecode:
        """Cancel a re-decode.

        What it has decoded stays so. One that has ended is returned unchanged.

        Requires the scope `devices:write`.

        `redecode_id`: The id of a re-decode (`rdc_…`).
        """
        request = Request(
            "POST", f"/api/v2/redecodes/{quoted(redecode_id)}/cancel", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Redecode = self._call(request)
        return answer

    def get(self, redecode_id: str, *, request_timeout: float | None = None) -> schemas.Redecode:
        """Get a re-decode with its progress.

        Requires the scope `devices:read`.

        `redecode_id`: The id of a re-decode (`rdc_…`).
        """
        request = Request("GET", f"/api/v2/redecodes/{quoted(redecode_id)}", timeout_s=request_timeout)
        answer: schemas.Redecode = self._call(request)
        return answer

    def list(
        self,
        *,
        state: Literal["cancelled", "done", "failed", "queued", "running"] | None = None,
        device_id: str | None = None,
        profile_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Redecode]:
        """List re-decodes.

        Newest first.

        Which re-decodes to list.

        Requires the scope `devices:read`.

        `state`: Only those in this state. `device_id`: Only re-decodes of this device (`dev_…`). `profile_id`: Only
        re-decodes of this profile (`prf_…`). `limit`: Maximum number of results. `cursor`: The `next_cursor` of the
        previous page.
        """
        request = Request(
            "GET",
            "/api/v2/redecodes",
            query={"state": state, "device_id": device_id, "profile_id": profile_id, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def start(
        self,
        *,
        device_id: str | Unset | None = UNSET,
        profile_id: str | Unset | None = UNSET,
        project_id: str | Unset | None = UNSET,
        from_: str | Unset | None = UNSET,
        to: str | Unset | None = UNSET,
        only_failed: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Redecode:
        """Start a re-decode.

        Stored uplinks are decoded again from their bytes, in the background, by the codec of their device's profile;
        those without values come first. Their readings get the new values; times and ids stay. No alert, rule or
        webhook sees them again. An organisation's re-decodes run one after another, and those of the same uplinks must
        not overlap.

        Requires the scope `devices:write`.
        """
        request = Request(
            "POST",
            "/api/v2/redecodes",
            body=present(
                {
                    "device_id": device_id,
                    "profile_id": profile_id,
                    "project_id": project_id,
                    "from": from_,
                    "to": to,
                    "only_failed": only_failed,
                }
            )
            or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Redecode = self._call(request)
        return answer


class AsyncRedecodes(AsyncResource):
    """As `Redecodes`, for an event loop."""

    async def cancel(
        self, redecode_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Redecode:
        """Cancel a re-decode.

        As `Redecodes.cancel`.
        """
        request = Request(
            "POST", f"/api/v2/redecodes/{quoted(redecode_id)}/cancel", key=idempotency_key or new_key(), timeout_s=request_timeout
        )
        answer: schemas.Redecode = await self._call(request)
        return answer

    async def get(self, redecode_id: str, *, request_timeout: float | None = None) -> schemas.Redecode:
        """Get a re-decode with its progress.

        As `Redecodes.get`.
        """
        request = Request("GET", f"/api/v2/redecodes/{quoted(redecode_id)}", timeout_s=request_timeout)
        answer: schemas.Redecode = await self._call(request)
        return answer

    def list(
        self,
        *,
        state: Literal["cancelled", "done", "failed", "queued", "running"] | None = None,
        device_id: str | None = None,
        profile_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Redecode]:
        """List re-decodes.

        As `Redecodes.list`.
        """
        request = Request(
            "GET",
            "/api/v2/redecodes",
            query={"state": state, "device_id": device_id, "profile_id": profile_id, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def start(
        self,
        *,
        device_id: str | Unset | None = UNSET,
        profile_id: str | Unset | None = UNSET,
        project_id: str | Unset | None = UNSET,
        from_: str | Unset | None = UNSET,
        to: str | Unset | None = UNSET,
        only_failed: bool | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Redecode:
        """Start a re-decode.

        As `Redecodes.start`.
        """
        request = Request(
            "POST",
            "/api/v2/redecodes",
            body=present(
                {
                    "device_id": device_id,
                    "profile_id": profile_id,
                    "project_id": project_id,
                    "from": from_,
                    "to": to,
                    "only_failed": only_failed,
                }
            )
            or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Redecode = await self._call(request)
        return answer
