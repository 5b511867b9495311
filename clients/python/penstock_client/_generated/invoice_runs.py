"""`client.invoice_runs`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class InvoiceRuns(Resource):
    """What customers and residents owe: previews, closing of periods, invoices, credit notes, payments."""

    def cancel(
        self, invoice_run_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.InvoicesRun:
        """Stop a closing run.

        Invoices that it issued stay. A run that has ended is unchanged.

        Requires the scope `billing:write`.

        `invoice_run_id`: The id of a closing run (`ivr_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/invoice-runs/{quoted(invoice_run_id)}/cancel",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.InvoicesRun = self._call(request)
        return answer

    def get(self, invoice_run_id: str, *, request_timeout: float | None = None) -> schemas.InvoicesRun:
        """Get a closing run with its progress.

        Requires the scope `billing:read`.

        `invoice_run_id`: The id of a closing run (`ivr_…`).
        """
        request = Request("GET", f"/api/v2/invoice-runs/{quoted(invoice_run_id)}", timeout_s=request_timeout)
        answer: schemas.InvoicesRun = self._call(request)
        return answer

    def list(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.InvoicesRun]:
        """List closing runs, newest first.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `billing:read`.

        `limit`: Maximum number of results. `cursor`: The `next_cursor` of the previous page.
        """
        request = Request("GET", "/api/v2/invoice-runs", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    def start(
        self,
        *,
        period: str,
        customer_ids: Sequence[str] | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.InvoicesRun:
        """Close a period.

        Issues the invoices of all accounts that do not have one for the period. To repeat it changes nothing.

        Requires the scope `billing:write`.
        """
        request = Request(
            "POST",
            "/api/v2/invoice-runs",
            body=present({"period": period, "customer_ids": customer_ids}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.InvoicesRun = self._call(request)
        return answer


class AsyncInvoiceRuns(AsyncResource):
    """As `InvoiceRuns`, for an event loop."""

    async def cancel(
        self, invoice_run_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.InvoicesRun:
        """Stop a closing run.

        As `InvoiceRuns.cancel`.
        """
        request = Request(
            "POST",
            f"/api/v2/invoice-runs/{quoted(invoice_run_id)}/cancel",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.InvoicesRun = await self._call(request)
        return answer

    async def get(self, invoice_run_id: str, *, request_timeout: float | None = None) -> schemas.InvoicesRun:
        """Get a closing run with its progress.

        As `InvoiceRuns.get`.
        """
        request = Request("GET", f"/api/v2/invoice-runs/{quoted(invoice_run_id)}", timeout_s=request_timeout)
        answer: schemas.InvoicesRun = await self._call(request)
        return answer

    def list(
        self, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.InvoicesRun]:
        """List closing runs, newest first.

        As `InvoiceRuns.list`.
        """
        request = Request("GET", "/api/v2/invoice-runs", query={"limit": limit, "cursor": cursor}, timeout_s=request_timeout)
        return self._list(request)

    async def start(
        self,
        *,
        period: str,
        customer_ids: Sequence[str] | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.InvoicesRun:
        """Close a period.

        As `InvoiceRuns.start`.
        """
        request = Request(
            "POST",
            "/api/v2/invoice-runs",
            body=present({"period": period, "customer_ids": customer_ids}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.InvoicesRun = await self._call(request)
        return answer
