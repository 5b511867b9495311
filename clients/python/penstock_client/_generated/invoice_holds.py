"""`client.invoice_holds`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from typing import TYPE_CHECKING

from .._pages import AsyncPages, Pages
from .._request import Request, new_key, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class InvoiceHolds(Resource):
    """What customers and residents owe: previews, closing of periods, invoices, credit notes, payments."""

    def list(
        self,
        *,
        customer_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.Hold]:
        """List held accounts.

        They are those whose period could not be closed.

        Filters for held accounts.

        Requires the scope `billing:read`.

        `customer_id`: Only accounts of this customer (`cus_…`). `limit`: Maximum number of results. `cursor`: The
        `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            "/api/v2/invoice-holds",
            query={"customer_id": customer_id, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def release(self, hold_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None) -> schemas.Hold:
        """Close a held account's period.

        Suspect values no longer hold it; what they count is corrected in the next invoice once they are resolved. If
        another reason remains, the account is held again.

        Requires the scope `billing:write`.

        `hold_id`: The id of a held account (`ivh_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/invoice-holds/{quoted(hold_id)}/release",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Hold = self._call(request)
        return answer


class AsyncInvoiceHolds(AsyncResource):
    """As `InvoiceHolds`, for an event loop."""

    def list(
        self,
        *,
        customer_id: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.Hold]:
        """List held accounts.

        As `InvoiceHolds.list`.
        """
        request = Request(
            "GET",
            "/api/v2/invoice-holds",
            query={"customer_id": customer_id, "limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def release(
        self, hold_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Hold:
        """Close a held account's period.

        As `InvoiceHolds.release`.
        """
        request = Request(
            "POST",
            f"/api/v2/invoice-holds/{quoted(hold_id)}/release",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Hold = await self._call(request)
        return answer
