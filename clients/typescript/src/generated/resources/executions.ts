// Generated from the OpenAPI document by `make clients`: change the generator, not this file.
import { Resource } from "../../resource.js";
import type { RequestOptions } from "../../options.js";
import { segment } from "../../transport.js";
import type { Paged } from "../../pages.js";
import type * as schemas from "../schemas.js";

/** The query of `executions.list`. */
export interface ExecutionsListQuery {
  /** Only executions on this device (`dev_…`). */
  device_id?: string;
  /** Only executions of this command (`def_…`). */
  definition_id?: string;
  /** Only those in this state. */
  state?: "cancelled" | "done" | "expired" | "failed" | "queued" | "received" | "sent";
  /** Only executions requested at or after this time: RFC 3339, or epoch seconds or milliseconds. */
  from?: string | number | Date;
  /** Only executions requested before this time: RFC 3339, or epoch seconds or milliseconds. */
  to?: string | number | Date;
  /** Maximum number of results. */
  limit?: number;
  /** The `next_cursor` of the previous page. */
  cursor?: string;
}

/** The commands that devices support, and their executions. */
export class ExecutionsResource extends Resource {
  /**
   * Cancel a waiting execution.
   *
   * An execution that was already dispatched cannot be cancelled; the call returns 409. Repeating the call has no
   * effect.
   *
   * Requires the scope `commands:write`: Create, change and delete command definitions and executions.
   */
  cancel(executionId: string, options?: RequestOptions): Promise<schemas.Execution> {
    return this.transport.call({ method: "POST", path: `/api/v2/command-executions/${segment(executionId)}/cancel`, idempotent: true }, options);
  }

  /**
   * Get an execution with its history.
   *
   * Requires the scope `commands:read`: See command definitions and executions.
   */
  get(executionId: string, options?: RequestOptions): Promise<schemas.ExecutionWithHistory> {
    return this.transport.call({ method: "GET", path: `/api/v2/command-executions/${segment(executionId)}` }, options);
  }

  /**
   * List executions.
   *
   * Newest first. Filters are combined with AND; `from` and `to` bound the time of the request.
   *
   * Filters for executions.
   *
   * Requires the scope `commands:read`: See command definitions and executions.
   */
  list(query: ExecutionsListQuery = {}, options?: RequestOptions): Paged<schemas.Execution, schemas.ListOf_Execution> {
    return this.transport.list({ method: "GET", path: "/api/v2/command-executions", query }, options);
  }
}
