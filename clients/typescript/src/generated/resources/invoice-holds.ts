// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `invoiceHolds.list`. */
export interface InvoiceHoldsListQuery {
  /** Only accounts of this customer (`cus_…`). */
  customer_id?: string;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** What customers and residents owe: previews, closing of periods, invoices, credit notes, payments. */
export class InvoiceHoldsResource extends Resource {
  /**
   * List held accounts.
   *
   * They are those whose period could not be closed.
   *
   * Filters for held accounts.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  list(query: InvoiceHoldsListQuery = {}, options?: RequestOptions): Paged<schemas.Hold, schemas.ListOf_Hold> {
    return this.transport.list({ method: "GET", path: "/api/v2/invoice-holds", query }, options);
  }

  /**
   * Close a held account's period.
   *
   * Suspect values no longer hold it; what they count is corrected in the next invoice once they are resolved. If
   * another reason remains, the account is held again.
   *
   * Requires the scope `billing:write`: Create and change tariffs, and issue, pay and cancel invoices.
   */
  release(holdId: string, options?: RequestOptions): Promise<schemas.Hold> {
    return this.transport.call({ method: "POST", path: `/api/v2/invoice-holds/${segment(holdId)}/release`, idempotent: true }, options);
  }
}
