"""`client.billing`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from .._downloads import AsyncDownload, Download
from .._pages import AsyncPages, Pages
from .._request import Request, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Billing(Resource):
    """The cost of the month to date, and the statements of completed months."""

    def get_statement(self, statement_id: str, *, request_timeout: float | None = None) -> schemas.Statement:
        """Get a statement.

        Requires the scope `billing:read`.

        `statement_id`: A statement's id (`sta_…`).
        """
        request = Request("GET", f"/api/v2/billing/statements/{quoted(statement_id)}", timeout_s=request_timeout)
        answer: schemas.Statement = self._call(request)
        return answer

    def get_statement_file(
        self, statement_id: str, *, format: Literal["csv", "pdf"] | None = None, request_timeout: float | None = None
    ) -> Download:
        """Get a statement as a file.

        The format of the file.

        Requires the scope `billing:read`.

        `statement_id`: A statement's id (`sta_…`). `format`: The format of the file.
        """
        request = Request(
            "GET", f"/api/v2/billing/statements/{quoted(statement_id)}/file", query={"format": format}, timeout_s=request_timeout
        )
        return self._file(request)

    def list_statements(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.Statement]:
        """List statements.

        One for each month (UTC) that ended on a plan with a price, newest first. They never change.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `billing:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request(
            "GET", "/api/v2/billing/statements", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout
        )
        return self._list(request)

    def summary(self, *, request_timeout: float | None = None) -> schemas.BillSummary:
        """Get the bill of the month to date.

        The month is the calendar month in UTC. A device is active if it reported at least once in that month.

        Requires the scope `billing:read`.
        """
        request = Request("GET", "/api/v2/billing/summary", timeout_s=request_timeout)
        answer: schemas.BillSummary = self._call(request)
        return answer


class AsyncBilling(AsyncResource):
    """As `Billing`, for an event loop."""

    async def get_statement(self, statement_id: str, *, request_timeout: float | None = None) -> schemas.Statement:
        """Get a statement.

        As `Billing.get_statement`.
        """
        request = Request("GET", f"/api/v2/billing/statements/{quoted(statement_id)}", timeout_s=request_timeout)
        answer: schemas.Statement = await self._call(request)
        return answer

    async def get_statement_file(
        self, statement_id: str, *, format: Literal["csv", "pdf"] | None = None, request_timeout: float | None = None
    ) -> AsyncDownload:
        """Get a statement as a file.

        As `Billing.get_statement_file`.
        """
        request = Request(
            "GET", f"/api/v2/billing/statements/{quoted(statement_id)}/file", query={"format": format}, timeout_s=request_timeout
        )
        return await self._file(request)

    def list_statements(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.Statement]:
        """List statements.

        As `Billing.list_statements`.
        """
        request = Request(
            "GET", "/api/v2/billing/statements", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout
        )
        return self._list(request)

    async def summary(self, *, request_timeout: float | None = None) -> schemas.BillSummary:
        """Get the bill of the month to date.

        As `Billing.summary`.
        """
        request = Request("GET", "/api/v2/billing/summary", timeout_s=request_timeout)
        answer: schemas.BillSummary = await self._call(request)
        return answer
