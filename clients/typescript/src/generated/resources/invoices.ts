// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `invoices.getFile`. */
export interface InvoicesGetFileQuery {
  /** The format of the file. */
  format?: "cii" | "csv" | "facturx" | "pdf" | "xml";
}

/** The query of `invoices.list`. */
export interface InvoicesListQuery {
  /** Only invoices of this customer (`cus_…`) and its residents. */
  customer_id?: string;
  /** Only invoices of this resident (`res_…`). */
  resident_id?: string;
  /** A month, quarter or year: `2026-05`, `2026-Q2` or `2026`. */
  period?: string;
  /** Only those in this state. */
  state?: "cancelled" | "open" | "paid";
  /** The number of an invoice or credit note. */
  number?: string;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `invoices.listMails`. */
export interface InvoicesListMailsQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The query of `invoices.preview`. */
export interface InvoicesPreviewQuery {
  /** A month, quarter or year: `2026-05`, `2026-Q2` or `2026`. */
  period: string;
  /** The resident whose invoice it is (`res_…`); by default it is the whole customer's. */
  resident_id?: string;
}

/** What customers and residents owe: previews, closing of periods, invoices, credit notes, payments. */
export class InvoicesResource extends Resource {
  /**
   * Cancel an invoice.
   *
   * Returns its credit note, which has the same lines negated. The period can then be closed again. An invoice that a
   * later one corrects can be cancelled only after that one.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  cancel(invoiceId: string, body: schemas.CancelWrite, options?: RequestOptions): Promise<schemas.Invoice> {
    return this.transport.call({ method: "POST", path: `/api/v2/invoices/${segment(invoiceId)}/cancel`, body, idempotent: true }, options);
  }

  /**
   * Get an invoice or credit note.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  get(invoiceId: string, options?: RequestOptions): Promise<schemas.Invoice> {
    return this.transport.call({ method: "GET", path: `/api/v2/invoices/${segment(invoiceId)}` }, options);
  }

  /**
   * Get a customer as the buyer on invoices.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  getCustomerBillingParty(customerId: string, options?: RequestOptions): Promise<schemas.Party> {
    return this.transport.call({ method: "GET", path: `/api/v2/customers/${segment(customerId)}/billing-party` }, options);
  }

  /**
   * Get how a customer is invoiced.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  getCustomerSettings(customerId: string, options?: RequestOptions): Promise<schemas.Invoicing> {
    return this.transport.call({ method: "GET", path: `/api/v2/customers/${segment(customerId)}/invoicing` }, options);
  }

  /**
   * Get an invoice as a file.
   *
   * The PDF is in the language and with the formats of the invoice's locale. The XML formats are for other programs,
   * according to EN 16931; they need the seller's name, country and VAT ID or registration.
   *
   * The format of the file.
   *
   * `xml` is UBL 2.1 and `cii` is UN/CEFACT CII, both according to EN 16931; `facturx` is the PDF with CII attached
   * (PDF/A-3).
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  getFile(invoiceId: string, query: InvoicesGetFileQuery = {}, options?: RequestOptions): Promise<Response> {
    return this.transport.call({ method: "GET", path: `/api/v2/invoices/${segment(invoiceId)}/file`, query, raw: true }, options);
  }

  /**
   * Get the seller on the organisation's invoices.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  getOrganizationBillingParty(options?: RequestOptions): Promise<schemas.Party> {
    return this.transport.call({ method: "GET", path: "/api/v2/organization/billing-party" }, options);
  }

  /**
   * Get a resident as the buyer on invoices.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  getResidentBillingParty(customerId: string, residentId: string, options?: RequestOptions): Promise<schemas.Party> {
    return this.transport.call({ method: "GET", path: `/api/v2/customers/${segment(customerId)}/residents/${segment(residentId)}/billing-party` }, options);
  }

  /**
   * List invoices and credit notes.
   *
   * Newest first. Of a customer, those of its residents as well.
   *
   * Filters for invoices.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  list(
    query: InvoicesListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.InvoiceSummary, schemas.ListOf_InvoiceSummary> {
    return this.transport.list({ method: "GET", path: "/api/v2/invoices", query }, options);
  }

  /**
   * List the mails of an invoice.
   *
   * Newest first, with the state of each.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  listMails(
    invoiceId: string,
    query: InvoicesListMailsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.InvoiceMail, schemas.ListOf_InvoiceMail> {
    return this.transport.list({ method: "GET", path: `/api/v2/invoices/${segment(invoiceId)}/mails`, query }, options);
  }

  /**
   * Record that an invoice was paid.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  markPaid(invoiceId: string, body?: schemas.PaymentWrite, options?: RequestOptions): Promise<schemas.Invoice> {
    return this.transport.call({ method: "POST", path: `/api/v2/invoices/${segment(invoiceId)}/mark-paid`, body, idempotent: true }, options);
  }

  /**
   * Take back that an invoice was paid.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  markUnpaid(invoiceId: string, options?: RequestOptions): Promise<schemas.Invoice> {
    return this.transport.call({ method: "POST", path: `/api/v2/invoices/${segment(invoiceId)}/mark-unpaid`, idempotent: true }, options);
  }

  /**
   * Preview an invoice.
   *
   * It is what would be issued for the period now, and is not stored.
   *
   * The period, and the resident whose invoice it is; without one, it is the whole customer's.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  preview(
    customerId: string,
    query: InvoicesPreviewQuery,
    options?: RequestOptions,
  ): Promise<schemas.InvoicesPreview> {
    return this.transport.call({ method: "GET", path: `/api/v2/customers/${segment(customerId)}/invoices/preview`, query }, options);
  }

  /**
   * Send an invoice by mail.
   *
   * To its buyer, or to the given address, with the PDF attached. Invoices are sent by themselves if the customer's
   * settings have `send_by_mail`.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  send(invoiceId: string, body?: schemas.InvoiceSend, options?: RequestOptions): Promise<schemas.InvoiceMail> {
    return this.transport.call({ method: "POST", path: `/api/v2/invoices/${segment(invoiceId)}/send`, body, idempotent: true }, options);
  }

  /**
   * Set a customer as the buyer on invoices.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  setCustomerBillingParty(
    customerId: string,
    body?: schemas.PartyWrite,
    options?: RequestOptions,
  ): Promise<schemas.Party> {
    return this.transport.call({ method: "PUT", path: `/api/v2/customers/${segment(customerId)}/billing-party`, body }, options);
  }

  /**
   * Set how a customer is invoiced.
   *
   * The first period that is closed automatically is the earliest whose closing is still ahead.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  setCustomerSettings(
    customerId: string,
    body: schemas.InvoicingWrite,
    options?: RequestOptions,
  ): Promise<schemas.Invoicing> {
    return this.transport.call({ method: "PUT", path: `/api/v2/customers/${segment(customerId)}/invoicing`, body }, options);
  }

  /**
   * Set the seller on the organisation's invoices.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  setOrganizationBillingParty(body?: schemas.PartyWrite, options?: RequestOptions): Promise<schemas.Party> {
    return this.transport.call({ method: "PUT", path: "/api/v2/organization/billing-party", body }, options);
  }

  /**
   * Set a resident as the buyer on invoices.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  setResidentBillingParty(
    customerId: string,
    residentId: string,
    body?: schemas.PartyWrite,
    options?: RequestOptions,
  ): Promise<schemas.Party> {
    return this.transport.call({ method: "PUT", path: `/api/v2/customers/${segment(customerId)}/residents/${segment(residentId)}/billing-party`, body }, options);
  }
}
