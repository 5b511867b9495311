// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `billing.getStatementFile`. */
export interface BillingGetStatementFileQuery {
  /** The format of the file. */
  format?: "csv" | "pdf";
}

/** The query of `billing.listStatements`. */
export interface BillingListStatementsQuery {
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The cost of the month to date, and the statements of completed months. */
export class BillingResource extends Resource {
  /**
   * Get a statement.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  getStatement(statementId: string, options?: RequestOptions): Promise<schemas.Statement> {
    return this.transport.call({ method: "GET", path: `/api/v2/billing/statements/${segment(statementId)}` }, options);
  }

  /**
   * Get a statement as a file.
   *
   * The format of the file.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  getStatementFile(
    statementId: string,
    query: BillingGetStatementFileQuery = {},
    options?: RequestOptions,
  ): Promise<Response> {
    return this.transport.call({ method: "GET", path: `/api/v2/billing/statements/${segment(statementId)}/file`, query, raw: true }, options);
  }

  /**
   * List statements.
   *
   * One for each month (UTC) that ended on a plan with a price, newest first. They never change.
   *
   * A page of the list. Send the `next_cursor` of a response as `cursor` to get the next page.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  listStatements(
    query: BillingListStatementsQuery = {},
    options?: RequestOptions,
  ): Paged<schemas.Statement, schemas.ListOf_Statement> {
    return this.transport.list({ method: "GET", path: "/api/v2/billing/statements", query }, options);
  }

  /**
   * Get the bill of the month to date.
   *
   * The month is the calendar month in UTC. A device is active if it reported at least once in that month.
   *
   * Requires the scope `billing:read`: See bills, statements, tariffs and invoices.
   */
  summary(options?: RequestOptions): Promise<schemas.BillSummary> {
    return this.transport.call({ method: "GET", path: "/api/v2/billing/summary" }, options);
  }
}
