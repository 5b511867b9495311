// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `invoiceRuns.list`. */
export interface InvoiceRunsListQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** What customers and residents owe: previews, closing of periods, invoices, credit notes, payments. */
export class InvoiceRunsResource extends Resource {
  /**
   * Stop a closing run.
   *
   * Invoices that it issued stay. A run that has ended is unchanged.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  cancel(invoiceRunId: string, options?: RequestOptions): Promise<schemas.InvoicesRun> {
    return this.transport.call({ method: "POST", path: `/api/v2/invoice-runs/${segment(invoiceRunId)}/cancel`, idempotent: true }, options);
  }

  /**
   * Get a closing run with its progress.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  get(invoiceRunId: string, options?: RequestOptions): Promise<schemas.InvoicesRun> {
    return this.transport.call({ method: "GET", path: `/api/v2/invoice-runs/${segment(invoiceRunId)}` }, options);
  }

  /**
   * List closing runs, newest first.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  list(
    query: InvoiceRunsListQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.InvoicesRun, schemas.ListOf_InvoicesRun> {
    return this.transport.list({ method: "GET", path: "/api/v2/invoice-runs", query }, options);
  }

  /**
   * Close a period.
   *
   * Issues the invoices of all accounts that do not have one for the period. To repeat it changes nothing.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  start(body: schemas.RunCreate, options?: RequestOptions): Promise<schemas.InvoicesRun> {
    return this.transport.call({ method: "POST", path: "/api/v2/invoice-runs", body, idempotent: true }, options);
  }
}
