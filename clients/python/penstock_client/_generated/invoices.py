"""`client.invoices`."""
# Written by `make clients` from the OpenAPI document. Changes are lost.

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from .._downloads import AsyncDownload, Download
from .._pages import AsyncPages, Pages
from .._request import UNSET, Request, Unset, new_key, present, quoted
from .._resource import AsyncResource, Resource

if TYPE_CHECKING:
    from . import schemas


class Invoices(Resource):
    """What customers and residents owe: previews, closing of periods, invoices, credit notes, payments."""

    def cancel(
        self, invoice_id: str, *, reason: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Invoice:
        """Cancel an invoice.

        Returns its credit note, which has the same lines negated. The period can then be closed again. An invoice that
        a later one corrects can be cancelled only after that one.

        Requires the scope `billing:write`.

        `invoice_id`: The id of an invoice or credit note (`ivc_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/invoices/{quoted(invoice_id)}/cancel",
            body=present({"reason": reason}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invoice = self._call(request)
        return answer

    def get(self, invoice_id: str, *, request_timeout: float | None = None) -> schemas.Invoice:
        """Get an invoice or credit note.

        Requires the scope `billing:read`.

        `invoice_id`: The id of an invoice or credit note (`ivc_…`).
        """
        request = Request("GET", f"/api/v2/invoices/{quoted(invoice_id)}", timeout_s=request_timeout)
        answer: schemas.Invoice = self._call(request)
        return answer

    def get_customer_billing_party(self, customer_id: str, *, request_timeout: float | None = None) -> schemas.Party:
        """Get a customer as the buyer on invoices.

        Requires the scope `billing:read`.

        `customer_id`: A customer's id (`cus_…`).
        """
        request = Request("GET", f"/api/v2/customers/{quoted(customer_id)}/billing-party", timeout_s=request_timeout)
        answer: schemas.Party = self._call(request)
        return answer

    def get_customer_settings(self, customer_id: str, *, request_timeout: float | None = None) -> schemas.Invoicing:
        """Get how a customer is invoiced.

        Requires the scope `billing:read`.

        `customer_id`: A customer's id (`cus_…`).
        """
        request = Request("GET", f"/api/v2/customers/{quoted(customer_id)}/invoicing", timeout_s=request_timeout)
        answer: schemas.Invoicing = self._call(request)
        return answer

    def get_file(
        self,
        invoice_id: str,
        *,
        format: Literal["cii", "csv", "facturx", "pdf", "xml"] | None = None,
        request_timeout: float | None = None,
    ) -> Download:
        """Get an invoice as a file.

        The PDF is in the language and with the formats of the invoice's locale. The XML formats are for other programs,
        according to EN 16931; they need the seller's name, country and VAT ID or registration.

        The format of the file.

        `xml` is UBL 2.1 and `cii` is UN/CEFACT CII, both according to EN 16931; `facturx` is the PDF with CII attached
        (PDF/A-3).

        Requires the scope `billing:read`.

        `invoice_id`: The id of an invoice or credit note (`ivc_…`). `format`: The format of the file.
        """
        request = Request(
            "GET", f"/api/v2/invoices/{quoted(invoice_id)}/file", query={"format": format}, timeout_s=request_timeout
        )
        return self._file(request)

    def get_organization_billing_party(self, *, request_timeout: float | None = None) -> schemas.Party:
        """Get the seller on the organisation's invoices.

        Requires the scope `billing:read`.
        """
        request = Request("GET", "/api/v2/organization/billing-party", timeout_s=request_timeout)
        answer: schemas.Party = self._call(request)
        return answer

    def get_resident_billing_party(
        self, customer_id: str, resident_id: str, *, request_timeout: float | None = None
    ) -> schemas.Party:
        """Get a resident as the buyer on invoices.

        Requires the scope `billing:read`.

        `customer_id`: A customer's id (`cus_…`). `resident_id`: A resident's id (`res_…`).
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/residents/{quoted(resident_id)}/billing-party",
            timeout_s=request_timeout,
        )
        answer: schemas.Party = self._call(request)
        return answer

    def list(
        self,
        *,
        customer_id: str | None = None,
        resident_id: str | None = None,
        period: str | None = None,
        state: Literal["cancelled", "open", "paid"] | None = None,
        number: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> Pages[schemas.InvoiceSummary]:
        """List invoices and credit notes.

        Newest first. Of a customer, those of its residents as well.

        Filters for invoices.

        Requires the scope `billing:read`.

        `customer_id`: Only invoices of this customer (`cus_…`) and its residents. `resident_id`: Only invoices of this
        resident (`res_…`). `period`: A month, quarter or year: `2026-05`, `2026-Q2` or `2026`. `state`: Only those in
        this state. `number`: The number of an invoice or credit note. `limit`: Maximum number of results. `cursor`: The
        `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            "/api/v2/invoices",
            query={
                "customer_id": customer_id,
                "resident_id": resident_id,
                "period": period,
                "state": state,
                "number": number,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_mails(
        self, invoice_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> Pages[schemas.InvoiceMail]:
        """List the mails of an invoice.

        Newest first, with the state of each.

        A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.

        Requires the scope `billing:read`.

        `invoice_id`: The id of an invoice or credit note (`ivc_…`). `limit`: Maximum number of results. `cursor`: The
        `next_cursor` of the previous page.
        """
        request = Request(
            "GET",
            f"/api/v2/invoices/{quoted(invoice_id)}/mails",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    def mark_paid(
        self,
        invoice_id: str,
        *,
        at: str | Unset | None = UNSET,
        note: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Invoice:
        """Record that an invoice was paid.

        Requires the scope `billing:write`.

        `invoice_id`: The id of an invoice or credit note (`ivc_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/invoices/{quoted(invoice_id)}/mark-paid",
            body=present({"at": at, "note": note}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invoice = self._call(request)
        return answer

    def mark_unpaid(
        self, invoice_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Invoice:
        """Take back that an invoice was paid.

        Requires the scope `billing:write`.

        `invoice_id`: The id of an invoice or credit note (`ivc_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/invoices/{quoted(invoice_id)}/mark-unpaid",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invoice = self._call(request)
        return answer

    def preview(
        self, customer_id: str, *, period: str, resident_id: str | None = None, request_timeout: float | None = None
    ) -> schemas.InvoicesPreview:
        """Preview an invoice.

        It is what would be issued for the period now, and is not stored.

        The period, and the resident whose invoice it is; without one, it is the whole customer's.

        Requires the scope `billing:read`.

        `customer_id`: A customer's id (`cus_…`). `period`: A month, quarter or year: `2026-05`, `2026-Q2` or `2026`.
        `resident_id`: The resident whose invoice it is (`res_…`); by default it is the whole customer's.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/invoices/preview",
            query={"period": period, "resident_id": resident_id},
            timeout_s=request_timeout,
        )
        answer: schemas.InvoicesPreview = self._call(request)
        return answer

    def send(
        self,
        invoice_id: str,
        *,
        to: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.InvoiceMail:
        """Send an invoice by mail.

        To its buyer, or to the given address, with the PDF attached. Invoices are sent by themselves if the customer's
        settings have `send_by_mail`.

        Requires the scope `billing:write`.

        `invoice_id`: The id of an invoice or credit note (`ivc_…`).
        """
        request = Request(
            "POST",
            f"/api/v2/invoices/{quoted(invoice_id)}/send",
            body=present({"to": to}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.InvoiceMail = self._call(request)
        return answer

    def set_customer_billing_party(
        self,
        customer_id: str,
        *,
        name: str | Unset = UNSET,
        address: Sequence[str] | Unset = UNSET,
        postal_code: str | Unset = UNSET,
        city: str | Unset = UNSET,
        country: str | Unset = UNSET,
        vat_id: str | Unset = UNSET,
        registration: str | Unset = UNSET,
        number: str | Unset = UNSET,
        email: str | Unset = UNSET,
        phone: str | Unset = UNSET,
        iban: str | Unset = UNSET,
        bic: str | Unset = UNSET,
        footer: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Party:
        """Set a customer as the buyer on invoices.

        Requires the scope `billing:write`.

        `customer_id`: A customer's id (`cus_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            f"/api/v2/customers/{quoted(customer_id)}/billing-party",
            body=present(
                {
                    "name": name,
                    "address": address,
                    "postal_code": postal_code,
                    "city": city,
                    "country": country,
                    "vat_id": vat_id,
                    "registration": registration,
                    "number": number,
                    "email": email,
                    "phone": phone,
                    "iban": iban,
                    "bic": bic,
                    "footer": footer,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Party = self._call(request)
        return answer

    def set_customer_settings(
        self,
        customer_id: str,
        *,
        target: Literal["customer", "none", "residents"],
        period: Literal["month", "quarter", "year"] | Unset = UNSET,
        due_days: int | Unset = UNSET,
        number_prefix: str | Unset = UNSET,
        locale: str | Unset = UNSET,
        auto_close: bool | Unset = UNSET,
        close_after_days: int | Unset = UNSET,
        hold_if_suspect: bool | Unset = UNSET,
        send_by_mail: bool | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Invoicing:
        """Set how a customer is invoiced.

        The first period that is closed automatically is the earliest whose closing is still ahead.

        Requires the scope `billing:write`.

        `customer_id`: A customer's id (`cus_…`). `if_match`: the version to change (`etag_of`); another one raises
        `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            f"/api/v2/customers/{quoted(customer_id)}/invoicing",
            body=present(
                {
                    "target": target,
                    "period": period,
                    "due_days": due_days,
                    "number_prefix": number_prefix,
                    "locale": locale,
                    "auto_close": auto_close,
                    "close_after_days": close_after_days,
                    "hold_if_suspect": hold_if_suspect,
                    "send_by_mail": send_by_mail,
                }
            ),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Invoicing = self._call(request)
        return answer

    def set_organization_billing_party(
        self,
        *,
        name: str | Unset = UNSET,
        address: Sequence[str] | Unset = UNSET,
        postal_code: str | Unset = UNSET,
        city: str | Unset = UNSET,
        country: str | Unset = UNSET,
        vat_id: str | Unset = UNSET,
        registration: str | Unset = UNSET,
        number: str | Unset = UNSET,
        email: str | Unset = UNSET,
        phone: str | Unset = UNSET,
        iban: str | Unset = UNSET,
        bic: str | Unset = UNSET,
        footer: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Party:
        """Set the seller on the organisation's invoices.

        Requires the scope `billing:write`.

        `if_match`: the version to change (`etag_of`); another one raises `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            "/api/v2/organization/billing-party",
            body=present(
                {
                    "name": name,
                    "address": address,
                    "postal_code": postal_code,
                    "city": city,
                    "country": country,
                    "vat_id": vat_id,
                    "registration": registration,
                    "number": number,
                    "email": email,
                    "phone": phone,
                    "iban": iban,
                    "bic": bic,
                    "footer": footer,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Party = self._call(request)
        return answer

    def set_resident_billing_party(
        self,
        customer_id: str,
        resident_id: str,
        *,
        name: str | Unset = UNSET,
        address: Sequence[str] | Unset = UNSET,
        postal_code: str | Unset = UNSET,
        city: str | Unset = UNSET,
        country: str | Unset = UNSET,
        vat_id: str | Unset = UNSET,
        registration: str | Unset = UNSET,
        number: str | Unset = UNSET,
        email: str | Unset = UNSET,
        phone: str | Unset = UNSET,
        iban: str | Unset = UNSET,
        bic: str | Unset = UNSET,
        footer: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Party:
        """Set a resident as the buyer on invoices.

        Requires the scope `billing:write`.

        `customer_id`: A customer's id (`cus_…`). `resident_id`: A resident's id (`res_…`). `if_match`: the version to
        change (`etag_of`); another one raises `PreconditionFailed`.
        """
        request = Request(
            "PUT",
            f"/api/v2/customers/{quoted(customer_id)}/residents/{quoted(resident_id)}/billing-party",
            body=present(
                {
                    "name": name,
                    "address": address,
                    "postal_code": postal_code,
                    "city": city,
                    "country": country,
                    "vat_id": vat_id,
                    "registration": registration,
                    "number": number,
                    "email": email,
                    "phone": phone,
                    "iban": iban,
                    "bic": bic,
                    "footer": footer,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Party = self._call(request)
        return answer


class AsyncInvoices(AsyncResource):
    """As `Invoices`, for an event loop."""

    async def cancel(
        self, invoice_id: str, *, reason: str, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Invoice:
        """Cancel an invoice.

        As `Invoices.cancel`.
        """
        request = Request(
            "POST",
            f"/api/v2/invoices/{quoted(invoice_id)}/cancel",
            body=present({"reason": reason}),
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invoice = await self._call(request)
        return answer

    async def get(self, invoice_id: str, *, request_timeout: float | None = None) -> schemas.Invoice:
        """Get an invoice or credit note.

        As `Invoices.get`.
        """
        request = Request("GET", f"/api/v2/invoices/{quoted(invoice_id)}", timeout_s=request_timeout)
        answer: schemas.Invoice = await self._call(request)
        return answer

    async def get_customer_billing_party(self, customer_id: str, *, request_timeout: float | None = None) -> schemas.Party:
        """Get a customer as the buyer on invoices.

        As `Invoices.get_customer_billing_party`.
        """
        request = Request("GET", f"/api/v2/customers/{quoted(customer_id)}/billing-party", timeout_s=request_timeout)
        answer: schemas.Party = await self._call(request)
        return answer

    async def get_customer_settings(self, customer_id: str, *, request_timeout: float | None = None) -> schemas.Invoicing:
        """Get how a customer is invoiced.

        As `Invoices.get_customer_settings`.
        """
        request = Request("GET", f"/api/v2/customers/{quoted(customer_id)}/invoicing", timeout_s=request_timeout)
        answer: schemas.Invoicing = await self._call(request)
        return answer

    async def get_file(
        self,
        invoice_id: str,
        *,
        format: Literal["cii", "csv", "facturx", "pdf", "xml"] | None = None,
        request_timeout: float | None = None,
    ) -> AsyncDownload:
        """Get an invoice as a file.

        As `Invoices.get_file`.
        """
        request = Request(
            "GET", f"/api/v2/invoices/{quoted(invoice_id)}/file", query={"format": format}, timeout_s=request_timeout
        )
        return await self._file(request)

    async def get_organization_billing_party(self, *, request_timeout: float | None = None) -> schemas.Party:
        """Get the seller on the organisation's invoices.

        As `Invoices.get_organization_billing_party`.
        """
        request = Request("GET", "/api/v2/organization/billing-party", timeout_s=request_timeout)
        answer: schemas.Party = await self._call(request)
        return answer

    async def get_resident_billing_party(
        self, customer_id: str, resident_id: str, *, request_timeout: float | None = None
    ) -> schemas.Party:
        """Get a resident as the buyer on invoices.

        As `Invoices.get_resident_billing_party`.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/residents/{quoted(resident_id)}/billing-party",
            timeout_s=request_timeout,
        )
        answer: schemas.Party = await self._call(request)
        return answer

    def list(
        self,
        *,
        customer_id: str | None = None,
        resident_id: str | None = None,
        period: str | None = None,
        state: Literal["cancelled", "open", "paid"] | None = None,
        number: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        request_timeout: float | None = None,
    ) -> AsyncPages[schemas.InvoiceSummary]:
        """List invoices and credit notes.

        As `Invoices.list`.
        """
        request = Request(
            "GET",
            "/api/v2/invoices",
            query={
                "customer_id": customer_id,
                "resident_id": resident_id,
                "period": period,
                "state": state,
                "number": number,
                "limit": limit,
                "cursor": cursor,
            },
            timeout_s=request_timeout,
        )
        return self._list(request)

    def list_mails(
        self, invoice_id: str, *, limit: int | None = None, cursor: str | None = None, request_timeout: float | None = None
    ) -> AsyncPages[schemas.InvoiceMail]:
        """List the mails of an invoice.

        As `Invoices.list_mails`.
        """
        request = Request(
            "GET",
            f"/api/v2/invoices/{quoted(invoice_id)}/mails",
            query={"limit": limit, "cursor": cursor},
            timeout_s=request_timeout,
        )
        return self._list(request)

    async def mark_paid(
        self,
        invoice_id: str,
        *,
        at: str | Unset | None = UNSET,
        note: str | Unset = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Invoice:
        """Record that an invoice was paid.

        As `Invoices.mark_paid`.
        """
        request = Request(
            "POST",
            f"/api/v2/invoices/{quoted(invoice_id)}/mark-paid",
            body=present({"at": at, "note": note}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invoice = await self._call(request)
        return answer

    async def mark_unpaid(
        self, invoice_id: str, *, idempotency_key: str | None = None, request_timeout: float | None = None
    ) -> schemas.Invoice:
        """Take back that an invoice was paid.

        As `Invoices.mark_unpaid`.
        """
        request = Request(
            "POST",
            f"/api/v2/invoices/{quoted(invoice_id)}/mark-unpaid",
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.Invoice = await self._call(request)
        return answer

    async def preview(
        self, customer_id: str, *, period: str, resident_id: str | None = None, request_timeout: float | None = None
    ) -> schemas.InvoicesPreview:
        """Preview an invoice.

        As `Invoices.preview`.
        """
        request = Request(
            "GET",
            f"/api/v2/customers/{quoted(customer_id)}/invoices/preview",
            query={"period": period, "resident_id": resident_id},
            timeout_s=request_timeout,
        )
        answer: schemas.InvoicesPreview = await self._call(request)
        return answer

    async def send(
        self,
        invoice_id: str,
        *,
        to: str | Unset | None = UNSET,
        idempotency_key: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.InvoiceMail:
        """Send an invoice by mail.

        As `Invoices.send`.
        """
        request = Request(
            "POST",
            f"/api/v2/invoices/{quoted(invoice_id)}/send",
            body=present({"to": to}) or UNSET,
            key=idempotency_key or new_key(),
            timeout_s=request_timeout,
        )
        answer: schemas.InvoiceMail = await self._call(request)
        return answer

    async def set_customer_billing_party(
        self,
        customer_id: str,
        *,
        name: str | Unset = UNSET,
        address: Sequence[str] | Unset = UNSET,
        postal_code: str | Unset = UNSET,
        city: str | Unset = UNSET,
        country: str | Unset = UNSET,
        vat_id: str | Unset = UNSET,
        registration: str | Unset = UNSET,
        number: str | Unset = UNSET,
        email: str | Unset = UNSET,
        phone: str | Unset = UNSET,
        iban: str | Unset = UNSET,
        bic: str | Unset = UNSET,
        footer: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Party:
        """Set a customer as the buyer on invoices.

        As `Invoices.set_customer_billing_party`.
        """
        request = Request(
            "PUT",
            f"/api/v2/customers/{quoted(customer_id)}/billing-party",
            body=present(
                {
                    "name": name,
                    "address": address,
                    "postal_code": postal_code,
                    "city": city,
                    "country": country,
                    "vat_id": vat_id,
                    "registration": registration,
                    "number": number,
                    "email": email,
                    "phone": phone,
                    "iban": iban,
                    "bic": bic,
                    "footer": footer,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Party = await self._call(request)
        return answer

    async def set_customer_settings(
        self,
        customer_id: str,
        *,
        target: Literal["customer", "none", "residents"],
        period: Literal["month", "quarter", "year"] | Unset = UNSET,
        due_days: int | Unset = UNSET,
        number_prefix: str | Unset = UNSET,
        locale: str | Unset = UNSET,
        auto_close: bool | Unset = UNSET,
        close_after_days: int | Unset = UNSET,
        hold_if_suspect: bool | Unset = UNSET,
        send_by_mail: bool | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Invoicing:
        """Set how a customer is invoiced.

        As `Invoices.set_customer_settings`.
        """
        request = Request(
            "PUT",
            f"/api/v2/customers/{quoted(customer_id)}/invoicing",
            body=present(
                {
                    "target": target,
                    "period": period,
                    "due_days": due_days,
                    "number_prefix": number_prefix,
                    "locale": locale,
                    "auto_close": auto_close,
                    "close_after_days": close_after_days,
                    "hold_if_suspect": hold_if_suspect,
                    "send_by_mail": send_by_mail,
                }
            ),
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Invoicing = await self._call(request)
        return answer

    async def set_organization_billing_party(
        self,
        *,
        name: str | Unset = UNSET,
        address: Sequence[str] | Unset = UNSET,
        postal_code: str | Unset = UNSET,
        city: str | Unset = UNSET,
        country: str | Unset = UNSET,
        vat_id: str | Unset = UNSET,
        registration: str | Unset = UNSET,
        number: str | Unset = UNSET,
        email: str | Unset = UNSET,
        phone: str | Unset = UNSET,
        iban: str | Unset = UNSET,
        bic: str | Unset = UNSET,
        footer: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Party:
        """Set the seller on the organisation's invoices.

        As `Invoices.set_organization_billing_party`.
        """
        request = Request(
            "PUT",
            "/api/v2/organization/billing-party",
            body=present(
                {
                    "name": name,
                    "address": address,
                    "postal_code": postal_code,
                    "city": city,
                    "country": country,
                    "vat_id": vat_id,
                    "registration": registration,
                    "number": number,
                    "email": email,
                    "phone": phone,
                    "iban": iban,
                    "bic": bic,
                    "footer": footer,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Party = await self._call(request)
        return answer

    async def set_resident_billing_party(
        self,
        customer_id: str,
        resident_id: str,
        *,
        name: str | Unset = UNSET,
        address: Sequence[str] | Unset = UNSET,
        postal_code: str | Unset = UNSET,
        city: str | Unset = UNSET,
        country: str | Unset = UNSET,
        vat_id: str | Unset = UNSET,
        registration: str | Unset = UNSET,
        number: str | Unset = UNSET,
        email: str | Unset = UNSET,
        phone: str | Unset = UNSET,
        iban: str | Unset = UNSET,
        bic: str | Unset = UNSET,
        footer: str | Unset = UNSET,
        if_match: str | None = None,
        request_timeout: float | None = None,
    ) -> schemas.Party:
        """Set a resident as the buyer on invoices.

        As `Invoices.set_resident_billing_party`.
        """
        request = Request(
            "PUT",
            f"/api/v2/customers/{quoted(customer_id)}/residents/{quoted(resident_id)}/billing-party",
            body=present(
                {
                    "name": name,
                    "address": address,
                    "postal_code": postal_code,
                    "city": city,
                    "country": country,
                    "vat_id": vat_id,
                    "registration": registration,
                    "number": number,
                    "email": email,
                    "phone": phone,
                    "iban": iban,
                    "bic": bic,
                    "footer": footer,
                }
            )
            or UNSET,
            if_match=if_match,
            timeout_s=request_timeout,
        )
        answer: schemas.Party = await self._call(request)
        return answer
