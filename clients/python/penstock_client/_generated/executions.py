"""`client.executions`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from .._pages import AsyncPages, Pages
from .._request import Request, new_key, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Executions(Resource):
    """The commands that devices support, and their executions."""

    def cancel(
        self, execution_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Execution:
        """Cancel a waiting execution.

        An execution that was already dispatched cannot be cancelled; the call returns 409. Repeating the call has no
        effect.

        Requires the scope `commands:write`.

        `execution_id`: The id of an execution (`cmd_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/command-executions/{quoted(execution_id)}/cancel",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Execution = self._call(request)
        return answer

    def get(self, execution_id: str, *, request_timeout: float | None = None) -> schemas.ExecutionWithHistory:
        """Get an execution with its history.

        Requires the scope `commands:read`.

        `execution_id`: The id of an execution (`cmd_…`).
        """
        request = Request("GET", f"/api/v2/command-executions/{quoted(execution_id)}", timeout_s=request_timeout)
        answer: schemas.ExecutionWithHistory = self._call(request)
        return answer

    def list(
        self,
        *,
        device_id: str | None = None,
        definition_id: str | None = None,
        state: Literal["cancelled", "done", "expired", "failed", "queued", "received", "sent"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Execution]:
        """List executions.

        Newest first. Filters are combined with AND; `from` and `to` bound the time of the request.

        Filters for executions.

        Requires the scope `commands:read`.

        `device_id`: Only executions on this device (`dev_…`). `definition_id`: Only executions of this command
        (`def_…`). `state`: Only those in this state. `from_`: Only executions requested at or after this time: RFC
        3339, or epoch seconds or milliseconds. `to`: Only executions requested before this time: RFC 3339, or epoch
        seconds or milliseconds. `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            "/api/v2/command-executions",
            query={
                "device_id": device_id,
                "definition_id": definition_id,
                "state": state,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)


class AsyncExecutions(AsyncResource):
    """As `Executions`, for an event loop."""

    async def cancel(
        self, execution_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Execution:
        """Cancel a waiting execution.

        As `Executions.cancel`.
        """
        request = Request(
            "POST",
            f"/api/v2/command-executions/{quoted(execution_id)}/cancel",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Execution = await self._call(request)
        return answer

    async def get(self, execution_id: str, *, request_timeout: float | None = None) -> schemas.ExecutionWithHistory:
        """Get an execution with its history.

        As `Executions.get`.
        """
        request = Request("GET", f"/api/v2/command-executions/{quoted(execution_id)}", timeout_s=request_timeout)
        answer: schemas.ExecutionWithHistory = await self._call(request)
        return answer

    def list(
        self,
        *,
        device_id: str | None = None,
        definition_id: str | None = None,
        state: Literal["cancelled", "done", "expired", "failed", "queued", "received", "sent"] | None = None,
        from_: str | datetime | int | None = None,
        to: str | datetime | int | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Execution]:
        """List executions.

        As `Executions.list`.
        """
        request = Request(
            "GET",
            "/api/v2/command-executions",
            query={
                "device_id": device_id,
                "definition_id": definition_id,
                "state": state,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)
